"""The weekly editor: seven days with their slots for each type of hours, then the periods."""

from typing import Any

import reflex as rx

from rxror.ror.champs import Groupe
from rxror.ror.typographie import fr
from rxror.ui.champs.parties import Chemin, erreur_view, identifiant, joindre
from rxror.ui.saisie import Option
from rxror.ui.saisie_horaires import AU, DEBUT, DU, FIN, GROUPE, JOUR, TYPE, JourVu, PlageVue

JOURS = ("Lundi", "Mardi", "Mercredi", "Jeudi", "Vendredi", "Samedi", "Dimanche")


def horaires_view(etat: Any, groupe: Groupe, chemin: Chemin) -> rx.Component:
    """All the weeks, and how to add one."""
    return rx.el.div(
        rx.el.div(
            rx.el.p(etat.horaires_dits, role="status"),
            rx.cond(
                etat.horaires_annulables,
                rx.el.button(
                    "Annuler ce changement",
                    type="button",
                    on_click=etat.annuler_horaires,
                    class_name="bouton bouton--second bouton--compact",
                ),
                rx.fragment(),
            ),
            id=identifiant("horaires-dits"),
            class_name=rx.cond(etat.horaires_dits, "dit", "dit dit--vide"),
        ),
        erreur_view(etat, chemin),
        rx.foreach(etat.semaines, lambda semaine: _semaine(etat, semaine)),
        rx.el.p(
            rx.el.button(
                "Ajouter un type d’horaire",
                type="button",
                id=identifiant(chemin),
                on_click=etat.ajouter_semaine(False),
                class_name="bouton bouton--second",
            ),
            rx.el.button(
                "Ajouter une période particulière",
                type="button",
                on_click=etat.ajouter_semaine(True),
                class_name="bouton bouton--second",
            ),
            class_name="boutons boutons--fin",
        ),
        rx.el.p(
            fr("Une période particulière : vacances, fermeture d’été… Ses heures sont facultatives."),
            class_name="petit second",
        ),
        class_name="groupe-repete",
    )


def _semaine(etat: Any, semaine: rx.Var) -> rx.Component:
    bloc = semaine["cle"].to(str)
    jours = semaine["jours"].to(list[JourVu])
    liste = rx.el.div(rx.foreach(jours, lambda jour: _jour(etat, semaine, jour)), class_name="semaine")
    return rx.el.section(
        rx.el.div(
            rx.el.h2(semaine["titre"], id=joindre("t-", bloc)),
            rx.el.button(
                "Retirer",
                rx.el.span(" ", semaine["titre"], class_name="invisible"),
                type="button",
                on_click=etat.retirer_semaine(bloc),
                class_name="bouton bouton--discret bouton--compact",
            ),
            class_name="repete-tete",
        ),
        rx.el.p(semaine["dit"], class_name="semaine-dite", aria_live="polite"),
        _type(etat, semaine, bloc),
        rx.cond(semaine["periode"], _dates(etat, semaine, bloc), rx.fragment()),
        liste,
        rx.el.p(
            rx.el.button(
                fr("Ouvert 24 h/24, 7 j/7"),
                type="button",
                on_click=etat.toujours_ouvert(bloc),
                class_name="bouton bouton--second bouton--compact",
            ),
            class_name="boutons boutons--fin",
        ),
        class_name="fiche",
        aria_labelledby=joindre("t-", bloc),
        key=bloc,
    )


def _type(etat: Any, semaine: rx.Var, bloc: rx.Var) -> rx.Component:
    options = etat.options[f"{GROUPE}.{TYPE}"].to(list[Option])
    ici = identifiant("type-", bloc)
    return rx.el.div(
        rx.el.label("Type d’horaire", html_for=ici),
        rx.el.select(
            rx.el.option("Non précisé", value=""),
            rx.foreach(options, lambda o: rx.el.option(o["libelle"], value=o["cle"])),
            id=ici,
            default_value=semaine["type"],
            on_change=lambda v: etat.changer_semaine(bloc, TYPE, v),
            class_name="saisie",
        ),
        class_name="champ",
    )


def _dates(etat: Any, semaine: rx.Var, bloc: rx.Var) -> rx.Component:
    def une(nom: str, label: str, valeur: rx.Var) -> rx.Component:
        ici = identifiant(f"{nom}-", bloc)
        return rx.el.div(
            rx.el.label(label, html_for=ici),
            rx.el.input(
                id=ici,
                type="date",
                default_value=valeur,
                on_change=lambda v: etat.changer_semaine(bloc, nom, v),
                class_name="saisie saisie--moyen",
            ),
            class_name="champ",
        )

    return rx.el.div(
        une(DU, "À partir du", semaine["du"]), une(AU, "Jusqu’au (inclus)", semaine["au"]), class_name="paire"
    )


