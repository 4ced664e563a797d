"""« Une proposition »: what came back by a personal link, before and after, accepted or refused part by part."""

from typing import Any
from uuid import uuid4

import reflex as rx

from rxror import db
from rxror.ror import parcours
from rxror.ror.erreurs import Conflit
from rxror.ror.parcours import Etape
from rxror.ror.typographie import fr
from rxror.services import propositions_recues
from rxror.services.changements import Changement
from rxror.services.demande import en_nombre
from rxror.services.propositions_recues import ACCEPTER, REFUSER, Decision, PartieVue
from rxror.ui.components.changements import changements_view
from rxror.ui.components.foyer import foyer_view, vers
from rxror.ui.components.geste import NON_PUBLIE, barre_view, caches, message_view
from rxror.ui.demande import CHOIX, VU, lire_demande, vus_et_choix
from rxror.ui.identity import acteur
from rxror.ui.layout import page, tete
from rxror.ui.pages.edition import EditionState
from rxror.ui.place import ICI, dernier, place

TITRE = "Proposition reçue"
CONTEXTE = ("numero", "cle")
CHANGE = fr("Quelque chose a changé entre-temps : rien n’est encore enregistré. Relisez, puis choisissez.")


class PropositionState(rx.State):
    """The proposal of the address, beside what the database had when it was shown."""

    place: str = ""
    titre_page: str = parcours.titre(TITRE)
    nom: str = ""
    titre: str = ""
    chemin: list[parcours.Maillon] = []
    avec_uf: bool = True
    auteur: str = ""
    recit: str = ""
    mot: str = ""
    parties: list[PartieVue] = []
    decidable: bool = False
    numero_lu: int = 0
    cle: str = ""
    retour: str = ""
    message: str = ""
    foyer: str = ""

    @rx.event
    def charger(self) -> None:
        """Read the proposal of the address."""
        self.reset()
        self._montrer()

    def _montrer(self) -> str:
        """Show it; gives the address of the form of its section."""
        numero = en_nombre(dernier(self))
        with db.lecture() as session:
            vue = propositions_recues.lire(session, acteur(self, session), numero)
        self.nom, self.titre, self.avec_uf = vue.nom, vue.titre, vue.avec_uf
        self.auteur, self.recit, self.mot = vue.auteur, vue.recit, vue.mot
        self.parties, self.decidable = vue.parties, vue.decidable
        self.numero_lu, self.cle = numero, str(uuid4())
        self.retour = parcours.url_objet(vue.cible.genre, vue.cible.identifiant)
        self.chemin = parcours.chemin_de(*vue.chemin, (TITRE, ""))
        self.titre_page = parcours.titre(TITRE, vue.titre, vue.nom)
        self.place = place(self)
        return parcours.url_section(vue.cible.genre, vue.cible.identifiant, vue.section)

    @rx.event
    def decider(self, saisie: dict[str, Any]) -> Any:
        """Keep what was chosen; if something changed meanwhile, show it again and keep nothing."""
        decision = _decision(saisie)
        try:
            restent = db.rejouable(lambda s: propositions_recues.decider(s, acteur(self, s), decision))
        except Conflit:
            self._montrer()
            self.message, self.foyer = CHANGE, vers("message")
            return None
        formulaire = self._montrer()
        self.message, self.foyer = _dit(decision, restent), vers("message")
        return EditionState.quitter(formulaire)  # the form, if this tab still holds it


def _dit(decision: Decision, restent: int) -> str:
    if not decision.choix:
        return "Rien n’est choisi : cochez accepter ou refuser."
    suite = f"Il en reste {restent} à examiner." if restent else NON_PUBLIE
    return fr(f"Vos choix sont enregistrés. {suite}")


def _decision(saisie: Any) -> Decision:
    """The choices as the form sends them, checked before anything is done with them."""
    return lire_demande(Decision, saisie, CONTEXTE, **vus_et_choix(saisie))


def proposition_page() -> rx.Component:
    """The page of a proposal."""
    etat = PropositionState
    return page(
        tete(
            rx.Var.create("Proposition de ").to(str) + etat.auteur,
            rx.el.p(etat.recit, class_name="second"),
            surtitre=rx.Var.create("").to(str) + etat.nom + ", " + etat.titre,
        ),
        foyer_view(etat.foyer),
        message_view(etat.message),
        rx.cond(
            etat.mot,
            rx.el.div(rx.el.h2("Son mot"), rx.el.p(etat.mot), class_name="fiche fiche--lecture"),
        ),
        rx.cond(etat.parties.length() > 0, _parties(), rx.el.p(fr("Tout est exact : cette personne n’a rien changé."))),
        rx.cond(
            etat.decidable & (etat.parties.length() > 0),
            rx.fragment(),
            rx.el.p(rx.el.a("Revenir", href=etat.retour, class_name="bouton"), class_name="boutons"),
        ),
        etape=int(Etape.MODIFIER),
        avec_uf=etat.avec_uf,
        chemin=etat.chemin,
        espacee=True,
        pret=etat.place == ICI,
    )


def _parties() -> rx.Component:
    etat = PropositionState
    return rx.el.form(
        *caches(numero=etat.numero_lu, cle=etat.cle),
        rx.foreach(etat.parties, _partie),
        rx.cond(
            etat.decidable,
            barre_view(
                fr(f"Ce que vous acceptez va dans le brouillon. {NON_PUBLIE}"),
                rx.el.a("Plus tard", href=etat.retour, class_name="bouton bouton--second"),
                rx.el.button("Enregistrer mes choix", type="submit", class_name="bouton"),
            ),
            rx.fragment(),
        ),
        on_submit=etat.decider,
        class_name="pile",
        custom_attrs={"noValidate": True},
    )


def _partie(partie: rx.Var) -> rx.Component:
    titre = partie["titre"].to(str)
    return rx.el.section(
        rx.el.h2(titre),
        rx.cond(partie["note"], rx.el.p(rx.el.strong(partie["note"].to(str))), rx.fragment()),
        changements_view(partie["changements"].to(list[Changement]), "Réponses avant et après"),
        rx.cond(
            partie["decision"],
            rx.el.p(rx.el.strong(partie["decision"].to(str))),
            rx.cond(PropositionState.decidable, _choix(partie), rx.fragment()),
        ),
        class_name="fiche cartes",
        key=partie["nom"].to(str),
        aria_label=titre,
    )


def _choix(partie: rx.Var) -> rx.Component:
    nom = partie["nom"].to(str)
    return rx.fragment(
        rx.el.input(type="hidden", name=rx.Var.create(VU).to(str) + nom, value=partie["vu"].to(str)),
        rx.el.fieldset(
            rx.el.legend(
                fr("Que faire de cette réponse ?"), rx.el.span(" ", partie["titre"].to(str), class_name="invisible")
            ),
            rx.cond(
                partie["acceptable"], _radio(nom, ACCEPTER, "Accepter", "Elle va dans le brouillon."), rx.fragment()
            ),
            _radio(nom, REFUSER, "Refuser", "Rien ne change ; elle reste dans l’historique."),
            class_name="groupe",
        ),
    )


def _radio(nom: rx.Var, valeur: str, label: str, detail: str) -> rx.Component:
    return rx.el.label(
        rx.el.input(type="radio", name=rx.Var.create(CHOIX).to(str) + nom, value=valeur),
        rx.el.span(label, rx.el.small(fr(detail))),
        class_name="choix",
    )


PAGES = ((parcours.ROUTE_PROPOSITION, proposition_page, PropositionState.titre_page, PropositionState.charger),)
