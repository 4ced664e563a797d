"""The routes of a personal link: a threshold that a mail scanner may look at, then the form, then the receipt.

The secret is in an address once, at the threshold: it is exchanged for a signed cookie of this browser, and the rest
happens at an address that says nothing.
"""

import hashlib
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from itsdangerous import BadSignature, URLSafeSerializer
from sqlmodel import Session, select
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from rxror import db
from rxror.auth import liens
from rxror.auth.debit import Debit
from rxror.auth.entetes import adresse_de, origine_admise
from rxror.auth.secret import secret
from rxror.auth.sessions import empreinte
from rxror.confie import vues
from rxror.confie.formulaire import FAIRE
from rxror.ror.erreurs import LienRefuse
from rxror.ror.parcours import CONFIE
from rxror.services import lien_confie, propositions_recues
from rxror.services.confier import JOURS_MAXIMUM
from rxror.services.lien_confie import ENVOYER, MOT, Envoi
from rxror.settings import settings
from rxror.tables import LienConfie, Proposition, Utilisateur

log = logging.getLogger("rxror.confie")
T = TypeVar("T")

RECU = f"{CONFIE}/recu"
CORPS_MAX = 200_000
CHAMPS_MAX = 2_000
CHEMIN_MAX = 200
SANS_CACHE = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow"}
REFUS_A_LA_SUITE = 120  # each leaves a line of trace; then one a second
TROP = "Trop de demandes viennent de votre adresse. Attendez une minute."


@dataclass(frozen=True)
class Navigateur:
    """What the cookie says: the mark of this browser, and the link that it opened last."""

    marque: str = ""
    lien: int = 0

    @property
    def empreinte(self) -> str:
        """What the database keeps of the mark; empty for a browser that has opened nothing."""
        return hashlib.sha256(self.marque.encode()).hexdigest() if self.marque else ""


def routes() -> list[Route]:
    """The routes, to be mounted beside those of the sign-in."""
    return [
        Route(CONFIE, formulaire, methods=["GET"]),
        Route(CONFIE, envoyer, methods=["POST"]),
        Route(RECU, recu, methods=["GET"]),
        Route(f"{CONFIE}/{{secret}}", seuil, methods=["GET"]),
        Route(f"{CONFIE}/{{secret}}", ouvrir, methods=["POST"]),
    ]


async def seuil(request: Request) -> Response:
    """Say what the link is, and bind nothing: programs that look at mails come here too."""
    return await _repondre(request, lambda: _seuil(request))


async def ouvrir(request: Request) -> Response:
    """Give the link to this browser, then leave the address that holds its secret."""
    return await _repondre(request, lambda: _ouvrir(request), poste=True)


async def formulaire(request: Request) -> Response:
    """The form of the link that this browser opened last."""
    return await _repondre(request, lambda: _formulaire(request))


async def envoyer(request: Request) -> Response:
    """Receive the answers: draw the form again, or keep the proposal."""
    try:
        corps = await _corps(request)
    except ClientDisconnect:
        return Response(status_code=400, headers=SANS_CACHE)
    if corps is None:
        return _sans_cache(vues.trop(413, "Cet envoi est trop gros. Revenez à la page précédente et raccourcissez."))
    return await _repondre(request, lambda: _envoyer(request, corps), poste=True)


async def recu(request: Request) -> Response:
    """What was sent, for the browser that sent it."""
    return await _repondre(request, lambda: _recu(request))


async def _repondre(request: Request, faire: Callable[[], Response], *, poste: bool = False) -> Response:
    """The edge of every route: how often, from where, and one page for every refusal."""
    adresse = adresse_de(request.scope)
    if not _debit().accepte(adresse):
        return _sans_cache(vues.trop(429, TROP))
    try:
        if poste and not origine_admise(request.headers.get("origin", "")):
            raise LienRefuse("origine")
        reponse = await run_in_threadpool(faire)
    except LienRefuse as raison:
        if not _debit_des_refus().accepte(adresse):
            return _sans_cache(vues.trop(429, TROP))
        reponse = await run_in_threadpool(_refuser, raison, adresse)
    return _sans_cache(reponse)


def _refuser(raison: LienRefuse, adresse: str) -> Response:
    log.warning("lien confié refusé : %s", raison.motif)
    db.rejouable(lambda session: lien_confie.tracer_refus(session, raison, adresse))
    return vues.refus()


def _sans_cache(reponse: Response) -> Response:
    reponse.headers.update(SANS_CACHE)
    return reponse


# ------------------------------------------------------------------------------ each of them


def _seuil(request: Request) -> Response:
    navigateur, donne = _navigateur(request), _secret(request)
    with db.lecture() as session:
        lien = lien_confie.par_secret(session, empreinte(donne))
        if lien.navigateur and lien.navigateur != navigateur.empreinte:
            raise LienRefuse("navigateur", lien.id)
        if not lien.repondu:
            return vues.seuil(lien_confie.ouvrir(session, lien), donne)
        return _vers(RECU, navigateur.marque, lien.id or 0)


