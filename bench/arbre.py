"""What the whole tree of an établissement of 300 offers costs to the server: statements, rows, bytes; time beside."""

import statistics
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from reflex_base.utils.format import json_dumps
from sqlalchemy import event
from sqlmodel import Session, col, select

from bench.recherche import p95
from rxror import db
from rxror.ror.dates import aujourd_hui
from rxror.ror.fraicheur import seuil
from rxror.ror.objets import EntiteGeographique, OffreOperationnelle
from rxror.services import ensemble
from rxror.services.acces import Acteur
from rxror.services.ensemble_vues import Noeud, Vue
from rxror.tables import Habilitation, Utilisateur

FINESS, OFFRES, FOIS = "810000505", 300, 40


def remplir(session: Session) -> None:
    """Copies of the offers of the demonstration until there are 300, validated all along the last fourteen months."""
    eg = session.exec(select(EntiteGeographique).where(EntiteGeographique.num_finess == FINESS)).one()
    ici = eg.id or 0
    offre = OffreOperationnelle
    siennes = session.exec(select(offre).where(offre.entite_geographique_id == eg.id).order_by(col(offre.id))).all()
    maintenant = seuil(aujourd_hui(), 0)
    for rang in range(OFFRES - len(siennes)):
        modele = siennes[rang % len(siennes)]
        session.add(
            offre(
                entite_geographique_id=ici,
                organisation_interne_id=modele.organisation_interne_id,
                identifiant_offre=f"76/8{rang:06d}",
                nom_offre=f"{modele.nom_offre} {rang}",
                date_validation=maintenant - timedelta(days=rang * 2),
            )
        )
    session.flush()


def lignes_de(noeuds: list[Noeud]) -> int:
    return sum(1 + n.lignes for n in noeuds)


def mesurer() -> list[tuple[str, ...]]:
    """Rows (what, rows, statements, bytes, median, p95, p95 of the processor) ; the database is left as it was."""
    with db.transaction() as session:
        remplir(session)
        droit = select(Utilisateur).join(Habilitation, col(Habilitation.utilisateur_id) == Utilisateur.id)
        qui = session.exec(droit.where(Habilitation.code == FINESS).order_by(col(Utilisateur.id))).first()
        if qui is None:
            raise RuntimeError("nobody has a right on the établissement of the demonstration")
        acteur = Acteur(qui.id or 0, qui.iss, qui.sub, qui.nom)

        def lire(**voulue: Any) -> list[Any]:
            vue = ensemble.lire(session, acteur, FINESS, Vue(**voulue))
            return [vue, *vue.branches.values()]

        tetes = [n.identifiant for n in lire()[0].noeuds]
        grande = max(tetes, key=lambda t: ensemble.branche(session, acteur, t).lignes)
        gestes: dict[str, Callable[[], list[Any]]] = {
            "The tree, folded": lire,
            "One branch, the largest": lambda: [ensemble.branche(session, acteur, grande)],
            "All unfolded, one page": lambda: lire(deplie="1"),
            "A filter, one page": lambda: lire(etat="a_jour"),
            "A search": lambda: lire(q="hospitalisation"),
        }
        resultat = [_mesure(session, quoi, geste) for quoi, geste in gestes.items()]
        session.rollback()
    return resultat


def _mesure(session: Session, quoi: str, geste: Callable[[], list[Any]]) -> tuple[str, ...]:
    envoyees: list[str] = []

    def noter(*arguments: Any) -> None:
        envoyees.append(arguments[2])

    moteur = session.get_bind()
    event.listen(moteur, "before_cursor_execute", noter)
    lus = geste()
    event.remove(moteur, "before_cursor_execute", noter)
    durees, processeur = [], []
    for _ in range(FOIS):
        debut, avant = time.perf_counter(), time.process_time()
        geste()
        durees.append((time.perf_counter() - debut) * 1000)
        processeur.append((time.process_time() - avant) * 1000)
    noeuds = [n for n in lus if isinstance(n, Noeud)] or lus[0].noeuds
    octets = len(json_dumps([asdict(lu) for lu in lus[:1]]))
    return (
        quoi,
        str(lignes_de(noeuds)),
        str(len(envoyees)),
        f"{octets / 1000:.1f} kB",
        f"{statistics.median(durees):.0f} ms",
        f"{p95(durees):.0f} ms",
        f"{p95(processeur):.0f} ms",
    )
