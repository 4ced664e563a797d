"""What closing and reopening touch, list by list, and what forbids them."""

from typing import Any

import reflex as rx

from rxror.ror.typographie import fr
from rxror.services.vues import Blocage, LigneTouchee, Lot
from rxror.ui.components.geste import identifiant

VIDE = Lot(lignes=[], total=0, suite="")


def lot_view(lot: Any, titre: str | rx.Var, phrase: str, *suite: rx.Component) -> rx.Component:
    """A list of what a gesture changes or leaves, with how many; nothing when it is empty."""
    return rx.cond(
        lot["total"].to(int) > 0,
        rx.el.section(
            rx.el.h2(titre),
            *([rx.el.p(fr(phrase), class_name="petit second")] if phrase else []),
            rx.el.ul(rx.foreach(lot["lignes"].to(list[LigneTouchee]), _ligne), class_name="puces"),
            rx.cond(lot["suite"], rx.el.p(lot["suite"], class_name="second")),
            *suite,
            class_name="fiche pile",
        ),
    )


def _ligne(ligne: Any) -> rx.Component:
    return rx.el.li(
        rx.el.a(ligne["nom"], href=ligne["url"].to(str)),
        rx.el.span(" ", ligne["sorte"], rx.cond(ligne["detail"], ", ", ""), ligne["detail"], class_name="petit second"),
        key=ligne["cle"].to(str),
    )


def blocages_view(blocages: Any, titre: str) -> rx.Component:
    """What forbids a gesture, each with the page where it is mended."""
    return rx.el.section(
        rx.el.h2(titre, id="t-bloque"),
        rx.el.ul(
            rx.foreach(blocages.to(list[Blocage]), lambda b: rx.el.li(rx.el.a(b["texte"], href=b["url"].to(str)))),
            class_name="manques",
        ),
        class_name="panneau panneau--manque",
        id=identifiant("bloque"),
        role="alert",
        tab_index=-1,
        aria_labelledby="t-bloque",
    )
