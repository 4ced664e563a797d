"""The whole of an établissement on one screen: its tree, the state of each offer; filtered, searched, by pages.

Three queries for the tree and its counts, one more for the offers that are shown, however many they are. A state is
worth for whom the offer is given: of the others' offers one reads the state, and they are not to be done.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import load_only
from sqlmodel import Session, col, select

from rxror.ror.dates import aujourd_hui, mois_annee
from rxror.ror.erreurs import AccesRefuse
from rxror.ror.fermeture import est_archive, etat_de
from rxror.ror.fraicheur import BROUILLON, EN_COURS, Compte, Fraicheur, offres, validees_pour
from rxror.ror.objets import EntiteGeographique, OffreOperationnelle, OrganisationInterne
from rxror.ror.parcours import (
    ETABLISSEMENTS,
    chemin_de,
    url_arbre,
    url_etablissement,
    url_offre,
    url_relecture,
    url_structure,
)
from rxror.ror.reperes import nom_de
from rxror.ror.typographie import fr
from rxror.services import lieux
from rxror.services.acces import Acteur, Cible, Geste, confie, exiger, permis
from rxror.services.arbre import Arbre
from rxror.services.consultation import structure_fermee
from rxror.services.ensemble_vues import (
    NOMS,
    OUVERTS_MAXIMUM,
    PLURIELS,
    Choix,
    Feuille,
    Filtre,
    Noeud,
    Vue,
    VueEnsemble,
)
from rxror.services.etats import archive, est_inacheve, etats
from rxror.services.identite import utc
from rxror.tri import en_ordre

PAR_PAGE = 100
AU_PLUS = 100
NIVEAUX = 3  # pôle, service, UF; what is below hangs from the third
TITRE = "Tout l’établissement"
DIRECTES, FERMEES = "directes:", "fermees:"  # branches that are no structure, before the FINESS number
RELUS = {  # filters that the review queue has too
    Filtre.EN_RETARD: "en_retard",
    Filtre.JAMAIS: "en_retard",
    Filtre.A_REVOIR: "a_revoir",
    Filtre.A_JOUR: "a_jour",
    Filtre.ENREGISTRE: "brouillon",
}
TITRES = {DIRECTES: "Offres rattachées directement à l’établissement", FERMEES: "Fermées définitivement"}


class Ligne(NamedTuple):
    """An offer, as far as the tree is counted and filtered; `brouillon`, `inacheve`, `mienne`, `modifiable`, `archive` are 0 or 1."""

    id: int
    eg: int
    oi: int | None
    validation: Any
    etat: str
    brouillon: int
    inacheve: int
    mienne: int
    modifiable: int
    archive: int
    identifiant: str
    nom: str


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
    foret = _Foret(Arbre(session, eg, jour), _lire(session, acteur, eg, jour))
    ensemble, nom = foret.arbre.ensemble, nom_de(eg)
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
        contenu=foret.arbre.contenu(),
        partiel=_partiel(foret.lignes),
        etats=list(_etats(foret.lignes, finess, voulue)),
        rappel=list(_rappel(foret, finess, voulue)),
        filtree=voulue.filtree,
        liste=voulue.liste,
        url_deplier=url_arbre(finess, deplie="1"),
        url_relecture=_relecture(foret, voulue),
        lieux=lieux.compter(session, eg),
    )
    return _en_liste(session, foret, voulue, vue) if voulue.liste else _repliee(session, foret, voulue, ici, vue)


def branche(session: Session, acteur: Acteur, identifiant: str, jour: date | None = None) -> Noeud:
    """What hangs from one node at the top of the tree: its structures, and a hundred of its offers at most.

    Raises:
        AccesRefuse: no such node, or no habilitation on its établissement.
    """
    jour = jour or aujourd_hui()
    genre, _, finess = identifiant.rpartition(":")
    autre = f"{genre}:" in TITRES
    cible = Cible(EntiteGeographique.GENRE, finess) if autre else Cible(OrganisationInterne.GENRE, identifiant)
    eg = exiger(session, acteur, cible, Geste.LIRE).etablissement
    foret = _Foret(Arbre(session, eg, jour), _lire(session, acteur, eg, jour))
    return _branche(session, foret, identifiant, frozenset())


def _lire(session: Session, acteur: Acteur, eg: EntiteGeographique, jour: date) -> list[Ligne]:
    offre = OffreOperationnelle
    requete = (
        etats(jour)
        .add_columns(
            est_inacheve(jour).label("inacheve"),
            sa.case((confie(acteur, offre, jour), 1), else_=0).label("mienne"),
            sa.case((permis(acteur, Geste.MODIFIER, offre, jour), 1), else_=0).label("modifiable"),
            sa.case((archive(offre, jour), 1), else_=0).label("archive"),
            col(offre.identifiant_offre),
            col(offre.nom_offre),
        )
        .where(col(offre.entite_geographique_id) == eg.id)
        .order_by(en_ordre(offre.nom_offre), col(offre.id))
    )
    return [Ligne(*ligne) for ligne in session.execute(requete)]


# ------------------------------------------------------------------------ the tree


@dataclass
class _Foret:
    """The tree with its offers put in their places; `places` is in the order in which it is read."""

    arbre: Arbre
    lignes: list[Ligne]
    tetes: list[OrganisationInterne] = field(default_factory=list)
    closes: list[OrganisationInterne] = field(default_factory=list)
    places: dict[int | None, list[OrganisationInterne]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Walk down from the top; what is closed for good is apart, and a loop in the data is not followed."""
        for oi in self.arbre.enfants(None):
            if self._suivre(oi, []):
                self.tetes.append(oi)

    def _suivre(self, oi: OrganisationInterne, dessus: list[OrganisationInterne]) -> bool:
        if oi.id in self.places:
            return False
        if est_archive(oi, self.arbre.jour):
            self.closes.append(oi)
            return False
        self.places[oi.id] = [*dessus, oi]
        for enfant in self.arbre.enfants(oi):
            self._suivre(enfant, self.places[oi.id])
        return True

    @property
    def finess(self) -> str:
        """Of the établissement."""
        return self.arbre.eg.num_finess

    def tete(self, ligne: Ligne) -> str:
        """Identifier of the branch in which an offer is."""
        if ligne.archive or (ligne.oi is not None and ligne.oi not in self.places):
            return FERMEES + self.finess
        return self.places[ligne.oi][0].identifiant_oi if ligne.oi is not None else DIRECTES + self.finess

    def autres(self) -> Iterator[str]:
        """Branches that are no structure, where there is something."""
        tenues = {self.tete(ligne) for ligne in self.lignes}
        if DIRECTES + self.finess in tenues:
            yield DIRECTES + self.finess
        if FERMEES + self.finess in tenues or self.closes:
            yield FERMEES + self.finess

    def dans(self, identifiant: str) -> list[Ligne]:
        """The offers of a node, wherever it is in the tree."""
        sous = {oi for oi, dessus in self.places.items() if identifiant in {s.identifiant_oi for s in dessus}}
        return [o for o in self.lignes if self.tete(o) == identifiant or (not o.archive and o.oi in sous)]

    def en_ordre(self, lignes: Iterable[Ligne]) -> list[Ligne]:
        """As the tree is read: by structure, then by name."""
        rang = {oi: i for i, oi in enumerate(self.places)}
        fin = len(rang)

        def place(ligne: Ligne) -> int:
            if self.tete(ligne) == FERMEES + self.finess:
                return fin + 1
            return fin if ligne.oi is None else rang[ligne.oi]

        return sorted(lignes, key=place)

    def nom(self, identifiant: str) -> str:
        """How a node is called; "" for none of the tree."""
        for debut, titre in TITRES.items():
            if identifiant == debut + self.finess:
                return titre
        return next((s[-1].nom_oi for s in self.places.values() if s[-1].identifiant_oi == identifiant), "")

    def entete(self, identifiant: str) -> Noeud:
        """A node at the top, folded."""
        if identifiant == DIRECTES + self.finess:
            return _noeud(identifiant, self.nom(identifiant), self.arbre.directes)
        if identifiant == FERMEES + self.finess:
            n = len(self.closes) + sum(self.tete(o) == identifiant for o in self.lignes)
            return Noeud(identifiant, self.nom(identifiant), avancement=str(n))
        (oi,) = (t for t in self.tetes if t.identifiant_oi == identifiant)
        return _noeud(identifiant, oi.nom_oi, self.arbre.compte(oi), url_structure(identifiant))


