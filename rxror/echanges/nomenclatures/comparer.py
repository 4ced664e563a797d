"""What a newer list changes to the one in service: codes added, reworded, retired, back in force; and successors."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from anyascii import anyascii
from sqlmodel import Session, col, select

from rxror.echanges.nomenclatures.lire import Liste
from rxror.ror.nomenclatures import ACTIF, Concept, Nomenclature

# A code that its list no longer holds stays readable in the objects that carry it, and can no longer be chosen.
ABSENT = "absent"
COLONNES = ("cle", "code", "systeme", "libelle", "groupe", "statut", "rang", "successeur")


class Mouvement(StrEnum):
    """What happens to a code."""

    AJOUT = "ajout"
    LIBELLE = "libelle"
    RETRAIT = "retrait"
    RETOUR = "retour"
    SUCCESSEUR = "successeur"  # of a code that was retired before


HORS_D_USAGE = (Mouvement.RETRAIT, Mouvement.SUCCESSEUR)


@dataclass(frozen=True)
class Changement:
    """One code that moves. `successeur` is the key of the code that surely replaces a retired one."""

    cle: str
    mouvement: Mouvement
    avant: str
    apres: str
    successeur: str = ""


@dataclass
class Comparaison:
    """A list of the folder beside the one in service.

    Attributes:
        en_service: version in service; "" for a list that was never loaded.
        concepts: the list as it would be kept: its codes, then those it no longer holds.
        plus_ancienne: the list in service is a later one.
        identique: nothing would change.
    """

    liste: Liste
    en_service: str
    concepts: dict[str, dict[str, Any]]
    plus_ancienne: bool
    identique: bool
    changements: list[Changement] = field(default_factory=list)

    @property
    def nouvelle(self) -> bool:
        """Whether the list was never loaded."""
        return not self.en_service

    def de(self, mouvement: Mouvement) -> list[Changement]:
        """The codes that move so."""
        return [c for c in self.changements if c.mouvement is mouvement]

    @property
    def concernes(self) -> set[str]:
        """Keys of the codes about which those who hold them will be asked something new."""
        return {c.cle for c in self.changements if c.mouvement in HORS_D_USAGE}

    def libelle(self, cle: str) -> str:
        """Label of a code in the new list."""
        return self.concepts[cle]["libelle"]


def comparer(session: Session, liste: Liste) -> Comparaison:
    """Set a list beside the one in service. The order of the lines alone changes nothing."""
    connue = session.get(Nomenclature, liste.jdv)
    avant = concepts_en_base(session, liste.jdv)
    partis = {cle: c | {"statut": ABSENT} for cle, c in avant.items() if cle not in liste.concepts}
    apres = {cle: dict(c) for cle, c in {**liste.concepts, **partis}.items()}
    _nommer_les_successeurs(apres, avant)
    decrite = {"titre": liste.titre, "version": liste.version, "complete": liste.complete}
    identique = connue is not None and _sans_rang(apres) == _sans_rang(avant)
    return Comparaison(
        liste,
        connue.version if connue else "",
        apres,
        plus_ancienne=connue is not None and connue.version > liste.version,
        identique=identique and connue is not None and decrite == connue.model_dump(include=set(decrite)),
        changements=_changements(avant, apres) if connue else [],
    )


def concepts_en_base(session: Session, jdv: str) -> dict[str, dict[str, Any]]:
    """The codes of a list in the database, retired ones included, {key: columns}."""
    colonnes = [getattr(Concept, nom) for nom in COLONNES]
    lignes = session.execute(select(*colonnes).where(col(Concept.jdv) == jdv).order_by(col(Concept.rang)))
    return {ligne[0]: dict(zip(COLONNES, ligne, strict=True)) for ligne in lignes}


def _sans_rang(concepts: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    return {cle: {n: v for n, v in c.items() if n != "rang"} for cle, c in concepts.items()}


def _nommer_les_successeurs(concepts: dict[str, dict[str, Any]], avant: Mapping[str, Mapping[str, Any]]) -> None:
    """A code out of force is replaced by the one its list names, or by the only one in force that says the same."""
    memes: dict[tuple[str, str], list[str]] = {}
    for cle, concept in concepts.items():
        if concept["statut"] == ACTIF:
            memes.setdefault(_sens(concept), []).append(cle)
    for cle, concept in concepts.items():
        connu = concept["successeur"] or avant.get(cle, {}).get("successeur", "")
        jumeaux = memes.get(_sens(concept), [])
        if concept["statut"] == ACTIF:
            concept["successeur"] = ""
        elif connu in concepts:
            concept["successeur"] = connu
        else:
            concept["successeur"] = jumeaux[0] if len(jumeaux) == 1 else ""


def _sens(concept: Mapping[str, Any]) -> tuple[str, str]:
    """Label and group, without accents nor case. Signs stay: « < 25 m² » is not « > 25 m² »."""
    return " ".join(anyascii(concept["libelle"]).lower().split()), concept["groupe"]


def _changements(avant: Mapping[str, Mapping[str, Any]], apres: Mapping[str, Mapping[str, Any]]) -> list[Changement]:
    changements: list[Changement] = []
    for cle, concept in apres.items():
        ancien, libelle = avant.get(cle), concept["libelle"]
        en_vigueur = concept["statut"] == ACTIF
        if ancien is None:
            changements.append(Changement(cle, Mouvement.AJOUT, "", libelle))
            continue
        if ancien["libelle"] != libelle:
            changements.append(Changement(cle, Mouvement.LIBELLE, ancien["libelle"], libelle))
        if en_vigueur and ancien["statut"] != ACTIF:
            changements.append(Changement(cle, Mouvement.RETOUR, "", libelle))
        elif not en_vigueur and ancien["statut"] == ACTIF:
            changements.append(Changement(cle, Mouvement.RETRAIT, libelle, "", concept["successeur"]))
        elif concept["successeur"] != ancien["successeur"] and concept["successeur"]:
            changements.append(Changement(cle, Mouvement.SUCCESSEUR, libelle, "", concept["successeur"]))
    return changements
