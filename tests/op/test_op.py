"""Whole sign-in and sign-out with a certified OpenID provider that knows nothing of rxror: npm, `oidc-provider`."""

import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sysconfig
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx2
import pytest
from joserfc.jwk import RSAKey
from sqlmodel import select
from starlette.testclient import TestClient

from rxror import db
from rxror.auth import oidc, routes, secret
from rxror.settings import RACINE, settings
from rxror.tables import Action, Trace, Utilisateur, WebSession

pytestmark = pytest.mark.serveur

ICI = Path(__file__).parent
INSTALLE = RACINE / ".cache" / "op"
RXROR = "http://localhost:3000"
SECRET = secrets.token_urlsafe(32)


def _environnement(**autres: str) -> dict[str, str]:
    """Node and npm of the environment; npm's own settings say which registry."""
    chemin = os.pathsep.join([sysconfig.get_path("scripts"), os.environ.get("PATH", "")])
    return os.environ | {"PATH": chemin, "NPM_CONFIG_UPDATE_NOTIFIER": "false"} | autres


def _installer() -> None:
    """Install what the lock says, once.

    A machine without a registry fails here: a sign-in that was not tried against a certified provider is not tested.
    """
    verrou = (ICI / "package-lock.json").read_bytes()
    fait = INSTALLE / "installe"
    if fait.exists() and fait.read_bytes() == verrou:
        return
    INSTALLE.mkdir(parents=True, exist_ok=True)
    for nom in ("package.json", "package-lock.json"):
        shutil.copy(ICI / nom, INSTALLE)
    npm = subprocess.run(
        ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"],
        cwd=INSTALLE,
        env=_environnement(),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    if npm.returncode:
        pytest.fail(f"npm could not install oidc-provider; is the npm registry reachable?\n{npm.stderr[-2000:]}", False)
    fait.write_bytes(verrou)


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """The provider, running; its issuer."""
    _installer()
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        adresse = f"http://127.0.0.1:{prise.getsockname()[1]}"
    shutil.copy(ICI / "provider.mjs", INSTALLE)
    cle = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"}, auto_kid=True)
    environnement = _environnement(
        ISSUER=adresse,
        JWKS=json.dumps({"keys": [cle.as_dict(private=True)]}),
        RETOUR=f"{RXROR}/auth/callback",
        SORTIE=f"{RXROR}/connexion",
        SECRET=SECRET,
    )
    with (
        (INSTALLE / "journal").open("w") as journal,
        subprocess.Popen(
            ["node", "provider.mjs"],
            cwd=INSTALLE,
            env=environnement,
            stdout=subprocess.PIPE,
            stderr=journal,
            text=True,
        ) as node,
    ):
        try:
            assert node.stdout
            if node.stdout.readline().strip() != "prêt":
                pytest.fail(f"oidc-provider did not start:\n{(INSTALLE / 'journal').read_text()[-2000:]}", False)
            yield adresse
        finally:
            node.terminate()


@pytest.fixture
def ouvrir(issuer: str, tables: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., TestClient]]:
    """A browser in front of rxror, set up for this provider."""
    caches = (settings, oidc.client, secret.secret, routes._debit)

    def ouvrir(client: str, **autres: str) -> TestClient:
        reglages = {"issuer": issuer, "client_id": client, "client_secret": SECRET} | autres
        for nom, valeur in reglages.items():
            monkeypatch.setenv(f"RXROR_OIDC_{nom.upper()}", valeur)
        for cache in caches:
            cache.cache_clear()
        return TestClient(routes.application(), base_url=RXROR, follow_redirects=False)

    yield ouvrir
    for cache in caches:
        cache.cache_clear()


@pytest.fixture
def personne() -> Iterator[httpx2.Client]:
    """The same browser, on the provider's side."""
    with httpx2.Client(trust_env=False, timeout=10) as client:
        yield client


def suivre(personne: httpx2.Client, reponse: Any) -> Any:
    """Follow the provider's redirections until it shows a page or sends back to rxror; gives the last answer."""
    while reponse.is_redirect:
        suite = urljoin(str(reponse.url), reponse.headers["location"])
        if suite.startswith(RXROR):
            return reponse
        reponse = personne.get(suite)
    return reponse


def s_identifier(personne: httpx2.Client, adresse: str) -> str:
    """What a person does there; gives the address to come back to."""
    page = suivre(personne, personne.get(adresse))
    assert "niveau eidas1" in page.text, page.text
    return suivre(personne, personne.post(page.url)).headers["location"]


