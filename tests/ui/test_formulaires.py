"""Forms: every section drawn from its declarations, and the gestures that change one on screen."""

import re
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import SQLModel, delete, select

from rxror import db
from rxror.echanges.reference import NOMENCLATURES, charger_nomenclatures
from rxror.ror.champs import Edition, TypeChamp, champs_de, groupes_de, peut_manquer, section_de, sections_de
from rxror.ror.erreurs import AccesRefuse, NonConnecte, ObjetFerme, SaisieInvalide
from rxror.ror.nomenclatures import Commune, Concept
from rxror.ror.objets import (
    EntiteGeographique,
    LieuRealisationOffre,
    OffreLieu,
    OffreOperationnelle,
    OrganisationInterne,
)
from rxror.ror.objets.lieu import HEBERGEMENT_MEDICO_SOCIAL
from rxror.ror.typographie import fr
from rxror.services import choix_modele, creation
from rxror.services.nomenclatures import oublier
from rxror.tables import Brouillon, Habilitation, Role
from rxror.ui.champs import VUES, formulaire_view
from rxror.ui.pages.application import ApplicationState, application_page
from rxror.ui.pages.copie import CopieState, copie_page
from rxror.ui.pages.creation import CreationState, creer_lieu_page, creer_offre_page, creer_structure_page
from rxror.ui.pages.edition import PAGES, EditionState, edition_page
from rxror.ui.pages.fermeture import FermetureState
from tests.bases import Base
from tests.fabriques import un_lieu, une_offre_complete

CLASSES = (OffreOperationnelle, LieuRealisationOffre, OrganisationInterne, EntiteGeographique)
SECTIONS = [(c, s.cle) for c in CLASSES for s in sections_de(c) if s.modifiable]
DE_L_EHPAD = ("aides", "tarifs")
EHPAD = "810003418"


# ------------------------------------------------------------------------ what is drawn


def vue(classe: type[SQLModel], section: str) -> str:
    return str(formulaire_view(EditionState, classe, section))


@pytest.fixture(scope="module")
def vues() -> dict[Any, str]:
    return {cle: vue(*cle) for cle in SECTIONS}


def a_saisir(classe: type[SQLModel], section: str | None = None) -> dict[str, Any]:
    return {
        n: c
        for n, c in champs_de(classe, section).items()
        if c.edition is Edition.LIBRE and c.type is not TypeChamp.REFERENCE
    }


def test_every_kind_of_input_has_a_view() -> None:
    assert set(VUES) == set(TypeChamp)


@pytest.mark.parametrize("cle", SECTIONS, ids=lambda c: f"{c[0].GENRE}-{c[1]}")
def test_section_draws_every_field_once_with_its_label(vues: dict[Any, str], cle: Any) -> None:
    rendu = vues[cle]
    for nom, champ in a_saisir(*cle).items():
        texte = champ.label.encode("ascii", "backslashreplace").decode().replace("\\xa0", "\\u00a0")
        assert texte.replace("\\xe", "\\u00e").replace("\\xc", "\\u00c") in rendu, nom
        if champ.type not in (TypeChamp.CHOIX, TypeChamp.OUI_NON, TypeChamp.CHOIX_MULTIPLES):
            assert rendu.count(f'htmlFor:"{nom}"') == 1, nom
            assert f'id:"{nom}"' in rendu, nom
        else:
            assert rendu.count(f'id:"{nom}"') == 1, nom


@pytest.mark.parametrize("cle", SECTIONS, ids=lambda c: f"{c[0].GENRE}-{c[1]}")
def test_field_that_may_be_typed_sends_its_own_path(vues: dict[Any, str], cle: Any) -> None:
    simples = {
        n
        for n, c in a_saisir(*cle).items()
        if c.type not in (TypeChamp.CHOIX_MULTIPLES, TypeChamp.RECHERCHE_MULTIPLE, TypeChamp.LIEUX)
    }
    assert simples <= set(re.findall(r'name:"([^"]*)"', vues[cle]))


@pytest.mark.parametrize("cle", SECTIONS, ids=lambda c: f"{c[0].GENRE}-{c[1]}")
def test_frozen_fields_are_shown_and_send_nothing(vues: dict[Any, str], cle: Any) -> None:
    noms = set(re.findall(r'name:"([^"]*)"', vues[cle]))
    figes = {
        n for n, c in champs_de(*cle).items() if c.edition is Edition.CREATION and c.type is not TypeChamp.REFERENCE
    }
    assert not figes & noms
    for nom in figes:
        assert f'"gele:{nom}"' in vues[cle]


@pytest.mark.parametrize("cle", SECTIONS, ids=lambda c: f"{c[0].GENRE}-{c[1]}")
def test_every_field_has_a_place_for_its_error_and_its_help(vues: dict[Any, str], cle: Any) -> None:
    for nom, champ in a_saisir(*cle).items():
        assert f'id:"{nom}-e"' in vues[cle]
        if champ.aide:
            assert f'id:"{nom}-a"' in vues[cle]


@pytest.mark.parametrize("cle", SECTIONS, ids=lambda c: f"{c[0].GENRE}-{c[1]}")
def test_field_that_a_condition_or_a_modele_may_hide_is_absent_then(vues: dict[Any, str], cle: Any) -> None:
    for nom, champ in a_saisir(*cle).items():
        assert (f'visibles_rx_state_?.["{nom}"]' in vues[cle]) is peut_manquer(champ), nom


def test_rows_announce_themselves_and_those_inside_them_too(vues: dict[Any, str]) -> None:
    rendu = vues[OffreOperationnelle, "contacts"]
    assert 'name:("contact."+cle_rx_state_)' in rendu
    assert '+".")+"telecommunication")' in rendu
    for champ in ("canal", "adresse_telecom", "utilisation", "niveau_confidentialite"):
        assert f'+"{champ}")' in rendu


def test_software_lines_are_drawn_as_text(vues: dict[Any, str]) -> None:
    assert "figees_rx_state_" in vues[LieuRealisationOffre, "capacitaire"]
    assert "figees_rx_state_" not in vues[OffreOperationnelle, "contacts"]


def test_link_of_an_error_can_reach_a_group_of_choices(vues: dict[Any, str]) -> None:
    rendu = vues[OffreOperationnelle, "informations_generales"]
    assert "tabIndex:-1" in rendu
    assert '["tabIndex"]' not in rendu


def test_system_fields_are_never_drawn(vues: dict[Any, str]) -> None:
    rendu = " ".join(vues.values())
    for classe in (
        *CLASSES,
        *(g.classe for c in CLASSES for g in groupes_de(c).values()),
    ):
        for nom, champ in champs_de(classe).items():
            if champ.edition is Edition.SYSTEME:
                assert f'name:"{nom}"' not in rendu
    assert "type_source_capacite" not in rendu


