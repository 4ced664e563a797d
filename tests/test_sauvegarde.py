"""`rxror sauvegarde` and `rxror restauration`: real files, people who write meanwhile, and PostgreSQL's own tools."""

import hashlib
import shlex
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from sqlmodel import func, select
from typer.testing import CliRunner, Result

from rxror import db, sauvegarde
from rxror.commandes import app, mettre_a_jour_schema
from rxror.settings import settings
from rxror.tables import Action, Trace, Utilisateur, WebSession
from tests.bases import MODELE
from tests.postgres import Postgres

MOTS = "Le Go n’est pas loin"


def rxror(*mots: str | Path, entree: str | None = None) -> Result:
    return CliRunner().invoke(app, [str(mot) for mot in mots], input=entree)


def un_echec(resultat: Result) -> str:
    assert resultat.exit_code == 1, resultat.output
    assert isinstance(resultat.exception, SystemExit)
    return resultat.stderr.strip()


def tracer(nom: str, fois: int = 1) -> None:
    with db.transaction() as session:
        for _ in range(fois):
            session.add(Trace(instant=datetime.now(UTC), action=Action.CONNEXION, nom=nom))


def noms(fichier: Path) -> list[str]:
    with closing(sqlite3.connect(fichier)) as base:
        return [nom for (nom,) in base.execute("SELECT nom FROM trace ORDER BY id")]


