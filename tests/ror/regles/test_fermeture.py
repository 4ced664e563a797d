"""Rules of closing: FER-01 to FER-03, FER-06, FER-07, FER-09. Today is 23 November 2026."""

from typing import Any

import pytest

from rxror.ror.controles import Severite
from tests.ror.regles.exemples import LIEU, capacites, dit, eg, lieu, offre, structure


def fermee(sorte: str = "PRO", du: str | None = "2026-11-01", au: str | None = None) -> dict[str, Any]:
    return {"type_fermeture": sorte, "date_fermeture": du, "date_previsionnelle_reouverture": au}


@pytest.mark.parametrize("objet", [offre, structure])
@pytest.mark.parametrize(
    ("valeurs", "chemins"),
    [
        (fermee("", None), []),
        (fermee("PRO", "2026-11-01"), []),
        (fermee("DEF", "2026-11-01"), []),
        (fermee("PRO", None), ["date_fermeture"]),
        (fermee("", "2026-11-01"), ["type_fermeture"]),
    ],
)
def test_fer_01_a_closing_has_a_type_and_a_date(objet: Any, valeurs: dict[str, Any], chemins: list[str]) -> None:
    assert dit("FER-01", objet(**valeurs)) == chemins


@pytest.mark.parametrize("objet", [offre, structure])
@pytest.mark.parametrize(("sorte", "connu"), [("PRO", True), ("DEF", True), ("", True), ("ERR", False), ("NDI", False)])
def test_fer_02_a_date_is_of_a_definitive_or_provisional_closing(objet: Any, sorte: str, connu: bool) -> None:
    assert dit("FER-02", objet(**fermee(sorte))) == ([] if connu else ["type_fermeture"])


@pytest.mark.parametrize("objet", [offre, structure])
@pytest.mark.parametrize(
    ("valeurs", "regle"),
    [
        (fermee("PRO", "2026-11-01", "2026-11-02"), ""),
        (fermee("PRO", "2026-11-01", "2026-11-01"), "FER-03-ORDRE"),
        (fermee("PRO", "2026-11-01", "2026-10-31"), "FER-03-ORDRE"),
        (fermee("DEF", "2026-11-01", "2026-12-01"), "FER-03"),
        (fermee("", None, "2026-12-01"), "FER-03"),
        (fermee("PRO", "2026-11-01"), ""),
    ],
)
def test_fer_03_only_a_provisional_closing_reopens_and_later(objet: Any, valeurs: dict[str, Any], regle: str) -> None:
    dites = [(a.regle, a.chemin) for a in objet(**valeurs) if a.regle.startswith("FER-03")]
    assert dites == ([(regle, "date_previsionnelle_reouverture")] if regle else [])


DISPONIBLE = {**LIEU, "capacite_accueil_operationnelle": capacites(("01", "01", 12), ("01", "02", 3))}
A_ZERO = {**LIEU, "capacite_accueil_operationnelle": capacites(("01", "01", 12), ("01", "02", 0))}
D_UN_LOGICIEL = {
    **LIEU,
    "capacite_accueil_operationnelle": capacites(("01", "02", 3), type_source_capacite="02"),
}


@pytest.mark.parametrize(
    ("valeurs", "autre", "trouve"),
    [
        (fermee("DEF"), {"lieux": {"L1": DISPONIBLE}}, True),
        (fermee("PRO"), {"lieux": {"L1": DISPONIBLE}}, True),
        (fermee("DEF"), {"lieux": {"L1": A_ZERO}}, False),
        (fermee("DEF"), {"lieux": {"L1": LIEU}}, False),
        (fermee("", None), {"lieux": {"L1": DISPONIBLE}}, False),
        (fermee("DEF", "2026-11-23"), {"lieux": {"L1": DISPONIBLE}}, True),  # it closes today
        (fermee("DEF", "2026-11-24"), {"lieux": {"L1": DISPONIBLE}}, False),  # it will
        (fermee("PRO", "2026-11-01", "2026-11-23"), {"lieux": {"L1": DISPONIBLE}}, False),  # it reopens today
        (fermee("PRO", "2026-11-01", "2026-11-24"), {"lieux": {"L1": DISPONIBLE}}, True),
        (fermee("DEF"), {"lieux": {"L1": DISPONIBLE}, "ouvertes": {"L1": 1}}, False),  # for another offer
        (fermee("DEF"), {"lieux": {"L1": D_UN_LOGICIEL}}, False),  # not ours to change
    ],
)
def test_fer_06_a_closed_offre_has_nothing_left_available(
    valeurs: dict[str, Any], autre: dict[str, Any], trouve: bool
) -> None:
    anomalies = [a for a in offre(**valeurs, **autre) if a.regle == "FER-06"]
    attendu = [("lieu:L1", "capacitaire", "capacite_accueil_operationnelle.2.nombre_capacite", True)] if trouve else []
    assert [(a.objet, a.section, a.chemin, a.bloque) for a in anomalies] == attendu


@pytest.mark.parametrize(
    ("valeurs", "lieu_", "dite"),
    [
        ({}, A_ZERO, True),
        ({}, DISPONIBLE, False),
        ({}, LIEU, False),  # nothing is said of what is available
        (fermee("DEF"), A_ZERO, False),
        (fermee("DEF", "2026-11-24"), A_ZERO, True),  # it will close tomorrow
        (fermee("PRO", "2026-11-01", "2026-11-24"), A_ZERO, False),
        (fermee("PRO", "2026-11-01", "2026-11-23"), A_ZERO, True),  # it reopens today
    ],
)
def test_fer_07_full_is_not_closed(valeurs: dict[str, Any], lieu_: dict[str, Any], dite: bool) -> None:
    anomalies = [a for a in offre(**valeurs, lieux={"L1": lieu_}) if a.regle == "FER-07"]
    assert [a.severite for a in anomalies] == ([Severite.INFORMATION] if dite else [])


@pytest.mark.parametrize(
    ("ouverture", "fermeture", "faux"),
    [
        ("2020-01-01", "2026-01-01", False),
        ("2026-01-01", "2026-01-02", False),
        ("2026-01-01", "2026-01-01", True),
        ("2026-01-02", "2026-01-01", True),
        (None, "2026-01-01", False),
        ("2026-01-01", None, False),
    ],
)
def test_fer_09_it_closes_after_it_opened(ouverture: str | None, fermeture: str | None, faux: bool) -> None:
    valeurs = {"date_ouverture": ouverture, "date_fermeture": fermeture, "type_fermeture": "DEF" if fermeture else ""}
    for objet, poids in ((structure, Severite.BLOQUANTE), (eg, Severite.ALERTE)):  # FINESS corrects the second
        anomalies = [a for a in objet(**valeurs) if a.regle == "FER-09"]
        assert [(a.chemin, a.severite) for a in anomalies] == ([("date_fermeture", poids)] if faux else [])


def test_a_lieu_has_no_closing_date() -> None:
    assert [a for a in lieu(**fermee("ERR", None)) if a.regle.startswith("FER")] == []