@pytest.mark.parametrize(
    "faire",
    [p[1] for p in PAGES] + [creer_offre_page, creer_lieu_page, creer_structure_page, copie_page, application_page],
)
def test_every_page_of_a_form_is_drawn(faire: Any) -> None:
    assert "onSubmit" in str(faire())


# ----------------------------------------------------------------------------- gestures


@pytest.fixture(scope="module")
def modele() -> dict[str, Any]:
    """The database of the first test, copied for the next ones: loading the code lists takes a while."""
    return {}


@pytest.fixture
def base(request: pytest.FixtureRequest, la_base: Base, modele: dict[str, Any]) -> None:
    """The base of all pages, with a complete offer and its lieu at CH ALBI, the code lists and one commune."""
    oublier()
    if modele:
        la_base.reprendre(modele["photo"])
        return
    request.getfixturevalue("base")
    modele["objets"] = _remplir()
    modele["photo"] = la_base.photographier()


def _remplir() -> dict[str, str]:
    with db.transaction() as session:
        charger_nomenclatures(session, NOMENCLATURES)
        session.add(
            Commune(
                code_insee="81004", nom="Albi", code_postal="81000", departement="81", region="76", recherche="albi"
            )
        )
        eg = session.exec(select(EntiteGeographique).where(EntiteGeographique.num_finess == "810000505")).one()
        uf = session.exec(select(OrganisationInterne).where(OrganisationInterne.identifiant_oi == "U1")).one()
        offre = une_offre_complete(session, eg, uf, identifiant_offre="76/0000009", zone_intervention=["81004"])
        lieu = session.exec(select(LieuRealisationOffre)).one()
        for n in range(2):
            autre = une_offre_complete(session, eg, uf, identifiant_offre=f"76/000001{n}", nom_offre=f"Autre {n}")
            session.add(OffreLieu(offre_operationnelle_id=autre.id, lieu_realisation_offre_id=lieu.id))
        lieu.fonction_lieu = HEBERGEMENT_MEDICO_SOCIAL
        return {
            "offre": offre.identifiant_offre,
            "lieu": lieu.identifiant,
            "structure": uf.identifiant_oi,
            "etablissement": eg.num_finess,
            "ehpad": EHPAD,
        }


@pytest.fixture
def objets(base: None, modele: dict[str, Any]) -> dict[str, str]:
    """Identifiers of the offer and of its lieu."""
    return modele["objets"]


@pytest.fixture
def edition(ouvrir: Any, objets: dict[str, Any]) -> Any:
    """The form of a section, loaded."""

    def _edition(section: str, genre: str = "offre", **autres: Any) -> Any:
        identifiant = objets["ehpad" if section in DE_L_EHPAD else genre]
        etat = ouvrir(EditionState, f"/{genre}/{identifiant}/modifier/{section}", **autres)
        etat.charger()
        return etat

    return _edition


def envoi(etat: Any, **changements: str) -> dict[str, str]:
    """What the browser sends of the form."""
    lignes = {f"{chemin}.{cle}": "1" for chemin, cles in etat.lignes.items() for cle in cles}
    contexte = {
        "_section": etat.place.rpartition("/")[2],
        "_base": etat.base,
        "_cle": etat.cle,
        "_identifiant": etat.identifiant,
        "_genre": etat.objet,
    }
    return {**contexte, **lignes, **etat.valeurs, **changements}


def brouillons() -> list[Brouillon]:
    with db.transaction() as session:
        return list(session.exec(select(Brouillon)))


def proposes(etat: Any) -> list[Any]:
    return [code for paquet in etat.trouves for code in paquet["codes"]]


def test_charger_shows_what_is_published(edition: Any) -> None:
    etat = edition("informations_generales")
    assert etat.valeurs["nom_offre"] == "Gynécologie, hospitalisation complète"
    assert etat.libelles["gele:champ_activite"] == "Médecine, Chirurgie, Obstétrique (MCO)"
    assert (etat.erreurs, etat.brouillon, etat.retour) == ({}, False, "/offre/76/0000009")
    assert "Je modifie" in etat.titre_page


@pytest.mark.parametrize(("classe", "section"), SECTIONS, ids=[f"{c.GENRE}-{s}" for c, s in SECTIONS])
def test_section_opened_and_saved_untouched_leaves_nothing(edition: Any, classe: Any, section: str) -> None:
    etat = edition(section, classe.GENRE)
    assert "/" in str(etat.enregistrer(envoi(etat)))
    assert etat.erreurs == {}
    assert brouillons() == []


def test_enregistrer_keeps_and_goes_back(edition: Any, objets: Any) -> None:
    etat = edition("informations_generales")
    assert f"/offre/{objets['offre']}" in str(etat.enregistrer(envoi(etat, nom_offre="Neuf")))
    assert [b.valeurs for b in brouillons()] == [{"nom_offre": "Neuf"}]
    assert edition("informations_generales").statut.startswith("Enregistré à")


def test_enregistrer_what_cannot_be_read_stays_on_the_page_and_says_it(edition: Any) -> None:
    etat = edition("patientele")
    chemin = f"patientele.{etat.lignes['patientele'][0]}.age_max"
    assert etat.enregistrer(envoi(etat, **{chemin: "cent vingt"})) is None
    assert etat.titre_erreurs == "1 point à corriger"
    assert etat.liste_erreurs[0]["chemin"] == chemin
    assert etat.foyer
    assert edition("patientele").valeurs[chemin] == "cent vingt"


def test_contact_turned_into_a_person_is_saved_without_reproach(edition: Any) -> None:
    etat = edition("contacts")
    prefixe = f"contact.{etat.lignes['contact'][0]}."
    saisie = envoi(
        etat, **{prefixe + "qui": "personne", prefixe + "nom": "Anne Vidal", prefixe + "fonction_contact": "22"}
    )
    assert etat.enregistrer(saisie) is not None
    assert etat.erreurs == {}


def test_two_pages_that_change_the_same_field_lead_the_second_to_choose(edition: Any) -> None:
    premiere, seconde = edition("informations_generales"), edition("informations_generales")
    assert premiere.formulaire != seconde.formulaire
    premiere.enregistrer(envoi(premiere, nom_offre="Un"))
    ailleurs = seconde.enregistrer(envoi(seconde, nom_offre="Deux"))
    assert "/offre/76/0000009/conflit/informations_generales" in str(ailleurs)
    assert seconde.place == ""  # coming again to this section does not show the form as it was
    assert [b.valeurs["nom_offre"] for b in brouillons()] == ["Un"]
    assert edition("informations_generales").attente == 1


