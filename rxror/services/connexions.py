"""« Mes connexions »: a person's own open sessions, ended one by one or together; everybody's, by who runs rxror."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StringConstraints
from sqlmodel import Session, col, select

from rxror.ror.dates import utc
from rxror.ror.erreurs import Conflit, SaisieInvalide
from rxror.services.acces import Acteur
from rxror.services.demande import Vu
from rxror.services.tracer import deja_fait, tracer
from rxror.services.vu import empreinte
from rxror.settings import settings
from rxror.tables import Action, Trace, Utilisateur, WebSession

EXPLOITATION = "Exploitation"  # who runs the service, in the trace
AU_PLUS = 50  # shown; « les autres » ends them all


@dataclass(frozen=True)
class Connexion:
    """One open session.

    Attributes:
        repere: what names it in a gesture; nobody can open it with that.
        ici: whether it is the one that asks.
    """

    repere: str
    appareil: str
    debut: datetime
    vue: datetime
    ici: bool


@dataclass(frozen=True)
class MesConnexions:
    """What the page shows. `vu` is the digest of the others, `autres` how many they are."""

    connexions: list[Connexion]
    autres: int
    vu: str


class Terminer(BaseModel):
    """« Terminer » one session."""

    model_config = ConfigDict(extra="forbid")

    repere: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{24}$")]
    cle: UUID


class TerminerLesAutres(BaseModel):
    """« Terminer toutes les autres », as the page showed them."""

    model_config = ConfigDict(extra="forbid")

    vu: Vu
    cle: UUID


def lire(session: Session, acteur: Acteur) -> MesConnexions:
    """The open sessions of the person: the present one first, then the last seen."""
    ouvertes = _ouvertes(session, acteur)
    connexions = [
        Connexion(_repere(w), w.appareil or "Navigateur inconnu", utc(w.debut), utc(w.vue), _ici(w, acteur))
        for w in ouvertes
    ]
    connexions.sort(key=lambda c: not c.ici)  # stable: the others stay in their order
    return MesConnexions(connexions[:AU_PLUS], sum(not c.ici for c in connexions), _vu(ouvertes, acteur))


def terminer(session: Session, acteur: Acteur, demande: Terminer) -> str:
    """End one other session of the person: its next event is refused. The same `cle` again changes nothing.

    Returns:
        The browser it was in; empty when there is no such open session.

    Raises:
        SaisieInvalide: it is the present session, which one leaves by signing out; or `cle` was another gesture's.
    """
    if fait := deja_fait(session, acteur, demande.cle, dit="terminees", action=Action.DECONNEXION):
        return str(fait.resultat["terminees"][0])
    ligne = next((w for w in _ouvertes(session, acteur) if _repere(w) == demande.repere), None)
    if ligne is None:
        return ""
    if _ici(ligne, acteur):
        raise SaisieInvalide("repere")
    _terminer(session, acteur, [ligne], demande.cle)
    return ligne.appareil or "Navigateur inconnu"


def terminer_les_autres(session: Session, acteur: Acteur, demande: TerminerLesAutres) -> int:
    """End every session of the person but the present one. The same `cle` again changes nothing.

    Returns:
        How many.

    Raises:
        Conflit: another one was opened, or ended, since the page was shown.
        SaisieInvalide: `cle` was another gesture's.
    """
    if fait := deja_fait(session, acteur, demande.cle, dit="terminees", action=Action.DECONNEXION):
        return len(fait.resultat["terminees"])
    ouvertes = _ouvertes(session, acteur)
    if _vu(ouvertes, acteur) != demande.vu:
        raise Conflit
    autres = [w for w in ouvertes if not _ici(w, acteur)]
    if autres:
        _terminer(session, acteur, autres, demande.cle)
    return len(autres)


def terminer_celles(session: Session, *, iss: str = "", sub: str = "") -> int:
    """End the sessions of everybody, of a provider's people, or of one person: a gesture of who runs the service.

    Each person has a line in the trace.

    Returns:
        How many were open.
    """
    requete = select(WebSession, Utilisateur).join(Utilisateur).where(col(WebSession.revoquee).is_(None))
    requete = requete.where(Utilisateur.iss == iss) if iss else requete
    requete = requete.where(Utilisateur.sub == sub) if sub else requete
    terminees: dict[int, int] = {}
    maintenant = datetime.now(UTC)
    for web, personne in session.exec(requete.order_by(col(Utilisateur.id), col(WebSession.empreinte))):
        web.revoquee, web.id_token = maintenant, ""
        session.add(web)
        terminees[personne.id or 0] = terminees.get(personne.id or 0, 0) + 1
    for qui, combien in terminees.items():
        resultat = {"personne": qui, "terminees": combien}
        session.add(Trace(instant=maintenant, action=Action.DECONNEXION, nom=EXPLOITATION, resultat=resultat))
    return sum(terminees.values())


def _ouvertes(session: Session, acteur: Acteur) -> list[WebSession]:
    """Neither ended, nor idle or open for too long."""
    maintenant, reglages = datetime.now(UTC), settings()
    return list(
        session.exec(
            select(WebSession)
            .where(
                WebSession.utilisateur_id == acteur.id,
                col(WebSession.revoquee).is_(None),
                WebSession.vue > maintenant - timedelta(minutes=reglages.session_inactive_minutes),
                WebSession.debut > maintenant - timedelta(hours=reglages.session_absolue_heures),
            )
            .order_by(col(WebSession.vue).desc(), col(WebSession.debut).desc(), col(WebSession.empreinte))
        )
    )


def _terminer(session: Session, acteur: Acteur, lignes: list[WebSession], cle: UUID) -> None:
    for web in lignes:
        web.revoquee, web.id_token = datetime.now(UTC), ""
        session.add(web)
    terminees = [web.appareil for web in lignes]
    tracer(session, acteur, Action.DECONNEXION, "", "", cle=str(cle), resultat={"terminees": terminees})


def _ici(web: WebSession, acteur: Acteur) -> bool:
    return web.empreinte == acteur.empreinte


def _vu(ouvertes: list[WebSession], acteur: Acteur) -> str:
    return empreinte(sorted(_repere(w) for w in ouvertes if not _ici(w, acteur)))


def _repere(web: WebSession) -> str:
    """The digest kept of the secret stays on the server: what names the session is a digest of that digest."""
    return hashlib.sha256(f"connexion {web.empreinte}".encode()).hexdigest()[:24]
