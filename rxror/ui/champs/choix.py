"""Answers shown whole: yes or no, one of few, several of few."""

from typing import Any

import reflex as rx

from rxror.ror.champs import Champ
from rxror.ror.saisie import NON, OUI
from rxror.ror.typographie import fr
from rxror.ui.champs.parties import Chemin, decrit, enveloppe, groupe_de_choix, identifiant, joindre
from rxror.ui.saisie import Option

COCHEE: rx.Var[bool] = rx.Var("_e?.target?.checked").to(bool)  # of the box that tells its change
FILTRE_DES = 12  # beyond, the boxes do not fit on the screen of a telephone


def oui_non(etat: Any, champ: Champ, chemin: Chemin, _: str) -> rx.Component:
    return groupe_de_choix(
        etat, champ, chemin, _radio(etat, chemin, OUI, "Oui", ""), _radio(etat, chemin, NON, "Non", "")
    )


def choix(etat: Any, champ: Champ, chemin: Chemin, motif: str) -> rx.Component:
    if champ.choix:
        return groupe_de_choix(etat, champ, chemin, *(_radio(etat, chemin, c, t, d) for c, t, d in champ.choix))
    options = etat.options[motif].to(list[Option])
    return groupe_de_choix(
        etat, champ, chemin, rx.foreach(options, lambda o: _radio(etat, chemin, o["cle"], o["libelle"], ""))
    )


def liste(etat: Any, champ: Champ, chemin: Chemin, motif: str) -> rx.Component:
    options = etat.options[motif].to(list[Option])
    return enveloppe(
        etat,
        champ,
        chemin,
        rx.el.select(
            rx.el.option("", value=""),
            rx.foreach(options, lambda o: rx.el.option(o["libelle"], value=o["cle"])),
            id=identifiant(chemin),
            name=chemin,
            default_value=etat.valeurs[chemin],
            class_name="saisie",
            key=etat.redessines[chemin],
            on_change=lambda v: etat.changer(chemin, v),
            **decrit(etat, champ, chemin),
        ),
    )


def choix_multiples(etat: Any, champ: Champ, chemin: Chemin, motif: str) -> rx.Component:
    options = etat.options[motif].to(list[Option])

    def boite(option: rx.Var) -> rx.Component:
        nom = joindre(joindre(chemin, "."), option["cle"])
        dit = {"on_change": lambda _: etat.cocher(chemin, option["cle"], COCHEE)} if champ.pilote else {}
        return rx.el.label(
            rx.el.input(
                type="checkbox",
                name=nom,
                value=OUI,
                default_checked=etat.valeurs[nom] == OUI,
                key=etat.redessines[nom],
                **dit,
            ),
            rx.el.span(option["libelle"], rx.cond(option["detail"], rx.el.small(option["detail"]), rx.fragment())),
            class_name="choix",
        )

    longue = rx.cond(options.length() > FILTRE_DES, _filtre(champ, chemin), rx.fragment())
    return groupe_de_choix(etat, champ, chemin, longue, rx.foreach(options, boite))


def _filtre(champ: Champ, chemin: Chemin) -> rx.Component:
    """A field that hides the boxes one does not look for; a ticked one stays."""
    ici = identifiant(chemin, "-f")
    return rx.el.div(
        rx.el.label("Filtrer les réponses", rx.el.span(fr(f" : {champ.label}"), class_name="invisible"), html_for=ici),
        rx.el.input(id=ici, type="search", auto_complete="off", class_name="saisie", custom_attrs={"data-filtre": ""}),
        rx.el.span(role="status", class_name="petit second", id=identifiant(chemin, "-f-v")),
        class_name="champ filtre-boites",
    )


def _radio(etat: Any, chemin: Chemin, code: Chemin, libelle: Chemin, detail: str) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="radio",
            name=chemin,
            value=code,
            default_checked=etat.valeurs[chemin] == code,
            key=etat.redessines[chemin],
            on_change=lambda v: etat.changer(chemin, v),
        ),
        rx.el.span(libelle, *([rx.el.small(detail)] if detail else [])),
        class_name="choix",
    )
