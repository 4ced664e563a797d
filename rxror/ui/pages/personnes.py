"""« Personnes et droits » of an établissement: who has what, give a right, who publishes."""

from typing import Any
from uuid import uuid4

import reflex as rx

from rxror import db
from rxror.ror import parcours
from rxror.ror.erreurs import GesteRefuse
from rxror.ror.parcours import Etape
from rxror.ror.typographie import fr
from rxror.services import gestes_de_droits, personnes, reglages
from rxror.services.demande import en_nombre
from rxror.services.personnes_vues import DroitMontre, PersonneMontree, VuePersonnes
from rxror.ui.components.droits import SANS_FIN, date_view, fait_view, liste_view, sans_referent_view
from rxror.ui.components.etats import Donnee, etat
from rxror.ui.components.foyer import foyer_view, vers
from rxror.ui.components.geste import caches, message_view
from rxror.ui.components.parcourir import PRECEDENTE, SUIVANTE, lien_de_page, pages_view
from rxror.ui.demande import lire_demande
from rxror.ui.identity import acteur
from rxror.ui.layout import page, tete
from rxror.ui.place import ICI, cible, place

TITRE = "Personnes et droits"
ACCORDER = ("identifiant", "personne", "role", "structure", "fin", "cle")
REGLER = ("identifiant", "separee", "cle")


class PersonnesState(rx.State):
    """Who has rights on the établissement of the address, as the database had it when the page was shown."""

    place: str = ""
    titre_page: str = parcours.titre(TITRE)
    vue: VuePersonnes = VuePersonnes()
    precedente: str = ""
    suivante: str = ""
    cle: str = ""
    cle_du_reglage: str = ""
    message: str = ""
    fait: str = ""
    foyer: str = ""

    @rx.event
    def charger(self) -> None:
        """Read the people of the établissement."""
        self.reset()
        self._preparer()

    def _preparer(self) -> None:
        numero = en_nombre(self.router.url.query_parameters.get("page")) or 1
        finess = cible(self).identifiant
        with db.lecture() as session:
            self.vue = personnes.lister(session, acteur(self, session), finess, numero)
        url = parcours.url_personnes(finess)
        self.precedente = f"{url}?page={self.vue.page - 1}" if self.vue.page > 1 else ""
        self.suivante = f"{url}?page={self.vue.page + 1}" if self.vue.page < self.vue.pages else ""
        self.cle, self.cle_du_reglage = str(uuid4()), str(uuid4())
        self.titre_page = parcours.titre(TITRE, self.vue.nom)
        self.place = place(self)

    def _repondre(self, faire: Any) -> None:
        """Do a gesture, then show what is done, or why it is not."""
        self.message = self.fait = ""
        try:
            self.fait = db.rejouable(faire)
        except GesteRefuse as refus:
            self.message, self.foyer = str(refus), vers("message")
            return
        self._preparer()
        self.foyer = vers("fait")

    @rx.event
    def accorder(self, saisie: dict[str, Any]) -> None:
        """Give a right to somebody already known here."""
        demande = lire_demande(gestes_de_droits.Accorder, saisie, ACCORDER)
        self._repondre(lambda session: gestes_de_droits.accorder(session, acteur(self, session), demande))

    @rx.event
    def regler(self, saisie: dict[str, Any]) -> None:
        """Say who publishes."""
        demande = lire_demande(reglages.Regler, saisie, REGLER)
        self._repondre(lambda session: reglages.regler(session, acteur(self, session), demande))


def personnes_page() -> rx.Component:
    """The page of the people of an établissement."""
    etat_ = PersonnesState
    vue: Donnee = etat_.vue
    return page(
        tete(TITRE, rx.el.p(vue.resume, class_name="second"), surtitre=vue.nom),
        foyer_view(etat_.foyer),
        message_view(etat_.message),
        fait_view(etat_.fait),
        rx.cond(vue.sans_referent, sans_referent_view("#donner", ici=True), rx.fragment()),
        rx.el.section(
            rx.el.h2("Qui a un droit ici", id="t-qui"),
            rx.el.ul(rx.foreach(vue.personnes.to(list[PersonneMontree]), _personne), class_name="liste"),
            rx.cond(vue.pages > 1, _pages()),
            class_name="pile",
            aria_labelledby="t-qui",
        ),
        _donner(),
        _qui_publie(),
        etape=int(Etape.RETROUVER),
        avec_uf=vue.sanitaire,
        chemin=vue.chemin,
        etroite=True,
        espacee=True,
        pret=etat_.place == ICI,
    )


