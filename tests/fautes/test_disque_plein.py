"""The disk of the database is full: a save is refused in French, nothing is damaged, and saving resumes with space."""

import asyncio
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fautes.application import Application, copier
from tests.fautes.conftest import Noter
from tests.fautes.fiabilite import nombre
from tests.fautes.onglet import Onglet, Reponse
from tests.fautes.verite import faire_le_bilan, integrite

FORMULAIRE = "/offre/76/0000003/modifier/commentaire"
TAILLE = "24m"
PANNE = "La panne vient de nous."
LONG = " ".join(["Texte assez long pour remplir ce qui reste de place."] * 30)


@pytest.fixture
def petit_disque(tmp_path: Path) -> Iterator[Path]:
    """A disk of a few megabytes, in memory."""
    disque = tmp_path / "disque"
    disque.mkdir()
    mount = shutil.which("mount")
    if not mount:
        pytest.skip("no mount on this machine")
    monte = subprocess.run(
        [mount, "-t", "tmpfs", "-o", f"size={TAILLE}", "tmpfs", disque], capture_output=True, text=True, check=False
    )
    if monte.returncode:
        pytest.skip(f"a small disk cannot be mounted here: {monte.stderr.strip()}")
    yield disque
    subprocess.run(["umount", "-l", str(disque)], check=True)


def test_a_full_disk_refuses_in_french_and_resumes(preparee: Application, petit_disque: Path, noter: Noter):
    application = copier(preparee, petit_disque)
    application.demarrer()
    try:
        tours = nombre(2, 10)
        onglet = asyncio.run(_remplir_et_vider(application, petit_disque / "reste", tours))
        bilan = faire_le_bilan(application, onglet.envois)
        assert bilan.sain, bilan
        assert bilan.acquittes == len(onglet.envois)
        assert integrite(application) == "ok"
    finally:
        application.arreter()
    refuses = sum(len(e.cles) > 1 for e in onglet.envois)
    noter(
        "disque",
        obtenu="refused with « La panne vient de nous. », integrity ok, the same text saved once there was room",
        compte=f"tmpfs of {TAILLE} filled {tours} times; {bilan.acquittes} acknowledged saves, {refuses} refused first",
    )


async def _remplir_et_vider(application: Application, reste: Path, tours: int) -> Onglet:
    onglet = Onglet(application.base, application.origine, application.connecter("claire-dumas"))
    await onglet.aller(FORMULAIRE)
    for tour in range(tours):
        _remplir(reste)
        numero = 0
        envoi = onglet.taper(commentaire=f"{tour}.{numero} {LONG}")
        while await onglet.enregistrer(envoi) is Reponse.RECU:  # the journal of SQLite still had room
            numero += 1
            assert numero < 2000, "the disk is never full"
            _remplir(reste)
            envoi = onglet.taper(commentaire=f"{tour}.{numero} {LONG}")
        assert envoi.reponse is Reponse.REFUS
        assert PANNE in onglet.incident
        assert integrite(application) == "ok"
        reste.unlink()
        assert await onglet.enregistrer_sans_faute(envoi) is Reponse.RECU
    await onglet.couper()
    return onglet


def _remplir(reste: Path) -> None:
    """Take all the room there is."""
    with reste.open("ab", buffering=0) as fichier:
        for bloc in (1 << 20, 1 << 12, 1):
            try:
                while True:
                    fichier.write(b"\0" * bloc)
            except OSError:
                continue
