"""The page that is not there (404)."""

import reflex as rx

from rxror.ror import parcours
from rxror.ui.layout import issues, page, tete


def page_absente() -> rx.Component:
    """Say what is kept, and where to go."""
    return page(
        tete("Cette page n’existe pas"),
        rx.el.p("L’adresse est peut-être incomplète, ou l’offre a changé de place. Vos brouillons sont intacts."),
        issues(),
        rx.el.p("Erreur 404", class_name="petit second"),
        etroite=True,
        pile=True,
        pret=True,
    )


PAGES = (("404", page_absente, parcours.titre("Page introuvable"), None),)
