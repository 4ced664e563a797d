"""The OpenID Connect client: Authlib, and every check it leaves out.

The provider says who, never what: only the table `habilitation` gives a right.
"""

import asyncio
import logging
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast
from urllib.parse import urlsplit

from authlib.integrations.starlette_client import OAuth, StarletteOAuth2App
from httpx2 import HTTPError
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError
from joserfc.jwk import KeySet
from starlette.requests import Request
from starlette.responses import Response

from rxror.auth import fournisseurs
from rxror.auth.fournisseurs import CERTIFICAT, PREFIXES, Fournisseur

log = logging.getLogger("rxror.auth")

PANNES = (HTTPError, OSError)  # the provider does not answer, not soon enough, or refuses our certificate
TOLERANCE = 30  # seconds between the provider's clock and ours
VIE_DECOUVERTE = 86_400  # seconds after which the discovery document is read again
ADRESSES = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
FIN = "end_session_endpoint"
ALIAS = "mtls_endpoint_aliases"  # RFC 8705: where a client with a certificate calls
ANNONCE_ISS = "authorization_response_iss_parameter_supported"


class ConnexionRefusee(Exception):
    """The provider's answer cannot be trusted, or it refused.

    Attributes:
        motif: a short word for the trace; never shown.
    """

    def __init__(self, motif: str) -> None:
        """Keep the reason."""
        super().__init__(motif)
        self.motif = motif


@dataclass(frozen=True)
class Identite:
    """Who the provider says is there."""

    iss: str
    sub: str
    prenom: str
    nom: str
    id_token: str


class Client(StarletteOAuth2App):
    """Authlib's client, told by the settings, and not by the discovery document, whom and what to trust."""

    attendu: Fournisseur

    async def load_server_metadata(self) -> dict[str, Any]:
        """Discovery document of the provider, read once a day.

        Raises:
            ConnexionRefusee: it speaks for another issuer, or names an address one cannot trust.
            Exception: one of `PANNES`: the provider does not answer, and never did.
        """
        lu: float = self.server_metadata.get("_loaded_at", 0)
        if time.time() - lu < VIE_DECOUVERTE:
            return self.server_metadata
        try:
            self.server_metadata = await self._decouvrir()
        except PANNES as erreur:
            if not lu:
                raise
            log.warning("document de découverte non relu : %s", type(erreur).__name__)
        return self.server_metadata

    async def _decouvrir(self) -> dict[str, Any]:
        sans_types: Any = self
        async with sans_types._get_session() as session:
            reponse: Any = await session.request("GET", self.attendu.discovery, withhold_token=True)
        reponse.raise_for_status()
        return retenu(self.attendu, reponse.json())

    async def save_authorize_data(self, request: Request, **donnees: Any) -> None:
        """Keep what the answer will be checked against, and no more: the browser holds it in a cookie."""
        donnees.pop("url", None)
        await super().save_authorize_data(request, **donnees)  # type: ignore[reportUnknownMemberType]


def retenu(un: Fournisseur, document: Any) -> dict[str, Any]:
    """What is kept of a discovery document: known names only, for Authlib hands all of it to its HTTP client.

    Raises:
        ConnexionRefusee: another issuer's, or an address that is missing or not HTTPS.
    """
    dit = _objet(document, "decouverte")
    if dit.get("issuer") != un.issuer:
        raise ConnexionRefusee("decouverte")
    if un.reglages.authentification == CERTIFICAT and dit.get(ALIAS):
        dit |= {n: v for n, v in _objet(dit[ALIAS], "decouverte").items() if n in ADRESSES}
    adresses = {nom: dit.get(nom) for nom in ADRESSES} | ({FIN: dit[FIN]} if dit.get(FIN) else {})
    schema = urlsplit(un.issuer).scheme
    if any(not isinstance(a, str) or urlsplit(a).scheme not in ("https", schema) for a in adresses.values()):
        raise ConnexionRefusee("decouverte")
    return adresses | {
        "issuer": un.issuer,
        "id_token_signing_alg_values_supported": [un.reglages.alg],
        ANNONCE_ISS: dit.get(ANNONCE_ISS) is True,
        "_loaded_at": time.time(),
    }


