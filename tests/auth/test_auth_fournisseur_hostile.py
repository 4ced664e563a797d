"""Every answer of a provider that lies is refused: no cookie, no session, nothing it said is shown."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import select

from rxror import db
from rxror.auth import fournisseurs, oidc
from rxror.tables import Action, Trace


def _lie(**attributs: Any) -> Callable[[Any], None]:
    def mentir(fournisseur: Any) -> None:
        for nom, valeur in attributs.items():
            setattr(fournisseur, nom, valeur)

    return mentir


def _fabrique(nom: str) -> Callable[[Any], None]:
    return lambda f: setattr(f, "fabrique", getattr(f, nom))


MENSONGES: dict[str, Callable[[Any], None]] = {
    "aud d’un autre": _lie(claims={"aud": "autre"}),
    "aud d’un autre avec le bon azp": _lie(claims={"aud": "autre", "azp": "rxror-essai"}),
    "aud double": _lie(claims={"aud": ["rxror-essai", "autre"], "azp": "rxror-essai"}),
    "aud absent": _lie(sans={"aud"}),
    "azp d’un autre": _lie(claims={"azp": "autre"}),
    "nonce faux": _lie(claims={"nonce": "faux"}),
    "nonce absent": _lie(sans={"nonce"}),
    "acr faux": _lie(claims={"acr": "eidas0"}),
    "acr absent": _lie(sans={"acr"}),
    "sans jeton d’identité": lambda f: setattr(f, "fabrique", lambda claims: None),
    "sub absent": _lie(sans={"sub"}),
    "sub vide": _lie(claims={"sub": ""}, infos={"sub": ""}),
    "infos d’un autre": _lie(infos={"sub": "autre"}),
    "infos sans sub": _lie(infos={"given_name": "Claire"}),
    "iss d’un autre": _lie(claims={"iss": "https://autre.exemple.fr"}),
    "iss absent": _lie(sans={"iss"}),
    "retour d’un autre": _lie(retour={"iss": "https://autre.exemple.fr"}),
    "retour sans iss annoncé": _lie(retour={}),
    "expiré": _lie(claims={"exp": int(time.time()) - 120}),
    "exp absent": _lie(sans={"exp"}),
    "émis demain": _lie(claims={"iat": int(time.time()) + 86_400}),
    "valable demain": _lie(claims={"nbf": int(time.time()) + 86_400}),
    "alg none": _fabrique("sans_signature"),
    "HS256 avec la clé publique": _fabrique("hs256"),
    "signé d’une autre clé": lambda f: setattr(f, "fabrique", lambda claims: f.signe(claims, f.autre_cle)),
    "jeton illisible": lambda f: setattr(f, "fabrique", lambda claims: "a.b.c"),
    "infos signées d’une autre clé": lambda f: setattr(
        f, "infos_signees", f.signe({"sub": f.infos["sub"]}, f.autre_cle)
    ),
    "infos signées pour un autre": lambda f: setattr(
        f, "infos_signees", f.signe({"sub": f.infos["sub"], "aud": "autre"})
    ),
    "refus de la personne": _lie(retour={"error": "access_denied", "error_description": "<b>secret</b>"}),
    "faux state": _lie(retour={"iss": "https://idp.exemple.fr/realms/sante", "state": "faux"}),
    "faux code": _lie(retour={"iss": "https://idp.exemple.fr/realms/sante", "code": "faux"}),
}


@pytest.mark.parametrize("mensonge", MENSONGES)
def test_callback_refuses_a_hostile_answer(
    mensonge: str, fournisseur: Any, connecter: Any, sessions_ouvertes: Any
) -> None:
    MENSONGES[mensonge](fournisseur)
    reponse = connecter()
    assert reponse.status_code == 400
    assert "Connexion refusée" in reponse.text
    assert "secret" not in reponse.text
    assert "<script>" not in reponse.text
    assert not any(c.startswith("rxror=") for c in reponse.headers.get_list("set-cookie"))
    assert sessions_ouvertes() == []
    with db.lecture() as session:
        trace = session.exec(select(Trace)).one()
    assert trace.action is Action.REFUS
    assert trace.resultat["motif"]


def test_callback_accepts_the_right_answer(connecter: Any, sessions_ouvertes: Any) -> None:
    reponse = connecter("/etablissements")
    assert (reponse.status_code, reponse.headers["location"]) == (303, "/etablissements")
    assert len(sessions_ouvertes()) == 1


def test_callback_reads_signed_userinfo(fournisseur: Any, connecter: Any, sessions_ouvertes: Any) -> None:
    fournisseur.infos_signees = fournisseur.signe(fournisseur.infos | {"aud": "rxror-essai"})
    assert connecter().status_code == 303
    assert len(sessions_ouvertes()) == 1


def test_callback_does_not_serve_twice(navigateur: Any, fournisseur: Any, sessions_ouvertes: Any) -> None:
    retour = fournisseur.autoriser(navigateur.get("/auth/connexion").headers["location"])
    login = navigateur.cookies["rxror_login"]
    assert navigateur.get(retour).status_code == 303
    assert navigateur.get(retour).status_code == 400
    navigateur.cookies.clear()
    navigateur.cookies.set("rxror_login", login)  # even with the login cookie kept aside
    assert navigateur.get(retour).status_code == 400
    assert len(sessions_ouvertes()) == 1


def test_callback_refuses_another_browser(navigateur: Any, fournisseur: Any, sessions_ouvertes: Any) -> None:
    retour = fournisseur.autoriser(navigateur.get("/auth/connexion").headers["location"])
    navigateur.cookies.clear()
    assert navigateur.get(retour).status_code == 400
    assert sessions_ouvertes() == []


def test_connexion_in_two_tabs_refuses_the_first_one_politely(navigateur: Any, fournisseur: Any) -> None:
    premier = fournisseur.autoriser(navigateur.get("/auth/connexion").headers["location"])
    navigateur.get("/auth/connexion", params={"next": "/etablissements"})
    reponse = navigateur.get(premier)
    assert reponse.status_code == 400
    assert "/auth/connexion?next=/etablissements" in reponse.text


def test_connexion_asks_for_everything(navigateur: Any, fournisseur: Any) -> None:
    fournisseur.autoriser(navigateur.get("/auth/connexion").headers["location"])
    demande = fournisseur.demande
    assert demande["scope"] == "openid scope_all"
    assert demande["acr_values"] == "eidas1"
    assert demande["code_challenge_method"] == "S256"
    assert demande["redirect_uri"] == "http://localhost:3000/auth/callback"
    assert demande["state"]
    assert demande["nonce"]


def test_acr_empty_accepts_any_level(regler: Any, fournisseur: Any, base: None) -> None:
    regler(oidc_acr="")
    (un,) = fournisseurs.fournisseurs()
    assert "acr" not in oidc._exigences(un)
    assert oidc.client(un).authorize_params is None


def test_connexion_refuses_a_discovery_of_another_issuer(navigateur: Any, fournisseur: Any) -> None:
    fournisseur.decouverte = {"issuer": "https://autre.exemple.fr"}
    reponse = navigateur.get("/auth/connexion")
    assert reponse.status_code == 503
    assert "ne répond pas" in reponse.text


def test_connexion_without_provider_says_so(navigateur: Any, regler: Any) -> None:
    regler(oidc_issuer="")
    assert navigateur.get("/auth/connexion").status_code == 503
