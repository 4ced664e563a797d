"""« Valider ce qui est prêt »: what is saved below a node, before and after, and one gesture for what is ready."""

from typing import Any
from uuid import uuid4

import reflex as rx

from rxror import db
from rxror.ror import parcours
from rxror.ror.parcours import Etape
from rxror.ror.typographie import fr
from rxror.services import validation_plusieurs
from rxror.services.changements import Changement
from rxror.services.fiche import Manque
from rxror.services.validation_plusieurs import AU_PLUS, ObjetAPublier, ValiderPlusieurs
from rxror.ui.components.changements import changements_view
from rxror.ui.components.coches import Laisse, bilan_view, case_view, laisses_de, objets_coches, revenir_view
from rxror.ui.components.foyer import foyer_view, vers
from rxror.ui.components.geste import barre_view, caches
from rxror.ui.components.manques import manques_view
from rxror.ui.demande import lire_demande
from rxror.ui.identity import acteur
from rxror.ui.layout import page, tete
from rxror.ui.place import ICI, cible, place

ROUTES = tuple(f"{r}/{parcours.VALIDER_PLUSIEURS}" for r in (parcours.ROUTE_ETABLISSEMENT, parcours.ROUTE_STRUCTURE))


class ValiderPlusieursState(rx.State):
    """What is saved below a node, as the database had it when the page was shown."""

    place: str = ""
    titre_page: str = parcours.titre("Valider ce qui est prêt")
    nom: str = ""
    chemin: list[parcours.Maillon] = []
    retour: str = ""
    etape: int = int(Etape.RETROUVER)
    avec_uf: bool = True
    prets: list[ObjetAPublier] = []
    bloques: list[ObjetAPublier] = []
    limite: str = ""
    signataire: str = ""
    cle: str = ""
    bilan: str = ""
    laisses: list[Laisse] = []
    foyer: str = ""

    @rx.event
    def charger(self) -> None:
        """Read what is saved below the node of the address."""
        self.reset()
        self._preparer()

    def _preparer(self) -> None:
        objet = cible(self)
        with db.lecture() as session:
            qui = acteur(self, session)
            vue = validation_plusieurs.preparer(session, qui, objet)
        self.prets, self.bloques, self.signataire, self.cle = vue.prets, vue.bloques, qui.nom, str(uuid4())
        n = vue.autres
        reste = f"{n} autre{'s' if n > 1 else ''} suivr{'ont' if n > 1 else 'a'}"
        self.limite = fr(f"Les {AU_PLUS} premiers, par leur nom ; {reste} une fois ceux-ci validés.") if n else ""
        self.nom, self.retour, self.avec_uf = vue.nom, vue.retour, vue.avec_uf
        self.etape = int(Etape.RETROUVER if objet.genre == "etablissement" else Etape.ACCEDER_UF)
        self.chemin = parcours.chemin_de(*vue.chemin, ("Valider ce qui est prêt", ""))
        self.titre_page = parcours.titre("Valider ce qui est prêt", vue.nom)
        self.place = place(self)

    @rx.event
    def valider(self, saisie: dict[str, Any]) -> None:
        """Publish what stayed ticked, then show what is left."""
        coches = objets_coches(saisie, AU_PLUS)
        if not coches:
            self.bilan, self.laisses, self.foyer = "Rien n’est coché : rien n’est validé.", [], vers("bilan")
            return
        demande = lire_demande(ValiderPlusieurs, saisie, ("cle",), objets=coches)
        noms = {o["cle"]: o["nom"] for o in self.prets}
        bilan = db.rejouable(lambda s: validation_plusieurs.valider_plusieurs(s, acteur(self, s), demande))
        self._preparer()
        n = len(bilan.faits)
        self.bilan = f"{n} objets validés" if n > 1 else "1 objet validé" if n else "Rien n’est validé"
        self.laisses, self.foyer = laisses_de(bilan, noms), vers("bilan")


def valider_plusieurs_page() -> rx.Component:
    """The page that publishes what is ready below a node."""
    etat = ValiderPlusieursState
    rien = (etat.prets.length() + etat.bloques.length()) == 0
    return page(
        tete(
            "Valider ce qui est prêt",
            rx.el.p(
                fr("Relisez ce qui change dans chaque objet et décochez ce qui doit attendre."), class_name="second"
            ),
            rx.cond(etat.limite, rx.el.p(etat.limite, class_name="petit second")),
            surtitre=etat.nom,
        ),
        foyer_view(etat.foyer),
        bilan_view(etat.bilan, etat.laisses),
        rx.cond(rien, rx.el.p("Rien n’attend d’être validé ici.", class_name="fiche"), rx.fragment()),
        rx.cond(etat.prets.length() > 0, _formulaire(), rx.fragment()),
        rx.cond(etat.bloques.length() > 0, _bloques(), rx.fragment()),
        revenir_view(etat.retour, etat.nom),
        etape=etat.etape,
        avec_uf=etat.avec_uf,
        chemin=etat.chemin,
        espacee=True,
        pret=etat.place == ICI,
    )


def _formulaire() -> rx.Component:
    etat = ValiderPlusieursState
    return rx.el.form(
        *caches(cle=etat.cle),
        rx.foreach(etat.prets, _pret),
        barre_view(
            rx.fragment("Signé ", rx.el.strong(etat.signataire), fr(", à la date d’aujourd’hui.")),
            rx.el.button("Valider ce qui est coché", type="submit", class_name="bouton"),
        ),
        on_submit=etat.valider,
        class_name="pile--large",
        key=etat.cle,
    )


def _pret(objet: Any) -> rx.Component:
    n = objet["alertes"].to(int)
    return rx.el.section(
        rx.el.div(case_view(objet, rx.el.small(objet["sert"])), class_name="tableau-tete"),
        rx.cond(
            objet["changements"].to(list[Changement]).length() > 0,
            changements_view(objet["changements"].to(list[Changement]), "Valeurs avant et après validation"),
            rx.el.p("Rien ne diffère de ce qui est publié.", class_name="tableau-pied petit"),
        ),
        rx.el.div(
            rx.cond(n > 0, rx.el.span(n, rx.cond(n > 1, " alertes à regarder", " alerte à regarder")), rx.fragment()),
            rx.el.a(
                "Voir en entier",
                rx.el.span(fr(" : "), objet["nom"], class_name="invisible"),
                href=objet["url"].to(str),
                class_name="lien",
            ),
            class_name="tableau-pied petit",
        ),
        class_name="tableau cartes",
        aria_label=objet["nom"].to(str),
        key=objet["cle"].to(str),
    )


def _bloques() -> rx.Component:
    return rx.el.section(
        rx.el.h2("Pas encore prêts", id="t-bloques"),
        rx.el.ul(
            rx.foreach(
                ValiderPlusieursState.bloques,
                lambda o: rx.el.li(
                    rx.el.p(rx.el.a(o["nom"], href=o["url"].to(str), class_name="lien")),
                    manques_view(o["points"].to(list[Manque])),
                ),
            ),
            class_name="exceptions",
        ),
        class_name="fiche pile",
        aria_labelledby="t-bloques",
    )


PAGES = tuple(
    (r, valider_plusieurs_page, ValiderPlusieursState.titre_page, ValiderPlusieursState.charger) for r in ROUTES
)
