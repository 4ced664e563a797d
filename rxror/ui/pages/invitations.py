"""« Invitations » of an établissement: invite an address, see what became of each, send again, take back."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import reflex as rx
from sqlmodel import Session

from rxror import db
from rxror.courriels.depot import PAS_DE_COURRIEL
from rxror.ror import parcours
from rxror.ror.erreurs import Conflit, CourrielIndisponible
from rxror.ror.parcours import Etape
from rxror.ror.typographie import fr
from rxror.services import invitations, invitations_vues
from rxror.services.invitations import Inviter, SurUneInvitation
from rxror.services.invitations_vues import LigneInvitation
from rxror.tables import Role
from rxror.ui.components.courriels import renvoi_view
from rxror.ui.components.droits import fait_view
from rxror.ui.components.etats import Donnee
from rxror.ui.components.foyer import foyer_view, vers
from rxror.ui.components.geste import caches, message_view
from rxror.ui.components.octroi import choix_de, octroi_view
from rxror.ui.components.question import texte_view
from rxror.ui.demande import lire_demande, textes
from rxror.ui.identity import acteur
from rxror.ui.layout import page, tete
from rxror.ui.place import ICI, cible, place

TITRE = "Invitations"
QUESTIONS = ("adresse", "role", "structure", "fin", "reponse_a")
CONTEXTE = ("finess", "cle")
CHOIX = choix_de((Role.RESPONSABLE_OFFRE, Role.REFERENT, Role.LECTEUR, Role.RESPONSABLE_QUALITE))
CHANGE = fr("Cette invitation a changé entre-temps : rien n’est fait. Relisez la liste.")


class InvitationsState(rx.State):
    """The invitations of an établissement, and the one being written."""

    place: str = ""
    titre_page: str = parcours.titre(TITRE)
    nom: str = ""
    chemin: list[parcours.Maillon] = []
    avec_uf: bool = True
    objet: str = ""
    roles: list[str] = []
    structures: list[dict[str, str]] = []
    lignes: list[LigneInvitation] = []
    empeche: str = ""
    valeurs: dict[str, str] = {}
    erreurs: dict[str, str] = {}
    message: str = ""
    fait: str = ""
    foyer: str = ""
    cle: str = ""
    tour: int = 0  # invitations sent from this page: the form starts anew after each

    @rx.event
    def charger(self) -> None:
        """Read the établissement of the address; after a mere reconnection, what was typed stays."""
        if self.place != place(self):
            self.reset()
        self._preparer(cible(self).identifiant)

    def _preparer(self, ou: str) -> None:
        with db.lecture() as session:
            ecran = invitations_vues.ouvrir(session, acteur(self, session), ou)
        self.nom, self.avec_uf, self.roles, self.lignes = ecran.nom, ecran.sanitaire, ecran.roles, ecran.lignes
        self.structures = [{"cle": cle, "libelle": nom} for cle, nom in ecran.structures]
        self.empeche, self.objet = ecran.empeche, ou
        self.chemin = parcours.chemin_de(
            (ecran.nom, parcours.url_etablissement(ou)),
            ("Personnes et droits", parcours.url_personnes(ou)),
            (TITRE, ""),
        )
        self.titre_page = parcours.titre(TITRE, ecran.nom)
        self.valeurs = self.valeurs or {"role": next(iter(ecran.roles), ""), "reponse_a": ecran.reponse_a}
        self.cle = self.cle or str(uuid4())
        self.place = place(self)

    @rx.event
    def inviter(self, saisie: dict[str, Any]) -> None:
        """Send one invitation, or say what is wrong with it."""
        reponses = {nom: texte for nom, texte in textes(saisie).items() if nom in QUESTIONS}
        demande = lire_demande(Inviter, saisie, CONTEXTE, **reponses)
        self.message = self.fait = ""
        try:
            erreurs = db.rejouable(lambda session: invitations.inviter(session, acteur(self, session), demande))
        except CourrielIndisponible:
            self.message, self.foyer = PAS_DE_COURRIEL, vers("message")
            return
        self.erreurs, self.valeurs = erreurs, reponses
        if erreurs:
            self.foyer = vers(next(iter(erreurs)))
            return
        self.fait = fr(f"Invitation envoyée à {demande.adresse.strip()}.")
        self.valeurs, self.cle, self.tour = {}, str(uuid4()), self.tour + 1
        self._preparer(demande.finess)
        self.foyer = vers("fait")

    @rx.event
    def renvoyer(self, saisie: dict[str, Any]) -> None:
        """Send a new link in place of the former one."""
        self._agir(saisie, invitations.renvoyer, "Un nouveau lien est envoyé. L’ancien ne sert plus.")

    @rx.event
    def retirer(self, saisie: dict[str, Any]) -> None:
        """Take an invitation back."""
        self._agir(saisie, invitations.retirer, "L’invitation est retirée : son lien ne donne plus rien.")

    def _agir(self, saisie: Any, geste: Callable[[Session, Any, SurUneInvitation], None], dit: str) -> None:
        demande = lire_demande(SurUneInvitation, saisie, (*CONTEXTE, "numero"))
        self.message = self.fait = ""
        try:
            db.rejouable(lambda session: geste(session, acteur(self, session), demande))
        except Conflit:
            self.message, self.foyer = CHANGE, vers("message")
        except CourrielIndisponible:
            self.message, self.foyer = PAS_DE_COURRIEL, vers("message")
        else:
            self.fait, self.foyer = fr(dit), vers("fait")
        self.cle = str(uuid4())
        self._preparer(demande.finess)


def invitations_page() -> rx.Component:
    """The page of the invitations of an établissement."""
    etat = InvitationsState
    return page(
        tete(TITRE, surtitre=etat.nom),
        foyer_view(etat.foyer),
        message_view(etat.message),
        fait_view(etat.fait),
        rx.cond(etat.fait, renvoi_view()),
        rx.cond(etat.empeche, rx.el.p(etat.empeche), _formulaire()),
        rx.cond(etat.lignes.length() > 0, _liste()),
        etape=int(Etape.RETROUVER),
        avec_uf=etat.avec_uf,
        chemin=etat.chemin,
        etroite=True,
        pile=True,
        espacee=True,
        pret=etat.place == ICI,
    )


def _formulaire() -> rx.Component:
    etat = InvitationsState
    return rx.el.form(
        *caches(finess=etat.objet, cle=etat.cle),
        rx.el.section(
            rx.el.h2("Inviter quelqu’un", id="t-inviter"),
            texte_view(
                etat,
                "adresse",
                "Son adresse électronique",
                genre="email",
                aide="Le lien envoyé sert une fois, pendant sept jours, à la personne qui l’accepte.",
                auto_complete="off",
            ),
            *octroi_view(etat, "Son rôle", CHOIX),
            texte_view(
                etat,
                "reponse_a",
                "Votre adresse, pour savoir quand elle est acceptée (facultatif)",
                genre="email",
                auto_complete="email",
            ),
            rx.el.p("Aucun droit n’est donné avant que la personne accepte.", class_name="petit second"),
            rx.el.p(rx.el.button("Inviter", type="submit", class_name="bouton"), class_name="boutons"),
            class_name="fiche pile",
            aria_labelledby="t-inviter",
        ),
        on_submit=etat.inviter,
        custom_attrs={"noValidate": True},
        key=etat.tour,
    )


def _liste() -> rx.Component:
    return rx.el.section(
        rx.el.h2("Invitations envoyées", id="t-envoyees"),
        rx.el.ul(
            rx.foreach(InvitationsState.lignes.to(list[LigneInvitation]), lambda ligne: _ligne(ligne)),
            class_name="liste",
        ),
        class_name="pile",
        aria_labelledby="t-envoyees",
    )


def _ligne(ligne: Donnee) -> rx.Component:
    etat = InvitationsState
    return rx.el.li(
        rx.el.div(
            rx.el.h3(ligne.adresse),
            rx.el.p(ligne.quoi, rx.el.br(), rx.el.strong(ligne.etat), rx.el.span(" ", ligne.detail)),
        ),
        rx.cond(
            ligne.attend,
            rx.el.div(
                _geste(ligne, "Renvoyer", etat.renvoyer),
                _geste(ligne, "Retirer", etat.retirer),
                class_name="boutons",
            ),
        ),
        key=ligne.numero,
    )


def _geste(ligne: Donnee, nom: str, envoyer: Any) -> rx.Component:
    etat = InvitationsState
    return rx.el.form(
        *caches(finess=etat.objet, cle=etat.cle, numero=ligne.numero.to(str)),
        rx.el.button(
            nom,
            rx.el.span(" l’invitation de ", ligne.adresse, class_name="invisible"),
            type="submit",
            class_name="bouton bouton--second bouton--compact",
        ),
        on_submit=envoyer,
    )


PAGES = ((parcours.ROUTE_INVITATIONS, invitations_page, InvitationsState.titre_page, InvitationsState.charger),)
