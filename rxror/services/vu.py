"""What a page showed, as a digest that comes back with the gesture: another one means that something changed since."""

import hashlib
import json
from typing import Any


def empreinte(contenu: Any) -> str:
    """Digest of lists, mappings and values; the order of the keys does not count."""
    return hashlib.sha256(json.dumps(contenu, sort_keys=True, default=repr).encode()).hexdigest()
