"""What a requirement is, and what it says of an object. The vocabulary of J241, J242 and of the national exports."""

from dataclasses import dataclass
from enum import StrEnum


class Statut(StrEnum):
    """What comes out of a requirement, as read."""

    CONFORME = "Conforme"
    ECART = "Écart"
    NON_VERIFIABLE = "Non vérifiable"
    SANS_OBJET = "Sans objet"


class Thematique(StrEnum):
    """Codes of J241."""

    COMPLETUDE = "01"
    EXHAUSTIVITE = "02"
    COHERENCE = "03"
    RECENCE = "04"
    STRUCTURATION = "05"
    EXACTITUDE = "06"


MOTS = {
    Thematique.COMPLETUDE: "complétude",
    Thematique.EXHAUSTIVITE: "exhaustivité",
    Thematique.COHERENCE: "cohérence",
    Thematique.RECENCE: "récence",
    Thematique.STRUCTURATION: "structuration",
    Thematique.EXACTITUDE: "exactitude",
}


class Action(StrEnum):
    """Codes of J242: what the correction would be."""

    AJOUT = "AJO"
    CORRECTION = "COR"
    SUPPRESSION = "SUP"


class Portee(StrEnum):
    """What a requirement is computed on."""

    OFFRE = "offre"
    ETABLISSEMENT = "etablissement"


@dataclass(frozen=True)
class Exigence:
    """One national requirement.

    Attributes:
        titre: what is asked, as a statement that is true when all is well.
        severite: A (alert) or I (information); none ever blocks.
    """

    id: str
    titre: str
    portee: Portee
    thematique: Thematique
    action: Action
    severite: str
    source: str


@dataclass(frozen=True)
class Verdict:
    """What a requirement says of one object. Names of the last fields are those of the national export of anomalies.

    Attributes:
        phrase: what is the matter and what to do, or why it cannot be verified.
        focus: key of the object, e.g. "offre:76/0000001".
        section: section of the form of the object where it is corrected; "" when it is not corrected here.
        chemin: path of the field in that form.
        path_element_error: the field's path in the FHIR resource.
        correction: rule of `ror/corrections.py` that mends it, or "".
    """

    exigence: Exigence
    statut: Statut
    phrase: str
    focus: str
    nom: str = ""
    section: str = ""
    chemin: str = ""
    path_element_error: str = ""
    error_value: str = ""
    proposed_value: str = ""
    correction: str = ""

    @property
    def ecart(self) -> bool:
        """Whether there is something to do."""
        return self.statut is Statut.ECART
