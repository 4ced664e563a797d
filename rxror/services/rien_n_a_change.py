"""« Rien n’a changé » on what hangs below an établissement, a pôle or a UF: the list of the facts, then one gesture.

Only what nothing blocks and nothing waits on is in the list; the rest stands apart, with where to go.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypedDict
from uuid import uuid4

from sqlmodel import Session

from rxror.ror import parcours
from rxror.ror.dates import aujourd_hui, heure
from rxror.ror.erreurs import AccesRefuse
from rxror.ror.fraicheur import vient_d_etre_relu
from rxror.ror.lecture import Ligne
from rxror.ror.reperes import nom_de, nom_en_liste
from rxror.ror.typographie import fr
from rxror.services import hierarchie, noeuds
from rxror.services.acces import Acteur, Cible, Geste
from rxror.services.cartes import Carte, FaitRelu, LieuRelu, des_dossiers, empreinte_lue
from rxror.services.confirmation import ABSENT, AU_PLUS, Bilan, ConfirmerPlusieurs, confirmer_plusieurs
from rxror.services.dedit import ConfirmationFaite, a_dedire
from rxror.services.dossier import Dossier
from rxror.services.dossiers import ouvrir_plusieurs
from rxror.services.fiche import Manque
from rxror.services.noeuds import Feuille

MONTREES = 100  # of the confirmations that may be taken back one by one


class FaitCourt(TypedDict):
    """One fact, on one line; `points` is what the rules say of it."""

    label: str
    texte: str
    points: str


class LieuCourt(TypedDict):
    """A lieu of an offer of the list: the facts that are confirmed with it, or `dit`, why they are not there."""

    nom: str
    dit: str
    faits: list[FaitCourt]


class LigneLue(TypedDict):
    """One object of the list: all that confirming it asserts; `a_regarder`, the rules have something to say of it."""

    cle: str
    nom: str
    ou: str
    etat: str
    sorte: str
    quand: str
    url: str
    faits: list[FaitCourt]
    lieux: list[LieuCourt]
    stables: int
    a_regarder: bool
    vu: str


class LigneAPart(TypedDict):
    """One object that cannot be confirmed here: why, and the points that block."""

    nom: str
    raison: str
    url: str
    points: list[Manque]


class LigneFaite(TypedDict):
    """One confirmation of this session that may be taken back; `cle` is the key of that gesture."""

    numero: int
    nom: str
    cle: str


class GesteFait(TypedDict):
    """What one gesture confirmed and may be taken back, at once or one by one.

    `n` is the size of `numeros`; `lignes` has the first ones, a hundred at most on the page. `cle` is the key of taking
    all of it back.
    """

    quand: str
    nom: str
    n: int
    numeros: list[int]
    lignes: list[LigneFaite]
    reste: int
    cle: str


@dataclass
class Vue:
    """One page of the list.

    Attributes:
        restent, relus: (offers, lieux) that are still to review here, and that the review under way has seen.
        prepare: whether who reads prepares here what somebody else validates.
        rang, pages: which page this is, out of how many.
    """

    nom: str
    chemin: list[tuple[str, str]]
    retour: str
    avec_uf: bool
    lignes: list[LigneLue] = field(default_factory=list)
    a_part: list[LigneAPart] = field(default_factory=list)
    faites: list[GesteFait] = field(default_factory=list)
    restent: tuple[int, int] = (0, 0)
    relus: tuple[int, int] = (0, 0)
    prepare: bool = False
    rang: int = 1
    pages: int = 1


def preparer(session: Session, acteur: Acteur, cible: Cible, rang: int = 1) -> Vue:
    """The objects below a node that one may confirm, the oldest first, `AU_PLUS` at a time. Writes nothing.

    A lieu comes with the first of the offers that it serves, and is named with the others; alone when the review
    under way has seen all of them.

    Raises:
        AccesRefuse: no such node, or no right to read it.
    """
    acces = noeuds.ouvrir(session, acteur, cible)
    toutes = noeuds.feuilles(session, acteur, acces.objet)
    a_relire = _a_relire(*toutes)
    offres, lieux = (sum(_reste(f) for f in feuilles) for feuilles in toutes)
    pages = max(1, -(-len(a_relire) // AU_PLUS))
    rang = min(max(1, rang), pages)
    page = a_relire[(rang - 1) * AU_PLUS : rang * AU_PLUS]
    ouverts = ouvrir_plusieurs(session, acteur, [f.cible for f in page], Geste.LIRE)
    lues = [c for c in des_dossiers(session, acteur, ouverts).values() if c.a_valider]
    deja: dict[str, str] = {}
    return Vue(
        nom=nom_de(acces.objet),
        chemin=hierarchie.jusqu_a(session, acces, cible),
        retour=parcours.url_objet(cible.genre, cible.identifiant),
        avec_uf=acces.etablissement.sanitaire,
        lignes=[_ligne(ouverts[c.cle], c, deja) for c in lues if not (c.bloquants or c.brouillon)],
        a_part=[_a_part(c) for c in lues if c.bloquants or c.brouillon],
        faites=_faites(session, acteur),
        restent=(offres, lieux),
        relus=(len(toutes[0]) - offres, len(toutes[1]) - lieux),
        prepare=acces.permet(Geste.CREER_OFFRE) and not acces.permet(Geste.ATTESTER),
        rang=rang,
        pages=pages,
    )


def confirmer(session: Session, acteur: Acteur, demande: ConfirmerPlusieurs) -> Bilan:
    """Confirm the objects that stayed ticked; each one whole, or left with its reason.

    Raises:
        AccesRefuse: one may validate none of them.
        SaisieInvalide: `cle` was used by another gesture.
    """
    bilan = confirmer_plusieurs(session, acteur, demande)
    if not bilan.faits and set(bilan.refus.values()) == {ABSENT}:
        raise AccesRefuse(next(iter(bilan.refus)))
    return bilan


def _reste(feuille: Feuille) -> bool:
    """Whether the review under way has not seen it."""
    return not vient_d_etre_relu(feuille.validation, aujourd_hui())


def _a_relire(offres: list[Feuille], lieux: list[Feuille]) -> list[Feuille]:
    """The offers left, then the lieux left that none of them has."""
    restent = [o for o in offres if _reste(o)]
    avec = {lieu for o in restent for lieu in o.lieux}
    return [*restent, *(x for x in lieux if x.id not in avec and _reste(x))]


def _ligne(ouvert: Dossier, carte: Carte, deja: dict[str, str]) -> LigneLue:
    """One line; `deja` is {lieu whose facts are on the page: the line that has them}, and is added to."""
    nom = nom_en_liste(carte.genre, carte.nom)
    siens = [x for x in carte.lieux if x.a_confirmer and x.cle not in deja]
    lieux = [_du_lieu(x, deja) for x in carte.lieux]
    deja |= {x.cle: nom for x in siens}
    return LigneLue(
        cle=carte.cle,
        nom=nom,
        ou=carte.chemin[-1]["nom"] if len(carte.chemin) > 1 else "",
        etat=carte.etat,
        sorte=carte.sorte,
        quand=carte.quand,
        url=carte.url,
        faits=_courts(carte.faits),
        lieux=lieux,
        stables=len(carte.stables) + sum(len(x.stables) for x in siens),
        a_regarder=any(f["points"] for f in [*carte.faits, *(f for x in siens for f in x.faits)]),
        vu=empreinte_lue(ouvert, carte, [x.cle for x in siens]),
    )


def _du_lieu(lieu: LieuRelu, deja: dict[str, str]) -> LieuCourt:
    """The facts of a lieu that is confirmed with the offer; of another, its name is enough."""
    if lieu.cle in deja:
        return LieuCourt(nom=lieu.nom, dit=fr(f"lu plus haut, avec « {deja[lieu.cle]} »"), faits=[])
    if not lieu.a_confirmer:
        return LieuCourt(nom=lieu.nom, dit=lieu.quand, faits=[])
    return LieuCourt(
        nom=lieu.nom, dit=fr(f"sert {lieu.sert} offres") if lieu.sert > 1 else "", faits=_courts(lieu.faits)
    )


def _courts(faits: Iterable[FaitRelu]) -> list[FaitCourt]:
    return [
        FaitCourt(
            label=f["label"],
            texte=" ; ".join(_texte(e) for e in f["lignes"]) or "non renseigné",
            points=" ".join(f["points"]),
        )
        for f in faits
    ]


def _texte(ligne: Ligne) -> str:
    dits = ligne["texte"] + (f" ({ligne['origine']})" if ligne["origine"] else "")
    return f"{dits}, {ligne['alerte'].lower()}" if ligne["alerte"] else dits


def _a_part(carte: Carte) -> LigneAPart:
    n = len(carte.bloquants)
    raison = f"{n} points bloquent" if n > 1 else "1 point bloque" if n else "Enregistré, à valider"
    url = carte.url if n else parcours.url_validation(carte.genre, carte.identifiant)
    return LigneAPart(nom=nom_en_liste(carte.genre, carte.nom), raison=raison, url=url, points=carte.bloquants)


def _faites(session: Session, acteur: Acteur) -> list[GesteFait]:
    """The gestures of the session, the latest first."""
    gestes: dict[str, list[ConfirmationFaite]] = {}
    for c in a_dedire(session, acteur):
        gestes.setdefault(c.geste, []).append(c)
    faits, place = [], MONTREES
    for ensemble in gestes.values():
        siennes = sorted(ensemble, key=lambda c: c.numero)  # an offer before its lieux
        faits.append(_geste_fait(siennes, siennes[:place]))
        place = max(0, place - len(siennes))
    return faits


def _geste_fait(siennes: list[ConfirmationFaite], montrees: list[ConfirmationFaite]) -> GesteFait:
    return GesteFait(
        quand=heure(siennes[0].instant),
        nom=_nom_fait(siennes[0]),
        n=len(siennes),
        numeros=[c.numero for c in siennes],
        lignes=[LigneFaite(numero=c.numero, nom=_nom_fait(c), cle=str(uuid4())) for c in montrees],
        reste=len(siennes) - len(montrees),
        cle=str(uuid4()),
    )


def _nom_fait(faite: ConfirmationFaite) -> str:
    return nom_en_liste(faite.objet.partition(":")[0], faite.nom)
