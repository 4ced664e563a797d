"""Several processes, one Valkey: each tab is answered, alone, whatever happens to Valkey or to where it is served."""

import asyncio
import json
import os
import signal
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from rxror.auth import sessions
from tests.partage.conftest import ESSAIS, Partage
from tests.securite.conftest import BARRIERE, Personne, Prise, Serveur

pytestmark = pytest.mark.serveur


def formulaire(qui: Personne) -> str:
    """Address of the form of their offer."""
    return f"/offre/{qui.offre}/modifier/informations_generales"


async def ouvrir(serveur: Serveur, prise: Prise, chemin: str) -> str:
    await prise.envoyer(serveur.hydrate_et_charge, {}, chemin)
    return await prise.calme()


def dernier(prise: Prise, nom: str) -> Any:
    """What a var was last said to be."""
    vus = [
        v
        for paquet in prise.recu
        for vars in (json.loads(paquet) if isinstance(paquet, str) else paquet).get("delta", {}).values()
        for n, v in vars.items()
        if n == f"{nom}_rx_state_"
    ]
    return vus[-1] if vus else None


async def basculer(serveur: Serveur, prise: Prise, chemin: str) -> bool:
    """Ask for the other answer of « Abandonner »: what it becomes depends on what the state held."""
    prise.recu.clear()
    await prise.envoyer(serveur.nom("edition_state.demander_abandon"), {}, chemin)
    await prise.calme(1)
    return bool(dernier(prise, "abandon"))


async def enregistrer(serveur: Serveur, prise: Prise, qui: Personne, nom: str) -> str:
    """Save the name of their offer as the form does, while one types; gives the key of that sending."""
    cle = str(uuid4())
    saisie = {
        "_genre": "offre",
        "_identifiant": qui.offre,
        "_section": "informations_generales",
        "_base": dernier(prise, "base") or "{}",
        "_cle": cle,
        "_sans_reponse": "",
        "_caches": "",
        "_geste": "pause",
        "nom_offre": nom,
    }
    await prise.envoyer(serveur.nom("edition_state.enregistrer"), {"saisie": saisie}, formulaire(qui))
    await prise.calme(1)
    return cle


def gardees(serveur: Serveur, cle: str) -> int:
    """How many lines of the trace bear the key of a sending."""
    with serveur.engine.connect() as connexion:
        return int(connexion.execute(text("SELECT count(*) FROM trace WHERE cle = :cle"), {"cle": cle}).scalar_one())


# ------------------------------------------------------------------------------ to each their own


def test_twenty_tabs_over_two_processes_each_get_only_what_is_theirs(
    partage: Partage, claire: Personne, paul: Personne, jouer: Any
) -> None:
    serveur = partage.serveur

    async def scene() -> tuple[set[str], list[tuple[Personne, str, Prise]]]:
        async with AsyncExitStack() as pile:
            onglets = []
            for rang in range(60):
                qui = (claire, paul)[rang % 2]
                prise = await pile.enter_async_context(serveur.prise(qui.cookie))
                onglets.append((qui, f"2345-{rang:04d}-6789", prise))
                if rang >= 19 and len({partage.processus(p) for _, _, p in onglets}) == 2:
                    break
            await asyncio.gather(*(ouvrir(serveur, p, formulaire(q)) for q, _, p in onglets))
            for _ in range(5):
                await asyncio.gather(
                    *(p.envoyer(BARRIERE, {"cle": "debit", "repere": r}, q.chemins[4]) for q, r, p in onglets)
                )
            await asyncio.gather(*(p.calme(1) for _, _, p in onglets))
            return {partage.processus(p) for _, _, p in onglets}, onglets

    processus, onglets = jouer(scene())
    assert len(processus) == 2
    for qui, repere, prise in onglets:
        autre = paul if qui is claire else claire
        assert qui.marque in prise.texte
        assert autre.marque not in prise.texte
        assert repere in prise.texte
        assert not [r for _, r, _ in onglets if r != repere and r in prise.texte]


def test_valkey_holds_no_secret(partage: Partage, claire: Personne, jouer: Any) -> None:
    """The digest of a session is there, which opens nothing; neither its secret nor those of the settings."""

    async def scene() -> None:
        async with partage.serveur.prise(claire.cookie) as prise:
            await ouvrir(partage.serveur, prise, formulaire(claire))

    jouer(scene())
    tout = b"".join(cle + valeur for cle, valeur in partage.valkey.contenu().items())
    assert claire.empreinte.encode() in tout
    for secret in (claire.secret, *partage.serveur.secrets):
        assert secret.encode() not in tout
    assert b"rxror=" not in tout


