"""Creating, correcting, abandoning: what is typed is never lost, what is wrong is told beside its field."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Ouvrir, Serveur
from tests.e2e.gestes import AMBULATOIRE, GYNECO, aller, arriver, bouton, connecter, enregistrer, lien, valider

BROUILLON = "Enregistré, à valider"


def test_a_created_offre_is_completed_until_it_validates(ordinateur: Page, serveur: Serveur) -> None:
    page = ordinateur
    connecter(page, "Claire Dumas")
    aller(page, "/structure/OI76-000009", "UF Gynécologie")
    lien(page, "Créer + une offre dans UF Gynécologie").click()
    arriver(page, "Créer une offre")
    bouton(page, "Créer").click()
    expect(page.locator(".erreur").first).to_be_visible()  # what is missing is told, nothing is created
    page.get_by_label("Nom de l’offre").fill("Gynécologie, hospitalisation de jour")
    page.get_by_role("radio", name="Médecine, Chirurgie, Obstétrique (MCO)").check()
    page.get_by_label("Mode de prise en charge").select_option(label="Hospitalisation de jour (HJ)")
    bouton(page, "Créer").click()
    arriver(page, "Gynécologie, hospitalisation de jour")
    expect(page.get_by_role("region", name="Ce qui manque avant de valider")).to_contain_text("Bloque la validation")

    lien(page, "Indiquez au moins une activité opérationnelle.").click()
    arriver(page, "Spécificités de l’offre")
    expect(page.get_by_label("Ajouter une activité")).to_be_focused()
    page.get_by_label("Ajouter une activité").fill("gynecologie medicale")
    page.get_by_role("option", name="Gynécologie médicale", exact=True).click()
    enregistrer(page)
    arriver(page, "Gynécologie, hospitalisation de jour")

    lien(page, "Rattachez au moins un lieu à l’offre.").click()
    arriver(page, "Adresse et lieux")
    page.get_by_label("Lieux").fill("gyneco 2e")
    page.get_by_role("option", name=re.compile("^Gynécologie, 2e étage")).click()
    expect(page.get_by_role("button", name=re.compile("^Retirer Gynécologie, 2e étage"))).to_be_visible()
    enregistrer(page)
    arriver(page, "Gynécologie, hospitalisation de jour")

    lien(page, re.compile("^Ajoutez un contact complet")).click()
    arriver(page, "Contacts")
    bouton(page, "Ajouter un contact").click()
    page.get_by_label("Nature du contact").select_option(label="Secrétariat")
    page.get_by_label("Moyen", exact=True).select_option(label="Téléphone fixe")
    page.get_by_label("Numéro ou adresse").fill("05 36 49 12 99")
    enregistrer(page)
    arriver(page, "Gynécologie, hospitalisation de jour")
    expect(page.locator(".barre")).to_contain_text("Rien ne bloque")

    lien(page, "Valider").click()
    arriver(page, "Valider l’offre")
    valider(page).click()
    arriver(page, "Offre validée")
    creees = serveur.lire(
        "SELECT validateur FROM offre_operationnelle WHERE nom_offre LIKE 'Gyn%, hospitalisation de jour'"
    )
    assert [tuple(o) for o in creees] == [("Claire Dumas",)]
    aller(page, "/structure/OI76-000009", "UF Gynécologie")
    expect(page.locator(".liste > li").filter(has_text="hospitalisation de jour")).to_contain_text("À jour")


def test_what_blocks_leads_to_its_field_and_is_corrected(page: Page, serveur: Serveur) -> None:
    connecter(page, "Claire Dumas")
    aller(page, f"/offre/{AMBULATOIRE}/valider", "Valider l’offre")
    expect(page.get_by_role("alert").filter(has_text="1 point bloque la validation")).to_be_visible()
    expect(valider(page)).to_have_count(0)

    page.get_by_role("link", name=re.compile("Ajoutez un moyen de communication")).click()
    arriver(page, "Contacts")
    fragment = page.url.partition("#")[2]
    expect(page.locator(f"[id='{fragment}']")).to_be_focused()

    bouton(page, "Ajouter un moyen de communication").click()
    contact = page.get_by_label("Contact 1", exact=True)
    expect(contact.get_by_label("Moyen", exact=True)).to_be_focused()
    contact.get_by_label("Moyen", exact=True).select_option(label="Téléphone fixe")
    contact.get_by_label("Numéro ou adresse").fill("05 36 49 12 98")
    enregistrer(page)
    arriver(page, "Gynécologie, chirurgie ambulatoire")
    lien(page, "Valider").click()
    arriver(page, "Valider l’offre")
    expect(page.get_by_role("heading", name="Rien ne bloque : vous pouvez valider")).to_be_visible()
    valider(page).click()
    arriver(page, "Offre validée")
    assert len(serveur.lire("SELECT * FROM trace WHERE action = 'VALIDATION'")) == 1


def test_an_unreadable_text_stays_as_typed_with_its_error(page: Page, serveur: Serveur) -> None:
    connecter(page, "Claire Dumas")
    aller(page, f"/offre/{GYNECO}/modifier/patientele?retour=/relecture", "Patientèle")
    page.get_by_label("Age minimum").fill("quinze")
    enregistrer(page)

    sommaire = page.get_by_role("alert").filter(has_text="1 point à corriger")
    expect(sommaire).to_be_focused()
    age = page.get_by_label("Age minimum")
    expect(age).to_have_value("quinze")
    expect(age).to_have_attribute("aria-invalid", "true")
    expect(age).to_have_accessible_description(re.compile("nombre entier, sans virgule ni lettre"))
    page.evaluate("window.restee = true")
    sommaire.get_by_role("link").click()
    expect(age).to_be_focused()
    assert re.search(r"\?retour=/relecture#.*age_min$", page.url)
    assert page.evaluate("window.restee")  # the same page, not loaded again

    page.reload()  # kept as typed on the server too, and not published
    arriver(page, "Patientèle")
    expect(age).to_have_value("quinze")
    assert serveur.lire("SELECT * FROM trace WHERE action = 'VALIDATION'") == []

    age.fill("15")
    enregistrer(page)
    expect(page).to_have_url(re.compile("/relecture"))


def test_saved_but_not_validated_is_said_everywhere_and_can_be_abandoned(page: Page, serveur: Serveur) -> None:
    connecter(page, "Claire Dumas")
    aller(page, f"/offre/{GYNECO}/modifier/informations_generales", "Informations générales")
    page.get_by_label("Nom de l’offre").fill("Consultations de gynécologie")
    enregistrer(page)
    arriver(page, "Consultations de gynécologie")
    expect(page.locator(".tete")).to_contain_text(BROUILLON)

    lien(page, "Gynécologie").click()
    arriver(page, "UF Gynécologie")
    expect(page.locator(".liste > li").filter(has_text=BROUILLON)).to_have_count(1)
    lien(page, "Femme-Mère-Enfant").click()
    arriver(page, "Pôle Femme-Mère-Enfant")
    expect(page.locator(".tete")).to_contain_text(BROUILLON)
    lien(page, "CH ALBI").click()
    arriver(page, "CH ALBI")
    expect(page.locator(".tete")).to_contain_text(BROUILLON)
    aller(page, "/", "Mes accès rapides")
    expect(page.get_by_role("region", name="Reprendre")).to_contain_text(BROUILLON)

    page.get_by_role("link", name=re.compile("^Reprendre ")).click()
    arriver(page, "Informations générales")
    expect(page.get_by_label("Nom de l’offre")).to_have_value("Consultations de gynécologie")
    bouton(page, "Abandonner").click()
    question = page.get_by_role("alert").filter(has_text="Abandonner ce qui est enregistré")
    expect(question).to_be_visible()
    question.get_by_role("button", name="Garder").click()
    expect(question).to_have_count(0)
    assert len(serveur.lire("SELECT * FROM brouillon")) == 1
    bouton(page, "Abandonner").click()
    bouton(page, "Abandonner le brouillon").click()
    arriver(page, "Gynécologie, consultations")
    expect(page.locator(".tete")).not_to_contain_text(BROUILLON)
    assert serveur.lire("SELECT * FROM brouillon") == []


def test_searching_a_long_list_adds_saves_and_shows_the_code(page: Page) -> None:
    connecter(page, "Claire Dumas")
    aller(page, f"/offre/{GYNECO}/modifier/specificites", "Spécificités de l’offre")
    cherche = page.get_by_label("Ajouter une activité")
    cherche.press_sequentially("chirurgie gyn")
    expect(page.get_by_role("status").filter(has_text="résultat")).to_have_count(1)
    page.get_by_role("option", name="Chirurgie gynécologique").click()
    expect(page.get_by_role("button", name="Retirer Chirurgie gynécologique")).to_be_visible()
    expect(cherche).to_be_focused()
    expect(cherche).to_have_value("")
    enregistrer(page)
    arriver(page, "Gynécologie, consultations")
    expect(page.get_by_role("region", name="Spécificités de l’offre")).to_contain_text("Chirurgie gynécologique")


def test_two_people_on_one_section_are_told_of_the_conflict_and_merge_the_rest(ouvrir: Ouvrir) -> None:
    claire, mireille = ouvrir("ordinateur"), ouvrir("telephone")
    connecter(claire, "Claire Dumas")
    connecter(mireille, "Mireille Faure")
    for page in (claire, mireille):
        aller(page, f"/offre/{GYNECO}/modifier/patientele", "Patientèle")

    mireille.get_by_label("Age minimum").fill("16")
    enregistrer(mireille)
    arriver(mireille, "Gynécologie, consultations")
    claire.get_by_label("Age minimum").fill("18")
    enregistrer(claire)
    arriver(claire, "Deux saisies différentes")
    expect(claire.get_by_role("radio", name="Garder la mienne")).to_have_count(1)
    claire.get_by_role("radio", name="18").check()  # mine, knowingly
    bouton(claire, "Enregistrer mes choix").click()
    arriver(claire, "Gynécologie, consultations")
    expect(claire.get_by_role("region", name="Patientèle")).to_contain_text("18 années")

    for page in (claire, mireille):
        aller(page, f"/lieu/L76-000001/modifier/informations_generales?offre={GYNECO}", "Informations générales")
    mireille.get_by_label("Nom du lieu").fill("Gynécologie, 3e étage")
    enregistrer(mireille)
    arriver(mireille, "Gynécologie, 3e étage")
    claire.get_by_label("Description").fill("Près de l’ascenseur B")
    enregistrer(claire)
    arriver(claire, "Gynécologie, 3e étage")  # her field and mine
    expect(claire.get_by_role("region", name="Informations générales")).to_contain_text("Près de l’ascenseur B")


def test_validating_what_somebody_changed_meanwhile_asks_to_read_again(ouvrir: Ouvrir, serveur: Serveur) -> None:
    claire, mireille = ouvrir(), ouvrir()
    connecter(claire, "Claire Dumas")
    connecter(mireille, "Mireille Faure")
    aller(claire, f"/offre/{GYNECO}/valider", "Valider l’offre")
    aller(mireille, f"/offre/{GYNECO}/modifier/patientele", "Patientèle")
    mireille.get_by_label("Age minimum").fill("16")
    enregistrer(mireille)
    arriver(mireille, "Gynécologie, consultations")

    valider(claire).click()
    expect(claire.get_by_role("alert").filter(has_text="Rien n’est validé")).to_be_focused()
    expect(claire.get_by_role("row").filter(has_text="Age minimum")).to_contain_text("16")
    assert serveur.lire("SELECT * FROM trace WHERE action = 'VALIDATION'") == []
    valider(claire).click()
    arriver(claire, "Offre validée")


def test_a_choice_shows_at_once_what_depends_on_it(ordinateur: Page) -> None:
    page = ordinateur
    connecter(page, "Claire Dumas")
    aller(page, f"/offre/{GYNECO}/modifier/contacts", "Contacts")
    contact = page.get_by_label("Contact 1", exact=True)
    expect(contact.get_by_label("Nature du contact")).to_be_visible()
    contact.get_by_role("radio", name=re.compile("^Une personne")).check()
    expect(contact.get_by_label("Fonction de la personne")).to_be_visible()
    expect(contact.get_by_label("Nature du contact")).to_have_count(0)
    bouton(page, "Retirer Contact 2").click()
    expect(page.get_by_label("Contact 2", exact=True)).to_have_count(0)
    expect(bouton(page, "Ajouter un contact")).to_be_focused()


def test_pressing_twice_saves_and_validates_once(ordinateur: Page, serveur: Serveur) -> None:
    page = ordinateur
    connecter(page, "Claire Dumas")
    aller(page, f"/offre/{GYNECO}/modifier/patientele", "Patientèle")
    page.get_by_label("Age minimum").fill("16")
    bouton(page, "Enregistrer").dblclick()
    arriver(page, "Gynécologie, consultations")
    assert len(serveur.lire("SELECT * FROM trace WHERE action = 'BROUILLON'")) == 1
    aller(page, f"/offre/{GYNECO}/valider", "Valider l’offre")
    valider(page).dblclick()
    arriver(page, "Offre validée")
    assert len(serveur.lire("SELECT * FROM trace WHERE action = 'VALIDATION'")) == 1


def test_the_question_before_abandoning_is_seen_and_gives_the_focus_back(telephone: Page) -> None:
    page = telephone
    connecter(page, "Claire Dumas")
    aller(page, f"/offre/{GYNECO}/modifier/patientele", "Patientèle")
    page.get_by_label("Age minimum").fill("16")
    enregistrer(page)
    arriver(page, "Gynécologie, consultations")
    lien(page, "Modifier la section Patientèle").click()
    arriver(page, "Patientèle")
    bouton(page, "Abandonner").click()
    question = page.get_by_role("alert").filter(has_text="Abandonner ce qui est enregistré")
    expect(question).to_be_focused(timeout=2000)
    expect(question).to_be_in_viewport()
    question.get_by_role("button", name="Garder").click()
    expect(bouton(page, "Abandonner")).to_be_focused(timeout=2000)


def test_an_error_says_the_same_after_a_reload(ordinateur: Page) -> None:
    page = ordinateur
    connecter(page, "Claire Dumas")
    aller(page, f"/offre/{GYNECO}/modifier/patientele", "Patientèle")
    page.get_by_label("Age minimum").fill("quinze")
    enregistrer(page)
    erreur = page.locator(".champ", has=page.get_by_label("Age minimum")).locator(".erreur")
    expect(erreur).to_contain_text("Indiquez un nombre entier")
    page.reload()
    arriver(page, "Patientèle")
    expect(erreur).to_contain_text("Indiquez un nombre entier", timeout=2000)


def test_a_section_opened_again_shows_what_was_saved_and_keeps_what_is_typed_at_once(ordinateur: Page) -> None:
    page = ordinateur
    connecter(page, "Claire Dumas")
    aller(page, f"/offre/{GYNECO}", re.compile("^Gynécologie"))
    for nom in ("Gynécologie, premier nom", "Gynécologie, second nom"):
        lien(page, "Modifier la section Informations générales").click()
        page.get_by_label("Nom de l’offre").fill(nom)
        enregistrer(page)
        arriver(page, nom)


def test_a_reconnection_keeps_what_is_typed_although_somebody_saved(ouvrir: Ouvrir) -> None:
    claire, mireille = ouvrir(), ouvrir()
    adresse = "/lieu/L76-000009/modifier/informations_generales"
    for page, nom in ((claire, "Claire Dumas"), (mireille, "Mireille Faure")):
        connecter(page, nom)
        aller(page, adresse, "Informations générales")
    claire.get_by_label("Description").fill("Au fond du couloir")
    mireille.get_by_label("Nom du lieu").fill("Nom de Mireille")
    enregistrer(mireille)
    arriver(mireille, "Nom de Mireille")

    claire.context.set_offline(True)
    expect(claire.locator("#incident, .bandeau").filter(has_text="Connexion perdue")).to_be_visible()
    claire.context.set_offline(False)
    expect(claire.locator(".bandeau").filter(has_text="De nouveau connecté")).to_be_visible()
    expect(claire.get_by_label("Description")).to_have_value("Au fond du couloir")
    enregistrer(claire)

    arriver(claire, "Nom de Mireille")
    expect(claire.get_by_role("region", name="Informations générales")).to_contain_text("Au fond du couloir")


def test_a_code_no_longer_in_force_asks_its_question_on_its_own_field(page: Page, serveur: Serveur) -> None:
    connecter(page, "Claire Dumas")
    aller(page, "/offre/76/0000001/modifier/accueil", "Accueil et prise en charge")
    question = page.get_by_role("group", name="Code à revoir : Téléexpertise en plus de 7 jours")
    expect(question).to_contain_text("n’est plus en vigueur")
    page.get_by_role("checkbox", name="Téléconsultation").check()
    question.get_by_role("button", name="Garder pour l’instant").click()
    expect(question).to_have_count(0)
    expect(page.locator("#modalite_accueil")).to_be_focused()
    expect(page.get_by_role("checkbox", name="Téléconsultation")).to_be_checked()  # what was ticked is still
    page.get_by_role("checkbox", name="Téléexpertise en plus de 7 jours").uncheck()
    enregistrer(page)
    arriver(page, "Gynécologie, hospitalisation complète")
    aller(page, "/offre/76/0000001/modifier/accueil", "Accueil et prise en charge")
    expect(question).to_have_count(0)
    (brouillon,) = serveur.lire("SELECT valeurs FROM brouillon WHERE objet = 'offre:76/0000001'")
    assert '"12"' not in brouillon["valeurs"]
