"""A block copied from a spreadsheet, over the grid « Capacités du site »: what it would change, all its bad cells.

A row per lieu, found by the name or the identifier of its first column, or else in the order of the grid. An empty cell
leaves what is there. Nothing is written here: the person sees what it would do, and agrees.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import StringIO

from rxror.ror import messages
from rxror.ror.capacites_du_site import Case, Sorte, lire, pas_ici
from rxror.ror.nomenclatures import sans_accent
from rxror.ror.saisie import Illisible
from rxror.ror.textes import montrable

LIGNES_AU_PLUS = 300


@dataclass(frozen=True)
class Cible:
    """A row of the grid, as it is shown; `cases` are its columns, in order."""

    identifiant: str
    nom: str
    cases: Sequence[Case]
    modifiable: bool = True


@dataclass(frozen=True)
class FauteDeCollage:
    """A cell of the block that goes nowhere; rows and columns are counted from 1, as in the block."""

    ligne: int
    colonne: int
    valeur: str
    raison: str


@dataclass
class Collage:
    """What a block changes, leaves: {(identifier of a lieu, rank of a column): text}; and what it cannot do."""

    changements: dict[tuple[str, int], str] = field(default_factory=dict)
    fautes: list[FauteDeCollage] = field(default_factory=list)
    inchangees: dict[tuple[str, int], str] = field(default_factory=dict)


def lire_collage(texte: str, grille: Sequence[Cible], depart: tuple[int, int] = (0, 0)) -> Collage:
    """Read a block, tab separated.

    Args:
        grille: the rows shown, in their order.
        depart: (row, column) of the grid where the block begins, when its rows have no name.
    """
    lignes = [(n, ligne) for n, ligne in enumerate(_lignes(texte), 1) if any(c.strip() for c in ligne)]
    if lignes and _est_un_entete(lignes[0][1]):
        lignes = lignes[1:]
    nommees = any(ligne[0].strip() and not _est_un_nombre(ligne[0]) for _, ligne in lignes)
    lu = Collage()
    vus: set[str] = set()
    for rang, (n, ligne) in enumerate(lignes):
        if nommees:
            cible, nombres = _nommee(grille, n, ligne[0], vus, lu), list(enumerate(ligne[1:], 2))
            colonne = 0
        else:
            cible, nombres = _a_son_rang(grille, depart[0] + rang, n, lu), list(enumerate(ligne, 1))
            colonne = depart[1]
        if cible is not None:
            for i, (c, brut) in enumerate(nombres, colonne):
                _une_case(cible, i, (n, c), brut.strip(), lu)
    return lu


def _lignes(texte: str) -> Iterator[list[str]]:
    propre = texte.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    lecteur = csv.reader(StringIO(propre), delimiter="\t")
    for rang, ligne in enumerate(lecteur):
        if rang >= LIGNES_AU_PLUS:
            return
        yield ligne or [""]


def _est_un_nombre(texte: str) -> bool:
    try:
        return lire(texte) is not None
    except Illisible:
        return any(c.isdigit() for c in texte) and not any(c.isalpha() for c in texte)


def _est_un_entete(ligne: Sequence[str]) -> bool:
    """A first row of words only, over at least one column of numbers: titles."""
    return len(ligne) > 1 and all(c.strip() and not any(x.isdigit() for x in c) for c in ligne[1:])


def _nommee(grille: Sequence[Cible], n: int, nom: str, vus: set[str], lu: Collage) -> Cible | None:
    cherche = _nu(nom)
    trouvees = [c for c in grille if cherche and cherche in (_nu(c.nom), _nu(c.identifiant))]
    if len(trouvees) == 1 and trouvees[0].identifiant not in vus:
        vus.add(trouvees[0].identifiant)
        return trouvees[0]
    raison = messages.lecture("introuvable")
    if trouvees:
        raison = messages.lecture("homonymes") if len(trouvees) > 1 else messages.lecture("deuxfois")
    lu.fautes.append(FauteDeCollage(n, 1, montrable(nom), raison))
    return None


def _a_son_rang(grille: Sequence[Cible], rang: int, n: int, lu: Collage) -> Cible | None:
    if rang < len(grille):
        return grille[rang]
    lu.fautes.append(FauteDeCollage(n, 1, "", messages.lecture("enbas")))
    return None


def _une_case(cible: Cible, rang: int, ou: tuple[int, int], brut: str, lu: Collage) -> None:
    if not brut:
        return
    if rang >= len(cible.cases):
        raison = messages.lecture("adroite", maximum=len(cible.cases))
        lu.fautes.append(FauteDeCollage(*ou, montrable(brut), raison))
        return
    case = cible.cases[rang]
    try:
        nombre = lire(brut)
    except Illisible as raison:
        lu.fautes.append(FauteDeCollage(*ou, montrable(brut), str(raison)))
        return
    if str(nombre) == case.texte:
        lu.inchangees[cible.identifiant, rang] = str(nombre)
    elif not cible.modifiable:
        lu.fautes.append(FauteDeCollage(*ou, montrable(brut), messages.lecture("consultation")))
    elif case.sorte is not Sorte.LIBRE:
        lu.fautes.append(FauteDeCollage(*ou, montrable(brut), pas_ici(case.sorte)))
    else:
        lu.changements[cible.identifiant, rang] = str(nombre)


def _nu(texte: str) -> str:
    return " ".join(sans_accent(texte).split())
