"""What waits in the browser, on every page: how much, and the hidden form by which it is sent.

The words typed stay in the browser (assets/attente.js, assets/reprise.js) until the answer written in `data-reponse`.
"""

import json
from enum import StrEnum
from typing import Any

import reflex as rx
from reflex_components_core.el.elements.inline import A  # a plain link: the script gives its address

from rxror import db
from rxror.ror import parcours
from rxror.ror.erreurs import AccesRefuse, ObjetFerme, SaisieInvalide
from rxror.ror.typographie import fr
from rxror.services import modification
from rxror.services.tracer import refuser
from rxror.ui.envoi import demande_de
from rxror.ui.identity import IdentityState, acteur, auteur


class Issue(StrEnum):
    """What became of what waited."""

    FAIT = "fait"
    CHOIX = "choix"
    RETIRE = "retire"
    REFUS = "refus"
    FERME = "ferme"
    PERIMEE = "perimee"


def repondre(saisie: Any, issue: Issue, restent: list[str] | None = None, ou: str = "") -> str:
    """The answer as the page reads it: to which sending, what became of it, what stays, where to choose."""
    cle = str(saisie.get("_cle") or "") if isinstance(saisie, dict) else ""
    suite = {nom: valeur for nom, valeur in (("restent", restent), ("ou", ou)) if valeur}
    return json.dumps({"cle": cle[:40], "issue": issue, **suite})


def issue_de(etat: rx.State, erreur: Exception) -> Issue:
    """Why it could not be kept. An object refused leaves its line in the trace, as anywhere else."""
    if isinstance(erreur, AccesRefuse):
        with db.transaction() as session:
            refuser(session, acteur(etat, session), erreur.objet)
        return Issue.REFUS
    return Issue.FERME if isinstance(erreur, ObjetFerme) else Issue.PERIMEE


def gardee(saisie: Any, faite: modification.Reponse, demande: modification.Enregistrement) -> str:
    """The answer to a save that was kept: whole, or but for what is not asked any more or waits for a choice."""
    restent = repondues(saisie, faite.retires)
    ou = parcours.url_conflit(demande.genre, demande.identifiant, demande.section, "") if faite.attente else ""
    issue = Issue.RETIRE if restent else Issue.CHOIX if ou else Issue.FAIT
    return repondre(saisie, issue, restent, ou)


def repondues(saisie: Any, retires: list[str]) -> list[str]:
    """Of what is not asked any more, what was typed since the last answer: the rest was only shown."""
    changes = set(str(saisie.get("_champs") or "").split())
    return [chemin for chemin in retires if chemin in changes]


class AttenteState(rx.State):
    """Answers to what is sent from any page."""

    reponse: str = ""

    @rx.event
    def envoyer(self, saisie: dict[str, Any]) -> None:
        """Keep a section that waited in the browser, with the base and the keys it had."""
        try:
            demande = demande_de(saisie)
            faite = db.rejouable(
                lambda session: modification.enregistrer(session, auteur(self, session, saisie), demande)
            )
        except (AccesRefuse, ObjetFerme, SaisieInvalide) as erreur:
            self.reponse = repondre(saisie, issue_de(self, erreur))
        else:
            self.reponse = gardee(saisie, faite, demande)


def canal_view(nom: str, envoyer: Any, dit: Any) -> rx.Component:
    """A form that the script fills and sends; its answer comes back in `data-reponse`."""
    return rx.el.form(
        on_submit=envoyer, hidden=True, custom_attrs={f"data-{nom}": "", "data-reponse": dit, "noValidate": True}
    )


def attente_view() -> rx.Component:
    """The line « 6 réponses en attente d’envoi »; empty, and always there once somebody is signed in."""
    return rx.cond(
        IdentityState.personne,
        rx.el.div(
            rx.el.div(
                rx.el.div(
                    rx.el.p(
                        rx.el.strong(custom_attrs={"data-attente-compte": ""}),
                        rx.el.span(", sur cet appareil. ", hidden=True, custom_attrs={"data-attente-boutons": ""}),
                        rx.el.span(custom_attrs={"data-attente-suite": ""}),
                        A.create(
                            "Comparer et choisir",
                            class_name="lien",
                            hidden=True,
                            custom_attrs={"data-attente-choix": ""},
                        ),
                        rx.el.span(
                            fr(" Tout n’est pas parti : voyez pourquoi."),
                            hidden=True,
                            custom_attrs={"data-attente-refus": ""},
                        ),
                    ),
                    rx.el.button(
                        "Envoyer maintenant",
                        type="button",
                        class_name="bouton bouton--compact",
                        hidden=True,
                        custom_attrs={"data-envoyer-tout": "", "data-attente-boutons": ""},
                    ),
                    rx.el.a(
                        "Voir ce qui attend",
                        href=parcours.EN_ATTENTE,
                        class_name="bouton bouton--second bouton--compact",
                        hidden=True,
                        custom_attrs={"data-attente-boutons": ""},
                    ),
                ),
                class_name="bandeau bandeau--info",
                hidden=True,
                custom_attrs={"data-attente-ligne": ""},
            ),
            canal_view("envoi", AttenteState.envoyer, AttenteState.reponse),
            role="status",
            aria_label=fr("Réponses en attente"),
            custom_attrs={"data-personne": IdentityState.personne},
        ),
        rx.fragment(),
    )
