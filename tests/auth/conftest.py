"""A provider that can lie, and the sign-in application in front of it."""

import asyncio
import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey
from joserfc.jws import JWSRegistry
from sqlmodel import select
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from rxror import db
from rxror.auth import fournisseurs, oidc, routes, secret
from rxror.settings import settings
from rxror.tables import WebSession

ISSUER = "https://idp.exemple.fr/realms/sante"
SECOND = "https://connexion.region.exemple.fr/realms/sante"
CLIENT = "rxror-essai"
RETOUR = "http://localhost:3000/auth/callback"
AILLEURS = "/realms/sante/.well-known/wallet-openid-configuration"
SUB = "f:0001:899700000001"
CLE = RSAKey.generate_key(2048, auto_kid=True)
AUTRE_CLE = RSAKey.generate_key(2048, {"kid": CLE.kid})


class Fournisseur:
    """An OpenID Connect provider. Each attribute is one lie; without any, its answers are right."""

    def __init__(self, issuer: str = ISSUER, client: str = CLIENT, retour: str = RETOUR) -> None:
        self.issuer, self.client, self.adresse_retour = issuer, client, retour
        self.pannes: dict[str, str] = {}
        self.appels: list[str] = []
        self.presentation: dict[str, str] = {}
        self.fin = f"{issuer}/logout"
        self.cle, self.autre_cle = CLE, AUTRE_CLE
        self.claims: dict[str, Any] = {}
        self.sans: set[str] = set()
        self.fabrique: Callable[[dict[str, Any]], str | None] = self.signe
        self.infos: dict[str, Any] = {"sub": SUB, "given_name": "Claire", "family_name": "Dumas"}
        self.infos_signees = ""
        self.statut_infos = 200
        self.retour: dict[str, str] = {"iss": issuer}
        self.decouverte: dict[str, Any] = {}
        self.demande: dict[str, str] = {}
        self.codes: set[str] = set()
        self.application = Starlette(
            routes=[
                Route("/realms/sante/.well-known/openid-configuration", self._ou_panne("decouverte", self._decouverte)),
                Route(AILLEURS, self._ou_panne("decouverte", self._decouverte)),
                Route("/realms/sante/token", self._ou_panne("jetons", self._jetons), methods=["POST"]),
                Route("/realms/sante/userinfo", self._ou_panne("infos", self._infos)),
                Route("/realms/sante/certs", self._ou_panne("cles", self._cles)),
            ]
        )

    def _ou_panne(self, quoi: str, repondre: Any) -> Any:
        """The answer, or what stands in its way."""

        async def repondre_ou_non(request: Request) -> Response:
            self.appels.append(quoi)
            match self.pannes.get(quoi):
                case "absent":
                    raise httpx2.ConnectError("nobody there")
                case "muet":
                    await asyncio.sleep(3600)
                case "casse":
                    return Response("<h1>Bad gateway</h1>", 502, media_type="text/html")
            return await repondre(request)

        return repondre_ou_non

    def autoriser(self, adresse: str) -> str:
        """What the authorization page does once the person agreed: the address to come back to."""
        self.demande = {n: v[0] for n, v in parse_qs(urlsplit(adresse).query).items()}
        self.codes.add("code-unique")
        return (
            f"{self.adresse_retour}?{urlencode({'code': 'code-unique', 'state': self.demande['state']} | self.retour)}"
        )

    def signe(self, claims: dict[str, Any], cle: RSAKey | None = None) -> str:
        return jwt.encode({"alg": "RS256", "kid": self.cle.kid}, claims, cle or self.cle)

    def entete(self, cle: RSAKey | None = None, **entete: Any) -> Callable[[dict[str, Any]], str]:
        """Right claims, under a header that lies."""
        registre = JWSRegistry(algorithms=["RS256", "RS384", "PS256"], strict_check_header=False)
        tete = {"alg": "RS256", "kid": self.cle.kid} | entete
        return lambda claims: jwt.encode(tete, claims, cle or self.cle, registry=registre)

    def hs256_avec(self, secret: bytes) -> Callable[[dict[str, Any]], str]:
        """HMAC keyed with something that others may know."""

        def fabriquer(claims: dict[str, Any]) -> str:
            tete = f"{_b64({'alg': 'HS256', 'kid': self.cle.kid})}.{_b64(claims)}"
            sceau = hmac.new(secret, tete.encode(), hashlib.sha256).digest()
            return f"{tete}.{base64.urlsafe_b64encode(sceau).rstrip(b'=').decode()}"

        return fabriquer

    def sans_signature(self, claims: dict[str, Any]) -> str:
        return f"{_b64({'alg': 'none'})}.{_b64(claims)}."

    def _claims(self) -> dict[str, Any]:
        maintenant = int(time.time())
        claims = {
            "iss": self.issuer,
            "sub": SUB,
            "aud": self.client,
            "iat": maintenant,
            "exp": maintenant + 300,
            "nonce": self.demande["nonce"],
            "acr": "eidas1",
        }
        return {n: v for n, v in (claims | self.claims).items() if n not in self.sans}

    async def _decouverte(self, request: Request) -> Response:
        fins = {n: f"{self.issuer}/{f}" for n, f in (("token", "token"), ("userinfo", "userinfo"))}
        return JSONResponse(
            {
                "issuer": self.issuer,
                "end_session_endpoint": self.fin,
                "authorization_endpoint": "https://portefeuille.exemple.fr/auth",
                **{f"{n}_endpoint": f for n, f in fins.items()},
                "jwks_uri": f"{self.issuer}/certs",
                "id_token_signing_alg_values_supported": ["HS256", "none", "RS256"],
                "authorization_response_iss_parameter_supported": True,
                "code_challenge_methods_supported": ["S256"],
            }
            | self.decouverte
        )

    async def _jetons(self, request: Request) -> Response:
        async with request.form() as formulaire:
            recu = {n: str(v) for n, v in formulaire.items()}
        self.presentation = recu | {"authorization": request.headers.get("authorization", "")}
        defi = base64.urlsafe_b64encode(hashlib.sha256(recu.get("code_verifier", "").encode()).digest()).rstrip(b"=")
        if recu.get("code") not in self.codes or defi.decode() != self.demande["code_challenge"]:
            return JSONResponse({"error": "invalid_grant", "error_description": "<script>"}, 400)
        self.codes.clear()
        jetons = {"access_token": "acces", "token_type": "Bearer", "expires_in": 60}
        id_token = self.fabrique(self._claims())
        return JSONResponse(jetons | ({"id_token": id_token} if id_token else {}))

    async def _infos(self, request: Request) -> Response:
        if self.infos_signees:
            return Response(self.infos_signees, media_type="application/jwt")
        return JSONResponse(self.infos, self.statut_infos)

    async def _cles(self, request: Request) -> Response:
        return JSONResponse({"keys": [self.cle.as_dict(private=False)]})


