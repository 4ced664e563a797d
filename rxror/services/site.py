"""The lieux of an établissement that may hold beds or places, read together: a constant number of queries."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import func, literal
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from rxror.ror.capacites_du_site import SECTION, Case, Cellule, case_de
from rxror.ror.champs import Contexte, est_visible, section_de
from rxror.ror.nomenclatures import Catalogue
from rxror.ror.objets import (
    EntiteGeographique,
    LieuRealisationOffre,
    OffreLieu,
    OffreOperationnelle,
    OrganisationInterne,
)
from rxror.ror.reperes import cle_de
from rxror.ror.saisie import Valeurs
from rxror.services import brouillons, contenu, modeles
from rxror.services.acces import Acces, Acteur, Cible, Geste, exiger, permis
from rxror.services.nomenclatures import catalogue
from rxror.services.section_ouverte import Ouvert
from rxror.tables import Brouillon
from rxror.tri import cle_de_tri, en_ordre

SANS_POLE = ""  # key of the lieux whose offers hang under no pôle
LIEU = LieuRealisationOffre


@dataclass(frozen=True)
class LieuDuSite:
    """One lieu: published, prepared, where it stands.

    Attributes:
        siens: its brouillons, by section.
        poles: (identifier, name) of the pôles of the offers it serves, by name.
        offres: ids of these offers.
    """

    objet: LieuRealisationOffre
    publiees: Valeurs
    siens: Mapping[str, Brouillon]
    contexte: Contexte
    modifiable: bool = False
    validable: bool = False
    poles: list[tuple[str, str]] = field(default_factory=list)
    offres: frozenset[int] = frozenset()

    @property
    def identifiant(self) -> str:
        """Its identifier."""
        return self.objet.identifiant

    @property
    def nom(self) -> str:
        """As it is called."""
        return self.contexte.valeurs.get("nom") or self.objet.identifiant

    @property
    def pole(self) -> tuple[str, str]:
        """The pôle under which it stands, once."""
        return self.poles[0] if self.poles else (SANS_POLE, "")

    @property
    def brouillon(self) -> Brouillon | None:
        """What is kept of its capacities and not published."""
        return self.siens.get(SECTION)

    @cached_property
    def illisibles(self) -> Mapping[str, str]:
        """Texts of its capacities that could not be read."""
        return self.brouillon.illisibles if self.brouillon else {}

    def case(self, cellule: Cellule) -> Case:
        """What it holds in a cell now."""
        return case_de(self.contexte.valeurs, self.illisibles, cellule)

    def publiee(self, cellule: Cellule) -> Case:
        """What is published in a cell."""
        return case_de(self.publiees, {}, cellule)

    @property
    def validation(self) -> datetime | None:
        """When it was last validated."""
        return self.objet.date_validation


@dataclass(frozen=True)
class Site:
    """An établissement and its lieux, by pôle then by name."""

    acces: Acces
    lieux: list[LieuDuSite]
    catalogue: Catalogue

    @property
    def etablissement(self) -> EntiteGeographique:
        """Where one is."""
        return self.acces.etablissement

    def ouvert(self, lieu: LieuDuSite) -> Ouvert:
        """The capacities of a lieu, as the save of one section takes them."""
        section = section_de(LIEU, SECTION)
        assert section is not None
        acces = Acces(lieu.objet, self.etablissement, frozenset({Geste.MODIFIER}))
        cible = Cible(LIEU.GENRE, lieu.identifiant)
        modele = lieu.contexte.modele
        return Ouvert(acces, LIEU, section, cible, lieu.publiees, lieu.siens, self.catalogue, modele)  # type: ignore[arg-type]


def charger(session: Session, acteur: Acteur, finess: str, seuls: Collection[str] | None = None) -> Site:
    """The lieux of an établissement that may hold capacity.

    Args:
        seuls: these identifiers only, to be written: nobody else changes them before the end of the transaction.

    Raises:
        AccesRefuse: no such établissement, or no habilitation on it.
    """
    acces = exiger(session, acteur, Cible(EntiteGeographique.GENRE, finess), Geste.LIRE)
    objets = _objets(session, acces.etablissement, seuls)
    publiees = contenu.lire(session, LIEU, objets, {SECTION})
    connus = brouillons.charger(session, [cle_de(objet) for objet in objets])
    modifiables, validables = (_permis(session, acteur, g, acces) for g in (Geste.MODIFIER, Geste.VALIDER))
    poles, offres = _servis(session, acces.etablissement)
    lieux: list[LieuDuSite] = []
    for objet in objets:
        siens, lues = connus[cle_de(objet)], publiees[objet.id or 0]
        valeurs = brouillons.superposer(lues, siens.values())
        contexte = brouillons.contexte(valeurs, acces.etablissement, modeles.de(session, objet))
        lieu = LieuDuSite(
            objet,
            lues,
            siens,
            contexte,
            objet.id in modifiables,
            objet.id in validables,
            sorted(poles.get(objet.id or 0, {}).items(), key=lambda p: cle_de_tri(p[1])),
            frozenset(offres.get(objet.id or 0, ())),
        )
        if _peut_tenir(contexte):
            lieux.append(lieu)
    return Site(acces, sorted(lieux, key=_rang), catalogue(session))


def _rang(lieu: LieuDuSite) -> tuple[bool, str, str, str, str]:
    cle, nom = lieu.pole
    return cle == SANS_POLE, cle_de_tri(nom), cle, cle_de_tri(lieu.nom), lieu.identifiant


def _peut_tenir(contexte: Contexte) -> bool:
    section = section_de(LIEU, SECTION)
    return section is not None and est_visible(section, contexte)


def _objets(session: Session, eg: EntiteGeographique, seuls: Collection[str] | None) -> list[LieuRealisationOffre]:
    requete = select(LIEU).where(LIEU.entite_geographique_id == eg.id)
    if seuls is None:
        return list(session.exec(requete.order_by(en_ordre(LIEU.nom), LIEU.identifiant)))
    requete = requete.where(col(LIEU.identifiant).in_(list(seuls))).order_by(col(LIEU.id))  # the same order for all
    pour_soi = requete.with_for_update(of=LIEU, key_share=True).execution_options(populate_existing=True)
    return list(session.exec(pour_soi))


def _permis(session: Session, acteur: Acteur, geste: Geste, acces: Acces) -> set[int | None]:
    requete = select(LIEU.id).where(LIEU.entite_geographique_id == acces.etablissement.id)
    return set(session.exec(requete.where(permis(acteur, geste, LIEU))))


def _servis(session: Session, eg: EntiteGeographique) -> tuple[dict[int, dict[str, str]], dict[int, set[int]]]:
    """({lieu: {identifier of a pôle: its name}}, {lieu: ids of its offers}); the pôle is what is above all."""
    soi, parent, tout = (aliased(OrganisationInterne) for _ in range(3))
    identifiant = func.coalesce(tout.identifiant_oi, parent.identifiant_oi, soi.identifiant_oi, literal(""))
    nom = func.coalesce(tout.nom_oi, parent.nom_oi, soi.nom_oi, literal(""))
    requete: Any = (
        select(OffreLieu.lieu_realisation_offre_id, OffreOperationnelle.id, identifiant, nom)  # type: ignore[call-overload]
        .join(OffreOperationnelle, col(OffreOperationnelle.id) == OffreLieu.offre_operationnelle_id)
        .outerjoin(soi, col(soi.id) == OffreOperationnelle.organisation_interne_id)
        .outerjoin(parent, col(parent.id) == soi.parent_id)
        .outerjoin(tout, col(tout.id) == parent.parent_id)
        .where(OffreOperationnelle.entite_geographique_id == eg.id)
    )
    poles: dict[int, dict[str, str]] = {}
    offres: dict[int, set[int]] = {}
    for lieu, offre, cle, dit in session.execute(requete):
        offres.setdefault(lieu, set()).add(offre)
        if cle:
            poles.setdefault(lieu, {})[cle] = dit
    return poles, offres
