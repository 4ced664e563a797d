"""The trace of a load: the author of what it writes is the demonstration, never an invented person."""

from typing import Any

from sqlmodel import Session, col, select

from rxror.demonstration.chargement import Chargement
from rxror.ror.objets import OBJETS, EntiteGeographique, LieuRealisationOffre, OffreOperationnelle, OrganisationInterne
from rxror.ror.saisie import Valeurs
from rxror.services import contenu
from rxror.services.acces import IDENTIFIANTS
from rxror.services.desaccords import CHARGEMENT
from rxror.services.tracer import ajouter, une_ligne_importee
from rxror.services.versions import changements_de
from rxror.tables import Action, Trace

SOURCE = CHARGEMENT
FICHIERS: dict[str, type] = {
    "structures": OrganisationInterne,
    "lieux": LieuRealisationOffre,
    "offres": OffreOperationnelle,
}


def versions_chargees(session: Session) -> dict[str, int]:
    """{key of an object: last version that a load of the demonstration wrote}."""
    requete = select(Trace.objet, Trace.version_apres).where(Trace.action == Action.IMPORT, Trace.nom == SOURCE)
    return {objet: version or 1 for objet, version in session.exec(requete.order_by(col(Trace.id)))}


def photographier(charge: Chargement) -> dict[str, Valeurs]:
    """{key: values} of the objects of the content that are there already."""
    photo: dict[str, Valeurs] = {}
    for fichier, classe in FICHIERS.items():
        numero = _numero(classe)
        cles = [ligne["identifiant"] for ligne in charge.contenu.lignes(fichier)]
        objets = charge.session.exec(select(classe).where(numero.in_(cles))).all()
        lues = contenu.lire(charge.session, classe, objets)
        photo |= {_cle(objet): lues[objet.id] for objet in objets}
    return photo


def tracer_le_chargement(charge: Chargement, avant: dict[str, Valeurs]) -> None:
    """One line for each object that the load wrote, with its next version when it was there and differs."""
    charge.session.flush()
    finess = {
        eg.id: eg.num_finess
        for eg in charge.session.exec(
            select(EntiteGeographique).where(col(EntiteGeographique.num_finess).in_(list(charge.etablissements)))
        )
    }
    traces: list[Trace] = []
    for classe in FICHIERS.values():
        ecrits = [o for cle, o in charge.objets.items() if cle in charge.ecrits and isinstance(o, classe)]
        lues = contenu.lire(charge.session, classe, ecrits)
        for objet in ecrits:
            cle = _cle(objet)
            changements = changements_de(classe, avant.get(cle, {}), lues[objet.id])
            version = objet.version if cle in avant else None
            if version and not changements:
                continue
            objet.version = (version or 0) + 1
            traces.append(une_ligne_importee(SOURCE, finess[objet.entite_geographique_id], cle, changements, version))
    ajouter(charge.session, traces)


def _numero(classe: Any) -> Any:
    return IDENTIFIANTS[classe.GENRE]


def _cle(objet: Any) -> str:
    return f"{objet.GENRE}:{getattr(objet, _numero(OBJETS[objet.GENRE]).key)}"
