"""What every gesture says first: on which object. The rest of its context is each one's own."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from rxror.services.acces import Cible

Genre = Annotated[str, StringConstraints(max_length=20)]
Identifiant = Annotated[str, StringConstraints(max_length=60)]
NomDeSection = Annotated[str, StringConstraints(max_length=60)]
Vu = Annotated[str, StringConstraints(max_length=64)]  # as `services.vu.empreinte` gives it


def _en_chiffres(valeur: object) -> object:
    """A number as our forms write it: Python would also read the digits of any alphabet, and zeros before."""
    if isinstance(valeur, str) and not (valeur.isascii() and valeur.isdigit() and str(int(valeur)) == valeur):
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
