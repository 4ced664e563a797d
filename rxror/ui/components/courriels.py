"""In demonstration, the way to the mails that would have been sent."""

import reflex as rx

from rxror.ror import parcours
from rxror.ror.typographie import fr
from rxror.settings import settings


def renvoi_view() -> rx.Component:
    """The way to the outbox, from a page that has just sent something; nothing outside demonstration."""
    if not settings().demo:
        return rx.fragment()
    return rx.el.p(
        fr("Démonstration : rien n’est parti. "),
        rx.el.a("Lire les courriels de la démonstration", href=parcours.COURRIELS, class_name="lien"),
        class_name="petit second",
    )
