"""What hangs below an offer or a structure, read whole: levels, offers, and the lieux they use.

The number of statements does not depend on how many there are.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import literal
from sqlmodel import Session, col, exists, select

from rxror.ror import parcours
from rxror.ror.fermeture import Fermeture
from rxror.ror.objets import (
    CapaciteAccueilOperationnelle,
    LieuRealisationOffre,
    OffreLieu,
    OffreOperationnelle,
    OrganisationInterne,
)
from rxror.ror.objets.lieu import DISPONIBLE, LIT, SAISIE_MANUELLE
from rxror.services.etats import a_un_brouillon
from rxror.tables import Brouillon
from rxror.tri import en_ordre

OFFRE, STRUCTURE = OffreOperationnelle.GENRE, OrganisationInterne.GENRE
TYPES = {"1": "Pôle", "2": "Service", "3": "UF"}


@dataclass(frozen=True)
class Noeud:
    """One level or one offer of the tree.

    Attributes:
        parent: id of the structure right above; None at the top.
        brouillon: whether something saved waits on it, or on a lieu of the offer.
        profondeur: 0 for the object of the gesture.
        mise_jour: its date of update, before the gesture.
    """

    genre: str
    id: int
    identifiant: str
    nom: str
    sorte: str
    parent: int | None
    version: int
    fermeture: Fermeture | None
    ouverture: date | None = None
    brouillon: bool = False
    profondeur: int = 0
    mise_jour: datetime | None = None

    @property
    def cle(self) -> str:
        """Name of the object in brouillons and traces."""
        return f"{self.genre}:{self.identifiant}"

    @property
    def url(self) -> str:
        """Its page."""
        return (parcours.url_offre if self.genre == OFFRE else parcours.url_structure)(self.identifiant)

    @property
    def accord(self) -> str:
        """« e » where the name of its kind is feminine."""
        return "" if self.sorte in ("Pôle", "Service") else "e"

    @property
    def offre(self) -> bool:
        """Whether it is an offer."""
        return self.genre == OFFRE


@dataclass
class Disponible:
    """« Disponible » lines of a lieu that are not 0. `saisies` may be put to 0 here, {id of the line: number}."""

    saisies: dict[int, int] = field(default_factory=dict)
    lits: int = 0
    places: int = 0
    d_un_logiciel: int = 0


@dataclass
class LieuServi:
    """A lieu of the offers of the tree. `usages` are the offers it serves, {id: closing}."""

    id: int
    identifiant: str
    nom: str
    version: int
    usages: dict[int, Fermeture | None] = field(default_factory=dict)
    disponible: Disponible = field(default_factory=Disponible)


def arbre(session: Session, racine: OffreOperationnelle | OrganisationInterne) -> list[Noeud]:
    """The object of the gesture, then all below it, each under what holds it. Two statements at most."""
    if isinstance(racine, OffreOperationnelle):
        return _offres(session, col(OffreOperationnelle.id) == racine.id)
    dedans = select(OrganisationInterne.id).where(OrganisationInterne.id == racine.id).cte("dedans", recursive=True)
    dessous = select(OrganisationInterne.id).join(dedans, col(OrganisationInterne.parent_id) == dedans.c.id)
    ids = select(dedans.union(dessous).c.id)  # `union`, not `union all`: a loop in the data ends by itself
    noeuds = _structures(session, ids) + _offres(session, col(OffreOperationnelle.organisation_interne_id).in_(ids))
    return _en_arbre(noeuds, racine.id or 0)


def _structures(session: Session, ids: Any) -> list[Noeud]:
    oi: Any = OrganisationInterne
    garde = exists().where(col(Brouillon.objet) == literal(f"{STRUCTURE}:") + col(oi.identifiant_oi))
    requete = sa.select(
        oi.id,
        oi.identifiant_oi,
        oi.nom_oi,
        oi.type_oi,
        oi.parent_id,
        oi.version,
        oi.type_fermeture,
        oi.date_fermeture,
        oi.date_previsionnelle_reouverture,
        oi.date_ouverture,
        garde,
        oi.date_mise_jour,
    )
    return [
        Noeud(
            STRUCTURE,
            n,
            cle,
            nom,
            TYPES.get(type_oi, ""),
            parent,
            version,
            _fermeture(*f),
            ouverture,
            bool(garde),
            mise_jour=mise_jour,
        )
        for n, cle, nom, type_oi, parent, version, *f, ouverture, garde, mise_jour in session.execute(
            requete.where(col(oi.id).in_(ids)).order_by(en_ordre(oi.nom_oi), oi.id)
        )
    ]


def _offres(session: Session, *conditions: Any) -> list[Noeud]:
    offre: Any = OffreOperationnelle
    requete = sa.select(
        offre.id,
        offre.identifiant_offre,
        offre.nom_offre,
        offre.organisation_interne_id,
        offre.version,
        offre.type_fermeture,
        offre.date_fermeture,
        offre.date_previsionnelle_reouverture,
        a_un_brouillon(),
        offre.date_mise_jour,
    )
    return [
        Noeud(
            OFFRE,
            n,
            cle,
            nom or "Offre sans nom",
            "Offre",
            parent,
            version,
            _fermeture(*f),
            None,
            bool(garde),
            mise_jour=mise_jour,
        )
        for n, cle, nom, parent, version, *f, garde, mise_jour in session.execute(
            requete.where(*conditions).order_by(en_ordre(offre.nom_offre), offre.id)
        )
    ]


def _fermeture(type_: str, jour: date | None, retour: date | None) -> Fermeture | None:
    return Fermeture(type_ or "", jour, retour) if jour else None


def _en_arbre(noeuds: list[Noeud], racine: int) -> list[Noeud]:
    """Depth first; offers of a structure come before the structures below it."""
    dessous: dict[int | None, list[Noeud]] = {}
    for noeud in sorted(noeuds, key=lambda n: not n.offre):
        dessous.setdefault(noeud.parent, []).append(noeud)
    premier = next(n for n in noeuds if not n.offre and n.id == racine)
    ranges, vues, a_voir = [], set[str](), [(premier, 0)]
    while a_voir:
        noeud, profondeur = a_voir.pop(0)
        if noeud.cle in vues:
            continue
        vues.add(noeud.cle)
        ranges.append(Noeud(**{**noeud.__dict__, "profondeur": profondeur}))
        if not noeud.offre:
            a_voir[:0] = [(n, profondeur + 1) for n in dessous.get(noeud.id, [])]
    return ranges


def lieux(session: Session, noeuds: Iterable[Noeud], etablissement_id: int) -> list[LieuServi]:
    """The lieux of the offers of a tree, with every offer they serve and their « disponible » lines."""
    offres = [n.id for n in noeuds if n.offre]
    if not offres:
        return []
    lieu: Any = LieuRealisationOffre
    usage: Any = OffreLieu
    autre: Any = OffreOperationnelle
    siens = select(usage.lieu_realisation_offre_id).where(col(usage.offre_operationnelle_id).in_(offres))
    requete = (
        sa.select(
            lieu.id,
            lieu.identifiant,
            lieu.nom,
            lieu.version,
            autre.id,
            autre.type_fermeture,
            autre.date_fermeture,
            autre.date_previsionnelle_reouverture,
        )
        .join(usage, col(usage.lieu_realisation_offre_id) == lieu.id)
        .join(autre, col(usage.offre_operationnelle_id) == autre.id)
        .where(col(lieu.id).in_(siens), lieu.entite_geographique_id == etablissement_id)
        .order_by(en_ordre(lieu.nom), lieu.id)
    )
    trouves: dict[int, LieuServi] = {}
    for numero, identifiant, nom, version, offre, *f in session.execute(requete):
        connu = trouves.setdefault(numero, LieuServi(numero, identifiant, nom or identifiant, version))
        connu.usages[offre] = _fermeture(*f)
    _compter_le_disponible(session, trouves)
    return list(trouves.values())


def _compter_le_disponible(session: Session, trouves: dict[int, LieuServi]) -> None:
    ligne: Any = CapaciteAccueilOperationnelle
    requete = sa.select(
        ligne.id,
        ligne.lieu_realisation_offre_id,
        ligne.nature_capacite,
        ligne.nombre_capacite,
        ligne.type_source_capacite,
    ).where(
        col(ligne.lieu_realisation_offre_id).in_(list(trouves)),
        ligne.statut_capacite == DISPONIBLE,
        col(ligne.nombre_capacite) > 0,
    )
    for numero, lieu, nature, nombre, source in session.execute(requete):
        compte = trouves[lieu].disponible
        if (source or SAISIE_MANUELLE) != SAISIE_MANUELLE:
            compte.d_un_logiciel += nombre
            continue
        compte.saisies[numero] = nombre
        compte.lits += nombre if nature == LIT else 0
        compte.places += 0 if nature == LIT else nombre
