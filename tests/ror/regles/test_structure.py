"""Rules of a structure and of what identifies it: OBL-15, STR-02, STR-03, FMT-FINESS, SIREN, SIRET, RPPS, IDNAT."""

from typing import Any

import pytest
from stdnum import luhn

from rxror.ror.champs import Contexte
from rxror.ror.controles import Severite, controler
from rxror.ror.objets import EntiteJuridique
from rxror.ror.regles import Examen
from tests.ror.regles.exemples import CATALOGUE, dit, eg, structure

RPPS = "1000345678" + luhn.calc_check_digit("1000345678")


def test_a_complete_structure_and_etablissement_have_nothing_to_say() -> None:
    assert structure() == []
    assert eg() == []


@pytest.mark.parametrize(
    ("valeurs", "chemins"),
    [
        ({}, []),
        ({"nom_oi": ""}, ["nom_oi"]),
        ({"nom_oi": "  "}, ["nom_oi"]),
        ({"type_oi": "4"}, ["type_oi"]),
        ({"type_oi": "EG"}, ["type_oi"]),
        ({"type_oi": ""}, ["type_oi"]),
    ],
)
def test_obl_15_a_structure_has_a_name_and_a_type(valeurs: dict[str, str], chemins: list[str]) -> None:
    assert dit("OBL-15", structure(**valeurs)) == chemins


@pytest.mark.parametrize(("sorte", "faux"), [("4", False), ("3", True), ("2", True), ("", True)])
def test_str_02_a_territoire_de_sante_is_of_type_4(sorte: str, faux: bool) -> None:
    ligne = {"cle": "1", "type_territorial_division": sorte, "code_territorial_division": "81"}
    assert dit("STR-02", eg(territoire_sante=[ligne])) == (
        ["territoire_sante.1.type_territorial_division"] if faux else []
    )


POLE, SERVICE, UF = ("OI1", "1"), ("OI2", "2"), ("OI9", "3")


@pytest.mark.parametrize(
    ("sorte", "ascendants", "permis"),
    [
        ("1", [], True),
        ("1", [POLE], False),
        ("1", [SERVICE, POLE], False),
        ("2", [], True),
        ("2", [POLE], True),
        ("2", [SERVICE], False),
        ("2", [UF], False),
        ("3", [], True),
        ("3", [POLE], True),
        ("3", [SERVICE, POLE], True),
        ("3", [UF, POLE], False),
        ("3", [POLE, ("OI3", "3")], False),  # it would be above itself
        ("2", [POLE, ("OI3", "2")], False),
    ],
)
def test_str_03_what_hangs_under_what(sorte: str, ascendants: list[Any], permis: bool) -> None:
    assert dit("STR-03", structure(type_oi=sorte, ascendants=ascendants)) == ([] if permis else ["rattachement"])


@pytest.mark.parametrize(
    ("champ", "regle", "bon", "faux"),
    [
        ("num_finess", "FMT-FINESS", "810000505", "810000506"),
        ("num_siret", "FMT-SIRET", "35600000000048", "35600000000049"),
        ("num_eg_rpps_adeli_rang", "FMT-RPPS", "81100123401", "811001234"),
        ("num_eg_rpps_adeli_rang", "FMT-RPPS", f"{RPPS}019", f"{RPPS[:-1]}{(int(RPPS[-1]) + 1) % 10}019"),
        ("id_nat_struct", "FMT-IDNAT", "1810000505", "1810000506"),
    ],
)
def test_numbers_of_an_etablissement_ask_for_a_look_never_block(champ: str, regle: str, bon: str, faux: str) -> None:
    assert dit(regle, eg(**{champ: bon})) == dit(regle, eg(**{champ: ""})) == []
    (anomalie,) = eg(**{champ: faux})
    assert (anomalie.regle, anomalie.chemin, anomalie.severite) == (regle, champ, Severite.ALERTE)


@pytest.mark.parametrize(
    ("valeurs", "dites"),
    [
        ({"num_finess": "810000331", "num_siren": "356000000"}, []),
        ({"num_finess": "810000332", "num_siren": "356000000"}, ["FMT-FINESS"]),
        ({"num_finess": "810000331", "num_siren": "356000001"}, ["FMT-SIREN"]),
    ],
)
def test_numbers_of_an_entite_juridique(valeurs: dict[str, str], dites: list[str]) -> None:
    assert [a.regle for a in controler(EntiteJuridique, Examen(Contexte(valeurs), CATALOGUE))] == dites
