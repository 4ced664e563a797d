"""The rules of the ROR, one module per kind of object; reading this package declares them all, see `REGISTRE`."""

from rxror.ror.regles import adresse, completude, contacts, horaires, lieu, moyens, offre, structure, zone
from rxror.ror.regles.declaration import DE_RXROR, REGISTRE, Constat, Correction, Examen, Regle, Severite, Thematique

__all__ = [
    "DE_RXROR",
    "REGISTRE",
    "Constat",
    "Correction",
    "Examen",
    "Regle",
    "Severite",
    "Thematique",
    "adresse",
    "completude",
    "contacts",
    "horaires",
    "lieu",
    "moyens",
    "offre",
    "structure",
    "zone",
]
