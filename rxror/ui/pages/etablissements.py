"""Step 2: « Mes établissements » › « Mes établissements géographiques (EG) » › « Détails »."""

from typing import Any
from urllib.parse import urlencode

import reflex as rx
from reflex.event import EventSpec

from rxror import db
from rxror.ror import parcours
from rxror.ror.fraicheur import Fraicheur
from rxror.ror.parcours import Etape
from rxror.ror.typographie import fr
from rxror.services import consultation
from rxror.services.demande import en_nombre
from rxror.services.vues import VueEtablissements
from rxror.ui.components.etats import Donnee
from rxror.ui.components.listes import etablissements_view
from rxror.ui.components.parcourir import COMPACT, PRECEDENTE, SUIVANTE, pages_view, recherche_view
from rxror.ui.identity import acteur
from rxror.ui.layout import page, tete

TITRE = "Mes établissements géographiques (EG)"
FILTRES = ("", Fraicheur.EN_RETARD.value, Fraicheur.A_REVOIR.value, Fraicheur.A_JOUR.value)
RECHERCHE_MAX = 100


class EtablissementsState(rx.State):
    """The list; words, filter and page are those of the address, so that Back and reload give them again."""

    vue: VueEtablissements = VueEtablissements()
    recherche: str = ""
    filtre: str = ""
    charge: bool = False

    @rx.event
    def charger(self) -> list[EventSpec]:
        """Read what the address asks for; the only établissement opens at once."""
        self.recherche, self.filtre, numero = _demande(self.router.url.query_parameters)
        with db.lecture() as session:
            self.vue = consultation.mes_etablissements(
                session, acteur(self, session), self.recherche, self.filtre, numero
            )
        if self.vue.seul and not self.filtre:
            return [rx.redirect(self.vue.seul, replace=True)]
        self.charge = True
        return [rx.set_value("q", self.recherche)]

    @rx.event
    def chercher(self, saisie: dict[str, Any]) -> EventSpec:
        """Look for words, in all the établissements."""
        mots = saisie.get("q", "") if isinstance(saisie, dict) else ""
        return rx.redirect(_adresse(str(mots)[:RECHERCHE_MAX]))

    @rx.event
    def filtrer(self, filtre: str) -> EventSpec:
        """Keep one state only."""
        recherche, _, _ = _demande(self.router.url.query_parameters)
        return rx.redirect(_adresse(recherche, filtre), replace=True)

    @rx.event
    def tourner(self, pas: int) -> EventSpec:
        """Go to the next page, or to the one before."""
        recherche, filtre, numero = _demande(self.router.url.query_parameters)
        numero = self.vue.page if self.charge else numero
        return rx.redirect(_adresse(recherche, filtre, numero + (1 if pas == 1 else -1)))


def _demande(parametres: Any) -> tuple[str, str, int]:
    filtre = str(parametres.get("etat", ""))
    return (
        str(parametres.get("q", ""))[:RECHERCHE_MAX],
        filtre if filtre in FILTRES else "",
        en_nombre(parametres.get("page")) or 1,
    )


def _adresse(recherche: str, filtre: str = "", numero: int = 1) -> str:
    parametres = {
        "q": recherche.strip(),
        "etat": filtre if filtre in FILTRES else "",
        "page": numero if numero > 1 else "",
    }
    requete = urlencode({nom: v for nom, v in parametres.items() if v})
    return f"{parcours.ETABLISSEMENTS}?{requete}" if requete else parcours.ETABLISSEMENTS


def etablissements_page() -> rx.Component:
    """Search first, then the filter, then the list."""
    vue: Donnee = EtablissementsState.vue
    return page(
        tete(TITRE),
        _recherche(),
        _filtres(),
        rx.el.p(vue.resume, class_name="second petit", role="status"),
        rx.el.h2("Résultats", class_name="invisible"),
        rx.cond(vue.lignes.length() > 0, etablissements_view(vue.lignes), _rien()),
        rx.cond(vue.pages > 1, _pages()),
        etape=Etape.RETROUVER,
        chemin=parcours.chemin_de(("Mes accès rapides", parcours.ACCUEIL), ("Mes établissements", "")),
        pile=True,
        pret=EtablissementsState.charge,
    )


def _recherche() -> rx.Component:
    etat = EtablissementsState
    aide = "Nom, commune, numéro FINESS ou SIRET."
    return recherche_view("Chercher un établissement", aide, etat.recherche, RECHERCHE_MAX, etat.chercher)


def _filtres() -> rx.Component:
    vue: Donnee = EtablissementsState.vue
    libelles = (("Tous", vue.tous), ("En retard", vue.en_retard), ("À revoir", vue.a_revoir), ("À jour", vue.a_jour))
    return rx.el.fieldset(
        rx.el.legend("Montrer", class_name="invisible"),
        rx.el.div(
            *(_filtre(filtre, nom, nombre) for filtre, (nom, nombre) in zip(FILTRES, libelles, strict=True)),
            class_name="filtres",
        ),
    )


def _filtre(filtre: str, nom: str, nombre: rx.Var) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="radio",
            name="etat",
            checked=EtablissementsState.filtre == filtre,
            on_change=EtablissementsState.filtrer(filtre),
        ),
        rx.el.span(nom, " (", nombre, ")"),
        class_name="filtre",
    )


def _rien() -> rx.Component:
    return rx.el.p(
        rx.cond(
            (EtablissementsState.recherche == "") & (EtablissementsState.filtre == ""),
            rx.fragment(
                fr("Aucun établissement ne vous est confié : "),
                rx.el.a("demandez un accès", href=parcours.DEMANDER_ACCES, class_name="lien"),
                ".",
            ),
            "Rien ne correspond. Essayez avec un seul mot, ou avec le numéro FINESS.",
        )
    )


def _pages() -> rx.Component:
    vue: Donnee = EtablissementsState.vue
    avant = rx.cond(vue.page > 1, _tourner(PRECEDENTE, -1))
    return pages_view(vue.page, vue.pages, avant, rx.cond(vue.page < vue.pages, _tourner(SUIVANTE, 1)))


def _tourner(nom: str, pas: int) -> rx.Component:
    return rx.el.button(
        nom,
        type="button",
        on_click=EtablissementsState.tourner(pas),
        class_name=COMPACT,
    )


PAGES = ((parcours.ETABLISSEMENTS, etablissements_page, parcours.titre(TITRE), EtablissementsState.charger),)
