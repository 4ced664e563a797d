"""Rules of a lieu: OBL-13, LIE-01 to LIE-08."""

from typing import Any

import pytest

from rxror.ror.controles import Severite
from tests.ror.regles.exemples import CAPACITE, capacites, dit, lieu


def test_a_complete_lieu_has_nothing_to_say() -> None:
    assert lieu() == []
    assert lieu(capacite_accueil_operationnelle=[]) == []


@pytest.mark.parametrize(("champ", "regle"), [("fonction_lieu", "OBL-13"), ("statut", "OBL-13-STATUT")])
def test_obl_13_a_lieu_says_its_function_and_status(champ: str, regle: str) -> None:
    (anomalie,) = lieu(**{champ: ""})
    assert (anomalie.regle, anomalie.chemin, anomalie.severite) == (regle, champ, Severite.ALERTE)


@pytest.mark.parametrize("champ", ["nature_capacite", "statut_capacite", "nombre_capacite", "temporalite_capacite"])
def test_lie_01_a_line_leads_to_what_it_lacks(champ: str) -> None:
    chemin = f"capacite_accueil_operationnelle.1.{champ}"
    assert dit("LIE-01", lieu(capacite_accueil_operationnelle=[{**CAPACITE, champ: None}])) == [chemin]


@pytest.mark.parametrize(
    ("nombre", "chemins"), [(0, []), (1, []), (-1, ["capacite_accueil_operationnelle.1.nombre_capacite"])]
)
def test_lie_01_beds_are_counted_from_zero(nombre: int, chemins: list[str]) -> None:
    anomalies = lieu(capacite_accueil_operationnelle=capacites(("01", "01", nombre)))
    assert [a.chemin for a in anomalies if a.bloque] == chemins


@pytest.mark.parametrize(
    ("groupe", "champ"),
    [("equipement_specifique", "nb_equipement_en_service"), ("capacite_habitation", "nb_habitation")],
)
def test_lie_01_equipment_and_dwellings_are_counted_from_zero(groupe: str, champ: str) -> None:
    assert dit("LIE-01-NEGATIF", lieu(**{groupe: [{"cle": "3", champ: -1}]})) == [f"{groupe}.3.{champ}"]
    assert dit("LIE-01-NEGATIF", lieu(**{groupe: [{"cle": "3", champ: 0}]})) == []


def test_lie_03_a_line_of_another_system_is_never_asked_of_the_referent() -> None:
    ligne = {"cle": "2", "type_source_capacite": "02", "nature_capacite": "99", "nombre_capacite": -4}
    assert lieu(capacite_accueil_operationnelle=[ligne]) == []


@pytest.mark.parametrize(
    ("lignes", "chemins"),
    [
        ([("01", "01", 12), ("01", "02", 12)], []),
        ([("01", "01", 12), ("01", "02", 13)], ["2"]),
        ([("01", "01", 12), ("01", "03", 13)], ["2"]),
        ([("01", "01", 12), ("01", "04", 13)], ["2"]),
        ([("01", "01", 12), ("01", "05", 13)], []),  # closed beds are a case of their own
        ([("01", "01", 6), ("01", "01", 6), ("01", "02", 12)], []),
        ([("01", "01", 12), ("01", "02", 7), ("01", "02", 6)], ["2"]),
        ([("01", "01", 12), ("02", "02", 13)], []),  # places are not beds
        ([("01", "02", 3)], []),  # nothing is said of what is installed
        ([("01", "01", 0), ("01", "02", 0)], []),
        ([("01", "01", None), ("01", "02", 1)], []),
    ],
)
def test_lie_02_no_more_beds_than_installed(lignes: list[Any], chemins: list[str]) -> None:
    trouves = dit("LIE-02", lieu(capacite_accueil_operationnelle=capacites(*lignes)))
    assert trouves == [f"capacite_accueil_operationnelle.{c}.nombre_capacite" for c in chemins]


