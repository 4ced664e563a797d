"""An établissement: « Dans cet établissement », the whole tree, what FINESS says, what it declared in the SAE."""

from typing import Any

import reflex as rx

from rxror import db
from rxror.ror import parcours
from rxror.ror.erreurs import SaisieInvalide
from rxror.ror.parcours import ETAPES, Etape
from rxror.ror.typographie import fr
from rxror.services import consultation, lieux
from rxror.services.vues import LigneCapacite, LigneStructure, VueEtablissement, VueLieux
from rxror.ui.components.attentes import AttentesMontrees, attentes_view
from rxror.ui.components.demande_validation import DemandeDeLObjet, demande_view
from rxror.ui.components.droits import sans_referent_view
from rxror.ui.components.etats import Donnee, avancement, etat
from rxror.ui.components.historique import historique_view
from rxror.ui.components.listes import (
    arbre_offres_view,
    brouillon_view,
    creer,
    fermees_view,
    informations_view,
    lieux_view,
    offres_view,
    structures_view,
)
from rxror.ui.components.sections import Sections, sections_de_la_page
from rxror.ui.identity import acteur
from rxror.ui.layout import page, tete
from rxror.ui.place import ICI, cible, dernier, place

TITRE = parcours.titre(ETAPES[Etape.RETROUVER])


class EtablissementState(AttentesMontrees, DemandeDeLObjet, Sections, rx.State):
    """What the page of an établissement shows; `branches` and `lieux` hold what was opened."""

    vue: VueEtablissement = VueEtablissement()
    branches: dict[str, list[LigneStructure]] = {}
    lieux: VueLieux = VueLieux()
    titre_page: str = TITRE
    place: str = ""

    @rx.event
    def charger(self) -> None:
        """Read the établissement of the address."""
        self.reset()
        with db.lecture() as session:
            qui = acteur(self, session)
            self.vue = consultation.etablissement(session, qui, dernier(self))
            self._lire_les_sections(session, qui)
            self._montrer_les_attentes(session, qui, cible(self), si=bool(self.url_valider))
            self._montrer_la_demande(session, qui, cible(self))
        self.branches, self.lieux, self.place = {}, VueLieux(), place(self)
        self.titre_page = parcours.titre(ETAPES[_etape(self.vue.sanitaire)], self.vue.nom)

    @rx.event
    def deplier(self, identifiant: str) -> None:
        """Read one branch of the tree, the first time it is opened."""
        cle = str(identifiant)
        if cle not in self.branches:
            with db.lecture() as session:
                self.branches[cle] = consultation.contenu_structure(session, acteur(self, session), cle)

    @rx.event
    def ouvrir_lieux(self) -> None:
        """Read the lieux, the first time their list is opened."""
        if not self.lieux.resume:
            self._lister("")

    @rx.event
    def chercher_lieux(self, saisie: dict[str, Any]) -> None:
        """Keep the lieux whose name or function holds the words."""
        texte = saisie.get("q") if isinstance(saisie, dict) else None
        if not isinstance(texte, str):
            raise SaisieInvalide("chercher_lieux")
        self._lister(texte[:80])

    def _lister(self, texte: str) -> None:
        with db.lecture() as session:
            self.lieux = lieux.lister(session, acteur(self, session), dernier(self), texte)


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
                historique_view(vue.nom),
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
            rx.el.div(_dedans(), rx.cond(vue.structures.length() > 0, _arbre()), _lieux(), class_name="pile--large"),
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


def _arbre() -> rx.Component:
    vue: Donnee = EtablissementState.vue
    return rx.el.section(
        rx.el.div(rx.el.h2("Tout l’établissement d’un coup d’œil", id="t-arbre"), class_name="fiche-tete"),
        rx.el.ul(rx.foreach(vue.structures.to(list[LigneStructure]), _branche), class_name="arbre"),
        class_name="fiche",
        aria_labelledby="t-arbre",
    )


