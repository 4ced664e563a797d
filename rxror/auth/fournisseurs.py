"""Who people may sign in with: the OpenID Connect providers of the settings; in demonstration, our own."""

import os
import secrets
import ssl
import stat
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
from pydantic import SecretStr

from rxror.settings import Oidc, en_boucle_locale, settings

PREMIER, SECOND = "1", "2"  # their keys, in the addresses of the sign-in
PREFIXES = {PREMIER: "RXROR_OIDC_", SECOND: "RXROR_OIDC2_"}
ISS_DEMONSTRATION = "demonstration"
CHEMIN_DEMONSTRATION = "/demo-idp"
CLIENT_DEMONSTRATION = "rxror"
SECRET_DEMONSTRATION = secrets.token_urlsafe(32)
CERTIFICAT = "tls_client_auth"


class FournisseurMalRegle(SystemExit):
    """The service must not start with a provider it could not use; the message, in French, says why and what to do."""


@dataclass(frozen=True)
class Fournisseur:
    """An OpenID Connect provider, and how rxror presents itself there.

    Attributes:
        cle: its key in our addresses.
        retour: where it sends people back; no two have the same, so that an answer names its provider.
    """

    cle: str
    retour: str
    reglages: Oidc

    @property
    def nom(self) -> str:
        """Its name on the sign-in page."""
        return self.reglages.nom

    @property
    def issuer(self) -> str:
        """Its issuer, exactly as its tokens write it."""
        return self.reglages.issuer

    @property
    def discovery(self) -> str:
        """Address of its discovery document."""
        return self.reglages.discovery or f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"

    @property
    def origine(self) -> str:
        """Origin of its issuer."""
        morceaux = urlsplit(self.issuer)
        return f"{morceaux.scheme}://{morceaux.netloc}"


def en_demonstration() -> bool:
    """Whether people sign in with the demonstration provider."""
    return settings().demo and not settings().oidc


def fournisseurs() -> tuple[Fournisseur, ...]:
    """The providers, the first one first; none when the settings name none."""
    return _fournisseurs(settings().url, settings().oidc, en_demonstration())


def noms_des_fournisseurs() -> tuple[str, ...]:
    """What the sign-in page calls them: that page is built again when they change."""
    return tuple(un.nom for un in fournisseurs())


def fournisseur(cle: str) -> Fournisseur | None:
    """The provider of a key."""
    return next((un for un in fournisseurs() if un.cle == cle), None)


def fournisseur_de(iss: str) -> Fournisseur | None:
    """The provider of a person, by the issuer the table `utilisateur` keeps."""
    return next((un for un in fournisseurs() if iss_conserve(un.issuer) == iss), None)


def iss_conserve(iss: str) -> str:
    """Issuer as the table `utilisateur` keeps it: the demonstration's address changes with the port."""
    return ISS_DEMONSTRATION if en_demonstration() and iss == fournisseurs()[0].issuer else iss


def verifier() -> None:
    """Refuse to start with a provider that lacks something.

    Raises:
        FournisseurMalRegle: says what.
    """
    for un in fournisseurs():
        prefixe = PREFIXES[un.cle]
        if not un.reglages.client_id:
            raise FournisseurMalRegle(f"{prefixe}CLIENT_ID manque : c’est l’identifiant que {un.nom} vous a donné.")
        if un.reglages.authentification == CERTIFICAT:
            _verifier_certificat(un, prefixe)
        elif not un.reglages.client_secret.get_secret_value():
            raise FournisseurMalRegle(f"{prefixe}CLIENT_SECRET manque : c’est le secret que {un.nom} vous a donné.")


def tls(un: Fournisseur) -> ssl.SSLContext | bool:
    """How to speak to the provider: the machine's authorities, and our certificate if there is one."""
    if un.reglages.authentification != CERTIFICAT:
        return True
    contexte = httpx2.create_ssl_context()
    contexte.load_cert_chain(un.reglages.certificat, un.reglages.cle)
    return contexte


def au_dehors(un: Fournisseur) -> bool:
    """Whether the provider is on another machine: then the environment's proxy and authorities count."""
    return not en_boucle_locale(un.issuer)


def _verifier_certificat(un: Fournisseur, prefixe: str) -> None:
    for nom, chemin in (("CERTIFICAT", un.reglages.certificat), ("CLE", un.reglages.cle)):
        if not chemin or not os.access(chemin, os.R_OK):
            raise FournisseurMalRegle(
                f"{prefixe}{nom} doit être un fichier PEM que rxror peut lire ; « {chemin} » ne l’est pas."
            )
    cle = un.reglages.cle
    if Path(cle).stat().st_mode & stat.S_IRWXO:
        raise FournisseurMalRegle(f"La clé {cle} est ouverte à tous les comptes de la machine : chmod 600 {cle}")
    try:
        tls(un)
    except (ssl.SSLError, OSError, ValueError):
        raise FournisseurMalRegle(
            f"{prefixe}CERTIFICAT et {prefixe}CLE ne vont pas ensemble, ou ne sont pas du PEM sans mot de passe."
        ) from None


@lru_cache(maxsize=2)
def _fournisseurs(url: str, regles: tuple[Oidc, ...], demonstration: bool) -> tuple[Fournisseur, ...]:
    adresse = f"{url}/auth/callback"
    if demonstration:
        regles = (
            Oidc(  # type: ignore[call-arg]
                issuer=f"{url}{CHEMIN_DEMONSTRATION}",
                nom="Démonstration",
                client_id=CLIENT_DEMONSTRATION,
                client_secret=SecretStr(SECRET_DEMONSTRATION),
                authentification="client_secret_basic",
                discovery="",
            ),
        )
    retours = ((PREMIER, adresse), (SECOND, f"{adresse}/{SECOND}"))
    return tuple(Fournisseur(cle, retour, un) for (cle, retour), un in zip(retours, regles, strict=False))
