"""The demonstration served as people run it, on a port and a database of its own."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rxror.settings import RACINE

PORT = 3680
DEMARRAGE = 400  # seconds, when the pages are still to be built


@dataclass(frozen=True)
class Service:
    """Where it answers, its live database, and that database as it was prepared."""

    url: str
    base: Path
    preparee: Path


@contextmanager
def service(var: Path) -> Iterator[Service]:
    """Prepare, build if it is due, serve; stopped at the end.

    Raises:
        RuntimeError: the service does not start; what it said is in the message.
    """
    var.mkdir(parents=True, exist_ok=True)
    env = {n: v for n, v in os.environ.items() if not n.startswith(("RXROR_", "REFLEX_"))} | {
        "RXROR_VAR": str(var),
        "RXROR_DEMO": "1",
        "RXROR_PORT": str(PORT),
        "RXROR_EVENEMENTS_PAR_SECONDE": "1000",
        "REFLEX_WEB_WORKDIR": str(RACINE / "var" / "parcours" / "web"),
    }
    rxror = [sys.executable, "-m", "rxror"]
    subprocess.run([*rxror, "preparer"], env=env, cwd=RACINE, check=True)
    journal = var / "service.log"
    with journal.open("wb") as sortie:
        serveur = subprocess.Popen([*rxror, "servir"], env=env, cwd=RACINE, stdout=sortie, stderr=sortie)
    try:
        _attendre(serveur, journal)
        yield Service(f"http://localhost:{PORT}", var / "rxror.db", var / "preparee.db")
    finally:
        serveur.terminate()
        serveur.wait(30)


def _attendre(serveur: "subprocess.Popen[bytes]", journal: Path) -> None:
    fin = time.monotonic() + DEMARRAGE
    while time.monotonic() < fin and serveur.poll() is None:
        with socket.socket() as prise:
            if prise.connect_ex(("127.0.0.1", PORT)) == 0:
                with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
                    f"http://localhost:{PORT}/ping", timeout=10
                ):
                    return
        time.sleep(0.2)
    raise RuntimeError(f"the service did not start:\n{journal.read_text('utf-8', errors='replace')[-3000:]}")
