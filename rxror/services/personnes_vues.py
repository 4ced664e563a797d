"""What the pages « Personnes et droits » show."""

from dataclasses import dataclass, field

from rxror.ror.parcours import Maillon


@dataclass(frozen=True)
class Choix:
    """One answer of a list."""

    cle: str
    nom: str


@dataclass(frozen=True)
class DroitMontre:
    """One right, in words. What one may do to it: `fin`, `role` and `delegue` are False for a right only read.

    Attributes:
        jusqu_au: its last day as a date input wants it; `au_plus`, the last one that may be chosen.
        vu: its digest, which comes back with a gesture.
    """

    id: str
    role: str
    ou: str
    vient: str
    dates: str
    par: str
    suppleance: str
    termine: bool = False
    fin: bool = False
    change: bool = False
    delegue: bool = False
    jusqu_au: str = ""
    au_plus: str = ""
    vu: str = ""


@dataclass(frozen=True)
class PersonneMontree:
    """Somebody who has rights here; `change` when one may change one of them."""

    id: str
    nom: str
    connexion: str
    soi: bool
    url: str
    change: bool = False
    droits: list[DroitMontre] = field(default_factory=list)


@dataclass(frozen=True)
class VuePersonnes:
    """The page of an établissement: fifty people at a time, and what one may give."""

    finess: str = ""
    nom: str = ""
    sanitaire: bool = True
    chemin: list[Maillon] = field(default_factory=list)
    resume: str = ""
    page: int = 1
    pages: int = 1
    personnes: list[PersonneMontree] = field(default_factory=list)
    sans_referent: bool = False
    separee: bool = False
    roles: list[Choix] = field(default_factory=list)
    connues: list[Choix] = field(default_factory=list)
    structures: list[Choix] = field(default_factory=list)


@dataclass(frozen=True)
class VuePersonne:
    """The page of one person: each right with its gestures, then what a transfer would do.

    Attributes:
        passent, restent: rights that a transfer gives, and those that it leaves; `attend` what of theirs stays open.
        vu: digest of what passes.
    """

    id: str = ""
    finess: str = ""
    nom: str = ""
    etablissement: str = ""
    sanitaire: bool = True
    chemin: list[Maillon] = field(default_factory=list)
    connexion: str = ""
    soi: bool = False
    droits: list[DroitMontre] = field(default_factory=list)
    roles: list[Choix] = field(default_factory=list)
    structures: list[Choix] = field(default_factory=list)
    connues: list[Choix] = field(default_factory=list)
    passent: list[str] = field(default_factory=list)
    restent: list[str] = field(default_factory=list)
    attend: list[str] = field(default_factory=list)
    vu: str = ""
    aujourd_hui: str = ""
