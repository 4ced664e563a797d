"""FINESS and a record that differ, on the field itself: kept with a reason, asked again, then taken."""

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Serveur
from tests.e2e.gestes import aller, bouton, connecter, lien

NOM, URL = "CENTRE ACCUEIL DE JOUR LE PETIT CANTOU", "/etablissement/810005538"


def test_a_difference_with_finess_is_kept_asked_again_then_taken(page: Page, serveur: Serveur) -> None:
    connecter(page, "Mireille Faure")
    aller(page, URL, NOM)
    lien(page, "FINESS dit autre chose").click()
    ecart = page.locator(".ecart")
    expect(ecart).to_contain_text("16 PL DU PALAIS")
    expect(ecart).to_contain_text("14 PL DU PALAIS")
    expect(ecart).to_contain_text("est inventée")

    ecart.get_by_text("Garder (motif)").click()
    ecart.get_by_label("Pourquoi garder cette réponse").fill("La porte d’entrée est au 16.")
    bouton(page, "Garder").click()
    expect(page.locator("#fait-finess")).to_be_focused()
    expect(lien(page, "FINESS dit autre chose")).to_have_count(0)
    ecart.get_by_text("la fiche est gardée").click()
    expect(ecart).to_contain_text("La porte d’entrée est au 16.")
    bouton(page, "Reprendre : Adresse").click()

    bouton(page, "Prendre la valeur FINESS : Adresse").click()
    expect(page.locator("#fait-finess")).to_contain_text("C’est publié.")
    expect(ecart).to_have_count(0)
    numeros = serveur.lire("SELECT numero_voie FROM entite_geographique WHERE num_finess = '810005538'")
    assert [tuple(n) for n in numeros] == [("14",)]
