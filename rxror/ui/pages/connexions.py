"""« Mes connexions »: where one is signed in, and the buttons that end what one does not recognise."""

from typing import Any, TypedDict
from uuid import uuid4

import reflex as rx

from rxror import db
from rxror.ror import parcours
from rxror.ror.dates import moment
from rxror.ror.erreurs import Conflit
from rxror.ror.typographie import fr
from rxror.services import connexions
from rxror.services.connexions import Connexion, Terminer, TerminerLesAutres
from rxror.settings import settings
from rxror.ui.components.etats import Donnee
from rxror.ui.components.foyer import foyer_view, vers
from rxror.ui.components.geste import caches, identifiant
from rxror.ui.demande import lire_demande
from rxror.ui.identity import acteur, deconnexion_view
from rxror.ui.layout import page, tete

TITRE = "Mes connexions"
DEJA = fr("Cette connexion était déjà terminée.")
CHANGE = fr("Vos connexions ont changé depuis l’ouverture de cette page : rien n’est terminé. Relisez la liste.")


class Ligne(TypedDict):
    """One open session, in words."""

    repere: str
    cle: str
    appareil: str
    quand: str
    ici: bool


class ConnexionsState(rx.State):
    """The open sessions of the person, as the database had them."""

    lignes: list[Ligne] = []
    autres: int = 0
    vu: str = ""
    cle: str = ""
    message: str = ""
    fait: bool = False
    foyer: str = ""
    pret: bool = False

    @rx.event
    def charger(self) -> None:
        """Read them again at each visit."""
        self.reset()
        self._lire()

    @rx.event
    def terminer(self, saisie: dict[str, Any]) -> None:
        """End one; the list is then read again."""
        demande = lire_demande(Terminer, saisie, ("repere", "cle"))
        nom = db.rejouable(lambda session: connexions.terminer(session, acteur(self, session), demande))
        self._dire(fr(f"C’est fait : la connexion « {nom} » est terminée.") if nom else DEJA, fait=True)

    @rx.event
    def terminer_les_autres(self, saisie: dict[str, Any]) -> None:
        """End all the others that the page showed."""
        demande = lire_demande(TerminerLesAutres, saisie, ("vu", "cle"))
        try:
            n = db.rejouable(lambda session: connexions.terminer_les_autres(session, acteur(self, session), demande))
        except Conflit:
            self._dire(CHANGE, fait=False)
        else:
            combien = "une connexion est terminée" if n == 1 else f"{n} connexions sont terminées"
            self._dire(fr(f"C’est fait : {combien}.") if n else DEJA, fait=True)

    def _dire(self, message: str, *, fait: bool) -> None:
        self._lire()
        self.message, self.fait, self.foyer = message, fait, vers("message")

    def _lire(self) -> None:
        with db.lecture() as session:
            vues = connexions.lire(session, acteur(self, session))
        self.lignes = [_ligne(c) for c in vues.connexions]
        self.autres, self.vu, self.cle, self.pret = vues.autres, vues.vu, str(uuid4()), True


def _ligne(c: Connexion) -> Ligne:
    quand = f"Ouverte {moment(c.debut)}, dernière activité {moment(c.vue)}."
    return Ligne(repere=c.repere, cle=str(uuid4()), appareil=c.appareil, quand=fr(quand), ici=c.ici)


def connexions_page() -> rx.Component:
    """The list, the present session first."""
    etat = ConnexionsState
    lignes: Donnee = etat.lignes
    minutes, heures = settings().session_inactive_minutes, settings().session_absolue_heures
    return page(
        tete(
            TITRE,
            rx.el.p(
                fr(
                    "Les navigateurs où vous êtes identifié en ce moment. Vous n’en reconnaissez pas un ? "
                    "Terminez-le : il ne peut plus rien lire ni enregistrer."
                ),
                class_name="intro",
            ),
        ),
        foyer_view(etat.foyer),
        rx.el.div(
            rx.cond(
                etat.message,
                rx.el.div(
                    rx.el.h2(etat.message),
                    class_name=rx.cond(etat.fait, "panneau panneau--reussite", "panneau panneau--alerte"),
                ),
            ),
            role="status",
            id=identifiant("message"),
            tab_index=-1,
        ),
        rx.el.ul(rx.foreach(lignes, lambda ligne: _une(ligne)), class_name="liste", aria_label="Connexions ouvertes"),
        rx.cond(etat.autres > 0, _les_autres()),
        rx.el.p(
            fr(
                f"Une connexion se termine d’elle-même après {minutes} minutes sans rien faire, et au plus "
                f"{heures} heures après son ouverture. Ce que vous avez enregistré est gardé."
            ),
            class_name="petit second",
        ),
        etroite=True,
        pile=True,
        pret=etat.pret,
    )


def _une(ligne: Donnee) -> rx.Component:
    autre = rx.el.form(
        *caches(repere=ligne.repere, cle=ligne.cle),
        rx.el.button(
            "Terminer",
            rx.el.span(" la connexion ", ligne.appareil, class_name="invisible"),
            type="submit",
            class_name="bouton bouton--second bouton--compact",
        ),
        on_submit=ConnexionsState.terminer,
    )
    return rx.el.li(
        rx.el.div(
            rx.el.p(rx.el.strong(ligne.appareil), rx.cond(ligne.ici, " (cette connexion)", "")),
            rx.el.p(ligne.quand, class_name="petit second"),
        ),
        rx.cond(ligne.ici, deconnexion_view(), autre),
        key=ligne.repere,
    )


def _les_autres() -> rx.Component:
    etat = ConnexionsState
    return rx.el.form(
        *caches(vu=etat.vu, cle=etat.cle),
        rx.el.p(
            rx.el.button("Terminer toutes les autres connexions", type="submit", class_name="bouton"),
            class_name="boutons",
        ),
        on_submit=etat.terminer_les_autres,
    )


PAGES = ((parcours.CONNEXIONS, connexions_page, parcours.titre(TITRE), ConnexionsState.charger),)
