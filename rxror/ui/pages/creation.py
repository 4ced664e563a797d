"""« Créer + »: a new offer under a UF or an établissement, a new lieu for an offer."""

from typing import Any
from uuid import uuid4

import reflex as rx
from pydantic import ValidationError
from sqlmodel import SQLModel

from rxror import db
from rxror.ror import parcours
from rxror.ror.champs import champs_de
from rxror.ror.erreurs import SaisieInvalide
from rxror.ror.objets import LieuRealisationOffre, OffreOperationnelle
from rxror.ror.parcours import Etape
from rxror.services import creation
from rxror.ui.champs import champ_view
from rxror.ui.components.foyer import foyer_view, vers
from rxror.ui.identity import acteur
from rxror.ui.layout import page, tete
from rxror.ui.place import ICI, dernier, place
from rxror.ui.saisie import Formulaires

CONTEXTE = ("genre", "identifiant", "cle")


class CreationState(Formulaires, rx.State):
    """The few answers that a new object needs."""

    place: str = ""
    titre_page: str = parcours.titre("Créer")
    nom: str = ""
    chemin: list[parcours.Maillon] = []
    retour: str = ""
    objet: str = ""
    identifiant: str = ""
    cle: str = ""
    avec_uf: bool = True

    def _classe(self) -> tuple[type[SQLModel] | None, str]:
        return (LieuRealisationOffre if self._parent()[0] == OffreOperationnelle.GENRE else OffreOperationnelle), ""

    def _parent(self) -> tuple[str, str]:
        morceaux = place(self).split("/")  # /creer/offre/genre/parent, /creer/lieu/region/numero
        if morceaux[2:3] == ["lieu"]:
            return OffreOperationnelle.GENRE, "/".join(morceaux[3:5])
        return (morceaux[3] if len(morceaux) > 3 else ""), dernier(self)

    @rx.event
    def charger_offre(self) -> None:
        """Read the parent of the address, and what its offers may be."""
        self.reset()
        genre, identifiant = self._parent()
        with db.lecture() as session:
            ecran = creation.ouvrir_offre(session, acteur(self, session), genre, identifiant)
        self._montrer(ecran, "Créer une offre")

    @rx.event
    def charger_lieu(self) -> None:
        """Read the offer of the address."""
        self.reset()
        _, identifiant = self._parent()
        with db.lecture() as session:
            ecran = creation.ouvrir_lieu(session, acteur(self, session), identifiant)
        self._montrer(ecran, "Créer un lieu")

    def _montrer(self, ecran: creation.Ecran, titre: str) -> None:
        self.objet, self.identifiant = self._parent()
        self.valeurs, self.erreurs, self.cle = ecran.valeurs, {}, str(uuid4())
        self.options = {
            k: [{"cle": c.cle, "libelle": c.libelle, "detail": ""} for c in v] for k, v in ecran.options.items()
        }
        self.nom, self.retour, self.avec_uf = ecran.nom, ecran.retour, ecran.avec_uf
        self.chemin = [*ecran.chemin, parcours.Maillon(nom=titre, url="")]
        self.titre_page = parcours.titre(titre, ecran.nom)
        self.place = place(self)

    @rx.event
    def creer_offre(self, saisie: dict[str, Any]) -> Any:
        """Create the offer, then open it."""
        demande = _demande(saisie)
        with db.transaction() as session:
            identifiant, erreurs = creation.creer_offre(session, acteur(self, session), demande)
        return rx.redirect(parcours.url_offre(identifiant)) if identifiant else self._dire(erreurs, demande.saisie)

    @rx.event
    def creer_lieu(self, saisie: dict[str, Any]) -> Any:
        """Create the lieu, then open it."""
        demande = _demande(saisie)
        with db.transaction() as session:
            identifiant, erreurs = creation.creer_lieu(session, acteur(self, session), demande)
        return (
            rx.redirect(parcours.url_lieu(identifiant, demande.identifiant))
            if identifiant
            else self._dire(erreurs, demande.saisie)
        )

    def _dire(self, erreurs: dict[str, str], saisie: dict[str, str]) -> None:
        self.valeurs, self.erreurs = saisie, erreurs
        self.foyer = vers(next(iter(erreurs)))


def _demande(saisie: Any) -> creation.Creation:
    try:
        reste = {n: t for n, t in saisie.items() if n not in CONTEXTE and isinstance(t, str)}
        return creation.Creation.model_validate({**{n: saisie.get(n) for n in CONTEXTE}, "saisie": reste})
    except (AttributeError, ValidationError) as erreur:
        raise SaisieInvalide("creer") from erreur


def _page(titre: str, phrase: str, classe: type[SQLModel], noms: tuple[str, ...], envoyer: Any) -> rx.Component:
    etat = CreationState
    champs = champs_de(classe)
    return page(
        tete(titre, rx.el.p(phrase, class_name="second"), surtitre=etat.nom),
        foyer_view(etat.foyer),
        rx.el.form(
            *(
                rx.el.input(type="hidden", name=nom, value=valeur)
                for nom, valeur in zip(CONTEXTE, (etat.objet, etat.identifiant, etat.cle), strict=True)
            ),
            rx.el.div(*(champ_view(etat, champs[n], n, n, creation=True) for n in noms), class_name="fiche"),
            rx.el.div(
                rx.el.p("Rien n’est publié avant « Valider ».", class_name="statut", role="status"),
                rx.el.p(
                    rx.el.a("Annuler", href=etat.retour, class_name="bouton bouton--second"),
                    rx.el.button("Créer", type="submit", class_name="bouton"),
                    class_name="boutons",
                ),
                class_name="barre",
            ),
            on_submit=envoyer,
            custom_attrs={"noValidate": True},
        ),
        etape=int(Etape.ACCEDER_OFFRE if classe is OffreOperationnelle else Etape.MODIFIER),
        avec_uf=etat.avec_uf,
        chemin=etat.chemin,
        etroite=True,
        pret=etat.place == ICI,
    )


def creer_offre_page() -> rx.Component:
    """A new offer."""
    phrase = (
        "Trois réponses pour commencer. Le champ d’activité et le mode de prise en charge ne se modifient plus ensuite."
    )
    return _page("Créer une offre", phrase, OffreOperationnelle, creation.CHAMPS_OFFRE, CreationState.creer_offre)


def creer_lieu_page() -> rx.Component:
    """A new lieu for an offer."""
    phrase = (
        "Le lieu prend l’adresse de l’établissement ; vous pourrez la changer. "
        "Il est rattaché à l’offre dès sa création."
    )
    return _page("Créer un lieu", phrase, LieuRealisationOffre, creation.CHAMPS_LIEU, CreationState.creer_lieu)


PAGES = (
    (parcours.ROUTE_CREER_OFFRE, creer_offre_page, CreationState.titre_page, CreationState.charger_offre),
    (parcours.ROUTE_CREER_LIEU, creer_lieu_page, CreationState.titre_page, CreationState.charger_lieu),
)
