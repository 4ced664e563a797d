"""The catalogue kept in memory, and the search for a commune."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlmodel import Session

from rxror.ror.nomenclatures import Commune, Concept, Nomenclature
from rxror.ror.recherche import sans_accent
from rxror.services import nomenclatures
from rxror.services.communes import chercher_commune
from rxror.services.nomenclatures import catalogue, oublier


@pytest.fixture(autouse=True)
def _sans_memoire() -> Any:
    oublier()
    yield
    oublier()


def _concept(session: Session, cle: str, rang: int = 0, jdv: str = "J20") -> None:
    session.add(Concept(jdv=jdv, cle=cle, code=cle, libelle=f"Libellé {cle}", rang=rang))
    session.flush()


@pytest.fixture
def listes(session: Session) -> Session:
    session.add(Nomenclature(jdv="J20", identifiant="JDV_J20", titre="Champ", charge=datetime.now(UTC)))
    session.flush()
    return session


def test_catalogue_follows_the_order_of_the_list(listes: Session) -> None:
    _concept(listes, "02", 2)
    _concept(listes, "01", 1)
    _concept(listes, "10", 0)
    assert [c.cle for c in catalogue(listes).choix("J20")] == ["10", "01", "02"]


def test_catalogue_is_read_once_then_again_when_forgotten(listes: Session, compter: Any) -> None:
    _concept(listes, "01")
    with compter() as sql:
        premier = catalogue(listes)
        assert catalogue(listes) is premier
    assert len(sql) == 1
    _concept(listes, "02")
    assert not catalogue(listes).connu("J20", "02")
    oublier()
    assert catalogue(listes).connu("J20", "02")


def test_catalogue_shows_a_new_list_after_a_minute(listes: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    _concept(listes, "01")
    premier = catalogue(listes)
    monkeypatch.setattr(nomenclatures, "FRAICHEUR_SECONDES", 0.0)
    assert catalogue(listes) is not premier


COMMUNES = [
    ("81004", "Albi", "81000", 48970),
    ("81004", "Albi", "81990", 48970),
    ("07006", "Alba-la-Romaine", "07400", 1420),
    ("31555", "Toulouse", "31000", 504078),
    ("31555", "Toulouse", "31500", 504078),
    ("31164", "Cugnaux", "31270", 18000),
    ("2A004", "Ajaccio", "20000", 71361),
    ("97411", "Saint-Denis", "97400", 153810),
    ("93066", "Saint-Denis", "93200", 113116),
    ("81065", "Castres", "81100", 41795),
    ("46042", "Cahors", "46000", 19937),
    ("76217", "Dieppe", "76200", 28605),
    ("34172", "Montpellier", "34000", 295542),
    ("81271", "Saint-Sulpice-la-Pointe", "81370", 9237),
    ("12202", "Rodez", "12000", 24088),
    ("30007", "Alès", "30100", 41837),
    ("11262", "Œuilly", "11000", 100),
]


@pytest.fixture
def communes(session: Session) -> Session:
    for insee, nom, postal, population in COMMUNES:
        session.add(
            Commune(
                code_insee=insee,
                nom=nom,
                code_postal=postal,
                departement=insee[:2],
                region="76",
                population=population,
                recherche=sans_accent(nom),
            )
        )
    session.flush()
    return session


@pytest.mark.parametrize(
    ("texte", "trouvees"),
    [
        ("alb", ["81004", "07006"]),
        ("ALBI", ["81004"]),
        ("ales", ["30007"]),
        ("Alès", ["30007"]),
        ("81", ["81004", "81065", "81271"]),
        ("31500", ["31555"]),
        ("81013", ["81004"]),
        ("99999", []),
        ("81004", ["81004"]),
        ("2a0", ["2A004"]),
        ("2A004", ["2A004"]),
        ("saint denis", ["97411", "93066"]),
        ("Saint-Denis", ["97411", "93066"]),
        ("st", []),
        ("oeuilly", ["11262"]),
        ("nulle part", []),
    ],
)
def test_commune_is_found_by_start_of_name_postcode_or_insee_the_most_populated_first(
    communes: Session, texte: str, trouvees: list[str]
) -> None:
    assert [c.cle for c in chercher_commune(communes, texte)] == trouvees


@pytest.mark.parametrize("texte", ["", " ", "a", "%", "_", "%%", "__", "--", "é", "'", "\x00"])
def test_commune_is_not_searched_with_less_than_two_letters(communes: Session, compter: Any, texte: str) -> None:
    with compter() as sql:
        assert chercher_commune(communes, texte) == []
    assert sql == []


@pytest.mark.parametrize("texte", ["al%", "%albi", "a_bi", "81' OR '1'='1", "al\\"])
def test_commune_pattern_cannot_be_forged(communes: Session, texte: str) -> None:
    assert {c.cle for c in chercher_commune(communes, texte)} <= {"81004", "07006", "30007"}
    assert [c.cle for c in chercher_commune(communes, "a_bi")] == []


def test_commune_of_several_postcodes_is_told_once(communes: Session) -> None:
    assert [c.libelle for c in chercher_commune(communes, "toulouse")] == ["Toulouse (31000)"]


def test_commune_search_has_an_end(communes: Session) -> None:
    assert len(chercher_commune(communes, "sa", limite=1)) == 1
