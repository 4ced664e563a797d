"""Code lists (JDV) of the ROR: their tables, and the catalogue that answers labels and searches.

A list is read from the database, never written in code. Source of the lists: ANS, Nomenclatures des objets de santé.
"""

from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, DateTime
from sqlmodel import Field, SQLModel

from rxror.ror import recherche
from rxror.ror.recherche import Entree, Index, Trouve
from rxror.ror.recherche import sans_accent as sans_accent

HORODATAGE: Any = DateTime(timezone=True)
ACTIF = "active"
# In these lists a code is unique only together with its code system (index of the lists, notes of J51, J186, J227).
QUALIFIEES = frozenset({"J51", "J186", "J227"})


class Nomenclature(SQLModel, table=True):
    """One code list and the version that was loaded."""

    __tablename__ = "nomenclature"

    jdv: str = Field(
        primary_key=True, description="Short name, e.g. J226; R257 and A14 for the two lists that are no JDV"
    )
    identifiant: str
    titre: str
    version: str = ""
    complete: str = ""
    charge: datetime = Field(sa_type=HORODATAGE)


class Concept(SQLModel, table=True):
    """One code of a list. `cle` is what an object stores: the code, or TRE:code in the qualified lists."""

    __tablename__ = "concept"

    id: int | None = Field(default=None, primary_key=True)
    jdv: str = Field(foreign_key="nomenclature.jdv", index=True)
    cle: str
    code: str
    systeme: str = ""
    libelle: str
    groupe: str = ""
    statut: str = ACTIF
    rang: int = 0
    successeur: str = Field(default="", description="Key of the code that surely replaces this one, out of force")


class VersionNomenclature(SQLModel, table=True):
    """One version of a list that was put in service, and what it changed to the one before.

    `changements` is [{"cle", "mouvement", "avant", "apres", "successeur"}]: enough to tell any earlier version.
    """

    __tablename__ = "nomenclature_version"

    id: int | None = Field(default=None, primary_key=True)
    jdv: str = Field(foreign_key="nomenclature.jdv", index=True)
    version: str
    precedente: str = Field(default="", description="Version it took the place of; empty for the first one")
    charge: datetime = Field(sa_type=HORODATAGE)
    changements: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)


class Commune(SQLModel, table=True):
    """One pair commune / postcode of the code officiel géographique. Source: Insee and La Poste, via Etalab."""

    __tablename__ = "commune"

    id: int | None = Field(default=None, primary_key=True)
    code_insee: str = Field(index=True, max_length=5)
    nom: str
    code_postal: str = Field(index=True, max_length=5)
    departement: str
    region: str
    population: int = 0
    recherche: str = Field(index=True, description="Name without accents, for searching")
    arrondissement: bool = Field(default=False, description="Of Paris, Lyon or Marseille: a part of its commune")
    latitude: float | None = Field(default=None, description="Centre of the commune, WGS 84; None when not known")
    longitude: float | None = None


class Departement(SQLModel, table=True):
    """A département, or a territory beyond the seas, and how many communes it has. Source: Insee, via Etalab."""

    __tablename__ = "departement"

    code: str = Field(primary_key=True, max_length=3)
    nom: str
    communes: int = 0


@dataclass(frozen=True)
class Code:
    """One code as a page needs it. `actif` is False for a code that may be read and never chosen."""

    cle: str
    libelle: str
    groupe: str = ""
    actif: bool = True


class Catalogue:
    """The code lists in memory: {jdv: {cle: Code}}."""

    def __init__(self, concepts: Iterable[Concept]) -> None:
        """Index the concepts, in the order of their list."""
        self._listes: dict[str, dict[str, Code]] = {}
        self._successeurs: dict[tuple[str, str], str] = {}
        self._index: dict[str, Index] = {}
        self._entrees: dict[str, list[Entree]] = {}
        for concept in concepts:
            code = Code(concept.cle, concept.libelle, concept.groupe, concept.statut == ACTIF)
            self._listes.setdefault(concept.jdv, {})[concept.cle] = code
            if concept.successeur:
                self._successeurs[concept.jdv, concept.cle] = concept.successeur
            if code.actif:
                entrees = self._entrees.setdefault(concept.jdv, [])
                entrees.append(recherche.entree(concept.cle, concept.code, concept.libelle, len(entrees)))

    def __contains__(self, jdv: str) -> bool:
        """Whether the list was loaded."""
        return jdv in self._listes

    def avec(self, libelles: Mapping[tuple[str, str], str]) -> "Catalogue":
        """The same lists, where some codes have the labels of another time, {(jdv, cle): label}."""
        autre = copy(self)
        autre._listes = dict(self._listes)
        for (jdv, cle), libelle in libelles.items():
            code = self.code(jdv, cle) or Code(cle, libelle, actif=False)
            autre._listes[jdv] = {**autre._listes.get(jdv, {}), cle: replace(code, libelle=libelle)}
        return autre

    def libelle(self, jdv: str, cle: str) -> str:
        """Label of a code; the code itself when the list does not hold it."""
        code = self._listes.get(jdv, {}).get(cle)
        return code.libelle if code else cle

    def connu(self, jdv: str, cle: str) -> bool:
        """Whether the list holds the code, in force or not."""
        return cle in self._listes.get(jdv, {})

    def actif(self, jdv: str, cle: str) -> bool:
        """Whether the code is in force."""
        code = self._listes.get(jdv, {}).get(cle)
        return bool(code and code.actif)

    def successeur(self, jdv: str, cle: str) -> Code | None:
        """The code in force that surely replaces one that no longer is; None when nobody says which."""
        vus: set[str] = set()
        while cle not in vus and not self.actif(jdv, cle):
            vus.add(cle)
            cle = self._successeurs.get((jdv, cle), cle)
        return self.code(jdv, cle) if vus and self.actif(jdv, cle) else None

    def retires(self, jdv: str) -> list[str]:
        """Keys of the codes of a list that are no longer in force."""
        return [c.cle for c in self._listes.get(jdv, {}).values() if not c.actif]

    def listes(self) -> list[str]:
        """Names of the lists."""
        return list(self._listes)

    def choix(self, jdv: str, codes: tuple[str, ...] = (), gardes: Iterable[str] = ()) -> list[Code]:
        """Codes to offer: those in force (of `codes` only, if given), and the `gardes` an object already holds."""
        tenus = set(gardes)
        return [
            c
            for c in self._listes.get(jdv, {}).values()
            if (c.actif and (not codes or c.cle in codes)) or c.cle in tenus
        ]

    def code(self, jdv: str, cle: str) -> Code | None:
        """A code of a list, in force or not."""
        return self._listes.get(jdv, {}).get(cle)

    def trouver(self, jdv: str, texte: str) -> list[Trouve]:
        """Codes in force that a text finds, best first; see `recherche.chercher`."""
        if jdv not in self._index:
            self._index[jdv] = Index(self._entrees.get(jdv, []))
        return recherche.chercher(self._index[jdv], texte)
