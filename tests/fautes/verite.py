"""What the database says afterwards, against what people were told: the only judge of these tests."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlmodel import Session, col, select

from rxror.tables import Action, Brouillon, Trace
from tests.fautes.application import Application
from tests.fautes.onglet import Envoi


@dataclass(frozen=True)
class Bilan:
    """Figures of one run.

    Attributes:
        acquittes: saves that the page called saved.
        perdus: of those, the ones that no line of the trace tells.
        doubles: saves that more than one line tells.
        cles_doubles: keys that more than one line bears.
    """

    acquittes: int
    perdus: list[dict[str, str]]
    doubles: list[dict[str, str]]
    cles_doubles: list[str]

    @property
    def sain(self) -> bool:
        return not (self.perdus or self.doubles or self.cles_doubles)


@contextmanager
def base(application: Application) -> Iterator[Session]:
    """The database as it is now, from outside the server."""
    engine = application.engine()
    try:
        with Session(engine) as session:
            yield session
    finally:
        engine.dispose()


def faire_le_bilan(application: Application, envois: Iterable[Envoi]) -> Bilan:
    """Every save typed a text of its own: the trace must tell it once, for its own object and section."""
    with base(application) as session:
        lignes = list(session.exec(select(Trace).where(Trace.action == Action.BROUILLON).order_by(col(Trace.id))))
        verifier_la_suite(session, lignes)
    dits = Counter(
        (t.objet, t.section, c["champ"], c["apres"])
        for t in lignes
        for c in t.changements
        if isinstance(c["apres"], str)
    )
    envois = list(envois)
    comptes = [(e, [dits[(e.objet, e.section, nom, texte)] for nom, texte in e.saisi.items()]) for e in envois]
    cles = Counter(t.cle for t in lignes if t.cle)
    return Bilan(
        sum(e.acquitte for e in envois),
        [e.saisi for e, fois in comptes if e.acquitte and 0 in fois],
        [e.saisi for e, fois in comptes if max(fois) > 1],
        [cle for cle, fois in cles.items() if fois > 1],
    )


Pas = dict[tuple[str, str, str], Any]


def suivre(lignes: Iterable[Trace]) -> Pas:
    """Each line starts where the last one of the same field ended; gives where each field is in the end."""
    dernier: Pas = {}
    for t in lignes:
        for c in t.changements:
            champ = (t.objet, t.section, c["champ"])
            assert champ not in dernier or dernier[champ] == c["avant"], f"a step of {champ} is missing from the trace"
            dernier[champ] = c["apres"]
    return dernier


def verifier_la_suite(session: Session, lignes: Iterable[Trace]) -> None:
    """No step is missing from the trace, and the brouillon holds what its last line says."""
    brouillons = {(b.objet, b.section): b for b in session.exec(select(Brouillon))}
    for (objet, section, champ), valeur in suivre(lignes).items():
        garde = brouillons[objet, section].valeurs.get(champ) if (objet, section) in brouillons else None
        assert garde == valeur, f"{objet} {section} {champ}: the brouillon holds {garde!r}, the trace says {valeur!r}"


def integrite(application: Application) -> str:
    """What SQLite finds wrong with its file: "ok" when nothing is."""
    with base(application) as session:
        return str(session.execute(text("PRAGMA integrity_check")).scalar())


def lignes_de_la_trace(application: Application, action: Action = Action.BROUILLON) -> int:
    """How many lines of the trace tell this act."""
    with base(application) as session:
        return len(session.exec(select(Trace.id).where(Trace.action == action)).all())
