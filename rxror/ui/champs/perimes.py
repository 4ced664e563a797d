"""The question beside a field that holds a code no longer in force: take what replaces it, or keep it."""

from typing import Any

import reflex as rx

from rxror.ror.champs import A_CODES, Champ
from rxror.ror.typographie import fr
from rxror.ui.saisie import Perime


def question_view(etat: Any, champ: Champ, chemin: str | rx.Var) -> rx.Component:
    """One question for each such code; nothing for a field that holds none."""
    if champ.type not in A_CODES or not champ.jdv:
        return rx.fragment()
    perimes = etat.perimes[chemin].to(list[Perime])
    return rx.cond(perimes, rx.foreach(perimes, lambda perime: _question(etat, chemin, perime)), rx.fragment())


def _question(etat: Any, chemin: str | rx.Var, perime: Any) -> rx.Component:
    libelle, successeur = perime["libelle"], perime["successeur"]
    return rx.el.div(
        rx.el.p(
            fr("« "),
            libelle,
            fr(" » n’est plus en vigueur. "),
            rx.cond(successeur, rx.fragment(fr("Il est remplacé par « "), successeur, fr(" ».")), AUTRE),
        ),
        rx.el.p(
            rx.cond(
                successeur,
                rx.el.button(
                    fr("Prendre « "),
                    successeur,
                    fr(" »"),
                    type="button",
                    class_name="bouton bouton--compact",
                    on_click=etat.remplacer_code(chemin, perime["code"]),
                ),
                rx.fragment(),
            ),
            rx.el.button(
                "Garder pour l’instant",
                rx.el.span(" ", libelle, class_name="invisible"),
                type="button",
                class_name="bouton bouton--second bouton--compact",
                on_click=etat.garder_code(chemin, perime["code"]),
            ),
            class_name="boutons",
        ),
        class_name="question",
        role="group",
        aria_label=rx.Var.create(fr("Code à revoir : ")).to(str) + libelle,
    )


AUTRE = "Choisissez une autre réponse."
