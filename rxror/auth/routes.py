"""The routes of the sign-in, outside Reflex: leave for the provider, come back, sign out."""

import logging
from functools import lru_cache
from urllib.parse import parse_qs, quote, urlsplit

from authlib.integrations.starlette_client import OAuthError
from httpx2 import HTTPError
from joserfc.errors import JoseError
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route

from rxror import db, sante
from rxror.auth import oidc, pages, sessions
from rxror.auth.chemins import suite_sure
from rxror.auth.debit import Debit
from rxror.auth.entetes import adresse_de, origine_admise
from rxror.auth.pannes import PANNE, nouveau_repere
from rxror.auth.secret import secret
from rxror.auth.veille import veille
from rxror.journaux import REFERENCE, recit
from rxror.settings import settings

log = logging.getLogger("rxror.auth")

CONNEXION, CALLBACK, DECONNEXION = "/auth/connexion", "/auth/callback", "/auth/deconnexion"
SANS_CACHE = {"Cache-Control": "no-store"}
VIE_COOKIE = 600  # seconds to come back from the provider
SUITE = "suite"


def application() -> Starlette:
    """The Starlette application under which Reflex is mounted."""
    routes: list[Mount | Route] = [
        Mount(
            "/auth",
            routes=[
                Route("/connexion", connexion, methods=["GET"]),
                Route("/callback", callback, methods=["GET"]),
                Route("/deconnexion", deconnexion, methods=["POST"]),
                Route("/veille", veille, methods=["POST"]),
            ],
            middleware=[
                Middleware(
                    SessionMiddleware,
                    secret_key=secret(),
                    session_cookie="__Secure-rxror_login" if settings().en_https else "rxror_login",
                    max_age=VIE_COOKIE,
                    path="/auth",
                    same_site="lax",
                    https_only=settings().en_https,
                )
            ],
        ),
        *sante.routes(),
    ]
    if settings().demo:
        from rxror.auth import demonstration  # loaded in demonstration only

        routes.append(Mount(oidc.CHEMIN_DEMONSTRATION, routes=demonstration.routes()))
    return Starlette(routes=routes, exception_handlers={Exception: panne})


async def panne(request: Request, exception: Exception) -> Response:
    """Any failure over HTTP: a French page with a reference; the log has the rest."""
    repere = REFERENCE.get() or nouveau_repere()
    log.error("repère %s : %s", repere, recit(exception))
    return pages.refus(
        "La panne vient de nous",
        [PANNE, f"Si cela dure, écrivez-nous avec ce repère\u00a0: {repere}."],
        status=500,
        lien=("Mes accès rapides", "/"),
    )


async def connexion(request: Request) -> Response:
    """Leave for the provider; `next` says where to come back, or else the `next` of the sign-in page one comes from."""
    if not _debit().accepte(adresse_de(request.scope)):
        return _trop()
    if _autre_nom(request):
        return RedirectResponse(f"{settings().url}{request.url.path}?{request.url.query}", 303, SANS_CACHE)
    request.session[SUITE] = suite_sure(request.query_params.get("next") or _suite_de_la_page(request))
    try:
        reponse = await oidc.partir(request, settings().url + CALLBACK)
    except (HTTPError, ValueError, RuntimeError, oidc.ConnexionRefusee) as erreur:
        log.error("fournisseur d’identité injoignable ou mal réglé : %s", type(erreur).__name__)
        return _injoignable(request.session[SUITE])
    return _sans_cache(reponse)


