"""Every registered handler, attacked by raw websocket.

The list comes from the application: a new handler is under attack the day it is written.
"""

import json
from typing import Any

import pytest
from socketio.exceptions import ConnectionError as SocketConnectionError
from sqlalchemy import text

pytestmark = pytest.mark.serveur

FERMES = (".setvar", ".update_vars_internal")
PUBLICS = ("demande_acces_state", "recherche_acces_state")
VALEURS: dict[str, Any] = {
    "genre": "offre",
    "section": "informations_generales",
    "value": True,
    "vars": {},
    "hashes": [],
}
SORTES = {"offre": "offre", "lieu": "lieu-{finess}", "structure": "uf-{finess}", "etablissement": "{finess}"}


def _valeurs(parametres: list[str], victime: Any, sorte: str) -> dict[str, Any]:
    """Plausible values for a handler: those a page of the victim would send."""
    identifiant = victime.offre if sorte == "offre" else SORTES[sorte].format(finess=victime.finess)
    valeurs: dict[str, Any] = VALEURS | {"finess": victime.finess, "genre": sorte}
    saisie = {
        "_genre": sorte,
        "_identifiant": identifiant,
        "_section": "informations_generales",
        "_jalon": "0",
        "_cle": "11111111-1111-4111-8111-111111111111",
        "nom_offre": "ATTAQUE",
        "nom": "ATTAQUE",
    }
    contexte = ("genre", "objet", "identifiant", "section", "cle_section", "version", "vu", "cle")
    valeurs_du_contexte = (sorte, sorte, identifiant, *["informations_generales"] * 2, "1", "0", saisie["_cle"])
    saisie |= dict(zip(contexte, valeurs_du_contexte, strict=True))
    saisie |= {f"reprend.{sorte}:{identifiant}|informations_generales": "oui", "vu.nom_offre.": "0", "qui": "1"}
    saisie |= {
        "habilitation": "1",
        "personne": "2",
        "vers": "2",
        "role": "referent",
        "structure": "",
        "separee": "true",
    }
    return {nom: valeurs.get(nom, saisie if nom in ("saisie", "donnees") else identifiant) for nom in parametres}


async def _attaquer(prise: Any, serveur: Any, victime: Any) -> str:
    """Open each address of the victim, then call every handler there, with nothing and with plausible values."""
    for chemin in victime.chemins:
        await prise.envoyer(serveur.hydrate_et_charge, {}, chemin)
        await prise.calme()
    for sorte, chemin in zip(SORTES, (victime.chemins[i] for i in (5, 9, 3, 2)), strict=True):
        for nom, parametres in serveur.registre["handlers"].items():
            if not nom.endswith(".setvar"):
                await prise.envoyer(nom, _valeurs(parametres, victime, sorte), chemin)
        await prise.calme()
    for nom in serveur.registre["handlers"]:
        await prise.envoyer(nom, {}, victime.chemins[5])
    return await prise.calme()


def test_harness_sees_what_its_owner_may_see(serveur: Any, claire: Any, jouer: Any) -> None:
    async def scene() -> str:
        async with serveur.prise(claire.cookie) as prise:
            for chemin in claire.chemins[:3]:
                await prise.envoyer(serveur.hydrate_et_charge, {}, chemin)
                await prise.calme()
            return prise.texte

    texte = jouer(scene())
    assert f"Claire {claire.marque}" in texte
    assert texte.count(claire.marque) > 1
    assert claire.secret not in texte
    assert claire.empreinte not in texte


@pytest.mark.parametrize(
    "attaque",
    [
        {},
        {"origine": None, "cookie": True},
        {"cookie": "rxror=faux"},
        {"Authorization": "Session {empreinte}"},
        {"origine": None, "Authorization": "Session {empreinte}"},
    ],
    ids=["sans session", "sans origine", "faux cookie", "fausse poignée", "fausse poignée sans origine"],
)
def test_anonymous_gets_nothing_and_changes_nothing(
    attaque: dict[str, Any], serveur: Any, claire: Any, jouer: Any
) -> None:
    reglages = {n: v.format(empreinte=claire.empreinte) if isinstance(v, str) else v for n, v in attaque.items()}
    if reglages.get("cookie") is True:
        reglages["cookie"] = claire.cookie
    avant, traces = serveur.photo(), serveur.traces()

    async def scene() -> str:
        async with serveur.prise(**reglages) as prise:
            return await _attaquer(prise, serveur, claire)

    texte = jouer(scene())
    notres = [n for n in serveur.registre["handlers"] if n not in serveur.internes and not n.endswith(FERMES)]
    # each call of each handler was sent to the sign-in page
    assert texte.count('"name": "_redirect"') >= 5 * len(notres)
    assert "/connexion?next=" in texte
    assert "MARQUE" not in texte
    assert serveur.photo() == avant
    assert serveur.traces() == traces


