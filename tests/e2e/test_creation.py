"""« Créer + » and what follows: a pôle, its UF, a lieu found in a long list; by keyboard and on a phone."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.clavier import Clavier
from tests.e2e.conftest import Ouvrir, Serveur
from tests.e2e.gestes import aller, arriver, bouton, connecter, lien

ALBI = "/etablissement/810000505"


def test_a_pole_then_its_uf_are_created_by_keyboard(ordinateur: Page, serveur: Serveur) -> None:
    page, clavier = ordinateur, Clavier(ordinateur)
    connecter(page, "Mireille Faure")
    aller(page, ALBI, "CH ALBI")
    clavier.suivre(lien(page, "Créer + un pôle, un service ou une UF dans cet établissement"))
    clavier.sur_le_titre("Créer une structure")
    clavier.activer(page.get_by_role("radio", name="Pôle"))
    clavier.remplir(page.get_by_label("Nom", exact=True), "pole gériatrie")
    clavier.activer(bouton(page, "Créer"))
    case = page.get_by_role("checkbox", name="Créer quand même avec ce nom")
    expect(page.locator("#homonyme")).to_be_focused()
    expect(page.get_by_label("Nom", exact=True)).to_have_value("pole gériatrie")
    clavier.cocher(case)
    clavier.activer(bouton(page, "Créer"))
    arriver(page, "pole gériatrie")

    clavier.suivre(lien(page, "Créer + un service ou une UF dans pole gériatrie"))
    clavier.sur_le_titre("Créer une structure")
    service, uf = (page.get_by_role("radio", name=n) for n in ("Structure interne ou Service", "Unité fonctionnelle"))
    clavier.fleche(service, uf, "ArrowDown")
    clavier.activer(bouton(page, "Créer"))
    expect(page.locator(".erreur")).to_contain_text(
        "Répondez à « Nom »".replace("« ", "«\u00a0").replace(" »", "\u00a0»")
    )
    clavier.remplir(page.get_by_label("Nom", exact=True), "UF Court séjour")
    clavier.activer(bouton(page, "Créer"))
    arriver(page, "UF Court séjour")
    clavier.suivre(lien(page, "Créer + une offre dans UF Court séjour"))
    clavier.sur_le_titre("Créer une offre")
    creees = serveur.lire("SELECT type_oi, parent_id IS NULL FROM organisation_interne ORDER BY id DESC LIMIT 2")
    assert [tuple(o) for o in creees] == [("3", 0), ("1", 1)]


def test_a_lieu_is_created_in_an_etablissement_and_found_again_on_a_phone(telephone: Page) -> None:
    page = telephone
    connecter(page, "Claire Dumas")
    aller(page, ALBI, "CH ALBI")
    assert lien(page, "Créer + un pôle, un service ou une UF dans cet établissement").count() == 0  # not a référent
    lien(page, "Créer + un lieu dans cet établissement").click()
    arriver(page, "Créer un lieu")
    expect(page.locator(".tete")).to_contain_text("22 BD SIBILLE, 81013 ALBI CEDEX 9")
    page.get_by_label("Nom du lieu").fill("Hôpital de jour, rez-de-jardin")
    page.get_by_label("Fonction du lieu").select_option(index=3)
    bouton(page, "Créer").click()
    arriver(page, "Hôpital de jour, rez-de-jardin")
    aller(page, ALBI, "CH ALBI")
    lien(page, "Voir les lieux : 46 lieux".replace(" :", "\N{NO-BREAK SPACE}:")).click()
    arriver(page, "Tout l’établissement")
    page.get_by_label("Chercher une offre, une structure ou un lieu").fill("hopital jardin")
    bouton(page, "Chercher").click()
    expect(page.get_by_text("1 lieu", exact=True)).to_be_visible()
    lien(page, "Détails du lieu Hôpital de jour, rez-de-jardin").click()
    arriver(page, "Hôpital de jour, rez-de-jardin")


@pytest.mark.parametrize("panne", ["serveur relancé", "réseau coupé"])
def test_what_is_typed_in_a_creation_outlives_a_cut_and_is_created_once(
    ouvrir: Ouvrir, serveur: Serveur, panne: str
) -> None:
    page = ouvrir(attendues=("ERR_INTERNET_DISCONNECTED", "ERR_CONNECTION_REFUSED", "WebSocket", "websocket"))
    connecter(page, "Claire Dumas")
    aller(page, "/creer/offre/structure/OI76-000009", "Créer une offre")
    nom, mode = page.get_by_label("Nom de l’offre"), page.get_by_label("Mode de prise en charge")
    champ = page.get_by_role("radio", name="Médecine, Chirurgie, Obstétrique (MCO)")
    nom.fill("Écrit avant la coupure")
    champ.check()
    mode.select_option(label="Hospitalisation de jour (HJ)")
    cle = page.locator("input[name=cle]").input_value()
    if panne == "réseau coupé":
        page.context.set_offline(True)
        expect(page.locator("#reseau")).to_contain_text("Connexion perdue")
        page.context.set_offline(False)
    else:
        with serveur.arrete():
            expect(page.locator("#reseau")).to_contain_text("Connexion perdue")
    expect(page.locator("#reseau")).to_contain_text("De nouveau connecté", timeout=30_000)
    expect(page.locator("input[name=cle]")).to_have_value(cle)
    expect(nom).to_have_value("Écrit avant la coupure")
    expect(champ).to_be_checked()
    expect(mode.locator("option:checked")).to_have_text("Hospitalisation de jour (HJ)")
    aller(page, "/etablissement/810000505", "CH ALBI")
    aller(page, "/creer/offre/structure/OI76-000009", "Créer une offre")
    expect(nom).to_have_value("")
