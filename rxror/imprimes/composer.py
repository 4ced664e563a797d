"""From data to a PDF, within bounds of size, of time and of how many at once."""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any, Literal

from rxror.imprimes.alphabet import imprimable
from rxror.ror.erreurs import ImpressionImpossible

log = logging.getLogger("rxror.imprimes")

Modele = Literal["attestation", "fiche"]
PRESSE = Path(__file__).with_name("presse.py")
DELAI, ATTENTE = 20, 10  # seconds: for one document, before it
DONNEES_MAX, PDF_MAX = 4_000_000, 900_000  # bytes; an attestation is sent back whole to be verified
_PLACES = BoundedSemaphore(2)


def composer(modele: Modele, donnees: Mapping[str, Any], instant: datetime) -> bytes:
    """Draw a document, PDF/UA-1 and PDF/A-2a; the same data at the same instant give the same bytes.

    It waits for another process: call it from a thread, never from the event loop.

    Args:
        donnees: what the model reads, JSON values only; texts are drawn as they are, in the letters of the font.
        instant: when the document was made, kept in it.

    Raises:
        ImpressionImpossible: too much, too long, too many at once, or no such model.
    """
    recues = json.dumps(imprimable(donnees), ensure_ascii=False).encode()
    if len(recues) > DONNEES_MAX:
        raise ImpressionImpossible("donnees")
    if not _PLACES.acquire(timeout=ATTENTE):
        raise ImpressionImpossible("occupee")
    try:
        pdf = _presser(modele, int(instant.timestamp()), recues)
    finally:
        _PLACES.release()
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
