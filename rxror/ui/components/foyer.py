"""Where the focus goes after an answer of the server. Our CSP forbids `rx.call_script`: the page says it in an
attribute, and assets/saisie.js reads it once the element is drawn.
"""

from secrets import token_hex
from typing import Literal

import reflex as rx

Geste = Literal["champ", "premier", "vider"]


def vers(identifiant: str, geste: Geste = "champ") -> str:
    """A request for the focus, different each time.

    Args:
        identifiant: id of the element; with "premier", what the name of its first field starts with.
        geste: "champ" the element, "premier" the first field of a row, "vider" the field, emptied.
    """
    return f"{geste}:{identifiant}:{token_hex(3)}"


def foyer_view(demande: rx.Var) -> rx.Component:
    """The request, for the script; nothing to see or to hear."""
    return rx.el.span(hidden=True, custom_attrs={"data-foyer": demande})
