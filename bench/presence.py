"""What the watch of the pages costs: 50 people with a form of the same object open, then 50 who read. SQLite.

`python -m bench.presence` prints the figures of the ADR on presence. Calls are those of `assets/veille.js`, on a clock
that is moved by hand; their times are real, on a database file with `synchronous=FULL`.
"""

import heapq
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlmodel import Session, SQLModel

from rxror import db
from rxror.ror.objets import EntiteGeographique, EntiteJuridique, OffreOperationnelle
from rxror.services import presence
from rxror.services.acces import Acteur
from rxror.tables import Habilitation, Role, Utilisateur

PERSONNES, SECONDES = 50, 120
OFFRE = "/offre/76/0000001"
DEBUT = datetime(2026, 11, 23, 9, tzinfo=UTC)


def _peupler(session: Session) -> list[Acteur]:
    juridique = EntiteJuridique(num_finess="810000001")
    session.add(juridique)
    session.flush()
    eg = EntiteGeographique(entite_juridique_id=juridique.id or 0, num_finess="810000331", categorie_eg="355")
    session.add(eg)
    session.flush()
    session.add(OffreOperationnelle(identifiant_offre="76/0000001", entite_geographique_id=eg.id or 0))
    gens = [Utilisateur(iss="bench", sub=str(n), prenom="Personne", nom=str(n)) for n in range(PERSONNES)]
    session.add_all(gens)
    session.flush()
    for qui in gens:
        session.add(Habilitation(utilisateur_id=qui.id or 0, code=eg.num_finess, role=Role.REFERENT))
    return [Acteur(qui.id or 0, qui.iss, qui.sub, qui.nom_complet) for qui in gens]


@contextmanager
def _base() -> Iterator[tuple[list[Acteur], dict[bool, object]]]:
    with tempfile.TemporaryDirectory() as dossier:
        usages = {True: db.Usage.ECRITURE, False: db.Usage.LECTURE}
        moteurs = {e: db.creer_engine(f"sqlite:///{Path(dossier) / 'bench.db'}", u) for e, u in usages.items()}
        SQLModel.metadata.create_all(moteurs[True])
        with Session(moteurs[True], expire_on_commit=False) as session, session.begin():
            gens = _peupler(session)
        yield gens, moteurs
        for moteur in moteurs.values():
            moteur.dispose()


def mesurer(chemin: str) -> str:
    """One row: calls and writes per second, and what one of each takes."""
    lues, ecrites = [], []
    with _base() as (gens, moteurs):
        file = [(random.uniform(0, 10), n) for n in range(PERSONNES)]
        heapq.heapify(file)
        while file[0][0] < SECONDES:
            quand, n = heapq.heappop(file)
            instant, debut = DEBUT + timedelta(seconds=quand), time.perf_counter()
            with Session(moteurs[False]) as session:
                ici = presence.situer(session, gens[n], f"onglet-{n}", chemin)
                autour = presence.regarder(session, ici, instant)
            lues.append(time.perf_counter() - debut)
            if autour.a_ecrire:
                debut = time.perf_counter()
                with Session(moteurs[True]) as session, session.begin():
                    presence.noter(session, ici, instant)
                ecrites.append(time.perf_counter() - debut)
            heapq.heappush(file, (quand + max(1, autour.dans * random.uniform(0.8, 1)), n))
    return f"{len(lues) / SECONDES:.1f} | {len(ecrites) / SECONDES:.1f} | {_ms(lues)} | {_ms(ecrites)}"


def _ms(durees: list[float]) -> str:
    if len(durees) < 2:
        return "none"
    return f"{1000 * statistics.median(durees):.1f} / {1000 * statistics.quantiles(durees, n=20)[-1]:.1f} ms"


if __name__ == "__main__":
    random.seed(11)
    for nom, chemin in (("a form open", f"{OFFRE}/modifier/contacts"), ("reading", OFFRE)):
        print(f"| {PERSONNES}, {nom} | {mesurer(chemin)} |")
