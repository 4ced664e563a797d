"""What is refused before the service starts with several processes, and what is asked of Valkey."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from rxror import serveur, valkey
from rxror.settings import Settings, settings
from tests.valkey import Valkey, un_valkey

Regler = Callable[..., None]


@pytest.fixture
def regler(monkeypatch: pytest.MonkeyPatch) -> Regler:
    def regler(**valeurs: Any) -> None:
        for nom, valeur in valeurs.items():
            monkeypatch.setenv(f"RXROR_{nom.upper()}", str(valeur))
        settings.cache_clear()

    return regler


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Valkey]:
    with un_valkey(tmp_path_factory.mktemp("valkey")) as stock:
        yield stock


def refus() -> str:
    with pytest.raises(valkey.ValkeyRefuse) as leve:
        valkey.verifier()
    return str(leve.value)


def test_one_process_needs_no_valkey(regler: Regler):
    valkey.verifier()
    assert settings().url_valkey == ""


def test_several_processes_without_valkey_are_refused(regler: Regler):
    regler(workers=3)
    assert "RXROR_WORKERS demande 3 processus" in refus()
    assert "RXROR_VALKEY_URL=" in refus()


def test_a_valkey_that_does_not_answer_is_refused_without_its_password(regler: Regler, tmp_path: Path):
    regler(workers=2, valkey_url=f"valkey://:motdepasse@127.0.0.1:{Valkey(tmp_path).port}/0")
    assert "Valkey ne répond pas (redis://127.0.0.1:" in refus()
    assert "motdepasse" not in refus()


def test_a_valkey_that_hangs_is_refused(stock: Valkey, regler: Regler, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(valkey, "REPONSE_SECONDES", 0.2)
    regler(workers=2, valkey_url=stock.url)
    with stock.fige():
        assert "Valkey ne répond pas" in refus()


@pytest.mark.parametrize("adresse", ["redis://valkey.exemple.fr:6379/0", "valkeys://10.0.0.1/0"])
def test_a_valkey_of_another_machine_without_password_is_refused(regler: Regler, adresse: str):
    regler(valkey_url=adresse)
    assert "n’a pas de mot de passe" in refus()


def test_a_wrong_password_is_told(regler: Regler, tmp_path: Path):
    with un_valkey(tmp_path) as stock:
        with stock.client() as client:
            client.config_set("requirepass", "le-bon")
        regler(workers=2, valkey_url=f"redis://:le-mauvais@127.0.0.1:{stock.port}/0")
        assert "refuse ce qui lui est demandé" in refus()
        assert "le-mauvais" not in refus()
        regler(valkey_url=f"redis://:le-bon@127.0.0.1:{stock.port}/0")
        valkey.verifier()


def test_valkey_is_asked_to_tell_what_the_processes_listen_to(stock: Valkey, regler: Regler):
    regler(workers=2, valkey_url=stock.url)
    with stock.client() as client:
        client.config_set("notify-keyspace-events", "")
        valkey.verifier()
        assert set(client.config_get("notify-keyspace-events")["notify-keyspace-events"]) >= set("K$sgxe")


def test_an_address_of_another_kind_is_refused_and_not_repeated(regler: Regler):
    regler(valkey_url="http://:motdepasse@localhost")
    with pytest.raises(ValidationError) as leve:
        Settings()
    assert "RXROR_VALKEY_URL doit commencer par valkey://" in leve.value.errors()[0]["msg"]
    assert leve.value.errors()[0]["loc"] == ()


def test_servir_starts_as_many_processes_as_asked(regler: Regler, capsys: pytest.CaptureFixture[str]):
    commande = serveur._granian()
    assert commande[commande.index("--workers") + 1] == "1"
    assert "--respawn-failed-workers" not in commande
    regler(workers=4, valkey_url="valkey://:secret@localhost:6379/2")
    commande = serveur._granian()
    assert commande[commande.index("--workers") + 1] == "4"
    assert "--respawn-failed-workers" in commande
    serveur.annoncer()
    dit = capsys.readouterr().out
    assert "4 processus, état des onglets dans Valkey (redis://localhost:6379/2)." in dit
    assert "Plusieurs processus sur SQLite" in dit
    assert "secret" not in dit


def test_a_tab_is_kept_longer_than_a_session(regler: Regler):
    regler(valkey_url="redis://localhost", session_absolue_heures=8)
    assert settings().vie_des_onglets == 9 * 3600
