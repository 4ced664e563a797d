"""A later version of the modèle de saisie of the object on the page: what it changes, and the gesture to take it."""

from typing import Any
from uuid import uuid4

import reflex as rx

from rxror import db
from rxror.ror.typographie import fr
from rxror.services.version_modele import DemandeVersion, Evolution, prendre
from rxror.ui.demande import lire_demande
from rxror.ui.identity import acteur


class EvolutionDuModele(rx.State, mixin=True):
    """What the page of an offer or of a lieu says of it; its own `charger` reads it again."""

    modele_titre: str = ""
    modele_reference: str = ""
    modele_actuel: str = ""
    modele_changements: list[str] = []
    modele_cle: str = ""

    def _montrer_l_evolution(self, evolution: Evolution | None) -> None:
        if evolution:
            self.modele_titre, self.modele_reference = evolution.titre, evolution.reference
            self.modele_actuel, self.modele_changements = evolution.actuelle, evolution.changements
            self.modele_cle = str(uuid4())

    @rx.event
    def prendre_modele(self, genre: str, identifiant: str, reference: str, cle: str) -> Any:
        """Take the version that the page shows, then read the page again."""
        saisie = {"genre": genre, "identifiant": identifiant, "reference": reference, "cle": cle}
        demande = lire_demande(DemandeVersion, saisie, saisie)
        db.rejouable(lambda session: prendre(session, acteur(self, session), demande))
        return type(self).charger  # type: ignore[attr-defined]  # each page has its own


def evolution_view(etat: Any, genre: str, identifiant: rx.Var) -> rx.Component:
    """The news, what changes for this very object, and the button."""
    return rx.cond(
        etat.modele_titre,
        rx.el.section(
            rx.el.h2(etat.modele_titre, id="t-modele"),
            rx.el.p(fr("Modèle de saisie actuel : "), etat.modele_actuel, "."),
            rx.cond(
                etat.modele_changements.length() > 0,
                rx.el.ul(rx.foreach(etat.modele_changements, lambda ligne: rx.el.li(ligne)), class_name="puces"),
                rx.el.p("Elle ne change rien à ce qui est demandé ici."),
            ),
            rx.el.p(
                rx.el.button(
                    rx.Var.create("Prendre ").to(str) + etat.modele_reference,
                    type="button",
                    on_click=etat.prendre_modele(genre, identifiant, etat.modele_reference, etat.modele_cle),
                    class_name="bouton bouton--second",
                ),
                class_name="boutons",
            ),
            class_name="panneau panneau--alerte",
            aria_labelledby="t-modele",
        ),
        rx.fragment(),
    )
