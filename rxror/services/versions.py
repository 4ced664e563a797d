"""The version of an object: taken in the statement that checks it, so that nobody published in between."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import tuple_
from sqlmodel import Session, update

from rxror.ror.erreurs import Conflit


def passer(session: Session, classe: Any, versions: Sequence[tuple[int, int]], **valeurs: Any) -> None:
    """Write the same columns in several objects, each (id, version) taking its next version.

    Raises:
        Conflit: one of them is no longer at that version.
    """
    requete = (
        update(classe)
        .where(tuple_(classe.id, classe.version).in_(versions))
        .values(**valeurs, version=classe.version + 1)
        .execution_options(synchronize_session="fetch")
    )
    if session.exec(requete).rowcount != len(versions):
        raise Conflit({}, {})
