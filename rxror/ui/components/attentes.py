"""« Une réponse attend votre choix », on the page of an object and on « Valider »."""

from typing import Any

import reflex as rx
from sqlmodel import Session

from rxror.ror.typographie import fr
from rxror.services import attentes
from rxror.services.acces import Acteur, Cible
from rxror.services.vues import AttentesDeLObjet, ChoixAFaire
from rxror.ui.components.etats import Donnee


class AttentesMontrees(rx.State, mixin=True):
    """What waits for a choice on the object of the page."""

    attentes: AttentesDeLObjet = AttentesDeLObjet()

    def _montrer_les_attentes(self, session: Session, qui: Acteur, *objets: Cible, si: bool = True) -> None:
        """Read them, of objects that this person may change."""
        vides = AttentesDeLObjet()
        self.attentes = attentes.de_l_objet(session, qui, *(o.cle for o in objets)) if si else vides


def attentes_view(etat: Any) -> rx.Component:
    """To its owner, where to choose; to the others, whose answers wait: they are not in their way."""
    ici: Donnee = etat.attentes
    return rx.fragment(
        rx.cond(ici.miennes.length() > 0, choix_view(ici.miennes), rx.fragment()),
        rx.cond(ici.autres.length() > 0, _autres(ici.autres), rx.fragment()),
        rx.cond(ici.propositions.length() > 0, propositions_view(ici.propositions), rx.fragment()),
    )


def propositions_view(propositions: Donnee) -> rx.Component:
    """What came back by personal links and waits for somebody to look at it."""
    return rx.el.section(
        rx.el.h2(
            rx.cond(propositions.length() > 1, "Des propositions vous attendent", "Une proposition vous attend"),
            id="t-propositions",
        ),
        rx.el.p("Reçues par un lien confié. Rien n’est changé avant votre choix."),
        rx.el.ul(rx.foreach(propositions.to(list[ChoixAFaire]), _proposition), class_name="manques"),
        class_name="panneau panneau--alerte",
        aria_labelledby="t-propositions",
    )


def _proposition(proposition: Donnee) -> rx.Component:
    return rx.el.li(
        rx.el.a("Examiner", rx.el.span(fr(" : "), proposition.nom), href=proposition.url),
        rx.el.span(proposition.detail, class_name="petit"),
    )


def choix_view(choix: Donnee) -> rx.Component:
    """Where one has to choose."""
    return rx.el.section(
        rx.el.h2(
            rx.cond(choix.length() > 1, "Des réponses attendent votre choix", "Une réponse attend votre choix"),
            id="t-choix",
        ),
        rx.el.p(
            fr("La même chose a été changée ailleurs pendant votre saisie. Rien n’est perdu : comparez, choisissez.")
        ),
        rx.el.ul(rx.foreach(choix.to(list[ChoixAFaire]), _choix), class_name="manques"),
        class_name="panneau panneau--alerte",
        aria_labelledby="t-choix",
    )


def _choix(choix: Donnee) -> rx.Component:
    return rx.el.li(
        rx.el.a("Comparer et choisir", rx.el.span(fr(" : "), choix.nom), href=choix.url),
        rx.el.span(choix.detail, class_name="petit"),
    )


def _autres(noms: Donnee) -> rx.Component:
    """One line: whose answers wait. Nothing of them is shown, and nothing of ours is held back."""
    return rx.el.p(
        fr("Des réponses attendent encore le choix de leur auteur : "),
        rx.foreach(noms.to(list[str]), lambda nom, rang: rx.fragment(rx.cond(rang > 0, ", ", ""), rx.el.strong(nom))),
        ". Elles ne sont pas dans ce qui est enregistré.",
        class_name="petit second attendues",
    )
