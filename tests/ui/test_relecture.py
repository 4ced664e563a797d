"""What the review leads to comes back to it: the page that validates, the one where one chooses, and nothing else."""

from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import select

from rxror import db
from rxror.tables import Habilitation, ReglageEtablissement, Role
from rxror.ui.pages.conflit import ConflitState
from rxror.ui.pages.edition import EditionState
from rxror.ui.pages.validation import ValidationState
from tests.ui.test_formulaires import base, modele, objets  # noqa: F401  (fixtures)

# ruff: noqa: F811  (a fixture has the name of its parameter)

OFFRE = "/offre/76/0000009"
ICI = "/relecture?genre=offre&objet=offre:76/0000009#t-item"
RETOUR = "?retour=%2Frelecture%3Fgenre%3Doffre%26objet%3Doffre%3A76%2F0000009%23t-item"


def valider(etat: ValidationState) -> dict[str, str]:
    return {"genre": "offre", "identifiant": "76/0000009", "vu": etat.vu, "cle": str(uuid4())}


@pytest.mark.parametrize(
    ("retour", "ou"),
    [
        (RETOUR, ICI),
        ("", OFFRE),
        ("?retour=https%3A%2F%2Fautre.fr%2Frelecture", OFFRE),
        ("?retour=%2Fpersonnes", OFFRE),
    ],
)
def test_the_page_that_validates_goes_back_to_the_card_and_nowhere_else(
    objets: Any, ouvrir: Any, retour: str, ou: str
) -> None:
    etat = ouvrir(ValidationState, f"{OFFRE}/valider{retour}")
    etat.charger()
    assert etat.retour == ou


def test_what_is_asked_gives_the_next_card(objets: Any, ouvrir: Any) -> None:
    with db.transaction() as session:
        session.add(ReglageEtablissement(finess="810000505", validation_separee=True))
        for droit in session.exec(select(Habilitation)):
            droit.role = Role.RESPONSABLE_OFFRE
    etat = ouvrir(ValidationState, f"{OFFRE}/valider{RETOUR}")
    etat.charger()
    assert etat.demande.a_demander
    suite = str(etat.demander({**valider(etat), "mot": ""}))
    assert "/relecture?genre=offre" in suite
    assert "objet" not in suite
    ailleurs = ouvrir(ValidationState, f"{OFFRE}/valider")
    ailleurs.charger()
    assert OFFRE in str(ailleurs.demander({**valider(ailleurs), "mot": ""}))


def test_a_choice_between_two_answers_comes_back_to_the_card(objets: Any, ouvrir: Any) -> None:
    forme = ouvrir(EditionState, f"{OFFRE}/modifier/informations_generales{RETOUR}")
    forme.charger()
    assert forme.url_conflit == f"{OFFRE}/conflit/informations_generales{RETOUR}"
    choix = ouvrir(ConflitState, forme.url_conflit)
    choix.charger()
    assert (choix.retour, choix.formulaire) == (ICI, f"{OFFRE}/modifier/informations_generales{RETOUR}")
