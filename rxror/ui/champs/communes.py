"""A zone of communes: counts by département, names folded; add by search, by département, around, or from a list."""

from typing import Any

import reflex as rx

from rxror.ror.champs import Champ
from rxror.ror.typographie import fr
from rxror.ui.champs.parties import Chemin, aide_view, erreur_view, identifiant, label_view
from rxror.ui.saisie import Option
from rxror.ui.saisie_communes import CENTRE, DISTANCES, ZONE

HORS_DU_FORMULAIRE = "aucun"  # of no form: Enter in a search does not save the section


def communes_view(etat: Any, champ: Champ, chemin: Chemin, _: str) -> rx.Component:
    """The zone, then the ways to add to it."""
    return rx.el.div(
        rx.el.label(label_view(etat, champ, chemin), html_for=identifiant(chemin), class_name="h3"),
        *aide_view(champ, chemin),
        rx.el.output(
            etat.zone_totale,
            id=identifiant(chemin),
            custom_attrs={"tabIndex": -1},
            class_name="zone-totale",
            aria_describedby=rx.cond(etat.erreurs[chemin], identifiant(chemin, "-e"), ""),
        ),
        erreur_view(etat, chemin),
        rx.el.input(type="hidden", name=chemin, value=etat.valeurs[chemin]),
        rx.el.div(
            rx.el.p(etat.zone_dite, role="status"),
            rx.cond(etat.zone_annulable, _bouton("Annuler ce changement", etat.annuler_zone), rx.fragment()),
            id=identifiant("zone-dite"),
            class_name=rx.cond(etat.zone_dite, "dit", "dit dit--vide"),
        ),
        rx.cond(etat.zone_inconnus, _inconnus(etat), rx.fragment()),
        rx.cond(
            etat.departements,
            rx.el.ul(rx.foreach(etat.departements, lambda d: _departement(etat, d)), class_name="zone"),
            rx.fragment(),
        ),
        _ajouts(etat),
        class_name="groupe",
    )


def _bouton(texte: Any, geste: Any, *dedans: Any, sorte: str = "second", **attributs: Any) -> rx.Component:
    return rx.el.button(
        texte, *dedans, type="button", on_click=geste, class_name=f"bouton bouton--{sorte} bouton--compact", **attributs
    )


def _jeton(etat: Any, code: rx.Var, libelle: rx.Var) -> rx.Component:
    return rx.el.li(
        rx.el.span(libelle),
        rx.el.button(
            "×",
            type="button",
            on_click=etat.retirer_commune(code),
            aria_label=rx.Var.create("Retirer ").to(str) + libelle,
        ),
        class_name="jeton",
        key=code,
    )


def _inconnus(etat: Any) -> rx.Component:
    return rx.el.div(
        rx.el.p("Ces codes ne sont pas dans le code officiel géographique. Retirez-les.", class_name="erreur"),
        rx.el.ul(rx.foreach(etat.zone_inconnus, lambda code: _jeton(etat, code, code)), class_name="jetons"),
    )


def _departement(etat: Any, departement: rx.Var) -> rx.Component:
    cle, nom = departement["cle"].to(str), departement["nom"].to(str)
    ouvert = departement["ouvert"].to(bool)
    noms = rx.el.div(
        rx.el.ul(
            rx.foreach(
                departement["communes"].to(list[Option]),
                lambda commune: _jeton(etat, commune["cle"].to(str), commune["libelle"].to(str)),
            ),
            class_name="jetons",
        ),
        rx.cond(
            departement["suite"],
            rx.el.p(
                rx.cond(
                    departement["precedents"].to(int) > 0,
                    _bouton("Précédentes", etat.voir_departement(cle, -1)),
                    rx.fragment(),
                ),
                rx.el.span(departement["suite"], class_name="second petit"),
                rx.cond(
                    departement["suivants"].to(int) > 0,
                    _bouton("Suivantes", etat.voir_departement(cle, 1)),
                    rx.fragment(),
                ),
                class_name="boutons",
            ),
            rx.fragment(),
        ),
    )
    return rx.el.li(
        rx.el.div(
            rx.el.span(departement["texte"]),
            rx.el.span(
                _bouton(
                    rx.cond(ouvert, "Replier", "Voir les noms"),
                    etat.voir_departement(cle, 0),
                    rx.el.span(fr(" : "), nom, class_name="invisible"),
                    sorte="discret",
                    aria_expanded=rx.cond(ouvert, "true", "false"),
                ),
                _bouton(
                    "Tout retirer",
                    etat.retirer_departement(cle),
                    rx.el.span(fr(" : "), nom, class_name="invisible"),
                    sorte="discret",
                ),
                class_name="boutons",
            ),
            class_name="repete-tete",
        ),
        rx.cond(ouvert, noms, rx.fragment()),
        key=cle,
    )


