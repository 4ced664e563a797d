"""What the columns of « Capacités du site » add up to, and what the établissement declared elsewhere, to compare."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session, col, select

from rxror.ror.capacites_du_site import STATUTS, Case, Cellule, case_de, somme
from rxror.ror.objets import EntiteGeographique
from rxror.ror.objets.lieu import COURANT, INSTALLE, LIT, PLACE
from rxror.ror.typographie import fr
from rxror.services.site import LieuDuSite, Site
from rxror.tables import RepereSae

DISCIPLINES_SAE = {
    LIT: (
        "medecine_lits",
        "chirurgie_lits",
        "obstetrique_lits",
        "smr_lits",
        "usld_lits",
        "psychiatrie_generale_lits",
        "psychiatrie_infanto_juvenile_lits",
    ),
    PLACE: (
        "medecine_places",
        "chirurgie_places",
        "obstetrique_places",
        "smr_places",
        "had_places",
        "psychiatrie_generale_places_jour",
        "psychiatrie_generale_places_nuit",
        "psychiatrie_infanto_juvenile_places_jour",
    ),
}
ADDITION = (
    "Le total SAE, au pied de la grille, additionne médecine, chirurgie, obstétrique, SMR, USLD, HAD et psychiatrie. "
    "Il n’ajoute pas les unités détaillées à part (réanimation, soins intensifs, surveillance continue, néonatologie, "
    "UHCD), dont les lits peuvent déjà être comptés par discipline."
)


@dataclass
class Bilan:
    """Sums, as they are said.

    Attributes:
        groupes: {key of a pôle: sentence}.
        totaux: one for each column, all lieux of the site; `avant`, as published.
        phrase: of what counts most.
    """

    groupes: dict[str, str] = field(default_factory=dict)
    totaux: list[str] = field(default_factory=list)
    avant: list[str] = field(default_factory=list)
    phrase: str = ""


def combien(n: int) -> str:
    """« 12 lieux », « 1 lieu »."""
    return f"{n} lieux" if n > 1 else f"{n} lieu"


def bilan(ici: Site, colonnes: Sequence[Cellule], tapees: Mapping[str, Mapping[str, Any]]) -> Bilan:
    """What the columns add up to, for each pôle and for the site.

    Args:
        tapees: {identifier: values of the section} of the lieux where something is typed.
    """
    groupes: dict[str, list[LieuDuSite]] = {}
    for lieu in ici.lieux:
        groupes.setdefault(lieu.pole[0] or "sans", []).append(lieu)
    totaux = [somme(_avec(lieu, c, tapees) for lieu in ici.lieux) for c in colonnes]
    avant = [somme(lieu.publiee(c) for lieu in ici.lieux) for c in colonnes]
    installes, publies = totaux[0] or 0, avant[0] or 0
    suite = fr(f", publié : {publies}") if installes != publies else ""
    return Bilan(
        {cle: _phrase(siens, colonnes, tapees) for cle, siens in groupes.items()},
        [_dit(n) for n in totaux],
        [_dit(n) for n in avant],
        _compte(installes, colonnes[0]) + suite,
    )


def _avec(lieu: LieuDuSite, cellule: Cellule, tapees: Mapping[str, Mapping[str, Any]]) -> Case:
    valeurs = tapees.get(lieu.identifiant)
    return lieu.case(cellule) if valeurs is None else case_de(valeurs, {}, cellule)


def _phrase(siens: Sequence[LieuDuSite], colonnes: Sequence[Cellule], tapees: Mapping[str, Mapping[str, Any]]) -> str:
    sommes = [(c, somme(_avec(lieu, c, tapees) for lieu in siens)) for c in colonnes]
    return ", ".join([combien(len(siens)), *(_compte(n, c) for c, n in sommes if n is not None)])


def _compte(n: int, cellule: Cellule) -> str:
    """« 32 lits installés », « 1 place fermée »."""
    if n > 1:
        return fr(f"{n} {cellule.label.lower()}")
    mot, e = ("lit", "") if cellule.nature == LIT else ("place", "e")
    statut = STATUTS[cellule.statut]
    return fr(f"{n} {mot} {statut}{'' if statut.endswith('e') else e}")


def _dit(n: int | None) -> str:
    return "–" if n is None else str(n)


# ------------------------------------------------------------------------------ what the SAE says


def reperes_sae(session: Session, eg: EntiteGeographique, colonnes: Sequence[Cellule]) -> list[str]:
    """For each column, what the établissement declared in the SAE, « SAE 2023 : 306 »; "" where it says nothing.

    Beds and places installed now, all disciplines together. Units that the survey details apart are left out: their
    beds may be counted in a discipline already [I]. Source: README of `rxror/donnees/sae`.
    """
    return [_declares(session, eg, cellule) for cellule in colonnes]


def _declares(session: Session, eg: EntiteGeographique, cellule: Cellule) -> str:
    if (cellule.statut, cellule.temporalite) != (INSTALLE, COURANT):
        return ""
    rubriques = col(RepereSae.rubrique).in_(DISCIPLINES_SAE[cellule.nature])
    chiffres = session.exec(select(RepereSae).where(RepereSae.finess == eg.num_finess, rubriques)).all()
    total = sum(c.nombre for c in chiffres)
    return fr(f"SAE {max(c.annee for c in chiffres)} : {total}") if total else ""
