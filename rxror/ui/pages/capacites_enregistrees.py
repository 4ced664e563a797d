"""After « Enregistrer » the grid: « Valider » the lieux that changed, before and after, and confirm the others."""

from typing import Any
from uuid import uuid4

import reflex as rx

from rxror import db
from rxror.ror import parcours
from rxror.ror.fraicheur import JOURS_DE_RELECTURE
from rxror.ror.lecture import Fait
from rxror.ror.parcours import Etape
from rxror.ror.saisie import OUI
from rxror.ror.typographie import fr
from rxror.services import capacites_preparees, confirmation
from rxror.services.capacites_preparees import Ecart, LieuLu
from rxror.services.confirmation import AU_PLUS, ConfirmerPlusieurs
from rxror.services.demande import en_nombre
from rxror.services.fiche import Manque
from rxror.ui.components.coches import Laisse, bilan_view, laisses_de, objets_coches
from rxror.ui.components.etats import etat
from rxror.ui.components.faits import faits_view
from rxror.ui.components.foyer import foyer_view, vers
from rxror.ui.components.geste import NON_PUBLIE, barre_view, cache, caches, message_view
from rxror.ui.components.manques import manques_view
from rxror.ui.components.parcourir import lien_de_page, pages_view
from rxror.ui.demande import CHOIX, VU, lire_demande
from rxror.ui.identity import acteur
from rxror.ui.layout import page, tete
from rxror.ui.place import ICI, cible, place

TITRE = "Capacités à valider"
AUCUN = "Cochez au moins un lieu."
RELUS = [fr(f" {mots} depuis moins de {JOURS_DE_RELECTURE} jours.") for mots in ("lieux déjà relus", "lieu déjà relu")]


class CapacitesEnregistreesState(rx.State):
    """What is saved and not validated in the établissement of the address, and what is to be confirmed as it is."""

    place: str = ""
    titre_page: str = parcours.titre(TITRE)
    nom: str = ""
    chemin: list[parcours.Maillon] = []
    avec_uf: bool = True
    prepares: list[LieuLu] = []
    total: int = 0
    rang: int = 1
    pages: int = 1
    url_avant: str = ""
    url_apres: str = ""
    libres: int = 0
    a_confirmer: list[LieuLu] = []
    relus: int = 0
    suite: int = 0
    retour: str = ""
    cle: str = ""
    message: str = ""
    fait: str = ""
    laisses: list[Laisse] = []
    foyer: str = ""

    @rx.event
    def charger(self) -> None:
        """Read what is saved, and what is due."""
        self.reset()
        self._lire()

    def _rang(self) -> int:
        return en_nombre(self.router.url.query_parameters.get("page", "")) or 1

    def _lire(self) -> None:
        with db.lecture() as session:
            lues = capacites_preparees.lire(session, acteur(self, session), cible(self).identifiant, self._rang())
        self.nom, self.chemin, self.avec_uf = lues.nom, lues.chemin, lues.sanitaire
        self.prepares, self.a_confirmer = lues.prepares, lues.a_confirmer
        self.relus, self.suite = lues.relus, lues.suite
        self.total, self.rang, self.pages = lues.total, lues.rang, lues.pages
        self.url_avant = _page(lues.finess, lues.rang - 1, lues.pages)
        self.url_apres = _page(lues.finess, lues.rang + 1, lues.pages)
        self.libres = sum(lu["libre"] for lu in lues.prepares)
        self.retour = parcours.url_capacites(lues.finess)
        self.titre_page = parcours.titre(TITRE, lues.nom)
        self.cle = str(uuid4())
        self.place = place(self)

    @rx.event
    def confirmer(self, saisie: dict[str, Any]) -> None:
        """Validate, or confirm as they are, the lieux that are ticked; say which ones were not, and why."""
        objets = objets_coches(saisie, AU_PLUS)
        if not objets:
            self.message, self.fait, self.laisses, self.foyer = AUCUN, "", [], vers("message")
            return
        demande = lire_demande(ConfirmerPlusieurs, saisie, ("cle",), objets=objets)
        bilan = db.rejouable(lambda s: confirmation.confirmer_plusieurs(s, acteur(self, s), demande))
        noms = {lu["cle"]: lu["nom"] for lu in [*self.prepares, *self.a_confirmer]}
        self.message, self.fait, self.laisses = "", capacites_preparees.dire(bilan), laisses_de(bilan, noms)
        self._lire()
        self.foyer = vers("bilan")


