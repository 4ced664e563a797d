"""What a section should hold, in a few lines: the model that random histories are compared with."""

from dataclasses import dataclass, field
from uuid import UUID, uuid4

Valeurs = dict[str, str]


@dataclass
class Feuille:
    """One open form: what it shows, what it was shown with, the keys that had no answer."""

    qui: str
    saisie: Valeurs
    vu: Valeurs
    base: dict[str, dict[str, str]]
    sans_reponse: list[UUID] = field(default_factory=list)
    formulaire: str = field(default_factory=lambda: str(uuid4()))


@dataclass
class Modele:
    """What is published and what is kept over it, its version, the lines of trace there must be."""

    publie: Valeurs
    garde: Valeurs
    version: int
    lignes: int = 0

    def enregistrer(self, feuille: Feuille, saisie: Valeurs) -> set[str]:
        """Keep what this form changed and nobody else did; what both changed is given back, and nothing replaced."""
        avant, vu = dict(self.garde), feuille.vu
        disputes = {c for c, v in saisie.items() if v not in (avant[c], vu[c]) and avant[c] != vu[c]}
        self.garde |= {c: v for c, v in saisie.items() if v != vu[c] and c not in disputes}
        self.lignes += bool(disputes) or avant != self.garde
        return disputes

    def a_vu(self, feuille: Feuille) -> None:
        """The form has kept its answers; of those it left to others it still shows the former ones."""
        feuille.vu |= {c: v for c, v in feuille.saisie.items() if v == self.garde[c]}

    def valider(self) -> None:
        self.publie, self.version, self.lignes = dict(self.garde), self.version + 1, self.lignes + 1

    def abandonner(self) -> None:
        self.lignes += self.garde != self.publie
        self.garde = dict(self.publie)

    @property
    def marque(self) -> tuple[int, str]:
        """What a page « Valider » has shown."""
        return self.version, str(sorted(c for c in self.garde.items() if c[1] != self.publie[c[0]]))
