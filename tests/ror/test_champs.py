"""The vocabulary: what one asks of a declaration."""

from typing import Annotated, ClassVar

import pytest
from sqlmodel import Field, SQLModel

from rxror.ror.champs import (
    A_CODES,
    A_RECHERCHE,
    MULTIPLES,
    Champ,
    Contexte,
    Edition,
    Groupe,
    Section,
    TypeChamp,
    champs_de,
    cle_parente,
    est_visible,
    groupes_de,
    section_de,
    sections_de,
)
from rxror.ror.objets import OBJETS, Contact, LieuRealisationOffre, OffreOperationnelle, Telecommunication


class Socle(SQLModel):
    note: Annotated[str, Champ("Note", "fin")] = ""


class Chose(Socle):
    """A class of the test: a column, a second one, a question of ours and a reference."""

    SECTIONS: ClassVar = (Section("debut", "Début"), Section("fin", "Fin", modifiable=False))
    id: int | None = Field(default=None)
    nom: Annotated[str, Champ("Nom", "debut")] = ""
    question: ClassVar[Champ] = Champ("Qui ?", "debut", deduit=lambda _: "moi")
    lien: ClassVar[Champ] = Champ("Lien", "fin", TypeChamp.REFERENCE)
    parties: ClassVar[Groupe] = Groupe("Parties", "fin", Socle, "partie")


def test_champs_de_gives_our_questions_first_then_the_order_of_declaration() -> None:
    assert list(champs_de(Chose)) == ["question", "note", "nom", "lien"]
    assert list(champs_de(Chose, "debut")) == ["question", "nom"]
    assert champs_de(Chose, "") == champs_de(Chose, "inconnue") == {}


def test_groupes_de_and_sections_de_follow_the_class() -> None:
    assert list(groupes_de(Chose, "fin")) == ["parties"]
    assert groupes_de(Chose, "debut") == {}
    assert [s.cle for s in sections_de(Chose)] == ["debut", "fin"]
    assert section_de(Chose, "fin") is Chose.SECTIONS[1]
    assert section_de(Chose, "") is None
    assert sections_de(Socle) == ()


def test_inherited_columns_are_champs_of_the_class() -> None:
    assert {"libelle_voie", "commentaire", "nom"} <= set(champs_de(LieuRealisationOffre))
    assert "id" not in champs_de(LieuRealisationOffre)


def test_contact_asks_who_answers_before_anything_else() -> None:
    assert next(iter(champs_de(Contact))) == "qui"


@pytest.mark.parametrize(
    ("condition", "visible"), [(None, True), (lambda c: c.champ_activite == "04", False), (lambda _: True, True)]
)
def test_est_visible_without_condition_or_when_it_holds(condition: object, visible: bool) -> None:
    for element in (Champ("x", visible_si=condition), Section("s", "S", visible_si=condition)):  # type: ignore[arg-type]
        assert est_visible(element, Contexte({"champ_activite": "01"})) is visible


def test_contexte_avec_puts_the_row_first_and_keeps_the_categorie() -> None:
    contexte = Contexte({"nom": "objet", "champ_activite": "03"}, "355")
    local = contexte.avec({"nom": "ligne"})
    assert (local.valeurs["nom"], local.champ_activite, local.categorie) == ("ligne", "03", "355")
    assert contexte.valeurs["nom"] == "objet"


@pytest.mark.parametrize("valeurs", [{}, {"champ_activite": None}, {"champ_activite": ""}])
def test_contexte_without_champ_d_activite_answers_an_empty_text(valeurs: dict[str, None]) -> None:
    assert Contexte(valeurs).champ_activite == ""


@pytest.mark.parametrize(
    ("valeurs", "qui"),
    [
        ({}, "service"),
        ({"nature_contact": "07"}, "service"),
        ({"fonction_contact": "22"}, "personne"),
        ({"nom": "Anne"}, "personne"),
        ({"nom": "Anne", "qui": "service"}, "service"),
        ({"qui": "personne"}, "personne"),
        ({"qui": "robot", "nom": "Anne"}, "personne"),
    ],
)
def test_who_answers_is_read_from_what_is_stored(valeurs: dict[str, str], qui: str) -> None:
    deduit = champs_de(Contact)["qui"].deduit
    assert deduit
    assert deduit(valeurs) == qui


def test_cle_parente_names_the_column_of_the_whole() -> None:
    assert cle_parente(OffreOperationnelle) == "offre_operationnelle_id"
    assert cle_parente(Contact) in Telecommunication.model_fields


def toutes_les_classes() -> list[type[SQLModel]]:
    classes: list[type[SQLModel]] = list(OBJETS.values())
    for classe in classes:
        classes += [g.classe for g in groupes_de(classe).values() if g.classe not in classes]
    return classes


@pytest.mark.parametrize("classe", toutes_les_classes(), ids=lambda c: c.__tablename__)
def test_declarations_hold_together(classe: type[SQLModel]) -> None:
    champs = champs_de(classe)
    for nom, champ in champs.items():
        assert champ.label, nom
        assert (champ.type in A_CODES) == bool(champ.jdv or champ.choix), nom
        assert not champ.avec or champ.avec in champs, nom
        assert champ.defaut is None or champ.type not in MULTIPLES, nom
        assert bool(champ.fhir) != bool(champ.sans_fhir), nom
        assert not champ.gel or champ.edition is Edition.CREATION, nom
    for nom, groupe in groupes_de(classe).items():
        assert cle_parente(classe) in groupe.classe.model_fields, nom
        assert not groupe.par_recherche or champs_de(groupe.classe)[groupe.par_recherche].type in A_RECHERCHE, nom


@pytest.mark.parametrize("classe", list(OBJETS.values()), ids=lambda c: c.GENRE)
def test_shown_sections_have_something_in_them(classe: type[SQLModel]) -> None:
    for section in sections_de(classe):
        assert champs_de(classe, section.cle) or groupes_de(classe, section.cle), section.cle
