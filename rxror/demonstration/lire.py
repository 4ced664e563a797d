"""Read the demonstration content: one CSV per kind of object, in `contenu/`, with `;` between columns.

Several codes in one cell are separated by spaces. Four cells have a notation of their own:
ages `15a-120a` (units of J37), activités `287=TRE_R265:005` (activité, then family), horaires
`04 1-5 08:30-17:00` (type J41, from weekday to weekday, hours), jours: age in days of the last validation.
"""

import csv
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

CONTENU = Path(__file__).resolve().parent / "contenu"
FICHIERS = (
    "structures", "lieux", "capacites", "equipements", "habitations", "offres", "contacts", "personnes", "fiches",
)  # fmt: skip
HEURE_DE_VALIDATION = time(9, 30, tzinfo=UTC)

Ligne = dict[str, str]


@dataclass(frozen=True)
class Contenu:
    """All lines, {file: [line]}, and the fingerprint of what the files hold."""

    fichiers: dict[str, list[Ligne]]
    empreinte: str

    def lignes(self, fichier: str) -> list[Ligne]:
        """Lines of one file, in its order."""
        return self.fichiers[fichier]

    def par(self, fichier: str, colonne: str) -> dict[str, list[Ligne]]:
        """Lines of one file by the value of a column."""
        groupes: dict[str, list[Ligne]] = {}
        for ligne in self.fichiers[fichier]:
            groupes.setdefault(ligne[colonne], []).append(ligne)
        return groupes


def lire(dossier: Path = CONTENU) -> Contenu:
    """Read every file of the content."""
    fichiers: dict[str, list[Ligne]] = {}
    somme = hashlib.sha256()
    for nom in FICHIERS:
        octets = (dossier / f"{nom}.csv").read_bytes()
        somme.update(octets)
        fichiers[nom] = list(csv.DictReader(octets.decode().splitlines(), delimiter=";"))
    return Contenu(fichiers, somme.hexdigest())


def age(texte: str) -> tuple[int, str]:
    """Number and unit of an age, e.g. "15a"."""
    lu = re.fullmatch(r"(\d+)(a|mo|wk|d)", texte)
    if lu is None:
        raise ValueError(f"âge illisible dans le contenu de démonstration : {texte!r}")
    return int(lu[1]), lu[2]


def activites(texte: str) -> Iterator[tuple[str, str]]:
    """Each activité with its family, "" when there is none."""
    for element in texte.split():
        activite, _, famille = element.partition("=")
        yield activite, famille


def horaires(texte: str) -> Iterator[tuple[str, int, str, str]]:
    """Each day open: type, weekday (1 is Monday), from, to."""
    if not texte:
        return
    type_horaire, jours, heures = texte.split()
    premier, dernier = (int(j) for j in jours.split("-"))
    debut, fin = heures.split("-")
    for jour in range(premier, dernier + 1):
        yield type_horaire, jour, debut, fin


def instant(aujourd_hui: date, jours: str) -> datetime:
    """When it was, that many days before today."""
    return datetime.combine(aujourd_hui - timedelta(days=int(jours)), HEURE_DE_VALIDATION)
