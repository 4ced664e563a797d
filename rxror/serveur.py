"""From a prepared database to a running service: front end built when something changed, then one server on one port.

The front end is built by Reflex in a process of its own and served by granian, which skips Reflex's own build:
a later start then takes seconds. `.web` belongs to one server at a time: it holds that server's address.
"""

import fcntl
import hashlib
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import typer
from sqlmodel import col, select

from rxror import __name__ as paquet
from rxror import db, demarrage, journaux, mesures, sauvegarde, valkey
from rxror.auth import fournisseurs, oidc, secret
from rxror.auth.fournisseurs import ISS_DEMONSTRATION, noms_des_fournisseurs
from rxror.ror.erreurs import ErreurRxror
from rxror.services import etendues
from rxror.services.droits import NOMS_DES_ROLES
from rxror.settings import RACINE, settings
from rxror.tables import Habilitation, Utilisateur
from rxror.tri import en_ordre

MARQUE = "rxror.empreinte"
VERROU = "rxror.verrou"
JOURNAL = "rxror-construction.log"
DEMARRAGE = 60  # seconds the server may take to answer
ARRET = 10  # seconds it may take to stop
AUTRES_REGLAGES = ("REFLEX_REDIS_URL", "REFLEX_STATE_MANAGER_MODE")  # ours say it: RXROR_VALKEY_URL


class DemarrageImpossible(ErreurRxror):
    """The service cannot start; the message, in French, says why and what to do."""


@dataclass(frozen=True)
class Personne:
    """Somebody one may sign in as, with what they may do and where."""

    nom: str
    role: str
    lieu: str


def regler(port: int | None, *, demo: bool | None) -> None:
    """Let the options of the command win over the environment, here and in the processes started from here."""
    if port is not None:
        os.environ["RXROR_PORT"] = str(port)
    if demo is not None:
        os.environ["RXROR_DEMO"] = "1" if demo else "0"
    settings.cache_clear()


def verifier() -> None:
    """Refuse to start when the port is taken, the web folder is in use, or the sign-in cannot be signed.

    Raises:
        DemarrageImpossible: the port cannot be had.
        DemarrageRefuse: the framework would be opened, or the base is anybody's to read.
        SecretAbsent: outside demonstration, without a key of one's own.
        FournisseurMalRegle: an OpenID provider that lacks something.
        ValkeyRefuse: several processes, and no Valkey that can serve them.
    """
    demarrage.verifier_l_environnement()
    demarrage.verifier_les_fichiers()
    secret.secret()
    fournisseurs.verifier()
    for phrase in oidc.verifier_decouvertes():
        typer.echo(phrase, err=True)
    valkey.verifier()
    hote, port = settings().host, settings().port
    famille = socket.AF_INET6 if ":" in hote else socket.AF_INET
    with socket.socket(famille, socket.SOCK_STREAM) as prise:
        prise.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            prise.bind((hote, port))
        except PermissionError:
            raise DemarrageImpossible(
                f"Le port {port} est réservé au système. Choisissez-en un au-dessus de 1024 : rxror servir --port 3000."
            ) from None
        except OSError:
            raise DemarrageImpossible(
                f"Le port {port} de {hote} est déjà pris par un autre programme. Arrêtez-le, ou choisissez un autre "
                f"port : rxror servir --port {port + 1 if port < 65535 else 3000}."
            ) from None


def servir() -> None:
    """Build the front end if it is due, then serve until SIGINT or SIGTERM.

    Raises:
        DemarrageImpossible: the front end cannot be built, or the server stopped by itself.
    """
    with suppress(KeyboardInterrupt), _signaux_d_arret(), sauvegarde.en_service(), _web_reserve(_web()) as web:
        if _marque(web) != _empreinte(web):
            typer.echo("Construction des pages : une minute environ la première fois, rien ensuite.")
            construire(web)
        with mesures.servies(), _enfant(_granian(), _environnement(prod=True)) as granian:
            _attendre(granian)
            annoncer()
            granian.wait()
            raise DemarrageImpossible("Le serveur s’est arrêté de lui-même ; le message au-dessus dit pourquoi.")


# ------------------------------------------------------------------------- the front end


def construire(web: Path) -> None:
    """Build the front end, from nothing the second time when what a former build left is in the way.

    Raises:
        DemarrageImpossible: it cannot be built.
    """
    reste = (web / "reflex.json").exists()
    (web / MARQUE).unlink(missing_ok=True)
    sources = _empreinte_des_sources()  # before: what is edited meanwhile will be built next time
    if not _reflex(web):
        if reste:
            _vider(web)
        if not reste or not _reflex(web):
            raise DemarrageImpossible(
                "Les pages n’ont pas pu être construites (le registre npm est-il joignable ?). "
                f"Le détail est dans {web / JOURNAL}."
            )
    (web / MARQUE).write_text(sources + _empreinte_du_construit(web), encoding="ascii")


