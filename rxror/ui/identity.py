"""Who is connected: from the handshake's session, never from an event."""

import hashlib
import hmac
from typing import Any

import reflex as rx
from reflex.state import BaseState
from reflex_components_core.el.elements.base import BaseHTML
from sqlmodel import Session

from rxror import db
from rxror.auth.secret import secret
from rxror.ror import parcours
from rxror.ror.erreurs import NonConnecte, SaisieInvalide
from rxror.services import identite
from rxror.services.acces import Acteur


def empreinte(state: BaseState) -> str:
    """SHA-256 of the web session behind the event, as our own handshake wrote it; empty for none."""
    entetes: Any = state.router.headers.raw_headers
    schema, _, valeur = str(entetes.get("authorization", "")).partition(" ")
    return valeur if schema == "Session" else ""


def acteur(state: rx.State, session: Session) -> Acteur:
    """The signed-in person, read from the database at every call. First line of every handler.

    Raises:
        NonConnecte: no valid web session.
    """
    connu = identite.acteur_de(session, empreinte(state))
    if connu is None:
        raise NonConnecte
    return connu


def auteur(state: rx.State, session: Session, saisie: Any) -> Acteur:
    """The signed-in person, who is the one whose words a form sends: in a browser, somebody else may have signed in.

    Raises:
        NonConnecte: no valid web session.
        SaisieInvalide: the form was drawn for somebody else.
    """
    connu = acteur(state, session)
    if isinstance(saisie, dict) and saisie.get("_personne") not in (None, "", _marque(connu)):
        raise SaisieInvalide("personne")
    return connu


class IdentityState(rx.State):
    """Who is connected, for the header of the pages; filled by the gate before every event.

    `personne` tells the browser whose words wait in it (assets/attente.js), without saying who that is.
    """

    nom: str = ""
    personne: str = ""
    demonstration: bool = False

    @rx.event
    def charger(self) -> None:
        """For a page that needs a signed-in person and loads nothing else."""
        with db.lecture() as session:
            self._poser(acteur(self, session))

    def _poser(self, connu: Acteur) -> None:
        if (self.nom, self.demonstration) != (connu.nom, connu.demonstration) or not self.personne:
            self.nom, self.demonstration, self.personne = connu.nom, connu.demonstration, _marque(connu)


def _marque(connu: Acteur) -> str:
    """The same at each sign-in of that person, and of no use to anybody else."""
    return hmac.new(secret().encode(), f"attente {connu.iss} {connu.sub}".encode(), hashlib.sha256).hexdigest()[:32]


class FormulaireHttp(BaseHTML):
    """A form the browser sends by itself: `rx.el.form` keeps every submission for the websocket."""

    tag = "form"
    action: rx.Var[str]
    method: rx.Var[str]


def deconnexion_view(classe: str = "bouton bouton--second bouton--compact") -> rx.Component:
    """The button that signs out: plain HTTP, so that it works without the websocket."""
    return FormulaireHttp.create(
        rx.el.button("Se déconnecter", type="submit", class_name=classe),
        action=parcours.AUTH_DECONNEXION,
        method="post",
    )
