"""The watch of the page: who else is there, the session about to end, the session ended, the server started again."""

import re
from datetime import UTC, datetime, timedelta

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Ouvrir, Serveur
from tests.e2e.gestes import GYNECO, aller, arriver, bouton, connecter, enregistrer, lien

REGLES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CONTACTS = (f"/offre/{GYNECO}/modifier/contacts", "Contacts")
PATIENTELE = (f"/offre/{GYNECO}/modifier/patientele", "Patientèle")
PAGE = (f"/offre/{GYNECO}", "Gynécologie, consultations")


def regarder(page: Page) -> None:
    """What coming back to a tab does: the watch asks at once."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def vieillir(serveur: Serveur, colonne: str, **depuis: float) -> None:
    """Move when every session was opened, or last seen."""
    instant = datetime.now(UTC) - timedelta(**depuis)
    serveur.ecrire(f"UPDATE web_session SET {colonne} = ?", f"{instant:%Y-%m-%d %H:%M:%S.%f}")


def ouverte(page: Page, titre: str) -> Locator:
    """The dialogue of that title, alone, without an axe violation."""
    dialogue = page.get_by_role("dialog", name=titre)
    expect(dialogue).to_be_visible()
    resultat = Axe().run(page, options={"runOnly": {"type": "tag", "values": REGLES}})
    assert [v["id"] for v in resultat.response["violations"]] == []
    return dialogue


def presence(page: Page) -> Locator:
    return page.locator("#presence")


def test_somebody_at_work_is_told_to_the_others_and_nothing_moves(page: Page, ouvrir: Ouvrir, serveur: Serveur) -> None:
    connecter(page, "Claire Dumas")
    aller(page, *PAGE)
    hauteur = page.locator("#presence + *").bounding_box()
    mireille = ouvrir()
    connecter(mireille, "Mireille Faure")
    with mireille.expect_response("**/auth/veille"):
        aller(mireille, *CONTACTS)
    regarder(page)
    expect(presence(page)).to_have_text("Mireille Faure modifie Contacts.")
    assert page.locator("#presence + *").bounding_box() == hauteur
    aller(page, *CONTACTS)
    expect(presence(page)).to_have_text("Mireille Faure modifie aussi cette section.")
    expect(presence(mireille)).to_have_text("Claire Dumas modifie aussi cette section.")  # within her own rhythm
    with mireille.expect_response("**/auth/veille"):
        lien(mireille, "Revenir").click()
        arriver(mireille, PAGE[1])
    regarder(page)
    expect(presence(page)).to_have_text("")
    serveur.ecrire("UPDATE edition_en_cours SET vue = '2020-01-01 00:00:00.000000'")  # a tab killed long ago
    regarder(mireille)
    expect(presence(mireille)).to_have_text("")


def test_leaving_the_site_is_said_at_once(ouvrir: Ouvrir) -> None:
    claire, mireille = ouvrir(), ouvrir()
    for page, nom in ((claire, "Claire Dumas"), (mireille, "Mireille Faure")):
        connecter(page, nom)
        aller(page, *CONTACTS)
    expect(presence(claire)).to_have_text("Mireille Faure modifie aussi cette section.")
    mireille.goto("about:blank")
    expect(presence(claire)).to_have_text("")  # sooner than a tab that says nothing more


def test_two_minutes_before_the_end_one_may_stay(page: Page, serveur: Serveur) -> None:
    connecter(page, "Claire Dumas")
    autre = page.context.new_page()
    for onglet in (autre, page):
        aller(onglet, *PATIENTELE)
    champ = page.get_by_label("Age minimum")
    champ.focus()
    vieillir(serveur, "vue", minutes=28, seconds=10)
    regarder(page)
    ouverte(page, "Votre session se termine dans 2 minutes")
    rester = bouton(page, "Rester connecté")
    expect(rester).to_be_focused()
    regarder(autre)
    expect(autre.get_by_role("dialog")).to_be_visible()

    page.keyboard.press("Enter")

    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(champ).to_be_focused()
    regarder(autre)
    expect(autre.get_by_role("dialog")).to_have_count(0)


def test_last_minute_is_said_and_dismissing_is_not_staying(ordinateur: Page, serveur: Serveur) -> None:
    page = ordinateur
    connecter(page, "Claire Dumas")
    aller(page, *PAGE)
    vieillir(serveur, "vue", minutes=29, seconds=15)
    (avant,) = serveur.lire("SELECT vue FROM web_session WHERE revoquee IS NULL")
    regarder(page)
    expect(page.get_by_role("dialog", name="Votre session se termine dans moins d’une minute")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    with page.expect_response("**/auth/veille"):
        regarder(page)
    expect(page.get_by_role("dialog")).to_have_count(0)
    (apres,) = serveur.lire("SELECT vue FROM web_session WHERE revoquee IS NULL")
    assert tuple(apres) == tuple(avant)


def test_absolute_limit_offers_to_sign_in_again_on_the_same_field(page: Page, serveur: Serveur) -> None:
    connecter(page, "Claire Dumas")
    aller(page, *PATIENTELE)
    page.get_by_label("Age minimum").focus()
    vieillir(serveur, "debut", hours=7, minutes=58, seconds=10)
    regarder(page)
    dialogue = ouverte(page, "Votre session se termine dans 2 minutes")
    expect(dialogue).to_contain_text("8 heures au plus")
    expect(bouton(page, "Rester connecté")).to_have_count(0)
    lien(page, "Se reconnecter maintenant").focus()
    page.keyboard.press("Enter")
    bouton(page, re.compile("^Entrer en tant que Claire Dumas")).click()
    arriver(page, PATIENTELE[1])
    expect(page.get_by_label("Age minimum")).to_be_focused()
    regarder(page)
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_session_over_keeps_the_text_and_leads_back_to_the_field(page: Page, serveur: Serveur) -> None:
    connecter(page, "Claire Dumas")
    aller(page, *PATIENTELE)
    champ = page.get_by_label("Age minimum")
    champ.focus()
    vieillir(serveur, "vue", minutes=31)
    regarder(page)
    dialogue = ouverte(page, "Votre session est terminée")
    expect(dialogue.get_by_role("heading")).to_be_focused()  # a key meant for the field leaves nothing
    page.keyboard.press("Escape")
    expect(champ).to_be_focused()
    champ.fill("17")
    enregistrer(page)
    refus = page.get_by_role("alert").filter(has_text="Votre session est terminée.")
    expect(refus).to_be_visible()
    expect(champ).to_have_value("17")
    champ.focus()
    lien(page, "M’identifier de nouveau").click()
    bouton(page, re.compile("^Entrer en tant que Claire Dumas")).click()
    arriver(page, PATIENTELE[1])
    expect(page.get_by_label("Age minimum")).to_be_focused()


def test_refused_gesture_opens_the_same_dialogue(ordinateur: Page, serveur: Serveur) -> None:
    page = ordinateur
    connecter(page, "Claire Dumas")
    aller(page, *PATIENTELE)
    vieillir(serveur, "vue", minutes=31)
    enregistrer(page)
    page.get_by_role("dialog", name="Votre session est terminée").get_by_role("link").click()
    expect(bouton(page, re.compile("^Entrer en tant que Claire Dumas"))).to_be_visible()


def test_sign_out_from_the_dialogue(ordinateur: Page, serveur: Serveur) -> None:
    page = ordinateur
    connecter(page, "Claire Dumas")
    vieillir(serveur, "vue", minutes=28, seconds=10)
    regarder(page)
    page.get_by_role("dialog").get_by_role("button", name="Se déconnecter").click()
    arriver(page, "Tenez votre offre à jour dans le ROR")


def test_server_started_again_is_told_in_french_and_the_next_click_works(ouvrir: Ouvrir, serveur: Serveur) -> None:
    page = ouvrir("telephone", attendues=("ERR_CONNECTION", "WebSocket", "ERR_EMPTY_RESPONSE", "ERR_SOCKET"))
    connecter(page, "Claire Dumas")
    aller(page, *PATIENTELE)
    champ = page.get_by_label("Age minimum")
    champ.fill("19")
    with serveur.arrete():
        expect(page.locator("#reseau")).to_contain_text(
            "Connexion perdue. Votre saisie reste ici. Le service ne répond"
        )
    expect(page.locator("#reseau")).to_have_text("De nouveau connecté.")
    expect(page.locator("body")).not_to_contain_text(re.compile("cannot|websocket|error|reload", re.IGNORECASE))
    expect(champ).to_have_value("19")
    enregistrer(page)
    arriver(page, PAGE[1])
    expect(page.get_by_role("region", name="Patientèle")).to_contain_text("19 années")
