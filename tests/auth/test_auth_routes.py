"""The sign-in routes as a browser sees them."""

import hashlib
import re
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from rxror import db
from rxror.auth import fournisseurs, oidc, routes, sessions
from rxror.auth.chemins import suite_sure
from rxror.auth.debit import Debit
from rxror.auth.entetes import EntetesSecurite
from rxror.settings import settings
from rxror.tables import Action, Habilitation, Trace, Utilisateur, WebSession
from tests.auth.conftest import brancher

ORIGINE = {"Origin": "http://localhost:3000"}


@pytest.mark.parametrize(
    "suite", ["/", "/etablissements", "/offre/76/0000001?vue=a&b=%20#c", "/connexion", "/" + "a" * 299]
)
def test_suite_keeps_a_path_of_ours(suite: str) -> None:
    assert suite_sure(suite) == suite


@pytest.mark.parametrize(
    "suite",
    [
        None,
        "",
        "etablissements",
        "//autre.fr",
        "///autre.fr",
        "/\\autre.fr",
        "\\\\autre.fr",
        "https://autre.fr",
        "javascript:alert(1)",
        "/a\nb",
        "/a\tb",
        "/\x00",
        "/a\u2028b",
        " /a",
        "/" + "a" * 300,
    ],
)
def test_suite_refuses_anything_else(suite: str | None) -> None:
    assert suite_sure(suite) == "/"


def test_callback_ignores_an_unsafe_next(connecter: Any) -> None:
    assert connecter("//autre.fr").headers["location"] == "/"


@pytest.mark.parametrize(
    ("page", "suite"),
    [
        ("http://localhost:3000/connexion?next=%2Fetablissements%3Fpage%3D2", "/etablissements?page=2"),
        ("http://localhost:3000/connexion/?next=%2Faide", "/aide"),
        ("http://localhost:3000/connexion?next=//autre.fr", "/"),
        ("http://localhost:3000/connexion", "/"),
        ("http://localhost:3000/aide?next=/autre", "/"),
        ("https://autre.fr/connexion?next=/autre", "/"),
        ("", "/"),
    ],
)
def test_return_comes_from_the_sign_in_page(page: str, suite: str, navigateur: Any, fournisseur: Any) -> None:
    depart = navigateur.get("/auth/connexion", headers={"Referer": page})
    assert navigateur.get(fournisseur.autoriser(depart.headers["location"])).headers["location"] == suite


def test_cookie_is_hidden_from_scripts_and_other_sites(connecter: Any) -> None:
    reponse = connecter()
    cookie = next(c for c in reponse.headers.get_list("set-cookie") if c.startswith("rxror="))
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie
    assert "Max-Age" not in cookie
    assert reponse.headers["cache-control"] == "no-store"


def test_login_cookie_is_hidden_and_short(navigateur: Any) -> None:
    reponse = navigateur.get("/auth/connexion")
    cookie = reponse.headers["set-cookie"].lower()
    assert cookie.startswith("rxror_login=")
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "path=/auth" in cookie
    assert "max-age=600" in cookie
    assert reponse.headers["cache-control"] == "no-store"


def test_cookies_are_prefixed_and_secure_in_https(regler: Any, fournisseur: Any, base: None) -> None:
    from starlette.responses import Response

    regler(public_url="https://ror.exemple.fr")
    reponse = Response()
    sessions.poser(reponse, "valeur")
    cookie = reponse.headers["set-cookie"]
    assert cookie.startswith("__Host-rxror=valeur;")
    assert "Secure" in cookie
    middleware = routes.application().routes[0].app  # type: ignore[attr-defined]
    assert middleware.session_cookie == "__Secure-rxror_login"
    assert "secure" in middleware.security_flags


def test_connexion_creates_the_person_without_any_right(connecter: Any) -> None:
    connecter()
    with db.lecture() as session:
        personne = session.exec(select(Utilisateur)).one()
        assert (personne.nom_complet, personne.demonstration) == ("Claire Dumas", False)
        assert session.exec(select(Habilitation)).all() == []


