"""What the authorisations of FINESS say, in both code systems."""

from datetime import date

import pytest

from rxror.ror.autorisations import AMF, AMM, Autorisation, Notion, notions_de, resumer

JOUR, FIN = date(2026, 8, 18), date(2031, 11, 22)


@pytest.mark.parametrize(
    ("nature", "codes", "notion"),
    [
        (AMF, ("14", "23"), Notion.URGENCES),
        (AMF, ("14", "24"), Notion.URGENCES_PEDIATRIQUES),
        (AMF, ("03", "01"), Notion.OBSTETRIQUE),
        (AMF, ("03", "02"), Notion.NEONATOLOGIE),
        (AMF, ("03", "03"), Notion.SOINS_INTENSIFS_NEONATALS),
        (AMF, ("03", "04"), Notion.REANIMATION_NEONATALE),
        (AMF, ("15", "09"), Notion.REANIMATION),
        (AMF, ("15", "10"), Notion.REANIMATION_PEDIATRIQUE),
        (AMF, ("15", "98"), Notion.REANIMATION_PEDIATRIQUE),
        (AMM, ("QA014", "MO032", "ME065"), Notion.URGENCES),
        (AMM, ("QA014", "MO032", "ME064"), Notion.URGENCES_PEDIATRIQUES),
        (AMM, ("QA003", "MO016", "ME000"), Notion.OBSTETRIQUE),
        (AMM, ("QA003", "MO017", "ME000"), Notion.NEONATOLOGIE),
        (AMM, ("QA003", "MO018", "ME000"), Notion.SOINS_INTENSIFS_NEONATALS),
        (AMM, ("QA003", "MO019", "ME000"), Notion.REANIMATION_NEONATALE),
        (AMM, ("QA015", "MO006", "ME016"), Notion.REANIMATION),
        (AMM, ("QA015", "MO007", "ME022"), Notion.REANIMATION_PEDIATRIQUE),
    ],
)
def test_notion_of_a_code(nature: str, codes: tuple[str, ...], notion: Notion) -> None:
    assert notions_de(Autorisation(nature, *codes)) == ({notion, Notion.MCO}, frozenset())


@pytest.mark.parametrize(
    ("autorisation", "champs"),
    [
        (Autorisation(AMF, "04", "28", forme="05"), {Notion.PSY}),
        (Autorisation(AMF, "50", "09", forme="01"), {Notion.SMR}),
        (Autorisation(AMF, "50", "09", forme="05"), {Notion.MCO}),  # hospitalisation à domicile
        (Autorisation(AMF, "07", "00"), {Notion.MCO}),
        (Autorisation(AMF, "99", "00"), set()),
        (Autorisation(AMM, "QA050", "MO000", "ME050"), {Notion.SMR}),
        (Autorisation(AMM, "QA004", "MO000", "ME070"), {Notion.PSY}),
        (Autorisation(AMM, "QA007"), set()),
        (Autorisation("ASMR", "14", "23"), set()),
    ],
)
def test_champ_of_a_code(autorisation: Autorisation, champs: set[Notion]) -> None:
    assert notions_de(autorisation)[0] == champs


def test_a_combination_that_the_list_does_not_name_is_uncertain() -> None:
    antenne = Autorisation(AMM, "QA014", "MO033", "ME000", fin=FIN)
    connues = resumer([antenne], JOUR)
    assert not connues.a(Notion.URGENCES)
    assert connues.ignore(Notion.URGENCES)
    assert connues.ignore(Notion.URGENCES_PEDIATRIQUES)
    assert not connues.ignore(Notion.REANIMATION)


@pytest.mark.parametrize(
    ("autorisation", "compte", "incertaine"),
    [
        (Autorisation(AMF, "14", "23", fin=FIN), True, False),
        (Autorisation(AMF, "14", "23", fin=date(2021, 5, 1)), True, False),  # prolonged by the reform
        (Autorisation(AMF, "14", "23", fin=date(2021, 4, 30)), False, False),
        (Autorisation(AMF, "14", "23"), False, True),  # active without an end: the view leaves it out
        (Autorisation(AMF, "14", "23", fin=FIN, etat="I"), False, False),
        (Autorisation(AMF, "14", "23", fin=FIN, fin_effective=JOUR), False, False),
        (Autorisation(AMF, "14", "23", fin=FIN, fin_effective=FIN), True, False),
    ],
)
def test_what_is_in_force(autorisation: Autorisation, compte: bool, incertaine: bool) -> None:
    connues = resumer([autorisation], JOUR)
    assert (connues.a(Notion.URGENCES), connues.ignore(Notion.URGENCES)) == (compte, incertaine)
