"""An offer validated, the attestation established on a telephone, and verified by somebody without an account."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Ouvrir
from tests.e2e.gestes import GYNECO, aller, arriver, bouton, connecter, lien
from tests.e2e.test_accessibilite import examiner

TITRE = "Attestation de mise à jour"


def _emporter(page: Page, sorte: str, dossier: Path) -> Path:
    with page.expect_download() as attendu:
        lien(page, f"Télécharger le {sorte}").click()
    fichier = dossier / attendu.value.suggested_filename
    attendu.value.save_as(fichier)
    return fichier


def _verifier(public: Page, fichier: Path, dit: str) -> None:
    public.get_by_label("Fichier PDF ou JSON de l’attestation").set_input_files(fichier)
    bouton(public, "Vérifier").click()
    expect(public.get_by_role("heading", name=dit, exact=True)).to_be_visible()


def test_what_was_validated_is_attested_taken_away_and_verified(ouvrir: Ouvrir, tmp_path: Path) -> None:
    claire = ouvrir("telephone", reduced_motion="reduce")
    connecter(claire, "Claire Dumas")
    aller(claire, "/etablissement/810000505/attestation", TITRE)
    expect(claire.get_by_text("Rien n’a été validé ni confirmé dans cette période")).to_be_visible()
    expect(bouton(claire, "Établir l’attestation")).to_have_count(0)
    aller(claire, f"/offre/{GYNECO}/valider", "Valider l’offre")
    claire.get_by_role("button", name="Valider").last.click()
    arriver(claire, "Offre validée")
    aller(claire, "/etablissement/810000505", "CH ALBI")
    claire.get_by_role("link", name=TITRE).click()
    arriver(claire, TITRE)
    bouton(claire, "Établir l’attestation").click()
    faite = claire.get_by_role("status").filter(has_text="Attestation établie, code")
    expect(faite).to_be_focused()
    expect(faite.get_by_role("link", name="Télécharger le PDF")).to_be_visible()
    assert claire.url.rpartition("=")[2] in faite.inner_text()
    expect(claire.get_by_text("1 offre a été relue et validée")).to_be_visible()
    defauts = examiner(claire, "attestation établie")
    pdf, json = (_emporter(claire, sorte, tmp_path) for sorte in ("PDF", "JSON"))

    public = ouvrir("ordinateur", reduced_motion="reduce")
    public.goto(f"/v/{claire.url.rpartition('=')[2]}")
    _verifier(public, pdf, "Conforme")
    defauts += examiner(public, "vérification")
    altere = tmp_path / "altere.json"
    altere.write_bytes(json.read_bytes().replace(b"CH ALBI", b"CH ALBA", 1))
    _verifier(public, altere, "Non conforme")
    _verifier(public, json, "Conforme")
    assert "Claire" not in public.content()
    assert defauts == []
