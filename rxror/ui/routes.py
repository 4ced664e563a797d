"""Every page of the application. A page module lists its own: PAGES = ((route, view, title, on_load), …)."""

from importlib import import_module
from types import ModuleType
from typing import Any

import reflex as rx

from rxror.ui.layout import METAS
from rxror.ui.pages import accueil, connexion, etablissement, etablissements, informations, page_absente, structure

DESCRIPTION = "Tenir à jour son offre dans le ROR : établissement, pôle, UF, offre, lieu, validation."
MODULES: tuple[ModuleType, ...] = (
    connexion,
    accueil,
    etablissements,
    etablissement,
    structure,
    informations,
    page_absente,
)
A_VENIR = ("offre", "edition", "lieu", "validation", "creation")


def ajouter_pages(app: rx.App) -> None:
    """Give the application all its pages."""
    for module in (*MODULES, *filter(None, map(_module, A_VENIR))):
        for route, vue, titre, on_load in module.PAGES:
            app.add_page(vue, route=route, title=titre, description=DESCRIPTION, on_load=on_load, meta=METAS)


def _module(nom: str) -> Any:
    complet = f"rxror.ui.pages.{nom}"
    try:
        return import_module(complet)
    except ModuleNotFoundError as erreur:
        if erreur.name != complet:
            raise
        return None
