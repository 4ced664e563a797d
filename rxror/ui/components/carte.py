"""A card of the review: its facts, each a way to its form; what is contested; what is stable, folded."""

from typing import Any

import reflex as rx

from rxror.ror import parcours
from rxror.ror.lecture import NON_RENSEIGNE, Ligne
from rxror.ror.typographie import fr
from rxror.services.cartes import FaitRelu
from rxror.services.relecture_carte import LieuARelire
from rxror.ui.components.etats import Donnee, etat
from rxror.ui.components.faits import ligne_view
from rxror.ui.components.geste import identifiant
from rxror.ui.components.manques import manques_view


def carte_view(carte: Donnee) -> rx.Component:
    """The card; its name takes the focus when it comes."""
    return rx.el.article(
        rx.el.header(
            rx.el.h2(carte.nom, id=identifiant(parcours.ANCRE_RELECTURE), tab_index=-1),
            rx.el.p(
                etat(carte.etat, carte.sorte),
                rx.cond(carte.quand, rx.el.span(carte.quand, class_name="au-large")),
                rx.cond(carte.ou, rx.el.span(carte.ou)),
                class_name="meta",
            ),
        ),
        _points(carte.bloquants, "panneau--manque", "bloque"),
        _points(carte.alertes, "panneau--alerte", "alertes"),
        rx.el.h3(carte.consigne, class_name="consigne"),
        faits_a_relire(carte.faits),
        rx.cond(
            carte.sert, rx.el.p(carte.sert, ". Ce que vous changez change pour toutes.", class_name="petit second")
        ),
        rx.foreach(carte.lieux.to(list[LieuARelire]), _lieu),
        _stables(carte),
        class_name="fiche relire",
        aria_labelledby=parcours.ANCRE_RELECTURE,
        custom_attrs={"data-relire": carte.cle, "data-adresse": carte.adresse},
    )


def faits_a_relire(faits: Any) -> rx.Component:
    """Facts whose labels lead to their forms."""
    return rx.el.dl(rx.foreach(faits.to(list[FaitRelu]), _fait), class_name="faits")


def _fait(fait: rx.Var) -> rx.Component:
    label, avant = fait["label"].to(str), fait["avant"].to(str)
    lignes = fait["lignes"].to(list[Ligne])
    titre = rx.cond(
        fait["note"],
        label,  # what does not change has no form
        rx.el.a(
            rx.el.span("Modifier ", class_name="invisible"), label, href=fait["modifier"].to(str), class_name="lien"
        ),
    )
    return rx.el.div(
        rx.el.dt(titre),
        rx.el.dd(
            rx.cond(
                lignes.length() > 0,
                rx.foreach(lignes, lambda dite: ligne_view(dite, fait["modifie"].to(bool))),
                rx.el.span(NON_RENSEIGNE, class_name="vide"),
            ),
            rx.foreach(fait["points"].to(list[str]), lambda point: rx.el.strong(point, class_name="alerte")),
            rx.cond(avant, rx.el.span(fr("Avant : "), avant, class_name="origine")),
        ),
    )


def _lieu(lieu: Donnee) -> rx.Component:
    """A lieu of the offer, confirmed with it: its beds, its equipment; or when it was reviewed."""
    return rx.el.section(
        rx.el.h3(rx.el.a(rx.el.span("Lieu ", class_name="invisible"), lieu.nom, href=lieu.url, class_name="lien")),
        rx.el.p(
            rx.cond(lieu.sert, rx.el.span(lieu.sert)), rx.cond(lieu.quand, rx.el.span(lieu.quand)), class_name="meta"
        ),
        rx.cond(lieu.faits.length() > 0, faits_a_relire(lieu.faits)),
        class_name="lieu-relu",
    )


def _points(points: Any, classe: str, nom: str) -> rx.Component:
    """What a rule contests: never folded, each a link to its field."""
    n = points.length()
    titre = {
        "bloque": rx.cond(n > 1, " points empêchent de confirmer", " point empêche de confirmer"),
        "alertes": rx.cond(n > 1, " points à regarder", " point à regarder"),
    }[nom]
    return rx.cond(
        n > 0,
        rx.el.section(
            rx.el.h3(n, titre, id=f"t-{nom}", class_name="h3"),
            manques_view(points),
            class_name=f"panneau {classe}",
            aria_labelledby=f"t-{nom}",
        ),
    )


def _stables(carte: Donnee) -> rx.Component:
    n = carte.repliees
    return rx.cond(
        n > 0,
        rx.el.details(
            rx.el.summary(n, rx.cond(n > 1, " informations stables", " information stable")),
            faits_a_relire(carte.stables),
            rx.foreach(carte.lieux.to(list[LieuARelire]), _stables_du_lieu),
            rx.el.p(
                rx.el.a(
                    rx.cond(carte.genre == "lieu", "Ouvrir le lieu entier", "Ouvrir l’offre entière"),
                    href=carte.url,
                    class_name="lien",
                )
            ),
            class_name="plis",
            key=carte.cle,
        ),
    )


def _stables_du_lieu(lieu: Donnee) -> rx.Component:
    return rx.cond(
        lieu.stables.length() > 0,
        rx.fragment(
            rx.el.h3(rx.el.span("Lieu ", class_name="invisible"), lieu.nom, class_name="h3"),
            faits_a_relire(lieu.stables),
        ),
    )
