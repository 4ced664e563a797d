"""The house: make, the locks' installation, and `rxror servir` from nothing to a page, then again."""

import fcntl
import http.client
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from rxror import serveur
from rxror.auth import secret
from rxror.commandes import app, charger_donnees, mettre_a_jour_schema
from rxror.settings import RACINE, settings

MAKE = shutil.which("make") or "make"


def servir(*mots: str) -> Result:
    return CliRunner().invoke(app, ["servir", *mots])


def une_phrase(resultat: Result) -> str:
    assert resultat.exit_code == 1, resultat.output
    assert isinstance(resultat.exception, SystemExit)
    phrase = resultat.stderr.strip()
    assert "\n" not in phrase
    return phrase


def port_libre() -> int:
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        return prise.getsockname()[1]


@pytest.fixture
def demo(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """Demonstration settings, and a web folder of its own; the value given."""
    web = tmp_path / "web"
    monkeypatch.setenv("RXROR_DEMO", "1")
    monkeypatch.setenv("RXROR_PORT", str(port_libre()))
    monkeypatch.setenv("REFLEX_WEB_WORKDIR", str(web))
    settings.cache_clear()
    secret.secret.cache_clear()
    yield web
    secret.secret.cache_clear()


# ------------------------------------------------------------------------------ make


def test_make_alone_lists_the_targets():
    aide = subprocess.run([MAKE], cwd=RACINE, capture_output=True, text=True, check=True).stdout
    for cible in ("run", "install", "test", "e2e", "check", "fix", "migrate", "migration", "bench", "help"):
        assert f"make {cible} " in aide


def test_make_without_python_says_so_in_one_sentence(tmp_path: Path):
    shutil.copy(RACINE / "Makefile", tmp_path)
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "requirements.lock").touch()
    rien = tmp_path / "rien"
    rien.mkdir()
    fait = subprocess.run(
        [MAKE, "install"], cwd=tmp_path, env={"PATH": str(rien)}, capture_output=True, text=True, check=False
    )
    assert fait.returncode != 0
    phrase, *suite = fait.stderr.strip().splitlines()
    assert phrase.startswith("rxror demande Python 3.11")
    assert all(ligne.startswith("make: ***") for ligne in suite)


def test_ci_runs_make_test():
    script = RACINE / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert "exec make test" in script.read_text("utf-8")


# --------------------------------------------------------------------- what is refused


def test_servir_taken_port_says_which_and_what_to_do(demo: Path):
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        prise.listen()
        port = prise.getsockname()[1]
        phrase = une_phrase(servir("--port", str(port)))
    assert f"Le port {port} de 127.0.0.1 est déjà pris" in phrase
    assert not demo.exists()


