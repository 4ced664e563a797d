"""docs/regles.md is what the register says."""

from rxror.ror.exigences import EXIGENCES
from rxror.ror.regles import REGISTRE
from rxror.ror.regles.tableau import FAMILLES, tableau
from rxror.settings import RACINE


def test_docs_regles_is_up_to_date() -> None:
    assert (RACINE / "docs" / "regles.md").read_text("utf-8") == tableau(), "run: rxror documentation"


def test_every_rule_has_one_line_in_one_family() -> None:
    lignes = [ligne for ligne in tableau().splitlines() if ligne.split("|")[1:2] and ligne.startswith("| ")]
    assert [ligne.split("|")[1].strip() for ligne in lignes if ligne.split("|")[1].strip() != "Rule"] != []
    assert len([ligne for ligne in lignes if ligne.split("|")[1].strip() in REGISTRE]) == len(REGISTRE)
    assert {cle[:3] for cle in REGISTRE} == set(FAMILLES)
    identifiants = [ligne.split("|")[1].strip() for ligne in lignes]
    assert [identifiants.count(e.id) for e in EXIGENCES] == [1] * len(EXIGENCES)
    assert all(ligne.count("|") - ligne.count("\\|") == 9 for ligne in lignes)
