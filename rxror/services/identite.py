"""Who stands behind a web session: one query, at every event."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sqlalchemy import update
from sqlmodel import Session, col, select

from rxror.ror.dates import utc
from rxror.services.acces import Acteur
from rxror.settings import settings
from rxror.tables import Utilisateur, WebSession

MARQUE = timedelta(minutes=1)


class Fin(StrEnum):
    """Why there is nobody behind a session."""

    INCONNUE = "inconnue"
    REVOQUEE = "revoquee"
    EXPIREE = "expiree"


@dataclass(frozen=True)
class Presence:
    """What the database says of a web session.

    Attributes:
        acteur: the person, or None.
        fin: why there is nobody, or None.
        a_marquer: whether the session was last seen long enough ago to write it.
        reste: how long it still lives if nothing more happens.
        au_plus: how long it still lives whatever happens.
    """

    acteur: Acteur | None = None
    fin: Fin | None = None
    a_marquer: bool = False
    reste: timedelta = timedelta()
    au_plus: timedelta = timedelta()


def presence(session: Session, empreinte: str, maintenant: datetime | None = None) -> Presence:
    """Look a web session up by the SHA-256 of its secret. One query.

    Idle and absolute limits come from the settings. A person of the demonstration exists only in demonstration.
    """
    maintenant = maintenant or datetime.now(UTC)
    if not empreinte:
        return Presence(fin=Fin.INCONNUE)
    ligne = session.exec(
        select(WebSession, Utilisateur)
        .join(Utilisateur, col(Utilisateur.id) == WebSession.utilisateur_id)
        .where(WebSession.empreinte == empreinte)
    ).first()
    if ligne is None:
        return Presence(fin=Fin.INCONNUE)
    web, personne = ligne
    if web.revoquee is not None or (personne.demonstration and not settings().demo):
        return Presence(fin=Fin.REVOQUEE)
    inactive, au_plus = expirations(web)
    if maintenant >= min(inactive, au_plus):
        return Presence(fin=Fin.EXPIREE)
    acteur = Acteur(
        id=personne.id or 0,
        iss=personne.iss,
        sub=personne.sub,
        nom=personne.nom_complet,
        empreinte=empreinte,
        demonstration=personne.demonstration,
    )
    return Presence(
        acteur=acteur,
        a_marquer=maintenant - utc(web.vue) >= MARQUE,
        reste=min(inactive, au_plus) - maintenant,
        au_plus=au_plus - maintenant,
    )


def acteur_de(session: Session, empreinte: str, maintenant: datetime | None = None) -> Acteur | None:
    """The person behind a web session, or None: unknown, revoked, idle or too old."""
    return presence(session, empreinte, maintenant).acteur


def marquer(session: Session, empreinte: str, maintenant: datetime | None = None) -> None:
    """Write that the session was just seen; `presence` says when it is worth it."""
    maintenant = maintenant or datetime.now(UTC)
    session.exec(
        update(WebSession)
        .where(col(WebSession.empreinte) == empreinte, col(WebSession.vue) < maintenant)
        .values(vue=maintenant)
    )


def expirations(web: WebSession) -> tuple[datetime, datetime]:
    """When the session ends if nothing more happens, and when it ends whatever happens."""
    reglages = settings()
    return (
        utc(web.vue) + timedelta(minutes=reglages.session_inactive_minutes),
        utc(web.debut) + timedelta(hours=reglages.session_absolue_heures),
    )
