"""Every page, its address, its title: « Étape – Établissement – rxror »."""

from importlib import import_module
from typing import Any

import reflex as rx

from rxror.ror import parcours
from rxror.ui.layout import METAS
from rxror.ui.pages import accueil, connexion, etablissement, etablissements, informations, page_absente, structure

DESCRIPTION = "Tenir à jour son offre dans le ROR : établissement, pôle, UF, offre, lieu, validation."


def ajouter_pages(app: rx.App) -> None:
    """Give the application all its pages."""
    _ajouter(app, parcours.ACCUEIL, accueil.accueil_page, parcours.titre("Mes accès rapides"), accueil.AccueilState.charger)
    _ajouter(app, parcours.CONNEXION, connexion.connexion_page, parcours.titre("Je m’authentifie"))
    _ajouter(
        app,
        parcours.ETABLISSEMENTS,
        etablissements.etablissements_page,
        parcours.titre("Mes établissements géographiques (EG)"),
        etablissements.EtablissementsState.charger,
    )
    _ajouter(
        app,
        parcours.ROUTE_ETABLISSEMENT,
        etablissement.etablissement_page,
        etablissement.EtablissementState.titre_page,
        etablissement.EtablissementState.charger,
    )
    _ajouter(
        app,
        parcours.ROUTE_STRUCTURE,
        structure.structure_page,
        structure.StructureState.titre_page,
        structure.StructureState.charger,
    )
    for route, vue, titre in informations.PAGES:
        _ajouter(app, route, vue, parcours.titre(titre))
    _ajouter(app, "404", page_absente.page_absente, parcours.titre("Page introuvable"))
    for module in ("offre", "edition", "lieu", "validation", "creation"):
        _ajouter_module(app, module)


def _ajouter_module(app: rx.App, module: str) -> None:
    """Pages a module lists itself: PAGES = ((route, view, title, on_load), …)."""
    try:
        pages = import_module(f"rxror.ui.pages.{module}").PAGES
    except ModuleNotFoundError:  # until it exists
        return
    for route, vue, titre, on_load in pages:
        _ajouter(app, route, vue, titre, on_load)


def _ajouter(app: rx.App, route: str, vue: Any, titre: Any, on_load: Any = None) -> None:
    app.add_page(vue, route=route, title=titre, description=DESCRIPTION, on_load=on_load, meta=METAS)
