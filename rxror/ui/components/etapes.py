"""The six steps of the guide: where one is, never a link."""

import reflex as rx

from rxror.ror.parcours import ETAPES, Etape
from rxror.ror.typographie import fr
from rxror.ui.components.etats import Donnee


def etapes(etape: int | rx.Var, avec_uf: bool | rx.Var = True) -> rx.Component:
    """Steps, the present one named.

    Args:
        etape: number of the present step, 1 to 6.
        avec_uf: False in a médico-social établissement, where there is no UF to reach.
    """
    courante = rx.Var.create(etape).to(int)
    libelles: dict[int, str] = {int(e): t for e, t in ETAPES.items()}
    return rx.el.section(
        rx.el.p(
            rx.el.strong("Étape ", courante, " sur 6"),
            fr(" : "),
            rx.match(courante, *libelles.items(), ""),
        ),
        rx.el.ol(*(_etape(e, t, courante, avec_uf) for e, t in ETAPES.items())),
        class_name="etapes",
        aria_label="Étapes de la mise à jour",
    )


def _etape(etape: Etape, libelle: str, courante: Donnee, avec_uf: bool | rx.Var) -> rx.Component:
    numero = int(etape)
    passee = rx.el.span(" (fait)", class_name="invisible")
    if etape is Etape.ACCEDER_UF:
        passee = rx.cond(avec_uf, passee, rx.el.span(" (sans objet)"))
    return rx.el.li(
        rx.el.span(f"{numero}. {libelle}", rx.cond(courante > numero, passee)),
        class_name=rx.cond(courante > numero, "faite", ""),
        aria_current=rx.cond(courante == numero, "step", None),
    )
