"""PostgreSQL is killed, or away for a time, while people save: nothing acknowledged is lost, and saving resumes."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import expect
from sqlmodel import select

from rxror.tables import Brouillon
from tests.fautes.application import Application, Service
from tests.fautes.charge import CLIENTS, sous_la_charge
from tests.fautes.conftest import Noter
from tests.fautes.fiabilite import nombre
from tests.fautes.navigateur import aller, connecter, un_navigateur
from tests.fautes.verite import base, faire_le_bilan, lignes_de_la_trace
from tests.postgres import Postgres

RETOUR = 5  # seconds
FORMULAIRE = "/offre/76/0000003/modifier/commentaire"
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


@pytest.fixture
def service(postgres: Postgres, place_du_service: tuple[int, Path], tmp_path: Path) -> Iterator[Service]:
    """The application and its pages, as people run it, on PostgreSQL."""
    service = Service(tmp_path, *place_du_service, RXROR_DATABASE_URL=postgres.base("page"))
    service.preparer()
    service.demarrer()
    yield service
    service.arreter()


def test_a_stopped_postgresql_is_told_and_what_is_typed_is_saved_at_its_return(
    service: Service, postgres: Postgres, noter: Noter
):
    secondes = nombre(6, 30)
    retour = asyncio.run(_taper_pendant_l_absence(service, postgres, secondes))
    assert retour < RETOUR
    assert lignes_de_la_trace(service) == 2
    noter(
        "postgres-arrete",
        obtenu=f"told in French, text kept, saved by itself {retour:.1f} s after the return",
        compte=f"one outage of {secondes} s, a real browser, one character a second",
    )


async def _taper_pendant_l_absence(service: Service, postgres: Postgres, secondes: int) -> float:
    """Type before, then all along the outage, and touch nothing at the return; gives how long the save then took."""
    async with un_navigateur(service) as contexte:
        page = await contexte.new_page()
        await connecter(page, "Claire Dumas")
        await aller(page, FORMULAIRE, "Commentaire")
        champ, statut = page.get_by_label("Commentaire"), page.locator(".barre .statut")
        await champ.fill("Avant.")
        await expect(statut).to_contain_text("Enregistré à", use_inner_text=True)
        await asyncio.to_thread(postgres.arreter)
        await champ.focus()
        for seconde in range(secondes):
            await page.keyboard.type(str(seconde % 10))
            await asyncio.sleep(1)
        tape = await champ.input_value()
        assert tape.endswith(str((secondes - 1) % 10))
        await expect(page.locator("#incident")).to_contain_text(PANNE)
        await expect(statut).to_contain_text("Non enregistré", use_inner_text=True)
        await asyncio.to_thread(postgres.demarrer)
        debut = time.monotonic()
        await expect(statut).to_contain_text("Enregistré à", use_inner_text=True)
        retour = time.monotonic() - debut
        await expect(page.locator("#incident")).not_to_contain_text(PANNE)
        assert await champ.input_value() == tape
        with base(service) as session:
            (garde,) = session.exec(select(Brouillon).where(Brouillon.objet == "offre:76/0000003"))
            assert garde.valeurs["commentaire"] == tape
        return retour
