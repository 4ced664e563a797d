"""The vocabulary of a declaration: Champ, Groupe, Section, and what one asks of them.

A class of `rxror.ror.objets` declares each field once: `Field` says what is stored, `Champ` says what
the référent and the outside world see. Column, form, read view, reader, check, help and FHIR path
all come from that one line.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache
from typing import Any, Protocol

from sqlmodel import SQLModel


class TypeChamp(StrEnum):
    """A kind of input; each has one reader (`ror/saisie.py`) and one view (`ui/champs`)."""

    TEXTE = "texte"
    TEXTE_LONG = "texte_long"
    OUI_NON = "oui_non"
    CHOIX = "choix"  # one code of few: radios
    LISTE = "liste"  # one code of a few dozen: native select
    RECHERCHE = "recherche"  # one code of many: search
    CHOIX_MULTIPLES = "choix_multiples"  # several codes of few: boxes
    RECHERCHE_MULTIPLE = "recherche_multiple"  # several codes of many: search
    ENTIER = "entier"
    DECIMAL = "decimal"
    DATE = "date"
    HEURE = "heure"
    COMMUNE = "commune"  # INSEE code, searched by name or postcode
    COMMUNES = "communes"  # many INSEE codes, sorted; the form holds them as one text
    LIEUX = "lieux"  # identifiers of lieux of the same établissement
    REFERENCE = "reference"  # shown only: another object, or a system date


A_CODES = frozenset(
    {
        TypeChamp.CHOIX,
        TypeChamp.LISTE,
        TypeChamp.RECHERCHE,
        TypeChamp.CHOIX_MULTIPLES,
        TypeChamp.RECHERCHE_MULTIPLE,
    }
)
MULTIPLES = frozenset({TypeChamp.CHOIX_MULTIPLES, TypeChamp.RECHERCHE_MULTIPLE, TypeChamp.LIEUX})
EN_LISTE = MULTIPLES | {TypeChamp.COMMUNES}  # stored as a list, merged code by code
A_RECHERCHE = frozenset({TypeChamp.RECHERCHE, TypeChamp.RECHERCHE_MULTIPLE, TypeChamp.COMMUNE})


class Edition(StrEnum):
    """Who may change a field (column « Ed. » of the model)."""

    LIBRE = "U"
    CREATION = "U0"  # set at creation, then frozen
    FINESS = "F"
    RPPS = "R"
    SYSTEME = "S"
    GESTE = "G"  # free in the model; here, changed by a gesture of its own that looks at more than one object


class Modele(Protocol):
    """What a modèle de saisie decides of the elements of a declaration (`ror/modeles.py`)."""

    @property
    def nom(self) -> str:
        """How a sentence calls it, « MS-141 »."""
        ...

    def visible(self, element: "Champ | Groupe | Section") -> bool | None:
        """Whether it shows an element; None when the declaration decides."""
        ...

    def demande(self, element: "Champ | Groupe | Section") -> bool:
        """Whether it asks for an answer."""
        ...

    def codes(self, element: "Champ | Groupe | Section") -> tuple[str, ...]:
        """The codes it allows; none means all those of the list."""
        ...

    def repetitions(self, element: "Champ | Groupe | Section") -> int | None:
        """Most rows of a group, when it sets a limit."""
        ...


@dataclass(frozen=True)
class Contexte:
    """What a condition may look at: the values as they would be published, and where the object hangs.

    Attributes:
        valeurs: published values overlaid by the brouillons, {champ: value}.
        categorie: code J55 of the entité géographique, or "".
        modele: the modèle de saisie the object was made with; None for the generic form.
    """

    valeurs: Mapping[str, Any] = field(default_factory=dict)
    categorie: str = ""
    modele: Modele | None = None

    def avec(self, ligne: Mapping[str, Any]) -> "Contexte":
        """The same context seen from one row of a group: the row's values first."""
        return self.sur({**self.valeurs, **ligne})

    def sur(self, valeurs: Mapping[str, Any]) -> "Contexte":
        """The same place, with other values."""
        return replace(self, valeurs=valeurs)

    @property
    def champ_activite(self) -> str:
        """Code J20 of the offer, or ""."""
        return self.valeurs.get("champ_activite") or ""


Condition = Callable[[Contexte], bool]


@dataclass(frozen=True)
class PointFiness:
    """What FINESS also says of an object, compared and taken as a whole: an address, not its street without its number.

    Attributes:
        regle: the rule that asks when the record and FINESS differ (`ror/regles/finess.py`).
        label: what it is called, « Adresse ».
        dire: its values in words.
        retenue: why FINESS's values may not be taken over the record's, a key of `messages.RETENUES`; "" when they may.
    """

    regle: str
    label: str
    dire: Callable[[Mapping[str, Any]], str]
    retenue: Callable[[Mapping[str, Any], Mapping[str, Any]], str] = lambda fiche, finess: ""


