"""What was confirmed in this session and may be taken back: at once, or one by one."""

from typing import Any

import reflex as rx

from rxror.ror.saisie import OUI
from rxror.ror.typographie import fr
from rxror.services.rien_n_a_change import LigneFaite
from rxror.ui.components.geste import cache, caches, identifiant
from rxror.ui.demande import textes

DEDIRE = "dedire."


def dedits_de(saisie: dict[str, Any]) -> list[str]:
    """Numbers of the confirmations that a form takes back."""
    return [n.removeprefix(DEDIRE) for n, v in textes(saisie).items() if n.startswith(DEDIRE) and v == OUI]


def dedits_view(faites: Any, annuler: Any) -> rx.Component:
    """The gestures of the session that may be taken back, the latest first; nothing without one.

    Args:
        faites: the `GesteFait` of the page.
        annuler: the handler of a form whose names are those that `dedits_de` reads.
    """
    return rx.cond(
        faites.length() > 0,
        rx.el.section(
            rx.el.h2("Confirmés pendant cette session", id="t-faites"),
            rx.el.p(
                fr("Annuler redonne à l’objet la date qu’il avait, sauf si quelqu’un l’a changé depuis."),
                class_name="petit second",
            ),
            rx.el.ul(rx.foreach(faites, lambda geste: _geste_fait(geste, annuler)), class_name="liste"),
            class_name="fiche pile",
            id=identifiant("faites"),
            aria_labelledby="t-faites",
        ),
        rx.fragment(),
    )


def _geste_fait(geste: Any, annuler: Any) -> rx.Component:
    """One gesture: all of it is taken back at once, or each of its objects."""
    plusieurs, lignes = geste["n"].to(int) > 1, geste["lignes"].to(list[LigneFaite])
    return rx.el.li(
        rx.el.div(
            rx.el.h3(rx.cond(plusieurs, rx.fragment(geste["n"], " objets"), geste["nom"])),
            rx.el.p("Confirmé", rx.cond(plusieurs, "s", ""), " à ", geste["quand"], class_name="petit second"),
        ),
        rx.el.form(
            *caches(cle=geste["cle"].to(str)),
            rx.foreach(geste["numeros"].to(list[int]), lambda numero: cache(_nom_du_dedit(numero), OUI)),
            rx.el.button(
                rx.cond(plusieurs, rx.fragment("Annuler les ", geste["n"], " confirmations"), "Annuler"),
                rx.el.span(
                    " ",
                    rx.cond(plusieurs, "de ", geste["nom"]),
                    rx.cond(plusieurs, geste["quand"], ""),
                    class_name="invisible",
                ),
                type="submit",
                class_name="bouton bouton--second bouton--compact",
            ),
            on_submit=annuler,
        ),
        rx.cond(plusieurs & (lignes.length() > 0), _un_par_un(geste, lignes, annuler), rx.fragment()),
        key=geste["cle"].to(str),
    )


def _un_par_un(geste: Any, lignes: rx.Var, annuler: Any) -> rx.Component:
    reste = geste["reste"].to(int)
    return rx.el.details(
        rx.el.summary("Annuler un par un", rx.el.span(", ceux de ", geste["quand"], class_name="invisible")),
        rx.el.ul(rx.foreach(lignes, lambda faite: _faite(faite, annuler)), class_name="liste"),
        rx.cond(reste > 0, rx.el.p("Et ", reste, " de plus.", class_name="petit second"), rx.fragment()),
        class_name="plis",
    )


def _nom_du_dedit(numero: Any) -> rx.Var:
    return rx.Var.create(DEDIRE).to(str) + numero.to(str)


def _faite(faite: Any, annuler: Any) -> rx.Component:
    return rx.el.li(
        rx.el.p(faite["nom"]),
        rx.el.form(
            *caches(cle=faite["cle"].to(str)),
            cache(_nom_du_dedit(faite["numero"]), OUI),
            rx.el.button(
                "Annuler",
                rx.el.span(" ", faite["nom"], class_name="invisible"),
                type="submit",
                class_name="bouton bouton--second bouton--compact",
            ),
            on_submit=annuler,
        ),
        key=faite["numero"].to(str),
    )
