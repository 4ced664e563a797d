"""Hours: what one types, midnight, weeks, and how they are read aloud."""

import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rxror.ror import horaires
from rxror.ror.horaires import TOUS, couper_a_minuit, dire, dire_la_periode, lire_heure, se_chevauchent, semaines

HEURES = st.times().map(lambda t: t.strftime("%H:%M")) | st.just("24:00")


def ligne(debut: str, fin: str, jour: int | None = 1, cle: str = "3", **autres: Any) -> dict[str, Any]:
    return {"cle": cle, "type_horaire": "01", "jour_semaine": jour, "heure_debut": debut, "heure_fin": fin, **autres}


def dit(plages: dict[int, list[tuple[str, str]]]) -> str:
    return dire(plages).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("texte", "heure"),
    [
        ("", ""),
        ("  ", ""),
        ("8h30", "08:30"),
        ("8 h 30", "08:30"),
        ("8\u00a0h\u00a030", "08:30"),
        ("8\u202fh\u202f30", "08:30"),
        ("8:30", "08:30"),
        ("08:30", "08:30"),
        ("08 30", "08:30"),
        ("0830", "08:30"),
        ("830", "08:30"),
        ("8.30", "08:30"),
        ("8H", "08:00"),
        ("8", "08:00"),
        ("0", "00:00"),
        ("23h59", "23:59"),
        ("24", "24:00"),
        ("24h00", "24:00"),
    ],
)
def test_hour_is_read_as_people_write_it(texte: str, heure: str) -> None:
    assert lire_heure(texte) == heure


@pytest.mark.parametrize(
    "texte", ["25:00", "24:01", "8h60", "-1", "8h3", "8h300", "12345", "midi", "8:30:00", "\uff18h30", "٨", "8h30 17h"]
)
def test_what_is_no_hour_is_refused(texte: str) -> None:
    with pytest.raises(ValueError, match=re.escape(texte)):
        lire_heure(texte)


@given(st.text(max_size=12))
def test_any_text_is_an_hour_or_is_refused(texte: str) -> None:
    try:
        heure = lire_heure(texte)
    except ValueError:
        return
    assert heure == "" or (len(heure) == 5 and "00:00" <= heure <= "24:00")


@given(HEURES)
def test_hour_read_aloud_is_read_again(heure: str) -> None:
    if heure not in ("00:00", "24:00"):
        assert lire_heure(horaires.heure_en_clair(heure)) == heure


@pytest.mark.parametrize(
    ("debut", "fin", "jour", "attendu"),
    [
        ("08:00", "20:00", 1, [(1, "08:00", "20:00")]),
        ("20:00", "08:00", 1, [(1, "20:00", "24:00"), (2, "00:00", "08:00")]),
        ("20:00", "08:00", 7, [(7, "20:00", "24:00"), (1, "00:00", "08:00")]),
        ("20:00", "08:00", None, [(None, "20:00", "24:00"), (None, "00:00", "08:00")]),
        ("20:00", "00:00", 1, [(1, "20:00", "24:00")]),
        ("20:00", "24:00", 1, [(1, "20:00", "24:00")]),
        ("00:00", "24:00", 1, [(1, "00:00", "24:00")]),
        ("08:00", "08:00", 1, [(1, "08:00", "08:00")]),
        ("08:00", "", 1, [(1, "08:00", "")]),
        ("", "08:00", 1, [(1, "", "08:00")]),
    ],
)
def test_night_is_cut_at_midnight(debut: str, fin: str, jour: int | None, attendu: list[Any]) -> None:
    coupees = couper_a_minuit([ligne(debut, fin, jour)])
    assert [(e["jour_semaine"], e["heure_debut"], e["heure_fin"]) for e in coupees] == attendu
    assert coupees[0]["cle"] == "3"
    assert {e["type_horaire"] for e in coupees} == {"01"}


def test_cut_night_takes_the_same_key_each_time_and_never_that_of_another() -> None:
    nuit = ligne("20:00", "08:00")
    assert couper_a_minuit([nuit]) == couper_a_minuit([nuit])
    cles = [e["cle"] for e in couper_a_minuit([nuit, ligne("08:00", "09:00", 2, couper_a_minuit([nuit])[1]["cle"])])]
    assert len(set(cles)) == len(cles) == 3
    assert len(couper_a_minuit([ligne("20:00", "08:00", cle="x" * 40)])[1]["cle"]) <= 40


@given(st.lists(st.tuples(HEURES, HEURES, st.integers(1, 7)), max_size=8))
def test_nothing_passes_midnight_once_cut(plages: list[tuple[str, str, int]]) -> None:
    coupees = couper_a_minuit([ligne(d, f, j, str(i)) for i, (d, f, j) in enumerate(plages)])
    assert not any(horaires.passe_minuit(e["heure_debut"], e["heure_fin"]) for e in coupees)
    assert couper_a_minuit(coupees) == coupees


@pytest.mark.parametrize(
    ("plages", "oui"),
    [
        ([("08:00", "12:00"), ("12:00", "14:00")], False),
        ([("08:00", "12:01"), ("12:00", "14:00")], True),
        ([("12:00", "14:00"), ("08:00", "18:00")], True),
        ([("08:00", ""), ("08:00", "12:00")], False),
        ([], False),
    ],
)
def test_slots_overlap_when_they_share_a_minute(plages: list[Any], oui: bool) -> None:
    assert se_chevauchent(plages) is oui


