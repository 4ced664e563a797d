"""The demonstration's OpenID Connect provider, in the same process: fictitious people, loopback only.

Authorization code with PKCE S256, nonce, RS256 with a key made at start. The client is the same as in production.
"""

import base64
import hashlib
import secrets
import time
from html import escape
from typing import Any
from urllib.parse import urlencode

from joserfc import jwt
from joserfc.jwk import RSAKey
from sqlmodel import Session, col, select
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from rxror import db
from rxror.auth import oidc, pages
from rxror.auth.entetes import origine_admise
from rxror.ror.objets import EntiteGeographique
from rxror.settings import settings
from rxror.tables import Habilitation, Role, Utilisateur

VIE = 60  # seconds of a code
CODES_MAX = 1000
PLACES_MAX = 3
BANDEAU = "Démonstration\u00a0: ces personnes sont inventées, et il n’y a pas de mot de passe."
ROLES = {
    Role.REFERENT: "Référent",
    Role.RESPONSABLE_OFFRE: "Responsable d’offre",
    Role.LECTEUR: "Lecture seule",
}

_cle = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"}, auto_kid=True)
_codes: dict[str, dict[str, Any]] = {}
_acces: dict[str, dict[str, Any]] = {}


def routes() -> list[Route]:
    """The provider's routes, to be mounted at `oidc.CHEMIN_DEMONSTRATION`."""
    return [
        Route("/.well-known/openid-configuration", decouverte, methods=["GET"]),
        Route("/authorize", choisir, methods=["GET"]),
        Route("/authorize", accepter, methods=["POST"]),
        Route("/token", jetons, methods=["POST"]),
        Route("/userinfo", userinfo, methods=["GET"]),
        Route("/jwks", jwks, methods=["GET"]),
    ]


def issuer() -> str:
    """Issuer of the demonstration."""
    return oidc.fournisseur().issuer


async def decouverte(request: Request) -> Response:
    """Discovery document."""
    return JSONResponse(
        {
            "issuer": issuer(),
            "authorization_endpoint": f"{issuer()}/authorize",
            "token_endpoint": f"{issuer()}/token",
            "userinfo_endpoint": f"{issuer()}/userinfo",
            "jwks_uri": f"{issuer()}/jwks",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": True,
        }
    )


async def choisir(request: Request) -> Response:
    """The page where one chooses who to be."""
    demande = _demande(dict(request.query_params))
    if demande is None:
        return _demande_invalide()
    with db.lecture() as session:
        choix = "\n".join(_bouton(personne, places) for personne, places in _personnes(session))
    caches = "\n".join(
        f'<input type="hidden" name="{escape(n)}" value="{escape(v)}">' for n, v in request.query_params.items()
    )
    if not choix:
        choix = (
            "<p>Aucune personne n’est encore prête. Lancez «\u00a0rxror preparer\u00a0», puis rechargez cette page.</p>"
        )
    return pages.page(
        "Qui êtes-vous\u00a0?",
        "<p>Cette page tient lieu de Pro Santé Connect. Choisissez une personne pour entrer à sa place.</p>\n"
        f'<form method="post" action="{oidc.CHEMIN_DEMONSTRATION}/authorize" class="pile">\n{caches}\n{choix}\n</form>',
        bandeau=BANDEAU,
    )


async def accepter(request: Request) -> Response:
    """Give a code for the person chosen, once, for one minute."""
    if not origine_admise(request.headers.get("origin", "")):
        return _demande_invalide()
    async with request.form() as formulaire:
        recu = {nom: str(valeur) for nom, valeur in formulaire.items()}
    demande = _demande(recu)
    with db.lecture() as session:
        personne = _personne(session, recu.get("personne", ""))
    if demande is None or personne is None:
        return _demande_invalide()
    code = secrets.token_urlsafe(24)
    _oublier_vieux()
    _codes[code] = demande | {
        "sub": personne.sub,
        "given_name": personne.prenom,
        "family_name": personne.nom,
        "fin": time.time() + VIE,
    }
    retour = urlencode({"code": code, "state": demande["state"], "iss": issuer()})
    return RedirectResponse(f"{demande['redirect_uri']}?{retour}", 303, {"Cache-Control": "no-store"})


async def jetons(request: Request) -> Response:
    """Exchange a code for tokens: client secret, redirect address and PKCE verifier must match."""
    async with request.form() as formulaire:
        recu = {nom: str(valeur) for nom, valeur in formulaire.items()}
    if not _client_reconnu(request):
        return JSONResponse({"error": "invalid_client"}, 401)
    demande = _codes.pop(recu.get("code", ""), None)
    if demande is None or not _conforme(demande, recu):
        return JSONResponse({"error": "invalid_grant"}, 400)
    maintenant = int(time.time())
    claims = {
        "iss": issuer(),
        "sub": demande["sub"],
        "aud": oidc.fournisseur().client_id,
        "iat": maintenant,
        "exp": maintenant + 300,
        "nonce": demande["nonce"],
        "acr": settings().oidc_acr or "eidas1",
    }
    acces = secrets.token_urlsafe(24)
    _acces[acces] = demande
    return JSONResponse(
        {
            "access_token": acces,
            "token_type": "Bearer",
            "expires_in": VIE,
            "id_token": jwt.encode({"alg": "RS256", "kid": _cle.kid}, claims, _cle),
        },
        headers={"Cache-Control": "no-store"},
    )


