"""What an open page asks every few seconds: how long the session still lives, and who else is on the same object.

It is not activity: asking never keeps a session alive. « Rester connecté » is, and says so.
"""

import logging
from functools import lru_cache
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError
from sqlalchemy.exc import OperationalError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from rxror import db
from rxror.auth import sessions
from rxror.auth.debit import Debit
from rxror.auth.entetes import origine_admise
from rxror.services import identite, presence

log = logging.getLogger("rxror.veille")

SANS_CACHE = {"Cache-Control": "no-store"}
CORPS_MAX = 2_000  # bytes
PAR_SECONDE, RESERVE = 3, 30  # calls of one session: a dozen tabs, and some haste
FINIE = {"session": "finie"}
PRESQUE = 120  # seconds before the end at which a page warns; the same figure as in assets/veille.js


class Appel(BaseModel):
    """What a page says.

    Attributes:
        onglet: the name the tab gave itself when it was loaded.
        chemin: its address.
        geste: "rester" marks the session as active, "quitter" says that the page is left.
    """

    model_config = ConfigDict(extra="forbid")

    onglet: UUID
    chemin: Annotated[str, StringConstraints(max_length=300)]
    geste: Annotated[str, StringConstraints(pattern="^(rester|quitter)?$")] = ""


async def veille(request: Request) -> Response:
    """Answer a page of ours; 200 even when the session is over, which is no error."""
    if not origine_admise(request.headers.get("origin", "")):
        return Response(status_code=403, headers=SANS_CACHE)
    empreinte = sessions.empreinte_de(request)
    if not empreinte:
        return JSONResponse(FINIE, headers=SANS_CACHE)
    if not _debit().accepte(empreinte):
        return Response(status_code=429, headers=SANS_CACHE)
    try:
        appel = Appel.model_validate_json(await _corps(request))
    except ValidationError:
        return Response(status_code=400, headers=SANS_CACHE)
    return JSONResponse(await run_in_threadpool(_repondre, empreinte, appel), headers=SANS_CACHE)


async def _corps(request: Request) -> bytes:
    """The body, cut where it is too long: it is then no JSON."""
    corps = b""
    async for morceau in request.stream():
        corps += morceau
        if len(corps) > CORPS_MAX:
            return b""
    return corps


def _repondre(empreinte: str, appel: Appel) -> dict[str, Any]:
    if appel.geste == "rester":
        _rester(empreinte)
    with db.lecture() as session:
        qui = identite.presence(session, empreinte)
        if qui.acteur is None:
            return FINIE
        ici = presence.Ici(qui.acteur, str(appel.onglet))
        if appel.geste != "quitter":
            ici = presence.situer(session, qui.acteur, str(appel.onglet), appel.chemin)
        autour = presence.regarder(session, ici)
    if autour.a_ecrire:
        _noter(ici)
    return {
        "session": "ouverte",
        "reste": int(qui.reste.total_seconds()),
        "prolongeable": qui.au_plus.total_seconds() > PRESQUE,
        "presence": autour.phrase,
        "edite": bool(ici.geste),
        "dans": round(autour.dans, 1),
    }


def _rester(empreinte: str) -> None:
    """Mark a session that still lives as active, as a click would."""
    with db.transaction() as session:
        if identite.acteur_de(session, empreinte) is not None:
            identite.marquer(session, empreinte)


def _noter(ici: presence.Ici) -> None:
    """Write where the tab is; when the database is busy, the next call will."""
    try:
        with db.transaction() as session:
            presence.noter(session, ici)
    except OperationalError:
        log.info("présence non écrite : base occupée")


@lru_cache
def _debit() -> Debit:
    return Debit(PAR_SECONDE, RESERVE)
