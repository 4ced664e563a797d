"""One-tap corrections: each is a function from values to values, and does nothing where nothing is wrong."""

from datetime import date
from typing import Any

import pytest

from rxror.ror.corrections import REMEDES, Situation

JOUR = date(2026, 11, 23)
FERMEE = {"type_fermeture": "DEF", "date_fermeture": "2026-11-01"}
PROVISOIRE = {"type_fermeture": "PRO", "date_fermeture": "2026-01-01"}


def une_situation(valeurs: Any = None, **autres: Any) -> Situation:
    return Situation(valeurs or {}, JOUR, **autres)


def moyen(niveau: str) -> dict[str, Any]:
    return {"cle": "9", "canal": "2", "adresse_telecom": "0536491208", "niveau_confidentialite": niveau}


def contact(niveau: str, *moyens: Any) -> dict[str, Any]:
    return {"cle": "1", "nature_contact": "07", "niveau_confidentialite": niveau, "telecommunication": list(moyens)}


def capacite(nombre: int | None, statut: str = "02", source: str = "01", cle: str = "1") -> dict[str, Any]:
    return {"cle": cle, "statut_capacite": statut, "nombre_capacite": nombre, "type_source_capacite": source}


def lieu(*lignes: Any) -> dict[str, Any]:
    return {"nom": "2e étage", "capacite_accueil_operationnelle": list(lignes)}


def test_co1_adds_the_word_to_the_name_when_the_requirement_asks_for_it() -> None:
    demandee = une_situation({"nom_offre": "Accueil de nuit"}, remedes=frozenset({"CO1"}))
    remede = REMEDES["CO1"](demandee)
    assert remede
    assert remede.morceaux[0].valeurs == {"nom_offre": "Accueil de nuit, urgences"}
    assert remede.morceaux[0].genre == "offre"
    assert REMEDES["CO1"](une_situation({"nom_offre": "Accueil de nuit"})) is None
    assert REMEDES["CO1"](une_situation({"nom_offre": "x" * 250}, remedes=frozenset({"CO1"}))) is None


def test_co3_ticks_the_unite_sensible_when_the_requirement_asks_for_it() -> None:
    remede = REMEDES["CO3"](une_situation(remedes=frozenset({"CO3"})))
    assert remede
    assert remede.morceaux[0].valeurs == {"unite_sensible": True}
    assert REMEDES["CO3"](une_situation()) is None


@pytest.mark.parametrize(
    "contacts",
    [[contact("1", moyen("2"))], [contact("3", moyen("2"))], [contact("", moyen("3"))], [contact("3"), contact("2")]],
)
def test_coh_10_puts_contacts_and_telecoms_to_level_3(contacts: list[Any]) -> None:
    remede = REMEDES["COH-10"](une_situation({"unite_sensible": True, "contact": contacts}))
    assert remede
    (morceau,) = remede.morceaux
    nouveaux = morceau.valeurs["contact"]
    niveaux = {e["niveau_confidentialite"] for c in nouveaux for e in (c, *c["telecommunication"])}
    assert niveaux == {"3"}
    assert [c["cle"] for c in nouveaux] == [c["cle"] for c in contacts]


@pytest.mark.parametrize(
    "valeurs",
    [
        {"unite_sensible": False, "contact": [contact("1", moyen("1"))]},
        {"unite_sensible": True, "contact": [contact("3", moyen("3"))]},
        {"unite_sensible": True, "contact": []},
        {"unite_sensible": True},
    ],
)
def test_coh_10_leaves_alone_what_is_right(valeurs: Any) -> None:
    assert REMEDES["COH-10"](une_situation(valeurs)) is None


def test_fer_06_sets_available_lines_to_zero_and_no_other() -> None:
    lignes = [capacite(3), capacite(12, "01", cle="2"), capacite(2, source="02", cle="3"), capacite(0, cle="4")]
    remede = REMEDES["FER-06"](une_situation(FERMEE, lieux={"L1": lieu(*lignes)}))
    assert remede
    (morceau,) = remede.morceaux
    assert (morceau.genre, morceau.lieu, morceau.section) == ("lieu", "L1", "capacitaire")
    nombres = [e["nombre_capacite"] for e in morceau.valeurs["capacite_accueil_operationnelle"]]
    assert nombres == [0, 12, 2, 0]


def test_fer_06_leaves_alone_a_lieu_that_an_open_offer_uses() -> None:
    lieux = {"L1": lieu(capacite(3)), "L2": {**lieu(capacite(3)), "nom": "Accueil"}}
    remede = REMEDES["FER-06"](une_situation(FERMEE, lieux=lieux, ouvertes={"L2": 1}))
    assert remede
    assert [m.lieu for m in remede.morceaux] == ["L1"]
    assert "Accueil" in remede.phrase
    assert REMEDES["FER-06"](une_situation(FERMEE, lieux=lieux, ouvertes={"L1": 1, "L2": 1})) is None


@pytest.mark.parametrize(
    ("valeurs", "propose"),
    [
        (FERMEE, True),
        ({}, False),
        ({"type_fermeture": "DEF", "date_fermeture": "2026-11-24"}, False),  # closes tomorrow
        ({"type_fermeture": "DEF", "date_fermeture": "2026-11-23"}, True),
        (PROVISOIRE | {"date_previsionnelle_reouverture": "2026-11-23"}, False),
        (PROVISOIRE | {"date_previsionnelle_reouverture": "2026-11-24"}, True),
    ],
)
def test_fer_06_only_for_an_offer_closed_today(valeurs: Any, propose: bool) -> None:
    assert bool(REMEDES["FER-06"](une_situation(valeurs, lieux={"L1": lieu(capacite(3))}))) is propose
