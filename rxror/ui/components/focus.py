"""Where the focus goes after an answer of the server. Our CSP forbids `rx.call_script`: the page says it in an
attribute, and assets/navigation.js reads it once the element is drawn.

A state holds the request in a var, `focus: str = ""`, the page draws it by `focus_view(etat.focus)`, a handler sets
it: `self.focus = vers("contact.n1f", "premier")`.
"""

from secrets import token_hex
from typing import Literal

import reflex as rx

Mode = Literal["sur", "premier", "vider"]


def vers(identifiant: str, mode: Mode = "sur") -> str:
    """A request for the focus, different each time.

    Args:
        identifiant: id of the element; with "premier", what the name of its first field starts with.
        mode: "sur" the element, "premier" the first field of a row, "vider" the field, emptied.
    """
    return f"{token_hex(3)} {mode} {identifiant}"


def focus_view(demande: rx.Var) -> rx.Component:
    """The request, for the script; nothing to see or to hear."""
    return rx.el.span(hidden=True, custom_attrs={"data-focus": demande})
