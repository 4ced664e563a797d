"""« Séparer le lieu »: which offers take a copy, its name, and which of the two keeps what is counted."""

from typing import Any
from uuid import uuid4

import reflex as rx

from rxror import db
from rxror.ror import parcours
from rxror.ror.erreurs import Conflit
from rxror.ror.lecture import Ligne
from rxror.ror.parcours import Etape
from rxror.ror.saisie import OUI
from rxror.ror.typographie import fr
from rxror.services import separation
from rxror.services.separation import Compte, Ecartee, OffreServie, Separer
from rxror.ui.components.foyer import foyer_view, vers
from rxror.ui.components.geste import RETENU, a_change, barre_view, caches, identifiant, message_view
from rxror.ui.demande import lire_demande, textes
from rxror.ui.identity import acteur
from rxror.ui.layout import page, tete
from rxror.ui.place import ICI, cible, offre_de_depart, place

PREFIXE = "separe."
CONTEXTE = ("genre", "identifiant", "vu", "cle", "nom", "compte")
CHANGE = a_change("Rien n’est séparé.", "Relisez la liste, puis recommencez.")
CHAMPS = {"choisies": "choisies", "nom": "nom", "compte": "compte"}  # {answer: where its error is read}


class SeparationState(rx.State):
    """The offers that a lieu serves, as the database had them when the page was shown."""

    place: str = ""
    titre_page: str = parcours.titre("Séparer le lieu")
    nom: str = ""
    chemin: list[parcours.Maillon] = []
    retour: str = ""
    avec_uf: bool = True
    objet: str = ""
    identifiant: str = ""
    offres: list[OffreServie] = []
    ecartees: list[Ecartee] = []
    comptes: list[Ligne] = []
    recues: list[Ligne] = []
    non_deplacable: str = ""
    brouillon: bool = False
    limite: str = ""
    vu: str = ""
    cle: str = ""
    erreurs: dict[str, str] = {}
    message: str = ""
    foyer: str = ""

    @rx.event
    def charger(self) -> None:
        """Read the lieu of the address and the offers it serves."""
        self.reset()
        self._preparer()

    def _preparer(self) -> None:
        with db.lecture() as session:
            vue = separation.preparer(session, acteur(self, session), cible(self))
        self.objet, self.identifiant, self.cle = cible(self).genre, cible(self).identifiant, str(uuid4())
        self.nom, self.avec_uf, self.vu = vue.nom, vue.avec_uf, vue.vu
        depuis = offre_de_depart(self)
        self.retour = parcours.url_valider(depuis) if depuis else vue.retour
        self.offres, self.ecartees, self.limite = vue.offres, vue.ecartees, vue.suite
        self.comptes, self.recues, self.non_deplacable = vue.comptes, vue.recues, vue.non_deplacable
        self.brouillon, self.erreurs, self.message = vue.brouillon, {}, ""
        self.chemin = parcours.chemin_de(*vue.chemin, ("Séparer le lieu", ""))
        self.titre_page = parcours.titre("Séparer le lieu", vue.nom)
        self.place = place(self)

    @rx.event
    def separer(self, saisie: dict[str, Any]) -> Any:
        """Make the copy and open it, or say what is missing."""
        demande = _demande(saisie)
        try:
            neuf, erreurs = db.rejouable(lambda s: separation.separer(s, acteur(self, s), demande))
        except Conflit:
            self._preparer()
            self.message, self.foyer = CHANGE, vers("message")
            return None
        if erreurs:
            self.erreurs, self.foyer = erreurs, vers(next(n for n in CHAMPS if n in erreurs))
            return None
        return rx.redirect(parcours.url_lieu(neuf))


def _demande(saisie: Any) -> Separer:
    cochees = [nom.removeprefix(PREFIXE) for nom, v in textes(saisie).items() if nom.startswith(PREFIXE) and v == OUI]
    return lire_demande(Separer, saisie, CONTEXTE, choisies=cochees)


# ------------------------------------------------------------------------------ the page


def separation_page() -> rx.Component:
    """The page that gives offers their own copy of a lieu."""
    etat = SeparationState
    return page(
        tete(
            "Séparer le lieu",
            rx.el.p(
                fr("Les offres cochées prennent une copie de ce lieu. Les autres le gardent."),
                class_name="second",
            ),
            surtitre=etat.nom,
        ),
        foyer_view(etat.foyer),
        message_view(etat.message),
        rx.cond((etat.offres.length() + etat.ecartees.length()) > 1, _formulaire(), _rien()),
        etape=int(Etape.MODIFIER),
        avec_uf=etat.avec_uf,
        chemin=etat.chemin,
        etroite=True,
        espacee=True,
        pret=etat.place == ICI,
    )


def _rien() -> rx.Component:
    return rx.el.section(
        rx.el.h2("Ce lieu n’est pas partagé", id="t-rien"),
        rx.el.p(fr("Il sert une offre au plus : il n’y a rien à séparer.")),
        rx.el.p(rx.el.a("Revenir", href=SeparationState.retour, class_name="bouton bouton--second")),
        class_name="panneau",
        aria_labelledby="t-rien",
    )


