"""Files already loaded, known by their content, so that an unchanged file is not read twice."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import DateTime
from sqlmodel import Field, Session, SQLModel

HORODATAGE: Any = DateTime(timezone=True)


class FichierCharge(SQLModel, table=True):
    """One file loaded into the database, and the SHA-256 of what it held then."""

    __tablename__ = "fichier_charge"

    nom: str = Field(primary_key=True, description="What the file is to us, e.g. nomenclature/J226")
    empreinte: str = Field(max_length=64)
    charge: datetime = Field(sa_type=HORODATAGE)


def empreinte(*chemins: Path) -> str:
    """SHA-256 of the files' contents, in the order given."""
    somme = hashlib.sha256()
    for chemin in chemins:
        with chemin.open("rb") as flux:
            somme.update(hashlib.file_digest(flux, "sha256").digest())
    return somme.hexdigest()


def deja_charge(session: Session, nom: str, empreinte: str) -> bool:
    """Whether that very content was loaded last under that name."""
    connu = session.get(FichierCharge, nom)
    return connu is not None and connu.empreinte == empreinte


def noter(session: Session, nom: str, empreinte: str) -> None:
    """Remember that this content is now in the database."""
    session.merge(FichierCharge(nom=nom, empreinte=empreinte, charge=datetime.now(UTC)))
