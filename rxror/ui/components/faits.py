"""Sections in reading: facts, what is not published yet, « Modifier »."""

from typing import Any

import reflex as rx

from rxror.ror.lecture import NON_RENSEIGNE, Fait, Ligne
from rxror.ror.parcours import Maillon
from rxror.ror.typographie import fr
from rxror.services.fiche import SectionLue


def sections_view(sections: rx.Var) -> rx.Component:
    """Every section of a page, in its order."""
    return rx.foreach(sections.to(list[SectionLue]), _section)


def _section(section: rx.Var) -> rx.Component:
    brouillon = section["brouillon"].to(str)
    return rx.el.section(
        rx.cond(
            section["repliee"],
            _plis(section),
            rx.fragment(
                _tete(section),
                _brouillon(brouillon, section["change"].to(bool)),
                rx.cond(_a_des_faits(section), rx.fragment(faits_view(section["faits"]), _vides(section))),
                gestes_view(section),
            ),
        ),
        class_name=rx.cond(
            brouillon,
            "fiche fiche--brouillon",
            rx.cond(
                section["origine"],
                "fiche fiche--lecture",
                rx.cond(_a_des_faits(section), "fiche", "fiche fiche--vide"),
            ),
        ),
        id=section["cle"].to(str),
        aria_label=section["titre"].to(str),
        key=section["cle"].to(str),
    )


def gestes_view(section: rx.Var) -> rx.Component:
    """What else one may do, seldom: plain links."""
    gestes = section["gestes"].to(list[Maillon])
    return rx.cond(
        gestes.length() > 0,
        rx.el.p(
            rx.foreach(gestes, lambda g: rx.el.a(g["nom"], href=g["url"].to(str), class_name="lien")),
            class_name="boutons",
        ),
        rx.fragment(),
    )


def _a_des_faits(section: rx.Var) -> rx.Var:
    """Whether there is something to read; a section without an answer takes one line."""
    return section["faits"].to(list[Fait]).length() > 0


def _tete(section: rx.Var) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.h2(section["titre"]),
            rx.cond(_a_des_faits(section), rx.fragment(), rx.el.p(NON_RENSEIGNE, class_name="petit second")),
        ),
        rx.cond(section["modifier"], modifier(section["modifier"].to(str), section["titre"].to(str)), rx.fragment()),
        class_name="fiche-tete",
    )


def modifier(url: str | rx.Var, titre: str | rx.Var) -> rx.Component:
    """« Modifier », whose accessible name says which section."""
    return rx.el.a(
        "Modifier",
        rx.el.span(" la section ", titre, class_name="invisible"),
        href=url,
        class_name="bouton bouton--second bouton--compact",
    )


def _brouillon(texte: rx.Var, change: rx.Var) -> rx.Component:
    return rx.cond(
        texte,
        rx.el.p(
            rx.el.span(texte, class_name="etat etat--brouillon"),
            rx.cond(change, rx.el.span("ce qui a changé est surligné"), rx.fragment()),
            class_name="meta",
        ),
        rx.fragment(),
    )


def _plis(section: rx.Var) -> rx.Component:
    return rx.el.details(rx.el.summary(section["titre"]), faits_view(section["faits"]), class_name="plis")


def _vides(section: rx.Var) -> rx.Component:
    """Fields without a value, named in one line rather than one row each."""
    return rx.cond(
        section["vides"], rx.el.p(fr(f"{NON_RENSEIGNE} : "), section["vides"], class_name="petit second"), rx.fragment()
    )


def faits_view(faits: rx.Var) -> rx.Component:
    """Facts of one section."""
    return rx.el.dl(rx.foreach(faits.to(list[Fait]), _fait), class_name="faits")


def _fait(fait: rx.Var) -> rx.Component:
    lignes = fait["lignes"].to(list[Ligne])
    texte = rx.cond(
        lignes.length() > 0,
        rx.foreach(lignes, lambda e: ligne_view(e, fait["modifie"].to(bool))),
        rx.el.span(NON_RENSEIGNE, class_name="vide"),
    )
    avant = fait["avant"].to(str)
    return rx.el.div(
        rx.el.dt(fait["label"]),
        rx.el.dd(
            texte,
            rx.cond(fait["note"], rx.el.span(fait["note"], class_name="origine"), rx.fragment()),
            rx.cond(avant, rx.el.span(fr("Avant : "), avant, class_name="origine"), rx.fragment()),
        ),
    )


def ligne_view(ligne: rx.Var, modifie: rx.Var) -> rx.Component:
    """One line of a fact; what the brouillon changed of it is highlighted."""
    texte = ligne["texte"]
    return rx.el.div(
        rx.cond(modifie & ~ligne["garde"].to(bool), _surligne(texte), rx.el.span(texte)),
        rx.cond(ligne["alerte"], rx.el.strong(ligne["alerte"], class_name="alerte"), rx.fragment()),
        origine_view(ligne, _surligne, modifie),
        class_name="ligne",
    )


def _surligne(texte: rx.Var) -> rx.Component:
    return rx.el.mark(texte, class_name="modif")


def origine_view(ligne: rx.Var, balise: Any, modifie: rx.Var | bool = True) -> rx.Component:
    """The second text of a line, what changed of it within `balise`."""
    milieu = ligne["milieu"].to(str)
    dite = rx.cond(
        milieu & modifie, rx.fragment(ligne["debut"], balise(milieu), ligne["fin"]), rx.fragment(ligne["origine"])
    )
    return rx.cond(ligne["origine"], rx.el.span(dite, class_name="origine"), rx.fragment())