def _jour(etat: Any, semaine: rx.Var, jour: rx.Var) -> rx.Component:
    bloc, numero, ici = semaine["cle"].to(str), jour["jour"].to(int), jour["cle"].to(str)
    plages = jour["plages"].to(list[PlageVue])
    avec = plages.length() > 0
    return rx.el.div(
        rx.el.div(
            rx.el.h3(jour["nom"], id=joindre("t-", ici)),
            rx.cond(avec, rx.fragment(), rx.el.span("Aucune plage", class_name="second petit")),
            class_name="jour-tete",
        ),
        rx.el.div(
            rx.foreach(plages, lambda plage: _plage(etat, semaine, jour, plage)),
            rx.cond(jour["alerte"], rx.el.p(jour["alerte"], class_name="alerte petit"), rx.fragment()),
            rx.el.p(
                rx.el.button(
                    "Ajouter une plage",
                    rx.el.span(fr(" : "), jour["nom"], class_name="invisible"),
                    type="button",
                    id=identifiant("plus-", ici),
                    on_click=etat.ajouter_plage(bloc, numero),
                    class_name="bouton bouton--discret bouton--compact",
                ),
                rx.cond(
                    avec & (numero > 0),
                    rx.el.button(
                        "Copier vers…",
                        rx.el.span(fr(" : "), jour["nom"], class_name="invisible"),
                        type="button",
                        id=identifiant("copier-", ici),
                        aria_expanded=rx.cond(jour["copie"], "true", "false"),
                        on_click=etat.ouvrir_copie(bloc, numero),
                        class_name="bouton bouton--discret bouton--compact",
                    ),
                    rx.fragment(),
                ),
                class_name="boutons",
            ),
            rx.cond(jour["copie"], _copie(etat, bloc, numero, ici, jour), rx.fragment()),
            class_name="jour-plages",
        ),
        key=ici,
        role="group",
        aria_labelledby=joindre("t-", ici),
    )


def _plage(etat: Any, semaine: rx.Var, jour: rx.Var, plage: rx.Var) -> rx.Component:
    chemin, cle = plage["chemin"].to(str), plage["cle"].to(str)
    caches = {TYPE: semaine["type"], JOUR: rx.cond(jour["jour"].to(int) > 0, jour["jour"].to(str), "")}
    caches |= {DU: semaine["du"], AU: semaine["au"]}
    return rx.el.div(
        rx.el.input(type="hidden", name=chemin, value="1"),
        *(rx.el.input(type="hidden", name=joindre(chemin, f".{nom}"), value=valeur) for nom, valeur in caches.items()),
        rx.el.div(
            _heure(etat, cle, joindre(chemin, f".{DEBUT}"), DEBUT, "De", jour["nom"]),
            _heure(etat, cle, joindre(chemin, f".{FIN}"), FIN, "à", jour["nom"]),
            rx.el.button(
                "Retirer",
                rx.el.span(" cette plage, ", jour["nom"], class_name="invisible"),
                type="button",
                on_click=etat.retirer_plage(cle),
                class_name="bouton bouton--discret bouton--compact",
            ),
            class_name="plage",
            id=joindre(chemin, f".{AU}"),
            custom_attrs={"tabIndex": -1},
        ),
        *(erreur_view(etat, joindre(chemin, f".{nom}")) for nom in (DEBUT, FIN, JOUR, AU)),
        id=joindre(chemin, f".{JOUR}"),
        custom_attrs={"tabIndex": -1},
        key=cle + "-" + plage["tour"].to(str),
    )


def _heure(etat: Any, cle: rx.Var, chemin: Chemin, nom: str, label: str, jour: rx.Var) -> rx.Component:
    return rx.fragment(
        rx.el.label(label, rx.el.span(", ", jour, class_name="invisible"), html_for=identifiant(chemin)),
        rx.el.input(
            id=identifiant(chemin),
            name=chemin,
            type="text",
            input_mode="numeric",
            auto_complete="off",
            placeholder="",
            default_value=etat.valeurs[chemin],
            on_blur=lambda v: etat.heure_saisie(cle, nom, v),
            aria_invalid=rx.cond(etat.erreurs[chemin], "true", "false"),
            aria_describedby=rx.cond(etat.erreurs[chemin], identifiant(chemin, "-e"), ""),
            class_name="saisie saisie--heure",
        ),
    )


def _copie(etat: Any, bloc: rx.Var, numero: rx.Var, ici: rx.Var, jour: rx.Var) -> rx.Component:
    def case(rang: int, nom: str) -> rx.Component:
        return rx.cond(
            numero == rang,
            rx.fragment(),
            rx.el.label(
                rx.el.input(
                    type="checkbox",
                    checked=etat.cibles.contains(rang),
                    on_change=lambda _: etat.viser(rang),
                ),
                rx.el.span(nom),
                class_name="choix",
            ),
        )

    def vite(texte: str, jours: list[int]) -> rx.Component:
        return rx.el.button(
            texte,
            type="button",
            on_click=etat.copier(bloc, numero, jours),
            class_name="bouton bouton--second bouton--compact",
        )

    return rx.el.fieldset(
        rx.el.legend("Copier ", jour["nom"], " vers"),
        rx.el.p("Les plages des jours choisis sont remplacées.", class_name="aide"),
        rx.el.p(
            vite("Du lundi au vendredi", [1, 2, 3, 4, 5]),
            vite("Tous les jours", [1, 2, 3, 4, 5, 6, 7]),
            class_name="boutons",
        ),
        rx.el.div(*(case(rang, nom) for rang, nom in enumerate(JOURS, start=1)), class_name="jours-cibles"),
        rx.el.p(
            rx.el.button(
                "Copier",
                type="button",
                on_click=etat.copier(bloc, numero, etat.cibles),
                class_name="bouton bouton--compact",
            ),
            rx.el.button(
                "Fermer",
                type="button",
                on_click=etat.ouvrir_copie(bloc, numero),
                class_name="bouton bouton--second bouton--compact",
            ),
            class_name="boutons",
        ),
        id=identifiant("copie-", ici),
        custom_attrs={"tabIndex": -1},
        class_name="groupe copie",
    )
