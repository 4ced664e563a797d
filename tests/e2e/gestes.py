"""What people do again and again in these tests, in their words."""

import re
from html import unescape

from playwright.sync_api import Locator, Page, expect

GYNECO = "76/0000003"  # « Gynécologie, consultations »: nothing is missing
AMBULATOIRE = "76/0000002"  # « Gynécologie, chirurgie ambulatoire »: its contact cannot be reached
NRBC = "76/0000046"  # « Urgences, décontamination NRBC »: sensitive, and its contact may be seen
LIEU = "L76-000001"  # « Gynécologie, 2e étage »


def connecter(page: Page, nom: str, *, titre: str = "Mes accès rapides") -> None:
    """Sign in as somebody of the demonstration: by the buttons from the sign-in page, else by what they send."""
    if "/connexion" in page.url:
        page.get_by_role("link", name="Choisir une identité de démonstration").click()
        page.get_by_role("button", name=f"Entrer en tant que {nom}").click()
        arriver(page, titre)
    else:
        _entrer(page, nom)
        aller(page, "/", titre)


def _entrer(page: Page, nom: str) -> None:
    """The requests of the two buttons, without their pages: the browser gets the cookie of a session all the same."""
    choix = page.request.get("/auth/connexion")
    lu = choix.text()
    caches = {n: unescape(v) for n, v in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', lu)}
    personne = re.search(rf'name="personne" value="([^"]+)">Entrer<span class="invisible"> en tant que {nom}<', lu)
    assert personne, f"{nom} is nobody of the demonstration"
    envoi: dict[str, str | float | bool] = {**caches, "personne": unescape(personne[1])}
    origine = re.match(r"\w+://[^/]+", choix.url)
    assert origine
    page.request.post(choix.url.partition("?")[0], form=envoi, headers={"Origin": origine[0]})


def arriver(page: Page, titre: str | re.Pattern[str]) -> None:
    """The page of that h1 is there, live, alone."""
    expect(page.locator("h1")).to_have_text(titre)
    expect(page.locator("main")).to_have_attribute("aria-busy", "false")


def aller(page: Page, adresse: str, titre: str | re.Pattern[str]) -> None:
    page.goto(adresse)
    arriver(page, titre)


def lien(page: Page, nom: str | re.Pattern[str]) -> Locator:
    return page.get_by_role("link", name=nom, exact=True)


def bouton(page: Page, nom: str | re.Pattern[str]) -> Locator:
    return page.get_by_role("button", name=nom, exact=True)


def enregistrer(page: Page) -> None:
    bouton(page, "Enregistrer").click()


def valider(page: Page) -> Locator:
    """The button that publishes, on the page « Valider »: its name says what."""
    return page.locator("main").get_by_role("button", name=re.compile("^Valider "))
