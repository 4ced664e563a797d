"""Rules of an address: OBL-14, FMT-CP, INSEE, CP-COMMUNE, VOIE, LIGNE, COORD, COORD-ZONE, COORD-LOIN."""

import pytest

from rxror.ror.controles import Severite
from tests.ror.regles.exemples import dit, lieu


@pytest.mark.parametrize(
    ("code", "chemins"), [("", ["commune_cog"]), ("81004", []), ("2A004", []), ("81999", ["commune_cog"])]
)
def test_obl_14_a_lieu_has_a_commune_that_exists(code: str, chemins: list[str]) -> None:
    assert dit("OBL-14", lieu(commune_cog=code, code_postal="", localite="AILLEURS")) == chemins


def test_obl_14_a_commune_is_not_judged_when_none_was_loaded() -> None:
    assert lieu(commune_cog="81999", avec_communes=False) == []


@pytest.mark.parametrize(("code", "faux"), [("81004", False), ("2B033", False), ("2C004", True), ("8100", True)])
def test_fmt_insee(code: str, faux: bool) -> None:
    assert dit("FMT-INSEE", lieu(commune_cog=code)) == (["commune_cog"] if faux else [])


@pytest.mark.parametrize(
    ("code", "faux"),
    [("81000", False), ("81013", False), ("", False), ("8100", True), ("2A000", True), ("\uff181000", True)],
)
def test_fmt_cp_has_five_digits(code: str, faux: bool) -> None:
    assert dit("FMT-CP", lieu(code_postal=code)) == (["code_postal"] if faux else [])


@pytest.mark.parametrize(
    ("code", "localite", "insee", "alerte"),
    [
        ("81000", "ALBI", "81004", False),
        ("20090", "AJACCIO", "2A004", False),
        ("81100", "ALBI", "81004", True),
        ("81013", "ALBI CEDEX 9", "81004", False),  # CEDEX codes are in no public list
        ("81013", "Albi cedex 9", "81004", False),
        ("81013", "ALBI", "81004", True),
        ("31013", "ALBI CEDEX 9", "81004", True),  # nor is another département
        ("", "ALBI", "81004", False),
        ("81000", "ALBI", "81999", False),  # OBL-14 tells the commune
    ],
)
def test_fmt_cp_commune_go_together(code: str, localite: str, insee: str, alerte: bool) -> None:
    anomalies = [a for a in lieu(code_postal=code, localite=localite, commune_cog=insee) if a.regle == "FMT-CP-COMMUNE"]
    assert [a.severite for a in anomalies] == ([Severite.ALERTE] if alerte else [])


@pytest.mark.parametrize(
    ("numero", "faux"), [("", False), ("1", False), ("9999", False), ("12345", True), ("12bis", True), ("²", True)]
)
def test_fmt_voie_has_four_digits_at_most(numero: str, faux: bool) -> None:
    assert dit("FMT-VOIE", lieu(numero_voie=numero)) == (["numero_voie"] if faux else [])


@pytest.mark.parametrize(
    "champ", ["point_remise", "complement_point_geographique", "libelle_voie", "lieu_dit", "localite"]
)
@pytest.mark.parametrize(("texte", "faux"), [("X" * 38, False), ("X" * 39, True), ("A <B", True), ("A > B", True)])
def test_fmt_ligne_has_38_characters_and_no_angle_bracket(champ: str, texte: str, faux: bool) -> None:
    assert dit("FMT-LIGNE", lieu(**{champ: texte})) == ([champ] if faux else [])


@pytest.mark.parametrize(("libelle", "alerte"), [("X" * 32, False), ("X" * 33, True), ("X" * 39, False)])
def test_fmt_ligne_voie_counts_number_type_and_name_together(libelle: str, alerte: bool) -> None:
    # « 22 BD » and a space make 6 characters
    assert dit("FMT-LIGNE-VOIE", lieu(libelle_voie=libelle)) == (["libelle_voie"] if alerte else [])


@pytest.mark.parametrize(
    ("latitude", "longitude", "chemins"),
    [
        (None, None, []),
        ("43.9", "2.1", []),
        ("90", "180", []),
        ("-90", "-180", []),
        ("43.9", None, ["latitude"]),
        (None, "2.1", ["latitude"]),
        ("90.1", "0", ["latitude"]),
        ("0", "180.1", ["longitude"]),
        ("x", "2", ["latitude"]),
    ],
)
def test_fmt_coord_go_by_two_within_the_globe(latitude: str, longitude: str, chemins: list[str]) -> None:
    assert dit("FMT-COORD", lieu(latitude=latitude, longitude=longitude)) == chemins


@pytest.mark.parametrize(
    ("commune", "latitude", "longitude", "alerte"),
    [
        ("81004", "43.92", "2.14", False),
        ("81004", "2.14", "43.92", True),  # the two the wrong way round
        ("81004", "43.92", "-2.14", False),  # still in the metropole
        ("81004", "41", "9.8", False),
        ("81004", "40.99", "9.8", True),
        ("81004", "-20.88", "55.45", True),
        ("2A004", "41.92", "8.74", False),  # Corsica
        ("97411", "-20.88", "55.45", False),
        ("97411", "20.88", "55.45", True),
        ("97411", "43.92", "2.14", True),
        ("97105", "16.00", "-61.73", False),  # Basse-Terre, then each of the others; all four sides told apart
        ("97105", "43.92", "2.14", True),
        ("97209", "14.61", "-61.07", False),
        ("97302", "4.94", "-52.33", False),
        ("97302", "1.94", "-52.33", True),
        ("97302", "4.94", "-51.33", True),
        ("97502", "46.78", "-56.18", False),
        ("97611", "-12.78", "45.23", False),
        ("97611", "12.78", "45.23", True),
        ("97611", "-12.78", "46.23", True),
        ("97701", "17.90", "-62.85", False),
        ("97801", "18.07", "-63.08", False),
        ("98613", "-13.28", "-176.17", False),
        ("98735", "-17.54", "-149.57", False),
        ("98818", "-22.27", "166.45", False),
        ("98818", "-24.27", "166.45", True),
        ("98818", "-22.27", "156.45", True),
        ("97105", "17.00", "-61.73", True),
        ("97105", "16.00", "-62.73", True),
        ("", "-20.88", "55.45", False),
        ("", "0", "0", True),
    ],
)
def test_fmt_coord_zone_is_where_the_commune_is(commune: str, latitude: str, longitude: str, alerte: bool) -> None:
    assert dit("FMT-COORD-ZONE", lieu(commune_cog=commune, latitude=latitude, longitude=longitude)) == (
        ["latitude"] if alerte else []
    )


@pytest.mark.parametrize(
    ("commune", "latitude", "longitude", "alerte"),
    [
        ("81004", "43.92", "2.14", False),
        ("81004", "44.09", "2.14", False),  # 19 km north
        ("81004", "44.11", "2.14", True),  # 21 km
        ("81004", "43.60", "1.44", True),  # Toulouse
        ("2A004", "43.60", "1.44", False),  # its centre is not known
        ("", "43.60", "1.44", False),
    ],
)
def test_fmt_coord_loin_is_within_20_km_of_the_centre(
    commune: str, latitude: str, longitude: str, alerte: bool
) -> None:
    assert dit("FMT-COORD-LOIN", lieu(commune_cog=commune, latitude=latitude, longitude=longitude)) == (
        ["latitude"] if alerte else []
    )