@pytest.mark.parametrize(
    "forgee",
    [
        {"_cle": "x"},
        {"_base": "[]"},
        {"_base": ""},
        {"_genre": None},
        {"_section": "x" * 61},
        {"nom_offre": "x" * 12_001},
    ],
    ids=lambda f: next(iter(f)),
)
def test_enregistrer_refuses_what_no_page_sends(edition: Any, forgee: dict[str, Any]) -> None:
    etat = edition("informations_generales")
    with pytest.raises(SaisieInvalide):
        etat.enregistrer(envoi(etat) | forgee)


@pytest.mark.parametrize("saisie", [None, "x", [], 3])
def test_enregistrer_refuses_what_is_no_form(edition: Any, saisie: Any) -> None:
    with pytest.raises(SaisieInvalide):
        edition("informations_generales").enregistrer(saisie)


@pytest.mark.parametrize(
    "forgee",
    [
        {"_genre": "structure", "_identifiant": "U2"},
        {"_genre": "etablissement", "_identifiant": "810000506"},
        {"_genre": "etablissement", "_identifiant": "810000505", "_section": "identification"},
        {"_genre": "entite_juridique", "_identifiant": "810000331"},
        {"_identifiant": "76/9"},
        {"_section": "informations_complementaires"},
    ],
    ids=["structure", "etablissement", "finess", "entite juridique", "inconnue", "section"],
)
def test_enregistrer_of_another_object_is_refused_by_the_service(edition: Any, forgee: dict[str, str]) -> None:
    etat = edition("informations_generales")
    with pytest.raises(AccesRefuse):
        etat.enregistrer(envoi(etat) | forgee)


def test_form_is_refused_to_a_lecteur_and_without_session(edition: Any) -> None:
    etat = edition("informations_generales")
    with db.transaction() as session:
        for droit in session.exec(select(Habilitation)):
            droit.role = Role.LECTEUR
            session.add(droit)
    saisie = envoi(etat, nom_offre="X")
    for geste in (lambda: etat.enregistrer(saisie), etat.charger):
        with pytest.raises(AccesRefuse):
            geste()
    with pytest.raises(NonConnecte):
        edition("informations_generales", empreinte="inconnue")
    assert brouillons() == []


def test_abandonner_asks_then_drops_the_brouillon(edition: Any, objets: Any) -> None:
    etat = edition("informations_generales")
    etat.enregistrer(envoi(etat, nom_offre="Neuf"))
    etat = edition("informations_generales")
    assert etat.brouillon
    etat.demander_abandon()
    assert etat.abandon
    assert len(brouillons()) == 1
    assert objets["offre"] in str(etat.abandonner("offre", objets["offre"], "informations_generales", etat.marque))
    assert brouillons() == []


def test_changer_shows_at_once_what_depends_on_it(edition: Any) -> None:
    etat = edition("contacts")
    prefixe = f"contact.{etat.lignes['contact'][0]}."
    assert (etat.visibles[prefixe + "nature_contact"], etat.visibles[prefixe + "nom"]) == (True, False)
    etat.changer(prefixe + "qui", "personne")
    assert (etat.visibles[prefixe + "nature_contact"], etat.visibles[prefixe + "nom"]) == (False, True)


def test_ajouter_ligne_gives_its_default_answers_and_a_first_telecom(edition: Any) -> None:
    etat = edition("contacts")
    etat.ajouter_ligne("contact")
    ancien, neuf = etat.lignes["contact"]
    assert neuf.startswith("n")
    assert etat.valeurs[f"contact.{neuf}.niveau_confidentialite"] == "2"
    assert len(etat.lignes[f"contact.{neuf}.telecommunication"]) == 1
    etat.ajouter_ligne(f"contact.{ancien}.telecommunication")
    assert len(etat.lignes[f"contact.{ancien}.telecommunication"]) == 2
    etat.retirer_ligne("contact", neuf)
    assert etat.lignes["contact"] == [ancien]
    assert brouillons() == []


def test_rows_are_added_up_to_sixty(edition: Any) -> None:
    etat = edition("contacts")
    for _ in range(65):
        etat.ajouter_ligne("contact")
    assert len(etat.lignes["contact"]) == 60


@pytest.mark.parametrize("chemin", ["inconnu", "", "contact.1.inconnu", "nom_offre"])
def test_ajouter_ligne_to_what_is_no_group_is_refused(edition: Any, chemin: str) -> None:
    with pytest.raises(SaisieInvalide):
        edition("contacts").ajouter_ligne(chemin)


def test_chercher_then_choisir_adds_one_activite_once(edition: Any) -> None:
    etat = edition("specificites")
    etat.chercher("activite_operationnelle", "urgences ped")
    code = proposes(etat)[0]["cle"]
    assert "résultat" in etat.recherche_dite
    for _ in range(2):
        etat.chercher("activite_operationnelle", "urgences ped")
        etat.choisir("activite_operationnelle", code)
    cles = etat.lignes["activite_operationnelle"]
    assert [etat.valeurs[f"activite_operationnelle.{c}.activite_operationnelle"] for c in cles] == ["022", code]
    etat.enregistrer(envoi(etat))
    (garde,) = brouillons()
    assert [a["activite_operationnelle"] for a in garde.valeurs["activite_operationnelle"]] == ["022", code]


def test_choisir_and_retirer_a_code_of_a_multiple_search(edition: Any) -> None:
    etat = edition("specificites")
    etat.chercher("acte_specifique", "decontamination")
    code = proposes(etat)[0]["cle"]
    etat.choisir("acte_specifique", code)
    etat.choisir("acte_specifique", code)
    assert etat.lignes["acte_specifique"] == [code]
    etat.retirer_code("acte_specifique", code)
    assert etat.lignes["acte_specifique"] == []


def test_choisir_and_retirer_the_code_of_a_single_search(edition: Any) -> None:
    etat = edition("accueil")
    etat.chercher("type_offre", "01")
    etat.choisir("type_offre", "01")
    assert etat.valeurs["type_offre"] == "01"
    etat.retirer_code("type_offre", "01")
    assert etat.valeurs["type_offre"] == ""


def test_chercher_a_commune_and_nothing(edition: Any) -> None:
    etat = edition("adresse", "lieu")
    etat.chercher("commune_cog", "alb")
    assert [o["libelle"] for o in proposes(etat)] == ["Albi (81000)"]
    etat.chercher("commune_cog", "zzzz")
    assert (etat.trouves, etat.recherche_dite) == ([], "Aucun résultat.")
    etat.chercher("commune_cog", " ")
    assert etat.recherche_dite == ""


