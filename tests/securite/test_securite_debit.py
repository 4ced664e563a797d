"""Floods, oversized and broken messages: refused for who sends them, harmless for everybody else."""

import asyncio
import time
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from rxror.ui.garde import CHARGE_MAX, RAFALE
from rxror.ui.incidents import MESSAGES
from tests.securite.conftest import Personne, Serveur, _demarrer

pytestmark = pytest.mark.serveur

PAR_SECONDE, PAR_MINUTE = 20, 30
FLOT = 2000
CHARGER = "identity_state.charger"
PAGE = "etablissements_state.charger"


@pytest.fixture(scope="module")
def cadence(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serveur]:
    """The application with the budget it has by default, and a small one for the sign-in."""
    dossier = tmp_path_factory.mktemp("debit")
    with _demarrer(dossier, RXROR_CONNEXIONS_PAR_MINUTE=str(PAR_MINUTE)) as serveur:
        yield serveur


def _refuses(prise: Any) -> int:
    """Events answered by the sentence of the budget; `calme` shows it too, with a mark of its own."""
    return sum(MESSAGES["debit"] in p and "'repere_rx_state_': ''" in p for p in map(str, prise.recu))


async def _voir(serveur: Serveur, prise: Any) -> str:
    """One page, as somebody who works sees it."""
    await prise.envoyer(serveur.nom(PAGE), {}, "/etablissements")
    return str(await prise.calme(2, 60))


def test_flood_of_one_session_is_refused_and_another_person_works(cadence: Serveur) -> None:
    paul, claire = cadence.paul, cadence.claire
    fins: list[str] = []

    async def inonder(prise: Any) -> None:
        await prise.calme(1, 120)
        fins.append("paul")

    async def travailler(prise: Any) -> str:
        texte = await _voir(cadence, prise)
        fins.append("claire")
        return texte

    async def scene() -> tuple[int, float, str, int]:
        async with cadence.prise(paul.cookie) as sienne, cadence.prise(claire.cookie) as autre:
            await autre.calme(1)
            debut = time.monotonic()
            for _ in range(FLOT):
                await sienne.envoyer(cadence.nom(CHARGER))
            _, texte = await asyncio.gather(inonder(sienne), travailler(autre))
            return _refuses(sienne), time.monotonic() - debut, texte, _refuses(autre)

    refuses, duree, texte, refuses_a_claire = asyncio.run(scene())
    assert refuses >= FLOT - PAR_SECONDE * RAFALE - PAR_SECONDE * (duree + 1)  # what the budget gave meanwhile
    assert claire.marque in texte
    assert refuses_a_claire == 0
    assert fins == ["claire", "paul"]


def test_the_message_of_a_flood_has_a_budget_too(cadence: Serveur) -> None:
    """Reflex answers each event: an answer without any word is all that the next ones get."""

    async def scene() -> int:
        async with cadence.prise(cadence.paul.cookie) as prise:
            for _ in range(500):
                await prise.envoyer(cadence.nom("incident_state.afficher"), {"cle": "conflit"})
            await prise.envoyer(cadence.nom("state.hydrate"))
            async with asyncio.timeout(60):
                while not any(
                    "is_hydrated" in str(paquet) or MESSAGES["debit"] in str(paquet) for paquet in prise.recu
                ):
                    await asyncio.sleep(0.01)
            return sum(MESSAGES["conflit"] in str(paquet) for paquet in prise.recu)

    assert 0 < asyncio.run(scene()) < 400


def test_flood_of_anonymous_sockets_takes_nothing_from_the_others(cadence: Serveur) -> None:
    async def inonder(barriere: asyncio.Barrier) -> tuple[str, int]:
        async with cadence.prise() as prise:
            for _ in range(400):
                await prise.envoyer(cadence.nom(CHARGER))
            await barriere.wait()
            return await prise.calme(1, 120), _refuses(prise)

    async def scene() -> tuple[list[tuple[str, int]], str]:
        barriere = asyncio.Barrier(11)

        async def travailler() -> str:
            async with cadence.prise(cadence.claire.cookie) as prise:
                await barriere.wait()
                vu = await _voir(cadence, prise)
                assert _refuses(prise) == 0
                return vu

        travail = asyncio.create_task(travailler())
        return await asyncio.gather(*(inonder(barriere) for _ in range(10))), await travail

    flots, vu = asyncio.run(scene())
    textes = [texte for texte, _ in flots]
    assert sum(refuses for _, refuses in flots) > 0
    assert not any("MARQUE" in texte for texte in textes)
    assert cadence.claire.marque in vu


