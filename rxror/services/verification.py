"""What anybody may know of an attestation by its code, and whether a file is the one that was established."""

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, select

from rxror.ror.dates import utc
from rxror.services.attestation import lire_code
from rxror.services.attestation_vues import VueAttestation, lire
from rxror.tables import Attestation

EMPREINTE = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Verifiable:
    """An attestation as the public sees it: no name of a person.

    Attributes:
        empreintes: SHA-256 of its JSON, then of its PDF.
    """

    code: str
    nom: str
    vue: VueAttestation
    cree: datetime
    empreintes: tuple[str, str]

    def est_conforme(self, octets: bytes) -> bool:
        """Whether these are, byte for byte, those of its JSON or of its PDF."""
        return hashlib.sha256(octets).hexdigest() in self.empreintes

    def reconnait(self, empreinte: str) -> bool:
        """Whether a typed digest is that of its JSON or of its PDF; spaces and capitals do not count."""
        return lire_empreinte(empreinte) in self.empreintes


def trouver(session: Session, code: str) -> Verifiable | None:
    """The attestation of a code, however it is typed; None for no such code."""
    a = Attestation
    colonnes = (a.contenu, a.cree, a.empreinte, a.empreinte_pdf)
    lu = lire_code(code)
    ligne = session.exec(select(*colonnes).where(a.code == lu)).first() if lu else None
    if ligne is None:
        return None
    texte, cree, du_json, du_pdf = ligne
    contenu = json.loads(texte)
    anonyme = contenu | {"etablie_par": "", "valide_par": []}
    return Verifiable(lu, contenu["etablissement"]["nom"], lire(anonyme), utc(cree), (du_json, du_pdf))


def lire_empreinte(texte: str) -> str:
    """A digest as somebody types it; "" for anything else."""
    nue = "".join(texte[:200].split()).lower()
    return nue if EMPREINTE.fullmatch(nue) else ""
