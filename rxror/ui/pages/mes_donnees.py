"""« Mes données »: what is kept about the person who asks, the file of it, and how to have something corrected."""

import reflex as rx

from rxror import db
from rxror.ror import parcours
from rxror.ror.typographie import fr
from rxror.services import mes_donnees
from rxror.settings import settings
from rxror.ui.components.etats import Donnee
from rxror.ui.identity import FormulaireHttp, acteur
from rxror.ui.layout import page, tete

TITRE = "Mes données"


class MesDonneesState(rx.State):
    """What the database keeps about the person, at the last visit."""

    nom: str = ""
    prenom: str = ""
    numero: str = ""
    fournisseur: str = ""
    droits: list[str] = []
    comptes: list[tuple[str, str]] = []
    depuis: str = ""
    pret: bool = False

    @rx.event
    def charger(self) -> None:
        """Read it again at each visit."""
        self.reset()
        with db.lecture() as session:
            lu = mes_donnees.lire(session, acteur(self, session))
        self.nom, self.prenom, self.numero, self.fournisseur = lu.nom, lu.prenom, lu.identifiant, lu.fournisseur
        self.droits, self.comptes, self.depuis, self.pret = lu.droits, lu.comptes, lu.depuis, True


def mes_donnees_page() -> rx.Component:
    """Everything about oneself, and what one may ask."""
    etat = MesDonneesState
    return page(
        tete(TITRE, rx.el.p("Ce que ce service garde sur vous, en ce moment.", class_name="intro")),
        _partie(
            "Votre identité",
            rx.el.dl(
                _fait("Prénom", etat.prenom),
                _fait("Nom", etat.nom),
                _fait("Identifiant chez votre fournisseur d’identité", etat.numero),
                _fait("Fournisseur d’identité", etat.fournisseur),
                class_name="faits",
            ),
            rx.el.p(fr("Votre mot de passe et votre carte ne passent jamais par ce service."), class_name="petit"),
        ),
        _partie(
            "Vos droits",
            rx.cond(
                etat.droits.length() > 0,
                rx.el.ul(rx.foreach(etat.droits, lambda droit: rx.el.li(droit)), class_name="puces"),
                rx.el.p("Aucun établissement ne vous est confié."),
            ),
        ),
        _partie(
            "Tout le reste, en nombre",
            rx.el.dl(
                rx.foreach(etat.comptes.to(list[list[str]]), lambda compte: _fait(compte[0], compte[1])),
                class_name="faits",
            ),
            rx.cond(etat.depuis, rx.el.p(etat.depuis, ".", class_name="petit second")),
            rx.el.p(rx.el.a("Voir et terminer mes connexions", href=parcours.CONNEXIONS, class_name="lien")),
        ),
        _partie("Tout emporter", _fichier()),
        _partie("Faire corriger", *_corriger()),
        etroite=True,
        espacee=True,
        pret=etat.pret,
        menu=parcours.MES_DONNEES,
    )


def _fichier() -> rx.Component:
    return FormulaireHttp.create(
        rx.el.p(
            fr(
                "Un fichier JSON avec chaque ligne qui vous concerne : identité, droits, connexions, gestes, "
                "brouillons. Aucun secret n’y est."
            )
        ),
        rx.el.p(
            rx.el.button("Télécharger mes données", type="submit", class_name="bouton bouton--second"),
            class_name="boutons",
        ),
        action=parcours.EXPORT_DONNEES,
        method="post",
        class_name="pile",
    )


def _corriger() -> list[rx.Component]:
    return [
        rx.el.p(
            fr(
                "Votre nom et votre prénom viennent de votre fournisseur d’identité (Pro Santé Connect) à chaque "
                "connexion : faites-les corriger auprès de votre ordre ou de l’autorité qui vous enregistre au RPPS. "
                "Ils changeront ici à la connexion suivante."
            )
        ),
        rx.el.p("Vos droits sont donnés et retirés par un référent de l’établissement."),
        rx.el.p(
            fr(
                "Une ligne de l’historique ne se modifie pas : elle dit ce qui a été fait, sous le nom d’alors. Elle "
                "part à la fin de sa conservation."
            )
        ),
        contact_view("Pour toute autre demande"),
    ]


def contact_view(debut: str) -> rx.Component:
    """Who to write to, as the settings say."""
    contact = settings().contact
    if not contact:
        return rx.el.p(fr(f"{debut} : écrivez à la personne qui exploite ce service."))
    lien = rx.el.a(contact, href=f"mailto:{contact}", class_name="lien") if "@" in contact else contact
    return rx.el.p(fr(f"{debut} : "), lien, ".")


def _partie(titre: str, *contenu: rx.Component) -> rx.Component:
    return rx.el.section(rx.el.h2(fr(titre)), *contenu, class_name="pile")


def _fait(mot: Donnee, sens: Donnee) -> rx.Component:
    return rx.el.div(rx.el.dt(mot), rx.el.dd(sens))


PAGES = ((parcours.MES_DONNEES, mes_donnees_page, parcours.titre(TITRE), MesDonneesState.charger),)
