"""How long a review will take, from the person's own pace: the instants of their last confirmations and validations."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from statistics import fmean, median

from sqlmodel import Session, col, select

from rxror.services.acces import Acteur
from rxror.services.identite import utc
from rxror.tables import Action, Trace

LUES = 400  # lines of the trace, the last ones
ENSEMBLE = 1.0  # seconds: what is nearer was done by one gesture
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

    def dire(self, fiches: int) -> str:
        """« environ 6 min », « environ 1 h 10 », « moins d’une minute »."""
        minutes = round(self.secondes(fiches) / 60)
        if minutes < 1:
            return "moins d’une minute"
        heures, reste = divmod(minutes, 60)
        return f"environ {heures} h {reste:02d}" if heures else f"environ {minutes} min"


def rythme(session: Session, acteur: Acteur) -> Rythme:
    """The pace of a person; one query."""
    requete = (
        select(Trace.instant, Trace.action)
        .where(
            Trace.utilisateur_id == acteur.id,
            col(Trace.action).in_([Action.CONFIRMATION, Action.VALIDATION]),
        )
        .order_by(col(Trace.id).desc())
        .limit(LUES)
    )
    lues = [(utc(instant), action is Action.VALIDATION) for instant, action in session.exec(requete)]
    return mesurer(lues)


def mesurer(gestes: Iterable[tuple[datetime, bool]]) -> Rythme:
    """The pace that these gestures show, each with whether it published changes; their order does not count.

    What one gesture does to many objects tells nothing of a card: neither it nor the time before it is measured.
    Pauses are left out, by a limit and by what is far from the median.
    """
    groupes = _groupes(sorted(gestes))
    durees: dict[bool, list[float]] = {True: [], False: []}
    for avant, apres in pairwise(groupes):
        duree = (apres[0][0] - avant[-1][0]).total_seconds()
        if duree <= PAUSE and (len(apres) == 1 or apres[0][1]):  # an offer is validated with its lieux
            durees[apres[0][1]].append(duree)
    inchangees, modifiees = durees[False], durees[True]
    vues = len(inchangees) + len(modifiees)
    return Rythme(
        inchangee=_allure(inchangees, INCHANGEE),
        modifiee=_allure(modifiees, MODIFIEE),
        part=(len(modifiees) + PART * POIDS) / (vues + POIDS),
        mesure=len(inchangees) >= PEU,
    )


def _groupes(gestes: Sequence[tuple[datetime, bool]]) -> list[list[tuple[datetime, bool]]]:
    """What was done together, in order."""
    groupes: list[list[tuple[datetime, bool]]] = []
    for geste in gestes:
        if groupes and (geste[0] - groupes[-1][-1][0]).total_seconds() < ENSEMBLE:
            groupes[-1].append(geste)
        else:
            groupes.append([geste])
    return groupes


def _allure(durees: Sequence[float], defaut: float) -> float:
    """The mean of what is not far above the median; the default when there is too little."""
    if len(durees) < PEU:
        return defaut
    milieu = median(durees)
    return fmean(d for d in durees if d <= ECART * milieu)