def test_flood_of_sign_ins_gets_a_french_429(cadence: Serveur) -> None:
    with httpx2.Client(base_url=cadence.base, trust_env=False) as client:
        reponses = [client.get("/auth/callback?error=access_denied") for _ in range(PAR_MINUTE + 10)]
        depart = client.get("/auth/connexion")
        autre = client.post("/auth/veille", headers={"Origin": cadence.base}, json={})
    refusees = [r for r in reponses if r.status_code == 429]
    assert len(refusees) >= 5
    assert depart.status_code == 429
    assert "Trop de tentatives" in refusees[0].text
    assert '<html lang="fr">' in refusees[0].text
    assert autre.status_code == 200


def test_a_message_of_a_megabyte_closes_the_socket_of_who_sends_it(serveur: Any, claire: Personne, paul: Any) -> None:
    async def scene() -> str:
        async with serveur.prise(paul.cookie) as prise, serveur.prise(claire.cookie) as autre:
            await prise.envoyer(serveur.nom(CHARGER), {"x": "x" * 1_100_000})
            async with asyncio.timeout(30):
                while prise.sio.connected:
                    await asyncio.sleep(0.01)
            return await _voir(serveur, autre)

    assert claire.marque in asyncio.run(scene())


def test_a_charge_above_the_limit_is_refused_whatever_the_handler(serveur: Any, claire: Any) -> None:
    notres = [
        (nom, parametres)
        for nom, parametres in serveur.registre["handlers"].items()
        if parametres and nom not in serveur.internes and not nom.endswith((".setvar", ".update_vars_internal"))
    ]
    avant = serveur.empreinte()

    async def scene() -> int:
        async with serveur.prise(claire.cookie) as prise:
            for nom, parametres in notres:
                await prise.envoyer(nom, {parametres[0]: "x" * CHARGE_MAX})
                await prise.calme(1)
            return sum(MESSAGES["taille"] in str(paquet) for paquet in prise.recu)

    assert asyncio.run(scene()) == len(notres)
    assert serveur.empreinte() == avant


CASSES: list[Any] = [
    "rien",
    [],
    {},
    {"name": 5, "payload": {}},
    {"name": None},
    {"name": "", "payload": {}, "router_data": {}},
    {"name": "inconnu.inconnu", "payload": {}, "router_data": {}},
    {"name": "reflex___state____state.__init__", "payload": {}, "router_data": {}},
    {"name": "reflex___state____state._clean", "payload": {}, "router_data": {}},
    {"name": "reflex___state____state.reset", "payload": {}, "router_data": {}},
    {"name": "reflex___state____state.get_state", "payload": {"state_cls": "x"}, "router_data": {}},
    {"name": "rxror___ui___identity____identity_state._poser", "payload": {"connu": {}}, "router_data": {}},
    {"name": "CHARGER", "payload": [], "router_data": {}},
    {"name": "CHARGER", "payload": {}, "router_data": []},
    {"name": "CHARGER", "payload": {}, "router_data": {"headers": "x", "asPath": None, "query": 5}},
    {"name": "CHARGER", "payload": {}, "router_data": {}, "token": "autre", "substate": "x", "inconnu": {"a": 1}},
    {"name": "CHARGER\n", "payload": {}, "router_data": {}},
]


@pytest.mark.parametrize("cookie", [True, False], ids=["connecté", "anonyme"])
def test_broken_messages_change_nothing_and_the_server_goes_on(
    cookie: bool, serveur: Any, paul: Any, claire: Any
) -> None:
    avant, traces, ecrit = serveur.empreinte(), len(serveur.traces()), len(serveur.journal)

    async def scene() -> tuple[str, str]:
        recu = ""
        for casse in CASSES:
            async with serveur.prise(paul.cookie if cookie else "") as prise:
                if isinstance(casse, dict) and casse.get("name") in ("CHARGER", "CHARGER\n"):
                    casse["name"] = casse["name"].replace("CHARGER", serveur.nom(CHARGER))
                await prise.sio.emit("event", casse, namespace="/_event")
                await prise.sio.eio.send('2/_event,["event",')
                await prise.sio.eio.send('2/_event,["inconnu",{}]')
                recu += prise.texte
        async with serveur.prise(claire.cookie) as prise:
            return recu, await _voir(serveur, prise)

    recu, vu = asyncio.run(scene())
    assert claire.marque not in recu
    assert claire.marque in vu
    assert serveur.empreinte() == avant
    assert serveur.traces()[traces:] == []
    assert "KeyError" not in serveur.journal[ecrit:]  # a name that is no handler's leaves no traceback, however often
