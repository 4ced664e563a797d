"""The catalogue of code lists, read once per database and kept for a minute, and the search for a commune."""

import time
from weakref import WeakKeyDictionary

from sqlalchemy import Engine
from sqlmodel import Session, col, or_, select

from rxror.ror.nomenclatures import Catalogue, Code, Commune, Concept, sans_accent

FRAICHEUR_SECONDES = 60.0
_catalogues: "WeakKeyDictionary[Engine, tuple[float, Catalogue]]" = WeakKeyDictionary()


def catalogue(session: Session) -> Catalogue:
    """The code lists of the session's database; a newly loaded list shows within a minute, without a restart."""
    moteur = session.get_bind()
    moteur = moteur if isinstance(moteur, Engine) else moteur.engine
    connu = _catalogues.get(moteur)
    if connu and time.monotonic() - connu[0] < FRAICHEUR_SECONDES:
        return connu[1]
    neuf = Catalogue(session.exec(select(Concept).order_by(col(Concept.jdv), col(Concept.rang))))
    _catalogues[moteur] = (time.monotonic(), neuf)
    return neuf


def oublier() -> None:
    """Forget the catalogues: the next reader loads them again."""
    _catalogues.clear()


def chercher_commune(session: Session, texte: str, limite: int = 20) -> list[Code]:
    """Communes by start of name, postcode or INSEE code; the most populated first."""
    cherche = sans_accent(texte)
    if len(cherche) < 2:
        return []
    motif = cherche.replace("%", "").replace("_", "") + "%"
    requete = (
        select(Commune)
        .where(
            or_(
                col(Commune.recherche).like(motif),
                col(Commune.code_postal).like(motif),
                col(Commune.code_insee).like(motif.upper()),
            )
        )
        .order_by(col(Commune.population).desc(), Commune.nom)
        .limit(limite * 3)
    )
    vues: dict[str, Code] = {}
    for commune in session.exec(requete):
        vues.setdefault(commune.code_insee, Code(commune.code_insee, f"{commune.nom} ({commune.code_postal})"))
    return list(vues.values())[:limite]
