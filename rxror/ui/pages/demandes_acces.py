"""Requests for an access, for who decides: the list, then one of them, granted or refused with a word."""

from typing import Any
from uuid import uuid4

import reflex as rx
from reflex.event import EventSpec

from rxror import db
from rxror.ror import parcours
from rxror.ror.erreurs import Conflit
from rxror.ror.typographie import fr
from rxror.services import reponses_acces
from rxror.services.demande import en_nombre
from rxror.services.demandes_acces import ROLES, SurUneDemande
from rxror.services.reponses_acces import MOT_MAX, Accorder, EcranDecision, Recue, Refuser
from rxror.ui.components.etats import Donnee
from rxror.ui.components.foyer import foyer_view, vers
from rxror.ui.components.geste import caches, message_view
from rxror.ui.components.octroi import choix_de, octroi_view
from rxror.ui.components.question import texte_long_view
from rxror.ui.demande import lire_demande, textes
from rxror.ui.identity import acteur
from rxror.ui.layout import page, tete
from rxror.ui.place import ICI, dernier, place

TITRE = "Demandes d’accès"
CONTEXTE = ("numero", "cle")
ACCORD = ("role", "structure", "fin")
CHOIX = choix_de(ROLES)
TROP_TARD = fr("Quelqu’un a répondu entre-temps, ou la demande est retirée : rien de plus n’est fait.")


class DemandesRecuesState(rx.State):
    """The requests that wait for me."""

    recues: list[Recue] = []
    charge: bool = False

    @rx.event
    def charger(self) -> None:
        """Read them."""
        with db.lecture() as session:
            self.recues = reponses_acces.recues(session, acteur(self, session))
        self.charge = True


class DecisionState(rx.State):
    """One request, and the answer being given."""

    place: str = ""
    titre_page: str = parcours.titre(TITRE)
    ecran: EcranDecision = EcranDecision()
    roles: list[str] = []
    structures: list[dict[str, str]] = []
    valeurs: dict[str, str] = {}
    erreurs: dict[str, str] = {}
    message: str = ""
    foyer: str = ""
    cle: str = ""

    @rx.event
    def charger(self) -> None:
        """Read the request of the address; after a mere reconnection, what was typed stays."""
        if self.place != place(self):
            self.reset()
        self._preparer(en_nombre(dernier(self)))

    def _preparer(self, rang: int) -> None:
        with db.lecture() as session:
            self.ecran = reponses_acces.lire(session, acteur(self, session), rang)
        self.roles = [cle for cle, _ in self.ecran.roles]
        self.structures = [{"cle": cle, "libelle": nom} for cle, nom in self.ecran.structures]
        voulu = self.ecran.role_demande
        self.valeurs = self.valeurs or {"role": voulu if voulu in self.roles else next(iter(self.roles), "")}
        self.cle = self.cle or str(uuid4())
        self.titre_page = parcours.titre(TITRE, self.ecran.qui)
        self.place = place(self)

    @rx.event
    def accorder(self, saisie: dict[str, Any]) -> EventSpec | None:
        """Give the right, then go back to the list."""
        reponses = {nom: texte for nom, texte in textes(saisie).items() if nom in ACCORD}
        demande = lire_demande(Accorder, saisie, CONTEXTE, **reponses)
        return self._repondre(
            lambda session: reponses_acces.accorder(session, acteur(self, session), demande), demande, reponses
        )

    @rx.event
    def refuser(self, saisie: dict[str, Any]) -> EventSpec | None:
        """Refuse with a word, then go back to the list."""
        reponses = {nom: texte for nom, texte in textes(saisie).items() if nom == "mot"}
        demande = lire_demande(Refuser, saisie, CONTEXTE, **reponses)
        return self._repondre(
            lambda session: reponses_acces.refuser(session, acteur(self, session), demande), demande, reponses
        )

    def _repondre(self, geste: Any, demande: SurUneDemande, reponses: dict[str, str]) -> EventSpec | None:
        self.message = ""
        try:
            erreurs = db.rejouable(geste)
        except Conflit:
            self._preparer(demande.numero)
            self.message, self.foyer = TROP_TARD, vers("message")
            return None
        if not erreurs:
            self.reset()
            return rx.redirect(parcours.DEMANDES_ACCES)
        self.valeurs, self.erreurs = self.valeurs | reponses, erreurs
        self.foyer = vers(next(iter(erreurs)))
        return None


