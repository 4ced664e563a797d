"""The real application in a process of its own, without browser nor front end, and raw websockets to attack it."""

import asyncio
import hashlib
import json
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import pytest
import socketio
from sqlalchemy import Engine, text
from sqlmodel import Session, SQLModel, select

from rxror import db, journaux
from rxror.auth import sessions
from rxror.ror.objets import (
    EntiteGeographique,
    EntiteJuridique,
    LieuRealisationOffre,
    OffreOperationnelle,
    OrganisationInterne,
)
from rxror.tables import Habilitation, LienConfie, Proposition, Role, Utilisateur, WebSession
from tests.securite import gestes, monde
from tests.securite.gestes import Cellule

PASSAGERES = ("trace", "relecture_ouverte")  # the second: who has which card on screen, forgotten in minutes
RACINE = Path(__file__).resolve().parents[2]
REGISTRE = """
import json, sys
import rxror.rxror as application
from rxror.ui import garde
from reflex_base.registry import RegistrationContext
from reflex_base.utils.format import format_event_handler

def routes(liste, avant=""):
    for route in liste:
        yield [avant + route.path, sorted(getattr(route, "methods", None) or [])]
        yield from routes(getattr(route, "routes", None) or [], avant + route.path)

app = application.app
registre = RegistrationContext.get()
json.dump({
    "handlers": {
        nom: [p for p in entree.handler.get_parameters() if p != "self"]
        for nom, entree in registre.event_handlers.items()
    },
    "internes": sorted(garde.INTERNES | garde.INCIDENTS),
    "arriere_plan": [nom for nom, entree in registre.event_handlers.items() if entree.handler.is_background],
    "vars": {nom: sorted({*etat.vars, *etat.__fields__}) for nom, etat in registre.base_states.items()},
    "pages": list(app._unevaluated_pages),
    "chargements": {
        route: [format_event_handler(getattr(e, "handler", e)) for e in suite]
        for route, suite in app._load_events.items()
    },
    "routes": [*routes(app._api.routes), *routes(app.api_transformer[0].routes)],
}, sys.stdout)
"""


DEMARRAGE = 120  # seconds the application may take to answer, on a machine that does other work
BARRIERE = "reflex___state____state.rxror___ui___incidents____incident_state.afficher"


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "serveur: starts the real application in a process of its own")


@dataclass
class Personne:
    """Somebody of the tests: a session, an établissement, a mark on everything that is theirs."""

    nom: str
    finess: str
    marque: str
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(32))

    @property
    def empreinte(self) -> str:
        return sessions.empreinte(self.secret)

    @property
    def lien(self) -> str:
        """Secret of a link that was answered; read from its end, that of one that waits."""
        return f"{self.marque}{self.finess}".ljust(43, "a")

    @property
    def cookie(self) -> str:
        return f"rxror={self.secret}"

    @property
    def offre(self) -> str:
        return f"76/{self.finess}"

    @property
    def chemins(self) -> list[str]:
        """Addresses of what is theirs; the routes are those of the application, filled."""
        return [
            "/",
            "/etablissements",
            f"/etablissement/{self.finess}",
            f"/etablissement/{self.finess}/arbre",
            f"/structure/uf-{self.finess}",
            f"/structure/uf-{self.finess}/confirmer",
            f"/structure/uf-{self.finess}/valider-plusieurs",
            f"/offre/{self.offre}",
            f"/offre/{self.offre}/modifier/informations_generales",
            f"/offre/{self.offre}/valider",
            f"/offre/{self.offre}/validee",
            f"/lieu/lieu-{self.finess}",
            f"/lieu/lieu-{self.finess}/separer",
            f"/lieu/lieu-{self.finess}/modifier/capacitaire",
            f"/creer/offre/structure/uf-{self.finess}",
            f"/creer/lieu/{self.offre}",
            f"/creer/lieu/etablissement/{self.finess}",
            f"/creer/structure/structure/uf-{self.finess}",
            f"/offre/{self.offre}/dupliquer",
            f"/offre/{self.offre}/appliquer/commentaire",
            *(f"/offre/{self.offre}/{fin}" for fin in ("historique", "comparer", "reprendre", "annuler/contacts")),
            f"/offre/{self.offre}/conflit/informations_generales",
            f"/lieu/lieu-{self.finess}/historique",
            *(f"/etablissement/{self.finess}/personnes{fin}" for fin in ("", "/1", "/2")),
            "/sans-referent",
            f"/etablissement/{self.finess}/journal",
            *(f"/etablissement/{self.finess}/capacites{fin}" for fin in ("", "/enregistrees")),
            f"/etablissement/{self.finess}/attestation",
            f"/structure/uf-{self.finess}/attestation",
            f"/structure/uf-{self.finess}/confier/contacts",
            f"/proposition/{self.finess}",
            f"/etablissement/{self.finess}/invitations",
            "/mes-donnees",
        ]


