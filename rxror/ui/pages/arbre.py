"""The whole of an établissement on one screen: its tree, folded or filtered, and its lieux; the address says which."""

from dataclasses import replace
from typing import Any

import reflex as rx
from reflex.event import EventSpec

from rxror import db
from rxror.ror import parcours
from rxror.ror.parcours import Etape
from rxror.ror.typographie import fr
from rxror.services import ensemble, lieux
from rxror.services.ensemble import TITRE
from rxror.services.ensemble_vues import MOTS_MAXIMUM, Choix, Feuille, Noeud, Vue, VueEnsemble
from rxror.services.vues import VueLieux
from rxror.ui.components.etats import Donnee, avancement, etat
from rxror.ui.components.listes import brouillon_view, lieux_view
from rxror.ui.components.parcourir import PRECEDENTE, SUIVANTE, lien_de_page, pages_view, recherche_view
from rxror.ui.demande import filtres, lire_adresse
from rxror.ui.identity import acteur
from rxror.ui.layout import page, tete
from rxror.ui.place import ICI, cible, place

LEGENDE = (
    "À jour : validée depuis moins de dix mois. À revoir : il reste deux mois au plus pour la valider. En retard : "
    "plus de douze mois. Brouillon en cours : une réponse enregistrée ne se lit pas encore, par exemple une date "
    "incomplète. Enregistré, à valider : tout se lit, « Valider » dira s’il manque quelque chose."
)


class ArbreState(rx.State):
    """What the tree shows; `branches` holds what is open, `lieux` what was asked for."""

    vue: VueEnsemble = VueEnsemble()
    branches: dict[str, Noeud] = {}
    lieux: VueLieux = VueLieux()
    mots: str = ""
    titre_page: str = parcours.titre(TITRE)
    place: str = ""

    @rx.event
    def charger(self) -> EventSpec:
        """Read what the address asks for."""
        self.reset()
        voulue, ici = self._voulue(), self.router.url.fragment
        with db.lecture() as session:
            qui, finess = acteur(self, session), cible(self).identifiant
            lue = ensemble.lire(session, qui, finess, voulue, ici)
            if ici == "lieux" or (voulue.q and not voulue.etat and not voulue.mois):
                self.lieux = lieux.lister(session, qui, finess, voulue.q)
        self.vue, self.branches = replace(lue, branches={}), lue.branches
        self.mots, self.place = voulue.q, place(self)
        self.titre_page = parcours.titre(TITRE, lue.nom)
        return rx.set_value("q", voulue.q)

    @rx.event
    def deplier(self, identifiant: str) -> None:
        """Read one branch of the tree, the first time it is opened."""
        cle = str(identifiant)
        if cle not in self.branches:
            with db.lecture() as session:
                ensemble.garder(self.branches, cle, ensemble.branche(session, acteur(self, session), cle))

    @rx.event
    def chercher(self, saisie: dict[str, Any]) -> EventSpec:
        """Look for words, among what the filters keep; the address says it."""
        mots = filtres(saisie, ("q",))["q"][:MOTS_MAXIMUM]
        voulue = self._voulue()
        return rx.redirect(parcours.url_arbre(cible(self).identifiant, **voulue.avec(q=mots.strip(), deplie="")))

    @rx.event
    def ouvrir_lieux(self, identifiant: str) -> None:
        """Read the lieux of an établissement, those of the search when there is one."""
        with db.lecture() as session:
            self.lieux = lieux.lister(session, acteur(self, session), str(identifiant), self._voulue().q)

    def _voulue(self) -> Vue:
        return lire_adresse(Vue, dict(self.router.url.query_parameters))


