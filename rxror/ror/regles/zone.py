"""Rules of the zone d'intervention: a list of communes, wanted of those who go to people's homes."""

from collections.abc import Iterator

from rxror.ror.objets import OffreOperationnelle
from rxror.ror.objets.offre_operationnelle import HAD, MEDICO_SOCIAL, TYPE_OFFRE_EXIGE
from rxror.ror.regles import formats
from rxror.ror.regles.declaration import DE_RXROR, Constat, Correction, Examen, Severite, regle
from rxror.ror.regles.valeurs import codes

BLOQUANTE, ALERTE = Severite.BLOQUANTE, Severite.ALERTE
VISITE_A_DOMICILE = "05"


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
    contexte = examen.contexte
    service = contexte.champ_activite == MEDICO_SOCIAL and contexte.categorie in TYPE_OFFRE_EXIGE
    had = examen.valeurs.get("mode_prise_en_charge") == HAD
    a_domicile = VISITE_A_DOMICILE in codes(examen.valeurs, "modalite_accueil") or service or had
    if a_domicile and not examen.valeurs.get("zone_intervention") and examen.montre("zone_intervention"):
        yield Constat("zone_intervention")
