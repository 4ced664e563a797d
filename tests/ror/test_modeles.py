"""Modèles de saisie: the one we carry is true to its source, files are read strictly, the right one is proposed."""

import pickle
import tomllib
from typing import Any

import pytest
from sqlmodel import SQLModel

from rxror.ror.champs import (
    Champ,
    Contexte,
    Edition,
    Groupe,
    champs_de,
    chemins_de,
    codes_permis,
    est_exige,
    est_visible,
    groupes_de,
    section_de,
)
from rxror.ror.erreurs import ImportRefuse
from rxror.ror.modeles import Modeles, ModeleSaisie, element_au, intouchable, lire
from rxror.ror.objets import OBJETS, LieuRealisationOffre, OffreOperationnelle
from rxror.settings import DONNEES

FICHIERS = sorted((DONNEES / "modeles").glob("*.toml"))


def un_modele(*champs: dict[str, Any], dans: str = "accueil", **autres: Any) -> ModeleSaisie:
    """A whole modèle (nothing left out) of one section."""
    base = {"id": "MS-900", "version": "1", "titre": "Essai", "statut": "active", "source": "essai"}
    return lire({**base, "section": [{"cle": dans, "champ": list(champs)}], **autres}, "essai.toml")


def ms_141(**autres: Any) -> ModeleSaisie:
    return lire({**tomllib.loads((DONNEES / "modeles" / "MS-141.toml").read_text("utf-8")), **autres}, "MS-141.toml")


def element(chemin: str, classe: type[SQLModel] = OffreOperationnelle) -> Any:
    trouve = element_au(classe, chemin)
    assert trouve is not None, chemin
    return trouve


# ---------------------------------------------------------------------- what we carry


@pytest.mark.parametrize("fichier", FICHIERS, ids=lambda f: f.name)
def test_every_modele_carried_is_read_and_names_only_declared_fields(fichier: Any) -> None:
    modele = lire(tomllib.loads(fichier.read_text("utf-8")), fichier.name)
    assert fichier.stem == modele.id
    assert modele.source
    assert [c for c in modele.champs if element_au(modele.classe, c) is None] == []


def test_ms_141_is_true_to_the_published_form() -> None:
    modele = ms_141()
    assert (modele.reference, modele.titre, modele.statut) == (
        "MS-141|1",
        "Unité hospitalière de gynécologie",
        "active",
    )
    assert set(modele.contexte.categories) == {"101", "106", "114", "122", "128", "129", "131", "355", "365", "698"}
    assert modele.contexte.champs == ("01",)
    codes = {chemin: set(c.codes) for chemin, c in modele.champs.items() if c.codes}
    assert codes["type_offre"] == {"157"}
    assert codes["mode_prise_en_charge"] == {"09", "28", "29", "32", "34"}
    assert codes["modalite_accueil"] == {"02", "03", "04", "09", "10", "11", "12"}
    assert codes["niveau_expertise"] == {f"TRE_R344:{n}" for n in ("26", "31", "32", "33")}
    assert len(codes["activite_operationnelle.activite_operationnelle"]) == 16
    assert len(codes["acte_specifique"]) == 39
    demandes = {chemin for chemin, c in modele.champs.items() if c.obligatoire}
    assert {"nom_offre", "type_offre", "patientele.public_pris_en_charge"} <= demandes
    assert not demandes & {"modalite_accueil", "acte_specifique", "niveau_expertise", "mode_gestion"}


def test_ms_141_is_an_extract_and_hides_nothing() -> None:
    modele = ms_141()
    assert modele.extrait
    for chemin in ("profession_ressource", "competence_specifique", "horaire", "commentaire"):
        assert modele.visible(element(chemin)) is None


# -------------------------------------------------------------------- reading a file


@pytest.mark.parametrize(
    ("contenu", "attendu"),
    [
        ({"version": None}, "version"),
        ({"version": "un"}, "version"),
        ({"statut": "publié"}, "statut : cette valeur n’est pas permise"),
        ({"titre": ""}, "titre : ce texte est vide"),
        ({"inconnu": 1}, "inconnu : ce nom n’est pas connu"),
        ({"section": []}, "section : il faut au moins une section"),
        ({"section": [{"cle": "acceuil"}]}, "La section « acceuil » n’existe pas"),
        ({"objet": "lieu", "section": [{"cle": "accueil"}]}, "La section « accueil » n’existe pas"),
    ],
)
def test_a_wrong_file_is_refused_and_says_where(contenu: dict[str, Any], attendu: str) -> None:
    with pytest.raises(ImportRefuse) as refus:
        un_modele({"chemin": "type_offre"}, **contenu)
    assert attendu in str(refus.value)
    assert "essai.toml" in str(refus.value)


