"""The conflict page: what its handler accepts, and what it shows after a refusal."""

from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import delete, select

from rxror import db
from rxror.ror.erreurs import AccesRefuse, NonConnecte, SaisieInvalide
from rxror.tables import Brouillon, Differend, Habilitation
from rxror.ui.pages.conflit import ConflitState, _decision
from rxror.ui.pages.edition import EditionState
from tests.ui.test_formulaires import base, edition, envoi, modele, objets  # noqa: F401  (fixtures)

ADRESSE = "/offre/76/0000009/conflit/informations_generales"
BONNE = {
    "genre": "offre",
    "identifiant": "76/0000009",
    "section": "informations_generales",
    "cle": str(uuid4()),
    "vu.nom_offre.": "0" * 16,
    "choix.nom_offre.": "0" * 16,
}


@pytest.mark.parametrize(
    "saisie",
    [
        None,
        [],
        {},
        {**BONNE, "genre": None},
        {**BONNE, "identifiant": "x" * 61},
        {**BONNE, "cle": "1"},
        {**BONNE, "vu.nom_offre.": "x" * 201},
        {**BONNE, "choix.nom_offre.": ["a"]},
        {**BONNE, **{f"choix.c{n}": "a" for n in range(101)}},
    ],
)
def test_decision_forged_is_refused(saisie: Any) -> None:
    with pytest.raises(SaisieInvalide):
        _decision(saisie)


# ruff: noqa: F811  (a fixture has the name of its parameter)


def choix(etat: ConflitState, rang: int) -> dict[str, str]:
    """What the form sends when the same card is chosen everywhere."""
    contexte = {"genre": etat.objet, "identifiant": etat.identifiant, "section": etat.rubrique, "cle": etat.cle}
    vus = {f"vu.{d['nom']}": d["vu"] for d in etat.disputes}
    return contexte | vus | {f"choix.{d['nom']}": d["versions"][rang]["code"] for d in etat.disputes}


@pytest.fixture
def oppose(edition: Any, ouvrir: Any) -> Any:
    """The conflict page of two tabs that changed the same name, with its state."""
    premier, second = edition("informations_generales"), edition("informations_generales")
    premier.enregistrer(envoi(premier, nom_offre="Premier onglet", _formulaire=premier.formulaire))
    second.enregistrer(envoi(second, nom_offre="Second onglet", _formulaire=second.formulaire))

    def _ouvrir(empreinte: str | None = None) -> ConflitState:
        return ouvrir(ConflitState, ADRESSE) if empreinte is None else ouvrir(ConflitState, ADRESSE, empreinte)

    return _ouvrir


def nom_garde() -> str:
    with db.lecture() as session:
        return session.exec(select(Brouillon)).one().valeurs["nom_offre"]


def test_page_shows_both_and_keeps_what_is_chosen(oppose: Any) -> None:
    etat = oppose()
    etat.charger()
    (dispute,) = etat.disputes
    assert [v["lignes"][0]["texte"] for v in dispute["versions"]][:2] == ["Second onglet", "Premier onglet"]
    assert etat.place == ADRESSE
    suite = etat.decider(choix(etat, 0))
    assert "/offre/76/0000009" in str(suite)
    assert nom_garde() == "Second onglet"


def test_a_missing_choice_is_asked_beside_its_field(oppose: Any) -> None:
    etat = oppose()
    etat.charger()
    envoye = {n: t for n, t in choix(etat, 0).items() if not n.startswith("choix.")}
    assert etat.decider(envoye) is None
    assert etat.disputes[0]["erreur"] == "Choisissez une réponse."
    assert etat.foyer.startswith("champ:d.nom_offre.")
    assert nom_garde() == "Premier onglet"


def test_what_changed_since_is_shown_again_and_nothing_is_kept(oppose: Any, edition: Any) -> None:
    etat = oppose()
    etat.charger()
    vieux = choix(etat, 0)
    tiers = edition("informations_generales")
    tiers.enregistrer(envoi(tiers, nom_offre="Troisième onglet", _formulaire=tiers.formulaire))
    assert etat.decider(vieux) is None
    assert "rien n’est encore gardé" in etat.message
    assert "ont changé" in etat.disputes[0]["note"]
    assert nom_garde() == "Troisième onglet"


def test_handler_asks_who_and_whether_at_each_event(oppose: Any) -> None:
    etat = oppose()
    etat.charger()
    envoye = choix(etat, 0)
    with pytest.raises(NonConnecte):
        oppose("inconnue").decider(envoye)
    with db.transaction() as session:
        session.exec(delete(Habilitation))
    for geste in (etat.charger, lambda: etat.decider(envoye)):
        with pytest.raises(AccesRefuse):
            geste()
    assert (etat.disputes, etat.place) == ([], "")
    with db.lecture() as session:
        assert session.exec(select(Differend)).one().parties


def test_nothing_to_choose_says_so(edition: Any, ouvrir: Any) -> None:
    assert isinstance(edition("informations_generales"), EditionState)
    etat = ouvrir(ConflitState, ADRESSE)
    etat.charger()
    assert (etat.disputes, etat.place) == ([], ADRESSE)