def _branche(structure: Donnee) -> rx.Component:
    branches: Donnee = EtablissementState.branches
    return rx.el.li(
        rx.el.details(
            rx.el.summary(
                rx.el.strong(structure.nom),
                rx.el.span(_a_jour(structure)),
                on_click=EtablissementState.deplier(structure.identifiant),
            ),
            rx.cond(
                branches.contains(structure.identifiant),
                rx.el.ul(rx.foreach(branches[structure.identifiant].to(list[LigneStructure]), _noeud)),
                rx.el.p("Chargement…", role="status", class_name="second petit"),
            ),
            class_name="noeud",
        )
    )


def _noeud(uf: Donnee) -> rx.Component:
    return rx.el.li(
        rx.el.details(
            rx.el.summary(rx.el.span(uf.nom), rx.el.span(_a_jour(uf))),
            rx.cond(
                uf.offres.length() > 0,
                arbre_offres_view(uf.offres),
                rx.el.p("Aucune offre.", class_name="second petit"),
            ),
            class_name="noeud",
        )
    )


def _a_jour(ligne: Donnee) -> rx.Var:
    phrase = ligne.a_jour.to_string() + " sur " + ligne.total.to_string() + " à jour"
    return rx.cond(ligne.total > 0, phrase, "")  # type: ignore[return-value]


def _lieux() -> rx.Component:
    vue: Donnee = EtablissementState.vue
    trouves: Donnee = EtablissementState.lieux
    recherche = rx.el.form(
        rx.el.div(
            rx.el.label("Chercher un lieu par son nom ou sa fonction", html_for="q-lieux"),
            rx.el.input(id="q-lieux", name="q", type="search", auto_complete="off", class_name="saisie"),
            class_name="champ",
        ),
        rx.el.button("Chercher", type="submit", class_name="bouton bouton--second"),
        on_submit=EtablissementState.chercher_lieux,
        class_name="recherche",
        role="search",
    )
    liste = rx.el.details(
        rx.el.summary(vue.lieux, on_click=EtablissementState.ouvrir_lieux),
        rx.el.div(
            recherche,
            rx.el.p(rx.cond(trouves.resume, trouves.resume, "Chargement…"), role="status", class_name="petit second"),
            rx.cond(trouves.lignes.length() > 0, lieux_view(trouves.lignes)),
            class_name="pile",
        ),
        class_name="plis",
    )
    return rx.el.section(
        rx.el.div(
            rx.el.h2("Lieux", id="t-lieux"),
            rx.cond(vue.url_creer_lieu, creer(vue.url_creer_lieu, "un lieu dans cet établissement")),
            class_name="fiche-tete",
        ),
        rx.cond(
            vue.lieux,
            rx.el.p(rx.el.a(fr("Capacités du site : lits et places"), href=vue.url_capacites, class_name="lien")),
        ),
        rx.cond(
            vue.lieux, liste, rx.el.p("Aucun lieu n’est encore décrit dans cet établissement.", class_name="second")
        ),
        class_name="fiche",
        aria_labelledby="t-lieux",
    )


def _identification() -> rx.Component:
    vue: Donnee = EtablissementState.vue
    return rx.el.section(
        rx.el.div(rx.el.h2("Identification (FINESS)", id="t-finess"), class_name="fiche-tete"),
        rx.el.p(fr("Lecture seule : ces faits se corrigent dans FINESS."), class_name="petit second"),
        informations_view(vue.identification),
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
    return rx.el.table(
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


def _capacite(ligne: Donnee) -> rx.Component:
    return rx.el.tr(
        rx.el.th(ligne.label, scope="row", class_name="petit second"),
        rx.el.td(ligne.lits, class_name="droite"),
        rx.el.td(ligne.places, class_name="droite"),
    )


PAGES = ((parcours.ROUTE_ETABLISSEMENT, etablissement_page, EtablissementState.titre_page, EtablissementState.charger),)
