"""The trace: one line per act, written in the same transaction as the change it tells."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, select

from rxror.journaux import ADRESSE
from rxror.ror.erreurs import SaisieInvalide
from rxror.ror.objets import OBJETS, EntiteGeographique
from rxror.services.acces import IDENTIFIANTS, Acteur
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
    trace = une_trace(
        acteur,
        action,
        finess,
        objet,
        section=section,
        changements=changements,
        cle=cle,
        version_avant=version_avant,
        version_apres=version_apres,
        resultat=resultat,
    )
    session.add(trace)
    return trace


def refuser(session: Session, acteur: Acteur, objet: str) -> None:
    """Tell that somebody was refused what they named; their words are kept as far as a database can hold them.

    Where they named something that exists, its établissement is told: those who answer for it may read the refusal.
    """
    nomme = "".join(c if c.isprintable() else "?" for c in objet[:200])
    tracer(session, acteur, Action.REFUS, finess_de(session, nomme), nomme)


def finess_de(session: Session, cle: str) -> str:
    """FINESS number of the établissement of an object, by the name it has in brouillons and traces; "" without one."""
    genre, _, identifiant = cle.partition(":")
    classe: Any = OBJETS.get(genre)
    if genre not in IDENTIFIANTS:
        return ""
    requete = select(EntiteGeographique.num_finess).where(IDENTIFIANTS[genre] == identifiant)
    if classe is not EntiteGeographique:
        requete = requete.join(classe, classe.entite_geographique_id == EntiteGeographique.id)
    return session.exec(requete).first() or ""


def ajouter(session: Session, traces: Sequence[Trace]) -> None:
    """Add many lines at once, in their order."""
    if traces:
        lignes = [trace.model_dump(exclude={"id"}) for trace in traces]
        session.execute(insert(Trace).execution_options(render_nulls=True), lignes)  # one statement for all


def une_ligne_importee(
    source: str,
    finess: str,
    objet: str,
    changements: list[dict[str, Any]],
    version_avant: int | None = None,
) -> Trace:
    """The line of a version that no person made: its author is the source. Without `version_avant`, a creation."""
    return Trace(
        instant=datetime.now(UTC),
        action=Action.IMPORT,
        nom=source,
        finess=finess,
        objet=objet,
        changements=changements,
        version_avant=version_avant,
        version_apres=(version_avant or 0) + 1,
    )


def une_trace(
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
    """One line, not added yet."""
    return Trace(
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
        adresse=ADRESSE.get(),
    )


def deja_fait(session: Session, acteur: Acteur, cle: object, *, dit: str = "", **attendus: object) -> Trace | None:
    """The line of this very gesture, when it was done already: the same key again changes nothing.

    Args:
        dit: what its result must name; two gestures may leave lines of the same action.
        attendus: what else its line must tell, {column: value}.

    Raises:
        SaisieInvalide: `cle` was used by another gesture.
    """
    trace = session.exec(select(Trace).where(Trace.cle == str(cle))).first()
    meme = {"utilisateur_id": acteur.id, **attendus}
    autre = trace and any(getattr(trace, nom) != valeur for nom, valeur in meme.items())
    if trace and (autre or (dit and dit not in trace.resultat)):
        raise SaisieInvalide(str(cle))
    return trace
