"""The frame of every page: skip link, header, steps, breadcrumb, main, footer."""

import reflex as rx
from reflex_components_core.el.elements.inline import A  # `rx.el.a` is the router's link

from rxror.ror import parcours
from rxror.ror.typographie import fr
from rxror.settings import settings
from rxror.ui.attente import attente_view
from rxror.ui.components.chemin import chemin as chemin_view
from rxror.ui.components.etapes import etapes
from rxror.ui.components.etats import Donnee
from rxror.ui.identity import IdentityState, deconnexion_view
from rxror.ui.incidents import IncidentState, incident_view
from rxror.ui.veille import presence_view, session_view

MENU = (
    ("Mes accès rapides", parcours.ACCUEIL),
    ("Mes établissements", parcours.ETABLISSEMENTS),
    ("Relecture", parcours.RELECTURE),
    ("Aide", parcours.AIDE),
)
PIED = (
    ("Aide", parcours.AIDE),
    (fr("Accessibilité : non conforme"), parcours.ACCESSIBILITE),
    ("Données personnelles", parcours.DONNEES),
    ("Mentions légales", parcours.MENTIONS),
    ("État du service", parcours.ETAT),
)
SOURCES = fr(
    "Sources : FINESS, ministère chargé de la Santé (DREES) / Agence du Numérique en Santé ; nomenclatures de l’Agence "
    "du Numérique en Santé ; code officiel géographique, Insee ; DREES, Statistique annuelle des "
    "établissements de santé 2023 ; Licence Ouverte 2.0. "
    "rxror ne transmet rien au ROR national."
)
DEMONSTRATION = fr(
    "Démonstration : tout est inventé, sauf l’identité des établissements (FINESS) et leurs repères SAE."
)
SCRIPTS = (
    "navigation",
    "saisie",
    "attente",
    "reprise",
    "brouillon",
    "combobox",
    "champs",
    "formulaires",
    "capacites",
    "veille",
    "relecture",
    "arbre",
)
METAS = [
    {"name": "viewport", "content": "width=device-width, initial-scale=1, viewport-fit=cover"},
    {"name": "color-scheme", "content": "light dark"},
]


def tete_html() -> list[rx.Component]:
    """What every page holds in its `head`: icons, manifest, and the scripts of the keyboard and of the fields."""
    return [
        rx.el.link(rel="icon", href="/favicon.svg", type="image/svg+xml"),
        rx.el.link(rel="manifest", href="/manifest.webmanifest"),
        *(rx.el.script(src=f"/{nom}.js", custom_attrs={"defer": True}) for nom in SCRIPTS),
    ]


def page(
    *contenu: rx.Component,
    etape: int | rx.Var | None = None,
    avec_uf: bool | rx.Var = True,
    chemin: rx.Var | list[parcours.Maillon] | None = None,
    etroite: bool = False,
    pile: bool = False,
    espacee: bool = False,
    pret: bool | rx.Var | None = None,
    menu: str | None = "",
    presence: bool = False,
) -> rx.Component:
    """A whole page.

    Args:
        contenu: what `main` holds, `tete(…)` first.
        etape: number of the step of the guide, when the page belongs to one.
        avec_uf: False when the établissement has no UF, for the steps.
        chemin: breadcrumb.
        etroite: a column for forms and reading.
        pile: space between the blocks of `main`; `espacee`, more of it.
        pret: when the content may appear; by default once the page is live. Until then « Chargement… ».
            A form gives its own (« the object I show is that of the address »), so that a reconnection,
            which makes `is_hydrated` false for a while, does not take the form away. True: static content.
        menu: address of the current entry of the menu; None for a page without menu.
        presence: whether it says, under its head, who else has a form of the same object open.
    """
    classes = {"page": True, "page--etroite": etroite, "pile": pile, "pile--large": espacee}
    en_place: list[rx.Component] = [] if chemin is None else [chemin_view(chemin)]
    vivante: Donnee = rx.State.is_hydrated
    incident: Donnee = IncidentState.message
    pret = vivante if pret is None else pret
    reperes = rx.fragment() if etape is None else etapes(etape, avec_uf)
    autour = [presence_view()] if presence else []
    corps = rx.fragment(*en_place, *contenu[:1], *autour, *contenu[1:])
    if pret is not True:
        reperes, corps = rx.cond(pret | (incident == ""), reperes), rx.cond(pret, corps, attente())
    return rx.fragment(
        A.create("Aller au contenu", href="#contenu", class_name="evitement"),
        _entete(parcours.ETABLISSEMENTS if menu == "" and etape is not None else menu),
        _bandeau_demonstration(),
        incident_view(),
        attente_view(),
        rx.el.main(
            reperes,
            corps,
            id="contenu",
            tab_index=-1,
            class_name=" ".join(nom for nom, choisi in classes.items() if choisi),
            aria_busy=False if pret is True else ~vivante,
        ),
        _pied(),
        session_view(),  # last: before the skip link, its own links would be the first of the page
    )


