"""The tree of an établissement with its offers put in their places, and what is counted and filtered of each.

Three queries, however many the structures and the offers are.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col

from rxror.ror.fermeture import est_archive
from rxror.ror.fraicheur import Compte
from rxror.ror.objets import EntiteGeographique, OffreOperationnelle, OrganisationInterne
from rxror.ror.parcours import url_structure
from rxror.services.acces import Acteur, Geste, confie, permis
from rxror.services.arbre import Arbre
from rxror.services.ensemble_vues import Noeud
from rxror.services.etats import EN_RETARD, archive, est_inacheve, etats
from rxror.tri import en_ordre

DIRECTES, FERMEES = "directes:", "fermees:"  # branches that are no structure, before the FINESS number
TITRES = {DIRECTES: "Offres rattachées directement à l’établissement", FERMEES: "Fermées définitivement"}


class Ligne(NamedTuple):
    """An offer, as far as the tree is counted and filtered; from `brouillon` to `archive`, 0 or 1."""

    id: int
    eg: int
    oi: int | None
    validation: Any
    etat: str
    brouillon: int
    inacheve: int
    mienne: int
    modifiable: int
    archive: int
    identifiant: str
    nom: str


def lire(session: Session, acteur: Acteur, eg: EntiteGeographique, jour: date) -> "Foret":
    """The tree of an établissement that one may read."""
    return Foret(Arbre(session, eg, jour), _lire(session, acteur, eg, jour))


def _lire(session: Session, acteur: Acteur, eg: EntiteGeographique, jour: date) -> list[Ligne]:
    offre = OffreOperationnelle
    requete = (
        etats(jour)
        .add_columns(
            est_inacheve(jour).label("inacheve"),
            sa.case((confie(acteur, offre, jour), 1), else_=0).label("mienne"),
            sa.case((permis(acteur, Geste.MODIFIER, offre, jour), 1), else_=0).label("modifiable"),
            sa.case((archive(offre, jour), 1), else_=0).label("archive"),
            col(offre.identifiant_offre),
            col(offre.nom_offre),
        )
        .where(col(offre.entite_geographique_id) == eg.id)
        .order_by(en_ordre(offre.nom_offre), col(offre.id))
    )
    return [Ligne(*ligne) for ligne in session.execute(requete)]


@dataclass
class Foret:
    """The tree with its offers put in their places; `places` is in the order in which it is read."""

    arbre: Arbre
    lignes: list[Ligne]
    tetes: list[OrganisationInterne] = field(default_factory=list)
    closes: list[OrganisationInterne] = field(default_factory=list)
    places: dict[int | None, list[OrganisationInterne]] = field(default_factory=dict)
    retards: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        """Walk down from the top; what is closed for good is apart, and a loop in the data is not followed."""
        for oi in self.arbre.enfants(None):
            if self._suivre(oi, []):
                self.tetes.append(oi)
        for ligne in self.lignes:
            if ligne.mienne and ligne.etat in EN_RETARD:
                dessus = (s.identifiant_oi for s in self.places.get(ligne.oi, []))
                self.retards.update({self.tete(ligne), *dessus})

    def _suivre(self, oi: OrganisationInterne, dessus: list[OrganisationInterne]) -> bool:
        if oi.id in self.places:
            return False
        if est_archive(oi, self.arbre.jour):
            self.closes.append(oi)
            return False
        self.places[oi.id] = [*dessus, oi]
        for enfant in self.arbre.enfants(oi):
            self._suivre(enfant, self.places[oi.id])
        return True

    @property
    def finess(self) -> str:
        """Of the établissement."""
        return self.arbre.eg.num_finess

    def tete(self, ligne: Ligne) -> str:
        """Identifier of the branch in which an offer is."""
        if ligne.archive or (ligne.oi is not None and ligne.oi not in self.places):
            return FERMEES + self.finess
        return self.places[ligne.oi][0].identifiant_oi if ligne.oi is not None else DIRECTES + self.finess

    def autres(self) -> Iterator[str]:
        """Branches that are no structure, where there is something."""
        tenues = {self.tete(ligne) for ligne in self.lignes}
        if DIRECTES + self.finess in tenues:
            yield DIRECTES + self.finess
        if FERMEES + self.finess in tenues or self.closes:
            yield FERMEES + self.finess

    def dans(self, identifiant: str) -> list[Ligne]:
        """The offers of a node, wherever it is in the tree."""
        sous = {oi for oi, dessus in self.places.items() if identifiant in {s.identifiant_oi for s in dessus}}
        return [o for o in self.lignes if self.tete(o) == identifiant or (not o.archive and o.oi in sous)]

    def en_ordre(self, lignes: Iterable[Ligne]) -> list[Ligne]:
        """As the tree is read: by structure, then by name."""
        rang = {oi: i for i, oi in enumerate(self.places)}
        fin = len(rang)

        def place(ligne: Ligne) -> int:
            if self.tete(ligne) == FERMEES + self.finess:
                return fin + 1
            return fin if ligne.oi is None else rang[ligne.oi]

        return sorted(lignes, key=place)

    def nom(self, identifiant: str) -> str:
        """How a node is called; "" for none of the tree."""
        for debut, titre in TITRES.items():
            if identifiant == debut + self.finess:
                return titre
        return next((s[-1].nom_oi for s in self.places.values() if s[-1].identifiant_oi == identifiant), "")

    def entete(self, identifiant: str) -> Noeud:
        """A node at the top, folded."""
        if identifiant == DIRECTES + self.finess:
            return replie(identifiant, self.nom(identifiant), self.arbre.directes, self.retards[identifiant])
        if identifiant == FERMEES + self.finess:
            n = len(self.closes) + sum(self.tete(o) == identifiant for o in self.lignes)
            return Noeud(identifiant, self.nom(identifiant), avancement=str(n))
        (oi,) = (t for t in self.tetes if t.identifiant_oi == identifiant)
        return self.structure(oi)

    def structure(self, oi: OrganisationInterne) -> Noeud:
        """A structure, folded."""
        identifiant = oi.identifiant_oi
        compte, retards = self.arbre.compte(oi), self.retards[identifiant]
        return replie(identifiant, oi.nom_oi, compte, retards, url_structure(identifiant))


def replie(identifiant: str, nom: str, compte: Compte, retards: int, url: str = "") -> Noeud:
    """A node, folded, with what it says of its offers.

    Args:
        retards: how many are late, of those that are given to who reads.
    """
    fermees = f"{compte.fermees} fermée{'s' if compte.fermees > 1 else ''}"
    avancement = compte.avancement if compte.total else (fermees if compte.fermees else "Aucune offre")
    return Noeud(identifiant, nom, url, avancement, f"{retards} en retard" if retards else "")