def test_forged_router_data_gives_no_identity(serveur: Any, claire: Any, jouer: Any) -> None:
    entetes = {"authorization": f"Session {claire.empreinte}", "cookie": claire.cookie, "origin": serveur.base}

    async def scene() -> str:
        async with serveur.prise() as prise:
            for chemin in claire.chemins:
                for nom in (serveur.hydrate_et_charge, serveur.nom("identity_state.charger")):
                    await prise.envoyer(nom, {}, chemin, headers=entetes, token=prise.jeton, ip="127.0.0.1")
            return await prise.calme()

    assert "MARQUE" not in jouer(scene())


def test_forged_router_data_signs_no_refusal_with_another_name(
    serveur: Any, claire: Any, paul: Any, jouer: Any
) -> None:
    """The line of a refusal names who sent the event, whatever the event says of itself."""
    entetes = {"authorization": f"Session {claire.empreinte}", "cookie": claire.cookie, "origin": serveur.base}
    refuse = claire.chemins[4]

    async def scene() -> str:
        async with serveur.prise(claire.cookie) as autre, serveur.prise(paul.cookie) as prise:
            await autre.calme(1)
            for nom in (serveur.nom("offre_state.charger"), serveur.nom("edition_state.charger")):
                await prise.envoyer(
                    nom, {}, refuse, headers=entetes, token=autre.jeton, ip="203.0.113.9", sid="x", asPath=refuse
                )
            return await prise.calme()

    with serveur.engine.connect() as connexion:
        derniere = connexion.execute(text("SELECT coalesce(max(id), 0) FROM trace")).scalar_one()
    assert claire.marque not in jouer(scene())
    with serveur.engine.connect() as connexion:
        lignes = connexion.execute(
            text("SELECT lower(action), nom, adresse FROM trace WHERE id > :d ORDER BY id"), {"d": derniere}
        ).all()
    assert len(lignes) == 2
    assert {(action, nom) for action, nom, _ in lignes} == {("refus", f"Paul {paul.marque}")}
    assert "203.0.113.9" not in {adresse for _, _, adresse in lignes}


def test_somebody_else_gets_nothing_and_changes_nothing(serveur: Any, claire: Any, paul: Any, jouer: Any) -> None:
    avant, traces = serveur.photo(), len(serveur.traces())

    async def scene() -> str:
        async with serveur.prise(paul.cookie) as prise:
            return await _attaquer(prise, serveur, claire)

    texte = _sans_ce_que_chacun_sait(jouer(scene()))
    assert paul.marque in texte
    assert claire.marque not in texte
    assert serveur.photo() == avant
    assert set(serveur.traces()[traces:]) <= {"refus"}


def _sans_ce_que_chacun_sait(texte: str) -> str:
    """What was received, but for the page that asks for an access: it names the établissement, its commune, no more."""
    paquets = json.loads(texte)
    for paquet in paquets:
        for etat in [n for n in paquet.get("delta") or {} if n.endswith(PUBLICS)]:
            del paquet["delta"][etat]
    return json.dumps(paquets, ensure_ascii=False)


@pytest.mark.parametrize("qui", ["personne", "claire"])
def test_setvar_and_storage_write_no_var(qui: str, serveur: Any, claire: Any, jouer: Any) -> None:
    avant = serveur.photo()
    variables = [(etat, var) for etat, noms in serveur.registre["vars"].items() for var in noms]

    async def scene() -> str:
        async with serveur.prise(claire.cookie if qui == "claire" else "") as prise:
            await prise.envoyer(serveur.hydrate_et_charge, {}, "/aide")
            await prise.calme()
            prise.recu.clear()
            for etat, var in variables:
                await prise.envoyer(f"{etat}.setvar", {"var_name": var, "value": "INTRUS"}, "/aide")
            fermee = serveur.nom("update_vars_internal")
            await prise.envoyer(fermee, {"vars": {f"{etat}.{var}": "INTRUS" for etat, var in variables}}, "/aide")
            await prise.calme()
            await prise.envoyer(serveur.hydrate_et_charge, {}, "/aide")
            return await prise.calme()

    assert "INTRUS" not in jouer(scene())
    assert serveur.photo() == avant


