"""What the code itself must never hold, and the page that says which test proves what."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from rxror.ror import parcours
from rxror.settings import RACINE

CODE = sorted((RACINE / "rxror").rglob("*.py"))
PAGE = RACINE / "docs" / "securite.md"
# The forty lines of the list, by their first number.
LIGNES = (
    *("1.2.1", "1.2.2", "1.2.4", "1.5.2", "2.2.1", "2.2.3", "2.3.1", "2.3.3", "2.4.1", "3.2.2", "3.3.1", "3.4.1"),
    *("3.4.2", "3.5.1", "4.1.3", "4.4.1", "7.2.4", "7.3.1", "7.4.2", "8.2.1", "9.1.2", "9.2.1", "9.2.3", "10.1.1"),
    *("10.1.2", "10.2.1", "10.2.2", "10.5.1", "10.5.2", "10.5.3", "11.5.1", "13.2.3", "13.4.2", "14.2.1", "14.3.1"),
    *("15.1.2", "15.3.1", "16.2.1", "16.4.1", "16.5.1"),
)
XML = {"xml", "lxml", "defusedxml", "xmltodict", "bs4", "html5lib"}
EXECUTENT = {"text", "exec_driver_sql"}
# (file, function): SQL around a constant of ours, never around what somebody sent.
CONSTANTES = {("db.py", "attendre_son_tour")}
# Segments of an address: identifiers of objects, kinds and sections.
SEGMENTS = {
    *("finess", "structure", "region", "numero", "lieu", "section", "genre", "parent", "regle", "rang"),
    *("personne", "demande"),
}


def fonctions() -> Iterator[tuple[Path, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for fichier in CODE:
        for noeud in ast.walk(ast.parse(fichier.read_text("utf-8"))):
            if isinstance(noeud, ast.FunctionDef | ast.AsyncFunctionDef):
                yield fichier, noeud


def test_no_sql_is_made_of_strings():
    fautes = []
    for fichier, fonction in fonctions():
        for appel in (n for n in ast.walk(fonction) if isinstance(n, ast.Call)):
            nom = getattr(appel.func, "id", getattr(appel.func, "attr", ""))
            fait = appel.args[0] if appel.args else None
            constante = isinstance(fait, ast.Constant | ast.IfExp) or fait is None
            if nom in EXECUTENT and not constante and (fichier.name, fonction.name) not in CONSTANTES:
                fautes.append(f"{fichier.name}:{appel.lineno}")
            if nom in {"execute", "exec"} and isinstance(fait, ast.JoinedStr | ast.BinOp):
                fautes.append(f"{fichier.name}:{appel.lineno}")
    permises = {"db.py"}  # PRAGMA and SET of our own constants, on the driver
    assert [f for f in fautes if f.split(":")[0] not in permises] == []


def test_no_xml_is_read():
    fautes = []
    for fichier in CODE:
        for noeud in ast.walk(ast.parse(fichier.read_text("utf-8"))):
            noms = [a.name for a in noeud.names] if isinstance(noeud, ast.Import) else []
            noms += [noeud.module or ""] if isinstance(noeud, ast.ImportFrom) else []
            fautes += [f"{fichier.name}: {n}" for n in noms if n.split(".")[0] in XML]
    assert fautes == []


def test_addresses_hold_identifiers_only():
    routes = [v for n, v in vars(parcours).items() if n.isupper() and isinstance(v, str)]
    assert {s for route in routes for s in re.findall(r"\[([a-z]+)\]", route)} <= SEGMENTS
    source = "".join(f.read_text("utf-8") for f in CODE)
    parametres = set(re.findall(r"[?&]([a-z_]+)=", source))
    assert parametres.isdisjoint({"token", "jeton", "code", "email", "courriel", "nom", "prenom", "mot", "adresse"})


# ----------------------------------------------------------------------- docs/securite.md


def lignes() -> list[tuple[list[str], list[str]]]:
    """(numbers, tests named) of each line of the table."""
    rangs = [r.split("|")[1:-1] for r in PAGE.read_text("utf-8").splitlines() if re.match(r"\| \d", r)]
    return [(r[0].split(), re.findall(r"`(tests/[^`]+)`", r[2])) for r in rangs]


def test_page_has_the_forty_lines_in_their_order():
    assert [numeros[0] for numeros, _ in lignes()] == list(LIGNES)
    assert len(LIGNES) == 40


@pytest.mark.parametrize(("numeros", "essais"), lignes(), ids=lambda v: v[0] if v else "")
def test_each_line_names_tests_that_exist(numeros: list[str], essais: list[str]):
    assert essais, numeros
    for essai in essais:
        fichier, _, nom = essai.partition("::")
        arbre = ast.parse((RACINE / fichier).read_text("utf-8"))
        assert nom in {n.name for n in arbre.body if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)}, essai
