import pytest

from rxror.ror import parcours
from rxror.ror.parcours import ETAPES, Etape


def test_the_six_steps_carry_the_words_of_the_guide():
    assert [int(e) for e in ETAPES] == [1, 2, 3, 4, 5, 6]
    assert ETAPES[Etape.RETROUVER] == "Je retrouve mon établissement"


@pytest.mark.parametrize(
    ("adresse", "attendue"),
    [
        (parcours.url_etablissement("810000505"), "/etablissement/810000505"),
        (parcours.url_structure("OI-1"), "/structure/OI-1"),
        (parcours.url_offre("76/0000001"), "/offre/76/0000001"),
        (parcours.url_offre_section("76/0000001", "contacts"), "/offre/76/0000001/modifier/contacts"),
        (parcours.url_valider("76/0000001"), "/offre/76/0000001/valider"),
        (parcours.url_lieu("L1"), "/lieu/L1"),
        (parcours.url_lieu_section("L1", "capacitaire"), "/lieu/L1/modifier/capacitaire"),
        (parcours.url_creer_offre("structure", "OI-1"), "/creer/offre/structure/OI-1"),
        (parcours.url_creer_lieu("76/0000001"), "/creer/lieu/76/0000001"),
        (parcours.url_connexion(), "/connexion"),
        (parcours.url_connexion("/offre/76/1"), "/connexion?next=%2Foffre%2F76%2F1"),
    ],
)
def test_each_place_has_its_address(adresse: str, attendue: str):
    assert adresse == attendue


def test_a_segment_cannot_add_a_path():
    assert parcours.url_structure("../x?y#z") == "/structure/..%2Fx%3Fy%23z"
    assert parcours.url_offre("76/1/modifier") == "/offre/76/1%2Fmodifier"


def test_titre_goes_from_the_most_precise_to_the_product():
    assert parcours.titre("Je valide l’offre", "", "CH ALBI") == "Je valide l’offre – CH ALBI – rxror"


def test_chemin_shortens_names_and_does_not_link_the_current_place():
    chemin = parcours.chemin_de(
        ("CH ALBI", "/etablissement/810000505"),
        ("Pôle Femme-Mère-Enfant", "/structure/1"),
        ("UF Gynécologie", "/structure/2"),
    )
    assert chemin == [
        {"nom": "CH ALBI", "url": "/etablissement/810000505"},
        {"nom": "Femme-Mère-Enfant", "url": "/structure/1"},
        {"nom": "Gynécologie", "url": ""},
    ]
    assert parcours.chemin_de() == []


def test_nom_court_keeps_a_name_that_is_only_a_kind():
    assert parcours.nom_court("Pôle") == "Pôle"
    assert parcours.nom_court("Poleymieux") == "Poleymieux"
