"""The six steps of the guide « Comment mettre à jour mon offre ? », from the sign-in to « Offre validée »."""

import json

from playwright.sync_api import Locator, Page, expect

from tests.e2e.clavier import Clavier
from tests.e2e.conftest import Serveur
from tests.e2e.gestes import arriver, bouton, connecter, enregistrer, lien

CARDIOLOGIE = "76/0000013"
VALIDATION = "SELECT * FROM trace WHERE objet = ? AND action = 'VALIDATION'"


def test_sanitaire_journey_by_mouse_from_sign_in_to_validated(page: Page, serveur: Serveur) -> None:
    connecter(page, "Mireille Faure")  # 1. Je m’authentifie

    page.locator(".acces").get_by_role("link", name="Mes établissements").click()  # 2. Je retrouve mon établissement
    arriver(page, "Mes établissements géographiques (EG)")
    page.get_by_label("Chercher un établissement").fill("ch albi")
    bouton(page, "Chercher").click()
    expect(page.get_by_role("status").filter(has_text="3 établissements")).to_be_visible()
    lien(page, "Détails de CH ALBI").click()
    arriver(page, "CH ALBI")

    dedans = page.get_by_role("region", name="Dans cet établissement")  # 3. J’accède à l’UF
    dedans.get_by_role("link", name="Détails de Pôle Médecine").click()
    arriver(page, "Pôle Médecine")
    expect(page.get_by_role("heading", name="Structure interne du pôle")).to_be_visible()
    lien(page, "Détails de UF Cardiologie").click()
    arriver(page, "UF Cardiologie")

    lien(page, "Détails de l’offre Cardiologie, hospitalisation complète").click()  # 4. J’accède à mon offre
    arriver(page, "Cardiologie, hospitalisation complète")

    lien(page, "Modifier la section Informations générales").click()  # 5. Je modifie l’offre
    arriver(page, "Informations générales")
    page.get_by_label("Nom de l’offre").fill("Cardiologie, hospitalisation complète de semaine")
    enregistrer(page)
    arriver(page, "Cardiologie, hospitalisation complète de semaine")
    expect(page.get_by_role("region", name="Informations générales").locator("mark")).to_have_text(
        "Cardiologie, hospitalisation complète de semaine"
    )

    lien(page, "Ouvrir le lieu Cardiologie, 4e étage").click()
    arriver(page, "Cardiologie, 4e étage")
    lien(page, "Modifier la section Capacitaire").click()
    arriver(page, "Capacitaire")
    lits = page.get_by_label("Ligne de capacité 1", exact=True).get_by_label("Nombre")
    expect(lits).to_have_value("24")
    lits.fill("26")
    enregistrer(page)
    arriver(page, "Cardiologie, 4e étage")
    lien(page, "Revenir").click()
    arriver(page, "Cardiologie, hospitalisation complète de semaine")

    lien(page, "Valider").click()  # 6. Je valide l’offre
    arriver(page, "Valider l’offre")
    nom = _ligne(page, "Nom de l’offre")
    expect(nom.locator("del")).to_have_text("Cardiologie, hospitalisation complète")
    expect(nom.locator("ins")).to_have_text("Cardiologie, hospitalisation complète de semaine")
    expect(_ligne(page, "Capacités").locator("ins", has_text="26")).to_be_visible()
    assert _publie(serveur) == ("Cardiologie, hospitalisation complète", 1, 24)  # nothing before « Valider »
    bouton(page, "Valider l’offre").click()
    arriver(page, "Offre validée")
    expect(page.locator(".panneau--reussite")).to_contain_text("par Mireille Faure")

    assert _publie(serveur) == ("Cardiologie, hospitalisation complète de semaine", 2, 26)
    assert serveur.lire("SELECT * FROM brouillon") == []
    [trace] = serveur.lire(VALIDATION, f"offre:{CARDIOLOGIE}")
    assert (trace["nom"], trace["finess"]) == ("Mireille Faure", "810000505")
    assert {c["champ"] for c in json.loads(trace["changements"])} == {"nom_offre", "capacite_accueil_operationnelle"}


