"""The form of a correction: what a forged event may hold."""

from typing import Any
from uuid import uuid4

import pytest

from rxror.ror.erreurs import SaisieInvalide
from rxror.ui.pages.correction import _demande

BONNE = {"identifiant": "76/0000001", "remede": "CO1", "vu": "0" * 64, "cle": str(uuid4())}


def test_demande_reads_what_the_page_sends_and_nothing_else() -> None:
    demande = _demande({**BONNE, "form_data": "x"})
    assert (demande.identifiant, demande.regle, demande.cible.cle) == ("76/0000001", "CO1", "offre:76/0000001")


@pytest.mark.parametrize(
    "saisie",
    [
        None,
        [],
        "CO1",
        {},
        {**BONNE, "identifiant": None},
        {**BONNE, "identifiant": {"a": 1}},
        {**BONNE, "remede": "x" * 500},
        {**BONNE, "vu": "x" * 500},
        {**BONNE, "cle": "' OR 1=1"},
        {**BONNE, "cle": 12},
    ],
)
def test_demande_forged_is_refused(saisie: Any) -> None:
    with pytest.raises(SaisieInvalide):
        _demande(saisie)
