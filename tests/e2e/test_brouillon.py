"""A section is kept while one types: nothing to click, nothing lost on leaving, and what is missing said at once."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Ouvrir, Serveur
from tests.e2e.gestes import GYNECO, aller, arriver, bouton, connecter, enregistrer, lien

NOM = "Nom de l’offre"
FORMULAIRE = f"/offre/{GYNECO}/modifier/informations_generales"
ENREGISTRE = "Enregistré à"


def _statut(page: Page):
    return page.locator(".barre .statut-recu").first


def _manque(page: Page, texte: str):
    return page.get_by_role("link", name=texte)


def test_what_one_types_is_kept_without_a_click_and_survives_a_reload(page: Page, serveur: Serveur) -> None:
    connecter(page, "Claire Dumas")
    aller(page, FORMULAIRE, "Informations générales")
    page.get_by_label(NOM).fill("Consultations du lundi")
    expect(_statut(page)).to_contain_text(ENREGISTRE)
    expect(page.get_by_label(NOM)).to_be_focused()  # nothing took the field away
    (tenu,) = serveur.lire("SELECT section, valeurs FROM brouillon WHERE objet = ?", f"offre:{GYNECO}")
    assert (tenu["section"], "du lundi" in tenu["valeurs"]) == ("informations_generales", True)
    page.reload()
    arriver(page, "Informations générales")
    expect(page.get_by_label(NOM)).to_have_value("Consultations du lundi")


def test_leaving_by_a_link_at_once_loses_nothing(page: Page) -> None:
    connecter(page, "Claire Dumas")
    aller(page, FORMULAIRE, "Informations générales")
    page.get_by_label(NOM).fill("Quittée aussitôt")
    page.locator(".chemin").get_by_role("link", name="Gynécologie, consultations").click()
    arriver(page, "Quittée aussitôt")
    expect(page.get_by_text("Enregistré, à valider", exact=True).first).to_be_visible()


def test_what_is_missing_is_said_while_one_types_and_leads_to_the_field(page: Page) -> None:
    connecter(page, "Claire Dumas")
    aller(page, FORMULAIRE, "Informations générales")
    expect(page.get_by_text("point bloque encore")).to_have_count(0)
    page.get_by_label(NOM).fill("")
    expect(page.get_by_text("1 point bloque encore")).to_be_visible()
    expect(page.get_by_role("heading", name=re.compile("^Ce qui manque avant de valider"))).to_be_visible()
    page.get_by_role("radio", name="Non").focus()
    _manque(page, "Donnez un nom à l’offre.").click()
    expect(page.get_by_label(NOM)).to_be_focused()
    page.get_by_label(NOM).fill("Retrouvé")
    expect(page.get_by_text("point bloque encore")).to_have_count(0)


def test_what_cannot_be_read_is_told_on_leaving_the_field(page: Page) -> None:
    connecter(page, "Claire Dumas")
    aller(page, f"/offre/{GYNECO}/modifier/patientele", "Patientèle")
    age = page.get_by_label("Age maximum")
    age.fill("cent")
    expect(_statut(page)).to_contain_text(ENREGISTRE)
    expect(age).to_have_attribute("aria-invalid", "false")
    age.press("Tab")
    age.press("Shift+Tab")
    age.press_sequentially("s")
    age.press("Tab")
    expect(age).to_have_attribute("aria-invalid", "true")
    expect(age).to_have_value("scent")


def test_two_people_on_the_same_field_and_nobody_is_overwritten_by_a_timer(ouvrir: Ouvrir, serveur: Serveur) -> None:
    claire, mireille = ouvrir(), ouvrir("telephone")
    for page, nom in ((claire, "Claire Dumas"), (mireille, "Mireille Faure")):
        connecter(page, nom)
        aller(page, FORMULAIRE, "Informations générales")
    claire.get_by_label(NOM).fill("Le nom de Claire")
    expect(_statut(claire)).to_contain_text(ENREGISTRE)
    mireille.get_by_label(NOM).fill("Le nom de Mireille")
    expect(_statut(mireille)).to_contain_text("Non enregistré")
    mireille.get_by_label(NOM).fill("Le nom de Mireille, encore")
    mireille.get_by_role("radio", name="Oui").check()
    (kept,) = serveur.lire("SELECT valeurs FROM brouillon WHERE objet = ?", f"offre:{GYNECO}")
    assert "Le nom de Claire" in kept["valeurs"]
    enregistrer(mireille)  # her decision, not the clock's
    arriver(mireille, "Le nom de Mireille, encore")


def test_cut_connection_is_said_and_the_text_stays_then_goes(ouvrir: Ouvrir) -> None:
    page = ouvrir(attendues=("ERR_INTERNET_DISCONNECTED", "WebSocket", "websocket"))
    connecter(page, "Claire Dumas")
    aller(page, FORMULAIRE, "Informations générales")
    page.context.set_offline(True)
    page.get_by_label(NOM).fill("Écrit dans un ascenseur")
    expect(page.get_by_text("connexion perdue", exact=False).first).to_be_visible(timeout=15_000)
    expect(page.get_by_label(NOM)).to_have_value("Écrit dans un ascenseur")
    page.context.set_offline(False)
    expect(_statut(page)).to_contain_text(ENREGISTRE, timeout=30_000)
    page.reload()
    arriver(page, "Informations générales")
    expect(page.get_by_label(NOM)).to_have_value("Écrit dans un ascenseur")


def test_a_kept_section_is_dropped_by_abandonner_and_by_nothing_else(ordinateur: Page) -> None:
    page = ordinateur
    connecter(page, "Claire Dumas")
    aller(page, FORMULAIRE, "Informations générales")
    expect(lien(page, "Revenir")).to_be_visible()
    page.get_by_label(NOM).fill("À ne pas garder")
    expect(bouton(page, "Abandonner")).to_be_visible()
    bouton(page, "Abandonner").click()
    bouton(page, "Abandonner le brouillon").click()
    arriver(page, "Gynécologie, consultations")


@pytest.mark.parametrize("taille", ["telephone", "ordinateur"])
def test_telehealth_link_appears_with_its_answer_and_leaves_with_it(ouvrir: Ouvrir, taille: str) -> None:
    page = ouvrir(taille)
    connecter(page, "Claire Dumas")
    aller(page, f"/offre/{GYNECO}/modifier/accueil", "Accueil et prise en charge")
    page.get_by_role("checkbox", name="Téléconsultation", exact=True).check()
    bouton(page, "Ajouter un lien").click()
    page.get_by_label("Lien vers l’outil de téléconsultation").fill("https://visio.exemple.fr/albi")
    page.get_by_role("checkbox", name="Téléconsultation", exact=True).uncheck()
    expect(page.get_by_label("Lien vers l’outil de téléconsultation")).to_have_count(0)
    page.get_by_role("checkbox", name="Téléconsultation", exact=True).check()
    expect(page.get_by_label("Lien vers l’outil de téléconsultation")).to_have_count(1)
