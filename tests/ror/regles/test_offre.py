"""Rules of an offer: OBL-02 to OBL-11, COH-01 to COH-03, sectors."""

from typing import Any

import pytest

from rxror.ror.champs import Champ, champs_de
from rxror.ror.controles import Severite, adresse_exploitable
from rxror.ror.objets import OffreOperationnelle
from rxror.ror.saisie import LIGNE_UNIQUE
from tests.ror.regles.exemples import ACTIVITE, EN_SOCIAL, LIEU, dit, offre, patientele, regles


def test_a_complete_offre_has_nothing_to_say() -> None:
    assert offre() == []
    assert offre(**EN_SOCIAL, categorie="500") == []


@pytest.mark.parametrize(
    ("nom", "chemins"), [("", ["nom_offre"]), ("   ", ["nom_offre"]), (None, ["nom_offre"]), ("G", [])]
)
def test_obl_02_an_offre_has_a_name(nom: str | None, chemins: list[str]) -> None:
    assert dit("OBL-02", offre(nom_offre=nom)) == chemins


@pytest.mark.parametrize(
    ("activites", "chemins"),
    [([], ["activite_operationnelle"]), ([{**ACTIVITE, "activite_operationnelle": ""}], ["activite_operationnelle"])],
)
def test_obl_05_at_least_one_activite(activites: list[Any], chemins: list[str]) -> None:
    assert dit("OBL-05", offre(activite_operationnelle=activites)) == chemins
    assert dit("OBL-05", offre(activite_operationnelle=[*activites, ACTIVITE])) == []


@pytest.mark.parametrize("manque", ["age_min", "age_min_unite", "age_max", "age_max_unite"])
def test_obl_06_both_ages_each_with_its_unit(manque: str) -> None:
    assert dit("OBL-06", offre(patientele=patientele(**{manque: None}))) == [f"patientele.5.{manque}"]


def test_obl_06_without_patientele_leads_to_the_row_the_form_opens() -> None:
    assert dit("OBL-06", offre(patientele=[])) == [f"patientele.{LIGNE_UNIQUE}.age_min"]
    assert dit("OBL-06", offre(patientele=patientele(age_min=0))) == []


@pytest.mark.parametrize(
    ("unite", "refusee"), [("a", False), ("mo", False), ("wk", False), ("d", False), ("h", True), ("s", True)]
)
def test_coh_01_ages_are_in_years_months_weeks_or_days(unite: str, refusee: bool) -> None:
    assert dit("COH-01", offre(patientele=patientele(age_max_unite=unite))) == (
        ["patientele.5.age_max_unite"] if refusee else []
    )


@pytest.mark.parametrize(
    ("mini", "maxi", "dans_l_ordre"),
    [
        ("15 a", "120 a", True),
        ("1 a", "1 a", True),
        ("0 d", "0 d", True),
        ("2 a", "1 a", False),
        ("11 mo", "1 a", True),
        ("12 mo", "1 a", True),  # 365.25 days both
        ("13 mo", "1 a", False),
        ("4 wk", "1 mo", True),  # 28 days, 30.4
        ("5 wk", "1 mo", False),
        ("365 d", "1 a", True),
        ("366 d", "1 a", False),
        ("52 wk", "12 mo", True),
        ("53 wk", "12 mo", False),
    ],
)
def test_coh_02_the_minimum_age_is_not_over_the_maximum(mini: str, maxi: str, dans_l_ordre: bool) -> None:
    (a, unite_a), (b, unite_b) = mini.split(), maxi.split()
    ages = patientele(age_min=int(a), age_min_unite=unite_a, age_max=int(b), age_max_unite=unite_b)
    assert dit("COH-02", offre(patientele=ages)) == ([] if dans_l_ordre else ["patientele.5.age_min"])


@pytest.mark.parametrize(
    ("age", "unite", "dites"),
    [
        (130, "a", []),
        (131, "a", ["COH-02-ALERTE"]),
        (150, "a", ["COH-02-ALERTE"]),
        (151, "a", ["COH-02-MAX"]),
        (1560, "mo", []),  # 130 years
        (1561, "mo", ["COH-02-ALERTE"]),
        (1800, "mo", ["COH-02-ALERTE"]),  # 150 years
        (1801, "mo", ["COH-02-MAX"]),
        (54787, "d", ["COH-02-ALERTE"]),
        (54788, "d", ["COH-02-MAX"]),
    ],
)
def test_coh_02_ages_alert_over_130_years_and_block_over_150(age: int, unite: str, dites: list[str]) -> None:
    anomalies = offre(patientele=patientele(age_max=age, age_max_unite=unite))
    assert regles(anomalies) == dites
    assert [a.bloque for a in anomalies] == [r == "COH-02-MAX" for r in dites]


