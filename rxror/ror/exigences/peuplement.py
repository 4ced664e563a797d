"""Peuplement: how far the offers of an établissement are described. Source: BI, V_DIM_SuiviPeuplementROR_UE and _EG."""

from collections.abc import Iterable
from dataclasses import dataclass

from rxror.ror.autorisations import Autorisations
from rxror.ror.exigences import perimetre as p
from rxror.ror.exigences.entrees import EtablissementVu, OffreVue

FINALISE, EN_COURS, A_FAIRE = "Finalisé", "En cours", "À faire"


@dataclass(frozen=True)
class Peuplement:
    """One line of the indicator: the whole établissement, or one of its champs d'activité in sanitaire.

    Attributes:
        champ: « MCO », « SMR », « PSY », or "" for the whole.
        statut: that of the indicator; `finalisees` on `total` is our own count beside it.
    """

    champ: str
    statut: str
    finalisees: int
    en_cours: int
    total: int


def statut_de(offre: OffreVue) -> str:
    """Finalisé when nothing lacks, À faire when there is nothing at all, En cours otherwise."""
    if not offre.reste:
        return FINALISE
    return EN_COURS if offre.entame else A_FAIRE


def peuplement(etablissement: EtablissementVu, offres: Iterable[OffreVue]) -> list[Peuplement]:
    """Lines of one établissement; none when its category is not followed.

    In sanitaire there is one line per champ d'activité that is authorised, plus those that a category brings by
    itself. Without authorisations loaded, the champs that have offers stand in for them.
    """
    ouvertes = [o for o in offres if not o.fermee]
    if etablissement.categorie in p.PEUPLEMENT_ENTIER:
        return [_ligne("", ouvertes)]
    if etablissement.categorie not in p.PEUPLEMENT_PAR_CHAMP:
        return []
    par_champ = {code: [o for o in ouvertes if o.champ_activite == code] for code in p.CHAMPS}
    return [
        _ligne(p.CHAMPS[code], siennes)
        for code, siennes in par_champ.items()
        if _suivi(etablissement.categorie, code, etablissement.autorisations, bool(siennes))
    ]


def _suivi(categorie: str, code: str, connues: Autorisations | None, des_offres: bool) -> bool:
    champ = p.CHAMPS[code]
    if (champ == "PSY" and categorie in p.PEUPLEMENT_PSY) or (champ == "MCO" and categorie in p.PEUPLEMENT_MCO):
        return True
    return connues.a(champ) if connues else des_offres


def _ligne(champ: str, offres: list[OffreVue]) -> Peuplement:
    """As the view has it: a mix of Finalisé and À faire, without En cours, reads « À faire »."""
    statuts = [statut_de(o) for o in offres]
    finalisees, en_cours = statuts.count(FINALISE), statuts.count(EN_COURS)
    entamee = EN_COURS if en_cours else A_FAIRE
    statut = FINALISE if offres and finalisees == len(offres) else entamee
    return Peuplement(champ, statut, finalisees, en_cours, len(offres))
