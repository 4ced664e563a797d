"""Repeated groups: their rows, how to add one, how to take one away."""

from typing import Any

import reflex as rx

from rxror.ror.champs import Champ, Groupe, champs_de, groupes_de, peut_manquer
from rxror.ui.champs.grille import grille_view
from rxror.ui.champs.horaires import horaires_view
from rxror.ui.champs.parties import Chemin, erreur_view, identifiant, joindre
from rxror.ui.champs.perimes import question_view
from rxror.ui.champs.recherche import combobox
from rxror.ui.champs.vues import champs_view


def groupe_view(etat: Any, groupe: Groupe, chemin: Chemin, motif: str, *, dedans: bool = False) -> rx.Component:
    """A repeated group: its rows, then how to add one. A unique one is shown as plain fields."""
    cles = etat.lignes[chemin].to(list[str])
    if groupe.unique:
        corps: rx.Component = rx.foreach(
            cles,
            lambda cle: rx.el.div(
                _marque(chemin, cle), *_ligne(etat, groupe, chemin, cle, motif), class_name="fiche", key=cle
            ),
        )
    elif groupe.en_semaine:
        corps = horaires_view(etat, groupe, chemin)
    elif groupe.par_recherche:
        corps = _groupe_par_recherche(etat, groupe, chemin, motif, cles)
    elif groupe.grille:
        corps = grille_view(etat, groupe, chemin, motif, cles, _groupe_repete(etat, groupe, chemin, motif, cles))
    else:
        corps = _groupe_repete(etat, groupe, chemin, motif, cles, dedans=dedans)
    return rx.cond(etat.visibles[chemin] == False, rx.fragment(), corps) if peut_manquer(groupe) else corps  # noqa: E712


def _marque(chemin: Chemin, cle: rx.Var) -> rx.Component:
    """Says to the reader that this row exists, even with every field empty."""
    return rx.el.input(type="hidden", name=joindre(joindre(chemin, "."), cle), value="1")


def _ligne(etat: Any, groupe: Groupe, chemin: Chemin, cle: rx.Var, motif: str) -> list[rx.Component]:
    prefixe = joindre(joindre(joindre(chemin, "."), cle), ".")
    champs = {n: c for n, c in champs_de(groupe.classe).items() if n != groupe.par_recherche}
    vues = champs_view(etat, champs, prefixe, motif + ".")
    for nom, sous in groupes_de(groupe.classe).items():
        vues.append(groupe_view(etat, sous, joindre(prefixe, nom), f"{motif}.{nom}", dedans=True))
    return vues


def _retirer(etat: Any, chemin: Chemin, cle: rx.Var, quoi: Any) -> rx.Component:
    return rx.el.button(
        "Retirer",
        rx.el.span(" ", quoi, class_name="invisible"),
        type="button",
        on_click=etat.retirer_ligne(chemin, cle),
        class_name="bouton bouton--discret bouton--compact",
    )


def _groupe_repete(
    etat: Any, groupe: Groupe, chemin: Chemin, motif: str, cles: rx.Var, *, dedans: bool = False
) -> rx.Component:
    titre = rx.el.h3 if dedans else rx.el.h2

    def ligne(cle: rx.Var, rang: rx.Var) -> rx.Component:
        numero = rang + 1 - len(groupe.grille) - etat.figees.length() if groupe.grille else rang + 1
        nom = rx.Var.create(groupe.singulier.capitalize() + " ").to(str) + numero.to(str)
        figee = etat.figees[joindre(joindre(chemin, "."), cle)]
        ouverte = rx.el.div(
            _marque(chemin, cle),
            rx.el.div(titre(nom), _retirer(etat, chemin, cle, nom), class_name="repete-tete"),
            erreur_view(etat, joindre(joindre(chemin, "."), cle)),
            *_ligne(etat, groupe, chemin, cle, motif),
            class_name="repete",
            id=identifiant(joindre(joindre(chemin, "."), cle)),
            tab_index=-1,
            role="group",
            aria_label=nom,
        )
        fermee = rx.el.div(rx.el.p(figee), class_name="repete repete--plie", role="group", aria_label=nom)
        vue = rx.cond(figee, fermee, ouverte) if groupe.figee_si else ouverte
        if groupe.grille:  # a cell is in the grid, the row of another system under it
            vue = rx.cond(etat.cases[joindre(joindre(chemin, "."), cle)] | figee, rx.fragment(), ouverte)
        return rx.el.div(vue, key=cle)

    def sous_ligne(sous_cle: rx.Var, sous_rang: rx.Var) -> rx.Component:
        """The same inside another row: Reflex names a row's variable after the parameter, which must differ."""
        return ligne(sous_cle, sous_rang)

    ajouter = rx.el.p(
        rx.el.button(
            f"Ajouter un{'e' if groupe.feminin else ''} {groupe.singulier}",
            type="button",
            id=identifiant(chemin),
            on_click=etat.ajouter_ligne(chemin),
            class_name="bouton bouton--second" + (" bouton--compact" if dedans else ""),
        ),
        *([rx.el.span(f"{groupe.maximum} au plus", class_name="petit second")] if groupe.maximum else []),
        class_name="boutons boutons--fin",
    )
    return rx.el.div(
        *([rx.el.h3(groupe.label, class_name="h3")] if dedans and groupe.label else []),
        *([rx.el.h2(groupe.label)] if groupe.visible_si and not dedans else []),
        erreur_view(etat, chemin),
        rx.foreach(cles, sous_ligne if dedans else ligne),
        ajouter,
        class_name="groupe-repete",
    )


def _groupe_par_recherche(etat: Any, groupe: Groupe, chemin: Chemin, motif: str, cles: rx.Var) -> rx.Component:
    """Choosing a code adds a row; the row shows the code and, below, what else is asked of it."""
    champ = champs_de(groupe.classe)[groupe.par_recherche]

    def ligne(cle: rx.Var) -> rx.Component:
        nom_code = joindre(joindre(joindre(joindre(chemin, "."), cle), "."), groupe.par_recherche)
        code = etat.valeurs[nom_code]
        libelle = etat.libelles[joindre(champ.jdv + ":", code)]
        return rx.el.li(
            _marque(chemin, cle),
            rx.el.input(type="hidden", name=nom_code, value=code),
            rx.el.div(
                rx.el.span(libelle, class_name="h3"), _retirer(etat, chemin, cle, libelle), class_name="repete-tete"
            ),
            erreur_view(etat, nom_code),
            question_view(etat, champ, nom_code),
            *_ligne(etat, groupe, chemin, cle, motif),
            key=cle,
        )

    return rx.el.section(
        rx.el.h2(groupe.label),
        rx.cond(cles, rx.el.ul(rx.foreach(cles, ligne), class_name="liste liste--saisie"), rx.fragment()),
        rx.el.label(
            f"Ajouter un{'e' if groupe.feminin else ''} {groupe.singulier}",
            html_for=identifiant(chemin),
            class_name="h3",
        ),
        rx.el.span("Tapez le début d’un mot, ou un code.", class_name="aide", id=identifiant(chemin, "-a")),
        erreur_view(etat, chemin),
        combobox(etat, Champ(groupe.label, aide="."), chemin),
        class_name="fiche",
    )
