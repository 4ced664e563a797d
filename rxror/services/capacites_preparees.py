"""The capacities of an établissement that are saved and not validated: before, after, by whom, what still blocks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

from sqlmodel import Session, col, select

from rxror.ror.capacites_du_site import CAPACITES, SECTION, Cellule, Faute, case_de
from rxror.ror.dates import aujourd_hui, moment
from rxror.ror.fraicheur import vient_d_etre_relu
from rxror.ror.lecture import Fait
from rxror.ror.objets import LieuRealisationOffre
from rxror.ror.parcours import Maillon, chemin_de, url_capacites, url_etablissement, url_section, url_validation
from rxror.ror.regles import Severite
from rxror.ror.reperes import nom_de
from rxror.ror.typographie import fr
from rxror.services import capacites_regles, cartes, site
from rxror.services.acces import Acteur, Cible
from rxror.services.capacites_regles import Saisie
from rxror.services.cartes import Carte
from rxror.services.confirmation import AU_PLUS, Bilan
from rxror.services.fiche import POIDS_DITS, Manque
from rxror.services.lieux import usage
from rxror.services.site import LieuDuSite
from rxror.tables import Utilisateur


class Ecart(TypedDict):
    """A cell before and after."""

    label: str
    avant: str
    apres: str
    qui: str


class LieuLu(TypedDict):
    """A lieu on the page: what would be published of its capacities, the other facts that one asserts with them.

    Attributes:
        cle: its key; `vu`, the digest of its card, goes back with the gesture.
        autres: what else would be published, « Adresse : Code postal ».
        bloque: why it cannot be validated as it is.
        alertes: what else the rules say, to look at before one asserts it.
        libre: one may validate it here.
    """

    cle: str
    nom: str
    etat: str
    sorte: str
    url: str
    url_valider: str
    usage: str
    ecarts: list[Ecart]
    faits: list[Fait]
    stables: int
    autres: list[str]
    bloque: list[str]
    alertes: list[Manque]
    libre: bool
    vu: str


@dataclass
class Preparees:
    """All that the page shows: what was saved, the lieux to confirm as they are, how many were reviewed already.

    Attributes:
        prepares: those of this page, `rang` of `pages`; `total`, of all pages.
        suite: how many more are to be confirmed than `a_confirmer` shows.
    """

    finess: str
    nom: str
    sanitaire: bool
    chemin: list[Maillon]
    prepares: list[LieuLu]
    total: int
    rang: int
    pages: int
    a_confirmer: list[LieuLu]
    relus: int
    suite: int


def lire(session: Session, acteur: Acteur, finess: str, rang: int = 1) -> Preparees:
    """The lieux of an établissement with capacities that were saved, then those that are to be confirmed.

    Args:
        rang: which page of the saved ones, of `confirmation.AU_PLUS` lieux: as many as one gesture takes.

    Raises:
        AccesRefuse: no such établissement, or no habilitation on it.
    """
    ici, jour = site.charger(session, acteur, finess), aujourd_hui()
    tous = [lieu for lieu in ici.lieux if lieu.brouillon is not None]
    pages = max(1, -(-len(tous) // AU_PLUS))
    rang = min(max(rang, 1), pages)
    prepares = tous[(rang - 1) * AU_PLUS : rang * AU_PLUS]
    autres = [lieu for lieu in ici.lieux if not lieu.siens and lieu.validable]
    dus = [lieu for lieu in autres if not vient_d_etre_relu(lieu.validation, jour)]
    lus = cartes.cartes(session, acteur, [_cible(lieu) for lieu in [*prepares, *dus[:AU_PLUS]]])
    noms = _auteurs(session, prepares)
    fautes = capacites_regles.controler(session, ici, Saisie(), prepares) if prepares else []
    eg = ici.etablissement
    nom = nom_de(eg)
    return Preparees(
        eg.num_finess,
        nom,
        eg.sanitaire,
        chemin_de((nom, url_etablissement(finess)), ("Capacités du site", url_capacites(finess)), ("À valider", "")),
        [_lu(lieu, carte, noms, fautes) for lieu, carte in _avec(prepares, lus)],
        len(tous),
        rang,
        pages,
        [_lu(lieu, carte, noms, []) for lieu, carte in _avec(dus, lus) if not carte.bloquants],
        len(autres) - len(dus),
        max(0, len(dus) - AU_PLUS),
    )


def _cible(lieu: LieuDuSite) -> Cible:
    return Cible(LieuRealisationOffre.GENRE, lieu.identifiant)


def _avec(lieux: list[LieuDuSite], lus: Mapping[str, Carte]) -> list[tuple[LieuDuSite, Carte]]:
    return [(lieu, lus[_cible(lieu).cle]) for lieu in lieux[:AU_PLUS] if _cible(lieu).cle in lus]


def _auteurs(session: Session, prepares: list[LieuDuSite]) -> dict[int, str]:
    ids = {dit[0] for lieu in prepares if lieu.brouillon for dit in lieu.brouillon.auteurs.values()}
    requete = select(Utilisateur).where(col(Utilisateur.id).in_(ids))
    return {u.id or 0: u.nom_complet for u in session.exec(requete)} if ids else {}


def _lu(lieu: LieuDuSite, carte: Carte, noms: dict[int, str], fautes: list[Faute]) -> LieuLu:
    bloque = [str(m["texte"]) for m in carte.bloquants]
    siennes = [f for f in fautes if f.lieu == lieu.identifiant]
    bloque += [f.message for f in siennes if f.bloque and f.message not in bloque]
    ecarts = _ecarts(lieu, noms)
    autres = [f"{c['ou']} : {c['champ']}" for c in carte.changements if not c["ou"].startswith("Capacitaire")]
    return LieuLu(
        cle=carte.cle,
        nom=lieu.nom,
        etat=carte.etat,
        sorte=carte.sorte,
        url=url_section("lieu", lieu.identifiant, SECTION),
        url_valider=url_validation("lieu", lieu.identifiant),
        usage=usage(len(lieu.offres)),
        ecarts=ecarts,
        faits=[_fait(fait, dit=bool(ecarts)) for fait in carte.faits],
        stables=len(carte.stables),
        autres=[fr(autre) for autre in autres],
        bloque=bloque,
        alertes=_alertes(lieu, carte, siennes),
        libre=carte.a_valider and not bloque,
        vu=carte.vu,
    )


def _alertes(lieu: LieuDuSite, carte: Carte, fautes: list[Faute]) -> list[Manque]:
    """What its own rules say, then those of the offers it serves."""
    dits = {m["texte"] for m in carte.alertes}
    return carte.alertes + [
        Manque(
            texte=faute.message,
            url=url_section("lieu", lieu.identifiant, SECTION),
            poids=POIDS_DITS[Severite.ALERTE],
            bloque=False,
            alerte="",
            garde="",
        )
        for faute in fautes
        if not faute.bloque and faute.message not in dits
    ]


def dire(bilan: Bilan) -> str:
    """What « Valider » did: « 2 lieux validés, à la date d’aujourd’hui. »."""
    n = len(bilan.faits)
    if not n:
        return "Rien n’est validé." if bilan.refus else "C’est déjà validé."
    s, x = ("s", "x") if n > 1 else ("", "")
    return fr(f"{n} lieu{x} validé{s}, à la date d’aujourd’hui.")


def _fait(fait: Fait, *, dit: bool) -> Fait:
    """The same, without what only the queue shows, nor what the table of cells says of the capacities."""
    noms = ("champ", "label", "lignes", "note", "modifie", "avant")
    lu = {nom: fait[nom] for nom in noms}
    return Fait(**(lu | {"modifie": False, "avant": ""} if dit and fait["champ"] == CAPACITES else lu))  # type: ignore[typeddict-item]


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
