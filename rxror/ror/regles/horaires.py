"""Rules of opening hours: a day or a period, hours in order, no overlap; what a zone of intervention is made of."""

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

from rxror.ror.objets import OffreOperationnelle
from rxror.ror.regles.declaration import DE_RXROR, Constat, Examen, Severite, regle
from rxror.ror.regles.valeurs import avec_chemin, jour, lignes

BLOQUANTE, ALERTE, INFORMATION = Severite.BLOQUANTE, Severite.ALERTE, Severite.INFORMATION
TOUJOURS = ("0001-01-01", "9999-12-31")


def _a_une_periode(ligne: Mapping[str, Any]) -> bool:
    return bool(ligne.get("debut_date_effective") and ligne.get("fin_date_effective"))


@regle("COH-11", BLOQUANTE, OffreOperationnelle, source="RG_EXP_014")
def jour_ou_periode(examen: Examen) -> Iterator[Constat]:
    """An opening time has a weekday, or a period with its two ends."""
    for prefixe, ligne in avec_chemin(examen.valeurs, "horaire"):
        if not ligne.get("jour_semaine") and not _a_une_periode(ligne):
            yield Constat(prefixe + "jour_semaine")


@regle("COH-12", INFORMATION, OffreOperationnelle, source="RG_EXP_017, RG_EXP_018")
def periodes_passees(examen: Examen) -> Iterator[Constat]:
    """A period that is over is not broadcast any more; it may go."""
    for prefixe, ligne in avec_chemin(examen.valeurs, "horaire"):
        fin = jour(ligne.get("fin_date_effective"))
        if fin and fin < examen.jour:
            yield Constat(prefixe + "fin_date_effective")


@regle("COH-13", INFORMATION, OffreOperationnelle, source="RG_EXP_015, RG_EXP_016")
def chaque_semaine(examen: Examen) -> Iterator[Constat]:
    """Hours of a weekday without a period repeat each week: said once for all of them."""
    for prefixe, ligne in avec_chemin(examen.valeurs, "horaire"):
        if ligne.get("jour_semaine") and not (ligne.get("debut_date_effective") or ligne.get("fin_date_effective")):
            yield Constat(prefixe + "jour_semaine")
            return


@regle("COH-14", ALERTE, OffreOperationnelle, source=DE_RXROR)
def ordre_des_heures(examen: Examen) -> Iterator[Constat]:
    """An opening time ends after it starts, 24:00 at the latest: a night is split at midnight."""
    for prefixe, ligne in avec_chemin(examen.valeurs, "horaire"):
        debut, fin = ligne.get("heure_debut"), ligne.get("heure_fin")
        if debut and fin and fin <= debut:
            yield Constat(prefixe + "heure_fin", sur=(debut, fin))


@regle("COH-14-CHEVAUCHEMENT", ALERTE, OffreOperationnelle, source=DE_RXROR)
def chevauchements(examen: Examen) -> Iterator[Constat]:
    """Two opening times of one day, one type and a common period do not overlap."""
    pleines = [ligne for ligne in lignes(examen.valeurs, "horaire") if _creneau(ligne)]
    dites: set[str] = set()
    for une, autre in combinations(pleines, 2):
        if autre["cle"] not in dites and _se_chevauchent(une, autre):
            dites.add(autre["cle"])
            yield Constat(f"horaire.{autre['cle']}.heure_debut", sur=(_creneau(une), _creneau(autre)))


def _creneau(ligne: Mapping[str, Any]) -> tuple[Any, ...]:
    """(day, type, start, end) of a well-ordered opening time; empty for another."""
    debut, fin = ligne.get("heure_debut"), ligne.get("heure_fin")
    return (ligne.get("jour_semaine"), ligne.get("type_horaire"), debut, fin) if debut and fin and debut < fin else ()


def _se_chevauchent(une: Mapping[str, Any], autre: Mapping[str, Any]) -> bool:
    (*sorte, debut, fin), (*autre_sorte, autre_debut, autre_fin) = _creneau(une), _creneau(autre)
    (du, au), (autre_du, autre_au) = _periode(une), _periode(autre)
    return sorte == autre_sorte and debut < autre_fin and autre_debut < fin and du <= autre_au and autre_du <= au


def _periode(ligne: Mapping[str, Any]) -> tuple[str, str]:
    return ligne.get("debut_date_effective") or TOUJOURS[0], ligne.get("fin_date_effective") or TOUJOURS[1]
