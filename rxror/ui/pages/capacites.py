"""« Capacités du site »: the grid of an établissement, a card per lieu on a phone; one « Enregistrer » for all."""

import reflex as rx

from rxror.ror import parcours
from rxror.ror.parcours import Etape
from rxror.ror.typographie import fr
from rxror.services.capacites import TITRE
from rxror.services.capacites_sommes import ADDITION
from rxror.services.vues import LigneCapacite
from rxror.ui.components.ancre import ancre
from rxror.ui.components.etats import Donnee, etat
from rxror.ui.components.fermetures_prevues import prevoir_view, prevues_view
from rxror.ui.components.foyer import foyer_view
from rxror.ui.components.geste import barre_view, caches, identifiant, message_view
from rxror.ui.components.parcourir import lien_de_page, pages_view
from rxror.ui.layout import page, tete
from rxror.ui.pages.capacites_etat import CapacitesState
from rxror.ui.pages.capacites_outils import coller_view, verification_view
from rxror.ui.pages.capacites_tableau import tableau_view
from rxror.ui.place import ICI

GRILLE = "grille-du-site"


def capacites_page() -> rx.Component:
    """The grid of an établissement."""
    moi = CapacitesState
    return page(
        tete(
            TITRE,
            rx.el.p(
                fr("Corrigez ce qui a changé : le dernier nombre validé, s’il y en a un, est près de sa case. "),
                rx.cond(
                    moi.recues,
                    rx.fragment(
                        fr("Ce qui vient d’un logiciel ("), moi.recues, fr(") est montré et ne se saisit pas ici.")
                    ),
                ),
                class_name="second",
            ),
            surtitre=moi.surtitre,
        ),
        foyer_view(moi.foyer),
        message_view(moi.message),
        _a_corriger(),
        rx.cond(moi.prepares > 0, _prepares()),
        rx.el.div(_filtres(), rx.cond(moi.modifiable, coller_view()), class_name="outils"),
        verification_view(),
        rx.el.form(
            *caches(identifiant=moi.identifiant, cle=moi.cle),
            tableau_view(),
            rx.cond(moi.pages > 1, _pages()),
            _reperes(),
            on_submit=moi.enregistrer,
            id=GRILLE,
            custom_attrs={"data-grille": "oui"},
            class_name="pile",
        ),
        rx.cond(moi.modifiable | (moi.prevues.length() > 0), _prevues()),
        rx.cond(moi.modifiable, _barre()),
        etape=int(Etape.MODIFIER),
        avec_uf=moi.avec_uf,
        chemin=moi.chemin,
        pile=True,
        pret=moi.place == ICI,
    )


def _a_corriger() -> rx.Component:
    moi = CapacitesState
    n = moi.fautes.length()
    return rx.cond(
        n > 0,
        rx.el.section(
            rx.el.h2(n, rx.cond(n > 1, " cases à regarder", " case à regarder"), id="t-fautes"),
            rx.el.ul(rx.foreach(moi.fautes, _faute), class_name="manques"),
            class_name="panneau panneau--alerte",
            aria_labelledby="t-fautes",
            id=identifiant("a-corriger"),
            tab_index=-1,
        ),
    )


def _faute(faute: rx.Var) -> rx.Component:
    return rx.el.li(
        ancre(rx.Var.create("#").to(str) + faute["nom"].to(str), faute["lieu"], fr(" : "), faute["texte"]),
        rx.cond(faute["bloque"], rx.el.strong("À corriger", class_name="manque petit"), rx.fragment()),
    )


def _prepares() -> rx.Component:
    moi = CapacitesState
    n = moi.prepares
    return rx.el.p(
        etat("Enregistré, à valider", "brouillon"),
        " ",
        rx.el.a(
            rx.cond(n > 1, rx.fragment("Capacités de ", n, " lieux"), "Capacités d’un lieu"),
            fr(" : relire et valider"),
            href=moi.url_prepares,
            class_name="lien",
        ),
        class_name="boutons",
    )