def arbre_page() -> rx.Component:
    """The tree of an établissement."""
    vue: Donnee = ArbreState.vue
    return page(
        tete(TITRE, rx.cond(vue.total > 0, avancement(vue.a_jour, vue.total, vue.nom)), surtitre=vue.nom),
        recherche_view(
            "Chercher une offre, une structure ou un lieu",
            "Un ou plusieurs mots du nom, ou le numéro de l’offre.",
            ArbreState.mots,
            MOTS_MAXIMUM,
            ArbreState.chercher,
        ),
        _filtres(),
        _arbre(),
        rx.cond(vue.pages > 1, _pages()),
        rx.cond(
            vue.url_relecture & (vue.noeuds.length() > 0),
            rx.el.p(
                rx.el.a("Relire ces offres", href=vue.url_relecture.to(str), class_name="bouton bouton--second"),
                class_name="boutons",
            ),
        ),
        _lieux(),
        rx.el.details(
            rx.el.summary("Ce que veut dire chaque état"),
            rx.el.p(fr(LEGENDE), class_name="petit"),
            class_name="plis",
        ),
        etape=int(Etape.RETROUVER),
        avec_uf=vue.sanitaire,
        chemin=vue.chemin,
        pile=True,
        pret=ArbreState.place == ICI,
    )


def _filtres() -> rx.Component:
    """One link for each state: what it would keep is its address."""
    vue: Donnee = ArbreState.vue
    return rx.el.nav(
        rx.el.ul(rx.foreach(vue.etats.to(list[Choix]), _etat), class_name="filtres"),
        rx.cond(
            vue.rappel.length() > 0,
            rx.el.ul(rx.foreach(vue.rappel.to(list[Choix]), _rappel), class_name="filtres"),
        ),
        rx.cond(vue.partiel, rx.el.p(vue.partiel, class_name="petit second")),
        aria_label="Montrer",
        class_name="pile",
    )


def _etat(choix: Donnee) -> rx.Component:
    return rx.el.li(
        rx.el.a(
            rx.el.span(choix["nom"]),
            href=choix["url"].to(str),
            custom_attrs={"aria-current": rx.cond(choix["choisi"], "true", "false")},
            class_name="filtre",
        )
    )


def _rappel(filtre: Donnee) -> rx.Component:
    return rx.el.li(
        rx.el.span(filtre["nom"], class_name="second"),
        rx.el.a(
            "Retirer",
            rx.el.span(fr(" le filtre : "), filtre["nom"], class_name="invisible"),
            href=filtre["url"].to(str),
            class_name="lien",
        ),
        class_name="boutons",
    )


def _arbre() -> rx.Component:
    vue: Donnee = ArbreState.vue
    deplier = rx.cond(
        vue.filtree,
        rx.el.a("Tout voir", href=vue.url, class_name="lien"),
        rx.cond(
            vue.liste,
            rx.el.a("Tout replier", href=vue.url, class_name="lien"),
            rx.el.a("Tout déplier", href=vue.url_deplier, class_name="lien"),
        ),
    )
    return rx.el.section(
        rx.el.div(
            rx.el.h2("Offres", id="t-arbre"),
            rx.cond((vue.noeuds.length() > 0) | vue.filtree, deplier),
            class_name="fiche-tete",
        ),
        rx.el.p(vue.resume, class_name="second petit", role="status"),
        rx.el.ul(
            rx.foreach(vue.noeuds.to(list[Noeud]), _tete),
            class_name="arbre",
            custom_attrs={"data-arbre": rx.cond(vue.liste, "liste", "replie")},
        ),
        class_name="fiche",
        aria_labelledby="t-arbre",
    )


def _tete(tete: Donnee) -> rx.Component:
    """A node at the top: what hangs from it is read when it is opened."""
    branches: Donnee = ArbreState.branches
    ouverte = branches.contains(tete.identifiant)
    dedans: Donnee = branches[tete.identifiant].to(Noeud)
    return rx.el.li(
        rx.el.details(
            rx.el.summary(rx.el.strong(tete.nom), _compte(tete), on_click=ArbreState.deplier(tete.identifiant)),
            rx.cond(
                ouverte,
                _contenu(dedans, _second),
                rx.el.p("Chargement…", role="status", class_name="second petit"),
            ),
            open=ouverte,
            id=tete.identifiant,
            class_name="noeud",
        ),
        key=tete.identifiant,
    )


