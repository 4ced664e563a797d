"""The questions of a right that one gives, or asks for: which role, on what, until when."""

from collections.abc import Iterable
from typing import Any

import reflex as rx

from rxror.services.droits import NOMS_DES_ROLES
from rxror.services.octroi import CE_QUE_FAIT
from rxror.tables import Role
from rxror.ui.components.question import Choix, choix_view, liste_view, texte_view


def choix_de(roles: Iterable[Role]) -> tuple[Choix, ...]:
    """Roles as choices, each with what it does."""
    return tuple((role.value, NOMS_DES_ROLES[role], CE_QUE_FAIT[role]) for role in roles)


def octroi_view(etat: Any, label: str, choix: tuple[Choix, ...]) -> list[rx.Component]:
    """The three questions; the state has `roles`, those that may be given, and `structures`."""
    return [
        choix_view(etat, "role", label, choix, etat.roles),
        liste_view(
            etat,
            "structure",
            "Sur quoi",
            etat.structures,
            premier="Tout l’établissement",
            aide="Un référent l’est de tout l’établissement.",
        ),
        texte_view(etat, "fin", "Dernier jour de ce droit (facultatif)", genre="date"),
    ]
