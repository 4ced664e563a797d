"""The form of a correction: what a forged event may hold."""

from typing import Any
from uuid import uuid4

import pytest

from rxror.ror.erreurs import SaisieInvalide
from rxror.services.corrections import DemandeCorrection
from rxror.ui.demande import lire_demande
from rxror.ui.pages.correction import CONTEXTE

BONNE = {"identifiant": "76/0000001", "regle": "CO1", "vu": "0" * 64, "cle": str(uuid4())}


def test_demande_reads_what_the_page_sends_and_nothing_else() -> None:
    demande = lire_demande(DemandeCorrection, {**BONNE, "form_data": "x"}, CONTEXTE)
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
        {**BONNE, "regle": "x" * 500},
        {**BONNE, "vu": "x" * 500},
        {**BONNE, "cle": "' OR 1=1"},
        {**BONNE, "cle": 12},
    ],
)
def test_demande_forged_is_refused(saisie: Any) -> None:
    with pytest.raises(SaisieInvalide):
        lire_demande(DemandeCorrection, saisie, CONTEXTE)
