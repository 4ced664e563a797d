"""The journal of an établissement: who did what, when; filtered by the address, fifty lines a page, or as CSV."""

from typing import Any

import reflex as rx
from pydantic import ValidationError

from rxror import db
from rxror.ror import parcours
from rxror.ror.erreurs import SaisieInvalide
from rxror.ror.parcours import Etape
from rxror.ror.typographie import fr
from rxror.services import journal
from rxror.services.historique import Choix
from rxror.services.journal import NOMS, Ligne, Vue
from rxror.ui.demande import recu
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
        voulue = _vue(dict(self.router.url.query_parameters))
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
        lues = recu(saisie)
        if not all(isinstance(lues.get(n, ""), str) for n in FILTRES):
            raise SaisieInvalide("filtrer")
        voulue = _vue({nom: lues.get(nom, "") for nom in FILTRES})
        return rx.redirect(voulue.adresse(parcours.url_journal(cible(self).identifiant)))


def _vue(parametres: dict[str, Any]) -> Vue:
    """What the address asks for; a part that means nothing is left aside."""
    donnes = {n: v for n, v in parametres.items() if v}
    try:
        return Vue.model_validate(donnes)
    except ValidationError as erreur:
        faux = {str(e["loc"][0]) for e in erreur.errors() if e["loc"]}
        return Vue.model_validate({n: v for n, v in donnes.items() if n not in faux})


def journal_page() -> rx.Component:
    """The journal of an établissement."""
    etat = JournalState
    return page(
        tete(TITRE, surtitre=etat.nom),
        rx.el.p(fr(NOTE), class_name="second"),
        rx.el.div(_filtres(), rx.cond(etat.lignes.length() > 0, _export())),
        rx.cond(
            etat.ailleurs,
            rx.el.p(rx.el.a("Revenir aux derniers gestes", href=etat.debut, class_name="lien"), class_name="boutons"),
        ),
        rx.el.h2("Gestes, du plus récent au plus ancien", class_name="invisible"),
        rx.cond(
            etat.lignes.length() > 0,
            rx.el.ol(rx.foreach(etat.lignes, _ligne), class_name="liste liste--gestes"),
            rx.el.p(
                rx.cond(etat.filtre, "Aucun geste ne répond à ce choix.", "Aucun geste n’est dans le journal."),
                role="status",
            ),
        ),
        rx.cond(
            etat.plus_anciennes,
            rx.el.p(
                rx.el.a("Gestes plus anciens", href=etat.plus_anciennes, class_name="bouton bouton--second"),
                class_name="boutons",
            ),
        ),
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
    return rx.el.details(
        rx.el.summary("Filtrer"),
        rx.el.form(
            _liste("qui", "Par", "Tout le monde", rx.foreach(etat.personnes, _option)),
            _liste(
                "geste",
                "Gestes",
                "Tous les gestes",
                *(rx.el.option(nom, value=action.value) for action, nom in NOMS.items()),
            ),
            _jour("du", "À partir du"),
            _jour("au", "Jusqu’au"),
            rx.el.p(
                rx.el.button("Filtrer", type="submit", class_name="bouton bouton--second"),
                rx.cond(etat.filtre, rx.el.a("Tout voir", href=etat.place, class_name="lien")),
                class_name="boutons",
            ),
            on_submit=etat.filtrer,
            class_name="recherche",
        ),
        open=etat.filtre,
        class_name="plis",
    )


def _liste(nom: str, label: str, tous: str, *options: rx.Component) -> rx.Component:
    tenu = JournalState.choix[nom]
    return rx.el.div(
        rx.el.label(label, html_for=f"filtre-{nom}"),
        rx.el.select(
            rx.el.option(tous, value=""),
            *options,
            id=f"filtre-{nom}",
            name=nom,
            default_value=tenu,
            key=tenu,
            class_name="saisie",
        ),
        class_name="champ",
    )


def _option(choix: rx.Var) -> rx.Component:
    return rx.el.option(choix["nom"].to(str), value=choix["cle"].to(str))


def _jour(nom: str, label: str) -> rx.Component:
    tenu = JournalState.choix[nom]
    return rx.el.div(
        rx.el.label(label, html_for=f"filtre-{nom}"),
        rx.el.input(
            id=f"filtre-{nom}", name=nom, type="date", default_value=tenu, key=f"{nom}-" + tenu, class_name="saisie"
        ),
        class_name="champ",
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
