"""Settings, read once from the environment and checked at start. Every name starts with RXROR_."""

from email.headerregistry import Address
from email.utils import parseaddr
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qs, urlsplit

from email_validator import EmailNotValidError, validate_email
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

RACINE = Path(__file__).resolve().parent.parent
DONNEES = Path(__file__).resolve().parent / "donnees"
SQLITE = "sqlite:///"
POSTGRESQL = ("postgresql", "postgres", "postgresql+psycopg")
PORTS_USUELS = {"http": 80, "https": 443}
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
CARACTERES_D_UN_HOTE = frozenset("abcdefghijklmnopqrstuvwxyz0123456789.-:")
SCHEMAS_VALKEY = {"valkey": "redis", "valkeys": "rediss", "redis": "redis", "rediss": "rediss", "unix": "unix"}


class Oidc(BaseSettings):
    """One OpenID Connect provider: `RXROR_OIDC_…` for the first, `RXROR_OIDC2_…` for a second one."""

    model_config = SettingsConfigDict(env_prefix="RXROR_OIDC_", frozen=True)

    issuer: str = Field("", description="OpenID Connect issuer")
    nom: str = Field(
        "Pro Santé Connect",
        min_length=1,
        max_length=60,
        description="Its name on the sign-in page; two are never alike",
    )
    discovery: str = Field("", description="Discovery document; empty means the issuer's standard path")
    client_id: str = Field("", description="Client identifier")
    authentification: Literal["client_secret_basic", "client_secret_post", "tls_client_auth"] = Field(
        "client_secret_basic",
        description="How rxror proves who it is: `client_secret_basic`, `client_secret_post` or `tls_client_auth`",
    )
    client_secret: SecretStr = Field(SecretStr(""), description="Client secret; unused with `tls_client_auth`")
    certificat: str = Field("", description="Client certificate and its chain, a PEM file, for `tls_client_auth`")
    cle: str = Field("", description="Its private key, a PEM file that others cannot read")
    scopes: str = Field("openid scope_all", description="Scopes asked for")
    acr: str = Field("eidas1", description="Authentication level required; empty accepts any")
    alg: Literal["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"] = Field(
        "RS256", description="The only accepted signature of identity tokens"
    )
    delai: float = Field(
        5, gt=0, le=30, description="Seconds that one call to the provider may take; twice that for all of a sign-in"
    )

    @field_validator("issuer", "discovery")
    @classmethod
    def _chiffre(cls, url: str) -> str:
        morceaux = urlsplit(url)
        if url and not (morceaux.hostname and (morceaux.scheme == "https" or en_boucle_locale(url))):
            raise ValueError("https://…")
        return url


