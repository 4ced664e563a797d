"""What a load balancer is told: the process answers, and it can serve or not, for want of one part."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from rxror import db, sante
from rxror.commandes import mettre_a_jour_schema
from rxror.settings import settings
from tests.valkey import un_valkey


@pytest.fixture
def demander(base_vide: None) -> Iterator[Callable[[str], Any]]:
    client = TestClient(Starlette(routes=sante.routes()))

    def demander(chemin: str) -> Any:
        sante._manque.cache_clear()
        return client.get(chemin)

    yield demander
    sante._manque.cache_clear()


def regler(monkeypatch: pytest.MonkeyPatch, **valeurs: str) -> None:
    for nom, valeur in valeurs.items():
        monkeypatch.setenv(f"RXROR_{nom.upper()}", valeur)
    db.fermer()
    settings.cache_clear()


def dit(reponse: Any) -> tuple[int, dict[str, str]]:
    assert reponse.headers["cache-control"] == "no-store"
    return reponse.status_code, reponse.json()


def test_process_answers_whatever_the_base_does(demander: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch):
    regler(monkeypatch, database_url="postgresql://nulle:part@127.0.0.1:1/rxror")
    assert dit(demander("/sante")) == (200, {"etat": "en marche"})
    assert dit(demander("/pret")) == (503, {"etat": "pas prêt", "manque": "base de données"})


def test_ready_once_the_migrations_are_done(demander: Callable[[str], Any]):
    assert dit(demander("/pret")) == (503, {"etat": "pas prêt", "manque": "migrations"})
    mettre_a_jour_schema()
    assert dit(demander("/pret")) == (200, {"etat": "prêt"})
    with db.engine().begin() as connexion:
        connexion.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    assert dit(demander("/pret")) == (503, {"etat": "pas prêt", "manque": "migrations"})


def test_valkey_of_the_settings_must_answer(
    demander: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    mettre_a_jour_schema()
    (tmp_path / "valkey").mkdir()
    with un_valkey(tmp_path / "valkey") as stock:
        regler(monkeypatch, valkey_url=stock.url)
        assert dit(demander("/pret")) == (200, {"etat": "prêt"})
        stock.tuer()
        assert dit(demander("/pret")) == (503, {"etat": "pas prêt", "manque": "état des onglets"})
