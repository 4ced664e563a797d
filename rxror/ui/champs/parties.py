"""What every field has: its path, label, help, error; and the field that one cannot change."""

from typing import Any

import reflex as rx

from rxror.ror.champs import Champ, TypeChamp
from rxror.ror.saisie import EXIGE
from rxror.ror.typographie import fr
from rxror.ui.champs.perimes import question_view

Chemin = str | rx.Var


def joindre(debut: Chemin, suite: Chemin) -> Chemin:
    if isinstance(debut, str) and isinstance(suite, str):
        return debut + suite
    return rx.Var.create(debut).to(str) + rx.Var.create(suite).to(str)


def identifiant(chemin: Chemin, suffixe: str = "") -> rx.Var:
    """An id given as a Var: Reflex then keeps no reference to the element, and sends its value only once."""
    return rx.Var.create(joindre(chemin, suffixe)).to(str)


def erreur_view(etat: Any, chemin: Chemin) -> rx.Component:
    return rx.cond(
        etat.erreurs[chemin],
        rx.el.p(etat.erreurs[chemin], class_name="erreur", id=identifiant(chemin, "-e")),
        rx.fragment(),
    )


def aide_view(champ: Champ, chemin: Chemin) -> list[rx.Component]:
    return [rx.el.span(fr(champ.aide), class_name="aide", id=identifiant(chemin, "-a"))] if champ.aide else []


def decrit(etat: Any, champ: Champ, chemin: Chemin, *suffixes: str) -> dict[str, Any]:
    """What describes an input: its help, other parts of it by the end of their id, its error."""
    parts = rx.Var.create("").to(str)
    for suffixe in (*(("-a",) if champ.aide else ()), *suffixes):
        parts = parts + identifiant(chemin, suffixe) + " "
    return {
        "aria_invalid": rx.cond(etat.erreurs[chemin], "true", "false"),
        "aria_describedby": rx.cond(etat.erreurs[chemin], parts + identifiant(chemin, "-e"), parts),
    }


def label_view(etat: Any, champ: Champ, chemin: Chemin) -> rx.Component:
    facultatif = rx.el.span(" (facultatif)", class_name="facultatif")
    if champ.obligatoire or champ.type is TypeChamp.OUI_NON:
        return rx.fragment(fr(champ.label))
    return rx.fragment(fr(champ.label), rx.cond(etat.visibles[joindre(EXIGE, chemin)], rx.fragment(), facultatif))


def enveloppe(etat: Any, champ: Champ, chemin: Chemin, *controle: rx.Component) -> rx.Component:
    return rx.el.div(
        rx.el.label(label_view(etat, champ, chemin), html_for=identifiant(chemin)),
        *aide_view(champ, chemin),
        erreur_view(etat, chemin),
        question_view(etat, champ, chemin),
        *controle,
        class_name="champ",
    )


def groupe_de_choix(etat: Any, champ: Champ, chemin: Chemin, *choix: rx.Component) -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend(label_view(etat, champ, chemin)),
        *aide_view(champ, chemin),
        erreur_view(etat, chemin),
        question_view(etat, champ, chemin),
        *choix,
        class_name="groupe",
        id=identifiant(chemin),
        custom_attrs={"tabIndex": -1},
        aria_describedby=decrit(etat, champ, chemin)["aria_describedby"],
    )


def gele(etat: Any, champ: Champ, chemin: Chemin) -> rx.Component:
    return rx.el.div(
        rx.el.label(champ.label, html_for=identifiant(chemin)),
        *aide_view(champ, chemin),
        rx.el.input(
            id=identifiant(chemin),
            read_only=True,
            value=etat.libelles[joindre("gele:", chemin)],
            class_name="saisie",
            **({"aria_describedby": identifiant(chemin, "-a")} if champ.aide else {}),
        ),
        class_name="champ",
    )
