"""Alerts that one may keep with a reason, those that are kept, and what is only for information."""

from collections.abc import Sequence

import reflex as rx

from rxror.ror.typographie import fr
from rxror.services.fiche import Manque
from rxror.ui.components.manques import lien_du_manque, manques_view

AIDE = "300 caractères au plus. N’indiquez aucune donnée de patient."


def alertes_view(alertes: rx.Var, contexte: Sequence[rx.Component], garder: rx.EventHandler) -> rx.Component:
    """Alerts, each with « Garder (motif) » folded below it.

    Args:
        contexte: hidden inputs that say of which object.
        garder: the event of the form.
    """

    def alerte(point: rx.Var, rang: rx.Var) -> rx.Component:
        champ = "motif-" + rang.to(str)
        return rx.el.li(
            lien_du_manque(point),
            rx.cond(point["alerte"], _garder(point, champ, contexte, garder), rx.fragment()),
        )

    return rx.el.ul(rx.foreach(alertes.to(list[Manque]), alerte), class_name="manques")


def _garder(point: rx.Var, champ: rx.Var, contexte: Sequence[rx.Component], garder: rx.EventHandler) -> rx.Component:
    return garder_view(point["alerte"].to(str), point["texte"], champ, contexte, garder)


def garder_view(
    alerte: rx.Var, texte: rx.Var, champ: rx.Var, contexte: Sequence[rx.Component], garder: rx.EventHandler
) -> rx.Component:
    """« Garder (motif) » of one alert, folded.

    Args:
        texte: which alert, for who hears the page.
        champ: id of the field of the reason.
    """
    return rx.el.details(
        rx.el.summary(rx.el.span("Garder (motif)", rx.el.span(fr(" : "), texte, class_name="invisible"))),
        rx.el.form(
            *contexte,
            rx.el.input(type="hidden", name="alerte", value=alerte),
            rx.el.div(
                rx.el.label(fr("Pourquoi garder cette réponse ?"), html_for=champ),
                rx.el.span(AIDE, id=champ + "-aide", class_name="aide"),
                rx.el.input(
                    id=champ,
                    name="motif",
                    type="text",
                    required=True,
                    max_length=300,
                    auto_complete="off",
                    aria_describedby=champ + "-aide",
                    class_name="saisie",
                ),
                class_name="champ",
            ),
            rx.el.p(rx.el.button("Garder", type="submit", class_name="bouton bouton--second"), class_name="boutons"),
            on_submit=garder,
        ),
        class_name="plis",
    )


def gardees_view(gardees: rx.Var, contexte: Sequence[rx.Component], reprendre: rx.EventHandler) -> rx.Component:
    """Kept alerts: who, when, why, and « Reprendre »."""

    def gardee(point: rx.Var) -> rx.Component:
        return rx.el.li(
            lien_du_manque(point),
            rx.el.form(
                *contexte,
                rx.el.input(type="hidden", name="alerte", value=point["alerte"].to(str)),
                rx.el.button(
                    "Reprendre",
                    rx.el.span(fr(" : "), point["texte"], class_name="invisible"),
                    type="submit",
                    class_name="bouton bouton--second bouton--compact",
                ),
                on_submit=reprendre,
            ),
        )

    return rx.el.ul(rx.foreach(gardees.to(list[Manque]), gardee), class_name="manques")


def informations_view(informations: rx.Var) -> rx.Component:
    """What is only to be read, folded; nothing when there is none."""
    n = informations.length()
    return rx.cond(
        n > 0,
        rx.el.details(
            rx.el.summary(n, rx.cond(n > 1, " informations", " information")),
            manques_view(informations),
            class_name="plis",
        ),
        rx.fragment(),
    )
