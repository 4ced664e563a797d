"""Step 6: what blocks, what changes, then « Valider l’offre »; and the page that says it is done."""

from typing import Any
from uuid import uuid4

import reflex as rx

from rxror import db
from rxror.ror import parcours
from rxror.ror.controles import Severite
from rxror.ror.erreurs import Conflit, GesteRefuse
from rxror.ror.parcours import ETAPES, Etape
from rxror.ror.reperes import nom_de
from rxror.ror.typographie import fr
from rxror.services import alertes, demandes_validation, fiche, validation
from rxror.services.acces import Cible
from rxror.services.alertes import GardeAlerte
from rxror.services.changements import Changement
from rxror.services.demandes_validation import Demander, Renvoyer, Retirer
from rxror.services.effets import Effet
from rxror.services.fiche import Manque
from rxror.services.validation import DemandeValidation
from rxror.ui.components.alertes import alertes_view, gardees_view, informations_view
from rxror.ui.components.attentes import AttentesMontrees, attentes_view
from rxror.ui.components.changements import changements_view
from rxror.ui.components.demande_validation import DemandeDeLObjet, demande_view, mot_view, renvoi_view, retrait_view
from rxror.ui.components.effets import effets_view
from rxror.ui.components.etats import Donnee
from rxror.ui.components.exigences import ExigencesMontrees, corrections_view, exigences_view
from rxror.ui.components.foyer import foyer_view, vers
from rxror.ui.components.geste import a_change, barre_view, caches, message_view
from rxror.ui.components.manques import manques_view
from rxror.ui.demande import lire_demande
from rxror.ui.identity import acteur
from rxror.ui.layout import page, tete
from rxror.ui.pages.validee import ETAPES_DES_OBJETS
from rxror.ui.place import ICI, cible, place, retour_a_la_relecture

TITRE = parcours.titre(ETAPES[Etape.VALIDER])
CONTEXTE = ("genre", "identifiant", "vu", "cle")
CHANGE = a_change("Rien n’est validé.", "Relisez ce qui change, puis validez.")
CHANGE_DEMANDE = a_change("Rien n’est demandé.", "Relisez ce qui change, puis demandez.")
CHANGE_RENVOI = a_change("Rien n’est renvoyé.", "Relisez, puis décidez.")
ROUTES = (
    parcours.ROUTE_VALIDER,
    parcours.ROUTE_LIEU_VALIDER,
    parcours.ROUTE_STRUCTURE_VALIDER,
    parcours.ROUTE_ETABLISSEMENT_VALIDER,
)
TITRES = {
    "offre": "Valider l’offre",
    "lieu": "Valider le lieu",
    "structure": "Valider la structure",
    "etablissement": "Valider l’établissement",
}


