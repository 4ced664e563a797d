"""Write what FINESS says of an object, and nothing more: only what differs, and who was created or changed."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from sqlmodel import Session, col, select

from rxror.echanges.finess.rapport import Bilan, Compte
from rxror.ror.objets import EntiteGeographique, EntiteJuridique

# Columns of ours, worked out from the others: they follow without being a change of the object.
DERIVES = frozenset({"recherche", "region_source", "source_finess"})

Objet = TypeVar("Objet", EntiteGeographique, EntiteJuridique)


class Ecriture:
    """The database side of one import. `version` never moves, an older extraction never replaces a later one."""

    def __init__(self, session: Session, bilan: Bilan) -> None:
        """Start an import, now."""
        self.session = session
        self.bilan = bilan
        self.instant = datetime.now(UTC)

    def charger(self, classe: type[Objet], numeros: Iterable[str]) -> dict[str, Objet]:
        """Objects of these numbers, {number: object}; a few hundred at a time."""
        requete = select(classe).where(col(classe.num_finess).in_(list(numeros)))
        return {objet.num_finess: objet for objet in self.session.exec(requete)}

    def ecrire(self, objet: EntiteGeographique | EntiteJuridique, valeurs: dict[str, Any], extraction: date) -> None:
        """Create the object or bring it up to date, from an extraction of that day."""
        compte = self._compte(objet)
        compte.vus.add(objet.num_finess)
        if plus_recent(objet, extraction):
            self.bilan.plus_recents.add(objet.num_finess)
            return
        self.modifier(objet, valeurs | {"source_finess": extraction})

    def modifier(self, objet: EntiteGeographique | EntiteJuridique, valeurs: dict[str, Any]) -> None:
        """Set what differs; count the object, and date it, if FINESS itself changed it."""
        differents = {champ: valeur for champ, valeur in valeurs.items() if getattr(objet, champ) != valeur}
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

    def _compte(self, objet: EntiteGeographique | EntiteJuridique) -> Compte:
        est_eg = isinstance(objet, EntiteGeographique)
        return self.bilan.etablissements if est_eg else self.bilan.entites_juridiques


def plus_recent(objet: EntiteGeographique | EntiteJuridique, extraction: date) -> bool:
    """Whether the database knows the object from a later extraction than this one."""
    return objet.source_finess is not None and objet.source_finess > extraction
