"""The review queue: one queue over all one's établissements, of the offers and lieux to look at, by risk.

Every open object that nobody validated nor confirmed for `JOURS_DE_RELECTURE` is in it, with what has saved changes.
SQL gives the candidates, `AU_PLUS` of them, those of the most pressing établissement first; they are then looked at
under the rules. The number of statements grows with neither.
"""

import time as time_
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import IntEnum
from typing import Annotated, Any, Literal
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, StringConstraints
from sqlalchemy import Engine
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from rxror.ror.dates import PARIS, aujourd_hui, jour_de, utc
from rxror.ror.fraicheur import BROUILLON, ETATS, JOURS_DE_RELECTURE, MOIS_A_JOUR, MOIS_VALABLE, Etat, Fraicheur, seuil
from rxror.ror.objets import (
    EntiteGeographique,
    LieuRealisationOffre,
    OffreLieu,
    OffreOperationnelle,
    OrganisationInterne,
)
from rxror.ror.parcours import url_relecture
from rxror.ror.reperes import NOMS
from rxror.services import exigences, relecture_partage
from rxror.services.acces import IDENTIFIANTS, Acteur, Cible, Geste, permis
from rxror.services.dossiers import ouvrir_plusieurs
from rxror.services.etats import EN_RETARD, archive
from rxror.services.registre import desaccords_par_etablissement
from rxror.tables import HORODATAGE, Action, Brouillon, Trace
from rxror.tri import cle_de_tri

AU_PLUS = 300
CONNUS_AU_PLUS = 20_000
FRAICHEUR_SECONDES = 600.0
CLASSES: tuple[Any, ...] = (OffreOperationnelle, LieuRealisationOffre)


class Rang(IntEnum):
    """Why an object comes when it does, the most pressing first."""

    BLOQUE = 0
    ECART = 1
    RETARD = 2
    PARTAGE = 3
    SOURCE = 4
    BROUILLON = 5
    A_REVOIR = 6
    RESTE = 7


MARQUES = ("version", "saisie", "lieux", "saisie_des_lieux")
Risques = Mapping[str, Rang]  # of the objects that a rule or a requirement finds fault with, by key

# The states one may filter by: how each is called, and what it keeps.
ETATS_FILTRES = {
    "a_completer": "À compléter",
    "ecart": "Écart avec une exigence nationale",
    "en_retard": "En retard",
    "a_revoir": "À revoir",
    "brouillon": "Enregistré, à valider",
    "a_jour": "À jour",
}
MOTS = {
    Rang.BLOQUE: Etat("À compléter", "retard"),
    Rang.ECART: Etat("Écart national", "revoir"),
    Rang.SOURCE: Etat("FINESS a changé", "revoir"),
    Rang.BROUILLON: BROUILLON,
}
JAMAIS_VALIDE = Etat("Jamais validé", "retard")  # a lieu


class Choix(BaseModel):
    """What the address of the queue says: which part of it, and the card one is at.

    Attributes:
        structure: a pôle, a service or a UF, with what is below.
        objet: key of an object, "offre:76/0000003"; "" for the first of the queue.
    """

    model_config = ConfigDict(extra="forbid")

    etablissement: Annotated[str, StringConstraints(max_length=9)] = ""
    structure: Annotated[str, StringConstraints(max_length=60)] = ""
    genre: Literal["", "offre", "lieu"] = ""
    etat: Literal["", "a_completer", "ecart", "en_retard", "a_revoir", "brouillon", "a_jour"] = ""
    objet: Annotated[str, StringConstraints(max_length=81)] = ""

    @property
    def filtres(self) -> dict[str, str]:
        """The filters, by name."""
        return self.model_dump(exclude={"objet"})

    def adresse(self, objet: str = "") -> str:
        """The same part of the queue, at another card."""
        return url_relecture(**self.filtres, objet=objet)


