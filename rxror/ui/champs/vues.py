"""TypeChamp -> view, and where a field stands among its neighbours."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import reflex as rx

from rxror.ror.champs import Champ, Edition, TypeChamp, peut_manquer
from rxror.ror.typographie import fr
from rxror.ui.champs.choix import choix, choix_multiples, liste, oui_non
from rxror.ui.champs.communes import communes_view
from rxror.ui.champs.parties import Chemin, gele, identifiant, joindre
from rxror.ui.champs.recherche import recherche, recherche_multiple
from rxror.ui.champs.textes import date_ou_heure, nombre, texte, texte_long


def champs_view(etat: Any, champs: dict[str, Champ], prefixe: Chemin, motif: str) -> list[rx.Component]:
    suivants = {c.avec for c in champs.values() if c.avec}
    vues: list[rx.Component] = []
    for nom, champ in champs.items():
        if nom in suivants or champ.type is TypeChamp.REFERENCE or champ.edition in (Edition.SYSTEME, Edition.RPPS):
            continue
        if champ.unites:
            champ = replace(champ, unite_de=joindre(prefixe, champ.unite_de))  # type: ignore[arg-type]
        vue = champ_view(etat, champ, joindre(prefixe, nom), motif + nom)
        if champ.avec:
            second = champs[champ.avec]
            vue = rx.el.div(
                vue, champ_view(etat, second, joindre(prefixe, champ.avec), motif + champ.avec), class_name="paire"
            )
        vues.append(vue)
        if champ.reprise:
            vues.append(_reprise(etat, champ, joindre(prefixe, nom)))
    return vues


def _reprise(etat: Any, champ: Champ, chemin: Chemin) -> rx.Component:
    """The button that fills a field, and the one beside it, with what FINESS says; absent when it says nothing."""
    dit = identifiant(chemin, "-r")
    bouton = rx.el.button(
        fr(champ.reprise),
        type="button",
        aria_describedby=dit,
        class_name="bouton bouton--second bouton--compact",
        custom_attrs={
            "data-remplir": etat.reprises[chemin],
            "data-dit": fr("C’est rempli : vérifiez, puis enregistrez."),
        },
    )
    return rx.cond(
        etat.reprises[chemin],
        rx.el.p(bouton, rx.el.span(id=dit, role="status", class_name="petit second"), class_name="boutons"),
        rx.fragment(),
    )


def champ_view(etat: Any, champ: Champ, chemin: Chemin, motif: str, *, creation: bool = False) -> rx.Component:
    """One field, in its place: label, help, error, control. Absent, not hidden, when its condition is false.

    Args:
        creation: a field frozen afterwards may still be answered.
    """
    if champ.edition is not Edition.LIBRE and not creation:
        return gele(etat, champ, chemin)
    if champ.edition is Edition.CREATION:
        champ = replace(champ, aide="")  # it says that the field does not change: not yet true
    vue = VUES[champ.type](etat, champ, chemin, motif)
    return rx.cond(etat.visibles[chemin] == False, rx.fragment(), vue) if peut_manquer(champ) else vue  # noqa: E712


def reference(etat: Any, champ: Champ, chemin: Chemin, _: str) -> rx.Component:
    return gele(etat, champ, chemin)


VUES: dict[TypeChamp, Callable[[Any, Champ, Chemin, str], rx.Component]] = {
    TypeChamp.TEXTE: texte,
    TypeChamp.TEXTE_LONG: texte_long,
    TypeChamp.OUI_NON: oui_non,
    TypeChamp.CHOIX: choix,
    TypeChamp.LISTE: liste,
    TypeChamp.RECHERCHE: recherche,
    TypeChamp.CHOIX_MULTIPLES: choix_multiples,
    TypeChamp.RECHERCHE_MULTIPLE: recherche_multiple,
    TypeChamp.ENTIER: nombre,
    TypeChamp.DECIMAL: nombre,
    TypeChamp.DATE: date_ou_heure,
    TypeChamp.HEURE: date_ou_heure,
    TypeChamp.COMMUNE: recherche,
    TypeChamp.COMMUNES: communes_view,
    TypeChamp.LIEUX: recherche_multiple,
    TypeChamp.REFERENCE: reference,
}
