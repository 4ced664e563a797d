"""The journal of an établissement: who did what, when; filtered by the address, fifty lines a page, or as CSV."""

from typing import Any

import reflex as rx

from rxror import db
from rxror.ror import parcours
from rxror.ror.parcours import Etape
from rxror.ror.typographie import fr
from rxror.services import journal
from rxror.services.historique import Choix
from rxror.services.journal import NOMS, Ligne, Vue
from rxror.ui.components.parcourir import (
    filtre_jour,
    filtre_liste,
    filtres_view,
    option_view,
    plus_anciens,
    revenir_aux_derniers,
)
from rxror.ui.demande import filtres, lire_adresse
from rxror.ui.identity import FormulaireHttp, acteur
from rxror.ui.layout import page, tete
from rxror.ui.place import ICI, cible, place

TITRE = "Journal"
FILTRES = ("qui", "geste", "du", "au")
NOTE = (
    "Qui a fait quoi dans cet établissement : enregistrements, validations, droits, refus. Une ligne ne peut être ni "
    "changée ni effacée avant la fin de sa conservation."
)


class JournalState(rx.State):
    """One page of the journal of the établissement of the address."""

    place: str = ""
    titre_page: str = parcours.titre(TITRE)
    nom: str = ""
    numero_finess: str = ""
    chemin: list[parcours.Maillon] = []
    avec_uf: bool = True
    lignes: list[Ligne] = []
    personnes: list[Choix] = []
    choix: dict[str, str] = {}
    filtre: bool = False
    ailleurs: bool = False
    debut: str = ""
    plus_anciennes: str = ""

    @rx.event
    def charger(self) -> None:
        """Read the page of the journal that the address asks for."""
        self.reset()
        voulue = lire_adresse(Vue, dict(self.router.url.query_parameters))
        with db.lecture() as session:
            lu = journal.lire(session, acteur(self, session), cible(self), voulue)
        self.nom, self.numero_finess, self.avec_uf = lu.nom, lu.finess, lu.sanitaire
        self.chemin = parcours.chemin_de(*lu.chemin, (TITRE, ""))
        self.lignes, self.personnes, self.plus_anciennes = lu.lignes, lu.personnes, lu.plus_anciennes
        self.choix = voulue.choix
        self.filtre, self.ailleurs = any(self.choix.values()), bool(voulue.avant)
        self.debut = voulue.adresse(place(self))
        self.titre_page = parcours.titre(TITRE, lu.nom)
        self.place = place(self)

    @rx.event
    def filtrer(self, saisie: dict[str, Any]) -> Any:
        """Show what was chosen only; the address says it."""
        voulue = lire_adresse(Vue, filtres(saisie, FILTRES))
        return rx.redirect(voulue.adresse(parcours.url_journal(cible(self).identifiant)))


def journal_page() -> rx.Component:
    """The journal of an établissement."""
    etat = JournalState
    return page(
        tete(TITRE, surtitre=etat.nom),
        rx.el.p(fr(NOTE), class_name="second"),
        rx.el.div(_filtres(), rx.cond(etat.lignes.length() > 0, _export())),
        rx.cond(etat.ailleurs, revenir_aux_derniers(etat.debut)),
        rx.el.h2("Gestes, du plus récent au plus ancien", class_name="invisible"),
        rx.cond(
            etat.lignes.length() > 0,
            rx.el.ol(rx.foreach(etat.lignes, _ligne), class_name="liste liste--gestes"),
            rx.el.p(
                rx.cond(etat.filtre, "Aucun geste ne répond à ce choix.", "Aucun geste n’est dans le journal."),
                role="status",
            ),
        ),
        plus_anciens(etat.plus_anciennes),
        etape=int(Etape.RETROUVER),
        avec_uf=etat.avec_uf,
        chemin=etat.chemin,
        pile=True,
        pret=etat.place == ICI,
    )


def _ligne(ligne: rx.Var) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.h3(ligne["qui"], " ", ligne["phrase"]),
            rx.el.p(
                rx.el.span(ligne["quand"]),
                rx.cond(
                    ligne["url"],
                    rx.el.a(
                        ligne["objet"],
                        rx.el.span(", ", ligne["quand"], class_name="invisible"),
                        href=ligne["url"].to(str),
                        class_name="lien",
                    ),
                    rx.cond(ligne["objet"], rx.el.span(ligne["objet"])),
                ),
                class_name="meta",
            ),
            rx.cond(ligne["detail"], rx.el.p(ligne["detail"], class_name="petit")),
        ),
        id=ligne["ancre"].to(str),
        key=ligne["ancre"].to(str),
    )


def _filtres() -> rx.Component:
    etat = JournalState
    gestes = [rx.el.option(nom, value=action.value) for action, nom in NOMS.items()]
    return filtres_view(
        etat,
        filtre_liste(etat, "qui", "Par", "Tout le monde", rx.foreach(etat.personnes, option_view)),
        filtre_liste(etat, "geste", "Gestes", "Tous les gestes", *gestes),
        filtre_jour(etat, "du", "À partir du"),
        filtre_jour(etat, "au", "Jusqu’au"),
    )


def _export() -> rx.Component:
    """A plain form: the file comes by HTTP, behind the session."""
    etat = JournalState
    formulaire = FormulaireHttp.create(
        rx.el.input(type="hidden", name="finess", value=etat.numero_finess),
        *(rx.el.input(type="hidden", name=nom, value=etat.choix[nom]) for nom in FILTRES),
        rx.el.p(
            fr("Un fichier CSV pour un tableur, de ce qui est filtré, aux heures universelles (UTC). "),
            "L’export laisse une ligne dans le journal.",
            class_name="petit second",
        ),
        rx.el.p(
            rx.el.button("Exporter en CSV", type="submit", class_name="bouton bouton--second"),
            class_name="boutons",
        ),
        action=parcours.EXPORT_JOURNAL,
        method="post",
        class_name="pile",
    )
    return rx.el.details(rx.el.summary("Exporter"), formulaire, class_name="plis")


PAGES = ((parcours.ROUTE_JOURNAL, journal_page, JournalState.titre_page, JournalState.charger),)
