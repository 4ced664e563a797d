"""The journal of an établissement: who did what, when, on anything of it; refusals and rights included."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any, TypedDict
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from rxror.ror import parcours
from rxror.ror.champs import champs_de, groupes_de
from rxror.ror.dates import minuit, moment, utc
from rxror.ror.erreurs import ErreurRxror
from rxror.ror.objets import OBJETS, EntiteGeographique
from rxror.ror.reperes import cle_de, nom_de
from rxror.ror.typographie import fr, majuscule
from rxror.services import habilitations, hierarchie, recits
from rxror.services.acces import Acces, Acteur, Cible, Geste, exiger
from rxror.services.demande import Rang
from rxror.services.historique import PERSONNES_MAXIMUM, Choix
from rxror.services.tracer import tracer
from rxror.tables import Action, Trace
from rxror.tri import cle_de_tri

PAR_PAGE = 50
EXPORT_MAXIMUM = 50_000  # lines of one file
LOT = 1_000
GENRES = {"offre": "offre", "lieu": "lieu", "structure": "structure", "etablissement": "établissement"}
NOMS: dict[Action, str] = {
    Action.CREATION: "Création",
    Action.BROUILLON: "Brouillon enregistré",
    Action.ABANDON: "Brouillon abandonné",
    Action.VALIDATION: "Validation",
    Action.CONFIRMATION: "Confirmation",
    Action.DEDIT: "Confirmation annulée",
    Action.DEMANDE: "Demande de validation",
    Action.RENVOI: "Demande renvoyée",
    Action.MODELE: "Modèle de saisie",
    Action.FERMETURE: "Fermeture",
    Action.REOUVERTURE: "Réouverture",
    Action.SEPARATION: "Lieu séparé",
    Action.PREVISION: "Fermeture de lits prévue",
    Action.GARDE: "Alerte gardée",
    Action.REPRISE: "Alerte reprise",
    Action.ARBITRAGE: "Choix entre deux réponses",
    Action.RESTAURATION: "Version reprise",
    Action.ANNULATION: "Enregistrement annulé",
    Action.CONFIER: "Morceau confié",
    Action.RETRAIT: "Lien retiré",
    Action.PROPOSITION: "Réponse d’une personne sollicitée",
    Action.EXAMEN: "Proposition refusée",
    Action.IMPORT: "Import",
    Action.FINESS: "Valeur FINESS prise",
    Action.HABILITATION: "Droits",
    Action.INVITATION: "Invitation",
    Action.ACCES: "Demande d’accès",
    Action.REGLAGE: "Réglages",
    Action.REFUS: "Accès refusé",
    Action.EXPORT: "Journal exporté",
    Action.ATTESTATION: "Attestation de mise à jour",
    Action.PURGE: "Fin de conservation",
}
PHRASES = {
    Action.REFUS: "n’a pas eu accès à ce qui était demandé",
    Action.HABILITATION: "a changé un droit",
    Action.REGLAGE: "a changé un réglage",
    Action.EXPORT: "a exporté le journal",
    Action.INVITATION: "a changé une invitation",
    Action.ACCES: "a changé une demande d’accès",
}
PRECISES = {
    (Action.INVITATION, "envoyee"): "a invité quelqu’un",
    (Action.INVITATION, "renvoyee"): "a renvoyé une invitation",
    (Action.INVITATION, "retiree"): "a retiré une invitation",
    (Action.INVITATION, "acceptee"): "a accepté une invitation",
    (Action.ACCES, "deposee"): "a demandé un accès",
    (Action.ACCES, "retiree"): "a retiré sa demande d’accès",
    (Action.ACCES, "accordee"): "a accordé un accès",
    (Action.ACCES, "refusee"): "a refusé une demande d’accès",
}
COLONNES = (
    "Date et heure (UTC)",
    "Personne",
    "Geste",
    "Récit",
    "Objet",
    "Nom de l’objet",
    "Section",
    "Champs changés",
    "Version publiée",
)


class TropDeLignes(ErreurRxror):
    """More lines than one file takes; the filters make them fewer."""


class Vue(BaseModel):
    """What one wants to see, as the address says it; days are those of Paris, both included.

    Attributes:
        qui: identifier of a person, or name of a source.
        avant: the page starts below that line.
    """

    model_config = ConfigDict(extra="ignore")

    qui: Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00]*$")] = ""
    geste: Action | None = None
    du: Annotated[date, Field(ge=date(2000, 1, 1), le=date(2999, 12, 31))] | None = None
    au: Annotated[date, Field(ge=date(2000, 1, 1), le=date(2999, 12, 31))] | None = None
    avant: Rang = 0

    @property
    def choix(self) -> dict[str, str]:
        """The filters, as a form holds them."""
        return {nom: str(v) if (v := getattr(self, nom)) else "" for nom in ("qui", "geste", "du", "au")}

    def adresse(self, base: str, avant: int = 0) -> str:
        """The address of this view, from a line on."""
        voulu = {n: v for n, v in {**self.choix, "avant": avant}.items() if v}
        return f"{base}?{urlencode(voulu)}" if voulu else base


class Ligne(TypedDict):
    """One act. `url` leads to the object, or to the act in its history; empty when there is nothing to see."""

    ancre: str
    quand: str
    qui: str
    phrase: str
    detail: str
    objet: str
    url: str


@dataclass
class Journal:
    """One page of a journal."""

    nom: str
    finess: str
    chemin: list[tuple[str, str]]
    sanitaire: bool
    lignes: list[Ligne]
    personnes: list[Choix]
    plus_anciennes: str


def lire(session: Session, acteur: Acteur, cible: Cible, vue: Vue) -> Journal:
    """One page of the journal of an établissement, the last act first.

    Raises:
        AccesRefuse: no such établissement, or no right to read its journal.
    """
    acces = _exiger(session, acteur, cible)
    eg = acces.etablissement
    requete = select(Trace).where(*_conditions(eg, vue)).order_by(col(Trace.id).desc()).limit(PAR_PAGE + 1)
    traces = list(session.exec(requete))
    suite, traces = traces[PAR_PAGE:], traces[:PAR_PAGE]
    conteur = _Conteur(session, eg, traces)
    adresse = parcours.url_journal(eg.num_finess)
    return Journal(
        nom=nom_de(eg),
        finess=eg.num_finess,
        chemin=hierarchie.jusqu_a(session, acces, cible),
        sanitaire=eg.sanitaire,
        lignes=[conteur.ligne(t) for t in traces],
        personnes=_personnes(session, eg),
        plus_anciennes=vue.adresse(adresse, traces[-1].id or 0) if suite else "",
    )


def preparer_l_export(session: Session, acteur: Acteur, cible: Cible, vue: Vue) -> EntiteGeographique:
    """Check the right, leave a line that somebody took the journal away.

    Raises:
        AccesRefuse: no such établissement, or no right to read its journal.
        TropDeLignes: more than one file takes.
    """
    eg = _exiger(session, acteur, cible).etablissement
    dedans = select(Trace.id).where(*_conditions(eg, vue)).limit(EXPORT_MAXIMUM + 1).subquery()
    combien = session.exec(select(func.count()).select_from(dedans)).one()
    if combien > EXPORT_MAXIMUM:
        raise TropDeLignes
    filtres = {n: v for n, v in vue.choix.items() if v}
    resultat = {"lignes": combien, **filtres}
    tracer(session, acteur, Action.EXPORT, eg.num_finess, cible.cle, resultat=resultat)
    return eg


def exporter(session: Session, eg: EntiteGeographique, vue: Vue) -> Iterator[list[str]]:
    """The rows of the file, its header first; the right was checked by `preparer_l_export`."""
    yield list(COLONNES)
    dernier = vue.avant
    for _ in range(EXPORT_MAXIMUM // LOT + 1):
        page = vue.model_copy(update={"avant": dernier})
        requete = select(Trace).where(*_conditions(eg, page)).order_by(col(Trace.id).desc()).limit(LOT)
        traces = list(session.exec(requete))
        conteur = _Conteur(session, eg, traces)
        yield from (conteur.rang(t) for t in traces)
        if len(traces) < LOT:
            return
        dernier = traces[-1].id or 0
        session.expunge_all()  # the établissement itself is read already


def _exiger(session: Session, acteur: Acteur, cible: Cible) -> Acces:
    """The journal is that of an établissement, whatever else the address names."""
    return exiger(session, acteur, Cible(EntiteGeographique.GENRE, cible.identifiant), Geste.JOURNAL)


def _conditions(eg: EntiteGeographique, vue: Vue) -> Iterator[ColumnElement[bool]]:
    yield col(Trace.finess) == eg.num_finess
    if vue.qui.isdecimal():
        yield col(Trace.utilisateur_id) == int(vue.qui[:9])
    elif vue.qui:
        yield col(Trace.utilisateur_id).is_(None) & (col(Trace.nom) == vue.qui)
    if vue.geste:
        yield col(Trace.action) == vue.geste
    if vue.du:
        yield col(Trace.instant) >= minuit(vue.du)
    if vue.au:
        yield col(Trace.instant) < minuit(vue.au + timedelta(days=1))
    if vue.avant:
        yield col(Trace.id) < vue.avant


def _personnes(session: Session, eg: EntiteGeographique) -> list[Choix]:
    requete = select(Trace.utilisateur_id, Trace.nom).where(Trace.finess == eg.num_finess).distinct()
    trouvees = session.exec(requete.order_by(col(Trace.nom), col(Trace.utilisateur_id)).limit(PERSONNES_MAXIMUM))
    choix = {str(numero or nom): nom or "Quelqu’un" for numero, nom in trouvees if numero or nom}
    return sorted((Choix(cle=c, nom=n) for c, n in choix.items()), key=lambda c: cle_de_tri(c["nom"]))


class _Conteur:
    """Tells lines of one établissement: what they refer to is read once."""

    def __init__(self, session: Session, eg: EntiteGeographique, traces: Sequence[Trace]) -> None:
        self.eg = eg
        self.autour = recits.alentours(session, eg, traces)
        self.noms = {cle_de(eg): nom_de(eg)} | recits.noms_de(session, eg, {t.objet for t in traces})

    def ligne(self, trace: Trace) -> Ligne:
        """One line of the page."""
        return Ligne(
            ancre=f"l{trace.id}",
            quand=majuscule(moment(trace.instant)),
            qui=recits.auteur(trace),
            phrase=fr(self._phrase(trace)),
            detail=fr(_detail(trace)),
            objet=self._objet(trace),
            url=self._url(trace),
        )

    def rang(self, trace: Trace) -> list[str]:
        """One row of the file."""
        classe = _classe(trace)
        return [
            utc(trace.instant).isoformat(timespec="seconds"),
            recits.auteur(trace),
            NOMS.get(trace.action, trace.action.value),
            " ".join(t for t in (self._phrase(trace), _detail(trace)) if t),
            trace.objet,
            self.noms.get(trace.objet, ""),
            recits.titre_de(classe, trace.section) if classe and trace.section else trace.section,
            ", ".join(_champs(trace, classe)),
            str(trace.version_apres or ""),
        ]

    def _phrase(self, trace: Trace) -> str:
        classe = _classe(trace)
        if precise := PRECISES.get((trace.action, str(trace.resultat.get("quoi", "")))):
            return precise
        if trace.action is Action.HABILITATION and (dit := habilitations.recit(trace)):
            return dit
        if trace.action in PHRASES or classe is None:
            return PHRASES.get(trace.action, f"a laissé une ligne « {NOMS.get(trace.action, trace.action.value)} »")
        return recits.raconter(trace, classe, self.autour)

    def _objet(self, trace: Trace) -> str:
        genre, _, identifiant = trace.objet.partition(":")
        nom = self.noms.get(trace.objet, "")
        if nom and genre != EntiteGeographique.GENRE:
            return f"{nom} ({GENRES[genre]})"
        return nom or (identifiant if genre in GENRES else "")

    def _url(self, trace: Trace) -> str:
        if trace.objet not in self.noms:
            return ""
        genre, _, identifiant = trace.objet.partition(":")
        if trace.action in recits.PHRASES and genre in GENRES:
            return f"{parcours.url_historique(genre, identifiant)}?ligne={trace.id}"
        return parcours.url_objet(genre, identifiant)


def _classe(trace: Trace) -> Any:
    return OBJETS.get(trace.objet.partition(":")[0])


def _detail(trace: Trace) -> str:
    """What a gesture on rights said, or why."""
    for nom, avant in (("dit", ""), ("motif", "Motif : "), ("adresse", "")):
        if isinstance(texte := trace.resultat.get(nom), str) and texte:
            return avant + texte
    return ""


def _champs(trace: Trace, classe: Any) -> Iterator[str]:
    connus = {**champs_de(classe), **groupes_de(classe)} if classe else {}
    noms = dict.fromkeys(str(c.get("champ", "")).partition(".")[0] for c in trace.changements)
    yield from (connus[nom].label if nom in connus else nom for nom in noms)
