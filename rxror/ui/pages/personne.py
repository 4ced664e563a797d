"""The rights of one person on an établissement: change, end, delegate, transfer when they leave."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import reflex as rx
from sqlmodel import Session

from rxror import db
from rxror.ror import parcours
from rxror.ror.erreurs import AccesRefuse, Conflit, GesteRefuse
from rxror.ror.parcours import Etape
from rxror.ror.typographie import fr
from rxror.services import gestes_de_droits as gestes
from rxror.services import personnes
from rxror.services.personnes_vues import DroitMontre, VuePersonne
from rxror.ui.components.droits import SANS_FIN, date_view, fait_view, liste_view
from rxror.ui.components.etats import Donnee, etat
from rxror.ui.components.foyer import foyer_view, vers
from rxror.ui.components.geste import a_change, caches, message_view
from rxror.ui.demande import lire_demande
from rxror.ui.identity import acteur
from rxror.ui.layout import page, tete
from rxror.ui.place import ICI, cible, dernier, place

DROIT = ("identifiant", "habilitation", "vu", "cle")
CHANGE = a_change("Rien n’est changé.", "Relisez ses droits, puis recommencez.")


class PersonneState(rx.State):
    """The rights of the person of the address, as the database had them when the page was shown.

    `cles` is {gesture and right: key of its form}.
    """

    place: str = ""
    titre_page: str = parcours.titre("Personnes et droits")
    vue: VuePersonne = VuePersonne()
    cles: dict[str, str] = {}
    message: str = ""
    fait: str = ""
    foyer: str = ""

    @rx.event
    def charger(self) -> None:
        """Read the rights of the person."""
        self.reset()
        self._preparer()

    def _preparer(self) -> None:
        with db.lecture() as session:
            self.vue = personnes.lire(session, acteur(self, session), cible(self).identifiant, dernier(self))
        noms = [f"{geste}-{d.id}" for d in self.vue.droits for geste in ("fin", "terminer", "role", "deleguer")]
        self.cles = {nom: str(uuid4()) for nom in [*noms, "transferer"]}
        self.titre_page = parcours.titre("Personnes et droits", self.vue.nom, self.vue.etablissement)
        self.place = place(self)

    def _repondre(self, faire: Callable[[Session], str]) -> Any:
        """Do a gesture, then show what is done, or why it is not."""
        self.message = self.fait = ""
        try:
            dit = db.rejouable(faire)
        except GesteRefuse as refus:
            self.message, self.foyer = str(refus), vers("message")
            return None
        except Conflit:
            self._preparer()
            self.message, self.foyer = CHANGE, vers("message")
            return None
        try:
            self._preparer()
        except AccesRefuse:  # it was one's own right, and the last
            self.reset()
            return rx.redirect(parcours.ACCUEIL)
        self.fait, self.foyer = dit, vers("fait")
        return None

    @rx.event
    def changer_fin(self, saisie: dict[str, Any]) -> Any:
        """Change the last day of a right."""
        demande = lire_demande(gestes.ChangerFin, saisie, (*DROIT, "fin"))
        return self._repondre(lambda session: gestes.changer_fin(session, acteur(self, session), demande))

    @rx.event
    def terminer(self, saisie: dict[str, Any]) -> Any:
        """End a right at once."""
        demande = lire_demande(gestes.Terminer, saisie, DROIT)
        return self._repondre(lambda session: gestes.terminer(session, acteur(self, session), demande))

    @rx.event
    def changer_role(self, saisie: dict[str, Any]) -> Any:
        """Give another role instead."""
        demande = lire_demande(gestes.ChangerRole, saisie, (*DROIT, "role", "structure", "fin"))
        return self._repondre(lambda session: gestes.changer_role(session, acteur(self, session), demande))

    @rx.event
    def deleguer(self, saisie: dict[str, Any]) -> Any:
        """Give one's own right to a deputy, until a day."""
        demande = lire_demande(gestes.Deleguer, saisie, (*DROIT, "personne", "fin"))
        return self._repondre(lambda session: gestes.deleguer(session, acteur(self, session), demande))

    @rx.event
    def transferer(self, saisie: dict[str, Any]) -> Any:
        """Give all that somebody has here to somebody else."""
        demande = lire_demande(gestes.Transferer, saisie, ("identifiant", "personne", "vers", "vu", "cle"))
        return self._repondre(lambda session: gestes.transferer(session, acteur(self, session), demande))


