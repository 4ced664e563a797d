"""« Fermer… » an offer or a structure: the answers, then what follows from them, then the gesture."""

from typing import Any
from uuid import uuid4

import reflex as rx
from sqlmodel import SQLModel

from rxror import db
from rxror.ror import parcours
from rxror.ror.champs import Contexte, champs_de
from rxror.ror.erreurs import AccesRefuse, Conflit, ObjetFerme
from rxror.ror.fermeture import Reponses
from rxror.ror.parcours import Etape
from rxror.ror.typographie import fr
from rxror.services import fermeture
from rxror.services.apercu_de_fermeture import Apercu
from rxror.services.fermeture import NOMS
from rxror.services.gestes_de_fermeture import Ecran
from rxror.services.nomenclatures import catalogue
from rxror.services.vues import Blocage, Lot
from rxror.ui.champs import champ_view
from rxror.ui.components.foyer import foyer_view, vers
from rxror.ui.components.geste import RETENU, a_change, barre_view, caches, identifiant, message_view
from rxror.ui.components.lots import VIDE, blocages_view, lot_view
from rxror.ui.demande import lire_demande, textes
from rxror.ui.identity import acteur
from rxror.ui.layout import page, tete
from rxror.ui.place import ICI, cible, place
from rxror.ui.saisie import Formulaires

CONTEXTE = ("genre", "identifiant", "vu", "cle")
CHANGE = a_change("Rien n’est fermé.", "Relisez la liste, puis recommencez.")


class FermetureState(Formulaires, rx.State):
    """The answers, then what would close; `relit` says which of the two is on screen."""

    place: str = ""
    titre_page: str = parcours.titre("Fermer")
    nom: str = ""
    surtitre: str = ""
    chemin: list[parcours.Maillon] = []
    retour: str = ""
    avec_uf: bool = True
    deja: str = ""
    objet: str = ""
    identifiant: str = ""
    cle: str = ""
    vu: str = ""
    relit: bool = False
    phrase: str = ""
    titre: str = ""
    message: str = ""
    ferme: Lot = VIDE
    laisses: Lot = VIDE
    disponibles: Lot = VIDE
    partages: Lot = VIDE
    orphelins: Lot = VIDE
    brouillons: Lot = VIDE
    blocages: list[Blocage] = []

    def _classe(self) -> tuple[type[SQLModel] | None, str]:
        return Reponses, ""

    @rx.event
    def charger(self) -> None:
        """Read the object of the address; after a mere reconnection, what was typed stays."""
        if self._touche and self.place == place(self):
            try:
                self._ouvrir()
            except (AccesRefuse, ObjetFerme):
                self.reset()
                raise
            return
        self.reset()
        ecran = self._ouvrir()
        with db.lecture() as session:
            codes = catalogue(session).choix(champs_de(Reponses)["type_fermeture"].jdv)
        self.options = {"type_fermeture": [{"cle": c.cle, "libelle": c.libelle, "detail": ""} for c in codes]}
        self.valeurs = {nom: ecran.valeurs.get(nom, "") for nom in NOMS}
        self._contexte, self.deja = Contexte(), ecran.deja
        self._revoir()
        self._situer(ecran)

    def _ouvrir(self) -> Ecran:
        with db.lecture() as session:
            return fermeture.ouvrir(session, acteur(self, session), cible(self))

    def _situer(self, ecran: Ecran) -> None:
        self.objet, self.identifiant, self.cle = cible(self).genre, cible(self).identifiant, str(uuid4())
        self.nom, self.surtitre, self.retour, self.avec_uf = ecran.nom, ecran.surtitre, ecran.retour, ecran.avec_uf
        self.chemin = parcours.chemin_de(*ecran.chemin, ("Fermer", ""))
        self.titre_page = parcours.titre("Fermer", ecran.nom)
        self.place = place(self)

    @rx.event
    def verifier(self, saisie: dict[str, Any]) -> None:
        """Say what would close, or what is wrong with the answers."""
        self._verifier(_demande(saisie))

    def _verifier(self, demande: fermeture.Fermer) -> None:
        self._garder(demande.saisie)
        with db.lecture() as session:
            vu, erreurs = fermeture.apercevoir(session, acteur(self, session), demande.cible, demande.saisie)
        self.erreurs, self.message = erreurs, ""
        if vu is None:
            self.foyer = vers(next(iter(erreurs)))
            return
        self._montrer(vu)
        self.foyer = vers("relire")

    def _garder(self, saisie: dict[str, str]) -> None:
        self.valeurs = {nom: saisie.get(nom, "") for nom in NOMS}
        self._touche = True
        self._revoir()

    def _montrer(self, vu: Apercu) -> None:
        self.relit, self.vu, self.phrase, self.titre = True, vu.vu, vu.phrase, vu.titre
        self.ferme, self.laisses, self.disponibles, self.partages = vu.ferme, vu.laisses, vu.disponibles, vu.partages
        self.orphelins, self.brouillons, self.blocages = vu.orphelins, vu.brouillons, vu.blocages

    @rx.event
    def corriger(self) -> None:
        """Back to the answers, as they were given."""
        self.relit = False
        self.foyer = vers("date_fermeture")

    @rx.event
    def fermer(self, saisie: dict[str, Any]) -> Any:
        """Close all that was listed, or say what forbids it; nothing is closed half way."""
        demande = _demande(saisie)
        try:
            reponse = db.rejouable(lambda session: fermeture.fermer(session, acteur(self, session), demande))
        except Conflit:
            self._verifier(demande)
            self.message, self.cle = CHANGE, str(uuid4())
            self.foyer = vers("message" if self.relit else next(iter(self.erreurs), "date_fermeture"))
            return None
        if reponse.erreurs:
            self._garder(demande.saisie)
            self.relit, self.erreurs = False, reponse.erreurs
            self.foyer = vers(next(iter(reponse.erreurs)))
            return None
        if reponse.blocages:
            self.blocages, self.foyer = reponse.blocages, vers("bloque")
            return None
        self.reset()
        return rx.redirect(parcours.url_objet(demande.genre, demande.identifiant))


