"""What ends a session ends it in open sockets too."""

import re
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from sqlmodel import Session

from rxror.auth import sessions
from rxror.services import connexions
from rxror.tables import Utilisateur, WebSession

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


@pytest.mark.parametrize("colonne", ["vue", "debut"], ids=["idle", "open for too long"])
def test_session_over_is_told_and_keeps_the_screen(colonne: str, serveur: Any, claire: Any, jouer: Any) -> None:
    async def scene() -> tuple[str, str]:
        async with serveur.prise(claire.cookie) as prise:
            await _charger(serveur, prise)
            jadis = "2020-01-01 00:00:00.000000"
            serveur.ecrire(f"UPDATE web_session SET {colonne} = :t WHERE empreinte = :e", t=jadis, e=claire.empreinte)
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


def _ailleurs(serveur: Any, qui: Any) -> tuple[str, str]:
    """The same person in another browser: its cookie, and what names it on « Mes connexions »."""
    with Session(serveur.engine) as session, session.begin():
        personne = session.get_one(Utilisateur, session.get_one(WebSession, qui.empreinte).utilisateur_id)
        secret = sessions.ouvrir(session, iss=personne.iss, sub=personne.sub, prenom="", nom="", appareil="Safari")
        session.flush()
        repere = connexions._repere(session.get_one(WebSession, sessions.empreinte(secret)))
    return f"rxror={secret}", repere


async def _appeler(serveur: Any, prise: Any, geste: str, **saisie: str) -> str:
    prise.recu.clear()
    await prise.envoyer(serveur.nom(f"connexions_state.{geste}"), {"saisie": saisie}, "/mes-connexions")
    return str(await prise.calme())


def test_connection_ended_from_another_browser_is_refused_at_its_next_event(
    serveur: Any, claire: Any, jouer: Any
) -> None:
    cookie, repere = _ailleurs(serveur, claire)

    async def scene() -> tuple[str, str, str]:
        async with serveur.prise(claire.cookie) as ici, serveur.prise(cookie) as ailleurs:
            avant = await _charger(serveur, ailleurs)
            dit = await _appeler(serveur, ici, "terminer", repere=repere, cle=str(uuid4()))
            await ailleurs.envoyer(serveur.nom("etablissements_state.charger"), {}, "/etablissements")
            return avant, dit, await ailleurs.calme()

    avant, dit, apres = jouer(scene())
    assert claire.marque in avant
    assert "est terminée" in dit
    assert claire.empreinte not in dit  # what names a session is not what opens it
    assert "/connexion?next=%2Fetablissements" in apres
    assert claire.marque not in apres
    assert serveur.traces()[-1] == "deconnexion"


def test_all_the_others_end_but_the_one_that_asks(serveur: Any, claire: Any, jouer: Any) -> None:
    cookies = [_ailleurs(serveur, claire)[0] for _ in range(2)]

    async def scene() -> tuple[str, list[str], str]:
        async with serveur.prise(claire.cookie) as ici:
            await ici.envoyer(serveur.hydrate_et_charge, {}, "/mes-connexions")
            vu = re.findall(r'"vu_rx_state_": "([0-9a-f]{64})"', await ici.calme())[-1]
            dit = await _appeler(serveur, ici, "terminer_les_autres", vu=vu, cle=str(uuid4()))
            ailleurs = []
            for cookie in cookies:
                async with serveur.prise(cookie) as prise:
                    ailleurs.append(await _charger(serveur, prise))
            return dit, ailleurs, await _charger(serveur, ici)

    dit, ailleurs, ici = jouer(scene())
    assert "connexions sont terminées" in dit
    assert not [texte for texte in ailleurs if claire.marque in texte]
    assert claire.marque in ici


def test_connections_of_somebody_else_cannot_be_named(serveur: Any, claire: Any, paul: Any, jouer: Any) -> None:
    _, repere = _ailleurs(serveur, claire)
    avant, traces = serveur.photo(), serveur.traces()

    async def scene() -> str:
        async with serveur.prise(paul.cookie) as prise:
            dits = [
                await _appeler(serveur, prise, "terminer", repere=repere, cle=str(uuid4())),
                await _appeler(serveur, prise, "terminer", repere=claire.empreinte[:24], cle=str(uuid4())),
                await _appeler(serveur, prise, "terminer", repere="' or 1=1", cle=str(uuid4())),
                await _appeler(serveur, prise, "terminer_les_autres", vu="0", cle=str(uuid4())),
            ]
            return "".join(dits)

    texte = jouer(scene())
    assert (serveur.photo(), serveur.traces()) == (avant, traces)
    assert texte.count("était déjà terminée") == 2
    assert claire.marque not in texte


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
