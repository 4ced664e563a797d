"""The press, in a process of its own that can be stopped: `python presse.py MODEL INSTANT < data.json > document.pdf`.

What it is given is data for the model, never a part of it: no text of anybody is read as Typst.
"""

import resource
import sys
from pathlib import Path

import typst

MODELES = Path(__file__).parent / "modeles"
SECONDES, MEMOIRE = 20, 2 * 1024**3  # of processor; bytes of address space


def main() -> None:
    """Draw one document: its data on the standard input, its bytes on the standard output."""
    modele, instant = sys.argv[1:]
    _borner(resource.RLIMIT_CPU, SECONDES)
    if sys.platform == "linux":
        _borner(resource.RLIMIT_AS, MEMOIRE)
    pdf = typst.compile(
        MODELES / f"{modele}.typ",
        root=MODELES,
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"donnees": sys.stdin.buffer.read().decode()},
        pdf_standards=["ua-1", "a-2a"],  # accessible, and readable in years
        timestamp=int(instant),
    )
    sys.stdout.buffer.write(pdf)


def _borner(quoi: int, maximum: int) -> None:
    _, dur = resource.getrlimit(quoi)
    limite = maximum if dur == resource.RLIM_INFINITY else min(maximum, dur)
    resource.setrlimit(quoi, (limite, dur))


if __name__ == "__main__":
    main()
