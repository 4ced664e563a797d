"""« Rien n’a changé »: the facts of each object of a node on one page, boxes to untick, one gesture, and back."""

from typing import Any
from uuid import uuid4

import reflex as rx

from rxror import db
from rxror.ror import parcours
from rxror.ror.dates import aujourd_hui, date_longue
from rxror.ror.fraicheur import JOURS_DE_RELECTURE
from rxror.ror.parcours import Etape
from rxror.ror.typographie import fr
from rxror.services import dedit, rien_n_a_change
from rxror.services.confirmation import AU_PLUS, Bilan, ConfirmerPlusieurs
from rxror.services.dedit import Dedire
from rxror.services.demande import en_nombre
from rxror.services.fiche import Manque
from rxror.services.rien_n_a_change import FaitCourt, GesteFait, LieuCourt, LigneAPart, LigneLue
from rxror.ui.components.coches import (
    Laisse,
    bilan_view,
    case_view,
    laisses_de,
    objets_coches,
    offres_et_lieux,
    revenir_view,
)
from rxror.ui.components.dedits import dedits_de, dedits_view
from rxror.ui.components.etats import etat
from rxror.ui.components.foyer import foyer_view, vers
from rxror.ui.components.geste import barre_view, caches
from rxror.ui.components.manques import manques_view
from rxror.ui.demande import lire_demande
from rxror.ui.identity import acteur
from rxror.ui.layout import page, tete
from rxror.ui.place import ICI, cible, place

TOUT_EST_RELU = f"Tout ce qui vous est confié ici a été relu ces {JOURS_DE_RELECTURE} derniers jours."
RIEN_ICI = "Rien de ce qui est ici ne vous est confié à valider."
PREPARE = fr(
    "Vous préparez ici ce qu’un référent de l’établissement valide : relisez et corrigez dans « Relecture », puis "
    "demandez-lui la validation."
)
ROUTES = tuple(f"{r}/{parcours.CONFIRMER}" for r in (parcours.ROUTE_ETABLISSEMENT, parcours.ROUTE_STRUCTURE))


class RienNAChangeState(rx.State):
    """The objects of a node, as the database had them when the page was shown."""

    place: str = ""
    titre_page: str = parcours.titre("Rien n’a changé")
    nom: str = ""
    chemin: list[parcours.Maillon] = []
    retour: str = ""
    etape: int = int(Etape.RETROUVER)
    avec_uf: bool = True
    lignes: list[LigneLue] = []
    a_part: list[LigneAPart] = []
    faites: list[GesteFait] = []
    resume: str = ""
    prepare: bool = False
    signature: str = ""
    url_avant: str = ""
    url_apres: str = ""
    cle: str = ""
    bilan: str = ""
    laisses: list[Laisse] = []
    foyer: str = ""

    @rx.event
    def charger(self) -> None:
        """Read what hangs below the node of the address."""
        self.reset()
        self._preparer()

    def _preparer(self) -> None:
        objet, rang = cible(self), en_nombre(self.router.url.query_parameters.get("page", "")) or 1
        with db.lecture() as session:
            qui = acteur(self, session)
            vue = rien_n_a_change.preparer(session, qui, objet, rang)
        self.lignes, self.a_part, self.faites = vue.lignes, vue.a_part, vue.faites
        self.resume, self.prepare = _resume(vue), vue.prepare
        self.signature = f"{qui.nom}, {date_longue(aujourd_hui())}"
        self.url_avant = _page(objet.genre, objet.identifiant, vue.rang - 1, vue.pages)
        self.url_apres = _page(objet.genre, objet.identifiant, vue.rang + 1, vue.pages)
        self.cle = str(uuid4())
        self.nom, self.retour, self.avec_uf = vue.nom, vue.retour, vue.avec_uf
        self.etape = int(Etape.RETROUVER if objet.genre == "etablissement" else Etape.ACCEDER_UF)
        self.chemin = parcours.chemin_de(*vue.chemin, (fr("Rien n’a changé"), ""))
        self.titre_page = parcours.titre("Rien n’a changé", vue.nom)
        self.place = place(self)

    @rx.event
    def confirmer(self, saisie: dict[str, Any]) -> None:
        """Confirm what stayed ticked, then show what is left."""
        coches = objets_coches(saisie, AU_PLUS)
        if not coches:
            self.bilan, self.laisses, self.foyer = "Rien n’est coché : rien n’est confirmé.", [], vers("bilan")
            return
        demande = lire_demande(ConfirmerPlusieurs, saisie, ("cle",), objets=coches)
        noms = {ligne["cle"]: ligne["nom"] for ligne in self.lignes}
        bilan = db.rejouable(lambda session: rien_n_a_change.confirmer(session, acteur(self, session), demande))
        self._preparer()
        self._dire(bilan, bilan.avec, noms, "confirmé")

    @rx.event
    def annuler(self, saisie: dict[str, Any]) -> None:
        """Take confirmations of this session back."""
        demande = lire_demande(Dedire, saisie, ("cle",), confirmations=dedits_de(saisie))
        bilan = db.rejouable(lambda session: dedit.dedire(session, acteur(self, session), demande))
        self._preparer()
        self._dire(bilan, bilan.faits, {}, "annulé")

    def _dire(self, bilan: Bilan, cles: list[str], noms: dict[str, str], fait: str) -> None:
        lieux = sum(cle.startswith("lieu:") for cle in cles)
        offres = len(cles) - lieux
        accord = ("s" if len(cles) > 1 else "") if lieux else ("es" if offres > 1 else "e")
        rien = f"Rien n’est {fait}" if bilan.refus else f"Déjà {fait}"
        self.bilan = fr(f"{offres_et_lieux(offres, lieux)} {fait}{accord}") if cles else rien
        self.laisses, self.foyer = laisses_de(bilan, noms), vers("bilan")


