"""The form of a section, in native elements: one small function per kind of input.

Fields are laid out when the application is compiled, by an ordinary loop over the declarations; only rows and codes,
whose number is not known then, are drawn by `rx.foreach`. An input's name and id are its path (`ror/saisie.py`).
"""

from typing import Any

import reflex as rx
from sqlmodel import SQLModel

from rxror.ror.champs import champs_de, groupes_de
from rxror.ui.champs.groupes import groupe_view
from rxror.ui.champs.vues import VUES, champ_view, champs_view

__all__ = ["VUES", "champ_view", "formulaire_view", "groupe_view"]


def formulaire_view(etat: Any, classe: type[SQLModel], section: str) -> rx.Component:
    """All fields and groups of one section; groups that depend on an answer come after the fields."""
    champs = champs_view(etat, champs_de(classe, section), "", "")
    groupes = groupes_de(classe, section).items()
    avant = [groupe_view(etat, g, nom, nom) for nom, g in groupes if not g.visible_si]
    apres = [groupe_view(etat, g, nom, nom) for nom, g in groupes if g.visible_si]
    return rx.fragment(*avant, *([rx.el.div(*champs, class_name="fiche")] if champs else []), *apres)
