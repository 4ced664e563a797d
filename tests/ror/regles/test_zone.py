"""Rules of the zone d'intervention: COH-04, COH-20."""

from typing import Any

import pytest

from rxror.ror.regles import Severite
from tests.ror.regles.exemples import EN_SOCIAL, dit, offre

ZONE = {"zone_intervention": ["81004"]}


@pytest.mark.parametrize(
    ("codes", "chemins"),
    [
        ([], []),
        (["81004", "2A004", "2B033", "97411"], []),
        (["81"], ["zone_intervention"]),
        (["81004", "TARN"], ["zone_intervention"]),
        (["2C004"], ["zone_intervention"]),
    ],
)
def test_coh_04_a_zone_is_made_of_communes(codes: list[str], chemins: list[str]) -> None:
    anomalies = offre(zone_intervention=codes, champ_activite="05")
    assert dit("COH-04", anomalies) == chemins
    assert all(a.bloque for a in anomalies if a.regle == "COH-04")


@pytest.mark.parametrize(
    ("autres", "manque"),
    [
        ({"modalite_accueil": ["03"]}, False),
        ({"modalite_accueil": ["03", "05"]}, True),
        ({"modalite_accueil": ["05"], **ZONE}, False),
        ({"mode_prise_en_charge": "31"}, True),
        ({"mode_prise_en_charge": "31", **ZONE}, False),
        ({**EN_SOCIAL, "categorie": "209"}, True),
        ({**EN_SOCIAL, "categorie": "354"}, True),
        ({**EN_SOCIAL, "categorie": "460"}, True),
        ({**EN_SOCIAL, "categorie": "460", **ZONE}, False),
        ({**EN_SOCIAL, "categorie": "500"}, False),
        ({"categorie": "460"}, False),  # a sanitaire offer of such a place
    ],
)
def test_coh_20_who_goes_to_homes_says_where(autres: dict[str, Any], manque: bool) -> None:
    anomalies = [a for a in offre(**autres) if a.regle == "COH-20"]
    assert [(a.chemin, a.severite) for a in anomalies] == ([("zone_intervention", Severite.ALERTE)] if manque else [])
