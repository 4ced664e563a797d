"""An établissement: « Dans cet établissement », its figures, what FINESS says, what it declared in the SAE."""

import reflex as rx

from rxror import db
from rxror.ror import parcours
from rxror.ror.parcours import ETAPES, Etape
from rxror.ror.typographie import fr
from rxror.services import consultation
from rxror.services.vues import LigneCapacite, VueEtablissement
from rxror.ui.components.attentes import AttentesMontrees, attentes_view
from rxror.ui.components.coches import ensemble_view
from rxror.ui.components.demande_validation import DemandeDeLObjet, demande_view
from rxror.ui.components.desaccords import Desaccords, faits_finess_view, vers_finess_view
from rxror.ui.components.documents import attestation_lien, imprimer_view
from rxror.ui.components.droits import sans_referent_view
from rxror.ui.components.etats import Donnee, avancement, etat
from rxror.ui.components.historique import historique_view
from rxror.ui.components.listes import (
    brouillon_view,
    creer,
    fermees_view,
    informations_view,
    offres_view,
    structures_view,
)
from rxror.ui.components.recence import recence_view
from rxror.ui.components.sections import Sections, sections_de_la_page
from rxror.ui.identity import acteur
from rxror.ui.layout import page, tete
from rxror.ui.place import ICI, cible, dernier, place

TITRE = parcours.titre(ETAPES[Etape.RETROUVER])


class EtablissementState(AttentesMontrees, DemandeDeLObjet, Desaccords, Sections, rx.State):
    """What the page of an établissement shows."""

    vue: VueEtablissement = VueEtablissement()
    titre_page: str = TITRE
    place: str = ""

    @rx.event
    def charger(self) -> None:
        """Read the établissement of the address."""
        self.reset()
        self._relire()
        self.place = place(self)

    def _relire(self) -> None:
        with db.lecture() as session:
            qui = acteur(self, session)
            self.vue = consultation.etablissement(session, qui, dernier(self))
            self._lire_les_sections(session, qui)
            self._montrer_les_desaccords(session, qui)
            self._montrer_les_attentes(session, qui, cible(self), si=bool(self.url_valider))
            self._montrer_la_demande(session, qui, cible(self))
        self.titre_page = parcours.titre(ETAPES[_etape(self.vue.sanitaire)], self.vue.nom)


def _etape(sanitaire: bool) -> Etape:
    """In médico-social there is no UF: the offers are on this page, which is step 4."""
    return Etape.RETROUVER if sanitaire else Etape.ACCEDER_OFFRE


def etablissement_page() -> rx.Component:
    """The page of an établissement."""
    vue: Donnee = EtablissementState.vue
    return page(
        tete(
            vue.nom,
            rx.el.p(
                etat(vue.etat.mot, vue.etat.sorte),
                rx.cond(vue.brouillons, brouillon_view(vue.brouillons)),
                rx.cond(vue.suite, rx.el.span(vue.suite)),
                vers_finess_view(EtablissementState),
                historique_view(vue.nom),
                attestation_lien(vue.nom),
                imprimer_view(vue.nom),
                rx.cond(
                    vue.url_personnes,
                    rx.el.a("Personnes et droits", href=vue.url_personnes.to(str), class_name="lien"),
                ),
                class_name="meta",
            ),
            surtitre=rx.Var.create("Établissement géographique, FINESS ") + vue.finess,
        ),
        rx.cond(vue.sans_referent, sans_referent_view(vue.url_personnes)),
        attentes_view(EtablissementState),
        demande_view(EtablissementState),
        rx.el.div(
            rx.el.div(_dedans(), _ensemble(), _lieux(), recence_view(vue.recence), class_name="pile--large"),
            rx.el.div(_identification(), rx.cond(_declare(), _reperes()), class_name="cote"),
            class_name="colonnes",
        ),
        sections_de_la_page(EtablissementState, "Ce qui décrit l’établissement"),
        etape=rx.cond(vue.sanitaire, int(Etape.RETROUVER), int(Etape.ACCEDER_OFFRE)),
        avec_uf=vue.sanitaire,
        chemin=vue.chemin,
        pret=EtablissementState.place == ICI,
        presence=True,
    )


def _dedans() -> rx.Component:
    vue: Donnee = EtablissementState.vue
    return rx.el.section(
        rx.el.div(
            rx.el.h2("Dans cet établissement", id="t-dans"),
            rx.cond(vue.url_creer, creer(vue.url_creer, "une offre dans cet établissement")),
            rx.cond(
                vue.url_creer_structure,
                creer(vue.url_creer_structure, vue.structure_a_creer.to(str) + " dans cet établissement"),
            ),
            class_name="fiche-tete",
        ),
        rx.el.p(vue.contenu, class_name="second"),
        rx.cond(vue.total > 0, avancement(vue.a_jour, vue.total, vue.nom)),
        ensemble_view(vue),
        rx.el.p(
            rx.el.a("Exigences nationales", href=vue.url_exigences, class_name="lien"),
            rx.cond(vue.url_journal, rx.el.a("Journal", href=vue.url_journal, class_name="lien")),
            class_name="boutons",
        ),
        rx.cond(vue.structures.length() > 0, structures_view(vue.structures)),
        rx.cond(
            (vue.structures.length() > 0) & (vue.offres.length() > 0),
            rx.el.h3("Offres rattachées directement à l’établissement"),
        ),
        rx.cond(vue.offres.length() > 0, offres_view(vue.offres)),
        fermees_view(vue.fermees),
        rx.cond(
            (vue.structures.length() == 0) & (vue.offres.length() == 0),
            rx.el.p("Rien n’est encore décrit dans cet établissement."),
        ),
        class_name="pile",
        aria_labelledby="t-dans",
    )


