"""Fixtures for all tests: settings of their own, and a database in memory, rolled back after each test."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings as hypothesis
from sqlalchemy import Engine, StaticPool, event
from sqlmodel import Session, SQLModel, create_engine

import rxror.echanges.fichiers
import rxror.ror.modeles
import rxror.ror.nomenclatures
import rxror.ror.objets
import rxror.tables  # noqa: F401  # the five modules that declare tables
from rxror import db
from rxror.settings import settings

hypothesis.register_profile("sans_delai", deadline=None)  # a busy machine is no mistake
hypothesis.load_profile("sans_delai")


@pytest.fixture(autouse=True)
def reglages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """No setting of the developer reaches a test; `var` is the test's own folder, and the value given."""
    for nom in [n for n in os.environ if n.startswith("RXROR_")]:
        monkeypatch.delenv(nom)
    var = tmp_path / "var"
    monkeypatch.setenv("RXROR_VAR", str(var))
    monkeypatch.setenv("RXROR_SECRET", "un secret de test, assez long et assez divers")
    settings.cache_clear()
    yield var
    if db._engine.cache_info().currsize:
        for ecriture in (True, False):
            db.engine(ecriture=ecriture).dispose()
    db._engine.cache_clear()
    settings.cache_clear()


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """One SQLite database in memory for the whole run, with every table and foreign keys checked."""
    engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _regler(dbapi: Any, _: Any) -> None:
        dbapi.isolation_level = None
        dbapi.execute("PRAGMA foreign_keys=ON")

    @event.listens_for(engine, "begin")
    def _commencer(connexion: Any) -> None:
        connexion.exec_driver_sql("BEGIN")

    SQLModel.metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session in one transaction, rolled back at the end; a commit inside the test only closes a savepoint."""
    with engine.connect() as connexion:
        transaction = connexion.begin()
        with Session(connexion, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
            yield session
        transaction.rollback()
