"""The review queue, by its keys: one card after the other, modify and come back, later."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.e2e.gestes import AMBULATOIRE, arriver, bouton, connecter, enregistrer, lien

# as a second press of C would that comes as soon as the next card does
DES_QU_ELLE_CHANGE = """() => new MutationObserver((_, guet) => {
  guet.disconnect();
  document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "c", bubbles: true }));
}).observe(document.querySelector("[data-relire]"), { attributes: true, attributeFilter: ["data-relire"] })"""


def fiche(page: Page) -> Locator:
    return page.locator("article.relire")


def prete(page: Page) -> None:
    """The first moment of a card takes no answer."""
    expect(bouton(page, "Plus tard")).to_be_enabled()


def repondre(page: Page, touche: str) -> str:
    """Press a key; the name of the card that it answered for. The next one has the focus, its name is in the title."""
    nom, cle = fiche(page).locator("h2").inner_text(), str(fiche(page).get_attribute("data-relire"))
    prete(page)
    page.keyboard.press(touche)
    expect(fiche(page)).not_to_have_attribute("data-relire", cle)
    expect(fiche(page).locator("h2")).to_be_focused()
    return nom


def test_a_review_by_its_keys_with_a_detour(ordinateur: Page) -> None:
    page = ordinateur
    connecter(page, "Claire Dumas")
    lien(page, "Commencer la relecture").click()  # the first card, one action after the sign-in
    arriver(page, "Relecture de CH ALBI")
    expect(page.locator(".tete")).to_contain_text("0 sur 125")
    expect(fiche(page)).to_have_attribute("data-relire", f"offre:{AMBULATOIRE}")
    expect(bouton(page, "C’est à jour")).to_have_count(0)  # its contact cannot be reached: it blocks
    expect(lien(page, "Corriger")).to_have_attribute("href", re.compile(r"/modifier/contacts\?retour=.*#contact"))

    remises = [repondre(page, "p"), repondre(page, "p")]
    page.evaluate(DES_QU_ELLE_CHANGE)
    confirmee = repondre(page, "c")
    combien = page.locator(".tete strong")
    faites = combien.inner_text()
    suivante = repondre(page, "p")
    expect(combien).to_have_text(faites)  # the second C was for a card that nobody had read
    statut = page.locator(".barre .statut")
    expect(statut).to_contain_text(f"{suivante}\u00a0: remise à la fin")
    expect(page.locator(".tete")).not_to_contain_text("0 sur 125")
    remises += [confirmee, suivante]
    ici = str(fiche(page).get_attribute("data-relire"))
    expect(page).to_have_url(re.compile(f"{ici}$"))
    page.reload()
    arriver(page, "Relecture de CH ALBI")
    expect(fiche(page)).to_have_attribute("data-relire", ici)
    expect(fiche(page).locator("h2")).not_to_have_text(re.compile("|".join(remises)))

    # a detour by a section, and back at the same card
    fiche(page).get_by_role("link", name="Modifier Modalité d’accueil").click()
    arriver(page, "Accueil et prise en charge")
    expect(lien(page, "Relecture").first).to_be_visible()
    page.get_by_label("Téléconsultation", exact=True).click()
    enregistrer(page)
    expect(page).to_have_url(re.compile(f"/relecture\\?objet={ici}#t-item$"))
    expect(fiche(page).locator("mark.modif").first).to_be_visible()
    expect(fiche(page).locator("h2")).to_be_focused()
    expect(bouton(page, "Valider")).to_be_visible()
    changee = repondre(page, "c")
    expect(statut).to_have_text(re.compile(f"^{re.escape(changee)}( et (son|ses) .*)?\u00a0: c’est noté"))

    # the keys may be switched off
    page.get_by_text("Au clavier").click()
    page.get_by_label("Répondre avec ces touches").uncheck()
    derniere = str(fiche(page).get_attribute("data-relire"))
    prete(page)
    page.keyboard.press("c")
    page.keyboard.press("p")
    expect(fiche(page)).to_have_attribute("data-relire", derniere)
    bouton(page, "Plus tard").click()
    expect(statut).to_contain_text("remise à la fin")
    expect(fiche(page)).not_to_have_attribute("data-relire", derniere)

    # the menu leads to the first card of the queue, not to the one that was on the screen
    page.goto(f"/relecture?objet=offre:{AMBULATOIRE}")
    expect(fiche(page)).to_have_attribute("data-relire", f"offre:{AMBULATOIRE}")
    menu = page.get_by_role("navigation", name="Menu principal")
    menu.get_by_role("link", name="Mes établissements").click()
    arriver(page, "CH ALBI")
    menu.get_by_role("link", name="Relecture").click()
    expect(fiche(page)).not_to_have_attribute("data-relire", f"offre:{AMBULATOIRE}")
    page.go_back()
    page.go_back()
    expect(fiche(page)).to_have_attribute("data-relire", f"offre:{AMBULATOIRE}")
