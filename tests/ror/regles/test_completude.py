"""Rules of every field, and the whole set: OBL-01, COH-17, order, links, digests."""

from copy import deepcopy
from typing import Any

import pytest
from sqlmodel import SQLModel

from rxror.ror.champs import Champ, Contexte, section_de
from rxror.ror.controles import Severite, controler
from rxror.ror.nomenclatures import Catalogue, Concept
from rxror.ror.objets import LieuRealisationOffre, OffreOperationnelle
from rxror.ror.regles import REGISTRE, Examen
from rxror.ror.saisie import LIGNE_UNIQUE, formulaire
from tests.ror.regles.exemples import (
    CATALOGUE,
    EN_SOCIAL,
    LIEU,
    OFFRE,
    PERSONNE,
    contact,
    dit,
    eg,
    lieu,
    moyen,
    offre,
    patientele,
    regles,
)


@pytest.mark.parametrize("champ", ["champ_activite", "mode_prise_en_charge"])
def test_obl_01_champ_d_activite_and_mode_are_required(champ: str) -> None:
    anomalies = [a for a in offre(**{champ: ""}) if a.regle == "OBL-01"]
    assert [(a.chemin, a.bloque, a.manque) for a in anomalies] == [(champ, True, True)]


@pytest.mark.parametrize("champ", ["canal", "adresse_telecom", "niveau_confidentialite"])
def test_obl_01_looks_inside_rows(champ: str) -> None:
    assert dit("OBL-01", offre(contact=moyen(**{champ: ""}))) == [f"contact.7.telecommunication.8.{champ}"]


def test_obl_01_does_not_ask_a_hidden_field() -> None:
    assert offre(champ_activite="03", secteur_psychiatrique="") == []
    assert dit("OBL-01", offre(contact=contact(**PERSONNE))) == []


def test_obl_01_asks_of_a_tariff_what_its_type_wants() -> None:
    socle = {"cle": "1", "type_tarif": "02", "montant_tarif": "60", "unite_prix": "2"}
    assert dit("OBL-01", eg(tarif=[socle])) == [
        "tarif.1.tarif_moins_60_ans",
        "tarif.1.type_habitation",
        "tarif.1.temporalite_accueil",
    ]
    assert dit("OBL-01", eg(tarif=[{**socle, "type_tarif": "05"}])) == []


@pytest.mark.parametrize(
    ("autres", "chemins"),
    [
        ({"modalite_accueil": ["03", "12"]}, ["modalite_accueil"]),
        ({"type_offre": "999"}, ["type_offre"]),
        ({"contact": contact(**{**PERSONNE, "fonction_contact": "14"})}, ["contact.7.fonction_contact"]),
        ({"modalite_accueil": ["03"]}, []),
    ],
)
def test_coh_17_every_code_is_in_force(autres: dict[str, Any], chemins: list[str]) -> None:
    anomalies = [a for a in offre(**autres) if a.regle == "COH-17"]
    assert [a.chemin for a in anomalies] == chemins
    assert all(a.severite is Severite.ALERTE for a in anomalies)


def test_coh_17_says_the_label_of_a_retired_code() -> None:
    (anomalie,) = offre(modalite_accueil=["12"])
    assert "Téléexpertise en plus de 7 jours" in anomalie.message


@pytest.mark.parametrize(
    ("successeur", "libelle", "regle", "phrase"),
    [
        ("", "Neuf", "COH-17", "Le code « Ancien » n’est plus en vigueur : choisissez-en un autre."),
        ("2", "Neuf", "COH-17-SUCCESSEUR", "Le code « Ancien » est remplacé par « Neuf » : choisissez-le ou un autre."),
        ("2", "ANCIEN", "COH-17-SUCCESSEUR", "Le code « Ancien » est remplacé par « ANCIEN (code 2) » : choisissez-le"),
        ("9", "Neuf", "COH-17", "Le code « Ancien » n’est plus en vigueur"),
    ],
)
def test_code_no_longer_in_force_names_its_sure_successor(
    successeur: str, libelle: str, regle: str, phrase: str
) -> None:
    liste = Catalogue(
        [
            Concept(jdv="J226", cle="1", code="1", libelle="Ancien", statut="absent", successeur=successeur),
            Concept(jdv="J226", cle="2", code="2", libelle=libelle),
        ]
    )
    examen = Examen(Contexte({**OFFRE, "modalite_accueil": ["1", "2"]}), liste, {"L1": LIEU})
    (anomalie,) = controler(OffreOperationnelle, examen)
    assert (anomalie.regle, anomalie.severite) == (regle, Severite.ALERTE)
    assert anomalie.message.replace("\u00a0", " ").replace("\u202f", " ").startswith(phrase)


