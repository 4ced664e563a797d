"""The grid of capacities: a view over the lines of a lieu, which re-submitted unchanged changes nothing."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rxror.ror.champs import Contexte, groupes_de
from rxror.ror.grilles import completer, rang_de_case
from rxror.ror.objets import LieuRealisationOffre
from rxror.ror.saisie import Formulaire, Lecteur, Lecture, formulaire, visibilites
from tests.ror.test_saisie import CATALOGUE

GROUPE = groupes_de(LieuRealisationOffre)["capacite_accueil_operationnelle"]
NOM = "capacite_accueil_operationnelle"


def une_ligne(
    cle: str, nature: str = "01", statut: str = "01", nombre: int | None = 12, **autres: Any
) -> dict[str, Any]:
    return {
        "cle": cle,
        "nature_capacite": nature,
        "statut_capacite": statut,
        "nombre_capacite": nombre,
        "temporalite_capacite": "01",
        "genre_capacite_dispo": "",
        "type_fermeture_capacite": "",
        "type_lit_supplementaire": "",
        "type_crise": "",
        "affectation_temporaire": "01",
        "type_source_capacite": "01",
        "date_maj_capacite": None,
        "commentaire": "",
        **autres,
    }


def ouvert(*lignes: dict[str, Any]) -> Formulaire:
    return formulaire(LieuRealisationOffre, "capacitaire", {NOM: list(lignes)}, {})


def envoyer(form: Formulaire, existantes: list[dict[str, Any]], **changements: str) -> Lecture:
    """What the page sends of the form: shown fields only, and the rows that are there."""
    vus = visibilites(LieuRealisationOffre, "capacitaire", form, Contexte())
    saisie = {f"{NOM}.{cle}": "1" for cle in form.lignes[NOM]}
    saisie |= {c: t for c, t in form.valeurs.items() if vus.get(c, True)}
    saisie |= {f"{NOM}.{c.replace('__', '.')}": t for c, t in changements.items()}
    lecteur = Lecteur(CATALOGUE, Contexte({NOM: existantes}))
    return lecteur.lire(LieuRealisationOffre, "capacitaire", saisie, {NOM: existantes})


def lues(lecture: Lecture) -> list[Mapping[str, Any]]:
    return lecture.valeurs[NOM]


def test_an_empty_lieu_shows_every_cell_and_saves_none() -> None:
    form = ouvert()
    assert list(form.cases.values()) == ["Lits installés", "Lits fermés", "Places installées", "Places fermées"]
    assert [form.valeurs[f"{c}.nombre_capacite"] for c in form.cases] == ["", "", "", ""]
    assert lues(envoyer(form, [])) == []


def test_cells_come_first_then_lines_of_other_systems_then_the_rest() -> None:
    lignes = [
        une_ligne("7", statut="06"),
        une_ligne("8", statut="02", type_source_capacite="02"),
        une_ligne("9", "02"),
        une_ligne("10", temporalite_capacite="02"),
    ]
    form = ouvert(*lignes)
    assert form.lignes[NOM] == ["g0", "g1", "9", "g3", "8", "7", "10"]
    assert form.cases[f"{NOM}.9"] == "Places installées"


def test_a_line_of_another_system_is_never_a_cell() -> None:
    assert rang_de_case(GROUPE, une_ligne("1", type_source_capacite="02")) is None
    assert rang_de_case(GROUPE, une_ligne("1", temporalite_capacite="03")) is None
    assert rang_de_case(GROUPE, une_ligne("1", "02", "05")) == 3


def test_two_lines_of_one_kind_are_both_shown_once() -> None:
    form = ouvert(une_ligne("1"), une_ligne("2"))
    assert form.lignes[NOM] == ["1", "g1", "g2", "g3", "2"]
    assert len(form.cases) == 4


@pytest.mark.parametrize("nombre", ["0", "3"])
def test_a_number_in_an_empty_cell_makes_a_line(nombre: str) -> None:
    (ligne,) = lues(envoyer(ouvert(), [], g1__nombre_capacite=nombre))
    assert (ligne["nature_capacite"], ligne["statut_capacite"], ligne["temporalite_capacite"]) == ("01", "05", "01")
    assert ligne["nombre_capacite"] == int(nombre)


def test_emptying_a_cell_removes_its_line_and_zero_keeps_it() -> None:
    tenue = [une_ligne("4")]
    assert lues(envoyer(ouvert(*tenue), tenue, **{"4__nombre_capacite": ""})) == []
    assert lues(envoyer(ouvert(*tenue), tenue, **{"4__nombre_capacite": "0"})) == [{**tenue[0], "nombre_capacite": 0}]


def test_an_unreadable_number_keeps_the_line_and_what_was_typed() -> None:
    tenue = [une_ligne("4")]
    lecture = envoyer(ouvert(*tenue), tenue, **{"4__nombre_capacite": "douze"}, g2__nombre_capacite="-3")
    assert lecture.illisibles == {f"{NOM}.4.nombre_capacite": "douze", f"{NOM}.g2.nombre_capacite": "-3"}
    assert [ligne["cle"] for ligne in lues(lecture)] == ["4", "g2"]


def test_a_comment_without_a_number_is_not_lost() -> None:
    (ligne,) = lues(envoyer(ouvert(), [], g0__commentaire="Travaux"))
    assert (ligne["commentaire"], ligne["nombre_capacite"]) == ("Travaux", None)


def test_a_key_already_taken_by_another_line_gets_another_cell() -> None:
    form = ouvert(une_ligne("g0", statut="06"))
    assert form.lignes[NOM] == ["g0b", "g1", "g2", "g3", "g0"]


def test_a_row_of_another_system_sent_by_a_forged_form_is_left_as_it_was() -> None:
    tenue = [une_ligne("8", statut="02", type_source_capacite="02")]
    lecture = envoyer(ouvert(*tenue), tenue, **{"8__nombre_capacite": "99", "8__type_source_capacite": "01"})
    assert lues(lecture) == tenue


LIGNES = st.lists(
    st.builds(
        une_ligne,
        cle=st.sampled_from(["1", "2", "3", "4", "5", "g0", "g1"]),
        nature=st.sampled_from(["01", "02"]),
        statut=st.sampled_from(["01", "02", "05", "06"]),
        nombre=st.none() | st.integers(0, 9999),
        type_source_capacite=st.sampled_from(["01", "02"]),
        commentaire=st.sampled_from(["", "Note"]),
    ),
    max_size=7,
    unique_by=lambda ligne: ligne["cle"],
)


@given(LIGNES)
@settings(deadline=None)
def test_a_grid_re_submitted_unchanged_changes_nothing(lignes: list[dict[str, Any]]) -> None:
    lecture = envoyer(ouvert(*lignes), lignes)
    assert (lues(lecture), lecture.erreurs) == (lignes, {})


@given(LIGNES)
def test_every_row_is_shown_once(lignes: list[dict[str, Any]]) -> None:
    montrees, noms = completer(GROUPE, lignes)
    cles = [ligne["cle"] for ligne in montrees]
    assert len(cles) == len(set(cles)) == len(lignes) + sum(c not in {x["cle"] for x in lignes} for c in noms)
    assert len(noms) == len(GROUPE.grille)
