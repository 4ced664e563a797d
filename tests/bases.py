"""The database a test works on, SQLite or PostgreSQL, behind the same few gestures."""

import sqlite3
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, Engine, StaticPool, create_engine, event
from sqlmodel import SQLModel

from rxror import db
from rxror.commandes import mettre_a_jour_schema
from rxror.settings import settings
from tests.postgres import Postgres

MODELE = "modele"
_numeros = count()


class Base(Protocol):
    """The database that the settings of the test name."""

    def creer(self) -> None:
        """Make it, empty."""

    def creer_tables(self) -> None:
        """Make it with every table."""

    def photographier(self) -> object:
        """Keep what it holds."""

    def reprendre(self, photo: object) -> None:
        """Make it as it was then."""


class BaseSqlite:
    """A file in the folder of the test."""

    def __init__(self, fichier: Path) -> None:
        self.fichier = fichier

    def creer(self) -> None:
        """SQLite makes it at the first connection."""

    def creer_tables(self) -> None:
        SQLModel.metadata.create_all(db.engine())

    def photographier(self) -> object:
        with closing(sqlite3.connect(self.fichier)) as connexion:
            return connexion.serialize()

    def reprendre(self, photo: object) -> None:
        assert isinstance(photo, bytes)
        self.fichier.parent.mkdir(parents=True, exist_ok=True)
        self.fichier.write_bytes(photo)


class BasePostgresql:
    """A database of the server of the run, made as a copy of another: that takes a tenth of a second."""

    def __init__(self, serveur: Postgres) -> None:
        self.serveur, self.nom = serveur, "essai"

    @property
    def url(self) -> str:
        return self.serveur.url(self.nom)

    def creer(self) -> None:
        self.serveur.base(self.nom)

    def creer_tables(self) -> None:
        self.serveur.base(self.nom, modele=MODELE)

    def photographier(self) -> object:
        db.fermer()
        photo = f"photo{next(_numeros)}"
        self.serveur.base(photo, modele=self.nom)
        return photo

    def reprendre(self, photo: object) -> None:
        self.serveur.base(self.nom, modele=str(photo))


def creer_modele(serveur: Postgres) -> None:
    """Bring a database to the schema of the code, by its migrations; the others are its copies."""
    serveur.base(MODELE)
    settings.cache_clear()
    assert mettre_a_jour_schema()
    db.fermer()
    settings.cache_clear()


def moteur_a_part(serveur: Postgres | None) -> Engine:
    """Engine on a database of its own with every table: in memory, or on a server."""
    if serveur is not None:
        url = serveur.base(f"part{next(_numeros)}", modele=MODELE)
        return create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _regler(dbapi: sqlite3.Connection, _: object) -> None:
        dbapi.isolation_level = None
        db.regler_sqlite(dbapi)

    @event.listens_for(engine, "begin")
    def _commencer(connexion: Connection) -> None:
        connexion.exec_driver_sql("BEGIN")

    SQLModel.metadata.create_all(engine)
    return engine
