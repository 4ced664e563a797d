"""RE1.2: how recent the offers of an établissement are. Source: BI, V_DIM_ExigenceQualite_RE1.2."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal

from rxror.ror.dates import a_paris
from rxror.ror.exigences import declarations as d
from rxror.ror.exigences.entrees import EtablissementVu, OffreVue
from rxror.ror.exigences.perimetre import HORS_FINESS
from rxror.ror.exigences.phrases import phrase
from rxror.ror.exigences.verdicts import Statut, Verdict
from rxror.ror.fraicheur import ajouter_mois

UN_AN = 12
PEU = 8  # below, one fresh offer is enough
PART = Decimal("0.25")


@dataclass(frozen=True)
class Recence:
    """The figures of the indicator."""

    total: int
    fraiches: int

    @property
    def exigees(self) -> int:
        """The fewest fresh offers that make it conform."""
        return next(n for n in range(self.total + 1) if _suffisent(n, self.total))

    @property
    def conforme(self) -> bool:
        """Whether there are enough."""
        return _suffisent(self.fraiches, self.total)


def _suffisent(fraiches: int, total: int) -> bool:
    """None asked of nothing; one below eight; then a quarter, rounded to two decimals, half up as SQL rounds."""
    if total < PEU:
        return fraiches >= min(total, 1)
    return (Decimal(fraiches) / Decimal(total)).quantize(Decimal("0.01"), ROUND_HALF_UP) >= PART


def est_fraiche(offre: OffreVue, jour: date) -> bool:
    """Whether it was updated after the same day of last year began; its lieux do not count, as in the view."""
    if offre.mise_a_jour is None:
        return False
    limite = datetime.combine(ajouter_mois(jour, -UN_AN), time())
    return a_paris(offre.mise_a_jour).replace(tzinfo=None) > limite


def recence(offres: Sequence[OffreVue], jour: date) -> Recence:
    """Count the offers that are not closed for good."""
    ouvertes = [o for o in offres if not o.fermee]
    return Recence(len(ouvertes), sum(est_fraiche(o, jour) for o in ouvertes))


def _retard(n: int) -> str:
    """« 3 offres n’ont pas été mises »."""
    return f"{n} offres n’ont pas été mises" if n > 1 else "1 offre n’a pas été mise"


def re1_2(etablissement: EtablissementVu, chiffres: Recence) -> Verdict:
    """RE1.2: a part of the offers is updated each year. A closed EG is left out, even closed for a while."""
    sujet = (etablissement.cle, etablissement.nom)
    if etablissement.fermeture is not None or etablissement.categorie in HORS_FINESS:
        return Verdict(d.RE1_2, Statut.SANS_OBJET, phrase("RE1.2", "sans_objet"), *sujet)
    if not chiffres.total:
        return Verdict(d.RE1_2, Statut.CONFORME, phrase("RE1.2", "aucune"), *sujet)
    details = {
        "retard": _retard(chiffres.total - chiffres.fraiches),
        "total": chiffres.total,
        "fraiches": chiffres.fraiches,
        "exigees": chiffres.exigees,
    }
    if chiffres.conforme:
        return Verdict(d.RE1_2, Statut.CONFORME, phrase("RE1.2", "conforme", **details), *sujet)
    return Verdict(
        d.RE1_2,
        Statut.ECART,
        phrase("RE1.2", "ecart", **details),
        *sujet,
        path_element_error="HealthcareService.meta.lastUpdated",
        error_value=str(chiffres.fraiches),
        proposed_value=str(chiffres.exigees),
    )
