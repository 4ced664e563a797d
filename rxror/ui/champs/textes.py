"""Inputs one types in: text, number, date, hour."""

from typing import Any

import reflex as rx

from rxror.ror.champs import Champ, TypeChamp
from rxror.ui.champs.parties import Chemin, decrit, enveloppe, identifiant


def texte(etat: Any, champ: Champ, chemin: Chemin, _: str) -> rx.Component:
    court = "saisie--court" if (champ.maximum or 99) <= 6 else "saisie--moyen" if (champ.maximum or 99) <= 40 else ""
    return enveloppe(
        etat,
        champ,
        chemin,
        rx.el.input(
            id=identifiant(chemin),
            name=chemin,
            type="text",
            default_value=etat.valeurs[chemin],
            auto_complete=champ.autocomplete or "off",
            class_name=f"saisie {court}".strip(),
            **decrit(etat, champ, chemin),
        ),
    )


def texte_long(etat: Any, champ: Champ, chemin: Chemin, _: str) -> rx.Component:
    return enveloppe(
        etat,
        champ,
        chemin,
        rx.el.textarea(
            id=identifiant(chemin),
            name=chemin,
            default_value=etat.valeurs[chemin],
            class_name="saisie",
            rows="4",
            **decrit(etat, champ, chemin),
        ),
    )


def nombre(etat: Any, champ: Champ, chemin: Chemin, _: str) -> rx.Component:
    clavier = "numeric" if champ.type is TypeChamp.ENTIER else "decimal"
    return enveloppe(
        etat,
        champ,
        chemin,
        rx.el.input(
            id=identifiant(chemin),
            name=chemin,
            type="text",
            input_mode=clavier,
            default_value=etat.valeurs[chemin],
            auto_complete="off",
            class_name="saisie saisie--nombre nombre",
            **decrit(etat, champ, chemin),
        ),
    )


def date_ou_heure(etat: Any, champ: Champ, chemin: Chemin, _: str) -> rx.Component:
    sorte = "date" if champ.type is TypeChamp.DATE else "time"
    return enveloppe(
        etat,
        champ,
        chemin,
        rx.el.input(
            id=identifiant(chemin),
            name=chemin,
            type=sorte,
            default_value=etat.valeurs[chemin],
            class_name="saisie saisie--moyen",
            **decrit(etat, champ, chemin),
        ),
    )
