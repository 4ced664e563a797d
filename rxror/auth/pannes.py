"""A breakdown, told twice: a reference for the person, types and places for the log, values for nobody."""

import secrets
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

SIGNES = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no two alike
PANNE = "Rien n’est à refaire\u00a0: ce qui est enregistré est gardé. Réessayez dans une minute."


def nouveau_repere() -> str:
    """A reference for one breakdown, short enough to be read on the phone: day, hour, four signs."""
    hasard = "".join(secrets.choice(SIGNES) for _ in range(4))
    return f"{datetime.now(ZoneInfo('Europe/Paris')):%d%m-%H%M}-{hasard}"


@lru_cache(maxsize=4096)
def repere_de(evenement: str) -> str:
    """The reference of an event, by its transaction: the same from its start to the answer to its breakdown."""
    return nouveau_repere()