def _b64(valeur: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(valeur).encode()).rstrip(b"=").decode()


@pytest.fixture
def base(tables: None) -> None:
    """A database of its own, with every table."""


@pytest.fixture
def regler(monkeypatch: pytest.MonkeyPatch, reglages: Any) -> Iterator[Callable[..., None]]:
    """Change settings: regler(public_url="https://…")."""
    caches = (settings, oidc.client, secret.secret, routes._debit)

    def oublier() -> None:
        for cache in caches:
            cache.cache_clear()

    def regler(**valeurs: Any) -> None:
        for nom, valeur in valeurs.items():
            monkeypatch.setenv(f"RXROR_{nom.upper()}", str(valeur))
        oublier()

    oublier()
    yield regler
    oublier()


def brancher(menteur: Fournisseur, cle: str = fournisseurs.PREMIER) -> None:
    """Let our client reach a provider without a network."""
    oidc.client(fournisseurs.fournisseur(cle)).client_kwargs["transport"] = httpx2.ASGITransport(menteur.application)


@pytest.fixture
def fournisseur(regler: Callable[..., None]) -> Fournisseur:
    """The provider, and the settings that point to it."""
    regler(oidc_issuer=ISSUER, oidc_client_id=CLIENT, oidc_client_secret="s" * 40, secret="0123456789abcdef" * 3)
    menteur = Fournisseur()
    brancher(menteur)
    return menteur


@pytest.fixture
def navigateur(base: None, fournisseur: Fournisseur) -> Iterator[TestClient]:
    """A browser in front of the sign-in application."""
    with TestClient(routes.application(), base_url=settings().url, follow_redirects=False) as client:
        yield client


@pytest.fixture
def connecter(navigateur: TestClient, fournisseur: Fournisseur) -> Callable[..., Any]:
    """Go through the whole sign-in; gives the answer of the callback."""

    def connecter(suite: str = "/", chez: Fournisseur = fournisseur, cle: str = "") -> Any:
        depart = navigateur.get(f"/auth/connexion{cle and '/'}{cle}", params={"next": suite})
        assert depart.status_code == 303, depart.text
        return navigateur.get(chez.autoriser(depart.headers["location"]))

    return connecter


@pytest.fixture
def sessions_ouvertes() -> Callable[[], list[WebSession]]:
    """The web sessions not revoked."""

    def lire() -> list[WebSession]:
        with db.lecture() as session:
            return [w for w in session.exec(select(WebSession)) if w.revoquee is None]

    return lire


@pytest.fixture
def second(regler: Callable[..., None]) -> Fournisseur:
    """Another provider beside the first: its own keys, codes and people. To be asked for before `navigateur`."""
    autres = {
        "issuer": SECOND,
        "nom": "Région Occitanie",
        "client_id": "rxror-region",
        "client_secret": "t" * 40,
        "acr": "",
        "scopes": "openid profile",
    }
    regler(**{f"oidc2_{nom}": valeur for nom, valeur in autres.items()})
    autre = Fournisseur(SECOND, "rxror-region", f"{RETOUR}/2")
    autre.cle = RSAKey.generate_key(2048, auto_kid=True)
    brancher(autre, fournisseurs.SECOND)
    return autre
