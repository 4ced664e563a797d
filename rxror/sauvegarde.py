"""Keep a copy of the embedded database, and put one back. PostgreSQL has its own tools, which we name.

A copy is made while people work: SQLite's online backup reads one state of the base and nobody waits. It appears
under its name only once whole, checked and written to the disk.
"""

import fcntl
import hashlib
import os
import sqlite3
import tempfile
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, count
from pathlib import Path
from shlex import quote
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit
from zoneinfo import ZoneInfo

from rxror.ror.dates import date_heure
from rxror.ror.erreurs import ErreurRxror
from rxror.settings import SQLITE, settings

NOTRES = frozenset({"alembic_version", "brouillon", "offre_operationnelle", "trace", "utilisateur", "web_session"})


class SauvegardeRefusee(ErreurRxror):
    """Nothing was written; the message, in French, says why and what to do."""


@dataclass(frozen=True)
class Copie:
    """What a file of backup holds."""

    fichier: Path
    octets: int
    sha256: str
    schema: str
    dernier: str

    @property
    def phrase(self) -> str:
        """Its last act, in words."""
        return f"dernier geste le {self.dernier}" if self.dernier else "aucun geste"


def sauvegarder(fichier: Path, *, ecraser: bool) -> Copie:
    """Copy the database to a file, while it is used or not.

    Raises:
        SauvegardeRefusee: PostgreSQL, no database yet, or the file is there already.
    """
    base = _base(f"pg_dump --format=custom --file={quote(str(fichier))}")
    if not base.is_file():
        raise SauvegardeRefusee(f"Il n’y a pas encore de base à sauvegarder : {base} n’existe pas.")
    if fichier.exists() and fichier.samefile(base):
        raise SauvegardeRefusee(f"{fichier} est la base elle-même. Donnez un autre nom.")
    if fichier.exists() and not ecraser:
        raise SauvegardeRefusee(f"{fichier} existe déjà. Donnez un autre nom, ou ajoutez --ecraser.")
    with _a_cote(fichier) as neuf:
        _copier(base, neuf)
        lue = lire(neuf)
        neuf.replace(fichier)
        _ecrire_le_dossier(fichier.parent)
    return Copie(fichier, lue.octets, lue.sha256, lue.schema, lue.dernier)


