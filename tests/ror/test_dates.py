from datetime import UTC, date, datetime, time

import pytest

from rxror.ror import dates
from rxror.ror.typographie import INSECABLE


def dire(texte: str) -> str:
    return texte.replace(INSECABLE, " ")


def test_dates_are_written_in_full():
    assert dire(dates.date_longue(date(2026, 11, 23))) == "23 novembre 2026"
    assert dire(dates.date_longue(date(2026, 12, 1))) == "1er décembre 2026"
    assert dire(dates.jour_date(date(2026, 11, 23))) == "Lundi 23 novembre 2026"


@pytest.mark.parametrize(
    ("instant", "attendue"),
    [
        (datetime(2026, 11, 23, 9, 2, tzinfo=UTC), "10 h 02"),
        (datetime(2026, 7, 1, 9, 2, tzinfo=UTC), "11 h 02"),
        (datetime(2026, 11, 23, 9, 2), "10 h 02"),  # noqa: DTZ001  (what SQLite gives back)
        (time(8, 30), "8 h 30"),
    ],
)
def test_hours_are_those_of_paris(instant, attendue: str):
    assert dire(dates.heure(instant)) == attendue


def test_an_instant_late_in_the_evening_is_the_next_day_in_paris():
    assert dates.jour_de(datetime(2026, 11, 23, 23, 30, tzinfo=UTC)) == date(2026, 11, 24)
    assert dire(dates.date_heure(datetime(2026, 11, 23, 23, 30, tzinfo=UTC))) == "24 novembre 2026 à 0 h 30"


@pytest.mark.parametrize(
    ("jour", "attendu"),
    [
        (date(2026, 11, 23), "aujourd’hui à 10 h 42"),
        (date(2026, 11, 24), "hier à 10 h 42"),
        (date(2026, 11, 30), "le 23 novembre 2026 à 10 h 42"),
    ],
)
def test_a_recent_moment_is_said_as_one_speaks(jour: date, attendu: str):
    assert dire(dates.moment(datetime(2026, 11, 23, 9, 42, tzinfo=UTC), jour)) == attendu


def test_midnight_is_that_of_paris_on_both_sides_of_a_change_of_hour():
    assert dates.minuit(date(2026, 10, 25)) == datetime(2026, 10, 24, 22, tzinfo=UTC)
    assert dates.minuit(date(2026, 10, 26)) == datetime(2026, 10, 25, 23, tzinfo=UTC)
