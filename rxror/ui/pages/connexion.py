"""Step 1, « Je m’authentifie »: public, and readable before the application is live."""

import reflex as rx

from rxror.auth.fournisseurs import fournisseurs, noms_des_fournisseurs
from rxror.ror import parcours
from rxror.ror.parcours import ETAPES, Etape
from rxror.ror.typographie import fr
from rxror.settings import settings
from rxror.ui.layout import page, tete

PRO_SANTE_CONNECT = "Pro Santé Connect"


def connexion_page() -> rx.Component:
    """One button, what to have at hand, the usual obstacles."""
    return page(
        tete(
            "Tenez votre offre à jour dans le ROR",
            rx.el.p(
                "Une relecture par an, en quelques minutes, depuis un téléphone ou un poste. Rien ne se perd en route.",
                class_name="intro",
            ),
        ),
        _identification(),
        _sous_la_main(),
        _difficultes(),
        etape=Etape.AUTHENTIFIER,
        etroite=True,
        pile=True,
        pret=True,
        menu=None,
    )


def _identification() -> rx.Component:
    """One button per provider of the settings: the page is built again when their names change."""
    demo = settings().demo
    moyen = "Avec votre identité de professionnel : l’application e-CPS de votre téléphone, ou votre carte CPS."
    suite = "Vous passez par le site de Pro Santé Connect, puis vous revenez ici."
    if demo:
        moyen = "Avec l’une des personnes fictives de la démonstration : aucun mot de passe."
        suite = "Hors démonstration, ce bouton mène à Pro Santé Connect."
    elif any(nom != PRO_SANTE_CONNECT for nom in noms_des_fournisseurs()):
        moyen = "Avec l’identité à laquelle vos droits ont été donnés. Choisissez toujours la même."
        suite = "Vous passez par le site que vous choisissez, puis vous revenez ici."
    return rx.el.section(
        rx.el.div(rx.el.h2("Je m’authentifie", id="t-id"), class_name="fiche-tete"),
        rx.el.p(fr(moyen)),
        rx.el.p(*_boutons(), class_name="boutons"),
        rx.el.p(suite, class_name="petit second"),
        class_name="fiche fiche--phare",
        aria_labelledby="t-id",
    )


def _boutons() -> list[rx.Component]:
    if settings().demo:
        return [_bouton("Choisir une identité de démonstration", parcours.AUTH_CONNEXION)]
    tous = fournisseurs()
    if len(tous) < 2:
        nom = tous[0].nom if tous else PRO_SANTE_CONNECT
        return [_bouton(f"M’identifier avec {nom}", parcours.AUTH_CONNEXION)]
    return [_bouton(f"M’identifier avec {un.nom}", f"{parcours.AUTH_CONNEXION}/{un.cle}") for un in tous]


def _bouton(texte: str, adresse: str) -> rx.Component:
    return rx.el.a(texte, href=adresse, reload_document=True, class_name="bouton")


def _sous_la_main() -> rx.Component:
    return rx.el.section(
        rx.el.h2("Ce qu’il faut avoir sous la main", id="t-ap"),
        rx.el.ul(
            rx.el.li(fr("le téléphone et le courriel de chaque service ;")),
            rx.el.li(fr("le nombre de lits et de places installés ;")),
            rx.el.li("ce qui a ouvert ou fermé depuis un an."),
            class_name="puces",
        ),
        rx.el.p("Le reste est déjà rempli, avec les données de FINESS et de l’an dernier.", class_name="petit second"),
        class_name="fiche",
        aria_labelledby="t-ap",
    )


def _difficultes() -> rx.Component:
    return rx.el.section(
        rx.el.h2(fr("Une difficulté ?"), id="t-pb"),
        _pli(
            "Je n’ai pas d’e-CPS",
            "Toute personne connue de l’Annuaire Santé peut activer une e-CPS. Si votre métier n’a pas de numéro RPPS, "
            "votre directeur peut vous faire enregistrer dans le portail RPPS+. Comptez quelques jours.",
        ),
        _pli(
            "Je suis identifié, mais mon établissement n’apparaît pas",
            "S’identifier dit qui vous êtes, pas ce qui vous est confié. Le référent ROR de votre établissement doit "
            "vous y habiliter ; s’il n’y en a plus, l’équipe du ROR de votre région en désignera un.",
        ),
        _pli(
            "Ma session s’arrête avant que j’aie fini",
            "Ce qui est enregistré est gardé. Identifiez-vous de nouveau : vous revenez à la même page.",
        ),
        class_name="fiche",
        aria_labelledby="t-pb",
    )


def _pli(question: str, reponse: str) -> rx.Component:
    return rx.el.details(rx.el.summary(question), rx.el.p(fr(reponse)), class_name="plis")


PAGES = ((parcours.CONNEXION, connexion_page, parcours.titre(ETAPES[Etape.AUTHENTIFIER]), None),)
