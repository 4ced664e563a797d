"""What every step of a load needs: the session, the content, the day, and what has been written so far."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlmodel import Session

from rxror.demonstration.lire import Contenu, Ligne
from rxror.ror.objets import EntiteGeographique


@dataclass
class Chargement:
    """One load under way.

    Attributes:
        etablissements: {FINESS number: row} of those FINESS gave.
        touches: keys of the objects somebody has worked on; they are left as they are.
        versions: {key: the last version that a load wrote}, where one did.
        objets: {identifier: row} of every pôle, UF, lieu and offer of the content.
        ecrits: identifiers of those written by this load; only their parts are replaced.
    """

    session: Session
    contenu: Contenu
    jour: date
    etablissements: dict[str, EntiteGeographique]
    touches: set[str]
    versions: dict[str, int]
    objets: dict[str, Any] = field(default_factory=dict)
    ecrits: set[str] = field(default_factory=set)

    def a_ecrire(self, fichier: str, colonne: str) -> list[tuple[Ligne, Any]]:
        """Lines of one file with the object each belongs to, for the objects written by this load."""
        return [(x, self.objets[x[colonne]]) for x in self.contenu.lignes(fichier) if x[colonne] in self.ecrits]
