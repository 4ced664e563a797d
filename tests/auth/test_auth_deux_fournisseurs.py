"""Two providers by settings alone: both offered by name, and an answer of one never taken for the other's."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlmodel import select

from rxror import db
from rxror.auth.entetes import politique
from rxror.tables import Utilisateur
from tests.auth.conftest import ISSUER, SECOND, brancher

ORIGINE = {"Origin": "http://localhost:3000"}


@pytest.fixture
def deux(fournisseur: Any, second: Any, navigateur: Any) -> Any:
    """A browser before both; `regler` forgets clients, so the first is plugged in again."""
    brancher(fournisseur)
    return navigateur


def test_choice_names_both_and_keeps_the_return(deux: Any) -> None:
    page = deux.get("/auth/connexion?next=/aide")
    assert page.status_code == 200
    assert 'href="/auth/connexion/1?next=/aide">M’identifier avec Pro Santé Connect<' in page.text
    assert 'href="/auth/connexion/2?next=/aide">M’identifier avec Région Occitanie<' in page.text


def test_each_has_its_own_request(deux: Any) -> None:
    demandes = {
        cle: parse_qs(urlsplit(deux.get(f"/auth/connexion/{cle}").headers["location"]).query) for cle in ("1", "2")
    }
    assert demandes["1"]["redirect_uri"] == ["http://localhost:3000/auth/callback"]
    assert demandes["2"]["redirect_uri"] == ["http://localhost:3000/auth/callback/2"]
    assert (demandes["1"]["client_id"], demandes["2"]["client_id"]) == (["rxror-essai"], ["rxror-region"])
    assert (demandes["1"]["acr_values"], demandes["2"].get("acr_values")) == (["eidas1"], None)
    assert demandes["1"]["state"] != demandes["2"]["state"]


def test_same_sub_of_two_issuers_is_two_people(
    deux: Any, connecter: Any, fournisseur: Any, second: Any, sessions_ouvertes: Any
) -> None:
    assert connecter("/aide", fournisseur, "1").headers["location"] == "/aide"
    assert connecter("/aide", second, "2").headers["location"] == "/aide"
    with db.lecture() as session:
        assert session.exec(select(Utilisateur.iss).order_by(Utilisateur.iss)).all() == sorted([ISSUER, SECOND])
    assert len(sessions_ouvertes()) == 1  # the former one of this browser has ended


MELANGES = {
    "réponse du second au retour du premier": ("2", "/auth/callback", None),
    "réponse du second, qui se dit du premier, au retour du premier": ("2", "/auth/callback", ISSUER),
    "réponse du premier au retour du second": ("1", "/auth/callback/2", None),
    "réponse du premier, qui se dit du second, au retour du second": ("1", "/auth/callback/2", SECOND),
    "réponse du second qui se dit du premier": ("2", "/auth/callback/2", ISSUER),
    "réponse du premier par une adresse qu’il n’a pas": ("1", "/auth/callback/1", None),
    "réponse à un fournisseur qui n’existe pas": ("1", "/auth/callback/3", None),
}


@pytest.mark.parametrize("melange", MELANGES)
def test_mix_up_is_refused(melange: str, deux: Any, fournisseur: Any, second: Any, sessions_ouvertes: Any) -> None:
    parti, chemin, iss = MELANGES[melange]
    chez = {"1": fournisseur, "2": second}[parti]
    if iss:
        chez.retour = {"iss": iss}
    retour = urlsplit(chez.autoriser(deux.get(f"/auth/connexion/{parti}").headers["location"]))
    chez.codes.add("code-unique")
    autre = second if chez is fournisseur else fournisseur
    autre.codes, autre.demande = {"code-unique"}, chez.demande  # even if the code were good there too
    reponse = deux.get(f"{chemin}?{retour.query}")
    assert reponse.status_code == 400
    assert "Connexion refusée" in reponse.text
    assert sessions_ouvertes() == []


def test_token_of_one_signed_by_the_other_is_refused(
    deux: Any, connecter: Any, fournisseur: Any, second: Any, sessions_ouvertes: Any
) -> None:
    second.fabrique = fournisseur.signe
    assert connecter("/", second, "2").status_code == 400
    assert sessions_ouvertes() == []


def test_sign_out_goes_to_the_provider_of_the_session(deux: Any, connecter: Any, second: Any) -> None:
    connecter("/", second, "2")
    adresse = deux.post("/auth/deconnexion", headers=ORIGINE).headers["location"]
    assert adresse.startswith(f"{SECOND}/logout?")
    assert parse_qs(urlsplit(adresse).query)["client_id"] == ["rxror-region"]


def test_forms_may_lead_to_both(deux: Any) -> None:
    regle = next(r for r in politique(()).split("; ") if r.startswith("form-action"))
    assert regle == "form-action 'self' https://idp.exemple.fr https://connexion.region.exemple.fr"


def test_unknown_provider_is_a_page_that_says_so(deux: Any) -> None:
    reponse = deux.get("/auth/connexion/3")
    assert (reponse.status_code, "n’existe pas" in reponse.text) == (404, True)
    assert "/auth/connexion?next=/" in reponse.text
