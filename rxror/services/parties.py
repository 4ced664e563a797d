"""A part of a section, as `services/fusion.py` cuts it, in words: the field it is of, its texts that cannot be read."""

from collections.abc import Mapping

from sqlmodel import SQLModel

from rxror.ror.champs import Champ, Groupe, groupes_de
from rxror.ror.lecture import Ligne, une_ligne
from rxror.ror.saisie import TEXTE_MAXIMUM, element_de
from rxror.ror.textes import montrable

RETIRE = "Retiré"


def element_de_la_partie(classe: type[SQLModel], nom: str, cle: str) -> Champ | Groupe | None:
    """The field or the group that a part is of; None when the model no longer has it."""
    groupe = groupes_de(classe).get(nom)
    return element_de(groupe.classe, cle) if groupe and groupe.unique else element_de(classe, nom)


def textes_illisibles(illisibles: Mapping[str, str], alerte: str) -> list[Ligne]:
    """What was typed and could not be read, quoted."""
    return [une_ligne(f"«\u00a0{montrable(t, TEXTE_MAXIMUM)}\u00a0»", alerte=alerte) for t in illisibles.values()]
