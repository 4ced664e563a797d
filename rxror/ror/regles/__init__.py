"""The rules of the ROR, one module per kind of object; reading this package declares them all, see `REGISTRE`."""

from rxror.ror.regles import (
    adresse,
    completude,
    contacts,
    fermeture,
    horaires,
    lieu,
    moyens,
    offre,
    structure,
    tarifs,
    zone,
)
from rxror.ror.regles.declaration import (
    DE_RXROR,
    REGISTRE,
    CommuneConnue,
    Constat,
    Correction,
    Examen,
    Regle,
    Severite,
    Thematique,
)

__all__ = [
    "DE_RXROR",
    "REGISTRE",
    "CommuneConnue",
    "Constat",
    "Correction",
    "Examen",
    "Regle",
    "Severite",
    "Thematique",
    "adresse",
    "completude",
    "contacts",
    "fermeture",
    "horaires",
    "lieu",
    "moyens",
    "offre",
    "structure",
    "tarifs",
    "zone",
]
