"""LieuRealisationOffre: where an offer is rendered, with its beds, places and equipment.

Source: modèle d'exposition du ROR 3.0.1, class LieuRealisationOffre. FHIR: Location (ror-location).
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar

from sqlalchemy import DateTime
from sqlmodel import Field, SQLModel

from rxror.ror.champs import Case, Champ, Contexte, Edition, Groupe, Section, TypeChamp
from rxror.ror.objets.commun import Adresse, Metadonnee, Telecommunication

INSTALLE, DISPONIBLE, OCCUPE, RESERVE, FERME, SUPPLEMENTAIRE = "01", "02", "03", "04", "05", "06"
LIT, PLACE = "01", "02"
COURANT = "01"
SAISIE_MANUELLE = "01"
HEBERGEMENT_MEDICO_SOCIAL, ADRESSE_SEULE = "003", "005"
HORODATAGE: Any = DateTime(timezone=True)


def _pas_une_simple_adresse(contexte: Contexte) -> bool:
    return contexte.valeurs.get("fonction_lieu") != ADRESSE_SEULE


def _logements(contexte: Contexte) -> bool:
    return contexte.valeurs.get("fonction_lieu") == HEBERGEMENT_MEDICO_SOCIAL or bool(
        contexte.valeurs.get("capacite_habitation")
    )


def _ligne_disponible(contexte: Contexte) -> bool:
    return contexte.valeurs.get("statut_capacite") == DISPONIBLE


def _ligne_fermee(contexte: Contexte) -> bool:
    return contexte.valeurs.get("statut_capacite") == FERME


def _ligne_supplementaire(contexte: Contexte) -> bool:
    return contexte.valeurs.get("statut_capacite") == SUPPLEMENTAIRE


def _vient_d_un_logiciel(ligne: Mapping[str, Any]) -> bool:
    return (ligne.get("type_source_capacite") or SAISIE_MANUELLE) != SAISIE_MANUELLE


def _case(label: str, nature: str, statut: str) -> Case:
    return Case(label, (("nature_capacite", nature), ("statut_capacite", statut), ("temporalite_capacite", COURANT)))


# What the yearly update asks first (sections of the portal, « lieu »): all other lines are below the grid.
GRILLE = (
    _case("Lits installés", LIT, INSTALLE),
    _case("Lits fermés", LIT, FERME),
    _case("Places installées", PLACE, INSTALLE),
    _case("Places fermées", PLACE, FERME),
)
SECTIONS = (
    Section("informations_generales", "Informations générales"),
    Section("adresse", "Adresse"),
    Section(
        "moyens_de_communication",
        "Moyens de communication",
        aide="Pour joindre le lieu lui-même. Ceux de l’offre se donnent dans ses contacts.",
    ),
    Section(
        "capacitaire",
        "Capacitaire",
        visible_si=_pas_une_simple_adresse,
        aide="Lits et places de ce lieu. Ce qui compte pour la mise à jour annuelle : les lits et places installés.",
    ),
    Section(
        "equipements",
        "Équipements spécifiques",
        visible_si=_pas_une_simple_adresse,
        aide="Seulement ce qui sert sur place. Mettez 0 pour retirer un équipement.",
    ),
    Section("habitations", "Habitations", visible_si=_logements),
    Section("commentaire", "Commentaire"),
    Section(
        "informations_complementaires",
        "Informations complémentaires (identifiants techniques, dates, etc.)",
        modifiable=False,
        repliee=True,
    ),
)


class LimiteCaracteristiqueEquipement(SQLModel, table=True):
    """Limit of an equipment: that of the most tolerant item. Source: ME."""

    __tablename__ = "limite_caracteristique_equipement"

    id: int | None = Field(default=None, primary_key=True)
    equipement_specifique_id: int | None = Field(
        default=None, foreign_key="equipement_specifique.id", index=True, ondelete="CASCADE"
    )
    type_caracteristique: Annotated[
        str,
        Champ(
            "Limite",
            type=TypeChamp.CHOIX,
            jdv="J228",
            obligatoire=True,
            defaut="001",
            fhir="extension[ror-location-equipment].limit.type",
        ),
    ] = ""
    valeur_limite: Annotated[
        Decimal | None,
        Champ(
            "Valeur",
            type=TypeChamp.DECIMAL,
            obligatoire=True,
            maximum=99999,
            unite_de="type_caracteristique",
            unites=(("001", "kg"), ("002", "cm")),
            fhir="extension[ror-location-equipment].limit.value",
        ),
    ] = None


class EquipementSpecifique(SQLModel, table=True):
    """Equipment usable on site; 0 in service removes it (IG, scenario 7). Source: ME."""

    __tablename__ = "equipement_specifique"

    id: int | None = Field(default=None, primary_key=True)
    lieu_realisation_offre_id: int | None = Field(
        default=None, foreign_key="lieu_realisation_offre.id", index=True, ondelete="CASCADE"
    )
    type_equipement: Annotated[
        str,
        Champ(
            "Équipement",
            type=TypeChamp.RECHERCHE,
            jdv="J18",
            obligatoire=True,
            fhir="extension[ror-location-equipment].typeEquipment",
        ),
    ] = ""
    nb_equipement_en_service: Annotated[
        int | None,
        Champ(
            "Nombre en service",
            type=TypeChamp.ENTIER,
            maximum=9999,
            pas=True,
            zero="Sera retiré à la validation",
            fhir="extension[ror-location-equipment].nbInService",
        ),
    ] = None
    limite_caracteristique_equipement: ClassVar[Groupe] = Groupe(
        "Limites",
        "equipements",
        LimiteCaracteristiqueEquipement,
        "limite",
        feminin=True,
        fhir="extension[ror-location-equipment].limit",
    )


class CapaciteHabitation(SQLModel, table=True):
    """Dwellings of a médico-social lieu. Source: ME."""

    __tablename__ = "capacite_habitation"

    id: int | None = Field(default=None, primary_key=True)
    lieu_realisation_offre_id: int | None = Field(
        default=None, foreign_key="lieu_realisation_offre.id", index=True, ondelete="CASCADE"
    )
    type_habitation: Annotated[
        str,
        Champ(
            "Type d’habitation",
            type=TypeChamp.LISTE,
            jdv="J32",
            obligatoire=True,
            fhir="extension[ror-location-residential-capacity].type",
        ),
    ] = ""
    nb_habitation: Annotated[
        int | None,
        Champ(
            "Nombre",
            type=TypeChamp.ENTIER,
            maximum=9999,
            pas=True,
            fhir="extension[ror-location-residential-capacity].number",
        ),
    ] = None


class CapaciteAccueilOperationnelle(SQLModel, table=True):
    """One line of capacity; affectation temporaire and comment are those of its CapacitePriseCharge. Source: ME."""

    __tablename__ = "capacite_accueil_operationnelle"

    id: int | None = Field(default=None, primary_key=True)
    lieu_realisation_offre_id: int | None = Field(
        default=None, foreign_key="lieu_realisation_offre.id", index=True, ondelete="CASCADE"
    )
    nature_capacite: Annotated[
        str,
        Champ(
            "Nature",
            type=TypeChamp.LISTE,
            jdv="J187",
            obligatoire=True,
            defaut=LIT,
            avec="statut_capacite",
            fhir="extension[ror-location-supported-capacity].nature",
        ),
    ] = ""
    statut_capacite: Annotated[
        str,
        Champ(
            "Statut",
            type=TypeChamp.LISTE,
            jdv="J188",
            obligatoire=True,
            defaut=INSTALLE,
            fhir="extension[ror-location-supported-capacity].status",
        ),
    ] = ""
    nombre_capacite: Annotated[
        int | None,
        Champ(
            "Nombre",
            type=TypeChamp.ENTIER,
            obligatoire=True,
            maximum=9999,
            pas=True,
            avec="temporalite_capacite",
            fhir="extension[ror-location-supported-capacity].number",
        ),
    ] = None
    temporalite_capacite: Annotated[
        str,
        Champ(
            "Temporalité",
            type=TypeChamp.LISTE,
            jdv="J189",
            obligatoire=True,
            defaut=COURANT,
            fhir="extension[ror-location-supported-capacity].temporality",
        ),
    ] = ""
    genre_capacite_dispo: Annotated[
        str,
        Champ(
            "Genre",
            type=TypeChamp.LISTE,
            jdv="J190",
            visible_si=_ligne_disponible,
            fhir="extension[ror-location-supported-capacity].gender",
        ),
    ] = ""
    type_fermeture_capacite: Annotated[
        str,
        Champ(
            "Type de fermeture",
            type=TypeChamp.LISTE,
            jdv="J191",
            visible_si=_ligne_fermee,
            fhir="extension[ror-location-supported-capacity].closingType",
        ),
    ] = ""
    type_lit_supplementaire: Annotated[
        str,
        Champ(
            "Type de lit supplémentaire",
            type=TypeChamp.LISTE,
            jdv="J192",
            visible_si=_ligne_supplementaire,
            fhir="extension[ror-location-supported-capacity].additionalBedType",
        ),
    ] = ""
    type_crise: Annotated[
        str,
        Champ(
            "Type de crise",
            type=TypeChamp.LISTE,
            jdv="J194",
            visible_si=_ligne_supplementaire,
            fhir="extension[ror-location-supported-capacity].crisisType",
        ),
    ] = ""
    affectation_temporaire: Annotated[
        str,
        Champ(
            "Affectation temporaire",
            type=TypeChamp.LISTE,
            jdv="J195",
            defaut="01",
            fhir="extension[ror-location-supported-capacity].temporaryAssignment",
        ),
    ] = ""
    type_source_capacite: Annotated[
        str,
        Champ(
            "Source",
            type=TypeChamp.LISTE,
            jdv="J193",
            obligatoire=True,
            defaut=SAISIE_MANUELLE,
            edition=Edition.SYSTEME,
            fhir="extension[ror-location-supported-capacity].source",
        ),
    ] = SAISIE_MANUELLE
    date_maj_capacite: Annotated[
        datetime | None,
        Champ(
            "Mise à jour",
            type=TypeChamp.REFERENCE,
            edition=Edition.SYSTEME,
            fhir="extension[ror-location-supported-capacity].dateMAJ",
        ),
    ] = Field(default=None, sa_type=HORODATAGE)
    commentaire: Annotated[
        str, Champ("Commentaire", maximum=200, fhir="extension[ror-location-supported-capacity].comment")
    ] = ""


class LieuRealisationOffre(Metadonnee, Adresse, table=True):
    """A place where offers are rendered; it may serve several of them."""

    __tablename__ = "lieu_realisation_offre"
    SECTIONS: ClassVar = SECTIONS
    GENRE: ClassVar = "lieu"

    id: int | None = Field(default=None, primary_key=True)
    entite_geographique_id: int = Field(foreign_key="entite_geographique.id", index=True)
    identifiant: Annotated[
        str, Champ("Identifiant du lieu", "informations_complementaires", edition=Edition.SYSTEME, fhir="identifier")
    ] = Field(unique=True, max_length=40)
    id_externe_synchro: Annotated[
        str,
        Champ(
            "Identifiant dans le logiciel de l’établissement",
            "informations_complementaires",
            maximum=60,
            edition=Edition.SYSTEME,
            fhir="identifier[26]",
        ),
    ] = ""
    nom: Annotated[
        str,
        Champ(
            "Nom du lieu",
            "informations_generales",
            maximum=100,
            fhir="name",
            aide="Celui que lisent les équipes, par exemple « Gynécologie, 2e étage ».",
            a_relire=True,
        ),
    ] = ""
    fonction_lieu: Annotated[
        str, Champ("Fonction du lieu", "informations_generales", TypeChamp.LISTE, jdv="J198", fhir="type")
    ] = ""
    statut: Annotated[
        str,
        Champ("Statut", "informations_generales", TypeChamp.CHOIX, jdv="J224", defaut="3", fhir="operationalStatus"),
    ] = ""
    description: Annotated[
        str, Champ("Description", "informations_generales", TypeChamp.TEXTE_LONG, maximum=1000, fhir="description")
    ] = ""
    nom_externe_synchro: Annotated[
        str, Champ("Nom dans le logiciel de l’établissement", "informations_generales", maximum=100, fhir="alias")
    ] = ""
    latitude: Annotated[
        Decimal | None,
        Champ(
            "Latitude",
            "adresse",
            TypeChamp.DECIMAL,
            avec="longitude",
            maximum=90,
            decimales=6,
            arrondi=True,
            aide="En degrés décimaux, par exemple 43,925997. Une position copiée d’une carte se colle ici en entier.",
            reprise="Reprendre la position de l’établissement (FINESS)",
            fhir="position.latitude",
        ),
    ] = Field(default=None, max_digits=9, decimal_places=6)
    longitude: Annotated[
        Decimal | None,
        Champ(
            "Longitude", "adresse", TypeChamp.DECIMAL, maximum=180, decimales=6, arrondi=True, fhir="position.longitude"
        ),
    ] = Field(default=None, max_digits=9, decimal_places=6)
    coordonnees_fiables: Annotated[
        bool | None,
        Champ("Coordonnées fiables", "adresse", TypeChamp.OUI_NON, fhir="extension[ror-location-reliable-coordinates]"),
    ] = None

    capacite_accueil_operationnelle: ClassVar[Groupe] = Groupe(
        "Capacités",
        "capacitaire",
        CapaciteAccueilOperationnelle,
        "ligne de capacité",
        feminin=True,
        figee_si=_vient_d_un_logiciel,
        grille=GRILLE,
        nombre="nombre_capacite",
        fhir="extension[ror-location-supported-capacity]",
        a_relire=True,
    )
    equipement_specifique: ClassVar[Groupe] = Groupe(
        "Équipements spécifiques",
        "equipements",
        EquipementSpecifique,
        "équipement",
        par_recherche="type_equipement",
        fhir="extension[ror-location-equipment]",
        a_relire=True,
    )
    capacite_habitation: ClassVar[Groupe] = Groupe(
        "Habitations",
        "habitations",
        CapaciteHabitation,
        "habitation",
        feminin=True,
        fhir="extension[ror-location-residential-capacity]",
        a_relire=True,
    )
    telecommunication: ClassVar[Groupe] = Groupe(
        "Moyens de communication",
        "moyens_de_communication",
        Telecommunication,
        "moyen de communication",
        fhir="telecom",
        a_relire=True,
    )
