"""Lines of capacity: which may be edited here, and what they add up to."""

from collections.abc import Iterator, Mapping
from typing import Any

from rxror.ror.champs import groupes_de
from rxror.ror.objets import LieuRealisationOffre
from rxror.ror.objets.lieu import COURANT
from rxror.ror.regles.valeurs import avec_chemin, lignes

CAPACITES = "capacite_accueil_operationnelle"


def lignes_editables(lieu: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """(start of the path, line) of the lines that no other system feeds."""
    figee = groupes_de(LieuRealisationOffre)[CAPACITES].figee_si
    for prefixe, ligne in avec_chemin(lieu, CAPACITES):
        if not (figee and figee(ligne)):
            yield prefixe, ligne


def total(lieu: Mapping[str, Any], statut: str, nature: str = "") -> int | None:
    """Sum of the present lines of a statut, and of a nature when given; None when there is none."""
    nombres = [
        ligne["nombre_capacite"]
        for ligne in lignes(lieu, CAPACITES)
        if ligne.get("statut_capacite") == statut
        and ligne.get("temporalite_capacite") == COURANT
        and nature in ("", ligne.get("nature_capacite"))
        and ligne.get("nombre_capacite") is not None
    ]
    return sum(nombres) if nombres else None
