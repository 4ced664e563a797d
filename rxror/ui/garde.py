"""The gate before every event, `hydrate` included: without a valid session, no handler of ours runs."""

import logging
from functools import lru_cache
from typing import Any

import reflex as rx
from reflex.app import App
from reflex.event import Event
from reflex.middleware.middleware import Middleware
from reflex.state import BaseState, FrontendEventExceptionState, OnLoadInternalState, State, StateUpdate
from reflex_base.registry import RegistrationContext
from reflex_base.utils.format import format_event_handler

from rxror import db, mesures
from rxror.auth.chemins import suite_sure
from rxror.auth.debit import Debit
from rxror.ror import parcours
from rxror.services import identite
from rxror.services.identite import Fin, Presence
from rxror.settings import settings
from rxror.ui import identity
from rxror.ui.identity import IdentityState
from rxror.ui.incidents import IncidentState, adresse_connexion, nommer_l_evenement

log = logging.getLogger("rxror.garde")

CHARGE_MAX = 100_000  # characters of one event's values
RAFALE = 3  # seconds of the budget that may be spent at once


def _noms(etat: type[BaseState], *handlers: str) -> frozenset[str]:
    return frozenset(format_event_handler(etat.event_handlers[nom]) for nom in handlers)


# Reflex's own events that a page without session needs; on a state just emptied they give nothing away.
OUVERTURE = _noms(State, "hydrate", "hydrate_and_load") | _noms(OnLoadInternalState, "on_load_internal")
INTERNES = (
    OUVERTURE
    | _noms(State, "set_is_hydrated")
    | _noms(OnLoadInternalState, "set_is_hydrated")
    | _noms(FrontendEventExceptionState, "handle_frontend_exception")
)
# Messages about breakdowns: they must pass when the database does not answer.
INCIDENTS = _noms(IncidentState, "afficher", "fermer")
# Handlers of ours that anybody may call. A new one needs a reason here.
PUBLICS: frozenset[str] = frozenset()
# Reflex's doors to write a var by its name: nothing of ours uses them.
FERMES = (".setvar", ".update_vars_internal")
LECTURES = ("charger", "quitter")  # they fill a page's state, or empty it


class GardeState(rx.State):
    """To whom the rest of the state belongs; none of it reaches the browser."""

    _proprietaire: str = ""
    _rempli: bool = False
    _expiree: bool = False


class GardeSession(Middleware):
    """Default-deny: an event passes if it is Reflex's own, or if a valid web session stands behind it."""

    def __init__(self) -> None:
        """Start with a fresh budget for everybody."""
        par_seconde = settings().evenements_par_seconde
        self.debit = Debit(par_seconde, par_seconde * RAFALE)
        self.incidents = Debit(par_seconde, par_seconde * RAFALE)  # their own: they are told when the other is spent

    async def preprocess(self, app: App, state: BaseState, event: Event) -> StateUpdate | None:
        """Let the event pass (None), or answer in its place."""
        nommer_l_evenement()
        mesures.suivre(event.name)
        racine = state._get_root_state()
        empreinte = identity.empreinte(racine)
        garde = await racine.get_state(GardeState)
        if garde._proprietaire != empreinte:
            racine.reset()
            garde._proprietaire = empreinte
        qui = empreinte or racine.router.session.session_id
        if event.name in INCIDENTS:
            return None if self.incidents.accepte(qui) else StateUpdate()
        if not self.debit.accepte(qui):
            return await _dire(racine, "debit")
        if event.name.endswith(FERMES):
            log.warning("événement fermé : %s", event.name)
            return StateUpdate()
        if event.name not in INTERNES and len(repr(event.payload)) > CHARGE_MAX:
            return await _dire(racine, "taille")
        return await self._selon(_presence(empreinte), racine, garde, event.name)

    async def _selon(self, qui: Presence, racine: BaseState, garde: GardeState, nom: str) -> StateUpdate | None:
        if nom in OUVERTURE:
            (await racine.get_state(IncidentState))._taire()
        if qui.acteur is not None:
            garde._rempli, garde._expiree = True, False
            (await racine.get_state(IdentityState))._poser(qui.acteur)
            return await _dire(racine, "perimee") if await _sur_un_ecran_vide(racine, nom) else None
        expiree = qui.fin is Fin.EXPIREE and (garde._rempli or garde._expiree) and nom not in INTERNES
        vidage = garde._rempli
        if vidage:
            proprietaire = garde._proprietaire
            racine.reset()
            garde._proprietaire, garde._expiree = proprietaire, expiree
        if nom in INTERNES:
            return None
        if nom in PUBLICS:
            return None
        return await _expirer(racine) if expiree else await _renvoyer(racine)


