"""ASGI wrappers: the session handed to the websocket without its secret, and the headers of every answer."""

import base64
import hashlib
import logging
from collections.abc import Callable, Iterable
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rxror.auth import fournisseurs, sessions
from rxror.auth.pannes import nouveau_repere
from rxror.journaux import REFERENCE
from rxror.settings import settings

log = logging.getLogger("rxror.auth")

EVENEMENTS = "/_event"
FERMES = ("/_upload", "/_all_routes", "/auth-codespace")  # routes a framework option could open; none is ours
CORPS_MAX = 1_000_000
FIXES = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

RESSERRES = ("Referrer-Policy",)  # a route may say less than we do of where one comes from


def origine_admise(origine: str) -> bool:
    """Whether a page of ours sent the request; no Origin is nobody's."""
    return origine in settings().origines


def adresse_de(scope: Scope) -> str:
    """Address of the client; X-Forwarded-For counts only behind the declared number of proxies."""
    relais = settings().relais_de_confiance
    if relais:
        suite = ",".join(v.decode("latin-1") for n, v in scope["headers"] if n == b"x-forwarded-for").split(",")
        if len(suite) >= relais and suite[-relais].strip():
            return suite[-relais].strip()[:45]
    return scope["client"][0] if scope.get("client") else ""


class SessionAuHandshake:
    """Replaces the cookie of the websocket by `authorization: Session <sha256>`, and a proxy's address by the client's.

    Reflex copies the headers into its state: the secret must not be among them. A foreign Origin, or none, is
    anonymous; an `authorization` sent by the client is dropped.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through, without its secrets when it is for the websocket."""
        if scope["type"] == "websocket" or (scope["type"] == "http" and scope["path"].startswith(EVENEMENTS)):
            client = (adresse_de(scope), (scope.get("client") or ("", 0))[1])
            scope = dict(scope, headers=_sans_secret(scope), client=client)
        await self.app(scope, receive, send)


def _sans_secret(scope: Scope) -> list[tuple[bytes, bytes]]:
    origines = [v.decode("latin-1") for n, v in scope["headers"] if n == b"origin"]
    entetes = [(n, v) for n, v in scope["headers"] if n not in (b"cookie", b"authorization", b"proxy-authorization")]
    empreinte = sessions.empreinte_de(HTTPConnection(scope))
    if empreinte and len(origines) == 1 and origine_admise(origines[0]):
        entetes.append((b"authorization", f"Session {empreinte}".encode()))
    return entetes


