"""HTTP taken the wrong way: other sites, other methods, other spellings of an address; nothing changes nor breaks."""

import http.client
from itertools import product
from typing import Any

import pytest

pytestmark = pytest.mark.serveur

ORIGINES = {
    "absente": {},
    "nulle": {"Origin": "null"},
    "étrangère": {"Origin": "https://autre.fr"},
    "sous-domaine": {"Origin": "http://localhost.autre.fr"},
    "autre port": {"Origin": "http://localhost:1"},
    "en https": {"Origin": "https://localhost"},
    "vide": {"Origin": ""},
    "référent seul": {"Referer": "http://localhost/"},
    "hôte forgé": {"Origin": "https://autre.fr", "Host": "autre.fr"},
    "relais forgé": {"Origin": "https://autre.fr", "X-Forwarded-Host": "autre.fr", "X-Forwarded-Proto": "https"},
}
METHODES = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "BIDON")
REMPLACEMENTS = ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override")
ECRITURES = (
    "/{}",
    "/.{}",
    "/x/..{}",
    "/%2e%2e{}",
    "/%2e/..{}",
    "{}/",
    "{}//",
    "{}/..",
    "{}%00",
    "{}%0d%0aX-Injecte:%20oui",
    "{}%2f",
    "{};jsessionid=1",
    "{}.json",
    "{}?{}",
    "{}#{}",
    "{}%C3%A9",
    "{}%FF",
    "{}%EF%BC%91",
    "{}" + "a" * 8000,
    "{}?next=//autre.fr",
    "{}?next=https:autre.fr",
    "{}?next=/%5Cautre.fr",
    "{}?next=/%09/autre.fr",
    "{}?next=" + "a" * 8000,
)
ENTETES = ("content-security-policy", "x-content-type-options", "referrer-policy", "permissions-policy")


def _demander(serveur: Any, methode: str, chemin: str, corps: str = "", **entetes: str) -> http.client.HTTPResponse:
    """Exactly what is written, where a client would tidy it."""
    prise = http.client.HTTPConnection(serveur.base.removeprefix("http://"), timeout=30)
    entetes = {nom.replace("_", "-"): valeur for nom, valeur in entetes.items()}
    try:
        prise.putrequest(methode, chemin, skip_host="Host" in entetes, skip_accept_encoding=True)
        for nom, valeur in (entetes | {"Content-Length": str(len(corps))}).items():
            prise.putheader(nom, valeur)
        prise.endheaders(corps.encode())
        reponse = prise.getresponse()
        reponse.texte = reponse.read().decode("utf-8", "replace")  # type: ignore[attr-defined]
    finally:
        prise.close()
    return reponse


# Who guesses there is soon no longer answered: a fast machine gets that far.
PUBLIQUES = ("/v/", "/confie")
TROP = {True: (429,), False: ()}


def _routes(serveur: Any, methode: str = "") -> list[str]:
    """Addresses of the routes, those with that method or all; their parts filled."""
    return sorted(
        chemin.replace("{jeton:path}", "faux").replace("{cle}", "faux")
        for chemin, methodes in serveur.registre["routes"]
        if methodes and (not methode or methode in methodes)
    )


def _fait(serveur: Any) -> tuple[str, list[str]]:
    return serveur.empreinte(), [action for action in serveur.traces() if action != "refus"]


@pytest.mark.parametrize("origine", ORIGINES)
def test_another_site_posts_nothing(origine: str, serveur: Any, claire: Any) -> None:
    avant = _fait(serveur)
    for chemin in _routes(serveur, "POST"):
        for corps in ("", "geste=rester", '{"onglet":"11111111-1111-4111-8111-111111111111","chemin":"/"}'):
            reponse = _demander(serveur, "POST", chemin, corps, Cookie=claire.cookie, **ORIGINES[origine])
            assert reponse.status in (403, 404, *TROP[chemin.startswith(PUBLIQUES)]), chemin
            assert "set-cookie" not in reponse.headers, chemin
    assert _fait(serveur) == avant


def test_reading_changes_nothing_whoever_asks(serveur: Any, claire: Any) -> None:
    """No route does anything on GET or HEAD: a link or an image of another site is one."""
    avant = _fait(serveur)
    for methode, chemin in product(("GET", "HEAD"), _routes(serveur)):
        for entetes in ({}, dict.fromkeys(REMPLACEMENTS, "POST"), {"Origin": serveur.base}):
            suite = f"{chemin}?_method=POST&code=x&state=x"
            assert _demander(serveur, methode, suite, Cookie=claire.cookie, **entetes).status < 600
    assert _fait(serveur) == avant


def test_other_methods_do_nothing(serveur: Any, claire: Any) -> None:
    avant = _fait(serveur)
    permises = {(m, c.replace("{jeton:path}", "faux")) for c, methodes in serveur.registre["routes"] for m in methodes}
    permises |= {(m, c.replace("{cle}", "faux")) for m, c in permises}
    for methode, chemin in product(METHODES, _routes(serveur)):
        if (methode, chemin) not in permises:
            reponse = _demander(serveur, methode, chemin, Cookie=claire.cookie, Origin=serveur.base)
            assert reponse.status in (404, 405, *TROP[chemin.startswith(PUBLIQUES)]), (methode, chemin)
            assert "content-security-policy" in reponse.headers, (methode, chemin)
            assert "set-cookie" not in reponse.headers, (methode, chemin)
    assert _fait(serveur) == avant


def test_other_spellings_of_an_address_open_nothing(serveur: Any, claire: Any) -> None:
    avant = _fait(serveur)
    for chemin, ecriture, methode in product(_routes(serveur), ECRITURES, ("GET", "POST")):
        ecrit = ecriture.format(chemin, "x=1")
        reponse = _demander(serveur, methode, ecrit, Cookie=claire.cookie)
        lieu = reponse.headers.get("location", "/")
        assert reponse.status < 500 or reponse.status == 503, (methode, ecrit)  # 503: the provider is nowhere
        assert lieu.startswith(("/", "http://localhost:")), (methode, ecrit, lieu)
        assert not lieu.startswith("//"), (methode, ecrit, lieu)
        assert "autre.fr" not in lieu.partition("?")[0], (methode, ecrit, lieu)
        assert "x-injecte" not in reponse.headers, (methode, ecrit)
        assert all(nom in reponse.headers for nom in ENTETES), (methode, ecrit)
        assert claire.marque not in reponse.texte  # type: ignore[attr-defined]
    assert _fait(serveur) == avant


def test_what_is_not_there_is_said_in_french(serveur: Any) -> None:
    for methode, chemin in (("GET", "/auth/inconnue"), ("PUT", "/auth/connexion"), ("POST", "/auth/callback")):
        reponse = _demander(serveur, methode, chemin)
        assert reponse.status in (404, 405)
        assert '<html lang="fr">' in reponse.texte  # type: ignore[attr-defined]
        assert "Not Found" not in reponse.texte  # type: ignore[attr-defined]


@pytest.mark.parametrize("chemin", ["/auth/connexion", "/auth/connexion/", "/_health/", "/ping/"])
def test_a_host_that_is_not_ours_names_nothing(chemin: str, serveur: Any) -> None:
    reponse = _demander(serveur, "GET", chemin, Host="autre.fr", X_Forwarded_Host="autre.fr")
    assert reponse.status in (303, 307)
    assert "autre.fr" not in str(reponse.headers)
