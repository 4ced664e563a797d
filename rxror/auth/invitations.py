"""The link of an invitation, outside Reflex: its secret leaves the address at once, then one signs in and accepts."""

from functools import lru_cache
from html import escape

from itsdangerous import BadSignature, TimestampSigner
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from rxror import db
from rxror.auth import pages, sessions
from rxror.auth.debit import Debit
from rxror.auth.entetes import adresse_de, origine_admise
from rxror.auth.secret import secret
from rxror.journaux import ADRESSE
from rxror.ror.typographie import fr
from rxror.services import acceptation, identite, tracer
from rxror.services.acceptation import InvitationLue, InvitationRefusee
from rxror.services.acces import Acteur
from rxror.services.invitations import CHEMIN, empreinte
from rxror.settings import settings

VIE = 3600  # seconds to read, sign in and accept
PAR_MINUTE = 120  # requests of one address; a secret cannot be guessed, and nobody needs to try so often
CONNEXION = f"/auth/connexion?next={CHEMIN}"
SANS_CACHE = {"Cache-Control": "no-store"}
# For the address that holds the secret only: a form sent from a page under this policy has no Origin.
SECRETE = SANS_CACHE | {"Referrer-Policy": "no-referrer"}


def routes() -> list[Route]:
    """The routes, below `/auth`."""
    return [
        Route("/invitation/{jeton:path}", ouvrir, methods=["GET"]),
        Route("/invitation", montrer, methods=["GET"]),
        Route("/invitation", accepter, methods=["POST"]),
    ]


async def ouvrir(request: Request) -> Response:
    """Put the link's mark in a short signed cookie and go to an address that tells nothing.

    Any word does: what it is worth is said on the next page, and the same for all that are worth nothing.
    """
    if not _debit().accepte(adresse_de(request.scope)):
        return _trop()
    reponse = RedirectResponse(CHEMIN, 303, SECRETE)
    marque = empreinte(request.path_params["jeton"][:200])
    reponse.set_cookie(
        _cookie(),
        _signeur().sign(marque).decode(),
        max_age=VIE,
        path=CHEMIN,
        secure=settings().en_https,
        httponly=True,
        samesite="lax",
    )
    return reponse


async def montrer(request: Request) -> Response:
    """Who invites, to what, until when; and to the person who signed in, what they will receive."""
    if not _debit().accepte(adresse_de(request.scope)):
        return _trop()
    with db.lecture() as session:
        acteur = _acteur(session, request)
        try:
            lue = acceptation.lire(session, _marque(request), acteur)
        except InvitationRefusee as refus:
            refusee = refus
        else:
            return _page(lue, acteur)
    return _refuser(request, refusee, acteur)


async def accepter(request: Request) -> Response:
    """Take the right, then show it. Only from a page of ours, and signed in."""
    if not origine_admise(request.headers.get("origin", "")):
        return Response(status_code=403, headers=SANS_CACHE)
    adresse = adresse_de(request.scope)
    if not _debit().accepte(adresse):
        return _trop()
    ADRESSE.set(adresse)
    marque = _marque(request)
    try:
        db.rejouable(lambda session: _accepter(session, request, marque))
    except InvitationRefusee as refus:
        with db.lecture() as session:
            acteur = _acteur(session, request)
        return _refuser(request, refus, acteur)
    return RedirectResponse(CHEMIN, 303, SANS_CACHE)


def _accepter(session: Session, request: Request, marque: str) -> None:
    acteur = _acteur(session, request)
    if acteur is not None:  # without anybody, the page asks again to sign in
        acceptation.accepter(session, acteur, marque)


# --------------------------------------------------------------------------- the cookie


def _cookie() -> str:
    return "__Secure-rxror_invitation" if settings().en_https else "rxror_invitation"


def _signeur() -> TimestampSigner:
    return TimestampSigner(secret(), salt="rxror.invitation")


def _marque(request: Request) -> str:
    """SHA-256 of the link's secret, as the cookie keeps it; empty when there is none, or it is too old."""
    try:
        return _signeur().unsign(request.cookies.get(_cookie(), ""), max_age=VIE).decode()
    except BadSignature:
        return ""


def _acteur(session: Session, request: Request) -> Acteur | None:
    return identite.acteur_de(session, sessions.empreinte_de(request))


@lru_cache
def _debit() -> Debit:
    return Debit(PAR_MINUTE / 60, PAR_MINUTE)


