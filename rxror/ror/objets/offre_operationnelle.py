"""OffreOperationnelle: the service a structure renders to a population, and its own parts.

Source: modèle d'exposition du ROR 3.0.1, class OffreOperationnelle; section titles of the published form MS-141.
"""

from datetime import date
from typing import Annotated, ClassVar

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from rxror.ror.champs import Champ, Contexte, Edition, Groupe, Section, TypeChamp
from rxror.ror.horaires import couper_a_minuit
from rxror.ror.objets.commun import BoiteLettreMSS, Contact, Horaire, Metadonnee

MCO, SMR, PSY, MEDICO_SOCIAL, VILLE = "01", "02", "03", "04", "05"
HAD = "31"
# EG categories for which the national indicator needs the type d'offre (BI SuiviPeuplementROR_UE).
TYPE_OFFRE_EXIGE = ("209", "354", "460")
SENSIBLES = (MCO, SMR, PSY)
# Modalités d'accueil (J226) that ask for a link or a channel (published form MS-141).
TELECONSULTATION = "04"
TELEEXPERTISES = frozenset({"10", "11"})
MAISON_DE_SANTE = "603"
LIENS_MAXIMUM = 5
# J19: mobile teams that leave the hospital, care where people live. J226: visits and care at home.
EQUIPES_MOBILES = frozenset({"11", "53", "59"})
LIEUX_DE_VIE = frozenset({"49", "58"})
VISITE_A_DOMICILE = "05"
A_DOMICILE = frozenset({VISITE_A_DOMICILE, "27"})
# EG categories: SESSAD, SAVS, SAMSAH, and the services at home of the national indicator.
SERVICES_A_DOMICILE = frozenset({"182", "445", "446", *TYPE_OFFRE_EXIGE})


def _medico_social(contexte: Contexte) -> bool:
    return contexte.champ_activite == MEDICO_SOCIAL


def _sanitaire(contexte: Contexte) -> bool:
    return contexte.champ_activite in SENSIBLES


def _psychiatrie(contexte: Contexte) -> bool:
    return contexte.champ_activite == PSY


def _ville(contexte: Contexte) -> bool:
    return contexte.champ_activite == VILLE


def _specialisation(contexte: Contexte) -> bool:
    return contexte.champ_activite in (SMR, PSY, MEDICO_SOCIAL)


def had_ou_service_a_domicile(contexte: Contexte) -> bool:
    """HAD, a mode of the champ MCO, and the services at home of the national indicator."""
    had = contexte.champ_activite == MCO and contexte.valeurs.get("mode_prise_en_charge") == HAD
    return had or (contexte.champ_activite == MEDICO_SOCIAL and contexte.categorie in TYPE_OFFRE_EXIGE)


def _a_domicile(contexte: Contexte) -> bool:
    return had_ou_service_a_domicile(contexte) or contexte.champ_activite == VILLE


def _teleconsultation(contexte: Contexte) -> bool:
    return TELECONSULTATION in (contexte.valeurs.get("modalite_accueil") or [])


def _teleexpertise(contexte: Contexte) -> bool:
    return not TELEEXPERTISES.isdisjoint(contexte.valeurs.get("modalite_accueil") or [])


def _avec_professionnels(contexte: Contexte) -> bool:
    return _ville(contexte) or contexte.categorie == MAISON_DE_SANTE


def _se_deplace(contexte: Contexte) -> bool:
    """Offers that go to people: the communes they serve are asked (RG_EXP_009), or known already."""
    valeurs = contexte.valeurs
    medico_social = contexte.champ_activite == MEDICO_SOCIAL and (
        contexte.categorie in SERVICES_A_DOMICILE or valeurs.get("mode_prise_en_charge") in LIEUX_DE_VIE
    )
    return (
        _a_domicile(contexte)
        or medico_social
        or valeurs.get("mode_prise_en_charge") in EQUIPES_MOBILES
        or not A_DOMICILE.isdisjoint(valeurs.get("modalite_accueil") or [])
        or bool(valeurs.get("zone_intervention"))
    )


def _type_exige(contexte: Contexte) -> bool:
    return contexte.categorie in TYPE_OFFRE_EXIGE