@dataclass(frozen=True)
class Finess:
    """The counterpart of a field in FINESS; a column that is no field bears it by itself.

    Attributes:
        compare: False for what is taken along with the others of its point, and never asked for itself.
    """

    point: PointFiness
    compare: bool = True


@dataclass(frozen=True)
class Champ:
    """One field, as the référent and the outside world see it.

    Attributes:
        label: the portal's own label.
        section: key of a `Section` of the same class.
        type: kind of input.
        jdv: code list, e.g. "J226"; required by the kinds that hold codes.
        codes: when not empty, only these codes of the list may be chosen (the rule's source in a comment).
        obligatoire: the offer is not broadcast without it (OBL-01).
        maximum: most characters (text) or greatest value (integer).
        court: answers are far shorter than `maximum`: how many characters are left is said near the end only.
        decimales: how many the column keeps; more are refused, unless `arrondi` (a position copied from a map).
        fhir: element of the ROR implementation guide; `sans_fhir` says why there is none.
        avec: field shown on the same line, after this one (a number and its unit).
        visible_si: shown only when true; None means always.
        obligatoire_si: required in some contexts only, by a rule that says so in its own words.
        defaut: value of a new object, when there is one.
        herite: a new row of a row starts with the answer above it to the field of the same name, when there is one.
        gel: rule that says why a frozen field does not change.
        choix: answers of a question of ours, (value, label, help), in place of a code list.
        deduit: the answer to such a question, read from the stored values; it has no column.
        propre: it belongs to one object only: neither copied to a duplicate nor applied to others.
        pilote: other fields or groups of the section depend on these boxes: ticking one is told at once.
        pas: a count of things: shown with minus and plus.
        zero: what 0 does, said as soon as it is typed.
        unite: said beside the number; `unites` gives it by the code answered to the field `unite_de`.
        reprise: button that fills this field, and `avec`, with what FINESS says of the établissement.
        a_relire: shown on the card of the yearly review: it changes often, or it is what one asserts of the offer.
        finess: what it is in FINESS, when that is kept beside the record and a difference is asked (`ror/finess.py`).
    """

    label: str
    section: str = ""
    type: TypeChamp = TypeChamp.TEXTE
    aide: str = ""
    jdv: str = ""
    codes: tuple[str, ...] = ()
    obligatoire: bool = False
    edition: Edition = Edition.LIBRE
    maximum: int | None = None
    court: bool = False
    decimales: int | None = None
    arrondi: bool = False
    fhir: str = ""
    sans_fhir: str = ""
    avec: str = ""
    visible_si: Condition | None = None
    obligatoire_si: Condition | None = None
    defaut: Any = None
    herite: bool = False
    autocomplete: str = ""
    gel: str = ""
    choix: tuple[tuple[str, str, str], ...] = ()
    deduit: Callable[[Mapping[str, Any]], str] | None = None
    pilote: bool = False
    propre: bool = False
    pas: bool = False
    zero: str = ""
    unite: str = ""
    unite_de: str = ""
    unites: tuple[tuple[str, str], ...] = ()
    reprise: str = ""
    a_relire: bool = False
    finess: Finess | None = None


@dataclass(frozen=True)
class Case:
    """One cell of the grid of a group: the row that has these values, asked by its number alone."""

    label: str
    ligne: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Groupe:
    """A repeated (or unique) part of an object, stored in its own table.

    Attributes:
        classe: the part; its table holds a column "<table of the whole>_id".
        singulier: the part's name inside a sentence, e.g. "contact"; `feminin` says its gender.
        unique: exactly one row (cardinality 1..1), shown inline.
        minimum: fewest rows when validated.
        maximum: most rows, when the model or the published form sets a limit; 0 for none but the reader's own.
        par_recherche: field of the part that a search fills: choosing a code adds a row.
        d_office: a new whole opens with one row of it.
        figee_si: rows for which it is true come from another system: shown, never edited here.
        grille: rows that everybody has, shown first as a grid of numbers (`ror/grilles.py`).
        nombre: field of the part that a cell of the grid asks.
        en_semaine: drawn as weeks, day by day, rather than row by row.
        mise_en_ordre: what is done to the rows that were just answered, those that changed and could be read.
        joindre: it tells how to reach people: a duplicate takes it only when asked to.
        a_relire: shown on the card of the yearly review, row by row; of a `unique` part, its own fields say it.
    """

    label: str
    section: str
    classe: "type[SQLModel]"
    singulier: str
    feminin: bool = False
    aide: str = ""
    unique: bool = False
    minimum: int = 0
    maximum: int = 0
    fhir: str = ""
    visible_si: Condition | None = None
    par_recherche: str = ""
    d_office: bool = False
    figee_si: Callable[[Mapping[str, Any]], bool] | None = None
    grille: tuple[Case, ...] = ()
    nombre: str = ""
    en_semaine: bool = False
    mise_en_ordre: Callable[[Sequence[Mapping[str, Any]]], list[dict[str, Any]]] | None = None
    joindre: bool = False
    a_relire: bool = False


