"""Where codes live: every field of the model that holds codes of a list, and the way to it, read from the declarations.

The one place that knows: the rules, the search for what a retired code touches and the usual answers all start here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from sqlmodel import SQLModel

from rxror.ror.champs import A_CODES, Champ, Groupe, champs_de, groupes_de
from rxror.ror.objets import OBJETS


@dataclass(frozen=True)
class Porteur:
    """One field that holds codes.

    Attributes:
        racine: class of the object, one of OBJETS.
        groupes: (name, group) to go through from the object to the part that holds the field.
        classe: class that holds the column: the object's, or the last group's.
        nom: attribute of that class.
        section: key of the section of the object where it is shown.
    """

    racine: type[SQLModel]
    groupes: tuple[tuple[str, Groupe], ...]
    classe: type[SQLModel]
    nom: str
    champ: Champ
    section: str

    @property
    def chemin(self) -> str:
        """Path without the rows' keys, e.g. "contact.fonction_contact"."""
        return ".".join([*(nom for nom, _ in self.groupes), self.nom])


@cache
def porteurs() -> tuple[Porteur, ...]:
    """Every field that holds codes, object by object."""
    return tuple(p for racine in OBJETS.values() for p in _sous(racine, racine, (), ""))


def porteurs_de(jdv: str) -> tuple[Porteur, ...]:
    """The fields that hold codes of one list."""
    return tuple(p for p in porteurs() if p.champ.jdv == jdv)


def _sous(
    racine: type[SQLModel], classe: type[SQLModel], groupes: tuple[tuple[str, Groupe], ...], section: str
) -> Iterator[Porteur]:
    for nom, champ in champs_de(classe).items():
        if champ.jdv and champ.type in A_CODES and nom in classe.model_fields:
            yield Porteur(racine, groupes, classe, nom, champ, section or champ.section)
    for nom, groupe in groupes_de(classe).items():
        yield from _sous(racine, groupe.classe, (*groupes, (nom, groupe)), section or groupe.section)
