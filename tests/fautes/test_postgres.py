"""PostgreSQL is killed, or away for a time, while people save: nothing acknowledged is lost, and saving resumes."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fautes.application import Application
from tests.fautes.charge import CLIENTS, sous_la_charge
from tests.fautes.conftest import Noter
from tests.fautes.fiabilite import nombre
from tests.fautes.verite import faire_le_bilan
from tests.postgres import Postgres

RETOUR = 5  # seconds
PANNE = "La panne vient de nous."


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL that writes to the disk as in production."""
    with Postgres(durable=True) as serveur:
        yield serveur


@pytest.fixture
def sur_postgres(postgres: Postgres, tmp_path: Path) -> Iterator[Application]:
    """The application on PostgreSQL, with the demonstration data."""
    application = Application(tmp_path, RXROR_DATABASE_URL=postgres.base("fautes"))
    application.preparer()
    application.demarrer()
    yield application
    application.arreter()


def test_kill_9_of_postgresql_under_four_writers_loses_nothing(
    sur_postgres: Application, postgres: Postgres, noter: Noter
):
    morts, absences = nombre(3, 10), list[float]()

    async def tuer(_: int) -> None:
        debut = time.monotonic()
        await asyncio.to_thread(postgres.tuer)
        await asyncio.to_thread(postgres.demarrer)
        absences.append(time.monotonic() - debut)

    envois = asyncio.run(sous_la_charge([sur_postgres], morts, tuer))
    bilan = faire_le_bilan(sur_postgres, envois)
    assert bilan.sain, bilan
    assert bilan.acquittes == len(envois) > morts * len(CLIENTS)
    noter(
        "postgres-tue",
        obtenu="0 lost, 0 double, 0 duplicate key",
        compte=f"{morts} kills (away {max(absences):.1f} s at most), {bilan.acquittes} acknowledged saves",
    )
