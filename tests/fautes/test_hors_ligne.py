"""Typed without a network, the tab killed, the session expired: after signing in again each answer is there, once."""

import asyncio
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, expect
from sqlalchemy import text
from sqlmodel import select

from rxror.tables import Action, Brouillon, Trace
from tests.fautes.application import Application, Service, copier_le_service
from tests.fautes.conftest import Noter
from tests.fautes.fiabilite import nombre
from tests.fautes.navigateur import aller, arriver, connecter, un_navigateur
from tests.fautes.verite import base

TITRE, NOM = "Informations générales", "Nom de l’offre"
COUPURE = 60  # seconds without a network, of the page's clock


@pytest.fixture
def service(preparee: Application, place_du_service: tuple[int, Path], tmp_path: Path) -> Iterator[Service]:
    """The application and its pages, as people run it."""
    service = copier_le_service(preparee, tmp_path / "service", *place_du_service)
    service.demarrer()
    yield service
    service.arreter()


def test_all_that_was_typed_is_there_once(service: Service, noter: Noter):
    fois = nombre(2, 12)
    tapes = asyncio.run(_taper_sans_reseau(service, fois))
    with base(service) as session:
        for offre, (nom, sensible) in tapes.items():
            (garde,) = session.exec(select(Brouillon).where(Brouillon.objet == f"offre:{offre}"))
            assert (garde.valeurs["nom_offre"], garde.valeurs.get("unite_sensible")) == (nom, sensible)
            lignes = session.exec(
                select(Trace).where(Trace.objet == f"offre:{offre}", Trace.action == Action.BROUILLON)
            ).all()
            assert len(lignes) == 1
    noter(
        "hors-ligne",
        obtenu="100 % of the typed values, each once",
        compte=f"{fois} times, a real browser: {COUPURE} s of its clock without a network, two fields",
    )


async def _taper_sans_reseau(service: Service, fois: int) -> dict[str, tuple[str, bool]]:
    """Each time on another offer; gives what was typed last."""
    tapes: dict[str, tuple[str, bool]] = {}
    async with un_navigateur(service) as contexte:
        for i in range(fois):
            offre = f"76/{i + 3:07d}"
            tapes[offre] = await _une_fois(service, contexte, offre, random.Random(i))
    return tapes


async def _une_fois(service: Service, contexte: BrowserContext, offre: str, hasard: random.Random) -> tuple[str, bool]:
    formulaire = f"/offre/{offre}/modifier/informations_generales"
    page = await contexte.new_page()
    await page.clock.install()
    await contexte.clear_cookies()
    await connecter(page, "Claire Dumas")
    await aller(page, formulaire, TITRE)
    await contexte.set_offline(True)
    avant = await page.get_by_role("radio", name="Oui").is_checked()
    await page.get_by_role("radio", name="Non" if avant else "Oui").check()
    passe, nom = 0, ""
    while passe < COUPURE:
        nom = f"Écrit sans réseau, {offre}, {passe} s"
        await page.get_by_label(NOM).fill(nom)
        pas = hasard.choice((1, 5, 10, 20))
        await page.clock.run_for(pas * 1000)
        passe += pas
    await expect(page.locator(".barre .statut")).to_contain_text("Non enregistré", use_inner_text=True)
    await page.close()
    await contexte.set_offline(False)
    _expirer(service)

    page = await contexte.new_page()
    await page.goto("/")
    await connecter(page, "Claire Dumas")
    await aller(page, formulaire, TITRE)
    await expect(page.locator(".barre .statut")).to_contain_text("enregistré", use_inner_text=True)
    await expect(page.get_by_label(NOM)).to_have_value(nom)
    await expect(page.get_by_role("radio", name="Non" if avant else "Oui")).to_be_checked()
    await arriver(page, TITRE)
    await page.close()
    return nom, not avant


def _expirer(service: Service) -> None:
    """Every web session was last seen too long ago."""
    engine = service.engine()
    with engine.begin() as connexion:
        connexion.execute(text("UPDATE web_session SET vue = '2026-01-01 00:00:00', debut = '2026-01-01 00:00:00'"))
    engine.dispose()