@pytest.mark.parametrize(
    ("champ", "attendu"),
    [
        ({"chemin": "type_ofre"}, "« type_ofre » n’existe pas"),
        ({"chemin": "type_offre.x"}, "« type_offre.x » n’existe pas"),
        ({"chemin": "nom_offre"}, "n’est pas de la section « accueil »"),
        ({"chemin": "type_offre", "visible": "oui"}, "section.1.champ.1.visible : il faut vrai ou faux"),
        ({"chemin": "type_offre", "obligatoire": 1}, "il faut vrai ou faux"),
        ({"chemin": "mode_prise_en_charge", "visible": False}, "ne se masque pas"),
        ({"chemin": "modalite_accueil", "visible": False, "obligatoire": True}, "masqué et obligatoire"),
        ({"chemin": "modalite_accueil", "defaut": 3}, "Le défaut de « modalite_accueil »"),
        ({"chemin": "type_offre", "defaut": "12", "codes": {"157": ""}}, "Le défaut de « type_offre »"),
        ({"chemin": "modalite_accueil", "repetitions": 2}, "ne se répète pas"),
        ({"chemin": "modalite_accueil", "lecture_seule": True}, "ne peut pas être en lecture seule"),
        ({"chemin": "type_offre", "codes": {"1 5": "x"}}, "codes"),
    ],
)
def test_a_wrong_field_is_refused_and_says_which(champ: dict[str, Any], attendu: str) -> None:
    with pytest.raises(ImportRefuse) as refus:
        un_modele(champ)
    assert attendu in str(refus.value)


def test_a_text_takes_no_codes_and_a_field_is_named_once() -> None:
    with pytest.raises(ImportRefuse, match="ne se répond pas par un code"):
        un_modele({"chemin": "nom_offre", "codes": {"1": "x"}}, dans="informations_generales")
    with pytest.raises(ImportRefuse, match="nommé deux fois"):
        un_modele({"chemin": "type_offre"}, {"chemin": "type_offre"})


def test_a_modele_goes_through_json_and_back() -> None:
    modele = ms_141()
    assert lire(modele.model_dump(mode="json"), "base") == modele
    assert pickle.loads(pickle.dumps(modele)) == modele  # as the state of a page is kept


# ------------------------------------------------------------------- what it decides


def contexte(modele: ModeleSaisie | None, **valeurs: Any) -> Contexte:
    return Contexte({"champ_activite": "01", **valeurs}, "355", modele)


def test_without_a_modele_the_declaration_decides() -> None:
    assert not est_visible(element("mode_gestion"), contexte(None))
    assert not est_exige(element("type_offre"), contexte(None))
    assert codes_permis(element("type_offre"), contexte(None)) == ()
    assert codes_permis(element("patientele.age_min_unite"), contexte(None)) == ("a", "mo", "wk", "d")


def test_a_modele_shows_asks_and_restricts() -> None:
    vu = contexte(ms_141())
    assert est_visible(element("mode_gestion"), vu)
    assert est_exige(element("type_offre"), vu)
    assert est_exige(element("patientele.public_pris_en_charge"), vu)
    assert not est_exige(element("modalite_accueil"), vu)
    assert codes_permis(element("type_offre"), vu) == ("157",)
    assert codes_permis(element("profession_ressource"), vu) == ()


def test_codes_of_the_declaration_and_of_the_modele_must_both_allow() -> None:
    modele = un_modele({"chemin": "patientele.age_min_unite", "codes": {"d": "", "h": ""}}, dans="patientele")
    assert codes_permis(element("patientele.age_min_unite"), contexte(modele)) == ("d",)


def test_a_whole_modele_hides_what_it_does_not_name() -> None:
    vu = contexte(un_modele({"chemin": "type_offre"}))
    assert est_visible(element("type_offre"), vu)
    for chemin in ("modalite_accueil", "acte_specifique", "commentaire", "profession_ressource"):
        assert not est_visible(element(chemin), vu), chemin


def test_a_modele_never_hides_what_a_rule_or_the_system_needs() -> None:
    modele = un_modele({"chemin": "type_offre"})
    for chemin in (
        "nom_offre",
        "identifiant_offre",
        "unite_sensible",
        "lieu_realisation_offre",
        "patientele",
        "activite_operationnelle",
        "activite_operationnelle.activite_operationnelle",
        "contact",
        "contact.nom",
        "contact.telecommunication.adresse_telecom",
        "type_fermeture",
    ):
        assert modele.visible(element(chemin)) is None, chemin


