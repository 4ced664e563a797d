"""Each kind of input by keyboard and by touch: search, chips, counters, grid of capacities, position, long lists."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.clavier import Clavier
from tests.e2e.conftest import Ouvrir, Serveur
from tests.e2e.gestes import GYNECO, LIEU, aller, arriver, bouton, connecter
from tests.e2e.test_accessibilite import examiner

EHPAD = "76/0000081"


def ouvrir_section(page: Page, adresse: str, titre: str, nom: str = "Claire Dumas") -> None:
    connecter(page, nom)
    aller(page, adresse, titre)


def enregistre(page: Page) -> None:
    """The section is kept, without a press on « Enregistrer »."""
    expect(page.locator(".barre .statut")).to_contain_text("Enregistré")


def active(champ: Locator) -> Locator:
    """The answer that the field walks on, found as a screen reader finds it."""
    return champ.page.locator(f"[id='{champ.get_attribute('aria-activedescendant')}']")


# -------------------------------------------------------------------------------- search


def test_search_by_keyboard_walks_picks_closes_and_empties(ordinateur: Page) -> None:
    page, clavier = ordinateur, Clavier(ordinateur)
    ouvrir_section(page, f"/offre/{GYNECO}/modifier/specificites", "Spécificités de l’offre")
    champ = page.get_by_role("combobox", name="Ajouter une activité")
    clavier.atteindre(champ)
    expect(champ).to_have_attribute("aria-expanded", "true")  # on focus: what is usual for such an offer
    expect(page.get_by_role("group", name="Usuels pour ce type d’offre").get_by_role("option").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(champ).to_have_attribute("aria-expanded", "false")

    page.keyboard.type("chirurgie")
    reponses = page.get_by_role("listbox").get_by_role("option")
    expect(champ).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("status").filter(has_text=re.compile(r"^\d+.résultats?$"))).to_have_count(1)
    expect(champ).not_to_have_attribute("aria-activedescendant", re.compile(".+"))
    for touche, rang in (("ArrowDown", 0), ("End", -1), ("ArrowDown", 0), ("ArrowUp", -1), ("Home", 0)):
        page.keyboard.press(touche)
        expect(active(champ)).to_contain_text(reponses.nth(rang).inner_text().split("\n")[0])
        expect(active(champ)).to_have_attribute("aria-selected", "true")
    expect(champ).to_be_focused()

    page.keyboard.press("Escape")
    expect(champ).to_have_attribute("aria-expanded", "false")
    expect(champ).to_have_value("chirurgie")
    page.keyboard.press("Escape")
    expect(champ).to_have_value("")

    page.keyboard.type("chirurgie gyn")
    expect(reponses.first).to_contain_text("Chirurgie gynécologique")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Retirer Chirurgie gynécologique")).to_be_visible()
    expect(champ).to_be_focused()
    expect(champ).to_have_value("")
    expect(champ).to_have_attribute("aria-expanded", "false")
    enregistre(page)

    page.keyboard.type("chirurgie gyn")
    expect(reponses.first).to_contain_text("Déjà choisi")
    page.keyboard.press("Tab")  # leaves without choosing
    expect(champ).not_to_be_focused()
    expect(champ).to_have_attribute("aria-expanded", "false")
    expect(page.get_by_role("listbox")).to_have_count(0)


def test_enter_in_a_search_never_sends_the_form(ordinateur: Page) -> None:
    ouvrir_section(ordinateur, f"/offre/{GYNECO}/modifier/specificites", "Spécificités de l’offre")
    champ = ordinateur.get_by_role("combobox", name="Ajouter une activité")
    champ.press_sequentially("zzzz")
    expect(ordinateur.get_by_role("status").filter(has_text="Aucun résultat.")).to_have_count(1)
    ordinateur.keyboard.press("Enter")
    expect(ordinateur.locator("h1")).to_have_text("Spécificités de l’offre")
    expect(champ).to_have_value("zzzz")


def test_search_by_touch_adds_several_and_chips_go_away_by_keyboard(telephone: Page) -> None:
    page = telephone
    ouvrir_section(page, f"/offre/{EHPAD}/modifier/specificites", "Spécificités de l’offre", "Mireille Faure")
    champ = page.get_by_role("combobox", name="Actes spécifiques")
    avant = page.locator(".jeton").count()
    champ.tap()
    for texte in ("decontamination chim", "echo"):
        champ.press_sequentially(texte)
        expect(page.get_by_role("status").filter(has_text=re.compile(r"^\d+.résultats?$"))).to_have_count(1)
        reponse = page.get_by_role("listbox").get_by_role("option").filter(has_not_text="Déjà choisi").first
        expect(reponse).to_be_visible()
        boite = reponse.bounding_box()
        assert boite is not None
        assert boite["height"] >= 44
        reponse.tap()
        expect(champ).to_have_value("")
        expect(champ).to_be_focused()
    expect(page.locator(".jeton")).to_have_count(avant + 2)
    enregistre(page)

    boutons = page.locator(".groupe").filter(has=champ).get_by_role("button", name=re.compile("^Retirer "))
    dernier = boutons.last.get_attribute("id")
    boutons.nth(-2).focus()
    page.keyboard.press("Enter")
    expect(page.locator(f"[id='{dernier}']")).to_be_focused()  # the chip that takes the place of the other
    expect(page.get_by_role("status").filter(has_text=re.compile("retiré.$"))).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator(".jeton")).to_have_count(avant)


def test_a_commune_is_found_by_postcode(page: Page) -> None:
    ouvrir_section(page, f"/lieu/{LIEU}/modifier/adresse", "Adresse")
    champ = page.get_by_role("combobox", name=re.compile("^Commune"))
    champ.press_sequentially("81600")
    page.get_by_role("option", name=re.compile("Gaillac")).click()
    expect(page.get_by_role("button", name=re.compile("^Retirer Gaillac"))).to_be_visible()


# ------------------------------------------------------------------------ what is counted


def test_counter_says_what_is_left_and_cuts_nothing(page: Page) -> None:
    ouvrir_section(page, f"/lieu/{LIEU}/modifier/informations_generales", "Informations générales")
    description = page.get_by_label("Description")
    expect(description).to_have_accessible_description("1000 caractères au plus")
    description.fill("x" * 820)
    expect(description).to_have_accessible_description("180 caractères restants")
    description.fill("x" * 1002)
    expect(description).to_have_accessible_description(re.compile("^2.caractères de trop"))
    expect(page.get_by_role("status").filter(has_text="2 caractères de trop")).to_have_count(1)
    expect(description).to_have_value("x" * 1002)
    bouton(page, "Enregistrer").click()
    expect(page.get_by_role("alert").filter(has_text="à corriger")).to_be_focused()
    expect(description).to_have_accessible_description(re.compile("1000 caractères au plus.: il y en a 1002"))
    expect(description).to_have_value("x" * 1002)


def test_grid_of_capacities_by_touch_and_by_keyboard(page: Page, serveur: Serveur) -> None:
    ouvrir_section(page, f"/lieu/{LIEU}/modifier/capacitaire", "Capacitaire")
    installes, fermes = (page.get_by_label(nom, exact=True) for nom in ("Lits installés", "Lits fermés"))
    bilan = page.locator("[data-somme]")
    expect(installes).to_have_value("12")
    expect(bilan).to_contain_text("12 lits installés")
    bouton(page, "Un de plus, Lits fermés").click()
    bouton(page, "Un de plus, Lits fermés").click()
    expect(fermes).to_have_value("2")
    expect(bilan).to_have_text("12 lits installés, dont 2 fermés : il reste 10 lits ouverts.")

    fermes.press("ArrowDown")
    expect(fermes).to_have_value("1")
    fermes.fill("20")
    expect(bilan).to_have_text("20 lits fermés pour 12 installés : corrigez l’un des deux nombres.")
    fermes.fill("2")
    expect(page.get_by_text("ne se saisit pas ici")).to_be_visible()  # the line of a software is not a field
    bouton(page, "Enregistrer").click()
    arriver(page, "Gynécologie, 2e étage")
    aller(page, f"/lieu/{LIEU}/modifier/capacitaire", "Capacitaire")
    expect(fermes).to_have_value("2")
    fermes.fill("")
    bouton(page, "Enregistrer").click()
    arriver(page, "Gynécologie, 2e étage")
    assert serveur.lire("SELECT * FROM brouillon") == []  # an emptied cell is no line: what is published again


def test_what_is_no_number_is_left_as_typed_with_its_error(page: Page) -> None:
    ouvrir_section(page, f"/lieu/{LIEU}/modifier/capacitaire", "Capacitaire")
    places = page.get_by_label("Places installées", exact=True)
    places.fill("douze")
    bouton(page, "Un de plus, Places installées").click()
    expect(places).to_have_value("douze")
    bouton(page, "Enregistrer").click()
    expect(page.get_by_role("alert").filter(has_text="à corriger")).to_be_focused()
    expect(places).to_have_accessible_description(re.compile("nombre entier"))
    expect(places).to_have_value("douze")


def test_zero_says_that_it_removes_an_equipment_and_limits_have_their_unit(page: Page) -> None:
    ouvrir_section(page, f"/lieu/{LIEU}/modifier/equipements", "Équipements spécifiques")
    nombre = page.get_by_role("textbox", name="Nombre en service").last
    retrait = page.get_by_text("Sera retiré à la validation")
    expect(retrait.filter(visible=True)).to_have_count(0)
    nombre.press("ArrowDown")
    expect(nombre).to_have_value("0")
    expect(retrait.filter(visible=True)).to_have_count(1)

    valeur = page.get_by_role("textbox", name="Valeur").first
    expect(valeur).to_have_accessible_description(re.compile("kg"))
    page.get_by_role("radio", name="Diamètre maximum").first.check()
    expect(valeur).to_have_accessible_description(re.compile("cm"))


# ------------------------------------------------------------------------------ position


COLLER = """(champ, texte) => {
  const donnees = new DataTransfer();
  donnees.setData("text/plain", texte);
  champ.dispatchEvent(new ClipboardEvent("paste", { clipboardData: donnees, bubbles: true, cancelable: true }));
}"""


def test_position_is_pasted_at_once_or_taken_from_finess(page: Page) -> None:
    ouvrir_section(page, f"/lieu/{LIEU}/modifier/adresse", "Adresse")
    latitude, longitude = page.get_by_label("Latitude"), page.get_by_label("Longitude")
    latitude.evaluate(COLLER, "43.6, 1.44")
    expect(latitude).to_have_value("43,6")
    expect(longitude).to_have_value("1,44")
    enregistre(page)

    reprise = bouton(page, "Reprendre la position de l’établissement (FINESS)")
    Clavier(page).activer(reprise)
    expect(latitude).to_have_value("43,925997")
    expect(longitude).to_have_value("2,142955")
    expect(page.get_by_role("status").filter(has_text="C’est rempli")).to_be_visible()

    longitude.fill("")
    latitude.fill("43,6 ; 1,44")  # typed, not pasted: the server shares it
    bouton(page, "Enregistrer").click()
    arriver(page, "Gynécologie, 2e étage")
    expect(page.get_by_role("region", name="Adresse")).to_contain_text("1,44")


# --------------------------------------------------------------------------- long lists


def test_a_long_list_of_boxes_is_filtered_and_what_is_ticked_stays(page: Page) -> None:
    ouvrir_section(page, f"/offre/{EHPAD}/modifier/accueil", "Accueil et prise en charge", "Mireille Faure")
    groupe = page.get_by_role("group", name=re.compile("^Modalité d’accueil"))
    cochees = groupe.get_by_role("checkbox", checked=True)
    n = cochees.count()
    groupe.get_by_label("Filtrer les réponses").fill("teleexp")
    expect(groupe.get_by_role("checkbox", name=re.compile("^Téléexpertise"))).not_to_have_count(0)
    expect(groupe.get_by_role("checkbox", name="Autodialyse simple")).to_have_count(0)
    expect(cochees).to_have_count(n)
    expect(groupe.get_by_role("status")).to_contain_text(re.compile(r"sur \d\d"))
    groupe.get_by_role("checkbox", name=re.compile("moins de 24h")).check()
    enregistre(page)


# ------------------------------------------------------------------------- accessibility


@pytest.mark.parametrize("taille", ["telephone", "ordinateur"])
def test_open_panel_and_faulty_grid_have_no_defect(ouvrir: Ouvrir, taille: str) -> None:
    page = ouvrir(taille, reduced_motion="reduce")  # as a colour that is changing is neither
    ouvrir_section(page, f"/offre/{GYNECO}/modifier/specificites", "Spécificités de l’offre")
    champ = page.get_by_role("combobox", name="Ajouter une activité")
    champ.click()
    champ.press_sequentially("gyn")
    expect(page.get_by_role("status").filter(has_text=re.compile(r"^\d+.résultats?$"))).to_have_count(1)
    page.keyboard.press("ArrowDown")
    expect(active(champ)).to_be_visible()
    defauts = examiner(page, "panneau ouvert")
    aller(page, f"/lieu/{LIEU}/modifier/capacitaire", "Capacitaire")
    page.get_by_label("Places fermées", exact=True).fill("x")
    bouton(page, "Enregistrer").click()
    expect(page.get_by_role("alert").filter(has_text="à corriger")).to_be_visible()
    page.locator(".case details").first.evaluate("e => (e.open = true)")
    defauts += examiner(page, "grille en erreur")
    assert defauts == []
