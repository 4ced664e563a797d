"""What is read once for all the cards of a review: names, structures, what was often changed, last seen whole, kept.

The number of queries does not grow with the number of cards.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from rxror.ror.controles import Anomalie
from rxror.ror.dates import minuit, utc
from rxror.ror.fraicheur import ajouter_mois
from rxror.ror.objets import LieuRealisationOffre, OffreOperationnelle, OrganisationInterne
from rxror.services import communes, gardes
from rxror.services.acces import Acteur, Cible, Geste
from rxror.services.dossier import Dossier, Piece
from rxror.services.dossiers import ouvrables
from rxror.tables import Action, Confirmation, Trace

MOIS_D_HISTOIRE = 36
CHANGE_SOUVENT = 2  # publications that changed a field in these months


@dataclass(frozen=True)
class Autour:
    """What is read once for all the cards."""

    acteur: Acteur
    jour: date
    communes: Mapping[str, str]
    territoire: Any
    structures: Mapping[int, list[OrganisationInterne]]
    souvent: Mapping[str, set[str]]
    completes: Mapping[str, datetime]
    gardees: Mapping[gardes.Cle, str]
    lieux_a_soi: Collection[str]


def lire(
    session: Session,
    acteur: Acteur,
    ouverts: Mapping[str, Dossier],
    anomalies: Mapping[str, list[Anomalie]],
    jour: date,
) -> Autour:
    """All that the cards of these open objects need, in a dozen queries."""
    pieces = {p.cle: p for ouvert in ouverts.values() for p in ouvert.pieces}
    codes = [str(v.get("commune_cog") or "") for p in pieces.values() for v in (p.valeurs, p.publiees)]
    zones = communes.zones(*(v for p in pieces.values() for v in (p.valeurs, p.publiees)))
    alertes = {a.objet or cle for cle, siennes in anomalies.items() for a in siennes if a.gardable}
    lieux = [Cible(*cle.split(":", 1)) for cle, p in pieces.items() if p.classe is LieuRealisationOffre]
    return Autour(
        acteur,
        jour,
        communes.nommer(session, codes),
        communes.lire_territoire(session, zones),
        _structures(session, ouverts.values()),
        _souvent_changes(session, pieces, jour),
        _vues_en_entier(session, pieces),
        gardes.gardees(session, alertes),
        _valables(session, acteur, lieux),
    )


def est_une_offre(ouvert: Dossier) -> bool:
    """Whether the object that was opened is an offer; otherwise it is a lieu."""
    return isinstance(ouvert.principale.objet, OffreOperationnelle)


def _structures(session: Session, ouverts: Iterable[Dossier]) -> dict[int, list[OrganisationInterne]]:
    """{id: the structure and those above it, outermost first}; three levels at most, one query."""
    ids = {o.principale.objet.organisation_interne_id for o in ouverts if est_une_offre(o)}
    voulues = sorted(i for i in ids if i is not None)
    if not voulues:
        return {}
    soi, parent, grand_parent = (aliased(OrganisationInterne) for _ in range(3))
    requete: Any = (
        select(soi, parent, grand_parent)
        .outerjoin(parent, soi.parent_id == parent.id)  # type: ignore[arg-type]
        .outerjoin(grand_parent, parent.parent_id == grand_parent.id)  # type: ignore[arg-type]
        .where(col(soi.id).in_(voulues))
    )
    return {ligne[0].id: [oi for oi in reversed(ligne) if oi is not None] for ligne in session.exec(requete)}


def _souvent_changes(session: Session, pieces: Mapping[str, Piece], jour: date) -> dict[str, set[str]]:
    """{object: fields that several publications of the last years changed}."""
    depuis = minuit(ajouter_mois(jour, -MOIS_D_HISTOIRE))
    requete = select(Trace.objet, Trace.changements).where(
        col(Trace.objet).in_(pieces), Trace.action == Action.VALIDATION, col(Trace.instant) >= depuis
    )
    fois: dict[str, dict[str, int]] = {}
    for objet, changements in session.exec(requete):
        siens = fois.setdefault(objet, {})
        for nom in {c["champ"] for c in changements}:
            siens[nom] = siens.get(nom, 0) + 1
    return {objet: {n for n, k in siens.items() if k >= CHANGE_SOUVENT} for objet, siens in fois.items()}


def _vues_en_entier(session: Session, pieces: Mapping[str, Piece]) -> dict[str, datetime]:
    """{object: when somebody last had all its facts before them}: on a whole card, or before rxror had cards.

    « Valider » shows what changes and no more: it does not count. Without a whole card it is the date that the oldest
    act known here replaced, that of a validation made elsewhere or of the creation; without any act, the present date.
    """
    origines = _premieres_dates(session, pieces)
    requete = (
        select(Confirmation)
        .where(col(Confirmation.objet).in_(pieces), col(Confirmation.annulee).is_(None))
        .order_by(col(Confirmation.id))
    )
    siennes: dict[str, list[Confirmation]] = {}
    for confirmation in session.exec(requete):
        siennes.setdefault(confirmation.objet, []).append(confirmation)
    vues: dict[str, datetime] = {}
    for cle, piece in pieces.items():
        connues = siennes.get(cle, [])
        entieres = [c.instant for c in connues if c.complete]
        avant = connues[0].avant.get("date_validation") if connues else None
        dites = [datetime.fromisoformat(d) for d in (avant, origines.get(cle)) if d]
        if entieres:
            vues[cle] = entieres[-1]
        elif dites:
            vues[cle] = min(dites)
        elif piece.objet.date_validation and cle not in origines:
            vues[cle] = piece.objet.date_validation
    return vues


def _premieres_dates(session: Session, pieces: Mapping[str, Piece]) -> dict[str, str | None]:
    """{object: the date that the oldest validation or confirmation known here replaced}; absent without any."""
    actes = (Action.VALIDATION, Action.CONFIRMATION)
    premieres = (
        select(func.min(col(Trace.id)))
        .where(col(Trace.objet).in_(pieces), col(Trace.action).in_(actes))
        .group_by(col(Trace.objet))
    )
    requete = select(Trace.objet, Trace.instant, Trace.resultat).where(col(Trace.id).in_(premieres))
    # lines older than `date_avant` came from the page of the object, which shows everything
    return {
        objet: resultat["date_avant"] if "date_avant" in resultat else utc(instant).isoformat()
        for objet, instant, resultat in session.exec(requete)
    }


def _valables(session: Session, acteur: Acteur, lieux: list[Cible]) -> set[str]:
    """Keys of those of these lieux that one may validate."""
    return set(ouvrables(session, acteur, lieux, Geste.VALIDER)) if lieux else set()
