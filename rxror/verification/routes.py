"""The public routes of the verification: type a code, read what was attested, compare a file with it."""

from collections.abc import Awaitable, Callable
from functools import lru_cache

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from rxror import db
from rxror.auth.debit import Debit
from rxror.auth.entetes import adresse_de
from rxror.ror import parcours
from rxror.services import verification
from rxror.services.attestation import lire_code
from rxror.services.verification import Verifiable
from rxror.verification import vues

ENTETES = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow"}
PAR_SECONDE, RESERVE = 1, 60  # of one address
INCONNUS_PAR_SECONDE, INCONNUS = 0.1, 20  # codes that are nobody's: who guesses is stopped early
CHAMP_MAX = 1_000


def routes() -> list[Route]:
    """The routes, to be mounted beside those of the sign-in."""
    return [
        Route(parcours.VERIFIER, accueil, methods=["GET"]),
        Route(f"{parcours.VERIFIER}/{{code}}", attestation, methods=["GET"]),
        Route(f"{parcours.VERIFIER}/{{code}}", comparer, methods=["POST"]),
    ]


async def accueil(request: Request) -> Response:
    """Where one types the code of an attestation."""
    return await _repondre(request, _accueil)


async def attestation(request: Request) -> Response:
    """What was attested."""
    return await _repondre(request, _attestation)


async def comparer(request: Request) -> Response:
    """« Conforme » or « non conforme », for a file or for its digest."""
    return await _repondre(request, _comparer)


async def _repondre(request: Request, faire: Callable[[Request], Awaitable[Response]]) -> Response:
    adresse = adresse_de(request.scope)
    reponse = await faire(request) if _debit().accepte(adresse) else vues.trop()
    if reponse.status_code == 404 and not _debit_des_inconnus().accepte(adresse):
        reponse = vues.trop()
    reponse.headers.update(ENTETES)
    return reponse


async def _accueil(request: Request) -> Response:
    donne = request.query_params.get("code", "")
    if not donne:
        return vues.accueil()
    code = lire_code(donne)
    return RedirectResponse(parcours.url_verification(code), 303) if code else vues.inconnue(404)


async def _attestation(request: Request) -> Response:
    trouvee = await _trouver(request)
    return vues.attestation(trouvee) if trouvee else vues.inconnue(404)


async def _comparer(request: Request) -> Response:
    trouvee = await _trouver(request)
    if trouvee is None:
        return vues.inconnue(404)
    try:
        async with request.form(max_files=1, max_fields=2, max_part_size=CHAMP_MAX) as recu:
            fichier, empreinte = recu.get("fichier"), recu.get("empreinte")
            octets = await fichier.read() if isinstance(fichier, UploadFile) else b""
    except (HTTPException, MultiPartException, ClientDisconnect):
        return vues.attestation(trouvee, vues.ILLISIBLE, status=400)
    if octets:
        return vues.attestation(trouvee, vues.CONFORME if trouvee.est_conforme(octets) else vues.NON_CONFORME)
    if isinstance(empreinte, str) and empreinte.strip():
        return vues.attestation(trouvee, _de_l_empreinte(trouvee, empreinte))
    return vues.attestation(trouvee, vues.RIEN)


def _de_l_empreinte(trouvee: Verifiable, empreinte: str) -> vues.Resultat:
    if not verification.lire_empreinte(empreinte):
        return vues.PAS_UNE_EMPREINTE
    return vues.EMPREINTE_CONFORME if trouvee.reconnait(empreinte) else vues.EMPREINTE_NON_CONFORME


async def _trouver(request: Request) -> Verifiable | None:
    def lire() -> Verifiable | None:
        with db.lecture() as session:
            return verification.trouver(session, request.path_params["code"])

    return await run_in_threadpool(lire)


@lru_cache
def _debit() -> Debit:
    return Debit(PAR_SECONDE, RESERVE)


@lru_cache
def _debit_des_inconnus() -> Debit:
    return Debit(INCONNUS_PAR_SECONDE, INCONNUS)
