"""« Valider » all that is saved below an établissement, a pôle or a UF: each object whole, or left.

What blocks one of them stops no other. One line of trace for each object; those of one gesture share its key.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, TypedDict
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import ColumnElement, literal, or_
from sqlmodel import Session, col, select

from rxror.ror import parcours
from rxror.ror.erreurs import AccesRefuse, GesteRefuse, ObjetFerme
from rxror.ror.objets import EntiteGeographique, LieuRealisationOffre, OffreOperationnelle, OrganisationInterne
from rxror.ror.reperes import nom_de, nom_en_liste
from rxror.ror.typographie import fr
from rxror.services import dossier, gardes, hierarchie, noeuds, validation
from rxror.services.acces import IDENTIFIANTS, Acces, Acteur, Cible, Geste
from rxror.services.changements import Changement
from rxror.services.confirmation import ABSENT, BLOQUE, CHANGE, Bilan, ObjetLu
from rxror.services.dossier import Dossier
from rxror.services.dossiers import ouvrir_plusieurs
from rxror.services.fiche import Manque, manque
from rxror.services.tracer import deja_fait
from rxror.tables import Action, Brouillon, Trace
from rxror.tri import cle_de_tri

AU_PLUS = 50
OFFRE, LIEU = OffreOperationnelle.GENRE, LieuRealisationOffre.GENRE
STRUCTURE, ETABLISSEMENT = OrganisationInterne.GENRE, EntiteGeographique.GENRE


class ValiderPlusieurs(BaseModel):
    """One « Valider ces objets », with its whole context: each object as its changes were read."""

    model_config = ConfigDict(extra="forbid")

    objets: Annotated[list[ObjetLu], Field(min_length=1, max_length=AU_PLUS)]
    cle: UUID


class ObjetAPublier(TypedDict):
    """One object with something saved: what changes, or what blocks it; `sert` tells whom else a lieu touches."""

    cle: str
    nom: str
    sert: str
    url: str
    changements: list[Changement]
    points: list[Manque]
    alertes: int
    vu: str


@dataclass
class Vue:
    """What the page shows. `autres` is how many are beyond the first `AU_PLUS`."""

    nom: str
    chemin: list[tuple[str, str]]
    retour: str
    avec_uf: bool
    prets: list[ObjetAPublier] = field(default_factory=list)
    bloques: list[ObjetAPublier] = field(default_factory=list)
    autres: int = 0


def preparer(session: Session, acteur: Acteur, cible: Cible) -> Vue:
    """What is saved below a node, and whether it is ready. Writes nothing; `AU_PLUS` objects at most.

    A lieu whose offer is in the list is published with it, and is not told twice.

    Raises:
        AccesRefuse: no such node, or no right to read it.
    """
    acces = noeuds.ouvrir(session, acteur, cible)
    ouverts = _ouvrir(session, acteur, _en_attente(session, acces))
    avec = {lieu.cle for cle, d in ouverts.items() if cle.startswith(f"{OFFRE}:") for lieu in d.lieux.values()}
    voulus = sorted(
        (d for cle, d in ouverts.items() if cle not in avec), key=lambda d: (cle_de_tri(_nom(d)), d.cible.cle)
    )
    objets = [_objet(session, acteur, d) for d in voulus[:AU_PLUS]]
    return Vue(
        nom=nom_de(acces.objet),
        chemin=hierarchie.jusqu_a(session, acces, cible),
        retour=parcours.url_objet(cible.genre, cible.identifiant),
        avec_uf=acces.etablissement.sanitaire,
        prets=[o for o in objets if not o["points"]],
        bloques=[o for o in objets if o["points"]],
        autres=max(0, len(voulus) - AU_PLUS),
    )


def valider_plusieurs(session: Session, acteur: Acteur, demande: ValiderPlusieurs) -> Bilan:
    """Publish the chosen objects; each one whole, or left with its reason. The same `cle` again changes nothing.

    Raises:
        AccesRefuse: one may validate none of them.
        SaisieInvalide: `cle` was used by another gesture.
    """
    geste, cibles = str(demande.cle), [o.cible for o in demande.objets]
    ouverts = _ouvrir(session, acteur, cibles)
    if not ouverts:
        raise AccesRefuse(cibles[0].cle)
    if faite := deja_fait(session, acteur, demande.cle, action=Action.VALIDATION):
        publies = _publies(session, faite, geste)
        return Bilan(
            [c.cle for c in cibles if c.cle in publies], {c.cle: CHANGE for c in cibles if c.cle not in publies}
        )
    lus = {o.cible.cle: o.vu for o in demande.objets}
    refus = {cle: _refus(session, acteur, ouverts.get(cle), vu) for cle, vu in lus.items()}  # all, then one writes
    bilan, deja = Bilan(refus={cle: dit for cle, dit in refus.items() if dit}), set[str]()
    for cle in (c for c, dit in refus.items() if not dit):
        if cle not in deja:  # a lieu may have been published with its offer
            premier = not bilan.faits
            traces = validation.publier(session, acteur, ouverts[cle], geste, premier=premier, sauf=deja)
            deja |= {t.objet for t in traces}
        bilan.faits.append(cle)
    return bilan


def _publies(session: Session, faite: Trace, geste: str) -> set[str]:
    """Objects that a gesture published: the lines of one gesture follow one another."""
    requete = (
        select(Trace)
        .where(Trace.utilisateur_id == faite.utilisateur_id, Trace.action == Action.VALIDATION)
        .where(col(Trace.id) >= (faite.id or 0))
        .order_by(col(Trace.id))
        .limit(AU_PLUS * 20)
    )
    return {t.objet for t in session.exec(requete) if t.resultat.get("geste") == geste}


def _refus(session: Session, acteur: Acteur, ouvert: Dossier | None, vu: str) -> str:
    if ouvert is None:
        return ABSENT
    if any(a.bloque for a in ouvert.anomalies()):
        return BLOQUE
    if validation.vu_du(ouvert) != vu or not _attend(ouvert):
        return CHANGE
    try:
        validation.garder_les_lieux_d_autrui(session, acteur, ouvert)
    except GesteRefuse as refus:
        return str(refus)
    return ""


def _attend(ouvert: Dossier) -> bool:
    return any(p.brouillons for p in ouvert.pieces)


def _objet(session: Session, acteur: Acteur, ouvert: Dossier) -> ObjetAPublier:
    anomalies = gardes.annoter(session, ouvert.anomalies(), ouvert.cible.cle)
    changements, _ = validation.changements_de(session, ouvert, acteur)
    return ObjetAPublier(
        cle=ouvert.cible.cle,
        nom=_nom(ouvert),
        sert=_sert(ouvert),
        url=parcours.url_validation(ouvert.cible.genre, ouvert.cible.identifiant),
        changements=changements,
        points=[manque(a, ouvert.cible) for a in anomalies if a.bloque],
        alertes=sum(a.a_regarder and not a.bloque and not a.garde for a in anomalies),
        vu=validation.vu_du(ouvert),
    )


def _sert(ouvert: Dossier) -> str:
    n = ouvert.usages.get(ouvert.cible.identifiant, 0) if ouvert.cible.genre == LIEU else 0
    return fr(f"Sert {n} offres : ce qui change ici change pour toutes") if n > 1 else ""


def _nom(ouvert: Dossier) -> str:
    nom = nom_de(ouvert.principale.objet, ouvert.principale.valeurs)
    return nom_en_liste(ouvert.cible.genre, nom)


# ------------------------------------------------------------------------------ what waits


def _ouvrir(session: Session, acteur: Acteur, cibles: Iterable[Cible]) -> dict[str, Dossier]:
    """Those that one may validate; the structures and the établissement, which are few, one by one."""
    voulues = list(dict.fromkeys(cibles))
    ouverts: dict[str, Dossier] = {}
    for cible in sorted((c for c in voulues if c.genre in (STRUCTURE, ETABLISSEMENT)), key=lambda c: c.cle):
        try:
            ouverts[cible.cle] = dossier.ouvrir(session, acteur, cible, Geste.VALIDER)
        except (AccesRefuse, ObjetFerme):
            continue
    autres = [c for c in voulues if c.genre in (OFFRE, LIEU)]
    plusieurs: Mapping[str, Dossier] = ouvrir_plusieurs(session, acteur, autres, Geste.VALIDER) if autres else {}
    return {**ouverts, **plusieurs}


def _en_attente(session: Session, acces: Acces) -> list[Cible]:
    """Objects below a node, itself included, on which something is saved. One query."""
    sous = [_cles(classe, condition) for classe, condition in _dedans(acces.objet)]
    requete = select(Brouillon.objet).where(or_(*(col(Brouillon.objet).in_(cles) for cles in sous))).distinct()
    return [Cible(*cle.split(":", 1)) for cle in session.exec(requete.order_by(Brouillon.objet))]


def _cles(classe: Any, condition: ColumnElement[bool]) -> Any:
    return select(literal(f"{classe.GENRE}:") + IDENTIFIANTS[classe.GENRE]).where(condition)


def _dedans(racine: EntiteGeographique | OrganisationInterne) -> Iterable[tuple[type, ColumnElement[bool]]]:
    offre, lieu, oi = OffreOperationnelle, LieuRealisationOffre, OrganisationInterne
    yield offre, noeuds.offres_sous(racine)
    yield lieu, noeuds.lieux_sous(racine)
    if isinstance(racine, EntiteGeographique):
        yield EntiteGeographique, col(EntiteGeographique.id) == racine.id
        yield oi, col(oi.entite_geographique_id) == racine.id
    else:
        yield oi, col(oi.id).in_(noeuds.structures_sous(racine))
