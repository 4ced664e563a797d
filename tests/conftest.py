"""Fixtures for all tests: settings of their own, and a database rolled back or made anew after each test.

SQLite by default; `--base postgresql` runs the same tests on a real PostgreSQL.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis
from sqlalchemy import Engine
from sqlmodel import Session

import rxror.echanges.fichiers
import rxror.ror.modeles
import rxror.ror.nomenclatures
import rxror.ror.objets
import rxror.tables  # noqa: F401  # the five modules that declare tables
from rxror import db
from rxror.settings import settings
from tests.bases import MODELE, Base, BasePostgresql, BaseSqlite, creer_modele, moteur_a_part
from tests.postgres import Postgres

hypothesis.register_profile("sans_delai", deadline=None)  # a busy machine is no mistake
hypothesis.load_profile("sans_delai")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Which database the tests use."""
    parser.addoption("--base", choices=("sqlite", "postgresql"), default="sqlite", help="base des tests")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What only SQLite has is not tested on PostgreSQL."""
    if config.getoption("base") == "postgresql":
        for item in items:
            if item.get_closest_marker("sqlite"):
                item.add_marker(pytest.mark.skip(reason="only SQLite has it"))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server for the whole run, whatever the database of the other tests, with the tables in `modele`."""
    with Postgres() as serveur:
        os.environ["RXROR_DATABASE_URL"] = serveur.url(MODELE)
        creer_modele(serveur)
        del os.environ["RXROR_DATABASE_URL"]
        yield serveur


@pytest.fixture(scope="session")
def serveur_des_tests(request: pytest.FixtureRequest) -> Postgres | None:
    """The server when the tests run on PostgreSQL."""
    return request.getfixturevalue("postgres") if request.config.getoption("base") == "postgresql" else None


@pytest.fixture(autouse=True)
def reglages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, serveur_des_tests: Postgres | None) -> Iterator[Path]:
    """No setting of the developer reaches a test; `var` is the test's own folder, and the value given."""
    for nom in [n for n in os.environ if n.startswith("RXROR_")]:
        monkeypatch.delenv(nom)
    var = tmp_path / "var"
    monkeypatch.setenv("RXROR_VAR", str(var))
    monkeypatch.setenv("RXROR_SECRET", "un secret de test, assez long et assez divers")
    if serveur_des_tests:
        monkeypatch.setenv("RXROR_DATABASE_URL", BasePostgresql(serveur_des_tests).url)
    settings.cache_clear()
    yield var
    db.fermer()
    settings.cache_clear()


@pytest.fixture
def la_base(reglages: Path, serveur_des_tests: Postgres | None) -> Base:
    """The database that the settings name, not made yet."""
    return BasePostgresql(serveur_des_tests) if serveur_des_tests else BaseSqlite(reglages / "rxror.db")


@pytest.fixture
def base_vide(la_base: Base) -> None:
    """The database that the settings name, without a table."""
    la_base.creer()


@pytest.fixture
def tables(la_base: Base) -> None:
    """The database that the settings name, with every table."""
    la_base.creer_tables()


@pytest.fixture(scope="session")
def moteur_neuf(serveur_des_tests: Postgres | None) -> Callable[[], Engine]:
    """Engines on databases of their own, with every table and foreign keys checked."""
    return lambda: moteur_a_part(serveur_des_tests)


@pytest.fixture(scope="session")
def engine(moteur_neuf: Callable[[], Engine]) -> Iterator[Engine]:
    """One database for the whole run: in memory, or on the server."""
    engine = moteur_neuf()
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session in one transaction, rolled back at the end; a commit inside the test only closes a savepoint."""
    with engine.connect() as connexion:
        transaction = connexion.begin()
        with Session(
            connexion, join_transaction_mode="create_savepoint", expire_on_commit=False, info=db.ECRIT
        ) as session:
            yield session
        transaction.rollback()
