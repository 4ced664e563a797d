"""How a rule is declared, and the register of all of them.

A rule is one function, from an `Examen` to what it found. The decorator beside it says the rest: identifier, weight,
source, theme. A rule that holds by construction (a frozen field, a gesture) has no function: its line says where.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from sqlmodel import SQLModel

from rxror.ror.champs import Contexte, champs_de, est_visible, groupes_de, section_de
from rxror.ror.dates import aujourd_hui
from rxror.ror.finess import Registre
from rxror.ror.nomenclatures import Catalogue

# Source of a rule that is ours: an inference, never shown as a national rule.
DE_RXROR = "règle de rxror"


class Severite(StrEnum):
    """How much an anomaly weighs."""

    BLOQUANTE = "B"
    ALERTE = "A"
    INFORMATION = "I"


class Thematique(StrEnum):
    """What an anomaly is about (J241)."""

    COMPLETUDE = "01"
    EXHAUSTIVITE = "02"
    COHERENCE = "03"
    RECENCE = "04"
    STRUCTURATION = "05"
    EXACTITUDE = "06"


class Correction(StrEnum):
    """What corrects an anomaly (J242)."""

    AJOUTER = "AJO"
    CORRIGER = "COR"
    SUPPRIMER = "SUP"


@dataclass(frozen=True)
class CommuneConnue:
    """What the rules must know of a commune; `centre` is (latitude, longitude), None when it is not known."""

    nom: str
    codes_postaux: frozenset[str]
    centre: tuple[float, float] | None = None


@dataclass(frozen=True)
class Examen:
    """What the rules look at. What is not known (None, or an empty mapping) is not judged.

    Attributes:
        contexte: its `valeurs` are the object's values, published ones overlaid by the brouillons.
        lieux: {identifier: values} of the lieux of an offer; empty for another object.
        classe: class of the object.
        jour: today, in Paris.
        usages: {identifier of a lieu: number of offers it serves}.
        offres_ouvertes: the same, offers that are not closed; for the check of an offer, other offers only.
        ascendants: (identifier, type) of what is above a structure, nearest first.
        communes: {INSEE code: the commune} of the communes the object names and that exist.
        registre: what FINESS last said of an établissement.
    """

    contexte: Contexte
    catalogue: Catalogue
    lieux: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    classe: type[SQLModel] = SQLModel
    jour: date = field(default_factory=aujourd_hui)
    usages: Mapping[str, int] = field(default_factory=dict)
    offres_ouvertes: Mapping[str, int] = field(default_factory=dict)
    ascendants: Sequence[tuple[str, str]] | None = None
    communes: Mapping[str, CommuneConnue] | None = None
    registre: Registre | None = None

    @property
    def valeurs(self) -> Mapping[str, Any]:
        """The object's values."""
        return self.contexte.valeurs

    def montre(self, nom: str) -> bool:
        """Whether a field or a group has a place on the page of the object, in this context."""
        element = champs_de(self.classe).get(nom) or groupes_de(self.classe).get(nom)
        section = section_de(self.classe, element.section) if element else None
        return all(e is not None and est_visible(e, self.contexte) for e in (element, section))


@dataclass(frozen=True)
class Constat:
    """What a rule found.

    Attributes:
        chemin: path of the field in its section's form; the link goes there.
        details: what completes the sentence.
        sur: the values it is about; by default, the one at `chemin`.
        severite: when it is not the rule's own.
        manque: something is missing, rather than wrong; by default, as the rule says.
        objet: identifier of the lieu it is about, when it is not the object itself.
    """

    chemin: str
    details: Mapping[str, object] = field(default_factory=dict)
    sur: Any = None
    severite: Severite | None = None
    manque: bool | None = None
    lieu: str = ""


Examiner = Callable[[Examen], Iterator[Constat]]


@dataclass(frozen=True)
class Regle:
    """One rule.

    Attributes:
        id: its identifier, e.g. "OBL-05"; a second part tells a case of it apart, e.g. "COH-02-MAX".
        severite: its weight; None when there is nothing to weigh.
        enonce: what it wants, in one sentence for developers.
        source: where it comes from.
        classes: the objects it is about.
        examiner: the function; None when it holds elsewhere, and `ou` says where.
        manque: what it finds is missing, rather than wrong.
        dits: fields whose absence it tells in its own words, so that OBL-01 does not.
    """

    id: str
    severite: Severite | None
    enonce: str
    source: str
    thematique: Thematique
    correction: Correction
    classes: tuple[type[SQLModel], ...]
    examiner: Examiner | None = None
    ou: str = ""
    manque: bool = False
    dits: tuple[str, ...] = ()


REGISTRE: dict[str, Regle] = {}
THEMATIQUES = {
    "OBL": Thematique.COMPLETUDE,
    "COH": Thematique.COHERENCE,
    "FER": Thematique.COHERENCE,
    "LIE": Thematique.COHERENCE,
    "TAR": Thematique.COHERENCE,
    "STR": Thematique.STRUCTURATION,
    "FMT": Thematique.EXACTITUDE,
    "FIN": Thematique.EXACTITUDE,
}


def regle(
    identifiant: str,
    severite: Severite,
    *classes: type[SQLModel],
    source: str,
    manque: bool = False,
    correction: Correction | None = None,
    dits: tuple[str, ...] = (),
) -> Callable[[Examiner], Examiner]:
    """Declare the rule that the function below examines; the first line of its docstring is what it wants.

    The other arguments are those of `Regle`.
    """

    def declarer(fonction: Examiner) -> Examiner:
        enonce = (fonction.__doc__ or "").strip().partition("\n")[0]
        geste = correction or (Correction.AJOUTER if manque else Correction.CORRIGER)
        _inscrire(
            Regle(
                identifiant,
                severite,
                enonce,
                source,
                THEMATIQUES[identifiant[:3]],
                geste,
                classes,
                fonction,
                f"rxror/ror/regles/{fonction.__module__.rpartition('.')[2]}.py",
                manque,
                dits,
            )
        )
        return fonction

    return declarer


def tenue(
    identifiant: str,
    enonce: str,
    *classes: type[SQLModel],
    source: str,
    ou: str,
    severite: Severite | None = None,
    correction: Correction = Correction.CORRIGER,
) -> None:
    """Declare a rule that holds by construction; `ou` is the module that makes it so."""
    _inscrire(Regle(identifiant, severite, enonce, source, THEMATIQUES[identifiant[:3]], correction, classes, None, ou))


def _inscrire(neuve: Regle) -> None:
    if neuve.id in REGISTRE:
        raise ValueError(f"{neuve.id} is declared twice")
    REGISTRE[neuve.id] = neuve
