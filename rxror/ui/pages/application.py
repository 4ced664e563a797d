"""« Appliquer à d’autres offres »: choose them, read what exactly changes, then keep it as brouillons."""

from typing import Any, TypedDict
from uuid import uuid4

import reflex as rx

from rxror import db
from rxror.ror import parcours
from rxror.ror.erreurs import AccesRefuse, Conflit, SaisieInvalide
from rxror.ror.objets import OffreOperationnelle
from rxror.ror.parcours import Etape
from rxror.ror.saisie import OUI
from rxror.ror.typographie import fr
from rxror.services import apercu, application, hierarchie
from rxror.services.apercu import OffreApercue, Voisine
from rxror.services.changements import Changement
from rxror.ui.components.changements import changements_view
from rxror.ui.components.foyer import foyer_view, vers
from rxror.ui.components.geste import NON_PUBLIE, a_change, barre_view, cache, caches, message_view
from rxror.ui.demande import CHOIX, lire_demande, recu
from rxror.ui.identity import acteur
from rxror.ui.layout import page, tete
from rxror.ui.place import ICI, cible, dernier, place

CONTEXTE = ("identifiant", "section", "vu", "cle")
REMPLACER = "remplacer."
CHANGE_DEPUIS = a_change("Rien n’est appliqué.", "Relisez, puis appliquez.")
BROUILLON_DEPUIS = fr(
    "Quelqu’un vient d’enregistrer un brouillon dans une offre choisie : rien n’est appliqué. Choisissez de nouveau."
)


class Faite(TypedDict):
    """An offer that received the values."""

    nom: str
    url: str


