"""What is typed waits in the browser: no network, a killed tab, an ended session lose no character, and double none."""

import time

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.conftest import Ouvrir, Serveur
from tests.e2e.gestes import GYNECO, aller, arriver, bouton, connecter, enregistrer, lien

NOM = "Nom de l’offre"
OFFRE = f"/offre/{GYNECO}"
FORMULAIRE = f"{OFFRE}/modifier/informations_generales"
TITRE = "Informations générales"
OBJET = f"offre:{GYNECO}"
COUPURE = ("ERR_INTERNET_DISCONNECTED", "WebSocket", "websocket")
ENREGISTRE = "Ce qui attendait est enregistré"


def _brouillon(serveur: Serveur, section: str = "informations_generales") -> str:
    (ligne,) = serveur.lire("SELECT valeurs FROM brouillon WHERE objet = ? AND section = ?", OBJET, section)
    return ligne["valeurs"]


def _actes(serveur: Serveur) -> int:
    """How many saves of the offer were acknowledged."""
    return len(serveur.lire("SELECT 1 FROM trace WHERE objet = ? AND action = 'BROUILLON'", OBJET))


def _gardees(page: Page) -> int:
    """How many records wait in the browser, whoever they belong to."""
    return page.evaluate("Object.keys(localStorage).filter((c) => c.startsWith('rxror.attente.')).length")


def _statut(page: Page):
    return page.locator(".barre .statut")


def _dit(page: Page, texte: str) -> None:
    """The bar says it, to the eyes too."""
    expect(_statut(page)).to_contain_text(texte, use_inner_text=True)


def _ligne(page: Page):
    return page.locator("[data-attente-ligne]")


def _ecrire_puis_tuer(page: Page, nom: str) -> BrowserContext:
    """Type without a network, then lose the tab as a telephone does: nothing is asked, nothing is run."""
    contexte = page.context
    contexte.set_offline(True)
    page.get_by_label(NOM).fill(nom)
    _dit(page, "Non enregistré : pas de réseau.")
    page.close()
    contexte.set_offline(False)
    return contexte


def test_a_minute_offline_a_killed_tab_an_ended_session_then_all_is_there_once(
    ouvrir: Ouvrir, serveur: Serveur
) -> None:
    page = ouvrir("telephone", attendues=COUPURE)
    page.clock.install()
    connecter(page, "Claire Dumas")
    aller(page, FORMULAIRE, TITRE)
    contexte = page.context
    contexte.set_offline(True)
    page.get_by_role("radio", name="Oui").check()
    for seconde in range(0, 60, 10):
        page.clock.run_for(10_000)
        page.get_by_label(NOM).fill(f"Écrit dans un ascenseur, {seconde + 10} s")
    _dit(page, "Non enregistré : pas de réseau.")
    _dit(page, "2 réponses en attente d’envoi, gardées sur cet appareil.")
    assert (_actes(serveur), _gardees(page)) == (0, 1)
    page.close()
    contexte.set_offline(False)
    serveur.ecrire("DELETE FROM web_session")

    page = contexte.new_page()
    connecter(page, "Claire Dumas")
    expect(_ligne(page)).to_contain_text("2 réponses en attente d’envoi")
    lien(page, "Voir ce qui attend").click()
    arriver(page, "Réponses en attente")
    attente = page.get_by_role("article", name=TITRE)
    expect(attente).to_contain_text("Écrit dans un ascenseur, 60 s")
    expect(attente).to_contain_text("Gynécologie, consultations, saisi")
    expect(attente.get_by_role("definition")).to_have_count(2)
    attente.get_by_role("link", name="Ouvrir la section").click()
    arriver(page, TITRE)
    _dit(page, ENREGISTRE)
    expect(page.get_by_label(NOM)).to_have_value("Écrit dans un ascenseur, 60 s")
    expect(page.get_by_role("radio", name="Oui")).to_be_checked()
    assert "ascenseur, 60 s" in _brouillon(serveur)
    assert (_actes(serveur), _gardees(page)) == (1, 0)


def test_it_is_sent_from_elsewhere_without_opening_the_section(ouvrir: Ouvrir, serveur: Serveur) -> None:
    page = ouvrir(attendues=COUPURE)
    connecter(page, "Claire Dumas")
    aller(page, FORMULAIRE, TITRE)
    page = _ecrire_puis_tuer(page, "Sans ouvrir, de la page d’accueil").new_page()
    page.goto("/")
    arriver(page, "Mes accès rapides")
    expect(_ligne(page)).to_contain_text("1 réponse en attente d’envoi")
    bouton(page, "Envoyer maintenant").click()
    expect(_ligne(page)).to_contain_text("1 réponse enregistrée.")
    assert "de la page" in _brouillon(serveur)
    assert (_actes(serveur), _gardees(page)) == (1, 0)