@lru_cache
def client(un: Fournisseur) -> Any:
    """The client of a provider in this process, a `Client`; Authlib has no types."""
    reglages = un.reglages
    oauth: Any = OAuth()
    application = oauth.register(
        un.cle,
        client_cls=Client,
        client_id=reglages.client_id,
        client_secret=reglages.client_secret.get_secret_value(),
        authorize_params={"acr_values": reglages.acr} if reglages.acr else None,
        client_kwargs={
            "scope": reglages.scopes,
            "code_challenge_method": "S256",
            # with a certificate, the request only says who; the handshake proves it
            "token_endpoint_auth_method": "none"
            if reglages.authentification == CERTIFICAT
            else reglages.authentification,
            "timeout": reglages.delai,
            "leeway": 0,  # seconds of life an access token must have left: one call follows at once
            "verify": fournisseurs.tls(un),
            "trust_env": fournisseurs.au_dehors(un),
        },
    )
    application.attendu = un
    return application


def verifier_decouvertes() -> list[str]:
    """Read each discovery document before serving.

    Returns:
        One sentence, in French, for each provider that does not answer: that is no reason not to start.

    Raises:
        FournisseurMalRegle: one speaks for another issuer.
    """
    phrases: list[str] = []
    for un in fournisseurs.fournisseurs()[: 0 if fournisseurs.en_demonstration() else None]:
        try:
            asyncio.run(client(un).load_server_metadata())
        except ConnexionRefusee:
            raise fournisseurs.FournisseurMalRegle(
                f"Le document {un.discovery} n’est pas celui de {un.issuer} : vérifiez {PREFIXES[un.cle]}ISSUER et "
                f"{PREFIXES[un.cle]}DISCOVERY."
            ) from None
        except (*PANNES, ValueError) as erreur:
            phrases.append(f"{un.nom} ne répond pas encore ({type(erreur).__name__}) : {un.discovery}")
    return phrases


async def partir(request: Request, un: Fournisseur) -> Response:
    """Send the browser to the provider, with state, nonce and PKCE challenge.

    Raises:
        Exception: as `identifier`.
    """
    async with asyncio.timeout(2 * un.reglages.delai):
        return await client(un).authorize_redirect(request, un.retour)


async def identifier(request: Request, un: Fournisseur) -> Identite:
    """Read the answer of the provider to whom this return address belongs.

    Raises:
        ConnexionRefusee: one of our checks fails.
        Exception: one of Authlib's does (AuthlibBaseError, JoseError), or the provider does not answer (`PANNES`).
    """
    async with asyncio.timeout(2 * un.reglages.delai):
        return await _identifier(request, un, client(un))


async def _identifier(request: Request, un: Fournisseur, application: Any) -> Identite:
    metadata = await application.load_server_metadata()
    if any(len(request.query_params.getlist(nom)) > 1 for nom in ("code", "state", "iss", "error")):
        raise ConnexionRefusee("parametre_repete")
    _verifier_emetteur(request, metadata, un)
    jetons = await application.authorize_access_token(request, leeway=TOLERANCE, claims_options=_exigences(un))
    identite = jetons.get("userinfo")
    if not identite:
        raise ConnexionRefusee("sans_identite")
    if identite["aud"] not in (un.reglages.client_id, [un.reglages.client_id]):
        raise ConnexionRefusee("aud")
    for nom, valeur in (("iss", un.issuer), ("acr", un.reglages.acr)):  # Authlib accepts a list that has it
        if valeur and identite[nom] != valeur:
            raise ConnexionRefusee(nom)
    if not _sub_admis(identite["sub"]):
        raise ConnexionRefusee("sub")
    infos = await _userinfo(application, metadata, jetons, un)
    if infos.get("sub") != identite["sub"]:
        raise ConnexionRefusee("userinfo")
    return Identite(
        iss=identite["iss"],
        sub=identite["sub"],
        prenom=_texte(infos.get("given_name") or identite.get("given_name")),
        nom=_texte(infos.get("family_name") or identite.get("family_name")),
        id_token=jetons["id_token"],
    )


