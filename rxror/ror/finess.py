"""What FINESS says beside what the record says: where they differ, said in words. Pure functions.

Which fields have a counterpart, what is asked as a whole and what may be taken is in the declarations: `Champ.finess`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from rxror.ror.champs import Finess, PointFiness, champs_de
from rxror.ror.objets import EntiteGeographique
from rxror.ror.recherche import sans_accent

Valeurs = Mapping[str, Any]


@dataclass(frozen=True)
class Registre:
    """What FINESS last said of an établissement.

    Attributes:
        jour: day of its file.
        valeurs: {field: JSON value}; an entité juridique is its number. A field that it does not have is not compared.
        fiche: the same fields of the record that no declaration holds: entité juridique, label of the category.
    """

    jour: date
    valeurs: Valeurs
    fiche: Valeurs


@cache
def contreparties() -> dict[str, Finess]:
    """{column of an établissement: its counterpart}, those of the declarations and those that columns bear."""
    champs = champs_de(EntiteGeographique)
    siens = {nom: champ.finess for nom, champ in champs.items() if champ.finess}
    for nom, info in EntiteGeographique.model_fields.items():
        siens.update((nom, marque) for marque in info.metadata if isinstance(marque, Finess))
    return siens


@cache
def points() -> dict[str, PointFiness]:
    """{rule: what is asked as a whole}, by rule."""
    tous = {c.point.regle: c.point for c in contreparties().values()}
    return dict(sorted(tous.items()))


def champs_du_point(point: PointFiness, *, compares: bool = False) -> list[str]:
    """Its columns, in the order of the declarations; only those that are compared, if asked."""
    return [n for n, c in contreparties().items() if c.point is point and (c.compare or not compares)]


def compares(point: PointFiness, finess: Valeurs) -> dict[str, Any]:
    """What FINESS says of a point, {field: value}: what is asked again when it changes."""
    return {nom: finess[nom] for nom in champs_du_point(point, compares=True) if nom in finess}


def differe(point: PointFiness, fiche: Valeurs, finess: Valeurs) -> bool:
    """Whether the record and FINESS differ on a point; letters and digits count, not case nor accents."""
    return any(_net(fiche.get(nom)) != _net(valeur) for nom, valeur in compares(point, finess).items())


def differents(fiche: Valeurs, finess: Valeurs) -> list[PointFiness]:
    """The points on which they differ."""
    return [point for point in points().values() if differe(point, fiche, finess)]


def _net(valeur: Any) -> str:
    return " ".join(sans_accent(str(valeur or "")).split())
