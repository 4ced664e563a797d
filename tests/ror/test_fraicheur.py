from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rxror.ror import fraicheur as f
from rxror.ror.dates import PARIS
from rxror.ror.fraicheur import Compte, Fraicheur

JOUR = date(2026, 11, 23)


def valide(jour: date) -> datetime:
    return datetime(jour.year, jour.month, jour.day, 12, tzinfo=PARIS)


@pytest.mark.parametrize(
    ("validation", "attendue"),
    [
        (date(2026, 11, 23), Fraicheur.A_JOUR),
        (date(2026, 1, 23), Fraicheur.A_JOUR),
        (date(2026, 1, 22), Fraicheur.A_REVOIR),
        (date(2025, 11, 23), Fraicheur.A_REVOIR),
        (date(2025, 11, 22), Fraicheur.EN_RETARD),
    ],
)
def test_ten_months_then_twelve(validation: date, attendue: Fraicheur):
    assert f.fraicheur_de(valide(validation), JOUR) is attendue


def test_never_validated_is_said_so():
    assert f.fraicheur_de(None, JOUR) is Fraicheur.JAMAIS


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 500))
def test_sql_thresholds_say_what_the_rule_says(jour: date, age: int):
    validation = valide(jour - timedelta(age))
    attendue = f.fraicheur_de(validation, jour)
    if validation < f.seuil(jour, f.MOIS_VALABLE):
        assert attendue is Fraicheur.EN_RETARD
    elif validation < f.seuil(jour, f.MOIS_A_JOUR):
        assert attendue is Fraicheur.A_REVOIR
    else:
        assert attendue is Fraicheur.A_JOUR


def test_a_validation_late_in_the_evening_counts_for_that_day_in_paris():
    assert f.echeance(datetime(2025, 11, 22, 23, 30, tzinfo=UTC)) == date(2026, 11, 23)


def test_months_end_where_the_month_ends():
    assert f.ajouter_mois(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert f.ajouter_mois(date(2026, 11, 30), 3) == date(2027, 2, 28)


@pytest.mark.parametrize(
    ("compte", "mot", "sorte"),
    [
        (Compte(80, 12, 62, 6), "En retard\xa0: 6 offres", "retard"),
        (Compte(2, 1, 1), "À revoir\xa0: 1 offre", "revoir"),
        (Compte(2, 2), "À jour", "ajour"),
        (Compte(), "Aucune offre", "ferme"),
    ],
)
def test_a_place_is_in_the_state_of_its_worst_offre(compte: Compte, mot: str, sorte: str):
    assert (compte.etat.mot, compte.etat.sorte) == (mot, sorte)


def test_comptes_add_up():
    assert Compte(2, 1, 1, 0, 1, 0) + Compte(3, 1, 0, 2, 0, 4) == Compte(5, 2, 1, 2, 1, 4)
    assert Compte(80, 12).avancement == "12 sur 80 à jour"


def test_precision_gives_the_one_date_that_counts():
    def dire(etat: Fraicheur) -> str:
        return f.precision(etat, valide(date(2025, 12, 2))).replace("\xa0", " ")

    assert dire(Fraicheur.A_JOUR) == "validée le 2 décembre 2025"
    assert dire(Fraicheur.A_REVOIR) == "à valider avant le 2 décembre 2026"
    assert dire(Fraicheur.EN_RETARD) == "était à valider avant le 2 décembre 2026"
    assert f.precision(Fraicheur.JAMAIS, None) == ""
