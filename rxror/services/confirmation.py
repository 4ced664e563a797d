"""« C’est à jour »: confirm the facts of a card, publish what was saved, on one object or on many; and take it back."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session, col, select

from rxror.ror.controles import Anomalie
from rxror.ror.dates import en_iso
from rxror.ror.erreurs import Conflit, GesteRefuse, SaisieInvalide
from rxror.ror.reperes import NOMS
from rxror.ror.typographie import fr
from rxror.services import cartes, dossier
from rxror.services.acces import Acteur, Geste
from rxror.services.cartes import Carte
from rxror.services.demande import Demande, Vu
from rxror.services.dossiers import ouvrir_plusieurs
from rxror.services.tracer import deja_fait
from rxror.services.validation import garder_les_lieux_d_autrui, publier
from rxror.tables import Action, Confirmation

AU_PLUS = 50
ABSENT = fr("Cet objet n’est plus là, ou ne vous est plus confié.")
CHANGE = fr("Quelqu’un l’a changé depuis que vous l’avez lu : il reste à relire.")
BLOQUE = fr("Un point bloque : corrigez-le d’abord.")


class Confirmer(Demande):
    """One « C’est à jour » or « Valider » on a card; `vu` is its digest."""

    vu: Vu
    cle: UUID


class ObjetLu(Demande):
    """One card of a list, as it was read."""

    vu: Vu


class ConfirmerPlusieurs(BaseModel):
    """« Rien n’a changé » on the cards that stayed ticked, or « Valider » on those that are ready."""

    model_config = ConfigDict(extra="forbid")

    objets: Annotated[list[ObjetLu], Field(min_length=1, max_length=AU_PLUS)]
    cle: UUID


@dataclass
class Bilan:
    """What became of each object: keys of those done, {key: why not} of the others.

    `avec` are the keys of all that was confirmed: the lieux that were, with their offers.
    """

    faits: list[str] = field(default_factory=list)
    refus: dict[str, str] = field(default_factory=dict)
    avec: list[str] = field(default_factory=list)


def confirmer(session: Session, acteur: Acteur, demande: Confirmer) -> list[Anomalie]:
    """Confirm the facts of one card, its lieux with it; what was saved is published.

    Returns:
        Blocking anomalies: nothing was written. An empty list: it is done.

    Raises:
        AccesRefuse: no right to validate the object.
        SaisieInvalide: `cle` was used by another gesture.
        Conflit: the card is no longer the one that was read; nothing is written.
        GesteRefuse: the offer would take a lieu that one may not change.
    """
    cible = demande.cible
    ouvert = dossier.ouvrir(session, acteur, cible, Geste.VALIDER)
    if _deja(session, acteur, demande.cle, cible.cle):
        return []
    bloquantes = [a for a in ouvert.anomalies() if a.bloque]
    if bloquantes:
        return bloquantes
    carte = cartes.des_dossiers(session, acteur, {cible.cle: ouvert})[cible.cle]
    montres = cartes.lieux_montres(ouvert, carte, demande.vu)
    if montres is None:
        raise Conflit
    garder_les_lieux_d_autrui(session, acteur, ouvert)
    _ecrire(session, acteur, ouvert, carte, montres, str(demande.cle))
    return []


def confirmer_plusieurs(session: Session, acteur: Acteur, demande: ConfirmerPlusieurs) -> Bilan:
    """Confirm several cards, each one whole or left with its reason. The same `cle` again changes nothing.

    Raises:
        SaisieInvalide: `cle` was used by another gesture.
    """
    geste = str(demande.cle)
    if _deja(session, acteur, demande.cle):
        return _bilan(session, geste, demande)
    bilan = Bilan()
    ouverts = ouvrir_plusieurs(session, acteur, [o.cible for o in demande.objets], Geste.VALIDER)
    lues = cartes.des_dossiers(session, acteur, ouverts)
    premier, deja = True, set[str]()
    for objet in demande.objets:
        cle = objet.cible.cle
        montres = _montres(session, acteur, ouverts.get(cle), lues.get(cle), objet.vu)
        if isinstance(montres, str):
            bilan.refus[cle] = montres
            continue
        if cle not in deja:  # a lieu may have been confirmed with an offer of the same list
            deja |= _ecrire(session, acteur, ouverts[cle], lues[cle], montres, geste, premier=premier, sauf=deja)
            premier = False
        bilan.faits.append(cle)
    bilan.avec = _ecrits(session, geste)
    return bilan


def _deja(session: Session, acteur: Acteur, cle: UUID, objet: str = "") -> bool:
    faite = deja_fait(session, acteur, cle)
    if faite and (faite.action not in (Action.CONFIRMATION, Action.VALIDATION) or (objet and faite.objet != objet)):
        raise SaisieInvalide(str(cle))
    return faite is not None


def _montres(
    session: Session, acteur: Acteur, ouvert: dossier.Dossier | None, carte: Carte | None, vu: str
) -> list[str] | str:
    """The lieux whose facts were shown on a card, or why it is not confirmed."""
    if ouvert is None or carte is None:
        return ABSENT
    if carte.bloquants:
        return BLOQUE
    montres = cartes.lieux_montres(ouvert, carte, vu)
    if montres is None:
        return CHANGE
    try:
        garder_les_lieux_d_autrui(session, acteur, ouvert)
    except GesteRefuse as refus:
        return str(refus)
    return montres


def _bilan(session: Session, geste: str, demande: ConfirmerPlusieurs) -> Bilan:
    """What a gesture that was done already had done."""
    ecrits, voulus = _ecrits(session, geste), [o.cible.cle for o in demande.objets]
    return Bilan([cle for cle in voulus if cle in ecrits], {cle: CHANGE for cle in voulus if cle not in ecrits}, ecrits)


def _ecrits(session: Session, geste: str) -> list[str]:
    """Keys of all that a gesture confirmed, in the order it did."""
    return list(
        session.exec(select(Confirmation.objet).where(Confirmation.geste == geste).order_by(col(Confirmation.id)))
    )


def _ecrire(
    session: Session,
    acteur: Acteur,
    ouvert: dossier.Dossier,
    carte: Carte,
    montres: Collection[str],
    geste: str,
    *,
    premier: bool = True,
    sauf: set[str] | None = None,
) -> set[str]:
    """Publish one card and record what was shown of each of its pieces; the keys of these."""
    lieux = {x.cle: x for x in carte.lieux if x.a_confirmer and x.cle in montres and x.cle not in (sauf or ())}
    avant = {p.cle: _dates(p.objet) for p in ouvert.pieces}
    traces = publier(session, acteur, ouvert, geste, {carte.cle, *lieux}, premier=premier, sauf=sauf or ())
    pieces = {p.cle: p for p in ouvert.pieces}
    for trace in traces:
        lieu = lieux.get(trace.objet)
        faits = lieu.tous if lieu else carte.faits if trace.objet == carte.cle else _du_lieu(carte, trace.objet)
        session.add(
            Confirmation(
                geste=geste,
                objet=trace.objet,
                finess=carte.finess,
                instant=trace.instant,
                utilisateur_id=acteur.id,
                nom=acteur.nom,
                version=trace.version_apres or 0,
                montres=cartes.montres_de(NOMS[pieces[trace.objet].objet.GENRE][0], faits),
                faits=cartes.lus(faits),
                complete=lieu.complete if lieu else carte.complete if trace.objet == carte.cle else False,
                change=trace.action is Action.VALIDATION,
                avant=avant[trace.objet],
            )
        )
    session.flush()
    return {t.objet for t in traces}


def _du_lieu(carte: Carte, cle: str) -> list[cartes.FaitRelu]:
    return next((x.tous for x in carte.lieux if x.cle == cle), [])


def _dates(objet: Any) -> dict[str, Any]:
    return {
        "date_mise_jour": en_iso(objet.date_mise_jour),
        "date_validation": en_iso(objet.date_validation),
        "validateur": objet.validateur,
    }
