"""A real browser for the faults that a page must survive: Playwright's asynchronous side, for one scene at a time."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from playwright.async_api import BrowserContext, Page, async_playwright, expect

from tests.fautes.application import Application
from tests.navigateur import trouver

TAILLE = {"width": 390, "height": 844}


@asynccontextmanager
async def un_navigateur(application: Application, **options: Any) -> AsyncIterator[BrowserContext]:
    """Somebody's telephone: its cookies and its storage last as long as the block."""
    chemin = trouver() or pytest.fail("no browser: install Chromium", pytrace=False)
    expect.set_options(timeout=20_000)
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=chemin)
        contexte = await chromium.new_context(
            base_url=application.origine, locale="fr-FR", viewport=TAILLE, has_touch=True, is_mobile=True, **options
        )
        contexte.set_default_timeout(20_000)
        yield contexte
        await chromium.close()


async def connecter(page: Page, nom: str) -> None:
    """Sign in from the sign-in page."""
    if "/connexion" not in page.url:
        await page.goto("/connexion")
    await page.get_by_role("link", name="Choisir une identité de démonstration").click()
    await page.get_by_role("button", name=f"Entrer en tant que {nom}").click()
    await arriver(page, "Mes accès rapides")


async def arriver(page: Page, titre: str) -> None:
    """The page of that h1 is there, live."""
    await expect(page.locator("h1")).to_have_text(titre)
    await expect(page.locator("main")).to_have_attribute("aria-busy", "false")


async def aller(page: Page, adresse: str, titre: str) -> None:
    await page.goto(adresse)
    await arriver(page, titre)
