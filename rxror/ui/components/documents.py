"""The ways to what one prints or keeps of an object, quieter than the gestures of its page."""

import reflex as rx
from reflex_components_core.el.elements.inline import A  # `rx.el.a` is the router's link: a file is outside it

from rxror.ror import parcours
from rxror.ui.place import ICI


def imprimer_view(nom: str | rx.Var) -> rx.Component:
    """« Imprimer la fiche »: a PDF of what is published of an offer or of an établissement."""
    return A.create(
        "Imprimer la fiche",
        rx.el.span(" de ", nom, " (PDF)", class_name="invisible"),
        href=rx.Var.create(parcours.EXPORT_FICHE).to(str) + ICI + ".pdf",
        class_name="lien",
    )


def attestation_lien(nom: str | rx.Var) -> rx.Component:
    """« Attestation » of an établissement or of a structure; its page is below the object's."""
    return rx.el.a(
        "Attestation de mise à jour",
        rx.el.span(" de ", nom, class_name="invisible"),
        href=ICI + "/attestation",
        class_name="lien",
    )
