"""« Offre validée »: the page that says it is done, for each kind of object."""

import reflex as rx

from rxror import db
from rxror.ror import parcours
from rxror.ror.dates import date_heure
from rxror.ror.parcours import Etape
from rxror.ror.typographie import fr
from rxror.services import fiche, relecture
from rxror.ui.identity import acteur
from rxror.ui.layout import page, tete
from rxror.ui.place import ICI, cible, place

ROUTES = (
    parcours.ROUTE_VALIDEE,
    parcours.ROUTE_LIEU_VALIDE,
    parcours.ROUTE_STRUCTURE_VALIDEE,
    parcours.ROUTE_ETABLISSEMENT_VALIDE,
)
VALIDES = {  # said once it is done, and before
    "offre": ("Offre validée", "Cette offre n’a pas encore été validée"),
    "lieu": ("Lieu validé", "Ce lieu n’a pas encore été validé"),
    "structure": ("Structure validée", "Cette structure n’a pas encore été validée"),
    "etablissement": ("Établissement validé", "Cet établissement n’a pas encore été validé"),
}
ETAPES_DES_OBJETS = {
    "offre": Etape.VALIDER,
    "lieu": Etape.VALIDER,
    "structure": Etape.ACCEDER_UF,
    "etablissement": Etape.RETROUVER,
}


class ValideeState(rx.State):
    """The confirmation, read again from the database."""

    place: str = ""
    titre_page: str = parcours.titre("Validé")
    titre: str = ""
    etape: int = int(Etape.VALIDER)
    nom: str = ""
    quand: str = ""
    par: str = ""
    chemin: list[parcours.Maillon] = []
    url_objet: str = ""
    url_suite: str = ""
    nom_suite: str = ""
    url_liste: str = ""
    nom_liste: str = ""
    reste: bool = False
    avec_uf: bool = True

    @rx.event
    def charger(self) -> None:
        """Read when and by whom the object was validated."""
        self.reset()
        objet = cible(self)
        with db.lecture() as session:
            moi = acteur(self, session)
            lue = fiche.lire_confirmation(session, moi, objet)
            liste, self.reste = relecture.reprendre(session, moi, objet) if lue.quand else (None, False)
        if liste:
            self.url_liste, self.nom_liste = liste["url"], liste["nom"]
        self.nom, self.quand, self.par = lue.nom, date_heure(lue.quand) if lue.quand else "", lue.par
        self.chemin, self.avec_uf = lue.chemin, lue.avec_uf
        self.url_objet = parcours.url_objet(objet.genre, objet.identifiant)
        self.titre, self.etape = VALIDES[objet.genre][not lue.quand], int(ETAPES_DES_OBJETS[objet.genre])
        suite = (
            lue.chemin[-2]
            if len(lue.chemin) > 1
            else parcours.Maillon(nom="Mes établissements", url=parcours.ETABLISSEMENTS)
        )
        self.url_suite, self.nom_suite = suite["url"], suite["nom"]
        self.titre_page = parcours.titre(self.titre, lue.nom)
        self.place = place(self)


def validee_page() -> rx.Component:
    """The page that says it is done: « Offre validée », « Établissement validé »."""
    etat = ValideeState
    return page(
        tete(etat.titre, surtitre=etat.nom),
        rx.cond(
            etat.quand,
            rx.el.section(
                rx.el.h2("C’est publié", id="t-fait"),
                rx.el.p("Validée le ", etat.quand, " par ", rx.el.strong(etat.par), "."),
                class_name="panneau panneau--reussite",
                aria_labelledby="t-fait",
            ),
            rx.el.p(fr("Ce qui est enregistré attend toujours « Valider ».")),
        ),
        rx.el.p(
            fr("rxror ne transmet rien au ROR national : la publication vaut pour rxror."), class_name="petit second"
        ),
        rx.el.p(
            rx.el.a("Continuer dans ", etat.nom_suite, href=etat.url_suite, class_name="bouton"),
            rx.el.a(
                "Revoir",
                rx.el.span(" ", etat.nom, class_name="invisible"),
                href=etat.url_objet,
                class_name="bouton bouton--second",
            ),
            class_name="boutons boutons--fin",
        ),
        rx.cond(
            etat.url_liste,
            rx.el.p(
                rx.el.a(fr("Reprendre « Rien n’a changé » : "), etat.nom_liste, href=etat.url_liste, class_name="lien"),
                rx.cond(etat.reste, rx.el.a("Reprendre la relecture", href=parcours.RELECTURE, class_name="lien")),
                class_name="boutons",
            ),
            rx.fragment(),
        ),
        etape=etat.etape,
        avec_uf=etat.avec_uf,
        chemin=etat.chemin,
        etroite=True,
        pret=etat.place == ICI,
    )


PAGES = tuple((route, validee_page, ValideeState.titre_page, ValideeState.charger) for route in ROUTES)