async def userinfo(request: Request) -> Response:
    """Names of the person; the access token serves once."""
    demande = _acces.pop(request.headers.get("authorization", "").removeprefix("Bearer "), None)
    if demande is None:
        return JSONResponse({"error": "invalid_token"}, 401)
    return JSONResponse({nom: demande[nom] for nom in ("sub", "given_name", "family_name")})


async def jwks(request: Request) -> Response:
    """Public key."""
    return JSONResponse({"keys": [_cle.as_dict(private=False)]})


def _demande(recu: dict[str, str]) -> dict[str, Any] | None:
    """The authorization request, when it is one of our client's."""
    attendu = {
        "response_type": "code",
        "client_id": oidc.CLIENT_DEMONSTRATION,
        "redirect_uri": f"{settings().url}/auth/callback",
        "code_challenge_method": "S256",
    }
    if any(recu.get(nom) != valeur for nom, valeur in attendu.items()):
        return None
    noms = ("redirect_uri", "state", "nonce", "code_challenge")
    return {nom: recu[nom] for nom in noms} if all(recu.get(nom) for nom in noms) else None


def _conforme(demande: dict[str, Any], recu: dict[str, str]) -> bool:
    empreinte = hashlib.sha256(recu.get("code_verifier", "").encode()).digest()
    return (
        recu.get("grant_type") == "authorization_code"
        and recu.get("redirect_uri") == demande["redirect_uri"]
        and base64.urlsafe_b64encode(empreinte).rstrip(b"=").decode() == demande["code_challenge"]
        and time.time() < demande["fin"]
    )


def _client_reconnu(request: Request) -> bool:
    attendu = base64.b64encode(f"{oidc.CLIENT_DEMONSTRATION}:{oidc.SECRET_DEMONSTRATION}".encode()).decode()
    return secrets.compare_digest(request.headers.get("authorization", ""), f"Basic {attendu}")


def _oublier_vieux() -> None:
    for reserve in (_codes, _acces):
        for cle in [c for c, d in reserve.items() if d["fin"] < time.time()] + list(reserve)[:-CODES_MAX]:
            reserve.pop(cle, None)


def _personnes(session: Session) -> list[tuple[Utilisateur, list[str]]]:
    """The fictitious people, each with « role, établissement » of its habilitations."""
    lignes: Any = session.exec(
        select(Utilisateur, Habilitation.role, EntiteGeographique)
        .join(Habilitation, col(Habilitation.utilisateur_id) == Utilisateur.id, isouter=True)
        .join(EntiteGeographique, col(Habilitation.entite_geographique_id) == EntiteGeographique.id, isouter=True)
        .where(Utilisateur.iss == oidc.ISS_DEMONSTRATION, col(Utilisateur.demonstration))
        .order_by(col(Utilisateur.id), col(EntiteGeographique.num_finess))
    )
    personnes: dict[int, tuple[Utilisateur, list[str]]] = {}
    for personne, role, etablissement in lignes:
        _, places = personnes.setdefault(personne.id or 0, (personne, []))
        if role is not None:
            places.append(f"{ROLES[role]}, {etablissement.nom_operationnel or etablissement.denomination_eg}")
    return list(personnes.values())


def _personne(session: Session, sub: str) -> Utilisateur | None:
    return session.exec(
        select(Utilisateur).where(
            Utilisateur.iss == oidc.ISS_DEMONSTRATION, Utilisateur.sub == sub, col(Utilisateur.demonstration)
        )
    ).one_or_none()


def _bouton(personne: Utilisateur, places: list[str]) -> str:
    uniques = list(dict.fromkeys(places))
    autres = [f"et {len(uniques) - PLACES_MAX} de plus"] if len(uniques) > PLACES_MAX else []
    detail = "\u00a0; ".join(uniques[:PLACES_MAX] + autres) or "Aucun établissement"
    return (
        f'<section class="fiche"><h2>{escape(personne.nom_complet)}</h2><p>{escape(detail)}</p>'
        f'<p class="boutons"><button class="bouton" name="personne" value="{escape(personne.sub)}">'
        f'Entrer<span class="invisible"> en tant que {escape(personne.nom_complet)}</span></button></p></section>'
    )


def _demande_invalide() -> Response:
    return pages.refus(
        "Connexion refusée",
        ["Cette demande de connexion n’est pas complète ou n’est plus valable."],
        status=400,
        lien=("Recommencer", "/connexion"),
    )
