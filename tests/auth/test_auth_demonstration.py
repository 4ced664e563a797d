"""The demonstration's provider: same client, fictitious people, this machine only."""

import html
import os
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx2
import pytest
from pydantic import ValidationError
from sqlmodel import select
from starlette.testclient import TestClient

from rxror import db
from rxror.auth import demonstration, fournisseurs, oidc, routes
from rxror.ror.nomenclatures import Departement
from rxror.ror.objets import EntiteGeographique, EntiteJuridique, OrganisationInterne
from rxror.settings import settings
from rxror.tables import Habilitation, Portee, Role, Utilisateur, WebSession

ORIGINE = {"Origin": "http://localhost:3000"}
ICI = ("127.0.0.1", 50000)
DOCUMENT = "/demo-idp/.well-known/openid-configuration"
CHEMINS = {"GET": (DOCUMENT, "/demo-idp/authorize", "/demo-idp/userinfo", "/demo-idp/jwks")}
CHEMINS |= {"POST": ("/demo-idp/authorize", "/demo-idp/token")}
TOUS = [(methode, chemin) for methode, chemins in CHEMINS.items() for chemin in chemins]


@pytest.fixture
def navigateur(base: None, regler: Any) -> Iterator[TestClient]:
    """A browser in front of the whole application of demonstration."""
    regler(demo=1)
    with db.transaction() as session:
        session.add(Utilisateur(iss="demonstration", sub="claire", prenom="Claire", nom="Dumas", demonstration=True))
        session.add(Utilisateur(iss="demonstration", sub="x", prenom="<b>", nom='">', demonstration=True))
        session.add(Utilisateur(iss="https://idp.exemple.fr", sub="vrai", prenom="Vraie", nom="Personne"))
    application = routes.application()
    oidc.client(fournisseurs.fournisseurs()[0]).client_kwargs["transport"] = httpx2.ASGITransport(app=application)
    with TestClient(application, base_url=settings().url, follow_redirects=False, client=ICI) as client:
        yield client


def _choix(navigateur: TestClient) -> tuple[str, dict[str, str]]:
    page = navigateur.get(navigateur.get("/auth/connexion?next=/aide").headers["location"])
    champs = dict(re.findall(r'<input type="hidden" name="(.*?)" value="(.*?)">', page.text))
    return page.text, {nom: html.unescape(valeur) for nom, valeur in champs.items()}


def test_whole_sign_in(navigateur: TestClient) -> None:
    page, champs = _choix(navigateur)
    assert "Démonstration" in page
    assert "<h2>Claire Dumas</h2>" in page
    assert "Vraie" not in page
    assert "&lt;b&gt;" in page
    retour = navigateur.post("/demo-idp/authorize", data=champs | {"personne": "claire"}, headers=ORIGINE)
    fin = navigateur.get(retour.headers["location"])
    assert (fin.status_code, fin.headers["location"]) == (303, "/aide")
    with db.lecture() as session:
        qui = session.exec(select(Utilisateur).join(WebSession)).one()
        assert (qui.iss, qui.sub) == ("demonstration", "claire")
        assert len(session.exec(select(Utilisateur)).all()) == 3


def test_each_right_is_told_with_its_place(navigateur: TestClient) -> None:
    with db.transaction() as session:
        claire = session.exec(select(Utilisateur).where(Utilisateur.sub == "claire")).one()
        juridique = EntiteJuridique(num_finess="810000331", raison_sociale="CH ALBI")
        session.add_all([juridique, Departement(code="81", nom="Tarn")])
        session.flush()
        eg = EntiteGeographique(
            entite_juridique_id=juridique.id or 0, num_finess="810000505", denomination_eg="CH <ALBI>"
        )
        session.add(eg)
        session.flush()
        session.add(
            OrganisationInterne(
                entite_geographique_id=eg.id or 0, identifiant_oi="OI1", type_oi="3", nom_oi="UF Gynécologie"
            )
        )
        for role, portee, code in (
            (Role.RESPONSABLE_OFFRE, Portee.STRUCTURE, "OI1"),
            (Role.REFERENT, Portee.ENTITE_JURIDIQUE, "810000331"),
            (Role.RESPONSABLE_QUALITE, Portee.DEPARTEMENT, "81"),
        ):
            session.add(Habilitation(utilisateur_id=claire.id or 0, role=role, portee=portee, code=code))
    page, _ = _choix(navigateur)
    assert "Responsable d’offre, UF Gynécologie, CH &lt;ALBI&gt;" in page
    assert "Référent, entité juridique CH ALBI" in page
    assert "Responsable qualité, Tarn (81)" in page
    assert "Aucun droit" in page


@pytest.mark.parametrize("personne", ["", "vrai", "inconnue"])
def test_only_a_fictitious_person_can_be_chosen(navigateur: TestClient, personne: str) -> None:
    _, champs = _choix(navigateur)
    reponse = navigateur.post("/demo-idp/authorize", data=champs | {"personne": personne}, headers=ORIGINE)
    assert reponse.status_code == 400


def test_choice_from_another_site_is_refused(navigateur: TestClient) -> None:
    _, champs = _choix(navigateur)
    assert navigateur.post("/demo-idp/authorize", data=champs | {"personne": "claire"}).status_code == 400


