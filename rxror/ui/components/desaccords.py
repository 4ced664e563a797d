"""What FINESS says otherwise than the record, on the very field: both values, « Prendre », « Garder (motif) »."""

from typing import Any
from uuid import uuid4

import reflex as rx
from sqlmodel import Session

from rxror import db
from rxror.ror.erreurs import Conflit, GesteRefuse
from rxror.ror.typographie import fr
from rxror.services import alertes, desaccords
from rxror.services.acces import Acteur
from rxror.services.alertes import GardeAlerte
from rxror.services.desaccords import Desaccord, PrendreFiness
from rxror.services.vues import Information
from rxror.ui.components.alertes import garder_view
from rxror.ui.components.foyer import foyer_view, vers
from rxror.ui.components.geste import a_change, caches, message_view
from rxror.ui.demande import lire_demande
from rxror.ui.identity import acteur
from rxror.ui.place import cible

CHANGE = a_change("Rien n’est repris de FINESS.", "Relisez les deux valeurs, puis choisissez.")
PRIS = fr("La fiche dit maintenant ce que dit FINESS. C’est publié.")


class Desaccords(rx.State, mixin=True):
    """The points on which FINESS and the record of the page differ."""

    desaccords: list[Desaccord] = []
    vers_finess: str = ""
    cle_finess: str = ""
    message_finess: str = ""
    fait_finess: str = ""
    foyer_finess: str = ""

    def _montrer_les_desaccords(self, session: Session, qui: Acteur) -> None:
        self.desaccords, self.cle_finess = desaccords.lire(session, qui, cible(self)), str(uuid4())
        self.vers_finess = next((f"#{d['chemin']}" for d in self.desaccords if not d["garde"]), "")

    def _relire(self) -> None:
        """Read again what the page shows; it says what that is."""
        raise NotImplementedError

    @rx.event
    def prendre_finess(self, saisie: dict[str, Any]) -> None:
        """Publish what FINESS says of one point; if either changed meanwhile, show both again and write nothing."""
        demande = lire_demande(PrendreFiness, saisie, PrendreFiness.model_fields)
        refus = ""
        try:
            db.rejouable(lambda session: desaccords.prendre(session, acteur(self, session), demande))
        except (Conflit, GesteRefuse) as erreur:
            refus = CHANGE if isinstance(erreur, Conflit) else str(erreur)
        self._repondre(refus, PRIS)

    @rx.event
    def garder_finess(self, saisie: dict[str, Any]) -> None:
        """Keep what the record says, for a reason; or say why it was not kept."""
        demande = lire_demande(GardeAlerte, saisie, GardeAlerte.model_fields)
        refus = db.rejouable(lambda session: alertes.garder(session, acteur(self, session), demande))
        self._repondre(refus, "La valeur de la fiche est gardée, avec votre motif.")

    @rx.event
    def reprendre_finess(self, saisie: dict[str, Any]) -> None:
        """Ask again a point that was kept."""
        demande = lire_demande(GardeAlerte, saisie, GardeAlerte.model_fields)
        db.rejouable(lambda session: alertes.reprendre(session, acteur(self, session), demande))
        self._repondre("", "Le choix est de nouveau à faire.")

    def _repondre(self, refus: str, fait: str) -> None:
        self._relire()
        self.message_finess, self.fait_finess = refus, "" if refus else fait
        self.foyer_finess = vers("message" if refus else "fait-finess")


def vers_finess_view(etat: Any) -> rx.Component:
    """At the top of the page, a link to the first point that is still to be chosen; nothing when there is none."""
    return rx.cond(
        etat.vers_finess,
        rx.el.a("FINESS dit autre chose", href=etat.vers_finess, reload_document=True, class_name="lien"),
    )


