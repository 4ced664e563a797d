"""« Capacités du site »: the grid of an établissement, a card per lieu on a phone; one « Enregistrer » for all."""

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, TypedDict
from uuid import uuid4

import reflex as rx

from rxror import db
from rxror.ror import parcours
from rxror.ror.capacites_du_site import cellule_de
from rxror.ror.erreurs import Conflit, GesteRefuse, SaisieInvalide
from rxror.ror.parcours import Etape
from rxror.ror.typographie import fr
from rxror.services import capacites, capacites_gestes, fermetures_prevues
from rxror.services.capacites import (
    AU_PLUS,
    Bilan,
    CaseVue,
    Choix,
    FauteVue,
    GroupeVue,
    RangeeVue,
    Vue,
    nom_de_case,
)
from rxror.services.capacites_gestes import CaseEnDesaccord, CollerCapacites, EnregistrerCapacites, VerifierCapacites
from rxror.services.fermetures_prevues import Prevoir, Prevue, RetirerFermeture
from rxror.services.vues import LigneCapacite, Reperes
from rxror.ui.components.etats import Donnee, etat
from rxror.ui.components.fermetures_prevues import prevoir_view, prevues_view
from rxror.ui.components.foyer import foyer_view, vers
from rxror.ui.components.geste import RETENU, barre_view, caches, identifiant, message_view
from rxror.ui.components.parcourir import lien_de_page, pages_view
from rxror.ui.demande import filtres, lire_adresse, lire_demande, recu
from rxror.ui.identity import acteur
from rxror.ui.layout import page, tete
from rxror.ui.place import ICI, cible, place

TITRE = capacites.TITRE
CASE, BASE = "c.", "b."
FILTRES = ("nature", "temporalite", "montrer")
RIEN = fr(
    "Rien n’est enregistré : corrigez ce qui est signalé ci-dessous, puis enregistrez. Ce que vous avez tapé reste."
)
INCHANGE = fr("Aucune case n’a changé : il n’y a rien à enregistrer.")
GRILLE = "grille-du-site"
MOINS = "\N{MINUS SIGN}"


class LigneApercu(TypedDict):
    """A cell that a pasted block would change."""

    nom: str
    colonne: str
    apres: str


