"""The gate and the incidents, without a server."""

import asyncio
import logging
import re
from typing import Any

import pytest
from reflex.event import Event
from reflex.state import State
from sqlalchemy.exc import OperationalError

from rxror import db
from rxror.auth import pannes, sessions
from rxror.ror.erreurs import Conflit, NonConnecte, SaisieInvalide
from rxror.settings import settings
from rxror.ui import garde, identity, incidents
from rxror.ui.identity import IdentityState
from rxror.ui.incidents import MESSAGES, IncidentState

CHARGER = "reflex___state____state.rxror___ui___identity____identity_state.charger"


@pytest.fixture
def secret(tables: None) -> str:
    with db.transaction() as session:
        return sessions.ouvrir(session, iss="a", sub="1", prenom="Claire", nom="Dumas")


def _racine(secret: str = "", chemin: str = "/etablissements?page=2") -> State:
    racine = State(_reflex_internal_init=True)  # type: ignore[call-arg]
    _passer_a(racine, secret, chemin)
    return racine


def _passer_a(racine: State, secret: str, chemin: str = "/") -> None:
    entetes = {"authorization": f"Session {sessions.empreinte(secret)}"} if secret else {"origin": "x"}
    routeur = {"headers": entetes, "asPath": chemin, "pathname": chemin, "sid": "1"}
    racine.router_data = racine._update_router_vars(routeur, racine.router_data)


def _passer(porte: garde.GardeSession, racine: State, nom: str = CHARGER, **valeurs: Any) -> Any:
    return asyncio.run(porte.preprocess(None, racine, Event(name=nom, payload=valeurs)))  # type: ignore[arg-type]


def _sous(racine: State, classe: Any) -> Any:
    return asyncio.run(racine.get_state(classe))


def test_event_with_a_session_passes_and_the_header_knows_the_name(secret: str) -> None:
    racine = _racine(secret)
    assert _passer(garde.GardeSession(), racine) is None
    assert _sous(racine, IdentityState).nom == "Claire Dumas"
    with db.lecture() as session:
        assert identity.acteur(racine, session).nom == "Claire Dumas"


def test_event_without_session_goes_to_the_sign_in_page(reglages: Any) -> None:
    reponse = _passer(garde.GardeSession(), _racine())
    (suite,) = reponse.events
    assert suite.name == "_redirect"
    assert "/connexion?next=%2Fetablissements%3Fpage%3D2" in str(suite.payload)


@pytest.mark.parametrize("chemin", ["/connexion", "/connexion/", "/connexion?next=/aide"])
def test_sign_in_page_is_not_sent_to_itself(reglages: Any, chemin: str) -> None:
    assert not _passer(garde.GardeSession(), _racine(chemin=chemin)).events


def test_unsafe_path_is_not_carried_to_the_sign_in_page(reglages: Any) -> None:
    reponse = _passer(garde.GardeSession(), _racine(chemin="//autre.fr"))
    assert "autre.fr" not in str(reponse.events)


@pytest.mark.parametrize("nom", sorted(garde.INTERNES | garde.INCIDENTS))
def test_internal_events_pass_without_session(nom: str, reglages: Any) -> None:
    assert _passer(garde.GardeSession(), _racine(), nom) is None


def test_state_of_another_session_is_emptied_first(secret: str) -> None:
    racine = _racine(secret)
    _passer(garde.GardeSession(), racine)
    _passer_a(racine, "")
    assert _passer(garde.GardeSession(), racine, "reflex___state____state.hydrate") is None
    assert _sous(racine, IdentityState).nom == ""


def test_state_of_an_ended_session_is_emptied_even_for_its_owner(secret: str) -> None:
    racine = _racine(secret)
    _passer(garde.GardeSession(), racine)
    with db.transaction() as session:
        sessions.fermer(session, sessions.empreinte(secret))
    assert _passer(garde.GardeSession(), racine, "reflex___state____state.hydrate") is None
    assert _sous(racine, IdentityState).nom == ""


def test_budget_is_per_session_and_its_refusal_is_polite(secret: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RXROR_EVENEMENTS_PAR_SECONDE", "1")
    settings.cache_clear()
    porte = garde.GardeSession()
    racine = _racine(secret)
    reponses = [_passer(porte, racine) for _ in range(4)]
    assert reponses[:3] == [None] * 3
    (valeurs,) = reponses[3].delta.values()
    assert MESSAGES["debit"] in valeurs.values()
    assert _passer(porte, _racine()).events
    assert _passer(porte, racine, next(iter(garde.INCIDENTS))) is None


def test_gate_costs_one_query(secret: str, monkeypatch: pytest.MonkeyPatch) -> None:
    requetes: list[str] = []
    from sqlalchemy import event

    ecoute = lambda *a: requetes.append(a[2])  # noqa: E731
    for usage in db.Usage:
        event.listen(db.engine(usage), "before_cursor_execute", ecoute)
    racine = _racine(secret)
    _passer(garde.GardeSession(), racine)
    assert [r.split()[0] for r in requetes if not r.startswith(("BEGIN", "PRAGMA"))] == ["SELECT"]


def test_no_handler_is_public() -> None:
    assert not garde.PUBLICS


def test_breakdown_gets_a_reference_and_the_log_no_value(caplog: pytest.LogCaptureFixture) -> None:
    valeur = "".join(("Du", "mas"))
    try:
        try:
            raise OperationalError(f"SELECT '{valeur}'", {"nom": valeur}, Exception(valeur))
        except OperationalError as cause:
            raise ValueError(valeur) from cause
    except ValueError as erreur:
        with caplog.at_level(logging.ERROR):
            (suite,) = incidents.en_panne(erreur)
    assert suite.handler.fn.__name__ == "afficher"
    repere = re.search(r"repère (\d{4}-\d{4}-\w{4}) : ValueError", caplog.text)
    assert repere
    assert "OperationalError" in caplog.text
    assert valeur not in caplog.text


@pytest.mark.parametrize(
    ("erreur", "cle"), [(SaisieInvalide("x"), "perimee"), (Conflit(), "conflit"), (KeyError("x"), "panne")]
)
def test_each_exception_has_its_sentence(erreur: Exception, cle: str) -> None:
    (suite,) = incidents.en_panne(erreur)
    assert cle in str(suite.args)


def test_not_connected_goes_to_the_sign_in_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(incidents, "_chemin", lambda: "/etablissements")
    assert "/connexion?next=%2Fetablissements" in str(incidents.en_panne(NonConnecte())[0].args)


@pytest.mark.parametrize("repere", ["<b>", "Appelez le 0899", "x" * 21])
def test_incident_shows_only_our_own_words(repere: str) -> None:
    incident = _sous(_racine(), IncidentState)
    incident._dire("inventée", repere)
    assert incident.message == MESSAGES["panne"]
    assert incident.repere == ""
    incident._dire("panne", pannes.nouveau_repere())
    assert incident.repere
    incident._taire()
    assert (incident.message, incident.repere) == ("", "")


def test_browser_report_is_one_bounded_line(caplog: pytest.LogCaptureFixture) -> None:
    incidents.panne_du_navigateur(Exception("a\nfausse ligne " + "x" * 5000))
    (ligne,) = caplog.messages
    assert "\n" not in ligne
    assert len(ligne) < 1200
