"""The whole of an établissement on one screen: its tree, the state of each offer; filtered, searched, by pages.

Three queries for the tree and its counts, one more for the offers that are shown, however many they are. A state is
worth for whom the offer is given: of the others' offers one reads the state, and they are not to be done.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy.orm import load_only
from sqlmodel import Session, col, select

from rxror.ror.dates import aujourd_hui
from rxror.ror.erreurs import AccesRefuse
from rxror.ror.fermeture import etat_de
from rxror.ror.fraicheur import BROUILLON, EN_COURS
from rxror.ror.objets import EntiteGeographique, OffreOperationnelle, OrganisationInterne
from rxror.ror.parcours import ETABLISSEMENTS, chemin_de, url_arbre, url_etablissement, url_offre
from rxror.ror.reperes import nom_de
from rxror.ror.typographie import fr
from rxror.services import ensemble_filtres, foret, lieux
from rxror.services.acces import Acteur, Cible, Geste, exiger
from rxror.services.consultation import structure_fermee
from rxror.services.ensemble_vues import OUVERTS_MAXIMUM, Feuille, Noeud, Vue, VueEnsemble
from rxror.services.foret import DIRECTES, FERMEES, TITRES, Foret, Ligne

PAR_PAGE = 100
AU_PLUS = 100
NIVEAUX = 3  # pôle, service, UF; what is below hangs from the third
TITRE = "Tout l’établissement"


def lire(
    session: Session, acteur: Acteur, finess: str, voulue: Vue, ici: str = "", jour: date | None = None
) -> VueEnsemble:
    """The tree, folded; or the offers that are asked for, unfolded, a hundred a page.

    Args:
        ici: identifier of a structure or of an offer to be seen at once.

    Raises:
        AccesRefuse: no such établissement, or no habilitation on it.
    """
    jour = jour or aujourd_hui()
    eg: EntiteGeographique = exiger(session, acteur, Cible(EntiteGeographique.GENRE, finess), Geste.LIRE).objet
    bois = foret.lire(session, acteur, eg, jour)
    ensemble, nom = bois.arbre.ensemble, nom_de(eg)
    vue = VueEnsemble(
        finess=finess,
        nom=nom,
        sanitaire=eg.sanitaire,
        chemin=chemin_de(
            ("Mes établissements", ETABLISSEMENTS), (nom, url_etablissement(finess)), ("Tout l’établissement", "")
        ),
        url=url_arbre(finess),
        avancement=ensemble.avancement,
        a_jour=ensemble.a_jour,
        total=ensemble.total,
        contenu=bois.arbre.contenu(),
        partiel=ensemble_filtres.partiel(bois.lignes),
        etats=list(ensemble_filtres.filtres_par_etat(bois.lignes, finess, voulue)),
        rappel=list(ensemble_filtres.rappel(bois, finess, voulue)),
        filtree=voulue.filtree,
        liste=voulue.liste,
        url_deplier=url_arbre(finess, deplie="1"),
        url_relecture=ensemble_filtres.relecture(bois, voulue),
        lieux=lieux.compter(session, eg),
    )
    return _en_liste(session, bois, voulue, vue) if voulue.liste else _repliee(session, bois, voulue, ici, vue)


def branche(session: Session, acteur: Acteur, identifiant: str, jour: date | None = None) -> Noeud:
    """What hangs from one node of the tree: its structures, and a hundred of its offers at most.

    Raises:
        AccesRefuse: no such node, or no habilitation on its établissement.
    """
    jour = jour or aujourd_hui()
    genre, _, finess = identifiant.rpartition(":")
    autre = f"{genre}:" in TITRES
    cible = Cible(EntiteGeographique.GENRE, finess) if autre else Cible(OrganisationInterne.GENRE, identifiant)
    eg = exiger(session, acteur, cible, Geste.LIRE).etablissement
    bois = foret.lire(session, acteur, eg, jour)
    return _branche(session, bois, identifiant, frozenset())


# ------------------------------------------------------------------------ the tree


def _repliee(session: Session, bois: Foret, voulue: Vue, ici: str, vue: VueEnsemble) -> VueEnsemble:
    """Every node at the top, folded, but those that the address opens."""
    tetes = [t.identifiant_oi for t in bois.tetes]
    tous = [*tetes[:AU_PLUS], *bois.autres()]
    ouverts = {*voulue.ouverts.split(",")[:OUVERTS_MAXIMUM], *_autour(bois, ici)}
    a_ouvrir = [t for t in tous if t in ouverts] if tetes else tous[:1]
    branches: dict[str, Noeud] = {}
    for identifiant in a_ouvrir:
        garder(branches, identifiant, _branche(session, bois, identifiant, ouverts))
    coupe = f" Les {AU_PLUS} premières structures sont montrées : cherchez les autres par leur nom."
    return replace(
        vue,
        noeuds=[bois.entete(t) for t in tous],
        branches=branches,
        resume=fr(bois.arbre.contenu() + "." + (coupe if len(tetes) > AU_PLUS else "")),
    )


def garder(branches: dict[str, Noeud], identifiant: str, noeud: Noeud) -> None:
    """Add what was opened; beyond a hundred rows what was opened first is folded again, so that no message is long."""
    branches[identifiant] = noeud
    while len(branches) > 1 and sum(n.lignes for n in branches.values()) > AU_PLUS:
        del branches[next(iter(branches))]


def _autour(bois: Foret, ici: str) -> set[str]:
    """Nodes to open so that a structure, or an offer, is seen."""
    for dessus in bois.places.values():
        if dessus[-1].identifiant_oi == ici:
            return {s.identifiant_oi for s in dessus}
    for ligne in bois.lignes:
        if ici and ligne.identifiant == ici:
            return {bois.tete(ligne), *(s.identifiant_oi for s in bois.places.get(ligne.oi, []))}
    return set()


def _branche(session: Session, bois: Foret, identifiant: str, ouverts: Collection[str]) -> Noeud:
    if not bois.nom(identifiant):
        raise AccesRefuse(identifiant)
    lignes = bois.en_ordre(bois.dans(identifiant))
    feuilles = _feuilles(session, lignes[:AU_PLUS], bois.arbre.jour)
    reste = len(lignes) - AU_PLUS
    noeud = _monter(bois, identifiant, lignes[:AU_PLUS], feuilles, None, ouverts)
    if reste <= 0:
        return noeud
    suite = fr(f"Voir les {len(lignes)} offres, par pages")
    return replace(noeud, suite=suite, url_suite=url_arbre(bois.finess, dans=identifiant))


def _monter(
    bois: Foret,
    identifiant: str,
    lignes: Iterable[Ligne],
    feuilles: dict[int, Feuille],
    gardees: set[int | None] | None,
    ouverts: Collection[str] | None,
) -> Noeud:
    """A node with what hangs from it.

    Args:
        lignes: its offers to show.
        gardees: structures to show; all of them without it.
        ouverts: nodes that are open; all of them without it.
    """
    par_oi: dict[int | None, list[Feuille]] = {}
    for ligne in lignes:
        par_oi.setdefault(ligne.oi, []).append(feuilles[ligne.id])
    if identifiant in (DIRECTES + bois.finess, FERMEES + bois.finess):
        closes = [] if identifiant != FERMEES + bois.finess or gardees is not None else _closes(bois)
        dedans = [f for groupe in par_oi.values() for f in groupe]
        return replace(bois.entete(identifiant), ouvert=True, offres=[*closes, *dedans][:AU_PLUS])

    def monter(oi: OrganisationInterne, niveau: int) -> Noeud:
        enfants = [e for e in bois.arbre.enfants(oi) if e.id in bois.places and (gardees is None or e.id in gardees)]
        ici = [*par_oi.get(oi.id, [])]
        if niveau >= NIVEAUX:
            dessous = (s.id for s in bois.arbre.descendance(oi)[1:])
            ici, enfants = [*ici, *(f for s in dessous for f in par_oi.get(s, []))], []
        noeud = bois.structure(oi)
        ouvert = ouverts is None or oi.identifiant_oi in ouverts
        return replace(noeud, ouvert=ouvert, offres=ici, enfants=[monter(e, niveau + 1) for e in enfants[:AU_PLUS]])

    dessus = next(places for places in bois.places.values() if places[-1].identifiant_oi == identifiant)
    return replace(monter(dessus[-1], len(dessus)), ouvert=True)


def _closes(bois: Foret) -> list[Feuille]:
    """Structures closed for good."""
    lues = (structure_fermee(oi, bois.arbre.jour) for oi in bois.closes)
    return [Feuille(**_feuille(x.identifiant, x.nom, x.url, x.etat, x.precision)) for x in lues]


def _feuilles(session: Session, lignes: list[Ligne], jour: date) -> dict[int, Feuille]:
    """{id: what is shown of an offer}, in one query."""
    if not lignes:
        return {}
    offre, par_id = OffreOperationnelle, {ligne.id: ligne for ligne in lignes}
    colonnes: Any = (
        offre.identifiant_offre,
        offre.nom_offre,
        offre.date_validation,
        offre.date_fermeture,
        offre.type_fermeture,
        offre.date_previsionnelle_reouverture,
    )
    requete = select(offre).where(col(offre.id).in_(list(par_id))).options(load_only(*colonnes))
    feuilles: dict[int, Feuille] = {}
    for lue in session.exec(requete):
        ligne = par_id[lue.id or 0]
        etat, precision = etat_de(lue, jour)
        brouillon = (EN_COURS if ligne.inacheve else BROUILLON).mot if ligne.brouillon else ""
        url = url_offre(ligne.identifiant)
        feuilles[ligne.id] = Feuille(
            **_feuille(ligne.identifiant, ligne.nom, url, etat, precision, brouillon, lecture=not ligne.mienne)
        )
    return feuilles


def _feuille(
    ancre: str, nom: str, url: str, etat: Any, precision: str, brouillon: str = "", *, lecture: bool = False
) -> dict[str, Any]:
    return {
        "ancre": ancre,
        "nom": nom,
        "url": url,
        "mot": etat.mot,
        "sorte": etat.sorte,
        "precision": precision,
        "brouillon": brouillon,
        "lecture": lecture,
    }


# --------------------------------------------------------------------- what is asked for


def _en_liste(session: Session, bois: Foret, voulue: Vue, vue: VueEnsemble) -> VueEnsemble:
    """A page of the offers kept, in the branches that hold them, all open."""
    gardees = bois.en_ordre(ensemble_filtres.gardees(bois, voulue))
    vides = ensemble_filtres.structures_nommees(bois, voulue, gardees)
    pages = max(1, -(-len(gardees) // PAR_PAGE))
    numero = min(max(1, voulue.page), pages)
    lignes = gardees[(numero - 1) * PAR_PAGE : numero * PAR_PAGE]
    feuilles = _feuilles(session, lignes, bois.arbre.jour)
    montrees = {s.id for o in lignes for s in bois.places.get(o.oi, [])}
    if numero == 1:
        montrees |= {s.id for oi in vides[:AU_PLUS] for s in bois.places[oi.id]}
    tenues = {bois.tete(o) for o in lignes} | {t.identifiant_oi for t in bois.tetes if t.id in montrees}
    tous = [t for t in [*(t.identifiant_oi for t in bois.tetes), *bois.autres()] if t in tenues]
    par_tete = {t: [o for o in lignes if bois.tete(o) == t] for t in tous}
    adresses = {n: url_arbre(bois.finess, **voulue.avec(page=n)) for n in (numero - 1, numero + 1)}
    return replace(
        vue,
        noeuds=[bois.entete(t) for t in tous],
        branches={t: _monter(bois, t, par_tete[t], feuilles, montrees, None) for t in tous},
        resume=ensemble_filtres.resume(len(gardees), len(vides), voulue),
        page=numero,
        pages=pages,
        url_avant=adresses[numero - 1] if numero > 1 else "",
        url_apres=adresses[numero + 1] if numero < pages else "",
    )