@dataclass(frozen=True)
class Section:
    """One block of a page, with its own « Modifier » and « Enregistrer ».

    Attributes:
        modifiable: False when everything in it comes from elsewhere.
        repliee: folded at first, for stable or technical facts.
        origine: where a read-only section comes from, said on screen.
    """

    cle: str
    titre: str
    aide: str = ""
    modifiable: bool = True
    repliee: bool = False
    origine: str = ""
    visible_si: Condition | None = None


def champs_de(classe: type[SQLModel], section: str | None = None) -> dict[str, Champ]:
    """Fields declared by a class, {attribute: Champ}: questions of ours first, then in declaration order."""
    connue: Any = classe  # pyright does not see that a class is hashable
    return {n: c for n, c in _champs(connue).items() if section is None or c.section == section}


def groupes_de(classe: type[SQLModel], section: str | None = None) -> dict[str, Groupe]:
    """Groups declared by a class, {attribute: Groupe}, in declaration order."""
    connue: Any = classe
    return {n: g for n, g in _groupes(connue).items() if section is None or g.section == section}


@cache
def _champs(classe: Any) -> dict[str, Champ]:
    propres = {n: v for n, v in _attributs_de_classe(classe) if isinstance(v, Champ)}
    trouves = {n: c for n, c in propres.items() if c.deduit}
    for nom, info in classe.model_fields.items():
        for marque in info.metadata:
            if isinstance(marque, Champ):
                trouves[nom] = marque
    return trouves | propres


@cache
def _groupes(classe: Any) -> dict[str, Groupe]:
    return {nom: valeur for nom, valeur in _attributs_de_classe(classe) if isinstance(valeur, Groupe)}


def sections_de(classe: type[SQLModel]) -> tuple[Section, ...]:
    """Sections of a class, in the order of the screen."""
    return getattr(classe, "SECTIONS", ())


def section_de(classe: type[SQLModel], cle: str) -> Section | None:
    """The section of that key, or None."""
    return next((s for s in sections_de(classe) if s.cle == cle), None)


def est_visible(element: "Champ | Groupe | Section", contexte: Contexte) -> bool:
    """Whether a field, group or section is shown in that context; the modèle de saisie decides first."""
    voulu = contexte.modele.visible(element) if contexte.modele else None
    if voulu is not None:
        return voulu
    return element.visible_si is None or element.visible_si(contexte)


def peut_manquer(element: Champ | Groupe) -> bool:
    """Whether a condition or a modèle de saisie can take an element off the screen."""
    indispensable = element.unique or element.minimum if isinstance(element, Groupe) else element.obligatoire
    return element.visible_si is not None or not indispensable


def est_exige(champ: Champ, contexte: Contexte) -> bool:
    """Whether an answer is asked in that context, by a rule or by the modèle de saisie."""
    if champ.obligatoire or (champ.obligatoire_si and champ.obligatoire_si(contexte)):
        return True
    return bool(contexte.modele and contexte.modele.demande(champ))


def codes_permis(champ: Champ, contexte: Contexte) -> tuple[str, ...]:
    """The codes that may be chosen in that context; none means all those of the list."""
    siens = contexte.modele.codes(champ) if contexte.modele else ()
    return tuple(c for c in champ.codes if c in siens) if champ.codes and siens else siens or champ.codes


def lignes_maximum(groupe: Groupe, contexte: Contexte, plafond: int) -> int:
    """Most rows of a group: by its declaration, by the modèle de saisie, `plafond` otherwise."""
    voulues = contexte.modele.repetitions(groupe) if contexte.modele else None
    return 1 if groupe.unique else min(n for n in (plafond, groupe.maximum, voulues) if n)


def chemins_de(classe: type[SQLModel]) -> dict[int, str]:
    """{id of a Champ or Groupe: its path without row keys} of a class and of its groups, however deep."""
    connue: Any = classe
    return _chemins(connue)


@cache
def _chemins(classe: Any) -> dict[int, str]:
    trouves: dict[int, str] = {id(c): n for n, c in _champs(classe).items()}
    for nom, groupe in _groupes(classe).items():
        trouves[id(groupe)] = nom
        dessous: Any = groupe.classe
        trouves |= {cle: f"{nom}.{chemin}" for cle, chemin in _chemins(dessous).items()}
    return trouves


def cle_parente(parent: type[SQLModel]) -> str:
    """Column of a part that points to its whole, e.g. "offre_operationnelle_id"."""
    return f"{parent.__tablename__}_id"


def _attributs_de_classe(classe: type[SQLModel]) -> Iterator[tuple[str, Any]]:
    for base in reversed(classe.__mro__):
        yield from vars(base).items()
