"""Every answer of a provider that lies is refused: no cookie, no session, nothing it said is shown."""

import re
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlmodel import col, select

from rxror import db
from rxror.auth import fournisseurs, oidc, routes
from rxror.auth.debit import Debit
from rxror.tables import Action, Trace


def _lie(**attributs: Any) -> Callable[[Any], None]:
    def mentir(fournisseur: Any) -> None:
        for nom, valeur in attributs.items():
            setattr(fournisseur, nom, valeur)

    return mentir


def _fabrique(fabriquer: Callable[[Any], Any]) -> Callable[[Any], None]:
    return lambda f: setattr(f, "fabrique", fabriquer(f))


def _infos_signees(faire: Callable[[Any], str]) -> Callable[[Any], None]:
    return lambda f: setattr(f, "infos_signees", faire(f))


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
    "iss en liste": _lie(claims={"iss": ["https://idp.exemple.fr/realms/sante", "https://autre.exemple.fr"]}),
    "iss absent": _lie(sans={"iss"}),
    "retour d’un autre": _lie(retour={"iss": "https://autre.exemple.fr"}),
    "retour sans iss annoncé": _lie(retour={}),
    "expiré": _lie(claims={"exp": int(time.time()) - 120}),
    "exp absent": _lie(sans={"exp"}),
    "émis demain": _lie(claims={"iat": int(time.time()) + 86_400}),
    "valable demain": _lie(claims={"nbf": int(time.time()) + 86_400}),
    "alg none": _fabrique(lambda f: f.sans_signature),
    "HS256 avec la clé publique": _fabrique(lambda f: f.hs256_avec(f.cle.as_pem(private=False))),
    "HS256 avec le secret du client": _fabrique(lambda f: f.hs256_avec(b"s" * 40)),
    "RS384 de la bonne clé": _fabrique(lambda f: f.entete(alg="RS384")),
    "PS256 de la bonne clé": _fabrique(lambda f: f.entete(alg="PS256")),
    "signé d’une autre clé": _fabrique(lambda f: f.entete(f.autre_cle)),
    "clé apportée dans l’en-tête": _fabrique(lambda f: f.entete(f.autre_cle, jwk=f.autre_cle.as_dict(private=False))),
    "clé à chercher ailleurs": _fabrique(lambda f: f.entete(f.autre_cle, jku="https://autre.exemple.fr/certs")),
    "kid de personne": _fabrique(lambda f: f.entete(f.autre_cle, kid="../../etc/passwd")),
    "extension critique inconnue": _fabrique(lambda f: f.entete(crit=["inconnue"], inconnue=True)),
    "jeton illisible": lambda f: setattr(f, "fabrique", lambda claims: "a.b.c"),
    "infos signées d’une autre clé": _infos_signees(lambda f: f.signe({"sub": f.infos["sub"]}, f.autre_cle)),
    "infos signées pour un autre": _infos_signees(lambda f: f.signe({"sub": f.infos["sub"], "aud": "autre"})),
    "refus de la personne": _lie(retour={"error": "access_denied", "error_description": "<b>secret</b>"}),
    "sub qui n’est pas un texte": _lie(claims={"sub": 12}, infos={"sub": 12}),
    "sub sans fin": _lie(claims={"sub": "1" * 256}, infos={"sub": "1" * 256}),
    "sub à caractère nul": _lie(claims={"sub": "1\0"}, infos={"sub": "1\0"}),
    "aud vide": _lie(claims={"aud": []}),
    "aud qui n’est pas un texte": _lie(claims={"aud": {"rxror-essai": True}}),
    "nonce en liste": _lie(claims={"nonce": ["faux"]}),
    "exp en mots": _lie(claims={"exp": "demain"}),
    "iat absent": _lie(sans={"iat"}),
    "acr en liste": _lie(claims={"acr": ["eidas1", "autre"]}),
    "at_hash d’un autre accès": _lie(claims={"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}),
    "infos en liste": _lie(infos=["sub"]),
    "infos signées par un autre émetteur": _infos_signees(
        lambda f: f.signe({"sub": f.infos["sub"], "iss": "https://autre.exemple.fr"})
    ),
    "infos signées pour deux": _infos_signees(
        lambda f: f.signe({"sub": f.infos["sub"], "aud": ["rxror-essai", "autre"]})
    ),
    "infos signées d’un autre": _infos_signees(lambda f: f.signe({"sub": "autre", "aud": "rxror-essai"})),
    "infos sans signature": _infos_signees(lambda f: f.sans_signature({"sub": f.infos["sub"]})),
    "infos HS256 avec la clé publique": _infos_signees(
        lambda f: f.hs256_avec(f.cle.as_pem(private=False))({"sub": f.infos["sub"]})
    ),
    "faux state": _lie(retour={"iss": "https://idp.exemple.fr/realms/sante", "state": "faux"}),
    "faux code": _lie(retour={"iss": "https://idp.exemple.fr/realms/sante", "code": "faux"}),
}


# What somebody may do with a right answer of an honest provider: the addresses to open, the last one hostile.
DETOURNEMENTS: dict[str, Callable[[Any, str, str], list[str]]] = {
    "retour rejoué": lambda navigateur, retour, login: [retour, retour],
    "retour rejoué, témoin de connexion gardé": lambda navigateur, retour, login: [retour, login, retour],
    "autre navigateur": lambda navigateur, retour, login: ["", retour],
    "témoin de connexion altéré": lambda navigateur, retour, login: [f"{login[:20]}A{login[21:]}", retour],
    "sans state": lambda navigateur, retour, login: [retour.replace("state=", "autre=")],
    "state vide": lambda navigateur, retour, login: [re.sub("state=[^&]*", "state=", retour)],
    "sans code": lambda navigateur, retour, login: [retour.replace("code=", "autre=")],
    "deux iss": lambda navigateur, retour, login: [f"{retour.replace('iss=', 'iss=https://autre&iss=')}"],
    "deux codes": lambda navigateur, retour, login: [retour.replace("code=", "code=autre&code=")],
    "code d’un essai, state du suivant": lambda navigateur, retour, login: [_state_suivant(navigateur, retour)],
}


def _state_suivant(navigateur: Any, retour: str) -> str:
    """The verifier kept for that state is not the one of the code."""
    etat = parse_qs(urlsplit(navigateur.get("/auth/connexion").headers["location"]).query)["state"][0]
    return re.sub("state=[^&]*", f"state={etat}", retour)


@pytest.mark.parametrize("mensonge", MENSONGES)
def test_callback_refuses_a_hostile_answer(
    mensonge: str, fournisseur: Any, connecter: Any, sessions_ouvertes: Any
) -> None:
    MENSONGES[mensonge](fournisseur)
    _refusee(connecter())
    assert sessions_ouvertes() == []
    with db.lecture() as session:
        trace = session.exec(select(Trace)).one()
    assert trace.action is Action.REFUS
    assert trace.resultat["motif"]
    assert (trace.iss, trace.sub, trace.nom) == ("https://idp.exemple.fr/realms/sante", "", "")


@pytest.mark.parametrize("detournement", DETOURNEMENTS)
def test_callback_refuses_a_stolen_answer(
    detournement: str, navigateur: Any, fournisseur: Any, sessions_ouvertes: Any
) -> None:
    retour = fournisseur.autoriser(navigateur.get("/auth/connexion").headers["location"])
    gestes = DETOURNEMENTS[detournement](navigateur, retour, navigateur.cookies["rxror_login"])
    reponse = None
    for geste in gestes:
        if geste.startswith("http"):
            reponse = navigateur.get(geste)
        else:
            navigateur.cookies.clear()
            navigateur.cookies.set("rxror_login", geste)
    _refusee(reponse)
    assert len(sessions_ouvertes()) == gestes[:-1].count(retour)  # the first time, it was the person's own
    with db.lecture() as session:
        assert [t.action for t in session.exec(select(Trace).order_by(col(Trace.id)))][-1] is Action.REFUS


def _refusee(reponse: Any) -> None:
    assert reponse.status_code == 400
    assert "Connexion refusée" in reponse.text
    assert "secret" not in reponse.text
    assert "<script>" not in reponse.text
    assert not any(c.startswith("rxror=") for c in reponse.headers.get_list("set-cookie"))


def test_none_of_the_hostile_answers_is_accepted(
    navigateur: Any, connecter: Any, fournisseur: Any, sessions_ouvertes: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of them, one after the other, to one rxror: the count that docs may quote."""
    monkeypatch.setattr(routes, "_debit", lambda: Debit(1000, 1000))
    honnete = vars(fournisseur).copy()
    acceptes = []
    for nom, mentir in MENSONGES.items():
        mentir(fournisseur)
        if connecter().status_code != 400 or sessions_ouvertes():
            acceptes.append(nom)
        vars(fournisseur).update({n: type(v)(v) if isinstance(v, (dict, set)) else v for n, v in honnete.items()})
        oidc.client(fournisseurs.fournisseurs()[0]).server_metadata = {}
    print(f"{len(MENSONGES)} hostile answers, {len(acceptes)} accepted; {len(DETOURNEMENTS)} stolen answers")  # noqa: T201
    assert (len(MENSONGES), acceptes) == (55, [])
    assert connecter().status_code == 303  # and the honest one still is


def test_callback_accepts_the_right_answer(connecter: Any, sessions_ouvertes: Any) -> None:
    reponse = connecter("/etablissements")
    assert (reponse.status_code, reponse.headers["location"]) == (303, "/etablissements")
    assert len(sessions_ouvertes()) == 1


def test_callback_reads_signed_userinfo(fournisseur: Any, connecter: Any, sessions_ouvertes: Any) -> None:
    fournisseur.infos_signees = fournisseur.signe(fournisseur.infos | {"aud": "rxror-essai"})
    assert connecter().status_code == 303
    assert len(sessions_ouvertes()) == 1


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
