"""Somebody without right asks for one, the référent grants it, and the établissement opens; an invitation by mail."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.gestes import aller, arriver, bouton, connecter, lien

Ouvrir = Callable[..., Page]


def test_hugo_asks_mireille_grants_hugo_opens_the_etablissement(ouvrir: Ouvrir) -> None:
    hugo = ouvrir("telephone")
    connecter(hugo, "Hugo Marty")
    lien(hugo, "Demander un accès à un établissement").click()
    arriver(hugo, "Demander un accès")
    hugo.get_by_label("Quel établissement").fill("ch albi")
    bouton(hugo, "Chercher").click()
    hugo.get_by_role("link", name="Choisir CH ALBI", exact=True).click()
    expect(hugo.get_by_text("Le référent de cet établissement vous répondra.")).to_be_visible()
    hugo.get_by_label("Votre adresse électronique").fill("hugo")
    hugo.get_by_label("Pourquoi").fill("Secrétaire du pôle Femme.")
    bouton(hugo, "Envoyer ma demande").click()
    expect(hugo.get_by_text("Écrivez votre adresse électronique")).to_be_visible()
    expect(hugo.get_by_label("Pourquoi")).to_have_value("Secrétaire du pôle Femme.")
    hugo.get_by_label("Votre adresse électronique").fill("hugo.marty@hopital.example")
    bouton(hugo, "Envoyer ma demande").click()
    arriver(hugo, "Mes accès rapides")
    expect(hugo.get_by_text("Le référent n’a pas encore répondu.")).to_be_visible()

    mireille = ouvrir("ordinateur")
    connecter(mireille, "Mireille Faure")
    expect(mireille.get_by_role("heading", name="1 demande d’accès attend")).to_be_visible()
    lien(mireille, "Lire et répondre").click()
    lien(mireille, "Répondre à Hugo Marty").click()
    expect(mireille.get_by_text("Secrétaire du pôle Femme.")).to_be_visible()
    bouton(mireille, "Accorder").click()
    expect(mireille.get_by_text("Aucune demande n’attend votre réponse.")).to_be_visible()
    aller(mireille, "/courriels", "Courriels de la démonstration")
    expect(mireille.get_by_role("heading", name="Votre demande d’accès")).to_be_visible()

    hugo.reload()
    lien(hugo, "Ouvrir : Responsable d’offre, CH ALBI").click()
    arriver(hugo, "CH ALBI")


def test_an_invitation_goes_from_the_page_to_the_right(ouvrir: Ouvrir) -> None:
    mireille = ouvrir("ordinateur")
    connecter(mireille, "Mireille Faure")
    aller(mireille, "/etablissement/810000505/invitations", "Invitations")
    mireille.get_by_label("Son adresse électronique").fill("hugo.marty@hopital.example")
    mireille.get_by_label("Lecteur").check()
    bouton(mireille, "Inviter").click()
    lien(mireille, "Lire les courriels de la démonstration").click()
    adresse = mireille.get_by_role("link", name="/auth/invitation/").first.get_attribute("href")

    hugo = ouvrir("telephone")
    hugo.goto(str(adresse))
    expect(hugo).to_have_url(re.compile("/auth/invitation$"))
    expect(hugo.get_by_text("Mireille Faure")).to_be_visible()
    lien(hugo, "M’identifier").click()
    bouton(hugo, "Entrer en tant que Hugo Marty").click()
    expect(hugo.locator("h1")).to_have_text("Vous allez recevoir un droit")
    bouton(hugo, "Accepter").click()
    expect(hugo.locator("h1")).to_have_text("C’est fait")
    lien(hugo, "Ouvrir").click()
    arriver(hugo, "CH ALBI")