def recues_page() -> rx.Component:
    """The requests that wait for me."""
    recues: Donnee = DemandesRecuesState.recues
    return page(
        tete(TITRE),
        rx.cond(
            recues.length() > 0,
            rx.el.ul(rx.foreach(recues.to(list[Recue]), lambda recue: _recue(recue)), class_name="liste"),
            rx.el.p("Aucune demande n’attend votre réponse."),
        ),
        chemin=parcours.chemin_de(("Mes accès rapides", parcours.ACCUEIL), (TITRE, "")),
        etroite=True,
        pile=True,
        pret=DemandesRecuesState.charge,
    )


def _recue(recue: Donnee) -> rx.Component:
    return rx.el.li(
        rx.el.div(rx.el.h2(recue.qui, class_name="h3"), rx.el.p(recue.quoi, rx.el.br(), recue.quand)),
        rx.el.a(
            "Répondre",
            rx.el.span(" à ", recue.qui, class_name="invisible"),
            href=f"{parcours.DEMANDES_ACCES}/" + recue.numero.to(str),
            class_name="bouton bouton--second bouton--compact",
        ),
        key=recue.numero,
    )


def decision_page() -> rx.Component:
    """One request: what is asked, by whom, why; then grant or refuse."""
    etat = DecisionState
    ecran: Donnee = etat.ecran
    return page(
        tete("Répondre à une demande d’accès", surtitre=ecran.etablissement),
        foyer_view(etat.foyer),
        message_view(etat.message),
        _demande(ecran),
        rx.cond(ecran.decidee, _decidee(ecran), rx.fragment(_accord(), _refus())),
        chemin=parcours.chemin_de(
            ("Mes accès rapides", parcours.ACCUEIL), (TITRE, parcours.DEMANDES_ACCES), ("Répondre", "")
        ),
        etroite=True,
        pile=True,
        espacee=True,
        pret=etat.place == ICI,
    )


def _demande(ecran: Donnee) -> rx.Component:
    faits = (
        ("Qui", ecran.qui),
        ("Identifiant professionnel", ecran.identifiant),
        ("Adresse donnée, non vérifiée", ecran.adresse),
        ("Rôle demandé", ecran.role),
        ("Pourquoi", ecran.motif),
        ("Demandé", ecran.quand),
    )
    return rx.el.section(
        rx.el.h2("Ce qui est demandé", id="t-demande"),
        rx.el.dl(
            *(rx.cond(valeur, rx.el.div(rx.el.dt(nom), rx.el.dd(valeur))) for nom, valeur in faits), class_name="faits"
        ),
        class_name="fiche",
        aria_labelledby="t-demande",
    )


def _decidee(ecran: Donnee) -> rx.Component:
    return rx.fragment(
        rx.el.p(ecran.decidee),
        rx.el.p(
            rx.el.a("Les autres demandes", href=parcours.DEMANDES_ACCES, class_name="bouton"), class_name="boutons"
        ),
    )


def _accord() -> rx.Component:
    etat = DecisionState
    return rx.el.form(
        *caches(numero=etat.ecran.numero.to(str), cle=etat.cle),
        rx.el.section(
            rx.el.h2("Accorder", id="t-accorder"),
            *octroi_view(etat, "Rôle donné", CHOIX),
            rx.el.p("La personne a ce droit tout de suite.", class_name="petit second"),
            rx.el.p(rx.el.button("Accorder", type="submit", class_name="bouton"), class_name="boutons"),
            class_name="fiche pile",
            aria_labelledby="t-accorder",
        ),
        on_submit=etat.accorder,
        custom_attrs={"noValidate": True},
        key="accorder",
    )


def _refus() -> rx.Component:
    etat = DecisionState
    return rx.el.form(
        *caches(numero=etat.ecran.numero.to(str), cle=etat.cle),
        rx.el.section(
            rx.el.h2("Refuser", id="t-refuser"),
            texte_long_view(
                etat,
                "mot",
                "Ce que vous lui répondez",
                MOT_MAX,
                aide="Par exemple à qui s’adresser. La personne le lit.",
            ),
            rx.el.p(rx.el.button("Refuser", type="submit", class_name="bouton bouton--danger"), class_name="boutons"),
            class_name="fiche pile",
            aria_labelledby="t-refuser",
        ),
        on_submit=etat.refuser,
        custom_attrs={"noValidate": True},
        key="refuser",
    )


PAGES = (
    (parcours.DEMANDES_ACCES, recues_page, parcours.titre(TITRE), DemandesRecuesState.charger),
    (parcours.ROUTE_DEMANDE_ACCES, decision_page, DecisionState.titre_page, DecisionState.charger),
)
