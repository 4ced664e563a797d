"""Reload, Back, bookmarks, sign-out, and who may see what."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Ouvrir, Serveur
from tests.e2e.gestes import GYNECO, aller, arriver, bouton, connecter, enregistrer, lien


def test_reload_back_and_bookmark_show_what_was_saved(page: Page) -> None:
    connecter(page, "Claire Dumas")
    aller(page, f"/offre/{GYNECO}", "Gynécologie, consultations")
    lien(page, "Modifier la section Patientèle").click()
    arriver(page, "Patientèle")
    page.get_by_label("Age minimum").fill("seize")
    enregistrer(page)
    expect(page.get_by_role("alert").filter(has_text="1 point à corriger")).to_be_visible()
    page.reload()
    arriver(page, "Patientèle")
    expect(page.get_by_label("Age minimum")).to_have_value("seize")
    expect(page.locator(".barre .statut")).to_contain_text("Enregistré à")

    page.go_back()
    arriver(page, "Gynécologie, consultations")
    page.go_forward()
    arriver(page, "Patientèle")
    expect(page.get_by_label("Age minimum")).to_have_value("seize")

    aller(page, f"/offre/{GYNECO}/modifier/contacts", "Contacts")  # a bookmark
    page.go_back()
    arriver(page, "Patientèle")
    expect(page.get_by_label("Age minimum")).to_have_value("seize")


def test_a_link_opened_signed_out_comes_back_after_sign_in(page: Page) -> None:
    page.goto(f"/offre/{GYNECO}/modifier/patientele")
    arriver(page, "Tenez votre offre à jour dans le ROR")
    assert "/connexion?next=" in page.url
    connecter(page, "Claire Dumas", titre="Patientèle")
    assert page.url.endswith(f"/offre/{GYNECO}/modifier/patientele")


def test_sign_out_leaves_nothing_behind(page: Page) -> None:
    connecter(page, "Claire Dumas")
    aller(page, f"/offre/{GYNECO}/modifier/contacts", "Contacts")
    assert page.evaluate("document.cookie") == ""  # the session is out of reach of any script
    jeton = page.evaluate("sessionStorage.getItem('token')")
    if bouton(page, "Menu").is_visible():
        bouton(page, "Menu").click()
    bouton(page, "Se déconnecter").click()
    arriver(page, "Tenez votre offre à jour dans le ROR")
    assert page.context.cookies() == []
    assert page.evaluate("document.cookie") == ""
    assert set(page.evaluate("Object.keys(localStorage)")) <= {"theme"}  # light or dark, nothing of a person
    assert page.evaluate("sessionStorage.getItem('token')") != jeton

    page.go_back()
    arriver(page, "Tenez votre offre à jour dans le ROR")  # the server has nothing to show any more
    expect(page.locator("body")).not_to_contain_text("Gynécologie")


def test_page_kept_by_the_browser_is_asked_again(page: Page) -> None:
    """A browser may keep a whole page and show it again without asking: here the event says so."""
    connecter(page, "Claire Dumas")
    aller(page, f"/offre/{GYNECO}", "Gynécologie, consultations")
    ailleurs = page.context.new_page()
    ailleurs.goto("/mes-connexions")
    bouton(ailleurs.locator("main"), "Se déconnecter").click()  # type: ignore[arg-type]
    arriver(ailleurs, "Tenez votre offre à jour dans le ROR")

    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")

    arriver(page, "Tenez votre offre à jour dans le ROR")
    expect(page.locator("body")).not_to_contain_text("Gynécologie")


def test_connection_of_another_browser_is_ended_from_here(page: Page, ouvrir: Ouvrir) -> None:
    ailleurs = ouvrir()
    connecter(ailleurs, "Claire Dumas")
    connecter(page, "Claire Dumas")
    if bouton(page, "Menu").is_visible():
        bouton(page, "Menu").click()
    lien(page, "Claire Dumas (mes connexions)").click()
    arriver(page, "Mes connexions")
    connexions = page.get_by_role("list", name="Connexions ouvertes").get_by_role("listitem")
    expect(connexions).to_have_count(2)
    expect(connexions.first).to_contain_text("(cette connexion)")

    page.get_by_role("button", name="Terminer la connexion").click()

    message = page.get_by_text("C’est fait : la connexion")
    expect(message).to_be_visible()
    expect(page.locator("#message")).to_be_focused()
    expect(connexions).to_have_count(1)
    expect(bouton(page, "Terminer toutes les autres connexions")).to_have_count(0)
    ailleurs.goto("/etablissements")
    arriver(ailleurs, "Tenez votre offre à jour dans le ROR")


def test_a_lecteur_reads_and_changes_nothing(ordinateur: Page) -> None:
    page = ordinateur
    connecter(page, "Louise Pagès")
    aller(page, f"/offre/{GYNECO}", "Gynécologie, consultations")
    expect(page.get_by_role("region", name="Contacts")).to_contain_text("05 36 49 12 20")
    for geste in ("Modifier", "Valider", "Créer"):
        expect(page.get_by_role("link", name=re.compile(geste))).to_have_count(0)
    aller(page, "/structure/OI76-000009", "UF Gynécologie")
    expect(page.get_by_role("link", name=re.compile("Créer"))).to_have_count(0)
    aller(page, "/lieu/L76-000001", "Gynécologie, 2e étage")
    expect(page.get_by_role("link", name=re.compile("Modifier"))).to_have_count(0)


@pytest.mark.parametrize(
    "adresse",
    [
        f"/offre/{GYNECO}/modifier/contacts",
        f"/offre/{GYNECO}/valider",
        "/creer/offre/structure/OI76-000009",
        "/etablissement/810003418",
        "/offre/76/9999999",
    ],
)
def test_a_foreign_address_is_refused_without_a_word_about_it(ouvrir: Ouvrir, adresse: str) -> None:
    page = ouvrir("telephone")
    connecter(page, "Louise Pagès")
    aller(page, adresse, "Rien à montrer à cette adresse")
    expect(page.get_by_role("alert")).to_contain_text("Cette page n’existe pas, ou elle ne vous est pas confiée.")
    expect(page.locator("body")).not_to_contain_text("RENAUDIE")


def test_a_session_that_ends_leaves_the_text_on_the_screen(page: Page, serveur: Serveur) -> None:
    connecter(page, "Claire Dumas")
    aller(page, f"/offre/{GYNECO}/modifier/patientele", "Patientèle")
    page.get_by_label("Age minimum").fill("17")
    serveur.ecrire("UPDATE web_session SET vue = '2020-01-01 00:00:00.000000', debut = '2020-01-01 00:00:00.000000'")
    enregistrer(page)
    fin = page.get_by_role("dialog", name="Votre session est terminée")
    expect(fin).to_be_visible()
    expect(page.get_by_label("Age minimum")).to_have_value("17")
    fin.get_by_role("link", name="M’identifier de nouveau").click()
    page.get_by_role("button", name="Entrer en tant que Claire Dumas").click()
    arriver(page, "Patientèle")


def test_a_lost_connection_is_told_in_french_and_the_text_is_sent_after(ordinateur: Page, serveur: Serveur) -> None:
    page = ordinateur
    connecter(page, "Claire Dumas")
    aller(page, f"/offre/{GYNECO}/modifier/patientele", "Patientèle")
    page.get_by_label("Age minimum").fill("19")
    page.context.set_offline(True)
    expect(page.locator("#reseau")).to_contain_text("Connexion perdue. Votre saisie reste ici")
    page.context.set_offline(False)
    expect(page.locator("#reseau")).to_contain_text("De nouveau connecté.")
    expect(page.get_by_label("Age minimum")).to_have_value("19")
    enregistrer(page)
    arriver(page, "Gynécologie, consultations")
    expect(page.get_by_role("region", name="Patientèle")).to_contain_text("19 années")


def test_the_menu_of_a_phone_opens_follows_and_closes(telephone: Page) -> None:
    page = telephone
    connecter(page, "Claire Dumas")
    menu = page.get_by_role("navigation", name="Menu principal")
    expect(menu).to_be_hidden()
    bouton(page, "Menu").tap()
    expect(menu).to_contain_text("Claire Dumas")
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    bouton(page, "Menu").tap()
    menu.get_by_role("link", name="Aide").tap()
    arriver(page, "Aide")
    expect(menu).to_be_hidden()


def test_no_secret_of_the_service_is_in_its_pages(serveur: Serveur) -> None:
    env = serveur.programme.env
    secret = (Path(env["RXROR_VAR"]) / "secret").read_text("ascii").strip().encode()
    construits = [f for f in (Path(env["REFLEX_WEB_WORKDIR"]) / "build").rglob("*") if f.is_file()]
    assert len(construits) > 50
    assert [f for f in construits if secret in f.read_bytes() or env["RXROR_VAR"].encode() in f.read_bytes()] == []