class ApplicationState(rx.State):
    """The offers around, then what changes in those that were chosen, then what was done."""

    place: str = ""
    titre_page: str = parcours.titre("Appliquer à d’autres offres")
    nom: str = ""
    titre: str = ""
    chemin: list[parcours.Maillon] = []
    retour: str = ""
    identifiant: str = ""
    bloc: str = ""
    avec_uf: bool = True
    voisines: list[Voisine] = []
    occupees: list[Voisine] = []
    egales: list[str] = []
    ecartes: list[str] = []
    limite: str = ""
    coche: bool = False
    tour: int = 0
    apercus: list[OffreApercue] = []
    sans_changement: list[str] = []
    choisies: list[str] = []
    remplacees: list[str] = []
    a_changer: int = 0
    vu: str = ""
    cle: str = ""
    faites: list[Faite] = []
    fini: bool = False
    erreur: str = ""
    message: str = ""
    foyer: str = ""

    @rx.event
    def charger(self) -> None:
        """Read the section of the address, and the offers around."""
        self.reset()
        self._preparer()

    def _preparer(self) -> None:
        objet = cible(self)
        if objet.genre != OffreOperationnelle.GENRE:
            raise AccesRefuse(objet.cle)
        with db.lecture() as session:
            plan = application.preparer(session, acteur(self, session), objet.identifiant, dernier(self))
            autour, chemin = apercu.voisines(session, plan), hierarchie.chemin(session, plan.acces)
        self.voisines = [v for v in autour if v["champs"] and not v["brouillon"]]
        self.occupees = [v for v in autour if v["champs"] and v["brouillon"]]
        self.egales = [v["nom"] for v in autour if not v["champs"]]
        self.ecartes = plan.ecartes
        tus = plan.total - application.AU_PLUS
        self.limite = (
            fr(f"Les {application.AU_PLUS} premières, par leur nom ; {tus} ne sont pas montrées.") if tus > 0 else ""
        )
        self.identifiant, self.bloc, self.titre = objet.identifiant, plan.section.cle, plan.section.titre
        self.nom, self.avec_uf = plan.acces.objet.nom_offre, plan.acces.etablissement.sanitaire
        self.retour = parcours.url_offre(objet.identifiant)
        self.chemin = parcours.chemin_de(*chemin, (self.nom, self.retour), (fr(f"Appliquer : {self.titre}"), ""))
        self.titre_page = parcours.titre("Appliquer à d’autres offres", self.titre, self.nom)
        self.place = place(self)

    @rx.event
    def tout_cocher(self) -> None:
        """Tick, or untick, every offer without a brouillon."""
        self.coche, self.tour = not self.coche, self.tour + 1
        self.foyer = vers("tout")

    @rx.event
    def comparer(self, saisie: dict[str, Any]) -> None:
        """List what changes in the chosen offers; nothing is written."""
        choisies, remplacees = _choix(saisie)
        self.erreur = "" if choisies else "Choisissez au moins une offre."
        if not choisies:
            self.foyer = vers("choix")
            return
        self._comparer(choisies, remplacees)
        self.foyer = vers("t-apercu")

    def _comparer(self, choisies: list[str], remplacees: list[str]) -> None:
        with db.lecture() as session:
            plan = application.preparer(session, acteur(self, session), cible(self).identifiant, dernier(self))
            vues = apercu.apercu(session, plan, choisies)
        self.apercus = [v for v in vues if v["changements"] or v["tus"]]
        self.sans_changement = [v["nom"] for v in vues if not (v["changements"] or v["tus"])]
        self.choisies, self.remplacees, self.vu = choisies, remplacees, plan.vu(choisies)
        self.a_changer, self.cle, self.message = len(self.apercus), str(uuid4()), ""

    @rx.event
    def revenir(self) -> None:
        """Back to the choice of the offers."""
        self.apercus, self.sans_changement, self.choisies, self.message = [], [], [], ""
        self.foyer = vers("choix")

    @rx.event
    def appliquer(self, saisie: dict[str, Any]) -> None:
        """Keep the values as brouillons of the chosen offers, or say that something changed meanwhile."""
        demande = _demande(saisie)
        try:
            changees = db.rejouable(lambda session: application.appliquer(session, acteur(self, session), demande))
        except Conflit:
            self._preparer()
            if {v["identifiant"] for v in self.occupees} & {*demande.choisies} - {*demande.remplacees}:
                self.revenir()
                self.erreur = BROUILLON_DEPUIS
                return
            self._comparer(demande.choisies, demande.remplacees)
            self.message, self.foyer = CHANGE_DEPUIS, vers("message")
            return
        noms = {v["identifiant"]: v["nom"] for v in self.apercus}
        self.faites = [Faite(nom=noms.get(i, i), url=parcours.url_offre(i)) for i in changees]
        self.apercus, self.choisies, self.fini, self.message = [], [], True, ""
        self.foyer = vers("fini")


def _choix(saisie: Any) -> tuple[list[str], list[str]]:
    """Offers chosen, and those of them whose brouillon is replaced."""
    cochees = [str(n) for n, v in recu(saisie).items() if v == OUI]
    remplacees = [n.removeprefix(REMPLACER) for n in cochees if n.startswith(REMPLACER)]
    choisies = [n.removeprefix(CHOIX) for n in cochees if n.startswith(CHOIX)] + remplacees
    if len(choisies) > application.AU_PLUS or any(len(n) > 60 for n in choisies):
        raise SaisieInvalide("choix")
    return choisies, remplacees


def _demande(saisie: Any) -> application.Application:
    choisies, remplacees = _choix(saisie)
    return lire_demande(application.Application, saisie, CONTEXTE, choisies=choisies, remplacees=remplacees)


# ------------------------------------------------------------------------------- the page


def application_page() -> rx.Component:
    """The page that gives one section's values to other offers."""
    etat = ApplicationState
    return page(
        tete(
            "Appliquer à d’autres offres",
            rx.el.p("Section ", rx.el.strong(etat.titre), ", telle que la montre cette offre.", class_name="second"),
            surtitre=etat.nom,
        ),
        foyer_view(etat.foyer),
        rx.cond(etat.fini, _fini(), rx.cond(etat.choisies.length() > 0, _apercu(), _choix_view())),
        etape=int(Etape.MODIFIER),
        avec_uf=etat.avec_uf,
        chemin=etat.chemin,
        etroite=True,
        espacee=True,
        pret=etat.place == ICI,
    )


