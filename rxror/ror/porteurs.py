"""Where codes live: every field of the model that holds codes of a list, and the way to it, read from the declarations.

The one place that knows: the rules, the search for what a retired code touches and the usual answers all start here.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

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


def codes_de(porteur: Porteur, valeurs: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(path with the rows' keys, code) of what an object's values hold in one field."""
    yield from _descendre(porteur, porteur.groupes, valeurs, "")


def _descendre(
    porteur: Porteur, groupes: Sequence[tuple[str, Groupe]], valeurs: Mapping[str, Any], prefixe: str
) -> Iterator[tuple[str, str]]:
    if groupes:
        nom = groupes[0][0]
        for ligne in valeurs.get(nom) or []:
            yield from _descendre(porteur, groupes[1:], ligne, f"{prefixe}{nom}.{ligne.get('cle', '')}.")
        return
    valeur = valeurs.get(porteur.nom)
    for code in valeur if isinstance(valeur, list) else [valeur]:
        if code:
            yield prefixe + porteur.nom, code


def _sous(
    racine: type[SQLModel], classe: type[SQLModel], groupes: tuple[tuple[str, Groupe], ...], section: str
) -> Iterator[Porteur]:
    for nom, champ in champs_de(classe).items():
        if champ.jdv and champ.type in A_CODES and nom in classe.model_fields:
            yield Porteur(racine, groupes, classe, nom, champ, section or champ.section)
    for nom, groupe in groupes_de(classe).items():
        yield from _sous(racine, groupe.classe, (*groupes, (nom, groupe)), section or groupe.section)
