"""Answers looked for in a long list, one or several: chips, and a combobox whose keyboard is assets/combobox.js."""

from typing import Any

import reflex as rx

from rxror.ror.champs import Champ
from rxror.ror.saisie import OUI
from rxror.ui.champs.parties import Chemin, aide_view, decrit, erreur_view, identifiant, joindre, label_view
from rxror.ui.champs.perimes import question_view
from rxror.ui.propositions import Paquet, Trouve, liste_de


def recherche(etat: Any, champ: Champ, chemin: Chemin, _: str) -> rx.Component:
    code = etat.valeurs[chemin]
    choisi = rx.cond(code, rx.el.ul(_jeton(etat, champ, chemin, code), class_name="jetons"), rx.fragment())
    return rx.el.div(
        *_tete_de_recherche(etat, champ, chemin),
        choisi,
        rx.el.input(type="hidden", name=chemin, value=rx.cond(code, code, "")),
        combobox(etat, champ, chemin),
        class_name="groupe",
    )


def recherche_multiple(etat: Any, champ: Champ, chemin: Chemin, _: str) -> rx.Component:
    codes = etat.lignes[chemin].to(list[str])

    def jeton(code: rx.Var) -> rx.Component:
        garde = rx.el.input(type="hidden", name=joindre(joindre(chemin, "."), code), value=OUI)
        return _jeton(etat, champ, chemin, code, garde)

    return rx.el.div(
        *_tete_de_recherche(etat, champ, chemin),
        rx.cond(codes, rx.el.ul(rx.foreach(codes, jeton), class_name="jetons"), rx.fragment()),
        combobox(etat, champ, chemin),
        class_name="groupe",
    )


def _tete_de_recherche(etat: Any, champ: Champ, chemin: Chemin) -> list[rx.Component]:
    return [
        rx.el.label(label_view(etat, champ, chemin), html_for=identifiant(chemin), class_name="h3"),
        *aide_view(champ, chemin),
        erreur_view(etat, chemin),
        question_view(etat, champ, chemin),
    ]


def _jeton(etat: Any, champ: Champ, chemin: Chemin, code: rx.Var, *dedans: rx.Component) -> rx.Component:
    libelle = etat.libelles[joindre(liste_de(champ) + ":", code)]
    return rx.el.li(
        rx.el.span(libelle),
        *dedans,
        rx.el.button(
            "×",
            type="button",
            id=identifiant(joindre(joindre(chemin, "-"), code), "-x"),
            on_click=etat.retirer_code(chemin, code),
            aria_label=rx.Var.create("Retirer ").to(str) + libelle,
        ),
        class_name="jeton",
        key=code,
    )


def combobox(etat: Any, champ: Champ, chemin: Chemin) -> rx.Component:
    """A field to search in, and the panel of its answers. What is open and which answer is walked on belong to the
    script; what the answers are, and which text they answer, to the server.
    """
    ici = etat.cherche == chemin
    return rx.el.div(
        rx.el.input(
            id=identifiant(chemin),
            type="text",
            role="combobox",
            aria_autocomplete="list",
            aria_expanded="false",
            aria_controls=identifiant(chemin, "-l"),
            auto_complete="off",
            auto_capitalize="none",
            spell_check=False,
            class_name="saisie saisie--cherche",
            on_change=lambda v: etat.chercher(chemin, v).debounce(150),
            on_focus=lambda v: etat.chercher(chemin, v).debounce(150),
            **decrit(etat, champ, chemin),
        ),
        rx.el.p(rx.cond(ici, etat.recherche_dite, ""), role="status", class_name="invisible"),
        rx.el.div(
            rx.cond(ici & (etat.recherche_dite != ""), rx.el.p(etat.recherche_dite, aria_hidden=True), rx.fragment()),
            rx.el.ul(
                rx.cond(ici, rx.foreach(etat.trouves, lambda paquet: _paquet(etat, chemin, paquet)), rx.fragment()),
                id=identifiant(chemin, "-l"),
                role="listbox",
                aria_label="Propositions",
            ),
            class_name="propositions",
            custom_attrs={"data-texte": rx.cond(ici, etat.repondu, "")},
        ),
        class_name="champ champ--recherche",
    )


def _paquet(etat: Any, chemin: Chemin, paquet: rx.Var[Paquet]) -> rx.Component:
    codes = rx.foreach(paquet["codes"].to(list[Trouve]), lambda trouve: _proposition(etat, chemin, trouve))
    titre = identifiant(chemin, "-g").to(str) + paquet["rang"].to(str)
    return rx.cond(
        paquet["titre"],
        rx.el.li(
            rx.el.span(paquet["titre"], id=titre, class_name="propositions-titre"),
            rx.el.ul(codes, role="presentation"),
            role="group",
            aria_labelledby=titre,
        ),
        rx.fragment(codes),
    )


def _proposition(etat: Any, chemin: Chemin, trouve: rx.Var[Trouve]) -> rx.Component:
    return rx.el.li(
        rx.el.span(trouve["libelle"]),
        rx.cond(trouve["detail"], rx.el.small(trouve["detail"]), rx.fragment()),
        rx.cond(trouve["pris"], rx.el.small("Déjà choisi", class_name="pris"), rx.fragment()),
        id=identifiant(chemin, "-o").to(str) + trouve["rang"].to(str),
        role="option",
        aria_selected="false",
        aria_disabled=rx.cond(trouve["pris"], "true", "false"),
        on_click=etat.choisir(chemin, trouve["cle"]),
        key=trouve["cle"],
    )
