"""Rules of the zone d'intervention: a list of communes, wanted of those who go to people's homes."""

from collections.abc import Iterator

from rxror.ror.objets import OffreOperationnelle
from rxror.ror.objets.offre_operationnelle import VISITE_A_DOMICILE, had_ou_service_a_domicile
from rxror.ror.regles import formats
from rxror.ror.regles.declaration import DE_RXROR, Constat, Correction, Examen, Severite, regle
from rxror.ror.regles.valeurs import codes

BLOQUANTE, ALERTE = Severite.BLOQUANTE, Severite.ALERTE


@regle("COH-04", BLOQUANTE, OffreOperationnelle, source="RG_EXP_009")
def zone_de_communes(examen: Examen) -> Iterator[Constat]:
    """A zone d'intervention is made of communes; that they exist is checked when they are read."""
    for code in codes(examen.valeurs, "zone_intervention"):
        if not formats.code_insee(code):
            yield Constat("zone_intervention", sur=code)
            return


@regle("COH-20", ALERTE, OffreOperationnelle, source=DE_RXROR, manque=True, correction=Correction.AJOUTER)
def communes_desservies(examen: Examen) -> Iterator[Constat]:
    """Visits at home, HAD and services at home say which communes they serve."""
    visites = VISITE_A_DOMICILE in codes(examen.valeurs, "modalite_accueil")
    a_domicile = visites or had_ou_service_a_domicile(examen.contexte)
    if a_domicile and not examen.valeurs.get("zone_intervention") and examen.montre("zone_intervention"):
        yield Constat("zone_intervention")
