"""The brouillons of an object, laid over what is published."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import literal, tuple_
from sqlmodel import Session, col, delete, or_, select, update

from rxror.ror.champs import Contexte, Modele
from rxror.ror.erreurs import Depasse
from rxror.ror.objets import EntiteGeographique, LieuRealisationOffre, OffreLieu, OffreOperationnelle
from rxror.ror.reperes import cle_de
from rxror.ror.saisie import Valeurs
from rxror.services.acces import Acteur
from rxror.tables import Brouillon


def charger(session: Session, cles: Iterable[str]) -> dict[str, dict[str, Brouillon]]:
    """Brouillons of several objects, {object key: {section: Brouillon}}, in one query."""
    resultat: dict[str, dict[str, Brouillon]] = {cle: {} for cle in cles}
    if resultat:
        for brouillon in session.exec(select(Brouillon).where(col(Brouillon.objet).in_(list(resultat)))):
            resultat[brouillon.objet][brouillon.section] = brouillon
    return resultat


def charger_avec_ses_lieux(session: Session, offre: OffreOperationnelle) -> dict[str, dict[str, Brouillon]]:
    """Brouillons of an offer and of the lieux published with it, in one query."""
    cle_lieu = literal(LieuRealisationOffre.GENRE + ":") + LieuRealisationOffre.identifiant
    siens = (
        select(cle_lieu)
        .join(OffreLieu, col(OffreLieu.lieu_realisation_offre_id) == LieuRealisationOffre.id)
        .where(OffreLieu.offre_operationnelle_id == offre.id)
    )
    cle = cle_de(offre)
    resultat: dict[str, dict[str, Brouillon]] = {cle: {}}
    for brouillon in session.exec(
        select(Brouillon).where(or_(Brouillon.objet == cle, col(Brouillon.objet).in_(siens)))
    ):
        resultat.setdefault(brouillon.objet, {})[brouillon.section] = brouillon
    return resultat


def superposer(publiees: Mapping[str, Any], brouillons: Iterable[Brouillon]) -> Valeurs:
    """Published values overlaid by the brouillons."""
    valeurs = dict(publiees)
    for brouillon in brouillons:
        valeurs |= brouillon.valeurs
    return valeurs


def contexte(valeurs: Mapping[str, Any], etablissement: EntiteGeographique, modele: Modele | None = None) -> Contexte:
    """What conditions and rules may look at."""
    return Contexte(valeurs, etablissement.categorie_eg, modele)


def differences(avant: Mapping[str, Any], apres: Mapping[str, Any]) -> list[dict[str, Any]]:
    """[{champ, avant, apres}] of the champs that differ."""
    return [
        {"champ": nom, "avant": avant.get(nom), "apres": valeur}
        for nom, valeur in apres.items()
        if avant.get(nom) != valeur
    ]


def ecrire(
    session: Session,
    acteur: Acteur,
    objet: str,
    section: str,
    brouillon: Brouillon | None,
    valeurs: Valeurs,
    illisibles: Mapping[str, str],
    changements: Iterable[Mapping[str, Any]],
    quand: datetime,
    parties: Iterable[str] | None = None,
) -> None:
    """Write what is kept of one section, over its `brouillon` when there is one; the caller traces it.

    Args:
        parties: "contact.12" for each row that changes; without them, all the rows of what changes are this acteur's.

    Raises:
        Depasse: somebody wrote it after `brouillon` was read.
    """
    signature, champs = [acteur.id, quand.isoformat()], [c["champ"] for c in changements]
    auteurs = dict(brouillon.auteurs) if brouillon else {}
    if parties is None:
        auteurs = {nom: dit for nom, dit in auteurs.items() if nom.partition(".")[0] not in champs}
    auteurs |= dict.fromkeys([*champs, *(parties or [])], signature)
    colonnes = {"valeurs": valeurs, "illisibles": dict(illisibles), "auteurs": auteurs}
    colonnes |= {"utilisateur_id": acteur.id, "modifie": quand}
    if brouillon is None:
        session.add(Brouillon(objet=objet, section=section, **colonnes))
        session.flush()
        return
    requete = update(Brouillon).where(col(Brouillon.id) == brouillon.id, col(Brouillon.version) == brouillon.version)
    if session.exec(requete.values(**colonnes, version=brouillon.version + 1)).rowcount != 1:
        raise Depasse


def supprimer(session: Session, lus: Sequence[Brouillon]) -> None:
    """Delete brouillons as they were read.

    Raises:
        Depasse: somebody wrote one of them since.
    """
    if not lus:
        return
    cles = tuple_(col(Brouillon.id), col(Brouillon.version)).in_([(b.id, b.version) for b in lus])
    if session.exec(delete(Brouillon).where(cles).execution_options(synchronize_session="fetch")).rowcount != len(lus):
        raise Depasse
