"""What the page of a gesture shows: why it was not done, what it carries unseen, its bar of buttons."""

from typing import Any

import reflex as rx

from rxror.ror.typographie import fr

RETENU = {"noValidate": True, "data-retenir": "oui"}  # a form sent once: `assets/formulaires.js` keeps what is typed
NON_PUBLIE = fr("Rien n’est publié avant « Valider ».")


def a_change(rien: str, suite: str) -> str:
    """The sentence of a conflict.

    Args:
        rien: what was not done, « Rien n’est fermé. ».
        suite: what to do, « Relisez la liste, puis recommencez. ».
    """
    return fr(f"Quelque chose a changé depuis l’ouverture de cette page. {rien} {suite}")


def message_view(message: rx.Var) -> rx.Component:
    """Why a gesture was not done, at the top of the page; nothing for no message."""
    return rx.cond(
        message,
        rx.el.section(
            rx.el.h2(message),
            id=identifiant("message"),
            role="alert",
            tab_index=-1,
            class_name="panneau panneau--alerte",
        ),
    )


def caches(**valeurs: Any) -> list[rx.Component]:
    """Hidden inputs: the context that a form sends back with its answers."""
    return [cache(nom, valeur) for nom, valeur in valeurs.items()]


def cache(nom: Any, valeur: Any) -> rx.Component:
    """One hidden input."""
    return rx.el.input(type="hidden", name=nom, value=valeur)


def barre_view(statut: Any, *boutons: rx.Component) -> rx.Component:
    """The bar at the end of a form: a sentence, then its buttons."""
    return rx.el.div(
        rx.el.p(statut, class_name="statut", role="status"),
        rx.el.p(*boutons, class_name="boutons"),
        class_name="barre",
    )


def identifiant(nom: str) -> rx.Var:
    """An id as a Var: Reflex then keeps no reference to the element."""
    return rx.Var.create(nom).to(str)
