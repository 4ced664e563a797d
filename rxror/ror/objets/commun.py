"""Classes shared by several objects.

Metadonnee, Adresse, Contact, Telecommunication, Horaire, BoiteLettreMSS, DivisionTerritoriale.

Source: modèle d'exposition du ROR 3.0.1, common classes; FHIR paths of the ROR implementation guide 0.7.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, ClassVar

from sqlalchemy import DateTime
from sqlmodel import Field, SQLModel

from rxror.ror.champs import Champ, Contexte, Edition, Finess, Groupe, PointFiness, TypeChamp

HORODATAGE: Any = DateTime(timezone=True)
SERVICE, PERSONNE = "service", "personne"


class Metadonnee(SQLModel):
    """Technical base of every object. `version` is ours: it grows by one at each publication."""

    date_creation: Annotated[
        datetime | None,
        Champ(
            "Date de création technique",
            "informations_complementaires",
            TypeChamp.REFERENCE,
            edition=Edition.SYSTEME,
            fhir="meta.extension[ror-meta-creation-date]",
        ),
    ] = Field(default=None, sa_type=HORODATAGE)
    date_mise_jour: Annotated[
        datetime | None,
        Champ(
            "Date de dernière mise à jour",
            "informations_complementaires",
            TypeChamp.REFERENCE,
            edition=Edition.SYSTEME,
            fhir="meta.lastUpdated",
        ),
    ] = Field(default=None, sa_type=HORODATAGE)
    commentaire: Annotated[
        str,
        Champ(
            "Commentaire",
            "commentaire",
            TypeChamp.TEXTE_LONG,
            maximum=2000,
            fhir="comment (offre), extension[ror-comment] (ailleurs)",
            aide="Ce qu’un confrère doit savoir et qui n’a pas d’autre place. N’indiquez aucune donnée de patient.",
        ),
    ] = ""
    region_source: Annotated[
        str,
        Champ(
            "Région source",
            "informations_complementaires",
            TypeChamp.LISTE,
            jdv="J237",
            edition=Edition.SYSTEME,
            fhir="meta.tag",
        ),
    ] = ""
    modele_saisie: Annotated[
        str,
        Champ(
            "Modèle de saisie",
            "informations_complementaires",
            TypeChamp.TEXTE,
            edition=Edition.SYSTEME,
            fhir="extension[ror-modele-saisie]",
        ),
    ] = ""
    version: int = Field(default=1)
    date_validation: datetime | None = Field(default=None, sa_type=HORODATAGE)
    validateur: str = ""
    demonstration: bool = Field(default=False)


def adresse_en_ligne(valeurs: Mapping[str, Any]) -> str:
    """An address on one line, as on an envelope."""
    groupes = (
        ("complement_point_geographique",),
        ("numero_voie", "extension", "type_voie", "libelle_voie"),
        ("lieu_dit",),
        ("code_postal", "localite"),
    )
    morceaux = (" ".join(str(valeurs.get(nom) or "") for nom in noms).split() for noms in groupes)
    return ", ".join(" ".join(mots) for mots in morceaux if mots)


def _adresse_entiere(valeurs: Mapping[str, Any]) -> str:
    """With the BP or the CS, which the address on one line leaves out."""
    return ", ".join(t for t in (adresse_en_ligne(valeurs), str(valeurs.get("mention_distribution") or "")) if t)


def _autre_departement(fiche: Mapping[str, Any], finess: Mapping[str, Any]) -> str:
    """The rights on a département or a region come from the commune."""
    avant, apres = (str(v.get("commune_cog") or "") for v in (fiche, finess))
    n = 3 if avant.startswith("97") else 2
    return "departement" if avant and avant[:n] != apres[:n] else ""


ADRESSE = PointFiness("FIN-02", "Adresse", _adresse_entiere, _autre_departement)


class Adresse(SQLModel):
    """Postal address; lines are 38 characters at most (MOS, after AFNOR NF Z10-011)."""

    point_remise: Annotated[
        str,
        Champ(
            "Point de remise",
            "adresse",
            maximum=38,
            aide="Service, étage, couloir.",
            fhir="address.line.extension[ADXP-careOf]",
        ),
    ] = ""
    complement_point_geographique: Annotated[
        str,
        Champ(
            "Bâtiment, entrée",
            "adresse",
            maximum=38,
            fhir="address.line.extension[additionalLocator]",
            finess=Finess(ADRESSE),
        ),
    ] = ""
    numero_voie: Annotated[
        str,
        Champ(
            "Numéro",
            "adresse",
            maximum=4,
            aide="Quatre chiffres au plus.",
            avec="extension",
            fhir="address.line.extension[houseNumber]",
            finess=Finess(ADRESSE),
        ),
    ] = ""
    extension: Annotated[
        str,
        Champ(
            "Bis, ter…",
            "adresse",
            maximum=5,
            fhir="address.line.extension[buildingNumberSuffix]",
            finess=Finess(ADRESSE),
        ),
    ] = ""
    type_voie: Annotated[
        str,
        Champ(
            "Type de voie",
            "adresse",
            maximum=20,
            aide="Rue, avenue, boulevard…",
            fhir="address.line.extension[streetNameType]",
            finess=Finess(ADRESSE),
        ),
    ] = ""
    libelle_voie: Annotated[
        str,
        Champ(
            "Voie",
            "adresse",
            maximum=38,
            aide="Le nom de la voie. Sinon, donnez un lieu-dit.",
            fhir="address.line.extension[streetNameBase]",
            finess=Finess(ADRESSE),
        ),
    ] = ""
    lieu_dit: Annotated[
        str, Champ("Lieu-dit", "adresse", maximum=38, fhir="address.extension[as-ext-lieu-dit]", finess=Finess(ADRESSE))
    ] = ""
    mention_distribution: Annotated[
        str,
        Champ(
            "Mention de distribution",
            "adresse",
            maximum=38,
            aide="BP, CS…",
            fhir="address.line.extension[postBox]",
            finess=Finess(ADRESSE),
        ),
    ] = ""
    code_postal: Annotated[
        str,
        Champ(
            "Code postal",
            "adresse",
            maximum=5,
            aide="Cinq chiffres. Un code CEDEX est accepté.",
            fhir="address.postalCode",
            finess=Finess(ADRESSE),
        ),
    ] = ""
    localite: Annotated[
        str,
        Champ(
            "Localité",
            "adresse",
            maximum=38,
            aide="La ligne d’acheminement, sans le code postal.",
            fhir="address.city",
            finess=Finess(ADRESSE),
        ),
    ] = ""
    commune_cog: Annotated[
        str,
        Champ(
            "Commune",
            "adresse",
            TypeChamp.COMMUNE,
            aide="Cherchez par nom, code postal ou code INSEE.",
            fhir="address.extension[inseeCode]",
            finess=Finess(ADRESSE),
        ),
    ] = ""


def _qui(valeurs: Mapping[str, Any]) -> str:
    if valeurs.get("qui") in (SERVICE, PERSONNE):
        return str(valeurs["qui"])
    return PERSONNE if valeurs.get("nom") or valeurs.get("fonction_contact") else SERVICE


def _est_service(contexte: Contexte) -> bool:
    return _qui(contexte.valeurs) == SERVICE


def _est_personne(contexte: Contexte) -> bool:
    return _qui(contexte.valeurs) == PERSONNE


class Telecommunication(SQLModel, table=True):
    """One way to reach a contact or a lieu. Source: ME, class Telecommunication."""

    __tablename__ = "telecommunication"

    id: int | None = Field(default=None, primary_key=True)
    contact_id: int | None = Field(default=None, foreign_key="contact.id", index=True, ondelete="CASCADE")
    lieu_realisation_offre_id: int | None = Field(
        default=None, foreign_key="lieu_realisation_offre.id", index=True, ondelete="CASCADE"
    )
    canal: Annotated[
        str, Champ("Moyen", type=TypeChamp.LISTE, jdv="J225", obligatoire=True, fhir="telecom.extension[canal]")
    ] = ""
    adresse_telecom: Annotated[
        str,
        Champ(
            "Numéro ou adresse",
            obligatoire=True,
            maximum=254,
            court=True,
            fhir="telecom.value",
            aide="Dix chiffres pour un téléphone ; pour un courriel, l’adresse du service, pas celle d’une personne.",
        ),
    ] = ""
    utilisation: Annotated[
        str,
        Champ(
            "Utilisation",
            maximum=100,
            aide="À quoi il sert, par exemple « rendez-vous ».",
            fhir="telecom.extension[usage]",
        ),
    ] = ""
    niveau_confidentialite: Annotated[
        str,
        Champ(
            "Qui peut voir ce moyen de communication ?",
            type=TypeChamp.LISTE,
            jdv="J222",
            obligatoire=True,
            defaut="2",
            herite=True,
            fhir="telecom.extension[ror-telecom-confidentiality-level]",
        ),
    ] = ""


class Contact(SQLModel, table=True):
    """A service (nature alone) or a named person with a function (RG_EXP_040, 041). Source: ME, class Contact."""

    __tablename__ = "contact"

    id: int | None = Field(default=None, primary_key=True)
    entite_juridique_id: int | None = Field(
        default=None, foreign_key="entite_juridique.id", index=True, ondelete="CASCADE"
    )
    entite_geographique_id: int | None = Field(
        default=None, foreign_key="entite_geographique.id", index=True, ondelete="CASCADE"
    )
    organisation_interne_id: int | None = Field(
        default=None, foreign_key="organisation_interne.id", index=True, ondelete="CASCADE"
    )
    offre_operationnelle_id: int | None = Field(
        default=None, foreign_key="offre_operationnelle.id", index=True, ondelete="CASCADE"
    )
    qui: ClassVar[Champ] = Champ(
        "Qui répond ?",
        type=TypeChamp.CHOIX,
        obligatoire=True,
        deduit=_qui,
        defaut=SERVICE,
        choix=(
            (SERVICE, "Un service", "Secrétariat, admission, standard…"),
            (PERSONNE, "Une personne", "Indiquez son nom et sa fonction."),
        ),
        sans_fhir="question de l’écran, déduite de natureContact et fonctionContact",
    )
    nature_contact: Annotated[
        str,
        Champ(
            "Nature du contact",
            type=TypeChamp.LISTE,
            jdv="J221",
            obligatoire=True,
            visible_si=_est_service,
            fhir="extension[ror-healthcareservice-contact].purposeContact",
        ),
    ] = ""
    fonction_contact: Annotated[
        str,
        Champ(
            "Fonction de la personne",
            type=TypeChamp.LISTE,
            jdv="J220",
            obligatoire=True,
            visible_si=_est_personne,
            fhir="extension[ror-healthcareservice-contact].functionContact",
        ),
    ] = ""
    nom: Annotated[
        str,
        Champ(
            "Nom de la personne",
            obligatoire=True,
            maximum=100,
            visible_si=_est_personne,
            fhir="extension[ror-healthcareservice-contact].name",
        ),
    ] = ""
    description: Annotated[
        str, Champ("Précision", maximum=200, fhir="extension[ror-healthcareservice-contact].description")
    ] = ""
    # RG_EXP_032: a new contact is visible by professionals.
    niveau_confidentialite: Annotated[
        str,
        Champ(
            "Qui peut voir ce contact ?",
            type=TypeChamp.CHOIX,
            jdv="J222",
            obligatoire=True,
            defaut="2",
            fhir="extension[ror-healthcareservice-contact].confidentialityLevel",
        ),
    ] = ""
    telecommunication: ClassVar[Groupe] = Groupe(
        "Moyens de communication",
        "contacts",
        Telecommunication,
        "moyen de communication",
        d_office=True,
        fhir="extension[ror-healthcareservice-contact].telecom",
    )


class BoiteLettreMSS(SQLModel, table=True):
    """Secure health mailbox. Source: ME, class BoiteLettreMSS."""

    __tablename__ = "boite_lettre_mss"

    id: int | None = Field(default=None, primary_key=True)
    entite_geographique_id: int | None = Field(
        default=None, foreign_key="entite_geographique.id", index=True, ondelete="CASCADE"
    )
    organisation_interne_id: int | None = Field(
        default=None, foreign_key="organisation_interne.id", index=True, ondelete="CASCADE"
    )
    offre_operationnelle_id: int | None = Field(
        default=None, foreign_key="offre_operationnelle.id", index=True, ondelete="CASCADE"
    )
    adresse_mss: Annotated[
        str, Champ("Adresse MSSanté", obligatoire=True, maximum=254, court=True, fhir="telecom[mailbox-mss].value")
    ] = ""
    type_bal: Annotated[
        str, Champ("Type de boîte", type=TypeChamp.CHOIX, jdv="R257", fhir="telecom[mailbox-mss].extension[type]")
    ] = ""
    description: Annotated[
        str, Champ("Description", maximum=200, fhir="telecom[mailbox-mss].extension[description]")
    ] = ""
    responsable: Annotated[
        str, Champ("Responsable", maximum=100, fhir="telecom[mailbox-mss].extension[responsible]")
    ] = ""
    service_rattachement: Annotated[
        str, Champ("Service de rattachement", maximum=100, fhir="telecom[mailbox-mss].extension[service]")
    ] = ""
    telephone: Annotated[str, Champ("Téléphone", maximum=20, fhir="telecom[mailbox-mss].extension[phone]")] = ""
    dematerialisation: Annotated[
        bool | None,
        Champ(
            "Accepte la dématérialisation", type=TypeChamp.OUI_NON, fhir="telecom[mailbox-mss].extension[digitization]"
        ),
    ] = None
    liste_rouge: Annotated[
        bool | None, Champ("Liste rouge", type=TypeChamp.OUI_NON, fhir="telecom[mailbox-mss].extension[publication]")
    ] = None


class Horaire(SQLModel, table=True):
    """When an offer is open. At least a weekday or a period (RG_EXP_014). Source: ME, class Horaire."""

    __tablename__ = "horaire"

    id: int | None = Field(default=None, primary_key=True)
    offre_operationnelle_id: int | None = Field(
        default=None, foreign_key="offre_operationnelle.id", index=True, ondelete="CASCADE"
    )
    type_horaire: Annotated[
        str, Champ("Type d’horaire", type=TypeChamp.LISTE, jdv="J41", fhir="availableTime.extension[type-of-time]")
    ] = ""
    jour_semaine: Annotated[
        int | None,
        Champ(
            "Jour de la semaine",
            type=TypeChamp.ENTIER,
            maximum=7,
            aide="1 pour lundi, 7 pour dimanche.",
            fhir="availableTime.daysOfWeek",
        ),
    ] = None
    heure_debut: Annotated[
        str, Champ("De", type=TypeChamp.HEURE, avec="heure_fin", fhir="availableTime.availableStartTime")
    ] = ""
    heure_fin: Annotated[str, Champ("À", type=TypeChamp.HEURE, fhir="availableTime.availableEndTime")] = ""
    debut_date_effective: Annotated[
        date | None,
        Champ(
            "À partir du",
            type=TypeChamp.DATE,
            avec="fin_date_effective",
            fhir="availableTime.extension[effective-opening-closing-date].start",
        ),
    ] = None
    fin_date_effective: Annotated[
        date | None,
        Champ("Jusqu’au", type=TypeChamp.DATE, fhir="availableTime.extension[effective-opening-closing-date].end"),
    ] = None


class DivisionTerritoriale(SQLModel, table=True):
    """A piece of territory: here the territoire de santé of an établissement (RG_EXP_030). Source: ME."""

    __tablename__ = "division_territoriale"

    id: int | None = Field(default=None, primary_key=True)
    entite_geographique_id: int | None = Field(
        default=None, foreign_key="entite_geographique.id", index=True, ondelete="CASCADE"
    )
    type_territorial_division: Annotated[
        str,
        Champ(
            "Type",
            type=TypeChamp.CHOIX,
            jdv="J223",
            obligatoire=True,
            defaut="4",
            fhir="extension[ror-territorial-division].typeTerritorialDivision",
        ),
    ] = ""
    code_territorial_division: Annotated[
        str,
        Champ(
            "Code du territoire",
            maximum=20,
            obligatoire=True,
            fhir="extension[ror-territorial-division].codeTerritorialDivision",
        ),
    ] = ""