class EntetesSecurite:
    """Security and cache headers on every answer; closed routes and too big bodies refused."""

    def __init__(self, app: ASGIApp, dossier: Callable[[], Path]) -> None:
        """Wrap an application.

        Args:
            app: the next application.
            dossier: gives the folder of the built pages, which may appear later.
        """
        self.app = app
        self.pages = PagesConstruites(dossier)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, with the headers."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        REFERENCE.set(nouveau_repere())

        async def envoyer(message: Message) -> None:
            if message["type"] == "http.response.start":
                entetes = MutableHeaders(scope=message)
                self._completer(entetes, scope["path"], message["status"])
                _chez_nous(entetes, scope)
            await send(message)

        if scope["path"].startswith(FERMES):
            await PlainTextResponse("Cette adresse n’existe pas.", 404)(scope, receive, envoyer)
        elif _longueur(scope) > CORPS_MAX:
            await PlainTextResponse("Cet envoi est trop gros.", 413)(scope, receive, envoyer)
        else:
            await self._passer(scope, receive, envoyer)

    async def _passer(self, scope: Scope, receive: Receive, envoyer: Send) -> None:
        try:
            await self.app(self._directe(scope), _borne(receive), envoyer)
        except Exception as exception:  # the outermost edge: answered and logged by `routes.panne`
            log.error("échec HTTP : %s", type(exception).__name__)

    def _directe(self, scope: Scope) -> Scope:
        """Spare the visitor the detour by the same address with a final slash."""
        chemin = scope["path"]
        if scope["method"] in ("GET", "HEAD") and chemin in self.pages.a_jour().chemins:
            return dict(scope, path=f"{chemin}/", raw_path=f"{chemin}/".encode())
        return scope

    def _completer(self, entetes: MutableHeaders, chemin: str, status: int) -> None:
        genre = entetes.get("content-type", "")
        # A 304 has no type, yet its headers replace those the browser kept with the page.
        page = genre.startswith("text/html") or (status == 304 and "." not in chemin.rsplit("/", 1)[-1])
        entetes["Content-Security-Policy"] = politique(self.pages.a_jour().empreintes if page else ())
        entetes.update({nom: v for nom, v in FIXES.items() if nom not in RESSERRES or nom not in entetes})
        if settings().en_https:
            entetes["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        if "cache-control" not in entetes:
            immuable = chemin.startswith("/assets/") and status in (200, 304)
            entetes["Cache-Control"] = "public, max-age=31536000, immutable" if immuable else "no-cache"


def _chez_nous(entetes: MutableHeaders, scope: Scope) -> None:
    """A redirection to this same host, made from the name that the client gave, keeps our own name."""
    vers, ici = urlsplit(entetes.get("location", "")), urlsplit(settings().url)
    nommes = {v.decode("latin-1") for n, v in scope["headers"] if n == b"host"}
    if vers.netloc and vers.netloc in nommes and vers.netloc != ici.netloc:
        entetes["location"] = vers._replace(scheme=ici.scheme, netloc=ici.netloc).geturl()


def politique(empreintes: Iterable[str]) -> str:
    """Content Security Policy: our scripts only, plus the inline ones of the built pages, by their hash."""
    sockets = [f"ws{origine.removeprefix('http')}" for origine in settings().origines]
    regles = {
        "default-src": ["'none'"],
        "script-src": ["'self'", *(f"'sha256-{empreinte}'" for empreinte in empreintes)],
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'", "data:"],
        "manifest-src": ["'self'"],
        "connect-src": ["'self'", *sockets],
        "form-action": ["'self'", *formulaires()],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
    return "; ".join(f"{nom} {' '.join(sources)}" for nom, sources in regles.items())


def formulaires() -> list[str]:
    """Other origins to which our one plain form, that of the sign-out, may lead: the providers'."""
    return [] if fournisseurs.en_demonstration() else [un.origine for un in fournisseurs.fournisseurs()]


class PagesConstruites:
    """What must be known of the built pages: their inline scripts, and their addresses.

    Attributes:
        empreintes: SHA-256 of each inline script, in base64.
        chemins: addresses that are a folder of the build, without a final slash.
    """

    def __init__(self, dossier: Callable[[], Path]) -> None:
        """Keep where the build is; it is read at first need, and again when it changes."""
        self.dossier = dossier
        self.empreintes: tuple[str, ...] = ()
        self.chemins: frozenset[str] = frozenset()
        self._lu = 0

    def a_jour(self) -> "PagesConstruites":
        """Itself, read again if the build changed."""
        dossier = self.dossier()
        try:
            modifie = (dossier / "index.html").stat().st_mtime_ns
        except OSError:
            return self
        if modifie != self._lu:
            fichiers = sorted(dossier.rglob("*.html"))
            scripts = {s for f in fichiers for s in scripts_en_ligne(f.read_text(encoding="utf-8"))}
            self.empreintes = tuple(sorted(_sha256(script) for script in scripts))
            relatifs = [f.parent.relative_to(dossier).as_posix() for f in fichiers if f.name == "index.html"]
            self.chemins = frozenset(f"/{relatif}" for relatif in relatifs if relatif != ".")
            self._lu = modifie
        return self


class _Scripts(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.textes: list[str] = []
        self._ouvert = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "script" and "src" not in dict(attrs):
            self._ouvert = True
            self.textes.append("")

    def handle_endtag(self, tag: str) -> None:
        self._ouvert = self._ouvert and tag != "script"

    def handle_data(self, data: str) -> None:
        if self._ouvert:
            self.textes[-1] += data


def scripts_en_ligne(html: str) -> list[str]:
    """Text of each inline script of a page."""
    lecteur = _Scripts()
    lecteur.feed(html)
    return lecteur.textes


def _sha256(texte: str) -> str:
    return base64.b64encode(hashlib.sha256(texte.encode()).digest()).decode()


def _longueur(scope: Scope) -> int:
    annonce = next((v for n, v in scope["headers"] if n == b"content-length"), b"0")
    return int(annonce) if annonce.isdigit() else 0


def _borne(receive: Receive) -> Receive:
    """A body of unknown length is cut once it is too big, as if the client had left."""
    recu = 0

    async def recevoir() -> Message:
        nonlocal recu
        message = await receive()
        recu += len(message.get("body", b""))
        return message if recu <= CORPS_MAX else {"type": "http.disconnect"}

    return recevoir
