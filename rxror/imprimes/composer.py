"""From data to a PDF, within bounds of size, of time and of how many at once."""

import asyncio
import json
import logging
import os
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any, Literal

from rxror.imprimes.alphabet import imprimable
from rxror.ror.erreurs import ImpressionImpossible, PresseOccupee

log = logging.getLogger("rxror.imprimes")

Modele = Literal["attestation", "fiche"]
PRESSE = Path(__file__).with_name("presse.py")
DELAI = 20  # seconds, for one document
ESSAIS, PAUSE = 20, 0.1  # how often a place is looked for, and the seconds in between
DONNEES_MAX, PDF_MAX = 4_000_000, 900_000  # bytes; an attestation is sent back whole to be verified
PLACES = 2
_PLACES = BoundedSemaphore(PLACES)
_ATELIER = ThreadPoolExecutor(PLACES, "presse")  # threads of its own: those that all share are for short things


async def composer(modele: Modele, donnees: Mapping[str, Any], instant: datetime) -> bytes:
    """Draw a document, PDF/UA-1 and PDF/A-2a; the same data at the same instant give the same bytes.

    It waits for a place, then for another process, and holds neither the event loop nor a thread that others need.

    Args:
        donnees: what the model reads, JSON values only; texts are drawn as they are, in the letters of the font.
        instant: when the document was made, kept in it.

    Raises:
        PresseOccupee: no place came free in two seconds.
        ImpressionImpossible: too much, too long, or no such model.
    """
    await _attendre_une_place()
    travail = _ATELIER.submit(_tirer, modele, donnees, instant)
    travail.add_done_callback(lambda _: _PLACES.release())  # also when nobody waits for it any more
    return await asyncio.wrap_future(travail)


async def _attendre_une_place() -> None:
    for essai in range(ESSAIS):
        if _PLACES.acquire(blocking=False):
            return
        if essai + 1 < ESSAIS:
            await asyncio.sleep(PAUSE)
    raise PresseOccupee("occupee")


def _tirer(modele: Modele, donnees: Mapping[str, Any], instant: datetime) -> bytes:
    recues = json.dumps(imprimable(donnees), ensure_ascii=False).encode()
    if len(recues) > DONNEES_MAX:
        raise ImpressionImpossible("donnees")
    pdf = _presser(modele, int(instant.timestamp()), recues)
    if len(pdf) > PDF_MAX:
        raise ImpressionImpossible("pdf")
    return pdf


def environnement() -> dict[str, str]:
    """What the press knows of ours: no setting, so no secret; few threads, each of which reserves memory."""
    notre = {nom: valeur for nom, valeur in os.environ.items() if not nom.startswith("RXROR_")}
    return notre | {"RAYON_NUM_THREADS": "2", "MALLOC_ARENA_MAX": "2"}


def _presser(modele: str, instant: int, donnees: bytes) -> bytes:
    commande = [sys.executable, "-I", str(PRESSE), modele, str(instant)]
    options: dict[str, Any] = {"capture_output": True, "timeout": DELAI, "check": True, "env": environnement()}
    try:
        rendu = subprocess.run(commande, input=donnees, **options)  # noqa: S603 - a program of ours, no word of anybody
    except subprocess.TimeoutExpired:
        raise ImpressionImpossible("delai") from None
    except subprocess.CalledProcessError as echec:
        # the last line names the fault; it may quote a text of the document, which no log keeps
        log.error("document %s impossible : %s", modele, echec.stderr.decode(errors="replace").partition("`")[0][-300:])
        raise ImpressionImpossible("modele") from None
    return rendu.stdout
