"""Every HTTP route: headers, cookies, cross-site requests; and the two frozen lists."""

import json
import os
from pathlib import Path
from typing import Any

import httpx2
import pytest

pytestmark = pytest.mark.serveur

LISTES = Path(__file__).parent / "listes"
CSP = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "form-action 'self' https://idp.exemple.fr",
    "base-uri 'none'",
    "frame-ancestors 'none'",
)


def _figer(nom: str, lignes: list[str]) -> None:
    """Compare with the frozen list. A wanted change: FIGER=1 make test, then read the difference."""
    fichier = LISTES / nom
    if os.environ.get("FIGER"):
        fichier.parent.mkdir(exist_ok=True)
        fichier.write_text("".join(f"{ligne}\n" for ligne in lignes), encoding="utf-8")
    assert fichier.read_text(encoding="utf-8").splitlines() == lignes, (
        f"{nom} changed: each line is a door open to the network. If it is wanted, run FIGER=1 and commit the list."
    )


def test_handlers_are_those_of_the_frozen_list(serveur: Any) -> None:
    handlers = serveur.registre["handlers"]
    _figer("handlers.txt", [f"{nom}({', '.join(handlers[nom])})" for nom in sorted(handlers)])


def test_routes_are_those_of_the_frozen_list(serveur: Any) -> None:
    lignes = [f"{chemin} {' '.join(methodes)}".strip() for chemin, methodes in serveur.registre["routes"]]
    _figer("routes.txt", sorted(lignes))


def test_no_handler_runs_in_the_background(serveur: Any) -> None:
    assert serveur.registre["arriere_plan"] == []


def test_no_state_has_a_setter(serveur: Any) -> None:
    assert [n for n in serveur.registre["handlers"] if ".set_" in n and not n.endswith("set_is_hydrated")] == []


def _routes(serveur: Any) -> list[tuple[str, str]]:
    routes = [(m, c) for c, methodes in serveur.registre["routes"] for m in methodes if "{" not in c]
    return [*routes, ("GET", "/inconnu"), ("GET", "/_event/"), ("POST", "/_upload"), ("GET", "/_all_routes")]


def _demander(serveur: Any, methode: str, chemin: str, **entetes: str) -> httpx2.Response:
    return httpx2.request(methode, serveur.base + chemin, headers=entetes, follow_redirects=False, trust_env=False)


def test_every_answer_has_the_security_headers(serveur: Any) -> None:
    for methode, chemin in _routes(serveur):
        entetes = _demander(serveur, methode, chemin).headers
        for regle in CSP:
            assert regle in entetes["content-security-policy"], (methode, chemin)
        assert "unsafe-eval" not in entetes["content-security-policy"]
        assert "script-src 'self' 'unsafe-inline'" not in entetes["content-security-policy"]
        assert entetes["x-content-type-options"] == "nosniff", (methode, chemin)
        assert entetes["referrer-policy"] == "same-origin", (methode, chemin)
        if chemin.startswith("/auth/") and methode != "HEAD":
            assert entetes["cache-control"] in ("no-store", "no-cache"), (methode, chemin)


def test_no_cookie_is_readable_by_scripts(serveur: Any) -> None:
    for methode, chemin in _routes(serveur):
        for cookie in _demander(serveur, methode, chemin).headers.get_list("set-cookie"):
            assert "httponly" in cookie.lower(), (methode, chemin)


@pytest.mark.parametrize("origine", ["https://autre.fr", "null"])
def test_another_site_reads_nothing(serveur: Any, origine: str) -> None:
    for methode, chemin in _routes(serveur):
        reponse = _demander(serveur, methode, chemin, Origin=origine)
        assert "access-control-allow-origin" not in reponse.headers, (methode, chemin)
    preparation = _demander(serveur, "OPTIONS", "/ping", Origin=origine, **{"Access-Control-Request-Method": "POST"})
    assert "access-control-allow-origin" not in preparation.headers
    assert "content-security-policy" in preparation.headers


@pytest.mark.parametrize(
    "chemin", ["/_upload", "/_upload/x", "/_all_routes", "/docs", "/redoc", "/openapi.json", "/.env"]
)
def test_closed_addresses_answer_404(serveur: Any, chemin: str) -> None:
    for methode in ("GET", "POST"):
        assert _demander(serveur, methode, chemin).status_code == 404


@pytest.mark.parametrize("chemin", ["/.well-known/openid-configuration", "/authorize", "/token", "/userinfo", "/jwks"])
def test_demonstration_provider_is_not_there(serveur: Any, chemin: str) -> None:
    for methode in ("GET", "POST"):
        reponse = _demander(serveur, methode, f"/demo-idp{chemin}")
        assert reponse.status_code == 404
        assert "issuer" not in reponse.text


def test_big_body_is_refused(serveur: Any) -> None:
    reponse = httpx2.post(f"{serveur.base}/auth/deconnexion", content=b"x" * 1_100_000, trust_env=False)
    assert reponse.status_code == 413


def test_refusals_are_french_pages(serveur: Any) -> None:
    reponse = _demander(serveur, "GET", "/auth/callback?error=access_denied&error_description=%3Cb%3E")
    assert reponse.status_code in (400, 503)
    assert '<html lang="fr">' in reponse.text
    assert "<b>" not in reponse.text


def test_health_tells_nothing(serveur: Any) -> None:
    assert set(json.loads(_demander(serveur, "GET", "/_health").text)) <= {"status", "db", "redis"}