def test_person_is_known_by_issuer_and_subject_only(base: None) -> None:
    with db.transaction() as session:
        for iss, sub in (("a", "1"), ("b", "1"), ("a", "2"), ("a", "1")):
            sessions.ouvrir(session, iss=iss, sub=sub, prenom="Claire", nom="Dumas")
        assert len(session.exec(select(Utilisateur)).all()) == 3


def test_base_holds_only_the_hash_of_the_secret(navigateur: Any, connecter: Any) -> None:
    connecter()
    secret = navigateur.cookies["rxror"]
    assert len(secret) >= 43
    with db.lecture() as session:
        assert session.exec(select(WebSession)).one().empreinte == hashlib.sha256(secret.encode()).hexdigest()
    for fichier in settings().var.iterdir():
        assert secret.encode() not in fichier.read_bytes()


def test_connexion_ends_the_former_session_of_the_browser(
    navigateur: Any, connecter: Any, sessions_ouvertes: Any
) -> None:
    connecter()
    premier = navigateur.cookies["rxror"]
    connecter()
    assert navigateur.cookies["rxror"] != premier
    assert [w.empreinte for w in sessions_ouvertes()] == [sessions.empreinte(navigateur.cookies["rxror"])]


def test_deconnexion_ends_the_session_everywhere(navigateur: Any, connecter: Any, sessions_ouvertes: Any) -> None:
    connecter()
    reponse = navigateur.post("/auth/deconnexion", headers=ORIGINE)
    assert reponse.status_code == 303
    assert reponse.headers["location"].startswith("https://idp.exemple.fr/realms/sante/logout?id_token_hint=")
    assert reponse.headers["clear-site-data"] == '"storage"'
    assert reponse.headers["cache-control"] == "no-store"
    assert "rxror" not in navigateur.cookies
    assert sessions_ouvertes() == []
    with db.lecture() as session:
        assert session.exec(select(WebSession)).one().id_token == ""
        assert [t.action for t in session.exec(select(Trace))] == [Action.CONNEXION, Action.DECONNEXION]


def test_sign_in_keeps_the_browser_in_words(navigateur: Any, connecter: Any, sessions_ouvertes: Any) -> None:
    navigateur.headers["User-Agent"] = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0 marque"
    connecter()
    assert [w.appareil for w in sessions_ouvertes()] == ["Firefox sur Linux"]


@pytest.mark.parametrize("entetes", [{}, {"Origin": "null"}, {"Origin": "https://autre.fr"}])
def test_deconnexion_refuses_another_site(
    entetes: dict[str, str], navigateur: Any, connecter: Any, sessions_ouvertes: Any
) -> None:
    connecter()
    assert navigateur.post("/auth/deconnexion", headers=entetes).status_code == 403
    assert len(sessions_ouvertes()) == 1


def test_deconnexion_is_not_a_link(navigateur: Any) -> None:
    assert navigateur.get("/auth/deconnexion").status_code == 405


def test_deconnexion_without_session_goes_to_the_sign_in_page(navigateur: Any) -> None:
    reponse = navigateur.post("/auth/deconnexion", headers=ORIGINE)
    assert (reponse.status_code, reponse.headers["location"]) == (303, "/connexion")


def test_deconnexion_works_when_the_provider_does_not_answer(
    navigateur: Any, connecter: Any, fournisseur: Any, sessions_ouvertes: Any
) -> None:
    connecter()
    fournisseur.decouverte = {"issuer": "https://autre.exemple.fr"}
    oidc.client(fournisseurs.fournisseurs()[0]).server_metadata = {}
    assert navigateur.post("/auth/deconnexion", headers=ORIGINE).headers["location"] == "/connexion"
    assert sessions_ouvertes() == []


@pytest.mark.parametrize("panne", ["absent", "casse", "muet"])
def test_deconnexion_here_does_not_wait_for_the_provider(
    panne: str, regler: Any, navigateur: Any, connecter: Any, fournisseur: Any, sessions_ouvertes: Any
) -> None:
    connecter()
    regler(oidc_delai="0.05")
    brancher(fournisseur)
    fournisseur.pannes = {"decouverte": panne}
    reponse = navigateur.post("/auth/deconnexion", headers=ORIGINE)
    assert (reponse.status_code, reponse.headers["location"]) == (303, "/connexion")
    assert reponse.headers["clear-site-data"] == '"storage"'
    assert "rxror" not in navigateur.cookies
    assert sessions_ouvertes() == []