class CapacitesState(rx.State):
    """The grid of the établissement of the address, and what was answered to what is typed in it."""

    place: str = ""
    titre_page: str = parcours.titre(TITRE)
    chemin: list[parcours.Maillon] = []
    surtitre: str = ""
    identifiant: str = ""
    avec_uf: bool = True
    choix: dict[str, str] = {}
    rang: int = 1
    pages: int = 1
    avant: str = ""
    apres: str = ""
    colonnes: list[str] = []
    groupes: list[GroupeVue] = []
    natures: list[Choix] = []
    temporalites: list[Choix] = []
    lesquels: list[Choix] = []
    fautes: list[FauteVue] = []
    au_champ: dict[str, str] = {}
    conflits: dict[str, CaseEnDesaccord] = {}
    sommes: dict[str, str] = {}
    totaux: list[str] = []
    publies: list[str] = []
    phrase: str = ""
    recues: str = ""
    modifiable: bool = False
    prepares: int = 0
    url_prepares: str = ""
    reperes: Reperes = Reperes()
    cle: str = ""
    message: str = ""
    foyer: str = ""
    apercu: list[LigneApercu] = []
    apercu_total: int = 0
    fautes_collees: list[str] = []
    colle: bool = False
    a_poser: str = ""
    prevues: list[Prevue] = []
    posables: list[str] = []
    lieux_modifiables: list[Choix] = []
    cle_prevue: str = ""

    @rx.event
    def charger(self) -> None:
        """Read the grid that the address asks for."""
        self.reset()
        self._lire(lire_adresse(Vue, dict(self.router.url.query_parameters)))

    def _lire(self, voulue: Vue) -> None:
        with db.lecture() as session:
            qui, ici = acteur(self, session), cible(self).identifiant
            grille = capacites.montrer(session, qui, ici, voulue)
            self.prevues = fermetures_prevues.de_l_etablissement(session, qui, ici)
        vue = grille.vue
        self.identifiant, self.avec_uf, self.surtitre = grille.finess, grille.sanitaire, grille.surtitre
        self.chemin, self.titre_page = grille.chemin, parcours.titre(TITRE, grille.nom)
        self.choix = {nom: str(getattr(vue, nom)) for nom in (*FILTRES, "page")}
        self.rang, self.pages = vue.page, grille.pages
        self.avant = vue.adresse(grille.finess, page=vue.page - 1) if vue.page > 1 else ""
        self.apres = vue.adresse(grille.finess, page=vue.page + 1) if vue.page < grille.pages else ""
        self.colonnes, self.groupes = grille.colonnes, grille.groupes
        self.natures, self.temporalites, self.lesquels = grille.natures, grille.temporalites, grille.choix
        self.recues, self.reperes = grille.recues, grille.reperes
        self.modifiable, self.prepares = grille.modifiables > 0, grille.prepares
        self.url_prepares = parcours.url_capacites_enregistrees(grille.finess)
        self._juger(grille.fautes, grille.bilan)
        cases = [case for g in grille.groupes for r in g["rangees"] for case in r["cases"]]
        self.posables = [case["nom"] for case in cases if case["sorte"] == "libre"]
        self.lieux_modifiables = grille.lieux_modifiables
        self.cle, self.cle_prevue = str(uuid4()), str(uuid4())
        self.place = place(self)

    def _juger(self, fautes: list[FauteVue], bilan: Bilan) -> None:
        """Say the cells at fault, and the sums; only what changed is sent."""
        self._dire(fautes)
        self.sommes, self.totaux, self.publies, self.phrase = bilan.groupes, bilan.totaux, bilan.avant, bilan.phrase

    def _dire(self, fautes: list[FauteVue]) -> None:
        """The cells that a colleague changed first, then the others: one sentence beside each cell."""
        disputees = self.conflits.values()
        dites = [FauteVue(nom=c["nom"], lieu=c["lieu"], texte=c["phrase"], bloque=True) for c in disputees]
        self.fautes = [*dites, *(f for f in fautes if f["nom"] not in self.conflits)][:AU_PLUS]
        self.au_champ = {f["nom"]: f["texte"] for f in reversed(self.fautes)}

    @rx.event
    def filtrer(self, saisie: dict[str, Any]) -> Any:
        """Show what was chosen; the address says it."""
        voulue = lire_adresse(Vue, filtres(saisie, FILTRES))
        return rx.redirect(voulue.adresse(cible(self).identifiant))

    @rx.event
    def verifier(self, saisie: dict[str, Any]) -> None:
        """What the rules say of what is typed, and the sums; nothing is kept."""
        demande = lire_demande(VerifierCapacites, saisie, ("identifiant",), vue=_vue(saisie), cases=_cases(saisie))
        with db.lecture() as session:
            fautes, bilan = capacites_gestes.verifier(session, acteur(self, session), demande)
        changees = {f"{CASE}{c.identifiant}.{c.cellule}" for c in demande.cases}
        self.conflits = {nom: c for nom, c in self.conflits.items() if nom in changees}  # else theirs was taken
        self._juger(fautes, bilan)

    @rx.event
    def previsualiser(self, saisie: dict[str, Any]) -> None:
        """Say what a pasted block would change, and all its bad cells; nothing changes."""
        demande = lire_demande(CollerCapacites, saisie, ("identifiant", "texte", "depuis"), vue=_vue(saisie))
        with db.lecture() as session:
            lu, colonnes = capacites_gestes.coller(session, acteur(self, session), demande)
        noms = {r["identifiant"]: r["nom"] for g in self.groupes for r in g["rangees"]}
        self.apercu = [
            LigneApercu(nom=noms.get(i, i), colonne=colonnes[rang].label, apres=texte)
            for (i, rang), texte in lu.changements.items()
        ][:AU_PLUS]
        self.apercu_total, self.colle = len(lu.changements), True
        self.fautes_collees = [
            fr(f"Ligne {f.ligne}, colonne {f.colonne}{f', « {f.valeur} »' if f.valeur else ''} : {f.raison}")
            for f in lu.fautes
        ][:AU_PLUS]
        poses = {**lu.inchangees, **lu.changements}
        self.a_poser = json.dumps({nom_de_case(i, colonnes[r]): texte for (i, r), texte in poses.items()})
        self.foyer = vers("apercu")

    @rx.event
    def prevoir(self, saisie: dict[str, Any]) -> None:
        """Keep a planned closure, or say what is wrong with it; what is typed in the grid stays."""
        demande = lire_demande(Prevoir, saisie, ("identifiant", "nature", "nombre", "debut", "fin", "motif", "cle"))
        try:
            db.rejouable(lambda session: fermetures_prevues.prevoir(session, acteur(self, session), demande))
        except GesteRefuse as refus:
            self.message, self.foyer = str(refus), vers("message")
            return
        self._relire_les_prevues()

    @rx.event
    def retirer_prevue(self, saisie: dict[str, Any]) -> None:
        """Take a planned closure away."""
        demande = lire_demande(RetirerFermeture, saisie, ("identifiant", "numero", "cle"))
        with suppress(Conflit):  # somebody did already: the list says so
            db.rejouable(lambda session: fermetures_prevues.retirer(session, acteur(self, session), demande))
        self._relire_les_prevues()

    def _relire_les_prevues(self) -> None:
        with db.lecture() as session:
            self.prevues = fermetures_prevues.de_l_etablissement(
                session, acteur(self, session), cible(self).identifiant
            )
        self.cle_prevue, self.message, self.foyer = str(uuid4()), "", vers("prevues")

    @rx.event
    def enregistrer(self, saisie: dict[str, Any]) -> Any:
        """Keep all changed cells, or say beside which ones why nothing is kept."""
        demande = lire_demande(EnregistrerCapacites, saisie, ("identifiant", "cle"), cases=_cases(saisie))
        if not demande.cases:
            self.message, self.foyer = INCHANGE, vers("message")
            return None
        reponse = db.rejouable(lambda session: capacites_gestes.enregistrer(session, acteur(self, session), demande))
        if reponse.fait:
            return rx.redirect(parcours.url_capacites_enregistrees(demande.identifiant))
        self.conflits = {c["nom"]: c for c in reponse.conflits}
        self._dire(reponse.refus)
        self.message, self.foyer = RIEN, vers("message")
        return None


