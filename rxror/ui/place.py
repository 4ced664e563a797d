"""From an address to the object it names. The address is the client's word: services check the right to it."""

from urllib.parse import parse_qsl, unquote, urlsplit

import reflex as rx

from rxror.ror import parcours
from rxror.services.acces import Cible
from rxror.services.relecture_elements import Choix
from rxror.ui.demande import lire_adresse

# Where the browser is, known without a round trip: a form shows only when it is the one of this address.
ICI: rx.Var[str] = rx.Var("(typeof window === 'undefined' ? '' : window.location.pathname.replace(/\\/+$/, ''))").to(
    str
)

RETOUR_MAXIMUM = 300  # characters


def place(state: rx.State) -> str:
    """Path of the page, without a final slash."""
    return state.router.url.path.rstrip("/")


def cible(state: rx.State) -> Cible:
    """The object that the address names: /offre/76/0000001/…, /lieu/X/…, /structure/X/…, /etablissement/X/…."""
    genre, identifiant, _ = parcours.objet_de(place(state))
    return Cible(genre, identifiant)


def dernier(state: rx.State) -> str:
    """Last segment of the address, e.g. the section of /offre/76/0000001/modifier/contacts."""
    return unquote(place(state).rpartition("/")[2])


def offre_de_depart(state: rx.State) -> str:
    """The offer from which one came to a lieu, to go back there; "" for none."""
    return parcours.offre_de_depart(state.router.url.query_parameters.get("offre", ""))


def retour_a_la_relecture(state: rx.State, *, suite: bool = False) -> str:
    """The card of the review from which one came, to go back there; with `suite`, the next one. "" for none.

    The address is the client's word: what it says is read again, and written as ours.
    """
    dit = state.router.url.query_parameters.get("retour", "")
    morceaux = urlsplit(dit) if len(dit) <= RETOUR_MAXIMUM else urlsplit("")
    if (morceaux.scheme, morceaux.netloc, morceaux.path) != ("", "", parcours.RELECTURE):
        return ""
    choix = lire_adresse(Choix, dict(parse_qsl(morceaux.query, max_num_fields=10)))
    return choix.adresse() if suite else f"{choix.adresse(choix.objet)}#{parcours.ANCRE_RELECTURE}"
