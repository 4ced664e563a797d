"""What publishing changes for others: « Gynécologie, 2e étage sert 4 offres », each named, and the way to separate."""

import reflex as rx

from rxror.ror.parcours import Maillon
from rxror.ror.typographie import fr


def effets_view(effets: rx.Var) -> rx.Component:
    """The block; nothing when nobody else is touched."""
    return rx.cond(
        effets.length() > 0,
        rx.el.section(
            rx.el.h2("Change aussi pour d’autres offres", id="t-effets"),
            rx.foreach(effets, _effet),
            class_name="panneau panneau--alerte",
            aria_labelledby="t-effets",
        ),
        rx.fragment(),
    )


def _effet(effet: rx.Var) -> rx.Component:
    autres = effet["offres"].to(list[Maillon])
    return rx.el.div(
        rx.el.p(rx.el.strong(effet["sert"]), fr(" : ce qui change dans ce lieu change pour toutes. Les autres sont :")),
        rx.el.ul(
            rx.foreach(autres, lambda o: rx.el.li(rx.el.a(o["nom"], href=o["url"].to(str), class_name="lien"))),
            rx.cond(effet["suite"], rx.el.li(effet["suite"]), rx.fragment()),
            class_name="puces",
        ),
        rx.cond(
            effet["separer"],
            rx.el.p(
                rx.el.a(
                    "Séparer le lieu",
                    rx.el.span(fr(" : "), effet["lieu"], class_name="invisible"),
                    href=effet["separer"].to(str),
                    class_name="lien",
                ),
                fr(" : donner à certaines offres leur propre copie."),
            ),
            rx.fragment(),
        ),
    )