def _vue(saisie: Any) -> dict[str, Any]:
    lues = recu(saisie)
    return {nom: lues[nom] for nom in (*FILTRES, "page") if nom in lues}


def _cases(saisie: Any) -> list[dict[str, str]]:
    """The changed cells of a form: {"c.LIEU.01.05.01": typed, "b.c.LIEU.01.05.01": shown}."""
    lues: Mapping[str, Any] = recu(saisie)
    cases: list[dict[str, str]] = []
    for nom, texte in lues.items():
        if not str(nom).startswith(CASE):
            continue
        lieu, *codes = str(nom).removeprefix(CASE).rsplit(".", 3)
        cellule = ".".join(codes)
        if cellule_de(cellule) is None:
            raise SaisieInvalide("capacites")
        cases.append({"identifiant": lieu, "cellule": cellule, "base": lues.get(BASE + str(nom), ""), "texte": texte})
    return cases


# ------------------------------------------------------------------------------- the page


def capacites_page() -> rx.Component:
    """The grid of an établissement."""
    moi = CapacitesState
    return page(
        tete(
            TITRE,
            rx.el.p(
                fr("Corrigez ce qui a changé : le dernier nombre validé est près de chaque case. "),
                rx.cond(
                    moi.recues,
                    rx.fragment(
                        fr("Ce qui vient d’un logiciel ("), moi.recues, fr(") est montré et ne se saisit pas ici.")
                    ),
                ),
                class_name="second",
            ),
            surtitre=moi.surtitre,
        ),
        foyer_view(moi.foyer),
        message_view(moi.message),
        _a_corriger(),
        rx.cond(moi.prepares > 0, _prepares()),
        rx.el.div(_filtres(), rx.cond(moi.modifiable, _coller()), class_name="outils"),
        _verification(),
        rx.el.form(
            *caches(identifiant=moi.identifiant, cle=moi.cle),
            _tableau(),
            rx.cond(moi.pages > 1, _pages()),
            _reperes(),
            on_submit=moi.enregistrer,
            id=GRILLE,
            custom_attrs={**RETENU, "data-grille": "oui"},
            class_name="pile",
        ),
        rx.cond(moi.modifiable | (moi.prevues.length() > 0), _prevues()),
        rx.cond(moi.modifiable, _barre()),
        etape=int(Etape.MODIFIER),
        avec_uf=moi.avec_uf,
        chemin=moi.chemin,
        pile=True,
        pret=moi.place == ICI,
    )


