"""What every gesture says first: on which object. The rest of its context is each one's own."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from rxror.services.acces import Cible

Genre = Annotated[str, StringConstraints(max_length=20)]
Identifiant = Annotated[str, StringConstraints(max_length=60)]
NomDeSection = Annotated[str, StringConstraints(max_length=60)]
CHIFFRES = 10
Vu = Annotated[str, StringConstraints(max_length=64)]  # as `services.vu.empreinte` gives it


def en_nombre(texte: object) -> int:
    """A number as our pages write it, from an address or a form; 0 for anything else.

    Python would also read the digits of any alphabet, and zeros before.
    """
    chiffres = isinstance(texte, str) and texte.isascii() and texte.isdigit() and len(texte) < CHIFFRES
    return int(texte) if chiffres and texte == str(int(texte)) else 0  # type: ignore[call-overload]


def _en_chiffres(valeur: object) -> object:
    if isinstance(valeur, str) and valeur != "0" and not en_nombre(valeur):
        raise ValueError("pas un nombre")
    return valeur


Numero = Annotated[int, Field(ge=1, lt=2**31), BeforeValidator(_en_chiffres)]
Rang = Annotated[int, Field(ge=0, lt=2**31), BeforeValidator(_en_chiffres)]  # 0: from the beginning


class Demande(BaseModel):
    """A gesture on one object, with its whole context: it relies on nothing that an earlier event did."""

    model_config = ConfigDict(extra="forbid")

    genre: Genre
    identifiant: Identifiant

    @property
    def cible(self) -> Cible:
        """The object."""
        return Cible(self.genre, self.identifiant)
