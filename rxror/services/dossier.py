"""What is validated together, an offer with its lieux or one other object: published, in brouillon, under the rules."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import and_
from sqlmodel import Session, SQLModel, col, select

from rxror.ror.champs import Contexte
from rxror.ror.controles import POIDS, Anomalie, Examen, Severite, controler
from rxror.ror.dates import aujourd_hui
from rxror.ror.nomenclatures import Catalogue
from rxror.ror.objets import EntiteGeographique, LieuRealisationOffre, OffreOperationnelle
from rxror.ror.regles.fermeture import est_fermee
from rxror.ror.reperes import cle_de
from rxror.ror.saisie import Valeurs, label_de, publiables
from rxror.ror.textes import montrable
from rxror.ror.typographie import fr
from rxror.services import brouillons, contenu, modeles
from rxror.services.acces import Acces, Acteur, Cible, Geste, exiger, permis
from rxror.services.nomenclatures import catalogue
from rxror.services.voisinage import Voisinage, lieux_et_voisins, voisinage
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
    """An object, and its lieux if it is an offer."""

    acces: Acces
    cible: Cible
    principale: Piece
    lieux: dict[str, Piece]
    voisinage: Voisinage
    catalogue: Catalogue

    @property
    def etablissement(self) -> EntiteGeographique:
        """Where the object hangs."""
        return self.acces.etablissement

    @property
    def pieces(self) -> list[Piece]:
        """The object, then its lieux."""
        return [self.principale, *self.lieux.values()]

    @property
    def usages(self) -> Mapping[str, int]:
        """{identifier of a lieu: number of offers it serves}."""
        return self.voisinage.usages

    def anomalies(self) -> list[Anomalie]:
        """Everything the rules and the readers have to say, blocking first."""
        anomalies = _illisibles(self.principale) + self._controler(self.principale, self.voisinage.offres_ouvertes)
        offre = isinstance(self.principale.objet, OffreOperationnelle)
        ouverte = offre and not est_fermee(self.principale.valeurs, aujourd_hui())
        for cle, piece in self.lieux.items():
            ouvertes = {cle: self.voisinage.offres_ouvertes.get(cle, 0) + ouverte}
            siennes = _illisibles(piece) + self._controler(piece, ouvertes)
            nom = piece.valeurs.get("nom") or piece.objet.identifiant
            anomalies += [replace(a, objet=piece.cle, nom_objet=nom) for a in siennes]
        return sorted(anomalies, key=lambda a: POIDS.index(a.severite))

    def _controler(self, piece: Piece, ouvertes: Mapping[str, int]) -> list[Anomalie]:
        lieux = {cle: p.publiables for cle, p in self.lieux.items()} if piece is self.principale else {}
        examen = Examen(
            piece.contexte.sur(piece.publiables),
            self.catalogue,
            lieux,
            usages=self.voisinage.usages,
            offres_ouvertes=ouvertes,
            ascendants=self.voisinage.ascendants,
            communes=self.voisinage.communes,
            registre=self.voisinage.registre,
        )
        return controler(piece.classe, examen)


def _illisibles(piece: Piece) -> list[Anomalie]:
    return [
        Anomalie(
            "LECTURE",
            Severite.BLOQUANTE,
            fr(f"{label_de(piece.classe, chemin)} : corrigez « {montrable(texte, 60)} », qui n’a pas pu être lu."),
            section,
            chemin,
        )
        for section, brouillon in piece.brouillons.items()
        for chemin, texte in brouillon.illisibles.items()
    ]


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
    if isinstance(objet, OffreOperationnelle):
        lieux, voisins = _ses_lieux(session, acteur, geste, principale, acces.etablissement, connus)
        return Dossier(acces, cible, principale, lieux, voisins, catalogue(session))
    rangees: list[Any] = []
    if isinstance(objet, LieuRealisationOffre):
        rangees = lieux_et_voisins(session, objet, LieuRealisationOffre.id == objet.id)
    voisins = voisinage(session, objet, rangees, [contexte.valeurs] if rangees else [])
    return Dossier(acces, cible, principale, {}, voisins, catalogue(session))


def _ses_lieux(
    session: Session,
    acteur: Acteur,
    geste: Geste,
    offre: Piece,
    eg: EntiteGeographique,
    connus: dict[str, dict[str, Brouillon]],
) -> tuple[dict[str, Piece], Voisinage]:
    """The lieux an offer will have, and what surrounds them.

    One that it does not have yet comes with its brouillons only for who may prepare it: whoever attaches the lieu of
    another UF does not publish what is being prepared there.
    """
    voulus: list[str] = offre.valeurs.get(contenu.LIEUX) or []
    if not voulus:
        return {}, Voisinage()
    venus = set(voulus) - set(offre.publiees.get(contenu.LIEUX) or [])
    connus |= brouillons.charger(session, _preparables(session, acteur, geste, venus))
    condition = and_(
        col(LieuRealisationOffre.identifiant).in_(voulus), col(LieuRealisationOffre.entite_geographique_id) == eg.id
    )
    rangees = lieux_et_voisins(session, offre.objet, condition)
    lieux = _pieces(session, eg, [lieu for lieu, *_ in rangees], connus)
    return lieux, voisinage(session, offre.objet, rangees, [piece.valeurs for piece in lieux.values()])


def _preparables(session: Session, acteur: Acteur, geste: Geste, lieux: set[str]) -> list[str]:
    """Keys of those of these lieux that one may read, or prepare when it is for more than reading."""
    if not lieux:
        return []
    classe = LieuRealisationOffre
    siens = permis(acteur, Geste.LIRE if geste is Geste.LIRE else Geste.MODIFIER, classe)
    identifiant = col(classe.identifiant)
    trouves = session.exec(select(identifiant).where(identifiant.in_(lieux), siens).order_by(identifiant))
    return [f"{classe.GENRE}:{trouve}" for trouve in trouves]


def _pieces(
    session: Session,
    eg: EntiteGeographique,
    lieux: list[LieuRealisationOffre],
    connus: Mapping[str, Mapping[str, Brouillon]],
) -> dict[str, Piece]:
    valeurs = contenu.lire(session, LieuRealisationOffre, lieux)
    pieces: dict[str, Piece] = {}
    for lieu in lieux:
        cle = cle_de(lieu)
        publiees, siens = valeurs[lieu.id or 0], connus.get(cle, {})
        contexte = brouillons.contexte(brouillons.superposer(publiees, siens.values()), eg, modeles.de(session, lieu))
        pieces[lieu.identifiant] = Piece(lieu, cle, publiees, siens, contexte)
    return pieces