def personne_page() -> rx.Component:
    """The page of one person."""
    etat_ = PersonneState
    vue: Donnee = etat_.vue
    return page(
        tete(
            vue.nom,
            rx.el.p(vue.connexion, rx.cond(vue.soi, ". C’est vous.", ""), class_name="second"),
            surtitre=rx.Var.create("Droits sur ").to(str) + vue.etablissement,
        ),
        foyer_view(etat_.foyer),
        message_view(etat_.message),
        fait_view(etat_.fait),
        rx.foreach(vue.droits.to(list[DroitMontre]), _droit),
        rx.cond(vue.passent.length() > 0, _transferer(), rx.fragment()),
        etape=int(Etape.RETROUVER),
        avec_uf=vue.sanitaire,
        chemin=vue.chemin,
        etroite=True,
        espacee=True,
        pret=etat_.place == ICI,
    )


def _droit(droit: Donnee) -> rx.Component:
    titre = rx.Var.create("t-droit-").to(str) + droit.id
    return rx.el.section(
        rx.el.h2(droit.role, ", ", droit.ou, id=titre),
        rx.el.p(
            rx.cond(droit.suppleance, etat(droit.suppleance, "brouillon")),
            rx.el.span(droit.dates),
            rx.cond(droit.par, rx.el.span(droit.par)),
            rx.cond(droit.vient, rx.el.span(droit.vient)),
            class_name="meta",
        ),
        rx.cond(droit.delegue, _deleguer(droit), rx.fragment()),
        rx.cond(droit.change, _changer_role(droit), rx.fragment()),
        rx.cond(
            droit.fin,
            rx.fragment(_changer_fin(droit), _terminer(droit)),
            rx.cond(
                droit.termine,
                rx.fragment(),
                rx.el.p(fr("Ce droit se change là où il a été donné."), class_name="petit second"),
            ),
        ),
        class_name="fiche",
        aria_labelledby=titre,
        key=droit.id,
    )


def _contexte(geste: str, droit: Donnee) -> list[rx.Component]:
    cles: Donnee = PersonneState.cles
    vue: Donnee = PersonneState.vue
    return caches(
        identifiant=vue.finess,
        habilitation=droit.id,
        vu=droit.vu,
        cle=cles[rx.Var.create(f"{geste}-").to(str) + droit.id],
    )


def _repli(mot: str, droit: Donnee, *contenu: rx.Component) -> rx.Component:
    return rx.el.details(
        rx.el.summary(rx.el.span(mot, rx.el.span(fr(" : "), droit.role, ", ", droit.ou, class_name="invisible"))),
        *contenu,
        class_name="plis",
    )


def _changer_fin(droit: Donnee) -> rx.Component:
    vue: Donnee = PersonneState.vue
    return _repli(
        "Changer la date de fin",
        droit,
        rx.el.form(
            *_contexte("fin", droit),
            date_view(
                "Dernier jour",
                rx.Var.create("fin-").to(str) + droit.id,
                aide=SANS_FIN,
                valeur=droit.jusqu_au,
                mini=vue.aujourd_hui,
            ),
            rx.el.p(rx.el.button("Changer la date", type="submit", class_name="bouton"), class_name="boutons"),
            on_submit=PersonneState.changer_fin,
            class_name="pile",
        ),
    )


def _terminer(droit: Donnee) -> rx.Component:
    return _repli(
        "Mettre fin maintenant",
        droit,
        rx.el.form(
            *_contexte("terminer", droit),
            rx.el.p(
                "Le droit s’arrête tout de suite. Les brouillons de cette personne restent enregistrés.",
            ),
            rx.el.p(
                rx.el.button("Mettre fin à ce droit", type="submit", class_name="bouton bouton--danger"),
                class_name="boutons",
            ),
            on_submit=PersonneState.terminer,
            class_name="pile",
        ),
    )