def _a_corriger() -> rx.Component:
    moi = CapacitesState
    n = moi.fautes.length()
    return rx.cond(
        n > 0,
        rx.el.section(
            rx.el.h2(n, rx.cond(n > 1, " cases à regarder", " case à regarder"), id="t-fautes"),
            rx.el.ul(rx.foreach(moi.fautes, _faute), class_name="manques"),
            class_name="panneau panneau--alerte",
            aria_labelledby="t-fautes",
            id=identifiant("a-corriger"),
            tab_index=-1,
        ),
    )


def _faute(faute: rx.Var) -> rx.Component:
    return rx.el.li(
        rx.el.a(
            faute["lieu"],
            fr(" : "),
            faute["texte"],
            href=rx.Var.create("#").to(str) + faute["nom"].to(str),
            reload_document=True,
        ),
        rx.cond(faute["bloque"], rx.el.strong("À corriger", class_name="manque petit"), rx.fragment()),
    )


def _prepares() -> rx.Component:
    moi = CapacitesState
    n = moi.prepares
    return rx.el.p(
        etat("Enregistré, à valider", "brouillon"),
        " ",
        rx.el.a(
            rx.cond(n > 1, rx.fragment("Capacités de ", n, " lieux"), "Capacités d’un lieu"),
            fr(" : relire et valider"),
            href=moi.url_prepares,
            class_name="lien",
        ),
        class_name="boutons",
    )


def _filtres() -> rx.Component:
    moi = CapacitesState
    return rx.el.form(
        _filtre("montrer", "Lieux à montrer", moi.lesquels),
        _filtre("nature", "Compter", moi.natures),
        _filtre("temporalite", "À quel moment", moi.temporalites),
        rx.el.button("Montrer", type="submit", class_name="bouton bouton--second"),
        on_submit=moi.filtrer,
        class_name="recherche filtres-site",
    )


def _filtre(nom: str, label: str, options: rx.Var) -> rx.Component:
    tenu = CapacitesState.choix[nom]
    return rx.el.div(
        rx.el.label(label, html_for=f"f-{nom}"),
        rx.el.select(
            rx.foreach(options, lambda o: rx.el.option(o["nom"].to(str), value=o["cle"].to(str))),
            id=f"f-{nom}",
            name=nom,
            default_value=tenu,
            key=tenu,
            class_name="saisie",
        ),
        class_name="champ",
    )


