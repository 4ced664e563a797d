"""A one-tap correction of an offer: what changes, before and after, then « Appliquer » or « Annuler »."""

from typing import Any
from uuid import uuid4

import reflex as rx

from rxror import db
from rxror.ror import parcours
from rxror.ror.erreurs import Conflit
from rxror.ror.parcours import Etape
from rxror.ror.typographie import fr
from rxror.services import corrections
from rxror.services.changements import Changement
from rxror.services.corrections import DemandeCorrection
from rxror.ui.components.changements import changements_view
from rxror.ui.components.foyer import foyer_view, vers
from rxror.ui.components.geste import NON_PUBLIE, a_change, barre_view, caches, message_view
from rxror.ui.demande import lire_demande
from rxror.ui.identity import acteur
from rxror.ui.layout import page, tete
from rxror.ui.place import ICI, cible, dernier, place

TITRE = parcours.titre("Corriger d’un geste")
CONTEXTE = ("genre", "identifiant", "regle", "vu", "cle")
CHANGE = a_change("Rien n’a été appliqué.", "Relisez, puis appliquez.")


class CorrectionState(rx.State):
    """What the correction of the address would change, as the database had it when the page was shown."""

    place: str = ""
    titre_page: str = TITRE
    nom: str = ""
    chemin: list[parcours.Maillon] = []
    avec_uf: bool = True
    titre: str = ""
    phrase: str = ""
    lignes: list[Changement] = []
    objet: str = ""
    identifiant: str = ""
    regle: str = ""
    vu: str = ""
    cle: str = ""
    retour: str = ""
    message: str = ""
    foyer: str = ""

    @rx.event
    def charger(self) -> None:
        """Read the correction of the address."""
        self.reset()
        self._proposer()

    def _proposer(self) -> None:
        objet, regle = cible(self), dernier(self)
        with db.lecture() as session:
            proposee = corrections.proposer(session, acteur(self, session), objet, regle)
        self.nom, self.avec_uf = proposee.nom, proposee.avec_uf
        self.titre, self.phrase = proposee.titre or "Rien à corriger", proposee.phrase
        self.lignes, self.vu, self.cle = proposee.lignes, proposee.vu, str(uuid4())
        self.objet, self.identifiant, self.regle = objet.genre, objet.identifiant, regle
        self.retour = parcours.url_offre(objet.identifiant)
        self.chemin = parcours.chemin_de(*proposee.chemin, (self.nom, self.retour), ("Corriger", ""))
        self.titre_page = parcours.titre(self.titre, self.nom)
        self.place = place(self)

    @rx.event
    def appliquer(self, saisie: dict[str, Any]) -> Any:
        """Save what one has seen; if anything changed meanwhile, show it again and save nothing."""
        demande = lire_demande(DemandeCorrection, saisie, CONTEXTE)
        try:
            db.rejouable(lambda session: corrections.appliquer(session, acteur(self, session), demande))
        except Conflit:
            self._proposer()
            self.message = CHANGE
            self.foyer = vers("message")
            return None
        return rx.redirect(parcours.url_offre(demande.identifiant))


def correction_page() -> rx.Component:
    """The page of a correction."""
    etat = CorrectionState
    return page(
        tete(etat.titre, surtitre=etat.nom),
        foyer_view(etat.foyer),
        message_view(etat.message),
        rx.cond(etat.lignes.length() > 0, _ce_qui_change(), _rien()),
        etape=int(Etape.MODIFIER),
        avec_uf=etat.avec_uf,
        chemin=etat.chemin,
        etroite=True,
        espacee=True,
        pret=etat.place == ICI,
    )


def _rien() -> rx.Component:
    return rx.fragment(
        rx.el.p(fr("Cette correction n’a plus lieu d’être : l’offre est déjà ainsi, ou ses réponses ont changé.")),
        rx.el.p(rx.el.a("Revenir à l’offre", href=CorrectionState.retour, class_name="bouton"), class_name="boutons"),
    )


def _ce_qui_change() -> rx.Component:
    etat = CorrectionState
    return rx.fragment(
        rx.el.p(etat.phrase),
        rx.el.section(
            rx.el.div(rx.el.h2("Ce qui va changer", id="t-change"), class_name="tableau-tete"),
            changements_view(etat.lignes, "Réponses avant et après la correction"),
            class_name="tableau cartes",
            aria_labelledby="t-change",
        ),
        rx.el.form(
            *caches(genre=etat.objet, identifiant=etat.identifiant, regle=etat.regle, vu=etat.vu, cle=etat.cle),
            barre_view(
                f"Enregistré en brouillon. {NON_PUBLIE}",
                rx.el.a("Annuler", href=etat.retour, class_name="bouton bouton--second"),
                rx.el.button(
                    "Appliquer",
                    rx.el.span(" la correction", class_name="invisible"),
                    type="submit",
                    class_name="bouton",
                ),
            ),
            on_submit=etat.appliquer,
            class_name="barre-seule",
        ),
    )


PAGES = ((parcours.ROUTE_CORRIGER, correction_page, CorrectionState.titre_page, CorrectionState.charger),)