def _noeud(identifiant: str, nom: str, compte: Compte, url: str = "") -> Noeud:
    fermees = f"{compte.fermees} fermée{'s' if compte.fermees > 1 else ''}"
    avancement = compte.avancement if compte.total else (fermees if compte.fermees else "Aucune offre")
    return Noeud(identifiant, nom, url, avancement, f"{compte.en_retard} en retard" if compte.en_retard else "")


def _repliee(session: Session, foret: _Foret, voulue: Vue, ici: str, vue: VueEnsemble) -> VueEnsemble:
    """Every node at the top, folded, but those that the address opens."""
    tetes = [t.identifiant_oi for t in foret.tetes]
    tous = [*tetes[:AU_PLUS], *foret.autres()]
    ouverts = {*voulue.ouverts.split(",")[:OUVERTS_MAXIMUM], *_autour(foret, ici)}
    a_ouvrir = [t for t in tous if t in ouverts] if tetes else tous[:1]
    branches: dict[str, Noeud] = {}
    for identifiant in a_ouvrir:
        garder(branches, identifiant, _branche(session, foret, identifiant, ouverts))
    coupe = f" Les {AU_PLUS} premières structures sont montrées : cherchez les autres par leur nom."
    return replace(
        vue,
        noeuds=[foret.entete(t) for t in tous],
        branches=branches,
        resume=fr(foret.arbre.contenu() + "." + (coupe if len(tetes) > AU_PLUS else "")),
    )