async def callback(request: Request) -> Response:
    """Come back from the provider: check everything, then open a session."""
    adresse = adresse_de(request.scope)
    if not _debit().accepte(adresse):
        return _trop()
    suite = suite_sure(request.session.get(SUITE))
    try:
        identite = await oidc.identifier(request)
    except HTTPError as erreur:
        log.error("fournisseur d’identité injoignable : %s", type(erreur).__name__)
        return _injoignable(suite)
    except (oidc.ConnexionRefusee, OAuthError, JoseError, ValueError, KeyError, TypeError, RuntimeError) as erreur:
        return _refusee(_motif(erreur), adresse, suite)
    with db.transaction() as session:
        nouveau = sessions.ouvrir(
            session,
            iss=oidc.iss_conserve(identite.iss),
            sub=identite.sub,
            prenom=identite.prenom,
            nom=identite.nom,
            id_token=identite.id_token,
            adresse=adresse,
            ancienne=sessions.empreinte_de(request),
        )
    request.session.pop(SUITE, None)
    reponse = RedirectResponse(suite, 303, SANS_CACHE)
    sessions.poser(reponse, nouveau)
    return reponse


async def deconnexion(request: Request) -> Response:
    """Sign out: here first, then at the provider. Only from a page of ours."""
    if not origine_admise(request.headers.get("origin", "")):
        return Response(status_code=403, headers=SANS_CACHE)
    with db.transaction() as session:
        id_token = sessions.fermer(session, sessions.empreinte_de(request), adresse=adresse_de(request.scope))
    try:
        suite = await oidc.adresse_deconnexion(id_token, f"{settings().url}/connexion") if id_token else ""
    except (HTTPError, ValueError, RuntimeError, oidc.ConnexionRefusee) as erreur:
        log.warning("déconnexion chez le fournisseur impossible : %s", type(erreur).__name__)
        suite = ""
    reponse = RedirectResponse(suite or "/connexion", 303, SANS_CACHE | {"Clear-Site-Data": '"storage"'})
    sessions.oter(reponse)
    return reponse


def _suite_de_la_page(request: Request) -> str | None:
    """The sign-in page is static: its address holds what its link cannot."""
    page = urlsplit(request.headers.get("referer", ""))
    if not origine_admise(f"{page.scheme}://{page.netloc}") or page.path.rstrip("/") != "/connexion":
        return None
    return parse_qs(page.query).get("next", [None])[0]


def _autre_nom(request: Request) -> bool:
    """Whether the browser came by 127.0.0.1 instead of localhost: cookies would not follow."""
    return not settings().public_url and request.headers.get("host", "") != urlsplit(settings().url).netloc


def _motif(erreur: Exception) -> str:
    """A short word for the trace: our reason, or the name of the claim or of the error."""
    motif = getattr(erreur, "motif", "") or getattr(erreur, "error", "") or type(erreur).__name__
    return "".join(c for c in str(motif) if c.isalnum() or c in "_-.")[:60]


def _refusee(motif: str, adresse: str, suite: str) -> Response:
    log.warning("connexion refusée : %s", motif)
    with db.transaction() as session:
        sessions.tracer_refus(session, motif, adresse)
    return pages.refus(
        "Connexion refusée",
        [
            "Votre identité n’a pas pu être vérifiée\u00a0: rien n’a été ouvert.",
            "Cela arrive quand la page est restée ouverte trop longtemps, "
            "ou quand deux onglets se connectent en même temps.",
        ],
        status=400,
        lien=("Recommencer", _recommencer(suite)),
    )


def _injoignable(suite: str) -> Response:
    return pages.refus(
        "Le service d’identification ne répond pas",
        ["La panne ne vient pas de vous. Ce que vous avez enregistré est gardé. Réessayez dans quelques minutes."],
        status=503,
        lien=("Réessayer", _recommencer(suite)),
    )


def _trop() -> Response:
    return pages.refus(
        "Trop de tentatives",
        ["Trop de connexions viennent de votre adresse. Attendez une minute, puis recommencez."],
        status=429,
        lien=("Recommencer", "/connexion"),
    )


def _recommencer(suite: str) -> str:
    return f"{CONNEXION}?next={quote(suite, safe='/')}"


def _sans_cache(reponse: Response) -> Response:
    reponse.status_code = 303
    reponse.headers.update(SANS_CACHE)
    return reponse


@lru_cache
def _debit() -> Debit:
    par_minute = settings().connexions_par_minute / settings().workers  # requests go to any process
    return Debit(par_minute / 60, max(1, par_minute))  # a reserve below one would refuse everybody