def _coller() -> rx.Component:
    moi = CapacitesState
    return rx.el.details(
        rx.el.summary("Coller depuis un tableur"),
        rx.el.form(
            *_caches_de_vue(),
            rx.el.input(type="hidden", name="depuis", default_value=""),
            rx.el.div(
                rx.el.label("Lignes copiées", html_for="colle"),
                rx.el.span(
                    fr("Une ligne par lieu : son nom puis ses nombres, ou ses nombres dans l’ordre de la grille ("),
                    moi.colonnes.join(", "),
                    fr("). Une case vide laisse ce qui est là. Rien ne change avant votre accord."),
                    class_name="aide",
                    id="colle-aide",
                ),
                rx.el.textarea(
                    id="colle",
                    name="texte",
                    max_length=20000,
                    spell_check=False,
                    class_name="saisie",
                    aria_describedby="colle-aide",
                ),
                class_name="champ",
            ),
            rx.el.p(
                rx.el.button(
                    "Voir ce que cela changerait", type="submit", class_name="bouton bouton--second bouton--compact"
                ),
                class_name="boutons",
            ),
            on_submit=moi.previsualiser,
            custom_attrs={"data-coller": "oui"},
            class_name="pile",
        ),
        rx.cond(moi.colle, _apercu()),
        class_name="plis",
    )


def _apercu() -> rx.Component:
    moi = CapacitesState
    n, fautes = moi.apercu_total, moi.fautes_collees.length()
    return rx.el.section(
        rx.el.h2(
            rx.cond(
                n > 0,
                rx.fragment(n, rx.cond(n > 1, " cases changeraient", " case changerait")),
                "Aucune case ne changerait",
            ),
            id="t-apercu",
        ),
        rx.cond(
            fautes > 0,
            rx.el.div(
                rx.el.p(
                    rx.el.strong(
                        fautes,
                        rx.cond(fautes > 1, " cases ne peuvent pas être reprises", " case ne peut pas être reprise"),
                        class_name="alerte",
                    )
                ),
                rx.el.ul(rx.foreach(moi.fautes_collees, lambda f: rx.el.li(f)), class_name="puces"),
            ),
        ),
        rx.cond(
            n > 0,
            rx.fragment(
                rx.el.ul(
                    rx.foreach(
                        moi.apercu,
                        lambda a: rx.el.li(a["nom"], ", ", a["colonne"], fr(" : "), rx.el.strong(a["apres"])),
                    ),
                    class_name="puces petit",
                ),
                rx.el.p(
                    rx.el.button(
                        rx.cond(fautes > 0, "Remplir les autres cases", "Remplir la grille"),
                        type="button",
                        class_name="bouton bouton--compact",
                        custom_attrs={"data-poser": moi.a_poser},
                    ),
                    rx.el.span(fr("Rien n’est enregistré avant « Enregistrer »."), class_name="petit second"),
                    class_name="boutons",
                ),
            ),
        ),
        class_name="fiche",
        id=identifiant("apercu"),
        tab_index=-1,
        aria_labelledby="t-apercu",
    )


def _caches_de_vue() -> list[rx.Component]:
    moi = CapacitesState
    return caches(identifiant=moi.identifiant, **{nom: moi.choix[nom] for nom in (*FILTRES, "page")})


def _verification() -> rx.Component:
    """The small event of who types: `assets/capacites.js` sends it with the changed cells."""
    return rx.el.form(
        *_caches_de_vue(), on_submit=CapacitesState.verifier, custom_attrs={"data-verifier": "oui"}, hidden=True
    )


def _tableau() -> rx.Component:
    moi = CapacitesState
    return rx.el.div(
        rx.el.table(
            rx.el.caption("Capacités par lieu", class_name="invisible"),
            rx.el.thead(
                rx.el.tr(
                    rx.el.th("Lieu", scope="col"),
                    rx.foreach(moi.colonnes, lambda colonne: rx.el.th(colonne, scope="col")),
                )
            ),
            rx.foreach(moi.groupes, _groupe),
            rx.el.tfoot(
                rx.el.tr(
                    rx.el.th("Total du site", scope="row"),
                    rx.foreach(
                        moi.totaux,
                        lambda total, i: rx.el.td(
                            rx.el.span(total, class_name="fort"),
                            rx.cond(
                                moi.publies[i] != total,
                                rx.el.span(fr("publié : "), moi.publies[i], class_name="avant"),
                            ),
                            custom_attrs={"data-nom": moi.colonnes[i]},
                        ),
                    ),
                )
            ),
        ),
        class_name="tableau cartes capacites-site",
    )