def garder(branches: dict[str, Noeud], identifiant: str, noeud: Noeud) -> None:
    """Add what was opened; beyond a hundred rows what was opened first is folded again, so that no message is long."""
    branches[identifiant] = noeud
    while len(branches) > 1 and sum(n.lignes for n in branches.values()) > AU_PLUS:
        del branches[next(iter(branches))]


def _autour(foret: _Foret, ici: str) -> set[str]:
    """Nodes to open so that a structure, or an offer, is seen."""
    for dessus in foret.places.values():
        if dessus[-1].identifiant_oi == ici:
            return {s.identifiant_oi for s in dessus}
    for ligne in foret.lignes:
        if ici and ligne.identifiant == ici:
            return {foret.tete(ligne), *(s.identifiant_oi for s in foret.places.get(ligne.oi, []))}
    return set()


def _branche(session: Session, foret: _Foret, identifiant: str, ouverts: Collection[str]) -> Noeud:
    if not foret.nom(identifiant):
        raise AccesRefuse(identifiant)
    lignes = foret.en_ordre(foret.dans(identifiant))
    feuilles = _feuilles(session, lignes[:AU_PLUS], foret.arbre.jour)
    reste = len(lignes) - AU_PLUS
    noeud = _monter(foret, identifiant, lignes[:AU_PLUS], feuilles, None, ouverts)
    if reste <= 0:
        return noeud
    suite = fr(f"Voir les {len(lignes)} offres, par pages")
    return replace(noeud, suite=suite, url_suite=url_arbre(foret.finess, dans=identifiant))


