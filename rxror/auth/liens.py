"""The secret of a personal link: made again from its gesture, so that only its digest has to be kept."""

import base64
import hashlib
import hmac
import re
from uuid import UUID

from rxror.auth.secret import secret
from rxror.ror.parcours import CONFIE
from rxror.settings import settings

FORME = re.compile(r"[A-Za-z0-9_-]{43}")


def secret_du_lien(utilisateur_id: int, cle: UUID) -> str:
    """256 bits that nobody guesses without the key of this service; the same for the same gesture tried again."""
    message = f"lien confié {utilisateur_id} {cle}".encode()
    scelle = hmac.new(secret().encode(), message, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(scelle).decode().rstrip("=")


def url_du_lien(secret_du_lien: str) -> str:
    """The whole address, as it is given to somebody."""
    return f"{settings().url}{CONFIE}/{secret_du_lien}"