def _filtres() -> rx.Component:
    moi = CapacitesState
    return rx.el.form(
        _filtre("montrer", "Lieux à montrer", moi.lesquels),
        _filtre("nature", "Compter", moi.natures),
        _filtre("temporalite", "À quel moment", moi.temporalites),
        rx.el.button("Montrer", type="submit", class_name="bouton bouton--second"),
        on_submit=moi.filtrer,
        class_name="recherche filtres-site",
    )


def _filtre(nom: str, label: str, options: rx.Var) -> rx.Component:
    tenu = CapacitesState.choix[nom]
    return rx.el.div(
        rx.el.label(label, html_for=f"f-{nom}"),
        rx.el.select(
            rx.foreach(options, lambda o: rx.el.option(o["nom"].to(str), value=o["cle"].to(str))),
            id=f"f-{nom}",
            name=nom,
            default_value=tenu,
            key=tenu,
            class_name="saisie",
        ),
        class_name="champ",
    )


def _prevues() -> rx.Component:
    """Planned closures, and the form of one more; outside the form of the grid."""
    moi = CapacitesState
    n = moi.prevues.length()
    return rx.el.details(
        rx.el.summary("Fermetures prévues", rx.cond(n > 0, rx.fragment(" (", n, ")"))),
        rx.cond(n > 0, prevues_view(moi.prevues, moi.retirer_prevue, moi.cle_prevue, moi.posables)),
        rx.cond(
            moi.modifiable,
            prevoir_view(moi.lieux_modifiables, moi.choix["nature"].to(str), moi.cle_prevue, moi.prevoir),
        ),
        class_name="plis",
        open=n > 0,
        id=identifiant("prevues"),
        tab_index=-1,
    )


def _pages() -> rx.Component:
    moi = CapacitesState
    return pages_view(
        moi.rang, moi.pages, lien_de_page("Page précédente", moi.avant), lien_de_page("Page suivante", moi.apres)
    )


def _reperes() -> rx.Component:
    reperes: Donnee = CapacitesState.reperes
    return rx.cond(
        reperes.capacites.length() > 0,
        rx.el.details(
            rx.el.summary(rx.Var.create("Repères SAE ").to(str) + reperes.annee),
            rx.el.p(
                fr(
                    "Déclaré par l’établissement à la Statistique annuelle des établissements de santé, au 31 décembre "
                ),
                reperes.annee,
                fr(". À titre de comparaison : un écart n’est pas une faute. FINESS ne donne pas de capacité ici."),
                class_name="petit second",
            ),
            rx.el.p(fr(ADDITION), class_name="petit second"),
            rx.el.table(
                rx.el.caption("Lits et places déclarés, par activité", class_name="invisible"),
                rx.el.thead(
                    rx.el.tr(
                        rx.el.th("Activité", scope="col"),
                        rx.el.th("Lits", scope="col", class_name="droite"),
                        rx.el.th("Places", scope="col", class_name="droite"),
                    )
                ),
                rx.el.tbody(
                    rx.foreach(
                        reperes.capacites.to(list[LigneCapacite]),
                        lambda repere: rx.el.tr(
                            rx.el.th(repere.label, scope="row"),
                            rx.el.td(repere.lits, class_name="droite"),
                            rx.el.td(repere.places, class_name="droite"),
                        ),
                    )
                ),
            ),
            class_name="plis",
        ),
    )


def _barre() -> rx.Component:
    moi = CapacitesState
    return barre_view(
        rx.fragment(
            rx.el.strong(moi.phrase, "."),
            " ",
            rx.el.span(custom_attrs={"data-changees": "oui"}),
            rx.cond(
                moi.fautes.length() > 0,
                rx.fragment(" ", moi.fautes.length(), " à regarder."),
            ),
        ),
        rx.el.a("Revenir", href=moi.chemin[0]["url"].to(str), class_name="bouton bouton--second"),
        rx.el.button("Enregistrer", type="submit", form=GRILLE, class_name="bouton"),
    )


PAGES = ((parcours.ROUTE_CAPACITES, capacites_page, CapacitesState.titre_page, CapacitesState.charger),)
