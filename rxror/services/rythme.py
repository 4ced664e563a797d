"""How long a review will take, from the person's own pace: the instants of their last confirmations and validations."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from statistics import fmean, median

from sqlmodel import Session, col, select

from rxror.ror.dates import utc
from rxror.ror.typographie import fr
from rxror.services.acces import Acteur
from rxror.tables import Action, Trace

LUES = 400  # lines of the trace, the last ones
PAUSE = 600.0  # seconds: what is longer is no work
ECART = 4.0  # times the median: what is longer was interrupted
PEU = 5  # intervals of one kind below which the pace is not known
INCHANGEE, MODIFIEE = 7.0, 50.0  # seconds a card, before anything is known of the person
PART, POIDS = 0.1, 20  # share of cards that change, and how many cards that guess is worth


@dataclass(frozen=True)
class Rythme:
    """Seconds for a card that is confirmed as it is, for one that is changed, and the share of these.

    Attributes:
        mesure: whether it is the person's own; the starting pace otherwise.
    """

    inchangee: float = INCHANGEE
    modifiee: float = MODIFIEE
    part: float = PART
    mesure: bool = False

    def secondes(self, fiches: int) -> float:
        """For so many cards."""
        return fiches * ((1 - self.part) * self.inchangee + self.part * self.modifiee)

    def phrase(self, fiches: int) -> str:
        """« environ 6 min à votre rythme »; the starting pace is told as it is."""
        suite = " à votre rythme" if self.mesure else f", à {round(self.secondes(1))} s par fiche"
        return fr(self.dire(fiches) + suite)

    def dire(self, fiches: int) -> str:
        """« environ 6 min », « environ 1 h 10 », « moins d’une minute »."""
        minutes = round(self.secondes(fiches) / 60)
        if minutes < 1:
            return "moins d’une minute"
        heures, reste = divmod(minutes, 60)
        return f"environ {heures} h {reste:02d}" if heures else f"environ {minutes} min"


@dataclass(frozen=True)
class Geste:
    """One answer: when, whether it published a change, and how many cards it answered for at once."""

    instant: datetime
    change: bool = False
    fiches: int = 1


def rythme(session: Session, acteur: Acteur) -> Rythme:
    """The pace of a person; one query."""
    requete = (
        select(Trace)
        .where(Trace.utilisateur_id == acteur.id, col(Trace.action).in_([Action.CONFIRMATION, Action.VALIDATION]))
        .order_by(col(Trace.id).desc())
        .limit(LUES)
    )
    gestes: dict[str, list[Trace]] = {}
    for trace in session.exec(requete):
        gestes.setdefault(str(trace.resultat.get("geste") or trace.id), []).append(trace)
    return mesurer(_geste(traces) for traces in gestes.values())


def _geste(traces: Sequence[Trace]) -> Geste:
    """The lines of one gesture: an offer is confirmed with its lieux, which say with what they were."""
    return Geste(
        max(utc(t.instant) for t in traces),
        any(t.action is Action.VALIDATION for t in traces),
        sum("avec" not in t.resultat for t in traces),
    )


def mesurer(gestes: Iterable[Geste]) -> Rythme:
    """The pace that these gestures show; their order does not count.

    What answers for many cards at once tells nothing of one: the time before it is not measured.
    Pauses are left out, by a limit and by what is far from the median.
    """
    durees: dict[bool, list[float]] = {True: [], False: []}
    for avant, apres in pairwise(sorted(gestes, key=lambda g: g.instant)):
        duree = (apres.instant - avant.instant).total_seconds()
        if duree <= PAUSE and apres.fiches <= 1:
            durees[apres.change].append(duree)
    inchangees, modifiees = durees[False], durees[True]
    vues = len(inchangees) + len(modifiees)
    return Rythme(
        inchangee=_allure(inchangees, INCHANGEE),
        modifiee=_allure(modifiees, MODIFIEE),
        part=(len(modifiees) + PART * POIDS) / (vues + POIDS),
        mesure=len(inchangees) >= PEU,
    )


def _allure(durees: Sequence[float], defaut: float) -> float:
    """The mean of what is not far above the median; the default when there is too little."""
    if len(durees) < PEU:
        return defaut
    milieu = median(durees)
    return fmean(d for d in durees if d <= ECART * milieu)
