"""Identifiers of what is created here: never given twice, even to two people who create at the same time."""

from secrets import token_hex

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, func, select

from rxror.ror.objets import EntiteGeographique, OffreOperationnelle

OCCITANIE = "76"
ESSAIS = 20


def region_de(eg: EntiteGeographique) -> str:
    """Region of what is created in an établissement."""
    return eg.region_source or OCCITANIE


def au_hasard(prefixe: str, eg: EntiteGeographique) -> str:
    """`L76-…` or `OI76-…`: forty random bits, which the unique constraint watches over."""
    return f"{prefixe}{region_de(eg)}-{token_hex(5)}"


def inserer_offre(session: Session, offre: OffreOperationnelle) -> None:
    """Give a new offer its number and write its row.

    Somebody who creates at the same instant may have taken the number: the database then refuses it, and the next one
    is tried. SQLite lets one writer in at a time and never comes to that; PostgreSQL does.
    """
    for essai in range(1, ESSAIS + 1):
        offre.identifiant_offre = suivant(session, offre.region_source)
        try:
            with session.begin_nested():
                session.add(offre)
                session.flush()
        except IntegrityError:
            if essai == ESSAIS:
                raise
        else:
            return


def suivant(session: Session, region: str) -> str:
    """`RR/nnnnnnn`: the number after the last one of the table that nobody has."""
    dernier = session.exec(select(func.max(OffreOperationnelle.id))).one() or 0
    numero = dernier + 1
    while session.exec(
        select(OffreOperationnelle.id).where(OffreOperationnelle.identifiant_offre == f"{region}/{numero:07d}")
    ).first():
        numero += 1
    return f"{region}/{numero:07d}"
