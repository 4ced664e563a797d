"""Proof of completeness: no attribute of the model without its place, and one line is enough for a new one."""

from collections.abc import Iterator
from typing import Annotated, ClassVar

import pytest
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from rxror.ror import couverture, lecture
from rxror.ror.champs import Champ, Contexte, Section, TypeChamp, champs_de
from rxror.ror.nomenclatures import Catalogue, Concept
from rxror.ror.objets import OBJETS, Adresse
from rxror.ror.regles.completude import champs_obligatoires, codes_en_vigueur
from rxror.ror.regles.declaration import Examen
from rxror.ror.saisie import Lecteur
from rxror.ui.champs import formulaire_view
from rxror.ui.pages.edition import EditionState
from tests.test_coherence import NOMS_A_NOUS


def test_document_is_what_the_code_says() -> None:
    assert couverture.DOCUMENT.read_text("utf-8") == couverture.en_texte(
        couverture.couverture(couverture.lire_les_attributs())
    ), "run « make docs »"


def test_every_attribute_has_a_place_or_a_reason() -> None:
    for ligne in couverture.couverture(couverture.lire_les_attributs()):
        assert ligne.raison or (ligne.colonne and ligne.fhir), f"{ligne.classe}.{ligne.attribut}"
        assert ligne.raison or ligne.ecran != couverture.NON_MONTRE, f"{ligne.classe}.{ligne.attribut} is on no screen"


def test_attribute_that_nobody_declares_is_told() -> None:
    with pytest.raises(LookupError, match=r"OffreOperationnelle\.couleurDesMurs"):
        couverture.couverture(
            [
                {
                    "classe": "OffreOperationnelle",
                    "attribut": "couleurDesMurs",
                    "cardinalite": "0..1",
                    "tenu_par": "",
                    "raison": "",
                }
            ]
        )


@pytest.mark.parametrize(
    ("classe", "nom", "regles"),
    [
        ("OffreOperationnelle", "nom_offre", {"OBL-02"}),
        ("Contact", "nom", {"COH-06"}),
        ("Patientele", "age_max", {"COH-02", "OBL-06"}),
        ("LieuRealisationOffre", "commune_cog", {"OBL-14"}),
        ("Tarif", "type_habitation", {"TAR-03"}),
    ],
)
def test_rules_of_a_field_are_those_that_look_at_it(classe: str, nom: str, regles: set[str]) -> None:
    assert regles <= set(couverture.regles_sur(couverture.declarees()[classe], nom))


# ------------------------------------------------------------- one line for one field


class Ailleurs(SQLModel, registry=registry()):
    """Tables that the application does not know."""


class Fausse(Ailleurs, table=True):
    """A class of the model with one field, declared in one line."""

    __tablename__ = "fausse"
    SECTIONS: ClassVar = (Section("tout", "Tout"),)
    id: int | None = Field(default=None, primary_key=True)
    couleur_murs: Annotated[
        str, Champ("Couleur des murs", "tout", TypeChamp.LISTE, jdv="J0", obligatoire=True, aide="Voir.", fhir="wall")
    ] = ""


@pytest.fixture
def fausse(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(OBJETS, "fausse", Fausse)
    couverture.declarees.cache_clear()
    yield
    couverture.declarees.cache_clear()


CATALOGUE = Catalogue(
    [
        Concept(jdv="J0", cle="1", code="1", libelle="Blanc", statut="active"),
        Concept(jdv="J0", cle="2", code="2", libelle="Vert", statut="deprecated"),
    ]
)


def test_one_line_gives_column_form_help_reader_view_rules_and_fhir(fausse: None) -> None:
    assert "couleur_murs" in Fausse.__table__.columns  # type: ignore[attr-defined]

    formulaire = str(formulaire_view(EditionState, Fausse, "tout"))
    assert 'name:"couleur_murs"' in formulaire
    assert "Couleur des murs" in formulaire
    assert "Voir." in formulaire

    lecteur = Lecteur(CATALOGUE, Contexte())
    assert lecteur.lire(Fausse, "tout", {"couleur_murs": "1"}, {}).valeurs == {"couleur_murs": "1"}
    assert list(lecteur.lire(Fausse, "tout", {"couleur_murs": "9"}, {}).erreurs) == ["couleur_murs"]

    faits = lecture.Lecteur(CATALOGUE, Contexte()).faits(Fausse, "tout", {"couleur_murs": "1"}, {})
    assert [(f["label"], f["lignes"][0]["texte"]) for f in faits] == [("Couleur des murs", "Blanc")]

    def constats(regle: object, code: str) -> list[str]:
        examen = Examen(Contexte({"couleur_murs": code}), CATALOGUE, classe=Fausse)
        return [c.chemin for c in regle(examen)]  # type: ignore[operator]

    assert constats(champs_obligatoires, "") == ["couleur_murs"]
    assert constats(codes_en_vigueur, "2") == ["couleur_murs"]
    assert constats(codes_en_vigueur, "1") == []

    attribut = {"classe": "Fausse", "attribut": "couleurMurs", "cardinalite": "1..1", "tenu_par": "", "raison": ""}
    (ligne,) = couverture.couverture([attribut])
    assert (ligne.colonne, ligne.ecran) == ("fausse.couleur_murs", "Tout › Couleur des murs")
    assert (ligne.regles, ligne.fhir) == (("COH-17", "OBL-01"), "wall")


def test_every_declared_field_is_told_in_the_document() -> None:
    texte = couverture.DOCUMENT.read_text("utf-8")
    adresse = set(champs_de(Adresse))  # told once, for the lieu
    for classe in couverture.declarees().values():
        for nom in set(champs_de(classe)) - adresse:
            dit = f"`{classe.__tablename__}.{nom}`" in texte or nom not in classe.model_fields
            assert dit or f"{classe.__name__}.{nom}" in NOMS_A_NOUS, f"{classe.__name__}.{nom}"
