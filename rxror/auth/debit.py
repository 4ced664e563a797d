"""How many times in a row: one small bucket per session or address."""

from collections import OrderedDict
from time import monotonic


class Debit:
    """Token buckets: `reserve` at once, then `par_seconde`. Forgets the oldest keys, so memory is bounded."""

    def __init__(self, par_seconde: float, reserve: float, cles: int = 10_000) -> None:
        """Keep the limits.

        Args:
            par_seconde: events allowed per second in the long run.
            reserve: events allowed at once.
            cles: how many sessions or addresses are remembered.
        """
        self.par_seconde = par_seconde
        self.reserve = reserve
        self.cles = cles
        self._seaux: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def accepte(self, cle: str, instant: float | None = None) -> bool:
        """Count one event; False when there are too many."""
        instant = monotonic() if instant is None else instant
        reste, avant = self._seaux.pop(cle, (self.reserve, instant))
        reste = min(self.reserve, reste + (instant - avant) * self.par_seconde)
        accepte = reste >= 1
        self._seaux[cle] = (reste - 1 if accepte else reste, instant)
        if len(self._seaux) > self.cles:
            self._seaux.popitem(last=False)
        return accepte
