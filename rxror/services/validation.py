"""« Valider »: check the whole, then publish an object's brouillons, an offer's with its lieux, in one transaction."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, col

from rxror.ror.champs import Section, TypeChamp, champs_de, est_visible, sections_de
from rxror.ror.controles import Anomalie
from rxror.ror.dates import en_iso
from rxror.ror.erreurs import AccesRefuse, Conflit, GesteRefuse
from rxror.ror.lecture import Lecteur
from rxror.ror.objets import OffreOperationnelle
from rxror.ror.saisie import Valeurs
from rxror.ror.typographie import fr
from rxror.services import (
    brouillons,
    communes,
    contenu,
    corrections,
    dossier,
    effets,
    exigences,
    gardes,
    hierarchie,
    lieux,
)
from rxror.services.acces import Acteur, Cible, Geste
from rxror.services.auteurs import auteurs_des_champs
from rxror.services.changements import Changement, de_la_liste, de_la_section, zone_a_part
from rxror.services.corrections import CorrectionProposee
from rxror.services.demande import Demande, Genre, Vu
from rxror.services.effets import Effet
from rxror.services.exigences_vues import ExigencesOffre
from rxror.services.fusion import marque
from rxror.services.tracer import ajouter, deja_fait, une_trace
from rxror.services.versions import passer
from rxror.services.vu import empreinte
from rxror.tables import Action, Trace, ValidationDemandee


class DemandeValidation(Demande):
    """One « Valider », with its whole context.

    Attributes:
        vu: what the page showed, as `Preparation.vu` gave it; a different one means that somebody saved since.
    """

    genre: Genre = OffreOperationnelle.GENRE
    vu: Vu
    cle: UUID


@dataclass
class Preparation:
    """What the page « Valider » shows. `total` counts the fields that are confirmed or changed."""

    dossier: dossier.Dossier
    anomalies: list[Anomalie]
    changements: list[Changement]
    total: int
    vu: str
    chemin: list[tuple[str, str]]
    exigences: ExigencesOffre
    corrections: list[CorrectionProposee]
    effets: list[Effet]


def preparer(session: Session, acteur: Acteur, cible: Cible) -> Preparation:
    """Check an object as it would be published and list what changes. Writes nothing.

    Raises:
        AccesRefuse: no right to validate the object, nor to ask for it.
    """
    ouvert = _a_valider(session, acteur, cible)
    changements, total = changements_de(session, ouvert, acteur)
    chemin = hierarchie.chemin(session, ouvert.acces)
    est_une_offre = isinstance(ouvert.principale.objet, OffreOperationnelle)
    nationales = exigences.avant_apres(session, ouvert) if est_une_offre else ExigencesOffre()
    proposees = corrections.proposees(ouvert, nationales.remedes) if est_une_offre else []
    anomalies = gardes.annoter(session, ouvert.anomalies(), cible.cle)
    touches = effets.sur_les_autres(session, ouvert)
    return Preparation(ouvert, anomalies, changements, total, vu_du(ouvert), chemin, nationales, proposees, touches)


def valider(session: Session, acteur: Acteur, demande: DemandeValidation) -> list[Anomalie]:
    """Publish the brouillons of an object, those of its lieux with an offer.

    Returns:
        Blocking anomalies: nothing was written. An empty list: the object is validated.

    Raises:
        AccesRefuse: no right to validate the object.
        SaisieInvalide: `cle` was used by another gesture.
        Conflit: something was saved or published since the page was shown; nothing is written.
        GesteRefuse: the offer would take a lieu that one may not change.

    Source:
        Fiche « Comment mettre à jour mon offre ? », step 6.
    """
    cible = demande.cible
    ouvert = dossier.ouvrir(session, acteur, cible, Geste.VALIDER)
    if deja_fait(session, acteur, demande.cle, objet=cible.cle, action=Action.VALIDATION):
        return []
    bloquantes = [a for a in ouvert.anomalies() if a.bloque]
    if bloquantes:
        return bloquantes
    if demande.vu != vu_du(ouvert):
        raise Conflit
    garder_les_lieux_d_autrui(session, acteur, ouvert)
    publier(session, acteur, ouvert, str(demande.cle))
    return []


def _a_valider(session: Session, acteur: Acteur, cible: Cible) -> dossier.Dossier:
    """Open an object to validate it, or to ask for its validation where that is separate."""
    try:
        return dossier.ouvrir(session, acteur, cible, Geste.VALIDER)
    except AccesRefuse:
        return dossier.ouvrir(session, acteur, cible, Geste.DEMANDER)


def vu_du(ouvert: dossier.Dossier) -> str:
    """What one has seen: the published version and the content of the brouillons of each object."""
    vu = [
        [p.cle, p.objet.version, *([s, marque(b.valeurs, b.illisibles)] for s, b in sorted(p.brouillons.items()))]
        for p in ouvert.pieces
        if p.brouillons or p is ouvert.principale
    ]
    return empreinte(vu)


def garder_les_lieux_d_autrui(session: Session, acteur: Acteur, ouvert: dossier.Dossier) -> None:
    """Refuse to attach a lieu that one may not change.

    Raises:
        GesteRefuse: the offer would take such a lieu.
    """
    offre = ouvert.principale
    venus = set(offre.valeurs.get(contenu.LIEUX) or []) - set(offre.publiees.get(contenu.LIEUX) or [])
    if venus and (autrui := venus - set(lieux.rattachables(session, acteur, venus))):
        noms = ", ".join(sorted(contenu.noms_des_lieux(session, autrui).values()))
        raise GesteRefuse(
            fr(
                f"Rien n’est validé : ce qui vous est confié ne comprend pas {noms}. Retirez-le de « Lieux », ou "
                "demandez à un référent de valider : il le rattachera à cette offre."
            )
        )


def publier(
    session: Session,
    acteur: Acteur,
    ouvert: dossier.Dossier,
    geste: str,
    confirmees: Collection[str] = (),
    *,
    premier: bool = True,
    sauf: Collection[str] = (),
) -> list[Trace]:
    """Publish what changed, one line of trace for each object: the first holds the key of the gesture.

    Args:
        geste: its key, a UUID; with `premier` the first line holds it, and makes a retry harmless.
        confirmees: keys of the pieces whose facts were read on a card; those without a change are confirmed as they
            are, and their date moves.
        sauf: keys of the pieces that this gesture published already, with another object.

    Returns:
        The lines, in the order of the pieces; `resultat["date_avant"]` is the date that each one replaces.
    """
    maintenant, finess = datetime.now(UTC), ouvert.etablissement.num_finess
    traces: list[Trace] = []
    pieces = [p for p in ouvert.pieces if p.cle not in sauf]
    for piece in pieces:
        if not (piece.brouillons or piece is ouvert.principale or piece.cle in confirmees):
            continue
        apres, version = _datees(piece.publiables, piece.publiees, maintenant), piece.objet.version
        differences = brouillons.differences(piece.publiees, apres)
        avant = piece.objet.date_mise_jour
        _publier_la_piece(session, piece, acteur, maintenant, apres)
        telle_quelle = piece.cle in confirmees and not piece.brouillons and not differences
        traces.append(
            une_trace(
                acteur,
                Action.CONFIRMATION if telle_quelle else Action.VALIDATION,
                finess,
                piece.cle,
                changements=differences,
                cle=geste if premier and not traces else None,
                version_avant=version,
                version_apres=version + 1,
                resultat={
                    "geste": geste,
                    "date_avant": en_iso(avant),
                    **({"avec": ouvert.cible.cle} if traces else {}),
                },
            )
        )
    brouillons.supprimer(session, [b for p in pieces for b in p.brouillons.values()])
    publies = [t.objet for t in traces]
    session.execute(delete(ValidationDemandee).where(col(ValidationDemandee.objet).in_(publies)))
    ajouter(session, traces)
    return traces


def _publier_la_piece(
    session: Session, piece: dossier.Piece, acteur: Acteur, maintenant: datetime, apres: Valeurs
) -> None:
    """Write one object, its parts first, then its columns with its next version: nobody published in between."""
    objet = piece.objet
    neuves = contenu.colonnes_changees(piece.classe, piece.publiees, apres) | {
        "date_mise_jour": maintenant,
        "date_validation": maintenant,
        "validateur": acteur.nom,
    }
    contenu.ecrire_les_parties(session, objet, piece.publiees, apres)
    passer(session, piece.classe, [(objet.id, objet.version)], **neuves)


def _datees(apres: Valeurs, avant: Valeurs, maintenant: datetime) -> Valeurs:
    """Capacity lines that changed take today's date; equipment at 0 leaves (IG, scenario 7)."""
    if lignes := apres.get("capacite_accueil_operationnelle"):
        connues = avant.get("capacite_accueil_operationnelle") or []
        apres["capacite_accueil_operationnelle"] = [
            ligne if ligne in connues else {**ligne, "date_maj_capacite": maintenant.isoformat()} for ligne in lignes
        ]
    if lignes := apres.get("equipement_specifique"):
        apres["equipement_specifique"] = [e for e in lignes if e.get("nb_equipement_en_service") != 0]
    return apres


