"""« Personnes et droits »: a delegation given and ended; a validation asked, told, done; every state looked at."""

from datetime import timedelta

from playwright.sync_api import Page, expect

from rxror.ror.dates import aujourd_hui
from tests.e2e.conftest import Ouvrir, Serveur
from tests.e2e.gestes import GYNECO, aller, arriver, bouton, connecter, lien
from tests.e2e.test_accessibilite import examiner

EG = "/etablissement/810000505"
OFFRE = "Gynécologie, consultations"


def _deplier(page: Page, mot: str) -> None:
    page.locator("summary", has_text=mot).first.click()


def test_a_referent_gives_a_delegation_and_ends_it(ouvrir: Ouvrir) -> None:
    page = ouvrir("telephone", reduced_motion="reduce")
    connecter(page, "Mireille Faure")
    aller(page, EG, "CH ALBI")
    lien(page, "Personnes et droits").click()
    arriver(page, "Personnes et droits")
    page.get_by_role("link", name="Gérer les droits de Mireille Faure").click()
    arriver(page, "Mireille Faure")
    _deplier(page, "Me faire suppléer")
    page.get_by_label("Votre suppléant").select_option(label="Claire Dumas")
    page.get_by_label("Jusqu’au").fill((aujourd_hui() + timedelta(days=30)).isoformat())
    bouton(page, "Déléguer").click()
    expect(page.get_by_role("status").filter(has_text="Claire Dumas vous supplée")).to_be_focused()

    claire = ouvrir()
    connecter(claire, "Claire Dumas")
    aller(claire, f"{EG}/personnes", "Personnes et droits")
    expect(claire.get_by_text("Suppléance de Mireille Faure")).to_be_visible()

    _deplier(page, "Mettre fin maintenant")
    bouton(page, "Mettre fin à ce droit").click()
    refus = page.get_by_role("alert").filter(has_text="n’aurait plus de référent")
    expect(refus).to_be_focused()  # she is the only one
    aller(page, f"{EG}/personnes", "Personnes et droits")
    assert examiner(page, "personnes") == []
    page.get_by_role("link", name="Gérer les droits de Claire Dumas").click()
    arriver(page, "Claire Dumas")
    _deplier(page, "Mettre fin maintenant")
    bouton(page, "Mettre fin à ce droit").first.click()
    expect(page.get_by_role("status").filter(has_text="Claire Dumas n’est plus référent")).to_be_visible()

    claire.get_by_label("À qui").select_option(label="Louise Pagès")
    claire.get_by_label("Rôle").select_option(label="Responsable d’offre")
    bouton(claire, "Donner ce droit").click()
    expect(claire.locator("#incident")).to_contain_text("ne vous est pas confiée")


def test_a_responsable_asks_and_a_referent_validates(ouvrir: Ouvrir, serveur: Serveur) -> None:
    mireille, claire = ouvrir(reduced_motion="reduce"), ouvrir("telephone")
    connecter(mireille, "Mireille Faure")
    aller(mireille, f"{EG}/personnes", "Personnes et droits")
    bouton(mireille, "Faire valider par un référent").click()
    expect(mireille.get_by_role("status").filter(has_text="demandent maintenant")).to_be_visible()

    connecter(claire, "Claire Dumas")
    aller(claire, f"/offre/{GYNECO}", OFFRE)
    lien(claire, "Demander la validation").click()
    arriver(claire, "Demander la validation")
    claire.get_by_label("Un mot pour la personne qui valide").fill("Relu ce matin.")
    claire.get_by_role("button", name="Demander la validation").click()
    arriver(claire, OFFRE)
    expect(claire.get_by_role("heading", name="Validation demandée")).to_be_visible()

    aller(mireille, "/", "Mes accès rapides")
    expect(mireille.get_by_role("heading", name="1 offre attend votre validation")).to_be_visible()
    mireille.get_by_role("link", name=OFFRE).first.click()
    arriver(mireille, "Valider l’offre")
    expect(mireille.get_by_text("« Relu ce matin. »")).to_be_visible()
    assert examiner(mireille, "valider, demandé") == []
    mireille.get_by_label("Ce qui est à revoir").fill("Le téléphone a-t-il changé ?")
    bouton(mireille, "Renvoyer avec ce mot").click()
    arriver(mireille, OFFRE)

    aller(claire, "/", "Mes accès rapides")
    expect(claire.get_by_role("heading", name="À revoir avant validation")).to_be_visible()
    aller(claire, f"/offre/{GYNECO}/valider", "Demander la validation")
    expect(claire.get_by_text("Le téléphone a-t-il changé")).to_be_visible()
    claire.get_by_role("button", name="Demander la validation").click()
    arriver(claire, OFFRE)
    aller(mireille, f"/offre/{GYNECO}/valider", "Valider l’offre")
    mireille.locator("main").get_by_role("button", name=f"Valider {OFFRE}").click()
    arriver(mireille, "Offre validée")
    assert serveur.lire("SELECT * FROM demande_validation") == []
