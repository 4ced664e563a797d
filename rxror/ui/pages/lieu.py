"""The page of a lieu: the offers it serves, then its sections, « Modifier » on each."""

import reflex as rx

from rxror import db
from rxror.ror import parcours
from rxror.ror.objets import LieuRealisationOffre
from rxror.ror.parcours import ETAPES, Etape
from rxror.ror.typographie import fr
from rxror.services import fermetures_prevues, fiche
from rxror.services.fermetures_prevues import Prevue
from rxror.services.fiche import OffreServie, SectionLue
from rxror.ui.components.attentes import AttentesMontrees, attentes_view
from rxror.ui.components.demande_validation import DemandeDeLObjet, demande_view
from rxror.ui.components.etats import etat
from rxror.ui.components.faits import sections_view
from rxror.ui.components.fermetures_prevues import prevues_view
from rxror.ui.components.historique import historique_view
from rxror.ui.components.modele import EvolutionDuModele, evolution_view
from rxror.ui.identity import acteur
from rxror.ui.layout import page, tete
from rxror.ui.place import ICI, cible, offre_de_depart, place

TITRE = parcours.titre(ETAPES[Etape.MODIFIER])


class LieuState(AttentesMontrees, DemandeDeLObjet, EvolutionDuModele, rx.State):
    """What the page of a lieu shows."""

    place: str = ""
    titre_page: str = TITRE
    nom: str = ""
    surtitre: str = ""
    chemin: list[parcours.Maillon] = []
    etat: str = ""
    sorte: str = ""
    quand: str = ""
    brouillon: str = ""
    avec_uf: bool = True
    demonstration: bool = False
    sections: list[SectionLue] = []
    sert: list[OffreServie] = []
    url_suite: str = ""
    url_separer: str = ""
    identifiant: str = ""
    prevues: list[Prevue] = []

    @rx.event
    def charger(self) -> None:
        """Read the lieu of the address; what was there before does not outlive a refusal."""
        self.reset()
        with db.lecture() as session:
            qui, objet = acteur(self, session), cible(self)
            lue = fiche.lire_lieu(session, qui, objet, offre_de_depart(self))
            self._montrer_les_attentes(session, qui, objet, si=lue.modifiable)
            self.prevues = fermetures_prevues.du_lieu(session, qui, objet)
            self._montrer_la_demande(session, qui, cible(self))
        self.nom, self.surtitre, self.chemin = lue.nom, lue.surtitre, lue.chemin
        self.etat, self.sorte, self.quand, self.brouillon = lue.etat, lue.sorte, lue.quand, lue.brouillon
        self.avec_uf = lue.avec_uf
        self.demonstration, self.sections, self.sert = lue.demonstration, lue.sections, lue.sert
        self.url_suite, self.identifiant = lue.url_suite, cible(self).identifiant
        self.url_separer = lue.url_separer
        self._montrer_l_evolution(lue.evolution)
        self.titre_page = parcours.titre(ETAPES[Etape.MODIFIER], f"Lieu {lue.nom}", lue.etablissement)
        self.place = place(self)


def lieu_page() -> rx.Component:
    """The page of a lieu."""
    etat_ = LieuState
    return page(
        tete(
            etat_.nom,
            rx.el.p(
                etat(etat_.etat, etat_.sorte),
                rx.cond(etat_.brouillon, etat("Enregistré, à valider", "brouillon")),
                rx.cond(etat_.quand, rx.el.span(etat_.quand)),
                historique_view(etat_.nom),
                class_name="meta",
            ),
            surtitre=etat_.surtitre,
        ),
        attentes_view(etat_),
        demande_view(etat_),
        _sert(),
        evolution_view(etat_, LieuRealisationOffre.GENRE, etat_.identifiant),
        rx.cond(etat_.prevues.length() > 0, _prevues()),
        sections_view(etat_.sections),
        rx.cond(
            etat_.demonstration,
            rx.el.p(fr("Lieu, lits, équipements et dates : données de démonstration."), class_name="demo"),
        ),
        _barre(),
        etape=int(Etape.MODIFIER),
        avec_uf=etat_.avec_uf,
        chemin=etat_.chemin,
        etroite=True,
        pret=etat_.place == ICI,
        presence=True,
    )


def _sert() -> rx.Component:
    sert = LieuState.sert
    titre = rx.match(
        sert.length(),
        (0, "Ce lieu ne sert encore aucune offre validée"),
        (1, "Ce lieu sert 1 offre"),
        rx.Var.create("Ce lieu sert ").to(str) + sert.length().to(str) + " offres",
    )
    return rx.el.section(
        rx.el.h2(titre, id="t-sert"),
        rx.cond(sert.length() > 1, rx.el.p("Ce que vous changez ici change pour toutes."), rx.fragment()),
        rx.cond(
            sert.length() > 0,
            rx.el.details(
                rx.el.summary(rx.cond(sert.length() > 1, "Voir les offres", "Voir l’offre")),
                rx.el.ul(
                    rx.foreach(sert, lambda o: rx.el.li(rx.el.a(o["nom"], href=o["url"].to(str), class_name="lien"))),
                ),
                class_name="plis",
            ),
            rx.fragment(),
        ),
        rx.cond(
            LieuState.url_separer,
            rx.el.p(
                rx.el.a("Séparer le lieu", href=LieuState.url_separer, class_name="lien"),
                fr(" : donner à certaines offres leur propre copie."),
            ),
            rx.fragment(),
        ),
        class_name=rx.cond(sert.length() > 1, "panneau panneau--alerte", "panneau"),
        aria_labelledby="t-sert",
    )


def _prevues() -> rx.Component:
    return rx.el.section(
        rx.el.h2("Fermetures prévues", id="t-prevues"),
        prevues_view(LieuState.prevues),
        class_name="panneau",
        aria_labelledby="t-prevues",
    )


def _barre() -> rx.Component:
    suite, brouillon = LieuState.url_suite, LieuState.brouillon
    return rx.cond(
        suite,
        rx.el.section(
            rx.el.p(
                rx.cond(
                    brouillon,
                    brouillon + " Revenez à l’offre pour valider.",
                    "Pour publier un changement, validez l’offre.",
                ),
                class_name="statut",
                role="status",
            ),
            rx.el.p(
                rx.el.a("Revenir à l’offre", href=suite, class_name="bouton"),
                class_name="boutons",
            ),
            class_name="barre",
            aria_label="Suite de la mise à jour",
        ),
        rx.fragment(),
    )


PAGES = ((parcours.ROUTE_LIEU, lieu_page, LieuState.titre_page, LieuState.charger),)