@pytest.mark.parametrize(
    ("lignes", "chemins"),
    [
        ([("01", "01", 12), ("01", "05", 12)], []),
        ([("01", "01", 12), ("01", "05", 13)], ["2"]),
        ([("01", "01", 12), ("02", "05", 13)], []),  # places are not beds
        ([("01", "05", 13)], []),  # nothing is said of what is installed
    ],
)
def test_lie_02_no_more_closed_beds_than_installed(lignes: list[Any], chemins: list[str]) -> None:
    trouves = dit("LIE-02-FERMES", lieu(capacite_accueil_operationnelle=capacites(*lignes)))
    assert trouves == [f"capacite_accueil_operationnelle.{c}.nombre_capacite" for c in chemins]


def test_lie_02_says_how_many_of_what() -> None:
    anomalies = lieu(capacite_accueil_operationnelle=capacites(("02", "01", 1), ("02", "03", 2)))
    assert [a.message.replace("\xa0", " ") for a in anomalies] == ["2 places occupées pour 1 installée : vérifiez."]


def test_lie_02_a_forecast_is_not_the_present() -> None:
    lignes = [*capacites(("01", "01", 12)), {**CAPACITE, "cle": "2", "statut_capacite": "02", "nombre_capacite": 20}]
    assert dit("LIE-02", lieu(capacite_accueil_operationnelle=lignes)) != []
    lignes[1]["temporalite_capacite"] = "02"
    assert dit("LIE-02", lieu(capacite_accueil_operationnelle=lignes)) == []


def equipement(code: str = "005", nombre: int | None = 1, *limites: str | None) -> list[dict[str, Any]]:
    return [
        {
            "cle": "3",
            "type_equipement": code,
            "nb_equipement_en_service": nombre,
            "limite_caracteristique_equipement": [
                {"cle": str(i), "type_caracteristique": "001", "valeur_limite": v} for i, v in enumerate(limites, 4)
            ],
        }
    ]


@pytest.mark.parametrize(
    ("valeur", "faux", "manque"),
    [
        (None, True, True),
        ("0", True, False),
        ("0.0", True, False),
        ("-1", True, False),
        ("0.01", False, False),
        ("250", False, False),
    ],
)
def test_lie_05_a_limit_is_over_zero(valeur: str | None, faux: bool, manque: bool) -> None:
    anomalies = [a for a in lieu(equipement_specifique=equipement("005", 1, valeur)) if a.regle == "LIE-05"]
    chemin = "equipement_specifique.3.limite_caracteristique_equipement.4.valeur_limite"
    assert [(a.chemin, a.manque, a.bloque) for a in anomalies] == ([(chemin, manque, True)] if faux else [])


@pytest.mark.parametrize(
    ("lignes", "suggere"),
    [
        (equipement("225"), True),
        (equipement("225", None), True),
        (equipement("225", 1, "300"), False),
        (equipement("225", 0), False),  # it leaves
        (equipement("005"), False),
    ],
)
def test_lie_06_an_equipment_for_obesity_had_better_say_its_limit(lignes: list[Any], suggere: bool) -> None:
    anomalies = lieu(equipement_specifique=lignes)
    chemin = "equipement_specifique.3.limite_caracteristique_equipement"
    assert [(a.regle, a.chemin, a.severite) for a in anomalies] == (
        [("LIE-06", chemin, Severite.INFORMATION)] if suggere else []
    )


@pytest.mark.parametrize(("usages", "dite"), [(0, False), (1, False), (2, True), (40, True)])
def test_lie_07_a_shared_lieu_changes_for_all(usages: int, dite: bool) -> None:
    anomalies = lieu(usages=usages)
    assert [a.regle for a in anomalies] == (["LIE-07"] if dite else [])
    assert all(str(usages) in a.message for a in anomalies)


@pytest.mark.parametrize(
    ("statut", "ouvertes", "alerte"),
    [("1", 1, True), ("2", 1, True), ("2", 3, True), ("3", 1, False), ("1", 0, False), ("", 1, False)],
)
def test_lie_08_a_closed_lieu_serves_no_open_offre(statut: str, ouvertes: int, alerte: bool) -> None:
    assert dit("LIE-08", lieu(statut=statut, ouvertes=ouvertes)) == (["statut"] if alerte else [])
