"""Search in a code list: by the start of words in any order, by code, then with one typing mistake."""

from collections.abc import Iterable
from dataclasses import dataclass

from anyascii import anyascii

TEXTE_MAXIMUM = 80
LETTRES_POUR_UNE_FAUTE = 4
EXACT, DEBUT, MOTS, DEBUT_DE_CODE, FAUTE = range(5)


@dataclass(frozen=True)
class Entree:
    """One code in force, ready to be compared."""

    cle: str
    codes: frozenset[str]
    mots: tuple[str, ...]
    rang: int


@dataclass(frozen=True)
class Trouve:
    """One code found, and how well: a level, then whether a word typed is only the start of one of the label."""

    cle: str
    niveau: int
    partiel: bool
    mots: int
    rang: int


def sans_accent(texte: str) -> str:
    """Text as compared in searches: ASCII, lower case, one space between words."""
    return " ".join("".join(c if c.isalnum() else " " for c in anyascii(texte).lower()).split())


def entree(cle: str, code: str, libelle: str, rang: int) -> Entree:
    """A code as the search compares it."""
    return Entree(cle, frozenset({_serre(code), _serre(cle)}), tuple(sans_accent(libelle).split()), rang)


def chercher(entrees: Iterable[Entree], texte: str) -> list[Trouve]:
    """Codes found, best first.

    The very code or label, then the labels that start with the text, those with a word starting with each word typed,
    the codes that start with the text; if there is none, those that differ from it by one mistake. Within a level
    whole words come first, then short labels, then the order of the list.
    """
    cherche = sans_accent(texte[:TEXTE_MAXIMUM])
    if not cherche:
        return []
    entrees, mots = list(entrees), cherche.split()
    trouves = [t for e in entrees if (t := _exact(e, cherche, mots))] or _a_une_faute(entrees, mots)
    return sorted(trouves, key=lambda t: (t.niveau, t.partiel, t.mots, t.rang))


def _exact(e: Entree, cherche: str, mots: list[str]) -> Trouve | None:
    serre = cherche.replace(" ", "")
    if serre in e.codes or mots == list(e.mots):
        return _trouve(e, EXACT, partiel=False)
    if all(any(m.startswith(mot) for m in e.mots) for mot in mots):
        niveau = DEBUT if " ".join(e.mots).startswith(cherche) else MOTS
        return _trouve(e, niveau, partiel=not set(mots) <= set(e.mots))
    return _trouve(e, DEBUT_DE_CODE) if any(code.startswith(serre) for code in e.codes) else None


def _a_une_faute(entrees: list[Entree], mots: list[str]) -> list[Trouve]:
    """Codes of which all the words typed but one start a word, and that one nearly does."""
    connus = {m for e in entrees for m in e.mots}
    presque = {mot: {m for m in connus if presque_debut(mot, m)} for mot in mots}
    trouves: list[Trouve] = []
    for e in entrees:
        manques = [mot for mot in mots if not any(m.startswith(mot) for m in e.mots)]
        if len(manques) == 1 and not presque[manques[0]].isdisjoint(e.mots):
            trouves.append(_trouve(e, FAUTE))
    return trouves


def _trouve(e: Entree, niveau: int, *, partiel: bool = True) -> Trouve:
    return Trouve(e.cle, niveau, partiel, len(e.mots), e.rang)


def presque_debut(tape: str, mot: str) -> bool:
    """Whether a word starts with what was typed but for one letter: wrong, missing, added, or two exchanged."""
    if len(tape) < LETTRES_POUR_UNE_FAUTE:
        return False
    i = next((i for i, (a, b) in enumerate(zip(tape, mot, strict=False)) if a != b), min(len(tape), len(mot)))
    reste, suite = tape[i:], mot[i:]
    return (
        suite[1:].startswith(reste[1:])
        or suite.startswith(reste[1:])
        or suite[1:].startswith(reste)
        or (suite[:2] == reste[1::-1] and suite[2:].startswith(reste[2:]))
    )


def _serre(texte: str) -> str:
    return sans_accent(texte).replace(" ", "")
