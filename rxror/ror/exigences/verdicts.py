"""What a requirement is, and what it says of an object, in the vocabulary of the national exports of anomalies."""

from dataclasses import dataclass
from enum import StrEnum

from rxror.ror.regles.declaration import Correction, Severite, Thematique


class Statut(StrEnum):
    """What comes out of a requirement, as read."""

    CONFORME = "Conforme"
    ECART = "Écart"
    NON_VERIFIABLE = "Non vérifiable"
    SANS_OBJET = "Sans objet"


MOTS = {
    Thematique.COMPLETUDE: "complétude",
    Thematique.EXHAUSTIVITE: "exhaustivité",
    Thematique.COHERENCE: "cohérence",
    Thematique.RECENCE: "récence",
    Thematique.STRUCTURATION: "structuration",
    Thematique.EXACTITUDE: "exactitude",
}


class Portee(StrEnum):
    """What a requirement is computed on."""

    OFFRE = "offre"
    ETABLISSEMENT = "etablissement"


@dataclass(frozen=True)
class Exigence:
    """One national requirement. Same names as a `Regle`, to stand in the same table.

    Attributes:
        severite: alert or information; none ever blocks.
        enonce: what it wants, in one sentence for developers.
        ou: module that computes it.
        titre: what is asked, as a statement that is true when all is well; it is shown.
    """

    id: str
    severite: Severite
    enonce: str
    source: str
    thematique: Thematique
    correction: Correction
    ou: str
    titre: str
    portee: Portee


@dataclass(frozen=True)
class Verdict:
    """What a requirement says of one object. Names of the last fields are those of the national export of anomalies.

    Attributes:
        phrase: what is the matter and what to do, or why it cannot be verified.
        focus: key of the object to correct, e.g. "offre:76/0000001".
        offre: identifier of the offer it is about; "" for an établissement.
        section: section of the form of the object where it is corrected; "" when it is not corrected here.
        chemin: path of the field in that form.
        path_element_error: the field's path in the FHIR resource.
        remede: name of the gesture of `ror/corrections.py` that mends it, or "".
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
    remede: str = ""
    offre: str = ""

    @property
    def ecart(self) -> bool:
        """Whether there is something to do."""
        return self.statut is Statut.ECART
