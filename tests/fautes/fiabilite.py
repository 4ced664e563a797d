"""What the fault tests found, kept one file per line of the table, and written as docs/fiabilite.md.

Only full figures (`make fautes`) are kept; a line keeps its own date, so that one file of tests may be run again alone.
"""

import json
import os
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from bench.machine import machine
from rxror.ror.dates import MOIS
from rxror.settings import RACINE

PLEIN = os.environ.get("FAUTES") == "plein"
GARDEES = RACINE / "var" / "fautes"
DOCUMENT = RACINE / "docs" / "fiabilite.md"
TABLE = {
    "application": ("kill -9 of the application under 4 saving clients", "0 lost, 0 double, back in < 5 s"),
    "postgres-tue": ("kill -9 of PostgreSQL under 4 writers", "0 lost, 0 duplicate key"),
    "postgres-arrete": (
        "PostgreSQL stopped 30 s while someone types",
        "French message, text kept, saved again by itself < 5 s after return",
    ),
    "valkey": ("Valkey killed, then emptied", "0 lost"),
    "coupures": ("Websocket cut before or after the commit", "as many trace rows as saves"),
    "hors-ligne": (
        "Browser offline 60 s while typing, tab killed, session expired, sign-in",
        "100 % of the typed values, once",
    ),
    "ensemble": (
        "8 writers × 40 saves on one section; two tabs; two people",
        "0 lost; every refusal shows the conflict",
    ),
    "tout-ou-rien": ("Failure between save and trace, trace and commit", "both or none, 100 %"),
    "double-clic": ("Double click on « Valider »; Back after « Valider »", "one validation, one trace"),
    "disque": ("Disk full", "refusal in French, integrity ok, resumes when space returns"),
    "horloge": ("Clock of the server moved by an hour; wrong clock of the client", "order by version"),
    "histoires": ("Random histories against a small model", "no invariant broken"),
}
INTRODUCTION = """# Reliability

What was injected, and what was lost. Each line is a test of `tests/fautes`, on the real application, its real database
and real sockets; the database alone says what was kept. `make fautes` makes the full figures and writes this page;
`make test` runs the same tests with smaller counts.

Machine: {machine}. Load average is the machine's when the line was measured; above its number of cores, other work made
the times longer than they are.

| Fault | Asked | Obtained | Counts | Load | Day | Command |
| --- | --- | --- | --- | --- | --- | --- |
"""


@dataclass(frozen=True)
class Mesure:
    """One line of the page."""

    ligne: str
    obtenu: str
    compte: str
    commande: str
    charge: str
    jour: str


def nombre(court: int, plein: int) -> int:
    """How many times: a few in `make test`, the figure of the table in `make fautes`."""
    return plein if PLEIN else court


def noter(ligne: str, fichier: str, *, obtenu: str, compte: str) -> None:
    """Keep what a test found, when it ran at full figures."""
    assert ligne in TABLE, ligne
    if not PLEIN:
        return
    GARDEES.mkdir(parents=True, exist_ok=True)
    jour = datetime.now(UTC).date()
    mesure = Mesure(
        ligne,
        obtenu,
        compte,
        f"make fautes TESTS=tests/fautes/{fichier}",
        f"{os.getloadavg()[0]:.1f}",
        f"{jour.day} {MOIS[jour.month - 1]} {jour.year}",
    )
    (GARDEES / f"{ligne}.json").write_text(json.dumps(asdict(mesure), ensure_ascii=False), "utf-8")


def ecrire() -> None:
    """Write the page from what is kept; a line measured elsewhere stays as the page has it."""
    dites = DOCUMENT.read_text("utf-8").splitlines() if DOCUMENT.exists() else []
    lignes = [_ligne(dites, nom, *mots) for nom, mots in TABLE.items()]
    DOCUMENT.write_text(INTRODUCTION.format(machine=machine()) + "\n".join(lignes) + "\n", "utf-8")


def _ligne(dites: list[str], nom: str, faute: str, demande: str) -> str:
    gardee = GARDEES / f"{nom}.json"
    if not gardee.exists():
        return next(
            (d for d in dites if d.startswith(f"| {faute} |")), f"| {faute} | {demande} | not measured | | | | |"
        )
    m = Mesure(**json.loads(gardee.read_text("utf-8")))
    return f"| {faute} | {demande} | {m.obtenu} | {m.compte} | {m.charge} | {m.jour} | `{m.commande}` |"
