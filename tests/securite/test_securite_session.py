"""What ends a session ends it in open sockets too."""

from typing import Any

import httpx2
import pytest

pytestmark = pytest.mark.serveur


async def _charger(serveur: Any, prise: Any) -> str:
    await prise.envoyer(serveur.hydrate_et_charge, {}, "/etablissements")
    texte = await prise.calme()
    prise.recu.clear()
    return str(texte)


def _poste(serveur: Any, cookie: str) -> httpx2.Response:
    return httpx2.post(
        f"{serveur.base}/auth/deconnexion", headers={"Origin": serveur.base, "Cookie": cookie}, trust_env=False
    )


def test_sign_out_ends_an_open_socket(serveur: Any, claire: Any, jouer: Any) -> None:
    async def scene() -> tuple[str, str, str]:
        async with serveur.prise(claire.cookie) as prise:
            avant = await _charger(serveur, prise)
            assert _poste(serveur, claire.cookie).status_code == 303
            await prise.envoyer(serveur.nom("etablissements_state.charger"), {}, "/etablissements")
            apres = await prise.calme()
            prise.recu.clear()
            return avant, apres, await _charger(serveur, prise)

    avant, apres, recharge = jouer(scene())
    assert claire.marque in avant
    assert "/connexion?next=%2Fetablissements" in apres
    assert claire.marque not in apres
    assert claire.marque not in recharge


def test_idle_session_is_told_and_keeps_the_screen(serveur: Any, claire: Any, jouer: Any) -> None:
    async def scene() -> tuple[str, str]:
        async with serveur.prise(claire.cookie) as prise:
            await _charger(serveur, prise)
            vue = "2020-01-01 00:00:00.000000"
            serveur.ecrire("UPDATE web_session SET vue = :vue WHERE empreinte = :e", vue=vue, e=claire.empreinte)
            await prise.envoyer(serveur.nom("etablissements_state.charger"), {}, "/etablissements")
            refus = await prise.calme()
            prise.recu.clear()
            return refus, await _charger(serveur, prise)

    refus, recharge = jouer(scene())
    assert "Votre session est terminée" in refus
    assert "/auth/connexion?next=%2Fetablissements" in refus
    assert "etablissements_state" not in refus  # nothing takes away what was typed
    assert "_redirect" not in refus
    assert claire.marque not in recharge
    assert "/connexion?next=" in recharge


def test_right_taken_away_is_refused_at_the_next_event(serveur: Any, claire: Any, jouer: Any) -> None:
    async def scene() -> str:
        async with serveur.prise(claire.cookie) as prise:
            await _charger(serveur, prise)
            serveur.ecrire("UPDATE habilitation SET fin = '2020-01-01' WHERE id = 1")
            try:
                await prise.envoyer(serveur.hydrate_et_charge, {}, claire.chemins[2])
                return str(await prise.calme())
            finally:
                serveur.ecrire("UPDATE habilitation SET fin = NULL WHERE id = 1")

    texte = jouer(scene())
    assert "elle ne vous est pas confiée" in texte
    assert serveur.traces()[-1] == "refus"


def test_secret_is_nowhere_on_the_server(serveur: Any, claire: Any, jouer: Any) -> None:
    async def scene() -> None:
        async with serveur.prise(claire.cookie) as prise:
            await _charger(serveur, prise)

    jouer(scene())
    dossier = serveur.engine.url.database.rsplit("/", 2)[0]
    from pathlib import Path

    for fichier in Path(dossier).rglob("*"):
        if fichier.is_file():
            assert claire.secret.encode() not in fichier.read_bytes(), fichier


def test_an_event_with_forged_router_data_is_answered_once_at_most(serveur: Any, jouer: Any) -> None:
    """Answering it by an event of the same tab would fail the same way, and call itself for ever."""

    async def scene() -> None:
        async with serveur.prise("") as prise:
            await prise.envoyer(serveur.hydrate_et_charge, {}, "/", asPath=5)
            await prise.calme()
        async with serveur.prise("") as prise:
            await prise.envoyer(serveur.hydrate_et_charge, {}, "/connexion")
            await prise.calme()

    avant = serveur.journal.count("repère")
    jouer(scene())
    assert serveur.journal.count("repère") - avant <= 1