@pytest.mark.parametrize("nom", ["age_min", "age_max"])
@pytest.mark.parametrize(("age", "negatif"), [(-1, True), (0, False)])
def test_coh_02_no_age_is_negative(nom: str, age: int, negatif: bool) -> None:
    anomalies = offre(patientele=patientele(**{nom: age}))
    assert dit("COH-02-NEGATIF", anomalies) == ([f"patientele.5.{nom}"] if negatif else [])


@pytest.mark.parametrize(
    ("champ", "public", "chemins"),
    [
        ("04", [], ["patientele.5.public_pris_en_charge"]),
        ("04", ["07"], []),
        ("01", [], []),
        ("06", [], []),
    ],
)
def test_obl_07_medico_social_says_its_public(champ: str, public: list[str], chemins: list[str]) -> None:
    valeurs = {**EN_SOCIAL, "champ_activite": champ, "patientele": patientele(public_pris_en_charge=public)}
    assert dit("OBL-07", offre(**valeurs)) == chemins


@pytest.mark.parametrize(
    ("champ", "famille", "manque"), [("04", "", True), ("04", "TRE_R266:01", False), ("01", "", False)]
)
def test_obl_08_medico_social_gives_a_family_to_each_activite(champ: str, famille: str, manque: bool) -> None:
    activites = [{**ACTIVITE, "famille_activite_operationnelle": famille}]
    anomalies = offre(champ_activite=champ, activite_operationnelle=activites)
    assert dit("OBL-08", anomalies) == (["activite_operationnelle.6.famille_activite_operationnelle"] if manque else [])
    assert not manque or "Libellé 022" in anomalies[0].message


@pytest.mark.parametrize(("reponse", "chemins"), [(None, ["unite_sensible"]), (False, []), (True, [])])
def test_obl_09_the_unite_sensible_is_answered(reponse: bool | None, chemins: list[str]) -> None:
    assert dit("OBL-09", offre(unite_sensible=reponse)) == chemins


def test_obl_09_a_new_offre_answers_no() -> None:
    assert champs_de(OffreOperationnelle)["unite_sensible"].defaut is False
    assert OffreOperationnelle(entite_geographique_id=1, identifiant_offre="76/1").unite_sensible is False


@pytest.mark.parametrize(
    ("categorie", "bloque"),
    [("209", True), ("354", True), ("460", True), ("355", False), ("500", False), ("2090", False), ("", False)],
)
def test_obl_10_a_type_d_offre_blocks_in_three_categories_only(categorie: str, bloque: bool) -> None:
    (anomalie,) = [a for a in offre(type_offre="", categorie=categorie) if a.regle == "OBL-10"]
    assert (anomalie.bloque, anomalie.chemin, anomalie.manque) == (bloque, "type_offre", True)
    assert dit("OBL-10", offre(type_offre="157", categorie=categorie)) == []


class MS:
    """A modèle that allows one type d'offre and asks for an answer there."""

    nom = "MS-141"

    def visible(self, element: object) -> bool | None:
        return None

    def demande(self, element: object) -> bool:
        return element is champs_de(OffreOperationnelle)["secteur_psychiatrique"]

    def codes(self, element: object) -> tuple[str, ...]:
        return ("157",) if isinstance(element, Champ) and element.jdv == "J238" else ()


class SansType(MS):
    """One that asks for a type d'offre, whatever it is."""

    def demande(self, element: object) -> bool:
        return element is champs_de(OffreOperationnelle)["type_offre"]

    def codes(self, element: object) -> tuple[str, ...]:
        return ()


@pytest.mark.parametrize(
    ("modele", "categorie", "dites"),
    [
        (None, "355", ["OBL-10"]),
        (MS(), "355", ["OBL-10"]),  # the modèle does not ask for it: the rule does
        (SansType(), "355", ["OBL-01-MODELE"]),
        (SansType(), "209", ["OBL-10"]),  # there the rule blocks
    ],
)
def test_a_missing_type_d_offre_is_told_once_where_it_only_asks_for_a_look(
    modele: Any, categorie: str, dites: list[str]
) -> None:
    anomalies = offre(type_offre="", modele=modele, categorie=categorie)
    assert sorted(a.regle for a in anomalies if a.chemin == "type_offre") == sorted(dites)