def _choix_view() -> rx.Component:
    etat = ApplicationState
    rien = (etat.voisines.length() == 0) & (etat.occupees.length() == 0)
    return rx.cond(
        rien,
        rx.el.section(
            rx.el.h2("Rien à appliquer", id="t-rien"),
            rx.el.p(
                rx.cond(
                    etat.egales.length() > 0,
                    "Aucune autre offre d’ici ne serait changée.",
                    rx.cond(
                        etat.avec_uf,
                        "Cette UF n’a pas d’autre offre.",
                        "Cet établissement n’a pas d’autre offre.",
                    ),
                )
            ),
            _retour(),
            class_name="panneau panneau--reussite",
            aria_labelledby="t-rien",
        ),
        rx.el.form(
            rx.el.div(
                rx.cond(etat.voisines.length() > 0, _libres(), rx.fragment()),
                rx.cond(etat.occupees.length() > 0, _occupees(), rx.fragment()),
                _egales(etat.egales, "Déjà pareilles, ou sans objet"),
                _ecartes(),
                class_name="fiche",
                id=rx.Var.create("choix").to(str),
                tab_index=-1,
            ),
            barre_view(
                rx.cond(etat.erreur, etat.erreur, "Vous verrez ce qui change avant d’appliquer."),
                rx.el.a("Annuler", href=etat.retour, class_name="bouton bouton--second"),
                rx.el.button("Voir ce qui change", type="submit", class_name="bouton"),
            ),
            on_submit=etat.comparer,
            class_name="pile",
        ),
    )


def _libres() -> rx.Component:
    etat = ApplicationState
    return rx.el.fieldset(
        rx.el.legend(fr("À quelles offres ?")),
        rx.cond(etat.limite, rx.el.p(etat.limite, class_name="petit second"), rx.fragment()),
        rx.el.button(
            rx.cond(etat.coche, "Tout décocher", "Tout cocher"),
            type="button",
            id=rx.Var.create("tout").to(str),
            on_click=etat.tout_cocher,
            class_name="bouton bouton--second bouton--compact",
        ),
        rx.foreach(etat.voisines, lambda v: _case(CHOIX, v, _nombre(v), etat.coche)),
        class_name="groupe",
        key=etat.tour,
    )


def _occupees() -> rx.Component:
    etat = ApplicationState
    return rx.el.fieldset(
        rx.el.legend("Quelqu’un y a déjà enregistré cette section"),
        rx.el.p("Cocher, c’est remplacer ce qui y est enregistré.", class_name="aide"),
        rx.foreach(etat.occupees, lambda v: _case(REMPLACER, v, v["brouillon"], False)),
        class_name="groupe",
    )


def _case(prefixe: str, voisine: rx.Var, detail: rx.Var, cochee: Any) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="checkbox",
            name=rx.Var.create(prefixe).to(str) + voisine["identifiant"].to(str),
            value=OUI,
            default_checked=cochee,
        ),
        rx.el.span(voisine["nom"], rx.el.small(detail)),
        class_name="choix",
        key=voisine["identifiant"].to(str),
    )


def _nombre(voisine: rx.Var) -> rx.Var:
    n = voisine["champs"].to(int)
    return n.to_string() + rx.cond(n > 1, " champs changeraient", " champ changerait")


def _egales(noms: rx.Var, titre: str) -> rx.Component:
    return rx.cond(
        noms.length() > 0,
        rx.el.details(
            rx.el.summary(fr(f"{titre} : "), noms.length()),
            rx.el.ul(rx.foreach(noms, lambda nom: rx.el.li(nom)), class_name="puces"),
            class_name="plis",
        ),
        rx.fragment(),
    )


