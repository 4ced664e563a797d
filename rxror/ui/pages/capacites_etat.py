"""What the page « Capacités du site » holds, and its gestures; its views are in `capacites` and beside it."""

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
from rxror.ror.typographie import fr
from rxror.services import capacites, capacites_gestes, fermetures_prevues
from rxror.services.capacites import AU_PLUS, Choix, FauteVue, GroupeVue, Vue, nom_de_case
from rxror.services.capacites_gestes import CaseEnDesaccord, CollerCapacites, EnregistrerCapacites, VerifierCapacites
from rxror.services.capacites_sommes import Bilan
from rxror.services.fermetures_prevues import Prevoir, Prevue, RetirerFermeture
from rxror.services.vues import Reperes
from rxror.ui.components.foyer import vers
from rxror.ui.demande import filtres, lire_adresse, lire_demande, recu
from rxror.ui.identity import acteur
from rxror.ui.place import cible, place

TITRE = capacites.TITRE
CASE, BASE = "c.", "b."
FILTRES = ("nature", "temporalite", "montrer")
RIEN = fr(
    "Rien n’est enregistré : corrigez ce qui est signalé ci-dessous, puis enregistrez. Ce que vous avez tapé reste."
)
INCHANGE = fr("Aucune case n’a changé : il n’y a rien à enregistrer.")


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
    sae: list[str] = []
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
        self.recues, self.reperes, self.sae = grille.recues, grille.reperes, grille.sae
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
            self.reset()  # back here before it is read again, one would see, and send, what was there before
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