@dataclass(frozen=True)
class Element:
    """One object of the queue.

    Attributes:
        eg: id of its établissement; `pression`: how many of its objects are late, there.
        sert: offers that a lieu serves.
        marques: what differs once the object, or what is validated with it, changed.
        par: who has it on screen now.
    """

    cle: str
    nom: str
    eg: int
    finess: str
    validation: datetime | None
    fraicheur: Fraicheur
    brouillon: bool
    sert: int
    pression: int
    marques: tuple[Any, ...] = ()
    rang: Rang = Rang.RESTE
    reporte: datetime | None = None
    par: str = ""

    @property
    def cible(self) -> Cible:
        """The object."""
        genre, _, identifiant = self.cle.partition(":")
        return Cible(genre, identifiant)

    @property
    def etat(self) -> Etat:
        """What is said of it in the list."""
        if self.par:
            return Etat(f"Relue par {self.par}", "ferme")
        if self.reporte:
            return Etat("Plus tard", "ferme")
        if self.rang in MOTS:
            return MOTS[self.rang]
        jamais = self.fraicheur is Fraicheur.JAMAIS and self.cible.genre == LieuRealisationOffre.GENRE
        return JAMAIS_VALIDE if jamais else ETATS[self.fraicheur]

    def repond(self, etat: str) -> bool:
        """Whether a filter by state keeps it."""
        retard = self.fraicheur.value in EN_RETARD
        return {
            "": True,
            "a_completer": self.rang is Rang.BLOQUE,
            "ecart": self.rang is Rang.ECART,
            "en_retard": retard,
            "a_revoir": self.fraicheur is Fraicheur.A_REVOIR,
            "brouillon": self.brouillon,
            "a_jour": self.fraicheur is Fraicheur.A_JOUR,
        }[etat]


@dataclass(frozen=True)
class File:
    """The queue, in order, and how far it is.

    Attributes:
        elements: at most `AU_PLUS`; `reste` counts them all.
        risques: what the rules found, to be given back to `file_de` rather than looked for again.
    """

    elements: list[Element]
    faites: int
    total: int
    risques: Risques = field(default_factory=dict)

    @property
    def reste(self) -> int:
        """How many are to be reviewed."""
        return self.total - self.faites

    def position(self, cle: str) -> int:
        """Where an object is; -1 when it is not there."""
        return next((i for i, e in enumerate(self.elements) if e.cle == cle), -1)


def file_de(
    session: Session,
    acteur: Acteur,
    choix: Choix | None = None,
    risques: Risques | None = None,
    jour: date | None = None,
) -> File:
    """The queue of a person, most pressing first.

    Args:
        risques: those of an earlier `File`, when it was read a moment ago: only their order depends on them.
    """
    choix, jour = choix or Choix(), jour or aujourd_hui()
    ouverts = _ouverts(acteur, choix, jour).subquery()
    candidats = _candidats(session, ouverts, jour)
    if risques is None:
        risques = _risques(session, acteur, candidats)
    imports = _imports(session, acteur, {e.finess for e in candidats})
    remis, pris = relecture_partage.reportees(session, acteur), relecture_partage.prises(session, acteur)
    situes = (_situer(e, risques, imports, remis, pris) for e in candidats)
    faites, total = _compter(session, ouverts, jour)
    return File(sorted((e for e in situes if e.repond(choix.etat)), key=_ordre), faites, total, risques)


def _ordre(element: Element) -> Any:
    """What nobody has on screen, then what others have, then what was put off; by risk, then the longest waited."""
    valide = jour_de(element.validation).toordinal() if element.validation else 0
    attente = (2, utc(element.reporte).timestamp()) if element.reporte else (1 if element.par else 0, 0)
    seul = element.cible.genre == LieuRealisationOffre.GENRE  # an offer is confirmed with its lieux: it goes before
    return *attente, element.rang, seul, valide, -element.pression, element.eg, cle_de_tri(element.nom), element.cle


def _situer(
    element: Element,
    risques: Risques,
    imports: Mapping[str, datetime],
    remis: Mapping[str, datetime],
    pris: Mapping[str, str],
) -> Element:
    report = remis.get(element.cle)
    if report and element.validation and report < utc(element.validation):
        report = None  # it was reviewed since, elsewhere
    rang = _rang(element, risques, imports.get(element.finess))
    return replace(element, rang=rang, reporte=report, par=pris.get(element.cle, ""))


def _rang(element: Element, risques: Risques, importe: datetime | None) -> Rang:
    if element.cle in risques:
        return risques[element.cle]
    if element.fraicheur.value in EN_RETARD:
        return Rang.RETARD
    if element.sert > 1:
        return Rang.PARTAGE
    if importe and element.validation and importe > utc(element.validation):
        return Rang.SOURCE
    if element.brouillon:
        return Rang.BROUILLON
    return Rang.A_REVOIR if element.fraicheur is Fraicheur.A_REVOIR else Rang.RESTE


# {key of an object: (its marks, when it was looked at, its risk)}: opening a hundred objects takes half a second, and
# few of them change from one page to the next. Only the order depends on it.
_connus: "WeakKeyDictionary[Engine, dict[str, tuple[tuple[Any, ...], float, Rang]]]" = WeakKeyDictionary()


def oublier() -> None:
    """Forget the risks that were found: they are looked for again."""
    _connus.clear()


