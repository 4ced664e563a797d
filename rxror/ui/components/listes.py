"""Lists of the path: établissements, pôles and UF, offres; one row, one « Détails »."""

import reflex as rx

from rxror.ror.fraicheur import BROUILLON
from rxror.services.vues import Information, LigneEtablissement, LigneLieu, LigneOffre, LigneStructure
from rxror.ui.components.etats import Donnee, avancement, etat


def details(url: rx.Var, de: str, nom: rx.Var) -> rx.Component:
    """« Détails », whose accessible name says of what."""
    return rx.el.a(
        "Détails",
        rx.el.span(f" {de} ", nom, class_name="invisible"),
        href=url,
        class_name="bouton bouton--second bouton--compact",
    )


def creer(url: rx.Var, quoi: str | rx.Var, nom: str | rx.Var = "") -> rx.Component:
    """« Créer + », whose accessible name says what and where."""
    return rx.el.a(
        "Créer +",
        rx.el.span(" ", quoi, " ", nom, class_name="invisible"),
        href=url,
        class_name="bouton bouton--second bouton--compact",
    )


def brouillon_view(mot: str | rx.Var) -> rx.Component:
    """Something saved waits to be validated."""
    return etat(mot, BROUILLON.sorte)


def etablissements_view(lignes: Donnee, court: bool = False) -> rx.Component:
    """Établissements, each with its state and its progress; `court` leaves out category and address."""
    return rx.el.ul(
        rx.foreach(lignes.to(list[LigneEtablissement]), lambda ligne: _etablissement(ligne, court)), class_name="liste"
    )


def structures_view(lignes: Donnee) -> rx.Component:
    """Pôles, or UF, each with its state and its progress."""
    return rx.el.ul(rx.foreach(lignes.to(list[LigneStructure]), _structure), class_name="liste")


def offres_view(lignes: Donnee, titre: str = "h3") -> rx.Component:
    """Offres, each with its state, its brouillon, its date."""
    return rx.el.ul(rx.foreach(lignes.to(list[LigneOffre]), lambda o: _offre(o, titre)), class_name="liste")


def lieux_view(lignes: Donnee) -> rx.Component:
    """Lieux, each with its function and the offers it serves."""
    return rx.el.ul(rx.foreach(lignes.to(list[LigneLieu]), _lieu), class_name="liste")


def informations_view(lignes: Donnee) -> rx.Component:
    """Facts one reads."""
    return rx.el.dl(rx.foreach(lignes.to(list[Information]), _information), class_name="faits")


def fermees_view(lignes: Donnee) -> rx.Component:
    """What is closed for good, folded: offers and structures."""
    return rx.cond(
        lignes.length() > 0,
        rx.el.details(
            rx.el.summary("Fermées définitivement (", lignes.length(), ")"),
            rx.el.ul(rx.foreach(lignes.to(list[LigneOffre]), _fermee), class_name="liste"),
            class_name="plis",
        ),
    )


def _fermee(ligne: Donnee) -> rx.Component:
    return rx.el.li(
        rx.el.a(ligne.nom, href=ligne.url, class_name="lien"),
        rx.el.p(etat(ligne.etat.mot, ligne.etat.sorte), rx.el.span(ligne.precision), class_name="meta"),
        key=ligne.identifiant,
    )


def _etablissement(ligne: Donnee, court: bool) -> rx.Component:
    identite = rx.el.p(
        ligne.categorie,
        " · FINESS ",
        rx.el.span(ligne.finess, class_name="nombre"),
        rx.el.br(),
        ligne.adresse,
        class_name="petit second",
    )
    return rx.el.li(
        rx.el.div(rx.el.h3(ligne.nom), _etats(ligne), *([] if court else [identite])),
        avancement(ligne.a_jour, ligne.total, ligne.nom),
        details(ligne.url, "de", ligne.nom),
        key=ligne.finess,
    )


def _structure(ligne: Donnee) -> rx.Component:
    return rx.el.li(
        rx.el.div(rx.el.h3(ligne.nom), _etats(ligne, rx.el.span(ligne.contenu))),
        avancement(ligne.a_jour, ligne.total, ligne.nom),
        details(ligne.url, "de", ligne.nom),
        key=ligne.identifiant,
    )


def _etats(ligne: Donnee, *suite: rx.Component) -> rx.Component:
    return rx.el.p(
        etat(ligne.etat.mot, ligne.etat.sorte),
        rx.cond(ligne.brouillons, brouillon_view(ligne.brouillons)),
        *suite,
        class_name="meta",
    )


def _offre(offre: Donnee, titre: str) -> rx.Component:
    nom = rx.el.h4(offre.nom, class_name="h3") if titre == "h4" else rx.el.h3(offre.nom)
    return rx.el.li(
        rx.el.div(
            nom,
            rx.el.p(
                etat(offre.etat.mot, offre.etat.sorte),
                rx.cond(offre.brouillon, brouillon_view(BROUILLON.mot)),
                rx.cond(offre.precision, rx.el.span(offre.precision)),
                class_name="meta",
            ),
        ),
        details(offre.url, "de l’offre", offre.nom),
        key=offre.identifiant,
    )


def _lieu(lieu: Donnee) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.h3(lieu.nom),
            rx.el.p(rx.cond(lieu.fonction, rx.el.span(lieu.fonction)), rx.el.span(lieu.usage), class_name="meta"),
        ),
        details(lieu.url, "du lieu", lieu.nom),
        key=lieu.identifiant,
    )


def _information(fait: Donnee) -> rx.Component:
    return rx.el.div(
        rx.el.dt(fait.label),
        rx.el.dd(fait.valeur, rx.cond(fait.origine, rx.el.span(fait.origine, class_name="origine"))),
    )
