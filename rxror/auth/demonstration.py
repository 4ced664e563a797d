"""The demonstration's OpenID Connect provider, in the same processes: fictitious people, loopback only.

Authorization code with PKCE S256, nonce, RS256 with a key made at first start. The client is the same as in production.
The key and what was given for one use are files of the var folder, so that any process may answer.
"""

import base64
import hashlib
import json
import os
import secrets
import string
import tempfile
import time
from contextlib import suppress
from functools import lru_cache
from html import escape
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from joserfc import jwt
from joserfc.jwk import RSAKey
from sqlmodel import Session, col, select
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from rxror import db
from rxror.auth import fournisseurs, pages
from rxror.auth.entetes import origine_admise
from rxror.services import etendues
from rxror.services.droits import NOMS_DES_ROLES
from rxror.settings import en_boucle_locale, settings
from rxror.tables import Habilitation, Utilisateur

VIE = 60  # seconds of a code, and of an access
MOTS = frozenset(string.ascii_letters + string.digits + "-_")
PLACES_MAX = 3
BANDEAU = "Démonstration\u00a0: ces personnes sont inventées, et il n’y a pas de mot de passe."

CLE: Any = {"use": "sig", "alg": "RS256", "kid": "demonstration"}


class SurCetteMachine:
    """Answers 404 to whatever did not start on this machine, and to whatever a proxy passed on.

    The settings already refuse another address; a server started by hand may listen elsewhere, and a proxy on this
    machine opens it to others.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through if it is this machine's own."""
        requete = HTTPConnection(scope)
        relaye = [nom for nom in requete.headers if nom.startswith("x-forwarded") or nom in ("forwarded", "via")]
        voisin = requete.client is not None and _en_boucle(requete.client.host)
        if relaye or not voisin or not en_boucle_locale(f"//{requete.headers.get('host', '')}"):
            await PlainTextResponse("Cette adresse n’existe pas.", 404)(scope, receive, send)
        else:
            await self.app(scope, receive, send)


def _en_boucle(adresse: str) -> bool:
    try:
        lue = ip_address(adresse)
    except ValueError:
        return False
    return (getattr(lue, "ipv4_mapped", None) or lue).is_loopback


def application() -> ASGIApp:
    """The provider, to be mounted at `fournisseurs.CHEMIN_DEMONSTRATION`."""
    return SurCetteMachine(Router(_routes()))


def _routes() -> list[Route]:
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
    return fournisseurs.fournisseurs()[0].issuer


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
        f'<form method="post" action="{fournisseurs.CHEMIN_DEMONSTRATION}/authorize" class="pile">\n'
        f"{caches}\n{choix}\n</form>",
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
    _oublier_vieux()
    code = _donner("code", demande | {"sub": personne.sub, "given_name": personne.prenom, "family_name": personne.nom})
    retour = urlencode({"code": code, "state": demande["state"], "iss": issuer()})
    return RedirectResponse(f"{demande['redirect_uri']}?{retour}", 303, {"Cache-Control": "no-store"})


async def jetons(request: Request) -> Response:
    """Exchange a code for tokens: client secret, redirect address and PKCE verifier must match."""
    async with request.form() as formulaire:
        recu = {nom: str(valeur) for nom, valeur in formulaire.items()}
    if not _client_reconnu(request):
        return JSONResponse({"error": "invalid_client"}, 401)
    demande = _reprendre("code", recu.get("code", ""))
    if demande is None or not _conforme(demande, recu):
        return JSONResponse({"error": "invalid_grant"}, 400)
    maintenant = int(time.time())
    claims = {
        "iss": issuer(),
        "sub": demande["sub"],
        "aud": fournisseurs.CLIENT_DEMONSTRATION,
        "iat": maintenant,
        "exp": maintenant + 300,
        "nonce": demande["nonce"],
        "acr": fournisseurs.fournisseurs()[0].reglages.acr or "eidas1",
    }
    return JSONResponse(
        {
            "access_token": _donner("acces", demande),
            "token_type": "Bearer",
            "expires_in": VIE,
            "id_token": jwt.encode({"alg": "RS256", "kid": _cle().kid}, claims, _cle()),
        },
        headers={"Cache-Control": "no-store"},
    )


