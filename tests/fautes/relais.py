"""A relay between a client and the server that cuts one connection at a chosen moment, politely or not."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from enum import Enum

GROS = 100  # bytes: less is a ping, a pong or the end of a handshake


class Moment(Enum):
    """When the link breaks, seen from a save."""

    AVANT = "before the server saw it"
    AU_MILIEU = "in the middle of it"
    AUSSITOT = "while the server works"
    APRES = "after the commit, before the answer"


@dataclass(frozen=True)
class Coupure:
    """How one connection ends: `brutale` resets it, else it is closed."""

    moment: Moment
    brutale: bool


class Relais:
    """Listens on a port of its own; `armer` decides of the next save that passes."""

    def __init__(self, vers: int) -> None:
        self.vers = vers
        self.port = 0
        self.coupure: Coupure | None = None
        self.faites: list[Coupure] = []
        self._taches: set[asyncio.Task[None]] = set()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def armer(self, coupure: Coupure | None) -> None:
        self.coupure = coupure

    async def servir(self, lecteur: asyncio.StreamReader, redacteur: asyncio.StreamWriter) -> None:
        """One connection, from its first byte to its end."""
        try:
            du_serveur, au_serveur = await asyncio.open_connection("127.0.0.1", self.vers)
        except OSError:
            redacteur.close()
            return
        bouts = (redacteur, au_serveur)
        sens = [
            asyncio.create_task(self._passer(lecteur, au_serveur, bouts, aller=True)),
            asyncio.create_task(self._passer(du_serveur, redacteur, bouts, aller=False)),
        ]
        self._taches |= set(sens)
        await asyncio.wait(sens)
        self._taches -= set(sens)
        for bout in bouts:
            bout.close()

    async def _passer(
        self,
        de: asyncio.StreamReader,
        vers: asyncio.StreamWriter,
        bouts: tuple[asyncio.StreamWriter, asyncio.StreamWriter],
        *,
        aller: bool,
    ) -> None:
        with suppress(OSError):
            while morceau := await de.read(65536):
                coupure = self.coupure if len(morceau) > GROS else None
                if coupure and self._coupe(coupure, aller=aller):
                    await self._couper(coupure, morceau, vers, bouts)
                    return
                vers.write(morceau)
                await vers.drain()
        for bout in bouts:
            bout.close()

    def _coupe(self, coupure: Coupure, *, aller: bool) -> bool:
        """A cut after the commit waits for the answer; the others happen on the way to the server."""
        return aller is not (coupure.moment is Moment.APRES)

    async def _couper(
        self,
        coupure: Coupure,
        morceau: bytes,
        vers: asyncio.StreamWriter,
        bouts: tuple[asyncio.StreamWriter, asyncio.StreamWriter],
    ) -> None:
        self.coupure = None
        self.faites.append(coupure)
        if coupure.moment in (Moment.AU_MILIEU, Moment.AUSSITOT):
            vers.write(morceau if coupure.moment is Moment.AUSSITOT else morceau[: len(morceau) // 2])
            await vers.drain()
        for bout in bouts:
            if coupure.brutale:
                _reinitialiser(bout)
            bout.close()


def _reinitialiser(bout: asyncio.StreamWriter) -> None:
    """Closing will send a reset and forget what was on its way."""
    prise: socket.socket = bout.get_extra_info("socket")
    prise.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@asynccontextmanager
async def relais(vers: int) -> AsyncIterator[Relais]:
    """A relay in front of a port, for the time of the block."""
    devant = Relais(vers)
    serveur = await asyncio.start_server(devant.servir, "127.0.0.1", 0)
    devant.port = serveur.sockets[0].getsockname()[1]
    try:
        yield devant
    finally:
        serveur.close()
        for tache in list(devant._taches):
            tache.cancel()
