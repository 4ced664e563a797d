"""The clock of the server jumps by an hour, or its summer time ends: what counts is the order of the saves."""

import asyncio
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlmodel import col, select

from rxror.tables import Action, Brouillon, Trace
from tests.fautes.application import Application, copier
from tests.fautes.conftest import Noter
from tests.fautes.fiabilite import nombre
from tests.fautes.onglet import Onglet, Reponse
from tests.fautes.verite import base, faire_le_bilan

FORMULAIRE = "/offre/76/0000003/modifier/commentaire"
FAUSSE = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
SAUTS = ("-1h", "+0", "+1h", "+0", "-1h", "+1h")
LONGUE = {"RXROR_SESSION_INACTIVE_MINUTES": "600"}  # an hour more must not end the session
CONTEXTE = {"_genre", "_identifiant", "_section", "_base", "_caches", "_formulaire"}


@pytest.fixture
def horloge(tmp_path: Path) -> Callable[[str], object]:
    """Moves the clock of the server that reads it: `horloge("-1h")`."""
    if FAUSSE is None:
        pytest.skip("libfaketime is not on this machine (Debian: apt-get install libfaketime)")
    fichier = tmp_path / "horloge"
    fichier.write_text("+0", "ascii")
    return lambda saut: fichier.write_text(saut, "ascii")


@pytest.fixture
def deplacee(preparee: Application, horloge: object, tmp_path: Path) -> Iterator[Application]:
    """The application, whose clock the test moves."""
    reglages = {
        "LD_PRELOAD": str(FAUSSE),
        "FAKETIME_TIMESTAMP_FILE": str(tmp_path / "horloge"),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    application = copier(preparee, tmp_path / "application", **reglages, **LONGUE)
    application.demarrer()
    yield application
    application.arreter()


def test_the_order_of_the_saves_is_kept_when_the_clock_jumps(
    deplacee: Application, horloge: Callable[[str], object], noter: Noter
):
    tours = nombre(1, 10)
    onglets = asyncio.run(_a_deux(deplacee, lambda tour: horloge(SAUTS[tour % len(SAUTS)]), tours * len(SAUTS)))
    inversions = _verifier(deplacee, onglets)
    assert inversions >= 2 * tours  # the clock did jump
    noter(
        "horloge",
        obtenu="order by version: 0 lost, 0 replaced unseen, the last one is the one kept",
        compte=f"{tours * len(SAUTS)} jumps of an hour, {inversions} times backwards; "
        f"{sum(e.acquitte for o in onglets for e in o.envois)} saves; nothing sent by a page holds a time",
    )


def test_the_night_summer_time_ends_changes_nothing(preparee: Application, tmp_path: Path):
    fin = datetime.now(UTC) + timedelta(seconds=5)
    application = copier(preparee, tmp_path / "application", TZ=_heure_d_ete_jusqu_a(fin))
    application.demarrer()
    try:
        onglets = asyncio.run(_a_deux(application, lambda _: _attendre(fin), 2))
        assert _verifier(application, onglets) == 0
    finally:
        application.arreter()


def _heure_d_ete_jusqu_a(fin: datetime) -> str:
    """A time zone, one hour ahead in summer, whose summer ends at that moment."""
    ete = fin + timedelta(hours=1)  # as its own clocks say it
    return f"HIVER0ETE-1,0/0,{ete.timetuple().tm_yday - 1}/{ete:%H:%M:%S}"


def _attendre(fin: datetime) -> None:
    time.sleep(max(0.0, (fin - datetime.now(UTC)).total_seconds()))


async def _a_deux(application: Application, bouger: Callable[[int], object], tours: int) -> list[Onglet]:
    """Two people: after each move of the clock, the second saves what the first must then not replace unseen."""
    noms = ("claire-dumas", "mireille-faure")
    claire, mireille = (Onglet(application.base, application.origine, application.connecter(n), n) for n in noms)
    for tour in range(tours):
        for onglet in (claire, mireille):
            onglet.chemin = FORMULAIRE
            await onglet.rouvrir()
            assert set(onglet.contexte) == CONTEXTE  # a page sends no time: its clock may be wrong
        assert await claire.enregistrer(claire.taper(commentaire=f"{tour}, de Claire")) is Reponse.RECU
        bouger(tour)
        await mireille.rouvrir()
        assert await mireille.enregistrer(mireille.taper(commentaire=f"{tour}, de Mireille")) is Reponse.RECU
        assert await claire.enregistrer(claire.taper(commentaire=f"{tour}, trop tard")) is Reponse.CONFLIT
    for onglet in (claire, mireille):
        await onglet.couper()
    return [claire, mireille]


def _verifier(application: Application, onglets: list[Onglet]) -> int:
    """Nothing lost, the last save kept; how many times an instant is before the one of the line above."""
    bilan = faire_le_bilan(application, [e for o in onglets for e in o.envois])
    assert bilan.sain, bilan
    with base(application) as session:
        (garde,) = session.exec(select(Brouillon).where(Brouillon.objet == "offre:76/0000003"))
        assert garde.valeurs["commentaire"] == onglets[1].envois[-1].saisi["commentaire"]
        traces = session.exec(select(Trace).where(Trace.action == Action.BROUILLON).order_by(col(Trace.id))).all()
    return sum(apres.instant < avant.instant for avant, apres in pairwise(traces))
