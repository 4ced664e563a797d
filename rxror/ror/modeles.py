"""Modèles de saisie: published, versioned forms, as data. Which one an object uses, and what it decides.

A modèle names fields that `rxror.ror.objets` declares; it shows or hides them, asks for an answer, restricts the codes.
It never adds a field, never lifts a rule.

Source: ROR implementation guide, profiles ror-questionnaire-*; fiche pratique on the creation of an offer.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StringConstraints,
    ValidationError,
    model_validator,
)
from sqlalchemy import JSON, DateTime
from sqlmodel import Field as Colonne
from sqlmodel import SQLModel

from rxror.ror.champs import (
    A_CODES,
    Champ,
    Edition,
    Groupe,
    Section,
    TypeChamp,
    champs_de,
    chemins_de,
    groupes_de,
    section_de,
)
from rxror.ror.erreurs import ImportRefuse
from rxror.ror.objets import OBJETS

# Fields that a blocking rule or a gesture of ours reads: no modèle hides them.
GARDES = frozenset(
    {
        "type_fermeture",
        "date_fermeture",
        "date_previsionnelle_reouverture",
        "contact.nom",
        "contact.nature_contact",
        "contact.fonction_contact",
        "contact.telecommunication",
    }
)

Mot = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Texte = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]
Code = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z_:.-]{1,40}$")]


class Statut(StrEnum):
    """Where a modèle is in its life. Only an active one is offered."""

    PROJET = "draft"
    ACTIF = "active"
    RETIRE = "retired"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ChampDuModele(_Strict):
    """What a modèle says of one field or group.

    Attributes:
        chemin: path without row keys, e.g. "patientele.public_pris_en_charge".
        label: the form's own label, for who reads the file; the screen keeps the label of the declaration.
        visible: shown or hidden whatever the declaration says; by default, as declared.
        obligatoire: an answer is asked.
        codes: {code: label in the form}; only these may be chosen. None: the whole list.
        defaut: value of a new object.
        repetitions: most rows of a group.
        lecture_seule: the form only shows it; rxror accepts this of fields that it freezes as well.
    """

    chemin: Mot
    label: Texte = ""
    visible: StrictBool | None = None
    obligatoire: StrictBool = False
    codes: dict[Code, Texte] = Field(default_factory=dict)
    defaut: StrictBool | int | str | None = None
    repetitions: Annotated[int, Field(ge=1, le=60)] | None = None
    lecture_seule: StrictBool = False


class SectionDuModele(_Strict):
    """One block of a modèle, under the key of a section of rxror."""

    cle: Mot
    titre: Texte = ""
    champ: tuple[ChampDuModele, ...] = ()


class ContexteDuModele(_Strict):
    """Where a modèle may be used; an empty list sets no condition.

    Attributes:
        categories: of the entité géographique, J55.
        champs: champ d'activité of the offer, J20.
        fonctions_lieu: function of the lieu, J198.
        types_ps: profession, and `specialites` its speciality (ville): rxror does not know them yet, so that
            a modèle that asks for one is never offered.
    """

    categories: tuple[Code, ...] = ()
    champs: tuple[Code, ...] = ()
    fonctions_lieu: tuple[Code, ...] = ()
    types_ps: tuple[Code, ...] = ()
    specialites: tuple[Code, ...] = ()

    def convient(self, categorie: str, champ: str, fonction: str) -> bool:
        """Whether an object in that place may use the modèle."""
        if self.types_ps or self.specialites:
            return False
        conditions = ((self.categories, categorie), (self.champs, champ), (self.fonctions_lieu, fonction))
        return all(not permis or code in permis for permis, code in conditions)

    @property
    def precision(self) -> tuple[int, int]:
        """How narrow it is: number of conditions, then few categories before many."""
        conditions = (self.categories, self.champs, self.fonctions_lieu)
        return sum(bool(c) for c in conditions), -len(self.categories)


class ModeleSaisie(_Strict):
    """A published form. `extrait`: the source is not whole, so that what it does not name stays as declared."""

    id: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,3}-[0-9]{1,6}$")]
    version: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,4}(\.[0-9]{1,4}){0,2}$")]
    titre: Mot
    statut: Literal["draft", "active", "retired"]
    objet: Literal["offre", "lieu", "structure", "etablissement"] = "offre"
    publie: date | None = None
    source: Mot
    extrait: StrictBool = False
    remarques: tuple[Texte, ...] = ()
    contexte: ContexteDuModele = ContexteDuModele()
    section: Annotated[tuple[SectionDuModele, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _chemins_declares(self) -> "ModeleSaisie":
        fautes = list(_fautes(self))
        if fautes:
            raise ValueError(" ".join(fautes))
        return self

    @property
    def reference(self) -> str:
        """What an object keeps of it, « MS-141|1 »."""
        return f"{self.id}|{self.version}"

    @property
    def nom(self) -> str:
        """How a sentence calls it."""
        return self.id

    @property
    def rang(self) -> tuple[int, ...]:
        """Versions compare by number: 10 after 9."""
        return tuple(int(n) for n in self.version.split("."))

    @property
    def classe(self) -> type[SQLModel]:
        """Class of the objects it is for."""
        return OBJETS[self.objet]

    @cached_property
    def champs(self) -> dict[str, ChampDuModele]:
        """{path: what it says} of all that it names."""
        return {champ.chemin: champ for section in self.section for champ in section.champ}

    def visible(self, element: Champ | Groupe | Section) -> bool | None:
        """Whether it shows an element; None when the declaration decides."""
        if isinstance(element, Section):
            return self._section_visible(element)
        chemin = chemins_de(self.classe).get(id(element), "")
        dit = self.champs.get(chemin)
        if dit:
            return dit.visible
        return False if chemin and not self._montre(chemin, element) else None

    def demande(self, element: Champ | Groupe | Section) -> bool:
        """Whether it asks for an answer."""
        dit = self._dit(element)
        return bool(dit and dit.obligatoire)

    def codes(self, element: Champ | Groupe | Section) -> tuple[str, ...]:
        """The codes it allows; none means all those of the list."""
        dit = self._dit(element)
        return tuple(dit.codes) if dit else ()

    def repetitions(self, element: Champ | Groupe | Section) -> int | None:
        """Most rows of a group, when it sets a limit."""
        dit = self._dit(element)
        return dit.repetitions if dit else None

    def defauts(self, classe: type[SQLModel], groupe: str = "") -> dict[str, Any]:
        """{champ: value} that a new object, or a new row of one of its groups, starts with."""
        debut = f"{groupe}." if groupe else ""
        noms = {n: self.champs.get(debut + n) for n in champs_de(classe)}
        return {n: dit.defaut for n, dit in noms.items() if dit and dit.defaut is not None}

    def _dit(self, element: Champ | Groupe | Section) -> ChampDuModele | None:
        return self.champs.get(chemins_de(self.classe).get(id(element), ""))

    def _section_visible(self, section: Section) -> bool | None:
        elements = [*champs_de(self.classe, section.cle).values(), *groupes_de(self.classe, section.cle).values()]
        vues = [self.visible(element) for element in elements]
        if True in vues:
            return True
        return False if vues and all(v is False for v in vues) else None

    def _montre(self, chemin: str, element: Champ | Groupe) -> bool:
        """Whether it leaves alone what it does not name."""
        if self.extrait or intouchable(chemin, element):
            return True
        if any(nomme.startswith(chemin + ".") for nomme in self.champs):
            return True
        parent = chemin.rpartition(".")[0]
        return bool(parent) and parent in self.champs and not any(n.startswith(parent + ".") for n in self.champs)


def intouchable(chemin: str, element: Champ | Groupe) -> bool:
    """Whether no modèle may hide it: it is the system's, FINESS's or ours, or a blocking rule needs it."""
    if chemin in GARDES:
        return True
    if isinstance(element, Groupe):
        return element.unique or element.minimum > 0
    ailleurs = element.edition is not Edition.LIBRE or element.type is TypeChamp.REFERENCE
    return ailleurs or bool(element.choix or element.obligatoire or element.obligatoire_si)


def element_au(classe: type[SQLModel], chemin: str) -> Champ | Groupe | None:
    """The field or group at a path without row keys."""
    *groupes, nom = chemin.split(".")
    for morceau in groupes:
        groupe = groupes_de(classe).get(morceau)
        if groupe is None:
            return None
        classe = groupe.classe
    return groupes_de(classe).get(nom) or champs_de(classe).get(nom)


def lire(contenu: Any, fichier: str) -> ModeleSaisie:
    """A modèle from the data of a file.

    Raises:
        ImportRefuse: something is missing, unknown or contradictory; the message says where.
    """
    try:
        return ModeleSaisie.model_validate(contenu)
    except ValidationError as erreur:
        fautes = " ; ".join(dict.fromkeys(_faute(e) for e in erreur.errors()))
    raise ImportRefuse(f"Le modèle de saisie {fichier} est refusé. {fautes}.")


def _faute(erreur: Any) -> str:
    lieu = ".".join(str(m + 1) if isinstance(m, int) else m for m in erreur["loc"] if m not in ("bool", "int", "str"))
    texte = _RAISONS.get(erreur["type"], "cette valeur n’a pas la bonne forme")
    return f"{lieu} : {texte}" if lieu else erreur["msg"].removeprefix("Value error, ").rstrip(".")


_RAISONS = {
    "missing": "il manque",
    "extra_forbidden": "ce nom n’est pas connu d’un modèle de saisie",
    "literal_error": "cette valeur n’est pas permise",
    "string_type": "il faut un texte",
    "bool_type": "il faut vrai ou faux",
    "bool_parsing": "il faut vrai ou faux",
    "string_too_short": "ce texte est vide",
    "too_short": "il faut au moins une section",
}


def _fautes(modele: ModeleSaisie) -> Iterator[str]:
    vus: set[str] = set()
    for section in modele.section:
        if section_de(modele.classe, section.cle) is None:
            yield f"La section « {section.cle} » n’existe pas."
        for champ in section.champ:
            if champ.chemin in vus:
                yield f"Le champ « {champ.chemin} » est nommé deux fois."
            vus.add(champ.chemin)
            yield from _fautes_du_champ(modele, section.cle, champ)


def _fautes_du_champ(modele: ModeleSaisie, section: str, champ: ChampDuModele) -> Iterator[str]:
    element = element_au(modele.classe, champ.chemin)
    if element is None:
        yield f"Le champ « {champ.chemin} » n’existe pas."
        return
    porteur = element_au(modele.classe, champ.chemin.partition(".")[0])
    if porteur and porteur.section != section:
        yield f"Le champ « {champ.chemin} » n’est pas de la section « {section} »."
    if champ.visible is False and intouchable(champ.chemin, element):
        yield f"Le champ « {champ.chemin} » ne se masque pas : une règle ou le système en a besoin."
    if champ.visible is False and champ.obligatoire:
        yield f"Le champ « {champ.chemin} » ne peut pas être masqué et obligatoire."
    if champ.codes and not (isinstance(element, Champ) and element.type in A_CODES and element.jdv):
        yield f"Le champ « {champ.chemin} » ne se répond pas par un code."
    elif isinstance(element, Champ) and champ.codes and element.codes and not set(champ.codes) & set(element.codes):
        yield f"Aucun des codes de « {champ.chemin} » n’est accepté : une règle n’en permet que d’autres."
    if champ.repetitions and not isinstance(element, Groupe):
        yield f"Le champ « {champ.chemin} » ne se répète pas."
    if champ.defaut is not None and not (isinstance(element, Champ) and _defaut_possible(element, champ)):
        yield f"Le défaut de « {champ.chemin} » n’est pas une valeur de ce champ."
    if champ.lecture_seule and not (isinstance(element, Champ) and element.edition is not Edition.LIBRE):
        yield f"Le champ « {champ.chemin} » se modifie dans rxror : il ne peut pas être en lecture seule."


def _defaut_possible(champ: Champ, dit: ChampDuModele) -> bool:
    if champ.type is TypeChamp.ENTIER:
        return type(dit.defaut) is int and 0 <= dit.defaut <= (champ.maximum or 10**9)
    if champ.type is TypeChamp.OUI_NON:
        return isinstance(dit.defaut, bool)
    return isinstance(dit.defaut, str) and (not dit.codes or dit.defaut in dit.codes)


# ------------------------------------------------------------------ all those one has


class Modeles:
    """The modèles a database holds."""

    def __init__(self, modeles: Iterable[ModeleSaisie]) -> None:
        """Index them by reference."""
        self._par_reference = {m.reference: m for m in modeles}

    def __iter__(self) -> Iterator[ModeleSaisie]:
        """All of them, in the order they came."""
        return iter(self._par_reference.values())

    def de(self, reference: str) -> ModeleSaisie | None:
        """The one an object was made with, whatever its status; None when it has none or when it is not known."""
        return self._par_reference.get(reference)

    def proposes(self, objet: str, categorie: str, champ: str = "", fonction: str = "") -> list[ModeleSaisie]:
        """The active ones that fit a place, in their last version, the narrowest first."""
        derniers: dict[str, ModeleSaisie] = {}
        for modele in self:
            if modele.statut == Statut.ACTIF and modele.objet == objet:
                connu = derniers.get(modele.id)
                derniers[modele.id] = modele if connu is None or modele.rang > connu.rang else connu
        venus = [m for m in derniers.values() if m.contexte.convient(categorie, champ, fonction)]
        return sorted(venus, key=lambda m: ([-n for n in m.contexte.precision], m.titre, m.id))

    def plus_recent(self, reference: str) -> ModeleSaisie | None:
        """A later active version of the same modèle, the last one; None when there is none."""
        identifiant, _, version = reference.partition("|")
        rang = tuple(int(n) if n.isdecimal() else -1 for n in version.split("."))
        venus = [m for m in self if m.id == identifiant and m.statut == Statut.ACTIF and m.rang > rang]
        return max(venus, key=lambda m: m.rang, default=None)


class ModeleCharge(SQLModel, table=True):
    """One version of a modèle de saisie, as its file gave it."""

    __tablename__ = "modele_saisie"

    identifiant: str = Colonne(primary_key=True, max_length=20)
    version: str = Colonne(primary_key=True, max_length=20)
    titre: str
    statut: str = Colonne(max_length=10)
    contenu: dict[str, Any] = Colonne(default_factory=dict, sa_type=JSON)
    charge: datetime = Colonne(sa_type=DateTime(timezone=True))  # type: ignore[call-overload]
