"""EntiteGeographique (EG), the « établissement », and its Tarif.

Source: modèle d'exposition du ROR 3.0.1, classes EntiteGeographique and Tarif. FHIR: Organization.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, ClassVar

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from rxror.ror.champs import Champ, Condition, Contexte, Edition, Finess, Groupe, PointFiness, Section, TypeChamp
from rxror.ror.dates import date_longue
from rxror.ror.objets.commun import ADRESSE, Adresse, BoiteLettreMSS, Contact, DivisionTerritoriale, Metadonnee

# EG categories as the national indicators read them (ansforge/ROR-indicateurs-BI-SQL, V_DIM_CiblePeuplement).
SANITAIRES = frozenset(
    [
        "101",
        "106",
        "109",
        "114",
        "122",
        "127",
        "128",
        "129",
        "131",
        "141",
        "146",
        "156",
        "161",
        "166",
        "292",
        "355",
        "362",
        "365",
        "366",
        "412",
        "415",
        "425",
        "430",
        "444",
        "638",
        "696",
        "697",
        "698",
    ]
)

FINESS = "FINESS"  # where what is read-only here comes from
VILLES = frozenset(["124", "603", "617", "618", "SA05", "SA07", "SA08", "SA09"])

# Types of Tarif (J36).
SUPPLEMENT, FORFAIT_SOCLE, DEPENDANCE, PRESTATION, ACCUEIL_DE_JOUR, AIDE_HUMAINE, PORTAGE = (
    "01",
    "02",
    "03",
    "04",
    "05",
    "06",
    "07",
)


def _sanitaire(contexte: Contexte) -> bool:
    return contexte.categorie in SANITAIRES


def _medico_social(contexte: Contexte) -> bool:
    return contexte.categorie not in SANITAIRES | VILLES


def _tarif(*types: str) -> Condition:
    """True for a row of one of these types de tarif."""
    return lambda contexte: contexte.valeurs.get("type_tarif") in types


def _nom(valeurs: Mapping[str, Any]) -> str:
    return " ".join(t for t in (valeurs.get("denomination_eg"), valeurs.get("complement_denomination_eg")) if t)


def _categorie(valeurs: Mapping[str, Any]) -> str:
    return ", ".join(t for t in (valeurs.get("categorie_eg"), valeurs.get("categorie_libelle")) if t)


def _autre_parcours(fiche: Mapping[str, Any], finess: Mapping[str, Any]) -> str:
    """The category says whether offers are below an UF: what is described would be out of place."""
    avant, apres = (v.get("categorie_eg") in SANITAIRES for v in (fiche, finess))
    return "parcours" if avant != apres else ""


def _etat(valeurs: Mapping[str, Any]) -> str:
    jour = valeurs.get("date_fermeture")
    if not jour:
        return "ouvert"
    comment = {"PRO": "provisoirement", "DEF": "définitivement"}.get(valeurs.get("type_fermeture") or "", "")
    return " ".join(t for t in ("fermé", comment, "le", date_longue(date.fromisoformat(jour))) if t)


def _fermeture(fiche: Mapping[str, Any], finess: Mapping[str, Any]) -> str:
    """What is closed does not hold open offers."""
    return "fermeture" if finess.get("date_fermeture") and not fiche.get("date_fermeture") else ""


def _juridique(valeurs: Mapping[str, Any]) -> str:
    return ", ".join(t for t in (valeurs.get("entite_juridique_id"), valeurs.get("raison_sociale")) if t)


# What FINESS also says, with ADRESSE; the rights given on an entité juridique go with it.
DENOMINATION = PointFiness("FIN-01", "Dénomination", _nom)
CATEGORIE = PointFiness("FIN-03", "Catégorie", _categorie, _autre_parcours)
ETAT = PointFiness("FIN-04", "État", _etat, _fermeture)
ENTITE_JURIDIQUE = PointFiness("FIN-05", "Entité juridique", _juridique, lambda fiche, finess: "droits")

SECTIONS = (
    Section("identification", "Identification (FINESS)", modifiable=False, origine=FINESS),
    Section("nom_usage", "Nom d’usage"),
    Section("adresse", "Adresse (FINESS)", modifiable=False, origine=FINESS),
    Section("acces", "Accès"),
    Section(
        "contacts",
        "Contacts",
        aide="Qui joindre pour l’établissement entier : direction, standard, cellule d’alerte.",
    ),
    Section("boites_mss", "Boîtes aux lettres MSSanté"),
    Section(
        "crise",
        "Crise",
        visible_si=_sanitaire,
        aide="Visible seulement de la régulation et de la gestion de crise.",
    ),
    Section("aides", "Aides et accueil", visible_si=_medico_social),
    Section(
        "tarifs",
        "Tarifs",
        visible_si=_medico_social,
        aide="Un montant par combinaison. Le type de tarif décide de ce qui est demandé.",
    ),
    Section("commentaire", "Commentaire"),
    Section(
        "informations_complementaires",
        "Informations complémentaires (identifiants techniques, dates, etc.)",
        modifiable=False,
        repliee=True,
    ),
)


class Tarif(SQLModel, table=True):
    """One price of a médico-social établissement; `type_tarif` says which attributes count. Source: ME."""

    __tablename__ = "tarif"

    id: int | None = Field(default=None, primary_key=True)
    entite_geographique_id: int | None = Field(
        default=None, foreign_key="entite_geographique.id", index=True, ondelete="CASCADE"
    )
    type_tarif: Annotated[
        str,
        Champ(
            "Type de tarif",
            type=TypeChamp.LISTE,
            jdv="J36",
            obligatoire=True,
            fhir="extension[ror-organization-price].type",
        ),
    ] = ""
    montant_tarif: Annotated[
        Decimal | None,
        Champ(
            "Montant",
            type=TypeChamp.DECIMAL,
            obligatoire=True,
            avec="unite_prix",
            maximum=99999,
            decimales=2,
            aide="En euros.",
            fhir="extension[ror-organization-price].amount",
        ),
    ] = Field(default=None, max_digits=8, decimal_places=2)
    unite_prix: Annotated[
        str,
        Champ(
            "Unité de prix",
            type=TypeChamp.LISTE,
            jdv="J205",
            obligatoire=True,
            fhir="extension[ror-organization-price].unit",
        ),
    ] = ""
    date_debut_validite_tarif: Annotated[
        date | None,
        Champ("Valable à partir du", type=TypeChamp.DATE, fhir="extension[ror-organization-price].startDate"),
    ] = None
    tarif_moins_60_ans: Annotated[
        bool | None,
        Champ(
            "Tarif pour les moins de 60 ans",
            type=TypeChamp.OUI_NON,
            visible_si=_tarif(FORFAIT_SOCLE),
            obligatoire=True,
            fhir="extension[ror-organization-price].under60",
        ),
    ] = None
    type_habitation: Annotated[
        str,
        Champ(
            "Type d’habitation",
            type=TypeChamp.LISTE,
            jdv="J32",
            visible_si=_tarif(FORFAIT_SOCLE, SUPPLEMENT),
            obligatoire=True,
            fhir="extension[ror-organization-price].residentialType",
        ),
    ] = ""
    temporalite_accueil: Annotated[
        str,
        Champ(
            "Temporalité d’accueil",
            type=TypeChamp.CHOIX,
            jdv="J30",
            visible_si=_tarif(FORFAIT_SOCLE, DEPENDANCE),
            obligatoire=True,
            fhir="extension[ror-organization-price].temporality",
        ),
    ] = ""
    condition_tarifaire: Annotated[
        str,
        Champ(
            "Condition tarifaire",
            type=TypeChamp.LISTE,
            jdv="J39",
            visible_si=_tarif(FORFAIT_SOCLE, ACCUEIL_DE_JOUR, AIDE_HUMAINE, PORTAGE),
            fhir="extension[ror-organization-price].condition",
        ),
    ] = ""
    groupe_tarifaire_dependance: Annotated[
        str,
        Champ(
            "Groupe tarifaire dépendance",
            type=TypeChamp.CHOIX,
            jdv="J27",
            visible_si=_tarif(DEPENDANCE),
            obligatoire=True,
            fhir="extension[ror-organization-price].dependencyGroup",
        ),
    ] = ""
    prestations_non_obligatoires_incluses: Annotated[
        list[str],
        Champ(
            "Prestations non obligatoires incluses",
            type=TypeChamp.CHOIX_MULTIPLES,
            jdv="J206",
            visible_si=_tarif(FORFAIT_SOCLE),
            fhir="extension[ror-organization-price].includedServices",
        ),
    ] = Field(default_factory=list, sa_type=JSON)
    autres_prestations_non_obligatoires_incluses: Annotated[
        str,
        Champ(
            "Autres prestations incluses",
            maximum=500,
            visible_si=_tarif(FORFAIT_SOCLE),
            fhir="extension[ror-organization-price].otherIncludedServices",
        ),
    ] = ""
    nom_prestation_supp: Annotated[
        str,
        Champ(
            "Prestation supplémentaire",
            type=TypeChamp.LISTE,
            jdv="J206",
            visible_si=_tarif(PRESTATION),
            fhir="extension[ror-organization-price].additionalService",
        ),
    ] = ""
    nom_autre_prestation_supp: Annotated[
        str,
        Champ(
            "Autre prestation supplémentaire",
            maximum=200,
            visible_si=_tarif(PRESTATION),
            fhir="extension[ror-organization-price].otherAdditionalService",
        ),
    ] = ""
    mode_gestion: Annotated[
        str,
        Champ(
            "Mode de gestion",
            type=TypeChamp.CHOIX,
            jdv="J26",
            visible_si=_tarif(AIDE_HUMAINE),
            obligatoire=True,
            fhir="extension[ror-organization-price].managementType",
        ),
    ] = ""
    nom: Annotated[
        str,
        Champ(
            "Nom du tarif",
            maximum=200,
            visible_si=_tarif(AIDE_HUMAINE, PORTAGE),
            fhir="extension[ror-organization-price].name",
        ),
    ] = ""


class EntiteGeographique(Metadonnee, Adresse, table=True):
    """A site: the unit FINESS numbers and the ROR calls « établissement »."""

    __tablename__ = "entite_geographique"
    SECTIONS: ClassVar = SECTIONS
    GENRE: ClassVar = "etablissement"

    id: int | None = Field(default=None, primary_key=True)
    entite_juridique_id: Annotated[int, Finess(ENTITE_JURIDIQUE)] = Field(foreign_key="entite_juridique.id", index=True)
    id_nat_struct: Annotated[
        str,
        Champ(
            "Identifiant national de structure",
            "informations_complementaires",
            edition=Edition.SYSTEME,
            fhir="identifier[idNatSt]",
        ),
    ] = ""
    num_finess: Annotated[
        str, Champ("FINESS établissement", "identification", edition=Edition.FINESS, fhir="identifier[finess]")
    ] = Field(unique=True, max_length=9)
    num_siret: Annotated[str, Champ("SIRET", "identification", edition=Edition.FINESS, fhir="identifier[siret]")] = (
        Field(default="", index=True)
    )
    num_eg_rpps_adeli_rang: Annotated[
        str,
        Champ(
            "RPPS-rang ou ADELI-rang", "informations_complementaires", edition=Edition.RPPS, fhir="identifier[rppsRang]"
        ),
    ] = ""
    denomination_eg: Annotated[
        str, Champ("Dénomination", "identification", edition=Edition.FINESS, fhir="name", finess=Finess(DENOMINATION))
    ] = ""
    complement_denomination_eg: Annotated[
        str,
        Champ(
            "Complément de dénomination",
            "identification",
            edition=Edition.FINESS,
            fhir="extension[ror-organization-additional-name]",
            finess=Finess(DENOMINATION),
        ),
    ] = ""
    nom_operationnel: Annotated[
        str, Champ("Nom d’usage", "nom_usage", maximum=100, aide="Le nom que les gens emploient.", fhir="alias")
    ] = ""
    categorie_eg: Annotated[
        str,
        Champ(
            "Catégorie",
            "identification",
            TypeChamp.RECHERCHE,
            jdv="J55",
            edition=Edition.FINESS,
            fhir="type[categorieEG]",
            finess=Finess(CATEGORIE),
        ),
    ] = ""
    categorie_libelle: Annotated[str, Finess(CATEGORIE, compare=False)] = Field(
        default="", description="Label FINESS gives, for categories outside J55"
    )
    modalite_participation_sph: Annotated[
        str,
        Champ(
            "Participation au service public hospitalier",
            "identification",
            TypeChamp.LISTE,
            jdv="J202",
            edition=Edition.FINESS,
            fhir="extension[ror-organization-sph-participation]",
        ),
    ] = ""
    date_ouverture: Annotated[
        date | None,
        Champ(
            "Date d’ouverture",
            "identification",
            TypeChamp.DATE,
            edition=Edition.FINESS,
            fhir="extension[organization-period].start",
        ),
    ] = None
    date_fermeture: Annotated[
        date | None,
        Champ(
            "Date de fermeture",
            "identification",
            TypeChamp.DATE,
            edition=Edition.FINESS,
            fhir="extension[organization-period].end",
            finess=Finess(ETAT),
        ),
    ] = None
    type_fermeture: Annotated[
        str,
        Champ(
            "Type de fermeture",
            "identification",
            TypeChamp.CHOIX,
            jdv="J201",
            edition=Edition.FINESS,
            fhir="extension[ror-organization-closing-type]",
            finess=Finess(ETAT),
        ),
    ] = ""
    telephone_finess: Annotated[
        str,
        Champ(
            "Téléphone",
            "identification",
            edition=Edition.FINESS,
            sans_fhir="numéro publié par FINESS, pas un contact du ROR",
        ),
    ] = ""
    date_maj_finess: Annotated[
        date | None,
        Champ(
            "Mise à jour FINESS",
            "identification",
            TypeChamp.DATE,
            edition=Edition.FINESS,
            sans_fhir="date de la fiche FINESS, pas du ROR",
        ),
    ] = None
    latitude: Annotated[
        Decimal | None,
        Champ(
            "Latitude",
            "adresse",
            TypeChamp.DECIMAL,
            edition=Edition.FINESS,
            decimales=6,
            fhir="extension[geolocation].latitude",
            finess=Finess(ADRESSE, compare=False),
        ),
    ] = Field(default=None, max_digits=9, decimal_places=6)
    longitude: Annotated[
        Decimal | None,
        Champ(
            "Longitude",
            "adresse",
            TypeChamp.DECIMAL,
            edition=Edition.FINESS,
            decimales=6,
            fhir="extension[geolocation].longitude",
            finess=Finess(ADRESSE, compare=False),
        ),
    ] = Field(default=None, max_digits=9, decimal_places=6)
    source_finess: date | None = Field(default=None, description="Day of the FINESS extraction it was read from")
    recherche: str = Field(
        default="", index=True, description="Name, commune and numbers, without accents, for searching"
    )
    accessibilite_lieu: Annotated[
        str,
        Champ("Accessibilité", "acces", TypeChamp.CHOIX, jdv="J50", fhir="extension[ror-organization-accessibility]"),
    ] = ""
    zone_poser: Annotated[
        bool | None,
        Champ(
            "Zone de poser pour hélicoptère",
            "acces",
            TypeChamp.OUI_NON,
            visible_si=_sanitaire,
            aide="Visible seulement de la régulation et de la gestion de crise.",
            fhir="extension[ror-organization-drop-zone]",
        ),
    ] = None
    niveau_recours_orsan: Annotated[
        str,
        Champ(
            "Niveau de recours ORSAN",
            "crise",
            TypeChamp.CHOIX,
            jdv="J204",
            fhir="extension[ror-organization-level-recours-orsan]",
        ),
    ] = ""
    aide_financiere: Annotated[
        list[str],
        Champ(
            "Aides financières",
            "aides",
            TypeChamp.CHOIX_MULTIPLES,
            jdv="J31",
            fhir="extension[ror-organization-financial-help-type]",
        ),
    ] = Field(default_factory=list, sa_type=JSON)
    hebergement_famille: Annotated[
        bool | None,
        Champ(
            "Hébergement des familles",
            "aides",
            TypeChamp.OUI_NON,
            fhir="extension[ror-organization-accomodation-family]",
        ),
    ] = None
    nb_place_aide_social_temporaire: Annotated[
        int | None,
        Champ(
            "Places habilitées à l’aide sociale, temporaire",
            "aides",
            TypeChamp.ENTIER,
            pas=True,
            maximum=9999,
            fhir="extension[ror-organization-nb-temporary-social-help-place]",
        ),
    ] = None
    nb_place_aide_social_permanent: Annotated[
        int | None,
        Champ(
            "Places habilitées à l’aide sociale, permanent",
            "aides",
            TypeChamp.ENTIER,
            pas=True,
            maximum=9999,
            fhir="extension[ror-organization-nb-permanent-social-help-place]",
        ),
    ] = None

    contact: ClassVar[Groupe] = Groupe("Contacts", "contacts", Contact, "contact", fhir="contact")
    boite_lettre_mss: ClassVar[Groupe] = Groupe(
        "Boîtes aux lettres MSSanté", "boites_mss", BoiteLettreMSS, "boîte", feminin=True, fhir="telecom[mailbox-mss]"
    )
    tarif: ClassVar[Groupe] = Groupe("Tarifs", "tarifs", Tarif, "tarif", fhir="extension[ror-organization-price]")
    territoire_sante: ClassVar[Groupe] = Groupe(
        "Territoire de santé",
        "informations_complementaires",
        DivisionTerritoriale,
        "territoire",
        fhir="extension[ror-territorial-division]",
    )

    @property
    def sanitaire(self) -> bool:
        """Whether the path is Établissement › Pôle › UF › Offre; else Établissement › Offre."""
        return self.categorie_eg in SANITAIRES
