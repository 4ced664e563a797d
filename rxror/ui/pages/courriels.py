"""« Courriels de la démonstration »: what would have been sent, newest first. The page exists only there."""

import reflex as rx

from rxror import db
from rxror.courriels import boite
from rxror.courriels.boite import CourrielLu, Ligne
from rxror.ror import parcours
from rxror.ror.typographie import fr
from rxror.ui.components.etats import Donnee
from rxror.ui.identity import acteur
from rxror.ui.layout import page, tete

TITRE = "Courriels de la démonstration"


class CourrielsState(rx.State):
    """The last mails."""

    lus: list[CourrielLu] = []
    pret: bool = False

    @rx.event
    def charger(self) -> None:
        """Read them again at each visit; refused outside demonstration."""
        self.reset()
        with db.lecture() as session:
            acteur(self, session)
            self.lus = boite.lire(session)
        self.pret = True


def courriels_page() -> rx.Component:
    """What the demonstration would have sent."""
    lus: Donnee = CourrielsState.lus
    return page(
        tete(TITRE),
        rx.el.p("En démonstration, aucun courriel ne part. Les voici, le plus récent d’abord, avec leurs liens."),
        rx.cond(
            lus.length() > 0,
            rx.foreach(lus.to(list[CourrielLu]), lambda courriel: _courriel(courriel)),
            rx.el.p("Aucun courriel pour l’instant."),
        ),
        etroite=True,
        pile=True,
        pret=CourrielsState.pret,
    )


def _courriel(courriel: Donnee) -> rx.Component:
    return rx.el.article(
        rx.el.h2(courriel.sujet),
        rx.el.p(fr("À : "), courriel.destinataire, ", ", courriel.quand, class_name="petit second"),
        rx.foreach(courriel.lignes.to(list[Ligne]), lambda ligne: _ligne(ligne)),
        class_name="fiche pile",
        key=courriel.rang,
    )


def _ligne(ligne: Donnee) -> rx.Component:
    lien = rx.el.a(ligne.texte, href=ligne.url, reload_document=True, class_name="lien")
    return rx.el.p(rx.cond(ligne.url, lien, ligne.texte))


PAGES = ((parcours.COURRIELS, courriels_page, parcours.titre(TITRE), CourrielsState.charger),)
