"""The grid « Capacités du site »: its cells, what a lieu holds in each, what is typed there, what columns add up to.

A cell is one (nature, statut, temporalité) of one lieu. It is a view over the lines of capacity, not a store: a cell
left empty is no line, 0 is a line. A line that another system feeds is shown and not changed; a cell of several lines
is not merged: its lieu has a form for them.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from rxror.ror import messages
from rxror.ror.champs import Contexte, champs_de, groupes_de
from rxror.ror.controles import Anomalie, controler
from rxror.ror.nomenclatures import Catalogue
from rxror.ror.objets import LieuRealisationOffre, OffreOperationnelle
from rxror.ror.objets.lieu import (
    COURANT,
    DISPONIBLE,
    FERME,
    INSTALLE,
    LIT,
    OCCUPE,
    PLACE,
    RESERVE,
    SAISIE_MANUELLE,
    SUPPLEMENTAIRE,
    CapaciteAccueilOperationnelle,
)
from rxror.ror.regles import Examen, Severite
from rxror.ror.regles.capacites import CAPACITES
from rxror.ror.saisie import LECTEURS, LIGNES_MAXIMUM, Illisible, Lecture, Valeurs, defauts, publiables, texte_de

SECTION, NOMBRE = "capacitaire", "nombre_capacite"
COLONNES = (INSTALLE, DISPONIBLE, FERME, SUPPLEMENTAIRE)
NATURES = (LIT, PLACE)
MOTS = {LIT: ("Lits", "s"), PLACE: ("Places", "es")}
STATUTS = {
    INSTALLE: "installé",
    DISPONIBLE: "disponible",
    OCCUPE: "occupé",
    RESERVE: "réservé",
    FERME: "fermé",
    SUPPLEMENTAIRE: "supplémentaire",
}
NOM = re.compile(r"(?P<nature>0[12])\.(?P<statut>0[1256])\.(?P<temporalite>0[1-5])")


@dataclass(frozen=True)
class Cellule:
    """What a column counts: codes of J187, J188 and J189."""

    nature: str
    statut: str
    temporalite: str = COURANT

    @property
    def nom(self) -> str:
        """As a form names it, « 01.05.01 »."""
        return f"{self.nature}.{self.statut}.{self.temporalite}"

    @property
    def label(self) -> str:
        """« Lits fermés », « Places installées »."""
        mot, accord = MOTS[self.nature]
        return f"{mot} {STATUTS[self.statut].removesuffix('e') if accord == 'es' else STATUTS[self.statut]}{accord}"

    def compte(self, ligne: Mapping[str, Any]) -> bool:
        """Whether a line of capacity is of that cell."""
        dits = (ligne.get("nature_capacite"), ligne.get("statut_capacite"), ligne.get("temporalite_capacite"))
        return dits == (self.nature, self.statut, self.temporalite)


class Sorte(StrEnum):
    """What one may do in a cell."""

    LIBRE = "libre"
    RECUE = "recue"  # one line, fed by another system
    PLUSIEURS = "plusieurs"  # several lines: only the form of the lieu tells them apart


@dataclass(frozen=True)
class Case:
    """A cell of one lieu.

    Attributes:
        texte: as its input shows it: a number, nothing, or what could not be read.
        cle: key of its line, "" without one.
        source: code J193 of who feeds it, when it is not typed.
        total: what its lines add up to; None without any number.
    """

    texte: str = ""
    sorte: Sorte = Sorte.LIBRE
    cle: str = ""
    source: str = ""
    total: int | None = None


@dataclass(frozen=True)
class Faute:
    """What a rule says of a cell of a lieu."""

    lieu: str
    cellule: Cellule
    message: str
    bloque: bool
    regle: str = ""


def cellules(nature: str, temporalite: str) -> tuple[Cellule, ...]:
    """The four columns of a nature at a temporalité."""
    return tuple(Cellule(nature, statut, temporalite) for statut in COLONNES)


def cellule_de(nom: str) -> Cellule | None:
    """The cell that a form names; None for anything else."""
    lu = NOM.fullmatch(nom)
    return Cellule(**lu.groupdict()) if lu else None


def case_de(valeurs: Mapping[str, Any], illisibles: Mapping[str, str], cellule: Cellule) -> Case:
    """What a lieu holds in a cell."""
    lignes = [ligne for ligne in valeurs.get(CAPACITES) or [] if cellule.compte(ligne)]
    nombres = [ligne[NOMBRE] for ligne in lignes if ligne.get(NOMBRE) is not None]
    total = sum(nombres) if nombres else None
    if len(lignes) > 1:
        return Case("" if total is None else str(total), Sorte.PLUSIEURS, total=total)
    if not lignes:
        return Case(total=total)
    (ligne,) = lignes
    texte = texte_de(champs_de(CapaciteAccueilOperationnelle)[NOMBRE], ligne.get(NOMBRE))
    source = ligne.get("type_source_capacite") or SAISIE_MANUELLE
    if source != SAISIE_MANUELLE:
        return Case(texte, Sorte.RECUE, ligne["cle"], source, total)
    return Case(illisibles.get(_chemin(ligne["cle"]), texte), Sorte.LIBRE, ligne["cle"], total=total)


def lire(texte: str) -> int | None:
    """A typed number, as every form reads it; None for an empty cell.

    Raises:
        Illisible: it is no number of beds or places.
    """
    champ = champs_de(CapaciteAccueilOperationnelle)[NOMBRE]
    return LECTEURS[champ.type](champ, texte)


def pas_ici(sorte: Sorte) -> str:
    """Why a cell is not typed in the grid."""
    return messages.lecture("recue") if sorte is Sorte.RECUE else messages.lecture("plusieurs")


def poser(gardee: Lecture, cellule: Cellule, texte: str) -> Lecture:
    """The capacities of a lieu once a number is typed in a cell; the rest of its line stays as it is.

    Args:
        gardee: what is kept of the section now.

    Raises:
        Illisible: the text is no number, or the cell is not typed here.
    """
    case = case_de(gardee.valeurs, gardee.illisibles, cellule)
    if case.sorte is not Sorte.LIBRE:
        raise Illisible(pas_ici(case.sorte))
    nombre = lire(texte)
    lignes = [dict(ligne) for ligne in gardee.valeurs.get(CAPACITES) or []]
    if case.cle and nombre is None:
        lignes = [ligne for ligne in lignes if ligne["cle"] != case.cle]
    elif case.cle:
        lignes = [{**ligne, NOMBRE: nombre} if ligne["cle"] == case.cle else ligne for ligne in lignes]
    elif nombre is not None:
        if len(lignes) >= LIGNES_MAXIMUM:
            raise Illisible(messages.lecture("lignes", maximum=LIGNES_MAXIMUM, nombre=len(lignes) + 1))
        lignes.append({**_neuve(cellule, {ligne["cle"] for ligne in lignes}), NOMBRE: nombre})
    illisibles = {c: t for c, t in gardee.illisibles.items() if c != _chemin(case.cle)}
    return replace(gardee, valeurs={**gardee.valeurs, CAPACITES: lignes}, illisibles=illisibles)


def _neuve(cellule: Cellule, prises: set[str]) -> Valeurs:
    """A new line; the key of a usual one is that of the form of the lieu: both then are the same line in a merge."""
    ligne = {
        "nature_capacite": cellule.nature,
        "statut_capacite": cellule.statut,
        "temporalite_capacite": cellule.temporalite,
    }
    grille = [dict(case.ligne) for case in groupes_de(LieuRealisationOffre)[CAPACITES].grille]
    cle = f"g{grille.index(ligne)}" if ligne in grille else "c" + cellule.nom.replace(".", "")
    while cle in prises:
        cle += "b"
    return {"cle": cle, **defauts(CapaciteAccueilOperationnelle), **ligne}


def _chemin(cle: str) -> str:
    return f"{CAPACITES}.{cle}.{NOMBRE}"


def somme(cases: Iterable[Case]) -> int | None:
    """What cells add up to; None when none has a number."""
    totaux = [case.total for case in cases if case.total is not None]
    return sum(totaux) if totaux else None


# ------------------------------------------------------------------------------ the rules


def fautes_du_lieu(identifiant: str, contexte: Contexte, catalogue: Catalogue) -> Iterator[Faute]:
    """What the rules of a lieu say of its capacities; `contexte.valeurs` are its values, brouillons included."""
    examen = Examen(contexte.sur(publiables(LieuRealisationOffre, contexte.valeurs, contexte)), catalogue)
    for anomalie in controler(LieuRealisationOffre, examen):
        if anomalie.section == SECTION and anomalie.severite is not Severite.INFORMATION:
            yield _faute(identifiant, contexte.valeurs, anomalie)


def fautes_d_une_offre(
    contexte: Contexte, lieux: Mapping[str, Valeurs], ouvertes: Mapping[str, int], catalogue: Catalogue
) -> Iterator[Faute]:
    """What the rules of an offer say of the capacities of its lieux.

    Args:
        contexte: that of the offer.
        lieux: {identifier: values} of its lieux.
        ouvertes: {identifier of a lieu: how many other offers, open, it serves}.
    """
    examen = Examen(contexte, catalogue, lieux, offres_ouvertes=ouvertes)
    for anomalie in controler(OffreOperationnelle, examen):
        identifiant = anomalie.objet.partition(":")[2]
        de_capacite = anomalie.chemin.partition(".")[0] == CAPACITES
        if identifiant in lieux and de_capacite and anomalie.severite is not Severite.INFORMATION:
            yield _faute(identifiant, lieux[identifiant], anomalie)


def _faute(identifiant: str, valeurs: Mapping[str, Any], anomalie: Anomalie) -> Faute:
    cellule = _au_chemin(valeurs.get(CAPACITES) or [], anomalie.chemin) or Cellule(LIT, INSTALLE)
    return Faute(identifiant, cellule, anomalie.message, anomalie.bloque, anomalie.regle)


def _au_chemin(lignes: Sequence[Mapping[str, Any]], chemin: str) -> Cellule | None:
    morceaux = chemin.split(".")
    ligne: Mapping[str, Any] = next((e for e in lignes if e["cle"] in morceaux[1:2]), {})
    codes = (ligne.get("nature_capacite"), ligne.get("statut_capacite"), ligne.get("temporalite_capacite"))
    return cellule_de(".".join(code or "" for code in codes))
