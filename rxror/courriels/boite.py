"""In demonstration nothing is sent: what would have been is read on a page, and its links can be followed."""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from rxror.ror.dates import moment
from rxror.ror.erreurs import AccesRefuse
from rxror.settings import settings
from rxror.tables import Courriel

AU_PLUS = 50


@dataclass(frozen=True)
class Ligne:
    """One line of a mail; `url` is where it leads, on this service, when it is a link."""

    texte: str
    url: str = ""


@dataclass(frozen=True)
class CourrielLu:
    """One mail of the demonstration."""

    rang: int
    destinataire: str
    sujet: str
    quand: str
    lignes: list[Ligne]


def lire(session: Session) -> list[CourrielLu]:
    """The last mails, newest first.

    Raises:
        AccesRefuse: this is no demonstration; mails are nobody's to read.
    """
    if not settings().demo:
        raise AccesRefuse("courriels")
    lus = session.exec(select(Courriel).order_by(col(Courriel.id).desc()).limit(AU_PLUS))
    return [CourrielLu(c.id or 0, c.destinataire, c.sujet, moment(c.cree), _lignes(c.texte)) for c in lus]


def _lignes(texte: str) -> list[Ligne]:
    return [_ligne(ligne) for ligne in texte.splitlines() if ligne.strip()]


def _ligne(ligne: str) -> Ligne:
    origine = f"{settings().url}/"
    return Ligne(ligne, f"/{ligne.removeprefix(origine)}") if ligne.startswith(origine) else Ligne(ligne)