BUREAU = [("08:30", "17:00")]
DEUX = [("08:30", "12:30"), ("14:00", "18:00")]
JOURNEE = [("00:00", "24:00")]
NUIT = [("00:00", "08:00"), ("20:00", "24:00")]


@pytest.mark.parametrize(
    ("plages", "texte"),
    [
        ({}, ""),
        ({1: BUREAU}, "Lundi de 8 h 30 à 17 h"),
        ({1: BUREAU, 2: BUREAU}, "Lundi et mardi de 8 h 30 à 17 h"),
        (dict.fromkeys(range(1, 6), BUREAU), "Du lundi au vendredi de 8 h 30 à 17 h"),
        (dict.fromkeys(range(1, 6), DEUX), "Du lundi au vendredi de 8 h 30 à 12 h 30 et de 14 h à 18 h"),
        (
            {**dict.fromkeys(range(1, 6), BUREAU), 6: [("09:00", "12:00")]},
            "Du lundi au vendredi de 8 h 30 à 17 h ; samedi de 9 h à 12 h",
        ),
        ({1: BUREAU, 3: BUREAU, 5: BUREAU}, "Lundi, mercredi et vendredi de 8 h 30 à 17 h"),
        ({1: BUREAU, 2: BUREAU, 3: BUREAU, 6: BUREAU}, "Du lundi au mercredi et samedi de 8 h 30 à 17 h"),
        (dict.fromkeys(TOUS, BUREAU), "Tous les jours de 8 h 30 à 17 h"),
        (dict.fromkeys(TOUS, JOURNEE), "24 h/24, 7 j/7"),
        ({6: [("00:00", "24:00")]}, "Samedi 24 h/24"),
        ({1: [("00:00", "06:00")]}, "Lundi de minuit à 6 h"),
        ({1: [("18:00", "24:00")]}, "Lundi de 18 h à minuit"),
        ({1: [("20:00", "24:00")], 2: [("00:00", "08:00")]}, "Lundi de 20 h à 8 h le lendemain"),
        ({7: [("20:00", "24:00")], 1: [("00:00", "08:00")]}, "Dimanche de 20 h à 8 h le lendemain"),
        (dict.fromkeys(TOUS, NUIT), "Tous les jours de 20 h à 8 h le lendemain"),
        ({1: [("20:00", "24:00")], 2: [("00:00", "24:00")]}, "Lundi de 20 h à minuit ; mardi 24 h/24"),
        ({0: [("", "")]}, ""),
        ({0: [("09:00", "12:00")]}, "De 9 h à 12 h"),
        ({2: [("09:00", "")]}, "Mardi dès 9 h"),
        ({2: [("", "12:00")]}, "Mardi jusqu’à 12 h"),
        ({2: [("", "")]}, "Mardi"),
    ],
)
def test_week_is_read_aloud_with_equal_days_together(plages: Any, texte: str) -> None:
    assert dit(plages) == texte


@given(st.dictionaries(st.integers(0, 7), st.lists(st.tuples(HEURES | st.just(""), HEURES | st.just("")), max_size=4)))
def test_any_week_can_be_read_aloud(plages: dict[int, list[tuple[str, str]]]) -> None:
    assert isinstance(dire(plages), str)


@pytest.mark.parametrize(
    ("debut", "fin", "texte"),
    [
        ("", "", ""),
        ("2026-12-24", "2027-01-02", "du 24 décembre 2026 au 2 janvier 2027"),
        ("2026-12-25", "2026-12-25", "le 25 décembre 2026"),
        ("2026-12-24", "", "à partir du 24 décembre 2026"),
        ("", "2027-01-01", "jusqu’au 1er janvier 2027"),
    ],
)
def test_period_is_read_aloud(debut: str, fin: str, texte: str) -> None:
    assert dire_la_periode(debut, fin).replace("\u00a0", " ") == texte


@pytest.mark.parametrize(("fin", "oui"), [("", False), ("2026-11-22", True), ("2026-11-23", False)])
def test_period_is_over_the_day_after_its_end(fin: str, oui: bool) -> None:
    assert horaires.est_passee(fin, date(2026, 11, 23)) is oui


def test_weeks_come_before_periods_and_days_hold_their_slots_in_order() -> None:
    ete = {"debut_date_effective": "2026-07-01", "fin_date_effective": "2026-08-31"}
    trouvees = semaines(
        [
            ligne("09:00", "12:00", None, "1", **ete),
            ligne("14:00", "18:00", 1, "2"),
            ligne("08:00", "12:00", 1, "3"),
            ligne("", "", 2, "4"),
        ]
    )
    assert [s.sorte for s in trouvees] == [("01", "", ""), ("01", "2026-07-01", "2026-08-31")]
    assert trouvees[0].plages == {1: [("08:00", "12:00"), ("14:00", "18:00")], 2: [("", "")]}
    assert [e["cle"] for e in trouvees[0].lignes] == ["3", "2", "4"]
