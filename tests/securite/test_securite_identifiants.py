"""Identifiers of what is somebody else's, of what does not exist, and written in every wrong way."""

import asyncio
import json
import re
from typing import Any

import pytest
from sqlalchemy import text

from tests.securite.gestes import Cellule
from tests.securite.monde import INTRUS, Intrus

pytestmark = pytest.mark.serveur


DECALAGE = 50_000
MUABLES = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"  # keys
    r"|\b[2-9]{18}\b"  # marks of the harness
    r"|[05]0[0-9]\d\d\b"  # numbers of the cells, and the same moved by DECALAGE
)


def _dit(texte: str) -> set[str]:
    """Every value that was answered, by its var, without the numbers and what the connection says of itself."""
    etats = [(nom, etat) for paquet in json.loads(texte) for nom, etat in (paquet.get("delta") or {}).items()]
    suites = {json.dumps(e, sort_keys=True) for paquet in json.loads(texte) for e in paquet.get("events") or []}
    dits = {f"{e}.{n} = {json.dumps(v)}" for e, etat in etats for n, v in etat.items() if "router" not in n}
    return {MUABLES.sub("N", dit) for dit in dits | suites}


def _derniere(serveur: Any) -> int:
    with serveur.engine.connect() as connexion:
        return int(connexion.execute(text("SELECT coalesce(max(id), 0) FROM trace")).scalar_one())


def _autrement(serveur: Any, intrus: Intrus, appels: list[tuple[str, dict[str, Any], str]]) -> str:
    async def scene() -> str:
        async with serveur.prise(intrus.cookie) as prise:
            for appel in appels:
                await prise.envoyer(*appel)
            return str(await prise.calme(au_plus=120))

    return asyncio.run(scene())


def test_an_object_of_somebody_else_and_one_that_is_not_give_the_same_answer(
    serveur: Any, region: list[Cellule]
) -> None:
    """Word for word, but for the identifiers; and the same refusals in the trace."""
    intrus = next(i for i in INTRUS if i.nom == "référent d’ailleurs")
    derniere = _derniere(serveur)
    vrais = _autrement(serveur, intrus, [c.sur(str) for c in region])
    milieu = _derniere(serveur)
    absents = _autrement(serveur, intrus, [c.sur(lambda i: f"{i[:-5]}{int(i[-5:]) + DECALAGE}") for c in region])
    assert _dit(vrais) ^ _dit(absents) == set()
    assert milieu - derniere == _derniere(serveur) - milieu
    assert "MARQUE" not in vrais


CHIFFRES = "".join(chr(0xFF10 + n) for n in range(10))  # full width
ECRITURES: dict[str, Any] = {
    "chiffres d’un autre alphabet": lambda i: i.translate(str.maketrans("0123456789", CHIFFRES)),
    "octet nul": lambda i: f"{i}\x00",
    "dossier d’au-dessus écrit": lambda i: f"%2e%2e%2f{i}",
    "barre à la fin": lambda i: f"{i}/",
    "espace écrit": lambda i: f"%20{i}",
    "autre casse": lambda i: i.swapcase() if i.swapcase() != i else f"0{i}",
    "joker": lambda i: f"{i[:-1]}%",
    "requête": lambda i: f"{i}' OR '1'='1",
    "ligne": lambda i: f"{i}\nfausse ligne",
    "très long": lambda i: i * 1000,
    "rien": lambda _: "",
    "balise": lambda i: f"<img src=x onerror=alert(1)>{i}",
}


@pytest.mark.parametrize("ecriture", ECRITURES)
def test_an_identifier_written_otherwise_is_refused_and_breaks_nothing(
    ecriture: str, serveur: Any, region: list[Cellule]
) -> None:
    """By the référent of all of them: an identifier is read exactly, or is nobody's."""
    intrus = next(i for i in INTRUS if i.nom == "référent")
    une_de_chaque = {c.evenement: c for c in region}.values()
    avant, pannes = serveur.empreinte(), serveur.journal.count("repère")
    texte = _autrement(serveur, intrus, [c.sur(ECRITURES[ecriture]) for c in une_de_chaque])
    assert "La panne vient de nous" not in texte
    assert serveur.journal.count("repère") == pannes
    assert serveur.empreinte() == avant
