"""A click made while away arrives on a state that knows nothing: done on the right object, or refused with a word.

Every handler of the application is sent alone, on a new tab token, without the load of its page.
"""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from rxror.ui.incidents import MESSAGES
from tests.securite.gestes import VALEURS

pytestmark = pytest.mark.serveur

ETAT = "reflex___state____state.rxror___ui___pages___"
FERMES = (".setvar", ".update_vars_internal")
PAGES = {
    "accueil": "/",
    "application": "/offre/{offre}/appliquer/commentaire",
    "copie": "/offre/{offre}/dupliquer",
    "correction": "/offre/{offre}/corriger/ADR-01",
    "edition": "/offre/{offre}/modifier/informations_generales",
    "etablissement": "/etablissement/{finess}",
    "etablissements": "/etablissements?q=albi&page=2",
    "exigences": "/etablissement/{finess}/exigences",
    "fermeture": "/offre/{offre}/fermer",
    "lieu": "/lieu/lieu-{finess}",
    "offre": "/offre/{offre}",
    "reouverture": "/offre/{offre}/rouvrir",
    "structure": "/structure/uf-{finess}",
    "validation": "/offre/{offre}/valider",
}
AILLEURS = {
    "charger_lieu": "/creer/lieu/{offre}",
    "charger_offre": "/creer/offre/structure/uf-{finess}",
    "charger_structure": "/creer/structure/structure/uf-{finess}",
    "creer_lieu": "/creer/lieu/{offre}",
    "creer_offre": "/creer/offre/structure/uf-{finess}",
    "creer_structure": "/creer/structure/structure/uf-{finess}",
}
ZONE = ("zone", "commune", "centre", "distance", "autour", "coller", "liste", "departement")


def _chemin(nom: str, qui: Any) -> str:
    """Address of a page that sends this event."""
    page, geste = nom.removeprefix(ETAT).partition("_")[0], nom.rpartition(".")[2]
    adresse = AILLEURS.get(geste) or PAGES.get(page, "/")
    if page == "creation" and geste not in AILLEURS:
        adresse = AILLEURS["creer_offre"]
    if page == "edition" and any(mot in geste for mot in ZONE):
        adresse = "/offre/{offre}/modifier/zone"
    if page == "edition" and any(mot in geste for mot in ("horaire", "semaine", "plage", "heure", "copi", "ouvert")):
        adresse = "/offre/{offre}/modifier/horaires"
    return adresse.format(offre=qui.offre, finess=qui.finess)


async def _base(serveur: Any, qui: Any) -> str:
    """What the form of the section held when it was opened, in a tab of before."""
    async with serveur.prise(qui.cookie) as prise:
        await prise.envoyer(serveur.hydrate_et_charge, {}, PAGES["edition"].format(offre=qui.offre))
        await prise.calme()
        etats = [etat for paquet in prise.recu for etat in (paquet.get("delta") or {}).values()]
    return next(str(e["base_rx_state_"]) for e in reversed(etats) if e.get("base_rx_state_"))


def _valeurs(parametres: list[str], geste: str, qui: Any, base: str) -> dict[str, Any]:
    cle = str(uuid4())
    objet = {"genre": "offre", "identifiant": qui.offre, "cle": cle}
    saisie = {f"_{n}": t for n, t in objet.items()} | objet
    saisie |= {"_section": "informations_generales", "_base": base, "nom_offre": "TAPÉ"}
    saisie |= {"_geste": "pause", "_vu": "1", "_regle": "ADR-01", "q": "albi", "_source": qui.offre}
    if geste == "creer_structure":
        saisie |= {"_genre": "structure", "_identifiant": f"uf-{qui.finess}", "nom_oi": "TAPÉ"}
    if geste == "creer_offre":
        saisie |= {"_genre": "structure", "_identifiant": f"uf-{qui.finess}"}
    quitte = {"place_quittee": f"/offre/{qui.offre}", "formulaire": str(uuid4())}
    propres = {"saisie": saisie, "identifiant": qui.offre, "cle": cle, **quitte}
    return {nom: (VALEURS | propres)[nom] for nom in parametres}


def _notres(serveur: Any) -> dict[str, list[str]]:
    fermes = [n for n in serveur.registre["handlers"] if n.endswith(FERMES)]
    internes = [*serveur.internes, *fermes]
    return {n: p for n, p in serveur.registre["handlers"].items() if n not in internes}


def _gestes_de_l_ecran(serveur: Any) -> list[str]:
    """Handlers whose arguments do not say on which object they act."""
    return [
        nom
        for nom, parametres in _notres(serveur).items()
        if "place" in serveur.registre["vars"][nom.rpartition(".")[0]]
        and not nom.rpartition(".")[2].startswith(("charger", "quitter"))
        and not {"saisie", "identifiant"} & set(parametres)
    ]


async def _seul(serveur: Any, qui: Any, nom: str, valeurs: dict[str, Any]) -> str:
    async with serveur.prise(qui.cookie) as prise:
        await prise.envoyer(nom, valeurs, _chemin(nom, qui))
        return str(await prise.calme(2))


async def _tous(serveur: Any, qui: Any) -> dict[str, str]:
    """Answer to each handler, sent alone."""
    ensemble, base = asyncio.Semaphore(8), await _base(serveur, qui)

    async def un(nom: str, parametres: list[str]) -> str:
        async with ensemble:
            return await _seul(serveur, qui, nom, _valeurs(parametres, nom.rpartition(".")[2], qui, base))

    notres = _notres(serveur)
    return dict(zip(notres, await asyncio.gather(*(un(n, p) for n, p in notres.items())), strict=True))


def test_no_handler_breaks_nor_acts_on_an_empty_state(serveur: Any, claire: Any, jouer: Any) -> None:
    avant, pannes = serveur.photo(), serveur.journal.count("repère")
    reponses = jouer(_tous(serveur, claire))
    assert [n for n, texte in reponses.items() if MESSAGES["panne"][:22] in texte] == []
    assert serveur.journal.count("repère") == pannes
    assert [n for n in _gestes_de_l_ecran(serveur) if MESSAGES["perimee"] not in reponses[n]] == []
    assert _ecrits(avant, serveur.photo()) == {f"offre:{claire.offre}"}
    assert "q=albi&etat=en_retard" in reponses[serveur.nom("etablissements_state.filtrer")]
    assert "q=albi&page=3" in reponses[serveur.nom("etablissements_state.tourner")]


def _ecrits(avant: dict[str, list[Any]], apres: dict[str, list[Any]]) -> set[str]:
    """Objects that something was written about."""
    ajoutees = [
        (table, ligne) for table, lignes in apres.items() for ligne in lignes if ligne not in avant.get(table, [])
    ]
    return {str(ligne.get("objet", table)) for table, ligne in ajoutees}
