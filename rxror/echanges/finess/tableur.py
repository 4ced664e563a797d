"""Recognise a FINESS file that a spreadsheet opened and saved: it is refused whole, for its numbers are lost.

Source: such files are found in public repositories; SIRET as 2,601E+13, département 1 for 01, dates as 13/02/1979.
"""

import re
from collections.abc import Mapping

from rxror.ror.erreurs import ImportRefuse

CONSEIL = "Téléchargez de nouveau le fichier sur data.gouv.fr et importez-le sans l’ouvrir dans un tableur."

_SCIENTIFIQUE = re.compile(r"\d+(?:[.,]\d+)?E\+?\d+", re.IGNORECASE)
_DATE_FRANCAISE = re.compile(r"\d{1,2}/\d{1,2}/\d{2,4}")
_SANS_ZERO = {"nofinesset": 9, "nofinessej": 9, "nofiness": 9, "departement": 2, "commune": 3}
_DATES = ("dateouv", "dateautor", "datemaj", "datecrea")
_NUMEROS = ("nofinesset", "nofinessej", "nofiness", "siret", "siren")
_COORDONNEES = ("coordxet", "coordyet")


def refuser_si_abime(fichier: str, numero: int, champs: Mapping[str, str]) -> None:
    """Check one line.

    Raises:
        ImportRefuse: a value bears the mark of a spreadsheet; the message says line, column, value, and what to do.
    """
    for colonne, valeur in champs.items():
        marque = _marque(colonne, valeur) if valeur else ""
        if marque:
            raise ImportRefuse(
                f"Fichier « {fichier} » refusé en entier, ligne {numero}, colonne « {colonne} » : "
                f"« {valeur} » est {marque}. Un tableur a sans doute réécrit ce fichier. {CONSEIL}"
            )


def _marque(colonne: str, valeur: str) -> str:
    if colonne in _NUMEROS and _SCIENTIFIQUE.fullmatch(valeur):
        return "un numéro arrondi, dont les derniers chiffres sont perdus"
    if colonne in _SANS_ZERO and valeur.isdigit() and len(valeur) < _SANS_ZERO[colonne]:
        return f"un code qui a perdu ses zéros de tête ({_SANS_ZERO[colonne]} caractères attendus)"
    if colonne in _DATES and _DATE_FRANCAISE.fullmatch(valeur):
        return "une date récrite (AAAA-MM-JJ attendu)"
    if colonne in _COORDONNEES and "," in valeur:
        return "une coordonnée à virgule (point décimal attendu)"
    return ""