@pytest.mark.parametrize("origine", ["https://autre.fr", "null", "http://localhost.autre.fr"])
def test_websocket_from_another_site_is_refused(origine: str, serveur: Any, claire: Any, jouer: Any) -> None:
    async def scene() -> None:
        async with serveur.prise(claire.cookie, origine=origine):
            pass

    with pytest.raises(SocketConnectionError):
        jouer(scene())


def test_tab_token_of_somebody_away_gives_nothing(serveur: Any, claire: Any, paul: Any, jouer: Any) -> None:
    async def scene(cookie: str) -> tuple[str, str]:
        async with serveur.prise(claire.cookie) as victime:
            await victime.envoyer(serveur.hydrate_et_charge, {}, "/etablissements")
            vu = await victime.calme()
        async with serveur.prise(cookie, jeton=victime.jeton) as voleur:
            assert voleur.nouveaux_jetons == []
            await voleur.envoyer(serveur.nom("incident_state.fermer"))
            await voleur.envoyer(serveur.nom("state.hydrate"))
            await voleur.envoyer(serveur.hydrate_et_charge, {}, "/aide")
            return vu, await voleur.calme()

    for cookie in ("", paul.cookie):
        vu, vole = jouer(scene(cookie))
        assert claire.marque in vu
        assert claire.marque not in vole
        assert '"is_hydrated_rx_state_": true' in vole


def test_tab_token_of_somebody_present_is_replaced(serveur: Any, claire: Any, paul: Any, jouer: Any) -> None:
    async def scene() -> tuple[list[Any], str]:
        async with serveur.prise(claire.cookie) as victime:
            await victime.envoyer(serveur.hydrate_et_charge, {}, "/etablissements")
            await victime.calme()
            async with serveur.prise(paul.cookie, jeton=victime.jeton) as voleur:
                await voleur.envoyer(serveur.hydrate_et_charge, {}, "/aide")
                await voleur.calme()
                return voleur.nouveaux_jetons, voleur.texte

    jetons, texte = jouer(scene())
    assert len(jetons) == 1
    assert claire.marque not in texte


def test_too_big_an_event_is_refused_in_french(serveur: Any, claire: Any, jouer: Any) -> None:
    async def scene() -> str:
        async with serveur.prise(claire.cookie) as prise:
            await prise.envoyer(serveur.nom("identity_state.charger"), {"x": "x" * 200_000})
            return await prise.calme()

    assert "Cet envoi est trop gros" in jouer(scene())


@pytest.mark.parametrize("valeurs", [{"inconnu": 1}, {"self": 1}, {"cle": {"a": []}, "repere": None}])
def test_broken_event_shows_a_french_sentence(valeurs: dict[str, Any], serveur: Any, claire: Any, jouer: Any) -> None:
    async def scene() -> str:
        async with serveur.prise(claire.cookie) as prise:
            await prise.envoyer(serveur.nom("identity_state.charger"), valeurs)
            return await prise.calme()

    texte = jouer(scene())
    assert "La panne vient de nous" in texte
    assert "repere_rx_state_" in texte
    assert "Error" not in texte
    assert "argument" not in texte


def test_database_down_shows_a_french_sentence(serveur: Any, claire: Any, jouer: Any) -> None:
    async def scene() -> str:
        async with serveur.prise(claire.cookie) as prise:
            await prise.envoyer(serveur.nom("identity_state.charger"))
            return await prise.calme()

    serveur.ecrire("ALTER TABLE web_session RENAME TO partie")
    try:
        texte = jouer(scene())
    finally:
        serveur.ecrire("ALTER TABLE partie RENAME TO web_session")
    assert "La panne vient de nous" in texte
    assert "sqlite" not in texte.lower()
    assert claire.marque not in texte
    assert claire.empreinte not in serveur.journal