@dataclass
class Serveur:
    """The running application."""

    base: str
    engine: Engine
    registre: dict[str, Any]
    claire: Personne
    paul: Personne
    fichier_journal: Path
    mesures: Path
    secrets: list[str] = field(default_factory=list)

    @property
    def journal(self) -> str:
        """What the server wrote so far."""
        return self.fichier_journal.read_text(encoding="utf-8", errors="replace")

    @property
    def internes(self) -> list[str]:
        """Handlers that pass without a session: Reflex's own, and the messages about breakdowns."""
        return list(self.registre["internes"])

    def nom(self, fin: str) -> str:
        """Full name of a handler, by its end."""
        (nom,) = [n for n in self.registre["handlers"] if n.endswith(fin)]
        return nom

    @property
    def hydrate_et_charge(self) -> str:
        return self.nom("state.hydrate_and_load")

    @asynccontextmanager
    async def prise(
        self, cookie: str = "", origine: str | None = "", jeton: str | None = None, **entetes: str
    ) -> AsyncIterator["Prise"]:
        """A raw websocket; `origine` None sends none, empty sends the right one."""
        if origine is not None:
            entetes["Origin"] = origine or self.base
        if cookie:
            entetes["Cookie"] = cookie
        prise = Prise(jeton or str(uuid4()))
        try:
            await prise.ouvrir(self.base, entetes)
            yield prise
        finally:
            await prise.fermer()

    def photo(self) -> dict[str, list[Any]]:
        """Every row of every table but those that pass; when a session was last seen does not count."""
        photo: dict[str, list[Any]] = {}
        with self.engine.connect() as connexion:
            for table in SQLModel.metadata.sorted_tables:
                if table.name in PASSAGERES:
                    continue
                lignes = connexion.execute(text(f"SELECT * FROM {table.name} ORDER BY 1, 2"))
                photo[table.name] = [{n: v for n, v in ligne._mapping.items() if n != "vue"} for ligne in lignes]
        return photo

    def empreinte(self) -> str:
        """The same in a word, for who only asks whether anything changed; faster."""
        somme = hashlib.sha256()
        with self.engine.connect() as connexion:
            for table in SQLModel.metadata.sorted_tables:
                if table.name not in PASSAGERES:
                    colonnes = ", ".join(f'"{c.name}"' for c in table.columns if c.name != "vue")
                    lignes = connexion.exec_driver_sql(f"SELECT {colonnes} FROM {table.name} ORDER BY 1, 2").fetchall()
                    somme.update(repr([table.name, *map(tuple, lignes)]).encode())
        return somme.hexdigest()

    def traces(self) -> list[str]:
        with self.engine.connect() as connexion:
            return [ligne[0].lower() for ligne in connexion.execute(text("SELECT action FROM trace ORDER BY id"))]

    def ecrire(self, sql: str, **valeurs: Any) -> None:
        with self.engine.begin() as connexion:
            connexion.execute(text(sql), valeurs)


class Prise:
    """One raw websocket: what it sends is what a hostile client could send."""

    def __init__(self, jeton: str) -> None:
        self.jeton = jeton
        self.recu: list[Any] = []
        self.nouveaux_jetons: list[Any] = []
        self.sio = socketio.AsyncClient(reconnection=False)
        self.sio.on("event", self.recu.append, namespace="/_event")
        self.sio.on("new_token", self.nouveaux_jetons.append, namespace="/_event")

    async def ouvrir(self, base: str, entetes: dict[str, str]) -> None:
        await self.sio.connect(
            f"{base}/?token={self.jeton}",
            headers=entetes,
            transports=["websocket"],
            namespaces=["/_event"],
            socketio_path="/_event",
            wait_timeout=20,
        )

    async def fermer(self) -> None:
        await self.sio.disconnect()
        if self.sio.eio.http is not None:  # left open when the connection was refused
            await self.sio.eio.http.close()

    async def envoyer(self, nom: str, valeurs: dict[str, Any] | None = None, chemin: str = "/", **routeur: Any) -> None:
        evenement = {
            "name": nom,
            "payload": valeurs or {},
            "router_data": {"pathname": chemin, "asPath": chemin, "query": {}} | routeur,
        }
        await self.sio.emit("event", evenement, namespace="/_event")

    async def calme(self, profondeur: int = 5, au_plus: float = 20) -> str:
        """Wait until everything sent was handled; gives all that came, as text.

        Events of one tab are handled one after the other: the answer to a last one, with a mark of its own, says that
        the others are over. Again for the events they queued themselves (hydrate, load, handlers, end of load).
        """
        for _ in range(profondeur):
            repere = "".join(secrets.choice("23456789") for _ in range(18))
            lus = len(self.recu)
            await self.envoyer(BARRIERE, {"cle": "debit", "repere": repere})
            async with asyncio.timeout(au_plus):
                while not any(repere in str(paquet) for paquet in self.recu[lus:]):
                    lus = len(self.recu)
                    await asyncio.sleep(0.002)
        return self.texte

    @property
    def texte(self) -> str:
        return json.dumps(self.recu, ensure_ascii=False, default=str)


