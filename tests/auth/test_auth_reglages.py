"""What the settings may say of a provider, and how rxror then proves who it is."""

import base64
import re
import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pydantic import ValidationError
from starlette.testclient import TestClient

from rxror.auth import fournisseurs, oidc, routes
from rxror.auth.fournisseurs import FournisseurMalRegle
from rxror.settings import RACINE, Oidc, settings
from tests.auth.conftest import AILLEURS, CLIENT, ISSUER, Fournisseur, brancher


@pytest.mark.parametrize(
    "faux",
    [
        {"oidc_issuer": "http://idp.exemple.fr"},
        {"oidc_issuer": "idp.exemple.fr"},
        {"oidc_issuer": ISSUER, "oidc_discovery": "file:///etc/passwd"},
        {"oidc_issuer": ISSUER, "oidc_alg": "HS256"},
        {"oidc_issuer": ISSUER, "oidc_alg": "none"},
        {"oidc_issuer": ISSUER, "oidc_authentification": "none"},
        {"oidc_issuer": ISSUER, "oidc_delai": "0"},
        {"oidc_issuer": ISSUER, "oidc2_issuer": ISSUER, "oidc2_nom": "Autre"},
        {"oidc_issuer": ISSUER, "oidc2_issuer": "https://autre.exemple.fr"},
        {"oidc2_issuer": ISSUER},
    ],
)
def test_bad_provider_is_refused_by_name(faux: dict[str, str], regler: Any) -> None:
    regler(**faux, oidc_client_secret="mot-secret")
    with pytest.raises(ValidationError, match=r"RXROR_OIDC2?_") as refus:
        settings()
    assert "mot-secret" not in str(refus.value)


@pytest.mark.parametrize(
    ("manque", "phrase"),
    [({"oidc_client_id": ""}, "RXROR_OIDC_CLIENT_ID"), ({"oidc_client_secret": ""}, "RXROR_OIDC_CLIENT_SECRET")],
)
def test_start_is_refused_without_a_client(manque: dict[str, str], phrase: str, regler: Any) -> None:
    regler(**{"oidc_issuer": ISSUER, "oidc_client_id": "x", "oidc_client_secret": "y"} | manque)
    with pytest.raises(FournisseurMalRegle, match=phrase):
        routes.application()


def test_every_setting_that_the_guide_names_exists() -> None:
    texte = (RACINE / "docs" / "connexion.md").read_text("utf-8")
    nommes = {nom.lower() for nom in re.findall(r"RXROR_OIDC2?_([A-Z_]+)", texte)}
    assert nommes
    assert nommes <= set(Oidc.model_fields)


# ------------------------------------------------------------------------- who we are


@pytest.mark.parametrize("methode", ["client_secret_basic", "client_secret_post"])
def test_secret_is_presented_as_the_setting_says(methode: str, regler: Any, base: None) -> None:
    regler(
        oidc_issuer=ISSUER,
        oidc_client_id=CLIENT,
        oidc_client_secret="mot:secret",
        oidc_authentification=methode,
        oidc_discovery=f"https://idp.exemple.fr{AILLEURS}",
    )
    chez = Fournisseur()
    _connecter(chez)
    recu = chez.presentation
    if methode == "client_secret_basic":
        assert recu["authorization"] == f"Basic {base64.b64encode(f'{CLIENT}:mot:secret'.encode()).decode()}"
        assert "client_secret" not in recu
    else:
        assert (recu["client_id"], recu["client_secret"], recu["authorization"]) == (CLIENT, "mot:secret", "")


def _connecter(chez: Fournisseur) -> None:
    brancher(chez)
    with TestClient(routes.application(), base_url=settings().url, follow_redirects=False) as navigateur:
        depart = navigateur.get("/auth/connexion")
        assert depart.headers["location"].startswith("https://portefeuille.exemple.fr/auth?")  # not the issuer's host
        assert navigateur.get(chez.autoriser(depart.headers["location"])).status_code == 303
    assert chez.appels == ["decouverte", "jetons", "cles", "infos"]


