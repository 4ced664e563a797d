"""Objects that break no rule, to be spoiled one value at a time, and what one rule says of them."""

from collections.abc import Mapping
from copy import deepcopy
from datetime import date
from typing import Any

from sqlmodel import SQLModel

from rxror.ror.champs import Contexte, Modele
from rxror.ror.controles import Anomalie, controler
from rxror.ror.nomenclatures import Catalogue, Concept
from rxror.ror.objets import EntiteGeographique, LieuRealisationOffre, OffreOperationnelle, OrganisationInterne
from rxror.ror.regles import CommuneConnue, Examen

AUJOURD_HUI = date(2026, 11, 23)
CODES = {
    "J17": "022",
    "J18": "005",
    "J19": "28 31 49",
    "J20": "01 03 04",
    "J26": "01",
    "J27": "01",
    "J29": "07",
    "J30": "01 02",
    "J32": "01 02",
    "J36": "01 02 03 04 05",
    "J37": "a mo wk d h s",
    "J41": "01 04",
    "J51": "TRE_R266:01",
    "J187": "01 02",
    "J188": "01 02 03 04 05",
    "J189": "01 02",
    "J193": "01 02",
    "J195": "01",
    "J198": "001 005",
    "J205": "1 2",
    "J206": "01",
    "J220": "22",
    "J221": "07 09 15",
    "J222": "1 2 3",
    "J223": "2 3 4",
    "J224": "1 2 3",
    "J225": "1 2 3 4 5 6 7 8 9 MSSANTE",
    "J226": "03 04 05 10 11",
    "J238": "157 158",
}
CATALOGUE = Catalogue(
    [Concept(jdv=j, cle=c, code=c, libelle=f"Libellé {c}") for j, codes in CODES.items() for c in codes.split()]
    + [Concept(jdv="J226", cle="12", code="12", libelle="Téléexpertise en plus de 7 jours", statut="deprecated")]
    + [Concept(jdv="J220", cle="14", code="14", libelle="Référent CLIN", statut="deprecated")]
    + [Concept(jdv="J18", cle="225", code="225", libelle="Chambre adaptée OBÉSITÉ - bariatrique")]
)
COMMUNES = {
    "81004": CommuneConnue("Albi", frozenset({"81000"}), (43.92, 2.14)),
    "2A004": CommuneConnue("Ajaccio", frozenset({"20000", "20090"})),
    "97411": CommuneConnue("Saint-Denis", frozenset({"97400"})),
}
CAPACITE = {
    "cle": "1",
    "nature_capacite": "01",
    "statut_capacite": "01",
    "temporalite_capacite": "01",
    "nombre_capacite": 12,
    "type_source_capacite": "01",
}
LIEU: dict[str, Any] = {
    "identifiant": "L1",
    "nom": "2e étage",
    "fonction_lieu": "001",
    "statut": "3",
    "numero_voie": "22",
    "type_voie": "BD",
    "libelle_voie": "SIBILLE",
    "localite": "ALBI",
    "code_postal": "81000",
    "commune_cog": "81004",
    "latitude": None,
    "longitude": None,
    "capacite_accueil_operationnelle": [CAPACITE],
    "equipement_specifique": [],
}
MOYEN = {"cle": "8", "canal": "2", "adresse_telecom": "0536491208", "niveau_confidentialite": "1"}
CONTACT = {
    "cle": "7",
    "qui": "service",
    "nature_contact": "07",
    "fonction_contact": "",
    "nom": "",
    "niveau_confidentialite": "1",
    "telecommunication": [MOYEN],
}
PERSONNE = {"qui": "personne", "nature_contact": "", "fonction_contact": "22", "nom": "Anne Vidal"}
PATIENTELE = {
    "cle": "5",
    "public_pris_en_charge": ["07"],
    "age_min": 15,
    "age_min_unite": "a",
    "age_max": 120,
    "age_max_unite": "a",
}
ACTIVITE = {"cle": "6", "activite_operationnelle": "022", "famille_activite_operationnelle": ""}
OFFRE: dict[str, Any] = {
    "identifiant_offre": "76/0000001",
    "nom_offre": "Gynécologie",
    "champ_activite": "01",
    "mode_prise_en_charge": "28",
    "type_offre": "157",
    "unite_sensible": False,
    "modalite_accueil": ["03"],
    "lieu_realisation_offre": ["L1"],
    "patientele": [PATIENTELE],
    "activite_operationnelle": [ACTIVITE],
    "contact": [CONTACT],
    "horaire": [],
    "zone_intervention": [],
}
STRUCTURE: dict[str, Any] = {"identifiant_oi": "OI3", "nom_oi": "Gynécologie", "type_oi": "3", "contact": []}
EG: dict[str, Any] = {"num_finess": "810000505", "categorie_eg": "355", "contact": [], "tarif": []}
EN_SOCIAL = {
    "champ_activite": "04",
    "activite_operationnelle": [{**ACTIVITE, "famille_activite_operationnelle": "TRE_R266:01"}],
}