def _demande(saisie: Any) -> fermeture.Fermer:
    reponses = textes(saisie)
    return lire_demande(
        fermeture.Fermer,
        saisie,
        CONTEXTE,
        a_zero=bool(reponses.get("a_zero")),
        saisie={n: reponses[n] for n in NOMS if n in reponses},
    )


# ------------------------------------------------------------------------------- the page


def fermeture_page() -> rx.Component:
    """The page that closes an offer or a structure."""
    etat = FermetureState
    return page(
        tete(
            rx.cond(etat.relit, "Vérifier avant de fermer", "Fermer"),
            surtitre=etat.surtitre,
        ),
        foyer_view(etat.foyer),
        rx.cond(etat.relit, _relecture(), _formulaire()),
        etape=int(Etape.MODIFIER),
        avec_uf=etat.avec_uf,
        chemin=etat.chemin,
        etroite=True,
        espacee=True,
        pret=etat.place == ICI,
    )


def _contexte(**autres: Any) -> list[rx.Component]:
    etat = FermetureState
    return caches(genre=etat.objet, identifiant=etat.identifiant, cle=etat.cle, **autres)


def _formulaire() -> rx.Component:
    etat = FermetureState
    champs = champs_de(Reponses)
    return rx.el.form(
        *_contexte(),
        rx.cond(
            etat.deja,
            rx.el.section(
                rx.el.h2(etat.deja, id="t-deja"),
                rx.el.p("Ce que vous changez ici la remplace."),
                class_name="panneau panneau--alerte",
                aria_labelledby="t-deja",
            ),
        ),
        rx.el.div(*(champ_view(etat, champs[n], n, n) for n in NOMS), class_name="fiche"),
        barre_view(
            fr("Rien n’est fermé avant que vous ayez relu la liste."),
            rx.el.a("Annuler", href=etat.retour, class_name="bouton bouton--second"),
            rx.el.button("Continuer", type="submit", class_name="bouton"),
        ),
        on_submit=etat.verifier,
        custom_attrs=RETENU,
        key="demande",
    )


def _relecture() -> rx.Component:
    etat = FermetureState
    return rx.el.form(
        *_contexte(vu=etat.vu, **{nom: etat.valeurs[nom] for nom in NOMS}),
        message_view(etat.message),
        rx.cond(etat.blocages.length() > 0, blocages_view(etat.blocages, "Ceci empêche de fermer")),
        rx.el.section(
            rx.el.h2(etat.phrase, id=identifiant("relire"), tab_index=-1),
            rx.el.dl(
                rx.el.div(rx.el.dt("Motif"), rx.el.dd(etat.valeurs["motif"])),
                class_name="faits",
            ),
            class_name="fiche",
            aria_labelledby="relire",
        ),
        lot_view(
            etat.ferme,
            rx.Var.create(fr("Ferme aussi ce qui est dessous : ")).to(str) + etat.titre,
            "Même type et mêmes dates pour tous, sauf ce qui est dit.",
        ),
        _disponibles(),
        lot_view(etat.laisses, "Déjà fermé, laissé ainsi", ""),
        lot_view(etat.partages, "Capacités disponibles à vérifier", "rxror ne les change pas."),
        lot_view(
            etat.orphelins,
            "Lieux qui ne serviront plus d’offre ouverte",
            "Ils restent tels quels. Sur la page du lieu, changez son statut s’il ferme aussi.",
        ),
        lot_view(
            etat.brouillons,
            "Brouillons qui attendent",
            "Ils restent, sans être publiés. Une fermeture définitive empêche de les valider avant de rouvrir.",
        ),
        barre_view(
            "La fermeture est gardée dans l’historique, avec son motif.",
            rx.el.button("Changer", type="button", on_click=etat.corriger, class_name="bouton bouton--second"),
            rx.el.button("Fermer", type="submit", class_name="bouton bouton--danger"),
        ),
        on_submit=etat.fermer,
        class_name="pile--large",
        key="relecture",
    )


def _disponibles() -> rx.Component:
    lot: Any = FermetureState.disponibles
    case = rx.el.label(
        rx.el.input(type="checkbox", name="a_zero", value="oui", default_checked=True),
        rx.el.span("Mettre à 0 les capacités disponibles de ces lieux"),
        class_name="choix",
    )
    return rx.cond(
        lot["total"].to(int) > 0,
        lot_view(
            lot,
            "Capacités disponibles à mettre à 0",
            "Une offre fermée n’a plus de capacité disponible. Ces lieux ne servent que ce qui ferme.",
            case,
        ),
    )


PAGES = tuple(
    (route, fermeture_page, FermetureState.titre_page, FermetureState.charger)
    for route in (parcours.ROUTE_OFFRE_FERMER, parcours.ROUTE_STRUCTURE_FERMER)
)
