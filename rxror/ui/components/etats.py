"""States and progress: a word, a shape, then a colour."""

from typing import Any, TypeAlias

import reflex as rx

from rxror.ror.typographie import fr

# A Var over a dataclass: it has the dataclass's attributes as Vars, which pyright does not know.
Donnee: TypeAlias = Any


def etat(mot: str | rx.Var, sorte: str | rx.Var) -> rx.Component:
    """A state as a word with its dial.

    Args:
        mot: what is read, e.g. « En retard : 6 offres ».
        sorte: ajour, revoir, retard, brouillon or ferme.
    """
    return rx.el.span(mot, class_name=rx.Var.create("etat etat--") + rx.Var.create(sorte).to(str))


def avancement(a_jour: int | rx.Var, total: int | rx.Var, nom: str | rx.Var, texte: str | rx.Var = "") -> rx.Component:
    """« 12 sur 80 à jour » above its gauge, whose accessible name says of what."""
    faits, sur, de = (rx.Var.create(v).to(str) for v in (a_jour, total, nom))
    phrase = rx.Var.create(texte).to(str) if isinstance(texte, rx.Var) or texte else faits + " sur " + sur + " à jour"
    return rx.el.div(
        rx.el.span(phrase),
        rx.el.progress(value=a_jour, max=total, class_name="jauge", aria_label=de + fr(" : ") + phrase),
        class_name="avance",
    )
