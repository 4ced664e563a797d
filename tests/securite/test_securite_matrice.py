"""The matrix: every page and every handler × every role, scope and state of a session, by raw websocket.

What is expected comes from `services/droits.py`: a gesture that it does not give shows nothing, changes no row and
leaves its refusal in the trace; a gesture that it gives is not refused.
"""

import asyncio
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import delete, text
from sqlmodel import Session

from rxror.auth import sessions
from rxror.tables import ReglageEtablissement
from tests.securite import gestes, monde
from tests.securite.gestes import Cellule
from tests.securite.monde import INTRUS, Intrus

pytestmark = pytest.mark.serveur

NUMERO = re.compile(r"(?:8199|UF-|POLE-|AUTRE-|76/9[01]|LIEU-)(\d{5})\b")


@dataclass
class Monde:
    """The region, and what was tried in it."""

    serveur: Any
    cellules: list[Cellule]
    ecrans: list[Any]
    vus: dict[str, "Vu"] = field(default_factory=dict)


@dataclass
class Vu:
    """What one person got: everything received, the cells refused to them, those in which they wrote, rows changed."""

    texte: str
    refus: set[int]
    ecrits: set[int]
    change: bool


@pytest.fixture(scope="module")
def essais(serveur: Any, region: list[Cellule]) -> Monde:
    """Everybody tries everything, once; those who may nothing first."""
    lieu = Monde(serveur, region, [])
    de_l_ecran = next(c for c in lieu.cellules if c.page and c.genre == "offre" and c.nom.endswith(gestes.GENERALE))
    lieu.ecrans = gestes.ecrans(serveur.registre, de_l_ecran.lieux.numero)
    for intrus in INTRUS:
        lieu.vus[intrus.nom] = _essayer(lieu, intrus)
    return lieu


def _essayer(lieu: Monde, intrus: Intrus) -> Vu:
    serveur, lieux = lieu.serveur, [c.lieux for c in lieu.cellules]
    if intrus.separee:
        with Session(serveur.engine) as session, session.begin():
            monde.separer(session, lieux)
    avant, derniere = serveur.empreinte(), _derniere(serveur)
    texte = asyncio.run(_tout(lieu, intrus))
    refus, ecrits = _traces(serveur, derniere)
    vu = Vu(texte, refus, ecrits, serveur.empreinte() != avant)
    if intrus.separee:
        with Session(serveur.engine) as session, session.begin():
            session.execute(delete(ReglageEtablissement))
    return vu


async def _tout(lieu: Monde, intrus: Intrus) -> str:
    origine = None if intrus.seance == "sans origine" else ""
    async with lieu.serveur.prise(intrus.cookie, origine=origine) as prise:
        for cellule in lieu.cellules:
            await prise.envoyer(cellule.evenement, cellule.valeurs(), cellule.chemin)
        for nom, valeurs, chemin in lieu.ecrans:
            await prise.envoyer(nom, valeurs, chemin)
        return str(await prise.calme(au_plus=60))


def _derniere(serveur: Any) -> int:
    with serveur.engine.connect() as connexion:
        return int(connexion.execute(text("SELECT coalesce(max(id), 0) FROM trace")).scalar_one())


def _traces(serveur: Any, depuis: int) -> tuple[set[int], set[int]]:
    """Numbers of the cells refused, and of those where something was done, after a line of the trace."""
    refus, ecrits = set[int](), set[int]()
    with serveur.engine.connect() as connexion:
        lignes = connexion.execute(
            text("SELECT lower(action), objet, finess FROM trace WHERE id > :d ORDER BY id"), {"d": depuis}
        )
        for action, objet, finess in lignes:
            numero = NUMERO.search(f"{objet} {finess}")
            (refus if action == "refus" else ecrits).add(int(numero[1]) if numero else 0)
    return refus, ecrits


def test_every_handler_and_every_page_is_classified(serveur: Any) -> None:
    assert gestes.inconnus(serveur.registre, serveur.internes) == []


def test_nobody_gets_more_nor_less_than_their_role(essais: Monde, capsys: pytest.CaptureFixture[str]) -> None:
    surprises = [s for intrus in INTRUS for s in _surprises(essais, intrus)]
    with capsys.disabled():
        sys.stdout.write(f"\n{_compte(essais)}, {len(surprises)} surprise(s)\n")
    assert not surprises, "\n".join(surprises)


def test_nothing_secret_nor_personal_is_in_the_log_and_the_figures(essais: Monde) -> None:
    serveur = essais.serveur
    dits = serveur.journal + "".join(f.read_text("latin-1") for f in serveur.mesures.iterdir())
    assert dits
    des_sessions = [
        s for i in (*INTRUS, serveur.claire, serveur.paul) for s in (i.secret, sessions.empreinte(i.secret))
    ]
    personnes = [i.nom for i in INTRUS if " " in i.nom]
    for interdit in (*serveur.secrets, *des_sessions, *personnes, "MARQUE", "ATTAQUE", "rxror=", "Session "):
        assert interdit not in dits, interdit


def test_no_secret_reaches_a_screen_or_a_file(essais: Monde) -> None:
    serveur = essais.serveur
    recu = "".join(vu.texte for vu in essais.vus.values())
    for secret in (*serveur.secrets, *(s for i in INTRUS for s in (i.secret, sessions.empreinte(i.secret)))):
        assert secret not in recu
    dossier = serveur.fichier_journal.parent
    for fichier in (f for f in dossier.rglob("*") if f.is_file()):
        lu = fichier.read_bytes()
        assert not [s for s in (*serveur.secrets, *(i.secret for i in INTRUS)) if s.encode() in lu], fichier


def _compte(essais: Monde) -> str:
    pages = sum(c.page for c in essais.cellules)
    appels = len(essais.cellules) - pages
    roles, portees = {i.role for i in INTRUS if i.role}, {(i.portee, i.couvre, i.seance) for i in INTRUS}
    total = (len(essais.cellules) + len(essais.ecrans)) * len(INTRUS)
    return (
        f"matrice : {pages} pages, {appels} gestes sur un objet et {len(essais.ecrans)} gestes d’écran "
        f"× {len(INTRUS)} personnes ({len(roles)} rôles, {len(portees)} portées et états de session) = {total} essais"
    )


def _surprises(essais: Monde, intrus: Intrus) -> Iterator[str]:
    vu = essais.vus[intrus.nom]
    permis = {c.lieux.numero for c in essais.cellules if intrus.passe(c)}
    for c in essais.cellules:
        n, quoi = c.lieux.numero, f"{intrus.nom} : {c.nom} ({c.genre}, {c.geste})"
        refuse, montre = n in vu.refus, c.lieux.marque in vu.texte
        if n in permis and refuse:
            yield f"{quoi} refusé à tort"
        if n in permis and c.page and not montre and not c.se_tait:
            yield f"{quoi} ne montre rien"
        if n not in permis and intrus.entre and not refuse and not c.muet:
            yield f"{quoi} sans trace de refus"
        if not intrus.peut(c.genre, gestes.Geste.LIRE) and montre:
            yield f"{quoi} montre ce qui n’est pas à lui"
        if n not in permis and n in vu.ecrits:
            yield f"{quoi} a écrit"
    if not intrus.entre and vu.refus:
        yield f"{intrus.nom} : une trace au nom de personne"
    if not permis and vu.change:
        yield f"{intrus.nom} : des lignes ont changé"
