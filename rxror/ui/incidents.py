"""What goes wrong, told in French: refusals, breakdowns, lost connection. No toaster, no English."""

import logging
from collections import deque
from typing import Any
from urllib.parse import urlencode

import reflex as rx
from reflex.event import EventSpec, noop
from reflex.state import FrontendEventExceptionState
from reflex_base.constants import RouteVar
from reflex_base.event.context import EventContext
from reflex_base.vars import VarData
from reflex_components_core.base.error_boundary import ErrorBoundary
from reflex_components_core.core.banner import connect_error_var_data

from rxror import db, mesures
from rxror.auth.chemins import suite_sure
from rxror.auth.pannes import PANNE, SIGNES, nouveau_repere, repere_de
from rxror.journaux import ADRESSE, REFERENCE, recit
from rxror.ror import parcours
from rxror.ror.erreurs import AccesRefuse, Conflit, NonConnecte, ObjetFerme, ParentFerme, SaisieInvalide
from rxror.ror.typographie import fr
from rxror.services import identite
from rxror.services.tracer import refuser

log = logging.getLogger("rxror")
_REPONDUS: deque[str] = deque(maxlen=1000)  # transactions that were answered by an incident

MESSAGES = {
    "panne": f"La panne vient de nous. {PANNE}",
    "refus": "Cette page n’existe pas, ou elle ne vous est pas confiée.",
    "perimee": "Cette page n’est plus à jour. Rechargez-la, puis recommencez.",
    "conflit": "Quelqu’un vient de modifier la même information. Rechargez la page pour voir sa version.",
    "fermee": fr(
        "Fermeture définitive : ce qui est fermé se lit, et ne change plus. Rouvrez-le d’abord, depuis sa page."
    ),
    "parent_ferme": "Cette structure est fermée, ou va l’être. Rouvrez-la d’abord, depuis sa page, pour y créer.",
    "debit": "Trop d’actions en peu de temps. Attendez quelques secondes, puis recommencez.",
    "taille": "Cet envoi est trop gros. Raccourcissez le texte, puis recommencez.",
    "session": "Votre session est terminée. Ce qui est enregistré est gardé.",
}
TEXTE_MAX = 1000
RESTE = "Votre saisie reste ici."

FrontendEventExceptionState.auto_reload_on_errors = []  # it reloads by eval, which our CSP forbids


class IncidentState(rx.State):
    """The message of the region `incident_view`; its sentences are ours, whatever the event says."""

    message: str = ""
    repere: str = ""
    suite: str = ""

    @rx.event
    def afficher(self, cle: str, repere: str = "") -> None:
        """Show one of our sentences, with the reference of a breakdown."""
        self._dire(str(cle), str(repere))

    @rx.event
    def fermer(self) -> None:
        """Close the message."""
        self._taire()

    def _dire(self, cle: str, repere: str = "", suite: str = "") -> None:
        self.message = MESSAGES.get(cle, MESSAGES["panne"])
        self.repere = repere if len(repere) <= 20 and set(repere) <= {*SIGNES, *"01-"} else ""
        self.suite = suite

    def _taire(self) -> None:
        if self.message:
            self.message = self.repere = self.suite = ""


def incident_view() -> rx.Component:
    """Region of the page where a refusal or a breakdown is told; always there, so that it is announced."""
    return rx.el.div(
        rx.cond(
            IncidentState.message,
            rx.el.div(
                rx.el.div(
                    rx.el.p(
                        IncidentState.message,
                        rx.cond(
                            IncidentState.repere,
                            rx.fragment(
                                " Si cela dure, écrivez-nous avec ce repère\u00a0: ",
                                rx.el.strong(IncidentState.repere, class_name="nombre"),
                                ".",
                            ),
                        ),
                    ),
                    rx.cond(
                        IncidentState.suite,
                        rx.el.a(
                            "M’identifier de nouveau",
                            href=IncidentState.suite,
                            reload_document=True,
                            class_name="bouton bouton--compact",
                        ),
                    ),
                    rx.el.button(
                        "Fermer",
                        type="button",
                        on_click=IncidentState.fermer,
                        class_name="bouton bouton--second bouton--compact",
                    ),
                ),
                class_name="bandeau",
            ),
        ),
        role="alert",
        id="incident",
    )


def en_panne(exception: Exception) -> list[EventSpec]:
    """What to do of an exception no handler caught. Reflex wants the parameter's name.

    An answer is an event of the same tab: if it fails too (its router data were forged), it gets no answer, or the
    two would call each other for ever.
    """
    nommer_l_evenement()
    if _reponse_en_panne():
        log.error("réponse à un incident impossible : %s", type(exception).__name__)
        return []
    return _reponse(exception)


def nommer_l_evenement() -> None:
    """Give the log the reference of the event under way, and the trace the address it comes from."""
    try:
        contexte = EventContext.get()
    except LookupError:  # no event is under way
        REFERENCE.set("")
        return
    REFERENCE.set(repere_de(contexte.txid))
    ADRESSE.set(str(contexte.router_data.get(RouteVar.CLIENT_IP, "")))  # the server's own word, not the event's


