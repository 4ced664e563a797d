"""The pages of the tests, built once for all the processes of a run: `python -m tests.e2e.construction`.

A build holds the address of its server and nothing else of its own: the first process builds, the others wait, copy,
and change the port. The settings are those of the environment, as for `rxror servir`, which then has nothing to build.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rxror import serveur
from rxror.settings import settings

VERROU = "construction.verrou"
PREFIXE = "web-"
# Left where it is: what npm installed, and what says so.
PROPRES = ("node_modules", "reflex.install_frontend_packages.cached", serveur.VERROU, serveur.MARQUE)


@contextmanager
def port(numero: int) -> Iterator[None]:
    """The settings of a server on another port."""
    avant = os.environ["RXROR_PORT"]
    os.environ["RXROR_PORT"] = str(numero)
    settings.cache_clear()
    try:
        yield
    finally:
        os.environ["RXROR_PORT"] = avant
        settings.cache_clear()


def faite(web: Path) -> bool:
    """Whether a build is whole, and that of these sources, for the port that its folder names."""
    with port(int(web.name.removeprefix(PREFIXE))):
        return serveur._marque(web) == serveur._empreinte(web)


def copier(de: Path, vers: Path) -> None:
    """The same pages for another port; what npm installed stays where it is."""
    avant, apres = (w.name.removeprefix(PREFIXE) for w in (de, vers))
    (vers / serveur.MARQUE).unlink(missing_ok=True)
    shutil.rmtree(vers / "build", ignore_errors=True)
    shutil.copytree(de, vers, ignore=shutil.ignore_patterns(*PROPRES), dirs_exist_ok=True)
    for fichier in (vers / "build" / "client").rglob("*.js"):
        if f"localhost:{avant}" in (texte := fichier.read_text("utf-8")):
            fichier.write_text(texte.replace(f"localhost:{avant}", f"localhost:{apres}"), "utf-8")
            for fin in (".br", ".gz"):  # what it was; uncompressed it is 300 bytes
                fichier.with_name(fichier.name + fin).unlink(missing_ok=True)
    (vers / serveur.MARQUE).write_text(serveur._empreinte(vers), "ascii")


def main() -> None:
    """Leave in REFLEX_WEB_WORKDIR the pages for RXROR_PORT."""
    web = Path(os.environ["REFLEX_WEB_WORKDIR"])
    web.mkdir(parents=True, exist_ok=True)
    with (web.parent / VERROU).open("w") as verrou:
        fcntl.flock(verrou, fcntl.LOCK_EX)
        if faite(web):
            return
        if modele := next((w for w in sorted(web.parent.glob(f"{PREFIXE}*")) if w != web and faite(w)), None):
            copier(modele, web)
        else:
            serveur.construire(web)


if __name__ == "__main__":
    main()
