"""A position written in one field."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rxror.ror.champs import champs_de
from rxror.ror.coordonnees import couple, separer
from rxror.ror.objets import LieuRealisationOffre

CHAMPS = champs_de(LieuRealisationOffre, "adresse")


@pytest.mark.parametrize(
    ("texte", "lu"),
    [
        ("43.92, 2.14", ("43.92", "2.14")),
        ("43.92,2.14", ("43.92", "2.14")),
        ("43,92 2,14", ("43,92", "2,14")),
        ("43,92, 2,14", ("43,92", "2,14")),
        ("43,92 ; 2,14", ("43,92", "2,14")),
        ("43.925997 / 2.142955", ("43.925997", "2.142955")),
        ("-21.1, 55.5", ("-21.1", "55.5")),
        ("-21,1 55", ("-21,1", "55")),
        ("  43.92\t2.14  ", ("43.92", "2.14")),
    ],
)
def test_two_numbers_are_a_position(texte: str, lu: tuple[str, str]) -> None:
    assert couple(texte) == lu


@pytest.mark.parametrize(
    "texte", ["", "43,92", "43.92", "43 925", "43,92,2,14", "43.92, ", "ici, là", "1.2 3.4 5.6", "1" * 99]
)
def test_what_is_one_number_or_none_is_no_position(texte: str) -> None:
    assert couple(texte) is None


def test_a_position_fills_both_fields_when_the_second_is_empty() -> None:
    lue = separer(CHAMPS, {"latitude": "43.92, 2.14", "longitude": "", "libelle_voie": "1, 2"})
    assert lue == {"latitude": "43.92", "longitude": "2.14", "libelle_voie": "1, 2"}


def test_a_position_never_overwrites_a_longitude() -> None:
    saisie = {"latitude": "43.92, 2.14", "longitude": "3,1"}
    assert separer(CHAMPS, saisie) == saisie


@given(st.text(max_size=80))
def test_any_text_is_a_position_or_is_left_alone(texte: str) -> None:
    lue = separer(CHAMPS, {"latitude": texte})
    assert lue == {"latitude": texte} or couple(texte) == (lue["latitude"], lue["longitude"])