@pytest.mark.parametrize("chemin", ["nom_offre", "unite_sensible", "champ_activite"])
def test_nothing_is_searched_where_the_field_has_no_search(edition: Any, chemin: str) -> None:
    etat = edition("informations_generales")
    for geste in (etat.chercher, etat.choisir, etat.retirer_code):
        with pytest.raises(SaisieInvalide):
            geste(chemin, "01")
    assert (etat.trouves, etat.foyer) == ([], "")


@pytest.mark.parametrize("code", ["", "99999", "TRE_R85:022", "x" * 61, "\ud800", 3, None, ["022"], "<script>"])
def test_choisir_refuses_a_code_that_the_list_does_not_hold(edition: Any, code: Any) -> None:
    etat = edition("specificites")
    avant = dict(etat.lignes)
    for chemin in ("activite_operationnelle", "acte_specifique"):
        with pytest.raises(SaisieInvalide):
            etat.choisir(chemin, code)
    assert etat.lignes == avant


def test_choisir_a_code_that_has_left_the_list_says_so_and_adds_nothing(edition: Any) -> None:
    with db.transaction() as session:
        concept = session.exec(select(Concept).where(Concept.jdv == "J16")).first()
        assert concept is not None
        concept.statut, code = "deprecated", concept.cle
    oublier()
    etat = edition("specificites")
    etat.choisir("acte_specifique", code)
    assert etat.lignes["acte_specifique"] == []
    assert "plus en vigueur" in etat.recherche_dite


def test_choisir_an_unknown_commune_is_refused(edition: Any) -> None:
    etat = edition("adresse", "lieu")
    with pytest.raises(SaisieInvalide):
        etat.choisir("commune_cog", "99999")
    etat.choisir("commune_cog", "81004")
    assert etat.libelles["commune:81004"] == "Albi (81004)"


@pytest.mark.parametrize("texte", [None, 3, ["urg"], {"a": 1}, "x" * 5000, "\u202e%_'\"", "🙂" * 90])
def test_chercher_answers_whatever_is_typed(edition: Any, texte: Any) -> None:
    etat = edition("specificites")
    etat.chercher("acte_specifique", texte)
    assert len(etat.repondu) <= 80
    assert etat.cherche == "acte_specifique"


def test_chercher_marks_what_is_chosen_already(edition: Any) -> None:
    etat = edition("specificites")
    etat.chercher("activite_operationnelle", "022")
    assert [(o["cle"], o["pris"]) for o in proposes(etat) if o["cle"] == "022"] == [("022", True)]
    etat.choisir("activite_operationnelle", "022")
    assert len(etat.lignes["activite_operationnelle"]) == 1
    assert "déjà choisi" in etat.recherche_dite


def test_proposals_are_in_titled_packets_each_with_its_own_rank(edition: Any) -> None:
    etat = edition("specificites")
    etat.chercher("profession_ressource", "infirmier")
    assert len({p["titre"] for p in etat.trouves}) == len(etat.trouves) > 1
    rangs = [o["rang"] for o in proposes(etat)]
    assert len(set(rangs)) == len(rangs)


def test_retirer_code_gives_the_focus_to_the_next_code_then_to_the_field(edition: Any) -> None:
    etat = edition("specificites")
    etat.chercher("acte_specifique", "echo")
    codes = [o["cle"] for o in proposes(etat)[:3]]
    for code in codes:
        etat.choisir("acte_specifique", code)
    suites = []
    for code in (codes[1], codes[2], codes[0]):
        etat.retirer_code("acte_specifique", code)
        suites.append(etat.foyer.rpartition(":")[0])
    assert suites == [
        f"champ:acte_specifique-{codes[2]}-x",
        f"champ:acte_specifique-{codes[0]}-x",
        "champ:acte_specifique",
    ]


# -------------------------------------------------------------------------------- grid


CAPACITE = "capacite_accueil_operationnelle"


def test_grid_of_capacities_keeps_a_number_and_drops_an_emptied_one(edition: Any) -> None:
    etat = edition("capacitaire", "lieu")
    (installes, fermes, *_) = [c.removeprefix(CAPACITE + ".") for c in etat.cases]
    etat.enregistrer(envoi(etat, **{f"{CAPACITE}.{fermes}.nombre_capacite": "2"}))
    (garde,) = brouillons()
    assert [ligne["nombre_capacite"] for ligne in garde.valeurs[CAPACITE] if ligne["cle"] == fermes] == [2]
    etat = edition("capacitaire", "lieu")
    etat.enregistrer(envoi(etat, **{f"{CAPACITE}.{c}.nombre_capacite": "" for c in (installes, fermes)}))
    restes = [ligne["cle"] for b in brouillons() for ligne in b.valeurs[CAPACITE]]
    assert not {installes, fermes} & set(restes)


def test_position_of_the_etablissement_is_offered_when_finess_has_it(edition: Any) -> None:
    with db.transaction() as session:
        eg = session.exec(select(EntiteGeographique).where(EntiteGeographique.num_finess == "810000505")).one()
        eg.latitude, eg.longitude = Decimal("43.925997"), Decimal("2.142955")
    assert edition("adresse", "lieu").reprises == {"latitude": "latitude=43,925997;longitude=2,142955"}
    with db.transaction() as session:
        eg = session.exec(select(EntiteGeographique).where(EntiteGeographique.num_finess == "810000505")).one()
        eg.longitude = None
    assert edition("adresse", "lieu").reprises == {}


def test_a_position_typed_in_one_field_is_read_in_both(edition: Any) -> None:
    etat = edition("adresse", "lieu")
    etat.enregistrer(envoi(etat, latitude="43.92, 2.14", longitude=""))
    (garde,) = brouillons()
    assert {n: garde.valeurs[n] for n in ("latitude", "longitude")} == {"latitude": "43.92", "longitude": "2.14"}


def test_chercher_without_session_is_refused(ouvrir: Any, objets: Any) -> None:
    adresse = f"/offre/{objets['offre']}/modifier/accueil"
    with pytest.raises(NonConnecte):
        ouvrir(EditionState, adresse, empreinte="inconnue").chercher("type_offre", "urg")


@pytest.mark.parametrize(
    "chemin", ["x", "contact.n9.nom", "nom_offre.x", "contact.1.telecommunication.9.canal", 3, None]
)
@pytest.mark.parametrize("geste", ["changer", "ajouter_ligne", "retirer_ligne", "chercher", "choisir", "retirer_code"])
def test_a_gesture_on_what_the_form_does_not_hold_is_refused(edition: Any, geste: str, chemin: Any) -> None:
    etat = edition("informations_generales")
    avant = dict(etat.valeurs), dict(etat.lignes)
    suite = {"changer": ["x"], "ajouter_ligne": [], "chercher": ["urg"], "choisir": ["022"]}.get(geste, ["1"])
    with pytest.raises(SaisieInvalide):
        getattr(etat, geste)(chemin, *suite)
    assert (etat.valeurs, etat.lignes) == avant


