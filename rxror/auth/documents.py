"""PDF and JSON taken away by plain HTTP behind the session: printable sheets, attestations."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from rxror import db
from rxror.auth.debit import Debit
from rxror.auth.entetes import adresse_de
from rxror.auth.exports import SANS_CACHE, qui, refus_de_fichier, rien_ici
from rxror.imprimes.composer import composer
from rxror.journaux import ADRESSE
from rxror.ror import parcours
from rxror.ror.erreurs import AccesRefuse, ImpressionImpossible, PresseOccupee
from rxror.services import attestation, impression
from rxror.services.acces import Acteur, Cible
from rxror.services.tracer import refuser

log = logging.getLogger("rxror.auth")

PDF, JSON = "application/pdf", "application/json"
PAR_SECONDE, RESERVE = 0.5, 30  # documents drawn for one session
OCCUPEE = "D’autres documents sont en cours de préparation. Réessayez dans quelques secondes."
IMPOSSIBLE = "Ce document n’a pas pu être préparé maintenant. Attendez une minute, puis recommencez."


@dataclass(frozen=True)
class Fiche:
    """What a sheet says, read from the database and not drawn yet."""

    donnees: Mapping[str, Any]
    nom: str


Faire = Callable[[Acteur], Response | Fiche]


def routes() -> list[Route]:
    """Files that one opens from a page of ours; nothing is changed by them."""
    return [
        Route(f"{parcours.EXPORT_ATTESTATION}/{{code}}.pdf", d_une_attestation, methods=["GET"]),
        Route(f"{parcours.EXPORT_ATTESTATION}/{{code}}.json", d_une_attestation, methods=["GET"]),
        Route(f"{parcours.EXPORT_FICHE}/offre/{{region}}/{{numero}}.pdf", de_l_offre, methods=["GET"]),
        Route(f"{parcours.EXPORT_FICHE}/etablissement/{{finess}}.pdf", de_l_etablissement, methods=["GET"]),
    ]


async def d_une_attestation(request: Request) -> Response:
    """The PDF or the JSON of an attestation, byte for byte as they were established."""
    return await _repondre(request, lambda acteur: _attestation(acteur, request))


async def de_l_offre(request: Request) -> Response:
    """The printable sheet of an offer."""
    identifiant = f"{request.path_params['region']}/{request.path_params['numero']}"
    return await _repondre(request, lambda acteur: _fiche(acteur, Cible("offre", identifiant)))


async def de_l_etablissement(request: Request) -> Response:
    """The printable sheet of an établissement."""
    return await _repondre(
        request, lambda acteur: _fiche(acteur, Cible("etablissement", request.path_params["finess"]))
    )


async def _repondre(request: Request, faire: Faire) -> Response:
    """The edge of every route: who asks, how often, and one page for each refusal."""
    refus, acteur = await qui(request, _debit())
    if acteur is None:
        return refus
    lu = await run_in_threadpool(_faire, acteur, faire, adresse_de(request.scope))
    return await _dessiner(lu) if isinstance(lu, Fiche) else lu


async def _dessiner(fiche: Fiche) -> Response:
    try:
        pdf = await composer("fiche", fiche.donnees, datetime.now(UTC))
    except ImpressionImpossible as raison:
        log.warning("document impossible : %s", raison)
        phrase = OCCUPEE if isinstance(raison, PresseOccupee) else IMPOSSIBLE
        return refus_de_fichier("Pas de document pour l’instant", phrase, 503)
    return _fichier(pdf, PDF, fiche.nom)


def _faire(acteur: Acteur, faire: Faire, adresse: str) -> Response | Fiche:
    ADRESSE.set(adresse)
    try:
        return faire(acteur)
    except AccesRefuse as refuse:
        objet = refuse.objet
        db.rejouable(lambda session: refuser(session, acteur, objet))
        return rien_ici()


def _attestation(acteur: Acteur, request: Request) -> Response:
    with db.lecture() as session:
        trouvee = attestation.document(session, acteur, request.path_params["code"])
    nom = f"attestation-{trouvee.finess}-{trouvee.code}"
    if request.url.path.endswith(".json"):
        return _fichier(trouvee.contenu.encode(), JSON, f"{nom}.json")
    return _fichier(trouvee.pdf, PDF, f"{nom}.pdf")


def _fiche(acteur: Acteur, cible: Cible) -> Fiche:
    lire = impression.offre if cible.genre == "offre" else impression.etablissement
    with db.lecture() as session:
        return Fiche(lire(session, acteur, cible), f"fiche-{cible.identifiant.replace('/', '-')}.pdf")


def _fichier(octets: bytes, genre: str, nom: str) -> Response:
    """A file of ours: identifiers in its name are those of objects found in the database."""
    entetes = SANS_CACHE | {"Content-Disposition": f'attachment; filename="{nom}"'}
    return Response(octets, media_type=genre, headers=entetes)


@lru_cache
def _debit() -> Debit:
    return Debit(PAR_SECONDE, RESERVE)
