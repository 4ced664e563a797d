"""The websocket breaks around a save: the save is told once, whatever the page had to send again."""

import asyncio
import random

from tests.fautes.application import Application
from tests.fautes.conftest import Noter
from tests.fautes.fiabilite import nombre
from tests.fautes.onglet import Onglet, Reponse
from tests.fautes.relais import Coupure, Moment, relais
from tests.fautes.verite import faire_le_bilan, lignes_de_la_trace

FORMULAIRE = "/offre/76/0000003/modifier/commentaire"
INTACTES = 0.2  # part of the saves that nothing disturbs


def test_as_many_lines_as_saves_whatever_is_cut(application: Application, noter: Noter):
    fois = nombre(150, 1000)
    onglet, coupures = asyncio.run(_enregistrer(application, fois))
    bilan = faire_le_bilan(application, onglet.envois)
    tentatives = sum(len(e.cles) for e in onglet.envois)
    assert bilan.sain, bilan
    assert bilan.acquittes == fois
    assert lignes_de_la_trace(application) == fois
    assert {(c.moment, c.brutale) for c in coupures} == {(m, b) for m in Moment for b in (True, False)}
    noter(
        "coupures",
        obtenu=f"{fois} rows, 0 lost, 0 double",
        compte=f"{fois} saves, {len(coupures)} cuts (4 moments, closed or reset), {tentatives} sendings",
    )


async def _enregistrer(application: Application, fois: int) -> tuple[Onglet, list[Coupure]]:
    hasard = random.Random(4)
    async with relais(application.port) as devant:
        onglet = Onglet(devant.base, application.origine, application.connecter("claire-dumas"), "Claire")
        await onglet.aller(FORMULAIRE)
        for i in range(fois):
            devant.armer(None if hasard.random() < INTACTES else _au_hasard(hasard))
            envoi = onglet.taper(commentaire=f"Saisie {i}")
            assert await onglet.enregistrer_sans_faute(envoi, meme_cle=hasard.random() < 0.5) is Reponse.RECU
            devant.armer(None)
        await onglet.couper()
        return onglet, devant.faites


def _au_hasard(hasard: random.Random) -> Coupure:
    return Coupure(hasard.choice(list(Moment)), hasard.random() < 0.5)