def test_shared_lieu_names_the_offres_that_it_serves(edition: Any) -> None:
    assert len(edition("capacitaire", "lieu").sert) == 3


# ------------------------------------------------------------------------------ creation


def test_creer_offre_opens_what_it_created(ouvrir: Any, objets: Any) -> None:
    etat = ouvrir(CreationState, "/creer/offre/structure/U1")
    etat.charger_offre()
    assert [o["cle"] for o in etat.options["champ_activite"]] == ["01", "02", "03"]
    saisie = {"objet": etat.objet, "genre": etat.objet, "identifiant": etat.identifiant, "cle": etat.cle}
    etat.creer_offre(saisie | {"nom_offre": "HDJ", "champ_activite": "01"})
    assert list(etat.erreurs) == ["mode_prise_en_charge"]
    suite = etat.creer_offre(saisie | {"nom_offre": "HDJ", "champ_activite": "01", "mode_prise_en_charge": "29"})
    with db.transaction() as session:
        neuve = session.exec(select(OffreOperationnelle).where(OffreOperationnelle.nom_offre == "HDJ")).one()
    assert neuve.identifiant_offre in str(suite)


def test_creer_lieu_opens_what_it_created(ouvrir: Any, objets: Any) -> None:
    etat = ouvrir(CreationState, f"/creer/lieu/{objets['offre']}")
    etat.charger_lieu()
    saisie = {"objet": etat.objet, "genre": etat.objet, "identifiant": etat.identifiant, "cle": etat.cle}
    assert "/lieu/" in str(etat.creer_lieu(saisie | {"nom": "Bloc", "fonction_lieu": "006"}))
    assert [b.section for b in brouillons()] == ["adresse"]


@pytest.mark.parametrize(
    "adresse",
    ["/creer/offre/structure/P1", "/creer/offre/etablissement/810000505", "/creer/offre/", "/creer/offre/x/y"],
)
def test_creer_offre_under_what_holds_none_shows_nothing(ouvrir: Any, objets: Any, adresse: str) -> None:
    etat = ouvrir(CreationState, adresse)
    with pytest.raises(AccesRefuse):
        etat.charger_offre()
    assert etat.place == ""


@pytest.mark.parametrize("saisie", [None, [], {"cle": "x"}, {"cle": str(uuid4())}])
def test_creation_refuses_what_no_page_sends(ouvrir: Any, objets: Any, saisie: Any) -> None:
    with pytest.raises(SaisieInvalide):
        ouvrir(CreationState, "/creer/offre/structure/U1").creer_offre(saisie)


def test_creer_structure_opens_what_it_created_after_asking_about_the_name(ouvrir: Any, objets: Any) -> None:
    etat = ouvrir(CreationState, "/creer/structure/etablissement/810000505")
    etat.charger_structure()
    assert [o["cle"] for o in etat.options["type_oi"]] == ["1", "2", "3"]
    saisie = {"genre": etat.objet, "identifiant": etat.identifiant, "cle": etat.cle, "type_oi": "1", "description": ""}
    assert etat.creer_structure(saisie | {"nom_oi": "POLE"}) is None
    assert list(etat.erreurs) == ["homonyme"]
    assert etat.foyer
    suite = etat.creer_structure(saisie | {"nom_oi": "POLE", "homonyme": etat.valeurs["nom_oi"]})
    with db.transaction() as session:
        neuf = session.exec(select(OrganisationInterne).where(OrganisationInterne.nom_oi == "POLE")).one()
    assert f"/structure/{neuf.identifiant_oi}" in str(suite)


def test_creer_lieu_in_an_etablissement_opens_it(ouvrir: Any, objets: Any) -> None:
    etat = ouvrir(CreationState, "/creer/lieu/etablissement/810000505")
    etat.charger_lieu()
    assert (etat.objet, etat.identifiant) == ("etablissement", "810000505")
    saisie = {"genre": etat.objet, "identifiant": etat.identifiant, "cle": etat.cle}
    suite = etat.creer_lieu(saisie | {"nom": "Bloc", "fonction_lieu": "006"})
    assert "/lieu/L76-" in str(suite)
    assert "offre" not in str(suite)
    assert brouillons() == []


@pytest.mark.parametrize(
    "adresse",
    ["/creer/structure/structure/U1", "/creer/structure/etablissement/810003418", "/creer/structure/x/y", "/creer"],
)
def test_creer_structure_where_none_may_hang_shows_nothing(ouvrir: Any, objets: Any, adresse: str) -> None:
    etat = ouvrir(CreationState, adresse)
    with pytest.raises(AccesRefuse):
        etat.charger_structure()
    assert etat.place == ""


def test_a_lieu_of_nobody_cannot_be_opened(ouvrir: Any, objets: Any) -> None:
    with db.transaction() as session:
        ehpad = session.exec(select(EntiteGeographique).where(EntiteGeographique.num_finess == "810003418")).one()
        seul = un_lieu(session, ehpad).identifiant
        for droit in session.exec(select(Habilitation).where(Habilitation.code == ehpad.num_finess)):
            session.delete(droit)
    with pytest.raises(AccesRefuse):
        ouvrir(EditionState, f"/lieu/{seul}/modifier/adresse").charger()


# --------------------------------------------------------------- kept while one types


def test_form_that_sends_itself_keeps_the_section_and_stays(edition: Any) -> None:
    etat = edition("informations_generales")
    saisie = envoi(etat, nom_offre="", _geste="pause")
    assert etat.enregistrer(saisie) is None
    assert [b.valeurs for b in brouillons()] == [{"nom_offre": ""}]
    assert (etat.recu, etat.brouillon, etat.place) == (saisie["_cle"], True, etat.place)
    assert etat.statut.startswith("Enregistré à")
    assert [(m["texte"], m["url"]) for m in etat.manques if m["bloque"]] == [("Donnez un nom à l’offre.", "#nom_offre")]
    assert etat.bloquants == 1


def test_row_just_added_is_counted_once_something_is_answered_in_it(edition: Any) -> None:
    etat = edition("contacts")
    avant = etat.bloquants
    etat.ajouter_ligne("contact")
    cle = etat.lignes["contact"][-1]
    etat.enregistrer(envoi(etat, _geste="pause"))
    assert (etat.lignes["contact"][-1], etat.bloquants) == (cle, avant)
    etat.enregistrer(envoi(etat, **{f"contact.{cle}.description": "La nuit", "_geste": "pause"}))
    assert etat.bloquants > avant
    assert any(m["texte"].startswith(fr("Contact 2 : ")) for m in etat.manques)


