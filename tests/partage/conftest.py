"""The real application with two processes and a real Valkey, and the tabs of people as raw websockets."""

import asyncio
import itertools
import pickle
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from tests.securite.conftest import Personne, Prise, Serveur, _demarrer, jouer, ouvrir_session
from tests.valkey import Valkey, un_valkey

__all__ = ["jouer"]
PATIENCE = 40  # seconds, on a machine that does other work
ESSAIS = 60  # websockets opened at most before both processes have some


@dataclass
class Partage:
    """The application over two processes, and its Valkey."""

    serveur: Serveur
    valkey: Valkey
    pid: int

    def processus_du_service(self) -> list[int]:
        """Those that serve: the children of the one that watches over them."""
        return [int(n) for n in Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text("ascii").split()]

    def processus(self, prise: Prise) -> str:
        """Which process holds the websocket of a tab; "" while Valkey was not told."""
        with self.valkey.client() as client:
            tenue: Any = client.get(f"token_manager_socket_record_{prise.jeton}")
        return str(pickle.loads(tenue).instance_id) if tenue else ""

    @asynccontextmanager
    async def prise(self, cookie: str) -> AsyncIterator[tuple[Prise, str]]:
        """A new tab on a process that has Valkey back, and which one that is."""
        async with asyncio.timeout(20):
            while True:
                async with AsyncExitStack() as essai:
                    prise = await essai.enter_async_context(self.serveur.prise(cookie))
                    if ou := self.processus(prise):
                        essai_garde = essai.pop_all()
                        break
                await asyncio.sleep(0.02)
        async with essai_garde:
            yield prise, ou

    @asynccontextmanager
    async def ailleurs(self, cookie: str, jeton: str, processus: str) -> AsyncIterator[Prise]:
        """The same tab, come back to the other process; the websockets of others fill the first meanwhile."""
        async with AsyncExitStack() as autres:
            fin = time.monotonic() + PATIENCE
            for rang in itertools.count():
                async with AsyncExitStack() as essai:
                    prise = await essai.enter_async_context(self.serveur.prise(cookie, jeton=jeton))
                    if self.processus(prise) not in ("", processus):
                        yield prise
                        return
                if time.monotonic() > fin:
                    pytest.fail("one process takes every websocket")
                if rang < ESSAIS:
                    await autres.enter_async_context(self.serveur.prise())
                else:
                    await asyncio.sleep(0.1)  # the other may have just started, or have no Valkey yet


@pytest.fixture(scope="session")
def partage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Partage]:
    """Two processes and a Valkey, for all the tests of this folder."""
    dossier = tmp_path_factory.mktemp("partage")
    with un_valkey(dossier / "valkey") as valkey:
        reglages = {"RXROR_WORKERS": "2", "RXROR_VALKEY_URL": valkey.url, "RXROR_EVENEMENTS_PAR_SECONDE": "100000"}
        service = _demarrer(dossier, **reglages)
        with service as serveur:
            yield Partage(serveur, valkey, service.processus.pid)


@pytest.fixture
def serveur(partage: Partage) -> Serveur:
    """The application of these tests."""
    return partage.serveur


def _entrer(serveur: Serveur, qui: Personne) -> Personne:
    with Session(serveur.engine) as session, session.begin():
        ouvrir_session(session, qui)
    return qui


@pytest.fixture
def claire(serveur: Serveur) -> Personne:
    return _entrer(serveur, serveur.claire)


@pytest.fixture
def paul(serveur: Serveur) -> Personne:
    return _entrer(serveur, serveur.paul)
