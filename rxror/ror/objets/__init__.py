"""The classes of the ROR model, one module each. `OBJETS` lists those that have a page of their own."""

from rxror.ror.objets.commun import (
    Adresse,
    BoiteLettreMSS,
    Contact,
    DivisionTerritoriale,
    Horaire,
    Metadonnee,
    Telecommunication,
)
from rxror.ror.objets.entite_geographique import EntiteGeographique, Tarif
from rxror.ror.objets.entite_juridique import EntiteJuridique
from rxror.ror.objets.lieu import (
    CapaciteAccueilOperationnelle,
    CapaciteHabitation,
    EquipementSpecifique,
    LieuRealisationOffre,
    LimiteCaracteristiqueEquipement,
)
from rxror.ror.objets.offre_operationnelle import (
    ActiviteOperationnelle,
    CanalTeleexpertise,
    LienTeleconsultation,
    OffreLieu,
    OffreOperationnelle,
    Patientele,
    SituationOperationnelle,
)
from rxror.ror.objets.organisation_interne import OrganisationInterne

OBJETS = {
    classe.GENRE: classe
    for classe in (EntiteJuridique, EntiteGeographique, OrganisationInterne, OffreOperationnelle, LieuRealisationOffre)
}

__all__ = [
    "OBJETS",
    "ActiviteOperationnelle",
    "Adresse",
    "BoiteLettreMSS",
    "CanalTeleexpertise",
    "CapaciteAccueilOperationnelle",
    "CapaciteHabitation",
    "Contact",
    "DivisionTerritoriale",
    "EntiteGeographique",
    "EntiteJuridique",
    "EquipementSpecifique",
    "Horaire",
    "LienTeleconsultation",
    "LieuRealisationOffre",
    "LimiteCaracteristiqueEquipement",
    "Metadonnee",
    "OffreLieu",
    "OffreOperationnelle",
    "OrganisationInterne",
    "Patientele",
    "SituationOperationnelle",
    "Tarif",
    "Telecommunication",
]