def test_contact_that_cannot_be_reached_stays_counted_while_its_new_row_is_empty(edition: Any) -> None:
    etat = edition("contacts")
    contact = etat.lignes["contact"][0]
    moyens = f"contact.{contact}.telecommunication"
    for cle in list(etat.lignes[moyens]):
        etat.retirer_ligne(moyens, cle)
    etat.enregistrer(envoi(etat, _geste="pause"))
    assert etat.bloquants == 1
    etat.ajouter_ligne(moyens)
    etat.enregistrer(envoi(etat, _geste="pause"))
    assert [m["url"] for m in etat.manques if m["bloque"]] == [f"#{moyens}.{etat.lignes[moyens][0]}"]


def test_published_value_that_breaks_a_rule_is_said_beside_its_field_and_named_in_the_list(
    edition: Any, objets: dict[str, str]
) -> None:
    with db.transaction() as session:
        offre = session.exec(
            select(OffreOperationnelle).where(OffreOperationnelle.identifiant_offre == objets["offre"])
        ).one()
        avant, offre.unite_sensible = offre.unite_sensible, True
    etat = edition("contacts")
    assert {e["chemin"] for e in etat.liste_erreurs} == set(etat.erreurs) != set()
    assert all(c.endswith("niveau_confidentialite") for c in etat.erreurs)
    assert len({e["texte"] for e in etat.liste_erreurs}) == len(etat.erreurs) > 1
    assert all(e["texte"].startswith(fr("Contact « ")) for e in etat.liste_erreurs)
    with db.transaction() as session:
        session.merge(offre).unite_sensible = avant


def test_what_cannot_be_read_is_said_on_leaving_the_field_and_not_while_typing(edition: Any) -> None:
    etat = edition("patientele")
    chemin = f"patientele.{etat.lignes['patientele'][0]}.age_max"
    etat.enregistrer(envoi(etat, **{chemin: "cent", "_geste": "pause"}))
    assert etat.erreurs == {}
    etat.enregistrer(envoi(etat, **{chemin: "cent", "_geste": "sortie"}))
    assert (list(etat.erreurs), etat.titre_erreurs) == ([chemin], "")
    etat.enregistrer(envoi(etat, **{chemin: "cent ", "_geste": "pause"}))
    assert list(etat.erreurs) == [chemin]
    etat.enregistrer(envoi(etat, **{chemin: "100", "_geste": "pause"}))
    assert etat.erreurs == {}


def test_who_types_stays_on_the_page_and_is_told_that_a_choice_waits(edition: Any) -> None:
    mienne, autre = edition("informations_generales"), edition("informations_generales")
    autre.enregistrer(envoi(autre, nom_offre="De l’autre"))
    saisie = envoi(mienne, nom_offre="De moi", unite_sensible="oui", _geste="pause")
    assert mienne.enregistrer(saisie) is None
    assert (mienne.recu, mienne.attente, mienne.foyer) == (saisie["_cle"], 1, "")
    assert "dans un autre onglet" in mienne.erreurs["nom_offre"]
    assert mienne.statut.endswith("sauf ce qui suit.")
    assert mienne.valeurs["nom_offre"] == "De moi"
    assert [b.valeurs for b in brouillons()] == [{"nom_offre": "De l’autre", "unite_sensible": True}]
    mienne.enregistrer(envoi(mienne, nom_offre="De moi, encore", unite_sensible="oui", _geste="pause"))
    assert [b.valeurs["nom_offre"] for b in brouillons()] == ["De l’autre"]
    mienne.enregistrer(envoi(mienne, nom_offre="De l’autre", unite_sensible="oui", _geste="pause"))
    assert (mienne.attente, mienne.erreurs) == (0, {})


def test_a_form_that_left_the_screen_in_a_cut_is_kept_and_the_one_there_shows_it(edition: Any) -> None:
    etat = edition("informations_generales")
    saisie = envoi(etat, nom_offre="Avant la coupure", _geste="pause", _formulaire=str(uuid4()))
    essai = etat.essai
    assert etat.enregistrer(saisie) is None
    assert (etat.valeurs["nom_offre"], etat.essai, etat.recu) == ("Avant la coupure", essai + 1, saisie["_cle"])
    assert etat.statut.startswith("Enregistré à")
    etat.enregistrer(envoi(etat, nom_offre="Après", _geste="pause", _formulaire=etat.formulaire))
    assert (etat.valeurs["nom_offre"], etat.essai) == ("Après", essai + 1)


def test_what_waits_for_a_choice_is_said_on_the_form_drawn_again_too(edition: Any) -> None:
    mienne, autre = edition("informations_generales"), edition("informations_generales")
    autre.enregistrer(envoi(autre, nom_offre="De l’autre"))
    mienne.enregistrer(envoi(mienne, nom_offre="De moi", _geste="pause", _formulaire=str(uuid4())))
    assert (mienne.valeurs["nom_offre"], mienne.attente) == ("De l’autre", 1)
    assert mienne.statut.endswith("sauf ce qui suit.")
    assert "dans un autre onglet" in mienne.erreurs["nom_offre"]


def test_box_on_which_others_depend_shows_them_at_once(edition: Any) -> None:
    etat = edition("accueil")
    assert etat.visibles["lien_teleconsultation"] is False
    etat.cocher("modalite_accueil", "04", True)
    assert etat.visibles["lien_teleconsultation"] is True
    etat.cocher("modalite_accueil", "04", False)
    assert etat.visibles["lien_teleconsultation"] is False
    with pytest.raises(SaisieInvalide):
        etat.cocher("type_offre", "157", True)


def test_no_more_links_than_the_form_allows(edition: Any) -> None:
    etat = edition("accueil")
    etat.cocher("modalite_accueil", "04", True)
    for _ in range(7):
        etat.ajouter_ligne("lien_teleconsultation")
    assert len(etat.lignes["lien_teleconsultation"]) == 5


def test_a_box_no_longer_ticked_is_not_ticked_again_by_a_reload(edition: Any) -> None:
    etat = edition("accueil")
    (tenu,) = [c for c in etat.valeurs if c.startswith("modalite_accueil.")]
    saisie = envoi(etat, _geste="pause", **{"modalite_accueil.09": "oui"})
    etat.enregistrer({c: t for c, t in saisie.items() if c != tenu})
    etat.charger()  # the same place: what the state holds is shown
    assert [c for c, t in etat.valeurs.items() if c.startswith("modalite_accueil.") and t] == ["modalite_accueil.09"]


