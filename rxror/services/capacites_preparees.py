"""The capacities of an établissement that are saved and not validated: before, after, by whom, what still blocks."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

from sqlmodel import Session, col, select

from rxror.ror.capacites_du_site import CAPACITES, Cellule, case_de
from rxror.ror.dates import moment
from rxror.ror.parcours import (
    Maillon,
    chemin_de,
    url_capacites,
    url_etablissement,
    url_lieu,
    url_section,
    url_validation,
)
from rxror.ror.reperes import nom_de
from rxror.services import capacites_regles, site
from rxror.services.acces import Acteur
from rxror.services.capacites_regles import Saisie
from rxror.services.lieux import usage
from rxror.services.site import LieuDuSite, Site
from rxror.tables import Utilisateur


class Ecart(TypedDict):
    """A cell before and after."""

    label: str
    avant: str
    apres: str
    qui: str


class LieuPrepare(TypedDict):
    """A lieu whose capacities wait for « Valider »."""

    identifiant: str
    nom: str
    url: str
    url_valider: str
    usage: str
    ecarts: list[Ecart]
    autres: bool
    bloque: list[str]


@dataclass
class Preparees:
    """All that the page shows; `sans_changement` counts the other lieux."""

    finess: str
    nom: str
    sanitaire: bool
    chemin: list[Maillon]
    lieux: list[LieuPrepare]
    sans_changement: int


def lire(session: Session, acteur: Acteur, finess: str) -> Preparees:
    """The lieux of an établissement with capacities that were saved.

    Raises:
        AccesRefuse: no such établissement, or no habilitation on it.
    """
    ici = site.charger(session, acteur, finess)
    prepares = [lieu for lieu in ici.lieux if lieu.brouillon is not None]
    fautes = capacites_regles.controler(session, ici, Saisie(), prepares) if prepares else []
    noms = _auteurs(session, prepares)
    bloque = {
        lieu.identifiant: [f.message for f in fautes if f.bloque and f.lieu == lieu.identifiant] for lieu in prepares
    }
    eg = ici.etablissement
    nom = nom_de(eg)
    return Preparees(
        eg.num_finess,
        nom,
        eg.sanitaire,
        chemin_de((nom, url_etablissement(finess)), ("Capacités du site", url_capacites(finess)), ("À valider", "")),
        [_prepare(ici, lieu, noms, bloque[lieu.identifiant]) for lieu in prepares],
        len(ici.lieux) - len(prepares),
    )


def _auteurs(session: Session, prepares: list[LieuDuSite]) -> dict[int, str]:
    ids = {dit[0] for lieu in prepares if lieu.brouillon for dit in lieu.brouillon.auteurs.values()}
    requete = select(Utilisateur).where(col(Utilisateur.id).in_(ids))
    return {u.id or 0: u.nom_complet for u in session.exec(requete)} if ids else {}


def _prepare(ici: Site, lieu: LieuDuSite, noms: dict[int, str], bloque: list[str]) -> LieuPrepare:
    ecarts = _ecarts(lieu, noms)
    return LieuPrepare(
        identifiant=lieu.identifiant,
        nom=lieu.nom,
        url=url_section("lieu", lieu.identifiant, "capacitaire"),
        url_valider=url_validation("lieu", lieu.identifiant) if lieu.validable else url_lieu(lieu.identifiant),
        usage=usage(len(lieu.offres)),
        ecarts=ecarts,
        autres=len(lieu.siens) > 1 or not ecarts,
        bloque=bloque,
    )


def _ecarts(lieu: LieuDuSite, noms: dict[int, str]) -> list[Ecart]:
    """The cells that differ from what is published, by nature, statut and temporalité."""
    valeurs = lieu.contexte.valeurs
    lignes = [*(lieu.publiees.get(CAPACITES) or []), *(valeurs.get(CAPACITES) or [])]
    codes = {(e.get("nature_capacite"), e.get("statut_capacite"), e.get("temporalite_capacite")) for e in lignes}
    connus = [Cellule(*c) for c in sorted(c for c in codes if all(c))]
    ecarts: list[Ecart] = []
    for cellule in connus:
        avant, apres = lieu.publiee(cellule), case_de(valeurs, lieu.illisibles, cellule)
        if avant.texte != apres.texte:
            qui = _qui(lieu, apres.cle or avant.cle, noms)
            ecarts.append(Ecart(label=cellule.label, avant=avant.texte or "–", apres=apres.texte or "–", qui=qui))
    return ecarts


def _qui(lieu: LieuDuSite, cle: str, noms: dict[int, str]) -> str:
    auteurs = lieu.brouillon.auteurs if lieu.brouillon else {}
    dit = auteurs.get(f"{CAPACITES}.{cle}") or auteurs.get(CAPACITES)
    return f"{noms.get(dit[0], '')}, {moment(datetime.fromisoformat(dit[1]))}".removeprefix(", ") if dit else ""
