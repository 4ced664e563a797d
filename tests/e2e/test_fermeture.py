"""« Fermer… » then « Rouvrir… »: what closes is read before it is written; by keyboard, on a phone, in every state."""

from playwright.sync_api import Page, expect

from rxror.ror.dates import aujourd_hui
from tests.e2e.clavier import Clavier
from tests.e2e.conftest import Ouvrir, Serveur
from tests.e2e.gestes import GYNECO, aller, arriver, bouton, connecter, lien
from tests.e2e.test_accessibilite import examiner

UF = "OI76-000009"
OFFRES = (
    "SELECT o.type_fermeture FROM offre_operationnelle o JOIN organisation_interne s ON s.id = organisation_interne_id"
)
FERMEES = f"{OFFRES} WHERE s.identifiant_oi = ? AND o.date_fermeture IS NOT NULL"


def _repondre(page: Page, type_: str = "Définitive", motif: str = "Regroupement au 3e étage") -> None:
    page.get_by_role("radio", name=type_).check()
    page.get_by_label("Date de fermeture").fill(aujourd_hui().isoformat())
    page.get_by_label("Motif").fill(motif)
    bouton(page, "Continuer").click()
    expect(page.locator("h1")).to_have_text("Vérifier avant de fermer")


def test_a_uf_closes_with_its_offres_and_reopens_by_keyboard(ordinateur: Page, serveur: Serveur) -> None:
    page, clavier = ordinateur, Clavier(ordinateur)
    connecter(page, "Mireille Faure")
    aller(page, f"/structure/{UF}", "UF Gynécologie")
    clavier.suivre(lien(page, "Fermer…"))
    clavier.sur_le_titre("Fermer")
    clavier.activer(bouton(page, "Continuer"))
    expect(page.locator(".erreur")).to_have_count(3)
    clavier.activer(page.get_by_role("radio", name="Définitive"))
    page.get_by_label("Date de fermeture").fill(aujourd_hui().isoformat())
    clavier.remplir(page.get_by_label("Motif"), "Regroupement")
    clavier.activer(bouton(page, "Continuer"))
    expect(page.locator("#relire")).to_be_focused()
    expect(page.get_by_role("heading", name="3 offres")).to_be_visible()
    assert serveur.lire(FERMEES, UF) == []

    clavier.activer(bouton(page, "Fermer"))
    arriver(page, "UF Gynécologie")
    expect(page.get_by_role("heading", name="Fermée définitivement le")).to_be_visible()
    assert [f[0] for f in serveur.lire(FERMEES, UF)] == ["DEF"] * 3
    page.goto(f"/offre/{GYNECO}/modifier/contacts")
    expect(page.locator("#incident")).to_contain_text("Rouvrez-le d’abord")
    aller(page, f"/offre/{GYNECO}", "Gynécologie, consultations")
    expect(page.get_by_role("link", name="Modifier la section Contacts")).to_have_count(0)
    expect(lien(page, "Valider")).to_have_count(0)
    clavier.suivre(lien(page, "Rouvrir…"))
    clavier.sur_le_titre("Rouvrir")
    expect(page.get_by_role("alert").filter(has_text="UF Gynécologie")).to_be_visible()

    aller(page, f"/structure/{UF}/rouvrir", "Rouvrir")
    clavier.cocher(page.get_by_role("checkbox", name="Gynécologie, consultations"))
    clavier.activer(bouton(page, "Rouvrir"))
    arriver(page, "UF Gynécologie")
    assert len(serveur.lire(FERMEES, UF)) == 1
    page.locator("summary", has_text="Fermées définitivement (1)").click()
    expect(page.locator(".plis").get_by_role("link", name="Gynécologie, consultations")).to_be_visible()


def test_an_offre_closes_for_a_while_on_a_phone_and_says_what_is_wrong(telephone: Page, serveur: Serveur) -> None:
    page = telephone
    connecter(page, "Claire Dumas")
    aller(page, f"/offre/{GYNECO}", "Gynécologie, consultations")
    lien(page, "Fermer…").click()
    arriver(page, "Fermer")
    page.get_by_role("radio", name="Provisoire").check()
    retour = page.get_by_label("Date prévisionnelle de réouverture")
    expect(retour).to_be_visible()
    retour.fill(aujourd_hui().isoformat())
    page.get_by_label("Date de fermeture").fill(aujourd_hui().isoformat())
    page.get_by_label("Motif").fill("Travaux")
    bouton(page, "Continuer").click()
    expect(retour).to_be_focused()
    expect(page.locator(".erreur")).to_contain_text("La réouverture vient après la fermeture")
    retour.fill("")
    bouton(page, "Continuer").click()
    expect(page.locator("h1")).to_have_text("Vérifier avant de fermer")
    bouton(page, "Changer").click()
    expect(page.get_by_label("Motif")).to_have_value("Travaux")
    bouton(page, "Continuer").click()
    expect(page.locator("h1")).to_have_text("Vérifier avant de fermer")
    serveur.ecrire("UPDATE offre_operationnelle SET version = version + 1 WHERE identifiant_offre = ?", GYNECO)
    bouton(page, "Fermer").click()
    expect(page.get_by_role("alert").filter(has_text="Quelque chose a changé")).to_be_focused()
    bouton(page, "Fermer").click()
    arriver(page, "Gynécologie, consultations")
    expect(page.locator(".meta").first).to_contain_text("Fermée provisoirement")
    expect(lien(page, "Valider")).to_be_visible()


def test_every_state_of_the_closing_is_accessible(ouvrir: Ouvrir) -> None:
    page, defauts = ouvrir(reduced_motion="reduce"), []
    connecter(page, "Mireille Faure")
    aller(page, f"/structure/{UF}/fermer", "Fermer")
    defauts += examiner(page, "fermer")
    bouton(page, "Continuer").click()
    expect(page.locator(".erreur")).to_have_count(3)
    defauts += examiner(page, "fermer, en erreur")
    _repondre(page)
    defauts += examiner(page, "vérifier")
    bouton(page, "Fermer").click()
    arriver(page, "UF Gynécologie")
    page.locator("summary", has_text="Fermées définitivement").click()
    defauts += examiner(page, "structure fermée")
    for adresse, titre in (
        (f"/offre/{GYNECO}", "Gynécologie, consultations"),
        (f"/offre/{GYNECO}/rouvrir", "Rouvrir"),
        (f"/structure/{UF}/rouvrir", "Rouvrir"),
        ("/structure/OI76-000001", "Pôle Femme-Mère-Enfant"),
    ):
        aller(page, adresse, titre)
        defauts += examiner(page, adresse)
    assert not defauts, "\n".join(defauts)