def _page(finess: str, rang: int, pages: int) -> str:
    return parcours.url_capacites_enregistrees(finess, rang) if 1 <= rang <= pages else ""


def capacites_enregistrees_page() -> rx.Component:
    """What was saved in the grid, to be validated; what is due, to be confirmed."""
    moi = CapacitesEnregistreesState
    n, m = moi.prepares.length(), moi.a_confirmer.length()
    return page(
        tete(
            TITRE,
            rx.el.p(
                rx.cond(
                    n > 0,
                    rx.fragment(
                        "Enregistré pour ",
                        rx.el.strong(moi.total, rx.cond(moi.total > 1, " lieux", " lieu")),
                        f". {NON_PUBLIE}",
                        rx.cond(moi.pages > 1, fr(f" Ils se valident par pages de {AU_PLUS}."), ""),
                    ),
                    "Aucune capacité enregistrée n’attend d’être validée.",
                ),
                class_name="second",
            ),
            surtitre=moi.nom,
        ),
        foyer_view(moi.foyer),
        message_view(moi.message),
        bilan_view(moi.fait, moi.laisses),
        rx.cond(n > 0, _formulaire(moi.prepares, _valider(), coche=True)),
        rx.cond(moi.pages > 1, _pages()),
        rx.cond(m > 0, _confirmer()),
        rx.el.p(
            rx.cond(
                moi.relus > 0,
                rx.el.span(
                    moi.relus,
                    rx.cond(
                        moi.relus > 1, *(fr(f" {dit} depuis moins de {JOURS_DE_RELECTURE} jours.") for dit in RELUS)
                    ),
                    class_name="second petit",
                ),
            ),
            rx.el.a("Revenir à la grille", href=moi.retour, class_name="lien"),
            class_name="boutons",
        ),
        etape=int(Etape.VALIDER),
        avec_uf=moi.avec_uf,
        chemin=moi.chemin,
        etroite=True,
        pile=True,
        pret=moi.place == ICI,
    )


def _formulaire(lus: rx.Var, fin: rx.Component, *, coche: bool) -> rx.Component:
    moi = CapacitesEnregistreesState
    return rx.el.form(
        *caches(cle=moi.cle),
        rx.foreach(lus.to(list[LieuLu]), lambda lu: _lieu(lu, coche)),
        fin,
        on_submit=moi.confirmer,
        class_name="pile",
    )


def _valider() -> rx.Component:
    n = CapacitesEnregistreesState.libres
    return barre_view(
        rx.cond(
            n > 0,
            fr("Validé : publié avec votre nom, à la date d’aujourd’hui."),
            fr("Un référent valide ces lieux : demandez-le lui depuis « Tout relire »."),
        ),
        rx.cond(n > 0, rx.el.button("Valider les lieux cochés", type="submit", class_name="bouton")),
    )


def _pages() -> rx.Component:
    moi = CapacitesEnregistreesState
    avant, apres = lien_de_page("Page précédente", moi.url_avant), lien_de_page("Page suivante", moi.url_apres)
    return pages_view(moi.rang, moi.pages, avant, apres)


