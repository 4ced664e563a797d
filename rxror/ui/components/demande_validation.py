"""« Validation demandée », « Renvoyée »: on the page of an object, on « Valider », on the home page."""

from typing import Any

import reflex as rx
from sqlmodel import Session

from rxror.ror.typographie import fr
from rxror.services import demandes_validation
from rxror.services.acces import Acteur, Cible
from rxror.services.demandes_validation import DemandeMontree, LigneDemande
from rxror.ui.components.alertes import AIDE
from rxror.ui.components.etats import Donnee
from rxror.ui.components.geste import caches


class DemandeDeLObjet(rx.State, mixin=True):
    """What was asked about the object of the page."""

    demande: DemandeMontree = DemandeMontree()

    def _montrer_la_demande(self, session: Session, qui: Acteur, objet: Cible) -> None:
        self.demande = demandes_validation.lire(session, qui, objet)


def demande_view(etat: Any) -> rx.Component:
    """Who asked, when, with which word; or who sent it back."""
    demande: Donnee = etat.demande
    return rx.cond(demande.qui, rx.cond(demande.renvoyee, _renvoyee(demande), _demandee(demande)), rx.fragment())


def _demandee(demande: Donnee) -> rx.Component:
    return rx.el.section(
        rx.el.h2("Validation demandée", id="t-demande"),
        rx.el.p("Par ", rx.el.strong(demande.qui), ", ", demande.quand, "."),
        _mot(demande.mot),
        rx.cond(
            demande.change,
            rx.el.p(rx.el.strong("Le brouillon a changé depuis cette demande."), " Relisez ce qui est ci-dessous."),
            rx.fragment(),
        ),
        class_name="panneau",
        aria_labelledby="t-demande",
    )


def _renvoyee(demande: Donnee) -> rx.Component:
    return rx.el.section(
        rx.el.h2("À revoir avant validation", id="t-demande"),
        rx.el.p("Renvoyé par ", rx.el.strong(demande.renvoyee), fr(" :")),
        _mot(demande.reponse),
        class_name="panneau panneau--alerte",
        aria_labelledby="t-demande",
    )


def _mot(mot: Any) -> rx.Component:
    return rx.cond(mot, rx.el.p(fr("« "), mot, fr(" »")), rx.fragment())


def demandes_view(demandes: Donnee) -> rx.Component:
    """On the home page: what waits for me, what came back to me."""
    return rx.fragment(
        rx.cond(demandes.titre, _liste("t-attendent", demandes.titre, demandes.attendent, demandes.autres)),
        rx.cond(
            demandes.renvoyees.length() > 0,
            _liste("t-renvoyees", "À revoir avant validation", demandes.renvoyees, 0),
        ),
    )


def _liste(cle: str, titre: Any, lignes: Donnee, autres: Any) -> rx.Component:
    return rx.el.section(
        rx.el.h2(titre, id=cle),
        rx.el.ul(rx.foreach(lignes.to(list[LigneDemande]), _ligne), class_name="manques"),
        rx.cond(autres, rx.el.p("et ", autres, " de plus, quand ceux-ci seront traités.", class_name="petit")),
        class_name="panneau panneau--alerte",
        aria_labelledby=cle,
    )


def _ligne(ligne: Donnee) -> rx.Component:
    return rx.el.li(
        rx.el.a(ligne.nom, href=ligne.url),
        rx.el.span(ligne.detail, rx.cond(ligne.mot, rx.fragment(fr(" : « "), ligne.mot, fr(" »"))), class_name="petit"),
    )


def mot_view(cle: str, label: str, *, requis: bool = False) -> rx.Component:
    """A word for somebody else."""
    return rx.el.div(
        rx.el.label(label, html_for=cle),
        rx.el.span(AIDE, id=f"{cle}-aide", class_name="aide"),
        rx.el.textarea(
            id=cle,
            name="mot",
            rows="2",
            max_length=300,
            required=requis,
            aria_describedby=f"{cle}-aide",
            class_name="saisie",
        ),
        class_name="champ",
    )


def renvoi_view(etat: Any, *objet: rx.Component) -> rx.Component:
    """To who validates, when somebody asked: send it back. `objet` are the hidden inputs that name it."""
    demande: Donnee = etat.demande
    return rx.cond(
        demande.qui & (demande.renvoyee == "") & ~demande.a_demander,
        rx.el.section(
            rx.el.h2(fr("Il reste quelque chose à revoir ?"), id="t-renvoi"),
            rx.el.form(
                *objet,
                *caches(cle=etat.cle_de_la_demande),
                mot_view("mot-renvoi", "Ce qui est à revoir", requis=True),
                rx.el.p(
                    rx.el.button("Renvoyer avec ce mot", type="submit", class_name="bouton bouton--second"),
                    class_name="boutons",
                ),
                on_submit=etat.renvoyer,
            ),
            class_name="fiche",
            aria_labelledby="t-renvoi",
        ),
    )


def retrait_view(etat: Any, *objet: rx.Component) -> rx.Component:
    """To who prepares, when it was asked: withdraw it."""
    demande: Donnee = etat.demande
    return rx.cond(
        demande.qui & demande.a_demander,
        rx.el.form(
            *objet,
            *caches(cle=etat.cle_de_la_demande),
            rx.el.p(
                rx.el.button("Retirer la demande", type="submit", class_name="bouton bouton--second"),
                class_name="boutons",
            ),
            on_submit=etat.retirer,
        ),
    )