class ValidationState(AttentesMontrees, DemandeDeLObjet, ExigencesMontrees, rx.State):
    """What « Valider l’offre » would publish, as the database had it when the page was shown."""

    place: str = ""
    titre_page: str = TITRE
    nom: str = ""
    chemin: list[parcours.Maillon] = []
    retour: str = ""
    objet: str = ""
    identifiant: str = ""
    titre: str = ""
    etape: int = int(Etape.VALIDER)
    vu: str = ""
    cle: str = ""
    signataire: str = ""
    bloquantes: list[Manque] = []
    alertes: list[Manque] = []
    gardees: list[Manque] = []
    informations: list[Manque] = []
    changements: list[Changement] = []
    total: int = 0
    avec_uf: bool = True
    effets: list[Effet] = []
    cle_de_la_demande: str = ""
    message: str = ""
    foyer: str = ""

    @rx.event
    def charger(self) -> None:
        """Check the object of the address."""
        self.reset()
        self._preparer()

    def _preparer(self) -> None:
        objet = cible(self)
        with db.lecture() as session:
            qui = acteur(self, session)
            prete = validation.preparer(session, qui, objet)
            self._montrer_les_attentes(session, qui, *(Cible(*p.cle.split(":", 1)) for p in prete.dossier.pieces))
            self.demande = demandes_validation.montrer(session, prete.dossier.acces, objet, prete.vu)
        points = [(a, fiche.manque(a, objet)) for a in prete.anomalies]
        self.bloquantes = [p for a, p in points if a.bloque]
        self.alertes = [p for a, p in points if a.a_regarder and not a.bloque]
        self.gardees = [p for a, p in points if a.garde]
        self.informations = [p for a, p in points if a.severite is Severite.INFORMATION]
        self.effets = prete.effets
        self.changements, self.total, self.vu = prete.changements, prete.total, prete.vu
        self._montrer_les_exigences(prete.exigences, prete.corrections)
        principale = prete.dossier.principale
        self.cle, self.cle_de_la_demande, self.signataire = str(uuid4()), str(uuid4()), qui.nom
        self.nom = nom_de(principale.objet, principale.valeurs)
        self.objet, self.identifiant = objet.genre, objet.identifiant
        relecture = retour_a_la_relecture(self)
        self.retour = relecture or parcours.url_objet(objet.genre, objet.identifiant)
        self.avec_uf = prete.dossier.etablissement.sanitaire
        self.titre = "Demander la validation" if self.demande.a_demander else TITRES[objet.genre]
        self.etape = int(ETAPES_DES_OBJETS[objet.genre])
        ou = [("Relecture", relecture)] if relecture else prete.chemin
        self.chemin = parcours.chemin_de(*ou, (self.nom, self.retour), ("Valider", ""))
        self.titre_page = parcours.titre(self.titre, self.nom, *(nom for nom, _ in prete.chemin[:1]))
        self.place = place(self)

    @rx.event
    def valider(self, saisie: dict[str, Any]) -> Any:
        """Publish, or say what blocks; what one has seen must be what is published."""
        demande = lire_demande(DemandeValidation, saisie, CONTEXTE)
        try:
            bloquantes = db.rejouable(lambda session: validation.valider(session, acteur(self, session), demande))
        except (Conflit, GesteRefuse) as refus:
            self._dire(refus, CHANGE)
            return None
        if bloquantes:
            self._preparer()
            self.foyer = vers("bloque")
            return None
        suite = retour_a_la_relecture(self, suite=True)
        return rx.redirect(suite or parcours.url_valide(demande.genre, demande.identifiant))

    @rx.event
    def demander(self, saisie: dict[str, Any]) -> Any:
        """Ask who validates to publish, or say what blocks."""
        demande = lire_demande(Demander, saisie, (*CONTEXTE, "mot"))
        try:
            bloquantes = db.rejouable(lambda s: demandes_validation.demander(s, acteur(self, s), demande))
        except (Conflit, GesteRefuse) as refus:
            self._dire(refus, CHANGE_DEMANDE)
            return None
        if bloquantes:
            self._preparer()
            self.foyer = vers("bloque")
            return None
        suite = retour_a_la_relecture(self, suite=True)
        return rx.redirect(suite or parcours.url_objet(demande.genre, demande.identifiant))

    @rx.event
    def retirer(self, saisie: dict[str, Any]) -> None:
        """Withdraw the request."""
        demande = lire_demande(Retirer, saisie, ("genre", "identifiant", "cle"))
        db.rejouable(lambda session: demandes_validation.retirer(session, acteur(self, session), demande))
        self._preparer()
        self.message, self.foyer = "", vers("ce-qui-change")

    @rx.event
    def renvoyer(self, saisie: dict[str, Any]) -> Any:
        """Send the request back with a word."""
        demande = lire_demande(Renvoyer, saisie, ("genre", "identifiant", "mot", "cle"))
        try:
            db.rejouable(lambda session: demandes_validation.renvoyer(session, acteur(self, session), demande))
        except (Conflit, GesteRefuse) as refus:
            self._dire(refus, CHANGE_RENVOI)
            return None
        return rx.redirect(parcours.url_objet(demande.genre, demande.identifiant))

    def _dire(self, refus: Exception, change: str) -> None:
        """Why it was not done; what is typed stays in its field."""
        if isinstance(refus, Conflit):
            self._preparer()
        self.message = change if isinstance(refus, Conflit) else str(refus)
        self.foyer = vers("message")

    @rx.event
    def garder(self, saisie: dict[str, Any]) -> None:
        """Keep an alert with a reason: it leaves the list; or say why it was not kept."""
        demande = lire_demande(GardeAlerte, saisie, GardeAlerte.model_fields)
        refus = db.rejouable(lambda session: alertes.garder(session, acteur(self, session), demande))
        self._preparer()
        self.message, self.foyer = refus, vers("message" if refus else "gardees")

    @rx.event
    def reprendre(self, saisie: dict[str, Any]) -> None:
        """Ask a kept alert again."""
        demande = lire_demande(GardeAlerte, saisie, GardeAlerte.model_fields)
        db.rejouable(lambda session: alertes.reprendre(session, acteur(self, session), demande))
        self._preparer()
        self.message, self.foyer = "", vers("alertes")


def validation_page() -> rx.Component:
    """The page that publishes an object."""
    etat = ValidationState
    return page(
        tete(etat.titre, surtitre=etat.nom),
        foyer_view(etat.foyer),
        message_view(etat.message),
        attentes_view(etat),
        demande_view(etat),
        rx.cond(etat.bloquantes.length() > 0, _bloque(), _pret()),
        rx.cond(etat.alertes.length() > 0, _alertes(), rx.fragment()),
        rx.cond(etat.gardees.length() > 0, _gardees(), rx.fragment()),
        corrections_view(etat),
        _ce_qui_change(),
        effets_view(etat.effets),
        exigences_view(etat),
        informations_view(etat.informations),
        renvoi_view(etat, *_objet()),
        retrait_view(etat, *_objet()),
        rx.cond(
            _a_demander(),
            _formulaire(etat.demander, mot_view("mot-demande", "Un mot pour la personne qui valide")),
            _formulaire(etat.valider),
        ),
        etape=etat.etape,
        avec_uf=etat.avec_uf,
        chemin=etat.chemin,
        etroite=True,
        espacee=True,
        pret=etat.place == ICI,
        presence=True,
    )