def _monter(
    foret: _Foret,
    identifiant: str,
    lignes: Iterable[Ligne],
    feuilles: dict[int, Feuille],
    gardees: set[int | None] | None,
    ouverts: Collection[str] | None,
) -> Noeud:
    """One node at the top with what hangs from it.

    Args:
        gardees: structures to show; all of them without it.
        ouverts: nodes that are open; all of them without it.
    """
    siennes = [o for o in lignes if foret.tete(o) == identifiant]
    par_oi: dict[int | None, list[Feuille]] = {}
    for ligne in siennes:
        par_oi.setdefault(ligne.oi, []).append(feuilles[ligne.id])
    if identifiant in (DIRECTES + foret.finess, FERMEES + foret.finess):
        closes = [] if identifiant != FERMEES + foret.finess or gardees is not None else _closes(foret)
        dedans = [f for groupe in par_oi.values() for f in groupe]
        return replace(foret.entete(identifiant), ouvert=True, offres=[*closes, *dedans][:AU_PLUS])

    def monter(oi: OrganisationInterne, niveau: int) -> Noeud:
        enfants = [e for e in foret.arbre.enfants(oi) if e.id in foret.places and (gardees is None or e.id in gardees)]
        ici = [*par_oi.get(oi.id, [])]
        if niveau == NIVEAUX:
            dessous = (s.id for s in foret.arbre.descendance(oi)[1:])
            ici, enfants = [*ici, *(f for s in dessous for f in par_oi.get(s, []))], []
        noeud = _noeud(oi.identifiant_oi, oi.nom_oi, foret.arbre.compte(oi), url_structure(oi.identifiant_oi))
        ouvert = ouverts is None or niveau == 1 or oi.identifiant_oi in ouverts
        return replace(noeud, ouvert=ouvert, offres=ici, enfants=[monter(e, niveau + 1) for e in enfants[:AU_PLUS]])

    (tete,) = (t for t in foret.tetes if t.identifiant_oi == identifiant)
    return monter(tete, 1)


def _closes(foret: _Foret) -> list[Feuille]:
    """Structures closed for good."""
    lues = (structure_fermee(oi, foret.arbre.jour) for oi in foret.closes)
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