def _second(second: Donnee) -> rx.Component:
    return _sous(second, _contenu(second, _troisieme))


def _troisieme(troisieme: Donnee) -> rx.Component:
    return _sous(troisieme, _contenu(troisieme, None))


def _sous(noeud: Donnee, contenu: rx.Component) -> rx.Component:
    return rx.el.li(
        rx.el.details(
            rx.el.summary(rx.el.span(noeud.nom), _compte(noeud)),
            contenu,
            open=noeud.ouvert,
            id=noeud.identifiant,
            class_name="noeud",
        ),
        key=noeud.identifiant,
    )


def _compte(noeud: Donnee) -> rx.Component:
    return rx.el.span(
        rx.cond(noeud.alerte, etat(noeud.alerte, "retard")), rx.el.span(noeud.avancement), class_name="compte"
    )


def _contenu(noeud: Donnee, enfant: Any) -> rx.Component:
    """The structures of a node, its offers, and the way to its own page."""
    vide = (noeud.offres.length() == 0) & (noeud.enfants.length() == 0)
    enfants = [] if enfant is None else [rx.foreach(noeud.enfants.to(list[Noeud]), enfant)]
    return rx.fragment(
        rx.el.ul(rx.foreach(noeud.offres.to(list[Feuille]), _feuille), *enfants),
        rx.cond(vide, rx.el.p("Aucune offre.", class_name="second petit")),
        rx.cond(noeud.suite, rx.el.p(rx.el.a(noeud.suite, href=noeud.url_suite.to(str), class_name="lien"))),
        rx.cond(
            noeud.url & ~ArbreState.vue.liste,
            rx.el.p(
                rx.el.a(
                    "Ouvrir sa page",
                    rx.el.span(fr(" : "), noeud.nom, class_name="invisible"),
                    href=noeud.url.to(str),
                    class_name="lien",
                )
            ),
        ),
    )


def _feuille(offre: Donnee) -> rx.Component:
    return rx.el.li(
        rx.el.a(offre["nom"], href=offre["url"].to(str)),
        rx.el.p(
            rx.cond(offre["brouillon"], brouillon_view(offre["brouillon"].to(str))),
            etat(offre["mot"].to(str), offre["sorte"].to(str)),
            rx.cond(offre["precision"], rx.el.span(offre["precision"])),
            rx.cond(offre["lecture"], rx.el.span("en lecture")),
            class_name="meta",
        ),
        class_name="feuille",
        id=offre["ancre"].to(str),
        key=offre["ancre"].to(str),
    )


def _pages() -> rx.Component:
    vue: Donnee = ArbreState.vue
    return pages_view(
        vue.page,
        vue.pages,
        lien_de_page(PRECEDENTE, vue.url_avant.to(str)),
        lien_de_page(SUIVANTE, vue.url_apres.to(str)),
    )


def _lieux() -> rx.Component:
    vue: Donnee = ArbreState.vue
    trouves: Donnee = ArbreState.lieux
    return rx.cond(
        vue.lieux,
        rx.el.section(
            rx.el.h2("Lieux", id="t-lieux"),
            rx.el.details(
                rx.el.summary(vue.lieux, on_click=ArbreState.ouvrir_lieux(vue.finess)),
                rx.el.div(
                    rx.el.p(rx.cond(trouves.resume, trouves.resume, "Chargement…"), class_name="petit second"),
                    rx.cond(trouves.lignes.length() > 0, lieux_view(trouves.lignes)),
                    class_name="pile",
                ),
                open=trouves.resume != "",
                class_name="plis",
            ),
            id="lieux",
            class_name="fiche",
            aria_labelledby="t-lieux",
        ),
    )


PAGES = ((parcours.ROUTE_ARBRE, arbre_page, ArbreState.titre_page, ArbreState.charger),)
