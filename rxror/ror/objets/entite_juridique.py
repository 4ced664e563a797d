"""EntiteJuridique (EJ): the legal person. All of it comes from FINESS and is read-only for the référent.

Source: modèle d'exposition du ROR 3.0.1, class EntiteJuridique. FHIR: Organization.
"""

from datetime import date
from typing import Annotated, ClassVar

from sqlmodel import Field

from rxror.ror.champs import Champ, Edition, Groupe, Section, TypeChamp
from rxror.ror.objets.commun import Adresse, Contact, Metadonnee

SECTIONS = (
    Section("identification", "Identification (FINESS)", modifiable=False, origine="FINESS"),
    Section("adresse", "Adresse (FINESS)", modifiable=False, origine="FINESS"),
)


class EntiteJuridique(Metadonnee, Adresse, table=True):
    """Legal person that answers for one or several entités géographiques."""

    __tablename__ = "entite_juridique"
    SECTIONS: ClassVar = SECTIONS
    GENRE: ClassVar = "ej"

    id: int | None = Field(default=None, primary_key=True)
    num_finess: Annotated[
        str, Champ("FINESS entité juridique", "identification", edition=Edition.FINESS, fhir="identifier[finess]")
    ] = Field(unique=True, max_length=9)
    num_siren: Annotated[str, Champ("SIREN", "identification", edition=Edition.FINESS, fhir="identifier[siren]")] = ""
    raison_sociale: Annotated[str, Champ("Raison sociale", "identification", edition=Edition.FINESS, fhir="name")] = ""
    complement_raison_sociale: Annotated[
        str,
        Champ(
            "Complément de raison sociale",
            "identification",
            edition=Edition.FINESS,
            fhir="extension[ror-organization-additional-name]",
        ),
    ] = ""
    statut_juridique: Annotated[
        str, Champ("Statut juridique", "identification", edition=Edition.FINESS, fhir="type[statutJuridiqueINSEE]")
    ] = ""
    sous_ensemble_agregat_statut_juridique: Annotated[
        str,
        Champ(
            "Agrégat de statut juridique",
            "identification",
            TypeChamp.LISTE,
            jdv="J200",
            edition=Edition.FINESS,
            fhir="type[sousEnsembleAgregatStatutJuridique]",
        ),
    ] = ""
    date_creation_ej: Annotated[
        date | None,
        Champ(
            "Date de création",
            "identification",
            TypeChamp.DATE,
            edition=Edition.FINESS,
            fhir="extension[ror-organization-creation-date]",
        ),
    ] = None
    date_fermeture: Annotated[
        date | None,
        Champ(
            "Date de fermeture",
            "identification",
            TypeChamp.DATE,
            edition=Edition.FINESS,
            fhir="extension[ror-organization-closing-date]",
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
        ),
    ] = ""
    source_finess: date | None = Field(default=None, description="Day of the FINESS extraction it was read from")

    contact: ClassVar[Groupe] = Groupe("Contacts", "contacts", Contact, "contact", fhir="contact")
