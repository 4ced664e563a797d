"""National requirements on screen, and one correction from its link to the brouillon: shown, cancelled, applied."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Ouvrir, Serveur
from tests.e2e.gestes import NRBC, aller, arriver, bouton, connecter, lien

NOM = "Urgences, décontamination NRBC"
TITRE = "Réserver tous les contacts à la régulation et à la gestion de crise"


def test_a_correction_is_shown_then_cancelled_then_applied(page: Page, serveur: Serveur) -> None:
    connecter(page, "Claire Dumas")
    aller(page, f"/offre/{NRBC}", NOM)
    expect(page.locator(".barre")).to_contain_text("2 points bloquent")
    lien(page, TITRE).click()
    arriver(page, TITRE)
    tableau = page.get_by_role("region", name="Ce qui va changer")
    expect(tableau.get_by_role("row").filter(has_text="Alerte H24")).to_have_count(2)
    expect(tableau.locator("ins").first).to_contain_text("régulation")

    lien(page, "Annuler").click()
    arriver(page, NOM)
    assert serveur.lire("SELECT 1 FROM brouillon") == []

    lien(page, TITRE).click()
    arriver(page, TITRE)
    bouton(page, "Appliquer la correction").click()
    arriver(page, NOM)
    expect(page.locator(".barre")).to_contain_text("Rien ne bloque")
    expect(page.get_by_role("heading", name="Corriger d’un geste")).to_have_count(0)
    assert [tuple(b) for b in serveur.lire("SELECT objet, section FROM brouillon")] == [(f"offre:{NRBC}", "contacts")]
    publies = serveur.lire(
        "SELECT c.niveau_confidentialite FROM contact c "
        "JOIN offre_operationnelle o ON o.id = c.offre_operationnelle_id "
        f"WHERE o.identifiant_offre = '{NRBC}'"
    )
    assert [tuple(p) for p in publies] == [("2",)], "nothing is published before « Valider »"

    aller(page, f"/offre/{NRBC}/corriger/COH-10", "Rien à corriger")
    lien(page, "Revenir à l’offre").click()
    arriver(page, NOM)


def test_a_correction_that_no_longer_fits_says_so_and_changes_nothing(ouvrir: Ouvrir, serveur: Serveur) -> None:
    page, autre = ouvrir("telephone"), ouvrir("ordinateur")
    connecter(page, "Claire Dumas")
    aller(page, f"/offre/{NRBC}/corriger/COH-10", TITRE)
    connecter(autre, "Mireille Faure")
    aller(autre, f"/offre/{NRBC}/modifier/contacts", "Contacts")
    autre.get_by_label("Précision").first.fill("de nuit")
    bouton(autre, "Enregistrer").click()
    expect(autre.locator(".erreur").first).to_be_visible()  # saved, and still to be corrected

    bouton(page, "Appliquer la correction").click()
    expect(page.locator("#message")).to_contain_text("Rien n’a été appliqué")
    expect(page.locator("#message")).to_be_focused()
    bouton(page, "Appliquer la correction").click()  # now what is shown is what is kept
    arriver(page, NOM)
    (valeurs,) = serveur.lire("SELECT valeurs FROM brouillon")
    assert "de nuit" in valeurs[0]
    assert '"niveau_confidentialite": "3"' in valeurs[0]


def test_requirements_lead_from_the_etablissement_to_the_offers(page: Page) -> None:
    connecter(page, "Claire Dumas")
    aller(page, "/etablissement/810000505", "CH ALBI")
    lien(page, "Exigences nationales").click()
    arriver(page, "Exigences nationales")
    for mot in ("Conforme", "Écart", "Non vérifiable"):
        expect(page.locator("main .etat").filter(has_text=mot).first).to_be_visible()
    page.locator("summary").filter(has_text="L’offre est complète").click()
    premiere = page.locator("details[open] .manques a").first
    nom = premiere.inner_text()
    premiere.click()
    arriver(page, nom)
    exigences = page.get_by_role("region", name="Exigences nationales")
    expect(exigences).to_contain_text("CP4, complétude")
    lien(page, re.compile("^Toutes les exigences")).click()
    arriver(page, "Exigences nationales")
