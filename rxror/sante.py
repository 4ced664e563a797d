"""What a load balancer asks: does the process answer, and can it serve."""

import logging
from functools import lru_cache
from time import monotonic

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from rxror import db, schema, valkey

log = logging.getLogger("rxror.sante")

SANTE, PRET = "/sante", "/pret"
SANS_CACHE = {"Cache-Control": "no-store"}
BASE, MIGRATIONS, ONGLETS = "base de données", "migrations", "état des onglets"


def routes() -> list[Route]:
    """The two addresses; anybody may ask them, so that they tell nothing else."""
    return [Route(SANTE, sante, methods=["GET"]), Route(PRET, pret, methods=["GET"])]


async def sante(_: Request) -> Response:
    """200: the process answers."""
    return JSONResponse({"etat": "en marche"}, headers=SANS_CACHE)


def pret(_: Request) -> Response:
    """200: it can serve. 503: it cannot, and for want of what."""
    manque = _manque(int(monotonic()))
    if not manque:
        return JSONResponse({"etat": "prêt"}, headers=SANS_CACHE)
    return JSONResponse({"etat": "pas prêt", "manque": manque}, 503, SANS_CACHE)


@lru_cache(maxsize=1)
def _manque(_seconde: int) -> str:
    """The part that is missing, or ""; looked at once a second at most, however often it is asked."""
    manque = _manque_a_la_base() or ("" if valkey.repond() else ONGLETS)
    if manque:
        log.warning("pas prêt : %s", manque)
    return manque


def _manque_a_la_base() -> str:
    try:
        with db.engine(db.Usage.LECTURE).connect() as connexion:
            return "" if schema.a_jour(connexion) else MIGRATIONS
    except (SQLAlchemyError, OSError):
        return BASE
