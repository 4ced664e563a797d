"""The lieux of an établissement, as a list: the first of them, or those that a search finds."""

from collections.abc import Collection

from sqlalchemy import Select
from sqlmodel import Session, col, func, select

from rxror.ror.nomenclatures import sans_accent
from rxror.ror.objets import EntiteGeographique, LieuRealisationOffre, OffreLieu
from rxror.ror.parcours import url_lieu
from rxror.services.acces import Acteur, Cible, Geste, exiger
from rxror.services.nomenclatures import catalogue
from rxror.services.vues import LigneLieu, VueLieux

AU_PLUS = 100


def lister(session: Session, acteur: Acteur, finess: str, texte: str = "") -> VueLieux:
    """Lieux whose name or function holds a word starting with each word typed, by name; all without a word.

    Raises:
        AccesRefuse: no such établissement, or no habilitation on it.
    """
    acces = exiger(session, acteur, Cible(EntiteGeographique.GENRE, finess), Geste.LIRE)
    cat, mots = catalogue(session), sans_accent(texte).split()
    trouves: list[LigneLieu] = []
    for identifiant, nom, fonction, usages in session.execute(requete(acces.objet)):
        libelle = cat.libelle("J198", fonction) if fonction else ""
        if contient(f"{nom} {libelle}", mots):
            trouves.append(LigneLieu(identifiant, nom or identifiant, libelle, usage(usages), url_lieu(identifiant)))
    n = len(trouves)
    resume = f"{n} lieu{'x' if n > 1 else ''}" if n else "Aucun lieu"
    suite = f", les {AU_PLUS} premiers sont montrés : cherchez les autres par leur nom" if n > AU_PLUS else ""
    return VueLieux(lignes=trouves[:AU_PLUS], resume=resume + suite)


def requete(eg: EntiteGeographique) -> "Select[str, str, str, int]":
    """(identifier, name, function, number of offers) of the lieux of an établissement, by name."""
    lieu = LieuRealisationOffre
    nombre = func.count(col(OffreLieu.offre_operationnelle_id))
    return (
        select(lieu.identifiant, lieu.nom, lieu.fonction_lieu, nombre)
        .outerjoin(OffreLieu, col(OffreLieu.lieu_realisation_offre_id) == lieu.id)
        .where(lieu.entite_geographique_id == eg.id)
        .group_by(col(lieu.id), lieu.identifiant, lieu.nom, lieu.fonction_lieu)
        .order_by(lieu.nom, lieu.identifiant)
    )


def contient(texte: str, mots: Collection[str]) -> bool:
    """Whether each word starts a word of the text."""
    dits = sans_accent(texte).split()
    return all(any(dit.startswith(mot) for dit in dits) for mot in mots)


def usage(nombre: int) -> str:
    """How many offers a lieu serves, in words."""
    if not nombre:
        return "ne sert encore aucune offre"
    return f"sert {nombre} offres" if nombre > 1 else "sert 1 offre"
