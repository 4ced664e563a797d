"""The section of docs/mesures.md: what was measured, and which goals are met; nothing is chosen to please."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from parcours.changements import Changement
from parcours.guide import Retour
from parcours.klm import LECTURE
from parcours.seance import Seance

DEBUT, FIN = "<!-- parcours: written by `make parcours` -->", "<!-- /parcours -->"
ECRANS = {"ordinateur": "1280 × 800", "telephone": "390 × 844"}
DIX, CINQ = 720.0, 600.0  # seconds
FOIS = 8.0


class Maniere(StrEnum):
    """How what did not change is confirmed."""

    FILE = "one card after the other"
    ENSEMBLE = "« Rien n’a changé », then the cards left"


@dataclass(frozen=True)
class Guide:
    """One way of the guide: what was walked, and the seconds for all the hospital from it."""

    nom: str
    seance: Seance
    offres: int
    secondes: float
    lecture: float

    @property
    def sans_lire(self) -> float:
        """Seconds without those of reading."""
        return self.secondes - self.lecture


@dataclass(frozen=True)
class Mesure:
    """All that was measured in one run."""

    relectures: dict[tuple[int, str, Maniere], Seance]
    guides: list[Guide]
    changements: Sequence[Changement]
    machine: str
    charge: float
    secondes: float


def section(mesure: Mesure) -> str:
    """The section, in Markdown."""
    return f"""{DEBUT}
## A year's update of a hospital

Written by `make parcours`; {mesure.machine}. Load average of the machine at the end: {mesure.charge:.1f}; other work
makes the waits longer than they are. The run took {mesure.secondes / 60:.0f} min.

A scripted person (Playwright, a real browser) signs in as the responsable of the demonstration's CH ALBI, and reviews its
80 offers and 45 lieux. Time is that of the Keystroke-Level Model (Card, Moran & Newell, CACM 23 (7), 1980): K 0.28 s, P 1.10,
BB 0.20, H 0.40, M 1.35, R as measured; reading 0.57 s for each value asserted. Presses and keys are those that the page received;
lists of the browser count two presses. One M for each gesture. A turned screen counts BB. With a finger: a press is M + P + BB, no key
answers a card, nothing is homed, a character typed is K. What changed this year, where the person knows it:
{_liste(mesure.changements)}

### By the grid and the queue

{_tableau_des_relectures(mesure)}

*One card after the other*: the queue from its first card to « Tout est relu », the lieux with their offers, the new beds too.
*« Rien n’a changé »*: the new beds are validated where the grid leads; the facts of all objects are read on the pages of the establishment,
fifty at a time, those of a lieu with the first of its offers; what changed is unticked, and the queue is for that. *Values*: one for each
entry of a fact (a code, an age, a contact, a week); titles, the names of lieux among them, are none. *Lines*: the time if each line of text under an entry (the
numbers of a contact, the kind of hours) counted as a value too.

### By the guide's own path in rxror

{_tableau_des_guides(mesure)}

*Section by section*: « Modifier » and « Enregistrer » for every section of each offer and of each lieu, as the guide has it. *One
section of each*: the same for one section of each offer, and the beds of each lieu. *Only what changed*: what rxror itself asks for;
each page is still read and each offer validated. *With Back*: one press on « Continuer dans l’UF » after each offer, where the browser's
own Back would take three to thirteen. Where not all offers were walked, whole UFs were, those of all that changed among them, and the
rest counts as the mean of what did not change. On this path a lieu without a change is read but keeps its date: no gesture dates it.

### Goals

{_buts(mesure)}

