"""The time of a session from the list of what was done, by the Keystroke-Level Model.

Source:
    Card, Moran & Newell, « The Keystroke-Level Model for User Performance Time with Interactive Systems », CACM
    23 (7), 1980: K 0.28 s (who types, but not for a living), P 1.10, BB 0.20 (press and release), H 0.40, M 1.35, R as
    measured.
    Reading is no operator of theirs: 0.57 s for each value that one reads and asserts.

One line of the log is one act, a JSON object:

    {"acte": "click"}             P + BB, after M and, from the keyboard, H
    {"acte": "type", "n": 12}     12 K, after M and, from the mouse, H
    {"acte": "load", "ms": 80}    R: what the person waited for
    {"acte": "read", "n": 8}      8 values read and asserted, the time of reading
    {"acte": "scroll", "n": 2}    2 screens turned, BB each (a wheel, a finger): no operator of theirs either
    {"acte": "back"}              the browser's Back: as a click

One M for each gesture. `"suite": true` says that an act goes on with the gesture before it: typing into the field that
one has just clicked has no M, pressing Back again where the pointer is has neither M nor P. A finger types where it
taps: with `"tactile": true` in the first line there is no H.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

K, P, BB, H, M, LECTURE = 0.28, 1.10, 0.20, 0.40, 1.35, 0.57
ACTES = ("debut", "click", "type", "load", "read", "scroll", "back")
SOURIS, CLAVIER = "souris", "clavier"


class JournalIllisible(ValueError):
    """A line of the log is none of the acts; the message says which line."""


@dataclass
class Temps:
    """What was done, and the seconds that it takes."""

    clics: int = 0
    pointages: int = 0
    touches: int = 0
    homing: int = 0
    decisions: int = 0
    lues: int = 0
    ecrans: int = 0
    retours: int = 0
    attente: float = 0.0

    @property
    def secondes(self) -> float:
        """All operators together."""
        gestes = (
            self.clics * BB
            + self.pointages * P
            + self.touches * K
            + self.homing * H
            + self.decisions * M
            + self.ecrans * BB
        )
        return gestes + self.lues * LECTURE + self.attente


def recalculer(actes: Iterable[dict[str, Any]]) -> Temps:
    """The time of a session, from its acts in order.

    Raises:
        JournalIllisible: an act that is none of ours, or a number that is none.
    """
    temps, tactile, main = Temps(), False, SOURIS
    for rang, acte in enumerate(actes, 1):
        genre = acte.get("acte")
        if genre not in ACTES:
            raise JournalIllisible(f"line {rang}: {genre!r} is none of {', '.join(ACTES)}")
        nombre = _nombre(acte, rang)
        if genre == "debut":
            tactile = acte.get("tactile") is True
        elif genre == "load":
            temps.attente += nombre / 1000
        elif genre == "read":
            temps.lues += int(nombre)
        elif genre == "scroll":
            temps.ecrans += int(nombre)
        else:
            ou, suite = CLAVIER if genre == "type" else SOURIS, acte.get("suite") is True
            temps.homing += not tactile and ou != main
            main = ou
            temps.decisions += not suite
            temps.clics += genre != "type"
            temps.pointages += genre == "click" or (genre == "back" and not suite)
            temps.retours += genre == "back"
            temps.touches += int(nombre) if genre == "type" else 0
    return temps


def _nombre(acte: dict[str, Any], rang: int) -> float:
    nombre = acte.get("ms" if acte["acte"] == "load" else "n", 0)
    if isinstance(nombre, bool) or not isinstance(nombre, int | float) or not 0 <= nombre < 1e7:
        raise JournalIllisible(f"line {rang}: {nombre!r} is no number")
    return nombre


def lire(fichier: Path) -> list[dict[str, Any]]:
    """The acts of a log, one JSON object a line.

    Raises:
        JournalIllisible: a line is no JSON object.
    """
    actes: list[dict[str, Any]] = []
    for rang, ligne in enumerate(fichier.read_text("utf-8").splitlines(), 1):
        try:
            acte = json.loads(ligne)
        except ValueError:
            acte = None
        if not isinstance(acte, dict):
            raise JournalIllisible(f"line {rang} is no JSON object")
        actes.append(acte)
    return actes


def ligne(acte: dict[str, Any]) -> str:
    """An act as a line of the log."""
    return json.dumps(acte, ensure_ascii=False) + "\n"


@dataclass(frozen=True)
class Reponse:
    """One object answered for: at which second of the session, and whether something was typed or opened for it."""

    objet: str
    seconde: float
    change: bool


def reponses(actes: Iterable[dict[str, Any]]) -> list[Reponse]:
    """When each object was done with, by the same model: the pace of a session."""
    fins: dict[str, Reponse] = {}
    vus: list[dict[str, Any]] = []
    gestes: dict[str, int] = {}
    for acte in actes:
        vus.append(acte)
        objet = str(acte.get("objet") or "")
        if ":" in objet:
            gestes[objet] = gestes.get(objet, 0) + (acte["acte"] in ("click", "type"))
            fins[objet] = Reponse(objet, len(vus), gestes[objet] > 1)
    return [Reponse(r.objet, recalculer(vus[: int(r.seconde)]).secondes, r.change) for r in fins.values()]
