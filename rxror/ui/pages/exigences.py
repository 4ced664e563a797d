"""The national requirements of an établissement: each with its state in words, what to do, and which offers."""

import reflex as rx

from rxror import db
from rxror.ror import parcours
from rxror.ror.parcours import Etape
from rxror.ror.typographie import fr
from rxror.services import exigences
from rxror.services.exigences_vues import ExigenceEtablissement, LignePeuplement, OffreConcernee, VueExigences
from rxror.ui.components.etats import Donnee, etat
from rxror.ui.components.recence import recence_view
from rxror.ui.identity import acteur
from rxror.ui.layout import page, tete
from rxror.ui.place import ICI, cible, place

TITRE = parcours.titre("Exigences nationales")
NOTE = (
    "Calculées par rxror sur ce qui est publié ici, comme les indicateurs de l’ANS les calculent sur le ROR national. "
    "Un écart ne bloque rien."
)


class ExigencesState(rx.State):
    """What the page of the requirements shows: a copy of the database at the last reading."""

    vue: VueExigences = VueExigences()
    titre_page: str = TITRE
    place: str = ""

    @rx.event
    def charger(self) -> None:
        """Compute the requirements of the établissement of the address."""
        self.reset()
        with db.lecture() as session:
            self.vue = exigences.de_l_etablissement(session, acteur(self, session), cible(self))
        self.titre_page = parcours.titre("Exigences nationales", self.vue.nom)
        self.place = place(self)


def exigences_page() -> rx.Component:
    """The page of the requirements of an établissement."""
    vue: Donnee = ExigencesState.vue
    return page(
        tete("Exigences nationales", rx.el.p(vue.resume, class_name="meta"), surtitre=vue.nom),
        rx.el.p(NOTE, class_name="second"),
        rx.el.div(
            _toutes(),
            rx.el.div(
                recence_view(vue.recence),
                rx.cond(vue.peuplement.length() > 0, _peuplement()),
                _sources(),
                class_name="cote",
            ),
            class_name="colonnes",
        ),
        rx.cond(
            vue.demonstration,
            rx.el.p(
                fr("Offres, états et dates : données de démonstration. Identité de l’établissement : FINESS."),
                class_name="demo",
            ),
        ),
        etape=int(Etape.RETROUVER),
        avec_uf=vue.sanitaire,
        chemin=vue.chemin,
        pile=True,
        pret=ExigencesState.place == ICI,
    )


def _toutes() -> rx.Component:
    vue: Donnee = ExigencesState.vue
    return rx.el.section(
        rx.el.h2("Toutes les exigences", id="t-toutes"),
        rx.el.ul(rx.foreach(vue.exigences.to(list[ExigenceEtablissement]), _exigence), class_name="liste"),
        rx.cond(
            vue.sans_objet,
            rx.el.p(fr("Ne concernent pas cet établissement : "), vue.sans_objet, ".", class_name="petit second"),
        ),
        class_name="pile",
        aria_labelledby="t-toutes",
    )


def _exigence(exigence: Donnee) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.h3(exigence["titre"]),
            rx.el.p(
                exigence["reference"],
                rx.cond(exigence["compte"], rx.fragment(". ", exigence["compte"], "."), rx.fragment()),
                class_name="petit second",
            ),
            rx.cond(exigence["texte"], rx.el.p(exigence["texte"], class_name="petit"), rx.fragment()),
            rx.cond(exigence["offres"].to(list[OffreConcernee]).length() > 0, _offres(exigence), rx.fragment()),
        ),
        etat(exigence["etat"].to(str), exigence["sorte"].to(str)),
    )


def _offres(exigence: Donnee) -> rx.Component:
    return rx.el.details(
        rx.el.summary("Offres concernées", rx.el.span(fr(" : "), exigence["titre"], class_name="invisible")),
        rx.el.ul(rx.foreach(exigence["offres"].to(list[OffreConcernee]), _offre), class_name="manques"),
        rx.cond(exigence["suite"], rx.el.p(exigence["suite"], class_name="petit second"), rx.fragment()),
        class_name="plis",
    )


def _offre(offre: Donnee) -> rx.Component:
    return rx.el.li(
        rx.el.a(offre["nom"], href=offre["url"].to(str)),
        rx.el.span(offre["texte"], class_name="petit"),
        rx.cond(
            offre["remede"],
            rx.el.a(
                "Voir la correction proposée",
                rx.el.span(" pour ", offre["nom"], class_name="invisible"),
                href=offre["remede"].to(str),
            ),
            rx.fragment(),
        ),
    )


def _peuplement() -> rx.Component:
    vue: Donnee = ExigencesState.vue
    return rx.el.section(
        rx.el.div(rx.el.h2("Peuplement", id="t-peuplement"), class_name="fiche-tete"),
        rx.el.p(fr("Statut de l’indicateur national ; en dessous, les offres complètes."), class_name="petit second"),
        rx.el.ul(rx.foreach(vue.peuplement.to(list[LignePeuplement]), _ligne_peuplement), class_name="liste"),
        class_name="fiche",
        aria_labelledby="t-peuplement",
    )


def _ligne_peuplement(ligne: Donnee) -> rx.Component:
    return rx.el.li(
        rx.el.div(rx.el.h3(ligne["champ"]), rx.el.p(ligne["compte"], class_name="petit second")),
        etat(ligne["etat"].to(str), ligne["sorte"].to(str)),
    )


def _sources() -> rx.Component:
    vue: Donnee = ExigencesState.vue
    return rx.el.section(
        rx.el.div(rx.el.h2("Comparé à", id="t-sources"), class_name="fiche-tete"),
        rx.el.ul(rx.foreach(vue.sources.to(list[str]), lambda source: rx.el.li(source)), class_name="petit"),
        class_name="fiche fiche--lecture",
        aria_labelledby="t-sources",
    )


PAGES = ((parcours.ROUTE_EXIGENCES, exigences_page, ExigencesState.titre_page, ExigencesState.charger),)