async def adresse_deconnexion(un: Fournisseur, id_token: str, retour: str) -> str:
    """Where the provider ends its own session; empty when it does not say."""
    async with asyncio.timeout(2 * un.reglages.delai):
        metadata = await client(un).load_server_metadata()
    if not metadata.get(FIN):
        return ""
    adresse = await client(un).create_logout_url(
        post_logout_redirect_uri=retour, id_token_hint=id_token, client_id=un.reglages.client_id
    )
    return str(adresse["url"])


def _verifier_emetteur(request: Request, metadata: dict[str, Any], un: Fournisseur) -> None:
    """RFC 9207: the answer names its issuer, so that another provider's cannot be slipped in."""
    iss = request.query_params.get("iss")
    attendu = metadata[ANNONCE_ISS] and "error" not in request.query_params
    if (iss is not None and iss != un.issuer) or (iss is None and attendu):
        raise ConnexionRefusee("iss")


def _exigences(un: Fournisseur) -> dict[str, Any]:
    exigences: dict[str, Any] = {
        "iss": {"essential": True, "value": un.issuer},
        "sub": {"essential": True},
        "aud": {"essential": True, "value": un.reglages.client_id},
        "exp": {"essential": True},
        "iat": {"essential": True},
        "nonce": {"essential": True},
    }
    if un.reglages.acr:
        exigences["acr"] = {"essential": True, "value": un.reglages.acr}
    return exigences


async def _userinfo(
    application: Any,
    metadata: dict[str, Any],
    jetons: dict[str, Any],
    un: Fournisseur,
) -> dict[str, Any]:
    """Claims of the UserInfo endpoint, plain or signed: the Content-Type says which."""
    reponse = await application.get(metadata["userinfo_endpoint"], token=jetons)
    reponse.raise_for_status()
    genre = reponse.headers.get("content-type", "").partition(";")[0].strip().lower()
    claims = await _signes(application, reponse.text, un) if genre == "application/jwt" else reponse.json()
    return _objet(claims, "userinfo")


async def _signes(application: Any, texte: str, un: Fournisseur) -> dict[str, Any]:
    """Claims of a signed UserInfo: OpenID Connect Core 5.3.2 wants its issuer and its audience in it."""

    def lire(cles: Any) -> dict[str, Any]:
        return dict(jwt.decode(texte, KeySet.import_key_set(cles), algorithms=[un.reglages.alg]).claims)

    try:
        claims = lire(await application.fetch_jwk_set())
    except InvalidKeyIdError:  # the provider changed its keys
        claims = lire(await application.fetch_jwk_set(force=True))
    if claims.get("iss", un.issuer) != un.issuer or claims.get("aud") not in (
        None,
        un.reglages.client_id,
        [un.reglages.client_id],
    ):
        raise ConnexionRefusee("userinfo")
    return claims


def _sub_admis(sub: object) -> bool:
    """OpenID Connect Core 2: a text of 255 characters at most."""
    return isinstance(sub, str) and 0 < len(sub) <= 255 and sub.isascii() and sub.isprintable()


def _objet(valeur: Any, motif: str) -> dict[str, Any]:
    """A JSON object.

    Raises:
        ConnexionRefusee: it is something else.
    """
    if not isinstance(valeur, dict):
        raise ConnexionRefusee(motif)
    return dict(cast("dict[str, Any]", valeur))


def _texte(valeur: object) -> str:
    """A name as received, on one line, bounded, without a sign that nobody would see."""
    if not isinstance(valeur, str):
        return ""
    return "".join(c for c in " ".join(valeur.split()) if c.isprintable())[:100]