def lire(fichier: Path) -> Copie:
    """Check a copy, all of it, and say what it holds.

    Raises:
        SauvegardeRefusee: it is not a whole database of rxror.
    """
    if not fichier.is_file():
        raise SauvegardeRefusee(f"{fichier} est introuvable.")
    try:
        with closing(sqlite3.connect(f"{fichier.resolve().as_uri()}?mode=ro", uri=True)) as copie:
            faute = copie.execute("PRAGMA integrity_check(1)").fetchone()[0]
            perdue = copie.execute("PRAGMA foreign_key_check").fetchone()
            tables = {nom for (nom,) in copie.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            if faute != "ok" or perdue:
                raise SauvegardeRefusee(f"{fichier} est abîmé : prenez une autre sauvegarde.")
            if not tables >= NOTRES:
                raise SauvegardeRefusee(f"{fichier} n’est pas une base de rxror.")
            (schema,) = copie.execute("SELECT version_num FROM alembic_version").fetchone()
            (dernier,) = copie.execute("SELECT max(instant) FROM trace").fetchone()
    except sqlite3.DatabaseError as erreur:
        raise SauvegardeRefusee(
            f"{fichier} n’est pas une base de données lisible : prenez une autre sauvegarde."
        ) from erreur
    with fichier.open("rb") as octets:
        somme = hashlib.file_digest(octets, "sha256").hexdigest()
    quand = date_heure(datetime.fromisoformat(dernier)) if dernier else ""
    return Copie(fichier, fichier.stat().st_size, somme, schema, quand)


def verifier(fichier: Path, connus: Collection[str]) -> Copie:
    """Check that a copy can be put back in service.

    Args:
        connus: versions of the schema that this code knows.

    Raises:
        SauvegardeRefusee: PostgreSQL, or a copy that this code cannot serve.
    """
    base = _base(f"pg_restore --clean --if-exists --no-owner --single-transaction {quote(str(fichier))}")
    if fichier.exists() and base.exists() and fichier.samefile(base):
        raise SauvegardeRefusee(f"{fichier} est la base elle-même : il n’y a rien à restaurer.")
    lue = lire(fichier)
    if lue.schema not in connus:
        raise SauvegardeRefusee(
            f"{fichier} vient d’une version plus récente de rxror. Mettez rxror à jour, puis relancez."
        )
    return lue


def restaurer(fichier: Path) -> Path | None:
    """Put a checked copy in the place of the database; every web session is over. Gives where the former one is kept.

    Raises:
        SauvegardeRefusee: the database is in use.
    """
    base = Path(settings().url_base.removeprefix(SQLITE))
    base.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _seul(base), _a_cote(base) as neuf:
        _copier(fichier, neuf)
        with closing(sqlite3.connect(neuf)) as copie, copie:
            copie.execute(
                "UPDATE web_session SET revoquee = strftime('%Y-%m-%d %H:%M:%f', 'now') || '000', id_token = '' "
                "WHERE revoquee IS NULL"
            )
        lire(neuf)
        _ecrire(neuf)
        ancienne = _mettre_de_cote(base) if base.exists() else None
        neuf.replace(base)
        _ecrire_le_dossier(base.parent)
    return ancienne


@contextmanager
def en_service() -> Iterator[None]:
    """While the service runs on an embedded database, nobody puts another one in its place.

    Raises:
        SauvegardeRefusee: somebody is doing so.
    """
    if not settings().url_base.startswith(SQLITE):
        yield
        return
    with _verrou(Path(settings().url_base.removeprefix(SQLITE)), fcntl.LOCK_SH) as pris:
        if not pris:
            raise SauvegardeRefusee("Une restauration est en cours sur cette base. Attendez qu’elle finisse.")
        yield


# ---------------------------------------------------------------------------- the files


def _base(commande: str) -> Path:
    """The file of the embedded database; on PostgreSQL, what to type instead, without its password."""
    url = settings().url_base
    if url.startswith(SQLITE):
        return Path(url.removeprefix(SQLITE))
    u = urlsplit(url)
    role = f"{u.username}@" if u.username else ""
    port = f":{u.port}" if u.port else ""
    reste = urlencode([(nom, valeur) for nom, valeur in parse_qsl(u.query) if nom != "password"], safe="/")
    ou = quote(f"--dbname={urlunsplit(('postgresql', f'{role}{u.hostname or str()}{port}', u.path, reste, ''))}")
    raise SauvegardeRefusee(
        "La base est sur PostgreSQL : servez-vous de ses propres outils, le service peut continuer pendant une "
        f"sauvegarde et doit être arrêté pendant une restauration. Tapez :\n  {commande} {ou}\n"
        "Le mot de passe est demandé, ou lu dans ~/.pgpass. Voir docs/exploitation.md."
    )


def _copier(source: Path, cible: Path) -> None:
    """One state of a database, whole, in one file."""
    with (
        closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as de,
        closing(sqlite3.connect(cible)) as vers,
    ):
        de.backup(vers)
        vers.execute("PRAGMA journal_mode=DELETE")  # nothing of it in a file beside
    _ecrire(cible)


@contextmanager
def _a_cote(fichier: Path) -> Iterator[Path]:
    """A file of the same folder, for its owner only, gone at the end unless it took the name."""
    numero, nom = tempfile.mkstemp(dir=fichier.parent, prefix=f".{fichier.name}.")
    os.close(numero)
    try:
        yield Path(nom)
    finally:
        for reste in (nom, f"{nom}-journal", f"{nom}-wal", f"{nom}-shm"):
            with suppress(FileNotFoundError):
                Path(reste).unlink()


@contextmanager
def _seul(base: Path) -> Iterator[None]:
    """Nobody else has the database open, and its journal is written into it."""
    with _verrou(base, fcntl.LOCK_EX) as pris:
        if not pris or (base.exists() and not _au_repos(base)):
            raise SauvegardeRefusee(f"{base} est en service. Arrêtez rxror, puis relancez.")
        yield


@contextmanager
def _verrou(base: Path, genre: int) -> Iterator[bool]:
    with base.with_name(f"{base.name}.verrou").open("a") as fichier:
        try:
            fcntl.flock(fichier, genre | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def _au_repos(base: Path) -> bool:
    """Leave the WAL mode: SQLite refuses as long as another process has the base open, even idle."""
    try:
        with closing(sqlite3.connect(base, timeout=0)) as connexion:
            return connexion.execute("PRAGMA journal_mode=DELETE").fetchone()[0] == "delete"
    except sqlite3.DatabaseError as erreur:
        return "locked" not in str(erreur)  # a broken base may well be put aside


def _mettre_de_cote(base: Path) -> Path:
    """Keep the former database beside, with the journal that a broken one may still have."""
    quand = datetime.now(ZoneInfo("Europe/Paris")).strftime("%Y-%m-%d-%Hh%M")
    noms = (base.with_name(f"{base.name}.avant-{quand}{suite}") for suite in chain([""], (f"-{n}" for n in count(2))))
    gardee = next(nom for nom in noms if not nom.exists())
    os.link(base, gardee)
    for journal in ("-wal", "-shm"):
        with suppress(FileNotFoundError):
            base.with_name(base.name + journal).rename(f"{gardee}{journal}")
    return gardee


def _ecrire(fichier: Path) -> None:
    with fichier.open("rb") as ouvert:
        os.fsync(ouvert.fileno())


def _ecrire_le_dossier(dossier: Path) -> None:
    numero = os.open(dossier, os.O_RDONLY)
    try:
        os.fsync(numero)
    finally:
        os.close(numero)
