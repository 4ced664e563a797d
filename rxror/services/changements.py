"""Before and after, field by field: the lines of « Valider », of a correction, of « Appliquer à d’autres offres »."""

from collections.abc import Mapping, Set
from typing import Any, NotRequired, TypedDict

from rxror.ror.lecture import Fait, Lecteur, Ligne, comparees, nue, une_ligne
from rxror.ror.typographie import fr

NE_S_APPLIQUE_PLUS = fr("Ne s’applique plus : retiré à la validation")
ZONE = "zone_intervention"


class Changement(TypedDict):
    """One line of the before / after table; `qui` says who prepared it and when, once colleagues did."""

    champ: str
    ou: str
    avant: list[Ligne]
    apres: list[Ligne]
    note: str
    qui: NotRequired[str]


def de_la_section(
    nouveaux: list[Fait], avants: list[Fait], ou: str, note: str, auteurs: Mapping[str, str] | None = None
) -> list[Changement]:
    """What changes in a section; a field that no longer applies says that it loses its value.

    Args:
        auteurs: {champ: who prepared it, and when}.
    """
    tenus = {f["champ"]: [nue(e) for e in f["lignes"]] for f in avants}
    changements = [_changement(f, tenus.get(f["champ"], []), ou, note, auteurs or {}) for f in nouveaux if f["modifie"]]
    poses = {f["champ"] for f in nouveaux}
    retires = [f for f in avants if f["champ"] not in poses and f["lignes"]]
    return changements + [
        Changement(champ=f["label"], ou=ou, avant=f["lignes"], apres=[], note=fr(NE_S_APPLIQUE_PLUS)) for f in retires
    ]


def _changement(fait: Fait, avant: list[Ligne], ou: str, note: str, auteurs: Mapping[str, str]) -> Changement:
    """One line of the table; of a list, only what leaves and what comes."""
    apres = [nue(e) for e in fait["lignes"]]
    partis = [e for e in avant if e not in apres]
    venus = [e for e in apres if e not in avant]
    ligne = Changement(
        champ=fait["label"], ou=ou, avant=comparees(partis, venus), apres=comparees(venus, partis), note=note
    )
    if qui := auteurs.get(fait["champ"]):
        ligne["qui"] = qui
    return ligne


def zone_a_part(
    lecteur: Lecteur, publiees: Mapping[str, Any], neuves: Mapping[str, Any], nouveaux: list[Fait], avants: list[Fait]
) -> None:
    """Of a zone, show the communes that leave and those that come: two zones may read the same and differ."""
    avant, apres = (set(v.get(ZONE) or []) for v in (publiees, neuves))
    for faits, codes in ((avants, avant - apres), (nouveaux, apres - avant)):
        for fait in faits:
            if fait["champ"] == ZONE and avant != apres:
                fait["lignes"], fait["modifie"] = lecteur.zone(sorted(codes)), True


def de_la_liste(champ: str, ou: str, avant: Set[str], apres: Set[str], noms: Mapping[str, str]) -> Changement | None:
    """What leaves a list of keys and what comes, by their names; None when nothing does."""
    if avant == apres:
        return None
    partis, venus = (
        [une_ligne(noms.get(cle) or cle) for cle in sorted(cles)] for cles in (avant - apres, apres - avant)
    )
    return Changement(champ=champ, ou=ou, avant=partis, apres=venus, note="")