def tete(titre: str | rx.Var, *suite: rx.Component, surtitre: str | rx.Var | None = None) -> rx.Component:
    """Head of the content: the kind of thing, its name (h1, which takes the focus after navigation), its states."""
    return rx.el.div(
        *([] if surtitre is None else [rx.el.p(surtitre, class_name="surtitre")]),
        rx.el.h1(titre, tab_index=-1, key=titre),
        *suite,
        class_name="tete",
    )


def attente() -> rx.Component:
    """What is read until the content is there; when it cannot come, the incident above says why."""
    return rx.cond(
        IncidentState.message,
        rx.el.div(
            tete("Rien à montrer à cette adresse"),
            rx.el.p("L’adresse est peut-être incomplète, ou l’offre a changé de place. Vos brouillons sont intacts."),
            issues(),
            class_name="pile",
        ),
        rx.el.p("Chargement…", role="status", class_name="chargement"),
    )


def issues() -> rx.Component:
    """Where to go from a page that has nothing to show."""
    return rx.el.p(
        rx.el.a("Mes accès rapides", href=parcours.ACCUEIL, class_name="bouton"),
        rx.el.a("Chercher un établissement", href=parcours.ETABLISSEMENTS, class_name="bouton bouton--second"),
        class_name="boutons",
    )


def _entete(courante: str | None) -> rx.Component:
    marque = rx.el.a(
        rx.el.strong("rxror"),
        rx.el.span(", outil libre non officiel"),
        href=parcours.ACCUEIL,
        class_name="marque",
    )
    menu = [] if courante is None else _menu(courante)
    return rx.el.header(rx.el.div(marque, *menu, class_name="entete-ligne"), class_name="entete")


def _menu(courante: str) -> list[rx.Component]:
    """On a phone a button opens the list; from 64rem the same list is a row."""
    entrees = (
        rx.el.li(rx.el.a(nom, href=url, custom_attrs={"aria-current": "page"} if url == courante else {}))
        for nom, url in MENU
    )
    return [
        rx.el.button(
            "Menu",
            type="button",
            class_name="menu-bouton bouton--compact",
            custom_attrs={"popoverTarget": "menu"},
        ),
        rx.el.nav(
            rx.el.ul(*entrees, rx.cond(IdentityState.nom, _personne())),
            id="menu",
            class_name="menu",
            aria_label="Menu principal",
            custom_attrs={"popover": "auto"},
        ),
    ]


def _personne() -> rx.Component:
    return rx.fragment(
        rx.el.li(
            rx.el.a(
                rx.el.span(IdentityState.nom, rx.el.span(" (mes connexions)", class_name="menu-suite")),
                href=parcours.CONNEXIONS,
            ),
            class_name="menu-nom",
        ),
        rx.el.li(deconnexion_view()),
    )


def _bandeau_demonstration() -> rx.Component:
    if not settings().demo:
        return rx.fragment()
    return rx.el.aside(
        rx.el.div(rx.el.p(fr(DEMONSTRATION))),
        class_name="bandeau bandeau--info",
        aria_label="Démonstration",
    )


def _pied() -> rx.Component:
    return rx.el.footer(
        rx.el.div(
            rx.el.ul(*(rx.el.li(rx.el.a(fr(nom), href=url)) for nom, url in PIED)),
            rx.el.p(fr(SOURCES)),
            class_name="pied-ligne",
        ),
        class_name="pied",
    )
