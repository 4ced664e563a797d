"""On the home page: requests for an access that wait for me, those that I made, the way to make one."""

from contextlib import suppress
from typing import Any
from uuid import uuid4

import reflex as rx

from rxror import db
from rxror.ror import parcours
from rxror.ror.erreurs import Conflit
from rxror.ror.typographie import fr
from rxror.services import demandes_acces, reponses_acces
from rxror.services.demandes_acces import MaDemande, SurUneDemande
from rxror.ui.components.etats import Donnee
from rxror.ui.components.geste import caches
from rxror.ui.demande import lire_demande
from rxror.ui.identity import acteur


class DemandesAccesState(rx.State):
    """What waits for me, and what I asked for."""

    recues: int = 0
    miennes: list[MaDemande] = []
    cle: str = ""

    @rx.event
    def charger(self) -> None:
        """Read them again at each visit."""
        with db.lecture() as session:
            qui = acteur(self, session)
            self.recues = reponses_acces.nombre_recues(session, qui)
            self.miennes = demandes_acces.les_miennes(session, qui)
        self.cle = str(uuid4())

    @rx.event
    def retirer(self, saisie: dict[str, Any]) -> Any:
        """Take one's own request back; if it was answered meanwhile, the list says how."""
        demande = lire_demande(SurUneDemande, saisie, ("numero", "cle"))
        with suppress(Conflit):
            db.rejouable(lambda session: demandes_acces.retirer(session, acteur(self, session), demande))
        return DemandesAccesState.charger


def recues_view() -> rx.Component:
    """« 1 demande d’accès attend »; nothing when none does."""
    n = DemandesAccesState.recues
    return rx.cond(
        n > 0,
        rx.el.section(
            rx.el.h2(n, rx.cond(n > 1, " demandes d’accès attendent", " demande d’accès attend"), id="t-recues"),
            rx.el.p(
                rx.el.a("Lire et répondre", href=parcours.DEMANDES_ACCES, class_name="bouton"), class_name="boutons"
            ),
            class_name="panneau panneau--alerte",
            aria_labelledby="t-recues",
        ),
    )


def miennes_view() -> rx.Component:
    """What I asked for, with its answer; nothing when I asked for nothing."""
    miennes: Donnee = DemandesAccesState.miennes
    return rx.cond(
        miennes.length() > 0,
        rx.el.section(
            rx.el.h2("Mes demandes d’accès", id="t-miennes"),
            rx.el.ul(rx.foreach(miennes.to(list[MaDemande]), lambda mienne: _mienne(mienne)), class_name="liste"),
            class_name="pile",
            aria_labelledby="t-miennes",
        ),
    )


def demander_view() -> rx.Component:
    """The way to ask for an access."""
    return rx.el.p(rx.el.a("Demander un accès à un établissement", href=parcours.DEMANDER_ACCES, class_name="lien"))


def _mienne(mienne: Donnee) -> rx.Component:
    etat = DemandesAccesState
    retrait = rx.el.form(
        *caches(numero=mienne.numero.to(str), cle=etat.cle),
        rx.el.button(
            "Retirer",
            rx.el.span(fr(" ma demande : "), mienne.titre, class_name="invisible"),
            type="submit",
            class_name="bouton bouton--second bouton--compact",
        ),
        on_submit=etat.retirer,
    )
    ouvrir = rx.el.a(
        "Ouvrir",
        rx.el.span(fr(" : "), mienne.titre, class_name="invisible"),
        href=mienne.url,
        class_name="bouton bouton--second bouton--compact",
    )
    return rx.el.li(
        rx.el.div(rx.el.h3(mienne.titre), rx.el.p(mienne.detail)),
        rx.cond(mienne.attend, retrait, rx.cond(mienne.url, ouvrir, rx.fragment())),
        key=mienne.numero,
    )