def faits_finess_view(etat: Any, faits: Any) -> rx.Component:
    """The facts that come from FINESS; below the one that FINESS says otherwise, both values and the choice."""

    def fait_view(fait: Any) -> rx.Component:
        return rx.el.div(
            rx.el.dt(fait.label),
            rx.el.dd(
                rx.cond(fait.valeur, fait.valeur, rx.el.span("Non renseigné", class_name="vide")),
                rx.cond(fait.origine, rx.el.span(fait.origine, class_name="origine")),
            ),
            rx.foreach(
                etat.desaccords.to(list[Desaccord]),
                lambda ecart: rx.cond(ecart["point"].to(str) == fait.point, _ecart(etat, ecart), rx.fragment()),
            ),
        )

    return rx.fragment(
        foyer_view(etat.foyer_finess),
        message_view(etat.message_finess),
        rx.el.p(etat.fait_finess, role="status", id="fait-finess", tab_index=-1, class_name="petit"),
        rx.el.dl(rx.foreach(faits.to(list[Information]), fait_view), class_name="faits"),
    )


def _ecart(etat: Any, ecart: rx.Var) -> rx.Component:
    return rx.el.dd(
        rx.cond(ecart["garde"], _garde(etat, ecart), _a_choisir(etat, ecart)),
        id=ecart["chemin"].to(str),
        tab_index=-1,
        class_name="ecart",
    )


def _a_choisir(etat: Any, ecart: rx.Var) -> rx.Component:
    return rx.el.div(
        rx.el.p(rx.el.strong("FINESS dit autre chose")),
        _les_deux(ecart),
        rx.cond(ecart["prendre"], _prendre(etat, ecart), rx.fragment()),
        rx.cond(
            ecart["alerte"],
            garder_view(
                ecart["alerte"].to(str),
                ecart["label"].to(str),
                rx.Var.create("motif-") + ecart["point"].to(str),
                _objet(ecart),
                etat.garder_finess,
            ),
            rx.el.p("Un référent de l’établissement choisit.", class_name="petit second"),
        ),
        class_name="panneau panneau--alerte",
    )


def _garde(etat: Any, ecart: rx.Var) -> rx.Component:
    return rx.el.details(
        rx.el.summary(
            rx.el.span("FINESS dit autre chose, la fiche est gardée", _de_quoi(ecart)),
        ),
        _les_deux(ecart),
        rx.el.p(ecart["garde"], class_name="petit"),
        rx.cond(
            ecart["alerte"],
            rx.el.form(
                *_objet(ecart),
                *caches(alerte=ecart["alerte"].to(str)),
                rx.el.button(
                    "Reprendre",
                    _de_quoi(ecart),
                    type="submit",
                    class_name="bouton bouton--second bouton--compact",
                ),
                on_submit=etat.reprendre_finess,
            ),
            rx.fragment(),
        ),
        class_name="plis",
    )


def _les_deux(ecart: rx.Var) -> rx.Component:
    """Both values, each with its date."""
    return rx.fragment(
        rx.el.p(
            rx.el.span("La fiche", class_name="petit second"),
            rx.el.br(),
            ecart["fiche"],
            rx.el.span(ecart["depuis"], class_name="origine"),
        ),
        rx.el.p(
            rx.el.span("FINESS", class_name="petit second"),
            rx.el.br(),
            rx.el.strong(ecart["finess"]),
            rx.el.span(ecart["quand"], class_name="origine"),
        ),
        rx.cond(ecart["note"], rx.el.p(ecart["note"], class_name="petit second"), rx.fragment()),
        rx.cond(ecart["suite"], rx.el.p(ecart["suite"], class_name="petit second"), rx.fragment()),
        rx.cond(ecart["retenue"], rx.el.p(ecart["retenue"], class_name="petit"), rx.fragment()),
    )


def _prendre(etat: Any, ecart: rx.Var) -> rx.Component:
    return rx.el.form(
        *_objet(ecart),
        *caches(point=ecart["point"].to(str), vu=ecart["vu"].to(str), cle=etat.cle_finess),
        rx.el.p(
            rx.el.button("Prendre la valeur FINESS", _de_quoi(ecart), type="submit", class_name="bouton"),
            class_name="boutons",
        ),
        on_submit=etat.prendre_finess,
    )


def _objet(ecart: rx.Var) -> list[rx.Component]:
    return caches(genre=ecart["genre"].to(str), identifiant=ecart["identifiant"].to(str))


def _de_quoi(ecart: rx.Var) -> rx.Component:
    return rx.el.span(fr(" : "), ecart["label"], class_name="invisible")
