"""« Rouvrir… »: what closed together, ticked; what stays closed, and why."""

from typing import Any
from uuid import uuid4

import reflex as rx

from rxror import db
from rxror.ror import parcours
from rxror.ror.erreurs import Conflit
from rxror.ror.parcours import Etape
from rxror.ror.typographie import fr
from rxror.services import reouverture
from rxror.services.reouverture import Choix
from rxror.services.vues import Blocage, Lot
from rxror.ui.components.foyer import foyer_view, vers
from rxror.ui.components.geste import a_change, barre_view, caches, message_view
from rxror.ui.components.lots import VIDE, blocages_view, lot_view
from rxror.ui.demande import lire_demande, textes
from rxror.ui.identity import acteur
from rxror.ui.layout import page, tete
from rxror.ui.place import ICI, cible, place

PREFIXE = "rouvre."
CONTEXTE = ("genre", "identifiant", "vu", "cle")
CHANGE = a_change("Rien n’est rouvert.", "Relisez la liste, puis recommencez.")


class ReouvertureState(rx.State):
    """What would reopen, as the database had it when the page was shown."""

    place: str = ""
    titre_page: str = parcours.titre("Rouvrir")
    nom: str = ""
    surtitre: str = ""
    chemin: list[parcours.Maillon] = []
    retour: str = ""
    avec_uf: bool = True
    objet: str = ""
    identifiant: str = ""
    cle: str = ""
    vu: str = ""
    phrase: str = ""
    motif: str = ""
    message: str = ""
    foyer: str = ""
    choix: list[Choix] = []
    autres: int = 0
    restent: Lot = VIDE
    obstacle: list[Blocage] = []

    @rx.event
    def charger(self) -> None:
        """Read the object of the address and what closed with it."""
        self.reset()
        self._preparer()

    def _preparer(self) -> None:
        with db.lecture() as session:
            vue = reouverture.preparer(session, acteur(self, session), cible(self))
        ecran = vue.ecran
        self.objet, self.identifiant, self.cle = cible(self).genre, cible(self).identifiant, str(uuid4())
        self.nom, self.surtitre, self.retour, self.avec_uf = ecran.nom, ecran.surtitre, ecran.retour, ecran.avec_uf
        self.phrase, self.motif, self.vu = vue.phrase, vue.motif, vue.vu
        self.choix, self.autres, self.restent, self.obstacle = vue.choix, vue.autres, vue.restent, vue.obstacle
        self.chemin = parcours.chemin_de(*ecran.chemin, ("Rouvrir", ""))
        self.titre_page = parcours.titre("Rouvrir", ecran.nom)
        self.place = place(self)

    @rx.event
    def rouvrir(self, saisie: dict[str, Any]) -> Any:
        """Reopen what is ticked, or say what forbids it."""
        demande = _demande(saisie)
        try:
            blocages = db.rejouable(lambda session: reouverture.rouvrir(session, acteur(self, session), demande))
        except Conflit:
            self._preparer()
            self.message = CHANGE
            self.foyer = vers("message")
            return None
        if blocages:
            self.obstacle, self.foyer = blocages, vers("bloque")
            return None
        return rx.redirect(parcours.url_objet(demande.genre, demande.identifiant))


def _demande(saisie: Any) -> reouverture.Rouvrir:
    reponses = textes(saisie)
    choisis = {nom.removeprefix(PREFIXE) for nom, texte in reponses.items() if nom.startswith(PREFIXE) and texte}
    return lire_demande(reouverture.Rouvrir, saisie, CONTEXTE, choisis=choisis, autres=bool(reponses.get("autres")))


def reouverture_page() -> rx.Component:
    """The page that reopens an offer or a structure."""
    etat = ReouvertureState
    return page(
        tete("Rouvrir", surtitre=etat.surtitre),
        foyer_view(etat.foyer),
        message_view(etat.message),
        rx.cond(etat.obstacle.length() > 0, blocages_view(etat.obstacle, "Ceci empêche de rouvrir")),
        rx.cond(
            etat.phrase,
            _formulaire(),
            rx.el.p(fr("Rien n’est fermé ici : il n’y a rien à rouvrir."), class_name="fiche"),
        ),
        etape=int(Etape.MODIFIER),
        avec_uf=etat.avec_uf,
        chemin=etat.chemin,
        etroite=True,
        espacee=True,
        pret=etat.place == ICI,
    )


def _formulaire() -> rx.Component:
    etat = ReouvertureState
    return rx.el.form(
        *caches(genre=etat.objet, identifiant=etat.identifiant, vu=etat.vu, cle=etat.cle),
        rx.el.section(
            rx.el.h2(etat.phrase),
            rx.cond(etat.motif, rx.el.p(fr("Motif : "), etat.motif)),
            rx.el.p(
                fr(
                    "Le type, la date de fermeture et la date de réouverture sont effacés. "
                    "Les capacités mises à 0 le restent : mettez-les à jour sur la page du lieu."
                ),
                class_name="petit second",
            ),
            class_name="fiche pile",
        ),
        _choix(),
        lot_view(etat.restent, "Reste fermé", fr("Fermé par un autre geste : à rouvrir sur sa page.")),
        barre_view(
            "Une offre rouverte est à relire, puis à valider.",
            rx.el.a("Annuler", href=etat.retour, class_name="bouton bouton--second"),
            rx.el.button("Rouvrir", type="submit", class_name="bouton"),
        ),
        on_submit=etat.rouvrir,
        class_name="pile--large",
    )


def _choix() -> rx.Component:
    etat = ReouvertureState

    def case(choix: Any) -> rx.Component:
        nom = rx.Var.create(PREFIXE).to(str) + choix["cle"].to(str)
        return rx.el.label(
            rx.el.input(type="checkbox", name=nom, value="oui", default_checked=True),
            rx.el.span(choix["nom"], rx.el.small(choix["detail"])),
            class_name="choix",
            key=choix["cle"].to(str),
        )

    return rx.cond(
        etat.choix.length() > 0,
        rx.el.fieldset(
            rx.el.legend("Rouvrir aussi ce qui a fermé avec"),
            rx.foreach(etat.choix, case),
            rx.cond(
                etat.autres > 0,
                rx.el.label(
                    rx.el.input(type="checkbox", name="autres", value="oui", default_checked=True),
                    rx.el.span("Les ", etat.autres, " autres, non listées ici"),
                    class_name="choix",
                ),
            ),
            class_name="groupe fiche",
        ),
    )


PAGES = tuple(
    (route, reouverture_page, ReouvertureState.titre_page, ReouvertureState.charger)
    for route in (parcours.ROUTE_OFFRE_ROUVRIR, parcours.ROUTE_STRUCTURE_ROUVRIR)
)
