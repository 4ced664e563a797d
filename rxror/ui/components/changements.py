"""The before / after table: one line per field, what leaves struck out, what comes underlined."""

from typing import Any

import reflex as rx

from rxror.ror.lecture import Ligne
from rxror.ui.components.faits import origine_view

LONG, DEBUT = 280, 80  # characters


def changements_view(changements: rx.Var, legende: str) -> rx.Component:
    """Lines of `services.changements.Changement`; `legende` is read, not shown."""
    return rx.el.table(
        rx.el.caption(legende, class_name="invisible"),
        rx.el.thead(rx.el.tr(*(rx.el.th(t, scope="col") for t in ("Champ", "Avant", "Après")))),
        rx.el.tbody(rx.foreach(changements, _changement)),
        class_name="avant-apres",
    )


def _changement(changement: rx.Var) -> rx.Component:
    return rx.el.tr(
        rx.el.th(
            changement["champ"],
            rx.el.span(changement["ou"], class_name="origine"),
            rx.cond(changement["note"], rx.el.span(changement["note"], class_name="origine"), rx.fragment()),
            rx.cond(changement["qui"], rx.el.span(changement["qui"], class_name="origine"), rx.fragment()),
            scope="row",
        ),
        rx.el.td(_valeurs(changement["avant"], rx.el.del_), custom_attrs={"data-nom": "Avant"}),
        rx.el.td(_valeurs(changement["apres"], rx.el.ins), custom_attrs={"data-nom": "Après"}),
    )


def _valeurs(lignes: rx.Var, balise: Any) -> rx.Component:
    liste = lignes.to(list[Ligne])
    return rx.cond(
        liste.length() > 0,
        rx.foreach(
            liste,
            lambda e: rx.el.div(
                rx.cond(e["garde"], rx.el.span(e["texte"]), _texte(e["texte"].to(str), balise)),
                origine_view(e, balise),
            ),
        ),
        rx.el.span("–", class_name="second"),
    )


def _texte(texte: rx.Var, balise: Any) -> rx.Component:
    """A value; a long one is folded on its first words."""
    return rx.cond(
        texte.length() > LONG,
        rx.el.details(rx.el.summary(texte[:DEBUT], "…"), balise(texte), class_name="plis"),
        balise(texte),
    )