Each session is in `var/parcours` as JSON lines; `python -m parcours recalculer FILE` computes its time again.
{FIN}
"""


def _liste(changements: Sequence[Changement]) -> str:
    return "\n".join(f"- {c.objet.replace(':', ' ', 1)}: {c.phrase}" for c in changements)


def _tableau(tetes: tuple[str, ...], lignes: list[tuple[str, ...]]) -> str:
    return "\n".join("| " + " | ".join(ligne) + " |" for ligne in (tetes, tuple("---" for _ in tetes), *lignes))


def _tableau_des_relectures(mesure: Mesure) -> str:
    lignes = []
    for (part, ecran, maniere), s in mesure.relectures.items():
        t = s.temps
        lignes.append(
            (
                maniere,
                f"{part} %",
                ECRANS[ecran],
                str(s.fiches),
                str(t.clics),
                str(t.touches),
                str(t.lues),
                str(s.evenements),
                f"{s.octets / 1000:.0f} kB",
                f"{t.attente:.0f} s",
                f"**{t.secondes:.0f} s**",
                f"{t.secondes + (textes(s) - t.lues) * LECTURE:.0f} s",
            )
        )
    tetes = (
        "Confirmed",
        "Changed",
        "Screen",
        "Cards",
        "Clicks",
        "Keys",
        "Values",
        "Events",
        "Bytes",
        "Waited",
        "Time",
        "Lines",
    )
    return _tableau(tetes, lignes)


def _tableau_des_guides(mesure: Mesure) -> str:
    lignes = []
    for g in mesure.guides:
        t = g.seance.temps
        lignes.append(
            (
                g.nom,
                ECRANS[g.seance.ecran],
                f"{g.offres} of 80",
                str(t.clics),
                str(t.touches),
                str(t.lues),
                str(g.seance.evenements),
                f"{t.attente:.0f} s",
                f"**{g.secondes:.0f} s** ({_duree(g.secondes)})",
            )
        )
    tetes = ("Path", "Screen", "Walked", "Clicks", "Keys", "Values", "Events", "Waited", "Time, all 80 offers")
    return _tableau(tetes, lignes)


def _duree(secondes: float) -> str:
    heures, minutes = divmod(round(secondes / 60), 60)
    return f"{heures} h {minutes:02d}" if heures else f"{minutes} min"


def _buts(mesure: Mesure) -> str:
    lignes: list[tuple[str, ...]] = []
    for (part, ecran, maniere), s in mesure.relectures.items():
        limite, temps = DIX if part == 10 else CINQ, s.temps.secondes
        but = f"At most {limite:.0f} s at {part} % changed, {ECRANS[ecran]}, {maniere}"
        lignes.append((but, f"{temps:.0f} s", _dit(temps <= limite)))
    for g in (g for g in mesure.guides if g.nom.startswith(Retour.LISTE)):
        for (part, ecran, maniere), s in mesure.relectures.items():
            if part == 10 and ecran == g.seance.ecran:
                t = s.temps
                fois = g.secondes / t.secondes
                pareil = (g.sans_lire + t.lues * LECTURE) / t.secondes
                fait = f"{fois:.1f} times; {pareil:.1f} if no more values were read there"
                but = f"{FOIS:.0f} times faster than the guide's path {g.nom}, {ECRANS[ecran]}, {maniere}"
                lignes.append((but, fait, _dit(fois >= FOIS)))
    for (part, ecran, maniere), s in mesure.relectures.items():
        ou = f"{part} %, {ECRANS[ecran]}, {maniere}"
        plus = clics_par_inchangee(s, mesure.changements)
        faits = s.objets - len({m.partition(": ")[0] for m in s.manques})
        lignes += [
            (f"At most one click for each unchanged offer, {ou}", f"{plus} at most", _dit(plus <= 1)),
            (f"All objects truthfully confirmed or changed, {ou}", f"{faits} of {s.objets}", _dit(not s.manques)),
            (f"0 « Back », {ou}", str(s.temps.retours), _dit(s.temps.retours == 0)),
        ]
    return _tableau(("Goal", "Measured", ""), lignes)


def _dit(oui: bool) -> str:
    return "met" if oui else "**not met**"


def textes(seance: Seance) -> int:
    """Lines of text read, where an entry may have several."""
    return sum(int(a.get("textes", a["n"])) for a in seance.actes if a["acte"] == "read")


def clics_par_inchangee(seance: Seance, changements: Sequence[Changement]) -> int:
    """The most presses that an offer without a change took."""
    changees = {c.objet for c in changements}
    clics: dict[str, int] = {}
    for a in seance.actes:
        objet = str(a.get("objet", ""))
        if a["acte"] == "click" and objet.startswith("offre:") and objet not in changees:
            clics[objet] = clics.get(objet, 0) + 1
    return max(clics.values(), default=0)


def garder(document: str) -> str:
    """The section that a document has, to be kept when the rest is written again; "" without one."""
    _, debut, suite = document.partition(DEBUT)
    dedans, fin, _ = suite.partition(FIN)
    return f"\n{DEBUT}{dedans}{FIN}\n" if debut and fin else ""


def poser(fichier: Path, nouvelle: str) -> None:
    """Write the section in a document, in the place of the one that is there."""
    document = fichier.read_text("utf-8") if fichier.exists() else "# Measures\n"
    if ancienne := garder(document):
        document = document.replace(ancienne, "\n" + nouvelle)
    else:
        document = document.rstrip("\n") + "\n\n" + nouvelle
    fichier.write_text(document, "utf-8")