def _ecartes() -> rx.Component:
    codes = ApplicationState.ecartes
    return rx.cond(
        codes.length() > 0,
        rx.el.p(
            rx.el.strong("Non repris", class_name="alerte"),
            fr(" : ces réponses ne sont plus en vigueur, ou pas permises ailleurs : "),
            codes.join(", "),
            ".",
            class_name="petit",
        ),
        rx.fragment(),
    )


def _apercu() -> rx.Component:
    etat = ApplicationState
    return rx.fragment(
        message_view(etat.message),
        rx.el.h2("Ce qui change", id=rx.Var.create("t-apercu").to(str), tab_index=-1),
        rx.foreach(etat.apercus, _offre),
        _egales(etat.sans_changement, "Rien n’y change"),
        _ecartes(),
        rx.el.form(
            *caches(identifiant=etat.identifiant, vu=etat.vu, cle=etat.cle, section=etat.bloc),
            rx.foreach(
                etat.choisies,
                lambda i: cache(rx.cond(etat.remplacees.contains(i), REMPLACER, CHOIX).to(str) + i.to(str), OUI),
            ),
            _barre(),
            on_submit=etat.appliquer,
            class_name="barre-seule",
        ),
    )


def _offre(offre: rx.Var) -> rx.Component:
    tus = offre["tus"].to(int)
    return rx.el.section(
        rx.el.div(
            rx.el.h3(offre["nom"]),
            rx.cond(
                offre["brouillon"],
                rx.el.p(rx.el.strong(fr("Remplacé : "), class_name="alerte"), offre["brouillon"], class_name="petit"),
                rx.fragment(),
            ),
            class_name="tableau-tete",
        ),
        rx.cond(
            offre["changements"].to(list[Changement]).length() > 0,
            changements_view(offre["changements"].to(list[Changement]), "Valeurs avant et après"),
            rx.fragment(),
        ),
        rx.cond(
            tus > 0,
            rx.el.p(
                "Et ",
                tus,
                rx.cond(tus > 1, " autres champs", " autre champ"),
                ". Choisissez moins d’offres pour tout lire.",
                class_name="tableau-pied petit",
            ),
            rx.fragment(),
        ),
        class_name="tableau cartes",
        aria_label=offre["nom"].to(str),
        key=offre["identifiant"].to(str),
    )


def _barre() -> rx.Component:
    etat = ApplicationState
    n = etat.a_changer
    return barre_view(
        rx.cond(n > 0, f"Enregistré dans chaque offre. {NON_PUBLIE}", "Rien ne change dans ces offres."),
        rx.el.button("Changer le choix", type="button", on_click=etat.revenir, class_name="bouton bouton--second"),
        rx.cond(
            n > 0,
            rx.el.button("Appliquer à ", n, rx.cond(n > 1, " offres", " offre"), type="submit", class_name="bouton"),
            rx.fragment(),
        ),
    )


def _fini() -> rx.Component:
    etat = ApplicationState
    n = etat.faites.length()
    return rx.el.section(
        rx.el.h2("Enregistré dans ", n, rx.cond(n > 1, " offres", " offre"), id="t-fini"),
        rx.el.p(fr("Rien n’est encore publié : relisez chaque offre, puis validez-la.")),
        rx.el.ul(
            rx.foreach(etat.faites, lambda o: rx.el.li(rx.el.a(o["nom"], href=o["url"].to(str), class_name="lien"))),
        ),
        _retour(),
        class_name="panneau panneau--reussite",
        id=rx.Var.create("fini").to(str),
        tab_index=-1,
        aria_labelledby="t-fini",
    )


def _retour() -> rx.Component:
    return rx.el.p(
        rx.el.a("Revenir à l’offre", href=ApplicationState.retour, class_name="bouton bouton--second"),
        class_name="boutons",
    )


PAGES = ((parcours.ROUTE_APPLIQUER, application_page, ApplicationState.titre_page, ApplicationState.charger),)
