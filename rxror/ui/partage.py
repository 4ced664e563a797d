"""The state of the tabs over several processes: in the one that holds the tab's websocket, with a copy in Valkey.

A websocket stays with one process, so a tab is served from that one's memory. After each event what changed is copied
to Valkey, where another process takes it when the tab comes back to it by a new websocket. The state is a cache of the
address and the database, so a Valkey that is emptied, killed or slow changes nothing for the tabs that are open: the
copy waits, and a tab that finds none is rebuilt.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from time import monotonic
from typing import Any

import reflex as rx
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as ValkeyAbsent
from redis.exceptions import RedisError
from reflex.istate.manager.memory import StateManagerMemory
from reflex.istate.manager.redis import StateManagerRedis
from reflex.istate.manager.token import BaseStateToken
from reflex.state import BaseState, State
from reflex.utils.token_manager import RedisTokenManager, SocketRecord
from reflex_base.utils.exceptions import StateSerializationError

from rxror.settings import settings

log = logging.getLogger("rxror.partage")

REPONSE_SECONDES = 2.0  # what an event may wait for Valkey
REPIT_SECONDES = 2.0  # after a failure, events go without it for that long
EN_MEMOIRE_SECONDES = 3600  # a tab idle for that long is taken from Valkey again
PANNES = (RedisError, OSError)


class Client(Redis):
    """A client that never makes anybody wait long: bounded answers, and none asked for just after a failure."""

    _absent = False
    _jusqua = 0.0

    @asynccontextmanager
    async def borne(self) -> AsyncIterator[None]:
        """Bound what is asked inside.

        Raises:
            RedisError: Valkey failed, now or a moment ago.
            OSError: it could not be reached, or not in time.
        """
        if monotonic() < self._jusqua:
            raise ValkeyAbsent("Valkey ne répondait pas il y a un instant")
        try:
            async with asyncio.timeout(REPONSE_SECONDES):
                yield
        except PANNES as panne:
            self._jusqua = monotonic() + REPIT_SECONDES
            if not self._absent:
                log.warning("Valkey ne répond plus (%s) : chaque processus garde ses onglets.", type(panne).__name__)
            self._absent = True
            raise
        if self._absent:
            self._absent = False
            log.warning("Valkey répond de nouveau.")

    async def execute_command(self, *args: Any, **options: Any) -> Any:
        """Any command but those of a pipeline."""
        async with self.borne():
            return await super().execute_command(*args, **options)


class Prises(RedisTokenManager):
    """Which process holds the websocket of a tab, even when Valkey forgot it: an open websocket keeps its tab.

    A browser that copies a tab copies its name. Where the first is known the copy gets another name; where it is not,
    on another process after Valkey was emptied, each answers its own.
    """

    async def link_token_to_sid(self, token: str, sid: str) -> str | None:
        """Link a tab to its websocket; a new name for the tab when another one has it."""
        tenue = self.token_to_socket.get(token)
        if tenue is not None and tenue.sid != sid and tenue.instance_id == self.instance_id:
            await self._store_socket_record(token, tenue, nx=True)
        return await super().link_token_to_sid(token, sid)

    async def _fetch_socket_record(self, token: str) -> SocketRecord | None:
        tenue = self.token_to_socket.get(token)
        if tenue is not None and tenue.instance_id == self.instance_id:
            return tenue
        return await super()._fetch_socket_record(token)

    async def _subscribe_socket_record_updates(self) -> None:
        while True:
            with suppress(*PANNES):
                await super()._subscribe_socket_record_updates()
            await asyncio.sleep(REPIT_SECONDES)

    async def _subscribe_lost_and_found_updates(self, emit_update: Any) -> None:
        while True:
            with suppress(*PANNES):
                await super()._subscribe_lost_and_found_updates(emit_update)
            await asyncio.sleep(REPIT_SECONDES)


class EtatsPartages(StateManagerMemory):
    """States of this process's tabs, each copied to Valkey after an event, and taken from it at a new websocket."""

    def __init__(self, client: Client, prises: Prises) -> None:
        """Keep them for a while here, for as long as a session in Valkey."""
        super().__init__(token_expiration=EN_MEMOIRE_SECONDES)
        self.client, self.prises = client, prises
        self.copies = StateManagerRedis(redis=client, token_expiration=settings().vie_des_onglets)
        self._vus: dict[str, str] = {}  # {tab: websocket for which its state was taken from Valkey}

    @asynccontextmanager
    async def modify_state(self, token: Any, **context: Any) -> AsyncIterator[Any]:
        """The state of a tab, one event at a time; what it changed is copied."""
        token = self._coerce_token(token)
        async with super().modify_state(token, **context) as etat:
            etat = await self._reprendre(token, etat)
            yield etat
            await self._copier(token, etat)

    async def _reprendre(self, token: BaseStateToken, etat: BaseState) -> BaseState:
        """What another process may have left, once per websocket."""
        prise = self.prises.token_to_socket.get(token.ident)
        if prise is None or self._vus.get(token.cache_key) == prise.sid:
            return etat
        self._vus[token.cache_key] = prise.sid
        try:
            laisse = await self.copies.get_state(BaseStateToken(ident=token.ident, cls=State))
        except PANNES:
            return etat
        if not laisse.router_data:  # Valkey knows nothing of this tab
            return etat
        self.states[token.cache_key] = laisse
        return laisse

    async def _copier(self, token: BaseStateToken, etat: BaseState) -> None:
        try:
            async with self.client.borne():
                await self.copies.set_state(token, etat)
        except PANNES:
            return  # what changed is copied after the next event
        except StateSerializationError as erreur:
            log.error("état non copié : %s", erreur)
            return
        for partie in _parties(etat):
            partie._was_touched = False

    def _purge_token(self, token: Any) -> None:
        self._vus.pop(token.cache_key, None)
        super()._purge_token(token)

    async def close(self) -> None:
        """Release the connections."""
        await super().close()
        await self.copies.close()


def partager(app: rx.App) -> None:
    """Let the application share its tabs with the other processes, when the settings name a Valkey."""
    if not settings().url_valkey:
        return
    client = Client.from_url(settings().url_valkey, retry=Retry(NoBackoff(), 1))
    prises = Prises(client)
    assert app.event_namespace is not None
    app.event_namespace._token_manager = prises
    app._state_manager = EtatsPartages(client, prises)


def _parties(etat: BaseState) -> Iterator[BaseState]:
    yield etat
    for partie in etat.substates.values():
        yield from _parties(partie)
