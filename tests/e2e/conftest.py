"""A real browser on the real server: built and started once, the database given back as it was before each test.

A test waits for what a person would wait for, never for a delay. An error in the browser's console fails it.
"""

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Browser, Page, Response, expect, sync_playwright

from rxror.settings import RACINE

NAVIGATEURS = ("chromium", "chromium-browser", "google-chrome")
# A build belongs to one port: the same port again, the same build again. Each copy of the project has its own.
PREMIER = 3611 + 20 * (zlib.crc32(str(RACINE).encode()) % 100)
# Two runs at once, of `pytest -n 2`, never look for a free port in the same ones.
RANG = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 4
PORTS = range(PREMIER + 5 * RANG, PREMIER + 5 * RANG + 5)
CONSTRUCTION = 300  # seconds the first start may take
ATTENTE = 20_000  # milliseconds for what a person waits for, on a machine that does other work
TAILLES: dict[str, dict[str, Any]] = {
    "telephone": {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
    "ordinateur": {"viewport": {"width": 1280, "height": 800}},
}

Ouvrir = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("e2e")


# What our policy forbids is said in the console, with the rule and what broke it.
VIOLATIONS = """addEventListener("securitypolicyviolation", (v) =>
  console.error("politique de sécurité", v.violatedDirective, v.blockedURI, v.sample))"""
ENTETES = (
    "content-security-policy",
    "x-content-type-options",
    "referrer-policy",
    "permissions-policy",
    "cross-origin-opener-policy",
)


@dataclass(frozen=True)
class Serveur:
    """The running service and its database."""

    url: str
    base: Path
    preparee: Path
    programme: "Programme"

    @contextmanager
    def arrete(self) -> Iterator[None]:
        """The server killed, without a word; at the end it starts again on the same database."""
        self.programme.tuer()
        try:
            yield
        finally:
            self.programme.lancer()

    def remettre(self) -> None:
        """Give the database back what it held when it was prepared, sessions included."""
        with _connexion(self.preparee) as source, _connexion(self.base) as cible:
            source.backup(cible)

    def lire(self, requete: str, *parametres: object) -> list[sqlite3.Row]:
        """Rows of the live database."""
        with _connexion(self.base) as connexion:
            return connexion.execute(requete, parametres).fetchall()

    def ecrire(self, requete: str, *parametres: object) -> None:
        """Change the live database, for what a test cannot wait for."""
        with _connexion(self.base) as connexion:
            connexion.execute(requete, parametres)
            connexion.commit()


class _connexion:  # noqa: N801  (used as a function)
    def __init__(self, base: Path) -> None:
        self.connexion = sqlite3.connect(base, timeout=10)
        self.connexion.row_factory = sqlite3.Row

    def __enter__(self) -> sqlite3.Connection:
        return self.connexion

    def __exit__(self, *_: object) -> None:
        self.connexion.close()


@pytest.fixture(scope="session")
def serveur(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serveur]:
    """The production server in demonstration, on a port of its own."""
    var = tmp_path_factory.mktemp("e2e")
    port, web = _place()
    env = {n: v for n, v in os.environ.items() if not n.startswith(("RXROR_", "REFLEX_"))} | {
        "RXROR_VAR": str(var),
        "RXROR_DEMO": "1",
        "REFLEX_WEB_WORKDIR": str(web),
    }
    rxror = [sys.executable, "-m", "rxror"]
    sienne = env | {"RXROR_PORT": str(port)}
    subprocess.run([*rxror, "preparer"], env=sienne, cwd=RACINE, check=True)
    subprocess.run([sys.executable, "-m", "tests.e2e.construction"], env=sienne, cwd=RACINE, check=True)
    programme = Programme([*rxror, "servir", "--port", str(port)], env, f"http://localhost:{port}", var / "serveur.log")
    try:
        programme.lancer()
        pret = Serveur(programme.url, var / "rxror.db", var / "preparee.db", programme)
        with _connexion(pret.base) as source, _connexion(pret.preparee) as copie:
            source.backup(copie)
        yield pret
    finally:
        programme.arreter()


@dataclass
class Programme:
    """The command that serves, which may be killed and started again."""

    commande: list[str]
    env: dict[str, str]
    url: str
    journal: Path
    processus: "subprocess.Popen[bytes] | None" = None

    def lancer(self) -> None:
        """Start it, and wait until it answers."""
        with self.journal.open("ab") as sortie:
            self.processus = subprocess.Popen(self.commande, env=self.env, cwd=RACINE, stdout=sortie, stderr=sortie)
        _attendre(self.url, self.processus, self.journal)

    def arreter(self) -> None:
        """Stop it as Ctrl+C does."""
        if self.processus is not None:
            self.processus.send_signal(signal.SIGINT)
            self.processus.wait(30)

    def tuer(self) -> None:
        """Kill it with all that it started, all at once; wait for its end."""
        if self.processus is not None and self.processus.poll() is None:
            for pid in (self.processus.pid, *_descendants(self.processus.pid)):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            self.processus.wait(30)


def _descendants(pid: int) -> list[int]:
    """What a process started, and what that started."""
    suivis = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    enfants = [int(n) for n in suivis.stdout.split()]
    return enfants + [p for e in enfants for p in _descendants(e)]


def _place() -> tuple[int, Path]:
    """A free port, and the folder of its build, kept from one run to the next."""
    for port in PORTS:
        with socket.socket() as prise:
            if prise.connect_ex(("127.0.0.1", port)):
                return port, Path(os.environ.get("RXROR_VAR", RACINE / "var")).absolute() / "e2e" / f"web-{port}"
    raise RuntimeError("no free port")


def _attendre(url: str, processus: "subprocess.Popen[bytes]", journal: Path) -> None:
    fin = time.monotonic() + CONSTRUCTION
    while time.monotonic() < fin and processus.poll() is None:
        try:
            httpx2.get(f"{url}/ping", trust_env=False)
        except httpx2.HTTPError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"the service did not start:\n{journal.read_text()[-4000:]}")


