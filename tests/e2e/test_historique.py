"""From one save to the next version: the history, two versions compared, one taken back, one's last save undone."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Serveur
from tests.e2e.gestes import GYNECO, aller, arriver, bouton, connecter, enregistrer, lien, valider

NOM, NEUF = "Gynécologie, consultations", "Gynécologie de ville"
OFFRE = f"/offre/{GYNECO}"


def renommer(page: Page, nom: str) -> None:
    aller(page, f"{OFFRE}/modifier/informations_generales", "Informations générales")
    page.get_by_label("Nom de l’offre").fill(nom)
    enregistrer(page)
    arriver(page, nom)


def publier(page: Page) -> None:
    lien(page, "Valider").click()
    arriver(page, "Valider l’offre")
    valider(page).click()
    arriver(page, "Offre validée")


def test_a_version_is_read_compared_taken_back_and_a_save_undone(page: Page, serveur: Serveur) -> None:
    connecter(page, "Claire Dumas")
    renommer(page, NEUF)
    publier(page)

    aller(page, OFFRE, NEUF)
    lien(page, f"Historique de {NEUF}").click()
    arriver(page, "Historique")
    gestes = page.locator(".liste--gestes > li")
    expect(gestes.locator("h3")).to_have_text(
        ["Claire Dumas a validé", "Claire Dumas a enregistré Informations générales", re.compile("^Démonstration")]
    )
    gestes.first.locator("summary").click()
    expect(gestes.first.locator("del")).to_have_text(NOM)
    expect(gestes.first.locator("ins")).to_have_text(NEUF)

    page.locator("summary").filter(has_text="Filtrer").click()
    page.get_by_label("Gestes", exact=True).select_option("Brouillons")
    bouton(page, "Filtrer").click()
    expect(gestes).to_have_count(1)
    page.reload()
    expect(gestes).to_have_count(1)
    page.go_back()
    expect(gestes).to_have_count(3)

    lien(page, re.compile("^Comparer 2")).click()
    arriver(page, "Comparer deux versions")
    expect(page.locator("ins")).to_have_text(NEUF)
    lien(page, "Reprendre la plus ancienne…").click()
    arriver(page, "Reprendre une version")
    expect(page.get_by_role("checkbox", name="Informations générales")).to_be_checked()
    bouton(page, "Reprendre en brouillon").click()
    arriver(page, NOM)
    publiees = serveur.lire("SELECT nom_offre, version FROM offre_operationnelle WHERE version > 1")
    assert [tuple(v) for v in publiees] == [(NEUF, 2)], "nothing is published before « Valider »"
    publier(page)

    renommer(page, "Une erreur")
    lien(page, "Annuler mon dernier enregistrement").click()
    arriver(page, "Annuler mon dernier enregistrement")
    expect(page.locator("ins")).to_have_text(NOM)
    bouton(page, "Annuler mon enregistrement").click()
    arriver(page, NOM)
    assert serveur.lire("SELECT 1 FROM brouillon") == []
    lignes = serveur.lire("SELECT action, version_apres FROM trace WHERE objet = ? ORDER BY id", f"offre:{GYNECO}")
    assert [tuple(x) for x in lignes] == [
        ("IMPORT", 1),
        ("BROUILLON", None),
        ("VALIDATION", 2),
        ("RESTAURATION", None),
        ("VALIDATION", 3),
        ("BROUILLON", None),
        ("ANNULATION", None),
    ]


def test_a_lecteur_reads_the_history_and_can_take_nothing_back(telephone: Page) -> None:
    connecter(telephone, "Louise Pagès")
    aller(telephone, f"{OFFRE}/historique", "Historique")
    expect(telephone.locator(".liste--gestes > li")).to_have_count(1)
    expect(lien(telephone, re.compile("^Reprendre"))).to_have_count(0)
    telephone.goto(f"{OFFRE}/reprendre?version=1")
    expect(telephone.locator("#incident")).to_contain_text("ne vous est pas confiée")
