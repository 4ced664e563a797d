"""What the real application writes of itself: lines a machine reads, figures that name nobody."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from prometheus_client import generate_latest

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
