"""A TCP relay that makes a link slow: browsers' own throttling leaves websockets alone."""

import asyncio
import contextlib
import threading
from dataclasses import dataclass


@dataclass
class Lien:
    """One way of a link.

    Attributes:
        delai: seconds one way.
        debit: bytes per second; 0 means no limit.
    """

    delai: float = 0.0
    debit: float = 0.0
    libre: float = 0.0

    def arrivee(self, maintenant: float, octets: int) -> float:
        """When a packet sent now gets there."""
        if self.debit:
            self.libre = max(self.libre, maintenant) + octets / self.debit
        return max(maintenant, self.libre) + self.delai


class Relais:
    """Listens on one port of the loopback and speaks to another; `lent` can change between two measures."""

    def __init__(self, ecoute: int, serveur: int) -> None:
        self.ecoute, self.serveur = ecoute, serveur
        self.processus = 0
        self.montant, self.descendant = Lien(), Lien()
        self.boucle = asyncio.new_event_loop()

    def lent(self, *, oui: bool) -> None:
        """150 ms there and back, 1.6 Mbit/s down, 750 kbit/s up; or nothing."""
        self.montant = Lien(0.075, 750_000 / 8) if oui else Lien()
        self.descendant = Lien(0.075, 1_600_000 / 8) if oui else Lien()

    def demarrer(self) -> None:
        pret = threading.Event()

        async def servir() -> None:
            await asyncio.start_server(self._relayer, "127.0.0.1", self.ecoute)
            pret.set()
            await asyncio.Event().wait()

        threading.Thread(target=self.boucle.run_until_complete, args=(servir(),), daemon=True).start()
        pret.wait(5)

    async def _relayer(self, du_client: asyncio.StreamReader, au_client: asyncio.StreamWriter) -> None:
        await asyncio.sleep(2 * self.montant.delai)  # the handshake
        try:
            du_serveur, au_serveur = await asyncio.open_connection("127.0.0.1", self.serveur)
        except OSError:
            au_client.close()
            return
        await asyncio.gather(
            self._pousser(du_client, au_serveur, montant=True), self._pousser(du_serveur, au_client, montant=False)
        )

    async def _pousser(self, entree: asyncio.StreamReader, sortie: asyncio.StreamWriter, *, montant: bool) -> None:
        file: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

        async def ecrire() -> None:
            while (paquet := await file.get())[1]:
                await asyncio.sleep(max(0.0, paquet[0] - self.boucle.time()))
                sortie.write(paquet[1])
                await sortie.drain()

        tache = asyncio.create_task(ecrire())
        with contextlib.suppress(OSError):
            while morceau := await entree.read(1460 * 4):
                lien = self.montant if montant else self.descendant
                await file.put((lien.arrivee(self.boucle.time(), len(morceau)), morceau))
        await file.put((0.0, b""))
        with contextlib.suppress(OSError):
            await tache
            sortie.close()
