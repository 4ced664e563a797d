"""Engines and transactions, on SQLite or PostgreSQL. Services receive a session; only the edges open one, here."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, NullPool, event, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, create_engine

from rxror import tri
from rxror.ror.erreurs import Depasse
from rxror.settings import SQLITE, settings

log = logging.getLogger("rxror")
T = TypeVar("T")

ECRIT = {"ecrit": True}
ESSAIS = 2  # a gesture that may be done again is tried once more
VERROU = 7_681_000_505  # what those who prepare the database wait for on PostgreSQL, one at a time
PASSAGERES = frozenset({"40001", "40P01", "23505", "57P01", "57P02", "57P03"})  # and class 08: the connection is lost


class Usage(Enum):
    """What a connection is for. On SQLite a write takes its lock at once: a read that turned into one would fail."""

    LECTURE = "lecture"
    ECRITURE = "ecriture"
    TRAVAUX = "travaux"  # migrations and imports: alone, and longer


# statement, lock, idle in a transaction, in seconds: what a person waits for, and what an import may take
DELAIS = {Usage.LECTURE: (5, 2, 15), Usage.ECRITURE: (5, 2, 15), Usage.TRAVAUX: (900, 60, 300)}


def creer_engine(url: str, usage: Usage = Usage.ECRITURE) -> Engine:
    """Engine for one database, from its SQLAlchemy URL."""
    return _sqlite(url, usage) if url.startswith("sqlite") else _postgresql(url, usage)


def _sqlite(url: str, usage: Usage) -> Engine:
    engine = create_engine(url, connect_args={"check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _regler(dbapi: Any, _: Any) -> None:
        dbapi.isolation_level = None
        regler_sqlite(dbapi)

    @event.listens_for(engine, "begin")
    def _commencer(connexion: Any) -> None:
        connexion.exec_driver_sql("BEGIN" if usage is Usage.LECTURE else "BEGIN IMMEDIATE")

    return engine


def regler_sqlite(dbapi: Any) -> None:
    """What every connection to SQLite needs; with recursive triggers, REPLACE deletes under their eyes."""
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "busy_timeout=5000",
        "foreign_keys=ON",
        "recursive_triggers=ON",
    ):
        dbapi.execute(f"PRAGMA {pragma}")
    tri.sur_sqlite(dbapi)


def _postgresql(url: str, usage: Usage) -> Engine:
    combien: dict[str, Any] = {"pool_size": settings().base_connexions, "max_overflow": 0, "pool_timeout": 3}
    engine = create_engine(
        url,
        isolation_level="READ COMMITTED",
        pool_pre_ping=True,
        connect_args={"connect_timeout": 3, "application_name": f"rxror {usage.value}", "client_encoding": "utf8"},
        **({"poolclass": NullPool} if usage is Usage.TRAVAUX else {**combien, "pool_recycle": 1800}),
    )
    noms = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
    regles = {nom: f"{secondes}s" for nom, secondes in zip(noms, DELAIS[usage], strict=True)}
    regles |= {"timezone": "UTC", "default_transaction_read_only": "on" if usage is Usage.LECTURE else "off"}

    @event.listens_for(engine, "connect")
    def _regler(dbapi: Any, _: Any) -> None:
        dbapi.autocommit = True  # not in a transaction, whose end would take the settings back
        dbapi.execute(";".join(f"SET {nom} = '{valeur}'" for nom, valeur in regles.items()))
        dbapi.autocommit = False

    return engine


_ouverts: dict[tuple[str, Usage], Engine] = {}
_un_a_la_fois = Lock()  # two threads that ask first would make two engines, and one would keep its connections


def engine(usage: Usage = Usage.ECRITURE) -> Engine:
    """Engine of the configured database."""
    url = settings().url_base
    with _un_a_la_fois:
        if (url, usage) not in _ouverts:
            if url.startswith(SQLITE):
                Path(url.removeprefix(SQLITE)).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _ouverts[url, usage] = creer_engine(url, usage)
        return _ouverts[url, usage]


def fermer() -> None:
    """Close every connection; the next use opens new ones, from the settings as they are then."""
    with _un_a_la_fois:
        for ouvert in _ouverts.values():
            ouvert.dispose()
        _ouverts.clear()


@contextmanager
def transaction() -> Iterator[Session]:
    """A session whose changes are all kept at the end, or none of them."""
    with Session(engine(Usage.ECRITURE), expire_on_commit=False, info=ECRIT) as session, session.begin():
        yield session


@contextmanager
def travaux() -> Iterator[Session]:
    """The same for migrations and imports: one at a time, and with more time."""
    with Session(engine(Usage.TRAVAUX), expire_on_commit=False, info=ECRIT) as session, session.begin():
        attendre_son_tour(session.connection())
        yield session


@contextmanager
def lecture() -> Iterator[Session]:
    """A session for reading; nothing is kept."""
    with Session(engine(Usage.LECTURE)) as session:
        yield session


def ecrit(session: Session) -> bool:
    """Whether what is read in this session is about to be changed."""
    return bool(session.info.get("ecrit"))


def encodage(connexion: Connection) -> str:
    """How a PostgreSQL database keeps its texts."""
    return str(connexion.execute(text("SHOW server_encoding")).scalar_one())


def attendre_son_tour(connexion: Connection) -> None:
    """Wait for whoever prepares the same database; on SQLite the transaction has waited already."""
    if connexion.dialect.name == "postgresql":
        connexion.execute(text(f"SELECT pg_advisory_xact_lock({VERROU})"))


def rejouable(travail: Callable[[Session], T]) -> T:
    """Do in one transaction a gesture that changes nothing the second time, and once more if chance broke it.

    What breaks by chance: the connection is lost, maybe once the work was kept; two transactions waited for each
    other; somebody wrote the same row first. The second time all is read again, so that a gesture already kept, known
    by its key, gives its answer, and what somebody else has just kept is seen.

    Args:
        travail: the whole gesture, from the session on: it keeps nothing of a former try.
    """
    for essai in range(1, ESSAIS + 1):
        try:
            with transaction() as session:
                return travail(session)
        except (DBAPIError, Depasse) as erreur:
            if essai == ESSAIS or not passagere(erreur):
                raise
            log.info("geste rejoué : %s", type(erreur).__name__)
    raise AssertionError  # the loop returns or raises


def passagere(erreur: DBAPIError | Depasse) -> bool:
    """Whether the same gesture may well succeed a moment later."""
    if isinstance(erreur, Depasse) or erreur.connection_invalidated:
        return True
    etat = getattr(erreur.orig, "sqlstate", "") or ""
    return etat in PASSAGERES or etat.startswith("08") or est_perdue(erreur) or "locked" in str(erreur.orig)


def est_perdue(erreur: DBAPIError) -> bool:
    """Whether the database did not answer, or no longer."""
    etat = getattr(erreur.orig, "sqlstate", "")
    sans_etat = (
        etat is None and type(erreur.orig).__name__ == "OperationalError"
    )  # libpq failed, the server said nothing
    return erreur.connection_invalidated or sans_etat or str(etat)[:2] == "08" or str(etat)[:4] == "57P0"