def test_sanitaire_journey_by_keyboard_alone(ordinateur: Page, serveur: Serveur) -> None:
    page, clavier = ordinateur, Clavier(ordinateur)
    page.goto("/connexion")
    clavier.suivre(lien(page, "Choisir une identité de démonstration"))
    clavier.activer(bouton(page, "Entrer en tant que Claire Dumas"))
    arriver(page, "Mes accès rapides")

    clavier.suivre(page.locator(".acces").get_by_role("link", name="Mes établissements"))
    clavier.sur_le_titre("CH ALBI")  # the only établissement opens by itself
    clavier.suivre(lien(page, "Détails de Pôle Médecine"))
    clavier.sur_le_titre("Pôle Médecine")
    clavier.suivre(lien(page, "Détails de UF Cardiologie"))
    clavier.sur_le_titre("UF Cardiologie")
    clavier.suivre(lien(page, "Détails de l’offre Cardiologie, hospitalisation complète"))
    clavier.sur_le_titre("Cardiologie, hospitalisation complète")

    clavier.suivre(lien(page, "Modifier la section Patientèle"))
    clavier.sur_le_titre("Patientèle")
    clavier.cocher(page.get_by_role("checkbox").first)
    clavier.remplir(page.get_by_label("Age minimum"), "24")
    clavier.choisir(page.get_by_label("Unité de l’âge minimum"), "mois")
    clavier.atteindre(bouton(page, "Enregistrer"))
    clavier.atteindre(bouton(page, "Abandonner"), touche="Shift+Tab")
    clavier.activer(bouton(page, "Enregistrer"))
    clavier.sur_le_titre("Cardiologie, hospitalisation complète")

    clavier.suivre(lien(page, "Modifier la section Informations générales"))
    clavier.sur_le_titre("Informations générales")
    clavier.fleche(page.get_by_role("radio", name="Non"), page.get_by_role("radio", name="Oui"), "ArrowUp")
    clavier.fleche(page.get_by_role("radio", name="Oui"), page.get_by_role("radio", name="Non"), "ArrowDown")
    clavier.activer(bouton(page, "Enregistrer"))
    clavier.sur_le_titre("Cardiologie, hospitalisation complète")

    clavier.suivre(lien(page, "Valider"))
    clavier.sur_le_titre("Valider l’offre")
    expect(_ligne(page, "Age minimum").locator("ins").first).to_contain_text("24 mois")
    clavier.activer(bouton(page, "Valider l’offre"))
    clavier.sur_le_titre("Offre validée")
    [patientele] = serveur.lire(
        "SELECT age_min, age_min_unite FROM patientele p JOIN offre_operationnelle o"
        " ON o.id = p.offre_operationnelle_id WHERE identifiant_offre = ?",
        CARDIOLOGIE,
    )
    assert tuple(patientele) == (24, "mo")


def test_medico_social_journey_goes_from_etablissement_to_offre(page: Page, serveur: Serveur) -> None:
    connecter(page, "Samir Costes")
    page.locator(".acces").get_by_role("link", name="Mes établissements").click()
    arriver(page, "EHPAD LA RENAUDIE CH ALBI")
    expect(page.locator(".etapes li").nth(2)).to_contain_text("sans objet")

    lien(page, "Détails de l’offre Hébergement temporaire").click()
    arriver(page, "Hébergement temporaire")
    expect(page.locator(".etapes li").nth(2)).to_contain_text("sans objet")
    lien(page, "Modifier la section Patientèle").click()
    arriver(page, "Patientèle")
    page.get_by_label("Age minimum").fill("62")
    enregistrer(page)
    arriver(page, "Hébergement temporaire")
    lien(page, "Valider").click()
    arriver(page, "Valider l’offre")
    expect(_ligne(page, "Age minimum").locator("ins")).to_contain_text("62")
    bouton(page, "Valider l’offre").click()
    arriver(page, "Offre validée")
    lien(page, "Continuer dans EHPAD LA RENAUDIE CH ALBI").click()
    arriver(page, "EHPAD LA RENAUDIE CH ALBI")
    expect(page.locator(".liste > li").filter(has_text="Hébergement temporaire")).to_contain_text("À jour")
    assert len(serveur.lire("SELECT * FROM trace WHERE action = 'VALIDATION'")) == 1


def _ligne(page: Page, champ: str) -> Locator:
    return page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=champ))


def _publie(serveur: Serveur) -> tuple[str, int, int]:
    [offre] = serveur.lire("SELECT * FROM offre_operationnelle WHERE identifiant_offre = ?", CARDIOLOGIE)
    [lits] = serveur.lire(
        "SELECT nombre_capacite FROM capacite_accueil_operationnelle c JOIN lieu_realisation_offre l"
        " ON l.id = c.lieu_realisation_offre_id WHERE l.identifiant = 'L76-000007' AND statut_capacite = '01'"
    )
    return offre["nom_offre"], offre["version"], lits["nombre_capacite"]
