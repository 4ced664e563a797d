"""Figures for Prometheus: added over the processes, on this machine only, and nobody's name in them."""

import os
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from prometheus_client import generate_latest
from sqlmodel import Session

from rxror import db, mesures, serveur
from rxror.ror.erreurs import AccesRefuse, Conflit
from rxror.services.tracer import ajouter
from rxror.settings import RACINE, settings
from rxror.tables import Action, Trace, Utilisateur, WebSession

UN_PROCESSUS = """
from rxror import mesures
mesures.GESTES.labels("validation").inc()
mesures.refus(ValueError("Durand"))
"""


def regler(monkeypatch: pytest.MonkeyPatch, **valeurs: object) -> None:
    for nom, valeur in valeurs.items():
        monkeypatch.setenv(f"RXROR_{nom.upper()}", str(valeur))
    settings.cache_clear()


def port_libre() -> int:
    with socket.socket() as prise:
        prise.bind((mesures.HOTE, 0))
        return int(prise.getsockname()[1])


def valeur(nom: str, **labels: str) -> float:
    """What this process counted so far."""
    (famille,) = [m for m in (mesures.GESTES, mesures.REFUS, mesures.CONFLITS) if nom in m._name]
    return sum(s.value for f in famille.collect() for s in f.samples if s.labels == labels and s.name.endswith("total"))


def test_figures_of_every_process_are_added_and_served_on_this_machine_only(
    monkeypatch: pytest.MonkeyPatch, tables: None
):
    port = port_libre()
    regler(monkeypatch, metriques_port=port)
    with mesures.servies():
        for _ in range(2):
            environnement = os.environ | mesures.environnement()
            subprocess.run([sys.executable, "-c", UN_PROCESSUS], cwd=RACINE, env=environnement, check=True)
        page = httpx2.get(f"http://127.0.0.1:{port}/metrics", trust_env=False).text
        dossier = mesures._dossier()
        assert dossier.stat().st_mode & 0o077 == 0
    assert 'rxror_gestes_total{action="validation"} 2.0' in page
    assert 'rxror_refus_total{motif="panne"} 2.0' in page
    assert "rxror_sessions_ouvertes 0.0" in page
    assert "Durand" not in page
    with pytest.raises(httpx2.ConnectError):
        httpx2.get(f"http://127.0.0.1:{port}/metrics", trust_env=False)


def test_without_a_port_nothing_is_served_nor_written(reglages: Path):
    with mesures.servies():
        assert mesures.environnement() == {}
    assert not (reglages / "mesures").exists()
    assert "PROMETHEUS_MULTIPROC_DIR" not in serveur._environnement(prod=True)


def test_port_taken_is_said_in_french(monkeypatch: pytest.MonkeyPatch):
    with socket.socket() as prise:
        prise.bind((mesures.HOTE, 0))
        prise.listen()
        regler(monkeypatch, metriques_port=prise.getsockname()[1])
        with pytest.raises(mesures.PortDesMetriquesPris, match="RXROR_METRIQUES_PORT"), mesures.servies():
            pass


def test_base_that_does_not_answer_takes_no_other_figure_away(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    regler(monkeypatch, database_url="postgresql://nulle:part@127.0.0.1:1/rxror")
    assert b"sessions_ouvertes" not in generate_latest(mesures.registre(tmp_path))


def test_act_counts_once_it_is_kept(tables: None):
    avant = valeur("gestes", action="garde"), valeur("conflits")
    attendu = {"attente": {"x": 1}}
    with db.transaction() as session:
        session.add(Trace(instant=datetime.now(UTC), action=Action.GARDE, resultat=attendu))
        ajouter(session, [Trace(instant=datetime.now(UTC), action=Action.GARDE)] * 2)
        session.flush()
        assert (valeur("gestes", action="garde"), valeur("conflits")) == avant
    assert (valeur("gestes", action="garde"), valeur("conflits")) == (avant[0] + 3, avant[1] + 1)


def test_act_taken_back_does_not_count(tables: None):
    avant = valeur("gestes", action="garde")
    with db.transaction() as session:
        session.add(Trace(instant=datetime.now(UTC), action=Action.GARDE))
        session.flush()
        session.rollback()
    assert valeur("gestes", action="garde") == avant


@pytest.mark.parametrize(
    ("erreur", "motif"), [(AccesRefuse("offre:76/1"), "droit"), (Conflit(), "conflit"), (KeyError("x"), "panne")]
)
def test_refusal_counts_by_its_reason(erreur: Exception, motif: str):
    avant = valeur("refus", motif=motif)
    mesures.refus(erreur)
    assert valeur("refus", motif=motif) == avant + 1


def test_handler_is_a_short_name_of_the_code():
    long = "reflex___state____state.rxror___ui___pages___edition____edition_state.enregistrer"
    assert mesures._court(long) == "ui.pages.edition.edition_state.enregistrer"


def test_sessions_that_would_be_accepted_are_counted(session: Session, monkeypatch: pytest.MonkeyPatch):
    maintenant = datetime(2026, 11, 23, 12, tzinfo=UTC)
    personne = Utilisateur(iss="https://idp.test", sub="1")
    session.add(personne)
    session.flush()

    def une(nom: str, debut: timedelta, vue: timedelta, **autres: Any) -> None:
        session.add(
            WebSession(
                empreinte=nom, utilisateur_id=personne.id, debut=maintenant - debut, vue=maintenant - vue, **autres
            )
        )

    minute, heure = timedelta(minutes=1), timedelta(hours=1)
    une("ouverte", heure, minute)
    une("inactive", heure, 31 * minute)
    une("ancienne", 9 * heure, minute)
    une("finie", heure, minute, revoquee=maintenant)
    session.flush()
    assert mesures.sessions_ouvertes(session, maintenant) == 1
