"""« Ce qui manque avant de valider »: each point a link to the very field."""

import reflex as rx

from rxror.services.fiche import Manque
from rxror.ui.components.ancre import ancre


def manques_view(manques: rx.Var) -> rx.Component:
    """Points as links, the weight of each in small."""
    return rx.el.ul(rx.foreach(manques.to(list[Manque]), _manque), class_name="manques")


def _lien(texte: rx.Var, url: rx.Var) -> rx.Component:
    return rx.cond(url.startswith("#"), ancre(url, texte), rx.el.a(texte, href=url))


def _manque(manque: rx.Var) -> rx.Component:
    return rx.el.li(lien_du_manque(manque))


def lien_du_manque(manque: rx.Var) -> rx.Component:
    """One point: the link, then its weight; or who keeps it and why."""
    return rx.fragment(
        rx.cond(
            manque["url"],
            _lien(manque["texte"], manque["url"].to(str)),
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
