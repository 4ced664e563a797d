"""Find the browser of the tests, and install the system's own when it is missing. `python tests/navigateur.py` does it.

Playwright's browsers are not downloaded: the system's package registry is the only place asked.
"""

import os
import shutil
import subprocess
import sys

NOMS = ("chromium", "chromium-browser", "google-chrome")


def trouver() -> str:
    """Path of a Chromium, or "" when there is none."""
    return next((chemin for nom in NOMS if (chemin := shutil.which(nom))), "")


def installer() -> str:
    """Install Chromium with apt-get; return what went wrong, in French, or ""."""
    apt = shutil.which("apt-get")
    if not apt:
        return "apt-get n’est pas sur cette machine"
    sudo = [] if os.geteuid() == 0 else [shutil.which("sudo") or "", "-n"]
    if sudo and not sudo[0]:
        return "il faut les droits d’administration"
    environnement = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for commande in (["update", "-q"], ["install", "-y", "-q", "--no-install-recommends", "chromium"]):
        fait = subprocess.run([*sudo, apt, *commande], env=environnement, stdout=subprocess.DEVNULL, check=False)
        if fait.returncode:
            return f"« apt-get {commande[0]} » a échoué"
    return ""


if __name__ == "__main__" and not trouver():
    print("Installation de Chromium…", flush=True)  # noqa: T201  (a command)
    if (raison := installer()) or not trouver():
        sys.exit(
            f"Les tests demandent Chromium, qui n’a pas pu être installé : {raison or 'il reste introuvable'}. "
            "Installez-le, puis relancez."
        )
