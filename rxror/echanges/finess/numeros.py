"""Keys of the numbers FINESS carries.

Source: Luhn key of FINESS, Corsica included, checked on every number of the January 2021 directory.
"""

import re

from stdnum import luhn
from stdnum.fr import siren, siret

_FINESS = re.compile(r"(?:\d\d|2[AB])\d{7}")


def finess_valide(numero: str) -> bool:
    """Whether a FINESS number has its nine characters and its key; Corsica counts A as 1 and B as 2."""
    return bool(_FINESS.fullmatch(numero)) and luhn.is_valid(numero.replace("A", "1").replace("B", "2"))


def siren_valide(numero: str) -> bool:
    """Whether a SIREN has its nine digits and its key."""
    return numero.isdigit() and siren.is_valid(numero)


def siret_valide(numero: str) -> bool:
    """Whether a SIRET has its fourteen digits and its keys; La Poste has a rule of its own."""
    return numero.isdigit() and siret.is_valid(numero)
