"""The calendar of what is due: late first, then month by month for a year, with the établissements where it is."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func

from rxror.ror.dates import mois_annee
from rxror.ror.fraicheur import ETATS, MOIS_VALABLE, Fraicheur, ajouter_mois, offres, validees_pour
from rxror.ror.objets import EntiteGeographique
from rxror.ror.parcours import url_arbre
from rxror.ror.reperes import nom_de
from rxror.services.etats import etats
from rxror.services.vues import Echeance, LieuDEcheance
from rxror.tri import en_ordre

AU_PLUS = 4  # établissements named for each date
PROCHES = 2  # months shown unfolded: those in which something is to review
RETARDS = {-2: Fraicheur.EN_RETARD, -1: Fraicheur.JAMAIS}


def calendrier(session: Session, miennes: ColumnElement[bool], jour: date) -> tuple[list[Echeance], list[Echeance]]:
    """What is late or due before long, and what is due later; one query.

    Args:
        miennes: which offers count.
    """
    par_rang: dict[int, list[tuple[EntiteGeographique, int, int, int]]] = {}
    for eg, rang, n, total, combien in session.execute(_comptes(miennes, jour)):
        par_rang.setdefault(rang, []).append((eg, n, total, combien))
    dates = {rang: _echeance(rang, lignes, jour) for rang, lignes in sorted(par_rang.items())}
    proches = [e for rang, e in dates.items() if rang <= PROCHES]
    return proches, [e for rang, e in dates.items() if rang > PROCHES]


def _comptes(miennes: ColumnElement[bool], jour: date) -> Any:
    """(établissement, rank of the date, offers there, offers in all, établissements in all), the first of each date."""
    lignes = etats(jour).where(miennes).subquery()
    bornes = ((rang, validees_pour(_mois(jour, rang))[1]) for rang in range(MOIS_VALABLE))
    rang = sa.case(
        *((lignes.c.etat == etat.value, rang) for rang, etat in RETARDS.items()),
        *((lignes.c.validation < fin, rang) for rang, fin in bornes),
        else_=MOIS_VALABLE,
    )
    ouvertes = sa.select(lignes.c.eg, rang.label("rang")).where(lignes.c.etat != Fraicheur.FERMEE.value).subquery()
    par_eg = sa.select(ouvertes.c.eg, ouvertes.c.rang, func.count().label("n"))
    par_eg = par_eg.group_by(ouvertes.c.eg, ouvertes.c.rang).subquery()
    classes = sa.select(
        par_eg,
        func.sum(par_eg.c.n).over(partition_by=par_eg.c.rang).label("total"),
        func.count().over(partition_by=par_eg.c.rang).label("combien"),
        func.row_number().over(partition_by=par_eg.c.rang, order_by=(par_eg.c.n.desc(), par_eg.c.eg)).label("place"),
    ).subquery()
    eg = EntiteGeographique
    nom = en_ordre(func.coalesce(func.nullif(eg.nom_operationnel, ""), eg.denomination_eg))
    return (
        sa.select(eg, classes.c.rang, classes.c.n, classes.c.total, classes.c.combien)
        .join(classes, classes.c.eg == eg.id)
        .where(classes.c.place <= AU_PLUS)
        .order_by(classes.c.rang, classes.c.n.desc(), nom, col(eg.id))
    )


def _mois(jour: date, rang: int) -> date:
    return ajouter_mois(jour.replace(day=1), rang)


def _echeance(rang: int, lignes: list[tuple[EntiteGeographique, int, int, int]], jour: date) -> Echeance:
    retard = RETARDS.get(rang)
    mois = _mois(jour, max(rang, 0))
    filtre = {"etat": retard.value} if retard else {"mois": f"{mois:%Y-%m}"}
    total, combien = lignes[0][2], lignes[0][3]
    reste = combien - len(lignes)
    suite = "" if retard else " à valider"
    return Echeance(
        quand=ETATS[retard].mot if retard else mois_annee(mois).capitalize(),
        quoi=offres(total) + suite,
        lieux=[
            LieuDEcheance(nom=nom_de(eg), nombre=offres(n), url=url_arbre(eg.num_finess, **filtre))
            for eg, n, *_ in lignes
        ],
        suite=f"et {reste} autre{'s' if reste > 1 else ''} établissement{'s' if reste > 1 else ''}" if reste else "",
    )
