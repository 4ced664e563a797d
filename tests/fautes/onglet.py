"""A tab of somebody's browser, without the browser: it sends what the page's form sends, and keeps what it was told.

It does as `assets/brouillon.js`: a key for each sending, the keys that had no answer told with the next one, a text
called saved only when the answer names the key of that very sending.
"""

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any
from uuid import uuid4

import socketio

EDITION = "reflex___state____state.rxror___ui___pages___edition____edition_state"
VALIDATION = "reflex___state____state.rxror___ui___pages___validation____validation_state"
INCIDENT = "reflex___state____state.rxror___ui___incidents____incident_state"
RACINE = "reflex___state____state"
OUVERTURE = f"{RACINE}.hydrate_and_load"
SUFFIXE = "_rx_state_"
INSISTANCE = 0.2  # seconds between a refusal and the next sending
SAUF = "sauf"  # « Enregistré à 10 h 42, sauf … »: part of it waits for a choice
ENVOIS = 20  # keys without an answer that are told, as in attente.js


class Reponse(Enum):
    """How a sending ended, for who sent it."""

    RECU = auto()  # « Enregistré »: the answer names its key
    CONFLIT = auto()  # others changed the same: it waits for a choice, and the page says so
    REFUS = auto()  # a sentence in the region of incidents
    PERDU = auto()  # no answer: the text is still in the field


@dataclass
class Envoi:
    """One save that a person asked for, and what they were told."""

    qui: str
    objet: str
    section: str
    saisi: dict[str, str]
    cles: list[str] = field(default_factory=list)
    base: str = ""  # what the page had been shown, as it last told it
    reponse: Reponse = Reponse.PERDU

    @property
    def acquitte(self) -> bool:
        """Whether the page said « Enregistré »."""
        return self.reponse is Reponse.RECU