def _resume(vue: rien_n_a_change.Vue) -> str:
    """« À relire : 63 offres et 30 lieux. Déjà relus : 17 offres et 15 lieux. Page 1 sur 2. »."""
    if vue.prepare:
        return PREPARE
    relus = offres_et_lieux(*vue.relus)
    if not sum(vue.restent):
        return fr(TOUT_EST_RELU) if relus else RIEN_ICI
    deja = f" Déjà relus : {relus}." if relus else ""
    page_ = f" Page {vue.rang} sur {vue.pages}, les plus anciens d’abord." if vue.pages > 1 else ""
    return fr(f"À relire : {offres_et_lieux(*vue.restent)}.{deja}{page_}")


def _page(genre: str, identifiant_: str, rang: int, pages: int) -> str:
    return parcours.url_confirmer(genre, identifiant_, rang) if 1 <= rang <= pages else ""


# ------------------------------------------------------------------------------ the page


def rien_n_a_change_page() -> rx.Component:
    """The page that confirms many objects, after their facts were read."""
    etat_ = RienNAChangeState
    return page(
        tete(
            fr("Rien n’a changé ?"),
            rx.el.p(
                fr(
                    "Relisez les faits de chaque ligne et décochez ce qui a changé : cela restera à relire. "
                    "Vous pourrez revenir en arrière jusqu’à la fin de la session."
                ),
                class_name="second",
            ),
            rx.el.p(etat_.resume, class_name="petit second"),
            rx.cond(etat_.prepare, rx.el.p(rx.el.a("Relecture", href=parcours.RELECTURE, class_name="lien"))),
            surtitre=etat_.nom,
        ),
        foyer_view(etat_.foyer),
        bilan_view(etat_.bilan, etat_.laisses),
        rx.cond(etat_.lignes.length() > 0, _formulaire(), rx.fragment()),
        rx.cond(etat_.a_part.length() > 0, _a_part(), rx.fragment()),
        _tourner(),
        dedits_view(etat_.faites, etat_.annuler),
        revenir_view(etat_.retour, etat_.nom),
        etape=etat_.etape,
        avec_uf=etat_.avec_uf,
        chemin=etat_.chemin,
        espacee=True,
        pret=etat_.place == ICI,
    )


def _formulaire() -> rx.Component:
    etat_ = RienNAChangeState
    return rx.el.form(
        *caches(cle=etat_.cle),
        rx.el.section(
            rx.el.h2("À confirmer", id="t-confirmer"),
            rx.el.ul(rx.foreach(etat_.lignes, _ligne), class_name="exceptions"),
            class_name="fiche pile",
            aria_labelledby="t-confirmer",
        ),
        rx.el.div(
            barre_view(
                rx.fragment(
                    fr("Confirmer, c’est dater et signer chaque objet coché de cette page : "),
                    rx.el.strong(etat_.signature),
                    ".",
                ),
                rx.el.button("Rien n’a changé pour ce qui est coché", type="submit", class_name="bouton"),
            ),
            class_name="au-bout",
        ),
        on_submit=etat_.confirmer,
        class_name="pile--large",
        key=etat_.cle,
    )


