"""Codes one is likely to want: those one chose lately, and those that offers of the same kind carry most."""

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, Select, Text, cast, literal
from sqlmodel import Session, col, select

from rxror.ror.champs import Champ, Contexte
from rxror.ror.objets import EntiteGeographique, OffreOperationnelle
from rxror.ror.porteurs import Porteur, porteurs_de
from rxror.services.acces import Acteur, etablissements_de
from rxror.services.emplois import codes_portes
from rxror.tables import Action, Trace

TRACES_LUES = 300
TRACES_RETENUES = 30
FRAICHEUR_SECONDES = 600.0
RETENUS = 60  # codes kept of each count
ASSEZ = 3  # codes of the same type d'offre, below which the whole champ d'activité is looked at
TYPE_OFFRE = "type_offre"
SANS_OFFRE = ("", "")  # what is not an offer has neither champ d'activité nor type d'offre
DU_TYPE, DU_CHAMP, EN_GENERAL = (
    "Usuels pour ce type d’offre",
    "Usuels pour ce champ d’activité",
    "Les plus choisis",
)


@dataclass(frozen=True)
class Usuels:
    """Codes most carried, the most frequent first, and what they are usual for."""

    titre: str
    codes: list[str]


@dataclass(frozen=True)
class Comptes:
    """Codes most carried in a field: {(champ d'activité, type d'offre): codes}, {champ d'activité: codes}, and all."""

    par_type: dict[tuple[str, str], list[str]]
    par_champ: dict[str, list[str]]
    tous: list[str]


_comptes: "WeakKeyDictionary[Engine, dict[tuple[str, str], tuple[float, Comptes]]]" = WeakKeyDictionary()


def oublier() -> None:
    """Forget what was counted: the next reader counts again."""
    _comptes.clear()


# ------------------------------------------------------------------------------- mine


def recents(session: Session, acteur: Acteur, nom: str) -> list[str]:
    """Codes this person put into a field lately, the latest first, in établissements they may still read.

    Args:
        nom: attribute of the field, or its path.
    """
    attribut = nom.rpartition(".")[2]
    miens = select(EntiteGeographique.num_finess).where(col(EntiteGeographique.id).in_(etablissements_de(acteur)))
    dernieres = (
        select(Trace.id, Trace.changements)
        .where(
            Trace.utilisateur_id == acteur.id,
            col(Trace.action).in_([Action.BROUILLON, Action.CREATION]),
            col(Trace.finess).in_(miens),
        )
        .order_by(col(Trace.id).desc())
        .limit(TRACES_LUES)
        .subquery()
    )
    requete = (
        select(dernieres.c.changements)
        .where(cast(dernieres.c.changements, Text).contains(f'"{attribut}"', autoescape=True))
        .order_by(dernieres.c.id.desc())
        .limit(TRACES_RETENUES)
    )
    poses = (c for changements in session.exec(requete) for c in _poses(changements, attribut))
    return list(dict.fromkeys(poses))


def _poses(changements: list[dict[str, Any]], attribut: str) -> Iterator[str]:
    for changement in changements:
        if changement.get("d_office"):
            continue
        avant, apres = (
            list(_codes({changement.get("champ", ""): changement.get(cote)}, attribut)) for cote in ("avant", "apres")
        )
        yield from (code for code in apres if code not in avant)


def _codes(noeud: Mapping[str, Any], attribut: str) -> Iterator[str]:
    """Values of an attribute, wherever it is in a tree of values."""
    for nom, valeur in noeud.items():
        feuilles = valeur if isinstance(valeur, list) else [valeur]
        for feuille in feuilles:
            if isinstance(feuille, dict):
                yield from _codes(feuille, attribut)
            elif nom == attribut and isinstance(feuille, str) and feuille:
                yield feuille


# ---------------------------------------------------------------------------- everybody's


def usuels(session: Session, champ: Champ, nom: str, contexte: Contexte) -> Usuels:
    """Codes that published offers carry most in a field.

    Those of the same type d'offre, or of the same champ d'activité; for what is not an offer, those carried most.
    Counts only, over the whole database, unités sensibles left out.
    """
    attribut = nom.rpartition(".")[2]
    comptes = _compter(session, champ, attribut)
    activite = contexte.champ_activite
    if not activite or not comptes.par_champ:
        return Usuels(EN_GENERAL, comptes.tous)
    type_offre = "" if attribut == TYPE_OFFRE else contexte.valeurs.get(TYPE_OFFRE) or ""
    du_type = comptes.par_type.get((activite, type_offre), []) if type_offre else []
    if len(du_type) >= ASSEZ:
        return Usuels(DU_TYPE, du_type)
    return Usuels(DU_CHAMP, list(dict.fromkeys([*du_type, *comptes.par_champ.get(activite, [])])))


def _compter(session: Session, champ: Champ, attribut: str) -> Comptes:
    """Codes most carried in a field, kept for ten minutes."""
    moteur = session.get_bind()
    moteur = moteur if isinstance(moteur, Engine) else moteur.engine
    connus = _comptes.setdefault(moteur, {})
    cle = (champ.jdv, attribut)
    connu = connus.get(cle)
    if connu and time.monotonic() - connu[0] < FRAICHEUR_SECONDES:
        return connu[1]
    par_type: dict[tuple[str, str], Counter[str]] = {}
    par_champ: dict[str, Counter[str]] = {}
    tous: Counter[str] = Counter()
    for porteur in porteurs_de(champ.jdv):
        if porteur.nom == attribut:
            for activite, type_offre, code, nombre in session.execute(_requete(session, porteur)):
                tous[code] += nombre
                if activite:
                    par_champ.setdefault(activite, Counter())[code] += nombre
                    par_type.setdefault((activite, type_offre), Counter())[code] += nombre
    comptes = Comptes(
        {c: _premiers(n) for c, n in par_type.items()}, {c: _premiers(n) for c, n in par_champ.items()}, _premiers(tous)
    )
    connus[cle] = (time.monotonic(), comptes)
    return comptes


def _premiers(compte: Counter[str]) -> list[str]:
    return [code for code, _ in sorted(compte.items(), key=lambda c: (-c[1], c[0]))[:RETENUS]]


def _requete(session: Session, porteur: Porteur) -> Select[Any]:
    offre = OffreOperationnelle
    if porteur.racine is not offre:
        return codes_portes(session, porteur, *map(literal, SANS_OFFRE), par_code=True)
    requete = codes_portes(session, porteur, offre.champ_activite, offre.type_offre, par_code=True)
    return requete.where(col(offre.date_validation).is_not(None), col(offre.unite_sensible).is_(False))
