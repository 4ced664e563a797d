"""The application is killed while people save: what it called saved is there, once."""

import asyncio
import statistics

from tests.fautes.application import Application, Retour
from tests.fautes.conftest import Noter
from tests.fautes.fiabilite import nombre
from tests.fautes.onglet import Envoi, Onglet, Reponse
from tests.fautes.verite import faire_le_bilan, integrite

RETOUR = 5  # seconds
CLIENTS = (
    ("claire-dumas", "/offre/76/0000003/modifier/commentaire", "commentaire"),
    ("claire-dumas", "/offre/76/0000004/modifier/informations_generales", "nom_offre"),
    ("mireille-faure", "/offre/76/0000005/modifier/commentaire", "commentaire"),
    ("mireille-faure", "/lieu/L76-000001/modifier/informations_generales", "description"),
)


def test_kill_9_under_four_clients_loses_nothing(application: Application, noter: Noter):
    morts = nombre(6, 30)
    envois, retours = asyncio.run(_tuer_sous_la_charge(application, morts))
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


async def _tuer_sous_la_charge(application: Application, morts: int) -> tuple[list[Envoi], list[Retour]]:
    fini = asyncio.Event()
    onglets = [
        (Onglet(application.base, application.origine, application.connecter(qui), qui), chemin, champ)
        for qui, chemin, champ in CLIENTS
    ]
    ecrivains = [asyncio.create_task(_ecrire(*o, numero, fini)) for numero, o in enumerate(onglets)]
    retours = []
    try:
        for tour in range(morts):
            await _chacun_a_enregistre([o for o, _, _ in onglets], ecrivains)
            await asyncio.sleep(0.05 * (tour % 7))  # another moment of their work each time
            await asyncio.to_thread(application.tuer)
            retours.append(await asyncio.to_thread(application.demarrer))
    finally:
        fini.set()
        await asyncio.gather(*ecrivains)
    return [e for o, _, _ in onglets for e in o.envois], retours


async def _ecrire(onglet: Onglet, chemin: str, champ: str, numero: int, fini: asyncio.Event) -> None:
    await onglet.aller(chemin)
    saisie = 0
    while not fini.is_set():
        saisie += 1
        envoi = onglet.taper(**{champ: f"Client {numero}, saisie {saisie}"})
        assert await onglet.enregistrer_sans_faute(envoi, meme_cle=saisie % 2 == 0) is Reponse.RECU
    await onglet.couper()


async def _chacun_a_enregistre(onglets: list[Onglet], ecrivains: list["asyncio.Task[None]"]) -> None:
    """Everybody is at work again: three more acknowledged saves each."""
    vises = [sum(e.acquitte for e in o.envois) + 3 for o in onglets]
    while any(sum(e.acquitte for e in o.envois) < vise for o, vise in zip(onglets, vises, strict=True)):
        for ecrivain in ecrivains:
            if ecrivain.done():
                ecrivain.result()
        await asyncio.sleep(0.01)
