"""The way to the history of an object, quieter than the gestures of its page."""

import reflex as rx

from rxror.ror import parcours
from rxror.ui.place import ICI


def historique_view(nom: str | rx.Var) -> rx.Component:
    """« Historique », whose accessible name says of what; its page is below the object's."""
    return rx.el.a(
        "Historique",
        rx.el.span(" de ", nom, class_name="invisible"),
        href=ICI + f"/{parcours.HISTORIQUE}",
        class_name="lien",
    )