def _groupe(groupe: rx.Var) -> rx.Component:
    return rx.el.tbody(
        rx.el.tr(
            rx.el.th(
                groupe["nom"],
                rx.el.span(CapacitesState.sommes[groupe["cle"].to(str)], class_name="origine"),
                scope="rowgroup",
                col_span=5,
            ),
            class_name="groupe-ligne",
        ),
        rx.foreach(groupe["rangees"].to(list[RangeeVue]), _rangee),
        key=groupe["cle"].to(str),
    )


def _rangee(rangee: rx.Var) -> rx.Component:
    return rx.el.tr(
        rx.el.th(
            rx.el.a(rangee["nom"], href=rangee["url"].to(str), class_name="lien"),
            rx.el.span(rangee["usage"], class_name="origine"),
            etat(rangee["etat"], rangee["sorte"]),
            scope="row",
        ),
        rx.foreach(
            rangee["cases"].to(list[CaseVue]),
            lambda case: _case(case, rangee["nom"].to(str), rangee["url_capacites"].to(str)),
        ),
        key=rangee["identifiant"].to(str),
        custom_attrs={"data-rangee": "oui"},
    )


def _case(case: rx.Var, lieu: rx.Var, url: rx.Var) -> rx.Component:
    nom, label = case["nom"].to(str), case["label"].to(str)
    libre = case["sorte"] == "libre"
    dit = label + ", " + lieu
    return rx.el.td(
        rx.cond(libre, _saisie(nom, dit, case), _montree(case, dit, url)),
        rx.cond(
            libre | case["change"].to(bool),
            rx.el.span(
                rx.el.span(fr("Dernier nombre validé, "), class_name="invisible"),
                case["avant"],
                class_name=rx.cond(case["change"], "avant avant--change", "avant"),
                id=nom + "-a",
            ),
        ),
        rx.cond(CapacitesState.au_champ.contains(nom), _au_champ(nom)),
        key=nom,
        custom_attrs={"data-nom": case["colonne"]},
    )


def _au_champ(nom: rx.Var) -> rx.Component:
    moi = CapacitesState
    conflit = moi.conflits[nom]
    return rx.fragment(
        rx.el.p(moi.au_champ[nom], class_name="erreur", id=nom + "-e"),
        rx.cond(
            moi.conflits.contains(nom),
            rx.el.button(
                rx.cond(conflit["leur"], rx.fragment("Prendre ", conflit["leur"]), "Laisser vide"),
                type="button",
                class_name="bouton bouton--second bouton--compact",
                custom_attrs={"data-poser": rx.Var.create('{"').to(str) + nom + '":"' + conflit["leur"].to(str) + '"}'},
            ),
        ),
    )


def _saisie(nom: rx.Var, dit: rx.Var, case: rx.Var) -> rx.Component:
    moi = CapacitesState
    fautive = moi.au_champ.contains(nom)
    leur = rx.cond(moi.conflits.contains(nom), rx.Var.create("=").to(str) + moi.conflits[nom]["leur"].to(str), "")
    return rx.el.span(
        _pas(-1, MOINS, "Un de moins", dit),
        rx.el.input(
            id=nom,
            name=nom,
            type="text",
            input_mode="numeric",
            default_value=case["texte"].to(str),
            auto_complete="off",
            max_length=40,
            class_name="nombre",
            aria_label=dit,
            custom_attrs={
                "data-base": case["texte"],
                "data-leur": leur,
                "data-plafond": "9999",
                "aria-invalid": rx.cond(fautive, "true", "false"),
                "aria-describedby": nom + rx.cond(fautive, "-a " + nom + "-e", "-a").to(str),
            },
        ),
        _pas(1, "+", "Un de plus", dit),
        class_name="pas",
    )