def _reponse_en_panne() -> bool:
    """Whether what failed was itself the answer to an incident."""
    try:
        contexte = EventContext.get()
    except LookupError:  # no event is under way
        return False
    deja = contexte.parent_txid in _REPONDUS
    _REPONDUS.append(contexte.txid)
    return deja


def _reponse(exception: Exception) -> list[EventSpec]:
    mesures.refus(exception)
    if isinstance(exception, NonConnecte):
        return [rx.redirect(parcours.url_connexion(_chemin()))]
    if isinstance(exception, AccesRefuse):
        _tracer_refus(exception.objet)
        return [_afficher("refus")]
    if isinstance(exception, ObjetFerme):
        return [_afficher("parent_ferme" if isinstance(exception, ParentFerme) else "fermee")]
    if isinstance(exception, SaisieInvalide):
        log.warning("saisie invalide")
        return [_afficher("perimee")]
    if isinstance(exception, Conflit):
        return [_afficher("conflit")]
    repere = REFERENCE.get() or nouveau_repere()
    log.error("repère %s : %s", repere, recit(exception))
    return [_afficher("panne", repere)]


def panne_du_navigateur(exception: Exception) -> None:
    """Log what a browser reports, bounded and on one line."""
    log.warning("navigateur : %s", ascii(str(exception)[:TEXTE_MAX]))


def adresse_connexion(chemin: str) -> str:
    """Sign in and come back here."""
    return f"{parcours.AUTH_CONNEXION}?{urlencode({'next': suite_sure(chemin)})}"


def _afficher(cle: str, repere: str = "") -> EventSpec:
    return IncidentState.afficher(cle, repere)  # type: ignore[return-value]  # what the decorator hides


def _chemin() -> str:
    """Address of the page whose event is being handled."""
    return suite_sure(str(EventContext.get().router_data.get("asPath", "")))


def _tracer_refus(objet: str) -> None:
    autorisation = str(EventContext.get().router_data.get("headers", {}).get("authorization", ""))
    with db.transaction() as session:
        acteur = identite.acteur_de(session, autorisation.removeprefix("Session "))
        if acteur is not None:
            refuser(session, acteur, objet)


_RESEAU = rx.Var(
    "reseau",
    _var_type=str,
    _var_data=VarData.merge(
        connect_error_var_data,
        VarData(
            imports={"react": ["useEffect", "useState"]},
            hooks={
                'const [reseau, setReseau] = useState("");': None,
                """useEffect(() => {
  const perdre = () => setReseau(navigator.onLine ? "muet" : "coupe");
  const revenir = () => {
    if (connectErrors.length > 0) perdre();
    else setReseau((r) => (r ? "retablie" : r));
  };
  if (connectErrors.length > 0) perdre(); else if (navigator.onLine) revenir();
  window.addEventListener("offline", perdre);
  window.addEventListener("online", revenir);
  return () => {
    window.removeEventListener("offline", perdre);
    window.removeEventListener("online", revenir);
  };
}, [connectErrors]);""": None,
                """useEffect(() => {
  if (reseau !== "retablie") return;
  const minuterie = setTimeout(() => setReseau(""), 8000);
  return () => clearTimeout(minuterie);
}, [reseau]);""": None,
            },
        ),
    ),
)


@rx.memo
def bandeau_reseau() -> rx.Component:
    """Banner of the lost connection; always there, so that its text is announced."""
    return rx.el.div(
        rx.match(
            _RESEAU,
            ("coupe", _bandeau("Connexion perdue.", f" {RESTE} Cet appareil n’a plus de réseau.")),
            ("muet", _bandeau("Connexion perdue.", fr(f" {RESTE} Le service ne répond pas ; nous réessayons."))),
            ("retablie", _bandeau("De nouveau connecté.", "", " bandeau--info")),
            rx.fragment(),
        ),
        role="status",
        id="reseau",
    )


def _bandeau(titre: str, suite: str, genre: str = "") -> rx.Component:
    return rx.el.div(rx.el.div(rx.el.p(rx.el.strong(titre), suite)), class_name=f"bandeau{genre}")


def _page_cassee() -> rx.Component:
    """What replaces a page whose display fails in the browser."""
    return rx.el.main(
        rx.el.div(rx.el.h1("La panne vient de nous"), class_name="tete"),
        rx.el.p("Cette page n’a pas pu s’afficher. Ce qui est enregistré est gardé."),
        rx.el.p(
            rx.el.a("Recharger cette page", href="", reload_document=True, class_name="bouton"),
            rx.el.a(
                "Mes accès rapides", href=parcours.ACCUEIL, reload_document=True, class_name="bouton bouton--second"
            ),
            class_name="boutons",
        ),
        id="contenu",
        class_name="page page--etroite pile",
        role="alert",
    )


def _garde_fou(avec_etat: bool) -> rx.Component:
    options: dict[str, Any] = {} if avec_etat else {"on_error": noop()}
    return ErrorBoundary.create(fallback_render=rx.Var.create(_page_cassee()), **options)


# Given to rx.App, they replace Reflex's own wraps, which speak English.
ENVELOPPES = {
    (55, "ErrorBoundary"): _garde_fou,
    (5, "Overlay"): lambda avec_etat: rx.fragment(bandeau_reseau()) if avec_etat else None,
}
