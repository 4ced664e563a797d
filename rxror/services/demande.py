"""What every gesture says first: on which object. The rest of its context is each one's own."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from rxror.services.acces import Cible

Genre = Annotated[str, StringConstraints(max_length=20)]
Identifiant = Annotated[str, StringConstraints(max_length=60)]
NomDeSection = Annotated[str, StringConstraints(max_length=60)]
Vu = Annotated[str, StringConstraints(max_length=64)]  # as `services.vu.empreinte` gives it


class Demande(BaseModel):
    """A gesture on one object, with its whole context: it relies on nothing that an earlier event did."""

    model_config = ConfigDict(extra="forbid")

    genre: Genre
    identifiant: Identifiant

    @property
    def cible(self) -> Cible:
        """The object."""
        return Cible(self.genre, self.identifiant)
