"""Keys of FINESS, SIREN and SIRET numbers."""

import pytest

from rxror.ror.regles.formats import finess_valide, siren_valide, siret_valide


@pytest.mark.parametrize("numero", ["810000331", "810000505", "970400024", "980502199"])
def test_finess_valide_accepts_real_numbers(numero: str):
    assert finess_valide(numero)


@pytest.mark.parametrize("numero", ["2A0000022", "2A0000014", "2B0000012", "2B0000020"])
def test_finess_valide_corsica_counts_a_as_1_and_b_as_2(numero: str):
    assert finess_valide(numero)
    assert not finess_valide(numero[:-1] + str((int(numero[-1]) + 1) % 10))


@pytest.mark.parametrize("numero", ["", "458174839", "81000050", "8100005050", "2C0000022", "81000050A", "8100005٠5"])
def test_finess_valide_refuses_wrong_key_or_shape(numero: str):
    assert not finess_valide(numero)


def test_siret_valide_knows_the_rule_of_la_poste():
    assert siret_valide("26810001300013")
    assert siret_valide("35600000049837")
    assert not siret_valide("26810001300014")
    assert not siret_valide("268 100 013 00013")


def test_siren_valide_checks_the_key():
    assert siren_valide("268100013")
    assert not siren_valide("268100014")
