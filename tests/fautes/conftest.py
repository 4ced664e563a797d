"""Fixtures of the tests that inject a fault: the real application, prepared once, copied for each test."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import _place
from tests.fautes import fiabilite
from tests.fautes.application import Application, copier

ICI = Path(__file__).parent
Noter = Callable[..., None]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if ICI in item.path.parents:
            item.add_marker("fautes")


def pytest_sessionfinish(session: pytest.Session) -> None:
    if fiabilite.PLEIN and any(item.get_closest_marker("fautes") for item in getattr(session, "items", [])):
        fiabilite.ecrire()


@pytest.fixture(scope="session")
def preparee(tmp_path_factory: pytest.TempPathFactory) -> Application:
    """An application that never starts: its database is what the others begin with."""
    application = Application(tmp_path_factory.mktemp("preparee"))
    application.preparer()
    return application


@pytest.fixture(scope="session")
def place_du_service() -> tuple[int, Path]:
    """Port and build of the pages, those of the tests of `tests/e2e`: what they built is not built again."""
    return _place()


@pytest.fixture
def application(preparee: Application, tmp_path: Path) -> Iterator[Application]:
    """The application, running on SQLite with the demonstration data."""
    application = copier(preparee, tmp_path)
    application.demarrer()
    yield application
    application.arreter()


@pytest.fixture
def noter(request: pytest.FixtureRequest) -> Noter:
    """Keep a line of docs/fiabilite.md: `noter("coupures", obtenu=…, compte=…)`."""

    def noter(ligne: str, **dit: Any) -> None:
        fiabilite.noter(ligne, request.path.name, **dit)

    return noter