def _risques(session: Session, acteur: Acteur, elements: Sequence[Element]) -> Risques:
    """Those of these objects that a blocking rule or a national requirement finds fault with, as they are now."""
    moteur = session.get_bind()
    connus = _connus.setdefault(moteur if isinstance(moteur, Engine) else moteur.engine, {})
    maintenant = time_.monotonic()

    def frais(element: Element) -> bool:
        marques, instant, _ = connus.get(element.cle, ((), 0.0, Rang.RESTE))
        return marques == element.marques and maintenant - instant < FRAICHEUR_SECONDES

    a_voir = [e for e in elements if not frais(e)]
    trouves = _examiner(session, acteur, [e.cible for e in a_voir]) if a_voir else {}
    if len(connus) > CONNUS_AU_PLUS:
        connus.clear()
    connus |= {e.cle: (e.marques, maintenant, trouves.get(e.cle, Rang.RESTE)) for e in a_voir}
    rangs = {e.cle: trouves[e.cle] if e.cle in trouves else connus.get(e.cle, ((), 0, Rang.RESTE))[2] for e in elements}
    return {cle: rang for cle, rang in rangs.items() if rang is not Rang.RESTE}


def _examiner(session: Session, acteur: Acteur, cibles: Sequence[Cible]) -> Risques:
    ouverts = ouvrir_plusieurs(session, acteur, cibles, Geste.MODIFIER)
    trouves = dict.fromkeys(exigences.en_ecart(session, list(ouverts.values())), Rang.ECART)
    return trouves | {cle: Rang.BLOQUE for cle, d in ouverts.items() if any(a.bloque for a in d.anomalies())}


# ----------------------------------------------------------------------------- in SQL


def _candidats(session: Session, ouverts: Any, jour: date) -> list[Element]:
    """Objects to review, at most `AU_PLUS`; one query."""
    c, eg = ouverts.c, EntiteGeographique
    retard = sa.case((c.etat.in_(EN_RETARD), 1), else_=0)
    pression = func.sum(retard).over(partition_by=c.eg)
    requete = (
        sa.select(
            c.cle,
            c.nom,
            c.eg,
            eg.num_finess,
            c.validation,
            c.etat,
            c.brouillon,
            c.sert,
            pression,
            *(c[m] for m in MARQUES),
        )
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


def _compter(session: Session, ouverts: Any, jour: date) -> tuple[int, int]:
    """How many are done and how many there are, whatever their state; one query."""
    a_faire = func.coalesce(func.sum(sa.case((_a_faire(ouverts, jour), 1), else_=0)), 0)
    reste, total = session.execute(sa.select(a_faire, func.count()).select_from(ouverts)).one()
    return total - reste, total


def depuis(jour: date) -> datetime:
    """What was reviewed since that instant is done; `ror.fraicheur.vient_d_etre_relu` in SQL."""
    premier = jour - timedelta(days=JOURS_DE_RELECTURE - 1)
    return datetime.combine(premier, time(), PARIS).astimezone(UTC)


def _a_faire(ouverts: Any, jour: date) -> Any:
    return sa.or_(ouverts.c.validation.is_(None), ouverts.c.validation < depuis(jour), ouverts.c.brouillon == 1)


def _ouverts(acteur: Acteur, choix: Choix, jour: date) -> Any:
    """Offers and lieux that this person may change and that are not closed for good, as `Element` reads them."""
    voulues = [classe for classe in CLASSES if choix.genre in ("", classe.GENRE)]
    return sa.union_all(*(_ouverts_de(classe, acteur, choix, jour) for classe in voulues))


def _ouverts_de(classe: Any, acteur: Acteur, choix: Choix, jour: date) -> Any:
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
    siens = OffreLieu.lieu_realisation_offre_id == lieu.id, OffreLieu.offre_operationnelle_id == classe.id
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


def _imports(session: Session, acteur: Acteur, finess: set[str]) -> dict[str, datetime]:
    """{FINESS: when the register last changed it here}, of these établissements; now, where the two still differ."""
    cles = [f"{EntiteGeographique.GENRE}:{f}" for f in sorted(finess)]
    requete = sa.select(col(Trace.finess), func.max(col(Trace.instant))).where(
        col(Trace.objet).in_(cles), Trace.action == Action.IMPORT, col(Trace.version_avant).is_not(None)
    )
    changes = {f: utc(instant) for f, instant in session.execute(requete.group_by(col(Trace.finess))) if instant}
    return changes | dict.fromkeys(finess & desaccords_par_etablissement(session, acteur).keys(), datetime.now(UTC))
