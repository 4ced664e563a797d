"""The application is killed while people save: what it called saved is there, once."""

import asyncio
import statistics

from tests.fautes.application import Application, Retour
from tests.fautes.charge import CLIENTS, sous_la_charge
from tests.fautes.conftest import Noter
from tests.fautes.fiabilite import nombre
from tests.fautes.verite import faire_le_bilan, integrite

RETOUR = 5  # seconds


def test_kill_9_under_four_clients_loses_nothing(application: Application, noter: Noter):
    morts, retours = nombre(6, 30), list[Retour]()

    async def tuer(_: int) -> None:
        await asyncio.to_thread(application.tuer)
        retours.append(await asyncio.to_thread(application.demarrer))

    envois = asyncio.run(sous_la_charge([application], morts, tuer))
    bilan = faire_le_bilan(application, envois)
    assert bilan.sain, bilan
    assert bilan.acquittes == len(envois) > morts * len(CLIENTS)
    assert integrite(application) == "ok"
    assert all(r.sous(RETOUR) for r in retours), retours
    secondes = [r.secondes for r in retours]
    noter(
        "application",
        obtenu=f"0 lost, 0 double, integrity ok; back in {statistics.median(secondes):.1f} s (median), "
        f"{max(secondes):.1f} s at most",
        compte=f"{morts} kills, {bilan.acquittes} acknowledged saves, "
        f"{sum(len(e.cles) > 1 for e in envois)} of them sent more than once",
    )
