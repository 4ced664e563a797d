"""Many objects in one gesture, on a phone: « Rien n’a changé » and back, what is ready, a shared lieu separated."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.gestes import GYNECO, LIEU, aller, arriver, bouton, connecter, enregistrer

RIEN = re.compile("^Rien n’a changé")


def test_a_uf_is_confirmed_but_one_offer_and_taken_back(telephone: Page) -> None:
    page = telephone
    connecter(page, "Claire Dumas")
    aller(page, "/structure/OI76-000011", "UF Pédiatrie")
    page.get_by_role("link", name=RIEN).click()
    arriver(page, RIEN)
    lignes = page.locator("form .exceptions > li")
    expect(lignes).to_have_count(3)
    garde = lignes.first.locator("label strong").inner_text()
    lignes.first.get_by_role("checkbox").uncheck()
    bouton(page, "Rien n’a changé pour ce qui est coché").click()

    bilan = page.locator("#bilan")
    expect(bilan).to_be_focused()
    expect(bilan).to_contain_text(re.compile(r"offres? et \d+ lieux? confirmés"))
    expect(lignes).to_have_count(1)
    expect(lignes.first).to_contain_text(garde)
    page.get_by_role("button", name=re.compile(r"^Annuler les \d+ confirmations")).click()
    expect(bilan).to_contain_text("annulés")
    expect(lignes).to_have_count(3)


def test_what_is_ready_is_validated_and_a_lieu_separated(telephone: Page) -> None:
    page = telephone
    connecter(page, "Claire Dumas")
    aller(page, f"/offre/{GYNECO}/modifier/informations_generales", "Informations générales")
    page.get_by_label("Nom de l’offre").fill("Consultations du lundi")
    enregistrer(page)
    expect(page.get_by_role("status").first).to_be_attached()
    aller(page, "/structure/OI76-000009/valider-plusieurs", "Valider ce qui est prêt")
    page.get_by_role("checkbox", name="Consultations du lundi").set_checked(True)
    bouton(page, "Valider ce qui est coché").click()
    expect(page.locator("#bilan")).to_contain_text("1 objet validé")

    aller(page, f"/lieu/{LIEU}", "Gynécologie, 2e étage")
    page.get_by_role("link", name="Séparer le lieu").click()
    arriver(page, "Séparer le lieu")
    bouton(page, "Séparer le lieu").click()
    expect(page.locator("#choisies")).to_be_focused()
    expect(page.locator("#choisies")).to_contain_text("Cochez au moins une offre.")
    page.get_by_label("Nom de la copie").fill("Maternité, 2e étage")
    page.get_by_role("checkbox", name="Maternité, hospitalisation complète").check()
    bouton(page, "Séparer le lieu").click()
    expect(page.locator("#compte")).to_be_focused()
    page.get_by_role("radio", name="Le lieu d’origine").check()
    bouton(page, "Séparer le lieu").click()
    arriver(page, "Maternité, 2e étage")
    expect(page.get_by_role("heading", name="Ce lieu sert 1 offre")).to_be_visible()
