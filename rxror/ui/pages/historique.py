"""Who did what to an object, and when: the last gestures first, filtered by the address, fifty lines a page."""

from typing import Any

import reflex as rx

from rxror import db
from rxror.ror import parcours
from rxror.ror.parcours import Etape
from rxror.ror.typographie import fr
from rxror.services import historique
from rxror.services.historique import GESTES, Choix, Entree, Vue
from rxror.ui.components.changements import changements_view
from rxror.ui.components.parcourir import (
    filtre_liste,
    filtres_view,
    option_view,
    plus_anciens,
    revenir_aux_derniers,
)
from rxror.ui.demande import filtres, lire_adresse
from rxror.ui.identity import acteur
from rxror.ui.layout import page, tete
from rxror.ui.place import ICI, cible, place

TITRE = "Historique"
FILTRES = ("section", "geste", "qui")


class HistoriqueState(rx.State):
    """One page of the history of the object of the address."""

    place: str = ""
    titre_page: str = parcours.titre(TITRE)
    nom: str = ""
    chemin: list[parcours.Maillon] = []
    retour: str = ""
    avec_uf: bool = True
    entrees: list[Entree] = []
    sections: list[Choix] = []
    personnes: list[Choix] = []
    lieux_lies: list[parcours.Maillon] = []
    choix: dict[str, str] = {}
    filtre: bool = False
    ailleurs: bool = False
    tout: str = ""
    plus_anciennes: str = ""
    debut: str = ""
    comparer: str = ""

    @rx.event
    def charger(self) -> None:
        """Read the page of the history that the address asks for."""
        self.reset()
        voulue = lire_adresse(Vue, dict(self.router.url.query_parameters))
        with db.lecture() as session:
            lu = historique.lire(session, acteur(self, session), cible(self), voulue)
        self.nom, self.retour, self.avec_uf = lu.nom, lu.retour, lu.avec_uf
        self.chemin = parcours.chemin_de(*lu.chemin, (TITRE, ""))
        self.entrees, self.sections, self.personnes, self.lieux_lies = lu.entrees, lu.sections, lu.personnes, lu.lieux
        self.choix = {nom: getattr(voulue, nom) for nom in FILTRES}
        self.filtre = any(self.choix.values())
        self.ailleurs = bool(voulue.avant or voulue.ligne)
        self.plus_anciennes, self.debut, self.comparer = lu.plus_anciennes, lu.debut, lu.comparer
        self.tout = voulue.adresse(place(self), avant=0, ligne=0)
        self.titre_page = parcours.titre(TITRE, lu.nom)
        self.place = place(self)

    @rx.event
    def filtrer(self, saisie: dict[str, Any]) -> Any:
        """Show what was chosen only; the address says it."""
        voulue = lire_adresse(Vue, filtres(saisie, FILTRES))
        objet = cible(self)
        return rx.redirect(voulue.adresse(parcours.url_historique(objet.genre, objet.identifiant)))


def historique_page() -> rx.Component:
    """The history of one object."""
    etat = HistoriqueState
    return page(
        tete(TITRE, surtitre=etat.nom),
        rx.el.p(
            rx.cond(etat.comparer, rx.el.a("Comparer deux versions", href=etat.comparer, class_name="lien")),
            rx.el.a("Revenir à la page", href=etat.retour, class_name="lien"),
            class_name="boutons",
        ),
        rx.cond(etat.lieux_lies.length() > 0, _des_lieux()),
        _filtres(),
        rx.cond(etat.ailleurs, revenir_aux_derniers(etat.tout)),
        rx.el.h2("Gestes, du plus récent au plus ancien", class_name="invisible"),
        rx.cond(
            etat.entrees.length() > 0,
            rx.el.ol(rx.foreach(etat.entrees, _entree), class_name="liste liste--gestes"),
        ),
        rx.cond(etat.debut, rx.el.p(etat.debut, class_name="petit second", role="status")),
        plus_anciens(etat.plus_anciennes),
        etape=int(Etape.MODIFIER),
        avec_uf=etat.avec_uf,
        chemin=etat.chemin,
        pile=True,
        pret=etat.place == ICI,
    )


def _des_lieux() -> rx.Component:
    return rx.el.details(
        rx.el.summary("Historique des lieux de cette offre"),
        rx.el.ul(
            rx.foreach(
                HistoriqueState.lieux_lies,
                lambda m: rx.el.li(rx.el.a(m["nom"], href=m["url"].to(str), class_name="lien")),
            )
        ),
        class_name="plis",
    )


def _filtres() -> rx.Component:
    etat = HistoriqueState
    gestes = [rx.el.option(nom, value=cle) for cle, (nom, _) in GESTES.items()]
    return filtres_view(
        etat,
        filtre_liste(etat, "section", "Section", "Toutes les sections", rx.foreach(etat.sections, option_view)),
        filtre_liste(etat, "geste", "Gestes", "Tous les gestes", *gestes),
        filtre_liste(etat, "qui", "Par", "Tout le monde", rx.foreach(etat.personnes, option_view)),
    )


def _entree(entree: rx.Var) -> rx.Component:
    changements = entree["changements"].to(list[dict[str, Any]])
    return rx.el.li(
        rx.el.div(
            rx.el.h3(entree["qui"], " ", entree["phrase"]),
            rx.el.p(
                rx.el.span(entree["quand"]),
                rx.cond(entree["version"], rx.el.span("version ", entree["version"])),
                class_name="meta",
            ),
            rx.cond(entree["detail"], rx.el.p(entree["detail"], class_name="petit")),
            rx.cond(changements.length() > 0, _valeurs(entree, changements)),
            _liens(entree),
        ),
        id=entree["ancre"].to(str),
        key=entree["ancre"].to(str),
    )


def _valeurs(entree: rx.Var, changements: rx.Var) -> rx.Component:
    n = changements.length()
    etapes = entree["etapes"].to(list[str])
    return rx.el.details(
        rx.el.summary(
            "Voir ",
            n,
            rx.cond(n > 1, " changements", " changement"),
            rx.el.span(fr(" : "), entree["qui"], " ", entree["phrase"], ", ", entree["quand"], class_name="invisible"),
        ),
        rx.el.div(changements_view(changements, "Valeurs avant et après ce geste"), class_name="tableau cartes"),
        rx.cond(
            etapes.length() > 0,
            rx.fragment(
                rx.el.p(fr("Un par un :"), class_name="petit second"),
                rx.el.ul(rx.foreach(etapes, lambda e: rx.el.li(e, class_name="petit"))),
            ),
        ),
        open=entree["ouverte"].to(bool),
        class_name="plis",
    )


def _liens(entree: rx.Var) -> rx.Component:
    dit = rx.el.span(", ", entree["quand"], class_name="invisible")
    version = rx.el.span(" ", entree["version"], class_name="invisible")
    return rx.el.p(
        rx.cond(
            entree["reprendre"],
            rx.el.a("Reprendre cette version…", version, href=entree["reprendre"].to(str), class_name="lien"),
        ),
        rx.cond(
            entree["comparer"],
            rx.el.a("Comparer", version, href=entree["comparer"].to(str), class_name="lien"),
        ),
        rx.el.a("Lien vers ce geste", dit, href=entree["lien"].to(str), class_name="lien"),
        class_name="boutons petit",
    )


PAGES = tuple(
    (f"{route}/{parcours.HISTORIQUE}", historique_page, HistoriqueState.titre_page, HistoriqueState.charger)
    for route in parcours.ROUTES_OBJETS
)
