"""OrganisationInterne (OI): pôle, service, unité fonctionnelle (UF).

Source: modèle d'exposition du ROR 3.0.1, class OrganisationInterne. FHIR: Organization (partOf).
"""

from datetime import date
from typing import Annotated, ClassVar

from sqlmodel import Field

from rxror.ror.champs import Champ, Edition, Groupe, Section, TypeChamp
from rxror.ror.objets.commun import BoiteLettreMSS, Contact, Metadonnee

POLE, SERVICE, UF = "1", "2", "3"
# STR-03: what may hang under an EG (""), a pôle, a service; a UF holds offers only. Levels may be skipped.
DESSOUS: dict[str, tuple[str, ...]] = {"": (POLE, SERVICE, UF), POLE: (SERVICE, UF), SERVICE: (UF,)}

SECTIONS = (
    Section("informations_generales", "Informations générales"),
    Section("contacts", "Contacts", aide="Le responsable et le secrétariat, pour qui cherche à les joindre."),
    Section("boites_mss", "Boîtes aux lettres MSSanté"),
    Section("fermeture", "Ouverture et fermeture"),
    Section("commentaire", "Commentaire"),
    Section(
        "informations_complementaires",
        "Informations complémentaires (identifiants techniques, dates, etc.)",
        modifiable=False,
        repliee=True,
    ),
)


class OrganisationInterne(Metadonnee, table=True):
    """A pôle, a service or a UF; it belongs to one EG and may hang under another OI."""

    __tablename__ = "organisation_interne"
    SECTIONS: ClassVar = SECTIONS
    GENRE: ClassVar = "structure"

    id: int | None = Field(default=None, primary_key=True)
    entite_geographique_id: int = Field(foreign_key="entite_geographique.id", index=True)
    parent_id: int | None = Field(default=None, foreign_key="organisation_interne.id", index=True)
    identifiant_oi: Annotated[
        str, Champ("Identifiant", "informations_complementaires", edition=Edition.SYSTEME, fhir="identifier")
    ] = Field(unique=True, max_length=40)
    type_oi: Annotated[
        str,
        Champ(
            "Type",
            "informations_generales",
            TypeChamp.CHOIX,
            jdv="J203",
            codes=(POLE, SERVICE, UF),
            obligatoire=True,
            edition=Edition.CREATION,
            fhir="type",
        ),
    ] = ""
    nom_oi: Annotated[str, Champ("Nom", "informations_generales", obligatoire=True, maximum=255, fhir="name")] = ""
    rattachement: ClassVar[Champ] = Champ(
        "Rattachement", "informations_generales", TypeChamp.REFERENCE, edition=Edition.CREATION, fhir="partOf"
    )
    description: Annotated[
        str,
        Champ(
            "Description",
            "informations_generales",
            TypeChamp.TEXTE_LONG,
            maximum=1000,
            fhir="extension[ror-organization-description]",
        ),
    ] = ""
    date_ouverture: Annotated[
        date | None, Champ("Date d’ouverture", "fermeture", TypeChamp.DATE, fhir="extension[organization-period].start")
    ] = None
    date_fermeture: Annotated[
        date | None,
        Champ(
            "Date de fermeture",
            "fermeture",
            TypeChamp.DATE,
            edition=Edition.GESTE,
            fhir="extension[organization-period].end",
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
            fhir="extension[ror-organization-closing-type]",
        ),
    ] = ""
    date_previsionnelle_reouverture: Annotated[
        date | None,
        Champ(
            "Date prévisionnelle de réouverture",
            "fermeture",
            TypeChamp.DATE,
            edition=Edition.GESTE,
            fhir="extension[ror-organization-reopening-date]",
        ),
    ] = None

    contact: ClassVar[Groupe] = Groupe("Contacts", "contacts", Contact, "contact", fhir="contact")
    boite_lettre_mss: ClassVar[Groupe] = Groupe(
        "Boîtes aux lettres MSSanté", "boites_mss", BoiteLettreMSS, "boîte", feminin=True, fhir="telecom[mailbox-mss]"
    )
