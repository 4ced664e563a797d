"""Projected coordinates of FINESS turned into latitude and longitude."""

from decimal import Decimal

import pytest

from rxror.echanges.finess.coordonnees import CoordonneesRefusees, situer

SOURCE = "1,ATLASANTE,100,IGN,BD_ADRESSE,V2.2,"


def test_situer_ch_albi_gives_its_point():
    attendu = (Decimal("43.925997"), Decimal("2.142955"))
    assert situer("631171.8", "6314483.8", SOURCE + "LAMBERT_93", "81004") == attendu
    assert situer("631171.8", "6314483.8", "", "81013") == attendu


@pytest.mark.parametrize(
    ("x", "y", "systeme", "commune", "latitude", "longitude"),
    [
        ("491037.0", "1997605.0", "UTM_N20", "97801", "18.067043", "-63.084698"),
        ("353666.2", "544368.7", "UTM_N22", "97302", "4.923644", "-52.319787"),
        ("337913.8", "7688374.0", "UTM_S40", "97411", "-20.897824", "55.441614"),
        ("1176350.1", "6108673.5", "LAMBERT_93", "2A004", "41.922993", "8.735141"),
    ],
)
def test_situer_overseas_and_corsica_uses_their_projection(
    x: str, y: str, systeme: str, commune: str, latitude: str, longitude: str
):
    attendu = (Decimal(latitude), Decimal(longitude))
    assert situer(x, y, SOURCE + systeme, commune) == attendu
    assert situer(x, y, "", commune) == attendu  # the territory alone is enough


def test_situer_mayotte_uses_its_own_zone():
    position = situer("523000", "8587000", SOURCE + "UTM_S38", "97611")
    assert position is not None
    assert [round(float(v), 1) for v in position] == [-12.8, 45.2]


@pytest.mark.parametrize(("x", "y"), [("", ""), ("0", "0"), ("0.0", "0"), ("", "0")])
def test_situer_without_coordinates_gives_none(x: str, y: str):
    assert situer(x, y, SOURCE + "LAMBERT_93", "81004") is None


@pytest.mark.parametrize(
    ("x", "y", "source", "lieu", "motif"),
    [
        ("337913.8", "7688374.0", SOURCE + "LAMBERT_93", "97411", "hors du territoire"),
        ("6314483.8", "631171.8", SOURCE + "LAMBERT_93", "81004", "hors du territoire"),
        ("1e30", "1e30", "", "81004", "hors du territoire"),
        ("nan", "nan", "", "81004", "hors du territoire"),
        ("631171.8", "", "", "81004", "hors du territoire"),
        ("abc", "6314483.8", "", "81004", "illisibles"),
        ("500000", "8000000", "", "98613", "système de projection inconnu"),
        ("500000", "5000000", SOURCE + "LAMBERT_93", "97501", "système de projection inconnu"),
    ],
)
def test_situer_absurd_point_is_refused_with_a_reason(x: str, y: str, source: str, lieu: str, motif: str):
    with pytest.raises(CoordonneesRefusees, match=motif):
        situer(x, y, source, lieu)