def test_a_copy_of_a_tab_takes_nothing_from_the_first_even_after_valkey_was_emptied(
    partage: Partage, claire: Personne, jouer: Any
) -> None:
    """On the same process it gets a name of its own; on the other, each process answers its own."""
    serveur, chemin = partage.serveur, formulaire(claire)

    async def scene() -> set[bool]:
        cas: set[bool] = set()
        async with AsyncExitStack() as autres, serveur.prise(claire.cookie) as premiere:
            await ouvrir(serveur, premiere, chemin)
            for rang in range(ESSAIS):
                partage.valkey.vider()
                async with serveur.prise(claire.cookie, jeton=premiere.jeton) as copie:
                    await ouvrir(serveur, copie, chemin)
                    assert await basculer(serveur, premiere, chemin) is (rang % 2 == 0)
                    deux = [await basculer(serveur, copie, chemin) for _ in range(2)]
                    assert set(deux) == {True, False}
                    cas.add(bool(copie.nouveaux_jetons))
                if len(cas) == 2:
                    break
                await autres.enter_async_context(serveur.prise())
            return cas

    assert jouer(scene()) == {True, False}


# --------------------------------------------------------------------------- from one to the other


def test_a_tab_that_comes_back_to_another_process_finds_what_it_had(
    partage: Partage, claire: Personne, jouer: Any
) -> None:
    serveur, chemin = partage.serveur, formulaire(claire)

    async def scene() -> list[bool]:
        async with partage.prise(claire.cookie) as (prise, ou):
            jeton = prise.jeton
            await ouvrir(serveur, prise, chemin)
            dits = [await basculer(serveur, prise, chemin)]
        async with partage.ailleurs(claire.cookie, jeton, ou) as prise:
            dits.append(await basculer(serveur, prise, chemin))
            dits.append(await basculer(serveur, prise, chemin))
            ou = partage.processus(prise)
        async with partage.ailleurs(claire.cookie, jeton, ou) as prise:
            return [*dits, await basculer(serveur, prise, chemin)]

    assert jouer(scene()) == [True, False, True, False]


def test_somebody_else_in_the_same_tab_on_another_process_gets_nothing_of_the_first(
    partage: Partage, claire: Personne, paul: Personne, jouer: Any
) -> None:
    """Whatever event comes first: all of the state is emptied, not the part that the event loads."""
    serveur = partage.serveur

    async def scene() -> str:
        async with partage.prise(claire.cookie) as (prise, ou):
            jeton = prise.jeton
            for chemin in claire.chemins[1:6]:
                assert claire.marque in await ouvrir(serveur, prise, chemin)
        async with partage.ailleurs(paul.cookie, jeton, ou) as prise:
            await prise.envoyer(serveur.nom("etablissements_state.charger"), {}, "/etablissements")
            await prise.calme()
            return await ouvrir(serveur, prise, "/etablissements")

    texte = jouer(scene())
    assert paul.marque in texte
    assert claire.marque not in texte


# ---------------------------------------------------------------------------------- what it holds


def test_valkey_holds_no_cookie(partage: Partage, claire: Personne, jouer: Any) -> None:
    serveur = partage.serveur

    async def scene() -> dict[bytes, bytes]:
        async with serveur.prise(claire.cookie, authorization="Bearer jeton-du-client") as prise:
            for chemin in claire.chemins:
                await ouvrir(serveur, prise, chemin)
            return {c: v for c, v in partage.valkey.contenu().items() if prise.jeton.encode() in c}

    contenu = jouer(scene())
    tout = b"\n".join([*contenu, *contenu.values()])
    assert claire.marque.encode() in tout  # this is what it is for
    assert sessions.empreinte(claire.secret).encode() in tout
    assert claire.secret.encode() not in tout
    assert b"jeton-du-client" not in tout
    assert not [nom for nom in (b"rxror=", b"__Host-", b"rxror_login") if nom in tout]


def test_what_valkey_holds_of_a_tab_ends_with_the_session(partage: Partage, claire: Personne, jouer: Any) -> None:
    async def scene() -> list[int]:
        async with partage.serveur.prise(claire.cookie) as prise:
            await ouvrir(partage.serveur, prise, formulaire(claire))
            with partage.valkey.client() as client:
                return [int(client.ttl(c)) for c in client.scan_iter(f"*{prise.jeton}*", count=1000)]  # type: ignore[arg-type]

    durees = jouer(scene())
    assert durees
    assert all(0 < d <= 9 * 3600 for d in durees)


# ------------------------------------------------------------------------------------- its faults


def test_emptied_in_the_middle_of_a_form_nothing_shows_and_the_save_lands(
    partage: Partage, claire: Personne, jouer: Any
) -> None:
    serveur, chemin = partage.serveur, formulaire(claire)

    async def scene() -> tuple[list[bool], str, str]:
        async with serveur.prise(claire.cookie) as prise:
            await ouvrir(serveur, prise, chemin)
            dits = [await basculer(serveur, prise, chemin)]
            partage.valkey.vider()
            dits.append(await basculer(serveur, prise, chemin))
            await ouvrir(serveur, prise, chemin)
            partage.valkey.vider()
            return dits, await enregistrer(serveur, prise, claire, "Après le vidage"), prise.texte

    dits, cle, texte = jouer(scene())
    assert dits == [True, False]
    assert cle in texte
    assert gardees(serveur, cle) == 1


