"""Which migrations this code knows, and which of them a database has had."""

from functools import lru_cache

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from rxror.settings import RACINE


def scripts() -> ScriptDirectory:
    """The migrations that this code knows."""
    return ScriptDirectory.from_config(_config())


def revisions(connexion: Connection) -> set[str]:
    """The last migrations that a database has had; none for an empty one."""
    return set(MigrationContext.configure(connexion).get_current_heads())


def a_jour(connexion: Connection) -> bool:
    """Whether a database is at the schema of this code."""
    return revisions(connexion) == _tetes()


def monter() -> None:
    """Run the migrations that are due."""
    command.upgrade(_config(), "head")


@lru_cache
def _tetes() -> set[str]:
    return set(scripts().get_heads())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(RACINE / "alembic").replace("%", "%%"))
    return config
