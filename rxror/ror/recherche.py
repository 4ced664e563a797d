"""Search in a code list: by the start of words in any order, by code, then with one typing mistake."""

from bisect import bisect_left
from dataclasses import dataclass, field

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


@dataclass
class Index:
    """The codes in force of one list, by the words of their labels."""

    entrees: list[Entree]
    ou: dict[str, set[int]] = field(default_factory=dict)
    mots: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Note which words are where, in alphabetical order."""
        for i, e in enumerate(self.entrees):
            for mot in e.mots:
                self.ou.setdefault(mot, set()).add(i)
        self.mots = sorted(self.ou)

    def commencant(self, debut: str) -> set[int]:
        """Places of the labels with a word that starts so."""
        places: set[int] = set()
        for mot in self.mots[bisect_left(self.mots, debut) :]:
            if not mot.startswith(debut):
                break
            places |= self.ou[mot]
        return places

    def presque(self, tape: str) -> set[int]:
        """Places of the labels with a word that nearly starts so."""
        return {i for mot in self.mots if presque_debut(tape, mot) for i in self.ou[mot]}


def chercher(index: Index, texte: str) -> list[Trouve]:
    """Codes found, best first.

    The very code or label, then the labels that start with the text, those with a word starting with each word typed,
    the codes that start with the text; if there is none, those that differ from it by one mistake. Within a level
    whole words come first, then short labels, then the order of the list.
    """
    cherche = sans_accent(texte[:TEXTE_MAXIMUM])
    if not cherche:
        return []
    mots = cherche.split()
    trouves = _exacts(index, cherche, mots) or _a_une_faute(index, mots)
    return sorted(trouves, key=lambda t: (t.niveau, t.partiel, t.mots, t.rang))


def _exacts(index: Index, cherche: str, mots: list[str]) -> list[Trouve]:
    par_mots = set.intersection(*(index.commencant(mot) for mot in mots))
    serre, trouves = cherche.replace(" ", ""), []
    for i, e in enumerate(index.entrees):
        if serre in e.codes or mots == list(e.mots):
            trouves.append(_trouve(e, EXACT, partiel=False))
        elif i in par_mots:
            niveau = DEBUT if " ".join(e.mots).startswith(cherche) else MOTS
            trouves.append(_trouve(e, niveau, partiel=not set(mots) <= set(e.mots)))
        elif any(code.startswith(serre) for code in e.codes):
            trouves.append(_trouve(e, DEBUT_DE_CODE))
    return trouves


def _a_une_faute(index: Index, mots: list[str]) -> list[Trouve]:
    """Codes of which all the words typed but one start a word, and that one nearly does."""
    exacts = [index.commencant(mot) for mot in mots]
    places: set[int] = set()
    for rang, mot in enumerate(mots):
        autres = [e for i, e in enumerate(exacts) if i != rang]
        if len(mot) >= LETTRES_POUR_UNE_FAUTE and all(autres):
            places |= index.presque(mot).intersection(*autres)
    return [_trouve(index.entrees[i], FAUTE) for i in places]


def _trouve(e: Entree, niveau: int, *, partiel: bool = True) -> Trouve:
    return Trouve(e.cle, niveau, partiel, len(e.mots), e.rang)


def presque_debut(tape: str, mot: str) -> bool:
    """Whether a word starts with what was typed but for one letter: wrong, missing, added, or two exchanged."""
    if len(tape) < LETTRES_POUR_UNE_FAUTE or (tape[0] != mot[0] and not {tape[0], tape[1]} & {*mot[:2]}):
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