@pytest.fixture
def jouer() -> Callable[[Any], Any]:
    """Run one asynchronous scene."""
    return asyncio.run


@pytest.fixture(scope="session")
def serveur(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serveur]:
    """The application, with two people who have nothing in common."""
    sans_limite = {"RXROR_EVENEMENTS_PAR_SECONDE": "100000", "RXROR_CONNEXIONS_PAR_MINUTE": "1000"}
    with _demarrer(tmp_path_factory.mktemp("securite"), **sans_limite) as serveur:
        yield serveur


class _demarrer:  # noqa: N801  (used as a function)
    def __init__(self, dossier: Path, **reglages: str) -> None:
        self.var = dossier / "var"
        self.var.mkdir(mode=0o700)
        (self.var / "mesures").mkdir()
        self.port = _port_libre()
        self.environnement = {n: v for n, v in os.environ.items() if not n.startswith(("RXROR_", "REFLEX_"))} | {
            "RXROR_VAR": str(self.var),
            "RXROR_PORT": str(self.port),
            "RXROR_SECRET": secrets.token_urlsafe(48),
            "RXROR_OIDC_ISSUER": "https://idp.exemple.fr",
            "RXROR_OIDC_CLIENT_ID": "rxror",
            "RXROR_OIDC_CLIENT_SECRET": secrets.token_urlsafe(32),
            "REFLEX_ENV_MODE": "prod",
            "REFLEX_TELEMETRY_ENABLED": "false",
            "REFLEX_CHECK_LATEST_VERSION": "false",
            "REFLEX_WEB_WORKDIR": str(dossier / "web"),
            "__REFLEX_SKIP_COMPILE": "true",
            "GRANIAN_LOG_LEVEL": "warning",
            "PYTHONPATH": str(RACINE),
            "PROMETHEUS_MULTIPROC_DIR": str(self.var / "mesures"),
            **reglages,
        }

    def __enter__(self) -> Serveur:
        engine = db.creer_engine(f"sqlite:///{self.var / 'rxror.db'}", db.Usage.ECRITURE)
        SQLModel.metadata.create_all(engine)
        claire = Personne("Claire", "810000331", "MARQUE-DE-CLAIRE")
        paul = Personne("Paul", "810000505", "MARQUE-DE-PAUL")
        with Session(engine) as session, session.begin():
            _peupler(session, claire)
            _peupler(session, paul)
        lecture = self._python(["-c", REGISTRE], stdout=subprocess.PIPE)
        registre = json.loads(lecture.communicate(timeout=60)[0])
        self.journal = (self.var.parent / "serveur.log").open("wb")
        processus = self.environnement.get("RXROR_WORKERS", "1")
        granian = f"-m granian --interface asgi --factory --workers {processus} --respawn-failed-workers"
        self.processus = self._python(
            f"{granian} --host 127.0.0.1 --port {self.port} --log-config {journaux.REGLAGE} rxror.rxror:app".split(),
            stdout=self.journal,
            stderr=subprocess.STDOUT,
        )
        journal = self.var.parent / "serveur.log"
        self.serveur = Serveur(
            f"http://127.0.0.1:{self.port}", engine, registre, claire, paul, journal, self.var / "mesures"
        )
        self.serveur.secrets = [valeur for nom, valeur in self.environnement.items() if nom.endswith("SECRET")]
        try:
            self._attendre()
        except RuntimeError:
            self.__exit__()
            raise
        return self.serveur

    def __exit__(self, *_: object) -> None:
        self.processus.terminate()
        try:
            self.processus.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.processus.kill()
            self.processus.wait()
        self.journal.close()
        self.serveur.engine.dispose()

    def _python(self, arguments: list[str], **options: Any) -> "subprocess.Popen[Any]":
        return subprocess.Popen([sys.executable, *arguments], cwd=RACINE, env=self.environnement, **options)

    def _attendre(self) -> None:
        fin = time.monotonic() + DEMARRAGE
        while time.monotonic() < fin and self.processus.poll() is None:
            try:
                httpx2.get(f"{self.serveur.base}/ping", trust_env=False)
            except httpx2.HTTPError:
                time.sleep(0.1)
            else:
                return
        raise RuntimeError(f"the application did not start:\n{self.serveur.journal[-4000:]}")


