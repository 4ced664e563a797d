"""Write the pôles, UF, lieux and offers of the content, without their parts."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlmodel import select

from rxror.demonstration.chargement import Chargement
from rxror.demonstration.lire import Ligne, instant
from rxror.ror.objets import Adresse, LieuRealisationOffre, OffreOperationnelle, OrganisationInterne
from rxror.ror.objets.organisation_interne import POLE, UF
from rxror.services.acces import IDENTIFIANTS
from rxror.services.identifiants import OCCITANIE

CREATION = datetime(2022, 3, 14, 9, 30, tzinfo=UTC)
AGE_DES_STRUCTURES = "200"
JAMAIS_VALIDEE = "jamais_validee"
RESPONSABLES = {"01": "Claire Dumas", "04": "Mireille Faure"}
OPERATIONNEL = "3"

Valeurs = dict[str, Any]


def ecrire_les_objets(charge: Chargement) -> None:
    """Insert or update every object that nobody has touched: a pôle before its UF, a UF before its offers."""
    structures = charge.contenu.par("structures", "type")
    _ecrire(charge, OrganisationInterne, structures[POLE], _structure)
    _ecrire(charge, OrganisationInterne, structures[UF], _structure)
    _ecrire(charge, LieuRealisationOffre, charge.contenu.lignes("lieux"), _lieu)
    _ecrire(charge, OffreOperationnelle, charge.contenu.lignes("offres"), _offre)


def _ecrire(
    charge: Chargement, classe: Any, lignes: list[Ligne], lire: Callable[[Chargement, Ligne], Valeurs | None]
) -> None:
    cle = IDENTIFIANTS[classe.GENRE]
    requete = select(classe).where(cle.in_([x["identifiant"] for x in lignes]))
    presents = {getattr(objet, cle.key): objet for objet in charge.session.exec(requete)}
    for ligne in lignes:
        identifiant = ligne["identifiant"]
        objet = presents.get(identifiant)
        if objet is not None and _touche(charge, objet, identifiant):
            charge.objets[identifiant] = objet
            continue
        valeurs = lire(charge, ligne)
        if valeurs is None:
            continue
        objet = objet or classe(**{cle.key: identifiant})
        for nom, valeur in {**_metadonnee(charge, ligne), **valeurs}.items():
            setattr(objet, nom, valeur)
        charge.session.add(objet)
        charge.objets[identifiant] = objet
        charge.ecrits.add(identifiant)
    charge.session.flush()


def _touche(charge: Chargement, objet: Any, identifiant: str) -> bool:
    """Whether somebody has modified the object, saved a brouillon of it, acted on it, or made it."""
    cle = f"{objet.GENRE}:{identifiant}"
    return not objet.demonstration or objet.version > charge.versions.get(cle, 1) or cle in charge.touches


def _metadonnee(charge: Chargement, ligne: Ligne) -> Valeurs:
    quand = instant(charge.jour, ligne.get("jours", AGE_DES_STRUCTURES))
    validee = ligne.get("defaut") != JAMAIS_VALIDEE
    return {
        "date_creation": CREATION,
        "date_mise_jour": quand,
        "date_validation": quand if validee else None,
        "validateur": RESPONSABLES[ligne.get("champ", "01")] if validee else "",
        "region_source": OCCITANIE,
        "demonstration": True,
    }


def _rattachement(charge: Chargement, identifiant: str) -> tuple[int | None, int | None] | None:
    """Ids of the établissement and of the structure an identifier names; None when its établissement is missing."""
    if etablissement := charge.etablissements.get(identifiant):
        return etablissement.id, None
    structure = charge.objets.get(identifiant)
    return structure and (structure.entite_geographique_id, structure.id)


def _structure(charge: Chargement, ligne: Ligne) -> Valeurs | None:
    ou = _rattachement(charge, ligne["rattachement"])
    return ou and {
        "entite_geographique_id": ou[0],
        "parent_id": ou[1],
        "type_oi": ligne["type"],
        "nom_oi": ligne["nom"],
        "description": ligne["description"],
    }


def _lieu(charge: Chargement, ligne: Ligne) -> Valeurs | None:
    etablissement = charge.etablissements.get(ligne["etablissement"])
    if etablissement is None:
        return None
    return {nom: getattr(etablissement, nom) for nom in (*Adresse.model_fields, "latitude", "longitude")} | {
        "entite_geographique_id": etablissement.id,
        "nom": ligne["nom"],
        "fonction_lieu": ligne["fonction"],
        "statut": OPERATIONNEL,
        "coordonnees_fiables": True,
    }


def _offre(charge: Chargement, ligne: Ligne) -> Valeurs | None:
    ou = _rattachement(charge, ligne["rattachement"])
    return ou and {
        "entite_geographique_id": ou[0],
        "organisation_interne_id": ou[1],
        "nom_offre": ligne["nom"],
        "champ_activite": ligne["champ"],
        "mode_prise_en_charge": ligne["mode"],
        "type_offre": ligne["type"],
        "modalite_accueil": ligne["modalites"].split(),
        "temporalite_accueil": ligne["temporalite"],
        "ouverture_annuelle": ligne["ouverture"],
        "zone_intervention": sorted(ligne["zone"].split()),
        "acte_specifique": ligne["actes"].split(),
        "niveau_expertise": ligne["niveaux"].split(),
        "profession_ressource": ligne["professions"].split(),
        "unite_sensible": ligne["sensible"] == "oui",
        "modele_saisie": ligne["modele"],
    }