def test_servir_outside_demonstration_asks_for_a_secret(demo: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("RXROR_SECRET")
    resultat = servir("--sans-demo")
    assert "RXROR_SECRET est absent" in resultat.output
    assert resultat.exit_code == 1


def test_servir_unreadable_database_says_what_to_do(demo: Path, reglages: Path):
    reglages.mkdir()
    (reglages / "rxror.db").write_text("ceci n’est pas une base\n" * 100, "utf-8")
    assert "n’est pas une base de données lisible" in une_phrase(servir())


def test_servir_web_folder_in_use_is_refused(demo: Path):
    demo.mkdir()
    with (demo / serveur.VERROU).open("w") as verrou:
        fcntl.flock(verrou, fcntl.LOCK_EX)
        assert "sert déjà à un rxror en marche" in une_phrase(servir())


# ------------------------------------------------------------------- when pages are built


def test_empreinte_follows_the_settings_and_the_built_files(demo: Path, monkeypatch: pytest.MonkeyPatch):
    page = demo / "build" / "client" / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text("une page", "utf-8")
    avant = serveur._empreinte(demo)
    assert serveur._empreinte(demo) == avant
    page.write_text("une demi", "utf-8")
    page.write_text("", "utf-8")
    assert serveur._empreinte(demo) != avant
    page.write_text("une page", "utf-8")
    assert serveur._empreinte(demo) == avant
    monkeypatch.setenv("RXROR_DEMO", "0")
    settings.cache_clear()
    assert serveur._empreinte(demo) != avant


def test_annoncer_names_the_people_of_the_database(demo: Path, capsys: pytest.CaptureFixture[str]):
    mettre_a_jour_schema()
    charger_donnees()
    serveur.annoncer()
    dit = capsys.readouterr().out
    assert f"rxror est prêt : {settings().url}" in dit
    lignes = {nom.nom: (nom.role, nom.lieu) for nom in serveur.personnes_de_demonstration()}
    assert lignes["Claire Dumas"] == ("Responsable d’offre", "CH ALBI")
    assert lignes["Mireille Faure"] == ("Référent", "CH ALBI et 10 autres")
    assert lignes["Nadia Roux"] == ("Responsable d’offre", "UF Gynécologie, CH ALBI")
    assert lignes["Émile Castan"] == ("Responsable d’offre", "Pôle Médecine, CH ALBI")
    assert lignes["Odile Marsac"] == ("Référent régional", "Occitanie (76)")
    assert lignes["Bruno Teyssier"] == ("Responsable qualité", "Tarn (81)")
    assert lignes["Hugo Marty"] == ("Aucun droit", "aucun établissement")
    assert all(nom in dit for nom in lignes)


# --------------------------------------------------------------------------- for real


@contextmanager
def service(journal: Path, secondes: float) -> Iterator[subprocess.Popen[bytes]]:
    """`rxror servir`, once it says that it is ready."""
    with journal.open("wb") as sortie:
        processus = subprocess.Popen(
            [sys.executable, "-m", "rxror", "servir"], cwd=RACINE, stdout=sortie, stderr=subprocess.STDOUT
        )
    try:
        fin = time.monotonic() + secondes
        while "rxror est prêt" not in journal.read_text("utf-8"):
            assert processus.poll() is None, journal.read_text("utf-8")
            assert time.monotonic() < fin, f"not ready in {secondes} s: {journal.read_text('utf-8')}"
            time.sleep(0.1)
        yield processus
    finally:
        if processus.poll() is None:
            processus.terminate()
            processus.wait(20)


def lire(chemin: str) -> tuple[int, str]:
    lien = http.client.HTTPConnection("127.0.0.1", settings().port, timeout=10)
    lien.request("GET", chemin)
    reponse = lien.getresponse()
    try:
        return reponse.status, reponse.read().decode("utf-8")
    finally:
        lien.close()


def comptes(base: Path) -> dict[str, int]:
    lien = sqlite3.connect(base)
    tables = [nom for (nom,) in lien.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    nombres = {nom: lien.execute(f"SELECT count(*) FROM {nom}").fetchone()[0] for nom in tables}
    lien.close()
    return nombres


@pytest.mark.serveur
def test_servir_from_nothing_then_again_then_after_a_half_build(demo: Path, reglages: Path, tmp_path: Path):
    sources = serveur._empreinte_des_sources()
    with service(tmp_path / "premier.log", 90) as premier:
        code, page = lire("/connexion/")
        assert code == 200
        assert 'lang="fr"' in page
        assert lire("/rxror.css")[0] == 200
        assert lire("/demo-idp/.well-known/openid-configuration")[0] == 200
        premier.send_signal(signal.SIGINT)
        assert premier.wait(20) == 0
    avant = comptes(reglages / "rxror.db")
    assert avant["offre_operationnelle"] >= 80

    if serveur._empreinte_des_sources() != sources:
        pytest.skip("the sources were edited during this test: the second start has to build again")
    with service(tmp_path / "second.log", 15) as second:
        assert "Construction" not in (tmp_path / "second.log").read_text("utf-8")
        assert lire("/connexion/")[0] == 200
        second.terminate()
        assert second.wait(20) == 0
    assert comptes(reglages / "rxror.db") == avant

    (demo / "build" / "client" / "404.html").unlink()
    with service(tmp_path / "troisieme.log", 90):
        assert "Construction" in (tmp_path / "troisieme.log").read_text("utf-8")
        assert (demo / "build" / "client" / "404.html").exists()
    with pytest.raises(ConnectionRefusedError):
        lire("/ping")
