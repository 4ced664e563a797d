"""The modèles de saisie of a database, read once and kept for a minute, and the one of an object."""

import logging
import time
from collections.abc import Iterable, Iterator
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine
from sqlmodel import Session, select

from rxror.ror.erreurs import ImportRefuse
from rxror.ror.modeles import ModeleCharge, Modeles, ModeleSaisie, lire

FRAICHEUR_SECONDES = 60.0
journal = logging.getLogger(__name__)
_connus: "WeakKeyDictionary[Engine, tuple[float, Modeles]]" = WeakKeyDictionary()


def modeles(session: Session) -> Modeles:
    """The modèles of the session's database; a newly loaded one shows within a minute, without a restart."""
    moteur = session.get_bind()
    moteur = moteur if isinstance(moteur, Engine) else moteur.engine
    connus = _connus.get(moteur)
    if connus and time.monotonic() - connus[0] < FRAICHEUR_SECONDES:
        return connus[1]
    charges = session.exec(select(ModeleCharge).order_by(ModeleCharge.identifiant, ModeleCharge.version))
    neufs = Modeles(_lus(charges))
    _connus[moteur] = (time.monotonic(), neufs)
    return neufs


def _lus(charges: Iterable[ModeleCharge]) -> Iterator[ModeleSaisie]:
    """Those that this version of rxror understands; the others are told to who runs it, and their objects use none."""
    for charge in charges:
        try:
            yield lire(charge.contenu, f"{charge.identifiant}|{charge.version}")
        except ImportRefuse as refus:
            journal.error("%s", refus)


def oublier() -> None:
    """Forget them: the next reader loads them again."""
    _connus.clear()


def de(session: Session, objet: Any) -> ModeleSaisie | None:
    """The modèle an object was made with; None for the generic form. No query for an object without one."""
    return modeles(session).de(objet.modele_saisie) if objet.modele_saisie else None
