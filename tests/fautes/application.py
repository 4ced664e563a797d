"""The real application in a process of its own, on demonstration data, to be killed and started again."""

import json
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

import httpx2
from sqlalchemy import Engine, create_engine

from rxror.settings import RACINE

ESSAIS = 40  # sign-ins, with several processes
DEMARRAGE = 300  # seconds the application may take to answer, when its pages are still to be built
COMMANDE = "-m granian --interface asgi --factory --host 127.0.0.1 --workers-kill-timeout 5 --respawn-failed-workers"
NOMS_DES_EVENEMENTS = """
import json, sys
import rxror.rxror
from reflex_base.registry import RegistrationContext
json.dump(list(RegistrationContext.get().event_handlers), sys.stdout)
"""


@dataclass(frozen=True)
class Retour:
    """How long a start took: on the wall, and of the processor's own time, which other work does not make longer."""

    secondes: float
    processeur: float

    def sous(self, limite: float) -> bool:
        """Whether it held a limit; on a machine that has too much to do, by the processor's time."""
        occupee = os.getloadavg()[0] > (os.cpu_count() or 1)
        return self.secondes < limite or (occupee and self.processeur < limite)


class Application:
    """One server, its database and its journal; the database outlives the server."""

    def __init__(self, dossier: Path, port: int = 0, **reglages: str) -> None:
        self.dossier = dossier
        self.port = port or port_libre()
        self.base = f"http://127.0.0.1:{self.port}"
        self.origine = f"http://localhost:{self.port}"
        self.var = dossier / "var"
        self.fichier_journal = dossier / "serveur.log"
        self.processus: subprocess.Popen[bytes] | None = None
        self.environnement = {n: v for n, v in os.environ.items() if not n.startswith(("RXROR_", "REFLEX_"))} | {
            "RXROR_VAR": str(self.var),
            "RXROR_PORT": str(self.port),
            "RXROR_DEMO": "1",
            "RXROR_SECRET": secrets.token_urlsafe(48),
            "RXROR_EVENEMENTS_PAR_SECONDE": "100000",
            "REFLEX_ENV_MODE": "prod",
            "REFLEX_TELEMETRY_ENABLED": "false",
            "REFLEX_CHECK_LATEST_VERSION": "false",
            "REFLEX_WEB_WORKDIR": str(dossier / "web"),
            "__REFLEX_SKIP_COMPILE": "true",
            "PYTHONPATH": str(RACINE),
            **reglages,
        }

    @property
    def url_base(self) -> str:
        """SQLAlchemy URL of the database."""
        return self.environnement.get("RXROR_DATABASE_URL") or f"sqlite:///{self.var / 'rxror.db'}"

    @property
    def journal(self) -> str:
        """What the server wrote so far."""
        return self.fichier_journal.read_text("utf-8", errors="replace") if self.fichier_journal.exists() else ""

    def engine(self) -> Engine:
        """The database, seen from outside the server; the caller disposes of it."""
        return create_engine(self.url_base)

    def preparer(self) -> None:
        """Schema, code lists, FINESS and demonstration, as `rxror preparer` does it."""
        subprocess.run(self._python("-m", "rxror", "preparer"), env=self.environnement, cwd=RACINE, check=True)

    def noms(self) -> list[str]:
        """Full names of all the events."""
        lecture = subprocess.run(
            self._python("-c", NOMS_DES_EVENEMENTS),
            env=self.environnement,
            cwd=RACINE,
            check=True,
            capture_output=True,
        )
        return list(json.loads(lecture.stdout))

    # ------------------------------------------------------------------------- life and death

    def demarrer(self) -> "Retour":
        """Start, and wait until it answers."""
        debut = time.monotonic()
        with self.fichier_journal.open("ab") as sortie:
            self.processus = subprocess.Popen(
                self._python(*self.commande()),
                cwd=RACINE,
                env=self.environnement,
                stdout=sortie,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        while time.monotonic() < debut + DEMARRAGE and self.processus.poll() is None:
            with suppress(httpx2.HTTPError):
                httpx2.get(f"{self.base}/ping", trust_env=False)
                return Retour(time.monotonic() - debut, self._processeur())
            time.sleep(0.02)
        raise RuntimeError(f"the application did not start:\n{self.journal[-4000:]}")

    def tuer(self) -> None:
        """kill -9 of the server and of its worker, at once."""
        self._signaler(signal.SIGKILL)

    def arreter(self) -> None:
        """Stop as a service manager does."""
        self._signaler(signal.SIGTERM)

    def _signaler(self, signe: int) -> None:
        if self.processus is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.processus.pid, signe)
        try:
            self.processus.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(self.processus.pid, signal.SIGKILL)
            self.processus.wait()
        self.processus = None

    def _processeur(self) -> float:
        """Seconds of processor that the server and its worker have used."""
        secondes = 0.0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):  # it ended meanwhile
                champs = stat.read_text("utf-8").rpartition(")")[2].split()
                if self.processus and int(champs[2]) == self.processus.pid:
                    secondes += (int(champs[11]) + int(champs[12])) / os.sysconf("SC_CLK_TCK")
        return secondes

    def commande(self) -> list[str]:
        """What is run: the server alone, its pages not built."""
        sienne = ["--port", str(self.port), "--workers", self.environnement.get("RXROR_WORKERS", "1")]
        return [*COMMANDE.split(), *sienne, "rxror.rxror:app"]

    def _python(self, *mots: str) -> list[str]:
        return [sys.executable, *mots]

    # --------------------------------------------------------------------------- who comes in

    def connecter(self, personne: str) -> str:
        """Sign in through the demonstration's provider, as the pages do; gives the cookie of the session.

        With several processes the demonstration provider, in the memory of each, may not know its own code: again.
        """
        for _ in range(ESSAIS):
            with httpx2.Client(base_url=self.origine, follow_redirects=True, trust_env=False) as navigateur:
                if cookie := self._entrer(navigateur, personne):
                    return f"rxror={cookie}"
        raise RuntimeError(f"{personne} cannot sign in")

    def _entrer(self, navigateur: httpx2.Client, personne: str) -> str | None:
        choix = navigateur.get("/auth/connexion")
        caches: dict[str, Any] = {
            n: unescape(v) for n, v in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', choix.text)
        }
        adresse = str(choix.url).partition("?")[0]
        navigateur.follow_redirects = False
        accepte = navigateur.post(adresse, data=caches | {"personne": personne}, headers={"Origin": self.origine})
        navigateur.get(accepte.headers["location"])
        return navigateur.cookies.get("rxror")


class Service(Application):
    """The application with its pages, built as people run it; `web` keeps the build from one run to the next."""

    def __init__(self, dossier: Path, port: int, web: Path, **reglages: str) -> None:
        super().__init__(dossier, port, **reglages)
        reflex = [nom for nom in self.environnement if "REFLEX_" in nom]
        self.environnement = {n: v for n, v in self.environnement.items() if n not in reflex}
        self.environnement["REFLEX_WEB_WORKDIR"] = str(web)

    def commande(self) -> list[str]:
        return ["-m", "rxror", "servir", "--port", str(self.port)]


def copier(preparee: Application, dossier: Path, **reglages: str) -> Application:
    """Another application, on a copy of a prepared SQLite database."""
    application = Application(dossier, **reglages)
    shutil.copytree(preparee.var, application.var)
    return application


def copier_le_service(preparee: Application, dossier: Path, port: int, web: Path) -> Service:
    """A service with its pages, on a copy of a prepared SQLite database."""
    service = Service(dossier, port, web)
    shutil.copytree(preparee.var, service.var)
    return service


def port_libre() -> int:
    """A port that nobody listens on."""
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        return int(prise.getsockname()[1])
