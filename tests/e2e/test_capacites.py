"""The grid « Capacités du site »: a block pasted at once on a desktop, steppers and a disagreement on a phone."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Serveur
from tests.e2e.gestes import aller, arriver, bouton, connecter, lien

GRILLE = "/etablissement/810000505/capacites?montrer=tous"
TITRE, FINI = "Capacités du site", "Capacités à valider"
MATERNITE = "Maternité, secteur mère-enfant"
COLLER = """(champ, texte) => {
  champ.focus();
  const donnees = new DataTransfer();
  donnees.setData("text", texte);
  champ.dispatchEvent(new ClipboardEvent("paste", { clipboardData: donnees, bubbles: true, cancelable: true }));
}"""


def case(page: Page, quoi: str, lieu: str = MATERNITE) -> Locator:
    return page.get_by_label(f"{quoi}, {lieu}", exact=True)


def test_a_block_is_pasted_then_kept_while_a_colleague_steps_on_a_phone(
    ordinateur: Page, telephone: Page, serveur: Serveur
) -> None:
    for page, nom in ((ordinateur, "Claire Dumas"), (telephone, "Mireille Faure")):
        connecter(page, nom)
        aller(page, GRILLE, TITRE)

    statut = ordinateur.locator(".barre .statut")
    case(ordinateur, "Lits installés").evaluate(COLLER, "Lieu\tInstallés\nUHCD\tdix\nUSIC\t7")
    apercu = ordinateur.get_by_role("region", name="1 case changerait")
    expect(apercu).to_contain_text("Ligne 2, colonne 2")  # the bad cell is said, and nothing changed
    expect(case(ordinateur, "Lits installés", "USIC")).to_have_value("6")
    bouton(ordinateur, "Remplir les autres cases").click()
    expect(case(ordinateur, "Lits installés", "USIC")).to_have_value("7")
    case(ordinateur, "Lits fermés").evaluate(COLLER, "30\t2\n3\t")
    expect(case(ordinateur, "Lits fermés", "Néonatologie")).to_have_value("3")
    expect(ordinateur.get_by_text("30 lits fermés pour 23 installés").first).to_be_visible()
    case(ordinateur, "Lits fermés").fill("1")
    expect(ordinateur.get_by_text("30 lits fermés pour 23 installés")).to_have_count(0)
    expect(statut).to_contain_text(re.compile(r"4.cases changées"))
    bouton(ordinateur, "Enregistrer").click()
    arriver(ordinateur, FINI)
    expect(ordinateur.get_by_role("region", name="USIC")).to_contain_text("Lits installés")
    traces = serveur.lire("SELECT objet, section FROM trace WHERE action = 'BROUILLON' ORDER BY id")
    assert [t["objet"] for t in traces].count("lieu:L76-000002") == 2
    assert len(traces) == 4

    lien(ordinateur, "Revenir à la grille").click()
    arriver(ordinateur, TITRE)
    usic = case(ordinateur, "Lits installés", "USIC")
    expect(usic).to_have_value("7")
    usic.fill("6")  # as before the first save: what was typed then is forgotten
    bouton(ordinateur, "Enregistrer").click()
    arriver(ordinateur, FINI)
    lien(ordinateur, "Revenir à la grille").click()
    arriver(ordinateur, TITRE)
    expect(usic).to_have_value("6")
    usic.fill("8")
    bouton(ordinateur, "Enregistrer").click()
    arriver(ordinateur, FINI)
    expect(ordinateur.get_by_role("region", name="USIC").get_by_role("insertion")).to_have_text("8")
    (combien,) = serveur.lire("SELECT count(*) AS n FROM trace WHERE action = 'BROUILLON'")
    assert combien["n"] == 6  # each save sent the cell that was typed, and no other

    pole = telephone.get_by_role("navigation", name="Aller à").get_by_role("link").last
    nom = pole.inner_text()
    pole.tap()
    expect(telephone.get_by_role("rowheader", name=nom)).to_be_in_viewport()
    plus = bouton(telephone, f"Un de plus, Lits fermés, {MATERNITE}")
    boite = plus.bounding_box()
    assert boite is not None
    assert min(boite["width"], boite["height"]) >= 44
    for _ in range(2):
        plus.tap()
    expect(case(telephone, "Lits fermés")).to_have_value("2")
    bouton(telephone, "Enregistrer").tap()
    expect(telephone.get_by_role("alert").filter(has_text="Rien n’est enregistré")).to_be_focused()
    expect(telephone.get_by_role("cell").filter(has_text="Claire Dumas a mis 1")).to_contain_text("Vous")
    bouton(telephone, "Prendre 1").tap()
    bouton(telephone, f"Un de plus, Lits installés, {MATERNITE}").tap()
    bouton(telephone, "Enregistrer").tap()
    arriver(telephone, FINI)
    bouton(telephone, "Valider les lieux cochés").tap()
    expect(telephone.get_by_role("status").filter(has_text=re.compile("3.lieux validés"))).to_be_visible()
    (lits,) = serveur.lire(
        "SELECT nombre_capacite FROM capacite_accueil_operationnelle c JOIN lieu_realisation_offre l"
        " ON l.id = c.lieu_realisation_offre_id WHERE l.identifiant = 'L76-000002' AND statut_capacite = '01'"
        " AND nature_capacite = '01'"
    )
    assert lits["nombre_capacite"] == 24
