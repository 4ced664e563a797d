"""The published versions of an object, rebuilt from the present by walking its lines of trace backwards.

The walk stops where a version has no line any more: nothing is guessed before.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, select

from rxror.ror.champs import champs_de, groupes_de
from rxror.ror.dates import date_heure
from rxror.ror.erreurs import SaisieInvalide
from rxror.ror.saisie import Valeurs
from rxror.services import contenu
from rxror.tables import Action, Trace

LISTEES = 100  # the last versions that a choice proposes; the history leads to the others


@dataclass(frozen=True)
class Version:
    """One published version; `instant` is None when only the line of the next one is left."""

    numero: int
    instant: datetime | None = None
    par: str = ""
    action: Action | None = None
    ligne: int = 0

    @property
    def nom(self) -> str:
        """« Version 4, 23 novembre 2026 à 10 h 42, Claire Dumas »."""
        quand = date_heure(self.instant) if self.instant else "la plus ancienne connue"
        return ", ".join(t for t in (f"Version {self.numero}", quand, self.par) if t)


def versions(session: Session, cle: str, actuelle: int, limite: int = LISTEES) -> list[Version]:
    """The versions that can be rebuilt, newest first.

    Args:
        cle: name of the object, e.g. "offre:76/0000001".
        actuelle: its version now.
    """
    requete = (
        sa.select(
            *map(col, (Trace.id, Trace.instant, Trace.nom, Trace.action, Trace.version_avant, Trace.version_apres))
        )
        .where(col(Trace.objet) == cle, col(Trace.version_apres).is_not(None))
        .order_by(col(Trace.version_apres).desc(), col(Trace.id))
        .limit(limite)
    )
    trouvees: list[Version] = []
    reste: int | None = actuelle
    for ligne, instant, nom, action, avant, apres in session.execute(requete):
        if apres != reste:
            break
        trouvees.append(Version(apres, instant, nom, action, ligne))
        reste = avant
    if reste and len(trouvees) < limite:
        trouvees.append(Version(reste))
    return trouvees


def valeurs_a(session: Session, objet: Any, cle: str, numero: int) -> Valeurs:
    """What an object published at that version.

    Raises:
        SaisieInvalide: no such version, or it can no longer be rebuilt.
    """
    return valeurs_de_chacune(session, objet, cle, [numero])[numero]


def valeurs_de_chacune(session: Session, objet: Any, cle: str, numeros: Iterable[int]) -> dict[int, Valeurs]:
    """The same for several versions, in one walk.

    Raises:
        SaisieInvalide: one of them does not exist, or can no longer be rebuilt.
    """
    voulues, classe = set(numeros), type(objet)
    if not voulues or min(voulues) < 1 or max(voulues) > objet.version:
        raise SaisieInvalide("version")
    trouvees = _remonter(objet, contenu.lire(session, classe, [objet])[objet.id], _lignes(session, [cle], min(voulues)))
    if voulues - set(trouvees):
        raise SaisieInvalide("version")
    return {numero: trouvees[numero] for numero in voulues}


def valeurs_de_plusieurs(
    session: Session, classe: type[SQLModel], voulues: Mapping[str, tuple[Any, int]]
) -> dict[str, Valeurs]:
    """What several objects of a class published, each at a version; the queries do not depend on how many.

    Args:
        voulues: {name of an object: (itself, version)}.

    Returns:
        {name: values}, without those that can no longer be rebuilt.
    """
    if not voulues:
        return {}
    lues = contenu.lire(session, classe, [objet for objet, _ in voulues.values()])
    lignes: dict[str, list[Trace]] = {cle: [] for cle in voulues}
    for trace in _lignes(session, list(voulues), min(numero for _, numero in voulues.values())):
        lignes[trace.objet].append(trace)
    chacune = {cle: _remonter(objet, lues[objet.id], lignes[cle]) for cle, (objet, _) in voulues.items()}
    return {cle: chacune[cle][numero] for cle, (_, numero) in voulues.items() if numero in chacune[cle]}


def _lignes(session: Session, cles: Sequence[str], jusqu_a: int) -> Sequence[Trace]:
    """The lines to undo to come back to a version, the last one of each object first."""
    requete = select(Trace).where(col(Trace.objet).in_(cles), col(Trace.version_apres) > jusqu_a)
    return session.exec(requete.order_by(col(Trace.version_apres).desc(), col(Trace.id))).all()


def _remonter(objet: Any, valeurs: Valeurs, lignes: Iterable[Trace]) -> dict[int, Valeurs]:
    """{version: values}, from the present one back, as far as the lines lead."""
    rang, trouvees = objet.version, {objet.version: valeurs}
    for trace in lignes:
        if trace.version_apres != rang or trace.version_avant is None:
            break
        valeurs = reculer(type(objet), valeurs, trace.changements, trace.objet)
        rang = trace.version_avant
        trouvees[rang] = valeurs
    return trouvees


def reculer(
    classe: type[SQLModel], valeurs: Mapping[str, Any], changements: Iterable[Mapping[str, Any]], cle: str
) -> Valeurs:
    """The values before one line of the trace; a field that the model no longer has is left aside."""
    avant = dict(valeurs)
    for changement in changements:
        if changement.get("objet", cle) != cle:
            continue
        nom, _, suite = changement["champ"].partition(".")
        if suite and nom in groupes_de(classe):
            avant[nom] = _dans_une_ligne(avant.get(nom) or [], suite, changement["avant"])
        elif nom in groupes_de(classe) or nom in champs_de(classe):
            avant[nom] = changement["avant"]
    return avant


def _dans_une_ligne(lignes: Iterable[Mapping[str, Any]], suite: str, valeur: Any) -> list[Any]:
    """Rows with one answer of one of them put back, by its path « key.field »."""
    cle, _, champ = suite.partition(".")
    return [{**ligne, champ: valeur} if ligne.get("cle") == cle else ligne for ligne in lignes]
