"""Rules of the zone d'intervention: a list of communes, wanted of those who go to people's homes."""

from collections.abc import Iterator

from rxror.ror.objets import OffreOperationnelle
from rxror.ror.regles import formats
from rxror.ror.regles.declaration import Constat, Examen, Severite, regle
from rxror.ror.regles.valeurs import lignes

BLOQUANTE, ALERTE = Severite.BLOQUANTE, Severite.ALERTE
COMMUNE = "3"


@regle("COH-04", BLOQUANTE, OffreOperationnelle, source="RG_EXP_009")
def zone_de_communes(examen: Examen) -> Iterator[Constat]:
    """A zone d'intervention is made of communes."""
    for ligne in lignes(examen.valeurs, "zone_intervention"):
        if isinstance(ligne, str):
            if not formats.code_insee(ligne):
                yield Constat("zone_intervention", sur=ligne)
        elif ligne.get("type_territorial_division") != COMMUNE or not ligne.get("code_territorial_division"):
            yield Constat(f"zone_intervention.{ligne['cle']}.code_territorial_division")
