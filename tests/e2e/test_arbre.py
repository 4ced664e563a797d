"""The whole of an établissement, from a date of the calendar to an offer and back, on a phone."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.gestes import arriver, bouton, connecter


def test_the_tree_is_found_again_as_it_was_left(telephone: Page) -> None:
    page = telephone
    connecter(page, "Claire Dumas")
    page.get_by_role("link", name=re.compile("CH ALBI.*5 offres.*En retard")).click()
    arriver(page, "Tout l’établissement")
    expect(page.locator(".feuille")).to_have_count(5)

    page.get_by_role("link", name="Tout voir").click()
    expect(page.locator(".feuille")).to_have_count(0)
    page.locator("summary", has_text="Pôle Femme-Mère-Enfant").click()
    page.locator("summary", has_text="UF Gynécologie").click()
    offre = page.get_by_role("link", name="Gynécologie, consultations")
    expect(offre).to_be_visible()
    page.reload()
    expect(offre).to_be_visible()
    offre.click()
    arriver(page, "Gynécologie, consultations")
    page.go_back()
    arriver(page, "Tout l’établissement")
    expect(offre).to_be_visible()
    expect(page.locator(".feuille", has=offre)).to_be_focused()

    page.get_by_label("Chercher une offre, une structure ou un lieu").fill("maternite")
    bouton(page, "Chercher").click()
    expect(page).to_have_url(re.compile(r"\?q=maternite$"))
    expect(page.locator("summary", has_text="UF Maternité")).to_be_visible()
    page.go_back()
    expect(offre).to_be_visible()
