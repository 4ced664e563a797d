"""The time that rxror says is left, on the log of a whole review by `make parcours`: right within 30 %."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from parcours import klm
from rxror.services.rythme import Geste, mesurer

JOURNAL = Path(__file__).parent / "relecture-ordinateur.jsonl"
DEBUT = datetime(2026, 11, 23, 8, tzinfo=UTC)


@pytest.mark.parametrize("lues", [20, 35, 50, 65, 80])
def test_the_time_left_is_right_within_30_percent_on_the_log_of_a_review(lues: int) -> None:
    reponses = klm.reponses(klm.lire(JOURNAL))
    gestes = [Geste(DEBUT + timedelta(seconds=r.seconde), r.change) for r in reponses[:lues]]
    reste = reponses[-1].seconde - reponses[lues - 1].seconde
    assert mesurer(gestes).secondes(len(reponses) - lues) == pytest.approx(reste, rel=0.3)
