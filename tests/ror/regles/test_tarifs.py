"""Rules of tariffs: TAR-01 to TAR-05."""

from typing import Any

import pytest

from tests.ror.regles.exemples import dit, eg

SOCLE = {
    "type_tarif": "02",
    "montant_tarif": "62.5",
    "unite_prix": "2",
    "tarif_moins_60_ans": False,
    "type_habitation": "02",
    "temporalite_accueil": "02",
    "condition_tarifaire": "",
}
JOUR = {"type_tarif": "05", "montant_tarif": "30", "unite_prix": "2", "condition_tarifaire": "01"}
PRESTATION = {"type_tarif": "04", "montant_tarif": "5", "unite_prix": "4"}


def tarifs(*lignes: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"cle": str(i), **ligne} for i, ligne in enumerate(lignes, 1)]


@pytest.mark.parametrize(
    ("autre", "double"),
    [
        ({}, True),
        ({"montant_tarif": "70"}, True),
        ({"unite_prix": "3"}, True),  # the key of a forfait socle has four attributes
        ({"date_debut_validite_tarif": "2027-01-01"}, True),
        ({"tarif_moins_60_ans": True}, False),
        ({"type_habitation": "01"}, False),
        ({"temporalite_accueil": "01"}, False),
        ({"condition_tarifaire": "01"}, False),
    ],
)
def test_tar_01_one_forfait_socle_per_combination(autre: dict[str, Any], double: bool) -> None:
    anomalies = eg(tarif=tarifs(SOCLE, {**SOCLE, **autre}))
    assert dit("TAR-01", anomalies) == (["tarif.2.type_tarif"] if double else [])
    assert dit("TAR-02", anomalies) == []


@pytest.mark.parametrize(
    ("autre", "double"),
    [
        ({}, True),
        ({"montant_tarif": "31"}, True),
        ({"unite_prix": "1"}, False),
        ({"condition_tarifaire": ""}, False),
        ({"type_tarif": "07"}, False),
        ({"type_tarif": ""}, False),
    ],
)
def test_tar_02_one_amount_per_combination_of_any_other_tariff(autre: dict[str, Any], double: bool) -> None:
    assert dit("TAR-02", eg(tarif=tarifs(JOUR, {**JOUR, **autre}))) == (["tarif.2.type_tarif"] if double else [])


def test_tar_02_prestations_of_two_names_are_two() -> None:
    deux = tarifs({**PRESTATION, "nom_prestation_supp": "01"}, {**PRESTATION, "nom_autre_prestation_supp": "Coiffeur"})
    assert dit("TAR-02", eg(tarif=deux)) == []


@pytest.mark.parametrize(
    ("sorte", "habitation", "faux"), [("01", "02", False), ("01", "01", True), ("01", "", False), ("02", "01", False)]
)
def test_tar_03_a_supplement_is_for_the_chambre_simple(sorte: str, habitation: str, faux: bool) -> None:
    ligne = {**SOCLE, "type_tarif": sorte, "type_habitation": habitation}
    assert dit("TAR-03", eg(tarif=tarifs(ligne))) == (["tarif.1.type_habitation"] if faux else [])


@pytest.mark.parametrize(
    ("de_la_liste", "autre", "chemins"),
    [
        ("01", "", []),
        ("", "Coiffeur", []),
        ("", "", ["tarif.1.nom_prestation_supp"]),
        ("01", "Coiffeur", ["tarif.1.nom_autre_prestation_supp"]),
    ],
)
def test_tar_04_a_prestation_has_one_name(de_la_liste: str, autre: str, chemins: list[str]) -> None:
    ligne = {**PRESTATION, "nom_prestation_supp": de_la_liste, "nom_autre_prestation_supp": autre}
    assert dit("TAR-04", eg(tarif=tarifs(ligne))) == chemins
    assert dit("TAR-04", eg(tarif=tarifs({**ligne, "type_tarif": "05"}))) == []


@pytest.mark.parametrize(
    ("montant", "faux"),
    [("0", False), ("62.5", False), ("62.50", False), ("62.55", False), ("62.555", True), ("-1", True), (None, False)],
)
def test_tar_05_an_amount_is_positive_with_two_decimals(montant: str | None, faux: bool) -> None:
    assert dit("TAR-05", eg(tarif=tarifs({**JOUR, "montant_tarif": montant}))) == (
        ["tarif.1.montant_tarif"] if faux else []
    )
