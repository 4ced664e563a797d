"""How long things are kept, and the purge that takes them away: what the settings say, and a line of trace for it.

A brouillon that nobody touched for months is announced first, on its object; it goes once the notice has run.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, or_, update
from sqlmodel import Session, col, select

from rxror.ror.dates import mois_avant, utc
from rxror.services.tracer import finess_de
from rxror.settings import settings
from rxror.tables import (
    Action,
    Attestation,
    Brouillon,
    Confirmation,
    Courriel,
    DemandeAcces,
    EditionEnCours,
    Invitation,
    LienConfie,
    Proposition,
    PurgeEnCours,
    RelectureOuverte,
    RelectureReportee,
    Trace,
    WebSession,
)

AUTEUR = "Conservation des données"
TECHNIQUES = frozenset({Action.CONNEXION, Action.DECONNEXION, Action.REFUS})
PAR_FOIS = 10_000  # lines one transaction deletes: nobody waits for it longer than a moment
MOIS_DES_CONFIRMATIONS = 36
PRESENCE = timedelta(days=1)
REPORT = timedelta(days=30)  # « Plus tard » in the review queue holds no longer, nor the place where one was

Transaction = Callable[[], AbstractContextManager[Session]]


@dataclass(frozen=True)
class Limites:
    """Before which instant each kind of thing goes.

    Attributes:
        confirmations: as long as the offers, and never less than what « every third year » needs.
        preavis: a brouillon announced before it has had its notice.
    """

    technique: datetime
    offres: datetime
    confirmations: datetime
    attestations: datetime
    sessions: datetime
    brouillons: datetime
    preavis: datetime

    def de(self, action: Action) -> datetime:
        """For a line of the trace."""
        return self.technique if action in TECHNIQUES else self.offres


@dataclass
class Bilan:
    """What went, or would go; `traces` by act."""

    traces: dict[str, int]
    sessions: int = 0
    courriels: int = 0
    attestations: int = 0
    demandes: int = 0
    brouillons: int = 0
    confirmations: int = 0
    annonces: int = 0


def limites(maintenant: datetime | None = None) -> Limites:
    """What the settings say, on that day."""
    maintenant, reglages = maintenant or datetime.now(UTC), settings()
    return Limites(
        technique=mois_avant(maintenant, reglages.conservation_technique_mois),
        offres=mois_avant(maintenant, reglages.conservation_offres_mois),
        confirmations=mois_avant(maintenant, max(reglages.conservation_offres_mois, MOIS_DES_CONFIRMATIONS)),
        attestations=mois_avant(maintenant, reglages.conservation_attestations_mois),
        sessions=maintenant - timedelta(days=reglages.conservation_sessions_jours),
        brouillons=mois_avant(maintenant, reglages.conservation_brouillons_mois),
        preavis=maintenant - timedelta(days=reglages.conservation_preavis_jours),
    )


def prevoir(session: Session, maintenant: datetime | None = None) -> Bilan:
    """What a purge would take away."""
    jusqu_a = limites(maintenant)
    par_action: Any = select(col(Trace.action), func.count()).where(_perimees(jusqu_a)).group_by(col(Trace.action))

    def combien(table: Any, condition: Any) -> int:
        return session.exec(select(func.count()).select_from(table).where(condition)).one()

    return Bilan(
        {action.value: n for action, n in sorted(session.exec(par_action))},
        sessions=combien(WebSession, _finies(jusqu_a)),
        courriels=combien(Courriel, col(Courriel.cree) < jusqu_a.technique),
        attestations=combien(Attestation, col(Attestation.cree) < jusqu_a.attestations),
        demandes=sum(combien(table, condition) for table, condition in _closes(jusqu_a)),
        brouillons=combien(Brouillon, _annonces(jusqu_a)),
        confirmations=combien(Confirmation, col(Confirmation.instant) < jusqu_a.confirmations),
        annonces=combien(Brouillon, _a_annoncer(jusqu_a)),
    )


def purger(transaction: Transaction, maintenant: datetime | None = None) -> Bilan:
    """Take away what is kept no longer, a part at a time, each with its line of trace in its own transaction.

    Args:
        transaction: opens one, kept at its end.
    """
    maintenant = maintenant or datetime.now(UTC)
    jusqu_a, bilan = limites(maintenant), Bilan({})
    while lot := _purger_la_trace(transaction, jusqu_a, maintenant):
        for action, n in lot.items():
            bilan.traces[action] = bilan.traces.get(action, 0) + n
    with transaction() as session:
        bilan.sessions = _supprimer(session, WebSession, _finies(jusqu_a))
        bilan.courriels = _supprimer(session, Courriel, col(Courriel.cree) < jusqu_a.technique)
        bilan.attestations = _supprimer(session, Attestation, col(Attestation.cree) < jusqu_a.attestations)
        _supprimer(session, EditionEnCours, col(EditionEnCours.vue) < maintenant - PRESENCE)
        _supprimer(session, RelectureOuverte, col(RelectureOuverte.vue) < maintenant - REPORT)
        _supprimer(session, RelectureReportee, col(RelectureReportee.instant) < maintenant - REPORT)
        bilan.demandes = sum(_supprimer(session, table, condition) for table, condition in _closes(jusqu_a))
        bilan.brouillons = _supprimer_les_brouillons(session, jusqu_a, maintenant)
        bilan.confirmations = _supprimer(session, Confirmation, col(Confirmation.instant) < jusqu_a.confirmations)
        annonce = update(Brouillon).where(_a_annoncer(jusqu_a)).values(annonce=maintenant)
        bilan.annonces = session.exec(annonce, **_SANS_SUIVI).rowcount
        if comptes := _comptes(bilan):
            _dire(session, maintenant, comptes)
    return bilan


def suppression_prevue(brouillon: Brouillon) -> datetime | None:
    """When a brouillon that was announced goes; None when somebody has changed it since, or it was never announced."""
    if brouillon.annonce is None or utc(brouillon.annonce) <= utc(brouillon.modifie):
        return None
    return utc(brouillon.annonce) + timedelta(days=settings().conservation_preavis_jours)


def raconter(bilan: Bilan, *, essai: bool = False) -> Iterator[str]:
    """What went, or would go, for the person who runs the service."""
    trouve = False
    mots = (
        ("sessions terminées", bilan.sessions),
        ("courriels", bilan.courriels),
        ("attestations", bilan.attestations),
        ("invitations, demandes d’accès et liens confiés, finis", bilan.demandes),
        ("brouillons", bilan.brouillons),
        ("confirmations", bilan.confirmations),
    )
    for quoi, combien in (*((f"lignes « {a} »", n) for a, n in bilan.traces.items()), *mots):
        if combien:
            trouve = True
            yield f"{'À supprimer' if essai else 'Supprimé'} : {combien} {quoi}."
    if bilan.annonces:
        verbe = "À annoncer" if essai else "Annoncé"
        yield f"{verbe} : {bilan.annonces} brouillons, supprimés dans {settings().conservation_preavis_jours} jours."
    if not trouve and not bilan.annonces:
        yield "Rien n’a dépassé sa durée de conservation."


# --------------------------------------------------------------------------- the trace


def _purger_la_trace(transaction: Transaction, jusqu_a: Limites, maintenant: datetime) -> dict[str, int]:
    """Delete the oldest lines, as many as one transaction may; {act: how many}."""
    with transaction() as session:
        requete: Any = select(Trace.id, Trace.action).where(_perimees(jusqu_a)).order_by(col(Trace.id)).limit(PAR_FOIS)
        partantes = session.exec(requete).all()
        if not partantes:
            return {}
        session.add_all(PurgeEnCours(action=a.name, avant=jusqu_a.de(a)) for a in {a for _, a in partantes})
        session.flush()
        derniere = partantes[-1][0] or 0
        session.execute(delete(Trace).where(_perimees(jusqu_a), col(Trace.id) <= derniere), **_SANS_SUIVI)
        session.execute(delete(PurgeEnCours), **_SANS_SUIVI)
        comptes: dict[str, int] = {}
        for _, action in partantes:
            comptes[action.value] = comptes.get(action.value, 0) + 1
        _dire(session, maintenant, {"traces": dict(sorted(comptes.items()))})
        return comptes


def _perimees(jusqu_a: Limites) -> Any:
    technique = col(Trace.action).in_(sorted(TECHNIQUES))
    return or_(technique & (col(Trace.instant) < jusqu_a.technique), ~technique & (col(Trace.instant) < jusqu_a.offres))


def _dire(session: Session, maintenant: datetime, supprime: dict[str, Any]) -> None:
    session.add(Trace(instant=maintenant, action=Action.PURGE, nom=AUTEUR, resultat=supprime))


# ------------------------------------------------------------------------------ the rest

_SANS_SUIVI: dict[str, Any] = {"execution_options": {"synchronize_session": False}}


def _finies(jusqu_a: Limites) -> Any:
    """Sessions that ended, by themselves or not, long enough ago."""
    web = WebSession
    return (col(web.vue) < jusqu_a.sessions) & (col(web.revoquee).is_(None) | (col(web.revoquee) < jusqu_a.sessions))


def _closes(jusqu_a: Limites) -> list[tuple[Any, Any]]:
    """What was asked of people and is over, long enough ago, in the order it can go: names and e-mail addresses."""
    avant = jusqu_a.technique
    finie = func.coalesce(col(Invitation.close), col(Invitation.expire)) < avant
    attend = select(Proposition.lien_id).where(col(Proposition.decidee).is_(None) | (col(Proposition.decidee) >= avant))
    return [
        (Invitation, finie),
        (DemandeAcces, col(DemandeAcces.decidee) < avant),
        (Proposition, col(Proposition.decidee) < avant),
        (LienConfie, (col(LienConfie.expire) < avant) & col(LienConfie.id).not_in(attend)),
    ]


def _a_annoncer(jusqu_a: Limites) -> Any:
    brouillon = Brouillon
    jamais = col(brouillon.annonce).is_(None) | (col(brouillon.annonce) <= col(brouillon.modifie))
    return (col(brouillon.modifie) < jusqu_a.brouillons) & jamais


def _annonces(jusqu_a: Limites) -> Any:
    brouillon = Brouillon
    return (col(brouillon.annonce) < jusqu_a.preavis) & (col(brouillon.annonce) > col(brouillon.modifie))


def _supprimer_les_brouillons(session: Session, jusqu_a: Limites, maintenant: datetime) -> int:
    """Delete those whose notice has run, unless somebody changes one meanwhile; the history of each object says so."""
    brouillon: Any = Brouillon
    ote = delete(Brouillon).where(_annonces(jusqu_a)).returning(brouillon.objet, brouillon.section, brouillon.modifie)
    partis = sorted(tuple(ligne) for ligne in session.execute(ote, **_SANS_SUIVI))
    for objet, section, modifie in partis:
        session.add(
            Trace(
                instant=maintenant,
                action=Action.PURGE,
                nom=AUTEUR,
                finess=finess_de(session, objet),
                objet=objet,
                section=section,
                resultat={"modifie": utc(modifie).isoformat()},
            )
        )
    return len(partis)


def _supprimer(session: Session, table: Any, condition: Any) -> int:
    return session.exec(delete(table).where(condition), **_SANS_SUIVI).rowcount


def _comptes(bilan: Bilan) -> dict[str, int]:
    noms = ("sessions", "courriels", "attestations", "demandes", "brouillons", "confirmations", "annonces")
    return {nom: getattr(bilan, nom) for nom in noms if getattr(bilan, nom)}
