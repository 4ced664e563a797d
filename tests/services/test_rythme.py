"""How long the rest of a review will take: right within 30 % on logs that are played again."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from types import SimpleNamespace

import pytest
from sqlmodel import Session

from rxror.services.rythme import INCHANGEE, MODIFIEE, PART, PAUSE, Geste, Rythme, mesurer, rythme
from rxror.tables import Action, Trace

DEBUT = datetime(2026, 11, 23, 9, tzinfo=UTC)
FICHES, LUES = 125, 60


def journal(graine: int, fiches: int = FICHES) -> list[Geste]:
    """Somebody who confirms most cards in a few seconds, changes one of each ten, and is interrupted."""
    hasard = random.Random(graine)
    vitesse = hasard.uniform(4, 15)
    instant, gestes, changee = DEBUT, [], 0
    for n in range(fiches):
        changee = hasard.randrange(10) if n % 10 == 0 else changee
        change = n % 10 == changee
        instant += timedelta(seconds=vitesse * (hasard.uniform(5, 9) if change else hasard.lognormvariate(0, 0.4)))
        if hasard.random() < 0.04:
            instant += timedelta(seconds=hasard.uniform(PAUSE, 6 * PAUSE))
        gestes.append(Geste(instant, change))
    return gestes


def au_travail(gestes: list[Geste]) -> float:
    durees = ((apres.instant - avant.instant).total_seconds() for avant, apres in pairwise(gestes))
    return sum(d for d in durees if d <= PAUSE)


@pytest.mark.parametrize("graine", range(20))
def test_the_estimate_is_right_within_30_percent_on_a_replayed_log(graine: int) -> None:
    gestes = journal(graine)
    reste = au_travail(gestes[LUES - 1 :])
    estime = mesurer(gestes[:LUES]).secondes(FICHES - LUES)
    assert abs(estime - reste) <= 0.3 * reste


def test_before_anything_is_known_the_pace_is_the_starting_one() -> None:
    assert mesurer([]) == Rythme(INCHANGEE, MODIFIEE, PART, mesure=False)
    assert mesurer([Geste(DEBUT)]).mesure is False


def _gestes(*secondes: float, **autres: int) -> Iterator[Geste]:
    instant = DEBUT
    yield Geste(instant)
    for duree in secondes:
        instant += timedelta(seconds=duree)
        yield Geste(instant, **autres)  # type: ignore[arg-type]


def test_pauses_and_what_was_interrupted_are_left_out() -> None:
    assert mesurer(_gestes(*[6.0] * 10, PAUSE + 1, 300.0)).inchangee == pytest.approx(6)


def test_what_answers_for_many_cards_at_once_is_not_the_time_of_one() -> None:
    assert mesurer(_gestes(*[1.0] * 10, fiches=50)).mesure is False


def test_the_words_of_an_estimate() -> None:
    allure = Rythme(inchangee=60, part=0)
    assert [allure.dire(n) for n in (0, 6, 70, 120)] == [
        "moins d’une minute",
        "environ 6 min",
        "environ 1 h 10",
        "environ 2 h 00",
    ]
    assert Rythme().phrase(20).replace("\u00a0", " ") == "environ 4 min, à 11 s par fiche"
    assert Rythme(60, 60, mesure=True).phrase(6) == "environ 6 min à votre rythme"


def test_the_pace_is_read_from_one_s_own_lines_an_offer_and_its_lieux_being_one(
    session: Session, place: SimpleNamespace, monde: object
) -> None:
    def tracer(qui: int, secondes: float, geste: str, **resultat: str) -> None:
        session.add(
            Trace(
                instant=DEBUT + timedelta(seconds=secondes),
                action=Action.CONFIRMATION,
                utilisateur_id=qui,
                resultat={"geste": geste, **resultat},
            )
        )

    autre = monde.acteur("Un autre")  # type: ignore[attr-defined]
    for n in range(10):
        tracer(place.claire.id, 8 * n, f"g{n}")
        tracer(place.claire.id, 8 * n, f"g{n}", avec="offre:76/1")
        tracer(autre.id, 8 * n + 1, f"h{n}")
    session.flush()
    allure = rythme(session, place.claire)
    assert (allure.inchangee, allure.mesure) == (pytest.approx(8), True)
    assert rythme(session, monde.acteur("Nouvelle")).mesure is False  # type: ignore[attr-defined]
