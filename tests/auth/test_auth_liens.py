"""The secret of a personal link, and how often its pages may be asked."""

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from sqlmodel import select
from starlette.applications import Starlette
from starlette.testclient import TestClient

from rxror import db
from rxror.auth import liens
from rxror.confie import routes
from rxror.settings import settings
from rxror.tables import Action, Trace

CLE = UUID("11111111-1111-4111-8111-111111111111")


def test_secret_is_the_same_for_the_same_gesture_and_for_no_other(regler: Callable[..., None]) -> None:
    regler(secret="0123456789abcdef" * 3)
    secret = liens.secret_du_lien(1, CLE)
    assert liens.FORME.fullmatch(secret)
    assert secret == liens.secret_du_lien(1, CLE)
    autres = [liens.secret_du_lien(2, CLE), liens.secret_du_lien(1, UUID(int=CLE.int + 1))]
    regler(secret="autre9876543210fedcba" * 3)
    assert secret not in [*autres, liens.secret_du_lien(1, CLE)]


@pytest.fixture
def navigateur(base: None, regler: Callable[..., None]) -> Iterator[Callable[[int], TestClient]]:
    """A browser in front of the pages of links, with so many requests a minute."""

    def oublier() -> None:
        routes._debit.cache_clear()
        routes._debit_des_refus.cache_clear()

    def navigateur(par_minute: int) -> TestClient:
        regler(secret="0123456789abcdef" * 3, connexions_par_minute=par_minute)
        oublier()
        return TestClient(Starlette(routes=routes.routes()), base_url=settings().url)

    yield navigateur
    oublier()


def test_too_many_requests_are_not_served(navigateur: Callable[[int], TestClient]) -> None:
    client = navigateur(1)
    assert [client.get("/confie").status_code for _ in range(2)] == [404, 429]


def test_too_many_refusals_leave_no_more_lines(navigateur: Callable[[int], TestClient]) -> None:
    client = navigateur(100_000)
    codes = [client.get("/confie").status_code for _ in range(2 * routes.REFUS_A_LA_SUITE)]
    assert codes[: routes.REFUS_A_LA_SUITE] == [404] * routes.REFUS_A_LA_SUITE
    assert 429 in codes
    with db.lecture() as session:
        traces = session.exec(select(Trace).where(Trace.action == Action.REFUS)).all()
    assert len(traces) == codes.count(404)