SECTIONS = (
    Section("informations_generales", "Informations générales"),
    Section(
        "informations_complementaires",
        "Informations complémentaires (identifiants techniques, dates, etc.)",
        modifiable=False,
        repliee=True,
    ),
    Section("accueil", "Accueil et prise en charge"),
    Section("patientele", "Patientèle"),
    Section(
        "specificites",
        "Spécificités de l’offre",
        aide="Ce que l’unité fait vraiment aujourd’hui : c’est sur ces mots que les confrères la trouvent.",
    ),
    Section(
        "adresse",
        "Adresse et lieux",
        aide="L’adresse de l’offre est celle de ses lieux. "
        "Les lits et les équipements se mettent à jour sur la page du lieu.",
    ),
    Section(
        "zone",
        "Zone d’intervention",
        aide="Les communes où l’équipe se déplace : c’est là qu’un confrère la trouve pour son patient.",
        visible_si=_se_deplace,
    ),
    Section(
        "contacts",
        "Contacts",
        aide="Ce que lisent les confrères et le public pour joindre l’unité. "
        "Au moins un contact complet est nécessaire.",
    ),
    Section(
        "horaires",
        "Horaires",
        aide="Les heures de la semaine, et les périodes qui s’en écartent. "
        "Écrivez 8h30, 8:30 ou 0830 ; 24:00 est la fin du jour.",
    ),
    Section(
        "boites_mss",
        "Boîtes aux lettres MSSanté",
        aide="La messagerie sécurisée par laquelle un confrère écrit à l’unité, documents de patient compris.",
    ),
    Section(
        "professionnels",
        "Professionnels",
        modifiable=False,
        origine="RPPS, par l’Annuaire Santé",
        visible_si=_avec_professionnels,
    ),
    Section("fermeture", "Ouverture et fermeture", modifiable=False),
    Section("commentaire", "Commentaire"),
)


class ActiviteOperationnelle(SQLModel, table=True):
    """One activité of an offer, with its family in médico-social (RG_EXP_007). Source: ME."""

    __tablename__ = "activite_operationnelle"

    id: int | None = Field(default=None, primary_key=True)
    offre_operationnelle_id: int | None = Field(
        default=None, foreign_key="offre_operationnelle.id", index=True, ondelete="CASCADE"
    )
    activite_operationnelle: Annotated[
        str,
        Champ(
            "Activité opérationnelle",
            type=TypeChamp.RECHERCHE,
            jdv="J17",
            obligatoire=True,
            fhir="specialty[operationalActivity]",
        ),
    ] = ""
    famille_activite_operationnelle: Annotated[
        str,
        Champ(
            "Famille d’activité",
            type=TypeChamp.LISTE,
            jdv="J51",
            visible_si=_medico_social,
            obligatoire=True,
            fhir="specialty[operationalActivityFamily]",
        ),
    ] = ""


class LienTeleconsultation(SQLModel, table=True):
    """Where a patient joins a téléconsultation. FHIR: a contact of nature 09 (published form MS-141)."""

    __tablename__ = "lien_teleconsultation"

    id: int | None = Field(default=None, primary_key=True)
    offre_operationnelle_id: int | None = Field(
        default=None, foreign_key="offre_operationnelle.id", index=True, ondelete="CASCADE"
    )
    adresse_telecom: Annotated[
        str,
        Champ(
            "Lien vers l’outil de téléconsultation",
            obligatoire=True,
            maximum=254,
            court=True,
            aide="Une adresse qui commence par https://.",
            fhir="extension[ror-healthcareservice-contact][09].telecom.value",
        ),
    ] = ""
    utilisation: Annotated[
        str,
        Champ(
            "Utilisation",
            maximum=100,
            aide="À quoi il sert, par exemple « suivi de grossesse ».",
            fhir="extension[ror-healthcareservice-contact][09].telecom.extension[usage]",
        ),
    ] = ""


