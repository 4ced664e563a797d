"""A section is kept while one types: nothing to click, nothing lost on leaving, and what is missing said at once."""

import re
import time

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.e2e.conftest import Ouvrir, Serveur
from tests.e2e.gestes import GYNECO, aller, arriver, bouton, connecter, enregistrer, lien

NOM = "Nom de l’offre"
FORMULAIRE = f"/offre/{GYNECO}/modifier/informations_generales"
ENREGISTRE = "Enregistré à"
BLOQUE = re.compile("bloque(nt)? encore")
OBJET = f"offre:{GYNECO}"


class Fil:
    """The wire of a page: what its form sent, and the answers of the server, which may be held back or lost."""

    def __init__(self, page: Page) -> None:
        self.envois: list[str] = []
        self.tenus: list[tuple[WebSocketRoute, str | bytes]] = []
        self.tient = False
        page.clock.install()
        page.route_web_socket("**/_event/**", self._relier)

    def _relier(self, navigateur: WebSocketRoute) -> None:
        serveur = navigateur.connect_to_server()

        def envoyer(message: str | bytes) -> None:
            if "edition_state.enregistrer" in str(message):
                self.envois.append(str(message))
            serveur.send(message)

        def repondre(message: str | bytes) -> None:
            if self.tient:
                self.tenus.append((navigateur, message))
            else:
                navigateur.send(message)

        navigateur.on_message(envoyer)
        serveur.on_message(repondre)

    def lacher(self) -> None:
        """Let through what was held."""
        self.tient = False
        for navigateur, message in self.tenus:
            navigateur.send(message)
        self.tenus.clear()


def _tenir(serveur: Serveur, mot: str) -> None:
    """Wait until the brouillon of the offer holds a word."""
    fin = time.monotonic() + 10
    while not serveur.lire("SELECT 1 FROM brouillon WHERE objet = ? AND valeurs LIKE ?", OBJET, f"%{mot}%"):
        assert time.monotonic() < fin, mot


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
    (tenu,) = serveur.lire("SELECT section, valeurs FROM brouillon WHERE objet = ?", OBJET)
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
    expect(page.get_by_text(BLOQUE)).to_have_count(0)
    page.get_by_label(NOM).fill("")
    expect(page.get_by_text("1 point bloque encore")).to_be_visible()
    expect(page.get_by_role("heading", name=re.compile("^Ce qui manque avant de valider"))).to_be_visible()
    page.get_by_role("radio", name="Non").focus()
    _manque(page, "Donnez un nom à l’offre.").click()
    expect(page.get_by_label(NOM)).to_be_focused()
    page.get_by_label(NOM).fill("Retrouvé")
    expect(page.get_by_text(BLOQUE)).to_have_count(0)


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


def test_going_back_at_once_loses_nothing(page: Page) -> None:
    connecter(page, "Claire Dumas")
    aller(page, f"/offre/{GYNECO}", re.compile("^Gynécologie"))
    lien(page, "Modifier la section Informations générales").click()
    arriver(page, "Informations générales")
    page.get_by_label(NOM).fill("Quittée par « retour »")
    page.go_back()
    arriver(page, "Quittée par « retour »")


def test_nothing_is_typed_between_enregistrer_and_its_answer(ordinateur: Page) -> None:
    page, fil = ordinateur, Fil(ordinateur)
    connecter(page, "Claire Dumas")
    aller(page, FORMULAIRE, "Informations générales")
    page.get_by_label(NOM).fill("Nom entier")
    fil.tient = True
    enregistrer(page)
    page.get_by_label(NOM).focus()
    page.keyboard.type("perdu")
    expect(page.get_by_label(NOM)).to_have_value("Nom entier")
    fil.lacher()
    arriver(page, "Nom entier")


def test_a_refusal_is_said_once_and_not_asked_again_by_a_timer(ouvrir: Ouvrir, serveur: Serveur) -> None:
    page = ouvrir()
    fil = Fil(page)
    connecter(page, "Claire Dumas")
    aller(page, FORMULAIRE, "Informations générales")
    serveur.ecrire("DELETE FROM habilitation")
    page.get_by_label(NOM).fill("Écrit sans droit")
    expect(page.locator("#incident")).to_contain_text("ne vous est pas confiée")
    page.clock.run_for(10_000)
    expect(page.get_by_text("Non enregistré : lisez le message en haut de la page.")).to_be_visible()
    expect(page.get_by_label(NOM)).to_have_value("Écrit sans droit")
    page.clock.run_for(20_000)
    assert len(fil.envois) == 1
    page.get_by_label(NOM).fill("Écrit encore sans droit")
    page.clock.run_for(1_000)
    assert len(fil.envois) == 2


