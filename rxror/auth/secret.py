"""The key that signs the short sign-in cookie: given by the settings, or made at first start in demonstration."""

import os
import secrets
import zlib
from functools import lru_cache

from rxror.settings import settings

LONGUEUR = 32
REPETE = 26  # bytes: 32 characters at random take 35 at least


class SecretAbsent(SystemExit):
    """The service must not start without a secret of its own."""


@lru_cache
def secret() -> str:
    """The signing key of this process.

    Raises:
        SecretAbsent: outside demonstration, none was given or it is too short.
    """
    donne = settings().secret.get_secret_value()
    if not donne and settings().demo:
        return _garde()
    if len(donne) < LONGUEUR or _se_repete(donne):
        raise SecretAbsent(
            f"RXROR_SECRET est absent ou trop faible : donnez {LONGUEUR} caractères au moins, tirés au hasard. "
            "Par exemple ceux qu’affiche : python -c 'import secrets; print(secrets.token_urlsafe(48))'"
        )
    return donne


def _se_repete(secret: str) -> bool:
    """Whether it is a few words said again, such as « change-me-change-me »: what is drawn at random hardly shrinks."""
    return len(zlib.compress(secret.encode(), 9)) < REPETE


def _garde() -> str:
    chemin = settings().var / "secret"
    chemin.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        fichier = os.open(chemin, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return chemin.read_text(encoding="ascii").strip()
    cle = secrets.token_urlsafe(48)
    with os.fdopen(fichier, "w", encoding="ascii") as sortie:
        sortie.write(cle)
    return cle
