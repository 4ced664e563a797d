"""A real mail server on this machine, that can refuse, be away, or show a certificate of its own."""

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from rxror.settings import settings


class Facteur:
    """What the server received; `reponses` are its answers to a recipient, `donnees` to a message."""

    def __init__(self) -> None:
        self.arrive = Event()
        self.recus: list[tuple[str, list[str], EmailMessage]] = []
        self.reponses: dict[str, str] = {}
        self.donnees = "250 OK"
        self.en_tls: list[bool] = []
        self.comptes: list[tuple[bytes, bytes]] = []

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if (reponse := self.reponses.get(address)) is not None:
            return reponse
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.donnees.startswith("250"):
            lu = message_from_bytes(envelope.content, policy=policy.default)
            assert isinstance(lu, EmailMessage)
            self.recus.append((envelope.mail_from, envelope.rcpt_tos, lu))
            self.en_tls.append(session.ssl is not None)
            self.arrive.set()
        return self.donnees

    def authentifier(self, server: Any, session: Any, envelope: Any, mechanism: str, donnees: Any) -> AuthResult:
        self.comptes.append((donnees.login, donnees.password))
        return AuthResult(success=donnees.password == b"le bon", handled=False)


@pytest.fixture
def reglages_smtp(reglages: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Settings of the mail server, by the end of their names."""

    def regler(port: int, **autres: str) -> None:
        valeurs = {
            "SMTP_HOST": "localhost",
            "SMTP_PORT": str(port),
            "SMTP_SECURITE": "aucune",
            "COURRIEL_EXPEDITEUR": "rxror <rxror@exemple.fr>",
        }
        for nom, valeur in (valeurs | autres).items():
            monkeypatch.setenv(f"RXROR_{nom}", valeur)
        settings.cache_clear()

    return regler


def port_libre() -> int:
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        return int(prise.getsockname()[1])


@contextmanager
def un_serveur(**options: Any) -> Iterator[tuple[Facteur, int]]:
    """A mail server on a port of its own."""
    facteur, port = Facteur(), port_libre()
    controleur = Controller(facteur, hostname="127.0.0.1", port=port, authenticator=facteur.authentifier, **options)
    controleur.start()
    try:
        yield facteur, port
    finally:
        controleur.stop()


@pytest.fixture
def poste(tables: None, reglages_smtp: Callable[..., None]) -> Iterator[Facteur]:
    """A mail server that takes everything, named by the settings."""
    with un_serveur() as (facteur, port):
        reglages_smtp(port)
        yield facteur


@pytest.fixture(scope="session")
def certificat(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ssl.SSLContext]:
    """A certificate for localhost that nobody knows, and the server's side of it."""
    cle = ec.generate_private_key(ec.SECP256R1())
    nom = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    maintenant = datetime.now(UTC)
    signe = (
        x509.CertificateBuilder()
        .subject_name(nom)
        .issuer_name(nom)
        .public_key(cle.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(maintenant - timedelta(days=1))
        .not_valid_after(maintenant + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]),
            critical=False,
        )
        .sign(cle, hashes.SHA256())
    )
    dossier = tmp_path_factory.mktemp("certificat")
    public, prive = dossier / "public.pem", dossier / "prive.pem"
    public.write_bytes(signe.public_bytes(serialization.Encoding.PEM))
    prive.write_bytes(
        cle.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    contexte = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    contexte.load_cert_chain(public, prive)
    return public, contexte
