"""Valkey is killed, then emptied, under people served by two processes: nothing acknowledged is lost."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fautes.application import Application, copier
from tests.fautes.charge import CLIENTS, sous_la_charge
from tests.fautes.conftest import Noter
from tests.fautes.fiabilite import nombre
from tests.fautes.verite import faire_le_bilan
from tests.valkey import Valkey, un_valkey

ABSENCE = 1.0  # seconds without Valkey


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[Valkey]:
    with un_valkey(tmp_path / "valkey") as valkey:
        yield valkey


@pytest.fixture
def a_deux(preparee: Application, valkey: Valkey, tmp_path: Path) -> Iterator[Application]:
    """The application in two processes that share a Valkey."""
    application = copier(preparee, tmp_path / "a-deux", RXROR_WORKERS="2", RXROR_VALKEY_URL=valkey.url)
    application.demarrer()
    yield application
    application.arreter()


def test_valkey_killed_then_emptied_loses_nothing(a_deux: Application, valkey: Valkey, noter: Noter):
    tours = nombre(4, 20)

    async def oublier(tour: int) -> None:
        if tour % 2:
            return await asyncio.to_thread(valkey.vider)
        await asyncio.to_thread(valkey.tuer)
        await asyncio.sleep(ABSENCE)
        return await asyncio.to_thread(valkey.demarrer)

    envois = asyncio.run(sous_la_charge([a_deux], tours, oublier))
    bilan = faire_le_bilan(a_deux, envois)
    assert bilan.sain, bilan
    assert bilan.acquittes == len(envois) > tours * len(CLIENTS)
    noter(
        "valkey",
        obtenu="0 lost, 0 double",
        compte=f"{tours - tours // 2} kills, {tours // 2} times emptied, two processes; "
        f"{bilan.acquittes} acknowledged saves",
    )
