"""A position written as one text: « 43.925997, 2.142955 » in the field of the latitude gives both coordinates."""

import re
from collections.abc import Mapping

from rxror.ror.champs import Champ, TypeChamp

_NOMBRE = r"(-?[0-9]{1,3}(?:[.,][0-9]+)?)"
_POINTS = re.compile(r"(-?[0-9]{1,3}\.[0-9]+)\s*[,;/\s]\s*(-?[0-9]{1,3}\.[0-9]+)")
_VIRGULES = re.compile(rf"{_NOMBRE}(?:\s*[;/]\s*|,?\s+){_NOMBRE}")


def couple(texte: str) -> tuple[str, str] | None:
    """The two numbers of a position, as written; None when the text is not one."""
    if len(texte) > 60:
        return None
    lu = _POINTS.fullmatch(texte.strip()) or _VIRGULES.fullmatch(texte.strip())
    if lu is None or not re.search(r"[.,]", lu[1] + lu[2]):
        return None  # « 43 925 » is one number, or a mistake: never two whole degrees
    return lu[1], lu[2]


def separer(champs: Mapping[str, Champ], saisie: Mapping[str, str]) -> Mapping[str, str]:
    """The form with the positions typed in one field shared between its two fields, if the second is empty."""
    separee: dict[str, str] = {}
    for nom, champ in champs.items():
        second = champs.get(champ.avec)
        if champ.type is not TypeChamp.DECIMAL or second is None or second.type is not TypeChamp.DECIMAL:
            continue
        lu = couple(saisie.get(nom, ""))
        if lu and saisie.get(champ.avec, "").strip() in ("", lu[1]):
            separee |= {nom: lu[0], champ.avec: lu[1]}
    return {**saisie, **separee} if separee else saisie
