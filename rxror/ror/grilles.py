"""The grid of a group: its usual rows, always on screen, each reduced to one number. A view over the rows, not a store.

A cell left empty is no row; 0 is a row. The other rows of the group are under it, in their own form.
"""

from collections.abc import Mapping
from typing import Any

from rxror.ror.champs import Groupe, champs_de

Ligne = Mapping[str, Any]


def rang_de_case(groupe: Groupe, ligne: Ligne) -> int | None:
    """Which cell of the grid a row may fill; None for the rows that stay below."""
    if groupe.figee_si and groupe.figee_si(ligne):
        return None
    cases = enumerate(groupe.grille)
    return next((rang for rang, case in cases if all(ligne.get(n) == v for n, v in case.ligne)), None)


def completer(groupe: Groupe, lignes: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """The rows as the form shows them: one per cell, empty or not, then the rows of other systems, then the rest.

    Returns:
        (rows, {key: label of its cell}).
    """
    par_case: dict[int, dict[str, Any]] = {}
    for ligne in lignes:
        rang = rang_de_case(groupe, ligne)
        if rang is not None:
            par_case.setdefault(rang, ligne)
    prises = {ligne["cle"] for ligne in lignes}
    cases = [par_case.get(rang) or _vide(groupe, rang, prises) for rang in range(len(groupe.grille))]
    tenues = {ligne["cle"] for ligne in cases}
    autres = [ligne for ligne in lignes if ligne["cle"] not in tenues]
    autres.sort(key=lambda ligne: not (groupe.figee_si and groupe.figee_si(ligne)))
    noms = {ligne["cle"]: case.label for ligne, case in zip(cases, groupe.grille, strict=True)}
    return [*cases, *autres], noms


def a_laisser(groupe: Groupe, ligne: Ligne, tenue: Ligne) -> bool:
    """Whether a row read from the form is an empty cell: never filled, or emptied.

    Args:
        tenue: the same row as it was kept, or {}.
    """
    rang = rang_de_case(groupe, ligne)
    if rang is None or ligne.get(groupe.nombre) is not None:
        return False
    if tenue:
        return tenue.get(groupe.nombre) is not None
    neuve = _vide(groupe, rang, set())
    return all(ligne.get(n) in (neuve.get(n), None, "") for n in champs_de(groupe.classe))


def _vide(groupe: Groupe, rang: int, prises: set[str]) -> dict[str, Any]:
    cle = f"g{rang}"
    while cle in prises:
        cle += "b"
    defauts = {n: c.defaut for n, c in champs_de(groupe.classe).items() if c.defaut is not None}
    return {"cle": cle, **defauts, **dict(groupe.grille[rang].ligne)}