async def userinfo(request: Request) -> Response:
    """Names of the person; the access token serves once."""
    demande = _reprendre("acces", request.headers.get("authorization", "").removeprefix("Bearer "))
    if demande is None:
        return JSONResponse({"error": "invalid_token"}, 401)
    return JSONResponse({nom: demande[nom] for nom in ("sub", "given_name", "family_name")})


async def jwks(request: Request) -> Response:
    """Public key."""
    return JSONResponse({"keys": [_cle().as_dict(private=False)]})


def _demande(recu: dict[str, str]) -> dict[str, Any] | None:
    """The authorization request, when it is one of our client's."""
    attendu = {
        "response_type": "code",
        "client_id": fournisseurs.CLIENT_DEMONSTRATION,
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
    )


def _client_reconnu(request: Request) -> bool:
    attendu = base64.b64encode(
        f"{fournisseurs.CLIENT_DEMONSTRATION}:{fournisseurs.SECRET_DEMONSTRATION}".encode()
    ).decode()
    return secrets.compare_digest(request.headers.get("authorization", ""), f"Basic {attendu}")


# ---------------------------------------------------------------- what any process may ask for


def _dossier() -> Path:
    dossier = settings().var / "demonstration"
    dossier.mkdir(mode=0o700, parents=True, exist_ok=True)
    return dossier


@lru_cache
def _cle() -> RSAKey:
    """The signing key: the first process makes it, whole or not at all."""
    fichier = _dossier() / "cle.pem"
    if not fichier.exists():
        with tempfile.NamedTemporaryFile(dir=fichier.parent) as neuf, suppress(FileExistsError):
            neuf.write(RSAKey.generate_key(2048).as_pem(private=True))
            neuf.flush()
            os.link(neuf.name, fichier)
    return RSAKey.import_key(fichier.read_bytes(), CLE)


def _donner(quoi: str, demande: dict[str, Any]) -> str:
    """A word that stands for a request, once."""
    mot = secrets.token_urlsafe(24)
    (_dossier() / f"{quoi}.{mot}").write_text(json.dumps(demande), "utf-8")
    return mot


def _reprendre(quoi: str, mot: str) -> dict[str, Any] | None:
    """The request a word stands for; None when it was never given, is too old or has served."""
    if not mot or not set(mot) <= MOTS:
        return None
    fichier = _dossier() / f"{quoi}.{mot}"
    try:
        vieux = time.time() - fichier.stat().st_mtime > VIE
        demande = json.loads(fichier.read_text("utf-8"))
        fichier.unlink()  # of two who ask for it, one gets it
    except FileNotFoundError:
        return None
    return None if vieux else demande


def _oublier_vieux() -> None:
    for fichier in _dossier().glob("*.*"):
        with suppress(FileNotFoundError):
            if fichier.name != "cle.pem" and time.time() - fichier.stat().st_mtime > VIE:
                fichier.unlink()


def _personnes(session: Session) -> list[tuple[Utilisateur, list[str]]]:
    """The fictitious people, each with « role, place » of its habilitations."""
    lignes: Any = session.exec(
        select(Utilisateur, Habilitation)
        .join(Habilitation, col(Habilitation.utilisateur_id) == Utilisateur.id, isouter=True)
        .where(Utilisateur.iss == fournisseurs.ISS_DEMONSTRATION, col(Utilisateur.demonstration))
        .order_by(col(Utilisateur.id), col(Habilitation.code), col(Habilitation.id))
    ).all()
    noms = etendues.noms(session, ((droit.portee, droit.code) for _, droit in lignes if droit))
    personnes: dict[int, tuple[Utilisateur, list[str]]] = {}
    for personne, droit in lignes:
        _, places = personnes.setdefault(personne.id or 0, (personne, []))
        if droit is not None:
            places.append(f"{NOMS_DES_ROLES[droit.role]}, {noms[droit.portee, droit.code]}")
    return list(personnes.values())


def _personne(session: Session, sub: str) -> Utilisateur | None:
    return session.exec(
        select(Utilisateur).where(
            Utilisateur.iss == fournisseurs.ISS_DEMONSTRATION, Utilisateur.sub == sub, col(Utilisateur.demonstration)
        )
    ).one_or_none()


def _bouton(personne: Utilisateur, places: list[str]) -> str:
    uniques = list(dict.fromkeys(places))
    autres = [f"et {len(uniques) - PLACES_MAX} de plus"] if len(uniques) > PLACES_MAX else []
    detail = "\u00a0; ".join(uniques[:PLACES_MAX] + autres) or "Aucun droit"
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
