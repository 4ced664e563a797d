"""« Valider » pressed twice, by one hand or by two, at once or after « back »: one validation, one line of trace."""

import asyncio

from sqlmodel import select

from rxror.ror.objets import OffreOperationnelle
from rxror.tables import Action
from tests.fautes.application import Application
from tests.fautes.conftest import Noter
from tests.fautes.fiabilite import nombre
from tests.fautes.onglet import VALIDATION, Onglet, Reponse
from tests.fautes.verite import base, lignes_de_la_trace

OFFRE = "76/0000003"
FORMULAIRE, VALIDER = f"/offre/{OFFRE}/modifier/commentaire", f"/offre/{OFFRE}/valider"
MANIERES = ("same-key", "two-tabs", "two-people", "back")


def test_one_validation_and_one_line_however_it_is_pressed(application: Application, noter: Noter):
    tours = nombre(2, 25)
    asyncio.run(_valider_encore(application, tours))
    noter(
        "double-clic",
        obtenu="one validation, one line of trace, one version, each time",
        compte=f"{tours} times each: {', '.join(MANIERES)}",
    )


async def _valider_encore(application: Application, tours: int) -> None:
    cookies = {qui: application.connecter(qui) for qui in ("claire-dumas", "mireille-faure")}
    claire, autre, mireille = (
        Onglet(application.base, application.origine, cookies[q], q)
        for q in ("claire-dumas", "claire-dumas", "mireille-faure")
    )
    for tour in range(tours):
        for maniere in MANIERES:
            await claire.aller(FORMULAIRE)
            assert await claire.enregistrer(claire.taper(commentaire=f"{maniere} {tour}")) is Reponse.RECU
            lignes, version = lignes_de_la_trace(application, Action.VALIDATION), _version(application)
            await _presser(maniere, claire, mireille if maniere == "two-people" else autre)
            assert lignes_de_la_trace(application, Action.VALIDATION) == lignes + 1, maniere
            assert _version(application) == version + 1, maniere
    for onglet in (claire, autre, mireille):
        await onglet.couper()


async def _presser(maniere: str, claire: Onglet, second: Onglet) -> None:
    saisie = await claire.preparer_la_validation(VALIDER)
    if maniere == "same-key":
        assert await claire.valider(saisie, saisie) is Reponse.RECU
        await claire.aller(VALIDER, VALIDATION)
    elif maniere == "back":  # the page as it was, with its own key
        assert await claire.valider(saisie) is Reponse.RECU
        assert await claire.valider(saisie) is Reponse.RECU
    else:
        aussi = await second.preparer_la_validation(VALIDER)
        assert aussi["cle"] != saisie["cle"]
        reponses = await asyncio.gather(claire.valider(saisie), second.valider(aussi))
        assert sorted(r.name for r in reponses) == ["CONFLIT", "RECU"]


def _version(application: Application) -> int:
    with base(application) as session:
        offre = session.exec(select(OffreOperationnelle).where(OffreOperationnelle.identifiant_offre == OFFRE)).one()
        return offre.version
