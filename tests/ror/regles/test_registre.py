"""The register: no rule is missing, each says what it wants and where it comes from."""

import re
from pathlib import Path

import pytest

from rxror.ror.messages import MESSAGES
from rxror.ror.regles import DE_RXROR, REGISTRE, Regle, Severite, Thematique
from rxror.ror.regles.declaration import regle, tenue
from rxror.settings import RACINE

ATTENDUES = [
    ligne
    for ligne in (Path(__file__).parent / "identifiants.txt").read_text("utf-8").splitlines()
    if not ligne.startswith("#")
]
REGLES = list(REGISTRE.values())


def test_no_rule_is_missing() -> None:
    assert [attendue for attendue in ATTENDUES if attendue not in REGISTRE] == []


def test_a_rule_of_the_register_is_a_rule_of_the_list_or_a_case_of_one() -> None:
    connues = set(ATTENDUES)
    assert [cle for cle in REGISTRE if cle not in connues and cle.rpartition("-")[0] not in connues] == []


@pytest.mark.parametrize("une", REGLES, ids=lambda r: r.id)
def test_rule_says_what_it_wants_where_it_comes_from_and_where_it_is_held(une: Regle) -> None:
    assert re.fullmatch(r"[A-Za-z].{15,}\.", une.enonce), une.enonce
    assert une.source
    assert (RACINE / une.ou).is_file(), une.ou
    assert une.thematique in Thematique
    if une.examiner:
        assert une.severite in Severite
        assert une.classes
        assert MESSAGES[une.id]


def test_sentences_say_what_to_do_without_blame() -> None:
    for cle in REGISTRE:
        for phrase in [MESSAGES[cle]] if cle in MESSAGES else []:
            assert phrase[0].isupper() or phrase[0] in "«{", phrase
            assert phrase.rstrip()[-1] in ".?" or phrase.endswith(("fr", "33.")), phrase
            assert not re.search(r"\b(erreur|invalide !|vous avez oublié|interdit)\b", phrase, re.IGNORECASE), phrase


def test_an_inference_of_ours_never_passes_for_a_national_rule() -> None:
    ages = [REGISTRE[cle].source for cle in ("COH-02", "COH-02-MAX", "COH-02-ALERTE", "COH-14", "LIE-02", "LIE-08")]
    assert set(ages) == {DE_RXROR}
    assert DE_RXROR in REGISTRE["COH-18"].source


def test_a_rule_is_declared_once() -> None:
    with pytest.raises(ValueError, match="OBL-02"):
        regle("OBL-02", Severite.ALERTE, source="x")(lambda _: iter(()))
    with pytest.raises(ValueError, match="OBL-03"):
        tenue("OBL-03", "x", source="x", ou="x")
