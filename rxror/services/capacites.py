"""« Capacités du site »: all lieux of an établissement by four columns, what they add up to, what others say of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, TypedDict
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, StringConstraints
from sqlmodel import Session

from rxror.ror import fraicheur as f
from rxror.ror.capacites_du_site import (
    MOTS,
    NATURES,
    Case,
    Cellule,
    Faute,
    Sorte,
    cellules,
)
from rxror.ror.collage import Cible as Rang
from rxror.ror.collage import Collage, lire_collage
from rxror.ror.dates import aujourd_hui, jour_de
from rxror.ror.fraicheur import Fraicheur
from rxror.ror.objets.lieu import COURANT, DISPONIBLE, FERME, INSTALLE, LIT, PLACE, SUPPLEMENTAIRE
from rxror.ror.parcours import Maillon, chemin_de, url_capacites, url_etablissement, url_lieu, url_section
from rxror.ror.reperes import nom_de
from rxror.ror.typographie import INSECABLE, fr
from rxror.services import capacites_regles, consultation, site
from rxror.services.acces import Acteur
from rxror.services.capacites_regles import Saisie, Tapes
from rxror.services.capacites_sommes import Bilan, bilan, combien, reperes_sae
from rxror.services.demande import Rang as Page
from rxror.services.lieux import usage
from rxror.services.site import LieuDuSite, Site
from rxror.services.vues import Reperes

AU_PLUS = 100  # rows of a page
A_RELIRE, TOUS = "relire", "tous"
TITRE = "Capacités du site"
ENTETES = {INSTALLE: "Installés", DISPONIBLE: "Disponibles", FERME: "Fermés", SUPPLEMENTAIRE: "Supplémentaires"}
FEMININ = {INSTALLE: "Installées", DISPONIBLE: "Disponibles", FERME: "Fermées", SUPPLEMENTAIRE: "Supplémentaires"}


class Vue(BaseModel):
    """What the address asks for: a nature and a temporalité, which lieux, which page of them."""

    model_config = ConfigDict(extra="forbid")

    nature: Annotated[str, StringConstraints(pattern="^(01|02)?$")] = ""
    temporalite: Annotated[str, StringConstraints(pattern="^0[1-5]$")] = COURANT
    montrer: Annotated[str, StringConstraints(max_length=60)] = ""
    page: Page = 1

    def adresse(self, finess: str, **autres: Any) -> str:
        """The same view, or with other choices, as an address."""
        choix = {**self.model_dump(), **autres}
        dits = {nom: v for nom, v in choix.items() if v and not (nom == "temporalite" and v == COURANT)}
        if dits.get("page") in (0, 1):
            dits.pop("page")
        return url_capacites(finess) + (f"?{urlencode(dits)}" if dits else "")


class CaseVue(TypedDict):
    """A cell as it is shown.

    `nom` is that of its input; `sorte` libre, recue, plusieurs or lecture; `avant`, what was last validated, in words.
    """

    nom: str
    label: str
    colonne: str
    texte: str
    sorte: str
    avant: str
    change: bool
    source: str


class RangeeVue(TypedDict):
    """A lieu as it is shown."""

    identifiant: str
    nom: str
    url: str
    url_capacites: str
    usage: str
    etat: str
    sorte: str
    cases: list[CaseVue]


class GroupeVue(TypedDict):
    """The lieux of one pôle."""

    cle: str
    nom: str
    rangees: list[RangeeVue]


class FauteVue(TypedDict):
    """What a rule says of a cell, for the list at the top and beside the cell."""

    nom: str
    lieu: str
    texte: str
    bloque: bool


class Choix(TypedDict):
    """One answer of a filter."""

    cle: str
    nom: str


@dataclass
class Grille:
    """All that the page shows."""

    finess: str
    nom: str
    sanitaire: bool
    chemin: list[Maillon]
    surtitre: str
    vue: Vue
    colonnes: list[str]
    groupes: list[GroupeVue]
    bilan: Bilan
    fautes: list[FauteVue]
    natures: list[Choix]
    temporalites: list[Choix]
    choix: list[Choix]
    pages: int
    modifiables: int
    lieux_modifiables: list[Choix]
    prepares: int
    reperes: Reperes
    sae: list[str]
    recues: str


def montrer(session: Session, acteur: Acteur, finess: str, vue: Vue, jour: date | None = None) -> Grille:
    """The page of the grid.

    Raises:
        AccesRefuse: no such établissement, or no habilitation on it.
    """
    ici, jour = site.charger(session, acteur, finess), jour or aujourd_hui()
    vue = _choisie(ici, vue, jour)
    voulus = retenus(ici, vue, jour)
    pages = max(1, -(-len(voulus) // AU_PLUS))
    vue = vue.model_copy(update={"page": min(max(vue.page, 1), pages)})
    montres = voulus[(vue.page - 1) * AU_PLUS : vue.page * AU_PLUS]
    colonnes = cellules(vue.nature, vue.temporalite)
    fautes = capacites_regles.controler(session, ici, Saisie(), montres)
    eg = ici.etablissement
    return Grille(
        finess=eg.num_finess,
        nom=nom_de(eg),
        sanitaire=eg.sanitaire,
        chemin=chemin_de((nom_de(eg), url_etablissement(finess)), (TITRE, "")),
        surtitre=f"{nom_de(eg)}, {combien(len(ici.lieux))}",
        vue=vue,
        colonnes=[(ENTETES if vue.nature == LIT else FEMININ)[c.statut] for c in colonnes],
        groupes=_groupes(ici, montres, colonnes, jour),
        bilan=bilan(ici, colonnes, {}),
        fautes=dites(ici, fautes),
        natures=_natures(ici, vue.temporalite),
        temporalites=[Choix(cle=c.cle, nom=c.libelle) for c in ici.catalogue.choix("J189")],
        choix=_choix(ici, jour),
        pages=pages,
        modifiables=sum(lieu.modifiable for lieu in montres),
        lieux_modifiables=[Choix(cle=x.identifiant, nom=x.nom) for x in ici.lieux if x.modifiable][:AU_PLUS],
        prepares=sum(lieu.brouillon is not None for lieu in ici.lieux),
        reperes=consultation.reperes(session, eg),
        sae=reperes_sae(session, eg, colonnes),
        recues=_recues(ici, montres, colonnes),
    )


def verifier(session: Session, acteur: Acteur, finess: str, vue: Vue, tapes: Tapes) -> tuple[list[FauteVue], Bilan]:
    """While one types: the cells at fault, and the sums, with what is typed. Writes nothing.

    Raises:
        AccesRefuse: no such établissement, or no habilitation on it.
    """
    ici = site.charger(session, acteur, finess)
    vue = _choisie(ici, vue, aujourd_hui())
    saisie = capacites_regles.lire(ici, tapes)
    montres = retenus(ici, vue, aujourd_hui())
    regardes = [lieu for lieu in montres if lieu.identifiant in saisie.lectures or lieu.brouillon]
    fautes = capacites_regles.controler(session, ici, saisie, regardes)
    tapees = {i: lecture.valeurs for i, lecture in saisie.lectures.items()}
    return dites(ici, fautes), bilan(ici, cellules(vue.nature, vue.temporalite), tapees)


def coller(
    session: Session, acteur: Acteur, finess: str, vue: Vue, texte: str, depart: str
) -> tuple[Collage, Sequence[Cellule]]:
    """What a block copied from a spreadsheet would change in the page shown. Writes nothing.

    Args:
        depart: name of the cell where it begins; the first one by default.

    Returns:
        (what it would do, the columns it is read by).

    Raises:
        AccesRefuse: no such établissement, or no habilitation on it.
    """
    ici, jour = site.charger(session, acteur, finess), aujourd_hui()
    vue = _choisie(ici, vue, jour)
    montres = retenus(ici, vue, jour)[(max(vue.page, 1) - 1) * AU_PLUS : max(vue.page, 1) * AU_PLUS]
    colonnes = cellules(vue.nature, vue.temporalite)
    rangs = [Rang(lieu.identifiant, lieu.nom, [lieu.case(c) for c in colonnes], lieu.modifiable) for lieu in montres]
    return lire_collage(texte, rangs, _depart(montres, colonnes, depart)), colonnes


def _depart(montres: Sequence[LieuDuSite], colonnes: Sequence[Cellule], nom: str) -> tuple[int, int]:
    for rang, lieu in enumerate(montres):
        for colonne, cellule in enumerate(colonnes):
            if nom == nom_de_case(lieu.identifiant, cellule):
                return rang, colonne
    return 0, 0


def nom_de_case(identifiant: str, cellule: Cellule) -> str:
    """Name of the input of a cell; « c. » before it."""
    return f"c.{identifiant}.{cellule.nom}"


# ------------------------------------------------------------------------------ which lieux


def _choisie(ici: Site, vue: Vue, jour: date) -> Vue:
    """The same view with what the address leaves open: lits where there are any, lieux to look at again first."""
    nature = vue.nature or (LIT if _tiennent(ici, LIT, vue.temporalite) or not _tiennent(ici, PLACE) else PLACE)
    poles = {cle for lieu in ici.lieux for cle, _ in lieu.poles}
    montrer = vue.montrer if vue.montrer in {A_RELIRE, TOUS} | poles else ""
    if not montrer:
        montrer = A_RELIRE if any(a_relire(lieu, jour) for lieu in ici.lieux) else TOUS
    return vue.model_copy(update={"nature": nature, "montrer": montrer})


def retenus(ici: Site, vue: Vue, jour: date) -> list[LieuDuSite]:
    """The lieux that a view keeps, in their order."""
    if vue.montrer == TOUS:
        return ici.lieux
    if vue.montrer == A_RELIRE:
        return [lieu for lieu in ici.lieux if a_relire(lieu, jour)]
    return [lieu for lieu in ici.lieux if vue.montrer in dict(lieu.poles)]


def a_relire(lieu: LieuDuSite, jour: date) -> bool:
    """Whether a lieu is due, or has capacities that were saved and not validated."""
    return lieu.brouillon is not None or f.fraicheur_de(lieu.validation, jour) is not Fraicheur.A_JOUR


def _tiennent(ici: Site, nature: str, temporalite: str = COURANT) -> int:
    colonnes = cellules(nature, temporalite)
    return sum(any(lieu.case(c).texte for c in colonnes) for lieu in ici.lieux)


def _natures(ici: Site, temporalite: str) -> list[Choix]:
    return [Choix(cle=n, nom=f"{MOTS[n][0]} ({combien(_tiennent(ici, n, temporalite))})") for n in NATURES]


def _choix(ici: Site, jour: date) -> list[Choix]:
    relire = sum(a_relire(lieu, jour) for lieu in ici.lieux)
    poles: dict[str, tuple[str, int]] = {}
    for lieu in ici.lieux:
        for cle, nom in lieu.poles:
            poles[cle] = nom, poles.get(cle, ("", 0))[1] + 1
    rangs = sorted(poles, key=lambda cle: poles[cle][0])
    return [
        Choix(cle=A_RELIRE, nom=f"{combien(relire)} à relire"),
        Choix(cle=TOUS, nom=f"Tous les lieux ({len(ici.lieux)})"),
        *(Choix(cle=cle, nom=f"{poles[cle][0]} ({poles[cle][1]})") for cle in rangs),
    ]


# ------------------------------------------------------------------------------ rows


def _groupes(ici: Site, montres: Iterable[LieuDuSite], colonnes: Sequence[Cellule], jour: date) -> list[GroupeVue]:
    groupes: dict[str, GroupeVue] = {}
    seuls = not any(lieu.poles for lieu in ici.lieux)
    for lieu in montres:
        cle, nom = lieu.pole
        titre = nom or ("Lieux de l’établissement" if seuls else "Sans pôle")
        groupe = groupes.setdefault(cle, GroupeVue(cle=cle or "sans", nom=titre, rangees=[]))
        groupe["rangees"].append(_rangee(ici, lieu, colonnes, jour))
    return list(groupes.values())


def _rangee(ici: Site, lieu: LieuDuSite, colonnes: Sequence[Cellule], jour: date) -> RangeeVue:
    fraiche = f.fraicheur_de(lieu.validation, jour)
    etat = f.BROUILLON if lieu.brouillon else f.ETATS[fraiche]
    mot = "Jamais validé" if not lieu.brouillon and fraiche is Fraicheur.JAMAIS else etat.mot
    autres = ", ".join(nom for _, nom in lieu.poles[1:])
    sert = usage(len(lieu.offres)) + (fr(f" ; sert aussi {autres}") if autres else "")
    return RangeeVue(
        identifiant=lieu.identifiant,
        nom=lieu.nom,
        url=url_lieu(lieu.identifiant),
        url_capacites=url_section("lieu", lieu.identifiant, "capacitaire"),
        usage=sert,
        etat=mot,
        sorte=etat.sorte,
        cases=[_case(ici, lieu, cellule) for cellule in colonnes],
    )


def _case(ici: Site, lieu: LieuDuSite, cellule: Cellule) -> CaseVue:
    case, publiee = lieu.case(cellule), lieu.publiee(cellule)
    sorte = case.sorte.value if lieu.modifiable or case.sorte is not Sorte.LIBRE else "lecture"
    return CaseVue(
        nom=nom_de_case(lieu.identifiant, cellule),
        label=cellule.label,
        colonne=(ENTETES if cellule.nature == LIT else FEMININ)[cellule.statut],
        texte=case.texte,
        sorte=sorte,
        avant=_avant(lieu, publiee),
        change=publiee.texte != case.texte,
        source=ici.catalogue.libelle("J193", case.source) if case.source else "",
    )


def _avant(lieu: LieuDuSite, publiee: Case) -> str:
    """What was last validated, by its year: « validé en 2025 : 8 »; empty when it is nothing."""
    if not publiee.texte:
        return ""
    quand = f"validé en {jour_de(lieu.validation).year}" if lieu.validation else "publié"
    return fr(f"{quand} :{INSECABLE}{publiee.texte}")


def _recues(ici: Site, montres: Iterable[LieuDuSite], colonnes: Sequence[Cellule]) -> str:
    cases = [lieu.case(c) for lieu in montres for c in colonnes]
    sources = sorted({ici.catalogue.libelle("J193", c.source) for c in cases if c.source})
    return " et ".join(sources)


def dites(ici: Site, fautes: Iterable[Faute]) -> list[FauteVue]:
    """Faults as the page says them, those that block first."""
    noms = {lieu.identifiant: lieu.nom for lieu in ici.lieux}
    return [
        FauteVue(
            nom=nom_de_case(faute.lieu, faute.cellule),
            lieu=noms.get(faute.lieu, faute.lieu),
            texte=faute.message,
            bloque=faute.bloque,
        )
        for faute in sorted(fautes, key=lambda x: not x.bloque)
    ]