def _objet() -> list[rx.Component]:
    return caches(genre=ValidationState.objet, identifiant=ValidationState.identifiant)


def _bloque() -> rx.Component:
    n = ValidationState.bloquantes.length()
    return rx.el.section(
        rx.el.h2(n, rx.cond(n > 1, " points bloquent la validation", " point bloque la validation"), id="t-bloque"),
        manques_view(ValidationState.bloquantes),
        class_name="panneau panneau--manque",
        id="bloque",
        tab_index=-1,
        role="alert",
        aria_labelledby="t-bloque",
    )


def _pret() -> rx.Component:
    return rx.el.section(
        rx.el.h2(
            rx.cond(
                ValidationState.demande.a_demander,
                fr("Rien ne bloque : vous pouvez demander la validation"),
                fr("Rien ne bloque : vous pouvez valider"),
            ),
            id="t-pret",
        ),
        rx.el.p("Relisez ce qui change, puis confirmez."),
        class_name="panneau panneau--reussite",
        aria_labelledby="t-pret",
    )


def _alertes() -> rx.Component:
    return rx.el.section(
        rx.el.h2("À regarder, sans que cela bloque", id="t-alertes"),
        rx.cond(
            ValidationState.demande.a_demander,
            manques_view(ValidationState.alertes),
            alertes_view(ValidationState.alertes, _objet(), ValidationState.garder),
        ),
        class_name="panneau panneau--alerte",
        id="alertes",
        tab_index=-1,
        aria_labelledby="t-alertes",
    )


def _gardees() -> rx.Component:
    n = ValidationState.gardees.length()
    return rx.el.section(
        rx.el.h2(n, rx.cond(n > 1, " alertes gardées", " alerte gardée"), id="t-gardees"),
        gardees_view(ValidationState.gardees, _objet(), ValidationState.reprendre),
        class_name="panneau",
        id="gardees",
        tab_index=-1,
        aria_labelledby="t-gardees",
    )


def _ce_qui_change() -> rx.Component:
    etat = ValidationState
    n = etat.changements.length()
    tableau = changements_view(etat.changements, "Valeurs avant et après validation")
    return rx.el.section(
        rx.el.div(
            rx.el.h2("Ce qui change", id="t-change"),
            rx.el.p(
                rx.cond(
                    n > 0,
                    rx.fragment(
                        n,
                        rx.cond(n > 1, " champs sur ", " champ sur "),
                        etat.total,
                        ". Les autres sont confirmés tels quels.",
                    ),
                    rx.cond(
                        etat.bloquantes.length() > 0,
                        "Rien ne diffère de ce qui est publié.",
                        rx.fragment(
                            fr("Rien : les "), etat.total, " champs sont confirmés tels quels, à la date du jour."
                        ),
                    ),
                ),
                class_name="petit second",
            ),
            class_name="tableau-tete",
        ),
        rx.cond(n > 0, tableau, rx.fragment()),
        class_name="tableau cartes",
        id="ce-qui-change",
        tab_index=-1,
        aria_labelledby="t-change",
    )


def _formulaire(envoyer: Any, *champs: rx.Component) -> rx.Component:
    etat = ValidationState
    return rx.el.form(
        *_objet(),
        *caches(vu=etat.vu, cle=etat.cle),
        *champs,
        _barre(),
        on_submit=envoyer,
        class_name="barre-seule",
    )


def _a_demander() -> rx.Var:
    demande: Donnee = ValidationState.demande
    return demande.a_demander & (ValidationState.bloquantes.length() == 0)


def _barre() -> rx.Component:
    etat = ValidationState
    demande: Donnee = etat.demande
    n = etat.bloquantes.length()
    principal = rx.cond(
        n > 0,
        rx.el.a("Corriger ce point", href=etat.bloquantes[0]["url"].to(str), class_name="bouton"),
        rx.el.button(
            rx.cond(demande.a_demander, "Demander la validation", "Valider"),
            rx.el.span(" ", etat.nom, class_name="invisible"),
            type="submit",
            class_name="bouton",
        ),
    )
    return barre_view(
        rx.cond(
            n > 0,
            rx.fragment(
                rx.el.strong(n, rx.cond(n > 1, " points bloquent encore. ", " point bloque encore. ")),
                "Ce qui est enregistré est gardé.",
            ),
            rx.cond(
                demande.a_demander,
                rx.fragment("Demandé par ", rx.el.strong(etat.signataire), ". Un référent relit, puis valide."),
                rx.fragment("Signé ", rx.el.strong(etat.signataire), ", à la date d’aujourd’hui."),
            ),
        ),
        rx.el.a(
            "Revenir",
            rx.el.span(" à ", etat.nom, class_name="invisible"),
            href=etat.retour,
            class_name="bouton bouton--second",
        ),
        principal,
    )


PAGES = tuple((route, validation_page, ValidationState.titre_page, ValidationState.charger) for route in ROUTES)