def changements_de(
    session: Session, ouvert: dossier.Dossier, acteur: Acteur | None = None, confirmes: Collection[str] = ()
) -> tuple[list[Changement], int]:
    """What « Valider » would change, and how many fields it confirms or changes.

    Args:
        acteur: who reads it: once somebody else prepared something, each line says who.
        confirmes: keys of the pieces that are published without anything saved on them.
    """
    changements: list[Changement] = []
    total, auteurs = 0, auteurs_des_champs(session, acteur, ouvert.pieces) if acteur else {}
    for piece in ouvert.pieces:
        if not (piece.brouillons or piece is ouvert.principale or piece.cle in confirmes):
            continue
        lecteur, ancien = _lecteurs(session, ouvert, piece)
        apres = piece.publiables
        for section in sections_de(piece.classe):
            if section.modifiable:
                nouveaux = lecteur.faits(piece.classe, section.cle, apres, piece.publiees)
                avants = ancien.faits(piece.classe, section.cle, piece.publiees, piece.publiees)
                total += len(nouveaux) if est_visible(section, piece.contexte) else 0
                zone_a_part(lecteur, piece.publiees, apres, nouveaux, avants)
                siens = auteurs.get(piece.cle, {})
                changements += de_la_section(nouveaux, avants, *_ou(ouvert, piece, section), siens)
        if piece is ouvert.principale and (ligne := _lieux_changes(session, ouvert)):
            if qui := auteurs.get(piece.cle, {}).get(contenu.LIEUX):
                ligne["qui"] = qui
            changements.append(ligne)
    return changements, total