class Modalites:
    """A modèle that allows some modalités d'accueil, and asks for them and for the frozen champ d'activité."""

    nom = "MS-1"

    def __init__(self, *permis: str) -> None:
        self.permis = permis

    def visible(self, element: object) -> bool | None:
        return None

    def demande(self, element: object) -> bool:
        return isinstance(element, Champ) and element.jdv in ("J226", "J20")

    def codes(self, element: object) -> tuple[str, ...]:
        return self.permis if isinstance(element, Champ) and element.jdv == "J226" else ()


@pytest.mark.parametrize(
    ("permis", "tenus", "chemins"),
    [
        (("03", "04"), ["03"], []),
        (("03", "04"), ["03", "04"], []),
        (("03",), ["03", "04"], ["modalite_accueil"]),
        ((), ["03", "04"], []),  # it allows them all
    ],
)
def test_coh_03_codes_are_those_the_modele_allows(
    permis: tuple[str, ...], tenus: list[str], chemins: list[str]
) -> None:
    assert dit("COH-03-CODES", offre(modele=Modalites(*permis), modalite_accueil=tenus)) == chemins


@pytest.mark.parametrize(
    ("autres", "dites"),
    [
        ({}, []),
        ({"modalite_accueil": []}, [("OBL-01-MODELE", "modalite_accueil")]),
        ({"champ_activite": ""}, [("OBL-01", "champ_activite")]),  # a rule asks for it: told once, by the rule
    ],
)
def test_obl_01_modele_tells_only_what_no_rule_does(autres: dict[str, Any], dites: list[Any]) -> None:
    anomalies = offre(modele=Modalites(), **autres)
    assert [(a.regle, a.chemin) for a in anomalies if a.regle.startswith("OBL-01")] == dites


def test_a_successor_that_the_modele_does_not_allow_is_not_proposed() -> None:
    liste = Catalogue(
        [
            Concept(jdv="J226", cle="1", code="1", libelle="Ancien", statut="absent", successeur="2"),
            Concept(jdv="J226", cle="2", code="2", libelle="Neuf"),
        ]
    )

    def dites(*permis: str) -> list[str]:
        examen = Examen(Contexte({**OFFRE, "modalite_accueil": ["1"]}, "355", Modalites(*permis)), liste, {"L1": LIEU})
        return [a.regle for a in controler(OffreOperationnelle, examen)]

    assert dites("1", "2") == ["COH-17-SUCCESSEUR"]
    assert dites("1", "3") == ["COH-17"]


def test_coh_17_does_not_judge_a_list_that_was_not_loaded_nor_what_finess_says() -> None:
    assert offre(type_offre="999", catalogue=Catalogue([])) == []
    assert eg(modalite_participation_sph="99", categorie_eg="9999") == []


# ------------------------------------------------------------------- the whole set


def test_blocking_comes_first_then_the_order_of_the_form() -> None:
    anomalies = offre(nom_offre="", type_offre="", activite_operationnelle=[], modalite_accueil=["12"])
    assert [(a.regle, a.bloque) for a in anomalies] == [
        ("OBL-02", True),
        ("OBL-05", True),
        ("OBL-10", False),
        ("COH-17", False),
    ]


