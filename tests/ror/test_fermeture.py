"""What a closing may not be, what it does below, and how it is said."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from rxror.ror import fermeture as f
from rxror.ror.fermeture import DEFINITIVE, PROVISOIRE, Fermeture
from rxror.ror.objets import EntiteGeographique, OffreOperationnelle, OrganisationInterne

JOUR = date(2026, 11, 23)
OUVERTURE = date(2020, 1, 1)


def dans(jours: int) -> date:
    return JOUR + timedelta(days=jours)


def pro(debut: int, retour: int | None = None) -> Fermeture:
    return Fermeture(PROVISOIRE, dans(debut), None if retour is None else dans(retour))


def definitive(debut: int) -> Fermeture:
    return Fermeture(DEFINITIVE, dans(debut))


@pytest.mark.parametrize(
    ("fermeture", "champs"),
    [
        (pro(0), []),
        (pro(0, 1), []),
        (pro(-30, 1), []),
        (pro(30, 31), []),
        (definitive(0), []),
        (definitive(30), []),
        (pro(0, 0), ["date_previsionnelle_reouverture"]),
        (pro(5, 4), ["date_previsionnelle_reouverture"]),
        (pro(-30, -1), ["date_previsionnelle_reouverture"]),
        (pro(-30, 0), ["date_previsionnelle_reouverture"]),
        (Fermeture(DEFINITIVE, JOUR, dans(30)), ["date_previsionnelle_reouverture"]),
        (Fermeture(PROVISOIRE, OUVERTURE), ["date_fermeture"]),
        (Fermeture(PROVISOIRE, OUVERTURE - timedelta(days=1)), ["date_fermeture"]),
        (Fermeture(PROVISOIRE, OUVERTURE + timedelta(days=1)), []),
        (Fermeture(DEFINITIVE, date(1, 1, 1)), ["date_fermeture"]),
        (Fermeture(DEFINITIVE, date(9999, 12, 31)), ["date_fermeture"]),
        (Fermeture(PROVISOIRE, JOUR, date(9999, 12, 31)), ["date_previsionnelle_reouverture"]),
    ],
)
def test_fautes_at_each_boundary(fermeture: Fermeture, champs: list[str]) -> None:
    assert list(f.fautes(fermeture, OUVERTURE, JOUR)) == champs


def test_fautes_without_a_date_of_opening_allow_any_plausible_day() -> None:
    assert f.fautes(Fermeture(DEFINITIVE, date(1950, 1, 1)), None, JOUR) == {}


@pytest.mark.parametrize(
    ("actuelle", "nouvelle", "apres"),
    [
        (None, definitive(0), definitive(0)),
        (None, pro(0, 9), pro(0, 9)),
        (pro(-60, -30), pro(0, 9), pro(0, 9)),  # over since a month: it is open
        (pro(-10, 20), definitive(0), definitive(-10)),
        (pro(-10), definitive(5), definitive(-10)),
        (pro(10, 20), definitive(5), definitive(5)),
        (pro(-10, 20), pro(0, 30), pro(-10, 30)),
        (pro(-10, 20), pro(0), pro(-10)),
        (pro(-10, 20), pro(0, 9), None),
        (pro(-10), pro(0, 9), None),
        (pro(10, 20), pro(0, 15), pro(0, 20)),
        (definitive(-10), pro(0, 9), None),
        (definitive(-10), definitive(0), None),
        (definitive(0), definitive(0), None),
        (definitive(10), definitive(0), definitive(0)),
        (Fermeture("", dans(-10)), pro(0, 9), None),
        (Fermeture("", dans(-10)), definitive(0), definitive(-10)),
    ],
)
def test_par_cascade_keeps_closed_what_is_closed(
    actuelle: Fermeture | None, nouvelle: Fermeture, apres: Fermeture | None
) -> None:
    assert f.par_cascade(actuelle, nouvelle, None, JOUR) == apres


def test_par_cascade_moves_with_its_root_what_closed_with_it() -> None:
    assert f.par_cascade(pro(10, 20), pro(15, 40), pro(10, 20), JOUR) == pro(15, 40)
    assert f.par_cascade(pro(10, 20), pro(10, 20), pro(10, 20), JOUR) is None


@pytest.mark.parametrize(
    ("fermeture", "texte"),
    [
        (definitive(-1), "Fermée définitivement le 22\u00a0novembre\u00a02026"),
        (definitive(1), "Fermera définitivement le 24\u00a0novembre\u00a02026"),
        (pro(0), "Fermée provisoirement depuis le 23\u00a0novembre\u00a02026"),
        (
            pro(-1, 8),
            "Fermée provisoirement depuis le 22\u00a0novembre\u00a02026, "
            "réouverture prévue le 1er\u00a0décembre\u00a02026",
        ),
        (pro(-9, -1), "Réouverture prévue le 22\u00a0novembre\u00a02026, à confirmer"),
        (Fermeture("", JOUR), "Fermée depuis le 23\u00a0novembre\u00a02026"),
    ],
)
def test_phrase_says_the_closing_as_it_stands(fermeture: Fermeture, texte: str) -> None:
    assert f.phrase(fermeture, JOUR) == texte


def test_phrase_agrees_with_the_kind_of_object() -> None:
    pole, uf = OrganisationInterne(type_oi="1"), OrganisationInterne(type_oi="3")
    assert f.phrase(definitive(0), JOUR, f.accord(pole)).startswith("Fermé définitivement")
    assert f.phrase(definitive(0), JOUR, f.accord(uf)).startswith("Fermée définitivement")


def offre(fermeture: Fermeture | None) -> Any:
    return OffreOperationnelle(**f.colonnes(fermeture))


@pytest.mark.parametrize(
    ("fermeture", "mot", "quand"),
    [
        (None, "Jamais validée", ""),
        (definitive(-1), "Fermée définitivement", "le 22\u00a0novembre\u00a02026"),
        (pro(-1), "Fermée provisoirement", "depuis le 22\u00a0novembre\u00a02026"),
        (pro(1), "Jamais validée", "Fermera provisoirement le 24\u00a0novembre\u00a02026"),
        (pro(-9, 0), "Jamais validée", "Réouverture prévue le 23\u00a0novembre\u00a02026, à confirmer"),
    ],
)
def test_etat_de_says_closed_only_while_it_is(fermeture: Fermeture | None, mot: str, quand: str) -> None:
    etat, suite = f.etat_de(offre(fermeture), JOUR)
    assert (etat.mot, suite) == (mot, quand)


@pytest.mark.parametrize(
    ("fermeture", "archive", "parent"),
    [
        (None, False, False),
        (definitive(-1), True, True),
        (definitive(0), True, True),
        (definitive(1), False, True),
        (pro(-1), False, True),
        (pro(-9, 0), False, False),
    ],
)
def test_what_a_closing_forbids(fermeture: Fermeture | None, archive: bool, parent: bool) -> None:
    assert f.est_archive(offre(fermeture), JOUR) is archive
    assert f.ferme_ou_le_sera(offre(fermeture), JOUR) is parent


def test_closing_of_an_etablissement_is_left_to_finess() -> None:
    eg = EntiteGeographique(date_fermeture=date(2000, 1, 1), type_fermeture=DEFINITIVE)
    assert not f.est_archive(eg, JOUR)
    assert not f.ferme_ou_le_sera(SimpleNamespace(), JOUR)