def _port_libre() -> int:
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        return int(prise.getsockname()[1])


def _peupler(session: Session, qui: Personne) -> None:
    """One person, référent of one établissement with a UF, an offer and a place, all marked."""
    juridique = EntiteJuridique(num_finess=f"9{qui.finess[1:]}")
    session.add(juridique)
    session.flush()
    etablissement = EntiteGeographique(entite_juridique_id=juridique.id or 0, num_finess=qui.finess, categorie_eg="355")
    session.add(etablissement)
    session.flush()
    lieu_de = {"entite_geographique_id": etablissement.id or 0}
    structure = OrganisationInterne(identifiant_oi=f"uf-{qui.finess}", **lieu_de)
    session.add(structure)
    session.flush()
    offre = OffreOperationnelle(identifiant_offre=qui.offre, **lieu_de)
    if hasattr(offre, "organisation_interne_id"):
        offre.organisation_interne_id = structure.id
    lieu = LieuRealisationOffre(identifiant=f"lieu-{qui.finess}", **lieu_de)
    session.add_all([offre, lieu])
    for objet in (juridique, etablissement, structure, offre, lieu):
        for nom, valeur in list(objet):
            if valeur == "" and ("nom" in nom.split("_") or nom.startswith(("denomination", "raison"))):
                setattr(objet, nom, qui.marque)
    personne = Utilisateur(iss="https://idp.exemple.fr", sub=qui.nom, prenom=qui.nom, nom=qui.marque)
    session.add(personne)
    session.flush()
    session.add(Habilitation(utilisateur_id=personne.id or 0, code=etablissement.num_finess, role=Role.REFERENT))
    _confier(session, qui, personne)
    ouvrir_session(session, qui)


def _confier(session: Session, qui: Personne, personne: Utilisateur) -> None:
    """A piece that they gave, and what came back: its number is that of the établissement."""
    numero, maintenant = int(qui.finess), datetime.now(UTC)
    ou = {"objet": f"structure:uf-{qui.finess}", "section": "commentaire"}
    lien = LienConfie(
        id=numero,
        empreinte=sessions.empreinte(qui.lien),
        champs=["commentaire"],
        destinataire=qui.marque,
        utilisateur_id=personne.id or 0,
        cree=maintenant,
        expire=maintenant + timedelta(days=14),
        repondu=maintenant,
        **ou,
    )
    session.add(lien)
    session.flush()
    avant, apres = ({"valeurs": {"commentaire": t}, "illisibles": {}} for t in ("", qui.marque))
    session.add(Proposition(id=numero, lien_id=numero, vues=avant, valeurs=apres, recue=maintenant, **ou))
    ouvert = {n: v for n, v in lien.model_dump().items() if n not in ("id", "repondu", "empreinte")}
    session.add(LienConfie(empreinte=sessions.empreinte(qui.lien[::-1]), **ouvert))


def ouvrir_session(session: Session, qui: Personne) -> None:
    """Give the person a new web session, as after a sign-in."""
    qui.secret = secrets.token_urlsafe(32)
    personne = session.exec(select(Utilisateur).where(Utilisateur.sub == qui.nom)).one()
    maintenant = datetime.now(UTC)
    session.add(WebSession(empreinte=qui.empreinte, utilisateur_id=personne.id or 0, debut=maintenant, vue=maintenant))


@pytest.fixture
def claire(serveur: Serveur) -> Personne:
    """The victim, with a session just opened."""
    with Session(serveur.engine) as session, session.begin():
        ouvrir_session(session, serveur.claire)
    return serveur.claire


@pytest.fixture
def paul(serveur: Serveur) -> Personne:
    """Somebody else, who signed in and has no right on what is Claire's."""
    with Session(serveur.engine) as session, session.begin():
        ouvrir_session(session, serveur.paul)
    return serveur.paul


@pytest.fixture(scope="session")
def region(serveur: Serveur) -> list[Cellule]:
    """Everything to try, each on objects of its own, and the people who try."""
    cellules = gestes.cellules(serveur.registre)
    with Session(serveur.engine) as session, session.begin():
        monde.peupler(session, cellules)
    return cellules
