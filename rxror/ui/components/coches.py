"""What a gesture on many objects reads and shows: the ticked ones as they were read, and what became of each."""

from typing import Any, TypedDict

import reflex as rx

from rxror.ror import fraicheur
from rxror.ror.erreurs import SaisieInvalide
from rxror.ror.saisie import OUI
from rxror.ror.typographie import fr
from rxror.services.confirmation import Bilan
from rxror.ui.components.geste import identifiant
from rxror.ui.demande import CHOIX, VU, vus_et_choix


class Laisse(TypedDict):
    """An object that a gesture left, and why."""

    nom: str
    raison: str


def objets_coches(saisie: Any, au_plus: int) -> list[dict[str, Any]]:
    """Kind, identifier and digest of each ticked object of a form.

    Raises:
        SaisieInvalide: more than the page shows.
    """
    lues = vus_et_choix(saisie)
    cles = [cle for cle, choix in lues["choix"].items() if choix == OUI]
    if len(cles) > au_plus:
        raise SaisieInvalide("choix")
    return [
        {"genre": genre, "identifiant": i, "vu": lues["vu"].get(f"{genre}:{i}", "")}
        for genre, _, i in (cle.partition(":") for cle in cles)
    ]


def laisses_de(bilan: Bilan, noms: dict[str, str]) -> list[Laisse]:
    """The objects that were left, by their names."""
    return [Laisse(nom=noms.get(cle, "Un objet"), raison=raison) for cle, raison in bilan.refus.items()]


def offres_et_lieux(offres: int, lieux: int) -> str:
    """« 80 offres et 45 lieux »; "" for neither."""
    dits = [fraicheur.offres(offres)] if offres else []
    return " et ".join([*dits, f"{lieux} lieu{'x' if lieux > 1 else ''}"] if lieux else dits)


def case_view(ligne: Any, *detail: rx.Component, coche: Any = True) -> rx.Component:
    """A box with the name of its object, ticked unless told otherwise; the object's digest goes with it."""
    cle = ligne["cle"].to(str)
    return rx.fragment(
        rx.el.input(type="hidden", name=rx.Var.create(VU).to(str) + cle, value=ligne["vu"].to(str)),
        rx.el.label(
            rx.el.input(type="checkbox", name=rx.Var.create(CHOIX).to(str) + cle, value=OUI, default_checked=coche),
            rx.el.span(rx.el.strong(ligne["nom"]), *detail),
            class_name="choix",
        ),
    )


def bilan_view(titre: Any, laisses: rx.Var, *suite: rx.Component) -> rx.Component:
    """What was done, and what was left with its reason; nothing before a gesture."""
    return rx.cond(
        titre,
        rx.el.section(
            rx.el.h2(titre, id="t-bilan"),
            rx.cond(
                laisses.length() > 0,
                rx.fragment(
                    rx.el.p(fr("Laissés tels quels :")),
                    rx.el.ul(
                        rx.foreach(
                            laisses.to(list[Laisse]),
                            lambda x: rx.el.li(rx.el.strong(x["nom"]), fr(" : "), x["raison"]),
                        ),
                        class_name="puces",
                    ),
                ),
            ),
            *suite,
            id=identifiant("bilan"),
            tab_index=-1,
            role="status",
            aria_labelledby="t-bilan",
            class_name=rx.cond(laisses.length() > 0, "panneau panneau--alerte", "panneau panneau--reussite"),
        ),
        rx.fragment(),
    )


def revenir_view(url: Any, nom: Any) -> rx.Component:
    """Back to the place whose objects are listed."""
    dit = rx.el.span(" à ", nom, class_name="invisible")
    return rx.el.p(rx.el.a("Revenir", dit, href=url, class_name="bouton bouton--second"))


def ensemble_view(vue: Any) -> rx.Component:
    """The two ways of the yearly review of all that hangs below an object, for who has them; and what waits there."""
    return rx.cond(
        vue.url_confirmer,
        rx.el.div(
            rx.el.p(
                fr(
                    "La mise à jour de l’année : une fiche après l’autre, "
                    "ou la liste des faits, où l’on décoche ce qui a changé."
                ),
                class_name="second petit",
            ),
            rx.el.p(
                _lien("Relecture", vue.url_relecture, vue.nom, "bouton bouton--second"),
                _lien(fr("Rien n’a changé ?"), vue.url_confirmer, vue.nom, "bouton bouton--second"),
                rx.cond(vue.brouillons, _lien("Valider ce qui est prêt", vue.url_valider, vue.nom, "lien")),
                class_name="boutons",
            ),
            class_name="pile",
        ),
        rx.fragment(),
    )


def _lien(texte: str, url: Any, nom: Any, classe: str) -> rx.Component:
    return rx.el.a(texte, rx.el.span(", ", nom, class_name="invisible"), href=url.to(str), class_name=classe)
