"""The trace: one line per act, written in the same transaction as the change it tells."""

from datetime import UTC, datetime
from typing import Any

from sqlmodel import Session

from rxror.services.acces import Acteur
from rxror.tables import Action, Trace


def tracer(
    session: Session,
    acteur: Acteur,
    action: Action,
    finess: str,
    objet: str,
    *,
    section: str = "",
    changements: list[dict[str, Any]] | None = None,
    cle: str | None = None,
    version_avant: int | None = None,
    version_apres: int | None = None,
    resultat: dict[str, Any] | None = None,
) -> Trace:
    """Add one line; it gets its number when the session is flushed."""
    trace = Trace(
        instant=datetime.now(UTC),
        action=action,
        utilisateur_id=acteur.id,
        iss=acteur.iss,
        sub=acteur.sub,
        nom=acteur.nom,
        finess=finess,
        objet=objet,
        section=section,
        changements=changements or [],
        cle=cle,
        version_avant=version_avant,
        version_apres=version_apres,
        resultat=resultat or {},
    )
    session.add(trace)
    return trace
