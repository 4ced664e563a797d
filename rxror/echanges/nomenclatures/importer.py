"""Put newer code lists in service. Objects are never touched: who holds a retired code is asked about it."""

from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import delete, insert
from sqlmodel import Session, col

from rxror.echanges.nomenclatures.comparer import Comparaison, comparer
from rxror.echanges.nomenclatures.lire import lire
from rxror.ror.nomenclatures import Concept, Nomenclature, VersionNomenclature
from rxror.services.emplois import Emploi, emplois


@dataclass
class Bilan:
    """What an import changes, or would change.

    Attributes:
        comparaisons: every list of the folder, in its order.
        emplois: {list: where the codes that leave are carried}.
    """

    comparaisons: list[Comparaison] = field(default_factory=list)
    emplois: dict[str, list[Emploi]] = field(default_factory=dict)

    @property
    def changees(self) -> list[Comparaison]:
        """The lists to put in service."""
        return [c for c in self.comparaisons if not c.identique and not c.plus_ancienne]

    @property
    def inchangees(self) -> list[Comparaison]:
        """Those that are in service already."""
        return [c for c in self.comparaisons if c.identique]

    @property
    def anciennes(self) -> list[Comparaison]:
        """Those older than what is in service: left aside."""
        return [c for c in self.comparaisons if c.plus_ancienne and not c.identique]


def importer(session: Session, dossier: Path, *, appliquer: bool = False) -> Bilan:
    """Compare a folder of lists with what is in service; put them in service when asked to.

    Raises:
        ImportRefuse: something is wrong in one of the files; nothing was written.
    """
    bilan = Bilan([comparer(session, liste) for liste in lire(dossier)])
    partis = {c.liste.jdv: c.concernes for c in bilan.changees}
    for emploi in emplois(session, partis):
        bilan.emplois.setdefault(emploi.porteur.champ.jdv, []).append(emploi)
    if appliquer:
        for comparaison in bilan.changees:
            mettre_en_service(session, comparaison)
    return bilan


def mettre_en_service(session: Session, comparaison: Comparaison) -> None:
    """Write one list and a line of its history; codes it no longer holds stay, out of force."""
    liste, maintenant = comparaison.liste, datetime.now(UTC)
    session.merge(
        Nomenclature(
            jdv=liste.jdv,
            identifiant=liste.identifiant,
            titre=liste.titre,
            version=liste.version,
            complete=liste.complete,
            charge=maintenant,
        )
    )
    session.flush()
    session.execute(delete(Concept).where(col(Concept.jdv) == liste.jdv))
    session.execute(insert(Concept), [c | {"jdv": liste.jdv} for c in comparaison.concepts.values()])
    session.add(
        VersionNomenclature(
            jdv=liste.jdv,
            version=liste.version,
            precedente=comparaison.en_service,
            charge=maintenant,
            changements=[asdict(c) for c in comparaison.changements],
        )
    )
    session.flush()