def test_rows_come_back_with_their_hidden_inputs(ouvrir: Ouvrir, serveur: Serveur) -> None:
    page = ouvrir(attendues=COUPURE)
    connecter(page, "Claire Dumas")
    aller(page, f"{OFFRE}/modifier/horaires", "Horaires")
    contexte = page.context
    bouton(page, "Ajouter une plage : Dimanche").click()
    expect(page.get_by_label("De, Dimanche")).to_be_focused()
    contexte.set_offline(True)
    page.get_by_label("De, Dimanche").fill("9h")
    page.get_by_label("à, Dimanche").fill("midi")
    _dit(page, "pas de réseau")
    page.close()
    contexte.set_offline(False)
    page = contexte.new_page()
    aller(page, f"{OFFRE}/modifier/horaires", "Horaires")
    _dit(page, ENREGISTRE)
    expect(page.get_by_label("De, Dimanche")).to_have_value("09:00")
    expect(page.get_by_label("à, Dimanche")).to_have_value("midi")  # no hour, and kept as typed
    assert "09:00" in _brouillon(serveur, "horaires")
    assert _gardees(page) == 0


def test_two_tabs_on_one_section_lose_nothing_of_each_other(ouvrir: Ouvrir, serveur: Serveur) -> None:
    page = ouvrir(attendues=COUPURE)
    connecter(page, "Claire Dumas")
    contexte, autre = page.context, page.context.new_page()
    for onglet in (page, autre):
        aller(onglet, FORMULAIRE, TITRE)
    contexte.set_offline(True)
    page.get_by_label(NOM).fill("Du premier onglet")
    autre.get_by_role("radio", name="Oui").check()
    for onglet in (page, autre):
        _dit(onglet, "1 réponse en attente d’envoi, gardée sur cet appareil.")
    assert _gardees(page) == 2
    page.close()
    contexte.set_offline(False)
    expect(_statut(autre).locator(".statut-recu").first).to_contain_text("Enregistré à", timeout=20_000)
    expect(_ligne(autre)).to_contain_text("1 réponse en attente d’envoi")  # of the tab that is no more
    assert _gardees(autre) == 1
    aller(autre, FORMULAIRE, TITRE)
    _dit(autre, ENREGISTRE)
    expect(autre.get_by_label(NOM)).to_have_value("Du premier onglet")
    expect(autre.get_by_role("radio", name="Oui")).to_be_checked()
    assert (_actes(serveur), _gardees(autre)) == (2, 0)


def test_session_ended_while_typing_comes_back_to_the_same_field(ouvrir: Ouvrir, serveur: Serveur) -> None:
    page = ouvrir()
    connecter(page, "Claire Dumas")
    aller(page, FORMULAIRE, TITRE)
    serveur.ecrire("UPDATE web_session SET vue = '2020-01-01 00:00:00.000000'")
    page.get_by_label(NOM).fill("Écrit après la fin")
    _dit(page, "Non enregistré : votre session est terminée.")
    _dit(page, "1 réponse en attente d’envoi")
    page.get_by_role("dialog", name="Votre session est terminée").get_by_role("link").click()
    bouton(page, "Entrer en tant que Claire Dumas").click()
    arriver(page, TITRE)
    _dit(page, ENREGISTRE)
    expect(page.get_by_label(NOM)).to_have_value("Écrit après la fin")
    expect(page.get_by_label(NOM)).to_be_focused()
    assert (_actes(serveur), _gardees(page)) == (1, 0)


def test_what_somebody_changed_meanwhile_is_not_overwritten_and_waits_for_a_choice(
    ouvrir: Ouvrir, serveur: Serveur
) -> None:
    claire, mireille = ouvrir(attendues=COUPURE), ouvrir()
    connecter(claire, "Claire Dumas")
    aller(claire, FORMULAIRE, TITRE)
    contexte = _ecrire_puis_tuer(claire, "Le nom de Claire")
    connecter(mireille, "Mireille Faure")
    aller(mireille, FORMULAIRE, TITRE)
    mireille.get_by_label(NOM).fill("Le nom de Mireille")
    _dit(mireille, "Enregistré à")
    claire = contexte.new_page()
    claire.goto("/")
    bouton(claire, "Envoyer maintenant").click()
    expect(_ligne(claire)).to_contain_text("Quelqu’un a changé la même chose que vous")
    assert ("Le nom de Mireille" in _brouillon(serveur), _gardees(claire)) == (True, 0)
    _ligne(claire).get_by_role("link", name="Comparer et choisir").click()
    arriver(claire, "Deux saisies différentes")
    for nom in ("Le nom de Claire", "Le nom de Mireille"):
        expect(claire.get_by_role("radio", name=nom)).to_be_visible()


