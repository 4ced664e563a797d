"""The offers and lieux below an établissement, a pôle, a service or a UF, of which one may validate each."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_
from sqlmodel import Session, col, select

from rxror.ror.dates import aujourd_hui
from rxror.ror.erreurs import AccesRefuse
from rxror.ror.objets import (
    EntiteGeographique,
    LieuRealisationOffre,
    OffreLieu,
    OffreOperationnelle,
    OrganisationInterne,
)
from rxror.services.acces import Acces, Acteur, Cible, Geste, exiger, permis
from rxror.services.etats import vivant
from rxror.tri import en_ordre

RACINES = (EntiteGeographique.GENRE, OrganisationInterne.GENRE)


@dataclass(frozen=True)
class Feuille:
    """One offer or one lieu; `lieux` are the ids of those that an offer has, `id` its own."""

    cible: Cible
    id: int
    validation: datetime | None
    lieux: frozenset[int] = frozenset()


def ouvrir(session: Session, acteur: Acteur, cible: Cible) -> Acces:
    """The node of an address.

    Raises:
        AccesRefuse: it is no node, or one may not read it.
    """
    if cible.genre not in RACINES:
        raise AccesRefuse(cible.cle)
    return exiger(session, acteur, cible, Geste.LIRE)


def structures_sous(racine: OrganisationInterne) -> Any:
    """Ids of a structure and of all those below it."""
    oi = OrganisationInterne
    dedans = select(oi.id).where(oi.id == racine.id).cte(recursive=True)
    dessous = select(oi.id).join(dedans, col(oi.parent_id) == dedans.c.id)
    return select(dedans.union(dessous).c.id)  # `union`, not `union all`: a loop in the data ends by itself


def offres_sous(racine: Any) -> ColumnElement[bool]:
    """Whether an offer hangs below a node."""
    offre = OffreOperationnelle
    if isinstance(racine, EntiteGeographique):
        return col(offre.entite_geographique_id) == racine.id
    return col(offre.organisation_interne_id).in_(structures_sous(racine))


def lieux_sous(racine: Any) -> ColumnElement[bool]:
    """Whether a lieu is of an établissement, or is used by an offer below a structure."""
    lieu, lien, offre = LieuRealisationOffre, OffreLieu, OffreOperationnelle
    if isinstance(racine, EntiteGeographique):
        return col(lieu.entite_geographique_id) == racine.id
    utilises = select(lien.lieu_realisation_offre_id).join(offre, col(offre.id) == lien.offre_operationnelle_id)
    return col(lieu.id).in_(utilises.where(offres_sous(racine)))


def feuilles(session: Session, acteur: Acteur, racine: Any) -> tuple[list[Feuille], list[Feuille]]:
    """(offers, lieux) that one may validate, those never validated first, then the oldest. Three queries.

    Of a structure, the lieux that its offers use; of an établissement, all of them. What is closed for good is left
    out, with the lieux that serve nothing else.
    """
    offre, lieu, lien = OffreOperationnelle, LieuRealisationOffre, OffreLieu
    jour = aujourd_hui()
    siennes = and_(offres_sous(racine), permis(acteur, Geste.VALIDER, offre), vivant(offre, jour))
    liens: dict[int, set[int]] = {}
    for o, x in session.exec(
        select(lien.offre_operationnelle_id, lien.lieu_realisation_offre_id)
        .join(offre, col(offre.id) == lien.offre_operationnelle_id)
        .where(siennes)
    ):
        liens.setdefault(o, set()).add(x)
    offres = [
        Feuille(Cible(offre.GENRE, identifiant), numero or 0, validation, frozenset(liens.get(numero or 0, ())))
        for numero, identifiant, validation in session.exec(
            select(offre.id, offre.identifiant_offre, offre.date_validation)
            .where(siennes)
            .order_by(col(offre.date_validation).is_not(None), col(offre.date_validation), en_ordre(offre.nom_offre))
            .order_by(col(offre.id))
        )
    ]
    requete = (
        select(lieu.id, lieu.identifiant, lieu.date_validation)
        .where(lieux_sous(racine), permis(acteur, Geste.VALIDER, lieu), vivant(lieu, jour))
        .order_by(col(lieu.date_validation).is_not(None), col(lieu.date_validation), en_ordre(lieu.nom), col(lieu.id))
    )
    lieux = [Feuille(Cible(lieu.GENRE, i), numero or 0, validation) for numero, i, validation in session.exec(requete)]
    return offres, lieux
