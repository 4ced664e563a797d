"""Which objects are to be reviewed and how many, in SQL: a few statements, whatever their number."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from rxror.ror.dates import minuit, utc
from rxror.ror.fraicheur import JOURS_DE_RELECTURE, MOIS_A_JOUR, MOIS_VALABLE, Fraicheur, seuil
from rxror.ror.objets import (
    EntiteGeographique,
    LieuRealisationOffre,
    OffreLieu,
    OffreOperationnelle,
    OrganisationInterne,
)
from rxror.ror.reperes import NOMS
from rxror.services.acces import IDENTIFIANTS, Acteur, Geste, permis
from rxror.services.etats import EN_RETARD, vivant
from rxror.services.noeuds import lieux_sous, offres_sous
from rxror.services.registre import desaccords_par_etablissement
from rxror.services.relecture_elements import CLASSES, Choix, Element
from rxror.tables import HORODATAGE, Action, Brouillon, Trace, ValidationDemandee

AU_PLUS = 300
FRAICHEURS = {"a_revoir": Fraicheur.A_REVOIR.value, "a_jour": Fraicheur.A_JOUR.value}  # by the name of the filter
MARQUES = ("version", "saisie", "lieux", "saisie_des_lieux")


@dataclass(frozen=True)
class Compte:
    """How far a queue is.

    Attributes:
        total: all its objects; `faites`, those that are not to be reviewed.
        demandees: of those, how many wait for somebody else's validation.
        fiches: the cards that remain, fewer than the objects: a lieu is confirmed with the first offer that it serves.
    """

    faites: int
    total: int
    demandees: int
    fiches: int


def candidats(session: Session, ouverts: Any, jour: date, etat: str) -> list[Element]:
    """Objects to review, at most `AU_PLUS`; one query."""
    c, eg = ouverts.c, EntiteGeographique
    colonnes: list[Any] = [c.cle, c.nom, c.eg, eg.num_finess, c.validation, c.etat, c.brouillon, c.sert]
    retard = sa.case((c.etat.in_(EN_RETARD), 1), else_=0)
    pression = func.sum(retard).over(partition_by=c.eg)
    requete = (
        sa.select(*colonnes, pression, *(c[m] for m in MARQUES))
        .join(eg, col(eg.id) == c.eg)
        .where(_a_faire(c, jour), _repond(c, etat))
        .order_by(pression.desc(), c.eg, retard.desc(), c.validation.asc().nulls_first(), c.cle)
        .limit(AU_PLUS)
    )
    return [
        Element(
            cle, nom or cle, ici, finess, v and utc(v), Fraicheur(etat), bool(brouillon), sert, int(pressees), (v, *m)
        )
        for cle, nom, ici, finess, v, etat, brouillon, sert, pressees, *m in session.execute(requete)
    ]


def compter(session: Session, ouverts: Any, jour: date, etat: str) -> Compte:
    """How many are done, how many there are, and how many cards that makes; one query."""
    c, autres, lien = ouverts.c, ouverts.alias(), OffreLieu
    a_faire = _a_faire(c, jour)
    amenes = (
        sa.select(col(lien.lieu_realisation_offre_id))
        .join(autres, sa.and_(autres.c.id == lien.offre_operationnelle_id, autres.c.genre == OffreOperationnelle.GENRE))
        .where(_a_faire(autres.c, jour), _repond(autres.c, etat))
    )
    amene = sa.and_(c.genre == LieuRealisationOffre.GENRE, c.valide == 1, c.id.in_(amenes))
    requete = sa.select(
        func.count(), *(_combien(de) for de in (a_faire, sa.and_(a_faire, ~amene), _demandee(c)))
    ).select_from(ouverts)
    total, reste, fiches, demandees = session.execute(requete.where(_repond(c, etat))).one()
    return Compte(total - reste, total, demandees, fiches)


def _combien(condition: Any) -> Any:
    return func.coalesce(func.sum(sa.case((condition, 1), else_=0)), 0)


def _repond(c: Any, etat: str) -> Any:
    """Whether a filter by state keeps an object, of those states that SQL knows."""
    if etat == "en_retard":
        return c.etat.in_(EN_RETARD)
    if etat == "brouillon":
        return c.brouillon == 1
    return c.etat == FRAICHEURS[etat] if etat in FRAICHEURS else sa.true()


def _depuis(jour: date) -> datetime:
    """What was reviewed since that instant is done; `ror.fraicheur.vient_d_etre_relu` in SQL."""
    premier = jour - timedelta(days=JOURS_DE_RELECTURE - 1)
    return minuit(premier)


def _a_faire(c: Any, jour: date) -> Any:
    return sa.and_(
        sa.or_(c.validation.is_(None), c.validation < _depuis(jour), c.brouillon == 1), sa.not_(_demandee(c))
    )


def _demandee(c: Any) -> Any:
    """Never NULL: whether it waits for the validation of somebody else, as this person has asked or a colleague."""
    suite = (sa.or_(c[m].is_(None), c[m] <= c.demandee) for m in ("saisie", "saisie_des_lieux"))
    return sa.and_(c.demandee.is_not(None), *suite)


def ouverts_de(session: Session, acteur: Acteur, choix: Choix, jour: date) -> sa.CTE:
    """Offers and lieux that this person may change and that are not closed for good, as `Element` reads them.

    Columns besides: `id`, `genre`, `valide` (1 for one that they may validate), and `demandee`, when its validation
    was asked, of one that they may only prepare.
    """
    oi = OrganisationInterne
    racine = session.exec(select(oi).where(oi.identifiant_oi == choix.structure)).first() if choix.structure else None
    classes = [classe for classe in CLASSES if choix.genre in ("", classe.GENRE)]
    voulus: list[Any] = []
    for classe in classes:
        requete = _de_la_classe(classe, acteur, jour)
        if choix.etablissement:
            siens = select(EntiteGeographique.id).where(EntiteGeographique.num_finess == choix.etablissement)
            requete = requete.where(col(classe.entite_geographique_id).in_(siens))
        if choix.structure:
            sous = offres_sous if classe is OffreOperationnelle else lieux_sous
            requete = requete.where(sous(racine) if racine else sa.false())
        voulus.append(requete)
    return sa.union_all(*voulus).cte()


def _de_la_classe(classe: Any, acteur: Acteur, jour: date) -> Any:
    identifiant, nom = IDENTIFIANTS[classe.GENRE], getattr(classe, NOMS[classe.GENRE][-1])
    cle, validation = sa.literal(f"{classe.GENRE}:") + identifiant, col(classe.date_validation)
    etat = sa.case(
        (validation.is_(None), Fraicheur.JAMAIS.value),
        (validation < seuil(jour, MOIS_VALABLE), Fraicheur.EN_RETARD.value),
        (validation < seuil(jour, MOIS_A_JOUR), Fraicheur.A_REVOIR.value),
        else_=Fraicheur.A_JOUR.value,
    )
    valide = permis(acteur, Geste.VALIDER, classe, jour)
    demande = select(ValidationDemandee.instant).where(
        col(ValidationDemandee.objet) == cle, col(ValidationDemandee.renvoyee).is_(None)
    )
    return sa.select(
        cle.label("cle"),
        sa.literal(classe.GENRE).label("genre"),
        col(classe.id).label("id"),
        nom.label("nom"),
        col(classe.entite_geographique_id).label("eg"),
        validation.label("validation"),
        etat.label("etat"),
        sa.case((sa.exists().where(col(Brouillon.objet) == cle), 1), else_=0).label("brouillon"),
        _sert(classe, jour).label("sert"),
        sa.case((valide, 1), else_=0).label("valide"),
        sa.case((~valide, demande.correlate(classe).scalar_subquery())).label("demandee"),
        *_marques(classe, cle),
    ).where(permis(acteur, Geste.MODIFIER, classe, jour), vivant(classe, jour))


def _sert(classe: Any, jour: date) -> Any:
    """How many offers a lieu serves; of an offer, how many its lieux that are to be reviewed serve at the most."""
    lien, autre, lieu = OffreLieu, aliased(OffreLieu), aliased(LieuRealisationOffre)
    usages = select(func.count()).where(autre.lieu_realisation_offre_id == lieu.id).correlate(lieu).scalar_subquery()
    if classe is LieuRealisationOffre:
        return (
            select(func.count()).where(lien.lieu_realisation_offre_id == classe.id).correlate(classe).scalar_subquery()
        )
    siens = (
        sa.select(func.coalesce(func.max(usages), 0))
        .select_from(lien)
        .join(lieu, col(lien.lieu_realisation_offre_id) == lieu.id)
        .where(
            lien.offre_operationnelle_id == classe.id,
            sa.or_(col(lieu.date_validation).is_(None), col(lieu.date_validation) < _depuis(jour)),
        )
    )
    return siens.correlate(classe).scalar_subquery()


def _marques(classe: Any, cle: Any) -> list[Any]:
    """The columns `MARQUES`: versions and last saves, of the object and of the lieux of an offer."""
    saisie = select(func.max(Brouillon.modifie)).where(col(Brouillon.objet) == cle).correlate(classe)
    if classe is not OffreOperationnelle:
        dites = [col(classe.version), saisie.scalar_subquery(), sa.literal(0), sa.cast(sa.null(), HORODATAGE)]
        return [c.label(nom) for c, nom in zip(dites, MARQUES, strict=True)]
    lieu: Any = aliased(LieuRealisationOffre)
    siens: tuple[Any, Any] = (
        OffreLieu.lieu_realisation_offre_id == lieu.id,
        OffreLieu.offre_operationnelle_id == classe.id,
    )
    versions = sa.select(func.coalesce(func.sum(lieu.version), 0)).select_from(OffreLieu).join(lieu, siens[0])
    saisies = sa.select(func.max(Brouillon.modifie)).select_from(OffreLieu).join(lieu, siens[0])
    saisies = saisies.join(
        Brouillon, col(Brouillon.objet) == sa.literal(f"{LieuRealisationOffre.GENRE}:") + lieu.identifiant
    )
    dites = [col(classe.version), saisie.scalar_subquery()]
    dites += [r.where(siens[1]).correlate(classe).scalar_subquery() for r in (versions, saisies)]
    return [c.label(nom) for c, nom in zip(dites, MARQUES, strict=True)]


def imports_de(session: Session, acteur: Acteur, finess: set[str]) -> dict[str, datetime]:
    """{FINESS: when the register last changed it here}, of these établissements; now, where the two still differ."""
    cles = [f"{EntiteGeographique.GENRE}:{f}" for f in sorted(finess)]
    requete = sa.select(col(Trace.finess), func.max(col(Trace.instant))).where(
        col(Trace.objet).in_(cles), col(Trace.action) == Action.IMPORT, col(Trace.version_avant).is_not(None)
    )
    changes = {f: utc(instant) for f, instant in session.execute(requete.group_by(col(Trace.finess))) if instant}
    return changes | dict.fromkeys(finess & desaccords_par_etablissement(session, acteur).keys(), datetime.now(UTC))