def test_it_belongs_to_one_person_and_signing_out_asks_then_erases(ouvrir: Ouvrir, serveur: Serveur) -> None:
    page = ouvrir(attendues=COUPURE)
    connecter(page, "Claire Dumas")
    aller(page, FORMULAIRE, TITRE)
    contexte = _ecrire_puis_tuer(page, "De Claire seulement")
    serveur.ecrire("DELETE FROM web_session")
    page = contexte.new_page()
    connecter(page, "Mireille Faure")
    page.goto(FORMULAIRE)
    arriver(page, TITRE)
    expect(page.get_by_label(NOM)).to_have_value("Gynécologie, consultations")
    aller(page, "/en-attente", "Réponses en attente")
    expect(page.get_by_text("Rien n’attend")).to_be_visible()
    expect(page.get_by_text("De Claire seulement")).to_have_count(0)
    assert _gardees(page) == 1
    questions: list[str] = []
    reponses = iter((False, True))

    def repondre(question) -> None:
        questions.append(question.message)
        question.accept() if next(reponses) else question.dismiss()

    page.on("dialog", repondre)
    bouton(page, "Se déconnecter").click()
    expect(bouton(page, "Se déconnecter")).to_be_visible()
    assert _gardees(page) == 1
    bouton(page, "Se déconnecter").click()
    page.wait_for_url("**/connexion")
    assert _gardees(page) == 0
    assert [q.startswith("Une autre personne a des réponses en attente") for q in questions] == [True, True]
    assert _actes(serveur) == 0


def test_a_right_one_lost_is_told_and_the_words_stay_readable_until_thrown_away(
    ouvrir: Ouvrir, serveur: Serveur
) -> None:
    page = ouvrir("telephone", attendues=COUPURE)
    connecter(page, "Claire Dumas")
    aller(page, FORMULAIRE, TITRE)
    page = _ecrire_puis_tuer(page, "Trop tard").new_page()
    serveur.ecrire("DELETE FROM habilitation")
    aller(page, "/en-attente", "Réponses en attente")
    attente = page.get_by_role("article", name=TITRE)
    expect(attente).to_contain_text("Trop tard")
    attente.get_by_role("button", name="Envoyer").click()
    expect(attente).to_contain_text("Refusé : cet objet n’existe plus, ou il ne vous est plus confié.")
    expect(attente).to_contain_text("Trop tard")
    assert (_actes(serveur), _gardees(page)) == (0, 1)
    page.on("dialog", lambda question: question.accept())
    attente.get_by_role("button", name="Supprimer").click()
    expect(page.get_by_text("Rien n’attend")).to_be_visible()
    expect(attente).to_be_hidden()
    assert _gardees(page) == 0


REMPLIR = """
for (let texte = 'x'.repeat(1 << 20), i = 0; texte; i++)
  try { localStorage.setItem(`p${i}`, texte) } catch { texte = texte.slice(texte.length / 2 + 1) }
"""
REFUSER = "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('', 'SecurityError') } })"


@pytest.mark.parametrize(
    ("empechement", "dit"),
    [(REMPLIR, "La mémoire de ce navigateur est pleine"), (REFUSER, "Ce navigateur ne garde rien pour ce site")],
    ids=["pleine", "absente"],
)
def test_a_browser_that_keeps_nothing_is_told_and_all_else_works(
    ouvrir: Ouvrir, serveur: Serveur, empechement: str, dit: str
) -> None:
    page = ouvrir(attendues=COUPURE)
    connecter(page, "Claire Dumas")
    aller(page, FORMULAIRE, TITRE)
    page.evaluate(empechement)
    page.context.set_offline(True)
    page.get_by_label(NOM).fill("Rien que dans la page")
    _dit(page, dit)
    page.context.set_offline(False)
    expect(_statut(page).locator(".statut-recu").first).to_contain_text("Enregistré à", timeout=20_000)
    assert "Rien que dans la page" in _brouillon(serveur)


def _attendre_vide(page: Page) -> None:
    """Nothing waits in the browser any more."""
    page.get_by_role("link", name="Aide").last.click()
    arriver(page, "Aide")
    fin = time.monotonic() + 10
    while _gardees(page):
        assert time.monotonic() < fin


def test_what_a_page_left_behind_is_sent_by_the_next_one(ouvrir: Ouvrir, serveur: Serveur) -> None:
    page = ouvrir()
    page.add_init_script("Object.defineProperty(window, 'navigation', { value: undefined })")  # as older browsers
    connecter(page, "Claire Dumas")
    aller(page, OFFRE, "Gynécologie, consultations")
    lien(page, "Modifier la section Informations générales").click()
    arriver(page, TITRE)
    page.get_by_label(NOM).fill("Laissé par « retour »")
    page.go_back()
    _attendre_vide(page)
    assert "par" in _brouillon(serveur)


def test_nothing_waits_after_enregistrer_nor_after_abandonner(ouvrir: Ouvrir, serveur: Serveur) -> None:
    page = ouvrir("telephone")
    connecter(page, "Claire Dumas")
    aller(page, FORMULAIRE, TITRE)
    page.get_by_label(NOM).fill("Enregistré aussitôt")
    enregistrer(page)
    arriver(page, "Enregistré aussitôt")
    _attendre_vide(page)
    assert _actes(serveur) == 1
    aller(page, FORMULAIRE, TITRE)
    bouton(page, "Abandonner").click()
    page.get_by_label(NOM).fill("Abandonné aussitôt")
    bouton(page, "Abandonner le brouillon").click()
    arriver(page, "Gynécologie, consultations")
    _attendre_vide(page)
    assert serveur.lire("SELECT 1 FROM brouillon WHERE objet = ?", OBJET) == []