class CanalTeleexpertise(SQLModel, table=True):
    """How a colleague asks for a téléexpertise. FHIR: a contact of nature 15 (published form MS-141)."""

    __tablename__ = "canal_teleexpertise"

    id: int | None = Field(default=None, primary_key=True)
    offre_operationnelle_id: int | None = Field(
        default=None, foreign_key="offre_operationnelle.id", index=True, ondelete="CASCADE"
    )
    canal: Annotated[
        str,
        Champ(
            "Canal de téléexpertise",
            type=TypeChamp.LISTE,
            jdv="J225",
            obligatoire=True,
            fhir="extension[ror-healthcareservice-contact][15].telecom.extension[canal]",
        ),
    ] = ""
    adresse_telecom: Annotated[
        str,
        Champ(
            "Coordonnée de téléexpertise",
            obligatoire=True,
            maximum=254,
            court=True,
            fhir="extension[ror-healthcareservice-contact][15].telecom.value",
        ),
    ] = ""


class SituationOperationnelle(SQLModel, table=True):
    """A professional who works in the offer; identity and profession come from the RPPS, as texts already labelled.

    Source: ME, classes SituationOperationnelle and Professionnel. Their lists J217, J218 and J229 are not loaded.
    """

    __tablename__ = "situation_operationnelle"

    id: int | None = Field(default=None, primary_key=True)
    offre_operationnelle_id: int | None = Field(
        default=None, foreign_key="offre_operationnelle.id", index=True, ondelete="CASCADE"
    )
    nom_professionnel: Annotated[
        str,
        Champ("Professionnel", edition=Edition.RPPS, maximum=200, fhir="PractitionerRole.practitioner.display"),
    ] = ""
    identifiant_pp: Annotated[
        str, Champ("RPPS", edition=Edition.RPPS, maximum=14, fhir="PractitionerRole.practitioner.identifier")
    ] = ""
    profession: Annotated[
        str, Champ("Profession", edition=Edition.RPPS, maximum=200, fhir="PractitionerRole.code.text")
    ] = ""
    mode_exercice_offre: Annotated[
        str,
        Champ(
            "Mode d’exercice dans l’offre",
            edition=Edition.RPPS,
            maximum=200,
            fhir="PractitionerRole.extension[ror-practitionerrole-exercice-mode]",
        ),
    ] = ""
    secteur_conventionnement: Annotated[
        str,
        Champ(
            "Secteur de conventionnement",
            edition=Edition.RPPS,
            maximum=200,
            fhir="PractitionerRole.extension[ror-practitionerrole-contracted]",
        ),
    ] = ""
    option_contrat_acces_aux_soins: Annotated[
        str,
        Champ(
            "Option de contrat d’accès aux soins",
            edition=Edition.RPPS,
            maximum=200,
            fhir="PractitionerRole.extension[ror-practitionerrole-care-access-contract]",
        ),
    ] = ""
    carte_vitale_acceptee: Annotated[
        bool | None,
        Champ(
            "Carte Vitale acceptée",
            type=TypeChamp.OUI_NON,
            edition=Edition.RPPS,
            fhir="PractitionerRole.extension[ror-practitionerrole-vitale-accepted]",
        ),
    ] = None
    precision_horaire: Annotated[
        str,
        Champ(
            "Précision sur les horaires",
            edition=Edition.RPPS,
            maximum=500,
            fhir="PractitionerRole.availabilityExceptions",
        ),
    ] = ""


# RG_EXP_048: ages are given in years, months, weeks or days.
UNITES_AGE = ("a", "mo", "wk", "d")


