"""What a section should hold, in a few lines: the model that random histories are compared with."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

Valeurs = dict[str, str]
SAUVE, VIDE = "save", "abandon"


@dataclass
class Feuille:
    """One open form: what it shows, what it was shown with, the keys that had no answer."""

    qui: str
    saisie: Valeurs
    vu: Valeurs
    base: dict[str, dict[str, str]]
    sans_reponse: list[UUID] = field(default_factory=list)
    formulaire: str = field(default_factory=lambda: str(uuid4()))


@dataclass(frozen=True)
class Pas:
    """One line of the trace of the section: what it changed; a save is what one may undo."""

    qui: str
    sorte: str
    avant: Valeurs
    apres: Valeurs


@dataclass
class Modele:
    """What is published and what is kept over it, its version, the lines of trace there must be.

    Attributes:
        versions: {number: what it published} since the history began.
        pas: the lines of the section since the last version, oldest first.
        fermee: the code of the closing of the offer; empty when it is open.
    """

    publie: Valeurs
    garde: Valeurs
    version: int
    lignes: int = 0
    version_offre: int = 1
    fermee: str = ""
    versions: dict[int, Valeurs] = field(default_factory=dict)
    pas: list[Pas] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.versions[self.version] = dict(self.publie)

    def enregistrer(self, feuille: Feuille, saisie: Valeurs) -> set[str]:
        """Keep what this form changed and nobody else did; what both changed is given back, and nothing replaced."""
        avant, vu = dict(self.garde), feuille.vu
        disputes = {c for c, v in saisie.items() if v not in (avant[c], vu[c]) and avant[c] != vu[c]}
        self.garde |= {c: v for c, v in saisie.items() if v != vu[c] and c not in disputes}
        if disputes or avant != self.garde:
            self._noter(feuille.qui, SAUVE, avant)
        return disputes

    def a_vu(self, feuille: Feuille) -> None:
        """The form has kept its answers; of those it left to others it still shows the former ones."""
        feuille.vu |= {c: v for c, v in feuille.saisie.items() if v == self.garde[c]}

    def valider(self) -> None:
        self.publie, self.version, self.lignes = dict(self.garde), self.version + 1, self.lignes + 1
        self.versions[self.version], self.pas = dict(self.publie), []

    def abandonner(self, qui: str) -> None:
        if self.garde != self.publie:
            self._remplacer(qui, VIDE, self.publie)

    def reprendre(self, qui: str, numero: int) -> None:
        self._remplacer(qui, "restore", self.versions[numero])

    def fermer(self, sorte: str) -> None:
        """Close the offer, or reopen it: the section is left as it is."""
        self.fermee, self.version_offre = sorte, self.version_offre + 1

    def derniers(self, qui: str) -> list[int]:
        """Which lines one may undo, newest first: one's last saves in a row, unless somebody emptied the section."""
        siens = [n for n in reversed(range(len(self.pas))) if self.pas[n].qui == qui]
        fin = next((i for i, n in enumerate(siens) if self.pas[n].sorte != SAUVE), len(siens))
        vide = siens and any(p.sorte == VIDE for p in self.pas[siens[0] :])
        return [] if vide else siens[:fin]

    def sans_ses_derniers(self, qui: str) -> Valeurs:
        """The section without them: what somebody changed over them stays."""
        garde = dict(self.garde)
        for pas in (self.pas[n] for n in self.derniers(qui)):
            garde |= {c: v for c, v in pas.avant.items() if garde[c] == pas.apres[c]}
        return garde

    def annuler(self, qui: str) -> None:
        self._remplacer(qui, "undo", self.sans_ses_derniers(qui))

    def _remplacer(self, qui: str, sorte: str, valeurs: Valeurs) -> None:
        avant, self.garde = self.garde, dict(valeurs)
        self._noter(qui, sorte, avant)

    def _noter(self, qui: str, sorte: str, avant: Valeurs) -> None:
        changes = [c for c in avant if avant[c] != self.garde[c]]
        self.pas.append(Pas(qui, sorte, {c: avant[c] for c in changes}, {c: self.garde[c] for c in changes}))
        self.lignes += 1

    @property
    def marque(self) -> tuple[int, str]:
        """What a page « Valider », or « Reprendre », has shown."""
        return self.version, str(sorted(c for c in self.garde.items() if c[1] != self.publie[c[0]]))

    def marque_pour_annuler(self, qui: str) -> Any:
        """What a page « Annuler » has shown."""
        return self.marque, self.derniers(qui)
