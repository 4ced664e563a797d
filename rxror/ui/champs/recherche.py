"""Answers looked for in a long list: one or several."""

from typing import Any

import reflex as rx

from rxror.ror.champs import Champ
from rxror.ror.saisie import OUI
from rxror.ui.champs.parties import Chemin, aide_view, decrit, erreur_view, identifiant, joindre, label_view
from rxror.ui.saisie import COMMUNE


def recherche(etat: Any, champ: Champ, chemin: Chemin, _: str) -> rx.Component:
    liste = champ.jdv or COMMUNE
    code = etat.valeurs[chemin]
    choisi = rx.cond(
        code,
        rx.el.ul(_jeton(etat, chemin, liste, code), class_name="jetons"),
        rx.fragment(),
    )
    return rx.el.div(
        *_tete_de_recherche(etat, champ, chemin),
        choisi,
        rx.el.input(type="hidden", name=chemin, value=rx.cond(code, code, "")),
        champ_de_recherche(etat, champ, chemin, liste),
        class_name="groupe",
    )


def recherche_multiple(etat: Any, champ: Champ, chemin: Chemin, _: str) -> rx.Component:
    codes = etat.lignes[chemin].to(list[str])
    jetons = rx.el.ul(
        rx.foreach(
            codes,
            lambda code: _jeton(
                etat,
                chemin,
                champ.jdv,
                code,
                rx.el.input(type="hidden", name=joindre(joindre(chemin, "."), code), value=OUI),
            ),
        ),
        class_name="jetons",
    )
    return rx.el.div(
        *_tete_de_recherche(etat, champ, chemin),
        rx.cond(codes, jetons, rx.fragment()),
        champ_de_recherche(etat, champ, chemin, champ.jdv),
        class_name="groupe",
    )


def _tete_de_recherche(etat: Any, champ: Champ, chemin: Chemin) -> list[rx.Component]:
    return [
        rx.el.label(label_view(etat, champ, chemin), html_for=identifiant(chemin), class_name="h3"),
        *aide_view(champ, chemin),
        erreur_view(etat, chemin),
    ]


def _jeton(etat: Any, chemin: Chemin, liste: str, code: rx.Var, *dedans: rx.Component) -> rx.Component:
    libelle = etat.libelles[joindre(liste + ":", code)]
    return rx.el.li(
        rx.el.span(libelle),
        *dedans,
        rx.el.button(
            "×",
            type="button",
            on_click=etat.retirer_code(chemin, code),
            aria_label=rx.Var.create("Retirer ").to(str) + libelle,
        ),
        class_name="jeton",
    )


def champ_de_recherche(etat: Any, champ: Champ, chemin: Chemin, liste: str) -> rx.Component:
    """A field to search in a long list, and the answers below it as buttons."""
    ouverte = etat.cherche == chemin
    return rx.el.div(
        rx.el.input(
            id=identifiant(chemin),
            type="search",
            auto_complete="off",
            class_name="saisie",
            placeholder="",
            on_change=lambda v: etat.chercher(chemin, liste, v).debounce(150),
            **decrit(etat, champ, chemin),
        ),
        rx.el.p(rx.cond(ouverte, etat.recherche_dite, ""), role="status", class_name="petit second"),
        rx.cond(
            ouverte & (etat.trouves.length() > 0),
            rx.el.ul(
                rx.foreach(
                    etat.trouves,
                    lambda o: rx.el.li(
                        rx.el.button(o["libelle"], type="button", on_click=etat.choisir(chemin, liste, o["cle"]))
                    ),
                ),
                class_name="trouves",
            ),
            rx.fragment(),
        ),
        class_name="champ champ--recherche",
    )