def _ajouts(etat: Any) -> rx.Component:
    return rx.el.div(
        rx.el.label("Ajouter une commune ou un département", html_for="zone-recherche", class_name="h3"),
        rx.el.span(fr("Par son nom, un code postal ou un code INSEE."), class_name="aide", id="zone-recherche-a"),
        _recherche(etat, "zone-recherche", ZONE, etat.choisir_commune),
        rx.el.details(
            rx.el.summary("Ajouter les communes autour d’une autre"),
            rx.el.label("Autour de", html_for="zone-centre"),
            rx.cond(etat.centre, rx.el.p(etat.centre_nom, class_name="fort"), rx.fragment()),
            _recherche(etat, "zone-centre", CENTRE, etat.choisir_centre),
            rx.el.div(
                rx.el.label("À moins de", html_for="zone-km"),
                rx.el.select(
                    *(rx.el.option(fr(f"{km} km"), value=str(km)) for km in DISTANCES),
                    id=identifiant("zone-km"),
                    default_value="20",
                    on_change=etat.changer_distance,
                    class_name="saisie saisie--moyen",
                ),
                class_name="champ",
            ),
            rx.el.p(
                "Distance à vol d’oiseau, de centre à centre.",
                class_name="petit second",
            ),
            rx.el.p(_bouton("Ajouter ces communes", etat.ajouter_autour), class_name="boutons boutons--fin"),
            class_name="plis",
        ),
        rx.el.details(
            rx.el.summary("Coller une liste de codes INSEE"),
            rx.el.label("Codes INSEE", html_for="zone-liste"),
            rx.el.span("Séparés par des espaces, des virgules ou des retours à la ligne.", class_name="aide"),
            rx.el.textarea(
                id=identifiant("zone-liste"), rows="4", on_blur=etat.coller, class_name="saisie", auto_complete="off"
            ),
            rx.el.p(_bouton("Ajouter cette liste", etat.ajouter_liste), class_name="boutons boutons--fin"),
            class_name="plis",
        ),
        class_name="zone-ajouts",
    )


def _recherche(etat: Any, ici: str, pour: str, choisir: Any) -> rx.Component:
    ouverte = etat.zone_cherche == pour
    return rx.el.div(
        rx.el.input(
            id=identifiant(ici),
            type="search",
            auto_complete="off",
            class_name="saisie",
            on_change=lambda v: etat.chercher_zone(pour, v).debounce(150),
            form=HORS_DU_FORMULAIRE,
        ),
        rx.el.p(rx.cond(ouverte, etat.zone_recherche_dite, ""), role="status", class_name="petit second"),
        rx.cond(
            ouverte & (etat.zone_trouves.length() > 0),
            rx.el.ul(
                rx.foreach(
                    etat.zone_trouves,
                    lambda o: rx.el.li(
                        rx.el.button(
                            o["libelle"],
                            rx.cond(o["detail"], rx.el.small(" (", o["detail"], ")"), rx.fragment()),
                            type="button",
                            on_click=choisir(o["cle"]),
                        ),
                        key=o["cle"],
                    ),
                ),
                class_name="trouves",
            ),
            rx.fragment(),
        ),
        class_name="champ champ--recherche",
    )
