"""What an import did and found: counts, rejected lines, values set aside."""

import csv
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from enum import StrEnum
from pathlib import Path


class Gravite(StrEnum):
    """What a finding costs: the whole line, or one value of it."""

    REJET = "rejet"
    SIGNALEMENT = "signalement"


@dataclass(frozen=True)
class Constat:
    """One finding, at the place where it can be put right."""

    fichier: str
    ligne: int
    section: str
    numero: str
    champ: str
    valeur: str
    motif: str
    gravite: Gravite


@dataclass
class Compte:
    """Objects of one kind met by an import, by number; one object counts once, whatever the number of lines."""

    vus: set[str] = field(default_factory=set)
    crees: set[str] = field(default_factory=set)
    touches: set[str] = field(default_factory=set)

    @property
    def modifies(self) -> set[str]:
        """Objects that existed and changed."""
        return self.touches - self.crees

    @property
    def inchanges(self) -> set[str]:
        """Objects that existed and did not change."""
        return self.vus - self.crees - self.touches


@dataclass
class Bilan:
    """Outcome of one import of one or several files.

    Attributes:
        encodages: {file: encoding it was read with}.
        sections_inconnues: lines passed over, by section.
        plus_recents: objects left alone because the database knows them from a later extraction.
        a_demander: établissements whose record differs from FINESS: the référent is asked.
    """

    etablissements: Compte = field(default_factory=Compte)
    entites_juridiques: Compte = field(default_factory=Compte)
    constats: list[Constat] = field(default_factory=list)
    encodages: dict[str, str] = field(default_factory=dict)
    sections_inconnues: Counter[str] = field(default_factory=Counter)
    plus_recents: set[str] = field(default_factory=set)
    a_demander: set[str] = field(default_factory=set)

    def rejets(self, section: str) -> int:
        """Lines of a section that were rejected."""
        return sum(c.section == section and c.gravite is Gravite.REJET for c in self.constats)

    def motifs(self, gravite: Gravite) -> list[tuple[str, int]]:
        """Reasons given at that gravity, the most frequent first."""
        return Counter(c.motif for c in self.constats if c.gravite is gravite).most_common()

    def ecrire(self, chemin: Path) -> None:
        """Write the findings."""
        ecrire_constats(self.constats, chemin)


@dataclass
class BilanActivites:
    """Outcome of one import of the activities.

    Attributes:
        autorisations: care authorisations kept.
        laissees: activities of the other natures, which no rule reads, by nature.
        plus_recents: établissements left alone because the database knows them from a later file.
    """

    etablissements: Compte = field(default_factory=Compte)
    autorisations: int = 0
    laissees: Counter[str] = field(default_factory=Counter)
    constats: list[Constat] = field(default_factory=list)
    plus_recents: set[str] = field(default_factory=set)

    def motifs(self, gravite: Gravite) -> list[tuple[str, int]]:
        """Reasons given at that gravity, the most frequent first."""
        return Counter(c.motif for c in self.constats if c.gravite is gravite).most_common()

    def ecrire(self, chemin: Path) -> None:
        """Write the findings."""
        ecrire_constats(self.constats, chemin)


def ecrire_constats(constats: Iterable[Constat], chemin: Path) -> None:
    """Write findings as CSV (UTF-8 with BOM, for spreadsheets), one a line."""
    colonnes = [f.name for f in fields(Constat)]
    with chemin.open("w", encoding="utf-8-sig", newline="") as flux:
        sortie = csv.writer(flux, delimiter=";")
        sortie.writerow(colonnes)
        sortie.writerows([getattr(c, nom) for nom in colonnes] for c in constats)
