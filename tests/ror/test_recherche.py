"""The search in a code list: words, codes, one typing mistake."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rxror.ror.recherche import (
    DEBUT,
    DEBUT_DE_CODE,
    EXACT,
    FAUTE,
    MOTS,
    Index,
    chercher,
    entree,
    presque_debut,
    sans_accent,
)

LISTE = [
    ("013", "Cardiologie générale"),
    ("087", "Médecine nucléaire"),
    ("170", "Soins palliatifs avec lits identifiés de soins palliatifs (LISP)"),
    ("171", "Soins palliatifs"),
    ("022", "Chirurgie gynécologique"),
    ("0221", "Chirurgie de la main"),
    ("300", "Maintien à domicile"),
    ("TRE_R253:05", "Œil et vision"),
]
ENTREES = [entree(cle, cle.rpartition(":")[2], libelle, rang) for rang, (cle, libelle) in enumerate(LISTE)]
INDEX = Index(ENTREES)


def trouves(texte: str) -> list[tuple[str, int]]:
    return [(t.cle, t.niveau) for t in chercher(INDEX, texte)]


@pytest.mark.parametrize(
    ("texte", "attendus"),
    [
        ("cardio", [("013", DEBUT)]),
        ("CARDIO", [("013", DEBUT)]),
        ("generale cardio", [("013", MOTS)]),
        ("nucléaire", [("087", MOTS)]),
        ("nucleaire med", [("087", MOTS)]),
        ("soins palliatifs", [("171", EXACT), ("170", DEBUT)]),
        ("soins pall", [("171", DEBUT), ("170", DEBUT)]),
        ("main", [("300", DEBUT), ("0221", MOTS)]),
        ("022", [("022", EXACT), ("0221", DEBUT_DE_CODE)]),
        ("02", [("022", DEBUT_DE_CODE), ("0221", DEBUT_DE_CODE)]),
        ("05", [("TRE_R253:05", EXACT)]),
        ("TRE_R253:05", [("TRE_R253:05", EXACT)]),
        ("œil", [("TRE_R253:05", DEBUT)]),
        ("(lisp)", [("170", MOTS)]),
        ("ogie", []),
        ("", []),
        ("% _ '", []),
    ],
)
def test_chercher_gives_the_best_first(texte: str, attendus: list[tuple[str, int]]) -> None:
    assert trouves(texte) == attendus


@pytest.mark.parametrize(
    "texte",
    ["cradiologie", "cadriologie", "cardilogie", "cardioologie", "cardiolagie", "cardiologies", "generale cardoilogie"],
)
def test_chercher_forgives_one_mistake_when_nothing_matches(texte: str) -> None:
    assert trouves(texte) == [("013", FAUTE)]


@pytest.mark.parametrize("texte", ["crdilogie", "cradiologie genreale", "cxr", "nucleaire cardiologie"])
def test_chercher_does_not_forgive_two_mistakes_nor_one_in_a_short_word(texte: str) -> None:
    assert trouves(texte) == []


def test_chercher_does_not_guess_when_something_matches() -> None:
    assert trouves("main") == [("300", DEBUT), ("0221", MOTS)]
    assert all(niveau != FAUTE for _, niveau in trouves("chirurgie"))


@settings(deadline=None)
@given(st.text(max_size=200))
def test_chercher_any_text_gives_codes_of_the_list(texte: str) -> None:
    assert {cle for cle, _ in trouves(texte)} <= {cle for cle, _ in LISTE}


@settings(deadline=None)
@given(st.sampled_from([m for e in ENTREES for m in e.mots if len(m) > 5]), st.data())
def test_presque_debut_knows_any_single_mistake(mot: str, donnees: st.DataObject) -> None:
    i = donnees.draw(st.integers(0, len(mot) - 2))
    lettre = donnees.draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz"))
    for faute in (
        mot[:i] + mot[i + 1 :],
        mot[:i] + lettre + mot[i:],
        mot[:i] + lettre + mot[i + 1 :],
        mot[:i] + mot[i + 1] + mot[i] + mot[i + 2 :],
    ):
        assert mot.startswith(faute) or presque_debut(faute, mot)


@pytest.mark.parametrize(("tape", "mot"), [("carz", "gyne"), ("abcd", "dcba"), ("cadrigol", "cardiologie"), ("", "a")])
def test_presque_debut_refuses_what_is_further(tape: str, mot: str) -> None:
    assert not presque_debut(tape, mot)


@pytest.mark.parametrize(
    ("texte", "nu"),
    [
        ("Hôpital  d’Été", "hopital d ete"),
        ("SAINT-SULPICE", "saint sulpice"),
        ("Œuf", "oeuf"),
        ("%_", ""),
        ("\x00a", "a"),
        ("", ""),
    ],
)
def test_sans_accent_is_ascii_lower_case_and_single_spaces(texte: str, nu: str) -> None:
    assert sans_accent(texte) == nu
