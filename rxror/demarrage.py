"""What is looked at before the service starts, beside each setting by itself: the framework, who reads the files.

The settings check themselves in `rxror/settings.py`, the key in `rxror/auth/secret.py`, Valkey in `rxror/valkey.py`.
"""

import os
from pathlib import Path

from rxror.settings import SQLITE, settings

# By these the framework would take another origin, proxy or setting than ours, or tell in the log what people type.
INTERDITES = (
    "REFLEX_CORS_ALLOWED_ORIGINS",
    "REFLEX_TRUSTED_PROXY_HOPS",
    "REFLEX_ENV_FILE",
    "REFLEX_STATE_AUTO_SETTERS",
)
DEVELOPPEMENT = {
    "REFLEX_ENV_MODE": frozenset({"dev", "test", "preview"}),
    "REFLEX_LOGLEVEL": frozenset({"debug"}),
    "PYTHONASYNCIODEBUG": frozenset({"1"}),
    "PYTHONDEVMODE": frozenset({"1"}),
}
AUTRES_LISENT, AUTRES_ENTRENT = 0o004, 0o001


class DemarrageRefuse(SystemExit):
    """The service must not start so; the message, in French, says why and what to do."""


def verifier_l_environnement() -> None:
    """Refuse what would open the framework wider than our settings say. In the process that serves too.

    Raises:
        DemarrageRefuse: a variable of the framework stands against ours, or asks for its development mode.
    """
    for nom in INTERDITES:
        if os.environ.get(nom, "").strip():
            raise DemarrageRefuse(
                f"La variable {nom} remplacerait un réglage de rxror. Retirez-la : "
                "tout se règle par les variables RXROR_… du README."
            )
    for nom, valeurs in DEVELOPPEMENT.items():
        if not settings().demo and os.environ.get(nom, "").strip().lower() in valeurs:
            raise DemarrageRefuse(
                f"{nom}={os.environ[nom]} met au point un programme et montre ce qu’on y tape. Retirez cette "
                "variable ; elle n’est admise qu’en démonstration (RXROR_DEMO=1)."
            )


def verifier_les_fichiers() -> None:
    """Refuse a base or secrets that any account of the machine may read; in demonstration, close them.

    Raises:
        DemarrageRefuse: they are open, and it is not a demonstration.
    """
    for chemin in _prives():
        if not _ouvert_a_tous(chemin):
            continue
        if not settings().demo:
            raise DemarrageRefuse(
                f"{chemin} peut être lu par tous les comptes de cette machine : il garde la base et les secrets. "
                f"Fermez-le, puis relancez : chmod o-rwx {chemin}"
            )
        chemin.chmod(chemin.stat().st_mode & ~0o007)


def _prives() -> list[Path]:
    base = settings().url_base
    return [settings().var, *([Path(base.removeprefix(SQLITE))] if base.startswith(SQLITE) else [])]


def _ouvert_a_tous(chemin: Path) -> bool:
    """Whether an account that is neither the owner's nor of the group reaches what is there."""
    if not chemin.exists():
        return False
    masque = AUTRES_LISENT | AUTRES_ENTRENT if chemin.is_dir() else AUTRES_LISENT
    dessus = chemin.resolve().parents
    return bool(chemin.stat().st_mode & masque) and all(d.stat().st_mode & AUTRES_ENTRENT for d in dessus)
