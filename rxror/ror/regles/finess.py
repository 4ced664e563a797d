"""Rules that hold the record of an établissement against what FINESS last said of it (`ror/finess.py`)."""

from collections.abc import Iterator

from rxror.ror import finess
from rxror.ror.dates import date_longue
from rxror.ror.objets import EntiteGeographique
from rxror.ror.regles.declaration import DE_RXROR, Constat, Examen, Severite, regle


@regle("FIN-01", Severite.ALERTE, EntiteGeographique, source=DE_RXROR)
def denomination(examen: Examen) -> Iterator[Constat]:
    """The name is that of FINESS."""
    yield from _point(examen, "FIN-01")


@regle("FIN-02", Severite.ALERTE, EntiteGeographique, source=DE_RXROR)
def adresse(examen: Examen) -> Iterator[Constat]:
    """The address is that of FINESS."""
    yield from _point(examen, "FIN-02")


@regle("FIN-03", Severite.ALERTE, EntiteGeographique, source="indicateurs de qualité du ROR, CO4")
def categorie(examen: Examen) -> Iterator[Constat]:
    """The category is that of FINESS."""
    yield from _point(examen, "FIN-03")


@regle("FIN-04", Severite.ALERTE, EntiteGeographique, source="indicateurs de qualité du ROR, EX2")
def etat(examen: Examen) -> Iterator[Constat]:
    """Open or closed as in FINESS."""
    yield from _point(examen, "FIN-04")


@regle("FIN-05", Severite.ALERTE, EntiteGeographique, source="indicateurs de qualité du ROR, ST2")
def entite_juridique(examen: Examen) -> Iterator[Constat]:
    """The entité juridique is that of FINESS."""
    yield from _point(examen, "FIN-05")


def _point(examen: Examen, identifiant: str) -> Iterator[Constat]:
    """One finding for the whole point, about what FINESS says: it is asked again when that changes, and only then."""
    registre = examen.registre
    if registre is None:
        return
    point, fiche = finess.points()[identifiant], {**registre.fiche, **examen.valeurs}
    if finess.differe(point, fiche, registre.valeurs):
        dits = [point.dire(valeurs) or "rien" for valeurs in (fiche, registre.valeurs)]
        details = {"fiche": dits[0], "finess": dits[1], "jour": date_longue(registre.jour)}
        chemin = finess.champs_du_point(point)[0]
        yield Constat(chemin, details, sur=finess.compares(point, registre.valeurs))