def _ensemble() -> rx.Component:
    """The way to the whole tree."""
    vue: Donnee = EtablissementState.vue
    return rx.el.section(
        rx.el.div(rx.el.h2("Tout l’établissement d’un coup d’œil", id="t-arbre"), class_name="fiche-tete"),
        rx.el.p(fr("Chaque offre avec son état : à chercher, à filtrer, à déplier."), class_name="second"),
        rx.el.p(
            rx.el.a("Voir tout l’établissement", href=vue.url_arbre.to(str), class_name="bouton bouton--second"),
            class_name="boutons",
        ),
        class_name="fiche",
        aria_labelledby="t-arbre",
    )


def _lieux() -> rx.Component:
    """The way to the lieux, which are at the end of the tree."""
    vue: Donnee = EtablissementState.vue
    voir = rx.el.a(
        "Voir les lieux",
        rx.el.span(fr(" : "), vue.lieux, class_name="invisible"),
        href=vue.url_arbre.to(str) + "#lieux",
        class_name="bouton bouton--second",
    )
    return rx.el.section(
        rx.el.div(
            rx.el.h2("Lieux", id="t-lieux"),
            rx.cond(vue.url_creer_lieu, creer(vue.url_creer_lieu, "un lieu dans cet établissement")),
            class_name="fiche-tete",
        ),
        rx.cond(
            vue.lieux,
            rx.el.p(
                voir,
                rx.el.a(
                    fr("Capacités du site : lits et places"),
                    href=vue.url_capacites,
                    class_name="bouton bouton--second",
                ),
                rx.el.span(vue.lieux, class_name="second"),
                class_name="boutons",
            ),
            rx.el.p("Aucun lieu n’est encore décrit dans cet établissement.", class_name="second"),
        ),
        class_name="fiche",
        aria_labelledby="t-lieux",
    )


def _identification() -> rx.Component:
    vue: Donnee = EtablissementState.vue
    return rx.el.section(
        rx.el.div(rx.el.h2("Identification (FINESS)", id="t-finess"), class_name="fiche-tete"),
        rx.el.p(fr("Lecture seule : ces faits se corrigent dans FINESS."), class_name="petit second"),
        faits_finess_view(EtablissementState, vue.identification),
        rx.el.p(vue.source, class_name="origine"),
        class_name="fiche fiche--lecture",
        aria_labelledby="t-finess",
    )


def _declare() -> rx.Var:
    reperes: Donnee = EtablissementState.vue.reperes
    return (reperes.capacites.length() > 0) | (reperes.autres.length() > 0)


def _reperes() -> rx.Component:
    reperes: Donnee = EtablissementState.vue.reperes
    return rx.el.section(
        rx.el.details(
            rx.el.summary(rx.el.h2(rx.Var.create("Repères SAE ") + reperes.annee, id="t-sae")),
            rx.el.div(
                rx.el.p(
                    rx.Var.create("Lecture seule\N{NO-BREAK SPACE}: chiffres au 31 décembre ") + reperes.annee,
                    ". Les lits décrits dans rxror se modifient sur chaque lieu.",
                    class_name="petit second",
                ),
                rx.cond(reperes.capacites.length() > 0, _capacites(reperes)),
                rx.cond(reperes.autres.length() > 0, informations_view(reperes.autres)),
                rx.el.p(
                    fr("Source : DREES, Statistique annuelle des établissements de santé "),
                    reperes.annee,
                    " — Licence Ouverte",
                    class_name="origine",
                ),
                class_name="pile",
            ),
            class_name="plis",
        ),
        class_name="fiche fiche--lecture",
        aria_labelledby="t-sae",
    )


def _capacites(reperes: Donnee) -> rx.Component:
    """One line for each activity; where the text is too large for three columns, what a figure is goes beside it."""
    table = rx.el.table(
        rx.el.caption("Lits et places par activité", class_name="invisible"),
        rx.el.thead(
            rx.el.tr(
                rx.el.th("Activité", scope="col"),
                rx.el.th("Lits", scope="col", class_name="droite"),
                rx.el.th("Places", scope="col", class_name="droite"),
            )
        ),
        rx.el.tbody(rx.foreach(reperes.capacites.to(list[LigneCapacite]), _capacite)),
    )
    return rx.el.div(table, class_name="etroit")


def _capacite(ligne: Donnee) -> rx.Component:
    return rx.el.tr(
        rx.el.th(ligne.label, scope="row", class_name="petit second"),
        _nombre("Lits", ligne.lits),
        _nombre("Places", ligne.places),
    )


def _nombre(nom: str, nombre: Donnee) -> rx.Component:
    return rx.el.td(nombre, class_name="droite", custom_attrs={"data-nom": rx.cond(nombre, fr(f"{nom} : "), "")})


PAGES = ((parcours.ROUTE_ETABLISSEMENT, etablissement_page, EtablissementState.titre_page, EtablissementState.charger),)
