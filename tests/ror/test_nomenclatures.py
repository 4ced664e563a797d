"""The catalogue: labels, codes in force, searches."""

import pytest

from rxror.ror.nomenclatures import Catalogue, Concept

LISTE = [
    ("022", "Chirurgie gynécologique", "active"),
    ("157", "Accueil des urgences (adultes)", "active"),
    ("158", "Urgences pédiatriques", "active"),
    ("260", "Urgences obstétricales", "active"),
    ("099", "Urgences anciennes", "deprecated"),
    ("300", "Œil et vision", "active"),
    ("TRE_R253:01", "Maternité de type 1", "active"),
    ("12", "Code 022 cité", "active"),
]


@pytest.fixture
def catalogue() -> Catalogue:
    return Catalogue(
        Concept(jdv="J17", cle=cle, code=cle.rpartition(":")[2], libelle=libelle, statut=statut, groupe="G")
        for cle, libelle, statut in LISTE
    )


def test_libelle_is_that_of_the_list_or_the_code_itself(catalogue: Catalogue) -> None:
    assert catalogue.libelle("J17", "099") == "Urgences anciennes"
    assert catalogue.libelle("J17", "999") == "999"
    assert catalogue.libelle("J99", "022") == "022"
    assert catalogue.libelle("J17", "") == ""


@pytest.mark.parametrize(
    ("jdv", "cle", "connu", "actif"),
    [
        ("J17", "022", True, True),
        ("J17", "099", True, False),
        ("J17", "999", False, False),
        ("J17", "", False, False),
        ("J99", "022", False, False),
        ("J17", "01", False, False),
        ("J17", "TRE_R253:01", True, True),
    ],
)
def test_connu_and_actif_are_two_things(catalogue: Catalogue, jdv: str, cle: str, connu: bool, actif: bool) -> None:
    assert (catalogue.connu(jdv, cle), catalogue.actif(jdv, cle)) == (connu, actif)


def test_list_that_was_loaded_is_in_the_catalogue(catalogue: Catalogue) -> None:
    assert "J17" in catalogue
    assert "J99" not in catalogue


def test_choix_offers_what_is_in_force_in_the_order_of_the_list(catalogue: Catalogue) -> None:
    assert [c.cle for c in catalogue.choix("J17")] == [cle for cle, _, statut in LISTE if statut == "active"]
    assert catalogue.choix("J99") == []


def test_choix_keeps_the_old_code_that_an_object_holds_and_only_that_one(catalogue: Catalogue) -> None:
    assert [(c.cle, c.actif) for c in catalogue.choix("J17", ("022",), ["099", "inconnu"])] == [
        ("022", True),
        ("099", False),
    ]
    assert [c.cle for c in catalogue.choix("J17", ("099",))] == []


@pytest.mark.parametrize(
    ("texte", "trouves"),
    [
        ("urg", ["158", "260", "157"]),
        ("URGENCES", ["158", "260", "157"]),
        ("gyneco", ["022"]),
        ("gynéco chir", ["022"]),
        ("urgences ped", ["158"]),
        ("022", ["022", "12"]),
        ("adultes", ["157"]),
        ("oeil", ["300"]),
        ("ecologique", []),
        ("", []),
        ("  ", []),
        ("urg zzz", []),
        ("01", ["TRE_R253:01"]),
        ("(", []),
        ("ancienne", []),
    ],
)
def test_trouver_finds_by_starts_of_words_or_by_code_the_code_first(
    catalogue: Catalogue, texte: str, trouves: list[str]
) -> None:
    assert [t.cle for t in catalogue.trouver("J17", texte)] == trouves


def test_trouver_knows_no_other_list(catalogue: Catalogue) -> None:
    assert catalogue.trouver("J99", "urg") == []
