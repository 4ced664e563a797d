"""States of the offers as SQL: one expression for lists, counts and filters alike."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, Subquery, Text, case, cast, exists, literal, select
from sqlmodel import and_, col, func, or_

from rxror.ror.fermeture import DEFINITIVE
from rxror.ror.fraicheur import MOIS_A_JOUR, MOIS_VALABLE, Fraicheur, seuil
from rxror.ror.objets import EntiteGeographique, LieuRealisationOffre, OffreLieu, OffreOperationnelle
from rxror.tables import Brouillon

EN_RETARD = (Fraicheur.EN_RETARD.value, Fraicheur.JAMAIS.value)
COMPTES = ("total", "a_jour", "a_revoir", "en_retard", "brouillons", "fermees")  # columns of a `Compte`, in its order


def etats(jour: date) -> Select[Any]:
    """Columns id, eg, oi, validation, etat (a `Fraicheur`) and brouillon (0 or 1) of the offers on that day."""
    offre = OffreOperationnelle
    validation = col(offre.date_validation)
    etat = case(
        (fermee(jour), Fraicheur.FERMEE.value),
        (validation.is_(None), Fraicheur.JAMAIS.value),
        (validation < seuil(jour, MOIS_VALABLE), Fraicheur.EN_RETARD.value),
        (validation < seuil(jour, MOIS_A_JOUR), Fraicheur.A_REVOIR.value),
        else_=Fraicheur.A_JOUR.value,
    )
    return select(
        col(offre.id).label("id"),
        col(offre.entite_geographique_id).label("eg"),
        col(offre.organisation_interne_id).label("oi"),
        validation.label("validation"),
        etat.label("etat"),
        a_un_brouillon(jour).label("brouillon"),
    )


def fermee(jour: date) -> Any:
    """Whether an offer is closed on that day, never NULL; `ror.fermeture.Fermeture.en_cours` in SQL."""
    offre = OffreOperationnelle
    debut, reouverture = col(offre.date_fermeture), col(offre.date_previsionnelle_reouverture)
    sans_retour = or_(col(offre.type_fermeture) == DEFINITIVE, reouverture.is_(None), reouverture > jour)
    return and_(debut.is_not(None), debut <= jour, sans_retour)


def archive(objet: Any, jour: date) -> Any:
    """Whether an offer or a structure is closed for good on that day; `ror.fermeture.est_archive` in SQL."""
    return and_(col(objet.type_fermeture) == DEFINITIVE, col(objet.date_fermeture) <= jour)


def vivant(classe: Any, jour: date) -> Any:
    """Whether an offer is not closed for good on that day; for a lieu, not all the offers that it serves are."""
    offre, lien = OffreOperationnelle, OffreLieu
    close = case((archive(offre, jour), 1), else_=0)  # never NULL: an offer without a closing is none
    if classe is offre:
        return close == 0
    sert = exists().where(col(lien.lieu_realisation_offre_id) == classe.id)
    vivantes = select(col(lien.lieu_realisation_offre_id)).join(
        offre, col(offre.id) == col(lien.offre_operationnelle_id)
    )
    return or_(~sert, col(classe.id).in_(vivantes.where(close == 0)))


def a_un_brouillon(jour: date | None = None) -> Any:
    """1 when something saved and not published waits on the offer or on one of its lieux, else 0.

    Args:
        jour: on that day, what is closed for good waits for nothing: it cannot be validated.
    """
    return _si_brouillon(jour)


def est_inacheve(jour: date | None = None) -> Any:
    """1 when something so saved could not be read, as a date half typed, else 0: « Valider » is not for now."""
    return _si_brouillon(jour, cast(col(Brouillon.illisibles), Text) != "{}")


def _si_brouillon(jour: date | None, *conditions: Any) -> Any:
    offre, lieu = OffreOperationnelle, LieuRealisationOffre
    sur_offre = exists().where(
        col(Brouillon.objet) == literal(f"{offre.GENRE}:") + col(offre.identifiant_offre), *conditions
    )
    sur_lieu = exists().where(
        col(OffreLieu.offre_operationnelle_id) == col(offre.id),
        col(OffreLieu.lieu_realisation_offre_id) == col(lieu.id),
        col(Brouillon.objet) == literal(f"{lieu.GENRE}:") + col(lieu.identifiant),
        *conditions,
    )
    ecartee = [(archive(offre, jour), 0)] if jour else []
    return case(*ecartee, (or_(sur_offre, sur_lieu), 1), else_=0)


def comptes(lignes: Subquery) -> list[Any]:
    """Aggregates `COMPTES` over rows of `etats`."""

    def nombre(condition: Any) -> Any:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    conditions = (
        lignes.c.etat != Fraicheur.FERMEE.value,
        lignes.c.etat == Fraicheur.A_JOUR.value,
        lignes.c.etat == Fraicheur.A_REVOIR.value,
        lignes.c.etat.in_(EN_RETARD),
        lignes.c.brouillon == 1,
        lignes.c.etat == Fraicheur.FERMEE.value,
    )
    return [nombre(c).label(nom) for nom, c in zip(COMPTES, conditions, strict=True)]


def etats_par_etablissement(
    etablissements: CompoundSelect[Any], miennes: ColumnElement[bool], jour: date
) -> Select[Any]:
    """One row per entité géographique of the given ids: id, `COMPTES`, and the state of its worst offer.

    Args:
        miennes: which offers count.
    """
    offres = etats(jour).where(miennes).subquery()
    par_eg = select(offres.c.eg, *comptes(offres)).group_by(offres.c.eg).subquery()
    etat = case(
        (par_eg.c.en_retard > 0, Fraicheur.EN_RETARD.value),
        (par_eg.c.a_revoir > 0, Fraicheur.A_REVOIR.value),
        (par_eg.c.total > 0, Fraicheur.A_JOUR.value),
        else_=Fraicheur.FERMEE.value,
    )
    return (
        select(
            col(EntiteGeographique.id).label("id"),
            *(func.coalesce(par_eg.c[nom], 0).label(nom) for nom in COMPTES),
            etat.label("etat"),
        )
        .outerjoin(par_eg, par_eg.c.eg == EntiteGeographique.id)
        .where(col(EntiteGeographique.id).in_(etablissements))
    )
