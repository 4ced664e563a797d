"""Write the parts of the lieux and offers of the content: capacities, equipment, activités, contacts and the like."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlmodel import Session, SQLModel, col, delete, select

from rxror.demonstration.chargement import Chargement
from rxror.demonstration.lire import Ligne, activites, age, horaires
from rxror.ror.champs import cle_parente, groupes_de
from rxror.ror.objets import (
    ActiviteOperationnelle,
    CapaciteAccueilOperationnelle,
    CapaciteHabitation,
    Contact,
    EquipementSpecifique,
    Horaire,
    LieuRealisationOffre,
    LimiteCaracteristiqueEquipement,
    OffreLieu,
    OffreOperationnelle,
    Patientele,
    Telecommunication,
)
from rxror.ror.objets.lieu import COURANT, FERME, SUPPLEMENTAIRE
from rxror.ror.regles.moyens import COURRIEL, FIXE, SITE

POIDS_MAXIMUM, DIAMETRE_MAXIMUM = "001", "002"
AUCUNE_AFFECTATION = "01"


def remplacer_les_parties(charge: Chargement) -> None:
    """Give the objects written by this load the parts the content says, and no other."""
    for classe in (LieuRealisationOffre, OffreOperationnelle):
        ecrits = [o.id for cle, o in charge.objets.items() if cle in charge.ecrits and isinstance(o, classe)]
        _effacer_les_parties(charge.session, classe, ecrits)
    _parties_des_lieux(charge)
    _parties_des_offres(charge)
    _contacts(charge)


def _effacer_les_parties(session: Session, classe: type[SQLModel], ids: Sequence[int | None]) -> None:
    for groupe in groupes_de(classe).values():
        partie: Any = groupe.classe
        lien = getattr(partie, cle_parente(classe)).in_(ids)
        if groupes_de(partie):
            _effacer_les_parties(session, partie, session.exec(select(partie.id).where(lien)).all())
        session.exec(delete(partie).where(lien))
    if classe is OffreOperationnelle:
        session.exec(delete(OffreLieu).where(col(OffreLieu.offre_operationnelle_id).in_(ids)))


def _parties_des_lieux(charge: Chargement) -> None:
    parties: list[SQLModel] = []
    for ligne, lieu in charge.a_ecrire("capacites", "lieu"):
        parties.append(
            CapaciteAccueilOperationnelle(
                lieu_realisation_offre_id=lieu.id,
                nature_capacite=ligne["nature"],
                statut_capacite=ligne["statut"],
                nombre_capacite=int(ligne["nombre"]),
                temporalite_capacite=COURANT,
                genre_capacite_dispo=ligne["genre"],
                type_lit_supplementaire=ligne["type"] if ligne["statut"] == SUPPLEMENTAIRE else "",
                type_fermeture_capacite=ligne["type"] if ligne["statut"] == FERME else "",
                affectation_temporaire=AUCUNE_AFFECTATION,
                type_source_capacite=ligne["source"],
                date_maj_capacite=lieu.date_mise_jour,
            )
        )
    for ligne, lieu in charge.a_ecrire("habitations", "lieu"):
        parties.append(
            CapaciteHabitation(
                lieu_realisation_offre_id=lieu.id,
                type_habitation=ligne["type"],
                nb_habitation=int(ligne["nombre"]),
            )
        )
    charge.session.add_all(parties)
    _equipements(charge)


def _equipements(charge: Chargement) -> None:
    lignes = charge.a_ecrire("equipements", "lieu")
    equipements = [
        EquipementSpecifique(
            lieu_realisation_offre_id=lieu.id,
            type_equipement=ligne["type"],
            nb_equipement_en_service=int(ligne["nombre"]),
        )
        for ligne, lieu in lignes
    ]
    charge.session.add_all(equipements)
    charge.session.flush()
    charge.session.add_all(
        LimiteCaracteristiqueEquipement(
            equipement_specifique_id=equipement.id,
            type_caracteristique=limite,
            valeur_limite=Decimal(ligne[colonne]),
        )
        for (ligne, _), equipement in zip(lignes, equipements, strict=True)
        for limite, colonne in ((POIDS_MAXIMUM, "poids"), (DIAMETRE_MAXIMUM, "diametre"))
        if ligne[colonne]
    )


def _parties_des_offres(charge: Chargement) -> None:
    for ligne, offre in charge.a_ecrire("offres", "identifiant"):
        cle = {"offre_operationnelle_id": offre.id}
        (age_min, unite_min), (age_max, unite_max) = (age(a) for a in ligne["ages"].split("-"))
        charge.session.add(
            Patientele(
                **cle,
                age_min=age_min,
                age_min_unite=unite_min,
                age_max=age_max,
                age_max_unite=unite_max,
                public_pris_en_charge=ligne["publics"].split(),
            )
        )
        charge.session.add_all(
            ActiviteOperationnelle(**cle, activite_operationnelle=a, famille_activite_operationnelle=f)
            for a, f in activites(ligne["activites"])
        )
        charge.session.add_all(
            Horaire(**cle, type_horaire=t, jour_semaine=j, heure_debut=de, heure_fin=a)
            for t, j, de, a in horaires(ligne["horaires"])
        )
        charge.session.add_all(
            OffreLieu(**cle, lieu_realisation_offre_id=charge.objets[lieu].id) for lieu in ligne["lieux"].split()
        )


def _contacts(charge: Chargement) -> None:
    lignes = charge.a_ecrire("contacts", "offre")
    contacts = [
        Contact(
            offre_operationnelle_id=offre.id,
            nature_contact=ligne["nature"],
            fonction_contact=ligne["fonction"],
            nom=ligne["nom"],
            description=ligne["precision"],
            niveau_confidentialite=ligne["niveau"],
        )
        for ligne, offre in lignes
    ]
    charge.session.add_all(contacts)
    charge.session.flush()
    for (ligne, _), contact in zip(lignes, contacts, strict=True):
        charge.session.add_all(_moyens(ligne, contact))


def _moyens(ligne: Ligne, contact: Contact) -> list[Telecommunication]:
    moyens = (
        (FIXE, ligne["telephone"], ligne["niveau_telephone"], ligne["utilisation"]),
        (COURRIEL, ligne["courriel"], ligne["niveau_courriel"], ""),
        (SITE, ligne["site"], ligne["niveau"], ligne["utilisation"]),
    )
    return [
        Telecommunication(
            contact_id=contact.id,
            canal=canal,
            adresse_telecom=adresse,
            niveau_confidentialite=niveau,
            utilisation=utilisation,
        )
        for canal, adresse, niveau, utilisation in moyens
        if adresse
    ]