def _personne(personne: Donnee) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.h3(personne.nom, rx.cond(personne.soi, " (vous)", "")),
            rx.el.p(personne.connexion, class_name="petit second"),
            rx.el.ul(rx.foreach(personne.droits.to(list[DroitMontre]), _droit), class_name="pile"),
        ),
        rx.el.a(
            rx.cond(personne.change, "Gérer", "Voir"),
            rx.el.span(" les droits de ", personne.nom, class_name="invisible"),
            href=personne.url,
            class_name="bouton bouton--second bouton--compact",
        ),
        key=personne.id,
    )


def _droit(droit: Donnee) -> rx.Component:
    return rx.el.li(
        rx.el.strong(droit.role),
        rx.el.span(", ", droit.ou),
        rx.cond(droit.vient, rx.el.span(" (", droit.vient, ")", class_name="second petit")),
        rx.cond(droit.suppleance, rx.fragment(" ", etat(droit.suppleance, "brouillon"))),
        rx.el.br(),
        rx.el.span(droit.dates, rx.cond(droit.par, rx.fragment(". ", droit.par)), class_name="petit second"),
        key=droit.id,
    )


def _pages() -> rx.Component:
    etat_ = PersonnesState
    vue: Donnee = etat_.vue
    avant, apres = lien_de_page(PRECEDENTE, etat_.precedente), lien_de_page(SUIVANTE, etat_.suivante)
    return pages_view(vue.page, vue.pages, avant, apres)


def _donner() -> rx.Component:
    etat_ = PersonnesState
    vue: Donnee = etat_.vue
    formulaire = rx.el.form(
        *caches(identifiant=vue.finess, cle=etat_.cle),
        liste_view("personne", "À qui", vue.connues, "donner"),
        liste_view("role", "Rôle", vue.roles, "donner"),
        liste_view(
            "structure",
            "Sur",
            vue.structures,
            "donner",
            premier="Tout l’établissement",
            aide=fr("Un pôle, un service ou une UF : avec tout ce qui est dessous."),
        ),
        date_view("Jusqu’au", "donner", aide=SANS_FIN),
        rx.el.p(rx.el.button("Donner ce droit", type="submit", class_name="bouton"), class_name="boutons"),
        on_submit=etat_.accorder,
        class_name="pile",
    )
    return rx.el.section(
        rx.el.h2("Donner un droit", id="t-donner"),
        rx.el.p(
            fr("À quelqu’un qui ne s’est jamais connecté ? "),
            rx.el.a(
                "Invitez par courriel", href="/etablissement/" + vue.finess.to(str) + "/invitations", class_name="lien"
            ),
            ".",
        ),
        rx.cond(
            vue.connues.length() > 0,
            formulaire,
            rx.el.p(fr("Personne d’autre, dans cet établissement, ne s’est encore connecté.")),
        ),
        class_name="fiche pile",
        id="donner",
        aria_labelledby="t-donner",
    )


def _qui_publie() -> rx.Component:
    etat_ = PersonnesState
    vue: Donnee = etat_.vue
    return rx.el.section(
        rx.el.h2("Qui valide les offres", id="t-valide"),
        rx.el.p(
            rx.cond(
                vue.separee,
                fr(
                    "Les responsables d’offre préparent et demandent la validation ; un référent relit, puis valide "
                    "ou renvoie avec un mot."
                ),
                fr("Les responsables d’offre valident eux-mêmes ce qu’ils préparent."),
            )
        ),
        rx.el.form(
            *caches(identifiant=vue.finess, cle=etat_.cle_du_reglage, separee=rx.cond(vue.separee, "false", "true")),
            rx.el.p(
                rx.el.button(
                    rx.cond(vue.separee, "Les laisser valider eux-mêmes", "Faire valider par un référent"),
                    type="submit",
                    class_name="bouton bouton--second",
                ),
                class_name="boutons",
            ),
            on_submit=etat_.regler,
        ),
        class_name="fiche pile",
        aria_labelledby="t-valide",
    )


PAGES = ((parcours.ROUTE_PERSONNES, personnes_page, PersonnesState.titre_page, PersonnesState.charger),)
