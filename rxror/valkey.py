"""The Valkey (or Redis) that holds the tabs' state when several processes serve: checked before the service starts.

What it holds is a cache: pages are rebuilt from their address and the database. It is trusted all the same, since
Reflex reads Python objects from it: whoever writes there commands the service.
"""

from typing import Any
from urllib.parse import urlsplit

from rxror.ror.erreurs import ErreurRxror
from rxror.settings import LOOPBACK, settings

REPONSE_SECONDES = 3.0
NOTIFICATIONS = "K$sgxe"  # what Reflex listens to: a tab that another process now serves, a lock given back


class ValkeyRefuse(ErreurRxror):
    """Several processes cannot share the tabs' state; the message, in French, says why and what to do."""


def verifier() -> None:
    """Refuse what would lose or mix the tabs.

    Raises:
        ValkeyRefuse: several processes without Valkey, a Valkey open to others, or one that does not do its part.
    """
    url = settings().url_valkey
    if not url:
        if settings().workers > 1:
            raise ValkeyRefuse(
                f"RXROR_WORKERS demande {settings().workers} processus : il leur faut un Valkey (ou Redis) commun. "
                "Donnez son adresse, par exemple RXROR_VALKEY_URL=redis://localhost:6379/0, "
                "ou laissez RXROR_WORKERS à 1."
            )
        return
    _verifier_l_acces(url)
    _verifier_la_reponse(url)


def repond() -> bool:
    """Whether the Valkey of the settings answers; without one there is nothing to wait for."""
    if not settings().url_valkey:
        return True
    from redis import Redis
    from redis.exceptions import RedisError

    delais = {"socket_timeout": REPONSE_SECONDES, "socket_connect_timeout": REPONSE_SECONDES}
    try:
        with Redis.from_url(settings().url_valkey, **delais) as client:
            return bool(client.ping())
    except (RedisError, OSError):
        return False


def adresse() -> str:
    """Where Valkey is, without its password."""
    morceaux = urlsplit(settings().url_valkey)
    return f"{morceaux.scheme}://{morceaux.netloc.rpartition('@')[2]}{morceaux.path}"


def _verifier_l_acces(url: str) -> None:
    morceaux = urlsplit(url)
    if morceaux.scheme != "unix" and morceaux.hostname not in LOOPBACK and not morceaux.password:
        raise ValkeyRefuse(
            f"{adresse()} est sur une autre machine et n’a pas de mot de passe : qui peut y écrire commande rxror. "
            "Donnez-en un à Valkey (requirepass, ou un utilisateur), puis à RXROR_VALKEY_URL : "
            "rediss://utilisateur:motdepasse@machine:6379/0."
        )


def _verifier_la_reponse(url: str) -> None:
    from redis import Redis  # half a second to import, which one process without Valkey does not pay
    from redis.exceptions import AuthenticationError, RedisError, ResponseError

    try:
        with Redis.from_url(url, socket_timeout=REPONSE_SECONDES, socket_connect_timeout=REPONSE_SECONDES) as client:
            posees: Any = client.config_get("notify-keyspace-events")
            if not set(NOTIFICATIONS) <= _en_detail(posees.get("notify-keyspace-events", "")):
                client.config_set("notify-keyspace-events", NOTIFICATIONS)
    except (AuthenticationError, ResponseError) as erreur:
        raise ValkeyRefuse(
            f"Valkey ({adresse()}) refuse ce qui lui est demandé : {erreur}. Vérifiez le nom et le mot de passe de "
            "RXROR_VALKEY_URL, et que cet utilisateur peut lire et régler notify-keyspace-events."
        ) from erreur
    except (RedisError, OSError) as erreur:
        raise ValkeyRefuse(
            f"Valkey ne répond pas ({adresse()}). Démarrez-le, ou corrigez RXROR_VALKEY_URL, puis relancez."
        ) from erreur


def _en_detail(reglage: str) -> set[str]:
    """Letters of the setting, `A` being those of every kind of event."""
    return set(reglage) | (set("g$lshzxetd") if "A" in reglage else set())
