import re

import pytest
import reflex as rx

from rxror.ror.typographie import fr
from rxror.settings import settings
from rxror.ui import layout
from rxror.ui.components.chemin import chemin
from rxror.ui.components.etapes import etapes
from rxror.ui.pages import accueil, connexion, etablissement, etablissements, informations, page_absente, structure

MODULES = (accueil, connexion, etablissement, etablissements, informations, page_absente, structure)
VUES = [(route, vue) for module in MODULES for route, vue, _, _ in module.PAGES]


def rendu(vue: rx.Component) -> str:
    """The rendered tree, with its letters as one reads them."""
    return re.sub(r"\\u([0-9a-f]{4})", lambda m: chr(int(m[1], 16)), str(vue))


@pytest.mark.parametrize(("route", "vue"), VUES, ids=[route for route, _ in VUES])
def test_each_page_has_its_landmarks_and_a_title(route, vue):
    html = rendu(vue())
    for repere in (
        "Aller au contenu",
        'id:"contenu"',
        '"main"',
        '"header"',
        '"footer"',
        fr("Accessibilité : non conforme"),
        '"h1"',
    ):
        assert repere in html


def test_steps_name_the_present_one_and_say_what_has_no_object():
    html = rendu(etapes(4, avec_uf=False))
    assert "6. Je valide l’offre" in html
    assert "(sans objet)" in html
    assert '"aria-current"' in html


def test_breadcrumb_links_every_place_but_the_last():
    html = rendu(chemin([{"nom": "CH ALBI", "url": "/etablissement/810000505"}, {"nom": "Gynécologie", "url": ""}]))
    assert "/etablissement/810000505" in html
    assert '"page"' in html


def test_the_content_waits_until_it_is_ready_and_static_content_does_not():
    assert "Chargement" in rendu(layout.page(rx.el.p("x")))
    assert "Chargement" not in rendu(layout.page(rx.el.p("x"), pret=True))


def test_the_sign_in_page_has_no_menu_and_leaves_the_application():
    html = rendu(connexion.connexion_page())
    assert "Menu principal" not in html
    assert "/auth/connexion" in html
    assert "reloadDocument" in html


def test_the_sign_in_page_names_each_provider(monkeypatch):
    premier, second = "https://idp.exemple.fr", "https://region.exemple.fr"
    reglages = {"OIDC_ISSUER": premier, "OIDC2_ISSUER": second, "OIDC2_NOM": "Région Occitanie"}
    for nom, valeur in reglages.items():
        monkeypatch.setenv(f"RXROR_{nom}", valeur)
    settings.cache_clear()
    html = rendu(connexion.connexion_page())
    for cle, nom in (("1", "Pro Santé Connect"), ("2", "Région Occitanie")):
        assert f"M’identifier avec {nom}" in html
        assert f'"/auth/connexion/{cle}"' in html
    monkeypatch.delenv("RXROR_OIDC2_ISSUER")
    settings.cache_clear()
    html = rendu(connexion.connexion_page())
    assert "Occitanie" not in html
    assert '"/auth/connexion"' in html


def test_the_demonstration_is_said_on_every_page(monkeypatch):
    assert "tout est inventé" not in rendu(layout.page(pret=True))
    assert "Pro Santé Connect" in rendu(connexion.connexion_page())
    monkeypatch.setenv("RXROR_DEMO", "1")
    settings.cache_clear()
    assert "tout est inventé" in rendu(layout.page(pret=True))
    assert "identité de démonstration" in rendu(connexion.connexion_page())
