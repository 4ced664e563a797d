"""The établissements without référent, for who may name one."""

import reflex as rx

from rxror import db
from rxror.ror import parcours
from rxror.ror.typographie import fr
from rxror.services import veille_des_referents
from rxror.services.demande import en_nombre
from rxror.services.veille_des_referents import SansReferent, VueSansReferent
from rxror.ui.components.etats import Donnee
from rxror.ui.components.parcourir import PRECEDENTE, SUIVANTE, lien_de_page, pages_view
from rxror.ui.identity import acteur
from rxror.ui.layout import page, tete

TITRE = "Établissements sans référent"


class SansReferentState(rx.State):
    """One page of the list; its number is that of the address."""

    vue: VueSansReferent = VueSansReferent()
    precedente: str = ""
    suivante: str = ""
    charge: bool = False

    @rx.event
    def charger(self) -> None:
        """Read the page of the list that the address asks for."""
        numero = en_nombre(self.router.url.query_parameters.get("page")) or 1
        with db.lecture() as session:
            self.vue = veille_des_referents.lister(session, acteur(self, session), numero)
        url, ici = parcours.SANS_REFERENT, self.vue.page
        self.precedente = f"{url}?page={ici - 1}" if ici > 1 else ""
        self.suivante = f"{url}?page={ici + 1}" if ici < self.vue.pages else ""
        self.charge = True


def sans_referent_page() -> rx.Component:
    """The page of the list."""
    etat = SansReferentState
    vue: Donnee = etat.vue
    return page(
        tete(
            TITRE,
            rx.el.p(
                rx.cond(
                    vue.total > 0,
                    rx.fragment(
                        vue.total,
                        rx.cond(vue.total > 1, " établissements n’ont", " établissement n’a"),
                        fr(" pas de référent actif. Ceux qui en avaient un viennent d’abord."),
                    ),
                    "Chaque établissement qui vous est confié a un référent.",
                ),
                class_name="second",
            ),
        ),
        rx.el.h2("Liste", class_name="invisible"),
        rx.cond(
            vue.total > 0,
            rx.el.ul(rx.foreach(vue.lignes.to(list[SansReferent]), _ligne), class_name="liste"),
        ),
        rx.cond(vue.pages > 1, _pages()),
        chemin=parcours.chemin_de(("Mes accès rapides", parcours.ACCUEIL), (TITRE, "")),
        pile=True,
        pret=etat.charge,
    )


def _ligne(ligne: Donnee) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.h3(ligne.nom),
            rx.el.p(
                rx.cond(ligne.jamais, "N’en a pas encore eu", "N’en a plus"),
                " · FINESS ",
                rx.el.span(ligne.finess, class_name="nombre"),
                rx.el.br(),
                ligne.adresse,
                class_name="petit second",
            ),
        ),
        rx.el.a(
            "Nommer",
            rx.el.span(" un référent, ", ligne.nom, class_name="invisible"),
            href=ligne.url,
            class_name="bouton bouton--second bouton--compact",
        ),
        key=ligne.finess,
    )


def _pages() -> rx.Component:
    etat_ = SansReferentState
    vue: Donnee = etat_.vue
    avant, apres = lien_de_page(PRECEDENTE, etat_.precedente), lien_de_page(SUIVANTE, etat_.suivante)
    return pages_view(vue.page, vue.pages, avant, apres)


PAGES = ((parcours.SANS_REFERENT, sans_referent_page, parcours.titre(TITRE), SansReferentState.charger),)
