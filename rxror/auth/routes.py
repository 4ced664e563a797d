"""The routes of the sign-in, outside Reflex: leave for the provider, come back, sign out."""

import logging
from functools import lru_cache
from html import escape
from urllib.parse import parse_qs, quote, urlsplit

from authlib.common.errors import AuthlibBaseError
from joserfc.errors import JoseError
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route

from rxror import db, sante
from rxror.auth import documents, exports, fournisseurs, invitations, oidc, pages, sessions
from rxror.auth.appareil import appareil
from rxror.auth.chemins import suite_sure
from rxror.auth.debit import Debit
from rxror.auth.entetes import adresse_de, formulaires, origine_admise
from rxror.auth.fournisseurs import PREMIER, Fournisseur
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
REFUS = (oidc.ConnexionRefusee, AuthlibBaseError, JoseError, ValueError, KeyError, TypeError, RuntimeError)


def application(*autres: Route) -> Starlette:
    """The Starlette application under which Reflex is mounted.

    Args:
        autres: routes outside the sign-in, with the same page for breakdowns.
    """
    fournisseurs.verifier()
    routes: list[Mount | Route] = [
        Mount(
            "/auth",
            routes=[
                Route("/connexion", connexion, methods=["GET"]),
                Route("/connexion/{cle}", connexion, methods=["GET"]),
                Route("/callback", callback, methods=["GET"]),
                Route("/callback/{cle}", callback, methods=["GET"]),
                Route("/deconnexion", deconnexion, methods=["POST"]),
                Route("/veille", veille, methods=["POST"]),
                *invitations.routes(),
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
        *exports.routes(),
        *documents.routes(),
    ]
    if fournisseurs.en_demonstration():
        from rxror.auth import demonstration  # loaded in demonstration only

        routes.append(Mount(fournisseurs.CHEMIN_DEMONSTRATION, app=demonstration.application()))
    return Starlette(routes=[*routes, *autres], exception_handlers={404: absente, 405: absente, Exception: panne})


async def absente(_: Request, exception: Exception) -> Response:
    """No such address below ours, or not for that method."""
    return pages.refus(
        "Cette page n’existe pas",
        ["L’adresse est peut-être incomplète, ou ce lien est ancien. Rien n’a été fait."],
        status=getattr(exception, "status_code", 404),
        lien=("Mes accès rapides", "/"),
    )


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
    """Leave for a provider; `next` says where to come back, or else the `next` of the sign-in page one comes from."""
    if not _debit().accepte(adresse_de(request.scope)):
        return _trop()
    if _autre_nom(request):
        return RedirectResponse(f"{settings().url}{request.url.path}?{request.url.query}", 303, SANS_CACHE)
    suite = suite_sure(request.query_params.get("next") or _suite_de_la_page(request))
    tous = fournisseurs.fournisseurs()
    if "cle" not in request.path_params and len(tous) > 1:
        return _choix(suite)
    un = fournisseurs.fournisseur(request.path_params.get("cle", PREMIER))
    if un is None:
        return _inconnu(suite) if tous else _injoignable(suite)
    request.session[SUITE] = suite
    try:
        reponse = await oidc.partir(request, un)
    except (*oidc.PANNES, *REFUS) as erreur:
        log.error("%s injoignable ou mal réglé : %s", un.issuer, _motif(erreur))
        return _injoignable(suite)
    return _sans_cache(reponse)


async def callback(request: Request) -> Response:
    """Come back from a provider: check everything, then open a session."""
    adresse = adresse_de(request.scope)
    if not _debit().accepte(adresse):
        return _trop()
    suite = suite_sure(request.session.get(SUITE))
    un = fournisseurs.fournisseur(request.path_params.get("cle", PREMIER))
    if un is None or str(request.url.path) != urlsplit(un.retour).path:
        return _refusee("fournisseur", adresse, suite, "")
    try:
        identite = await oidc.identifier(request, un)
    except oidc.PANNES as erreur:
        log.error("%s injoignable : %s", un.issuer, _motif(erreur))
        return _injoignable(suite)
    except REFUS as erreur:
        return _refusee(_motif(erreur), adresse, suite, fournisseurs.iss_conserve(un.issuer))
    with db.transaction() as session:
        nouveau = sessions.ouvrir(
            session,
            iss=fournisseurs.iss_conserve(identite.iss),
            sub=identite.sub,
            prenom=identite.prenom,
            nom=identite.nom,
            id_token=identite.id_token,
            adresse=adresse,
            appareil=appareil(request.headers.get("user-agent", "")),
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
        fermee = sessions.fermer(session, sessions.empreinte_de(request), adresse=adresse_de(request.scope))
    un = fournisseurs.fournisseur_de(fermee.iss)
    suite = await _fin_chez(un, fermee.id_token) if un and fermee.id_token else ""
    if un and suite and _origine(suite) not in (settings().url, *formulaires()):
        reponse = _sorti(un, suite)  # the policy of the page that sent the form would stop a redirection
    else:
        reponse = RedirectResponse(suite or "/connexion", 303, SANS_CACHE)
    reponse.headers["Clear-Site-Data"] = '"storage"'
    sessions.oter(reponse)
    return reponse


async def _fin_chez(un: Fournisseur, id_token: str) -> str:
    try:
        return await oidc.adresse_deconnexion(un, id_token, f"{settings().url}/connexion")
    except (*oidc.PANNES, *REFUS) as erreur:
        log.warning("déconnexion chez %s impossible : %s", un.issuer, _motif(erreur))
        return ""


def _origine(adresse: str) -> str:
    morceaux = urlsplit(adresse)
    return f"{morceaux.scheme}://{morceaux.netloc}"


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


def _refusee(motif: str, adresse: str, suite: str, iss: str) -> Response:
    log.warning("connexion refusée : %s", motif)
    with db.transaction() as session:
        sessions.tracer_refus(session, motif, adresse, iss=iss)
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


def _choix(suite: str) -> Response:
    """Two providers: the person says which one knows them."""
    boutons = "\n".join(
        f'<p class="boutons"><a class="bouton" href="{escape(_vers(un, suite))}">'
        f"M’identifier avec {escape(un.nom)}</a></p>"
        for un in fournisseurs.fournisseurs()
    )
    return pages.page(
        "Avec quelle identité\u00a0?",
        f"<p>Choisissez toujours la même\u00a0: vos droits sont attachés à l’identité avec laquelle ils ont été donnés."
        f"</p>\n{boutons}",
    )


def _inconnu(suite: str) -> Response:
    return pages.refus(
        "Ce moyen d’identification n’existe pas",
        ["L’adresse est incomplète ou ancienne."],
        status=404,
        lien=("Recommencer", _recommencer(suite)),
    )


def _sorti(un: Fournisseur, suite: str) -> Response:
    return pages.refus(
        "Vous êtes déconnecté de rxror",
        [f"Votre identité reste ouverte chez {un.nom}. Fermez-la aussi si d’autres se servent de cet appareil."],
        status=200,
        lien=(f"Me déconnecter de {un.nom}", suite),
    )


def _trop() -> Response:
    return pages.refus(
        "Trop de tentatives",
        ["Trop de connexions viennent de votre adresse. Attendez une minute, puis recommencez."],
        status=429,
        lien=("Recommencer", "/connexion"),
    )


def _vers(un: Fournisseur, suite: str) -> str:
    return f"{CONNEXION}/{un.cle}?next={quote(suite, safe='/')}"


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
