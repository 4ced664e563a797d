"""The OpenID Connect client: Authlib, and every check it leaves out.

The provider says who, never what: only the table `habilitation` gives a right.
"""

import secrets
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from authlib.integrations.starlette_client import OAuth, StarletteOAuth2App
from joserfc import jwt
from joserfc.jwk import KeySet
from starlette.requests import Request
from starlette.responses import Response

from rxror.settings import settings

ISS_DEMONSTRATION = "demonstration"
CHEMIN_DEMONSTRATION = "/demo-idp"
CLIENT_DEMONSTRATION = "rxror"
SECRET_DEMONSTRATION = secrets.token_urlsafe(32)
TOLERANCE = 30  # seconds between the provider's clock and ours


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
class Fournisseur:
    """An OpenID Connect provider, as the settings describe it."""

    issuer: str
    discovery: str
    client_id: str
    client_secret: str
    scopes: str
    acr: str
    alg: str


@dataclass(frozen=True)
class Identite:
    """Who the provider says is there."""

    iss: str
    sub: str
    prenom: str
    nom: str
    id_token: str


class Client(StarletteOAuth2App):
    """Authlib's client, which takes from the discovery document neither the issuer nor the algorithms."""

    async def load_server_metadata(self) -> dict[str, Any]:
        """Discovery document of the provider.

        Raises:
            ConnexionRefusee: it speaks for another issuer.
        """
        attendu = fournisseur()
        metadata: dict[str, Any] = await super().load_server_metadata()
        if metadata.get("issuer") != attendu.issuer:
            self.server_metadata.clear()
            raise ConnexionRefusee("decouverte")
        metadata["id_token_signing_alg_values_supported"] = [attendu.alg]
        return metadata


def en_demonstration() -> bool:
    """Whether people sign in with the demonstration provider."""
    return settings().demo and not settings().oidc_issuer


def fournisseur() -> Fournisseur:
    """The provider of the settings; in demonstration, our own.

    Raises:
        ConnexionRefusee: there is none.
    """
    reglages = settings()
    issuer, client_id = reglages.oidc_issuer, reglages.oidc_client_id
    secret = reglages.oidc_client_secret.get_secret_value()
    if en_demonstration():
        issuer, client_id, secret = f"{reglages.url}{CHEMIN_DEMONSTRATION}", CLIENT_DEMONSTRATION, SECRET_DEMONSTRATION
    if not (issuer and client_id):
        raise ConnexionRefusee("configuration")
    return Fournisseur(
        issuer=issuer,
        discovery=reglages.oidc_discovery or f"{issuer.rstrip('/')}/.well-known/openid-configuration",
        client_id=client_id,
        client_secret=secret,
        scopes=reglages.oidc_scopes,
        acr=reglages.oidc_acr,
        alg=reglages.oidc_alg,
    )


def iss_conserve(iss: str) -> str:
    """Issuer as the table `utilisateur` keeps it: the demonstration's address changes with the port."""
    return ISS_DEMONSTRATION if en_demonstration() and iss == fournisseur().issuer else iss


@lru_cache
def client() -> Any:
    """The client of this process, a `Client`; Authlib has no types."""
    quoi = fournisseur()
    oauth: Any = OAuth()
    return oauth.register(
        "fournisseur",
        client_cls=Client,
        client_id=quoi.client_id,
        client_secret=quoi.client_secret,
        server_metadata_url=quoi.discovery,
        authorize_params={"acr_values": quoi.acr} if quoi.acr else None,
        client_kwargs={
            "scope": quoi.scopes,
            "code_challenge_method": "S256",
            "timeout": 10,
            "leeway": 0,  # seconds of life an access token must have left: one call follows at once
            "trust_env": not en_demonstration(),
        },
    )


async def partir(request: Request, retour: str) -> Response:
    """Send the browser to the provider, with state, nonce and PKCE challenge."""
    return await client().authorize_redirect(request, retour)


async def identifier(request: Request) -> Identite:
    """Read the provider's answer.

    Raises:
        ConnexionRefusee: one of our checks fails.
        Exception: one of Authlib's does (OAuthError, JoseError), or the provider does not answer (HTTPError).
    """
    quoi, application = fournisseur(), client()
    metadata = await application.load_server_metadata()
    _verifier_emetteur(request, metadata, quoi)
    jetons = await application.authorize_access_token(request, leeway=TOLERANCE, claims_options=_exigences(quoi))
    identite = jetons.get("userinfo")
    if not identite:
        raise ConnexionRefusee("sans_identite")
    if identite["aud"] not in (quoi.client_id, [quoi.client_id]):
        raise ConnexionRefusee("aud")
    infos = await _userinfo(application, metadata, jetons, quoi)
    if infos.get("sub") != identite["sub"]:
        raise ConnexionRefusee("userinfo")
    return Identite(
        iss=identite["iss"],
        sub=identite["sub"],
        prenom=_texte(infos.get("given_name") or identite.get("given_name")),
        nom=_texte(infos.get("family_name") or identite.get("family_name")),
        id_token=jetons["id_token"],
    )


async def adresse_deconnexion(id_token: str, retour: str) -> str:
    """Where the provider ends its own session; empty when it does not say."""
    metadata = await client().load_server_metadata()
    if not metadata.get("end_session_endpoint"):
        return ""
    adresse = await client().create_logout_url(
        post_logout_redirect_uri=retour, id_token_hint=id_token or None, client_id=fournisseur().client_id
    )
    return str(adresse["url"])


def _verifier_emetteur(request: Request, metadata: dict[str, Any], quoi: Fournisseur) -> None:
    """RFC 9207: the answer names its issuer, so that another provider's cannot be slipped in."""
    iss = request.query_params.get("iss")
    attendu = metadata.get("authorization_response_iss_parameter_supported") and "error" not in request.query_params
    if (iss is not None and iss != quoi.issuer) or (iss is None and attendu):
        raise ConnexionRefusee("iss")


def _exigences(quoi: Fournisseur) -> dict[str, Any]:
    exigences: dict[str, Any] = {
        "iss": {"essential": True, "value": quoi.issuer},
        "sub": {"essential": True},
        "aud": {"essential": True, "value": quoi.client_id},
        "exp": {"essential": True},
        "iat": {"essential": True},
        "nonce": {"essential": True},
    }
    if quoi.acr:
        exigences["acr"] = {"essential": True, "value": quoi.acr}
    return exigences


async def _userinfo(
    application: Any,
    metadata: dict[str, Any],
    jetons: dict[str, Any],
    quoi: Fournisseur,
) -> dict[str, Any]:
    """Claims of the UserInfo endpoint, plain or signed: the Content-Type says which."""
    reponse = await application.get(metadata["userinfo_endpoint"], token=jetons)
    reponse.raise_for_status()
    if not reponse.headers.get("content-type", "").startswith("application/jwt"):
        return dict(reponse.json())
    cles = KeySet.import_key_set(await application.fetch_jwk_set())
    claims = jwt.decode(reponse.text, cles, algorithms=[quoi.alg]).claims
    if claims.get("iss", quoi.issuer) != quoi.issuer or claims.get("aud", quoi.client_id) != quoi.client_id:
        raise ConnexionRefusee("userinfo")
    return dict(claims)


def _texte(valeur: object) -> str:
    """A name as received, on one line, bounded."""
    return " ".join(str(valeur or "").split())[:100]
