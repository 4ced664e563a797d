"""Rules of opening hours: COH-11 to COH-14. Today is 23 November 2026."""

from typing import Any

import pytest

from rxror.ror.controles import Severite
from tests.ror.regles.exemples import dit, offre


def horaires(*lignes: str) -> list[dict[str, Any]]:
    """« jour type de-à du>au » a line; a dash for nothing. Keys are 1, 2…"""
    lues: list[dict[str, Any]] = []
    for cle, ligne in enumerate(lignes, 1):
        jour, type_horaire, heures, periode = (ligne + " - - -").split()[:4]
        debut, _, fin = heures.partition("-")
        du, _, au = periode.partition(">")
        lues.append(
            {
                "cle": str(cle),
                "jour_semaine": None if jour == "-" else int(jour),
                "type_horaire": "" if type_horaire == "-" else type_horaire,
                "heure_debut": debut,
                "heure_fin": fin,
                "debut_date_effective": du if du not in ("", "-") else None,
                "fin_date_effective": au or None,
            }
        )
    return lues


@pytest.mark.parametrize(
    ("ligne", "chemins"),
    [
        ("1 01 08:00-12:00", []),
        ("7 01 08:00-12:00", []),
        ("- 01 08:00-12:00 2026-12-01>2026-12-31", []),
        ("- 01 08:00-12:00", ["horaire.1.jour_semaine"]),
        ("- 01 08:00-12:00 2026-12-01>", ["horaire.1.jour_semaine"]),
        ("- 01 08:00-12:00 ->2026-12-31", ["horaire.1.jour_semaine"]),
    ],
)
def test_coh_11_a_day_or_a_period_with_its_two_ends(ligne: str, chemins: list[str]) -> None:
    assert dit("COH-11", offre(horaire=horaires(ligne))) == chemins


@pytest.mark.parametrize(
    ("periode", "passee"),
    [
        ("2026-01-01>2026-11-22", True),
        ("2026-01-01>2026-11-23", False),  # today is still in it
        ("2026-01-01>2026-11-24", False),
        ("2026-01-01>", False),
    ],
)
def test_coh_12_a_period_that_is_over_may_go(periode: str, passee: bool) -> None:
    anomalies = offre(horaire=horaires(f"1 01 08:00-12:00 {periode}"))
    assert dit("COH-12", anomalies) == (["horaire.1.fin_date_effective"] if passee else [])
    assert all(a.severite is Severite.INFORMATION for a in anomalies)


@pytest.mark.parametrize(
    ("lignes", "chemins"),
    [
        (["1 01 08:00-12:00", "2 01 08:00-12:00"], ["horaire.1.jour_semaine"]),
        (["1 01 08:00-12:00 2026-12-01>2026-12-31"], []),
        (["1 01 08:00-12:00 2026-12-01>"], []),
        (["1 01 08:00-12:00 ->2026-12-31"], []),
        (["- 01 08:00-12:00 2026-12-01>2026-12-31", "3 01 08:00-12:00"], ["horaire.2.jour_semaine"]),
        ([], []),
    ],
)
def test_coh_13_hours_without_a_period_repeat_each_week_said_once(lignes: list[str], chemins: list[str]) -> None:
    assert dit("COH-13", offre(horaire=horaires(*lignes))) == chemins


@pytest.mark.parametrize(
    ("heures", "en_ordre"),
    [
        ("08:00-12:00", True),
        ("00:00-24:00", True),
        ("23:59-24:00", True),
        ("20:00-24:00", True),
        ("00:00-07:00", True),
        ("20:00-07:00", False),  # a night is split at midnight
        ("20:00-00:00", False),
        ("08:00-08:00", False),
        ("12:00-08:00", False),
        ("08:00-", True),
        ("-12:00", True),
    ],
)
def test_coh_14_an_opening_time_ends_after_it_starts(heures: str, en_ordre: bool) -> None:
    anomalies = offre(horaire=horaires(f"1 01 {heures}"))
    assert dit("COH-14", anomalies) == ([] if en_ordre else ["horaire.1.heure_fin"])
    assert not any(a.bloque for a in anomalies)


@pytest.mark.parametrize(
    ("lignes", "chemins"),
    [
        (["1 01 08:00-12:00", "1 01 14:00-18:00"], []),
        (["1 01 08:00-12:00", "1 01 12:00-18:00"], []),  # they touch
        (["1 01 12:00-18:00", "1 01 08:00-12:00"], []),  # and the other way round
        (["1 01 08:00-12:01", "1 01 12:00-18:00"], ["horaire.2.heure_debut"]),
        (["1 01 12:00-18:00", "1 01 08:00-12:01"], ["horaire.2.heure_debut"]),
        (["1 01 09:00-10:00", "1 01 08:00-18:00"], ["horaire.2.heure_debut"]),
        (["1 01 08:00-18:00", "1 01 09:00-10:00"], ["horaire.2.heure_debut"]),
        (["1 01 08:00-18:00", "1 01 08:00-18:00"], ["horaire.2.heure_debut"]),
        (["1 01 00:00-24:00", "1 01 23:00-24:00"], ["horaire.2.heure_debut"]),
        (["1 01 20:00-24:00", "2 01 00:00-07:00"], []),  # the two halves of a night
        (["1 01 08:00-12:00", "2 01 08:00-12:00"], []),
        (["1 01 08:00-12:00", "1 04 08:00-12:00"], []),
        (["1 01 08:00-12:00 2026-01-01>2026-06-30", "1 01 08:00-12:00 2026-07-01>2026-12-31"], []),
        (
            ["1 01 08:00-12:00 2026-01-01>2026-07-01", "1 01 08:00-12:00 2026-07-01>2026-12-31"],
            ["horaire.2.heure_debut"],
        ),
        (["1 01 08:00-12:00 2026-07-01>2026-12-31", "1 01 08:00-12:00 2026-01-01>2026-06-30"], []),
        (
            ["1 01 08:00-12:00 2026-07-01>2026-12-31", "1 01 08:00-12:00 2026-01-01>2026-07-01"],
            ["horaire.2.heure_debut"],
        ),
        (["1 01 08:00-12:00", "1 01 08:00-12:00 2026-07-01>2026-12-31"], ["horaire.2.heure_debut"]),
        (["1 01 08:00-", "1 01 08:00-12:00"], []),
        (["1 01 18:00-08:00", "1 01 07:00-19:00"], []),  # the order is told by COH-14
        (["1 01 07:00-19:00", "1 01 18:00-08:00"], []),
        (
            ["1 01 08:00-18:00", "1 01 09:00-10:00", "1 01 09:30-11:00"],
            ["horaire.2.heure_debut", "horaire.3.heure_debut"],
        ),
    ],
)
def test_coh_14_two_times_of_a_day_and_a_type_do_not_overlap(lignes: list[str], chemins: list[str]) -> None:
    assert dit("COH-14-CHEVAUCHEMENT", offre(horaire=horaires(*lignes))) == chemins
