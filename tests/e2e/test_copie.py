"""« Dupliquer » an offer, « Appliquer » a section to others: by keyboard and on a phone."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.clavier import Clavier
from tests.e2e.conftest import Serveur
from tests.e2e.gestes import GYNECO, aller, arriver, bouton, connecter, lien

CONSULTATIONS = "Gynécologie, consultations"


def test_an_offre_is_duplicated_by_keyboard_and_keeps_nothing_published(ordinateur: Page, serveur: Serveur) -> None:
    page, clavier = ordinateur, Clavier(ordinateur)
    connecter(page, "Claire Dumas")
    aller(page, f"/offre/{GYNECO}", CONSULTATIONS)
    clavier.suivre(lien(page, "Dupliquer cette offre"))
    clavier.sur_le_titre("Dupliquer l’offre")
    expect(page.get_by_label("Nom de l’offre")).to_have_value(f"Copie de {CONSULTATIONS}")
    expect(page.get_by_role("checkbox", name="Copier aussi les contacts")).not_to_be_checked()
    clavier.activer(bouton(page, "Dupliquer"))
    expect(page.locator("#homonyme")).to_be_focused()  # a provisional name is not kept without being asked
    clavier.remplir(page.get_by_label("Nom de l’offre"), "Gynécologie, hôpital de semaine")
    clavier.choisir(page.get_by_label("Mode de prise en charge"), "Hospitalisation de sem")
    expect(page.get_by_role("status").filter(has_text="Mode de prise en charge change")).to_be_visible()
    clavier.activer(bouton(page, "Dupliquer"))
    arriver(page, "Gynécologie, hôpital de semaine")
    expect(page.locator(".tete")).to_contain_text("Enregistré, à valider")
    expect(page.get_by_role("region", name="Ce qui manque avant de valider")).to_contain_text("Ajoutez un contact")
    (neuve,) = serveur.lire("SELECT * FROM offre_operationnelle ORDER BY id DESC LIMIT 1")
    assert (neuve["date_validation"], neuve["version"], neuve["commentaire"]) == (None, 1, "")
    cle = f"offre:{neuve['identifiant_offre']}"
    sections = {b["section"] for b in serveur.lire("SELECT section FROM brouillon WHERE objet = ?", cle)}
    assert {"adresse", "specificites"} <= sections
    assert "contacts" not in sections


def test_a_section_is_applied_to_the_other_offres_of_the_uf(page: Page, serveur: Serveur) -> None:
    connecter(page, "Claire Dumas")
    aller(page, f"/offre/{GYNECO}", CONSULTATIONS)
    page.get_by_role("region", name="Contacts", exact=True).get_by_role("link", name=re.compile("^Appliquer à")).click()
    arriver(page, "Appliquer à d’autres offres")
    bouton(page, "Voir ce qui change").click()
    expect(page.get_by_role("status").filter(has_text="Choisissez au moins une offre.")).to_be_visible()
    bouton(page, "Tout cocher").click()
    expect(page.get_by_role("checkbox", name=re.compile("^Gynécologie, hospitalisation"))).to_be_checked()
    bouton(page, "Voir ce qui change").click()
    ce_qui_change = page.get_by_role("heading", name="Ce qui change")
    expect(ce_qui_change).to_be_focused()
    complete = page.get_by_role("region", name="Gynécologie, hospitalisation complète")
    expect(complete.locator("del").first).to_have_text("Secrétariat")
    expect(complete.locator("ins").first).to_have_text("Prise de rendez-vous")
    assert serveur.lire("SELECT * FROM brouillon") == []
    bouton(page, re.compile("^Appliquer à 2 offres")).click()
    fait = page.get_by_role("region", name="Enregistré dans 2 offres")
    expect(fait).to_be_focused()
    assert {b["section"] for b in serveur.lire("SELECT section FROM brouillon")} == {"contacts"}
    assert serveur.lire("SELECT * FROM trace WHERE action = 'VALIDATION'") == []

    lien(page, "Gynécologie, hospitalisation complète").click()
    arriver(page, "Gynécologie, hospitalisation complète")
    expect(page.get_by_role("region", name="Contacts", exact=True)).to_contain_text("Prise de rendez-vous")
    aller(page, f"/offre/{GYNECO}/appliquer/contacts", "Appliquer à d’autres offres")
    expect(page.get_by_role("heading", name="Rien à appliquer")).to_be_visible()


def test_a_section_that_somebody_saved_is_replaced_only_when_ticked(telephone: Page, serveur: Serveur) -> None:
    page = telephone
    connecter(page, "Mireille Faure")
    aller(page, "/offre/76/0000002/modifier/commentaire", "Commentaire")
    page.get_by_label("Commentaire").fill("Sonner deux fois.")
    bouton(page, "Enregistrer").click()
    arriver(page, re.compile("chirurgie ambulatoire"))
    aller(page, f"/offre/{GYNECO}/modifier/commentaire", "Commentaire")
    page.get_by_label("Commentaire").fill("Entrée B.")
    bouton(page, "Enregistrer").click()
    arriver(page, CONSULTATIONS)
    aller(page, f"/offre/{GYNECO}/appliquer/commentaire", "Appliquer à d’autres offres")
    bouton(page, "Tout cocher").click()
    occupee = page.get_by_role("checkbox", name=re.compile("chirurgie ambulatoire.*par Mireille Faure"))
    expect(occupee).not_to_be_checked()
    occupee.check()
    bouton(page, "Voir ce qui change").click()
    expect(page.get_by_text("Remplacé :")).to_be_visible()
    bouton(page, re.compile("^Appliquer à 2 offres")).click()
    expect(page.get_by_role("region", name="Enregistré dans 2 offres")).to_be_focused()
    textes = [b["valeurs"] for b in serveur.lire("SELECT valeurs FROM brouillon WHERE section = 'commentaire'")]
    assert len(textes) == 3
    assert all("Entr" in t for t in textes)
