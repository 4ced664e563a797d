"""A piece given to somebody without an account: answered on a telephone without JavaScript, then taken or not."""

import json
import re

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Ouvrir, Serveur
from tests.e2e.gestes import aller, arriver, bouton, connecter
from tests.e2e.test_accessibilite import examiner

UF = "/structure/OI76-000009"
TITRE = "Confier à quelqu’un"


def _confier(mireille: Page) -> str:
    """Give the contacts of the UF to Jeanne; the address of her link."""
    connecter(mireille, "Mireille Faure")
    aller(mireille, UF, "UF Gynécologie")
    mireille.locator("#contacts").get_by_role("link", name="Confier à quelqu’un").click()
    arriver(mireille, TITRE)
    bouton(mireille, "Créer le lien").click()
    expect(mireille.get_by_label("À qui")).to_be_focused()
    expect(mireille.get_by_text("Dites à qui vous confiez ce morceau.")).to_be_visible()
    mireille.get_by_label("À qui").fill("Jeanne Roux")
    bouton(mireille, "Créer le lien").click()
    expect(mireille.get_by_role("heading", name="Le lien de Jeanne Roux est prêt")).to_be_visible()
    expect(mireille.get_by_label("Lien personnel")).to_have_value(re.compile(r"/confie/[\w-]{43}$"))
    return mireille.get_by_label("Lien personnel").input_value()


def _ajouter(jeanne: Page, nature: str, numero: str) -> None:
    bouton(jeanne, "Ajouter un contact").click()
    expect(jeanne.locator(":focus")).to_have_text(re.compile("^Contact"))
    jeanne.get_by_label("Nature du contact").last.select_option(label=nature)
    jeanne.get_by_label("Moyen", exact=True).last.select_option(label="Téléphone fixe")
    jeanne.get_by_label("Numéro ou adresse").last.fill(numero)


def test_a_uf_is_answered_by_a_link_then_accepted_and_refused(ouvrir: Ouvrir, serveur: Serveur) -> None:
    mireille = ouvrir("telephone", reduced_motion="reduce")
    adresse = _confier(mireille)

    jeanne = ouvrir("telephone", java_script_enabled=False, attendues=("404",))
    jeanne.goto(adresse)
    bouton(jeanne, "Ouvrir").click()
    expect(jeanne.locator("h1")).to_have_text("Contacts")
    assert jeanne.url.endswith("/confie"), "the secret has left the address"
    _ajouter(jeanne, "Secrétariat", "05 36 49 12")
    _ajouter(jeanne, "Prise de rendez-vous", "05 36 49 12 78")
    jeanne.get_by_label("Un mot pour Mireille Faure").fill("Voilà.")
    bouton(jeanne, "Envoyer ma proposition").click()
    expect(jeanne.get_by_role("alert")).to_be_focused()
    expect(jeanne.get_by_role("alert").get_by_role("link")).to_have_count(1)
    expect(jeanne.get_by_label("Numéro ou adresse").last).to_have_value("05 36 49 12 78")
    jeanne.get_by_label("Numéro ou adresse").first.fill("05 36 49 12 77")
    bouton(jeanne, "Envoyer ma proposition").click()
    expect(jeanne.locator("h1")).to_have_text("Votre réponse est envoyée")
    expect(jeanne.get_by_text("05 36 49 12 77".replace(" ", "\u00a0"))).to_be_visible()

    ailleurs = ouvrir("telephone", attendues=("404",))
    ailleurs.goto(adresse)
    expect(ailleurs.locator("h1")).to_have_text("Ce lien ne s’ouvre pas")

    aller(mireille, "/", "Mes accès rapides")
    mireille.get_by_role("link", name="Examiner").click()
    arriver(mireille, "Proposition de Jeanne Roux")
    assert serveur.lire("SELECT * FROM brouillon") == []
    mireille.get_by_role("radio", name="Accepter").first.check()
    mireille.get_by_role("radio", name="Refuser").last.check()
    bouton(mireille, "Enregistrer mes choix").click()
    expect(mireille.get_by_text("Vos choix sont enregistrés.")).to_be_visible()
    expect(mireille.get_by_text("Acceptée par Mireille Faure")).to_be_visible()
    expect(mireille.get_by_text("Refusée par Mireille Faure")).to_be_visible()
    (brouillon,) = serveur.lire("SELECT valeurs FROM brouillon")
    (contact,) = json.loads(brouillon["valeurs"])["contact"]
    assert contact["telecommunication"][0]["adresse_telecom"] == "05 36 49 12 77"


def test_the_public_form_and_the_page_of_a_proposal_are_accessible(ouvrir: Ouvrir) -> None:
    mireille = ouvrir("ordinateur", reduced_motion="reduce")
    adresse = _confier(mireille)
    jeanne = ouvrir("telephone", reduced_motion="reduce")
    jeanne.goto(adresse)
    bouton(jeanne, "Ouvrir").click()
    _ajouter(jeanne, "Secrétariat", "05 36")
    bouton(jeanne, "Envoyer ma proposition").click()
    defauts = examiner(jeanne, "formulaire à corriger")
    jeanne.get_by_label("Numéro ou adresse").first.fill("05 36 49 12 77")
    jeanne.get_by_label("Numéro ou adresse").first.press("Enter")
    expect(bouton(jeanne, "Envoyer ma proposition")).to_be_visible()
    expect(jeanne.get_by_role("alert")).to_have_count(0)
    expect(jeanne.get_by_label("Numéro ou adresse").first).to_have_value("05 36 49 12 77")
    bouton(jeanne, "Envoyer ma proposition").click()
    expect(jeanne.locator("h1")).to_have_text("Votre réponse est envoyée")
    aller(mireille, "/", "Mes accès rapides")
    mireille.get_by_role("link", name="Examiner").click()
    arriver(mireille, "Proposition de Jeanne Roux")
    defauts += examiner(mireille, "proposition")
    assert defauts == []