def test_deconnexion_at_another_host_is_a_link(navigateur: Any, connecter: Any, fournisseur: Any) -> None:
    """The policy of our pages lets their form lead to the issuer only: a redirection elsewhere would be stopped."""
    fournisseur.fin = "https://portefeuille.exemple.fr/sortie"
    connecter()
    reponse = navigateur.post("/auth/deconnexion", headers=ORIGINE)
    assert reponse.status_code == 200
    assert "Vous êtes déconnecté de rxror" in reponse.text
    assert 'href="https://portefeuille.exemple.fr/sortie?id_token_hint=' in reponse.text
    assert "Me déconnecter de Pro Santé Connect" in reponse.text
    assert reponse.headers["clear-site-data"] == '"storage"'
    assert "rxror" not in navigateur.cookies


def test_deconnexion_of_a_provider_without_sign_out(navigateur: Any, connecter: Any, fournisseur: Any) -> None:
    fournisseur.fin = ""
    connecter()
    assert navigateur.post("/auth/deconnexion", headers=ORIGINE).headers["location"] == "/connexion"


def test_secret_of_an_ended_session_opens_nothing(navigateur: Any, connecter: Any) -> None:
    connecter()
    ancien = navigateur.cookies["rxror"]
    navigateur.post("/auth/deconnexion", headers=ORIGINE)
    navigateur.cookies.set("rxror", ancien)
    dit = navigateur.post("/auth/veille", headers=ORIGINE, json={"onglet": str(uuid4()), "chemin": "/"}).json()
    assert dit["session"] != "ouverte"


def test_too_many_sign_ins_are_refused_politely(navigateur: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    debit = Debit(par_seconde=0.01, reserve=2)
    monkeypatch.setattr(routes, "_debit", lambda: debit)
    reponses = [navigateur.get("/auth/callback") for _ in range(3)]
    assert [r.status_code for r in reponses] == [400, 400, 429]
    assert "Attendez une minute" in reponses[-1].text


def test_connexion_brings_the_browser_to_the_public_name(navigateur: Any) -> None:
    reponse = navigateur.get("http://127.0.0.1:3000/auth/connexion?next=/aide")
    assert reponse.headers["location"] == "http://localhost:3000/auth/connexion?next=/aide"


def test_refusal_page_is_plain_french(navigateur: Any) -> None:
    reponse = navigateur.get("/auth/callback?error=x&error_description=<script>alert(1)</script>")
    assert reponse.status_code == 400
    assert '<html lang="fr">' in reponse.text
    assert "alert(1)" not in reponse.text
    assert 'href="/auth/connexion?next=/"' in reponse.text


def test_breakdown_is_a_french_page_with_a_reference(
    navigateur: Any, fournisseur: Any, caplog: pytest.LogCaptureFixture
) -> None:
    retour = fournisseur.autoriser(navigateur.get("/auth/connexion").headers["location"])
    with db.engine().begin() as connexion:
        connexion.exec_driver_sql("ALTER TABLE web_session RENAME TO partie")
    client = TestClient(
        EntetesSecurite(navigateur.app, lambda: settings().var), base_url=settings().url, cookies=navigateur.cookies
    )
    reponse = client.get(retour)
    assert reponse.status_code == 500
    assert "La panne vient de nous" in reponse.text
    repere = re.search(r"repère\u00a0: (\d{4}-\d{4}-\w{4})\.", reponse.text)
    assert repere
    assert repere[1] in caplog.text
    assert "Claire" not in caplog.text
    assert "INSERT" not in caplog.text


def test_few_sign_ins_shared_by_many_processes_are_still_some(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RXROR_WORKERS", "64")
    monkeypatch.setenv("RXROR_CONNEXIONS_PAR_MINUTE", "10")
    settings.cache_clear()
    routes._debit.cache_clear()
    assert routes._debit().accepte("127.0.0.1")
    assert not routes._debit().accepte("127.0.0.1")
    routes._debit.cache_clear()
