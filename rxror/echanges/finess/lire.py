"""Read the CSV files of the « etalab » family, one line at a time.

Source: DREES, files cs1100501 (structureej), cs1100502 and cs1100507 (structureet, geolocalisation). One header line
`finess;etalab;<flow>;<AAAA-MM-JJ>`, then lines without column names, each starting with its section.
"""

import codecs
import csv
import logging
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import BinaryIO

from rxror.echanges.finess.tableur import CONSEIL, refuser_si_abime
from rxror.ror.erreurs import ImportRefuse

logger = logging.getLogger(__name__)

ETABLISSEMENT, LOCALISATION, ENTITE_JURIDIQUE = "structureet", "geolocalisation", "structureej"
COLONNES = {
    ETABLISSEMENT: [
        "section",
        "nofinesset",
        "nofinessej",
        "rs",
        "rslongue",
        "complrs",
        "compldistrib",
        "numvoie",
        "typvoie",
        "voie",
        "compvoie",
        "lieuditbp",
        "commune",
        "departement",
        "libdepartement",
        "ligneacheminement",
        "telephone",
        "telecopie",
        "categetab",
        "libcategetab",
        "categagretab",
        "libcategagretab",
        "siret",
        "codeape",
        "codemft",
        "libmft",
        "codesph",
        "libsph",
        "dateouv",
        "dateautor",
        "datemaj",
        "numuai",
    ],
    LOCALISATION: ["section", "nofinesset", "coordxet", "coordyet", "sourcecoordet", "datemaj"],
    ENTITE_JURIDIQUE: [
        "section",
        "nofiness",
        "rs",
        "rslongue",
        "complrs",
        "numvoie",
        "typvoie",
        "voie",
        "compvoie",
        "compldistrib",
        "lieuditbp",
        "commune",
        "ligneacheminement",
        "departement",
        "libdepartement",
        "telephone",
        "statutjuridique",
        "libstatutjuridique",
        "categetab",
        "libcategetab",
        "siren",
        "codeape",
        "datecrea",
    ],
}
BLOC = 1 << 16

_EN_TETE = re.compile(r"finess;etalab;[^;]*;(\d{4}-\d\d-\d\d)")


@dataclass(frozen=True, slots=True)
class Ligne:
    """One line whose section is known. `motif` says why its fields could not be named; then `champs` is empty."""

    numero: int
    section: str
    champs: dict[str, str]
    motif: str = ""


@dataclass
class FichierFiness:
    """A file whose header was read. `inconnues` counts the lines of other sections, as they go by."""

    chemin: Path
    encodage: str
    extraction: date
    inconnues: Counter[str] = field(default_factory=Counter)


def ouvrir(chemin: Path) -> FichierFiness:
    """Read the header of a file and find its encoding: UTF-8 if all of it is, else ISO-8859-15.

    Raises:
        ImportRefuse: no such file, empty file, or not a file of this family.
    """
    try:
        encodage = _encodage(chemin)
        with chemin.open(encoding=encodage, newline="") as flux:
            premiere = flux.readline(BLOC).rstrip("\r\n")
    except OSError as erreur:
        raise ImportRefuse(
            f"Le fichier {chemin} est introuvable ou illisible. Vérifiez son chemin et vos droits."
        ) from erreur
    logger.info("%s: read as %s", chemin.name, encodage)
    if premiere.partition(";")[0] in COLONNES:
        _lire(FichierFiness(chemin, encodage, date.min), 1, premiere)  # names the damaged value, if there is one
    if not premiere:
        raise ImportRefuse(f"Le fichier « {chemin.name} » est vide, ou commence par une ligne vide. {CONSEIL}")
    en_tete = _EN_TETE.fullmatch(premiere)
    if not en_tete:
        raise ImportRefuse(
            f"Fichier « {chemin.name} » refusé en entier, ligne 1 : « finess;etalab;numéro;AAAA-MM-JJ » attendu, "
            f"« {premiere[:60]} » lu. Ce n’est pas un fichier FINESS, ou un tableur l’a réécrit. {CONSEIL}"
        )
    try:
        extraction = date.fromisoformat(en_tete[1])
    except ValueError as erreur:
        raise ImportRefuse(
            f"Fichier « {chemin.name} » refusé : sa date d’extraction {en_tete[1]} n’existe pas. {CONSEIL}"
        ) from erreur
    return FichierFiness(chemin, encodage, extraction)


def lignes(fichier: FichierFiness, avancement: Callable[[int], None] = lambda octets: None) -> Iterator[Ligne]:
    """Lines of the known sections, values stripped and single-spaced.

    Each line is parsed on its own, so that a stray quote spoils that line and no other.

    Args:
        avancement: told now and then how many more bytes were read.

    Raises:
        ImportRefuse: a value bears the mark of a spreadsheet.
    """
    with fichier.chemin.open("rb") as flux:
        for numero, texte in enumerate(_textes(flux, fichier.encodage, avancement), start=1):
            if numero > 1 and texte:
                ligne = _lire(fichier, numero, texte)
                if ligne:
                    yield ligne


def _lire(fichier: FichierFiness, numero: int, texte: str) -> Ligne | None:
    section = texte.partition(";")[0]
    colonnes = COLONNES.get(section)
    if colonnes is None:
        fichier.inconnues[section[:40]] += 1
        return None
    try:
        valeurs = next(csv.reader([texte], delimiter=";"))
    except csv.Error:
        return Ligne(numero, section, {}, "ligne illisible")
    if len(valeurs) != len(colonnes):
        return Ligne(numero, section, {}, f"{len(valeurs)} champs au lieu de {len(colonnes)}")
    champs = {c: " ".join(v.split()) for c, v in zip(colonnes, valeurs, strict=True)}
    refuser_si_abime(fichier.chemin.name, numero, champs)
    return Ligne(numero, section, champs)


def _textes(flux: BinaryIO, encodage: str, avancement: Callable[[int], None]) -> Iterator[str]:
    lus = 0
    for brute in flux:
        lus += len(brute)
        if lus >= BLOC:
            avancement(lus)
            lus = 0
        yield brute.decode(encodage).rstrip("\r\n")
    avancement(lus)


def _encodage(chemin: Path) -> str:
    decodeur = codecs.getincrementaldecoder("utf-8")()
    with chemin.open("rb") as flux:
        try:
            while bloc := flux.read(BLOC):
                decodeur.decode(bloc)
            decodeur.decode(b"", final=True)
        except UnicodeDecodeError:
            return "iso-8859-15"
    return "utf-8-sig"
