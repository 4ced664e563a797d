"""What one finds one's way in a list by: words to search, filters kept in the address, pages, older lines."""

from typing import Any

import reflex as rx

PRECEDENTE, SUIVANTE = "Page précédente", "Page suivante"
COMPACT = "bouton bouton--second bouton--compact"


def recherche_view(label: str, aide: str, valeur: rx.Var, maximum: int, chercher: Any) -> rx.Component:
    """One field of words and « Chercher »; the words are `q` in the address."""
    return rx.el.form(
        rx.el.div(
            rx.el.label(label, html_for="q"),
            rx.el.span(aide, class_name="aide", id="q-aide"),
            rx.el.input(
                id="q",
                name="q",
                type="search",
                default_value=valeur,
                max_length=maximum,
                auto_complete="off",
                class_name="saisie",
                aria_describedby="q-aide",
            ),
            class_name="champ",
        ),
        rx.el.button("Chercher", type="submit", class_name="bouton"),
        on_submit=chercher,
        role="search",
        class_name="recherche",
    )


def filtres_view(etat: Any, *champs: rx.Component) -> rx.Component:
    """« Filtrer », open when a filter holds. The state has `filtre`, `place`, `choix` and `filtrer`."""
    return rx.el.details(
        rx.el.summary("Filtrer"),
        rx.el.form(
            *champs,
            rx.el.p(
                rx.el.button("Filtrer", type="submit", class_name="bouton bouton--second"),
                rx.cond(etat.filtre, rx.el.a("Tout voir", href=etat.place, class_name="lien")),
                class_name="boutons",
            ),
            on_submit=etat.filtrer,
            class_name="recherche",
        ),
        open=etat.filtre,
        class_name="plis",
    )


def filtre_liste(etat: Any, nom: str, label: str, tous: str, *options: rx.Component) -> rx.Component:
    """One filter among a list; `tous` is no filter."""
    tenu = etat.choix[nom]
    choix = rx.el.select(
        rx.el.option(tous, value=""),
        *options,
        id=f"filtre-{nom}",
        name=nom,
        default_value=tenu,
        key=tenu,
        class_name="saisie",
    )
    return rx.el.div(rx.el.label(label, html_for=f"filtre-{nom}"), choix, class_name="champ")


def filtre_jour(etat: Any, nom: str, label: str) -> rx.Component:
    """A filter that is a day."""
    tenu = etat.choix[nom]
    jour = rx.el.input(
        id=f"filtre-{nom}", name=nom, type="date", default_value=tenu, key=f"{nom}-" + tenu, class_name="saisie"
    )
    return rx.el.div(rx.el.label(label, html_for=f"filtre-{nom}"), jour, class_name="champ")


def option_view(choix: rx.Var) -> rx.Component:
    """One of `services.historique.Choix`."""
    return rx.el.option(choix["nom"].to(str), value=choix["cle"].to(str))


def revenir_aux_derniers(url: rx.Var) -> rx.Component:
    """From an older page back to the first."""
    return rx.el.p(rx.el.a("Revenir aux derniers gestes", href=url, class_name="lien"), class_name="boutons")


def plus_anciens(url: rx.Var) -> rx.Component:
    """The next older lines, when there are."""
    lien = rx.el.a("Gestes plus anciens", href=url, class_name="bouton bouton--second")
    return rx.cond(url, rx.el.p(lien, class_name="boutons"))


def pages_view(page: rx.Var, pages: rx.Var, avant: rx.Component, apres: rx.Component) -> rx.Component:
    """Where one is in a list of several pages, and how to turn them."""
    ici = rx.el.span("Page ", page, " sur ", pages)
    return rx.el.nav(avant, ici, apres, class_name="boutons", aria_label="Pages de la liste")


def lien_de_page(nom: str, url: rx.Var) -> rx.Component:
    """Turn to a page that has an address; nothing without one."""
    return rx.cond(url, rx.el.a(nom, href=url, class_name=COMPACT))