def offre(
    *,
    lieux: Mapping[str, Any] | None = None,
    categorie: str = "355",
    modele: Modele | None = None,
    ouvertes: Mapping[str, int] | None = None,
    catalogue: Catalogue = CATALOGUE,
    **autres: Any,
) -> list[Anomalie]:
    """What the rules say of a complete offer with some values changed."""
    examen = Examen(
        Contexte({**deepcopy(OFFRE), **autres}, categorie, modele),
        catalogue,
        {"L1": LIEU} if lieux is None else lieux,
        jour=AUJOURD_HUI,
        offres_ouvertes=ouvertes or {},
    )
    return controler(OffreOperationnelle, examen)


def lieu(*, usages: int = 1, ouvertes: int = 1, avec_communes: bool = True, **autres: Any) -> list[Anomalie]:
    """The same, of a lieu."""
    examen = Examen(
        Contexte({**deepcopy(LIEU), **autres}, "355"),
        CATALOGUE,
        jour=AUJOURD_HUI,
        usages={"L1": usages},
        offres_ouvertes={"L1": ouvertes},
        communes=COMMUNES if avec_communes else None,
    )
    return controler(LieuRealisationOffre, examen)


def structure(*, ascendants: list[tuple[str, str]] | None = None, **autres: Any) -> list[Anomalie]:
    """The same, of a UF under its établissement."""
    examen = Examen(Contexte({**STRUCTURE, **autres}, "355"), CATALOGUE, jour=AUJOURD_HUI, ascendants=ascendants or [])
    return controler(OrganisationInterne, examen)


def eg(*, categorie: str = "500", **autres: Any) -> list[Anomalie]:
    """The same, of an établissement."""
    return controler(EntiteGeographique, Examen(Contexte({**EG, **autres}, categorie), CATALOGUE, jour=AUJOURD_HUI))


def dit(regle: str, anomalies: list[Anomalie]) -> list[str]:
    """Paths at which one rule finds something."""
    return [a.chemin for a in anomalies if a.regle == regle]


def regles(anomalies: list[Anomalie]) -> list[str]:
    """The rules that find something, information apart."""
    return [a.regle for a in anomalies if a.severite != "I"]


def contact(**autres: Any) -> list[dict[str, Any]]:
    """The contacts of the offer, the only one changed."""
    return [{**deepcopy(CONTACT), **autres}]


def moyen(**autres: Any) -> list[dict[str, Any]]:
    """The same, its only telecom changed."""
    return contact(telecommunication=[{**MOYEN, **autres}])


def patientele(**autres: Any) -> list[dict[str, Any]]:
    """The patientèle of the offer, changed."""
    return [{**PATIENTELE, **autres}]


def capacites(*lignes: tuple[str, str, int | None], **autres: Any) -> list[dict[str, Any]]:
    """Lines of capacity, (nature, statut, number); their keys are 1, 2…"""
    return [
        {**CAPACITE, "cle": str(i), "nature_capacite": n, "statut_capacite": s, "nombre_capacite": nombre, **autres}
        for i, (n, s, nombre) in enumerate(lignes, 1)
    ]


def classe_de(objet: str) -> type[SQLModel]:
    """The class of an example, by the name of its function."""
    return {
        "offre": OffreOperationnelle,
        "lieu": LieuRealisationOffre,
        "structure": OrganisationInterne,
        "eg": EntiteGeographique,
    }[objet]