def test_killed_while_people_work_every_gesture_goes_on(
    partage: Partage, claire: Personne, paul: Personne, jouer: Any
) -> None:
    """Those at work before, those who come meanwhile, and all of them once it is back."""
    serveur, chemin = partage.serveur, formulaire(claire)

    async def scene() -> tuple[list[bool], list[str], list[Prise]]:
        async with serveur.prise(claire.cookie) as avant:
            await ouvrir(serveur, avant, chemin)
            dits = [await basculer(serveur, avant, chemin)]
            partage.valkey.tuer()
            try:
                dits.append(await basculer(serveur, avant, chemin))
                await ouvrir(serveur, avant, chemin)
                cles = [await enregistrer(serveur, avant, claire, "Pendant la panne")]
                async with serveur.prise(paul.cookie) as pendant:
                    await ouvrir(serveur, pendant, formulaire(paul))
                    cles.append(await enregistrer(serveur, pendant, paul, "Arrivé pendant la panne"))
                    partage.valkey.demarrer()
                    await ouvrir(serveur, avant, chemin)
                    cles.append(await enregistrer(serveur, avant, claire, "Après la panne"))
                    return dits, cles, [avant, pendant]
            finally:
                if not partage.valkey.en_marche:
                    partage.valkey.demarrer()

    lu = len(serveur.journal)
    dits, cles, (avant, pendant) = jouer(scene())
    assert dits == [True, False]
    assert "Traceback" not in serveur.journal[lu:]
    assert "Valkey ne répond plus" in serveur.journal[lu:]
    assert [gardees(serveur, cle) for cle in cles] == [1, 1, 1]
    assert cles[0] in avant.texte
    assert cles[1] in pendant.texte
    assert paul.marque in pendant.texte
    assert cles[2] in avant.texte
    for prise in (avant, pendant):
        assert "panne vient de nous" not in prise.texte


def test_a_process_killed_takes_no_other_tab_with_it_and_is_replaced(
    partage: Partage, claire: Personne, jouer: Any
) -> None:
    serveur, chemin = partage.serveur, formulaire(claire)

    async def jusqua(condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(60):
            while not condition():
                await asyncio.sleep(0.02)

    async def scene() -> tuple[list[bool], str, str]:
        async with (
            partage.prise(claire.cookie) as (une, ou),
            partage.ailleurs(claire.cookie, str(uuid4()), ou) as autre,
        ):
            onglets = [une, autre]
            for prise in onglets:
                await ouvrir(serveur, prise, chemin)
                assert await basculer(serveur, prise, chemin)
            avant = partage.processus_du_service()
            os.kill(avant[0], signal.SIGKILL)
            await jusqua(lambda: not all(p.sio.connected for p in onglets))
            (reste,) = [p for p in onglets if p.sio.connected]
            (perdu,) = [p for p in onglets if p is not reste]
            dits = [await basculer(serveur, reste, chemin) for _ in range(2)]
            async with serveur.prise(claire.cookie, jeton=perdu.jeton) as revenu:
                await ouvrir(serveur, revenu, chemin)
                cle = await enregistrer(serveur, revenu, claire, "Après la mort d’un processus")
                await jusqua(lambda: len(set(partage.processus_du_service()) - {avant[0]}) == 2)
                return dits, cle, revenu.texte

    dits, cle, texte = jouer(scene())
    assert dits == [False, True]
    assert cle in texte
    assert gardees(serveur, cle) == 1


def test_frozen_it_makes_nobody_wait_for_an_answer(partage: Partage, claire: Personne, jouer: Any) -> None:
    serveur, chemin = partage.serveur, formulaire(claire)

    async def scene() -> tuple[str, str]:
        async with serveur.prise(claire.cookie) as prise:
            await ouvrir(serveur, prise, chemin)
            with partage.valkey.fige():
                cle = await enregistrer(serveur, prise, claire, "Pendant le gel")
            return cle, prise.texte

    cle, texte = jouer(scene())
    assert cle in texte
    assert gardees(serveur, cle) == 1


def test_what_changed_while_it_was_away_is_copied_once_it_is_back(
    partage: Partage, claire: Personne, jouer: Any
) -> None:
    serveur, chemin = partage.serveur, formulaire(claire)

    async def revenu(prise: Prise) -> None:
        """Events go on until one of them is copied again."""
        while f"{prise.jeton}_reflex___state____state".encode() not in partage.valkey.contenu():
            await prise.calme(1)

    async def scene() -> list[bool]:
        async with partage.prise(claire.cookie) as (prise, ou):
            jeton = prise.jeton
            partage.valkey.tuer()
            try:
                await ouvrir(serveur, prise, chemin)
                dits = [await basculer(serveur, prise, chemin)]
            finally:
                partage.valkey.demarrer()
            async with asyncio.timeout(20):
                await revenu(prise)
        async with partage.ailleurs(claire.cookie, jeton, ou) as prise:
            return [*dits, await basculer(serveur, prise, chemin)]

    assert jouer(scene()) == [True, False]
