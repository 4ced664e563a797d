"""What the real application writes of itself: lines a machine reads, figures that name nobody."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from prometheus_client import generate_latest
from sqlalchemy import text

from rxror import mesures

pytestmark = pytest.mark.serveur


def test_every_line_of_the_log_is_json_with_its_zone(serveur: Any) -> None:
    lignes = [json.loads(ligne) for ligne in serveur.journal.splitlines()]
    assert all(dit["time"].endswith("+00:00") and dit["logger"] and dit["level"] for dit in lignes)


def test_breakdown_line_has_the_reference_that_the_screen_shows(serveur: Any, claire: Any, jouer: Callable[..., Any]):
    async def scene() -> str:
        async with serveur.prise(claire.cookie) as prise:
            await prise.envoyer(serveur.nom("etablissements_state.charger"), {"inconnu": claire.marque})
            return await prise.calme()

    reperes = set(re.findall(r"\d{4}-\d{4}-\w{4}", jouer(scene())))
    lignes = [json.loads(ligne) for ligne in serveur.journal.splitlines()]
    (dite,) = [dit for dit in lignes if dit["level"] == "ERROR" and dit.get("reference") in reperes]
    assert dite["message"].startswith(f"repère {dite['reference']} : TypeError")
    assert claire.marque not in serveur.journal


def test_figures_count_events_by_handler_and_name_nobody(serveur: Any, claire: Any, jouer: Callable[..., Any]) -> None:
    async def scene() -> None:
        async with serveur.prise(claire.cookie) as prise:
            await prise.envoyer(serveur.hydrate_et_charge, chemin=f"/etablissement/{claire.finess}")
            await prise.calme()

    jouer(scene())
    page = generate_latest(mesures.registre(serveur.mesures)).decode()
    assert 'handler="ui.pages.etablissement.etablissement_state.charger",issue="fait"' in page
    assert "rxror_evenement_secondes_count" in page
    for mot in (claire.finess, claire.nom, claire.marque, claire.empreinte, "810000505"):
        assert mot not in page


def test_line_of_an_event_has_the_address_of_its_client(serveur: Any, claire: Any, paul: Any, jouer: Any) -> None:
    async def scene() -> None:
        entetes = {"X-Forwarded-For": "203.0.113.9"}
        async with serveur.prise(claire.cookie, **entetes) as prise:
            routeur = {"ip": "203.0.113.9", "headers": {"asgi-scope-client": "203.0.113.9"}}
            await prise.envoyer(serveur.hydrate_et_charge, chemin=f"/offre/{paul.offre}", **routeur)
            await prise.calme()

    jouer(scene())
    with serveur.engine.connect() as connexion:
        lue = connexion.execute(text("SELECT adresse, finess FROM trace ORDER BY id DESC LIMIT 1")).one()
    assert tuple(lue) == ("127.0.0.1", paul.finess)
