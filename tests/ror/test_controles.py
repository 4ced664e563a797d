"""Each rule: one case that triggers it, and one just beside that does not."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

import pytest
from sqlmodel import SQLModel

from rxror.ror.champs import Contexte
from rxror.ror.controles import (
    Anomalie,
    Examen,
    Severite,
    adresse_exploitable,
    controler,
)
from rxror.ror.messages import MESSAGES
from rxror.ror.nomenclatures import Catalogue, Concept
from rxror.ror.objets import LieuRealisationOffre, OffreOperationnelle, OrganisationInterne
from rxror.ror.regles.formats import telephone as telephone_possible
from rxror.ror.saisie import LIGNE_UNIQUE, formulaire

CODES = {
    "J16": "0001",
    "J17": "022",
    "J19": "28",
    "J20": "01 03 04",
    "J29": "07",
    "J37": "a mo wk d h s",
    "J51": "TRE_R266:01",
    "J187": "01",
    "J188": "01 02",
    "J189": "01",
    "J193": "01 02",
    "J195": "01",
    "J198": "001 005",
    "J220": "22",
    "J221": "07",
    "J222": "1 2 3",
    "J223": "2 3",
    "J224": "3",
    "J225": "1 2 3 4 5 6 7 8 9 MSSANTE",
    "J226": "03",
    "J238": "157",
}
CATALOGUE = Catalogue(
    [Concept(jdv=j, cle=c, code=c, libelle=f"Libellé {c}") for j, codes in CODES.items() for c in codes.split()]
    + [Concept(jdv="J226", cle="12", code="12", libelle="Téléexpertise en plus de 7 jours", statut="deprecated")]
    + [Concept(jdv="J220", cle="14", code="14", libelle="Référent CLIN", statut="deprecated")]
)
LIEU = {
    "nom": "2e étage",
    "fonction_lieu": "001",
    "statut": "3",
    "libelle_voie": "SIBILLE",
    "localite": "ALBI",
    "code_postal": "81000",
    "commune_cog": "81004",
    "numero_voie": "22",
    "latitude": None,
    "longitude": None,
    "capacite_accueil_operationnelle": [
        {
            "cle": "1",
            "nature_capacite": "01",
            "statut_capacite": "01",
            "temporalite_capacite": "01",
            "nombre_capacite": 12,
        }
    ],
    "equipement_specifique": [],
}
OFFRE = {
    "nom_offre": "Gynécologie",
    "champ_activite": "01",
    "mode_prise_en_charge": "28",
    "type_offre": "157",
    "unite_sensible": False,
    "modalite_accueil": ["03"],
    "lieu_realisation_offre": ["L1"],
    "patientele": [
        {
            "cle": "5",
            "public_pris_en_charge": [],
            "age_min": 15,
            "age_min_unite": "a",
            "age_max": 120,
            "age_max_unite": "a",
        }
    ],
    "activite_operationnelle": [{"cle": "6", "activite_operationnelle": "022", "famille_activite_operationnelle": ""}],
    "contact": [
        {
            "cle": "7",
            "qui": "service",
            "nature_contact": "07",
            "fonction_contact": "",
            "nom": "",
            "niveau_confidentialite": "1",
            "telecommunication": [
                {"cle": "8", "canal": "2", "adresse_telecom": "0536491208", "niveau_confidentialite": "1"}
            ],
        }
    ],
    "horaire": [],
    "zone_intervention": [],
}


def offre(lieux: Mapping[str, Any] | None = None, categorie: str = "355", **autres: Any) -> list[Anomalie]:
    valeurs = {**deepcopy(OFFRE), **autres}
    examen = Examen(Contexte(valeurs, categorie), CATALOGUE, {"L1": LIEU} if lieux is None else lieux)
    return [a for a in controler(OffreOperationnelle, examen) if a.severite is not Severite.INFORMATION]


def lieu(**autres: Any) -> list[Anomalie]:
    return controler(LieuRealisationOffre, Examen(Contexte({**deepcopy(LIEU), **autres}, "355"), CATALOGUE, {}))


def contact(**autres: Any) -> list[dict[str, Any]]:
    return [{**deepcopy(OFFRE["contact"][0]), **autres}]


def moyen(**autres: Any) -> list[dict[str, Any]]:
    return contact(telecommunication=[{**OFFRE["contact"][0]["telecommunication"][0], **autres}])


def patientele(**autres: Any) -> list[dict[str, Any]]:
    return [{**OFFRE["patientele"][0], **autres}]


def dits(anomalies: list[Anomalie]) -> list[tuple[str, str]]:
    return [(a.regle, a.chemin) for a in anomalies]


PERSONNE = {"qui": "personne", "nature_contact": "", "fonction_contact": "22", "nom": "Anne Vidal"}
SOCIAL = {"champ_activite": "04", "categorie": "500"}
EN_SOCIAL = {
    **SOCIAL,
    "patientele": patientele(public_pris_en_charge=["07"]),
    "activite_operationnelle": [
        {"cle": "6", "activite_operationnelle": "022", "famille_activite_operationnelle": "TRE_R266:01"}
    ],
}


def test_complete_offre_and_lieu_have_nothing_to_say() -> None:
    assert offre() == []
    assert lieu() == []
    assert offre(**EN_SOCIAL) == []


# (rule, what is wrong, path of the field), each blocking.
OFFRES_BLOQUEES: list[tuple[str, dict[str, Any], str]] = [
    ("OBL-02", {"nom_offre": ""}, "nom_offre"),
    ("OBL-01", {"champ_activite": ""}, "champ_activite"),
    ("OBL-01", {"mode_prise_en_charge": ""}, "mode_prise_en_charge"),
    ("OBL-05", {"activite_operationnelle": []}, "activite_operationnelle"),
    ("OBL-06", {"patientele": []}, f"patientele.{LIGNE_UNIQUE}.age_min"),
    ("OBL-06", {"patientele": patientele(age_min=None)}, "patientele.5.age_min"),
    ("OBL-06", {"patientele": patientele(age_min_unite="")}, "patientele.5.age_min_unite"),
    ("OBL-06", {"patientele": patientele(age_max=None)}, "patientele.5.age_max"),
    ("OBL-06", {"patientele": patientele(age_max_unite="")}, "patientele.5.age_max_unite"),
    ("OBL-07", {**EN_SOCIAL, "patientele": patientele()}, "patientele.5.public_pris_en_charge"),
    (
        "OBL-08",
        {**EN_SOCIAL, "activite_operationnelle": OFFRE["activite_operationnelle"]},
        "activite_operationnelle.6.famille_activite_operationnelle",
    ),
    ("OBL-09", {"unite_sensible": None}, "unite_sensible"),
    ("OBL-10", {**EN_SOCIAL, "categorie": "209", "type_offre": "", "zone_intervention": ["81004"]}, "type_offre"),
    ("OBL-10", {**EN_SOCIAL, "categorie": "354", "type_offre": "", "zone_intervention": ["81004"]}, "type_offre"),
    ("OBL-10", {**EN_SOCIAL, "categorie": "460", "type_offre": "", "zone_intervention": ["81004"]}, "type_offre"),
    ("OBL-11-AUCUN", {"lieu_realisation_offre": []}, "lieu_realisation_offre"),
    ("OBL-11-AUCUN", {"lieux": {}}, "lieu_realisation_offre"),
    ("OBL-12", {"contact": []}, "contact"),
    ("OBL-12", {"contact": contact(telecommunication=[])}, "contact.7.telecommunication"),
    ("COH-01", {"patientele": patientele(age_min_unite="h")}, "patientele.5.age_min_unite"),
    ("COH-01", {"patientele": patientele(age_max_unite="s")}, "patientele.5.age_max_unite"),
    ("COH-02", {"patientele": patientele(age_min=2, age_max=1)}, "patientele.5.age_min"),
    ("COH-02", {"patientele": patientele(age_min=13, age_min_unite="mo", age_max=1)}, "patientele.5.age_min"),
    ("COH-02-MAX", {"patientele": patientele(age_max=151)}, "patientele.5.age_max"),
    ("COH-02-MAX", {"patientele": patientele(age_max=54788, age_max_unite="d")}, "patientele.5.age_max"),
    ("COH-04", {"zone_intervention": ["81004", "81"]}, "zone_intervention"),
    ("COH-04", {"zone_intervention": [""]}, "zone_intervention"),
    ("COH-05", {"contact": contact(nom="Anne")}, "contact.7.nature_contact"),
    ("COH-05", {"contact": contact(fonction_contact="22")}, "contact.7.nature_contact"),
    ("COH-05", {"contact": contact(**{**PERSONNE, "nature_contact": "07"})}, "contact.7.nature_contact"),
    ("COH-06", {"contact": contact(**{**PERSONNE, "nom": ""})}, "contact.7.nom"),
    (
        "COH-09",
        {"contact": contact(niveau_confidentialite="2")},
        "contact.7.telecommunication.8.niveau_confidentialite",
    ),
    (
        "COH-11",
        {"horaire": [{"cle": "3", "jour_semaine": None, "debut_date_effective": "2026-01-01"}]},
        "horaire.3.jour_semaine",
    ),
    ("FMT-TEL", {"contact": moyen(adresse_telecom="05364912")}, "contact.7.telecommunication.8.adresse_telecom"),
    ("FMT-MEL", {"contact": moyen(canal="3", adresse_telecom="a@b")}, "contact.7.telecommunication.8.adresse_telecom"),
    (
        "FMT-WEB",
        {"contact": moyen(canal="4", adresse_telecom="www.a.fr")},
        "contact.7.telecommunication.8.adresse_telecom",
    ),
]


@pytest.mark.parametrize(("regle", "autres", "chemin"), OFFRES_BLOQUEES)
def test_offre_is_blocked_by_that_rule_alone_at_that_field(regle: str, autres: dict[str, Any], chemin: str) -> None:
    anomalies = offre(**autres)
    assert dits(anomalies) == [(regle, chemin)]
    assert anomalies[0].bloque
    assert "{" not in anomalies[0].message


JUSTE_A_COTE: list[dict[str, Any]] = [
    {"patientele": patientele(age_min=0, age_min_unite="d", age_max=0, age_max_unite="d")},
    {"patientele": patientele(age_min=1, age_max=1)},
    {"patientele": patientele(age_min=11, age_min_unite="mo", age_max=1)},
    {"patientele": patientele(age_max=130)},
    {"patientele": patientele(age_min_unite="wk", age_max_unite="mo", age_max=12)},
    {"zone_intervention": ["2A004", "81004"]},
    {"contact": contact(**PERSONNE)},
    {"contact": moyen(niveau_confidentialite="2")},
    {"contact": moyen(niveau_confidentialite="3")},
    {"contact": moyen(canal="7", adresse_telecom="ANTARES 12")},
    {"horaire": [{"cle": "3", "jour_semaine": 1}]},
    {"horaire": [{"cle": "3", "debut_date_effective": "2026-01-01", "fin_date_effective": "2026-02-01"}]},
    {"modalite_accueil": []},
    {"lieux": {"L1": {**LIEU, "libelle_voie": "", "lieu_dit": "LE PRÉ"}}},
    {"lieu_realisation_offre": ["L1", "L2"], "lieux": {"L1": {}, "L2": LIEU}},
    {"champ_activite": "01", "patientele": patientele(public_pris_en_charge=[])},
]


@pytest.mark.parametrize("autres", JUSTE_A_COTE)
def test_offre_just_beside_a_rule_has_nothing_to_say(autres: dict[str, Any]) -> None:
    assert offre(**autres) == []


@pytest.mark.parametrize("categorie", ["355", "500", "208", "2090", ""])
def test_type_d_offre_is_only_an_alert_out_of_the_three_categories(categorie: str) -> None:
    (anomalie,) = offre(type_offre="", categorie=categorie)
    assert (anomalie.regle, anomalie.severite, anomalie.chemin) == ("OBL-10", Severite.ALERTE, "type_offre")


@pytest.mark.parametrize(
    ("age", "regles"), [(130, []), (131, ["COH-02-ALERTE"]), (150, ["COH-02-ALERTE"]), (151, ["COH-02-MAX"])]
)
def test_age_maximum_alerts_over_130_and_blocks_over_150(age: int, regles: list[str]) -> None:
    anomalies = offre(patientele=patientele(age_max=age))
    assert [a.regle for a in anomalies] == regles
    assert all(a.bloque == (a.regle == "COH-02-MAX") for a in anomalies)


@pytest.mark.parametrize(
    ("vides", "champ"),
    [
        ({"libelle_voie": ""}, "libelle_voie"),
        ({"localite": ""}, "localite"),
        ({"code_postal": ""}, "code_postal"),
        ({"libelle_voie": "", "localite": "", "code_postal": ""}, "libelle_voie"),
    ],
)
def test_unusable_address_leads_to_the_missing_field_of_the_lieu(vides: dict[str, str], champ: str) -> None:
    (anomalie,) = offre(lieux={"L1": {**LIEU, **vides}})
    assert (anomalie.regle, anomalie.objet, anomalie.nom_objet) == ("OBL-11", "lieu:L1", "2e étage")
    assert (anomalie.section, anomalie.chemin, anomalie.bloque) == ("adresse", champ, True)


def test_lieu_of_another_etablissement_counts_for_nothing() -> None:
    assert dits(offre(lieu_realisation_offre=["L9"])) == [("OBL-11-AUCUN", "lieu_realisation_offre")]


@pytest.mark.parametrize("manque", ["canal", "adresse_telecom", "niveau_confidentialite"])
def test_contact_is_complete_only_with_canal_adresse_and_visibility(manque: str) -> None:
    regles = [a.regle for a in offre(contact=moyen(**{manque: ""}))]
    assert "OBL-12" in regles
    assert "OBL-01" in regles


def test_one_complete_contact_is_enough() -> None:
    deux = [*contact(), {**contact(telecommunication=[])[0], "cle": "n1"}]
    assert offre(contact=deux) == []


@pytest.mark.parametrize(
    ("autres", "regle", "chemin"),
    [
        ({"nature_contact": ""}, "COH-07", "contact.7.nature_contact"),
        ({"qui": "personne", "nature_contact": ""}, "COH-07", "contact.7.fonction_contact"),
        ({**PERSONNE, "fonction_contact": ""}, "COH-06", "contact.7.fonction_contact"),
    ],
)
def test_contact_without_nature_nor_fonction_is_asked_the_field_that_is_on_screen(
    autres: dict[str, str], regle: str, chemin: str
) -> None:
    assert (regle, chemin) in dits(offre(contact=contact(**autres)))


def test_unite_sensible_wants_every_contact_and_telecom_for_the_crisis_only() -> None:
    chemins = dits(offre(unite_sensible=True))
    assert chemins == [
        ("COH-10", "contact.7.niveau_confidentialite"),
        ("COH-10", "contact.7.telecommunication.8.niveau_confidentialite"),
    ]
    en_crise = moyen(niveau_confidentialite="3")
    en_crise[0]["niveau_confidentialite"] = "3"
    assert offre(unite_sensible=True, contact=en_crise) == []


@pytest.mark.parametrize(
    ("contact_", "moyen_", "refuse"),
    [("1", "1", False), ("2", "1", True), ("3", "2", True), ("2", "3", False), ("", "1", False)],
)
def test_telecom_is_at_least_as_restrictive_as_its_contact(contact_: str, moyen_: str, refuse: bool) -> None:
    lignes = moyen(niveau_confidentialite=moyen_)
    lignes[0]["niveau_confidentialite"] = contact_
    assert ("COH-09" in [a.regle for a in offre(contact=lignes)]) is refuse


def test_code_no_longer_in_force_is_an_alert_with_its_label() -> None:
    (anomalie,) = offre(modalite_accueil=["03", "12"])
    assert (anomalie.regle, anomalie.severite, anomalie.section, anomalie.chemin) == (
        "COH-17",
        Severite.ALERTE,
        "accueil",
        "modalite_accueil",
    )
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


def test_code_absent_from_its_list_is_an_alert() -> None:
    assert [a.regle for a in offre(type_offre="999")] == ["COH-17"]


def test_code_no_longer_in_force_inside_a_row_leads_to_that_row() -> None:
    (anomalie,) = offre(contact=contact(**{**PERSONNE, "fonction_contact": "14"}))
    assert (anomalie.regle, anomalie.section, anomalie.chemin) == ("COH-17", "contacts", "contact.7.fonction_contact")


def test_code_of_a_list_that_was_not_loaded_is_not_judged() -> None:
    vide = Examen(Contexte({**OFFRE, "type_offre": "999"}), Catalogue([]), {"L1": LIEU})
    assert [a.regle for a in controler(OffreOperationnelle, vide)] == []


def test_hidden_required_field_is_not_asked() -> None:
    assert offre(champ_activite="03", secteur_psychiatrique="") == []


# ---------------------------------------------------------------------------- lieu


@pytest.mark.parametrize(
    ("regle", "autres", "section", "chemin", "bloque"),
    [
        ("OBL-13", {"fonction_lieu": ""}, "informations_generales", "fonction_lieu", False),
        ("OBL-13-STATUT", {"statut": ""}, "informations_generales", "statut", False),
        ("OBL-14", {"commune_cog": ""}, "adresse", "commune_cog", True),
        ("FMT-CP", {"code_postal": "8100"}, "adresse", "code_postal", True),
        ("FMT-CP", {"code_postal": "2A000"}, "adresse", "code_postal", True),
        ("FMT-CP", {"code_postal": "\uff18\uff11\uff10\uff10\uff10"}, "adresse", "code_postal", True),
        ("FMT-VOIE", {"numero_voie": "12bis"}, "adresse", "numero_voie", True),
        ("FMT-VOIE", {"numero_voie": "12345"}, "adresse", "numero_voie", True),
        ("FMT-VOIE", {"numero_voie": "²"}, "adresse", "numero_voie", True),
        ("FMT-COORD", {"latitude": "43.9"}, "adresse", "latitude", True),
        ("FMT-COORD", {"longitude": "2.1"}, "adresse", "latitude", True),
    ],
)
def test_lieu_is_told_that_rule_alone(
    regle: str, autres: dict[str, Any], section: str, chemin: str, bloque: bool
) -> None:
    (anomalie,) = lieu(**autres)
    assert (anomalie.regle, anomalie.section, anomalie.chemin, anomalie.bloque) == (regle, section, chemin, bloque)


@pytest.mark.parametrize(
    "autres",
    [
        {"code_postal": "81013"},
        {"numero_voie": ""},
        {"numero_voie": "9999"},
        {"latitude": "43.9", "longitude": "2.1"},
        {"latitude": "41", "longitude": "9.8"},
        {"capacite_accueil_operationnelle": []},
    ],
)
def test_lieu_just_beside_a_rule_has_nothing_to_say(autres: dict[str, Any]) -> None:
    assert lieu(**autres) == []


@pytest.mark.parametrize("champ", ["nature_capacite", "statut_capacite", "nombre_capacite", "temporalite_capacite"])
def test_incomplete_capacity_line_leads_to_what_it_lacks(champ: str) -> None:
    ligne = {**LIEU["capacite_accueil_operationnelle"][0], champ: None}
    assert dits(lieu(capacite_accueil_operationnelle=[ligne])) == [
        ("LIE-01", f"capacite_accueil_operationnelle.1.{champ}")
    ]


def test_capacity_line_of_zero_is_complete() -> None:
    assert (
        lieu(capacite_accueil_operationnelle=[{**LIEU["capacite_accueil_operationnelle"][0], "nombre_capacite": 0}])
        == []
    )


def test_capacity_line_of_another_system_is_never_asked_of_the_referent() -> None:
    ligne = {"cle": "2", "type_source_capacite": "02", "nature_capacite": "99", "nombre_capacite": None}
    assert lieu(capacite_accueil_operationnelle=[ligne]) == []


@pytest.mark.parametrize(
    ("valeur", "regles"),
    [(None, ["LIE-05"]), ("0", ["LIE-05"]), ("-1", ["LIE-05"]), ("0.0", ["LIE-05"]), ("0.01", []), ("250", [])],
)
def test_limit_of_an_equipment_is_more_than_zero(valeur: str | None, regles: list[str]) -> None:
    limite = {"cle": "4", "type_caracteristique": "001", "valeur_limite": valeur}
    ligne = {
        "cle": "3",
        "type_equipement": "005",
        "nb_equipement_en_service": 1,
        "limite_caracteristique_equipement": [limite],
    }
    anomalies = lieu(equipement_specifique=[ligne])
    assert [a.regle for a in anomalies] == regles
    assert {a.chemin for a in anomalies} <= {
        "equipement_specifique.3.limite_caracteristique_equipement.4.valeur_limite"
    }


@pytest.mark.parametrize(
    ("valeurs", "regles"),
    [
        ({"nom_oi": "Pôle", "type_oi": "1"}, []),
        ({"nom_oi": "", "type_oi": "3"}, ["OBL-15"]),
        ({"nom_oi": "UE", "type_oi": "4"}, ["OBL-15"]),
    ],
)
def test_structure_has_a_name_and_a_type(valeurs: dict[str, str], regles: list[str]) -> None:
    assert [a.regle for a in controler(OrganisationInterne, Examen(Contexte(valeurs), Catalogue([]), {}))] == regles


@pytest.mark.parametrize(
    ("adresse", "usable"),
    [
        ({}, False),
        (LIEU, True),
        ({**LIEU, "libelle_voie": ""}, False),
        ({**LIEU, "libelle_voie": "", "lieu_dit": "X"}, True),
        ({**LIEU, "localite": ""}, False),
        ({**LIEU, "code_postal": ""}, False),
    ],
)
def test_adresse_exploitable_needs_a_street_a_town_and_a_postcode(adresse: dict[str, Any], usable: bool) -> None:
    assert adresse_exploitable(adresse) is usable


# ------------------------------------------------------------------------- formats


@pytest.mark.parametrize(
    "texte",
    [
        "0536491208",
        "05 36 49 12 08",
        "05.36.49.12.08",
        "05-36-49-12-08",
        "(05) 36 49 12 08",
        "+33536491208",
        "+33 5 36 49 12 08",
        "0033536491208",
        "+262262905050",
        "15",
        "112",
        "114",
        "115",
        "119",
        "3646",
        "36 46",
        "116117",
    ],
)
def test_telephone_that_can_be_dialled_is_accepted(texte: str) -> None:
    assert telephone_possible(texte)


@pytest.mark.parametrize(
    "texte",
    [
        "",
        "1",
        "16",
        "05364912",
        "053649120812",
        "0536491208 ou 0536491209",
        "3 lits 123",
        "3e étage 12",
        "poste 3646",
        "+",
        "+1",
        "<script>",
        "\uff10\uff15\uff13\uff16\uff14\uff19\uff11\uff12\uff10\uff18",
        "0" * 5000,
    ],
)
def test_telephone_that_cannot_be_dialled_is_refused(texte: str) -> None:
    assert not telephone_possible(texte)


def test_telephone_with_a_missing_digit_is_refused() -> None:
    assert not telephone_possible("053649120")


@pytest.mark.parametrize(
    ("canal", "adresse", "regle"),
    [
        ("1", "0612345678", ""),
        ("6", "0536491209", ""),
        ("8", "xx", "FMT-TEL"),
        ("3", "secretariat@ch-albi.fr", ""),
        ("9", "alerte@ch-albi.fr", ""),
        ("9", "alerte", "FMT-MEL"),
        ("MSSANTE", "cardiologie@ch-xyz.mssante.fr", ""),
        ("MSSANTE", "cardiologie", "FMT-MEL"),
        ("3", "a b@ch-albi.fr", "FMT-MEL"),
        ("3", "<img@x.fr", "FMT-MEL"),
        ("4", "https://ch-albi.fr/gyn?x=1", ""),
        ("4", "HTTP://ch-albi.fr", ""),
        ("4", "http://", "FMT-WEB"),
        ("4", "https://a b.fr", "FMT-WEB"),
        ("4", "javascript:alert(1)", "FMT-WEB"),
        ("4", "ftp://a.fr", "FMT-WEB"),
        ("4", "https://[", "FMT-WEB"),
        ("5", "sftp ici", ""),
    ],
)
def test_format_of_a_telecom_follows_its_canal(canal: str, adresse: str, regle: str) -> None:
    assert [a.regle for a in offre(contact=moyen(canal=canal, adresse_telecom=adresse))] == ([regle] if regle else [])


# ------------------------------------------------------------------- the whole set


def test_blocking_comes_first_then_the_order_of_the_sections() -> None:
    anomalies = offre(nom_offre="", type_offre="", activite_operationnelle=[], modalite_accueil=["12"])
    assert [(a.regle, a.bloque) for a in anomalies] == [
        ("OBL-02", True),
        ("OBL-05", True),
        ("OBL-10", False),
        ("COH-17", False),
    ]


def chemins_du_formulaire(classe: type[SQLModel], section: str, valeurs: Mapping[str, Any]) -> set[str]:
    avec_unique = {**valeurs, "patientele": valeurs.get("patientele") or [{"cle": LIGNE_UNIQUE}]}
    form = formulaire(classe, section, avec_unique, {})
    return set(form.valeurs) | set(form.lignes)


@pytest.mark.parametrize(("regle", "autres", "chemin"), OFFRES_BLOQUEES)
def test_every_link_leads_to_a_field_of_its_form(regle: str, autres: dict[str, Any], chemin: str) -> None:
    valeurs = {**deepcopy(OFFRE), **{n: v for n, v in autres.items() if n not in ("categorie", "lieux")}}
    (anomalie,) = offre(**autres)
    assert chemin in chemins_du_formulaire(OffreOperationnelle, anomalie.section, valeurs)


def test_an_empty_offre_breaks_each_obligation_once_and_every_message_is_written() -> None:
    valeurs: dict[str, Any] = {}
    anomalies = controler(OffreOperationnelle, Examen(Contexte(valeurs), CATALOGUE, {}))
    regles = [a.regle for a in anomalies]
    assert sorted(regles) == [
        "OBL-01",
        "OBL-01",
        "OBL-02",
        "OBL-05",
        "OBL-06",
        "OBL-09",
        "OBL-10",
        "OBL-11-AUCUN",
        "OBL-12",
    ]
    assert all(a.manque and a.section and a.chemin for a in anomalies)
    assert set(regles) <= set(MESSAGES)


def test_none_in_place_of_a_list_breaks_no_rule_function() -> None:
    valeurs = dict.fromkeys(OFFRE, None)
    assert controler(OffreOperationnelle, Examen(Contexte(valeurs), CATALOGUE, {}))
    assert controler(LieuRealisationOffre, Examen(Contexte(dict.fromkeys(LIEU, None)), CATALOGUE, {}))
