"""« Dupliquer » an offer: its new name, where the copy hangs, what it takes and what it leaves."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import reflex as rx
from sqlmodel import SQLModel

from rxror import db
from rxror.ror import parcours
from rxror.ror.champs import Champ, champs_de
from rxror.ror.erreurs import AccesRefuse, SaisieInvalide
from rxror.ror.objets import OffreOperationnelle
from rxror.ror.parcours import Etape
from rxror.ror.saisie import OUI
from rxror.ror.typographie import fr
from rxror.services import copie, ecran_de_copie
from rxror.services.copie import CHAMPS_GELES, CONTACTS
from rxror.ui.champs import champ_view
from rxror.ui.components.foyer import foyer_view, vers
from rxror.ui.components.geste import NON_PUBLIE, RETENU, barre_view, caches
from rxror.ui.components.homonyme import homonyme_view
from rxror.ui.demande import lire_demande, textes
from rxror.ui.identity import acteur
from rxror.ui.layout import page, tete
from rxror.ui.place import ICI, cible, place
from rxror.ui.saisie import Formulaires, Option

CONTEXTE = ("source", "cle")
DESTINATION = "vers"
REPONSES = (DESTINATION, *CHAMPS_GELES)


class CopieState(Formulaires, rx.State):
    """The few answers that a copy needs, and what they change."""

    place: str = ""
    titre_page: str = parcours.titre("Dupliquer l’offre")
    nom: str = ""
    chemin: list[parcours.Maillon] = []
    retour: str = ""
    source: str = ""
    cle: str = ""
    avec_uf: bool = True
    repris: list[str] = []
    laisses: list[str] = []
    change: list[str] = []

    def _classe(self) -> tuple[type[SQLModel] | None, str]:
        return OffreOperationnelle, ""

    @rx.event
    def charger(self) -> None:
        """Read the offer of the address."""
        self.reset()
        objet = cible(self)
        if objet.genre != OffreOperationnelle.GENRE:
            raise AccesRefuse(objet.cle)
        with db.lecture() as session:
            ecran = ecran_de_copie.ouvrir_copie(session, acteur(self, session), objet.identifiant)
        self.source, self.cle, self.valeurs = objet.identifiant, str(uuid4()), ecran.valeurs
        self.options = {
            k: [Option(cle=c.cle, libelle=c.libelle, detail="") for c in v] for k, v in ecran.options.items()
        }
        self.nom, self.retour, self.avec_uf = ecran.nom, ecran.retour, ecran.avec_uf
        self.repris, self.laisses = ecran.repris, ecran.laisses
        self.chemin = [*ecran.chemin, parcours.Maillon(nom="Dupliquer", url="")]
        self.titre_page = parcours.titre("Dupliquer l’offre", ecran.nom)
        self.place = place(self)

    @rx.event
    def changer(self, chemin: str, valeur: str) -> None:
        """An answer was chosen: say at once what the copy will not take."""
        if chemin not in REPONSES:
            raise SaisieInvalide("chemin")
        self.valeurs[chemin], self._touche = self._code(valeur), True
        genre, _, identifiant = self.valeurs.get(DESTINATION, "").partition(":")
        reponses = {n: self.valeurs.get(n, "") for n in CHAMPS_GELES}
        with db.lecture() as session:
            self.change = ecran_de_copie.changements_de_contexte(
                session, acteur(self, session), self.source, genre, identifiant, reponses
            )

    @rx.event
    def copier(self, saisie: dict[str, Any]) -> Any:
        """Create the copy, then open it."""
        demande = _demande(saisie)
        identifiant, erreurs = db.rejouable(lambda session: copie.copier(session, acteur(self, session), demande))
        if identifiant:
            return rx.redirect(parcours.url_offre(identifiant))
        self._reprendre(demande.saisie)
        self.erreurs = erreurs
        self.foyer = vers(next(iter(erreurs)))
        return None


def _demande(saisie: Any) -> copie.Copie:
    reponses = textes(saisie, sauf=CONTEXTE)
    genre, _, identifiant = reponses.pop(DESTINATION, "").partition(":")
    return lire_demande(copie.Copie, saisie, CONTEXTE, genre=genre, identifiant=identifiant, saisie=reponses)


def copie_page() -> rx.Component:
    """The page that duplicates an offer."""
    etat = CopieState
    return page(
        tete(
            "Dupliquer l’offre",
            rx.el.p(
                fr("La copie reprend ce qui est publié. C’est une nouvelle offre, à relire puis à valider."),
                class_name="second",
            ),
            surtitre=etat.nom,
        ),
        foyer_view(etat.foyer),
        rx.el.form(
            *caches(source=etat.source, cle=etat.cle),
            rx.el.div(
                _champ("nom_offre"),
                homonyme_view(etat, "nom_offre"),
                _destination(),
                *(_champ(n) for n in CHAMPS_GELES),
                _change(),
                _contacts(),
                class_name="fiche",
            ),
            _liste("Ce que la copie reprend", etat.repris, "t-repris"),
            _liste("Ce qu’elle ne reprend pas", etat.laisses, "t-laisses"),
            barre_view(
                NON_PUBLIE,
                rx.el.a("Annuler", href=etat.retour, class_name="bouton bouton--second"),
                rx.el.button("Dupliquer", type="submit", class_name="bouton"),
            ),
            on_submit=etat.copier,
            custom_attrs=RETENU,
            class_name="pile",
        ),
        etape=int(Etape.ACCEDER_OFFRE),
        avec_uf=etat.avec_uf,
        chemin=etat.chemin,
        etroite=True,
        pret=etat.place == ICI,
    )


def _champ(nom: str) -> rx.Component:
    champ: Champ = replace(champs_de(OffreOperationnelle)[nom], obligatoire=True)
    return champ_view(CopieState, champ, nom, nom, creation=True)


def _destination() -> rx.Component:
    etat = CopieState
    return rx.el.div(
        rx.el.label(
            rx.cond(etat.avec_uf, fr("Dans quelle UF ?"), fr("Dans quel établissement ?")), html_for=DESTINATION
        ),
        rx.el.select(
            rx.foreach(
                etat.options[DESTINATION].to(list[Option]), lambda o: rx.el.option(o["libelle"], value=o["cle"])
            ),
            id=rx.Var.create(DESTINATION).to(str),
            name=DESTINATION,
            default_value=etat.valeurs[DESTINATION],
            on_change=lambda v: etat.changer(DESTINATION, v),
            class_name="saisie",
        ),
        class_name="champ",
    )


def _contacts() -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend("Contacts"),
        rx.el.label(
            rx.el.input(type="checkbox", name=CONTACTS, value=OUI),
            rx.el.span(
                "Copier aussi les contacts",
                rx.el.small(fr("Et les boîtes MSSanté. À relire : une autre offre répond souvent ailleurs.")),
            ),
            class_name="choix",
        ),
        class_name="groupe",
    )


def _change() -> rx.Component:
    return rx.el.div(
        rx.cond(
            CopieState.change.length() > 0,
            rx.el.section(
                rx.el.h2("À savoir", id="t-savoir"),
                rx.el.ul(rx.foreach(CopieState.change, lambda phrase: rx.el.li(phrase)), class_name="puces"),
                class_name="panneau panneau--alerte",
                aria_labelledby="t-savoir",
            ),
            rx.fragment(),
        ),
        role="status",
    )


def _liste(titre: str, phrases: rx.Var, cle: str) -> rx.Component:
    return rx.el.section(
        rx.el.h2(titre, id=cle),
        rx.el.ul(rx.foreach(phrases, lambda phrase: rx.el.li(phrase)), class_name="puces"),
        class_name="fiche fiche--lecture",
        aria_labelledby=cle,
    )


PAGES = ((parcours.ROUTE_DUPLIQUER, copie_page, CopieState.titre_page, CopieState.charger),)