def test_form_holds_nothing_that_is_not_its_own(edition: Any) -> None:
    etat = edition("accueil")
    avant = set(etat.valeurs)
    inventes = {f"{debut}{n}": "x" for n in range(40) for debut in ("invente", "contact.n", "modalite_accueil.x.")}
    etat.enregistrer(envoi(etat, _geste="pause", **inventes))
    assert set(etat.valeurs) == avant
    for code in ("999", "x" * 60):
        with pytest.raises(SaisieInvalide):
            etat.cocher("modalite_accueil", code, True)


def test_what_the_page_hides_is_kept_as_it_was(edition: Any) -> None:
    etat = edition("accueil")
    (tenu,) = [c for c in etat.valeurs if c.startswith("modalite_accueil.")]
    saisie = {c: t for c, t in envoi(etat, _geste="pause").items() if c != tenu}
    etat.enregistrer({**saisie, "_caches": "modalite_accueil"})
    assert brouillons() == []
    etat.enregistrer({**saisie, "_cle": etat.cle, "_base": etat.base, "_caches": ""})
    assert [b.valeurs for b in brouillons()] == [{"modalite_accueil": []}]


def test_the_page_says_what_it_hides() -> None:
    """Its hidden field is worked out in the browser, from what the screen hides."""
    vue = str(edition_page(OffreOperationnelle, section_de(OffreOperationnelle, "accueil")))
    assert "_caches" in vue
    assert "Object.keys(" in vue


@pytest.mark.parametrize("fin", ["droits", "fermeture"])
def test_a_form_no_longer_allowed_leaves_nothing_on_the_screen(edition: Any, objets: Any, fin: str) -> None:
    etat = edition("informations_generales")
    etat.enregistrer(envoi(etat, nom_offre="Tapé", _geste="pause"))
    with db.transaction() as session:
        if fin == "droits":
            session.exec(delete(Habilitation))
        else:
            offre = session.exec(
                select(OffreOperationnelle).where(OffreOperationnelle.identifiant_offre == objets["offre"])
            ).one()
            offre.type_fermeture, offre.date_fermeture = "DEF", date(2026, 1, 1)
    with pytest.raises((AccesRefuse, ObjetFerme)):
        etat.charger()
    assert (etat.place, etat.nom, etat.valeurs) == ("", "", {})


def test_a_closing_no_longer_allowed_leaves_nothing_on_the_screen(ouvrir: Any, objets: Any) -> None:
    etat = ouvrir(FermetureState, f"/offre/{objets['offre']}/fermer")
    etat.charger()
    saisie = {"type_fermeture": "DEF", "date_fermeture": "2026-11-23", "motif": "Fin"}
    etat.verifier({"genre": "offre", "identifiant": objets["offre"], "vu": "", "cle": etat.cle, **saisie})
    assert (etat.relit, bool(etat.nom)) == (True, True)
    with db.transaction() as session:
        session.exec(delete(Habilitation))
    with pytest.raises(AccesRefuse):
        etat.charger()
    assert (etat.place, etat.nom, etat.phrase, etat.relit) == ("", "", "", False)


