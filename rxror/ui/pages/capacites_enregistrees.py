"""After « Enregistrer » the grid: the lieux whose capacities changed, before and after, to be validated."""

import reflex as rx

from rxror import db
from rxror.ror import parcours
from rxror.ror.parcours import Etape
from rxror.ror.typographie import fr
from rxror.services import capacites_preparees
from rxror.services.capacites_preparees import Ecart, LieuPrepare
from rxror.ui.components.geste import NON_PUBLIE, barre_view
from rxror.ui.identity import acteur
from rxror.ui.layout import page, tete
from rxror.ui.place import ICI, cible, place

TITRE = "Capacités à valider"


class CapacitesEnregistreesState(rx.State):
    """The lieux of the établissement of the address whose capacities wait for « Valider »."""

    place: str = ""
    titre_page: str = parcours.titre(TITRE)
    nom: str = ""
    chemin: list[parcours.Maillon] = []
    avec_uf: bool = True
    prepares: list[LieuPrepare] = []
    sans_changement: int = 0
    retour: str = ""

    @rx.event
    def charger(self) -> None:
        """Read what is saved and not validated."""
        self.reset()
        with db.lecture() as session:
            lues = capacites_preparees.lire(session, acteur(self, session), cible(self).identifiant)
        self.nom, self.chemin, self.avec_uf = lues.nom, lues.chemin, lues.sanitaire
        self.prepares, self.sans_changement = lues.lieux[:100], lues.sans_changement
        self.retour = parcours.url_capacites(lues.finess)
        self.titre_page = parcours.titre(TITRE, lues.nom)
        self.place = place(self)


def capacites_enregistrees_page() -> rx.Component:
    """What was saved in the grid, to be validated."""
    moi = CapacitesEnregistreesState
    n = moi.prepares.length()
    return page(
        tete(
            TITRE,
            rx.el.p(
                rx.cond(
                    n > 0,
                    rx.fragment(
                        "Enregistré pour ",
                        rx.el.strong(n, rx.cond(n > 1, " lieux", " lieu")),
                        f". {NON_PUBLIE}",
                    ),
                    "Aucune capacité n’attend d’être validée.",
                ),
                class_name="second",
            ),
            surtitre=moi.nom,
        ),
        rx.foreach(moi.prepares, _lieu),
        barre_view(
            rx.cond(
                moi.sans_changement > 0,
                rx.fragment(
                    moi.sans_changement,
                    rx.cond(moi.sans_changement > 1, " autres lieux", " autre lieu"),
                    " sans changement.",
                ),
            ),
            rx.el.a("Revenir à la grille", href=moi.retour, class_name="bouton bouton--second"),
        ),
        etape=int(Etape.VALIDER),
        avec_uf=moi.avec_uf,
        chemin=moi.chemin,
        etroite=True,
        pile=True,
        pret=moi.place == ICI,
    )


def _lieu(prepare: rx.Var) -> rx.Component:
    nom = prepare["nom"].to(str)
    return rx.el.section(
        rx.el.div(
            rx.el.h2(nom),
            rx.el.p(prepare["usage"], class_name="petit second"),
            rx.cond(
                prepare["autres"],
                rx.el.p(
                    fr("D’autres changements de ce lieu attendent aussi : ils sont sur sa page."), class_name="petit"
                ),
            ),
            rx.foreach(
                prepare["bloque"].to(list[str]),
                lambda phrase: rx.el.p(phrase, class_name="erreur"),
            ),
            class_name="tableau-tete",
        ),
        rx.cond(
            prepare["ecarts"].to(list[Ecart]).length() > 0,
            rx.el.table(
                rx.el.caption(fr("Capacités avant et après, "), nom, class_name="invisible"),
                rx.el.thead(rx.el.tr(*(rx.el.th(t, scope="col") for t in ("Capacité", "Avant", "Après")))),
                rx.el.tbody(rx.foreach(prepare["ecarts"].to(list[Ecart]), _ecart)),
                class_name="avant-apres",
            ),
        ),
        rx.el.div(
            rx.el.p(
                rx.el.a(
                    "Modifier",
                    rx.el.span(fr(" les capacités de "), nom, class_name="invisible"),
                    href=prepare["url"].to(str),
                    class_name="bouton bouton--second bouton--compact",
                ),
                rx.el.a(
                    "Relire et valider",
                    rx.el.span(" ", nom, class_name="invisible"),
                    href=prepare["url_valider"].to(str),
                    class_name="bouton bouton--compact",
                ),
                class_name="boutons",
            ),
            class_name="tableau-pied",
        ),
        class_name="tableau cartes",
        aria_label=nom,
        key=prepare["identifiant"].to(str),
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
