"""Figures for Prometheus: how many events, how long they took, what was refused, what was kept.

Each process that serves writes its own in files of the var folder; the one that started them adds these up and serves
them on a port of this machine only. So there is one port however many processes, and one that died still counts.
No label names a person or an object: a name of handler, an act, a reason, all of them words of the code.
"""

import asyncio
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from time import perf_counter
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram, start_http_server
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy import Engine, event, func
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col, select

from rxror import db
from rxror.ror.erreurs import AccesRefuse, Conflit, ErreurRxror, NonConnecte, ObjetFerme, SaisieInvalide
from rxror.settings import settings
from rxror.tables import Trace, WebSession

HOTE = "127.0.0.1"
DOSSIER = "PROMETHEUS_MULTIPROC_DIR"  # read by the library when it is imported
SEAUX = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 5)
MOTIFS = {
    NonConnecte: "session",
    AccesRefuse: "droit",
    ObjetFerme: "fermee",
    SaisieInvalide: "perimee",
    Conflit: "conflit",
}

EVENEMENTS = Histogram(
    "rxror_evenement_secondes", "Events of the pages, by handler and outcome", ["handler", "issue"], buckets=SEAUX
)
GESTES = Counter("rxror_gestes", "Lines of the trace that were kept, by act", ["action"])
REFUS = Counter("rxror_refus", "What was refused, by reason", ["motif"])
CONFLITS = Counter("rxror_conflits", "Saves that met somebody else's change and wait for a choice")
ERREURS = Counter("rxror_base_erreurs", "Statements that the database refused or lost", ["genre"])


class PortDesMetriquesPris(ErreurRxror):
    """The metrics cannot be served; the message, in French, says why and what to do."""


# --------------------------------------------------------------------- in what serves


def suivre(handler: str) -> None:
    """Count the event that this task handles once it is over, and how long it took."""
    tache = asyncio.current_task()
    if tache is None:
        return
    debut = perf_counter()

    def noter(finie: "asyncio.Task[Any]") -> None:
        issue = "annule" if finie.cancelled() else "panne" if finie.exception() else "fait"
        EVENEMENTS.labels(_court(handler), issue).observe(perf_counter() - debut)

    tache.add_done_callback(noter)


def refus(exception: Exception) -> None:
    """Count why a handler refused; "panne" for what nobody foresaw."""
    motif = next((mot for classe, mot in MOTIFS.items() if isinstance(exception, classe)), "panne")
    REFUS.labels(motif).inc()


@lru_cache(maxsize=1000)
def _court(handler: str) -> str:
    """« ui.pages.edition.edition_state.enregistrer », of the name that Reflex gives."""
    chemin, _, geste = handler.rpartition(".")
    module = chemin.rpartition(".")[2].removeprefix("rxror___")
    return f"{module.replace('____', '.').replace('___', '.')}.{geste}"


@event.listens_for(Session, "after_flush")
def _retenir(session: Any, _: Any) -> None:
    lignes = [o for o in session.new if isinstance(o, Trace)]
    if lignes:
        session.info.setdefault("gestes", []).extend((t.action.value, bool(t.resultat.get("attente"))) for t in lignes)


@event.listens_for(Session, "do_orm_execute")
def _retenir_un_lot(ordre: Any) -> None:
    """Lines added many at once, by one INSERT."""
    if ordre.is_insert and ordre.bind_mapper is not None and ordre.bind_mapper.class_ is Trace:
        lignes = ordre.parameters if isinstance(ordre.parameters, list) else []
        ordre.session.info.setdefault("gestes", []).extend(
            (ligne["action"].value, bool(ligne["resultat"].get("attente"))) for ligne in lignes
        )


@event.listens_for(Session, "after_commit")
def _compter(session: Any) -> None:
    for action, en_conflit in session.info.pop("gestes", ()):
        GESTES.labels(action).inc()
        if en_conflit:
            CONFLITS.inc()


@event.listens_for(Session, "after_rollback")
def _oublier(session: Any) -> None:
    session.info.pop("gestes", None)


@event.listens_for(Engine, "handle_error")
def _erreur(contexte: Any) -> None:
    erreur = contexte.sqlalchemy_exception
    perdue = erreur is not None and hasattr(erreur, "orig") and db.est_perdue(erreur)
    ERREURS.labels("perdue" if perdue else "refusee").inc()


# ------------------------------------------------------------------ in what started it


def environnement() -> dict[str, str]:
    """What the processes that serve must know, to write where the figures are read."""
    return {DOSSIER: str(_dossier())} if settings().metriques_port else {}


@contextmanager
def servies() -> Iterator[None]:
    """Serve the figures of the processes started inside; nothing when the settings ask for none.

    Raises:
        PortDesMetriquesPris: another program has the port.
    """
    port = settings().metriques_port
    if not port:
        yield
        return
    shutil.rmtree(_dossier(), ignore_errors=True)
    _dossier().mkdir(mode=0o700, parents=True)
    try:
        serveur, fil = start_http_server(port, HOTE, registre(_dossier()))
    except OSError:
        raise PortDesMetriquesPris(
            f"Le port {port}, celui des métriques, est déjà pris. Donnez-en un autre : RXROR_METRIQUES_PORT."
        ) from None
    try:
        yield
    finally:
        serveur.shutdown()
        serveur.server_close()
        fil.join()


def registre(dossier: Path) -> CollectorRegistry:
    """What one scrape reads: the figures of the processes, and the sessions that the database knows."""
    registre = CollectorRegistry()
    MultiProcessCollector(registry=registre, path=str(dossier))
    registre.register(_Sessions())
    return registre


class _Sessions(Collector):
    """The sessions that are open now, whichever process opened them."""

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """One figure; none when the database does not answer."""
        try:
            with db.lecture() as session:
                ouvertes = sessions_ouvertes(session)
        except (SQLAlchemyError, OSError):
            return
        yield GaugeMetricFamily("rxror_sessions_ouvertes", "Web sessions neither ended nor idle", ouvertes)


def sessions_ouvertes(session: Session, maintenant: datetime | None = None) -> int:
    """How many web sessions would be accepted now."""
    maintenant, reglages = maintenant or datetime.now(UTC), settings()
    web = WebSession
    requete = select(func.count()).where(
        col(web.revoquee).is_(None),
        col(web.vue) > maintenant - timedelta(minutes=reglages.session_inactive_minutes),
        col(web.debut) > maintenant - timedelta(hours=reglages.session_absolue_heures),
    )
    return session.exec(requete.select_from(web)).one()


def _dossier() -> Path:
    return settings().var.absolute() / "mesures"