def _changer_role(droit: Donnee) -> rx.Component:
    vue: Donnee = PersonneState.vue
    cle = rx.Var.create("role-").to(str) + droit.id
    return _repli(
        "Changer de rôle",
        droit,
        rx.el.form(
            *_contexte("role", droit),
            liste_view("role", "Nouveau rôle", vue.roles, cle),
            liste_view("structure", "Sur", vue.structures, cle, premier="Tout l’établissement"),
            date_view("Jusqu’au", cle, aide=SANS_FIN, mini=vue.aujourd_hui),
            rx.el.p(fr("L’ancien rôle s’arrête au même moment."), class_name="petit second"),
            rx.el.p(rx.el.button("Changer de rôle", type="submit", class_name="bouton"), class_name="boutons"),
            on_submit=PersonneState.changer_role,
            class_name="pile",
        ),
    )


def _deleguer(droit: Donnee) -> rx.Component:
    vue: Donnee = PersonneState.vue
    cle = rx.Var.create("deleguer-").to(str) + droit.id
    formulaire = rx.el.form(
        *_contexte("deleguer", droit),
        liste_view("personne", "Votre suppléant", vue.connues, cle),
        date_view(
            "Jusqu’au",
            cle,
            aide=fr("Un an au plus. La suppléance s’arrête avec votre droit."),
            mini=vue.aujourd_hui,
            maxi=droit.au_plus,
            requise=True,
        ),
        rx.el.p(
            fr("Cette personne pourra ce que vous pouvez, sauf nommer un référent ou déléguer à son tour."),
            class_name="petit second",
        ),
        rx.el.p(rx.el.button("Déléguer", type="submit", class_name="bouton"), class_name="boutons"),
        on_submit=PersonneState.deleguer,
        class_name="pile",
    )
    inviter = rx.el.a(
        "Invitez d’abord cette personne",
        href=rx.Var.create("/etablissement/").to(str) + vue.finess + "/invitations",
        class_name="lien",
    )
    vide = rx.el.p(fr("Personne d’autre, dans cet établissement, ne s’est encore connecté. "), inviter, ".")
    return _repli("Me faire suppléer", droit, rx.cond(vue.connues.length() > 0, formulaire, vide))


def _transferer() -> rx.Component:
    vue: Donnee = PersonneState.vue
    cles: Donnee = PersonneState.cles

    def liste(titre: str, lignes: Donnee) -> rx.Component:
        return rx.cond(
            lignes.length() > 0,
            rx.fragment(
                rx.el.h3(titre),
                rx.el.ul(rx.foreach(lignes.to(list[str]), rx.el.li), class_name="puces"),
            ),
        )

    formulaire = rx.el.form(
        *caches(identifiant=vue.finess, personne=vue.id, vu=vue.vu, cle=cles["transferer"]),
        liste("Passent à l’autre personne", vue.passent),
        liste("Restent, faute de pouvoir les donner ici", vue.restent),
        liste("Reste ouvert, et ne change pas de main", vue.attend),
        rx.el.p(
            fr(
                "Les brouillons et les réponses en attente restent où ils sont : la personne qui reprend les voit sur "
                "chaque objet. Les délégations données par la personne qui part s’arrêtent."
            ),
            class_name="petit second",
        ),
        rx.cond(
            vue.connues.length() > 0,
            rx.fragment(
                liste_view("vers", "À qui", vue.connues, "transferer"),
                rx.el.p(
                    rx.el.button("Transférer ces droits", type="submit", class_name="bouton bouton--danger"),
                    class_name="boutons",
                ),
            ),
            rx.el.p(fr("Personne d’autre, dans cet établissement, ne s’est encore connecté.")),
        ),
        on_submit=PersonneState.transferer,
        class_name="pile",
    )
    return rx.el.section(
        rx.el.h2(
            rx.cond(vue.soi, "Je quitte cet établissement", "Cette personne quitte l’établissement"), id="t-transferer"
        ),
        rx.el.details(rx.el.summary("Transférer tous les droits à une autre personne"), formulaire, class_name="plis"),
        class_name="fiche",
        aria_labelledby="t-transferer",
    )


PAGES = ((parcours.ROUTE_PERSONNE, personne_page, PersonneState.titre_page, PersonneState.charger),)
