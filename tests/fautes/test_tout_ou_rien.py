"""The database fails between a save and its trace, or at the commit: both are there, or neither; the page says so."""

import asyncio
import random
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, text
from sqlmodel import select

from rxror.ror.objets import OffreOperationnelle
from rxror.tables import Brouillon, Trace
from tests.fautes.application import Application
from tests.fautes.conftest import Noter
from tests.fautes.fiabilite import nombre
from tests.fautes.onglet import Onglet, Reponse
from tests.fautes.verite import base

OFFRE = "76/0000003"
FORMULAIRE, VALIDER = f"/offre/{OFFRE}/modifier/commentaire", f"/offre/{OFFRE}/valider"
DU_BROUILLON = ("trace", "brouillon", "commit")
ENDROITS = (*DU_BROUILLON, "offre")
PANNE = "La panne vient de nous."
ARMEE = "WHEN EXISTS (SELECT 1 FROM faute WHERE endroit = '{}')"
SQLITE = (
    "CREATE TABLE faute (endroit TEXT PRIMARY KEY)",
    "CREATE TABLE orphelin (mere INTEGER REFERENCES faute_mere (id) DEFERRABLE INITIALLY DEFERRED)",
    "CREATE TABLE faute_mere (id INTEGER PRIMARY KEY)",
    *(
        f"CREATE TRIGGER faute_{table}_{quand} BEFORE {quand} ON {table} {ARMEE.format(endroit)} "
        "BEGIN SELECT RAISE(ABORT, 'faute'); END"
        for table, endroit, quand in (
            ("trace", "trace", "INSERT"),
            ("brouillon", "brouillon", "INSERT"),
            ("brouillon", "brouillon", "UPDATE"),
            ("brouillon", "brouillon", "DELETE"),
            ("offre_operationnelle", "offre", "UPDATE"),
        )
    ),
    f"CREATE TRIGGER faute_commit AFTER INSERT ON trace {ARMEE.format('commit')} "
    "BEGIN INSERT INTO orphelin VALUES (1); END",
)


@pytest.fixture
def fautes(application: Application) -> Iterator[Engine]:
    """The triggers that fail when their place is armed; nothing of ours is replaced."""
    engine = application.engine()
    with engine.begin() as connexion:
        for ordre in SQLITE:
            connexion.execute(text(ordre))
    yield engine
    engine.dispose()


@contextmanager
def armee(engine: Engine, endroit: str) -> Iterator[None]:
    with engine.begin() as connexion:
        connexion.execute(text("INSERT INTO faute VALUES (:e)"), {"e": endroit})
    yield
    with engine.begin() as connexion:
        connexion.execute(text("DELETE FROM faute"))


def test_a_save_and_its_trace_are_both_there_or_neither(application: Application, fautes: Engine, noter: Noter):
    gestes = nombre(40, 400)
    pannes = asyncio.run(_alterner(application, fautes, gestes))
    assert set(pannes) >= {(g, e) for g in ("save", "validation") for e in ("trace", "brouillon", "commit")}
    noter(
        "tout-ou-rien",
        obtenu="both or none, 100 %; the page told each refusal, the same gesture then passed",
        compte=f"{gestes} gestures, {len(pannes)} failures: {', '.join(sorted({f'{g} at {e}' for g, e in pannes}))}",
    )


async def _alterner(application: Application, fautes: Engine, gestes: int) -> list[tuple[str, str]]:
    hasard, pannes = random.Random(5), []
    onglet = Onglet(application.base, application.origine, application.connecter("claire-dumas"))
    for i in range(gestes):
        geste = "validation" if i % 3 == 2 else "save"
        avant, saisie = photo(application), await _preparer(onglet, geste, i)
        if hasard.random() < 0.6:
            endroit = hasard.choice(ENDROITS if geste == "validation" else DU_BROUILLON)
            pannes.append((geste, endroit))
            with armee(fautes, endroit):
                assert await _faire(onglet, geste, saisie) is Reponse.REFUS
            assert PANNE in onglet.incident
            assert photo(application) == avant
        assert await _faire(onglet, geste, saisie) is Reponse.RECU
        apres = photo(application)
        assert len(apres["traces"]) == len(avant["traces"]) + 1
        assert (apres["brouillons"], apres["offre"]) != (avant["brouillons"], avant["offre"])
    await onglet.couper()
    return pannes


async def _preparer(onglet: Onglet, geste: str, i: int) -> dict[str, str]:
    if geste == "validation":
        return await onglet.preparer_la_validation(VALIDER)
    await onglet.aller(FORMULAIRE)
    return {"commentaire": f"Geste {i}"}


async def _faire(onglet: Onglet, geste: str, saisie: dict[str, str]) -> Reponse:
    return await (onglet.valider(saisie) if geste == "validation" else onglet.enregistrer(onglet.taper(**saisie)))


def photo(application: Application) -> dict[str, list[str]]:
    """The offer, its brouillons and the whole trace, as they are kept."""
    with base(application) as session:
        return {
            "brouillons": [b.model_dump_json() for b in session.exec(select(Brouillon))],
            "traces": [t.model_dump_json() for t in session.exec(select(Trace))],
            "offre": [
                o.model_dump_json()
                for o in session.exec(select(OffreOperationnelle).where(OffreOperationnelle.identifiant_offre == OFFRE))
            ],
        }