class Patientele(SQLModel, table=True):
    """Who is received. Source: ME, class Patientele; defaults of the published form MS-141."""

    __tablename__ = "patientele"

    id: int | None = Field(default=None, primary_key=True)
    offre_operationnelle_id: int | None = Field(
        default=None, foreign_key="offre_operationnelle.id", unique=True, ondelete="CASCADE"
    )
    public_pris_en_charge: Annotated[
        list[str],
        Champ(
            "Public(s) pris en charge",
            type=TypeChamp.CHOIX_MULTIPLES,
            jdv="J29",
            obligatoire_si=_medico_social,
            aide="Obligatoire en médico-social.",
            fhir="extension[ror-supported-patient-info].supportedPatientInfo",
        ),
    ] = Field(default_factory=list, sa_type=JSON)
    age_min: Annotated[
        int | None,
        Champ(
            "Age minimum",
            type=TypeChamp.ENTIER,
            obligatoire=True,
            avec="age_min_unite",
            defaut=0,
            maximum=99999,
            fhir="extension[ror-supported-patient-info].ageRange.low.value",
            a_relire=True,
        ),
    ] = None
    age_min_unite: Annotated[
        str,
        Champ(
            "Unité de l’âge minimum",
            type=TypeChamp.LISTE,
            jdv="J37",
            codes=UNITES_AGE,
            obligatoire=True,
            defaut="d",
            fhir="extension[ror-supported-patient-info].ageRange.low.code",
        ),
    ] = ""
    age_max: Annotated[
        int | None,
        Champ(
            "Age maximum",
            type=TypeChamp.ENTIER,
            obligatoire=True,
            avec="age_max_unite",
            defaut=120,
            maximum=99999,
            fhir="extension[ror-supported-patient-info].ageRange.high.value",
            a_relire=True,
        ),
    ] = None
    age_max_unite: Annotated[
        str,
        Champ(
            "Unité de l’âge maximum",
            type=TypeChamp.LISTE,
            jdv="J37",
            codes=UNITES_AGE,
            obligatoire=True,
            defaut="a",
            fhir="extension[ror-supported-patient-info].ageRange.high.code",
        ),
    ] = ""


class OffreLieu(SQLModel, table=True):
    """An offer and a lieu where it is rendered: many to many."""

    __tablename__ = "offre_lieu"

    offre_operationnelle_id: int = Field(foreign_key="offre_operationnelle.id", primary_key=True, ondelete="CASCADE")
    lieu_realisation_offre_id: int = Field(
        foreign_key="lieu_realisation_offre.id", primary_key=True, index=True, ondelete="CASCADE"
    )


