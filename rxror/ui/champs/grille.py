"""The grid of a group: one number per usual row, big, with minus and plus; then all other rows."""

from functools import reduce
from operator import or_
from typing import Any

import reflex as rx

from rxror.ror.champs import Edition, Groupe, champs_de
from rxror.ror.typographie import fr
from rxror.ui.champs.parties import Chemin, erreur_view, identifiant, joindre
from rxror.ui.champs.textes import case_view
from rxror.ui.champs.vues import champs_view


def grille_view(etat: Any, groupe: Groupe, chemin: Chemin, motif: str, cles: rx.Var, *autres: rx.Component) -> Any:
    """The cells, what they add up to, then the other rows."""

    def cellule(cle: rx.Var) -> rx.Component:
        return rx.cond(etat.cases[_ligne(chemin, cle)], _cellule(etat, groupe, chemin, cle, motif), rx.fragment())

    def recue(cle: rx.Var) -> rx.Component:
        figee = etat.figees[_ligne(chemin, cle)]
        return rx.cond(figee, rx.el.p(figee, class_name="repete repete--plie", key=cle), rx.fragment())

    return rx.el.div(
        rx.el.div(
            erreur_view(etat, chemin),
            rx.el.div(rx.foreach(cles, cellule), class_name="grille"),
            rx.el.p(role="status", class_name="somme", custom_attrs={"data-somme": ""}),
            class_name="fiche capacites",
        ),
        rx.el.div(rx.foreach(cles, recue), class_name="recues"),
        rx.el.details(
            rx.el.summary(fr("Autres lignes : disponibles, occupés, réservés, supplémentaires, prévisions")),
            *autres,
            class_name="plis",
            open=cles.length() > len(groupe.grille),
        ),
        class_name="groupe-repete",
    )


def _ligne(chemin: Chemin, cle: rx.Var) -> Chemin:
    return joindre(joindre(chemin, "."), cle)


def _cellule(etat: Any, groupe: Groupe, chemin: Chemin, cle: rx.Var, motif: str) -> rx.Component:
    prefixe = joindre(_ligne(chemin, cle), ".")
    nombre, label = joindre(prefixe, groupe.nombre), etat.cases[_ligne(chemin, cle)]
    fixes = [n for n, _ in groupe.grille[0].ligne]
    genre = reduce(lambda a, b: a + b, (etat.valeurs[joindre(prefixe, n)].to(str) for n in fixes))
    return rx.el.div(
        rx.el.input(type="hidden", name=_ligne(chemin, cle), value="1"),
        *(rx.el.input(type="hidden", name=joindre(prefixe, n), value=etat.valeurs[joindre(prefixe, n)]) for n in fixes),
        rx.el.label(label, html_for=identifiant(nombre)),
        erreur_view(etat, nombre),
        case_view(etat, champs_de(groupe.classe)[groupe.nombre], nombre, label),
        _precisions(etat, groupe, prefixe, motif, {*fixes, groupe.nombre}, label),
        class_name="champ case",
        custom_attrs={"data-case": genre},
        key=cle,
    )


def _precisions(
    etat: Any, groupe: Groupe, prefixe: Chemin, motif: str, demandes: set[str], label: rx.Var
) -> rx.Component:
    """What else the row holds, folded; open when something there is to be corrected."""
    champs = champs_de(groupe.classe)
    reste = {n: c for n, c in champs.items() if n not in demandes and c.edition is Edition.LIBRE}
    fautes = reduce(or_, (etat.erreurs[joindre(prefixe, n)].to(bool) for n in reste))
    return rx.el.details(
        rx.el.summary("Préciser", rx.el.span(" ", label, class_name="invisible")),
        *champs_view(etat, reste, prefixe, motif + "."),
        class_name="plis",
        open=fautes,
    )
