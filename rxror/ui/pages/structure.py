"""Step 3, a pôle with « Structure interne du pôle »; step 4, a UF with its offers and « Créer + »."""

import reflex as rx

from rxror import db
from rxror.ror import parcours
from rxror.ror.parcours import ETAPES, Etape
from rxror.services import consultation
from rxror.services.vues import LigneStructure, VueStructure
from rxror.ui.components.attentes import AttentesMontrees, attentes_view
from rxror.ui.components.coches import ensemble_view
from rxror.ui.components.demande_validation import DemandeDeLObjet, demande_view
from rxror.ui.components.documents import attestation_lien
from rxror.ui.components.etats import Donnee, etat
from rxror.ui.components.faits import sections_view
from rxror.ui.components.fermeture import fermeture_view
from rxror.ui.components.historique import historique_view
from rxror.ui.components.listes import brouillon_view, creer, details, fermees_view, offres_view
from rxror.ui.components.sections import Sections, sections_de_la_page
from rxror.ui.identity import acteur
from rxror.ui.layout import page, tete
from rxror.ui.place import ICI, cible, dernier, place

TITRE = parcours.titre(ETAPES[Etape.ACCEDER_UF])


class StructureState(AttentesMontrees, DemandeDeLObjet, Sections, rx.State):
    """What the page of a pôle, a service or a UF shows."""

    vue: VueStructure = VueStructure()
    titre_page: str = TITRE
    place: str = ""

    @rx.event
    def charger(self) -> None:
        """Read the structure of the address."""
        self.reset()
        with db.lecture() as session:
            qui = acteur(self, session)
            self.vue = consultation.structure(session, qui, dernier(self))
            self._lire_les_sections(session, qui)
            self._montrer_les_attentes(session, qui, cible(self), si=bool(self.url_valider))
            self._montrer_la_demande(session, qui, cible(self))
        self.place = place(self)
        etape = Etape.ACCEDER_OFFRE if self.vue.est_uf else Etape.ACCEDER_UF
        self.titre_page = parcours.titre(ETAPES[etape], self.vue.nom, self.vue.etablissement)


def structure_page() -> rx.Component:
    """The page of a structure."""
    vue: Donnee = StructureState.vue
    return page(
        tete(
            vue.nom,
            rx.el.p(
                etat(vue.etat.mot, vue.etat.sorte),
                rx.cond(vue.brouillons, brouillon_view(vue.brouillons)),
                rx.cond(vue.suite, rx.el.span(vue.suite)),
                historique_view(vue.nom),
                attestation_lien(vue.nom),
                class_name="meta",
            ),
            ensemble_view(vue),
            surtitre=vue.type.to(str) + ", " + vue.etablissement.to(str),
        ),
        fermeture_view(StructureState.fermeture),
        attentes_view(StructureState),
        demande_view(StructureState),
        rx.el.div(
            rx.el.div(
                rx.cond(~vue.est_uf | (vue.structures.length() > 0), _interne()),
                rx.cond(vue.est_uf | (vue.offres.length() > 0), _offres()),
                fermees_view(vue.fermees),
                class_name="pile--large",
            ),
            rx.el.div(sections_view(StructureState.principales), class_name="cote pile"),
            class_name="colonnes",
        ),
        sections_de_la_page(StructureState, rx.Var.create("Ce qui décrit ").to(str) + vue.nom.to(str)),
        etape=rx.cond(vue.est_uf, int(Etape.ACCEDER_OFFRE), int(Etape.ACCEDER_UF)),
        chemin=vue.chemin,
        pret=StructureState.place == ICI,
        presence=True,
    )


def _interne() -> rx.Component:
    vue: Donnee = StructureState.vue
    return rx.el.section(
        rx.el.div(
            rx.el.h2(rx.match(vue.type, ("Pôle", "Structure interne du pôle"), "Structure interne"), id="t-interne"),
            rx.cond(
                vue.url_creer_structure,
                creer(vue.url_creer_structure, vue.structure_a_creer.to(str) + " dans", vue.nom),
            ),
            class_name="fiche-tete",
        ),
        rx.cond(
            vue.structures.length() == 0,
            rx.el.p(
                rx.cond(
                    vue.fermees.length() > 0,
                    "Aucune structure ouverte ici.",
                    "Aucune structure n’est encore décrite ici.",
                )
            ),
        ),
        rx.foreach(vue.structures.to(list[LigneStructure]), _uf),
        class_name="pile",
        aria_labelledby="t-interne",
    )


def _uf(uf: Donnee) -> rx.Component:
    """A UF; the one to review first is shown with its offers, one page less."""
    return rx.el.article(
        rx.el.div(
            rx.el.div(
                rx.el.h3(uf.nom, class_name="titre-uf"),
                rx.el.p(
                    etat(uf.etat.mot, uf.etat.sorte),
                    rx.cond(uf.brouillons, brouillon_view(uf.brouillons)),
                    rx.el.span(uf.contenu, ", ", uf.a_jour, " à jour"),
                    class_name="meta",
                ),
            ),
            rx.el.p(
                rx.cond(uf.offres.length() > 0, rx.cond(uf.url_creer, creer(uf.url_creer, "une offre dans", uf.nom))),
                details(uf.url, "de", uf.nom),
                class_name="boutons",
            ),
            class_name="fiche-tete",
        ),
        rx.cond(uf.offres.length() > 0, offres_view(uf.offres, "h4")),
        class_name="fiche",
        aria_label=uf.nom,
    )


def _offres() -> rx.Component:
    vue: Donnee = StructureState.vue
    return rx.el.section(
        rx.el.div(
            rx.el.h2(rx.cond(vue.est_uf, "Offres de cette UF", "Offres rattachées ici"), id="t-offres"),
            rx.cond(vue.url_creer, creer(vue.url_creer, "une offre dans", vue.nom)),
            class_name="fiche-tete",
        ),
        rx.cond(
            vue.offres.length() > 0,
            offres_view(vue.offres),
            rx.el.p(
                rx.cond(vue.fermees.length() > 0, "Aucune offre ouverte ici.", "Aucune offre n’est encore décrite ici.")
            ),
        ),
        class_name="pile",
        aria_labelledby="t-offres",
    )


PAGES = ((parcours.ROUTE_STRUCTURE, structure_page, StructureState.titre_page, StructureState.charger),)
