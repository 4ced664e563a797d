"""Planned closures of beds and places: a list that says whose they are; where one types, what is proposed today."""

from typing import Any

import reflex as rx

from rxror.ror.typographie import fr
from rxror.services.fermetures_prevues import Prevue
from rxror.ui.components.etats import etat
from rxror.ui.components.geste import caches

PROPRE = fr("Propre à rxror : ces dates ne sont pas transmises au ROR, et rien ne s’applique tout seul.")


def prevues_view(prevues: rx.Var, retirer: Any = None, cle: Any = "", posables: Any = None) -> rx.Component:
    """Lines of `services.fermetures_prevues.Prevue`.

    Args:
        retirer: the handler that takes one away; without it the list is only read.
        posables: names of the cells that the page shows, for « Mettre … dans la grille ».
    """
    return rx.el.div(
        rx.el.ul(
            rx.foreach(prevues.to(list[Prevue]), lambda prevue: _prevue(prevue, retirer, cle, posables)),
            class_name="liste liste--gestes",
        ),
        rx.el.p(PROPRE, class_name="petit second"),
        class_name="pile",
    )


def _prevue(prevue: rx.Var, retirer: Any, cle: Any, posables: Any) -> rx.Component:
    gestes = (
        [] if retirer is None else [_poser(prevue, posables), rx.cond(prevue["libre"], _retirer(prevue, retirer, cle))]
    )
    return rx.el.li(
        rx.el.div(
            rx.el.p(
                rx.el.a(prevue["lieu"], href=prevue["url"].to(str), class_name="lien"),
                fr(" : "),
                prevue["phrase"],
            ),
            rx.el.p(
                etat(
                    prevue["etat"],
                    rx.match(prevue["etat"], ("En cours", "revoir"), ("Passée", "retard"), "brouillon"),
                ),
                rx.cond(prevue["motif"], rx.el.span(prevue["motif"])),
                class_name="meta",
            ),
            rx.cond(
                prevue["etat"] == "Passée",
                rx.el.p(fr("Terminée : vérifiez les fermés de ce lieu, puis retirez-la."), class_name="petit"),
            ),
            *gestes,
        ),
        key=prevue["numero"].to(str),
    )


def _poser(prevue: rx.Var, posables: Any) -> rx.Component:
    nom = rx.Var.create("c.").to(str) + prevue["identifiant"].to(str) + "." + prevue["nature"].to(str) + ".05.01"
    poser = rx.Var.create('{"').to(str) + nom + '":"' + prevue["poser"].to(str) + '"}'
    return rx.cond(
        (prevue["poser"] != "") & posables.contains(nom),
        rx.el.button(
            "Mettre ",
            prevue["poser"],
            " fermés dans la grille",
            rx.el.span(fr(", "), prevue["lieu"], class_name="invisible"),
            type="button",
            class_name="bouton bouton--second bouton--compact",
            custom_attrs={"data-poser": poser},
        ),
    )


def _retirer(prevue: rx.Var, retirer: Any, cle: Any) -> rx.Component:
    return rx.el.form(
        *caches(identifiant=prevue["identifiant"], numero=prevue["numero"], cle=cle),
        rx.el.button(
            "Retirer",
            rx.el.span(fr(" la fermeture prévue, "), prevue["lieu"], ", ", prevue["phrase"], class_name="invisible"),
            type="submit",
            class_name="bouton bouton--second bouton--compact",
        ),
        on_submit=retirer,
    )


def prevoir_view(lieux: rx.Var, nature: rx.Var, cle: Any, prevoir: Any) -> rx.Component:
    """The form of one more planned closure."""
    return rx.el.form(
        *caches(cle=cle, nature=nature),
        _champ(
            "prevue-lieu",
            "Lieu",
            rx.el.select(
                rx.foreach(lieux, lambda choix: rx.el.option(choix["nom"].to(str), value=choix["cle"].to(str))),
                id="prevue-lieu",
                name="identifiant",
                class_name="saisie",
            ),
        ),
        _saisie(
            "nombre", rx.cond(nature == "01", "Lits fermés", "Places fermées"), input_mode="numeric", max_length=10
        ),
        _saisie("debut", "Du", type="date"),
        _saisie("fin", "Au (facultatif)", type="date"),
        _saisie("motif", "Motif (facultatif)", max_length=200),
        rx.el.button("Prévoir la fermeture", type="submit", class_name="bouton bouton--second"),
        on_submit=prevoir,
        custom_attrs={"noValidate": True},
        class_name="recherche",
        key=cle,
    )


def _champ(nom: str, label: Any, controle: rx.Component) -> rx.Component:
    return rx.el.div(rx.el.label(label, html_for=nom), controle, class_name="champ")


def _saisie(nom: str, label: Any, **attributs: Any) -> rx.Component:
    controle = rx.el.input(
        id=f"prevue-{nom}", name=nom, auto_complete="off", class_name="saisie", **({"type": "text"} | attributs)
    )
    return _champ(f"prevue-{nom}", label, controle)
