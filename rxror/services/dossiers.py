"""Many offers and lieux opened at once, as `dossier.ouvrir` opens one, in a number of queries that does not grow."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from rxror import db
from rxror.ror.dates import aujourd_hui
from rxror.ror.nomenclatures import Catalogue
from rxror.ror.objets import EntiteGeographique, LieuRealisationOffre, OffreOperationnelle
from rxror.ror.regles import CommuneConnue
from rxror.ror.regles.fermeture import est_fermee
from rxror.ror.reperes import cle_de
from rxror.ror.saisie import Valeurs
from rxror.services import brouillons, contenu, modeles
from rxror.services.acces import IDENTIFIANTS, Acces, Acteur, Cible, Geste, interdits_par_fermeture, permis, pour_soi
from rxror.services.dossier import Dossier, Piece
from rxror.services.nomenclatures import catalogue
from rxror.services.voisinage import Voisinage, lieux_et_voisins, voisinage
from rxror.tables import Brouillon

LUS = (Geste.LIRE, Geste.MODIFIER, Geste.VALIDER)
CLASSES: tuple[Any, ...] = (OffreOperationnelle, LieuRealisationOffre)


@dataclass(frozen=True)
class _Charge:
    """What was read once for all: rows of lieux with what surrounds them, brouillons, rights, values."""

    rangees: Mapping[str, Any]
    valeurs: Mapping[str, Valeurs]
    brouillons: Mapping[str, Mapping[str, Brouillon]]
    preparables: frozenset[str]
    communes: Mapping[str, CommuneConnue] | None
    catalogue: Catalogue


def ouvrir_plusieurs(session: Session, acteur: Acteur, cibles: Iterable[Cible], geste: Geste) -> dict[str, Dossier]:
    """{key of an object: what is validated with it} of these offers and lieux, in the order asked.

    What does not exist, or on which one may not do `geste`, is absent; so is another kind of object.
    In a transaction that writes, nobody else changes these objects before its end.
    """
    voulues = list(dict.fromkeys(cibles))
    acces = _acces(session, acteur, voulues, geste)
    offres = [a.objet for a in acces.values() if isinstance(a.objet, OffreOperationnelle)]
    lieux = [a.objet for a in acces.values() if isinstance(a.objet, LieuRealisationOffre)]
    lues = contenu.lire(session, OffreOperationnelle, offres)
    siens = brouillons.charger(session, acces)
    ouvertes = {
        cle_de(offre): _piece(session, offre, lues[offre.id or 0], siens[cle_de(offre)], acces[cle_de(offre)])
        for offre in offres
    }
    charge = _charger(session, acteur, geste, ouvertes.values(), lieux)
    dossiers: dict[str, Dossier] = {}
    for cible in voulues:
        if cible.cle in ouvertes:
            dossiers[cible.cle] = _de_l_offre(session, acces[cible.cle], cible, ouvertes[cible.cle], charge)
        elif cible.cle in acces:
            dossiers[cible.cle] = _du_lieu(session, acces[cible.cle], cible, charge)
    return dossiers


def _acces(session: Session, acteur: Acteur, cibles: Sequence[Cible], geste: Geste) -> dict[str, Acces]:
    trouves: dict[str, Acces] = {}
    for classe in CLASSES:
        identifiants = [c.identifiant for c in cibles if c.genre == classe.GENRE and c.identifiant.isprintable()]
        if not identifiants:
            continue
        eg = EntiteGeographique
        droits = [permis(acteur, g, classe).label(g.value) for g in LUS]
        requete: Any = (
            sa.select(classe, eg, *droits)
            .join(eg, classe.entite_geographique_id == eg.id)
            .where(IDENTIFIANTS[classe.GENRE].in_(identifiants), permis(acteur, geste, classe))
            .order_by(classe.id)
        )
        if geste is not Geste.LIRE and db.ecrit(session):
            requete = pour_soi(requete, classe)
        for objet, etablissement, *oui in session.execute(requete):
            gestes = frozenset(g for g, permise in zip(LUS, oui, strict=True) if permise)
            gestes -= interdits_par_fermeture(objet)
            if geste in gestes:
                trouves[cle_de(objet)] = Acces(objet, etablissement, gestes)
    return trouves


def ouvrables(session: Session, acteur: Acteur, cibles: Sequence[Cible], geste: Geste) -> set[str]:
    """Keys of those of these offers and lieux on which one may do `geste`."""
    trouves: set[str] = set()
    for classe in CLASSES:
        identifiant = IDENTIFIANTS[classe.GENRE]
        voulus = [c.identifiant for c in cibles if c.genre == classe.GENRE]
        if voulus:
            siens = session.scalars(
                sa.select(identifiant).where(identifiant.in_(voulus), permis(acteur, geste, classe))
            )
            trouves |= {f"{classe.GENRE}:{i}" for i in siens}
    return trouves


def _piece(session: Session, objet: Any, publiees: Valeurs, siens: Mapping[str, Brouillon], acces: Acces) -> Piece:
    valeurs = brouillons.superposer(publiees, siens.values())
    contexte = brouillons.contexte(valeurs, acces.etablissement, modeles.de(session, objet))
    return Piece(objet, cle_de(objet), publiees, siens, contexte)


def _charger(
    session: Session,
    acteur: Acteur,
    geste: Geste,
    offres: Iterable[Piece],
    seuls: Sequence[LieuRealisationOffre],
) -> _Charge:
    """The lieux of these offers and those opened alone, once each."""
    publies: set[str] = set()
    venus: set[str] = set()
    for piece in offres:
        leurs = set(piece.publiees.get(contenu.LIEUX) or [])
        publies |= leurs
        venus |= set(piece.valeurs.get(contenu.LIEUX) or []) - leurs
    voulus = publies | venus | {lieu.identifiant for lieu in seuls}
    if not voulus:
        return _Charge({}, {}, {}, frozenset(), {}, catalogue(session))
    identifiant = col(LieuRealisationOffre.identifiant)
    rangees = {r[0].identifiant: r for r in lieux_et_voisins(session, None, identifiant.in_(voulus))}
    lieux = [r[0] for r in rangees.values()]
    par_id = contenu.lire(session, LieuRealisationOffre, lieux)
    siens = brouillons.charger(session, [cle_de(lieu) for lieu in lieux])
    preparables = permis(acteur, Geste.LIRE if geste is Geste.LIRE else Geste.MODIFIER, LieuRealisationOffre)
    trouves = session.scalars(sa.select(identifiant).where(identifiant.in_(venus), preparables)) if venus else ()
    valeurs = {lieu.identifiant: par_id[lieu.id or 0] for lieu in lieux}
    dessus = [brouillons.superposer(valeurs[i], siens[cle_de(r[0])].values()) for i, r in rangees.items()]
    autour = voisinage(session, None, list(rangees.values()), dessus)
    return _Charge(rangees, valeurs, siens, frozenset(trouves), autour.communes, catalogue(session))


def _de_l_offre(session: Session, acces: Acces, cible: Cible, offre: Piece, charge: _Charge) -> Dossier:
    publies = set(offre.publiees.get(contenu.LIEUX) or [])
    voulus = set(offre.valeurs.get(contenu.LIEUX) or [])
    eg = acces.etablissement
    siens = {i: r for i, r in charge.rangees.items() if i in voulus and r[0].entite_geographique_id == eg.id}
    pieces = {
        i: _piece(
            session,
            r[0],
            charge.valeurs[i],
            charge.brouillons[cle_de(r[0])] if i in publies or i in charge.preparables else {},
            acces,
        )
        for i, r in siens.items()
    }
    moi = not est_fermee(offre.publiees, aujourd_hui())
    ouvertes = {i: r[2] - (moi and i in publies) for i, r in siens.items()}
    autour = Voisinage({i: r[1] for i, r in siens.items()}, ouvertes, None, charge.communes)
    return Dossier(acces, cible, offre, pieces, autour if voulus else Voisinage(), charge.catalogue)


def _du_lieu(session: Session, acces: Acces, cible: Cible, charge: _Charge) -> Dossier:
    lieu = acces.objet
    _, usages, ouvertes, *_ = charge.rangees[lieu.identifiant]
    piece = _piece(session, lieu, charge.valeurs[lieu.identifiant], charge.brouillons[cible.cle], acces)
    autour = Voisinage({lieu.identifiant: usages}, {lieu.identifiant: ouvertes}, None, charge.communes)
    return Dossier(acces, cible, piece, {}, autour, charge.catalogue)
