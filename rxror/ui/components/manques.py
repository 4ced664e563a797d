"""« Ce qui manque avant de valider »: each point a link to the very field."""

import reflex as rx

from rxror.services.fiche import Manque


def manques_view(manques: rx.Var) -> rx.Component:
    """Points as links, the weight of each in small."""
    return rx.el.ul(rx.foreach(manques.to(list[Manque]), _manque), class_name="manques")


def _ici(url: rx.Var) -> rx.Var:
    """A part of the same page: the browser's own link, which moves the focus."""
    return url.startswith("#")


def _manque(manque: rx.Var) -> rx.Component:
    return rx.el.li(lien_du_manque(manque))


def lien_du_manque(manque: rx.Var) -> rx.Component:
    """One point: the link, then its weight; or who keeps it and why."""
    return rx.fragment(
        rx.cond(
            manque["url"],
            rx.el.a(manque["texte"], href=manque["url"].to(str), reload_document=_ici(manque["url"].to(str))),
            rx.el.span(manque["texte"]),
        ),
        rx.el.span(
            rx.cond(
                manque["bloque"],
                rx.el.strong(manque["poids"], class_name="manque"),
                rx.cond(manque["garde"], manque["garde"], manque["poids"]),
            ),
            class_name="petit",
        ),
    )