@pytest.mark.parametrize(
    "change",
    [
        {"redirect_uri": "https://autre.fr/"},
        {"client_id": "autre"},
        {"response_type": "token"},
        {"code_challenge_method": "plain"},
        {"code_challenge": ""},
        {"nonce": ""},
        {"state": ""},
    ],
)
def test_incomplete_request_is_refused(navigateur: TestClient, change: dict[str, str]) -> None:
    _, champs = _choix(navigateur)
    assert navigateur.get(f"/demo-idp/authorize?{urlencode(champs | change)}").status_code == 400
    reponse = navigateur.post("/demo-idp/authorize", data=champs | change | {"personne": "claire"}, headers=ORIGINE)
    assert reponse.status_code == 400


def _code(navigateur: TestClient) -> str:
    _, champs = _choix(navigateur)
    retour = navigateur.post("/demo-idp/authorize", data=champs | {"personne": "claire"}, headers=ORIGINE)
    return parse_qs(urlsplit(retour.headers["location"]).query)["code"][0]


def _echange(code: str, **change: str) -> dict[str, str]:
    return {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": "http://localhost:3000/auth/callback",
        "code_verifier": "faux",
    } | change


def test_token_needs_the_verifier_and_the_client(navigateur: TestClient) -> None:
    code = _code(navigateur)
    assert navigateur.post("/demo-idp/token", data=_echange(code)).status_code == 401
    client = (fournisseurs.CLIENT_DEMONSTRATION, fournisseurs.SECRET_DEMONSTRATION)
    assert navigateur.post("/demo-idp/token", data=_echange(code), auth=client).json() == {"error": "invalid_grant"}
    assert navigateur.post("/demo-idp/token", data=_echange("inconnu"), auth=client).status_code == 400
    assert navigateur.get("/demo-idp/userinfo").status_code == 401


def test_a_code_serves_once_and_the_key_is_that_of_every_process(navigateur: TestClient) -> None:
    demonstration._cle.cache_clear()
    cle = navigateur.get("/demo-idp/jwks").json()
    demonstration._cle.cache_clear()
    assert navigateur.get("/demo-idp/jwks").json() == cle
    code = _code(navigateur)
    assert demonstration._reprendre("acces", code) is None
    assert (demonstration._reprendre("code", code) or {})["sub"] == "claire"
    assert demonstration._reprendre("code", code) is None
    assert demonstration._reprendre("code", f"../code.{code}") is None
    assert settings().var.joinpath("demonstration").stat().st_mode & 0o777 == 0o700


def test_an_old_code_is_refused_and_forgotten(navigateur: TestClient) -> None:
    vieux, oublie = _code(navigateur), _code(navigateur)
    dossier = settings().var / "demonstration"
    for code in (vieux, oublie):
        os.utime(dossier / f"code.{code}", (0, 0))
    assert demonstration._reprendre("code", vieux) is None
    _code(navigateur)
    assert not (dossier / f"code.{oublie}").exists()


@pytest.mark.parametrize(
    "demo",
    [{"demo": 0}, {"demo": 1}],
    ids=["sans démonstration", "démonstration chez un autre fournisseur"],
)
def test_provider_is_absent_when_people_sign_in_elsewhere(demo: dict[str, int], regler: Any, base: None) -> None:
    regler(oidc_issuer="https://idp.exemple.fr", oidc_client_id="x", oidc_client_secret="s" * 40, **demo)
    client = TestClient(routes.application(), base_url=settings().url, client=ICI)
    assert {client.request(*quoi).status_code for quoi in TOUS} == {404}


@pytest.mark.parametrize(
    "venue",
    [
        {"client": ("192.0.2.7", 50000)},
        {"client": ("::ffff:192.0.2.7", 50000)},
        {"client": ("", 0)},
        {"base_url": "http://ror.exemple.fr"},
        {"base_url": "http://localhost.exemple.fr"},
        {"headers": {"X-Forwarded-For": "192.0.2.7"}},
        {"headers": {"Forwarded": "for=192.0.2.7"}},
        {"headers": {"Via": "1.1 relais"}},
    ],
)
def test_provider_is_for_this_machine_only(venue: dict[str, Any], navigateur: TestClient) -> None:
    client = TestClient(navigateur.app, **{"base_url": settings().url, "client": ICI} | venue)
    assert {client.request(*quoi).status_code for quoi in TOUS} == {404}


@pytest.mark.parametrize("adresse", ["127.0.0.1", "127.0.0.9", "::1", "::ffff:127.0.0.1"])
def test_provider_answers_this_machine(adresse: str, navigateur: TestClient) -> None:
    client = TestClient(navigateur.app, base_url=settings().url, client=(adresse, 50000))
    assert client.get(DOCUMENT).json()["issuer"] == "http://localhost:3000/demo-idp"


@pytest.mark.parametrize(
    "ailleurs", [{"host": "0.0.0.0"}, {"public_url": "https://ror.exemple.fr"}, {"relais_de_confiance": 1}]
)
def test_demonstration_is_for_this_machine_only(regler: Any, ailleurs: dict[str, str]) -> None:
    regler(demo=1, **ailleurs)
    with pytest.raises(ValidationError, match=r"127\.0\.0\.1"):
        settings()
