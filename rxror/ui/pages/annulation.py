"""« Annuler mon dernier enregistrement »: what it would put back, what a colleague changed since, then one button."""

from typing import Any
from uuid import uuid4

import reflex as rx

from rxror import db
from rxror.ror import parcours
from rxror.ror.erreurs import Conflit
from rxror.ror.parcours import Etape
from rxror.ror.typographie import fr
from rxror.services import annulation
from rxror.services.annulation import Annulation
from rxror.services.changements import Changement
from rxror.ui.components.changements import changements_view
from rxror.ui.components.foyer import foyer_view, vers
from rxror.ui.components.geste import barre_view, caches, message_view
from rxror.ui.demande import lire_demande
from rxror.ui.identity import acteur
from rxror.ui.layout import page, tete
from rxror.ui.place import ICI, cible, dernier, place

TITRE = "Annuler mon dernier enregistrement"
CONTEXTE = ("genre", "identifiant", "section", "vu", "cle")
CHANGE = fr("La section a changé depuis l’ouverture de cette page : rien n’est annulé. Relisez-la.")


class AnnulationState(rx.State):
    """What undoing would change, as the database had it when the page was shown."""

    place: str = ""
    titre_page: str = parcours.titre(TITRE)
    nom: str = ""
    chemin: list[parcours.Maillon] = []
    retour: str = ""
    avec_uf: bool = True
    titre: str = ""
    phrase: str = ""
    changements: list[Changement] = []
    laisses: list[str] = []
    message: str = ""
    foyer: str = ""
    objet: str = ""
    identifiant: str = ""
    cle_section: str = ""
    vu: str = ""
    cle: str = ""

    @rx.event
    def charger(self) -> None:
        """Read the section of the address."""
        self.reset()
        self._preparer()

    def _preparer(self) -> None:
        ou, section = cible(self), dernier(self)
        with db.lecture() as session:
            vue = annulation.preparer(session, acteur(self, session), ou, section)
        self.nom, self.retour, self.avec_uf, self.titre = vue.nom, vue.retour, vue.avec_uf, vue.titre
        self.chemin = parcours.chemin_de(*vue.chemin, ("Annuler", ""))
        self.phrase, self.changements, self.laisses, self.vu = vue.phrase, vue.changements, vue.laisses, vue.vu
        self.objet, self.identifiant, self.cle_section, self.cle = ou.genre, ou.identifiant, section, str(uuid4())
        self.titre_page = parcours.titre(TITRE, vue.titre, vue.nom)
        self.place = place(self)

    @rx.event
    def annuler(self, saisie: dict[str, Any]) -> Any:
        """Put the section back as it was; if anything changed meanwhile, show it again and write nothing."""
        demande = lire_demande(Annulation, saisie, CONTEXTE)
        try:
            db.rejouable(lambda session: annulation.annuler(session, acteur(self, session), demande))
        except Conflit:
            self._preparer()
            self.message = CHANGE
            self.foyer = vers("message")
            return None
        return rx.redirect(parcours.url_objet(demande.genre, demande.identifiant))


def annulation_page() -> rx.Component:
    """The page that undoes one's last save of a section."""
    etat = AnnulationState
    return page(
        tete(TITRE, rx.el.p("Section ", etat.titre, class_name="second"), surtitre=etat.nom),
        foyer_view(etat.foyer),
        message_view(etat.message),
        rx.cond(etat.phrase, rx.el.p(etat.phrase)),
        rx.cond(
            etat.laisses.length() > 0,
            rx.el.section(
                rx.el.h2("Ce qui reste comme un autre l’a laissé", id="t-laisses"),
                rx.el.ul(rx.foreach(etat.laisses, lambda d: rx.el.li(d))),
                class_name="panneau panneau--alerte",
                aria_labelledby="t-laisses",
            ),
        ),
        rx.cond(etat.changements.length() > 0, _ce_qui_revient(), _rien()),
        etape=int(Etape.MODIFIER),
        avec_uf=etat.avec_uf,
        chemin=etat.chemin,
        pile=True,
        espacee=True,
        pret=etat.place == ICI,
    )


def _rien() -> rx.Component:
    return rx.fragment(
        rx.el.p(
            fr(
                "Rien à annuler ici : votre dernier enregistrement est déjà publié, annulé ou abandonné, "
                "ou un autre l’a changé depuis."
            )
        ),
        rx.el.p(rx.el.a("Revenir", href=AnnulationState.retour, class_name="bouton"), class_name="boutons"),
    )


def _ce_qui_revient() -> rx.Component:
    etat = AnnulationState
    return rx.el.form(
        *caches(genre=etat.objet, identifiant=etat.identifiant, section=etat.cle_section, vu=etat.vu, cle=etat.cle),
        rx.el.section(
            rx.el.div(rx.el.h2("Ce qui revient", id="t-revient"), class_name="tableau-tete"),
            changements_view(etat.changements, "Valeurs avant et après l’annulation"),
            class_name="tableau cartes",
            aria_labelledby="t-revient",
        ),
        barre_view(
            "Ce qui est publié ne change pas.",
            rx.el.a("Revenir", href=etat.retour, class_name="bouton bouton--second"),
            rx.el.button("Annuler mon enregistrement", type="submit", class_name="bouton"),
        ),
        on_submit=etat.annuler,
    )


PAGES = tuple(
    (f"{route}/{parcours.ANNULER}", annulation_page, AnnulationState.titre_page, AnnulationState.charger)
    for route in parcours.ROUTES_OBJETS
)
