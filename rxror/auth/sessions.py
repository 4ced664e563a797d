"""Web sessions: a random secret in an HttpOnly cookie, its SHA-256 in the database."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlmodel import Session, col, select
from starlette.requests import HTTPConnection
from starlette.responses import Response

from rxror.settings import settings
from rxror.tables import Action, Trace, Utilisateur, WebSession


@dataclass(frozen=True)
class Fermee:
    """A session that has just ended: who had said who it was, and the identity token of that day."""

    iss: str = ""
    id_token: str = ""


def nom_cookie() -> str:
    """Name of the cookie; the prefix makes browsers refuse one set by another host or without HTTPS."""
    return "__Host-rxror" if settings().en_https else "rxror"


def empreinte(secret: str) -> str:
    """What the database and the handshake keep of a secret; empty for none."""
    return hashlib.sha256(secret.encode()).hexdigest() if secret else ""


def empreinte_de(connexion: HTTPConnection) -> str:
    """SHA-256 of the secret a request carries; empty for none."""
    return empreinte(connexion.cookies.get(nom_cookie(), ""))


def ouvrir(
    session: Session,
    *,
    iss: str,
    sub: str,
    prenom: str,
    nom: str,
    id_token: str = "",
    adresse: str = "",
    appareil: str = "",
    ancienne: str = "",
    maintenant: datetime | None = None,
) -> str:
    """Sign a person in: end the former session of this browser, open a new one, leave a trace.

    A person seen for the first time is created without any habilitation.

    Args:
        appareil: browser and system, as « Mes connexions » says them.
        ancienne: SHA-256 of the session this browser had.

    Returns:
        The new secret, for the cookie only.
    """
    maintenant = maintenant or datetime.now(UTC)
    if ancienne:
        fermer(session, ancienne, adresse=adresse, maintenant=maintenant)
    personne = session.exec(select(Utilisateur).where(Utilisateur.iss == iss, Utilisateur.sub == sub)).one_or_none()
    if personne is None:
        personne = Utilisateur(iss=iss, sub=sub, prenom=prenom, nom=nom)
        session.add(personne)
    elif not personne.demonstration:
        personne.prenom, personne.nom = prenom or personne.prenom, nom or personne.nom
    session.flush()
    secret = secrets.token_urlsafe(32)
    session.add(
        WebSession(
            empreinte=empreinte(secret),
            utilisateur_id=personne.id or 0,
            debut=maintenant,
            vue=maintenant,
            id_token=id_token,
            appareil=appareil,
        )
    )
    _tracer(session, Action.CONNEXION, personne, adresse, maintenant)
    return secret


def fermer(session: Session, empreinte: str, *, adresse: str = "", maintenant: datetime | None = None) -> Fermee:
    """End a session at once, in every open socket too.

    Returns:
        What the provider asks for at its own sign-out; empty when there was no such session.
    """
    maintenant = maintenant or datetime.now(UTC)
    ligne = session.exec(
        select(WebSession, Utilisateur)
        .join(Utilisateur)
        .where(WebSession.empreinte == empreinte, col(WebSession.revoquee).is_(None))
    ).first()
    if ligne is None:
        return Fermee()
    web, personne = ligne
    id_token, web.id_token, web.revoquee = web.id_token, "", maintenant
    session.add(web)
    _tracer(session, Action.DECONNEXION, personne, adresse, maintenant)
    return Fermee(personne.iss, id_token)


def tracer_refus(
    session: Session, motif: str, adresse: str, maintenant: datetime | None = None, *, iss: str = ""
) -> None:
    """Keep that a sign-in was refused, why, and at which provider of ours; nothing of what was received."""
    trace = _tracer(session, Action.REFUS, None, adresse, maintenant or datetime.now(UTC), motif=motif)
    trace.iss = iss


def poser(reponse: Response, secret: str) -> None:
    """Give the secret to the browser: unreadable by scripts, sent on same-site requests and top-level returns."""
    reponse.set_cookie(nom_cookie(), secret, path="/", secure=settings().en_https, httponly=True, samesite="lax")


def oter(reponse: Response) -> None:
    """Take the cookie back."""
    reponse.delete_cookie(nom_cookie(), path="/", secure=settings().en_https, httponly=True, samesite="lax")


def _tracer(
    session: Session, action: Action, personne: Utilisateur | None, adresse: str, instant: datetime, **resultat: str
) -> Trace:
    trace = Trace(instant=instant, action=action, adresse=adresse, resultat=resultat)
    if personne:
        trace.utilisateur_id, trace.nom = personne.id, personne.nom_complet
        trace.iss, trace.sub = personne.iss, personne.sub
    session.add(trace)
    return trace
