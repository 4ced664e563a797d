"""The review queue: one queue over all one's établissements, of the offers and lieux to look at, by risk.

Every open object that nobody validated nor confirmed for `JOURS_DE_RELECTURE` is in it, with what has saved changes.
SQL gives the candidates, `AU_PLUS` of them, those of the most pressing établissement first; they are then looked at
under the rules. The number of statements grows with neither.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine
from sqlmodel import Session

from rxror.ror.dates import aujourd_hui, jour_de, utc
from rxror.ror.fraicheur import Fraicheur
from rxror.ror.objets import LieuRealisationOffre
from rxror.services import exigences, relecture_partage
from rxror.services.acces import Acteur, Cible, Geste
from rxror.services.dossiers import ouvrir_plusieurs
from rxror.services.etats import EN_RETARD
from rxror.services.relecture_candidats import AU_PLUS, candidats, compter, imports_de, ouverts_de
from rxror.services.relecture_elements import Choix, Element, Rang, Risques
from rxror.tri import cle_de_tri

CONNUS_AU_PLUS = 20_000
DES_REGLES = ("a_completer", "ecart")  # filters by what the rules find: of those, only the candidates are counted
FRAICHEUR_SECONDES = 600.0


@dataclass(frozen=True)
class File:
    """The queue, in order, and how far it is.

    Attributes:
        elements: at most `AU_PLUS`; `reste` counts them all.
        demandees: of those that are done, how many wait for somebody else's validation.
        fiches: how many cards that makes: a lieu comes with the first offer that it serves.
        entiere: whether the rules have looked at all of them; otherwise, only the order may still change.
        risques: what the rules found, to be given back to `file_de` rather than looked for again.
    """

    elements: list[Element]
    faites: int
    total: int
    demandees: int = 0
    fiches: int = 0
    entiere: bool = True
    risques: Risques = field(default_factory=dict)

    @property
    def reste(self) -> int:
        """How many are to be reviewed."""
        return self.total - self.faites

    def position(self, cle: str) -> int:
        """Where an object is; -1 when it is not there."""
        return next((i for i, e in enumerate(self.elements) if e.cle == cle), -1)


def file_de(
    session: Session,
    acteur: Acteur,
    choix: Choix | None = None,
    risques: Risques | None = None,
    jour: date | None = None,
    au_plus: int = AU_PLUS,
) -> File:
    """The queue of a person, most pressing first.

    Args:
        au_plus: how many objects the rules look at, that they have not lately.
        risques: those of an earlier `File`, when it was read a moment ago: only their order depends on them.
    """
    choix, jour = choix or Choix(), jour or aujourd_hui()
    ouverts = ouverts_de(session, acteur, choix, jour)
    trouves = candidats(session, ouverts, jour, choix.etat)
    entiere = True
    if risques is None:
        risques, entiere = _risques(session, acteur, trouves, AU_PLUS if choix.etat in DES_REGLES else au_plus)
    imports = imports_de(session, acteur, {e.finess for e in trouves})
    remis, pris = relecture_partage.reportees(session, acteur), relecture_partage.prises(session, acteur)
    situes = (_situer(e, risques, imports, remis, pris) for e in trouves)
    elements = sorted((e for e in situes if e.repond(choix.etat)), key=_ordre)
    if choix.etat in DES_REGLES:
        return File(elements, 0, len(elements), 0, len(elements), entiere, risques)
    compte = compter(session, ouverts, jour, choix.etat)
    return File(elements, compte.faites, compte.total, compte.demandees, compte.fiches, entiere, risques)


def _ordre(element: Element) -> Any:
    """What nobody has on screen, then what others have, then what was put off; by risk, then the longest waited.

    An offer is confirmed with its lieux, and is as pressing as the most shared of them: a lieu goes before the offers
    only for a risk of its own, a rule or the time it waited.
    """
    valide = jour_de(element.validation).toordinal() if element.validation else 0
    attente = (2, utc(element.reporte).timestamp()) if element.reporte else (1 if element.par else 0, 0)
    lieu = element.cible.genre == LieuRealisationOffre.GENRE
    amene = lieu and element.sert > 0 and element.rang > Rang.RETARD
    return (
        *attente,
        amene,
        element.rang,
        lieu,
        valide,
        -element.pression,
        element.eg,
        cle_de_tri(element.nom),
        element.cle,
    )


def _situer(
    element: Element,
    risques: Risques,
    imports: Mapping[str, datetime],
    remis: Mapping[str, datetime],
    pris: Mapping[str, str],
) -> Element:
    report = remis.get(element.cle)
    if report and element.validation and report < utc(element.validation):
        report = None  # it was reviewed since, elsewhere
    rang = _rang(element, risques, imports.get(element.finess))
    return replace(element, rang=rang, reporte=report, par=pris.get(element.cle, ""))


def _rang(element: Element, risques: Risques, importe: datetime | None) -> Rang:
    if element.cle in risques:
        return risques[element.cle]
    if element.fraicheur.value in EN_RETARD:
        return Rang.RETARD
    if element.sert > 1:
        return Rang.PARTAGE
    if importe and element.validation and importe > utc(element.validation):
        return Rang.SOURCE
    if element.brouillon:
        return Rang.BROUILLON
    return Rang.A_REVOIR if element.fraicheur is Fraicheur.A_REVOIR else Rang.RESTE


# {key of an object: (its marks, when it was looked at, its risk)}: opening a hundred objects takes half a second, and
# few of them change from one page to the next. Only the order depends on it.
_connus: "WeakKeyDictionary[Engine, dict[str, tuple[tuple[Any, ...], float, Rang]]]" = WeakKeyDictionary()


def oublier() -> None:
    """Forget the risks that were found: they are looked for again."""
    _connus.clear()


def _risques(session: Session, acteur: Acteur, elements: Sequence[Element], au_plus: int) -> tuple[Risques, bool]:
    """Those of these objects that a blocking rule or a national requirement finds fault with, as they are now.

    The second says whether all are known: `au_plus` of them are looked at, in their order.
    """
    moteur = session.get_bind()
    connus = _connus.setdefault(moteur if isinstance(moteur, Engine) else moteur.engine, {})
    maintenant = time.monotonic()

    def frais(element: Element) -> bool:
        marques, instant, _ = connus.get(element.cle, ((), 0.0, Rang.RESTE))
        return marques == element.marques and maintenant - instant < FRAICHEUR_SECONDES

    inconnus = [e for e in elements if not frais(e)]
    a_voir = inconnus[:au_plus]
    trouves = _examiner(session, acteur, [e.cible for e in a_voir]) if a_voir else {}
    if len(connus) > CONNUS_AU_PLUS:
        connus.clear()
    connus |= {e.cle: (e.marques, maintenant, trouves.get(e.cle, Rang.RESTE)) for e in a_voir}
    rangs = {e.cle: trouves[e.cle] if e.cle in trouves else connus.get(e.cle, ((), 0, Rang.RESTE))[2] for e in elements}
    return {cle: rang for cle, rang in rangs.items() if rang is not Rang.RESTE}, len(a_voir) == len(inconnus)


def _examiner(session: Session, acteur: Acteur, cibles: Sequence[Cible]) -> Risques:
    ouverts = ouvrir_plusieurs(session, acteur, cibles, Geste.MODIFIER)
    trouves = dict.fromkeys(exigences.en_ecart(session, list(ouverts.values())), Rang.ECART)
    return trouves | {cle: Rang.BLOQUE for cle, d in ouverts.items() if any(a.bloque for a in d.anomalies())}
