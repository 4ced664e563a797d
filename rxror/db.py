"""Engines and transactions. Services receive a session; only the edges open one, here."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event
from sqlmodel import Session, create_engine

from rxror.settings import settings


def creer_engine(url: str, *, ecriture: bool) -> Engine:
    """Engine for one database.

    Args:
        url: SQLAlchemy URL.
        ecriture: True takes the write lock at once on SQLite: a read that turns into a write would fail
            without waiting, whatever the time-out.
    """
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _regler(dbapi: Any, _: Any) -> None:
        dbapi.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000", "foreign_keys=ON"):
            dbapi.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _commencer(connexion: Any) -> None:
        connexion.exec_driver_sql("BEGIN IMMEDIATE" if ecriture else "BEGIN")

    return engine


@lru_cache
def _engine(url: str, ecriture: bool) -> Engine:
    if url.startswith("sqlite:///"):
        Path(url.removeprefix("sqlite:///")).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return creer_engine(url, ecriture=ecriture)


def engine(*, ecriture: bool = True) -> Engine:
    """Engine of the configured database."""
    return _engine(settings().url_base, ecriture)


@contextmanager
def transaction() -> Iterator[Session]:
    """A session whose changes are all kept at the end, or none of them."""
    with Session(engine(ecriture=True), expire_on_commit=False) as session, session.begin():
        yield session


@contextmanager
def lecture() -> Iterator[Session]:
    """A session for reading; nothing is kept."""
    with Session(engine(ecriture=False)) as session:
        yield session
