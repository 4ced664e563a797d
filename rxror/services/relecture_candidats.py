"""Which objects are to be reviewed and how many, in SQL: a few statements, whatever their number."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from rxror.ror.dates import PARIS, utc
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
from rxror.services.etats import EN_RETARD, archive
from rxror.services.registre import desaccords_par_etablissement
from rxror.services.relecture_elements import CLASSES, Choix, Element
from rxror.tables import HORODATAGE, Action, Brouillon, Trace

AU_PLUS = 300
MARQUES = ("version", "saisie", "lieux", "saisie_des_lieux")


def candidats(session: Session, ouverts: Any, jour: date) -> list[Element]:
    """Objects to review, at most `AU_PLUS`; one query."""
    c, eg = ouverts.c, EntiteGeographique
    colonnes: list[Any] = [c.cle, c.nom, c.eg, eg.num_finess, c.validation, c.etat, c.brouillon, c.sert]
    retard = sa.case((c.etat.in_(EN_RETARD), 1), else_=0)
    pression = func.sum(retard).over(partition_by=c.eg)
    requete = (
        sa.select(*colonnes, pression, *(c[m] for m in MARQUES))
        .join(eg, col(eg.id) == c.eg)
        .where(_a_faire(ouverts, jour))
        .order_by(pression.desc(), c.eg, retard.desc(), c.validation.asc().nulls_first(), c.cle)
        .limit(AU_PLUS)
    )
    return [
        Element(
            cle, nom or cle, ici, finess, v and utc(v), Fraicheur(etat), bool(brouillon), sert, int(pressees), (v, *m)
        )
        for cle, nom, ici, finess, v, etat, brouillon, sert, pressees, *m in session.execute(requete)
    ]


def compter(session: Session, ouverts: Any, jour: date) -> tuple[int, int]:
    """How many are done and how many there are, whatever their state; one query."""
    a_faire = func.coalesce(func.sum(sa.case((_a_faire(ouverts, jour), 1), else_=0)), 0)
    reste, total = session.execute(sa.select(a_faire, func.count()).select_from(ouverts)).one()
    return total - reste, total


def _depuis(jour: date) -> datetime:
    """What was reviewed since that instant is done; `ror.fraicheur.vient_d_etre_relu` in SQL."""
    premier = jour - timedelta(days=JOURS_DE_RELECTURE - 1)
    return datetime.combine(premier, time(), PARIS).astimezone(UTC)


def _a_faire(ouverts: Any, jour: date) -> Any:
    return sa.or_(ouverts.c.validation.is_(None), ouverts.c.validation < _depuis(jour), ouverts.c.brouillon == 1)


def ouverts_de(acteur: Acteur, choix: Choix, jour: date) -> sa.Subquery:
    """Offers and lieux that this person may change and that are not closed for good, as `Element` reads them."""
    voulues = [classe for classe in CLASSES if choix.genre in ("", classe.GENRE)]
    return sa.union_all(*(_de_la_classe(classe, acteur, choix, jour) for classe in voulues)).subquery()


def _de_la_classe(classe: Any, acteur: Acteur, choix: Choix, jour: date) -> Any:
    offre = classe is OffreOperationnelle
    identifiant, nom = IDENTIFIANTS[classe.GENRE], getattr(classe, NOMS[classe.GENRE][-1])
    cle, validation = sa.literal(f"{classe.GENRE}:") + identifiant, col(classe.date_validation)
    etat = sa.case(
        (validation.is_(None), Fraicheur.JAMAIS.value),
        (validation < seuil(jour, MOIS_VALABLE), Fraicheur.EN_RETARD.value),
        (validation < seuil(jour, MOIS_A_JOUR), Fraicheur.A_REVOIR.value),
        else_=Fraicheur.A_JOUR.value,
    )
    usages = select(func.count()).select_from(OffreLieu).where(OffreLieu.lieu_realisation_offre_id == classe.id)
    requete = sa.select(
        cle.label("cle"),
        nom.label("nom"),
        col(classe.entite_geographique_id).label("eg"),
        validation.label("validation"),
        etat.label("etat"),
        sa.case((sa.exists().where(col(Brouillon.objet) == cle), 1), else_=0).label("brouillon"),
        (sa.literal(0) if offre else usages.correlate(classe).scalar_subquery()).label("sert"),
        *_marques(classe, cle),
    ).where(permis(acteur, Geste.MODIFIER, classe, jour), _vivant(classe, jour))
    if choix.etablissement:
        siens = select(EntiteGeographique.id).where(EntiteGeographique.num_finess == choix.etablissement)
        requete = requete.where(col(classe.entite_geographique_id).in_(siens))
    return requete.where(_sous(classe, choix.structure)) if choix.structure else requete


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


def _vivant(classe: Any, jour: date) -> Any:
    """Not closed for good: for a lieu, not all the offers that it serves are."""
    close = sa.case((archive(OffreOperationnelle, jour), 1), else_=0)
    if classe is OffreOperationnelle:
        return close == 0
    usage: Any = aliased(OffreLieu)
    sert = sa.exists().where(usage.lieu_realisation_offre_id == classe.id)
    vivantes = (
        select(OffreLieu.lieu_realisation_offre_id)
        .join(OffreOperationnelle, col(OffreOperationnelle.id) == OffreLieu.offre_operationnelle_id)
        .where(close == 0)
    )
    return sa.or_(~sert, col(classe.id).in_(vivantes))


def _sous(classe: Any, structure: str) -> Any:
    """Offers of a structure and of what is below, and the lieux that serve them."""
    soi, parent, grand_parent = (aliased(OrganisationInterne) for _ in range(3))
    dessous = (
        select(soi.id)
        .outerjoin(parent, soi.parent_id == parent.id)  # type: ignore[arg-type]
        .outerjoin(grand_parent, parent.parent_id == grand_parent.id)  # type: ignore[arg-type]
        .where(sa.or_(*(col(oi.identifiant_oi) == structure for oi in (soi, parent, grand_parent))))
    )
    dedans = col(OffreOperationnelle.organisation_interne_id).in_(dessous)
    if classe is OffreOperationnelle:
        return dedans
    servis = select(OffreLieu.lieu_realisation_offre_id).join(
        OffreOperationnelle, col(OffreOperationnelle.id) == OffreLieu.offre_operationnelle_id
    )
    return col(classe.id).in_(servis.where(dedans))


def imports_de(session: Session, acteur: Acteur, finess: set[str]) -> dict[str, datetime]:
    """{FINESS: when the register last changed it here}, of these établissements; now, where the two still differ."""
    cles = [f"{EntiteGeographique.GENRE}:{f}" for f in sorted(finess)]
    requete = sa.select(col(Trace.finess), func.max(col(Trace.instant))).where(
        col(Trace.objet).in_(cles), col(Trace.action) == Action.IMPORT, col(Trace.version_avant).is_not(None)
    )
    changes = {f: utc(instant) for f, instant in session.execute(requete.group_by(col(Trace.finess))) if instant}
    return changes | dict.fromkeys(finess & desaccords_par_etablissement(session, acteur).keys(), datetime.now(UTC))
