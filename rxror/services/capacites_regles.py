"""What the rules say of the grid « Capacités du site », with what is typed and not saved yet laid over what is kept."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session, col, select

from rxror.ror.capacites_du_site import CAPACITES, Cellule, Faute, fautes_d_une_offre, fautes_du_lieu, poser
from rxror.ror.dates import aujourd_hui
from rxror.ror.exigences import perimetre
from rxror.ror.exigences.entrees import EtablissementVu, voir_offre
from rxror.ror.exigences.offre import cp6
from rxror.ror.exigences.verdicts import Statut
from rxror.ror.objets import LieuRealisationOffre, OffreLieu, OffreOperationnelle
from rxror.ror.objets.lieu import COURANT, INSTALLE, PLACE
from rxror.ror.saisie import Illisible, Lecture, Valeurs, publiables
from rxror.services import brouillons, contenu, modeles
from rxror.services.etats import fermee
from rxror.services.site import LieuDuSite, Site

Tapes = Mapping[tuple[str, Cellule], str]  # {(identifier of a lieu, cell): text}


@dataclass
class Saisie:
    """What typed cells make of the lieux.

    Attributes:
        lectures: {identifier: capacities with what is typed} of the lieux where something is.
        fautes: what could not be read.
    """

    lectures: dict[str, Lecture] = field(default_factory=dict)
    fautes: list[Faute] = field(default_factory=list)


def lire(site: Site, tapes: Tapes) -> Saisie:
    """Lay typed cells over what is kept."""
    par_lieu = {lieu.identifiant: lieu for lieu in site.lieux}
    lue = Saisie()
    for (identifiant, cellule), texte in tapes.items():
        lieu = par_lieu.get(identifiant)
        if lieu is None:
            continue
        avant = lue.lectures.get(identifiant) or gardees(lieu)
        try:
            lue.lectures[identifiant] = poser(avant, cellule, texte)
        except Illisible as raison:
            lue.lectures[identifiant] = avant
            lue.fautes.append(Faute(identifiant, cellule, str(raison), bloque=True, regle="LECTURE"))
    return lue


def gardees(lieu: LieuDuSite) -> Lecture:
    """The capacities of a lieu as they are kept, brouillon over published."""
    return Lecture({CAPACITES: lieu.contexte.valeurs.get(CAPACITES) or []}, dict(lieu.illisibles))


def controler(session: Session, site: Site, saisie: Saisie, lieux: Iterable[LieuDuSite] | None = None) -> list[Faute]:
    """What could not be read, then what the rules say.

    Args:
        lieux: which ones to look at, those where something is typed by default.
    """
    regardes = [lieu for lieu in site.lieux if lieu.identifiant in saisie.lectures] if lieux is None else list(lieux)
    valeurs = {lieu.identifiant: _valeurs(lieu, saisie) for lieu in regardes}
    fautes = list(saisie.fautes)
    for lieu in regardes:
        contexte = lieu.contexte.sur(valeurs[lieu.identifiant])
        fautes += fautes_du_lieu(lieu.identifiant, contexte, site.catalogue)
    fautes += _des_offres(session, site, regardes, saisie)
    return _sans_doublon(fautes)


def _valeurs(lieu: LieuDuSite, saisie: Saisie) -> Valeurs:
    lecture = saisie.lectures.get(lieu.identifiant)
    return {**lieu.contexte.valeurs, **(lecture.valeurs if lecture else {})}


def _sans_doublon(fautes: list[Faute]) -> list[Faute]:
    """One sentence for each cell, the heaviest first."""
    retenues: dict[tuple[str, Cellule], Faute] = {}
    for faute in sorted(fautes, key=lambda f: not f.bloque):
        retenues.setdefault((faute.lieu, faute.cellule), faute)
    return list(retenues.values())


def _des_offres(session: Session, site: Site, regardes: list[LieuDuSite], saisie: Saisie) -> list[Faute]:
    """What closed offers say of their lieux, and accommodations of their places."""
    ids = {offre for lieu in regardes for offre in lieu.offres}
    if not ids:
        return []
    heberge = site.etablissement.categorie_eg in perimetre.HEBERGEMENT
    offre = OffreOperationnelle
    condition = col(offre.id).in_(ids) if heberge else col(offre.id).in_(ids) & fermee(aujourd_hui())
    offres = list(session.exec(select(offre).where(condition).order_by(col(offre.id))))
    if not offres:
        return []
    publiees = contenu.lire(session, offre, offres, {"adresse"})
    ouvertes = _ouvertes(session, site)
    noms = {f"{offre.GENRE}:{o.identifiant_offre}": o for o in offres}
    prepares = brouillons.charger(session, noms)
    tous = {lieu.identifiant: lieu for lieu in site.lieux}
    fautes: list[Faute] = []
    for cle, o in noms.items():
        valeurs = brouillons.superposer(publiees[o.id or 0], prepares[cle].values())
        siens = {
            i: publiables(LieuRealisationOffre, _valeurs(tous[i], saisie), tous[i].contexte)
            for i in valeurs.get(contenu.LIEUX) or []
            if i in tous
        }
        contexte = brouillons.contexte(valeurs, site.etablissement, modeles.de(session, o))
        fautes += fautes_d_une_offre(contexte, siens, ouvertes, site.catalogue)
        if heberge:
            fautes += _places(site, valeurs, siens)
    voulus = {lieu.identifiant for lieu in regardes}
    return [f for f in fautes if f.lieu in voulus]


def _places(site: Site, valeurs: Mapping[str, Any], siens: Mapping[str, Valeurs]) -> list[Faute]:
    eg = site.etablissement
    vue = voir_offre(valeurs, siens, site.catalogue, categorie=eg.categorie_eg)
    verdict = cp6(vue, EtablissementVu(finess=eg.num_finess, categorie=eg.categorie_eg))
    if verdict.statut is not Statut.ECART or not vue.lieu:
        return []
    return [
        Faute(vue.lieu, Cellule(PLACE, INSTALLE, COURANT), f"{vue.nom} : {verdict.phrase}", bloque=False, regle="CP6")
    ]


def _ouvertes(session: Session, site: Site) -> dict[str, int]:
    """{identifier: how many open offers it serves} of the lieux that serve some."""
    lieu, offre, lien = LieuRealisationOffre, OffreOperationnelle, OffreLieu
    requete = (
        select(lieu.identifiant)
        .join(lien, col(lien.lieu_realisation_offre_id) == lieu.id)
        .join(offre, col(offre.id) == lien.offre_operationnelle_id)
        .where(lieu.entite_geographique_id == site.etablissement.id, ~fermee(aujourd_hui()))
    )
    comptes: dict[str, int] = {}
    for identifiant in session.exec(requete):
        comptes[identifiant] = comptes.get(identifiant, 0) + 1
    return comptes
