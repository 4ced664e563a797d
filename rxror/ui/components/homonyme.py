"""The question about a name: one that is there already, or one that is only provisional."""

from typing import Any

import reflex as rx

from rxror.ror.typographie import fr
from rxror.services.creation import HOMONYME


def homonyme_view(etat: Any, nom: str) -> rx.Component:
    """Shown when the service asks; the answer is the name as it was sent, so that another name is asked again.

    Args:
        nom: the field that holds the name.
    """
    question = etat.erreurs[HOMONYME]
    return rx.cond(
        question,
        rx.el.fieldset(
            rx.el.legend(fr("Ce nom est-il le bon ?")),
            rx.el.p(question, class_name="erreur", id=rx.Var.create(f"{HOMONYME}-e").to(str)),
            rx.el.label(
                rx.el.input(type="checkbox", name=HOMONYME, value=etat.valeurs[nom]),
                rx.el.span("Créer quand même avec ce nom"),
                class_name="choix",
            ),
            class_name="groupe",
            id=rx.Var.create(HOMONYME).to(str),
            custom_attrs={"tabIndex": -1},
            aria_describedby=f"{HOMONYME}-e",
        ),
        rx.fragment(),
    )
