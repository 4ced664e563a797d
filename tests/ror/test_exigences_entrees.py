"""What the requirements read of an offer: the flags of the peuplement, one by one, and the figures."""

from copy import deepcopy
from typing import Any

import pytest

from rxror.ror.exigences.entrees import OffreVue, nu, voir_offre
from rxror.ror.nomenclatures import Catalogue, Concept

CATALOGUE = Catalogue(
    [
        Concept(jdv=jdv, cle=code, code=code, libelle=code, statut=statut)
        for jdv, code, statut in (
            ("J20", "01", "active"),
            ("J19", "28", "active"),
            ("J17", "022", "active"),
            ("J17", "999", "deprecated"),
            ("J238", "157", "active"),
            ("J221", "07", "active"),
            ("J220", "01", "active"),
        )
    ]
)
MOYEN = {"canal": "2", "adresse_telecom": "0536491208", "niveau_confidentialite": "1"}
COMPLETE: dict[str, Any] = {
    "identifiant_offre": "76/0000001",
    "nom_offre": "Gynécologie",
    "champ_activite": "01",
    "mode_prise_en_charge": "28",
    "type_offre": "157",
    "patientele": [{"cle": "1", "age_min": 0, "age_max": 120}],
    "activite_operationnelle": [{"cle": "1", "activite_operationnelle": "022"}],
    "lieu_realisation_offre": ["L1"],
    "contact": [{"cle": "1", "nature_contact": "07", "telecommunication": [MOYEN]}],
}
LIEU = {"libelle_voie": "SIBILLE", "localite": "ALBI", "code_postal": "81000"}


def voir(valeurs: Any = None, lieu: Any = None, categorie: str = "355") -> OffreVue:
    lieux = {"L1": {**LIEU, **(lieu or {})}}
    return voir_offre({**deepcopy(COMPLETE), **(valeurs or {})}, lieux, CATALOGUE, categorie=categorie)


def un_contact(**autres: Any) -> dict[str, Any]:
    return {"contact": [{"cle": "1", "nature_contact": "07", "telecommunication": [MOYEN], **autres}]}


def test_complete_offer_lacks_nothing() -> None:
    assert voir().reste == ()


@pytest.mark.parametrize(
    ("valeurs", "reste", "ou"),
    [
        ({"champ_activite": ""}, "le champ d’activité", ("informations_generales", "champ_activite")),
        ({"champ_activite": "99"}, "le champ d’activité", ("informations_generales", "champ_activite")),
        ({"mode_prise_en_charge": "99"}, "le mode de prise en charge", ("accueil", "mode_prise_en_charge")),
        ({"patientele": []}, "les âges", ("patientele", "patientele.n0.age_min")),
        (
            {"patientele": [{"cle": "1", "age_min": 0, "age_max": None}]},
            "les âges",
            ("patientele", "patientele.1.age_max"),
        ),
        ({"activite_operationnelle": []}, "une activité opérationnelle", ("specificites", "activite_operationnelle")),
        (
            {"activite_operationnelle": [{"cle": "1", "activite_operationnelle": "abc"}]},
            "une activité opérationnelle",
            ("specificites", "activite_operationnelle"),
        ),
        ({"lieu_realisation_offre": []}, "une adresse complète", ("adresse", "lieu_realisation_offre")),
        ({"contact": []}, "un contact complet", ("contacts", "contact")),
        (un_contact(nature_contact="99"), "un contact complet", ("contacts", "contact")),
        (
            un_contact(telecommunication=[{**MOYEN, "adresse_telecom": ""}]),
            "un contact complet",
            ("contacts", "contact"),
        ),
        (un_contact(telecommunication=[]), "un contact complet", ("contacts", "contact")),
    ],
)
def test_each_thing_that_lacks_is_named_with_its_field(valeurs: Any, reste: str, ou: tuple[str, str]) -> None:
    vue = voir(valeurs)
    assert (vue.reste, vue.champ_manquant, vue.entame) == ((reste,), ou, True)


@pytest.mark.parametrize(
    "valeurs",
    [
        {"activite_operationnelle": [{"cle": "1", "activite_operationnelle": "999"}]},  # known, no longer in force
        {"patientele": [{"cle": "1", "age_min": 80, "age_max": 2}]},  # presence only, no order
        un_contact(nature_contact="", fonction_contact="01"),
        {"type_offre": ""},
    ],
)
def test_what_counts_all_the_same(valeurs: Any) -> None:
    assert voir(valeurs).reste == ()


@pytest.mark.parametrize(
    ("lieu", "reste"),
    [
        ({"libelle_voie": "", "lieu_dit": "Le Bourg"}, ()),
        ({"libelle_voie": ""}, ("une adresse complète",)),
        ({"code_postal": ""}, ("une adresse complète",)),
        ({"localite": ""}, ("une adresse complète",)),
    ],
)
def test_address_of_a_lieu(lieu: Any, reste: tuple[str, ...]) -> None:
    assert voir(lieu=lieu).reste == reste


@pytest.mark.parametrize("categorie", ["209", "354", "460"])
def test_type_d_offre_counts_for_services_at_home(categorie: str) -> None:
    assert voir({"type_offre": ""}, categorie=categorie).reste == ("le type d’offre",)
    assert voir(categorie=categorie).reste == ()


def test_an_empty_offer_has_everything_to_do() -> None:
    vue = voir_offre({}, {}, CATALOGUE)
    assert not vue.entame
    assert len(vue.reste) == 6


def test_only_usual_installed_capacities_count() -> None:
    lignes = [
        {"statut_capacite": statut, "temporalite_capacite": temps, "nombre_capacite": n}
        for statut, temps, n in (
            ("01", "01", 12),
            ("01", "02", 3),
            ("02", "01", 5),
            ("05", "01", 7),
            ("01", "01", None),
        )
    ]
    assert voir(lieu={"capacite_accueil_operationnelle": lignes}).places == 12


@pytest.mark.parametrize(
    ("valeurs", "fermee"),
    [
        ({"type_fermeture": "DEF", "date_fermeture": "2026-01-01"}, True),
        ({"type_fermeture": "DEF", "date_fermeture": "2099-01-01"}, True),  # the view looks at the date's presence only
        ({"type_fermeture": "PRO", "date_fermeture": "2026-01-01"}, False),
        ({"type_fermeture": "DEF", "date_fermeture": None}, False),
    ],
)
def test_closed_for_good(valeurs: Any, fermee: bool) -> None:
    assert voir(valeurs).fermee is fermee


def test_types_of_maternity_are_told_apart_from_other_levels() -> None:
    vue = voir({"niveau_expertise": ["TRE_R253:02", "TRE_R265:02"]})
    assert vue.types_maternite == {"02"}


@pytest.mark.parametrize("texte", ["Sécurisée", "SECURISEE", "securisée", "se\u0301curise\u0301e"])
def test_texts_are_compared_without_case_nor_accents(texte: str) -> None:
    assert nu(texte) == "securisee"
