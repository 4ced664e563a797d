"""The breadcrumb: établissement › pôle › UF › offre."""

import reflex as rx

from rxror.ror.parcours import Maillon
from rxror.ui.components.etats import Donnee


def chemin(maillons: rx.Var | list[Maillon]) -> rx.Component:
    """Breadcrumb; the last link, without address, is the current place."""
    liste = rx.Var.create(maillons).to(list[Maillon])
    return rx.el.nav(rx.el.ol(rx.foreach(liste, _maillon)), class_name="chemin", aria_label="Chemin")


def _maillon(maillon: Donnee) -> rx.Component:
    return rx.el.li(
        rx.cond(
            maillon["url"] == "",
            rx.el.span(maillon["nom"], aria_current="page"),
            rx.el.a(maillon["nom"], href=maillon["url"]),
        )
    )