def _en_liste(session: Session, foret: _Foret, voulue: Vue, vue: VueEnsemble) -> VueEnsemble:
    """A page of the offers kept, in the branches that hold them, all open."""
    gardees = foret.en_ordre(_gardees(foret, voulue))
    vides = _structures_nommees(foret, voulue, gardees)
    pages = max(1, -(-len(gardees) // PAR_PAGE))
    numero = min(max(1, voulue.page), pages)
    lignes = gardees[(numero - 1) * PAR_PAGE : numero * PAR_PAGE]
    feuilles = _feuilles(session, lignes, foret.arbre.jour)
    montrees = {s.id for o in lignes for s in foret.places.get(o.oi, [])}
    if numero == 1:
        montrees |= {s.id for oi in vides[:AU_PLUS] for s in foret.places[oi.id]}
    tenues = {foret.tete(o) for o in lignes} | {t.identifiant_oi for t in foret.tetes if t.id in montrees}
    tous = [t for t in [*(t.identifiant_oi for t in foret.tetes), *foret.autres()] if t in tenues]
    adresses = {n: url_arbre(foret.finess, **voulue.avec(page=n)) for n in (numero - 1, numero + 1)}
    return replace(
        vue,
        noeuds=[foret.entete(t) for t in tous],
        branches={t: _monter(foret, t, lignes, feuilles, montrees, None) for t in tous},
        resume=_resume(len(gardees), len(vides), voulue),
        page=numero,
        pages=pages,
        url_avant=adresses[numero - 1] if numero > 1 else "",
        url_apres=adresses[numero + 1] if numero < pages else "",
    )


def _gardees(foret: _Foret, voulue: Vue) -> list[Ligne]:
    lignes = foret.dans(voulue.dans) if voulue.dans else foret.lignes
    if voulue.etat:
        lignes = [o for o in lignes if o.mienne and _est(o, voulue.etat)]
    if voulue.mois:
        debut, fin = validees_pour(date.fromisoformat(f"{voulue.mois}-01"))
        a_venir = (Fraicheur.A_JOUR, Fraicheur.A_REVOIR)
        lignes = [o for o in lignes if o.mienne and o.etat in a_venir and debut <= utc(o.validation) < fin]
    mots = lieux.mots_de(voulue.q)
    return [o for o in lignes if lieux.contient(_noms(foret, o), mots)] if mots else lignes


def _est(ligne: Ligne, filtre: Filtre) -> bool:
    if filtre is Filtre.EN_COURS:
        return bool(ligne.inacheve)
    if filtre is Filtre.ENREGISTRE:
        return bool(ligne.brouillon and not ligne.inacheve)
    return filtre is Filtre.TOUT or ligne.etat == filtre.value


def _noms(foret: _Foret, ligne: Ligne) -> str:
    """What an offer is found by: its name, its number, the names of the structures above."""
    return " ".join([ligne.nom, ligne.identifiant, *(s.nom_oi for s in foret.places.get(ligne.oi, []))])


def _structures_nommees(foret: _Foret, voulue: Vue, gardees: list[Ligne]) -> list[OrganisationInterne]:
    """Structures that the words name, and in which no offer was found: one looked for them, or they are empty."""
    mots = lieux.mots_de(voulue.q)
    if not mots or voulue.etat or voulue.mois:
        return []
    tenues = {s.id for o in gardees for s in foret.places.get(o.oi, [])}
    nommees = (s[-1] for s in foret.places.values() if lieux.contient(" ".join(oi.nom_oi for oi in s), mots))
    return [oi for oi in nommees if oi.id not in tenues]


# -------------------------------------------------------------------------------- words


def _etats(lignes: list[Ligne], finess: str, voulue: Vue) -> Iterator[Choix]:
    """« En retard (6) »: what each filter would keep; one that would keep nothing is not shown."""
    miennes = [o for o in lignes if o.mienne]
    for filtre, nom in NOMS.items():
        n = len(lignes) if filtre is Filtre.TOUT else sum(_est(o, filtre) for o in miennes)
        if n or filtre in (Filtre.TOUT, voulue.etat):
            dit = PLURIELS.get(filtre.value, nom) if n > 1 else nom
            url = url_arbre(finess, **voulue.avec(etat=filtre.value, mois="", deplie=""))
            yield Choix(nom=f"{dit} ({n})", url=url, choisi=filtre is voulue.etat and not voulue.mois)


def _rappel(foret: _Foret, finess: str, voulue: Vue) -> Iterator[Choix]:
    """What else is asked for; `url` is the address without it."""
    if voulue.mois:
        mois = mois_annee(date.fromisoformat(f"{voulue.mois}-01"))
        yield Choix(nom=fr(f"À valider en {mois}"), url=url_arbre(finess, **voulue.avec(mois="")), choisi=True)
    if voulue.dans:
        nom = foret.nom(voulue.dans) or "une structure qui n’est pas ici"
        yield Choix(nom=fr(f"Dans : {nom}"), url=url_arbre(finess, **voulue.avec(dans="")), choisi=True)
    if voulue.q:
        yield Choix(nom=fr(f"« {voulue.q} »"), url=url_arbre(finess, **voulue.avec(q="")), choisi=True)


def _resume(nombre: int, vides: int, voulue: Vue) -> str:
    if not nombre and not vides:
        return fr("Rien ne correspond ici. Essayez avec un seul mot, ou sans filtre.")
    trouvees = f"{nombre} offre{'s' if nombre > 1 else ''}" if nombre else "Aucune offre"
    seules = f", {vides} structure{'s' if vides > 1 else ''} sans offre trouvée" if vides else ""
    return trouvees + seules + ("." if voulue.filtree else ", dépliées.")


def _relecture(foret: _Foret, voulue: Vue) -> str:
    """The review queue of what is shown, as near as it has the same filters; "" for who may only read."""
    if not any(o.modifiable for o in foret.lignes):
        return ""
    structure = voulue.dans if ":" not in voulue.dans and foret.nom(voulue.dans) else ""
    return url_relecture(etablissement=foret.finess, structure=structure, etat=RELUS.get(voulue.etat, ""))


def _partiel(lignes: list[Ligne]) -> str:
    """To whom a part of the établissement is given: what counts, and what is only read."""
    miennes = sum(o.mienne for o in lignes)
    if miennes == len(lignes):
        return ""
    return fr(f"Les filtres comptent ce qui vous est confié : {offres(miennes)} sur {len(lignes)}. Le reste se lit.")
