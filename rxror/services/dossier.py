"""What is validated together, an offer with its lieux or one other object: published, in brouillon, under the rules."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlmodel import Session, SQLModel, col, func, select

from rxror.ror.champs import Contexte
from rxror.ror.controles import Anomalie, Examen, Severite, controler
from rxror.ror.nomenclatures import Catalogue
from rxror.ror.objets import (
    EntiteGeographique,
    LieuRealisationOffre,
    OffreLieu,
    OffreOperationnelle,
)
from rxror.ror.saisie import Valeurs, element_de, publiables
from rxror.ror.textes import montrable
from rxror.ror.typographie import fr
from rxror.services import brouillons, contenu, modeles
from rxror.services.acces import Acces, Acteur, Cible, Geste, exiger
from rxror.services.nomenclatures import catalogue
from rxror.tables import Brouillon


@dataclass(frozen=True)
class Piece:
    """One object of the dossier, published and as it would be."""

    objet: Any
    cle: str
    publiees: Valeurs
    brouillons: Mapping[str, Brouillon]
    contexte: Contexte

    @property
    def classe(self) -> type[SQLModel]:
        """Its class."""
        return type(self.objet)

    @property
    def valeurs(self) -> Mapping[str, Any]:
        """Published values overlaid by the brouillons."""
        return self.contexte.valeurs

    @property
    def publiables(self) -> Valeurs:
        """Values as « Valider » would publish them."""
        return publiables(self.classe, self.valeurs, self.contexte)


@dataclass(frozen=True)
class Dossier:
    """An object, and its lieux if it is an offer. `usages` is {identifier of a lieu: number of offers it serves}."""

    acces: Acces
    cible: Cible
    principale: Piece
    lieux: dict[str, Piece]
    usages: dict[str, int]
    catalogue: Catalogue

    @property
    def etablissement(self) -> EntiteGeographique:
        """Where the object hangs."""
        return self.acces.etablissement

    @property
    def pieces(self) -> list[Piece]:
        """The object, then its lieux."""
        return [self.principale, *self.lieux.values()]

    def anomalies(self) -> list[Anomalie]:
        """Everything the rules and the readers have to say, blocking first."""
        lieux = {cle: piece.publiables for cle, piece in self.lieux.items()}
        anomalies = _illisibles(self.principale)
        examen = Examen(self._contexte(self.principale), self.catalogue, lieux)
        anomalies += controler(self.principale.classe, examen)
        for piece in self.lieux.values():
            siennes = _illisibles(piece) + controler(
                LieuRealisationOffre, Examen(self._contexte(piece), self.catalogue, {})
            )
            nom = piece.valeurs.get("nom") or piece.objet.identifiant
            anomalies += [replace(a, objet=piece.cle, nom_objet=nom) for a in siennes]
        return sorted(anomalies, key=lambda a: not a.bloque)

    def _contexte(self, piece: Piece) -> Contexte:
        return piece.contexte.sur(piece.publiables)


def _illisibles(piece: Piece) -> list[Anomalie]:
    return [
        Anomalie(
            "LECTURE",
            Severite.BLOQUANTE,
            fr(f"{_label(piece.classe, chemin)} : corrigez « {montrable(texte, 60)} », qui n’a pas pu être lu."),
            section,
            chemin,
        )
        for section, brouillon in piece.brouillons.items()
        for chemin, texte in brouillon.illisibles.items()
    ]


def _label(classe: type[SQLModel], chemin: str) -> str:
    element = element_de(classe, chemin)
    return element.label if element else chemin


def ouvrir(session: Session, acteur: Acteur, cible: Cible, geste: Geste) -> Dossier:
    """Load an object, its lieux and all their brouillons, in a number of queries that does not depend on how many.

    Raises:
        AccesRefuse: no right to do `geste` on the object.
    """
    acces = exiger(session, acteur, cible, geste)
    objet = acces.objet
    publiees = contenu.lire(session, type(objet), [objet])[objet.id]
    if isinstance(objet, OffreOperationnelle):
        connus = brouillons.charger_avec_ses_lieux(session, objet)
    else:
        connus = brouillons.charger(session, [cible.cle])
    siens = connus[cible.cle]
    valeurs = brouillons.superposer(publiees, siens.values())
    contexte = brouillons.contexte(valeurs, acces.etablissement, modeles.de(session, objet))
    principale = Piece(objet, cible.cle, publiees, siens, contexte)
    lieux, usages = _ses_lieux(session, principale, acces.etablissement, connus)
    return Dossier(acces, cible, principale, lieux, usages, catalogue(session))


def _ses_lieux(
    session: Session, offre: Piece, eg: EntiteGeographique, connus: dict[str, dict[str, Brouillon]]
) -> tuple[dict[str, Piece], dict[str, int]]:
    """The lieux an offer will have; nothing else has any."""
    voulus: list[str] = offre.valeurs.get("lieu_realisation_offre") or []
    venus = set(voulus) - set(offre.publiees.get("lieu_realisation_offre") or [])
    connus |= brouillons.charger(session, [f"{LieuRealisationOffre.GENRE}:{v}" for v in venus])
    return _lieux(session, eg, voulus, connus)


def _lieux(
    session: Session, eg: EntiteGeographique, identifiants: list[str], connus: Mapping[str, Mapping[str, Brouillon]]
) -> tuple[dict[str, Piece], dict[str, int]]:
    if not identifiants:
        return {}, {}
    nombre = (
        select(func.count())
        .where(OffreLieu.lieu_realisation_offre_id == LieuRealisationOffre.id)
        .correlate(LieuRealisationOffre)
        .scalar_subquery()
    )
    trouves = session.exec(
        select(LieuRealisationOffre, nombre)
        .where(
            col(LieuRealisationOffre.identifiant).in_(identifiants),
            LieuRealisationOffre.entite_geographique_id == eg.id,
        )
        .order_by(LieuRealisationOffre.nom)
    ).all()
    valeurs = contenu.lire(session, LieuRealisationOffre, [lieu for lieu, _ in trouves])
    cles = {lieu.identifiant: f"{LieuRealisationOffre.GENRE}:{lieu.identifiant}" for lieu, _ in trouves}
    leurs = {cle: connus.get(cle, {}) for cle in cles.values()}
    pieces: dict[str, Piece] = {}
    for lieu, _ in trouves:
        publiees, siens = valeurs[lieu.id or 0], leurs[cles[lieu.identifiant]]
        valeurs_du_lieu = brouillons.superposer(publiees, siens.values())
        contexte = brouillons.contexte(valeurs_du_lieu, eg, modeles.de(session, lieu))
        pieces[lieu.identifiant] = Piece(lieu, cles[lieu.identifiant], publiees, siens, contexte)
    return pieces, {lieu.identifiant: n for lieu, n in trouves}
