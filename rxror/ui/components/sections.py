"""The sections of a structure or of an établissement, under what it holds: read, modified, validated."""

from typing import Any

import reflex as rx
from sqlmodel import Session

from rxror.services import fiche
from rxror.services.acces import Acteur
from rxror.services.fiche import Manque, SectionLue
from rxror.services.reouverture import Constat
from rxror.ui.components.faits import sections_view
from rxror.ui.components.manques import manques_view
from rxror.ui.place import cible

PRINCIPALE = "informations_generales"


class Sections(rx.State, mixin=True):
    """What the page of a structure or of an établissement shows of its own fields."""

    principales: list[SectionLue] = []
    sections: list[SectionLue] = []
    brouillon: str = ""
    manques: list[Manque] = []
    url_valider: str = ""
    fermeture: Constat = Constat()

    def _lire_les_sections(self, session: Session, qui: Acteur) -> None:
        lues = fiche.lire_sections(session, qui, cible(self))
        self.principales = [s for s in lues.sections if s["cle"] == PRINCIPALE]
        self.sections = [s for s in lues.sections if s["cle"] != PRINCIPALE]
        self.brouillon = lues.brouillon
        self.manques, self.url_valider, self.fermeture = lues.manques, lues.url_valider, lues.fermeture


def sections_de_la_page(etat: Any, titre: str | rx.Var) -> rx.Component:
    """Title, what is missing, the sections, and « Valider » when something waits."""
    return rx.el.section(
        rx.el.h2(titre, id="t-sections"),
        rx.cond(
            (etat.manques.length() > 0) & (etat.url_valider != ""),
            rx.el.section(
                rx.el.h3("Ce qui manque avant de valider", id="t-manque"),
                manques_view(etat.manques),
                class_name="panneau panneau--alerte",
                aria_labelledby="t-manque",
            ),
            rx.fragment(),
        ),
        sections_view(etat.sections),
        rx.cond(etat.url_valider, _valider(etat), rx.fragment()),
        class_name="pile pied-de-page",
        aria_labelledby="t-sections",
    )


def _valider(etat: Any) -> rx.Component:
    return rx.el.div(
        rx.el.p(
            rx.cond(etat.brouillon, etat.brouillon, "Rien n’attend d’être validé ici."),
            class_name="statut",
            role="status",
        ),
        rx.el.p(
            rx.el.a(
                rx.cond(etat.demande.a_demander, "Demander la validation", "Valider"),
                rx.el.span(" ces informations", class_name="invisible"),
                href=etat.url_valider,
                class_name=rx.cond(etat.brouillon, "bouton", "bouton bouton--second"),
            ),
            class_name="boutons",
        ),
        class_name="fiche-tete",
    )
