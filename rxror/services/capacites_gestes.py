"""« Enregistrer » the grid « Capacités du site »: all the changed cells, or none and why, in one transaction.

What is kept goes to the brouillon of the section `capacitaire` of each lieu, line by line with its author, as a save
from the form of that lieu; one line of trace for each cell.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Any, TypedDict
from uuid import UUID

from pydantic import Field, StringConstraints
from sqlmodel import Session

from rxror.ror.capacites_du_site import CAPACITES, SECTION, Cellule, Faute, Sorte, cellule_de, poser
from rxror.ror.capacites_du_site import lire as lire_nombre
from rxror.ror.collage import Collage
from rxror.ror.dates import moment
from rxror.ror.erreurs import AccesRefuse
from rxror.ror.objets import EntiteGeographique, LieuRealisationOffre
from rxror.ror.reperes import cle_de
from rxror.ror.saisie import Illisible
from rxror.ror.typographie import fr
from rxror.services import brouillons, capacites, capacites_regles, site
from rxror.services.acces import Acteur
from rxror.services.capacites import FauteVue, Vue, dites, nom_de_case
from rxror.services.capacites_sommes import Bilan
from rxror.services.demande import Demande, Genre
from rxror.services.section_ouverte import auteurs_des_parties, ecrire_la_section
from rxror.services.site import LieuDuSite, Site
from rxror.services.tracer import ajouter, deja_fait, une_trace
from rxror.tables import Action, Trace

CASES_MAXIMUM = 400
Texte = Annotated[str, StringConstraints(max_length=40)]


class CaseChangee(Demande):
    """One cell: what the page showed in it, what is typed.

    `genre` and `identifiant` are those of the lieu.
    """

    genre: Genre = LieuRealisationOffre.GENRE
    cellule: Annotated[str, StringConstraints(pattern=r"^0[12]\.0[1256]\.0[1-5]$")]
    base: Texte
    texte: Texte


class EnregistrerCapacites(Demande):
    """One « Enregistrer », with its whole context: the changed cells of the grid of an établissement."""

    genre: Genre = EntiteGeographique.GENRE
    cases: list[CaseChangee] = Field(min_length=0, max_length=CASES_MAXIMUM)
    cle: UUID


class VerifierCapacites(Demande):
    """What is typed and not saved, to be judged."""

    genre: Genre = EntiteGeographique.GENRE
    vue: Vue
    cases: list[CaseChangee] = Field(max_length=CASES_MAXIMUM)


class CollerCapacites(Demande):
    """A block copied from a spreadsheet, and the cell where it begins."""

    genre: Genre = EntiteGeographique.GENRE
    vue: Vue
    texte: Annotated[str, StringConstraints(max_length=20_000)]
    depuis: Annotated[str, StringConstraints(max_length=100)] = ""


class CaseEnDesaccord(TypedDict):
    """A cell that somebody else changed since the page showed it.

    Attributes:
        nom: name of its input.
        leur: what is kept there now; `phrase` says who, when, both values.
        prendre: {nom: leur} in JSON, as « Prendre » lays it.
    """

    nom: str
    lieu: str
    leur: str
    phrase: str
    prendre: str


@dataclass
class Reponse:
    """What « Enregistrer » answers.

    Attributes:
        refus: cells that cannot be kept; with one of them, or of `conflits`, nothing is.
        cases, lieux: how many cells were changed, in how many lieux.
    """

    refus: list[FauteVue] = field(default_factory=list)
    conflits: list[CaseEnDesaccord] = field(default_factory=list)
    cases: int = 0
    lieux: int = 0

    @property
    def fait(self) -> bool:
        """Whether all is kept."""
        return not (self.refus or self.conflits)


def verifier(session: Session, acteur: Acteur, demande: VerifierCapacites) -> tuple[list[FauteVue], Bilan]:
    """The cells at fault, and the sums, with what is typed. Writes nothing.

    Raises:
        AccesRefuse: no such établissement, or no habilitation on it.
    """
    tapees = {(c.identifiant, _cellule(c)): c.texte for c in demande.cases}
    return capacites.verifier(session, acteur, demande.identifiant, demande.vue, tapees)


def coller(session: Session, acteur: Acteur, demande: CollerCapacites) -> tuple[Collage, Sequence[Cellule]]:
    """What a block would change, and the columns it is read by. Writes nothing.

    Raises:
        AccesRefuse: no such établissement, or no habilitation on it.
    """
    return capacites.coller(session, acteur, demande.identifiant, demande.vue, demande.texte, demande.depuis)


def enregistrer(session: Session, acteur: Acteur, demande: EnregistrerCapacites) -> Reponse:
    """Keep the changed cells as brouillons of their lieux; nothing is published. All of them, or none.

    Raises:
        AccesRefuse: no right on the établissement, or to edit one of the lieux.
        SaisieInvalide: `cle` was used by another gesture.
    """
    noms = sorted({case.identifiant for case in demande.cases})
    ici = site.charger(session, acteur, demande.identifiant, noms)
    finess = ici.etablissement.num_finess
    if deja := deja_fait(session, acteur, demande.cle, action=Action.BROUILLON, dit="grille", finess=finess):
        return Reponse(cases=deja.resultat["grille"]["cases"], lieux=deja.resultat["grille"]["lieux"])
    lieux = {lieu.identifiant: lieu for lieu in ici.lieux if lieu.modifiable}
    if etrangers := set(noms) - set(lieux):
        raise AccesRefuse(f"{LieuRealisationOffre.GENRE}:{min(etrangers)}")
    changees = {(c.identifiant, _cellule(c)): c for c in demande.cases if not _deja_ainsi(lieux[c.identifiant], c)}
    conflits = _conflits(session, ici, lieux, changees.values())
    voulues = {cle: c.texte for cle, c in changees.items()}
    saisie = capacites_regles.lire(ici, voulues)
    fautes = capacites_regles.controler(session, ici, saisie) if changees else []
    refus = [f for f in fautes if f.bloque and _touche(f, changees)]
    if refus or conflits:
        en_conflit = {c["nom"] for c in conflits}
        return Reponse([f for f in dites(ici, refus) if f["nom"] not in en_conflit], conflits)
    return _garder(session, acteur, ici, lieux, voulues, str(demande.cle))


def _cellule(case: CaseChangee) -> Cellule:
    cellule = cellule_de(case.cellule)
    assert cellule is not None
    return cellule


def _touche(faute: Faute, changees: Mapping[tuple[str, Cellule], CaseChangee]) -> bool:
    return (faute.lieu, faute.cellule) in changees


def _deja_ainsi(lieu: LieuDuSite, case: CaseChangee) -> bool:
    """Whether the cell holds already what is typed."""
    return _nu(lieu.case(_cellule(case)).texte) == _nu(case.texte)


def _nu(texte: str) -> str:
    """A number as it is kept, however it is typed; any other text as it is."""
    try:
        nombre = lire_nombre(texte)
    except Illisible:
        return texte.strip()
    return "" if nombre is None else str(nombre)


def _conflits(
    session: Session, ici: Site, lieux: Mapping[str, LieuDuSite], changees: Iterable[CaseChangee]
) -> list[CaseEnDesaccord]:
    """The cells that are not what the page showed, nor what is typed."""
    conflits: list[CaseEnDesaccord] = []
    for demandee in changees:
        lieu, cellule = lieux[demandee.identifiant], _cellule(demandee)
        case = lieu.case(cellule)
        if case.sorte is not Sorte.LIBRE or _nu(case.texte) == _nu(demandee.base):
            continue
        phrase = _leur(session, ici, lieu, cellule) + fr(f" Vous : {demandee.texte.strip() or 'rien'}.")
        nom = nom_de_case(lieu.identifiant, cellule)
        prendre = json.dumps({nom: case.texte})
        conflits.append(CaseEnDesaccord(nom=nom, lieu=lieu.nom, leur=case.texte, phrase=phrase, prendre=prendre))
    return conflits


def _leur(session: Session, ici: Site, lieu: LieuDuSite, cellule: Cellule) -> str:
    case = lieu.case(cellule)
    ouvert = ici.ouvert(lieu)
    partie = (CAPACITES, case.cle or lieu.publiee(cellule).cle)
    _, qui, instant = auteurs_des_parties(session, ouvert, [partie])[partie]
    quand = f", {moment(instant)}" if instant else ""
    fait = f"a mis {case.texte}" if case.texte else "a vidé cette case"
    return fr(f"Changé depuis que cette page est ouverte : {qui} {fait}{quand}.")


def _garder(
    session: Session,
    acteur: Acteur,
    ici: Site,
    lieux: Mapping[str, LieuDuSite],
    voulues: Mapping[tuple[str, Cellule], str],
    cle: str,
) -> Reponse:
    maintenant = datetime.now(UTC)
    par_lieu: dict[str, dict[Cellule, str]] = {}
    for (identifiant, cellule), texte in voulues.items():
        par_lieu.setdefault(identifiant, {})[cellule] = texte
    compte = {"cases": len(voulues), "lieux": len(par_lieu)}
    traces: list[Trace] = []
    for identifiant, textes in par_lieu.items():
        siennes = _garder_un(session, acteur, ici, lieux[identifiant], textes, maintenant)
        traces += siennes
    for trace in traces:
        trace.resultat = {**trace.resultat, "geste": cle, "grille": compte}
    if traces:
        traces[0].cle = cle
        ajouter(session, traces)
    return Reponse(cases=compte["cases"], lieux=compte["lieux"])


def _garder_un(
    session: Session,
    acteur: Acteur,
    ici: Site,
    lieu: LieuDuSite,
    textes: Mapping[Cellule, str],
    maintenant: datetime,
) -> list[Trace]:
    """Write the brouillon of one lieu; a line of trace for each cell, from the state that the one before left."""
    ouvert = ici.ouvert(lieu)
    debut = lecture = ouvert.gardees
    traces: list[Trace] = []
    for cellule, texte in textes.items():
        apres = poser(lecture, cellule, texte)
        dit: dict[str, Any] = {"base": {}, "erreurs": {}, "change": True, "marque": "", "cellule": cellule.nom}
        dit["illisibles"] = [dict(lecture.illisibles), dict(apres.illisibles)]
        changements = brouillons.differences(lecture.valeurs, apres.valeurs)
        finess, objet = ici.etablissement.num_finess, cle_de(lieu.objet)
        traces.append(
            une_trace(acteur, Action.BROUILLON, finess, objet, section=SECTION, changements=changements, resultat=dit)
        )
        lecture = apres
    changements = brouillons.differences(debut.valeurs, lecture.valeurs)
    ecrire_la_section(session, acteur, ouvert, lecture, changements, maintenant)
    return traces
