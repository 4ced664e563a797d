"""The journal in a browser: read by who may, filtered by its form, taken away as a file."""

from playwright.sync_api import Page, expect

from tests.e2e.gestes import aller, bouton, connecter


def test_a_referent_reads_filters_and_takes_the_journal_away(page: Page) -> None:
    connecter(page, "Mireille Faure")
    aller(page, "/etablissement/810000505", "CH ALBI")
    page.locator("main").get_by_role("link", name="Journal", exact=True).click()
    expect(page.locator("h1")).to_have_text("Journal")
    page.get_by_text("Filtrer", exact=True).first.click()
    page.get_by_label("Gestes").select_option("Import")
    bouton(page, "Filtrer").click()
    page.wait_for_url("**/journal?geste=import")
    expect(page.get_by_role("link", name="Tout voir")).to_be_visible()
    expect(page.get_by_role("link", name="Gestes plus anciens")).to_be_visible()
    page.get_by_text("Exporter", exact=True).click()
    with page.expect_download() as attendu:
        bouton(page, "Exporter en CSV").click()
    fichier = attendu.value
    assert fichier.suggested_filename.startswith("journal-810000505-")
    lignes = fichier.path().read_text("utf-8-sig").splitlines()
    assert lignes[0].startswith('"Date et heure (UTC)";"Personne"')
    assert len(lignes) > 51  # what was filtered, not the page only
    assert all('"Import"' in ligne for ligne in lignes[1:])
    expect(page.locator("h1")).to_have_text("Journal")


def test_ones_own_data_are_read_and_taken_away(page: Page) -> None:
    connecter(page, "Claire Dumas")
    aller(page, "/mes-donnees", "Mes données")
    with page.expect_download() as attendu:
        bouton(page, "Télécharger mes données").click()
    assert '"prenom": "Claire"' in attendu.value.path().read_text("utf-8")
