"""« Demander un accès »: find the établissement, say which role and why; the answer comes on the home page."""

from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import reflex as rx
from reflex.event import EventSpec

from rxror import db
from rxror.courriels.depot import disponible
from rxror.ror import parcours
from rxror.ror.typographie import fr
from rxror.services import demandes_acces
from rxror.services.demandes_acces import MOTIF_MAX, ROLES, Demander, EcranDemande, Trouve
from rxror.ui.components.etats import Donnee
from rxror.ui.components.foyer import foyer_view, vers
from rxror.ui.components.geste import barre_view, caches
from rxror.ui.components.octroi import choix_de
from rxror.ui.components.parcourir import recherche_view
from rxror.ui.components.question import choix_view, texte_long_view, texte_view
from rxror.ui.demande import lire_demande, textes
from rxror.ui.identity import acteur
from rxror.ui.layout import page, tete
from rxror.ui.place import ICI, dernier, place

TITRE = "Demander un accès"
QUESTIONS = ("role", "motif", "adresse")
CHOIX = choix_de(ROLES)
RECHERCHE_MAX = 100


class RechercheAccesState(rx.State):
    """The établissements found; the words are those of the address."""

    recherche: str = ""
    trouves: list[Trouve] = []
    cherche: bool = False
    charge: bool = False

    @rx.event
    def charger(self) -> EventSpec:
        """Look for the words of the address."""
        self.recherche = str(self.router.url.query_parameters.get("q", ""))[:RECHERCHE_MAX].strip()
        with db.lecture() as session:
            self.trouves = demandes_acces.chercher(session, acteur(self, session), self.recherche)
        self.cherche, self.charge = bool(self.recherche), True
        return rx.set_value("q", self.recherche)

    @rx.event
    def chercher(self, saisie: dict[str, Any]) -> EventSpec:
        """Go to the address of these words."""
        mots = textes(saisie).get("q", "")[:RECHERCHE_MAX].strip()
        return rx.redirect(f"{parcours.DEMANDER_ACCES}?{urlencode({'q': mots})}" if mots else parcours.DEMANDER_ACCES)


class DemandeAccesState(rx.State):
    """The request being written for one établissement."""

    place: str = ""
    titre_page: str = parcours.titre(TITRE)
    ecran: EcranDemande = EcranDemande()
    valeurs: dict[str, str] = {}
    erreurs: dict[str, str] = {}
    foyer: str = ""
    cle: str = ""

    @rx.event
    def charger(self) -> None:
        """Read the établissement of the address; after a mere reconnection, what was typed stays."""
        if self.place != place(self):
            self.reset()
        with db.lecture() as session:
            self.ecran = demandes_acces.ouvrir(session, acteur(self, session), dernier(self))
        self.valeurs = self.valeurs or {"role": ROLES[0].value, "adresse": self.ecran.adresse}
        self.cle = self.cle or str(uuid4())
        self.titre_page = parcours.titre(TITRE, self.ecran.nom)
        self.place = place(self)

    @rx.event
    def demander(self, saisie: dict[str, Any]) -> EventSpec | None:
        """Ask, then go back to the home page, which shows it; or say what is wrong."""
        reponses = {nom: texte for nom, texte in textes(saisie).items() if nom in QUESTIONS}
        demande = lire_demande(Demander, saisie, ("finess", "cle"), **reponses)
        erreurs = db.rejouable(lambda session: demandes_acces.demander(session, acteur(self, session), demande))
        if not erreurs:
            self.reset()
            return rx.redirect(parcours.ACCUEIL)
        self.valeurs, self.erreurs = reponses, erreurs
        self.foyer = vers(next(iter(erreurs)))
        return None