def _ligne(ligne: Any) -> rx.Component:
    return rx.el.li(
        case_view(
            ligne,
            rx.el.small(ligne["ou"], rx.cond(ligne["ou"].to(str) & ligne["quand"].to(str), ", ", ""), ligne["quand"]),
            coche=~ligne["a_regarder"].to(bool),
        ),
        rx.cond(
            ligne["a_regarder"],
            rx.el.p(
                fr("Un point est à regarder : corrigez-le, ou cochez pour confirmer en le sachant."), class_name="petit"
            ),
            rx.fragment(),
        ),
        rx.el.div(
            _courts(ligne["faits"]),
            rx.foreach(ligne["lieux"].to(list[LieuCourt]), _lieu),
            rx.el.p(
                etat(ligne["etat"].to(str), ligne["sorte"].to(str)),
                rx.cond(
                    ligne["stables"].to(int) > 0,
                    rx.el.span(
                        " et ",
                        ligne["stables"],
                        rx.cond(ligne["stables"].to(int) > 1, " informations stables", " information stable"),
                        fr(", que vous ne signez pas."),
                        class_name="petit",
                    ),
                ),
                rx.el.a(
                    "Ouvrir",
                    rx.el.span(" ", ligne["nom"], class_name="invisible"),
                    href=ligne["url"].to(str),
                    class_name="lien petit",
                ),
                class_name="meta",
            ),
            class_name="exceptions-faits",
        ),
        key=ligne["cle"].to(str),
    )


def _lieu(lieu: Any) -> rx.Component:
    return rx.el.div(
        rx.el.p(
            rx.el.span(fr("Lieu : "), class_name="second"),
            rx.el.strong(lieu["nom"]),
            rx.cond(lieu["dit"], rx.el.span(", ", lieu["dit"], class_name="second"), rx.fragment()),
        ),
        _courts(lieu["faits"]),
        class_name="lieu-court",
    )


def _courts(faits: Any) -> rx.Component:
    return rx.cond(
        faits.to(list[FaitCourt]).length() > 0,
        rx.el.p(rx.foreach(faits.to(list[FaitCourt]), _fait), class_name="faits-courts"),
        rx.fragment(),
    )


def _fait(fait: Any) -> rx.Component:
    return rx.el.span(
        rx.el.span(fait["label"], fr(" : "), class_name="second"),
        fait["texte"],
        rx.cond(fait["points"], rx.el.span(" ", fait["points"], class_name="alerte"), rx.fragment()),
        class_name="fait-court",
    )


def _a_part() -> rx.Component:
    return rx.el.section(
        rx.el.h2("À part", id="t-a-part"),
        rx.el.p("Ces objets ne se confirment pas d’ici.", class_name="petit second"),
        rx.el.ul(
            rx.foreach(
                RienNAChangeState.a_part,
                lambda o: rx.el.li(
                    rx.el.p(rx.el.a(o["nom"], href=o["url"].to(str), class_name="lien")),
                    rx.el.p(o["raison"], class_name="petit"),
                    rx.cond(
                        o["points"].to(list[Manque]).length() > 0,
                        manques_view(o["points"].to(list[Manque])),
                        rx.fragment(),
                    ),
                ),
            ),
            class_name="exceptions",
        ),
        class_name="fiche pile",
        aria_labelledby="t-a-part",
    )


def _tourner() -> rx.Component:
    etat_ = RienNAChangeState

    def lien(texte: str, url: Any) -> rx.Component:
        return rx.cond(url, rx.el.a(texte, href=url, class_name="bouton bouton--second", rel="nofollow"), rx.fragment())

    return rx.cond(
        etat_.url_avant + etat_.url_apres,
        rx.el.nav(
            lien("Page précédente", etat_.url_avant),
            lien("Page suivante", etat_.url_apres),
            class_name="boutons",
            aria_label="Pages",
        ),
        rx.fragment(),
    )


PAGES = tuple((r, rien_n_a_change_page, RienNAChangeState.titre_page, RienNAChangeState.charger) for r in ROUTES)
