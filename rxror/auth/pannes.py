"""A breakdown, told twice: a reference for the person, types and places for the log, values for nobody."""

import secrets
import traceback
from datetime import datetime
from zoneinfo import ZoneInfo

SIGNES = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no two alike
PANNE = "Rien n’est à refaire\u00a0: ce qui est enregistré est gardé. Réessayez dans une minute."


def nouveau_repere() -> str:
    """A reference for one breakdown, short enough to be read on the phone: day, hour, four signs."""
    hasard = "".join(secrets.choice(SIGNES) for _ in range(4))
    return f"{datetime.now(ZoneInfo('Europe/Paris')):%d%m-%H%M}-{hasard}"


def recit(exception: BaseException) -> str:
    """Types and places of an exception and its causes: SQL parameters and names stay out of the log."""
    ici = f"{type(exception).__name__}\n{''.join(traceback.format_tb(exception.__traceback__))}"
    cause = exception.__cause__ or exception.__context__
    return ici + (f"à la suite de {recit(cause)}" if cause else "")
