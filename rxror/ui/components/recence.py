"""The national indicator RE1.2 and our own « 100 % à jour », side by side, each with what it counts."""

import reflex as rx

from rxror.ror.typographie import fr
from rxror.ui.components.etats import Donnee, avancement, etat

LIEUX = fr(
    "L’indicateur lit la date de l’offre, de ses contacts et de leurs moyens de communication. "
    "Mettre à jour les lits d’un lieu ne suffit pas : validez aussi l’offre."
)


def recence_view(vue: Donnee) -> rx.Component:
    """Two figures of one établissement; nothing before it is read."""
    return rx.cond(
        vue.etat,
        rx.el.section(
            rx.el.div(rx.el.h2("Récence", id="t-recence"), class_name="fiche-tete"),
            rx.el.div(_national(vue), rx.cond(vue.total > 0, _notre(vue)), class_name="cote-a-cote"),
            class_name="fiche",
            aria_labelledby="t-recence",
        ),
    )


def _national(vue: Donnee) -> rx.Component:
    return rx.el.div(
        rx.el.h3("Indicateur national (RE1.2)"),
        rx.el.p(etat(vue.etat, vue.sorte), class_name="meta"),
        rx.el.p(vue.texte, class_name="petit"),
        _compris(vue.regle, LIEUX),
        class_name="pile",
    )


def _notre(vue: Donnee) -> rx.Component:
    return rx.el.div(
        rx.el.h3(fr("À jour à 100 %")),
        avancement(vue.a_jour, vue.total, vue.nom, vue.phrase),
        rx.cond(vue.bientot, rx.el.p(vue.bientot, class_name="petit")),
        _compris(vue.objectif),
        class_name="pile",
    )


def _compris(*phrases: str | rx.Var) -> rx.Component:
    return rx.el.details(
        rx.el.summary("Ce qui compte"),
        *(rx.el.p(phrase, class_name="petit second") for phrase in phrases),
        class_name="plis",
    )
