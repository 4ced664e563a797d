"""Formats of numbers and addresses, one function each."""

import pytest

from rxror.ror.regles import formats as f

# Numbers of the FINESS directory, as it is published; Corsican ones among them.
FINESS = ["810000505", "2A0000014", "2B0000012", "970100228"]


def cle_de_luhn(debut: str) -> str:
    from stdnum import luhn

    return debut + luhn.calc_check_digit(debut)


def cle_fausse(chiffres: str) -> str:
    """The same number with another key."""
    bon = cle_de_luhn(chiffres)
    return bon[:-1] + str((int(bon[-1]) + 1) % 10)


@pytest.mark.parametrize("numero", ["810000505", *(cle_de_luhn(d) for d in ("81000050", "97410001"))])
def test_finess_has_nine_characters_and_a_luhn_key(numero: str) -> None:
    assert f.finess_valide(numero)
    assert not f.finess_valide(numero[:-1] + str((int(numero[-1]) + 1) % 10))


@pytest.mark.parametrize(("debut", "chiffres"), [("2A000001", "21000001"), ("2B000001", "22000001")])
def test_corsican_finess_counts_a_for_1_and_b_for_2(debut: str, chiffres: str) -> None:
    cle = cle_de_luhn(chiffres)[-1]
    assert f.finess_valide(debut + cle)
    assert not f.finess_valide(debut + str((int(cle) + 1) % 10))


@pytest.mark.parametrize(
    "texte", ["", "81000050", "8100005050", "2C0000014", "2a0000014", "\uff181000050", "81 000 050"]
)
def test_finess_of_another_shape_is_refused(texte: str) -> None:
    assert not f.finess_valide(texte)


@pytest.mark.parametrize(
    ("valide", "bon", "faux"),
    [
        (f.siren_valide, "356000000", "356000001"),
        (f.siret_valide, "35600000000048", "35600000000049"),
        (f.siret_valide, "35600000009075", "35600000009076"),  # La Poste: sum of digits, multiple of 5
        (f.rpps_valide, cle_de_luhn("1000345678"), cle_de_luhn("1000345678")[:-1] + "x"),
        (f.rpps_valide, cle_de_luhn("1000345678"), cle_fausse("1000345678")),
        (f.rpps_rang_valide, cle_de_luhn("1000345678") + "019", cle_fausse("1000345678") + "019"),
        (f.rpps_rang_valide, cle_de_luhn("1000345678") + "019", cle_de_luhn("1000345678") + "01"),
        (f.adeli_rang_valide, "81100123401", "8110012340"),
        (f.adeli_rang_valide, "2A100123401", "2C100123401"),
        (f.secteur_psychiatrique, "31G05", "31G5"),
        (f.secteur_psychiatrique, "2AI01", "2CI01"),
        (f.code_postal, "81013", "8101"),
        (f.code_postal, "20000", "2A000"),
        (f.code_insee, "81004", "8100"),
        (f.code_insee, "2A004", "2C004"),
        (f.numero_voie, "9999", "10000"),
        (f.numero_voie, "0", "12bis"),
        (f.numero_voie, "1", "²"),
        (f.code_postal, "00000", "\uff18\uff11\uff10\uff10\uff10"),
    ],
)
def test_a_number_has_its_shape_and_its_key(valide: object, bon: str, faux: str) -> None:
    assert callable(valide)
    assert valide(bon)
    assert not valide(faux)
    assert not valide("")


@pytest.mark.parametrize(
    ("texte", "valide"),
    [
        ("1810000505", True),
        ("2356000000", True),
        ("335600000000048", True),
        ("4" + cle_de_luhn("1000345678") + "019", True),
        ("081100123401", True),
        ("1810000506", False),
        ("5810000505", False),
        ("", False),
        ("1", False),
    ],
)
def test_id_nat_struct_is_a_kind_and_a_number_of_that_kind(texte: str, valide: bool) -> None:
    assert f.id_nat_struct_valide(texte) is valide


@pytest.mark.parametrize(
    "texte",
    [
        "0536491208",
        "05 36 49 12 08",
        "05.36.49.12.08",
        "05-36-49-12-08",
        "(05) 36 49 12 08",
        "05\u202f36\u202f49\u202f12\u202f08",
        "+33536491208",
        "+33 5 36 49 12 08",
        "0033536491208",
        "+262262905050",
        "+590590123456",
        "+594594123456",
        "+596596123456",
        "+508412345",
        "+687251234",
        "+689 40 12 34 56",
        "+681721234",
        "15",
        "112",
        "114",
        "115",
        "119",
        "3646",
        "36 46",
        "116117",
        "116 117",
    ],
)
def test_telephone_that_can_be_dialled_is_accepted(texte: str) -> None:
    assert f.telephone(texte)


@pytest.mark.parametrize(
    "texte",
    [
        "",
        "1",
        "16",
        "053649120",
        "05364912",
        "053649120812",
        "0036",
        "36460",
        "0536491208 ou 0536491209",
        "3 lits 123",
        "3e étage 12",
        "poste 3646",
        "+",
        "+1",
        "<script>",
        "\uff10\uff15\uff13\uff16\uff14\uff19\uff11\uff12\uff10\uff18",
        "0" * 5000,
    ],
)
def test_telephone_that_cannot_be_dialled_is_refused(texte: str) -> None:
    assert not f.telephone(texte)