def test_an_empty_offre_breaks_each_obligation_once() -> None:
    anomalies = controler(OffreOperationnelle, Examen(Contexte({}), CATALOGUE, {}))
    attendues = ["OBL-01", "OBL-01", "OBL-02", "OBL-05", "OBL-06", "OBL-09", "OBL-10", "OBL-11-AUCUN", "OBL-12"]
    assert sorted(a.regle for a in anomalies) == attendues
    assert all(a.manque and a.section and a.chemin for a in anomalies)


FAUTIVES: list[dict[str, Any]] = [
    {"nom_offre": ""},
    {"champ_activite": ""},
    {"activite_operationnelle": []},
    {"patientele": []},
    {"patientele": patientele(age_min=None)},
    {"patientele": patientele(age_min_unite="h")},
    {"patientele": patientele(age_min=2, age_max=1)},
    {**EN_SOCIAL, "patientele": patientele(public_pris_en_charge=[])},
    {**EN_SOCIAL, "activite_operationnelle": OFFRE["activite_operationnelle"]},
    {"unite_sensible": True},
    {"type_offre": ""},
    {"lieu_realisation_offre": []},
    {"contact": []},
    {"contact": contact(nom="Anne")},
    {"contact": contact(niveau_confidentialite="2")},
    {"contact": moyen(adresse_telecom="12")},
    {"modalite_accueil": ["04", "10"]},
    {"horaire": [{"cle": "3", "jour_semaine": None, "heure_debut": "10:00", "heure_fin": "08:00"}]},
    {"zone_intervention": ["81"]},
]


def chemins_du_formulaire(classe: type[SQLModel], section: str, valeurs: dict[str, Any]) -> set[str]:
    avec_unique = {**valeurs, "patientele": valeurs.get("patientele") or [{"cle": LIGNE_UNIQUE}]}
    form = formulaire(classe, section, avec_unique, {})
    return set(form.valeurs) | set(form.lignes)


@pytest.mark.parametrize("autres", FAUTIVES, ids=lambda a: ", ".join(a))
def test_every_link_leads_to_a_field_of_a_section_that_one_may_open(autres: dict[str, Any]) -> None:
    anomalies = offre(**autres)
    assert anomalies
    for anomalie in anomalies:
        section = section_de(OffreOperationnelle, anomalie.section)
        assert section is not None
        assert section.modifiable
        assert anomalie.chemin in chemins_du_formulaire(
            OffreOperationnelle, anomalie.section, {**deepcopy(OFFRE), **autres}
        )


@pytest.mark.parametrize("autres", FAUTIVES, ids=lambda a: ", ".join(a))
def test_every_sentence_is_filled_in(autres: dict[str, Any]) -> None:
    assert not [a.message for a in offre(**autres) if "{" in a.message]


def test_an_alert_is_known_by_what_it_is_about() -> None:
    def vu(**autres: Any) -> str:
        return next(a.vu for a in offre(**autres) if a.regle == "COH-02-ALERTE")

    ages = {"patientele": patientele(age_max=140)}
    assert vu(**ages) == vu(**ages, nom_offre="Autre")
    assert vu(**ages) != vu(patientele=patientele(age_max=141))
    assert vu(**ages) == vu(patientele=[{**ages["patientele"][0], "cle": "57"}])  # the same in another row


def test_what_is_wrong_is_told_once_per_field() -> None:
    assert regles(lieu(code_postal="8100")) == ["FMT-CP"]
    assert regles(offre(contact=moyen(canal="MSSANTE", adresse_telecom="x"))) == ["FMT-MEL"]


def test_every_rule_with_a_function_belongs_to_a_class_that_is_checked() -> None:
    for une in REGISTRE.values():
        if une.examiner:
            assert une.classes, une.id


def test_none_in_place_of_everything_is_an_empty_object() -> None:
    assert controler(OffreOperationnelle, Examen(Contexte(dict.fromkeys(OFFRE)), CATALOGUE, {}))
    assert controler(LieuRealisationOffre, Examen(Contexte(dict.fromkeys(LIEU)), CATALOGUE, {}))
