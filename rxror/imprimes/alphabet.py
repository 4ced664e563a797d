"""The letters that the embedded font draws: a document that is to be read for years holds no empty square."""

import unicodedata
from collections.abc import Mapping
from typing import Any

from anyascii import anyascii

# Latin, Greek, Cyrillic, punctuation, currencies, arrows: a test draws each of them.
PLAGES = (
    (0x20, 0x7E),
    (0xA0, 0xAC),
    (0xAE, 0x2FF),
    (0x370, 0x377),
    (0x37A, 0x37F),
    (0x384, 0x38A),
    (0x38C, 0x38C),
    (0x38E, 0x3A1),
    (0x3A3, 0x482),
    (0x48A, 0x4FF),
    (0x1E00, 0x1EFF),
    (0x2010, 0x2027),
    (0x202F, 0x2040),
    (0x20A0, 0x20C0),
    (0x2122, 0x2122),
    (0x2190, 0x2193),
    (0x2212, 0x2212),
    (0x2260, 0x2265),
)
CONNUES = frozenset(code for debut, fin in PLAGES for code in range(debut, fin + 1))
MUETTES = ("Mn", "Mc", "Me", "Cf", "Cs")  # marks without their letter, signs that draw nothing
ABSENTE = "?"


def imprimable(valeur: Any) -> Any:
    """A JSON value whose texts are drawn with these letters only: « 中 » is said « Zhong », a line break is a space."""
    if isinstance(valeur, str):
        return "".join(map(_lettre, unicodedata.normalize("NFC", valeur)))
    if isinstance(valeur, Mapping):
        return {cle: imprimable(v) for cle, v in valeur.items()}
    return [imprimable(v) for v in valeur] if isinstance(valeur, list | tuple) else valeur


def _lettre(lettre: str) -> str:
    if ord(lettre) in CONNUES:
        return lettre
    genre = unicodedata.category(lettre)
    if genre in MUETTES:
        return ""
    return " " if genre in ("Cc", "Zl", "Zp", "Zs") else anyascii(lettre) or ABSENTE