@pytest.fixture
def base(reglages: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An embedded database with one act and one open session."""
    monkeypatch.delenv("RXROR_DATABASE_URL", raising=False)
    settings.cache_clear()
    mettre_a_jour_schema()
    with db.transaction() as session:
        qui = Utilisateur(iss="i", sub="s")
        session.add(qui)
        session.flush()
        jour = datetime.now(UTC)
        session.add(WebSession(empreinte="e" * 64, utilisateur_id=qui.id or 0, debut=jour, vue=jour, id_token="jeton"))
    tracer(MOTS)
    return reglages / "rxror.db"


@pytest.fixture
def copie(base: Path, tmp_path: Path) -> Path:
    """A backup of it, then one more act that the backup has not."""
    fichier = tmp_path / "copie.db"
    assert rxror("sauvegarde", fichier).exit_code == 0
    tracer("depuis")
    db.fermer()
    return fichier


# --------------------------------------------------------------------------- sauvegarde


def test_sauvegarde_writes_one_whole_file_for_its_owner_and_says_its_digest(base: Path, tmp_path: Path):
    fichier = tmp_path / "copie.db"
    resultat = rxror("sauvegarde", fichier)
    assert resultat.exit_code == 0, resultat.output
    assert hashlib.sha256(fichier.read_bytes()).hexdigest() in resultat.stdout
    assert fichier.stat().st_mode & 0o777 == 0o600
    assert noms(fichier) == [MOTS]
    assert {f.name for f in tmp_path.iterdir()} == {"copie.db", "var"}


def test_sauvegarde_never_takes_the_place_of_a_file_unasked(copie: Path):
    avant = copie.read_bytes()
    assert "--ecraser" in un_echec(rxror("sauvegarde", copie))
    assert copie.read_bytes() == avant
    assert rxror("sauvegarde", copie, "--ecraser").exit_code == 0
    assert noms(copie) == [MOTS, "depuis"]


def test_sauvegarde_says_why_it_cannot(base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    assert "la base elle-même" in un_echec(rxror("sauvegarde", base, "--ecraser"))
    assert str(tmp_path / "absent") in un_echec(rxror("sauvegarde", tmp_path / "absent" / "copie.db"))
    monkeypatch.setenv("RXROR_VAR", str(tmp_path / "autre"))
    settings.cache_clear()
    assert "pas encore de base" in un_echec(rxror("sauvegarde", tmp_path / "copie.db"))
    assert noms(base) == [MOTS]


def test_sauvegarde_while_people_write_holds_whole_acts_and_all_that_was_acknowledged(base: Path, tmp_path: Path):
    fini, acquis = Event(), [0, 0, 0, 0]

    def ecrire(rang: int) -> None:
        while not fini.is_set():
            tracer(f"{rang}-{acquis[rang]}", fois=3)
            acquis[rang] += 1

    def copier() -> None:
        try:
            for n in range(10):
                avant = sum(acquis)
                sauvegarde.sauvegarder(tmp_path / f"{n}.db", ecraser=False)
                gardes = noms(tmp_path / f"{n}.db")[1:]
                assert len(gardes) >= 3 * avant
                assert all(gardes.count(nom) == 3 for nom in set(gardes))
        finally:
            fini.set()

    with ThreadPoolExecutor(5) as fils:
        faits = [*(fils.submit(ecrire, rang) for rang in range(4)), fils.submit(copier)]
    for fait in faits:
        fait.result()
    assert all(acquis)


# ------------------------------------------------------------------------- restauration


def test_restauration_puts_the_copy_back_keeps_the_former_one_and_ends_sessions(base: Path, copie: Path):
    resultat = rxror("restauration", copie, "--oui")
    assert resultat.exit_code == 0, resultat.output
    (gardee,) = base.parent.glob("rxror.db.avant-*")
    assert str(gardee) in resultat.stdout
    assert noms(gardee) == [MOTS, "depuis"]
    assert noms(base) == [MOTS]
    with db.lecture() as session:
        (web,) = session.exec(select(WebSession)).all()
        assert (web.revoquee is not None, web.id_token) == (True, "")
    tracer("ensuite")
    assert sauvegarde.lire(copie).sha256 == hashlib.sha256(copie.read_bytes()).hexdigest()
    assert noms(copie) == [MOTS]


def test_restauration_asks_first_and_no_changes_nothing(base: Path, copie: Path):
    resultat = rxror("restauration", copie, entree="n\n")
    assert resultat.exit_code == 1
    assert "dernier geste le" in resultat.stdout
    assert noms(base) == [MOTS, "depuis"]
    assert rxror("restauration", copie, entree="o\n").exit_code == 0
    assert noms(base) == [MOTS]


def test_restauration_on_a_new_machine_needs_no_former_base(copie: Path, tmp_path: Path, monkeypatch: Any):
    monkeypatch.setenv("RXROR_VAR", str(tmp_path / "neuf"))
    settings.cache_clear()
    assert rxror("restauration", copie, "--oui").exit_code == 0
    assert noms(tmp_path / "neuf" / "rxror.db") == [MOTS]


def test_restauration_of_a_broken_base_never_gives_its_journal_to_the_new_one(base: Path, copie: Path):
    tracer("dans le journal")  # the base stays open: its WAL is there
    journal = (base.parent / "rxror.db-wal").read_bytes()
    db.fermer()
    base.write_text("ceci n’est plus une base", "utf-8")
    (base.parent / "rxror.db-wal").write_bytes(journal)
    assert rxror("restauration", copie, "--oui").exit_code == 0
    assert noms(base) == [MOTS]


def _abimer(copie: Path) -> None:
    octets = bytearray(copie.read_bytes())
    octets[4096:40960] = b"\x55" * 36864
    copie.write_bytes(octets)


def _couper(copie: Path) -> None:
    copie.write_bytes(copie.read_bytes()[:-8192])


def _vieillir(copie: Path) -> None:
    with closing(sqlite3.connect(copie)) as base, base:
        base.execute("UPDATE alembic_version SET version_num = '9999'")


def _vider(copie: Path) -> None:
    copie.unlink()
    with closing(sqlite3.connect(copie)) as base, base:
        base.execute("CREATE TABLE trace (id INTEGER)")


@pytest.mark.parametrize(
    ("gater", "attendu"),
    [
        (_abimer, "prenez une autre sauvegarde"),
        (_couper, "prenez une autre sauvegarde"),
        (_vieillir, "version plus récente de rxror"),
        (_vider, "n’est pas une base de rxror"),
        (lambda copie: copie.write_text("bonjour" * 1000, "utf-8"), "n’est pas une base de données lisible"),
        (Path.unlink, "introuvable"),
    ],
)
def test_restauration_refuses_what_it_could_not_serve(base: Path, copie: Path, gater: Any, attendu: str):
    gater(copie)
    assert attendu in un_echec(rxror("restauration", copie, "--oui"))
    assert noms(base) == [MOTS, "depuis"]
    assert not list(base.parent.glob("rxror.db.avant-*"))


def test_restauration_refuses_while_the_service_runs(base: Path, copie: Path):
    with sauvegarde.en_service():
        assert "est en service" in un_echec(rxror("restauration", copie, "--oui"))
    ouvrir = f"import sqlite3; b = sqlite3.connect({str(base)!r}); b.execute('SELECT 1 FROM trace').fetchall()"
    attendre = f"{ouvrir}; print('ouverte', flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", attendre], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as autre:
        assert autre.stdout is not None
        assert autre.stdout.readline() == b"ouverte\n"
        assert "est en service" in un_echec(rxror("restauration", copie, "--oui"))
        autre.communicate(b"\n")
    assert noms(base) == [MOTS, "depuis"]
    assert rxror("restauration", copie, "--oui").exit_code == 0


# --------------------------------------------------------------------------- PostgreSQL


@pytest.mark.parametrize(("commande", "outil"), [("sauvegarde", "pg_dump"), ("restauration", "pg_restore")])
def test_on_postgresql_the_tool_to_use_is_named_without_the_password(
    commande: str, outil: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("RXROR_DATABASE_URL", "postgresql://rxror:tres-secret@base.example:5433/ror?sslmode=require")
    settings.cache_clear()
    phrase = un_echec(rxror(commande, "/tmp/copie.dump"))
    assert f"{outil} " in phrase
    assert "--dbname=postgresql://rxror@base.example:5433/ror" in phrase
    assert "tres-secret" not in phrase


def test_pg_dump_then_pg_restore_as_they_are_printed_give_the_same_base(
    postgres: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    dossier = tmp_path / "copies"
    dossier.mkdir()

    def combien() -> int:
        with db.lecture() as session:
            return session.exec(select(func.count()).select_from(Trace)).one()

    def taper(commande: str) -> None:
        phrase = un_echec(rxror(commande, dossier / "copie.dump"))
        programme, *reste = shlex.split(next(li for li in phrase.splitlines() if li.strip().startswith("pg_")))
        fait = subprocess.run([postgres.programmes / programme, *reste], capture_output=True, text=True, check=False)
        assert fait.returncode == 0, fait.stderr

    monkeypatch.setenv("RXROR_DATABASE_URL", postgres.base("dump", modele=MODELE))
    settings.cache_clear()
    tracer(MOTS, fois=3)
    taper("sauvegarde")
    tracer("depuis")
    assert combien() == 4
    db.fermer()
    taper("restauration")
    assert combien() == 3
    assert not mettre_a_jour_schema()
    with pytest.raises(Exception, match="append only"), db.transaction() as session:
        session.delete(session.exec(select(Trace)).first())
