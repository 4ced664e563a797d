"""The provider away, slow or with new keys: a French page, and nothing half done."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc.jwk import RSAKey
from sqlmodel import select

from rxror import db
from rxror.auth import fournisseurs, oidc
from rxror.tables import Trace, Utilisateur, WebSession
from tests.auth.conftest import brancher

APPELS = ("decouverte", "jetons", "cles", "infos")


def _rien(reponse: Any) -> None:
    """A page to try again from; no session, no person, no cookie, and no refusal of anybody."""
    assert reponse.status_code == 503
    assert "Le service d’identification ne répond pas" in reponse.text
    assert "/auth/connexion?next=/aide" in reponse.text
    assert "Bad gateway" not in reponse.text
    assert not any(c.startswith("rxror=") for c in reponse.headers.get_list("set-cookie"))
    with db.lecture() as session:
        for table in (WebSession, Utilisateur, Trace):
            assert session.exec(select(table)).all() == []


@pytest.mark.parametrize("panne", ["absent", "casse", "muet"])
@pytest.mark.parametrize("appel", APPELS)
def test_provider_away_at_any_call(appel: str, panne: str, regler: Any, navigateur: Any, fournisseur: Any) -> None:
    if panne == "muet":  # the browser is answered although the provider never will
        regler(oidc_delai="0.05")
        brancher(fournisseur)
    if appel == "decouverte":
        fournisseur.pannes = {appel: panne}
        _rien(navigateur.get("/auth/connexion?next=/aide"))
        return
    retour = fournisseur.autoriser(navigateur.get("/auth/connexion?next=/aide").headers["location"])
    fournisseur.pannes = {appel: panne}
    _rien(navigateur.get(retour))
    assert fournisseur.appels[-1] == appel


def test_provider_back_is_asked_again(navigateur: Any, connecter: Any, fournisseur: Any) -> None:
    fournisseur.pannes = {"decouverte": "absent"}
    assert navigateur.get("/auth/connexion").status_code == 503
    fournisseur.pannes = {}
    assert connecter().status_code == 303


def test_key_set_of_nonsense_is_a_refusal_not_a_breakdown(connecter: Any, fournisseur: Any) -> None:
    fournisseur.decouverte = {"jwks_uri": "https://idp.exemple.fr/realms/sante/userinfo"}
    assert connecter().status_code == 400


def test_new_key_is_fetched_once_and_accepted(connecter: Any, fournisseur: Any) -> None:
    assert connecter().status_code == 303
    fournisseur.cle = RSAKey.generate_key(2048, auto_kid=True)
    fournisseur.appels.clear()
    assert connecter().status_code == 303
    assert fournisseur.appels == ["jetons", "cles", "infos"]
    assert connecter().status_code == 303
    assert fournisseur.appels.count("cles") == 1


def test_new_key_is_fetched_for_signed_userinfo_too(connecter: Any, fournisseur: Any) -> None:
    neuve = RSAKey.generate_key(2048, auto_kid=True)
    ancienne = fournisseur.cle
    fournisseur.fabrique = lambda claims: oidc.jwt.encode({"alg": "RS256", "kid": ancienne.kid}, claims, ancienne)
    assert connecter().status_code == 303
    fournisseur.cle = neuve
    fournisseur.infos_signees = fournisseur.signe(fournisseur.infos | {"aud": "rxror-essai"})
    assert connecter().status_code == 303


def test_key_of_nobody_is_refused(connecter: Any, fournisseur: Any, sessions_ouvertes: Any) -> None:
    intruse = RSAKey.generate_key(2048, auto_kid=True)
    fournisseur.fabrique = lambda claims: oidc.jwt.encode({"alg": "RS256", "kid": intruse.kid}, claims, intruse)
    assert connecter().status_code == 400
    assert sessions_ouvertes() == []
    with db.lecture() as session:
        assert session.exec(select(Trace)).one().resultat["motif"]


def test_discovery_is_read_again_each_day(
    navigateur: Any, connecter: Any, fournisseur: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    connecter()
    fournisseur.appels.clear()
    monkeypatch.setattr(oidc, "VIE_DECOUVERTE", 0)  # a day has passed
    fournisseur.decouverte = {"authorization_endpoint": "https://nouveau.exemple.fr/auth"}
    assert navigateur.get("/auth/connexion").headers["location"].startswith("https://nouveau.exemple.fr/auth?")
    fournisseur.pannes = {"decouverte": "absent"}  # then what was read last still serves
    assert navigateur.get("/auth/connexion").status_code == 303


ADRESSES_FAUSSES: dict[str, Callable[[Any], None]] = {
    "autre émetteur": lambda f: f.decouverte.update(issuer="https://autre.exemple.fr"),
    "jetons en clair": lambda f: f.decouverte.update(token_endpoint="http://idp.exemple.fr/token"),
    "clés dans un fichier": lambda f: f.decouverte.update(jwks_uri="file:///etc/passwd"),
    "sans adresse de jetons": lambda f: f.decouverte.update(token_endpoint=None),
    "identité à une adresse qui n’en est pas une": lambda f: f.decouverte.update(userinfo_endpoint=["x"]),
}


@pytest.mark.parametrize("fausse", ADRESSES_FAUSSES)
def test_discovery_one_cannot_trust_is_not_used(fausse: str, navigateur: Any, fournisseur: Any) -> None:
    ADRESSES_FAUSSES[fausse](fournisseur)
    assert navigateur.get("/auth/connexion").status_code == 503
    with pytest.raises(fournisseurs.FournisseurMalRegle, match="RXROR_OIDC_DISCOVERY"):
        oidc.verifier_decouvertes()


def test_discovery_cannot_change_how_we_call(navigateur: Any, connecter: Any, fournisseur: Any) -> None:
    """Authlib gives the whole document to its HTTP client, which has options of these names."""
    fournisseur.decouverte = {"verify": False, "proxy": "http://autre", "token_endpoint_auth_method": "none"}
    assert connecter().status_code == 303
    gardes = oidc.client(fournisseurs.fournisseurs()[0]).server_metadata
    assert not {"verify", "proxy", "token_endpoint_auth_method"} & set(gardes)


def test_start_goes_on_when_the_provider_is_away(fournisseur: Any) -> None:
    fournisseur.pannes = {"decouverte": "absent"}
    (phrase,) = oidc.verifier_decouvertes()
    assert phrase.startswith("Pro Santé Connect ne répond pas encore")


def test_many_attempts_never_fill_the_login_cookie(navigateur: Any, connecter: Any) -> None:
    for _ in range(8):
        reponse = navigateur.get("/auth/connexion?next=/" + "a" * 200)
        assert len(reponse.headers["set-cookie"]) < 4096
    assert connecter().status_code == 303


def test_error_of_the_provider_is_never_shown(navigateur: Any, fournisseur: Any) -> None:
    retour = fournisseur.autoriser(navigateur.get("/auth/connexion").headers["location"])
    etat = parse_qs(urlsplit(retour).query)["state"][0]
    reponse = navigateur.get(f"/auth/callback?error=server_error&error_description=interne&state={etat}")
    assert (reponse.status_code, "interne" in reponse.text) == (400, False)