def _pas(combien: int, signe: str, geste: str, dit: rx.Var) -> rx.Component:
    return rx.el.button(
        signe,
        type="button",
        tab_index=-1,
        aria_label=rx.Var.create(f"{geste}, ").to(str) + dit,
        custom_attrs={"data-pas": str(combien)},
    )


def _montree(case: rx.Var, dit: rx.Var, url: rx.Var) -> rx.Component:
    """A cell that is not typed here: fed by a logiciel, of several lines, or of a lieu one only reads."""
    valeur = rx.el.span(rx.cond(case["texte"], case["texte"], "–"), class_name="fort")
    return rx.fragment(
        valeur,
        rx.cond(case["source"], rx.el.span(case["source"], class_name="origine")),
        rx.cond(
            case["sorte"] == "plusieurs",
            rx.el.a(
                "Plusieurs lignes",
                rx.el.span(fr(" : "), dit, class_name="invisible"),
                href=url,
                class_name="lien",
            ),
        ),
    )


def _prevues() -> rx.Component:
    """Planned closures, and the form of one more; outside the form of the grid."""
    moi = CapacitesState
    n = moi.prevues.length()
    return rx.el.details(
        rx.el.summary("Fermetures prévues", rx.cond(n > 0, rx.fragment(" (", n, ")"))),
        rx.cond(n > 0, prevues_view(moi.prevues, moi.retirer_prevue, moi.cle_prevue, moi.posables)),
        rx.cond(
            moi.modifiable,
            prevoir_view(moi.lieux_modifiables, moi.choix["nature"].to(str), moi.cle_prevue, moi.prevoir),
        ),
        class_name="plis",
        open=n > 0,
        id=identifiant("prevues"),
        tab_index=-1,
    )


def _pages() -> rx.Component:
    moi = CapacitesState
    return pages_view(
        moi.rang, moi.pages, lien_de_page("Page précédente", moi.avant), lien_de_page("Page suivante", moi.apres)
    )


def _reperes() -> rx.Component:
    reperes: Donnee = CapacitesState.reperes
    return rx.cond(
        reperes.capacites.length() > 0,
        rx.el.details(
            rx.el.summary(rx.Var.create("Repères SAE ").to(str) + reperes.annee),
            rx.el.p(
                fr(
                    "Déclaré par l’établissement à la Statistique annuelle des établissements de santé, au 31 décembre "
                ),
                reperes.annee,
                fr(". À titre de comparaison : un écart n’est pas une faute. FINESS ne donne pas de capacité ici."),
                class_name="petit second",
            ),
            rx.el.table(
                rx.el.caption("Lits et places déclarés, par activité", class_name="invisible"),
                rx.el.thead(
                    rx.el.tr(
                        rx.el.th("Activité", scope="col"),
                        rx.el.th("Lits", scope="col", class_name="droite"),
                        rx.el.th("Places", scope="col", class_name="droite"),
                    )
                ),
                rx.el.tbody(
                    rx.foreach(
                        reperes.capacites.to(list[LigneCapacite]),
                        lambda repere: rx.el.tr(
                            rx.el.th(repere.label, scope="row"),
                            rx.el.td(repere.lits, class_name="droite"),
                            rx.el.td(repere.places, class_name="droite"),
                        ),
                    )
                ),
            ),
            class_name="plis",
        ),
    )


def _barre() -> rx.Component:
    moi = CapacitesState
    return barre_view(
        rx.fragment(
            rx.el.strong(moi.phrase, "."),
            " ",
            rx.el.span(custom_attrs={"data-changees": "oui"}),
            rx.cond(
                moi.fautes.length() > 0,
                rx.fragment(" ", moi.fautes.length(), " à regarder."),
            ),
        ),
        rx.el.a("Revenir", href=moi.chemin[0]["url"].to(str), class_name="bouton bouton--second"),
        rx.el.button("Enregistrer", type="submit", form=GRILLE, class_name="bouton"),
    )


PAGES = ((parcours.ROUTE_CAPACITES, capacites_page, CapacitesState.titre_page, CapacitesState.charger),)
