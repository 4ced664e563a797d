"""What the ASGI wrappers let through, and what they add."""

import asyncio
import base64
import hashlib
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from rxror.auth import sessions
from rxror.auth.entetes import (
    CORPS_MAX,
    EntetesSecurite,
    SessionAuHandshake,
    adresse_de,
    origine_admise,
    politique,
    scripts_en_ligne,
)

LOCAL = (b"origin", b"http://localhost:3000")
COOKIE = (b"cookie", b"autre=1; rxror=secret")
ATTENDU = (b"authorization", f"Session {sessions.empreinte('secret')}".encode())


def _poignee(*entetes: tuple[bytes, bytes], genre: str = "websocket", chemin: str = "/_event/") -> list[Any]:
    recu: list[Any] = []

    async def application(scope: Any, receive: Any, send: Any) -> None:
        recu.extend(scope["headers"])

    scope = {"type": genre, "path": chemin, "headers": list(entetes)}
    asyncio.run(SessionAuHandshake(application)(scope, None, None))  # type: ignore[arg-type]
    return recu


def test_handshake_replaces_the_cookie_by_its_hash() -> None:
    assert _poignee(LOCAL, COOKIE) == [LOCAL, ATTENDU]


@pytest.mark.parametrize(
    "origine",
    [[], [(b"origin", b"null")], [(b"origin", b"https://autre.fr")], [(b"origin", b"http://localhost:3000.autre.fr")]],
)
def test_handshake_from_elsewhere_is_anonymous(origine: list[tuple[bytes, bytes]]) -> None:
    assert _poignee(*origine, COOKIE) == origine


def test_handshake_with_two_origins_is_anonymous() -> None:
    assert ATTENDU not in _poignee(LOCAL, (b"origin", b"https://autre.fr"), COOKIE)


def test_handshake_drops_a_forged_authorization() -> None:
    assert _poignee(LOCAL, ATTENDU) == [LOCAL]
    assert _poignee(LOCAL, (b"authorization", b"Session faux"), COOKIE) == [LOCAL, ATTENDU]


def test_handshake_covers_the_event_route_over_http_and_nothing_else() -> None:
    assert COOKIE not in _poignee(LOCAL, COOKIE, genre="http")
    assert COOKIE in _poignee(LOCAL, COOKIE, genre="http", chemin="/auth/connexion")


def test_origin_list_is_exact() -> None:
    assert origine_admise("http://localhost:3000")
    assert origine_admise("http://127.0.0.1:3000")
    assert not origine_admise("")
    assert not origine_admise("http://localhost:3001")


@pytest.mark.parametrize(
    ("relais", "transmis", "attendue"),
    [
        (0, "9.9.9.9", "10.0.0.1"),
        (1, "9.9.9.9, 8.8.8.8", "8.8.8.8"),
        (2, "9.9.9.9, 8.8.8.8", "9.9.9.9"),
        (3, "9.9.9.9", "10.0.0.1"),
        (1, "", "10.0.0.1"),
    ],
)
def test_client_address_trusts_only_declared_proxies(regler: Any, relais: int, transmis: str, attendue: str) -> None:
    regler(relais_de_confiance=relais)
    scope = {"client": ("10.0.0.1", 1), "headers": [(b"x-forwarded-for", transmis.encode())]}
    assert adresse_de(scope) == attendue


@pytest.fixture
def construit(tmp_path: Path) -> Path:
    dossier = tmp_path / "client"
    (dossier / "aide").mkdir(parents=True)
    (dossier / "index.html").write_text("<script>un()</script><script src='/a.js'></script>")
    (dossier / "aide" / "index.html").write_text('<script type="module">a < b && "</div>"</script>')
    return dossier


@pytest.fixture
def client(construit: Path) -> TestClient:
    async def page(request: Request) -> Response:
        if request.headers.get("if-none-match"):
            return Response(status_code=304)
        return HTMLResponse(request.url.path)

    async def fichier(request: Request) -> Response:
        return PlainTextResponse("x" * len(await request.body()), 404 if "absent" in request.url.path else 200)

    application = Starlette(
        routes=[
            Route("/assets/{nom}", fichier),
            Route("/recevoir", fichier, methods=["POST"]),
            Route("/{chemin:path}", page),
        ]
    )
    return TestClient(EntetesSecurite(application, lambda: construit), base_url="http://localhost:3000")