def recherche_page() -> rx.Component:
    """Find the établissement."""
    etat = RechercheAccesState
    trouves: Donnee = etat.trouves
    return page(
        tete(TITRE, rx.el.p("Le référent de l’établissement lit votre demande, puis vous répond.", class_name="intro")),
        recherche_view(
            "Quel établissement\u00a0?",
            "Nom, commune ou numéro FINESS.",
            etat.recherche,
            RECHERCHE_MAX,
            etat.chercher,
        ),
        rx.el.div(
            rx.cond(
                trouves.length() > 0,
                rx.el.ul(rx.foreach(trouves.to(list[Trouve]), lambda trouve: _trouve(trouve)), class_name="liste"),
                rx.cond(etat.cherche, rx.el.p("Rien ne correspond. Essayez un seul mot, ou le numéro FINESS.")),
            ),
            rx.cond(
                trouves.length() == demandes_acces.TROUVES_AU_PLUS,
                rx.el.p("Les vingt premiers seulement\u00a0: ajoutez un mot.", class_name="petit second"),
            ),
            role="status",
        ),
        chemin=parcours.chemin_de(("Mes accès rapides", parcours.ACCUEIL), (TITRE, "")),
        etroite=True,
        pile=True,
        pret=etat.charge,
    )


def _trouve(trouve: Donnee) -> rx.Component:
    return rx.el.li(
        rx.el.div(rx.el.h2(trouve.nom, class_name="h3"), rx.el.p(trouve.commune, ", FINESS ", trouve.finess)),
        rx.el.a(
            "Choisir",
            rx.el.span(" ", trouve.nom, class_name="invisible"),
            href=f"{parcours.DEMANDER_ACCES}/" + trouve.finess.to(str),
            class_name="bouton bouton--second bouton--compact",
        ),
        key=trouve.finess,
    )


def demande_page() -> rx.Component:
    """Say which role, and why."""
    etat = DemandeAccesState
    ecran: Donnee = etat.ecran
    return page(
        tete(
            TITRE,
            rx.el.p(ecran.commune, ", FINESS ", ecran.finess, class_name="second"),
            surtitre=ecran.nom,
        ),
        foyer_view(etat.foyer),
        rx.cond(ecran.empeche, _empeche(), _formulaire()),
        chemin=parcours.chemin_de(
            ("Mes accès rapides", parcours.ACCUEIL), (TITRE, parcours.DEMANDER_ACCES), ("Rôle et raison", "")
        ),
        etroite=True,
        pile=True,
        pret=etat.place == ICI,
    )


def _empeche() -> rx.Component:
    return rx.fragment(
        rx.el.p(DemandeAccesState.ecran.empeche),
        rx.el.p(rx.el.a("Mes accès rapides", href=parcours.ACCUEIL, class_name="bouton"), class_name="boutons"),
    )


def _formulaire() -> rx.Component:
    etat = DemandeAccesState
    adresse = texte_view(
        etat,
        "adresse",
        "Votre adresse électronique",
        genre="email",
        aide="La réponse y est envoyée, et se lit aussi dans « Mes accès rapides ».",
        auto_complete="email",
    )
    return rx.el.form(
        *caches(finess=etat.ecran.finess, cle=etat.cle),
        rx.el.div(
            rx.el.p(etat.ecran.qui),
            choix_view(etat, "role", "Le rôle que vous demandez", CHOIX),
            texte_long_view(
                etat,
                "motif",
                "Pourquoi",
                MOTIF_MAX,
                aide="Votre fonction, ce que vous tiendrez à jour. N’indiquez aucune donnée de patient.",
            ),
            *([adresse] if disponible() else []),
            class_name="fiche",
        ),
        barre_view(
            fr("Votre nom et votre identifiant professionnel accompagnent la demande."),
            rx.el.a("Annuler", href=parcours.DEMANDER_ACCES, class_name="bouton bouton--second"),
            rx.el.button("Envoyer ma demande", type="submit", class_name="bouton"),
        ),
        on_submit=etat.demander,
        custom_attrs={"noValidate": True},
        key="demande",
    )


PAGES = (
    (parcours.DEMANDER_ACCES, recherche_page, parcours.titre(TITRE), RechercheAccesState.charger),
    (parcours.ROUTE_DEMANDER_ACCES, demande_page, DemandeAccesState.titre_page, DemandeAccesState.charger),
)
