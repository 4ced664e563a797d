"""What the review queue is made of: the part that an address names, an object and why it comes when it does."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

from rxror.ror.fraicheur import BROUILLON, ETATS, Etat, Fraicheur
from rxror.ror.objets import LieuRealisationOffre, OffreOperationnelle
from rxror.ror.parcours import url_relecture
from rxror.services.acces import Cible
from rxror.services.etats import EN_RETARD

CLASSES: tuple[Any, ...] = (OffreOperationnelle, LieuRealisationOffre)


class Rang(IntEnum):
    """Why an object comes when it does, the most pressing first."""

    BLOQUE = 0
    ECART = 1
    RETARD = 2
    PARTAGE = 3
    SOURCE = 4
    BROUILLON = 5
    A_REVOIR = 6
    RESTE = 7


Risques = Mapping[str, Rang]  # of the objects that a rule or a requirement finds fault with, by key

# The states one may filter by: how each is called, and what it keeps.
ETATS_FILTRES = {
    "a_completer": "À compléter",
    "ecart": "Écart avec une exigence nationale",
    "en_retard": "En retard",
    "a_revoir": "À revoir",
    "brouillon": "Enregistré, à valider",
    "a_jour": "À jour",
}
MOTS = {
    Rang.BLOQUE: Etat("À compléter", "retard"),
    Rang.ECART: Etat("Écart national", "revoir"),
    Rang.SOURCE: Etat("FINESS a changé", "revoir"),
    Rang.BROUILLON: BROUILLON,
}
JAMAIS_VALIDE = Etat("Jamais validé", "retard")  # a lieu


class Choix(BaseModel):
    """What the address of the queue says: which part of it, and the card one is at.

    Attributes:
        structure: a pôle, a service or a UF, with what is below.
        objet: key of an object, "offre:76/0000003"; "" for the first of the queue.
    """

    model_config = ConfigDict(extra="forbid")

    etablissement: Annotated[str, StringConstraints(max_length=9)] = ""
    structure: Annotated[str, StringConstraints(max_length=60)] = ""
    genre: Literal["", "offre", "lieu"] = ""
    etat: Literal["", "a_completer", "ecart", "en_retard", "a_revoir", "brouillon", "a_jour"] = ""
    objet: Annotated[str, StringConstraints(max_length=81)] = ""

    @property
    def filtres(self) -> dict[str, str]:
        """The filters, by name."""
        return self.model_dump(exclude={"objet"})

    def adresse(self, objet: str = "") -> str:
        """The same part of the queue, at another card."""
        return url_relecture(**self.filtres, objet=objet)


@dataclass(frozen=True)
class Element:
    """One object of the queue.

    Attributes:
        eg: id of its établissement; `pression`: how many of its objects are late, there.
        sert: offers that a lieu serves; of an offer, those that its most shared lieu to review serves.
        marques: what differs once the object, or what is validated with it, changed.
        par: who has it on screen now.
    """

    cle: str
    nom: str
    eg: int
    finess: str
    validation: datetime | None
    fraicheur: Fraicheur
    brouillon: bool
    sert: int
    pression: int
    marques: tuple[Any, ...] = ()
    rang: Rang = Rang.RESTE
    reporte: datetime | None = None
    par: str = ""

    @property
    def cible(self) -> Cible:
        """The object."""
        genre, _, identifiant = self.cle.partition(":")
        return Cible(genre, identifiant)

    @property
    def etat(self) -> Etat:
        """What is said of it in the list."""
        if self.par:
            return Etat(f"Relue par {self.par}", "ferme")
        if self.reporte:
            return Etat("Plus tard", "ferme")
        if self.rang in MOTS:
            return MOTS[self.rang]
        jamais = self.fraicheur is Fraicheur.JAMAIS and self.cible.genre == LieuRealisationOffre.GENRE
        return JAMAIS_VALIDE if jamais else ETATS[self.fraicheur]

    def repond(self, etat: str) -> bool:
        """Whether a filter by state keeps it."""
        retard = self.fraicheur.value in EN_RETARD
        return {
            "": True,
            "a_completer": self.rang is Rang.BLOQUE,
            "ecart": self.rang is Rang.ECART,
            "en_retard": retard,
            "a_revoir": self.fraicheur is Fraicheur.A_REVOIR,
            "brouillon": self.brouillon,
            "a_jour": self.fraicheur is Fraicheur.A_JOUR,
        }[etat]