def compter() -> tuple[int, list[Action]]:
    with db.lecture() as session:
        ouvertes = [w for w in session.exec(select(WebSession)) if w.revoquee is None]
        return len(ouvertes), [t.action for t in session.exec(select(Trace).order_by(Trace.id))]


@pytest.mark.parametrize(
    ("client", "authentification"),
    [("basique", "client_secret_basic"), ("poste", "client_secret_post"), ("signe", "client_secret_basic")],
)
def test_whole_sign_in_then_sign_out_there_too(
    client: str, authentification: str, ouvrir: Callable[..., TestClient], personne: httpx2.Client, issuer: str
) -> None:
    navigateur = ouvrir(client, authentification=authentification)
    retour = s_identifier(personne, navigateur.get("/auth/connexion?next=/aide").headers["location"])
    assert parse_qs(urlsplit(retour).query)["iss"] == [issuer]
    fin = navigateur.get(retour)
    assert (fin.status_code, fin.headers["location"]) == (303, "/aide")
    with db.lecture() as session:
        qui = session.exec(select(Utilisateur)).one()
        assert (qui.iss, qui.sub, qui.nom_complet) == (issuer, "899700000001", "Claire Dumas")

    partir = navigateur.post("/auth/deconnexion", headers={"Origin": RXROR}).headers["location"]
    assert compter() == (0, [Action.CONNEXION, Action.DECONNEXION])  # here first
    demande = parse_qs(urlsplit(partir).query)
    assert (demande["client_id"], demande["post_logout_redirect_uri"]) == ([client], [f"{RXROR}/connexion"])
    page = suivre(personne, personne.get(partir))
    action = re.search(r'action="([^"]+)"', page.text)
    xsrf = re.search(r'name="xsrf" value="([^"]+)"', page.text)
    assert action
    assert xsrf
    sortie = suivre(personne, personne.post(action[1], data={"xsrf": xsrf[1], "logout": "yes"}))
    assert sortie.headers["location"] == f"{RXROR}/connexion?state={demande['state'][0]}"
    encore = suivre(personne, personne.get(navigateur.get("/auth/connexion").headers["location"]))
    assert "niveau eidas1" in encore.text  # signed out there: asked again


def test_wrong_client_secret_opens_nothing(ouvrir: Callable[..., TestClient], personne: httpx2.Client) -> None:
    navigateur = ouvrir("basique", client_secret="faux" * 10)
    retour = s_identifier(personne, navigateur.get("/auth/connexion").headers["location"])
    reponse = navigateur.get(retour)
    assert (reponse.status_code, "Connexion refusée" in reponse.text) == (400, True)
    assert compter() == (0, [Action.REFUS])
    with db.lecture() as session:
        assert session.exec(select(Trace)).one().resultat["motif"] == "invalid_client"


def test_undeclared_return_address_never_comes_back(
    ouvrir: Callable[..., TestClient], personne: httpx2.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RXROR_PUBLIC_URL", "https://ailleurs.exemple.fr")
    navigateur = ouvrir("basique")
    depart = navigateur.get("https://ailleurs.exemple.fr/auth/connexion").headers["location"]
    reponse = suivre(personne, personne.get(depart))
    assert (reponse.status_code, "location" in reponse.headers) == (400, False)
    assert "redirect_uri" in reponse.text


@pytest.mark.parametrize("defaut", ["code rejoué", "verifier d’un autre", "niveau absent"])
def test_what_the_provider_or_rxror_must_refuse(
    defaut: str, ouvrir: Callable[..., TestClient], personne: httpx2.Client
) -> None:
    navigateur = ouvrir("basique")
    retour = s_identifier(personne, navigateur.get("/auth/connexion").headers["location"])
    if defaut == "code rejoué":
        login = dict(navigateur.cookies)
        assert navigateur.get(retour).status_code == 303
        navigateur.cookies.update(login)
        attendu = (1, [Action.CONNEXION, Action.REFUS])
    elif defaut == "verifier d’un autre":
        etat = parse_qs(urlsplit(navigateur.get("/auth/connexion").headers["location"]).query)["state"][0]
        retour = re.sub(r"state=[^&]+", f"state={etat}", retour)  # the code of one attempt, the state of the next
        attendu = (0, [Action.REFUS])
    else:
        navigateur = ouvrir("basique", acr="eidas2")
        depart = navigateur.get("/auth/connexion").headers["location"]
        retour = suivre(personne, personne.get(depart)).headers["location"]  # already signed in there, at eidas1
        attendu = (0, [Action.REFUS])
    reponse = navigateur.get(retour)
    assert (reponse.status_code, "Connexion refusée" in reponse.text) == (400, True)
    assert compter() == attendu