def _formulaire() -> rx.Component:
    etat = SeparationState
    return rx.el.form(
        *caches(genre=etat.objet, identifiant=etat.identifiant, vu=etat.vu, cle=etat.cle),
        rx.el.div(_offres(), _ecartees(), class_name="fiche pile"),
        rx.el.div(_nom(), class_name="fiche pile"),
        rx.cond(etat.comptes.length() + etat.recues.length() > 0, rx.el.div(_compte(), class_name="fiche pile")),
        rx.cond(
            etat.brouillon,
            rx.el.p(
                fr(
                    "Ce qui est enregistré et pas encore validé reste avec le lieu d’origine : "
                    "la copie part de ce qui est publié."
                ),
                class_name="second",
            ),
        ),
        barre_view(
            fr(
                "Publié tout de suite. Les identifiants du lieu et des offres ne changent pas ; "
                "la copie reçoit le sien."
            ),
            rx.el.a("Annuler", href=etat.retour, class_name="bouton bouton--second"),
            rx.el.button("Séparer le lieu", type="submit", class_name="bouton"),
        ),
        on_submit=etat.separer,
        class_name="pile--large",
        custom_attrs=RETENU,
    )


def _offres() -> rx.Component:
    etat = SeparationState

    def case(offre: Any) -> rx.Component:
        nom = rx.Var.create(PREFIXE).to(str) + offre["identifiant"].to(str)
        return rx.el.label(
            rx.el.input(type="checkbox", name=nom, value=OUI),
            rx.el.span(offre["nom"]),
            class_name="choix",
            key=offre["identifiant"].to(str),
        )

    return rx.el.fieldset(
        rx.el.legend(fr("Quelles offres prennent la copie ?")),
        rx.el.p("Laissez-en au moins une avec le lieu d’origine.", class_name="aide"),
        _erreur("choisies"),
        rx.cond(etat.limite, rx.el.p(etat.limite, class_name="petit second")),
        rx.foreach(etat.offres, case),
        class_name="groupe",
        id=identifiant("choisies"),
        custom_attrs={"tabIndex": -1},
    )


def _ecartees() -> rx.Component:
    etat = SeparationState
    return rx.cond(
        etat.ecartees.length() > 0,
        rx.el.div(
            rx.el.p(fr("Gardent ce lieu :"), class_name="second"),
            rx.el.ul(
                rx.foreach(
                    etat.ecartees,
                    lambda e: rx.el.li(
                        rx.el.a(e["nom"], href=e["url"].to(str), class_name="lien"),
                        rx.el.span(" ", e["raison"], class_name="petit second"),
                    ),
                ),
                class_name="puces",
            ),
        ),
    )


def _nom() -> rx.Component:
    return rx.el.div(
        rx.el.label("Nom de la copie", html_for="nom"),
        rx.el.p(
            fr("Celui que lisent les équipes, par exemple « Gynécologie, consultations, 2e étage »."),
            class_name="aide",
            id="aide-nom",
        ),
        _erreur("nom"),
        rx.el.input(
            type="text",
            name="nom",
            id=identifiant("nom"),
            max_length=100,
            required=True,
            auto_complete="off",
            class_name="saisie",
            aria_describedby="aide-nom e-nom",
            aria_invalid=rx.cond(SeparationState.erreurs["nom"], "true", "false"),
        ),
        class_name="champ",
    )


def _compte() -> rx.Component:
    etat = SeparationState
    reste = (
        (Compte.ORIGINE, "Le lieu d’origine", "La copie commence sans lit ni équipement.", False),
        (Compte.COPIE, "La copie", "Le lieu d’origine n’en a plus.", True),
        (
            Compte.DEUX,
            "Les deux, à répartir ensuite",
            "Ils comptent deux fois jusqu’à ce que vous les répartissiez entre les deux lieux.",
            False,
        ),
    )
    return rx.fragment(
        rx.cond(
            etat.comptes.length() > 0,
            rx.el.fieldset(
                rx.el.legend(fr("Quel lieu garde les lits et les équipements ?")),
                _lignes(etat.comptes),
                _erreur("compte"),
                *(_radio(c, *mots) for c, *mots in reste),
                class_name="groupe",
                id=identifiant("compte"),
                custom_attrs={"tabIndex": -1},
            ),
        ),
        rx.cond(etat.non_deplacable, rx.el.p(etat.non_deplacable, class_name="petit second")),
        rx.cond(etat.recues.length() > 0, _lignes(etat.recues)),
    )


def _radio(compte: Compte, nom: str, detail: str, deplace: bool) -> rx.Component:
    choix = rx.el.label(
        rx.el.input(type="radio", name="compte", value=compte.value),
        rx.el.span(nom, rx.el.small(detail)),
        class_name="choix",
    )
    return rx.cond(SeparationState.non_deplacable, rx.fragment(), choix) if deplace else choix


def _lignes(lignes: Any) -> rx.Component:
    return rx.el.ul(
        rx.foreach(
            lignes.to(list[Ligne]),
            lambda e: rx.el.li(
                e["texte"], rx.cond(e["origine"], rx.el.span(" ", e["origine"], class_name="petit second"))
            ),
        ),
        class_name="puces",
    )


def _erreur(nom: str) -> rx.Component:
    erreur = SeparationState.erreurs[nom]
    return rx.cond(erreur, rx.el.p(erreur, class_name="erreur", id=f"e-{nom}"), rx.fragment())


PAGES = ((parcours.ROUTE_LIEU_SEPARER, separation_page, SeparationState.titre_page, SeparationState.charger),)