def _ou(ouvert: dossier.Dossier, piece: dossier.Piece, section: Section) -> tuple[str, str]:
    """Where a change is, and whom else it touches."""
    if piece is ouvert.principale:
        return section.titre, ""
    autres = ouvert.usages.get(piece.objet.identifiant, 1) - 1
    s = "s" if autres > 1 else ""
    note = f"Change aussi pour {autres} autre{s} offre{s}" if autres > 0 else ""
    return f"Lieu {piece.valeurs.get('nom')}, {section.titre}", note


def _lieux_changes(session: Session, ouvert: dossier.Dossier) -> Changement | None:
    offre = ouvert.principale
    publies, voulus = (set(v.get(contenu.LIEUX) or []) for v in (offre.publiees, offre.valeurs))
    return de_la_liste("Lieux", "Adresse et lieux", publies, voulus, contenu.noms_des_lieux(session, publies ^ voulus))


def _lecteurs(session: Session, ouvert: dossier.Dossier, piece: dossier.Piece) -> tuple[Lecteur, Lecteur]:
    """Readers of a piece as it would be, and as it is."""
    codes = [
        v.get(nom)
        for nom, c in champs_de(piece.classe).items()
        if c.type is TypeChamp.COMMUNE
        for v in (piece.valeurs, piece.publiees)
    ]
    noms = communes.nommer(session, [c for c in codes if c])
    zone = communes.lire_territoire(session, communes.zones(piece.valeurs, piece.publiees))
    neuf = Lecteur(ouvert.catalogue, piece.contexte, {}, noms, territoire=zone)
    avant = brouillons.contexte(piece.publiees, ouvert.etablissement)
    ancien = Lecteur(ouvert.catalogue, avant, {}, noms, territoire=zone, tout=True)
    return neuf, ancien