def ecarter_les_inconnus(app: App) -> None:
    """Drop the events that name no handler: each would leave a traceback in the log, before any budget."""
    espace = app.event_namespace
    assert espace is not None
    suite, connus = espace.on_event, RegistrationContext.get().event_handlers

    async def on_event(sid: str, data: Any) -> None:
        nom = data.get("name") if isinstance(data, dict) else None
        if isinstance(nom, str) and nom in connus:
            await suite(sid, data)

    espace.on_event = on_event  # type: ignore[method-assign]


@lru_cache(maxsize=1000)
def _etat_de_l_ecran(nom: str) -> type[BaseState] | None:
    """State of the page whose screen a handler acts on; None when its arguments say everything, or when it loads.

    A form (`saisie`) and what names its object (`identifiant`) carry their whole context.
    """
    chemin, _, geste = nom.rpartition(".")
    try:
        etat = State.get_class_substate(chemin)
        parametres = etat.event_handlers[geste].get_parameters()
    except (KeyError, ValueError):
        return None
    complet = geste.startswith(LECTURES) or bool({"saisie", "identifiant"} & set(parametres))
    return None if complet or "place" not in etat.get_fields() else etat


async def _sur_un_ecran_vide(racine: BaseState, nom: str) -> bool:
    """Whether a gesture arrives on a state that shows nothing: a new tab token whose page could not be read again."""
    etat = _etat_de_l_ecran(nom)
    return etat is not None and not getattr(await racine.get_state(etat), "place", "")


def _presence(empreinte: str) -> Presence:
    """One query; a second one, once a minute, to write that the session is alive."""
    if not empreinte:
        return Presence(fin=Fin.INCONNUE)
    with db.lecture() as session:
        qui = identite.presence(session, empreinte)
    if qui.a_marquer:
        with db.transaction() as session:
            identite.marquer(session, empreinte)
    return qui


async def _dire(racine: BaseState, cle: str, suite: str = "") -> StateUpdate:
    """Answer with a sentence, and with nothing else of the state."""
    mesures.REFUS.labels(cle).inc()
    incident = await racine.get_state(IncidentState)
    incident._dire(cle, suite=suite)
    delta = await incident._get_resolved_delta()
    incident._clean()
    return StateUpdate(delta=delta)


async def _expirer(racine: BaseState) -> StateUpdate:
    """The session ended while working: say so, and leave on the screen what was typed."""
    racine._clean()
    return await _dire(racine, "session", adresse_connexion(_chemin(racine)))


async def _renvoyer(racine: BaseState) -> StateUpdate:
    """Nobody is there: empty the screen and go to the sign-in page."""
    delta = await racine._get_resolved_delta()
    racine._clean()
    chemin = _chemin(racine)
    if chemin.split("?")[0].rstrip("/") == parcours.CONNEXION:
        return StateUpdate(delta=delta)
    suite = Event.from_event_type(rx.redirect(parcours.url_connexion(chemin)))
    return StateUpdate(delta=delta, events=suite)


def _chemin(racine: BaseState) -> str:
    return suite_sure(str(racine.router_data.get("asPath", "")))
