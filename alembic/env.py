"""How migrations run: on the database of the settings, with the tables the models declare.

On SQLite one migration is one transaction, and foreign keys are off meanwhile: altering a table there means
copying it, and dropping the old one would otherwise delete, by cascade, the rows that point to it.
"""

from typing import Any, Literal

import sqlmodel
from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection

import rxror.echanges.fichiers
import rxror.ror.modeles
import rxror.ror.nomenclatures
import rxror.ror.objets
import rxror.tables  # noqa: F401  # the modules that declare tables
from rxror import db


def rendre(genre: str, objet: Any, _: AutogenContext) -> str | Literal[False]:
    """Write plain SQLAlchemy types in migrations, which must not depend on SQLModel."""
    if genre == "type" and isinstance(objet, sqlmodel.AutoString):
        return f"sa.String(length={objet.length})" if objet.length else "sa.String()"
    return False


def executer(**options: Any) -> None:
    """Run the migrations in one transaction."""
    context.configure(
        target_metadata=sqlmodel.SQLModel.metadata,
        render_item=rendre,
        transactional_ddl=True,
        **options,
    )
    with context.begin_transaction():
        if (connexion := options.get("connection")) is not None:
            db.attendre_son_tour(connexion)
        context.run_migrations()


def sur_connexion(connexion: Connection) -> None:
    """Run the migrations on an open connection."""
    sqlite = connexion.dialect.name == "sqlite"
    hors_transaction = connexion.connection.cursor()
    if sqlite:
        hors_transaction.execute("PRAGMA foreign_keys=OFF")  # does nothing once a transaction has begun
    try:
        executer(connection=connexion, render_as_batch=sqlite)
        connexion.commit()
    finally:
        if sqlite:
            hors_transaction.execute("PRAGMA foreign_keys=ON")


if context.is_offline_mode():
    executer(
        dialect_name=context.get_x_argument(as_dictionary=True).get("dialecte", "sqlite"),
        literal_binds=True,
    )
else:
    with db.engine(db.Usage.TRAVAUX).connect() as ouverte:
        sur_connexion(ouverte)
