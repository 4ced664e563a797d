"""What the pages « Personnes et droits » share: what is done, no référent, lists and dates to choose."""

from typing import Any

import reflex as rx

from rxror.ror.typographie import fr
from rxror.services.personnes_vues import Choix
from rxror.ui.components.etats import Donnee
from rxror.ui.components.geste import identifiant

CHOISIR = "Choisir…"
SANS_FIN = fr("Laissez vide pour un droit sans date de fin.")


def fait_view(dit: rx.Var) -> rx.Component:
    """What a gesture has just done; nothing before it."""
    return rx.cond(
        dit,
        rx.el.section(
            rx.el.h2("C’est fait"),
            rx.el.p(dit),
            id=identifiant("fait"),
            role="status",
            tab_index=-1,
            class_name="panneau panneau--reussite",
        ),
    )


def sans_referent_view(url: Any = "", *, ici: bool = False) -> rx.Component:
    """« Cet établissement n’a pas de référent actif », and what to do.

    Args:
        url: where one is named, empty for who cannot; `ici` when that is lower on the same page.
    """
    return rx.el.section(
        rx.el.h2("Cet établissement n’a pas de référent actif", id="t-sans-referent"),
        rx.cond(
            url,
            rx.el.p(
                fr("Plus personne n’y répond aux demandes. "),
                rx.el.a("Donnez ce rôle à une personne", href=url, reload_document=ici),
                ".",
            ),
            rx.el.p(
                fr(
                    "Votre travail reste enregistré et vos droits ne changent pas. "
                    "Écrivez au référent ROR de votre région : lui seul peut nommer le prochain référent."
                )
            ),
        ),
        class_name="panneau panneau--alerte",
        aria_labelledby="t-sans-referent",
    )


def liste_view(
    nom: str, label: str, choix: Donnee, cle: Any, *, premier: str = CHOISIR, aide: str = ""
) -> rx.Component:
    """A native list to choose from.

    Args:
        cle: what makes its id unique on the page.
        premier: label of the empty answer; by default one has to choose another.
    """
    ou = rx.Var.create(f"{nom}-").to(str) + rx.Var.create(cle).to(str)
    return rx.el.div(
        rx.el.label(label, html_for=ou),
        *([rx.el.span(aide, id=ou + "-aide", class_name="aide")] if aide else []),
        rx.el.select(
            rx.el.option(premier, value=""),
            rx.foreach(choix.to(list[Choix]), lambda option: rx.el.option(option.nom, value=option.cle)),
            id=ou,
            name=nom,
            class_name="saisie",
            required=premier == CHOISIR,
            **({"aria_describedby": ou + "-aide"} if aide else {}),
        ),
        class_name="champ",
    )


def date_view(
    label: str, cle: Any, *, aide: str = "", valeur: Any = "", mini: Any = "", maxi: Any = "", requise: bool = False
) -> rx.Component:
    """A native date, named `fin`."""
    ou = rx.Var.create("fin-").to(str) + rx.Var.create(cle).to(str)
    return rx.el.div(
        rx.el.label(label, html_for=ou),
        *([rx.el.span(aide, id=ou + "-aide", class_name="aide")] if aide else []),
        rx.el.input(
            id=ou,
            name="fin",
            type="date",
            default_value=valeur,
            min=mini,
            max=maxi,
            required=requise,
            class_name="saisie saisie--moyen",
            **({"aria_describedby": ou + "-aide"} if aide else {}),
        ),
        class_name="champ",
    )
