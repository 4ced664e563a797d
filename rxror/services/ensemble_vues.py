"""What the whole tree of an établissement shows, and what its address asks: plain values a page may hold."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Any, TypedDict

from pydantic import BaseModel, ConfigDict, StringConstraints

from rxror.ror.fraicheur import BROUILLON, EN_COURS, ETATS, Fraicheur
from rxror.ror.parcours import Maillon
from rxror.services.demande import Rang

MOTS_MAXIMUM = 80
OUVERTS_MAXIMUM = 40


class Filtre(StrEnum):
    """Offers one may keep: by their state, or by what is saved on them and not published."""

    TOUT = ""
    EN_RETARD = "en_retard"
    JAMAIS = "jamais"
    A_REVOIR = "a_revoir"
    A_JOUR = "a_jour"
    EN_COURS = "en_cours"
    ENREGISTRE = "enregistre"
    FERMEE = "fermee"


_MOTS = {
    "": "Tout",
    **{etat.value: dit.mot for etat, dit in ETATS.items()},
    "en_cours": EN_COURS.mot,
    "enregistre": BROUILLON.mot,
}
NOMS = {filtre: _MOTS[filtre.value] for filtre in Filtre}
PLURIELS = {Fraicheur.JAMAIS.value: "Jamais validées", Fraicheur.FERMEE.value: "Fermées"}


class Vue(BaseModel):
    """What one wants to see of the tree, as the address says it.

    Attributes:
        q: words to find.
        mois: « 2026-12 », for the offers to validate in that month.
        dans: a structure of the tree, or one of its other branches, by its identifier.
        ouverts: identifiers of the branches to open, parted by commas.
    """

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)

    q: Annotated[str, StringConstraints(max_length=MOTS_MAXIMUM, pattern=r"^[^\x00]*$")] = ""
    etat: Filtre = Filtre.TOUT
    mois: Annotated[str, StringConstraints(max_length=7, pattern=r"^(20[0-9]{2}-(0[1-9]|1[0-2]))?$")] = ""
    dans: Annotated[str, StringConstraints(max_length=80, pattern=r"^[^\x00]*$")] = ""
    deplie: Annotated[str, StringConstraints(max_length=1, pattern="^1?$")] = ""
    page: Rang = 0
    ouverts: Annotated[str, StringConstraints(max_length=2000, pattern=r"^[^\x00]*$")] = ""

    @property
    def liste(self) -> bool:
        """Whether offers are asked for, all or some: they come unfolded, by pages."""
        return bool(self.filtree or self.deplie)

    @property
    def filtree(self) -> bool:
        """Whether something is left aside."""
        return bool(self.q or self.etat or self.mois or self.dans)

    def avec(self, **change: Any) -> dict[str, str]:
        """The parameters of the address of this view with something else, from its first page."""
        voulu = {**self.model_dump(exclude={"page", "ouverts"}), **change}
        return {nom: str(v) for nom, v in voulu.items() if v}


class Feuille(TypedDict):
    """An offer in the tree; `ancre` is its identifier. `brouillon` is empty when nothing waits to be validated."""

    ancre: str
    nom: str
    url: str
    mot: str
    sorte: str
    precision: str
    brouillon: str
    lecture: bool


@dataclass(frozen=True)
class Noeud:
    """A structure in the tree, or another branch of it; empty until it is opened.

    Attributes:
        avancement: « 5 sur 12 à jour ».
        alerte: « 1 en retard », or nothing.
        suite: what is said when not all of its offers are here; `url_suite` shows them.
    """

    identifiant: str
    nom: str
    url: str = ""
    avancement: str = ""
    alerte: str = ""
    ouvert: bool = False
    enfants: list["Noeud"] = field(default_factory=list)
    offres: list[Feuille] = field(default_factory=list)
    suite: str = ""
    url_suite: str = ""

    @property
    def lignes(self) -> int:
        """How many rows it shows, without its own."""
        return len(self.offres) + sum(1 + enfant.lignes for enfant in self.enfants)


class Choix(TypedDict):
    """One filter, with what it would keep."""

    nom: str
    url: str
    choisi: bool


@dataclass(frozen=True)
class VueEnsemble:
    """The tree of an établissement.

    Attributes:
        rappel: filters that are no state: « Échéance : décembre 2026 ».
        partiel: said to whom only a part is given.
        branches: what is open, by the identifier of its node.
    """

    finess: str = ""
    nom: str = ""
    sanitaire: bool = True
    chemin: list[Maillon] = field(default_factory=list)
    url: str = ""
    avancement: str = ""
    a_jour: int = 0
    total: int = 0
    contenu: str = ""
    partiel: str = ""
    etats: list[Choix] = field(default_factory=list)
    rappel: list[Choix] = field(default_factory=list)
    resume: str = ""
    filtree: bool = False
    liste: bool = False
    noeuds: list[Noeud] = field(default_factory=list)
    branches: dict[str, Noeud] = field(default_factory=dict)
    page: int = 1
    pages: int = 1
    url_avant: str = ""
    url_apres: str = ""
    url_deplier: str = ""
    url_relecture: str = ""
    lieux: str = ""