def _confirmer() -> rx.Component:
    moi = CapacitesEnregistreesState
    m = moi.a_confirmer.length()
    fin = rx.el.p(
        rx.el.button("C’est à jour pour les lieux cochés", type="submit", class_name="bouton bouton--second"),
        class_name="boutons",
    )
    return rx.el.section(
        rx.el.h2(fr("Rien n’a changé ?"), id="t-confirmer"),
        rx.el.p(
            m,
            rx.cond(m > 1, fr(" lieux n’ont rien d’enregistré. "), fr(" lieu n’a rien d’enregistré. ")),
            fr(
                "Les confirmer ici n’est pas nécessaire si vous relisez les offres : un lieu l’est avec les siennes. "
                "Sinon, cochez ceux dont tout ce qui est montré est encore vrai."
            ),
            rx.cond(moi.suite > 0, rx.fragment(" ", moi.suite, " autres viendront ensuite.")),
            class_name="second",
        ),
        _formulaire(moi.a_confirmer, fin, coche=False),
        class_name="pile",
        aria_labelledby="t-confirmer",
    )


def _lieu(lu: rx.Var, coche: bool) -> rx.Component:
    nom, cle = lu["nom"].to(str), lu["cle"].to(str)
    return rx.el.section(
        cache(rx.Var.create(VU).to(str) + cle, lu["vu"]),
        rx.el.div(
            rx.cond(
                lu["libre"],
                rx.el.label(
                    rx.el.input(
                        type="checkbox", name=rx.Var.create(CHOIX).to(str) + cle, value=OUI, default_checked=coche
                    ),
                    rx.el.span(rx.el.strong(nom), rx.el.small(lu["usage"])),
                    class_name="choix",
                ),
                rx.fragment(rx.el.h3(nom), rx.el.p(lu["usage"], class_name="petit second")),
            ),
            etat(lu["etat"], lu["sorte"]),
            rx.foreach(lu["bloque"].to(list[str]), lambda phrase: rx.el.p(phrase, class_name="erreur")),
            rx.cond(lu["alertes"].to(list[Manque]).length() > 0, manques_view(lu["alertes"])),
            class_name="tableau-tete",
        ),
        rx.cond(lu["ecarts"].to(list[Ecart]).length() > 0, _ecarts(lu["ecarts"], nom)),
        rx.el.div(
            rx.cond(lu["faits"].to(list[Fait]).length() > 0, faits_view(lu["faits"])),
            rx.foreach(
                lu["autres"].to(list[str]),
                lambda autre: rx.el.p(fr("Change aussi : "), autre, class_name="petit alerte"),
            ),
            rx.el.p(
                rx.el.a(
                    "Modifier",
                    rx.el.span(fr(" les capacités de "), nom, class_name="invisible"),
                    href=lu["url"].to(str),
                    class_name="lien",
                ),
                rx.cond(
                    lu["ecarts"].to(list[Ecart]).length() > 0,
                    rx.el.a(
                        "Tout relire",
                        rx.el.span(" avant de valider ", nom, class_name="invisible"),
                        href=lu["url_valider"].to(str),
                        class_name="lien",
                    ),
                ),
                class_name="boutons",
            ),
            class_name="tableau-tete",
        ),
        class_name="tableau cartes",
        aria_label=nom,
        key=cle,
    )


def _ecarts(ecarts: rx.Var, nom: rx.Var) -> rx.Component:
    return rx.el.table(
        rx.el.caption(fr("Capacités avant et après, "), nom, class_name="invisible"),
        rx.el.thead(rx.el.tr(*(rx.el.th(t, scope="col") for t in ("Capacité", "Avant", "Après")))),
        rx.el.tbody(rx.foreach(ecarts.to(list[Ecart]), _ecart)),
        class_name="avant-apres",
    )


def _ecart(ecart: rx.Var) -> rx.Component:
    return rx.el.tr(
        rx.el.th(ecart["label"], rx.cond(ecart["qui"], rx.el.span(ecart["qui"], class_name="origine")), scope="row"),
        rx.el.td(rx.el.del_(ecart["avant"]), custom_attrs={"data-nom": "Avant"}),
        rx.el.td(rx.el.ins(ecart["apres"]), custom_attrs={"data-nom": "Après"}),
    )


PAGES = (
    (
        parcours.ROUTE_CAPACITES_ENREGISTREES,
        capacites_enregistrees_page,
        CapacitesEnregistreesState.titre_page,
        CapacitesEnregistreesState.charger,
    ),
)