def _sha(texte: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(texte.encode()).digest()).decode()}'"


def test_inline_scripts_are_found_exactly() -> None:
    assert scripts_en_ligne("<script>a\n&amp; <b></script><p>x</p><SCRIPT async>c</SCRIPT><script src=x></script>") == [
        "a\n&amp; <b>",
        "c",
    ]


def test_page_allows_the_inline_scripts_of_the_build_and_no_other(client: TestClient) -> None:
    scripts = client.get("/").headers["content-security-policy"].split("; ")[1]
    assert scripts.startswith("script-src 'self' ")
    assert set(scripts.split()[2:]) == {_sha("un()"), _sha('a < b && "</div>"')}
    assert "unsafe" not in scripts


def test_policy_follows_a_new_build(client: TestClient, construit: Path) -> None:
    client.get("/")
    (construit / "index.html").unlink()
    assert _sha("un()") in client.get("/").headers["content-security-policy"]
    (construit / "index.html").write_text("<script>deux()</script>")
    csp = client.get("/").headers["content-security-policy"]
    assert _sha("deux()") in csp
    assert _sha("un()") not in csp


def test_answer_not_modified_keeps_the_policy_of_the_page(client: TestClient) -> None:
    reponse = client.get("/", headers={"If-None-Match": "x"})
    assert reponse.status_code == 304
    assert _sha("un()") in reponse.headers["content-security-policy"]


def test_build_may_appear_later(tmp_path: Path) -> None:
    async def page(request: Request) -> Response:
        return HTMLResponse("")

    application = Starlette(routes=[Route("/", page)])
    client = TestClient(EntetesSecurite(application, lambda: tmp_path / "client"))
    assert "sha256" not in client.get("/").headers["content-security-policy"]
    (tmp_path / "client").mkdir()
    (tmp_path / "client" / "index.html").write_text("<script>un()</script>")
    assert _sha("un()") in client.get("/").headers["content-security-policy"]


@pytest.mark.parametrize("chemin", ["/", "/assets/a.js", "/assets/absent.js", "/_upload", "/inconnu"])
def test_every_answer_has_the_headers(client: TestClient, chemin: str) -> None:
    entetes = client.get(chemin).headers
    assert "default-src 'none'" in entetes["content-security-policy"]
    assert "frame-ancestors 'none'" in entetes["content-security-policy"]
    assert entetes["x-content-type-options"] == "nosniff"
    assert entetes["referrer-policy"] == "same-origin"
    assert "geolocation=()" in entetes["permissions-policy"]
    assert entetes["cross-origin-opener-policy"] == "same-origin"
    assert "strict-transport-security" not in entetes


def test_https_adds_hsts_and_wss(client: TestClient, regler: Any) -> None:
    regler(public_url="https://ror.exemple.fr", oidc_issuer="https://idp.exemple.fr/realms/sante")
    entetes = client.get("/").headers
    assert entetes["strict-transport-security"] == "max-age=31536000; includeSubDomains"
    assert "connect-src 'self' wss://ror.exemple.fr;" in entetes["content-security-policy"]
    assert "form-action 'self' https://idp.exemple.fr;" in politique(())


def test_hashed_assets_are_kept_for_ever_and_pages_never(client: TestClient) -> None:
    assert "immutable" in client.get("/assets/a.js").headers["cache-control"]
    assert client.get("/assets/absent.js").headers["cache-control"] == "no-cache"
    assert client.get("/").headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("chemin", ["/_upload", "/_upload/x", "/_all_routes", "/auth-codespace"])
@pytest.mark.parametrize("methode", ["GET", "POST"])
def test_routes_a_framework_option_could_open_are_closed(client: TestClient, chemin: str, methode: str) -> None:
    assert client.request(methode, chemin).status_code == 404


def test_big_body_is_refused(client: TestClient) -> None:
    assert client.post("/recevoir", content=b"x" * 1000).text == "x" * 1000
    assert client.post("/recevoir", content=b"x" * (CORPS_MAX + 1)).status_code == 413


def test_folder_of_the_build_is_served_without_a_detour(client: TestClient) -> None:
    assert client.get("/aide", follow_redirects=False).text == "/aide/"
    assert client.get("/autre").text == "/autre"