def test_a_late_answer_is_an_answer_and_a_silence_is_asked_again_later_and_later(ordinateur: Page) -> None:
    page, fil = ordinateur, Fil(ordinateur)
    connecter(page, "Claire Dumas")
    aller(page, FORMULAIRE, "Informations générales")
    fil.tient = True
    page.get_by_label(NOM).fill("Réseau lent")
    page.clock.run_for(7_000)
    muet = page.get_by_text("Non enregistré : le serveur ne répond pas", exact=False)
    expect(muet).to_be_visible()
    assert len(fil.envois) == 1
    fil.lacher()
    expect(_statut(page)).to_contain_text(ENREGISTRE)
    expect(muet).to_be_hidden()
    fil.tient = True
    page.get_by_label(NOM).fill("Réseau muet")
    page.clock.run_for(40_000)
    assert len(fil.envois) == 4  # the first one, then after nothing, 12 s, 30 s


def test_a_lost_answer_is_no_conflict_with_oneself(ordinateur: Page, serveur: Serveur) -> None:
    page, fil = ordinateur, Fil(ordinateur)
    connecter(page, "Claire Dumas")
    aller(page, FORMULAIRE, "Informations générales")
    fil.tient = True
    page.get_by_label(NOM).fill("Premier jet")
    page.clock.run_for(1_000)
    _tenir(serveur, "Premier jet")
    page.clock.run_for(6_000)
    fil.tenus.clear()  # the answer never comes
    fil.tient = False
    page.get_by_label(NOM).fill("Second jet")
    page.clock.run_for(1_000)
    expect(_statut(page)).to_contain_text(ENREGISTRE)
    _tenir(serveur, "Second jet")
    assert len(fil.envois) == 2


def test_a_breakdown_is_told_then_saving_resumes_by_itself(ordinateur: Page, serveur: Serveur) -> None:
    page = ordinateur
    page.clock.install()
    connecter(page, "Claire Dumas")
    aller(page, FORMULAIRE, "Informations générales")
    serveur.ecrire("ALTER TABLE brouillon RENAME TO en_panne")
    page.get_by_label(NOM).fill("Écrit pendant la panne")
    page.clock.run_for(1_000)
    expect(page.get_by_text("Non enregistré : le serveur ne répond pas")).to_be_visible()
    expect(page.locator("#incident")).to_contain_text("La panne vient de nous")
    serveur.ecrire("ALTER TABLE en_panne RENAME TO brouillon")
    page.clock.run_for(4_000)
    expect(_statut(page)).to_contain_text(ENREGISTRE)
    expect(page.locator("#incident")).to_be_empty()
    _tenir(serveur, "pendant la panne")


def test_cut_connection_is_said_and_the_text_stays_then_goes(ouvrir: Ouvrir) -> None:
    page = ouvrir(attendues=("ERR_INTERNET_DISCONNECTED", "WebSocket", "websocket"))
    connecter(page, "Claire Dumas")
    aller(page, FORMULAIRE, "Informations générales")
    page.context.set_offline(True)
    page.get_by_label(NOM).fill("Écrit dans un ascenseur")
    expect(page.get_by_text("pas de réseau", exact=False).first).to_be_visible(timeout=15_000)
    expect(page.get_by_label(NOM)).to_have_value("Écrit dans un ascenseur")
    page.context.set_offline(False)
    expect(_statut(page)).to_contain_text(ENREGISTRE, timeout=30_000)
    page.reload()
    arriver(page, "Informations générales")
    expect(page.get_by_label(NOM)).to_have_value("Écrit dans un ascenseur")


def test_a_kept_section_is_dropped_by_abandonner_and_by_nothing_else(ordinateur: Page, serveur: Serveur) -> None:
    page = ordinateur
    connecter(page, "Claire Dumas")
    aller(page, FORMULAIRE, "Informations générales")
    expect(lien(page, "Revenir")).to_be_visible()
    page.get_by_label(NOM).fill("Rien de bon")
    expect(bouton(page, "Abandonner")).to_be_visible()
    page.locator(".chemin").get_by_role("link", name="Gynécologie, consultations").click()
    arriver(page, "Rien de bon")
    lien(page, "Modifier la section Informations générales").click()
    bouton(page, "Abandonner").click()
    bouton(page, "Garder").click()
    _tenir(serveur, "Rien de bon")
    bouton(page, "Abandonner").click()
    bouton(page, "Abandonner le brouillon").click()
    arriver(page, "Gynécologie, consultations")
    assert serveur.lire("SELECT 1 FROM brouillon WHERE objet = ?", OBJET) == []


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
    expect(page.get_by_label("Lien vers l’outil de téléconsultation")).to_have_value("https://visio.exemple.fr/albi")