class OffreOperationnelle(Metadonnee, table=True):
    """Service a structure renders to a population. FHIR: HealthcareService (ror-healthcareservice)."""

    __tablename__ = "offre_operationnelle"
    SECTIONS: ClassVar = SECTIONS
    GENRE: ClassVar = "offre"

    id: int | None = Field(default=None, primary_key=True)
    entite_geographique_id: int = Field(foreign_key="entite_geographique.id", index=True)
    organisation_interne_id: int | None = Field(default=None, foreign_key="organisation_interne.id", index=True)
    identifiant_offre: Annotated[
        str, Champ("Identifiant de l’offre", "informations_complementaires", edition=Edition.SYSTEME, fhir="identifier")
    ] = Field(unique=True, max_length=40)
    nom_offre: Annotated[
        str,
        Champ(
            "Nom de l’offre",
            "informations_generales",
            obligatoire=True,
            maximum=255,
            fhir="name",
            aide="Un nom compris d’un confrère qui ne connaît pas l’établissement.",
            propre=True,
            a_relire=True,
        ),
    ] = ""
    champ_activite: Annotated[
        str,
        Champ(
            "Champ d’activité",
            "informations_generales",
            TypeChamp.CHOIX,
            jdv="J20",
            obligatoire=True,
            edition=Edition.CREATION,
            gel="OBL-03",
            fhir="type",
            aide="Ne se modifie pas : il faudrait créer une nouvelle offre.",
        ),
    ] = ""
    rattachement: ClassVar[Champ] = Champ(
        "Rattachement organisationnel",
        "informations_generales",
        TypeChamp.REFERENCE,
        edition=Edition.CREATION,
        fhir="providedBy",
    )
    unite_sensible: Annotated[
        bool,
        Champ(
            "Unité sensible",
            "informations_generales",
            TypeChamp.OUI_NON,
            obligatoire=True,
            defaut=False,
            aide="Détention, NRBC… Une unité sensible n’est visible que de la régulation et de la gestion de crise.",
            fhir="extension[ror-healthcareservice-sensitive-unit]",
        ),
    ] = False
    type_offre: Annotated[
        str,
        Champ(
            "Type d’offre",
            "accueil",
            TypeChamp.RECHERCHE,
            jdv="J238",
            obligatoire_si=_type_exige,
            aide="Cherchez par le début d’un mot.",
            fhir="category",
        ),
    ] = ""
    mode_prise_en_charge: Annotated[
        str,
        Champ(
            "Mode de prise en charge",
            "accueil",
            TypeChamp.LISTE,
            jdv="J19",
            obligatoire=True,
            edition=Edition.CREATION,
            gel="OBL-04",
            fhir="characteristic[careMode]",
            aide="Ne se modifie pas : changer de mode revient à créer une nouvelle offre.",
            a_relire=True,
        ),
    ] = ""
    modalite_accueil: Annotated[
        list[str],
        Champ(
            "Modalité d’accueil",
            "accueil",
            TypeChamp.CHOIX_MULTIPLES,
            jdv="J226",
            aide="Ce que l’unité accepte vraiment aujourd’hui.",
            fhir="characteristic[receptionModality]",
            pilote=True,
            a_relire=True,
        ),
    ] = Field(default_factory=list, sa_type=JSON)
    temporalite_accueil: Annotated[
        str,
        Champ(
            "Temporalité d’accueil",
            "accueil",
            TypeChamp.CHOIX,
            jdv="J30",
            visible_si=_medico_social,
            fhir="characteristic[receptionType]",
        ),
    ] = ""
    ouverture_annuelle: Annotated[
        str,
        Champ(
            "Ouverture annuelle",
            "accueil",
            TypeChamp.CHOIX,
            jdv="J28",
            visible_si=_medico_social,
            fhir="characteristic[annualOpening]",
        ),
    ] = ""
    mode_gestion: Annotated[
        list[str],
        Champ(
            "Mode de gestion",
            "accueil",
            TypeChamp.CHOIX_MULTIPLES,
            jdv="J26",
            visible_si=_a_domicile,
            fhir="characteristic[managementType]",
        ),
    ] = Field(default_factory=list, sa_type=JSON)
    # RG_EXP_009: every entry is a commune, so the type of DivisionTerritoriale (3) goes without saying.
    zone_intervention: Annotated[
        list[str],
        Champ(
            "Communes desservies",
            "zone",
            TypeChamp.COMMUNES,
            fhir="extension[ror-territorial-division].codeTerritorialDivision",
        ),
    ] = Field(default_factory=list, sa_type=JSON)
    acte_specifique: Annotated[
        list[str],
        Champ(
            "Actes spécifiques",
            "specificites",
            TypeChamp.RECHERCHE_MULTIPLE,
            jdv="J16",
            fhir="characteristic[specificAct]",
        ),
    ] = Field(default_factory=list, sa_type=JSON)
    acte_realise_hors_cabinet: Annotated[
        list[str],
        Champ(
            "Actes réalisés hors cabinet",
            "specificites",
            TypeChamp.RECHERCHE_MULTIPLE,
            jdv="J16",
            visible_si=_ville,
            fhir="characteristic[outsideOfficeAct]",
        ),
    ] = Field(default_factory=list, sa_type=JSON)
    specialisation_prise_en_charge: Annotated[
        list[str],
        Champ(
            "Spécialisations de prise en charge",
            "specificites",
            TypeChamp.RECHERCHE_MULTIPLE,
            jdv="J35",
            visible_si=_specialisation,
            fhir="characteristic[takingCareSpeciality]",
        ),
    ] = Field(default_factory=list, sa_type=JSON)
    profession_ressource: Annotated[
        list[str],
        Champ(
            "Professions ressources",
            "specificites",
            TypeChamp.RECHERCHE_MULTIPLE,
            jdv="J186",
            fhir="characteristic[ressourceProfession]",
        ),
    ] = Field(default_factory=list, sa_type=JSON)
    competence_specifique: Annotated[
        list[str],
        Champ(
            "Compétences spécifiques",
            "specificites",
            TypeChamp.RECHERCHE_MULTIPLE,
            jdv="J33",
            fhir="characteristic[specificCompetence]",
        ),
    ] = Field(default_factory=list, sa_type=JSON)
    niveau_expertise: Annotated[
        list[str],
        Champ(
            "Niveau de recours dans le parcours de santé",
            "specificites",
            TypeChamp.RECHERCHE_MULTIPLE,
            jdv="J227",
            visible_si=_sanitaire,
            fhir="characteristic[expertiseLevel]",
        ),
    ] = Field(default_factory=list, sa_type=JSON)
    secteur_psychiatrique: Annotated[
        str,
        Champ(
            "Secteur psychiatrique",
            "specificites",
            maximum=40,
            visible_si=_psychiatrie,
            aide="Par exemple 81G01 ; séparez plusieurs secteurs par une virgule.",
            fhir="extension[ror-healthcareservice-psychiatric-sector]",
        ),
    ] = ""
    habilitation_aux_soins_sans_consentement: Annotated[
        bool | None,
        Champ(
            "Habilitation aux soins sans consentement",
            "specificites",
            TypeChamp.OUI_NON,
            visible_si=_psychiatrie,
            fhir="extension[ror-healthcareservice-no-consent-habilitation]",
        ),
    ] = None
    type_fermeture: Annotated[
        str,
        Champ(
            "Type de fermeture",
            "fermeture",
            TypeChamp.CHOIX,
            jdv="J185",
            edition=Edition.GESTE,
            fhir="characteristic[temporalityStopService]",
        ),
    ] = ""
    date_fermeture: Annotated[
        date | None,
        Champ(
            "Date de fermeture",
            "fermeture",
            TypeChamp.DATE,
            edition=Edition.GESTE,
            fhir="notAvailable[closingReopeningDate].during.start",
        ),
    ] = None
    date_previsionnelle_reouverture: Annotated[
        date | None,
        Champ(
            "Date prévisionnelle de réouverture",
            "fermeture",
            TypeChamp.DATE,
            edition=Edition.GESTE,
            fhir="notAvailable[closingReopeningDate].during.end",
            a_relire=True,
        ),
    ] = None

    patientele: ClassVar[Groupe] = Groupe(
        "Patientèle",
        "patientele",
        Patientele,
        "patientèle",
        feminin=True,
        unique=True,
        minimum=1,
        fhir="extension[ror-supported-patient-info]",
    )
    activite_operationnelle: ClassVar[Groupe] = Groupe(
        "Activités opérationnelles",
        "specificites",
        ActiviteOperationnelle,
        "activité",
        feminin=True,
        minimum=1,
        aide="Au moins une.",
        par_recherche="activite_operationnelle",
        fhir="specialty",
        a_relire=True,
    )
    lieu_realisation_offre: ClassVar[Champ] = Champ(
        "Lieux",
        "adresse",
        TypeChamp.LIEUX,
        obligatoire=True,
        fhir="location",
        aide="Au moins un, avec une adresse complète. Cherchez par le nom du lieu ou sa fonction.",
    )
    contact: ClassVar[Groupe] = Groupe(
        "Contacts",
        "contacts",
        Contact,
        "contact",
        minimum=1,
        joindre=True,
        fhir="extension[ror-healthcareservice-contact]",
        a_relire=True,
    )
    lien_teleconsultation: ClassVar[Groupe] = Groupe(
        "Lien de téléconsultation",
        "accueil",
        LienTeleconsultation,
        "lien",
        maximum=LIENS_MAXIMUM,
        visible_si=_teleconsultation,
        joindre=True,
        fhir="extension[ror-healthcareservice-contact][09]",
        a_relire=True,
    )
    canal_teleexpertise: ClassVar[Groupe] = Groupe(
        "Canal de téléexpertise",
        "accueil",
        CanalTeleexpertise,
        "canal",
        maximum=LIENS_MAXIMUM,
        visible_si=_teleexpertise,
        joindre=True,
        fhir="extension[ror-healthcareservice-contact][15]",
        a_relire=True,
    )
    situation_operationnelle: ClassVar[Groupe] = Groupe(
        "Professionnels",
        "professionnels",
        SituationOperationnelle,
        "professionnel",
        fhir="PractitionerRole",
    )
    boite_lettre_mss: ClassVar[Groupe] = Groupe(
        "Boîtes aux lettres MSSanté",
        "boites_mss",
        BoiteLettreMSS,
        "boîte",
        feminin=True,
        joindre=True,
        fhir="telecom[mailbox-mss]",
        a_relire=True,
    )
    horaire: ClassVar[Groupe] = Groupe(
        "Horaires",
        "horaires",
        Horaire,
        "horaire",
        fhir="availableTime",
        en_semaine=True,
        mise_en_ordre=couper_a_minuit,
        a_relire=True,
    )
