"""The matrix of the rights, as the tables of ARCHITECTURE.md that `rxror documentation` writes."""

import re
from collections.abc import Iterator

from rxror.ror.objets import OBJETS
from rxror.services.droits import (
    ACCORDE,
    NOMS_DES_GESTES,
    NOMS_DES_PORTEES,
    NOMS_DES_ROLES,
    PORTEES,
    PREPARENT,
    Geste,
    gestes_de,
)
from rxror.tables import Portee, Role

DEBUT, FIN = "<!-- rights: written by `make docs` from rxror/services/droits.py -->", "<!-- /rights -->"
LETTRES = {"etablissement": "E", "structure": "S", "offre": "O", "lieu": "L"}
RIEN = "–"
LEGENDE = (
    "What a role may do to an **E**tablissement, a **S**tructure (pôle, service, UF), an **O**ffre, a **L**ieu that\n"
    "its right covers; a dash: to none of them. A right on one structure covers it, what is below,\n"
    "and lieux that serve no offer yet; of the rest of\n"
    "its établissement it lets one read."
)
DONNES = "On what a role may be given, and by whom: on what their own right covers, never to themselves."


def colonnes() -> list[tuple[Role, bool]]:
    """The columns: each role, and once more where validation is separate for those that it changes."""
    return [(role, separee) for role in Role for separee in (False, True) if not separee or role in PREPARENT]


def cellule(geste: Geste, role: Role, *, separee: bool) -> str:
    """The letters of the kinds of objects to which that role may do that."""
    lettres = [LETTRES[g] for g in LETTRES if geste in gestes_de(role, OBJETS[g], separee=separee)]
    return " ".join(lettres) or RIEN


def tableaux() -> str:
    """The two tables, in Markdown, between their marks."""
    return "\n".join([DEBUT, LEGENDE, "", *_gestes(), "", DONNES, "", *_portees(), FIN])


def dans(page: str) -> str:
    """A page with its tables written anew.

    Raises:
        ValueError: the page has no marks.
    """
    neuve, combien = re.subn(f"{re.escape(DEBUT)}.*{re.escape(FIN)}", lambda _: tableaux(), page, flags=re.DOTALL)
    if combien != 1:
        raise ValueError(DEBUT)
    return neuve


def _gestes() -> Iterator[str]:
    titres = [NOMS_DES_ROLES[role] + (", validation séparée" if separee else "") for role, separee in colonnes()]
    yield _ligne("Gesture", *titres)
    yield _ligne(*["---"] * (1 + len(titres)))
    for geste in Geste:
        yield _ligne(NOMS_DES_GESTES[geste], *(cellule(geste, role, separee=s) for role, s in colonnes()))


def _portees() -> Iterator[str]:
    yield _ligne("Role", *NOMS_DES_PORTEES.values(), "Given by")
    yield _ligne(*["---"] * (2 + len(Portee)))
    for role in Role:
        donneurs = [NOMS_DES_ROLES[qui] for qui, donne in ACCORDE.items() if role in donne]
        yield _ligne(
            NOMS_DES_ROLES[role], *("yes" if p in PORTEES[role] else RIEN for p in Portee), ", ".join(donneurs) or RIEN
        )


def _ligne(*cellules: str) -> str:
    return f"| {' | '.join(cellules)} |"
