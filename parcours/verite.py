"""What the database holds at the end: each object confirmed or changed that day, each change published."""

import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from parcours.changements import Changement
from parcours.guide import FINESS, Offre
from parcours.personne import nu

FAITS = ("VALIDATION", "CONFIRMATION")
OFFRES = """
SELECT o.identifiant_offre, pole.identifiant_oi, uf.identifiant_oi, (
  SELECT group_concat(l.identifiant) FROM offre_lieu ol
  JOIN lieu_realisation_offre l ON l.id = ol.lieu_realisation_offre_id
  WHERE ol.offre_operationnelle_id = o.id
) FROM offre_operationnelle o
JOIN entite_geographique eg ON eg.id = o.entite_geographique_id AND eg.num_finess = ?
JOIN organisation_interne uf ON uf.id = o.organisation_interne_id
JOIN organisation_interne pole ON pole.id = uf.parent_id
ORDER BY pole.nom_oi, uf.nom_oi, o.nom_offre
"""
LIEUX = """
SELECT l.identifiant FROM lieu_realisation_offre l
JOIN entite_geographique eg ON eg.id = l.entite_geographique_id AND eg.num_finess = ? ORDER BY l.nom
"""
CONFIRMES = """
SELECT c.objet, c.faits FROM confirmation c JOIN trace t ON t.objet = c.objet AND t.version_apres = c.version
WHERE t.id > ? ORDER BY c.id
"""
TRACE = "SELECT objet, action, changements FROM trace WHERE id > ? ORDER BY id"


@dataclass(frozen=True)
class Hopital:
    """The demonstration's hospital: what is to be reviewed."""

    offres: list[Offre]
    lieux: list[str]

    @property
    def objets(self) -> list[str]:
        """Keys of all."""
        return [o.objet for o in self.offres] + [f"lieu:{identifiant}" for identifiant in self.lieux]


def hopital(base: Path) -> Hopital:
    """Its offers, in the order of the pages, and its lieux."""
    with closing(sqlite3.connect(base, timeout=10)) as lien:
        offres = [
            Offre(offre, pole, uf, tuple(sorted((lieux or "").split(","))))
            for offre, pole, uf, lieux in lien.execute(OFFRES, (FINESS,))
        ]
        return Hopital(offres, [identifiant for (identifiant,) in lien.execute(LIEUX, (FINESS,))])


def remettre(preparee: Path, base: Path) -> None:
    """Give the live database what it held when it was prepared."""
    with closing(sqlite3.connect(preparee)) as source, closing(sqlite3.connect(base, timeout=10)) as cible:
        source.backup(cible)


def copier(base: Path, vers: Path) -> None:
    """Keep what the database holds."""
    remettre(base, vers)


def derniere_trace(base: Path) -> int:
    """Number of the last line of the trace: what comes after it is the run's."""
    with closing(sqlite3.connect(base, timeout=10)) as lien:
        return int(lien.execute("SELECT coalesce(max(id), 0) FROM trace").fetchone()[0])


def manques(base: Path, depuis: int, objets: Iterable[str], changements: Iterable[Changement]) -> list[str]:
    """What was not done since that line of the trace, in words."""
    faits: dict[str, list[str]] = {}
    with closing(sqlite3.connect(base, timeout=10)) as lien:
        for objet, action, quoi in lien.execute(TRACE, (depuis,)):
            if str(action).upper() in FAITS:
                faits.setdefault(objet, []).append(json.dumps(json.loads(quoi or "[]"), ensure_ascii=False))
    manquent = [f"{objet}: neither confirmed nor validated" for objet in objets if objet not in faits]
    return manquent + [
        f"{c.objet}: {c.phrase}: not published"
        for c in changements
        if not any(c.preuve in texte for texte in faits.get(c.objet, []))
    ]


def jamais_montres(base: Path, depuis: int, lus: set[str]) -> list[str]:
    """Facts that the database says were shown and confirmed, and that nobody read on the screen."""
    with closing(sqlite3.connect(base, timeout=10)) as lien:
        confirmes = [(objet, json.loads(faits)) for objet, faits in lien.execute(CONFIRMES, (depuis,))]
    vu = "\n".join(lus)
    return [
        f"{objet}: « {texte} » ({fait['label']}): confirmed without having been read"
        for objet, faits in confirmes
        for fait in faits
        for texte in fait["texte"]
        if nu(texte) not in vu
    ]
