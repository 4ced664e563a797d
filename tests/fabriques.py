"""Builders: complete objects of the ROR, ready to be spoiled by a test."""

from typing import Any
from uuid import uuid4

from sqlmodel import Session

from rxror.ror.objets import (
    ActiviteOperationnelle,
    CapaciteAccueilOperationnelle,
    Contact,
    EntiteGeographique,
    LieuRealisationOffre,
    OffreLieu,
    OffreOperationnelle,
    Patientele,
    Telecommunication,
)
from rxror.services import modification
from rxror.services.acces import Cible
from rxror.services.modification import Enregistrement
from rxror.services.validation import DemandeValidation


def garder(session: Session, objet: Any) -> Any:
    """Add one row and give it its id."""
    session.add(objet)
    session.flush()
    return objet


def un_lieu(session: Session, eg: EntiteGeographique, **valeurs: Any) -> LieuRealisationOffre:
    """A lieu of 12 beds with a usable address."""
    lieu = garder(
        session,
        LieuRealisationOffre(
            **{
                "entite_geographique_id": eg.id,
                "identifiant": f"L{uuid4().hex[:8]}",
                "nom": "Gynécologie, 2e étage",
                "fonction_lieu": "001",
                "statut": "3",
                "numero_voie": "22",
                "type_voie": "BD",
                "libelle_voie": "SIBILLE",
                "code_postal": "81013",
                "localite": "ALBI CEDEX 9",
                "commune_cog": "81004",
                **valeurs,
            }
        ),
    )
    garder(
        session,
        CapaciteAccueilOperationnelle(
            lieu_realisation_offre_id=lieu.id,
            nature_capacite="01",
            statut_capacite="01",
            temporalite_capacite="01",
            nombre_capacite=12,
        ),
    )
    return lieu


def une_offre_complete(session: Session, eg: EntiteGeographique, oi: Any = None, **valeurs: Any) -> OffreOperationnelle:
    """An offer that « Valider » accepts: name, ages, activité, one contact with a telephone, one lieu."""
    offre = garder(
        session,
        OffreOperationnelle(
            **{
                "entite_geographique_id": eg.id,
                "organisation_interne_id": oi.id if oi else None,
                "identifiant_offre": f"76/{uuid4().hex[:8]}",
                "nom_offre": "Gynécologie, hospitalisation complète",
                "champ_activite": "01",
                "mode_prise_en_charge": "28",
                "type_offre": "157",
                "modalite_accueil": ["03"],
                **valeurs,
            }
        ),
    )
    garder(
        session,
        Patientele(
            offre_operationnelle_id=offre.id,
            public_pris_en_charge=["07"],
            age_min=15,
            age_min_unite="a",
            age_max=120,
            age_max_unite="a",
        ),
    )
    garder(session, ActiviteOperationnelle(offre_operationnelle_id=offre.id, activite_operationnelle="022"))
    contact = garder(
        session, Contact(offre_operationnelle_id=offre.id, nature_contact="07", niveau_confidentialite="1")
    )
    garder(
        session,
        Telecommunication(contact_id=contact.id, canal="2", adresse_telecom="0536491208", niveau_confidentialite="1"),
    )
    lieu = un_lieu(session, eg)
    garder(session, OffreLieu(offre_operationnelle_id=offre.id, lieu_realisation_offre_id=lieu.id))
    return offre


def un_enregistrement(
    objet: Any, section: str, saisie: dict[str, str], base: Any = None, cle: Any = None, **autres: Any
) -> Enregistrement:
    """A save of one section, as the page sends it."""
    identifiant = getattr(objet, "identifiant_offre", None) or objet.identifiant
    return Enregistrement(
        genre=objet.GENRE,
        identifiant=identifiant,
        section=section,
        base=base or {},
        cle=cle or uuid4(),
        saisie=saisie,
        **autres,
    )


def une_validation(offre: OffreOperationnelle, vu: str) -> DemandeValidation:
    """A « Valider », as the page sends it."""
    return DemandeValidation(identifiant=offre.identifiant_offre, vu=vu, cle=uuid4())


def saisie_de(
    session: Session, acteur: Any, objet: Any, section: str, **changements: str
) -> tuple[dict[str, str], Any]:
    """What the form of a section sends when only `changements` were typed, and what its page was shown with."""
    cible = Cible(objet.GENRE, getattr(objet, "identifiant_offre", None) or objet.identifiant)
    ouverte = modification.ouvrir(session, acteur, cible, section)
    lignes = {f"{chemin}.{cle}": "1" for chemin, cles in ouverte.form.lignes.items() for cle in cles}
    return {**lignes, **ouverte.form.valeurs, **changements}, ouverte.base


def enregistrer(session: Session, acteur: Any, objet: Any, section: str, **changements: str) -> modification.Reponse:
    """Open a section, type `changements`, « Enregistrer »."""
    saisie, base = saisie_de(session, acteur, objet, section, **changements)
    return modification.enregistrer(session, acteur, un_enregistrement(objet, section, saisie, base))