def _ouvrir(request: Request) -> Response:
    donne = _secret(request)
    marque = _navigateur(request).marque or secrets.token_urlsafe(32)

    def faire(session: Session) -> int:
        lien = lien_confie.par_secret(session, empreinte(donne))
        lien_confie.lier(session, lien, Navigateur(marque).empreinte)
        return lien.id or 0

    return _vers(CONFIE, marque, db.rejouable(faire))


def _formulaire(request: Request) -> Response:
    navigateur = _navigateur(request)
    with db.lecture() as session:
        lien = lien_confie.par_numero(session, navigateur.lien, navigateur.empreinte)
        if lien.repondu:
            return RedirectResponse(RECU, 303)
        forme = lien_confie.montrer(lien_confie.ouvrir(session, lien))
        return vues.formulaire(forme, _sceller(lien, forme.vues))


def _envoyer(request: Request, corps: dict[str, str]) -> Response:
    navigateur = _navigateur(request)
    numero, vu = _descelle(corps.pop(vues.VU, ""))
    faire, _, ou = corps.pop(FAIRE, ENVOYER).partition(":")
    envoi = Envoi(
        vues=vu,
        faire=faire,
        ou=ou,
        montres=frozenset(corps.pop(vues.MONTRES, "").split()),
        mot=corps.pop(MOT, ""),
        saisie=corps,
    )

    def recevoir(session: Session) -> Response:
        lien = lien_confie.par_numero(session, numero, navigateur.empreinte)
        forme = lien_confie.recevoir(session, lien_confie.ouvrir(session, lien), envoi)
        return vues.formulaire(forme, _sceller(lien, vu)) if forme else _vers(RECU, navigateur.marque, numero)

    try:
        return db.rejouable(recevoir)
    except LienRefuse as raison:
        if raison.motif != "repondu":
            raise
        _refuser(raison, adresse_de(request.scope))  # a second tap: what the first one sent is told
        return _vers(RECU, navigateur.marque, numero)


def _recu(request: Request) -> Response:
    navigateur = _navigateur(request)
    with db.lecture() as session:
        lien = lien_confie.par_numero(session, navigateur.lien, navigateur.empreinte)
        proposition = session.exec(select(Proposition).where(Proposition.lien_id == lien.id)).first()
        if proposition is None:
            return RedirectResponse(CONFIE, 303)
        donneur = session.get_one(Utilisateur, lien.utilisateur_id).nom_complet
        lignes = propositions_recues.resume(session, proposition)
        return vues.recu(lien, donneur, propositions_recues.nom_de_l_objet(session, lien.objet), proposition, lignes)


# ------------------------------------------------------------------------------ what comes and goes


def _secret(request: Request) -> str:
    donne = request.path_params["secret"]
    if not liens.FORME.fullmatch(donne):
        raise LienRefuse("inconnu")
    return donne


async def _corps(request: Request) -> dict[str, str] | None:
    """The fields of a form, the first of each name; None when it is too big."""
    recu = bytearray()
    async for morceau in request.stream():
        recu += morceau
        if len(recu) > CORPS_MAX:
            return None
    try:
        paires = parse_qsl(recu.decode("latin-1"), keep_blank_values=True, max_num_fields=CHAMPS_MAX)
    except ValueError:
        return None
    if any(len(nom) > CHEMIN_MAX for nom, _ in paires):
        return None
    champs: dict[str, str] = {}
    for nom, texte in paires:
        champs.setdefault(nom, texte)  # in their order, which is that of the rows
    return champs


def _navigateur(request: Request) -> Navigateur:
    """What the cookie says; one that was touched says nothing."""
    try:
        lu = _sceau("navigateur").loads(request.cookies.get(_nom_cookie(), ""))
        return Navigateur(str(lu["n"]), int(lu["l"]))
    except (BadSignature, KeyError, TypeError, ValueError):
        return Navigateur()


def _vers(adresse: str, marque: str, numero: int) -> Response:
    reponse = RedirectResponse(adresse, 303)
    reponse.set_cookie(
        _nom_cookie(),
        str(_sceau("navigateur").dumps({"n": marque, "l": numero})),
        max_age=JOURS_MAXIMUM * 86_400,
        path=CONFIE,
        secure=settings().en_https,
        httponly=True,
        samesite="lax",
    )
    return reponse


def _nom_cookie() -> str:
    return "__Secure-rxror_confie" if settings().en_https else "rxror_confie"


def _sceller(lien: LienConfie, vu: lien_confie.Vues) -> str:
    return str(_sceau("vu").dumps({"l": lien.id, "v": vu}))


def _descelle(texte: str) -> tuple[int, lien_confie.Vues]:
    """The link and what was shown of it, as this service signed them."""
    try:
        lu: Any = _sceau("vu").loads(texte)
    except BadSignature:
        raise LienRefuse("altere") from None
    return lu["l"], lu["v"]


def _sceau(quoi: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret(), salt=f"rxror confie {quoi}", signer_kwargs={"digest_method": hashlib.sha256})


@lru_cache
def _debit() -> Debit:
    par_minute = settings().connexions_par_minute / settings().workers
    return Debit(par_minute / 60, max(1, par_minute))


@lru_cache
def _debit_des_refus() -> Debit:
    return Debit(1, REFUS_A_LA_SUITE)