@pytest.fixture(scope="session")
def navigateur() -> Iterator[Browser]:
    """Chromium, as installed on the machine."""
    chemin = next((c for n in NAVIGATEURS if (c := shutil.which(n))), None)
    if chemin is None:
        pytest.fail(f"no browser: install one of {', '.join(NAVIGATEURS)}", pytrace=False)
    expect.set_options(timeout=ATTENTE)
    with sync_playwright() as playwright:
        navigateur = playwright.chromium.launch(executable_path=chemin)
        yield navigateur
        navigateur.close()


def _sans_entetes(reponse: Response) -> list[str]:
    """The security headers that an answer of ours lacks, as an error of the console."""
    manquent = [nom for nom in ENTETES if nom not in reponse.headers] if "//localhost:" in reponse.url else []
    return [f"{reponse.url} : sans {nom}" for nom in manquent]


@pytest.fixture
def ouvrir(serveur: Serveur, navigateur: Browser) -> Iterator[Ouvrir]:
    """Open a page in a browser of its own (its cookies, its storage), on a database as prepared.

    Its options are those of a Playwright context; `attendues` lists texts of the console errors that the test provokes.
    """
    serveur.remettre()
    contextes: list[Any] = []
    erreurs: list[str] = []
    admises: list[str] = []

    def ouvrir(taille: str = "ordinateur", *, attendues: tuple[str, ...] = (), **options: Any) -> Page:
        contexte = navigateur.new_context(base_url=serveur.url, locale="fr-FR", **TAILLES[taille] | options)
        contexte.set_default_timeout(ATTENTE)
        contexte.add_init_script(VIOLATIONS)
        contexte.on("response", lambda r: erreurs.extend(_sans_entetes(r)))
        contexte.on("console", lambda m: erreurs.append(m.text) if m.type == "error" else None)
        contexte.on("weberror", lambda e: erreurs.append(str(e.error)))
        contextes.append(contexte)
        admises.extend(attendues)
        return contexte.new_page()

    yield ouvrir
    for contexte in contextes:
        contexte.close()
    assert [e for e in erreurs if not any(a in e for a in admises)] == []


@pytest.fixture
def telephone(ouvrir: Ouvrir) -> Page:
    return ouvrir("telephone")


@pytest.fixture
def ordinateur(ouvrir: Ouvrir) -> Page:
    return ouvrir("ordinateur")


@pytest.fixture(params=TAILLES)
def page(request: pytest.FixtureRequest, ouvrir: Ouvrir) -> Page:
    """Both sizes: a test that takes `page` runs twice."""
    return ouvrir(request.param)
