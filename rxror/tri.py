"""The order of names for a person who reads French, the same on every database.

A database sorts by the rules of the machine it was made on; by bytes, « Échographie » comes after « Urgences ».
Here capitals and accents do not count, and what is left is compared by bytes.
"""

import sqlite3
from typing import Any
from unicodedata import normalize

from sqlalchemy import Function, String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

LIGATURES = {"Œ": "oe", "œ": "oe", "Æ": "ae", "æ": "ae"}
SIGNES = {"’": "'", "\u00a0": " ", "\u202f": " "}
NUES = SIGNES | {
    lettre: nue
    for lettre in map(chr, [*range(ord("A"), ord("Z") + 1), *range(0xC0, 0x180)])
    if (nue := normalize("NFD", lettre)[0].lower()).isascii() and nue.isalpha()
}
TABLE = str.maketrans(NUES | LIGATURES)


def cle_de_tri(nom: str) -> str:
    """What a name is sorted by."""
    return nom.translate(TABLE)


class en_ordre(GenericFunction[str]):  # noqa: N801  (read as a function: `order_by(en_ordre(offre.nom_offre))`)
    """A column of names, as it is sorted."""

    type = String()
    inherit_cache = True


@compiles(en_ordre, "postgresql")
def _en_postgresql(element: Function[str], compilateur: Any, **options: Any) -> str:
    """The same as `cle_de_tri`, in SQL; the letters are ours and hold no quote but the one we double."""
    sql = compilateur.process(element.clauses, **options)
    for ligature, lettres in LIGATURES.items():
        sql = f"replace({sql}, '{ligature}', '{lettres}')"
    lettres, nues = ("".join(cotes).replace("'", "''") for cotes in (NUES.keys(), NUES.values()))
    return f"translate({sql}, '{lettres}', '{nues}') COLLATE \"C\""


def sur_sqlite(dbapi: sqlite3.Connection) -> None:
    """Teach one connection to SQLite our function."""
    dbapi.create_function("en_ordre", 1, lambda nom: None if nom is None else cle_de_tri(nom), deterministic=True)