@pytest.fixture(scope="module")
def certificats(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An authority, a server and a client: {autorite,serveur,client}.pem and .key."""
    dossier = tmp_path_factory.mktemp("tls")
    autorite, cle = _certificat(dossier, "autorite")
    for nom in ("serveur", "client"):
        _certificat(dossier, nom, (autorite, cle))
    return dossier


def _certificat(dossier: Path, nom: str, par: Any = None) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    cle = ec.generate_private_key(ec.SECP256R1())
    sujet = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, nom)])
    de, signe = (par[0].subject, par[1]) if par else (sujet, cle)
    adresses = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    usages = {"digital_signature": True, "key_cert_sign": par is None, "crl_sign": par is None}
    autres = dict.fromkeys(
        (
            "content_commitment",
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    un = (
        x509.CertificateBuilder()
        .subject_name(sujet)
        .issuer_name(de)
        .public_key(cle.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=par is None, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**usages, **autres), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(cle.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signe.public_key()), critical=False)
        .add_extension(adresses, critical=False)
        .sign(signe, hashes.SHA256())
    )
    (dossier / f"{nom}.pem").write_bytes(un.public_bytes(serialization.Encoding.PEM))
    prive = cle.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (dossier / f"{nom}.key").write_bytes(prive)
    (dossier / f"{nom}.key").chmod(0o600)
    return un, cle


@pytest.fixture
def chez_tls(certificats: Path) -> Iterator[tuple[str, Fournisseur]]:
    """The provider behind a real TLS server that asks for a certificate, and its issuer."""
    chez = Fournisseur()

    class Reponse(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            corps = self.rfile.read(int(self.headers.get("content-length", 0)))
            with TestClient(chez.application) as dedans:
                dit = dedans.request(self.command, self.path, content=corps, headers=dict(self.headers))
            self.send_response(dit.status_code)
            self.send_header("content-type", dit.headers["content-type"])
            self.send_header("content-length", str(len(dit.content)))
            self.end_headers()
            self.wfile.write(dit.content)

        do_POST = do_GET  # noqa: N815

        def log_message(self, format: str, *args: Any) -> None:
            pass

    contexte = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    contexte.load_cert_chain(certificats / "serveur.pem", certificats / "serveur.key")
    contexte.load_verify_locations(certificats / "autorite.pem")
    contexte.verify_mode = ssl.CERT_REQUIRED

    class Serveur(ThreadingHTTPServer):
        def handle_error(self, request: Any, client_address: Any) -> None:
            """A client without certificate is the point."""

    serveur = Serveur(("127.0.0.1", 0), Reponse)
    serveur.socket = contexte.wrap_socket(serveur.socket, server_side=True)
    fil = threading.Thread(target=serveur.serve_forever)
    fil.start()
    chez.issuer = f"https://127.0.0.1:{serveur.server_port}/realms/sante"
    chez.retour = {"iss": chez.issuer}
    yield chez.issuer, chez
    serveur.shutdown()
    fil.join()
    serveur.server_close()


def _navigateur(
    issuer: str, certificats: Path, regler: Callable[..., None], monkeypatch: Any, **autres: Any
) -> TestClient:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificats / "autorite.pem"))
    monkeypatch.setattr(fournisseurs, "au_dehors", lambda un: True)  # it stands for another machine
    regler(oidc_issuer=issuer, oidc_client_id=CLIENT, **autres)
    return TestClient(routes.application(), base_url=settings().url, follow_redirects=False)


def test_certificate_is_presented(chez_tls: Any, certificats: Path, regler: Any, base: None, monkeypatch: Any) -> None:
    issuer, chez = chez_tls
    chez.decouverte = {"mtls_endpoint_aliases": {"token_endpoint": f"{issuer}/mtls/token", "issuer": "autre"}}
    chez.application.router.routes.append(
        type(chez.application.routes[2])("/realms/sante/mtls/token", chez._jetons, methods=["POST"])
    )
    navigateur = _navigateur(
        issuer,
        certificats,
        regler,
        monkeypatch,
        oidc_authentification="tls_client_auth",
        oidc_certificat=certificats / "client.pem",
        oidc_cle=certificats / "client.key",
    )
    depart = navigateur.get("/auth/connexion")
    assert navigateur.get(chez.autoriser(depart.headers["location"])).status_code == 303
    assert (chez.presentation["client_id"], chez.presentation["authorization"]) == (CLIENT, "")
    assert chez.appels == ["decouverte", "cles", "infos"]  # the token came from the alias


def test_without_certificate_the_provider_does_not_listen(
    chez_tls: Any, certificats: Path, regler: Any, base: None, monkeypatch: Any
) -> None:
    issuer, chez = chez_tls
    navigateur = _navigateur(issuer, certificats, regler, monkeypatch, oidc_client_secret="x")
    assert navigateur.get("/auth/connexion").status_code == 503
    assert chez.appels == []


def test_provider_of_an_unknown_authority_is_not_believed(
    chez_tls: Any, certificats: Path, regler: Any, base: None, monkeypatch: Any
) -> None:
    issuer, chez = chez_tls
    navigateur = _navigateur(issuer, certificats, regler, monkeypatch, oidc_client_secret="x")
    monkeypatch.delenv("SSL_CERT_FILE")
    oidc.client.cache_clear()
    assert navigateur.get("/auth/connexion").status_code == 503
    assert chez.appels == []


@pytest.mark.parametrize(
    ("certificat", "cle", "mode", "phrase"),
    [
        ("absent.pem", "client.key", 0o600, "RXROR_OIDC_CERTIFICAT"),
        ("client.pem", "absente.key", 0o600, "RXROR_OIDC_CLE"),
        ("client.pem", "client.key", 0o604, "ouverte à tous"),
        ("client.pem", "serveur.key", 0o600, "ne vont pas ensemble"),
        ("client.pem", "client.pem", 0o600, "ne vont pas ensemble"),
    ],
)
def test_start_is_refused_with_a_certificate_one_cannot_use(
    certificat: str, cle: str, mode: int, phrase: str, certificats: Path, regler: Any
) -> None:
    if (certificats / cle).exists():
        (certificats / cle).chmod(mode)
    regler(
        oidc_issuer=ISSUER,
        oidc_client_id=CLIENT,
        oidc_authentification="tls_client_auth",
        oidc_certificat=certificats / certificat,
        oidc_cle=certificats / cle,
    )
    try:
        with pytest.raises(FournisseurMalRegle, match=phrase):
            routes.application()
    finally:
        for fichier in certificats.iterdir():
            fichier.chmod(0o600)


@pytest.mark.parametrize("moyen", ["", "CERTIFICAT"])
def test_start_is_refused_with_a_certificate_not_named(moyen: str, regler: Any) -> None:
    regler(oidc_issuer=ISSUER, oidc_client_id=CLIENT, oidc_authentification="tls_client_auth")
    with pytest.raises(FournisseurMalRegle, match="RXROR_OIDC_CERTIFICAT"):
        fournisseurs.verifier()
