"""Communes by their codes: pasted lists, counts by département, distances."""

import pytest

from rxror.ror.territoire import Territoire, citer, codes_de, communes, distance_km, est_un_code

TARN = Territoire(
    {"81004": "Albi", "81065": "Castres", "81099": "Gaillac", "2A004": "Ajaccio"},
    {"81004": "81", "81065": "81", "81099": "81", "2A004": "2A"},
    {"81": ("Tarn", 3), "2A": ("Corse-du-Sud", 124)},
)


@pytest.mark.parametrize(
    ("texte", "codes"),
    [
        ("", []),
        ("81004", ["81004"]),
        ("81065 81004", ["81004", "81065"]),
        ("81004;81065,81004\n81099\t2a004", ["2A004", "81004", "81065", "81099"]),
        ('"81004"; "81065"', ["81004", "81065"]),
        ("['81004', '81065']", ["81004", "81065"]),
        ("81004\u00a081065\u202f81099", ["81004", "81065", "81099"]),
        ("81004|Albi", ["81004", "ALBI"]),
    ],
)
def test_pasted_list_gives_each_code_once_whatever_stands_between(texte: str, codes: list[str]) -> None:
    assert codes_de(texte) == codes


@pytest.mark.parametrize("code", ["01001", "2A004", "2B033", "97411", "98735"])
def test_code_of_a_commune_has_five_signs(code: str) -> None:
    assert est_un_code(code)


@pytest.mark.parametrize("code", ["", "8100", "810040", "2C004", "2a004", "8100A", "\uff181004", "81004\n", "81 004"])
def test_anything_else_is_no_code(code: str) -> None:
    assert not est_un_code(code)


@pytest.mark.parametrize(
    ("departement", "nombre", "texte"),
    [
        ("81", 3, "Tarn : 3 communes, toutes"),
        ("81", 2, "Tarn : 2 communes sur 3"),
        ("2A", 1, "Corse-du-Sud : 1 commune sur 124"),
        ("99", 1, "99 : 1 commune"),
    ],
)
def test_departement_says_how_many_of_how_many(departement: str, nombre: int, texte: str) -> None:
    assert TARN.compte(departement, nombre).replace("\u00a0", " ") == texte


def test_codes_are_grouped_by_departement_the_most_numerous_first() -> None:
    assert TARN.par_departement(["2A004", "81004", "81065", "99999"]) == {"81": ["81004", "81065"], "2A": ["2A004"]}


@pytest.mark.parametrize(
    ("nombre", "fin"), [(1, "n0"), (8, "n7"), (9, "n8"), (10, "n7 et 2 autres"), (1300, "et 1\u00a0292 autres")]
)
def test_long_list_names_some_and_counts_the_rest(nombre: int, fin: str) -> None:
    assert citer([f"n{i}" for i in range(nombre)]).endswith(fin)


def test_names_are_sorted_as_one_reads() -> None:
    assert TARN.nommer(["81099", "81004", "2A004"]) == "Ajaccio, Albi, Gaillac"
    assert communes(1214) == "1\u00a0214\u00a0communes"


@pytest.mark.parametrize(
    ("un", "autre", "km"),
    [
        ((43.9259, 2.1476), (43.9259, 2.1476), 0),
        ((43.9259, 2.1476), (43.6058, 2.2430), 36.4),  # Albi, Castres
        ((48.8566, 2.3429), (43.2965, 5.3698), 661),  # Paris, Marseille
        ((0, 0), (0, 180), 20015),
        ((0, 179.9), (0, -179.9), 22.2),
    ],
)
def test_distance_follows_the_earth(un: tuple[float, float], autre: tuple[float, float], km: float) -> None:
    assert distance_km(un, autre) == pytest.approx(km, abs=1, rel=0.005)
