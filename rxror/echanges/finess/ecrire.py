"""Write what FINESS says of an object, and nothing more: only what differs, and who was created or changed."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from sqlmodel import Session, col, select

from rxror.echanges.finess.rapport import Bilan, Compte
from rxror.ror.dates import date_longue
from rxror.ror.objets import EntiteGeographique, EntiteJuridique
from rxror.ror.typographie import fr
from rxror.services.contenu import en_json
from rxror.services.tracer import ajouter, une_ligne_importee
from rxror.services.versions import sont_tenus
from rxror.tables import Trace

# Columns of ours, worked out from the others: they follow without being a change of the object.
DERIVES = frozenset({"recherche", "region_source", "source_finess"})

LOT = 500

Objet = TypeVar("Objet", EntiteGeographique, EntiteJuridique)


@dataclass
class Version:
    """What an import makes of one object: its fields that change, (old, new); none for an object it creates."""

    finess: str
    extraction: date | None
    avant: int | None = None
    valeurs: dict[str, tuple[Any, Any]] = field(default_factory=dict)

    def ligne(self, cle: str) -> Trace:
        """Its line of the trace; the author is the source."""
        source = fr(f"Import FINESS du {date_longue(self.extraction)}") if self.extraction else "Import FINESS"
        changements = [{"champ": c, "avant": a, "apres": b} for c, (a, b) in self.valeurs.items()]
        return une_ligne_importee(source, self.finess, cle, changements, self.avant)


class Ecriture:
    """The database side of one import; an older extraction never replaces a later one.

    What it changes makes a new version, once for each object and import, told in the trace under the name of the
    source. What it creates is told by a line without fields: its first version is what the next ones went from.
    """

    def __init__(self, session: Session, bilan: Bilan) -> None:
        """Start an import, now."""
        self.session = session
        self.bilan = bilan
        self.instant = datetime.now(UTC)
        self.versions: dict[str, Version] = {}

    def charger(self, classe: type[Objet], numeros: Iterable[str]) -> dict[str, Objet]:
        """Objects of these numbers, {number: object}; a few hundred at a time."""
        requete = select(classe).where(col(classe.num_finess).in_(list(numeros))).with_for_update()
        return {objet.num_finess: objet for objet in self.session.exec(requete)}

    def ecrire(self, objet: EntiteGeographique | EntiteJuridique, valeurs: dict[str, Any], extraction: date) -> bool:
        """Create the object or bring it up to date, from an extraction of that day; False when a later one is known."""
        compte = self._compte(objet)
        compte.vus.add(objet.num_finess)
        if plus_recent(objet, extraction):
            self.bilan.plus_recents.add(objet.num_finess)
            return False
        self.modifier(objet, valeurs | {"source_finess": extraction})
        return True

    def modifier(self, objet: EntiteGeographique | EntiteJuridique, valeurs: dict[str, Any]) -> None:
        """Set what differs; count the object, and date it, if FINESS itself changed it."""
        differents = {champ: valeur for champ, valeur in valeurs.items() if getattr(objet, champ) != valeur}
        if objet.id is not None:
            self._compter(objet, differents)
        for champ, valeur in differents.items():
            setattr(objet, champ, valeur)
        if objet.id is None:
            self.creer(objet)
        elif differents.keys() - DERIVES:
            objet.date_mise_jour = self.instant
            self._compte(objet).touches.add(objet.num_finess)

    def creer(self, objet: EntiteGeographique | EntiteJuridique) -> None:
        """Add a new object and count it."""
        objet.date_creation = objet.date_mise_jour = self.instant
        compte = self._compte(objet)
        compte.vus.add(objet.num_finess)
        compte.crees.add(objet.num_finess)
        self.session.add(objet)
        self.versions[_cle(objet)] = Version(objet.num_finess, objet.source_finess)

    def tracer(self) -> None:
        """One line for each version that this import made."""
        lot: list[Trace] = []
        for cle, version in self.versions.items():
            lot.append(version.ligne(cle))
            if len(lot) == LOT:
                ajouter(self.session, lot)
                lot = []
        ajouter(self.session, lot)

    def _compter(self, objet: EntiteGeographique | EntiteJuridique, differents: dict[str, Any]) -> None:
        """Note what changes of an object that was there, and give it its next version, the first time."""
        tenus = differents.keys() & set(sont_tenus(type(objet)))
        cle = _cle(objet)
        if not tenus or (cle in self.versions and self.versions[cle].avant is None):
            return
        if cle not in self.versions:
            extraction = differents.get("source_finess", objet.source_finess)
            self.versions[cle] = Version(objet.num_finess, extraction, objet.version)
            objet.version += 1
        for champ in tenus:
            valeurs = self.versions[cle].valeurs
            avant = valeurs[champ][0] if champ in valeurs else en_json(getattr(objet, champ))
            valeurs[champ] = (avant, en_json(differents[champ]))

    def _compte(self, objet: EntiteGeographique | EntiteJuridique) -> Compte:
        est_eg = isinstance(objet, EntiteGeographique)
        return self.bilan.etablissements if est_eg else self.bilan.entites_juridiques


def _cle(objet: EntiteGeographique | EntiteJuridique) -> str:
    return f"{objet.GENRE}:{objet.num_finess}"


def plus_recent(objet: EntiteGeographique | EntiteJuridique, extraction: date) -> bool:
    """Whether the database knows the object from a later extraction than this one."""
    return objet.source_finess is not None and objet.source_finess > extraction