# --------------------------------------------------------------------------- the pages


def _page(lue: InvitationLue, acteur: Acteur | None) -> Response:
    if lue.acceptee:
        titre, corps = "C’est fait", _acceptee(lue)
    elif acteur is None:
        titre, corps = "Une invitation pour vous", _invite(lue)
    else:
        titre, corps = "Vous allez recevoir un droit", _a_accepter(lue, acteur)
    return pages.page(titre, corps)


def _invite(lue: InvitationLue) -> str:
    return (
        f"{_quoi(lue)}"
        f"<p>{escape(fr(f'Identifiez-vous pour l’accepter. Cette invitation vaut jusqu’au {lue.expire}.'))}</p>\n"
        f'<p class="boutons"><a class="bouton" href="{escape(CONNEXION)}">M’identifier</a></p>'
    )


def _a_accepter(lue: InvitationLue, acteur: Acteur) -> str:
    gestes = "".join(f"<li>{escape(fr(geste))}</li>" for geste in lue.gestes)
    return (
        f"{_quoi(lue)}"
        f"<p>Vous pourrez\u00a0:</p>\n<ul class='puces'>{gestes}</ul>\n"
        f"<p>{escape(fr(f'Vous êtes identifié : {acteur.nom}. Le droit sera donné à cette identité.'))}</p>\n"
        f'<form method="post" action="{escape(CHEMIN)}"><p class="boutons">'
        '<button class="bouton" type="submit">Accepter</button>'
        '<a class="bouton bouton--second" href="/">Plus tard</a></p></form>\n'
        '<form method="post" action="/auth/deconnexion"><p class="petit second">Ce n’est pas vous\u00a0?</p>'
        '<p><button class="bouton bouton--second bouton--compact" type="submit">Se déconnecter</button></p></form>'
    )


def _acceptee(lue: InvitationLue) -> str:
    return (
        f"<p>{escape(fr(f'Vous avez le rôle « {lue.role} » : {lue.place}.'))} "
        f"{escape(fr(f'{lue.de} le verra dans la liste de ses invitations.'))}</p>\n"
        f'<p class="boutons"><a class="bouton" href="{escape(lue.url)}">Ouvrir</a>'
        '<a class="bouton bouton--second" href="/">Mes accès rapides</a></p>'
    )


def _quoi(lue: InvitationLue) -> str:
    faits = (("Par", lue.de), ("Rôle", lue.role), ("Où", lue.place), ("Jusqu’au", lue.fin or "sans date de fin"))
    lignes = "".join(f"<div><dt>{escape(nom)}</dt><dd>{escape(fr(valeur))}</dd></div>" for nom, valeur in faits)
    return f'<section class="fiche" aria-label="Ce qui vous est proposé"><dl class="faits">{lignes}</dl></section>\n'


def _refuser(request: Request, refus: InvitationRefusee, acteur: Acteur | None) -> Response:
    """The reason goes to the trace; the page is the same for all, but to the inviter who opens their own link."""
    objet = f"invitation:{refus.numero or ''}"
    with db.transaction() as session:
        if acteur is not None:
            tracer.refuser(session, acteur, f"{objet} {refus.motif}")
        else:
            sessions.tracer_refus(session, f"invitation_{refus.motif}", adresse_de(request.scope))
    if refus.motif == "soi":
        phrases = ["Cette invitation vient de vous. Elle est pour quelqu’un d’autre, qui la reçoit par courriel."]
        return pages.refus("Votre propre invitation", phrases, status=403, lien=("Mes accès rapides", "/"))
    return pages.refus(
        "Ce lien ne donne rien",
        [
            fr(
                "Une invitation sert une seule fois, pendant sept jours. Celle-ci n’est plus valable, ou l’adresse "
                "est incomplète : recopiez-la en entier depuis le courriel."
            ),
            fr(
                "Sinon, demandez une nouvelle invitation au référent ROR de votre établissement, "
                "ou identifiez-vous et demandez un accès."
            ),
        ],
        status=404,
        lien=("M’identifier", "/connexion"),
    )


def _trop() -> Response:
    return pages.refus(
        "Trop de tentatives",
        ["Trop de demandes viennent de votre adresse. Attendez une minute, puis recommencez."],
        status=429,
        lien=("Mes accès rapides", "/"),
    )