class Onglet:
    """One tab on one form. `base` is where it connects: the server, or a relay in front of it."""

    def __init__(self, base: str, origine: str, cookie: str, qui: str = "") -> None:
        self.base, self.origine, self.cookie, self.qui = base, origine, cookie, qui
        self.jeton = str(uuid4())
        self.sio: socketio.AsyncClient | None = None
        self.etats: dict[str, dict[str, Any]] = {}
        self.redirige = ""
        self.arrivee = asyncio.Condition()
        self.chemin = "/"
        self.sans_reponse: list[str] = []
        self.envois: list[Envoi] = []
        self.saisie: dict[str, str] = {}
        self.contexte: dict[str, str] = {}

    # ---------------------------------------------------------------------------- the link

    @property
    def relie(self) -> bool:
        return self.sio is not None and self.sio.connected

    async def relier(self) -> None:
        """Open the websocket, with the token of this tab."""
        await self.couper()
        sio = socketio.AsyncClient(reconnection=False)
        sio.on("event", self._recevoir, namespace="/_event")
        sio.on("new_token", self._changer_de_jeton, namespace="/_event")
        sio.on("disconnect", self._reveiller, namespace="/_event")
        self.sio = sio
        await sio.connect(
            f"{self.base}/?token={self.jeton}",
            headers={"Origin": self.origine, "Cookie": self.cookie},
            transports=["websocket"],
            namespaces=["/_event"],
            socketio_path="/_event",
        )

    async def couper(self) -> None:
        """Close the websocket as a browser does."""
        if self.sio is None:
            return
        with suppress(Exception):  # the other end may be dead
            await self.sio.disconnect()
        if self.sio.eio.http is not None:
            await self.sio.eio.http.close()
        self.sio = None

    async def relier_sans_faute(self, au_plus: float = 60) -> None:
        """Try again until it is open, as socket.io does in the browser, for at most so many seconds."""
        async with asyncio.timeout(au_plus):
            while not self.relie:
                with suppress(
                    Exception
                ):  # refused, reset, closed in the middle of the handshake: the same to a browser
                    await asyncio.wait_for(self.relier(), 5)
                    return
                await asyncio.sleep(0.05)

    async def _recevoir(self, paquet: Any) -> None:
        lu = json.loads(paquet) if isinstance(paquet, str) else paquet
        for suite in lu.get("events") or []:
            self.redirige = str(suite.get("payload", {}).get("path") or self.redirige)
        for etat, valeurs in lu.get("delta", {}).items():
            propres = {nom.removesuffix(SUFFIXE): valeur for nom, valeur in valeurs.items()}
            self.etats.setdefault(etat, {}).update(propres)
        await self._reveiller()

    async def _changer_de_jeton(self, jeton: str) -> None:
        self.jeton = jeton

    async def _reveiller(self, *_: Any) -> None:
        async with self.arrivee:
            self.arrivee.notify_all()

    async def envoyer(self, nom: str, valeurs: dict[str, Any] | None = None) -> None:
        """Send one event of this page; a broken link is no error, it is what these tests are about."""
        routeur = {"pathname": self.chemin, "asPath": self.chemin, "query": {}}
        evenement = {"name": nom, "payload": valeurs or {}, "router_data": routeur}
        with suppress(Exception):
            assert self.sio is not None
            await self.sio.emit("event", evenement, namespace="/_event")

    async def attendre(self, vu: Any, au_plus: float) -> bool:
        """Wait until `vu()` holds; False when the link broke or the time is over."""
        try:
            async with asyncio.timeout(au_plus), self.arrivee:
                while not vu():
                    if not self.relie:
                        return False
                    await self.arrivee.wait()
        except TimeoutError:
            return False
        return True

    def lu(self, etat: str, nom: str, defaut: Any = "") -> Any:
        """A var, as the browser holds it."""
        return self.etats.get(etat, {}).get(nom, defaut)

    # ------------------------------------------------------------------------- what one does

    async def aller(self, chemin: str, etat: str = EDITION, au_plus: float = 20) -> None:
        """Go to a page and wait until it shows what is at that address."""
        self.chemin = chemin
        self.etats.clear()
        if not self.relie:
            await self.relier_sans_faute()
        await self.envoyer(OUVERTURE)
        pret = await self.attendre(lambda: self._pret(etat, chemin), au_plus)
        assert pret, f"{chemin} is not shown"
        if etat == EDITION and not self.incident:
            self._prendre_le_formulaire()

    def _pret(self, etat: str, chemin: str) -> bool:
        """The page is there, and its load is over: what the tab held before came first."""
        return bool(self.lu(RACINE, "is_hydrated")) and (self.lu(etat, "place") == chemin or bool(self.incident))

    async def rouvrir(self) -> None:
        """Open the same address in a new tab: nothing of the former one is known there."""
        await self.couper()
        self.jeton = str(uuid4())
        await self.aller(self.chemin)

    def _prendre_le_formulaire(self) -> None:
        """What the fields hold once the page is drawn: hidden ones do not travel, and are told."""
        visibles = self.lu(EDITION, "visibles", {})
        caches = {c for c, visible in visibles.items() if not visible}
        valeurs = {c: v for c, v in self.lu(EDITION, "valeurs", {}).items() if c not in caches}
        lignes = {f"{c}.{cle}": "1" for c, cles in self.lu(EDITION, "lignes", {}).items() for cle in cles}
        self.saisie = {**lignes, **valeurs}
        self.sans_reponse = []
        self.contexte = {
            "_genre": self.lu(EDITION, "objet"),
            "_identifiant": self.lu(EDITION, "identifiant"),
            "_section": self.chemin.rpartition("/")[2],
            "_base": self.lu(EDITION, "base"),
            "_caches": " ".join(c for c in caches if not c.startswith("!")),
            "_formulaire": self.lu(EDITION, "formulaire"),
        }

    @property
    def objet(self) -> str:
        return f"{self.contexte['_genre']}:{self.contexte['_identifiant']}"

    @property
    def incident(self) -> str:
        """The sentence of the region of incidents."""
        return str(self.lu(INCIDENT, "message"))

    def taper(self, **champs: str) -> Envoi:
        """Type in fields; nothing travels yet."""
        self.saisie |= champs
        envoi = Envoi(self.qui, self.objet, self.contexte["_section"], dict(champs))
        self.envois.append(envoi)
        return envoi

    async def enregistrer(self, envoi: Envoi, *, cle: str = "", geste: str = "pause", au_plus: float = 6) -> Reponse:
        """Send the form once, under a new key, or again under one that had no answer."""
        cle = cle or str(uuid4())
        envoi.cles.append(cle)
        envoi.base = self.contexte["_base"]
        sans_reponse = [c for c in self.sans_reponse if c != cle][-ENVOIS:]
        self.sans_reponse = [*sans_reponse, cle]
        self.etats.get(INCIDENT, {}).update(message="")
        saisie = {
            **self.saisie,
            **self.contexte,
            "_cle": cle,
            "_geste": geste,
            "_sans_reponse": " ".join(sans_reponse),
        }
        await self.envoyer(f"{EDITION}.enregistrer", {"saisie": saisie})
        await self.attendre(lambda: self.lu(EDITION, "recu") == cle or self.incident, au_plus)
        envoi.reponse = self._conclure(cle)
        return envoi.reponse

    def _conclure(self, cle: str) -> Reponse:
        if self.lu(EDITION, "recu") == cle:
            self.contexte["_base"] = self.lu(EDITION, "base") or self.contexte["_base"]
            self.sans_reponse = []
            return Reponse.CONFLIT if SAUF in self.lu(EDITION, "statut") else Reponse.RECU
        return Reponse.REFUS if self.incident else Reponse.PERDU

    async def enregistrer_sans_faute(self, envoi: Envoi, *, meme_cle: bool = False, au_plus: float = 90) -> Reponse:
        """Send until it is saved or in conflict: link again after a cut, send again what was lost or refused."""
        async with asyncio.timeout(au_plus):
            while True:
                reponse = await self.enregistrer(envoi, cle=envoi.cles[-1] if meme_cle and envoi.cles else "")
                if reponse in (Reponse.RECU, Reponse.CONFLIT):
                    return reponse
                if reponse is Reponse.REFUS:
                    await asyncio.sleep(INSISTANCE)
                if not self.relie:
                    await self.relier_sans_faute()

    # ------------------------------------------------------------------------ « Valider »

    async def preparer_la_validation(self, chemin: str) -> dict[str, str]:
        """Open the page « Valider »; gives what its form would send."""
        await self.aller(chemin, VALIDATION)
        noms = {"genre": "objet", "identifiant": "identifiant", "vu": "vu", "cle": "cle"}
        return {champ: self.lu(VALIDATION, var) for champ, var in noms.items()}

    async def valider(self, *saisies: dict[str, str], au_plus: float = 20) -> Reponse:
        """Click « Valider », as many times at once as there are forms to send; the last word the page has."""
        self.redirige = ""
        self.etats.get(INCIDENT, {}).update(message="")
        self.etats.get(VALIDATION, {}).update(message="")
        for saisie in saisies:
            await self.envoyer(f"{VALIDATION}.valider", {"saisie": saisie})
        await self.attendre(lambda: self.redirige or self.incident or self.lu(VALIDATION, "message"), au_plus)
        if self.redirige:
            return Reponse.RECU
        if self.incident:
            return Reponse.REFUS
        return Reponse.CONFLIT if self.lu(VALIDATION, "message") else Reponse.PERDU
