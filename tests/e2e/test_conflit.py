"""Two people, or two tabs, on the same field: nobody is overwritten, nobody is thrown out while typing, one chooses."""

import json
import time

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Ouvrir, Serveur
from tests.e2e.gestes import GYNECO, aller, arriver, bouton, connecter, enregistrer, lien
from tests.e2e.test_accessibilite import examiner

NOM = "Nom de l’offre"
FORMULAIRE = f"/offre/{GYNECO}/modifier/informations_generales"
CHOISIR = f"/offre/{GYNECO}/conflit/informations_generales"
OBJET = f"offre:{GYNECO}"
TITRE = "Deux saisies différentes"


def _statut(page: Page):
    return page.locator(".barre .statut-recu").first


def _opposer(claire: Page, mireille: Page) -> None:
    """Both open the form; Claire saves a name, Mireille types another one, and a sensitive unit."""
    for page, nom in ((claire, "Claire Dumas"), (mireille, "Mireille Faure")):
        connecter(page, nom)
        aller(page, FORMULAIRE, "Informations générales")
    claire.get_by_label(NOM).fill("Le nom de Claire")
    expect(_statut(claire)).to_contain_text("Enregistré à")
    mireille.get_by_label(NOM).fill("Le nom de Mireille")
    expect(mireille.get_by_text("1 réponse attend votre choix.")).to_be_visible()


def _tenu(serveur: Serveur) -> dict[str, object]:
    (ligne,) = serveur.lire("SELECT valeurs FROM brouillon WHERE objet = ?", OBJET)
    return json.loads(ligne["valeurs"])


@pytest.mark.parametrize("taille", ["telephone", "ordinateur"])
def test_who_types_stays_there_then_chooses_after_a_reload(ouvrir: Ouvrir, serveur: Serveur, taille: str) -> None:
    claire, mireille = ouvrir(), ouvrir(taille, reduced_motion="reduce")
    _opposer(claire, mireille)
    champ = mireille.get_by_label(NOM)
    expect(champ).to_be_focused()  # no timer takes her away
    expect(champ).to_have_value("Le nom de Mireille")
    expect(mireille.get_by_text("Claire Dumas a changé ceci")).to_be_visible()
    mireille.get_by_role("radio", name="Oui").check()
    champ.press("End")
    champ.press_sequentially(", encore")
    enregistrer(mireille)
    arriver(mireille, TITRE)
    assert (_tenu(serveur)["nom_offre"], _tenu(serveur)["unite_sensible"]) == ("Le nom de Claire", True)

    mireille.reload()
    arriver(mireille, TITRE)
    radios = mireille.get_by_role("radio")
    expect(radios).to_have_count(3)
    assert [radios.nth(i).is_checked() for i in range(3)] == [False] * 3
    if taille == "ordinateur":
        assert examiner(mireille, "choisir") == []
        mireille.set_viewport_size({"width": 1280, "height": 800})
        mireille.reload()
        arriver(mireille, TITRE)
    bouton(mireille, "Enregistrer mes choix").click()
    expect(mireille.get_by_text("Choisissez une réponse.")).to_be_visible()
    expect(mireille.get_by_role("group", name=NOM)).to_be_focused()

    mireille.keyboard.press("Tab")  # by the keyboard alone: the first radio, then the next
    mireille.keyboard.press("Space")
    expect(radios.nth(0)).to_be_checked()
    mireille.keyboard.press("Enter")
    arriver(mireille, "Le nom de Mireille, encore")
    assert _tenu(serveur)["nom_offre"] == "Le nom de Mireille, encore"
    aller(mireille, FORMULAIRE, "Informations générales")
    expect(mireille.get_by_label(NOM)).to_have_value("Le nom de Mireille, encore")
    expect(lien(mireille, "Comparer et choisir")).to_have_count(0)
    (trace,) = serveur.lire("SELECT resultat FROM trace WHERE action = 'ARBITRAGE'")
    assert "Le nom de Claire" in trace["resultat"]


def test_a_save_in_between_is_told_and_the_choice_already_made_stays(ouvrir: Ouvrir, serveur: Serveur) -> None:
    claire, mireille = ouvrir(), ouvrir()
    _opposer(claire, mireille)
    lien(mireille, "Comparer et choisir").click()
    arriver(mireille, TITRE)
    mireille.get_by_role("radio", name="Le nom de Mireille").check()
    claire.get_by_label(NOM).fill("Le second nom de Claire")
    expect(_statut(claire)).to_contain_text("Enregistré à")
    fin = time.monotonic() + 10
    while _tenu(serveur)["nom_offre"] != "Le second nom de Claire":
        assert time.monotonic() < fin
    bouton(mireille, "Enregistrer mes choix").click()
    expect(mireille.get_by_role("radio", name="Le second nom de Claire")).to_be_visible()
    expect(mireille.get_by_role("radio", name="Le nom de Mireille")).to_be_checked()
    bouton(mireille, "Enregistrer mes choix").click()
    arriver(mireille, "Le nom de Mireille")
    aller(mireille, CHOISIR, TITRE)
    expect(mireille.get_by_text("Plus rien à choisir")).to_be_visible()


def test_a_page_left_with_a_conflict_loses_nothing(ouvrir: Ouvrir) -> None:
    claire, mireille = ouvrir(), ouvrir("telephone")
    _opposer(claire, mireille)
    mireille.goto(f"/offre/{GYNECO}")  # nothing to ask: the answer is kept on the server
    arriver(mireille, "Le nom de Claire")
    expect(mireille.get_by_role("heading", name="Une réponse attend votre choix")).to_be_visible()
    ailleurs = ouvrir()
    connecter(ailleurs, "Mireille Faure")
    aller(ailleurs, FORMULAIRE, "Informations générales")
    expect(ailleurs.get_by_label(NOM)).to_have_value("Le nom de Claire")
    lien(ailleurs, "Comparer et choisir").click()
    arriver(ailleurs, TITRE)
    expect(ailleurs.get_by_role("radio", name="Le nom de Mireille")).to_be_visible()
    aller(claire, f"/offre/{GYNECO}/valider", "Valider l’offre")
    expect(claire.get_by_text("Des réponses attendent encore le choix de leur auteur")).to_contain_text(
        "Mireille Faure"
    )
