"""Files taken away by plain HTTP behind the session: the journal of an établissement, what is kept of oneself."""

import csv
import io
import json
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from urllib.parse import parse_qsl

from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from rxror import db
from rxror.auth import pages, sessions
from rxror.auth.debit import Debit
from rxror.auth.entetes import adresse_de, origine_admise
from rxror.journaux import ADRESSE
from rxror.ror import parcours
from rxror.ror.dates import aujourd_hui
from rxror.ror.erreurs import AccesRefuse
from rxror.ror.objets import EntiteGeographique
from rxror.services import identite, journal, mes_donnees
from rxror.services.acces import Acteur, Cible
from rxror.services.tracer import refuser

SANS_CACHE = {"Cache-Control": "no-store"}
FORMULES = "=+-@\t\r\n"  # a cell that starts so would be computed
CHAMPS_MAX = 20
PAR_SECONDE, RESERVE = 0.1, 6  # files of one session
MARQUE = "\ufeff"  # French Excel reads UTF-8 only with it


def routes() -> list[Route]:
    """Each is a POST of a page of ours: taking data away leaves a line."""
    return [
        Route(parcours.EXPORT_JOURNAL, du_journal, methods=["POST"]),
        Route(parcours.EXPORT_DONNEES, de_mes_donnees, methods=["POST"]),
    ]


async def du_journal(request: Request) -> Response:
    """The journal that the form asks for, as CSV for a French spreadsheet."""
    refus, acteur = await qui(request)
    if acteur is None:
        return refus
    try:
        recus = dict(parse_qsl((await request.body()).decode(), max_num_fields=CHAMPS_MAX))
    except ValueError:  # too many fields, or no text
        return _perimee()
    return await run_in_threadpool(_du_journal, acteur, recus, adresse_de(request.scope))


def _du_journal(acteur: Acteur, recus: dict[str, str], adresse: str) -> Response:
    ADRESSE.set(adresse)
    cible = Cible(EntiteGeographique.GENRE, recus.pop("finess", ""))
    try:
        vue = journal.Vue.model_validate(recus)
        with db.transaction() as session:
            eg = journal.preparer_l_export(session, acteur, cible, vue)
    except ValidationError:
        return _perimee()
    except journal.TropDeLignes:
        return refus_de_fichier(
            "Le journal est trop long pour un fichier", "Choisissez des dates, puis recommencez.", 400, cible
        )
    except AccesRefuse as refuse:
        with db.transaction() as session:
            refuser(session, acteur, refuse.objet)
        return refus_de_fichier(
            "Rien à cette adresse", "Cette page n’existe pas, ou elle ne vous est pas confiée.", 404
        )
    nom = f"journal-{eg.num_finess}-{aujourd_hui().isoformat()}.csv"
    entetes = SANS_CACHE | {"Content-Disposition": f'attachment; filename="{nom}"'}
    return StreamingResponse(_csv(eg, vue), media_type="text/csv; charset=utf-8", headers=entetes)


async def de_mes_donnees(request: Request) -> Response:
    """All that is kept about the person who asks, as JSON."""
    refus, acteur = await qui(request)
    if acteur is None:
        return refus
    nom = f"mes-donnees-{aujourd_hui().isoformat()}.json"
    entetes = SANS_CACHE | {"Content-Disposition": f'attachment; filename="{nom}"'}
    return StreamingResponse(_json(acteur), media_type="application/json", headers=entetes)


def _json(acteur: Acteur) -> Iterator[str]:
    """One object, {table: [rows]}, written row by row."""
    with db.lecture() as session:
        debut = "{"
        for table, lignes in mes_donnees.exporter(session, acteur):
            yield f"{debut}\n{json.dumps(table)}: ["
            debut = "],"
            for rang, ligne in enumerate(lignes):
                yield f"{',' if rang else ''}\n{json.dumps(ligne, ensure_ascii=False)}"
        yield "]\n}\n"


def _csv(eg: EntiteGeographique, vue: journal.Vue) -> Iterator[str]:
    with db.lecture() as session:
        yield MARQUE
        for rang in journal.exporter(session, eg, vue):
            yield ligne_csv(rang)


def ligne_csv(cellules: Iterable[str]) -> str:
    """One line of a file for a French spreadsheet: `;` between, every cell quoted, no cell that computes."""
    tampon = io.StringIO()
    csv.writer(tampon, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow(map(inerte, cellules))
    return tampon.getvalue()


def inerte(texte: str) -> str:
    """The text as a spreadsheet shows it: one that would be a formula starts with an apostrophe."""
    debut = unicodedata.normalize("NFKC", texte.lstrip(" "))[:1]  # also the wide signs of East Asian keyboards
    return f"'{texte}" if debut and debut in FORMULES else texte


async def qui(request: Request, debit: Debit | None = None) -> tuple[Response, Acteur | None]:
    """Who asks, or what to answer instead. A POST comes from a page of ours."""
    if request.method == "POST" and not origine_admise(request.headers.get("origin", "")):
        return Response(status_code=403, headers=SANS_CACHE), None
    empreinte = sessions.empreinte_de(request)
    acteur = await run_in_threadpool(_acteur, empreinte) if empreinte else None
    if acteur is None:
        return RedirectResponse(parcours.url_connexion(), 303, SANS_CACHE), None
    if not (debit or _debit()).accepte(empreinte):
        return refus_de_fichier("Trop de fichiers en peu de temps", "Attendez une minute, puis recommencez.", 429), None
    return Response(), acteur


def _acteur(empreinte: str) -> Acteur | None:
    with db.lecture() as session:
        return identite.acteur_de(session, empreinte)


def _perimee() -> Response:
    return refus_de_fichier("Cette demande n’est plus à jour", "Rechargez la page, puis recommencez.", 400)


def rien_ici() -> Response:
    """The same answer for what does not exist and for what one may not read."""
    return refus_de_fichier("Rien à cette adresse", "Cette page n’existe pas, ou elle ne vous est pas confiée.", 404)


def refus_de_fichier(titre: str, phrase: str, status: int, cible: Cible | None = None) -> Response:
    """A page that says why there is no file."""
    lien = ("Revenir au journal", parcours.url_journal(cible.identifiant)) if cible else ("Mes accès rapides", "/")
    return pages.refus(titre, [phrase], status=status, lien=lien)


@lru_cache
def _debit() -> Debit:
    return Debit(PAR_SECONDE, RESERVE)
