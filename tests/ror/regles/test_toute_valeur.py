"""No rule raises, whatever was kept: values come from JSON and may be partial, of another kind, or enormous."""

from string import Formatter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import SQLModel

from rxror.ror.champs import Contexte, champs_de, groupes_de
from rxror.ror.controles import Anomalie, controler
from rxror.ror.messages import MESSAGES
from rxror.ror.objets import OBJETS
from rxror.ror.regles import Examen
from tests.ror.regles.exemples import AUJOURD_HUI, CATALOGUE, COMMUNES, EG, LIEU, OFFRE, STRUCTURE

FEUILLES: Any = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=40)
    | st.sampled_from(
        ["01", "04", "05", "2", "3", "MSSANTE", "a", "08:00", "24:00", "2026-11-23", "81004", "PRO", "NaN"]
    )
)
JSON = st.recursive(
    FEUILLES, lambda dedans: st.lists(dedans, max_size=3) | st.dictionaries(st.text(max_size=6), dedans, max_size=3)
)
EXEMPLES = {"offre": OFFRE, "lieu": LIEU, "structure": STRUCTURE, "etablissement": EG, "ej": {}}


def valeurs(classe: type[SQLModel]) -> Any:
    """Values with the names of a class, and anything at all in them; rows look like rows more often than not."""
    noms: dict[str, Any] = dict.fromkeys(champs_de(classe), JSON)
    for nom, groupe in groupes_de(classe).items():
        noms[nom] = JSON | st.lists(st.fixed_dictionaries({"cle": JSON}, optional=sous(groupe.classe)), max_size=3)
    return st.fixed_dictionaries({}, optional=noms)


def sous(classe: type[SQLModel]) -> dict[str, Any]:
    noms: dict[str, Any] = dict.fromkeys(champs_de(classe), JSON)
    for nom, groupe in groupes_de(classe).items():
        noms[nom] = JSON | st.lists(st.fixed_dictionaries({}, optional=sous(groupe.classe)), max_size=2)
    return noms


@pytest.mark.parametrize("genre", list(OBJETS))
@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(donnees=st.data())
def test_no_rule_raises_whatever_the_values(genre: str, donnees: Any) -> None:
    classe = OBJETS[genre]
    tirees = {**EXEMPLES[genre], **donnees.draw(valeurs(classe))}
    lieu = {**LIEU, **donnees.draw(valeurs(OBJETS["lieu"]))}
    examen = Examen(
        Contexte(tirees, donnees.draw(st.sampled_from(["355", "500", "209", ""]))),
        CATALOGUE,
        {"L1": lieu},
        jour=AUJOURD_HUI,
        usages={"L1": 2},
        offres_ouvertes={"L1": donnees.draw(st.integers(0, 2))},
        ascendants=donnees.draw(st.none() | st.lists(st.tuples(st.text(max_size=3), st.text(max_size=2)), max_size=3)),
        communes=donnees.draw(st.sampled_from([None, {}, COMMUNES])),
    )
    for anomalie in controler(classe, examen):
        assert isinstance(anomalie, Anomalie)
        assert anomalie.message
        assert not [nom for nom in _a_remplir(anomalie.regle) if f"{{{nom}}}" in anomalie.message]


def _a_remplir(regle: str) -> set[str]:
    """Names that the sentence of a rule leaves open; each is filled before it is told."""
    return {nom for _, nom, _, _ in Formatter().parse(MESSAGES.get(regle, "")) if nom}
