"""Questions of ours, which are no fields of the ROR: label, help, error beside, native input; what was typed stays.

The state of the page has `valeurs` and `erreurs`, {name: text}.
"""

from collections.abc import Sequence
from typing import Any

import reflex as rx

from rxror.ror.typographie import fr
from rxror.ui.components.etats import Donnee
from rxror.ui.components.geste import identifiant

Choix = tuple[str, str, str]  # what is sent, its label, its help


def texte_view(etat: Any, nom: str, label: str, *, aide: str = "", genre: str = "text", **autres: Any) -> rx.Component:
    """One line: a text, an e-mail address, a date."""
    return _enveloppe(
        etat,
        nom,
        label,
        aide,
        rx.el.input(
            id=identifiant(nom),
            name=nom,
            type=genre,
            default_value=etat.valeurs[nom],
            class_name="saisie saisie--moyen" if genre == "date" else "saisie",
            **_decrit(etat, nom, aide),
            **autres,
        ),
    )


def texte_long_view(etat: Any, nom: str, label: str, maximum: int, *, aide: str = "") -> rx.Component:
    """Several lines, with how many characters are left (assets/champs.js)."""
    return _enveloppe(
        etat,
        nom,
        label,
        aide,
        rx.el.textarea(
            id=identifiant(nom),
            name=nom,
            default_value=etat.valeurs[nom],
            rows="4",
            class_name="saisie",
            custom_attrs={"data-maximum": str(maximum)},
            **_decrit(etat, nom, aide, "-n"),
        ),
        rx.el.span(fr(f"{maximum} caractères au plus"), class_name="compte", id=identifiant(f"{nom}-n")),
        rx.el.span(class_name="invisible", role="status", id=identifiant(f"{nom}-v")),
    )


def liste_view(etat: Any, nom: str, label: str, options: Donnee, *, premier: str, aide: str = "") -> rx.Component:
    """One of many, in a native list; `premier` is the empty answer. `options` are {"cle", "libelle"}."""
    return _enveloppe(
        etat,
        nom,
        label,
        aide,
        rx.el.select(
            rx.el.option(premier, value=""),
            rx.foreach(
                options.to(list[dict[str, str]]), lambda option: rx.el.option(option["libelle"], value=option["cle"])
            ),
            id=identifiant(nom),
            name=nom,
            default_value=etat.valeurs[nom],
            class_name="saisie",
            **_decrit(etat, nom, aide),
        ),
    )


def choix_view(etat: Any, nom: str, label: str, choix: Sequence[Choix], permis: Donnee | None = None) -> rx.Component:
    """One of few, as radios; with `permis`, only those that it holds."""
    return rx.el.fieldset(
        rx.el.legend(fr(label)),
        _erreur(etat, nom),
        *(_radio(etat, nom, un, permis) for un in choix),
        class_name="groupe",
        id=identifiant(nom),
        custom_attrs={"tabIndex": -1},
        **_decrit(etat, nom, ""),
    )


def _radio(etat: Any, nom: str, choix: Choix, permis: Donnee | None) -> rx.Component:
    cle, libelle, aide = choix
    vue = rx.el.label(
        rx.el.input(type="radio", name=nom, value=cle, default_checked=etat.valeurs[nom] == cle),
        rx.el.span(fr(libelle), rx.el.small(fr(aide))),
        class_name="choix",
    )
    return vue if permis is None else rx.cond(permis.to(list[str]).contains(cle), vue, rx.fragment())


def _enveloppe(etat: Any, nom: str, label: str, aide: str, *controle: rx.Component) -> rx.Component:
    return rx.el.div(
        rx.el.label(fr(label), html_for=identifiant(nom)),
        *([rx.el.span(fr(aide), class_name="aide", id=identifiant(f"{nom}-a"))] if aide else []),
        _erreur(etat, nom),
        *controle,
        class_name="champ",
    )


def _erreur(etat: Any, nom: str) -> rx.Component:
    return rx.cond(
        etat.erreurs[nom],
        rx.el.p(etat.erreurs[nom], class_name="erreur", id=identifiant(f"{nom}-e")),
        rx.fragment(),
    )


def _decrit(etat: Any, nom: str, aide: str, *suffixes: str) -> dict[str, Any]:
    parts = " ".join(f"{nom}{suffixe}" for suffixe in (*(("-a",) if aide else ()), *suffixes))
    return {
        "aria_invalid": rx.cond(etat.erreurs[nom], "true", "false"),
        "aria_describedby": rx.cond(etat.erreurs[nom], f"{parts} {nom}-e".strip(), parts),
    }