def test_a_group_named_shows_its_fields_and_one_of_its_fields_named_hides_the_others() -> None:
    entier = un_modele({"chemin": "contact"}, dans="contacts")
    assert entier.visible(element("contact.description")) is None
    en_partie = un_modele({"chemin": "contact.nom"}, dans="contacts")
    assert en_partie.visible(element("contact.description")) is False
    assert en_partie.visible(element("contact")) is None


def test_a_section_without_any_field_left_is_hidden() -> None:
    modele = un_modele({"chemin": "type_offre"})
    contexte_ = contexte(modele)
    section = section_de(OffreOperationnelle, "specificites")
    assert section
    assert est_visible(section, contexte_)  # activités are needed by a rule
    lieu = un_modele({"chemin": "nom"}, dans="informations_generales", objet="lieu")
    equipements = section_de(LieuRealisationOffre, "equipements")
    assert equipements
    assert not est_visible(equipements, Contexte({}, "355", lieu))
    assert est_visible(equipements, Contexte({}, "355", ms_141()))


def test_defauts_of_an_object_and_of_a_group() -> None:
    modele = un_modele(
        {"chemin": "patientele.age_min", "defaut": 15},
        {"chemin": "patientele.age_min_unite", "defaut": "a"},
        dans="patientele",
    )
    assert modele.defauts(groupes_de(OffreOperationnelle)["patientele"].classe, "patientele") == {
        "age_min": 15,
        "age_min_unite": "a",
    }
    assert modele.defauts(OffreOperationnelle) == {}


@pytest.mark.parametrize("classe", OBJETS.values(), ids=lambda c: c.GENRE)
def test_every_field_has_one_path(classe: type[SQLModel]) -> None:
    """A modèle finds an element by its path: one declaration must not serve twice in one object."""

    def tous(c: type[SQLModel]) -> list[Champ | Groupe]:
        siens: list[Champ | Groupe] = [*champs_de(c).values(), *groupes_de(c).values()]
        return siens + [e for g in groupes_de(c).values() for e in tous(g.classe)]

    assert len(tous(classe)) == len(chemins_de(classe)) == len(set(chemins_de(classe).values()))


@pytest.mark.parametrize("classe", OBJETS.values(), ids=lambda c: c.GENRE)
def test_every_required_or_foreign_field_is_out_of_reach(classe: type[SQLModel]) -> None:
    exiges = {
        nom: champ
        for nom, champ in champs_de(classe).items()
        if champ.obligatoire or champ.obligatoire_si or champ.edition is not Edition.LIBRE
    }
    assert exiges
    assert [nom for nom, champ in exiges.items() if not intouchable(nom, champ)] == []


# ------------------------------------------------------------------ which one is used


def test_proposes_only_active_ones_that_fit() -> None:
    modeles = Modeles(
        [
            ms_141(),
            ms_141(id="MS-142", statut="draft"),
            ms_141(id="MS-143", statut="retired"),
            ms_141(id="MS-144", contexte={"types_ps": ["10"]}),
        ]
    )
    assert [m.id for m in modeles.proposes("offre", "355", "01")] == ["MS-141"]
    assert modeles.proposes("offre", "355", "02") == []
    assert modeles.proposes("offre", "500", "01") == []
    assert modeles.proposes("lieu", "355", "01") == []


def test_proposes_the_narrowest_first_in_their_last_version() -> None:
    large = un_modele({"chemin": "type_offre"}, id="MS-901", titre="Large")
    un_champ = un_modele({"chemin": "type_offre"}, id="MS-902", titre="Un champ", contexte={"champs": ["01"]})
    etroit = un_modele(
        {"chemin": "type_offre"}, id="MS-903", titre="Étroit", contexte={"champs": ["01"], "categories": ["355"]}
    )
    neuf = un_modele({"chemin": "type_offre"}, id="MS-901", version="10", titre="Large")
    modeles = Modeles([large, un_champ, ms_141(), etroit, neuf])
    trouves = [m.reference for m in modeles.proposes("offre", "355", "01")]
    assert trouves == ["MS-903|1", "MS-141|1", "MS-902|1", "MS-901|10"]


def test_an_object_keeps_the_version_it_was_made_with() -> None:
    modeles = Modeles(
        [ms_141(statut="retired"), ms_141(version="2"), ms_141(version="10"), ms_141(version="11", statut="draft")]
    )
    assert modeles.de("MS-141|1").statut == "retired"  # type: ignore[union-attr]
    assert modeles.de("MS-141|3") is None
    assert modeles.de("") is None
    assert modeles.plus_recent("MS-141|1").reference == "MS-141|10"  # type: ignore[union-attr]
    assert modeles.plus_recent("MS-141|10") is None
    assert modeles.plus_recent("MS-999|1") is None
    assert modeles.plus_recent("") is None