@pytest.mark.parametrize(
    ("modele", "type_offre", "chemins"),
    [
        (MS(), "158", ["type_offre"]),
        (MS(), "157", []),
        (MS(), "", []),
        (None, "158", []),
        (SansType(), "158", []),  # it allows them all
    ],
)
def test_coh_03_a_type_out_of_the_modele_is_an_alert(modele: Any, type_offre: str, chemins: list[str]) -> None:
    anomalies = [a for a in offre(modele=modele, type_offre=type_offre) if a.regle == "COH-03"]
    assert [a.chemin for a in anomalies] == chemins
    assert all(a.severite is Severite.ALERTE and "MS-141" in a.message for a in anomalies)


@pytest.mark.parametrize(
    ("modele", "secteur", "chemins"),
    [(MS(), "", ["secteur_psychiatrique"]), (MS(), "81G01", []), (None, "", [])],
)
def test_obl_01_what_only_the_modele_asks_is_an_alert(modele: Any, secteur: str, chemins: list[str]) -> None:
    anomalies = offre(modele=modele, champ_activite="03", secteur_psychiatrique=secteur)
    assert dit("OBL-01-MODELE", anomalies) == chemins
    assert not any(a.bloque for a in anomalies)


@pytest.mark.parametrize("lieux", [{}, {"L2": LIEU}])
def test_obl_11_an_offre_has_a_lieu_of_its_etablissement(lieux: dict[str, Any]) -> None:
    assert dit("OBL-11-AUCUN", offre(lieux=lieux)) == ["lieu_realisation_offre"]
    assert dit("OBL-11-AUCUN", offre(lieu_realisation_offre=[])) == ["lieu_realisation_offre"]


@pytest.mark.parametrize(
    ("vides", "champ"),
    [
        ({"libelle_voie": ""}, "libelle_voie"),
        ({"localite": ""}, "localite"),
        ({"code_postal": ""}, "code_postal"),
        ({"libelle_voie": "", "localite": "", "code_postal": ""}, "libelle_voie"),
    ],
)
def test_obl_11_an_unusable_address_leads_to_the_missing_field_of_the_lieu(vides: dict[str, str], champ: str) -> None:
    (anomalie,) = offre(lieux={"L1": {**LIEU, **vides}})
    assert (anomalie.regle, anomalie.objet, anomalie.nom_objet) == ("OBL-11", "lieu:L1", "2e étage")
    assert (anomalie.section, anomalie.chemin, anomalie.bloque) == ("adresse", champ, True)


def test_obl_11_one_usable_address_is_enough_and_a_lieu_dit_will_do() -> None:
    assert offre(lieu_realisation_offre=["L1", "L2"], lieux={"L1": {}, "L2": LIEU}) == []
    assert offre(lieux={"L1": {**LIEU, "libelle_voie": "", "lieu_dit": "LE PRÉ"}}) == []


@pytest.mark.parametrize(
    ("adresse", "exploitable"),
    [
        ({}, False),
        (LIEU, True),
        ({**LIEU, "libelle_voie": ""}, False),
        ({**LIEU, "libelle_voie": "", "lieu_dit": "X"}, True),
        ({**LIEU, "localite": ""}, False),
        ({**LIEU, "code_postal": ""}, False),
    ],
)
def test_an_address_needs_a_street_a_town_and_a_postcode(adresse: dict[str, Any], exploitable: bool) -> None:
    assert adresse_exploitable(adresse) is exploitable


@pytest.mark.parametrize(
    ("secteur", "chemins"),
    [
        ("81G01", []),
        ("75I02, 75I03", []),
        ("81g01 ; 2AG01", []),
        ("971G02", []),
        ("", []),
        ("81X01", ["secteur_psychiatrique"]),
        ("81G1", ["secteur_psychiatrique"]),
        ("81G01, secteur nord", ["secteur_psychiatrique"]),
    ],
)
def test_fmt_secteur_looks_like_81g01(secteur: str, chemins: list[str]) -> None:
    assert dit("FMT-SECTEUR", offre(champ_activite="03", secteur_psychiatrique=secteur)) == chemins