class Settings(BaseSettings):
    """All settings, with their defaults; the README's table is checked against this class."""

    model_config = SettingsConfigDict(env_prefix="RXROR_", frozen=True)

    var: Path = Field(
        RACINE / "var", description="Folder of the embedded database and of the secrets made at first start"
    )
    database_url: str = Field(
        "", description="Database, `postgresql://…`; empty means SQLite in the var folder", repr=False
    )
    base_connexions: int = Field(
        10,
        ge=1,
        le=100,
        description="PostgreSQL connections that one process keeps, so many to read and so many to write",
    )
    host: str = Field("127.0.0.1", description="Address the server listens on")
    port: int = Field(3000, ge=1, le=65535, description="Port the server listens on")
    public_url: str = Field("", description="Address people type; empty means http://localhost:PORT")
    workers: int = Field(1, ge=1, le=64, description="Processes that serve; several need Valkey")
    valkey_url: SecretStr = Field(
        SecretStr(""), description="Valkey or Redis that holds the tabs' state; empty keeps it in the one process"
    )
    demo: bool = Field(False, description="Demonstration sign-in and data; loopback only")
    secret: SecretStr = Field(
        SecretStr(""), description="Key that signs the short sign-in cookie, 32 characters at least"
    )
    session_inactive_minutes: int = Field(30, ge=1, description="A session idle for that long is over")
    session_absolue_heures: int = Field(8, ge=1, description="A session lasts that long at most")
    evenements_par_seconde: int = Field(20, ge=1, description="Events per second and session before a polite refusal")
    connexions_par_minute: int = Field(
        600, ge=1, description="Sign-in requests per minute and address before a polite refusal"
    )
    relais_de_confiance: int = Field(
        0, ge=0, description="Reverse proxies in front of the server; 0 ignores X-Forwarded-For"
    )
    smtp_host: str = Field("", description="Mail server; empty means that no mail is sent")
    smtp_port: int = Field(587, ge=1, le=65535, description="Its port, 465 as a rule with `tls`")
    smtp_securite: Literal["starttls", "tls", "aucune"] = Field(
        "starttls", description="`starttls`, `tls`, or `aucune` for a mail server on this machine"
    )
    smtp_utilisateur: str = Field("", description="Account at the mail server; empty signs in nowhere")
    smtp_mot_de_passe: SecretStr = Field(SecretStr(""), description="Password of that account")
    courriel_expediteur: str = Field("", description="Who writes, `rxror@hopital.fr` or `rxror <rxror@hopital.fr>`")
    contact: str = Field(
        "",
        max_length=200,
        description="Who answers for personal data and security, an e-mail address or a few words, shown to people",
    )
    conservation_technique_mois: int = Field(
        12, ge=6, le=12, description="Months for which sign-ins, refusals and mails are kept"
    )
    conservation_offres_mois: int = Field(
        36, ge=12, le=60, description="Months for which the history of the offers and of the rights is kept"
    )
    conservation_attestations_mois: int = Field(
        60, ge=12, le=120, description="Months for which an attestation is kept and may be verified"
    )
    conservation_sessions_jours: int = Field(30, ge=1, le=365, description="Days for which an ended session is kept")
    conservation_brouillons_mois: int = Field(
        12, ge=3, le=36, description="Months without a change after which a brouillon is announced as abandoned"
    )
    conservation_preavis_jours: int = Field(
        30, ge=7, le=90, description="Days between that announcement and the deletion"
    )
    metriques_port: int = Field(
        0, ge=0, le=65535, description="Port of the Prometheus metrics, on 127.0.0.1 only; 0 gives none"
    )

    contact_assistance: str = Field("", description="Whom to write to when nobody can answer, as shown on screen")

    @property
    def url(self) -> str:
        """Public origin, without a final slash."""
        if not self.public_url:
            return f"http://localhost:{self.port}"
        lue = urlsplit(self.public_url)  # as browsers say it in `Origin`: lower case, no usual port
        port = f":{lue.port}" if lue.port not in (None, PORTS_USUELS.get(lue.scheme)) else ""
        hote = f"[{lue.hostname}]" if ":" in (lue.hostname or "") else lue.hostname
        return f"{lue.scheme}://{hote}{port}"

    @property
    def url_base(self) -> str:
        """SQLAlchemy URL of the database."""
        genre, _, reste = self.database_url.partition("://")
        if genre in POSTGRESQL:
            return f"postgresql+psycopg://{reste}"
        return self.database_url or f"{SQLITE}{self.var / 'rxror.db'}"

    @property
    def url_valkey(self) -> str:
        """URL of Valkey as its client wants it, password included; empty without."""
        donnee = self.valkey_url.get_secret_value()
        for nom, connu in SCHEMAS_VALKEY.items():
            if donnee.startswith(f"{nom}://"):
                return connu + donnee.removeprefix(nom)
        return ""

    @property
    def vie_des_onglets(self) -> int:
        """Seconds the state of a tab is kept after its last event.

        In Valkey each part expires by itself: none must do so before the web session does. In memory, an hour.
        """
        return (self.session_absolue_heures + 1) * 3600 if self.url_valkey else 3600

    @property
    def nom_de_la_base(self) -> str:
        """What a person calls the database: its file, or its name and where it is; never its password."""
        if self.url_base.startswith(SQLITE):
            return self.url_base.removeprefix(SQLITE)
        url = urlsplit(self.url_base)
        ou = url.hostname or parse_qs(url.query).get("host", ["cette machine"])[0]
        return f"{url.path.removeprefix('/') or 'par défaut'} (PostgreSQL, {ou})"

    @cached_property
    def oidc(self) -> tuple[Oidc, ...]:
        """The OpenID Connect providers: none, one, or two."""
        premier, second = _oidc("RXROR_OIDC_"), _oidc("RXROR_OIDC2_")
        if second.issuer and not premier.issuer:
            raise ValueError("RXROR_OIDC2_ISSUER est celui d’un second fournisseur : réglez d’abord RXROR_OIDC_ISSUER.")
        return tuple(un for un in (premier, second) if un.issuer)

    @property
    def en_https(self) -> bool:
        """Whether people reach the service by HTTPS, which makes cookies `Secure`."""
        return self.url.startswith("https://")

    @property
    def origines(self) -> list[str]:
        """Origins allowed to open the websocket or post a form."""
        origines = [self.url]
        if not self.public_url:
            origines.append(f"http://127.0.0.1:{self.port}")
        return origines

    @property
    def expediteur(self) -> Address:
        """Who writes the mails."""
        nom, adresse = parseaddr(self.courriel_expediteur)
        return Address(nom or "rxror", addr_spec=adresse)

    @field_validator("database_url")
    @classmethod
    def _base_connue(cls, url: str) -> str:
        genre, separe, _ = url.partition("://")
        if url and not (separe and genre in (*POSTGRESQL, "sqlite")):
            raise ValueError("postgresql://… or sqlite:///…")
        _ = urlsplit(url).port  # a number, or ValueError
        return url

    @field_validator("public_url")
    @classmethod
    def _adresse_entiere(cls, url: str) -> str:
        lue = urlsplit(url)
        _ = lue.port  # a number, or ValueError
        exacte = lue.scheme in PORTS_USUELS and lue.path in ("", "/") and not (lue.query or lue.fragment)
        nom = lue.hostname or ""
        if url and not (exacte and "@" not in lue.netloc and nom and set(nom) <= CARACTERES_D_UN_HOTE):
            raise ValueError("l’adresse entière et elle seule, sans chemin ni joker : https://ror.mon-hopital.fr")
        if lue.scheme == "http" and nom not in LOOPBACK:
            raise ValueError(
                "une adresse https:// hors de cette machine, sinon les sessions passent en clair sur le réseau"
            )
        return url

    @model_validator(mode="after")
    def _ouvert_en_https(self) -> "Settings":
        if not self.demo and self.host not in LOOPBACK and not self.en_https:
            raise ValueError(
                f"RXROR_HOST={self.host} ouvre le service à d’autres machines : donnez aussi l’adresse https du relais "
                "qui le publie, par exemple RXROR_PUBLIC_URL=https://ror.mon-hopital.fr, ou laissez RXROR_HOST vide."
            )
        return self

    @model_validator(mode="after")
    def _schema_de_valkey(self) -> "Settings":
        if self.valkey_url.get_secret_value() and not self.url_valkey:
            raise ValueError(
                f"RXROR_VALKEY_URL doit commencer par {', '.join(f'{nom}://' for nom in SCHEMAS_VALKEY)} ; "
                "par exemple redis://localhost:6379/0."
            )
        return self

    @model_validator(mode="after")
    def _demonstration_en_boucle_locale(self) -> "Settings":
        ici = self.host in LOOPBACK and en_boucle_locale(self.url) and not self.relais_de_confiance
        if self.demo and not ici:
            raise ValueError(
                "RXROR_DEMO n’est permis que sur cette machine, sans relais devant : "
                "RXROR_HOST et RXROR_PUBLIC_URL doivent désigner 127.0.0.1 ou localhost."
            )
        return self

    @model_validator(mode="after")
    def _courriels(self) -> "Settings":
        if not self.smtp_host:
            return self
        adresse = parseaddr(self.courriel_expediteur)[1]
        try:
            validate_email(adresse, check_deliverability=False, allow_smtputf8=False)
        except EmailNotValidError:
            adresse = ""
        if not (adresse and self.courriel_expediteur.isprintable()):
            raise ValueError("RXROR_COURRIEL_EXPEDITEUR doit être l’adresse qui envoie, par exemple rxror@hopital.fr.")
        if self.smtp_securite == "aucune" and self.smtp_host not in LOOPBACK:
            raise ValueError(
                "RXROR_SMTP_SECURITE=aucune n’est permis que pour un serveur de courriel sur cette machine ; "
                "sinon, starttls ou tls."
            )
        if bool(self.smtp_utilisateur) != bool(self.smtp_mot_de_passe.get_secret_value()):
            raise ValueError("RXROR_SMTP_UTILISATEUR et RXROR_SMTP_MOT_DE_PASSE vont ensemble : donnez les deux.")
        return self

    @model_validator(mode="after")
    def _fournisseurs_distincts(self) -> "Settings":
        for quoi, valeurs in (("ISSUER", [un.issuer for un in self.oidc]), ("NOM", [un.nom for un in self.oidc])):
            if len(set(valeurs)) < len(valeurs):
                raise ValueError(
                    f"RXROR_OIDC_{quoi} et RXROR_OIDC2_{quoi} doivent différer : ce sont deux fournisseurs."
                )
        return self


def _oidc(prefixe: str) -> Oidc:
    try:
        return Oidc(_env_prefix=prefixe)  # type: ignore[call-arg]
    except ValidationError as erreur:  # never with the values: one of them is a secret
        noms = " et ".join(f"{prefixe}{str(e['loc'][0]).upper()}" for e in erreur.errors())
        raise ValueError(f"Réglage {noms} : valeur refusée ; le tableau du README dit ce qu’il faut.") from None


def en_boucle_locale(url: str) -> bool:
    """Whether an address is this machine's own."""
    return urlsplit(url).hostname in LOOPBACK


@lru_cache
def settings() -> Settings:
    """The settings of this process."""
    return Settings()  # type: ignore[call-arg]  # every field has a default or comes from the environment
