"""The weekly editor and the zone of communes: by keyboard, on a phone, and without a defect in each of their states."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.e2e.clavier import Clavier
from tests.e2e.conftest import Ouvrir
from tests.e2e.gestes import GYNECO, aller, arriver, bouton, connecter, enregistrer
from tests.e2e.test_accessibilite import examiner

HAD = "76/0000077"
HORAIRES = f"/offre/{GYNECO}/modifier/horaires"
ZONE = f"/offre/{HAD}/modifier/zone"


def jour(page: Page, nom: str) -> Locator:
    return page.get_by_role("group", name=nom, exact=True)


def dit(page: Page, texte: str) -> None:
    """The editor says it, whatever the spaces."""
    expect(page.get_by_role("status").filter(has_text=re.compile(texte.replace(" ", r"\s")))).to_have_count(1)


def test_week_is_typed_copied_and_undone_by_keyboard(ordinateur: Page) -> None:
    page = ordinateur
    connecter(page, "Claire Dumas")
    aller(page, HORAIRES, "Horaires")
    clavier = Clavier(page)
    lundi = jour(page, "Lundi")
    clavier.remplir(lundi.get_by_label("De, Lundi"), "8h30")
    clavier.remplir(lundi.get_by_label("à, Lundi"), "12 h")
    clavier.activer(lundi.get_by_role("button", name="Copier vers…"))
    clavier.activer(bouton(page, "Tous les jours"))
    dit(page, "Copié")
    expect(page.locator(".semaine-dite")).to_have_text(re.compile(r"Tous les jours de 8\sh\s30 à 12\sh"))
    expect(jour(page, "Dimanche").get_by_label("à, Dimanche")).to_have_value("12:00")
    clavier.activer(bouton(page, "Annuler ce changement"))
    expect(jour(page, "Dimanche")).to_contain_text("Aucune plage")
    expect(jour(page, "Mardi").get_by_label("à, Mardi")).to_have_value("17:30")
    enregistrer(page)
    arriver(page, "Gynécologie, consultations")
    expect(page.locator("main")).to_contain_text(re.compile(r"Lundi de 8\sh\s30 à 12\sh\s?; du mardi au vendredi"))


def test_night_is_cut_at_midnight_and_told_on_a_phone(telephone: Page) -> None:
    page = telephone
    connecter(page, "Claire Dumas")
    aller(page, HORAIRES, "Horaires")
    bouton(page, "Ajouter une plage : Dimanche").click()
    dimanche = jour(page, "Dimanche")
    expect(dimanche.get_by_label("De, Dimanche")).to_be_focused()
    dimanche.get_by_label("De, Dimanche").fill("20h")
    dimanche.get_by_label("à, Dimanche").fill("8h")
    dimanche.get_by_label("à, Dimanche").blur()
    dit(page, "passe minuit")
    expect(dimanche.get_by_label("à, Dimanche")).to_have_value("24:00")
    expect(jour(page, "Lundi").get_by_label("De, Lundi")).to_have_count(2)


def test_hour_that_no_clock_shows_is_told_beside_its_field_and_kept(page: Page) -> None:
    connecter(page, "Claire Dumas")
    aller(page, HORAIRES, "Horaires")
    champ = jour(page, "Lundi").get_by_label("à, Lundi")
    champ.fill("25:00")
    champ.blur()
    expect(champ).to_have_attribute("aria-invalid", "true")
    expect(jour(page, "Lundi")).to_contain_text("Indiquez une heure de 00:00 à 24:00")
    enregistrer(page)
    expect(page.get_by_role("alert").filter(has_text="25:00")).to_be_visible()
    expect(champ).to_have_value("25:00")


def test_zone_grows_by_departement_and_by_list_on_a_phone(telephone: Page) -> None:
    page = telephone
    connecter(page, "Claire Dumas")
    aller(page, ZONE, "Zone d’intervention")
    page.get_by_label("Ajouter une commune ou un département").fill("tarn")
    page.get_by_role("button", name=re.compile("^Tarn .81., toutes ses communes")).click()
    dit(page, "307 communes ajoutées, 7 y étaient déjà")
    expect(page.locator(".zone")).to_contain_text(re.compile(r"Tarn\s:\s314\scommunes, toutes"))
    bouton(page, "Voir les noms : Tarn").click()
    expect(page.locator(".zone .jeton")).to_have_count(50)
    page.get_by_text("Coller une liste de codes INSEE").click()
    page.get_by_label("Codes INSEE", exact=True).fill("12202; 81999")
    bouton(page, "Ajouter cette liste").click()
    dit(page, "Code inconnu : 81999.")
    bouton(page, "Tout retirer : Tarn").click()
    expect(page.locator(".zone")).not_to_contain_text("Tarn")
    enregistrer(page)
    arriver(page, "HAD, médecine polyvalente")
    expect(page.locator("main")).to_contain_text(re.compile(r"Aveyron\s:\s1\scommune sur 285"))


def test_zone_around_a_commune_by_keyboard(ordinateur: Page) -> None:
    page = ordinateur
    connecter(page, "Claire Dumas")
    aller(page, ZONE, "Zone d’intervention")
    clavier = Clavier(page)
    clavier.suivre(page.get_by_text("Ajouter les communes autour d’une autre"))
    clavier.remplir(page.get_by_label("Autour de"), "gaillac")
    expect(page.locator(".trouves button").first).to_be_visible()
    clavier.activer(page.locator(".trouves").get_by_role("button", name="Gaillac (81600)"))
    expect(page.get_by_label("À moins de")).to_be_focused()
    clavier.choisir(page.get_by_label("À moins de"), "15")
    clavier.activer(bouton(page, "Ajouter ces communes"))
    dit(page, "À 15 km ou moins de Gaillac")
    expect(page.locator(".zone-totale")).not_to_have_text("7 communes")


def test_every_state_of_the_two_editors_has_no_defect(ouvrir: Ouvrir) -> None:
    page = ouvrir(reduced_motion="reduce")
    connecter(page, "Claire Dumas")
    aller(page, HORAIRES, "Horaires")
    defauts = examiner(page, "horaires")
    bouton(page, "Copier vers… : Lundi").click()
    expect(page.get_by_role("group", name="Copier Lundi vers")).to_be_visible()
    defauts += examiner(page, "horaires, copie")
    bouton(page, "Ajouter une période particulière").click()
    champ = jour(page, "Mardi").first.get_by_label("à, Mardi")
    champ.fill("25:00")
    champ.blur()
    expect(champ).to_have_attribute("aria-invalid", "true")
    defauts += examiner(page, "horaires, période et erreur")
    aller(page, ZONE, "Zone d’intervention")
    bouton(page, "Voir les noms : Tarn").click()
    expect(page.locator(".zone .jeton")).to_have_count(7)
    page.get_by_label("Ajouter une commune ou un département").fill("albi")
    expect(page.locator(".trouves button").first).to_be_visible()
    for pli in page.locator(".zone-ajouts summary").all():
        pli.click()
    defauts += examiner(page, "zone, ouverte")
    aller(page, f"/offre/{HAD}", "HAD, médecine polyvalente")
    defauts += examiner(page, "lecture")
    assert defauts == []
