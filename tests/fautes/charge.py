"""Four people who save without a pause, while a fault is injected again and again."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from tests.fautes.application import Application
from tests.fautes.onglet import Envoi, Onglet, Reponse

CLIENTS = (
    ("claire-dumas", "/offre/76/0000003/modifier/commentaire", "commentaire"),
    ("claire-dumas", "/offre/76/0000004/modifier/informations_generales", "nom_offre"),
    ("mireille-faure", "/offre/76/0000005/modifier/commentaire", "commentaire"),
    ("mireille-faure", "/lieu/L76-000001/modifier/informations_generales", "description"),
)


async def sous_la_charge(
    applications: Sequence[Application], fois: int, faute: Callable[[int], Awaitable[None]]
) -> list[Envoi]:
    """Run `faute(tour)` so many times; before each, everybody has saved again. Clients are dealt to the servers."""
    fini = asyncio.Event()
    onglets: list[Onglet] = []
    ecrivains: list[asyncio.Task[None]] = []
    for numero, (qui, chemin, champ) in enumerate(CLIENTS):
        ici = applications[numero % len(applications)]
        onglet = Onglet(ici.base, ici.origine, ici.connecter(qui), qui)
        onglets.append(onglet)
        ecrivains.append(asyncio.create_task(_ecrire(onglet, chemin, champ, numero, fini)))
    try:
        for tour in range(fois):
            await _chacun_a_enregistre(onglets, ecrivains)
            await asyncio.sleep(0.05 * (tour % 7))  # another moment of their work each time
            await faute(tour)
        await _chacun_a_enregistre(onglets, ecrivains)
    finally:
        fini.set()
        await asyncio.gather(*ecrivains)
    return [e for o in onglets for e in o.envois]


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