def test_creation_asks_the_modele_of_the_champ_answered_then_offers_its_modes(
    ouvrir: Any, objets: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    propose = choix_modele.Propose("MS-141|1", "Unité hospitalière de gynécologie (modèle MS-141)", "01", ("28", "29"))
    monkeypatch.setattr(creation, "proposes_pour_une_offre", lambda *_: [propose])
    etat = ouvrir(CreationState, "/creer/offre/structure/U1")
    etat.charger_offre()
    assert etat.visibles == {"modele_saisie": False}
    etat.changer("champ_activite", "01")
    assert etat.visibles == {"modele_saisie": True}
    assert [o["cle"] for o in etat.options["modele_saisie"]] == ["general", "MS-141|1"]
    assert etat.valeurs["modele_saisie"] == "general"
    assert "20" in {o["cle"] for o in etat.options["mode_prise_en_charge"]}
    etat.changer("modele_saisie", "MS-141|1")
    assert {o["cle"] for o in etat.options["mode_prise_en_charge"]} == {"28", "29"}
    etat.changer("champ_activite", "02")
    assert etat.visibles == {"modele_saisie": False}
    assert etat.valeurs["modele_saisie"] == "general"
    assert "20" in {o["cle"] for o in etat.options["mode_prise_en_charge"]}


# ----------------------------------------------------------------- duplicate, apply to others


def test_dupliquer_says_what_changes_then_opens_the_copy(ouvrir: Any, objets: Any) -> None:
    etat = ouvrir(CopieState, f"/offre/{objets['offre']}/dupliquer")
    etat.charger()
    assert [o["libelle"] for o in etat.options["vers"]] == ["UF (CH ALBI)"]
    assert etat.valeurs["nom_offre"].startswith("Copie de")
    etat.changer("mode_prise_en_charge", "29")
    assert "Mode de prise en charge change" in etat.change[0]
    saisie = {"source": etat.source, "cle": etat.cle, **etat.valeurs}
    assert etat.copier(saisie) is None
    assert list(etat.erreurs) == ["homonyme"]
    suite = etat.copier(saisie | {"nom_offre": "HDJ"})
    with db.transaction() as session:
        neuve = session.exec(select(OffreOperationnelle).where(OffreOperationnelle.nom_offre == "HDJ")).one()
    assert f"/offre/{neuve.identifiant_offre}" in str(suite)
    assert {b.section for b in brouillons()} >= {"adresse", "patientele"}


@pytest.mark.parametrize("adresse", ["/offre/76/999/dupliquer", "/lieu/x/dupliquer", "/offre/76", "/"])
def test_dupliquer_what_is_not_there_shows_nothing(ouvrir: Any, objets: Any, adresse: str) -> None:
    etat = ouvrir(CopieState, adresse)
    with pytest.raises(AccesRefuse):
        etat.charger()
    assert etat.place == ""


@pytest.mark.parametrize("saisie", [None, [], {}, {"vers": "structure:U1"}, {"vers": 3, "source": [], "cle": "x"}])
def test_dupliquer_refuses_what_no_page_sends(ouvrir: Any, objets: Any, saisie: Any) -> None:
    with pytest.raises(SaisieInvalide):
        ouvrir(CopieState, f"/offre/{objets['offre']}/dupliquer").copier(saisie)


@pytest.mark.parametrize(("chemin", "valeur"), [("nom_offre", "x"), ("vers", None), ("vers", "x" * 90), (3, "x")])
def test_dupliquer_refuses_a_choice_that_is_none(ouvrir: Any, objets: Any, chemin: Any, valeur: Any) -> None:
    etat = ouvrir(CopieState, f"/offre/{objets['offre']}/dupliquer")
    etat.charger()
    with pytest.raises(SaisieInvalide):
        etat.changer(chemin, valeur)


@pytest.fixture
def application(ouvrir: Any, objets: Any) -> Any:
    with db.transaction() as session:
        offre = session.exec(
            select(OffreOperationnelle).where(OffreOperationnelle.identifiant_offre == objets["offre"])
        ).one()
        offre.commentaire = "Entrée B."
    etat = ouvrir(ApplicationState, f"/offre/{objets['offre']}/appliquer/commentaire")
    etat.charger()
    return etat


def test_appliquer_lists_then_keeps(application: Any) -> None:
    etat = application
    assert [v["nom"] for v in etat.voisines] == ["Autre 0", "Autre 1", "Gynécologie"]
    etat.comparer({})
    assert etat.erreur
    etat.comparer({"choix.76/0000010": "oui", "choix.76/0000011": "oui"})
    assert [a["nom"] for a in etat.apercus] == ["Autre 0", "Autre 1"]
    demande = {"identifiant": etat.identifiant, "vu": etat.vu, "cle": etat.cle, "section": etat.bloc}
    etat.appliquer(demande | {"choix.76/0000010": "oui", "choix.76/0000011": "oui"})
    assert [f["nom"] for f in etat.faites] == ["Autre 0", "Autre 1"]
    assert [b.valeurs for b in brouillons()] == [{"commentaire": "Entrée B."}] * 2


def test_appliquer_after_a_change_shows_it_again_and_writes_nothing(application: Any, edition: Any) -> None:
    etat = application
    etat.comparer({"choix.76/0000010": "oui"})
    autre = edition("commentaire")
    autre.enregistrer(envoi(autre, commentaire="Entrée C."))
    demande = {"identifiant": etat.identifiant, "vu": etat.vu, "cle": etat.cle, "section": etat.bloc}
    etat.appliquer(demande | {"choix.76/0000010": "oui"})
    assert etat.message
    assert (etat.faites, len(brouillons())) == ([], 1)
    assert "Entrée C." in str(etat.apercus)


def test_appliquer_ticks_all_but_those_with_a_brouillon(application: Any) -> None:
    etat = application
    etat.tout_cocher()
    assert (etat.coche, etat.tour) == (True, 1)
    etat.comparer({"choix.76/0000010": "oui"})
    etat.revenir()
    assert etat.apercus == []


def test_appliquer_goes_back_to_the_choice_when_a_brouillon_appeared(application: Any, ouvrir: Any) -> None:
    etat = application
    etat.comparer({"choix.76/0000010": "oui"})
    autre = ouvrir(EditionState, "/offre/76/0000010/modifier/commentaire")
    autre.charger()
    autre.enregistrer(envoi(autre, commentaire="D’un collègue."))
    demande = {"identifiant": etat.identifiant, "vu": etat.vu, "cle": etat.cle, "section": etat.bloc}
    etat.appliquer(demande | {"choix.76/0000010": "oui"})
    assert (etat.choisies, etat.faites, etat.fini) == ([], [], False)
    assert "brouillon" in etat.erreur
    assert [v["nom"] for v in etat.occupees] == ["Autre 0"]
    etat.comparer({"remplacer.76/0000010": "oui"})
    demande |= {"vu": etat.vu, "cle": etat.cle}
    etat.appliquer(demande | {"remplacer.76/0000010": "oui"})
    assert [f["nom"] for f in etat.faites] == ["Autre 0"]


@pytest.mark.parametrize(
    "saisie", [None, [], 3, {f"choix.{n}": "oui" for n in range(61)}, {"choix." + "x" * 61: "oui"}]
)
@pytest.mark.parametrize("geste", ["comparer", "appliquer"])
def test_appliquer_refuses_what_no_page_sends(application: Any, geste: str, saisie: Any) -> None:
    with pytest.raises(SaisieInvalide):
        getattr(application, geste)(saisie)


def test_appliquer_to_a_stranger_is_refused(application: Any) -> None:
    with pytest.raises(AccesRefuse):
        application.comparer({"choix.76/2": "oui"})


@pytest.mark.parametrize("section", ["adresse", "inconnue", "informations_complementaires"])
def test_appliquer_a_section_that_gives_nothing_shows_nothing(ouvrir: Any, objets: Any, section: str) -> None:
    etat = ouvrir(ApplicationState, f"/offre/{objets['offre']}/appliquer/{section}")
    with pytest.raises(AccesRefuse):
        etat.charger()
    assert etat.place == ""


def test_lieux_are_found_by_their_name_and_attached(edition: Any, objets: Any) -> None:
    with db.transaction() as session:
        eg = session.exec(select(EntiteGeographique).where(EntiteGeographique.num_finess == "810000505")).one()
        libre = un_lieu(session, eg, nom="Hôpital de jour").identifiant
    etat = edition("adresse")
    (tenu,) = etat.lignes["lieu_realisation_offre"]
    assert "sert 3 offres" in etat.libelles[f"lieux:{tenu}"]
    etat.chercher("lieu_realisation_offre", "hopital")
    ((trouve,),) = [p["codes"] for p in etat.trouves]
    assert (trouve["cle"], trouve["pris"]) == (libre, False)
    etat.choisir("lieu_realisation_offre", libre)
    assert etat.lignes["lieu_realisation_offre"] == [tenu, libre]
    etat.enregistrer(envoi(etat))
    assert [b.valeurs["lieu_realisation_offre"] for b in brouillons()] == [[tenu, libre]]
    etat = edition("adresse")
    etat.retirer_code("lieu_realisation_offre", libre)
    assert etat.lignes["lieu_realisation_offre"] == [tenu]


def test_lieu_of_another_etablissement_cannot_be_chosen(edition: Any) -> None:
    with db.transaction() as session:
        ehpad = session.exec(select(EntiteGeographique).where(EntiteGeographique.num_finess == "810003418")).one()
        ailleurs = un_lieu(session, ehpad, nom="Ailleurs").identifiant
    etat = edition("adresse")
    etat.chercher("lieu_realisation_offre", "ailleurs")
    assert etat.trouves == []
    with pytest.raises(SaisieInvalide):
        etat.choisir("lieu_realisation_offre", ailleurs)


def test_no_more_than_thirty_lieux_are_proposed(edition: Any) -> None:
    with db.transaction() as session:
        eg = session.exec(select(EntiteGeographique).where(EntiteGeographique.num_finess == "810000505")).one()
        for n in range(40):
            un_lieu(session, eg, nom=f"Chambre {n}")
    etat = edition("adresse")
    etat.chercher("lieu_realisation_offre", "")
    assert sum(len(p["codes"]) for p in etat.trouves) == 30
