"""What is closed, or is going to be: said at the top of its page."""

import reflex as rx

from rxror.ror.typographie import fr
from rxror.ui.components.etats import Donnee


def fermeture_view(fermeture: Donnee) -> rx.Component:
    """The closing of the object of the page, its reason; nothing for an open one.

    Args:
        fermeture: a Var over `rxror.services.reouverture.Constat`.
    """
    return rx.cond(
        fermeture.phrase,
        rx.el.section(
            rx.el.h2(fermeture.phrase, id="t-fermee"),
            rx.cond(fermeture.motif, rx.el.p(fr("Motif : "), fermeture.motif)),
            rx.cond(
                fermeture.archive,
                rx.el.p("Tout se lit, rien ne change plus. Pour modifier ou valider, rouvrez d’abord."),
            ),
            class_name="panneau panneau--alerte",
            aria_labelledby="t-fermee",
        ),
        rx.fragment(),
    )