def _reflex(web: Path) -> bool:
    commande = [sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip"]
    environnement = _environnement(prod=False)
    with (web / JOURNAL).open("w", encoding="utf-8") as sortie, _enfant(commande, environnement, sortie) as enfant:
        return enfant.wait() == 0 and (web / "build" / "client" / "404.html").exists()


def _empreinte(web: Path) -> str:
    """What the front end depends on, and what it looks like on disk: another one, or half of one, differs."""
    return _empreinte_des_sources() + _empreinte_du_construit(web)


def _empreinte_des_sources() -> str:
    ecrits = {n: v for n, v in settings().model_dump().items() if n.startswith(("contact", "conservation_"))}
    reglages = (
        ecrits,
        settings().url,
        settings().host,
        settings().port,
        settings().demo,
        noms_des_fournisseurs(),
        sys.version_info[:2],
    )
    somme = hashlib.sha256(repr(reglages).encode())
    for fichier in _sources():
        somme.update(str(fichier.relative_to(RACINE)).encode() + fichier.read_bytes())
    return somme.hexdigest()


def _empreinte_du_construit(web: Path) -> str:
    construit = web / "build" / "client"
    fichiers = sorted(f for f in construit.rglob("*") if f.is_file())
    listes = "".join(f"{f.relative_to(construit)} {f.stat().st_size}\n" for f in fichiers)
    return hashlib.sha256(listes.encode()).hexdigest()


def _sources() -> Iterable[Path]:
    dossiers = [*(RACINE / paquet).rglob("*.py"), *(f for f in (RACINE / "assets").rglob("*") if f.is_file())]
    seuls = [RACINE / n for n in ("rxconfig.py", "requirements.lock", "reflex.lock/package-lock.json")]
    return sorted([*dossiers, *(f for f in seuls if f.exists())])


def _marque(web: Path) -> str:
    with suppress(FileNotFoundError):
        return (web / MARQUE).read_text(encoding="ascii")
    return ""


def _web() -> Path:
    return RACINE / os.environ.get("REFLEX_WEB_WORKDIR", ".web")


@contextmanager
def _web_reserve(web: Path) -> Iterator[Path]:
    web.mkdir(parents=True, exist_ok=True)
    with (web / VERROU).open("w") as verrou:
        try:
            fcntl.flock(verrou, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DemarrageImpossible(
                f"{web} sert déjà à un rxror en marche. Arrêtez-le, ou donnez un autre dossier : REFLEX_WEB_WORKDIR=…"
            ) from None
        yield web


def _vider(web: Path) -> None:
    for chemin in web.iterdir():
        if chemin.name not in (VERROU, JOURNAL):
            shutil.rmtree(chemin) if chemin.is_dir() else chemin.unlink()


# -------------------------------------------------------------------------- the processes


def _environnement(*, prod: bool) -> dict[str, str]:
    """Environment of Reflex's processes: node and npm of the venv, nothing asked of the network but npm packages."""
    scripts = sysconfig.get_path("scripts")
    environnement = {nom: valeur for nom, valeur in os.environ.items() if nom not in AUTRES_REGLAGES} | {
        "PATH": os.pathsep.join([scripts, os.environ.get("PATH", "")]),
        "REFLEX_USE_NPM": "1",
        "REFLEX_TELEMETRY_ENABLED": "false",
        "REFLEX_CHECK_LATEST_VERSION": "false",
        "NPM_CONFIG_OMIT_LOCKFILE_REGISTRY_RESOLVED": "true",
        "PYTHONUNBUFFERED": "1",
    }
    if prod:
        return (
            environnement
            | mesures.environnement()
            | {
                "REFLEX_ENV_MODE": "prod",
                "__REFLEX_SKIP_COMPILE": "true",
                "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
            }
        )
    if "NPM_CONFIG_REGISTRY" not in environnement:
        # Otherwise Reflex measures the configured registry against a mirror of its own, and may keep the mirror.
        npm = subprocess.run(  # noqa: S603  (a fixed command of the venv)
            [str(Path(scripts) / "npm"), "config", "get", "registry"],
            env=environnement,
            capture_output=True,
            text=True,
            check=False,
        )
        if adresse := npm.stdout.strip():
            environnement["NPM_CONFIG_REGISTRY"] = adresse
    return environnement


def _granian() -> list[str]:
    processus = settings().workers
    return [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "asgi",
        "--factory",
        "--workers",
        str(processus),
        # one that dies is replaced; alone, its end is the service's, for whoever watches over it
        *(["--respawn-failed-workers"] if processus > 1 else []),
        "--host",
        settings().host,
        "--port",
        str(settings().port),
        "--log-level",
        "warning",
        "--log-config",
        str(journaux.REGLAGE),
        "--workers-kill-timeout",
        "5",
        "rxror.rxror:app",
    ]


@contextmanager
def _enfant(
    commande: list[str], environnement: dict[str, str], sortie: IO[str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """A process that never outlives the block; it has its own group, so that a Ctrl+C is told to it once."""
    enfant = subprocess.Popen(  # noqa: S603  (our own fixed commands)
        commande,
        cwd=RACINE,
        env=environnement,
        start_new_session=True,
        stdout=sortie,
        stderr=subprocess.STDOUT if sortie else None,
    )
    try:
        yield enfant
    finally:
        for signe in (signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError):
                os.killpg(enfant.pid, signe)
            with suppress(subprocess.TimeoutExpired):
                enfant.wait(ARRET)
                break


@contextmanager
def _signaux_d_arret() -> Iterator[None]:
    """Both signals interrupt, once: also for a server started in the background, where a shell has SIGINT ignored."""
    signes = (signal.SIGINT, signal.SIGTERM)

    def arreter(*_: object) -> None:
        for signe in signes:
            signal.signal(signe, signal.SIG_IGN)
        raise KeyboardInterrupt

    avant = {signe: signal.signal(signe, arreter) for signe in signes}
    try:
        yield
    finally:
        for signe, ancien in avant.items():
            signal.signal(signe, ancien)


def _attendre(granian: "subprocess.Popen[bytes]") -> None:
    fin = time.monotonic() + DEMARRAGE
    while time.monotonic() < fin:
        if granian.poll() is not None:
            raise DemarrageImpossible("Le serveur n’a pas démarré ; le message au-dessus dit pourquoi.")
        with suppress(OSError, http.client.HTTPException):
            lien = http.client.HTTPConnection(settings().host, settings().port, timeout=5)
            lien.request("GET", "/ping")
            if lien.getresponse().status == 200:
                return
        time.sleep(0.1)
    raise DemarrageImpossible(f"Le serveur n’a pas répondu en {DEMARRAGE} secondes. Relancez.")


# ------------------------------------------------------------------------- what is printed


def annoncer() -> None:
    """Print the address and, in demonstration, who can sign in."""
    typer.echo(f"\nrxror est prêt : {settings().url}\nPour l’arrêter : Ctrl+C.\n")
    _annoncer_les_processus()
    if settings().demo:
        personnes = personnes_de_demonstration()
        typer.echo("Démonstration : ces personnes sont inventées et n’ont pas de mot de passe. Peuvent entrer :")
        nom, role = (max((len(getattr(p, n)) for p in personnes), default=0) for n in ("nom", "role"))
        for p in personnes:
            typer.echo(f"  {p.nom:<{nom}}  {p.role:<{role}}  {p.lieu}")
    sys.stdout.flush()


def _annoncer_les_processus() -> None:
    processus = settings().workers
    if settings().url_valkey:
        combien = f"{processus} processus" if processus > 1 else "Un processus"
        typer.echo(f"{combien}, état des onglets dans Valkey ({valkey.adresse()}).")
    if processus > 1 and settings().url_base.startswith("sqlite"):
        typer.echo(
            "Plusieurs processus sur SQLite : un seul écrit à la fois. C’est bien pour un essai ; "
            "en production, donnez une base PostgreSQL (RXROR_DATABASE_URL)."
        )
    if settings().url_valkey:
        typer.echo("")


def personnes_de_demonstration() -> list[Personne]:
    """The fictitious people of the database, by name."""
    requete = (
        select(Utilisateur, Habilitation)
        .join(Habilitation, col(Habilitation.utilisateur_id) == Utilisateur.id, isouter=True)
        .where(Utilisateur.iss == ISS_DEMONSTRATION, col(Utilisateur.demonstration))
        .order_by(en_ordre(Utilisateur.nom), en_ordre(Utilisateur.prenom), col(Habilitation.id))
    )
    tenus: dict[str, list[Any]] = {}
    with db.lecture() as session:
        lignes: Any = session.exec(requete).all()  # an outer join: the right may be None
        noms = etendues.noms(session, ((droit.portee, droit.code) for _, droit in lignes if droit))
        for personne, droit in lignes:
            tenus.setdefault(personne.nom_complet, []).extend([droit] if droit else [])
    return [
        Personne(
            nom,
            NOMS_DES_ROLES[droits[0].role] if droits else "Aucun droit",
            _ou([noms[droit.portee, droit.code] for droit in droits]),
        )
        for nom, droits in tenus.items()
    ]


def _ou(lieux: list[str]) -> str:
    if not lieux:
        return "aucun établissement"
    return lieux[0] if len(lieux) == 1 else f"{lieux[0]} et {len(lieux) - 1} autres"
