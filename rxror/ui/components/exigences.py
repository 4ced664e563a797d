"""« Exigences nationales » of an offer: what is asked, the state in words, the field and the correction."""

from typing import Any

import reflex as rx

from rxror.ror.typographie import fr
from rxror.services.corrections import CorrectionProposee
from rxror.services.exigences_vues import Bascule, ExigenceLue, ExigencesOffre
from rxror.ui.components.etats import etat

NOTE = "Calculées par rxror sur ce qui serait publié. Un écart ne bloque pas, mais l’indicateur national le relèvera."


class ExigencesMontrees(rx.State, mixin=True):
    """What the page of an offer and « Valider » show of the national requirements, and the corrections one may take."""

    exigences: list[ExigenceLue] = []
    bascules: list[Bascule] = []
    exigences_sans_objet: str = ""
    url_exigences: str = ""
    corrections: list[CorrectionProposee] = []

    def _montrer_les_exigences(self, lues: ExigencesOffre, proposees: list[CorrectionProposee]) -> None:
        self.exigences, self.exigences_sans_objet = lues.lignes, lues.sans_objet
        self.bascules = lues.bascules
        self.url_exigences, self.corrections = lues.url_etablissement, proposees


def exigences_view(etat_: Any) -> rx.Component:
    """The block; nothing for an object that no requirement looks at."""
    return rx.cond(
        etat_.exigences.length() > 0,
        rx.el.section(
            rx.el.div(rx.el.h2("Exigences nationales", id="t-exigences"), class_name="fiche-tete"),
            rx.el.p(NOTE, class_name="petit second"),
            rx.cond(etat_.bascules.length() > 0, _bascules(etat_.bascules), rx.fragment()),
            rx.el.ul(rx.foreach(etat_.exigences, _exigence), class_name="liste"),
            rx.cond(
                etat_.exigences_sans_objet,
                rx.el.p(
                    fr("Ne concernent pas cette offre : "), etat_.exigences_sans_objet, ".", class_name="petit second"
                ),
            ),
            rx.el.p(rx.el.a("Toutes les exigences de l’établissement", href=etat_.url_exigences, class_name="lien")),
            class_name="fiche",
            aria_labelledby="t-exigences",
        ),
        rx.fragment(),
    )


def _bascules(bascules: Any) -> rx.Component:
    """« CP4 : Écart → Conforme »."""
    return rx.el.div(
        rx.el.h3(fr("Ce que « Valider » change")),
        rx.el.ul(
            rx.foreach(
                bascules,
                lambda b: rx.el.li(
                    rx.el.strong(b["exigence"]),
                    fr(" : "),
                    etat(b["avant"].to(str), b["avant_sorte"].to(str)),
                    rx.el.span(" → ", aria_hidden="true"),
                    rx.el.span(" devient ", class_name="invisible"),
                    etat(b["apres"].to(str), b["sorte"].to(str)),
                    rx.el.span(b["titre"], class_name="petit second"),
                ),
            ),
            class_name="bascules",
        ),
    )


def _exigence(exigence: rx.Var) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.h3(exigence["titre"]),
            rx.el.p(exigence["reference"], ". ", exigence["texte"], class_name="petit second"),
            rx.cond(
                exigence["remede"],
                rx.el.p(_lien("Voir la correction proposée", exigence, "remede")),
                rx.cond(exigence["url"], rx.el.p(_lien("Ouvrir le champ", exigence, "url")), rx.fragment()),
            ),
        ),
        rx.el.div(
            etat(exigence["etat"].to(str), exigence["sorte"].to(str)),
            rx.cond(exigence["publie"], rx.el.span(_publie(exigence), class_name="petit second"), rx.fragment()),
            class_name="etats-dits",
        ),
    )


def _publie(exigence: rx.Var) -> rx.Var:
    """What is published stands beside what would be."""
    pareil = exigence["publie"].to(str) == exigence["etat"].to(str)
    return rx.cond(pareil, "Comme aujourd’hui", rx.Var.create(fr("Publié : ")).to(str) + exigence["publie"].to(str))


def _lien(texte: str, exigence: rx.Var, adresse: str) -> rx.Component:
    return rx.el.a(
        texte,
        rx.el.span(fr(" : "), exigence["titre"], class_name="invisible"),
        href=exigence[adresse].to(str),
        class_name="lien",
    )


def corrections_view(etat_: Any) -> rx.Component:
    """The corrections one may take, each shown before it is applied."""
    return rx.cond(
        etat_.corrections.length() > 0,
        rx.el.section(
            rx.el.h2("Corriger d’un geste", id="t-corriger"),
            rx.el.ul(rx.foreach(etat_.corrections, _correction), class_name="manques"),
            class_name="panneau",
            aria_labelledby="t-corriger",
        ),
        rx.fragment(),
    )


def _correction(correction: rx.Var) -> rx.Component:
    return rx.el.li(
        rx.el.a(correction["texte"], href=correction["url"].to(str)),
        rx.el.span("Montré avant d’être appliqué", class_name="petit"),
    )
