"""What the watch of the page shows (`assets/veille.js`): who else is there, how the session stands."""

import reflex as rx
from reflex_components_core.el.elements.inline import A  # `rx.el.a` is the router's link

from rxror.ror import parcours
from rxror.ror.typographie import fr
from rxror.settings import settings
from rxror.ui.identity import IdentityState, deconnexion_view

DELAIS = (("minutes", "dans 2 minutes"), ("minute", "dans moins d’une minute"))
ACTIF = "Sans geste de votre part, elle se ferme. Ce qui est enregistré est gardé."
LIMITE = (
    "Une session dure {heures} heures au plus : celle-ci ne peut pas être prolongée. Ce qui est enregistré est gardé."
)
ECHEC = "La demande n’est pas passée. Vérifiez votre connexion, puis recommencez."
FINIE = "Ce qui est enregistré est gardé. Ce que vous avez tapé dans une section reste dans ce navigateur."
RETOUR = "Identifiez-vous de nouveau pour revenir ici, à la même place."


def presence_view() -> rx.Component:
    """Who else has a form of this object open; written by the watch, in the space under the head of the page."""
    return rx.el.p(id="presence", role="status", class_name="presence")


@rx.memo
def session_view() -> rx.Component:
    """The two dialogues about the session; the watch opens them, and shows of each what is true (`data-si`)."""
    return rx.fragment(_bientot(), _finie())


def _bientot() -> rx.Component:
    return rx.el.dialog(
        rx.el.h2(
            "Votre session se termine ",
            *(_si(cas, rx.el.span(texte)) for cas, texte in DELAIS),
            id="t-session-bientot",
            tab_index=-1,
            aria_live="polite",
        ),
        _si("prolongeable", rx.el.p(ACTIF)),
        _si("limite", rx.el.p(fr(LIMITE.format(heures=settings().session_absolue_heures)))),
        rx.el.div(_si("echec", rx.el.p(ECHEC)), role="alert"),
        rx.el.div(
            _si("prolongeable", _bouton("Rester connecté", "rester", "bouton")),
            _si("limite", _reconnexion("Se reconnecter maintenant")),
            _si("limite", _bouton("Plus tard", "fermer", "bouton bouton--second")),
            deconnexion_view("bouton bouton--second"),
            class_name="boutons",
        ),
        id="session-bientot",
        class_name="dialogue",
        aria_labelledby="t-session-bientot",
    )


def _finie() -> rx.Component:
    return rx.el.dialog(
        rx.el.h2("Votre session est terminée", id="t-session-finie", tab_index=-1),
        rx.el.p(FINIE),
        rx.el.p(RETOUR),
        rx.el.p(
            _reconnexion("M’identifier de nouveau"),
            _bouton("Plus tard", "fermer", "bouton bouton--second"),
            class_name="boutons",
        ),
        id="session-finie",
        class_name="dialogue",
        aria_labelledby="t-session-finie",
        custom_attrs={"data-connecte": rx.cond(IdentityState.nom, "oui", "")},
    )


def _si(cas: str, element: rx.Component) -> rx.Component:
    """Shown by the watch in that case only."""
    element.custom_attrs["data-si"] = cas
    element.hidden = rx.Var.create(True)  # type: ignore[attr-defined]
    return element


def _bouton(nom: str, geste: str, classe: str) -> rx.Component:
    return rx.el.button(nom, type="button", class_name=classe, custom_attrs={"data-session": geste})


def _reconnexion(nom: str) -> rx.Component:
    """A full page load; the watch adds where to come back, with the field."""
    return A.create(nom, href=parcours.AUTH_CONNEXION, class_name="bouton")
