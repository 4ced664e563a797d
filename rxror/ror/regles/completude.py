"""Rules of every field: what is required, and codes still in force."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlmodel import SQLModel

from rxror.ror.champs import (
    A_CODES,
    MULTIPLES,
    Champ,
    Contexte,
    Edition,
    TypeChamp,
    champs_de,
    codes_permis,
    est_visible,
    groupes_de,
)
from rxror.ror.nomenclatures import Catalogue, Code
from rxror.ror.objets import (
    EntiteGeographique,
    LieuRealisationOffre,
    OffreOperationnelle,
    OrganisationInterne,
)
from rxror.ror.recherche import sans_accent
from rxror.ror.regles.declaration import REGISTRE, Constat, Examen, Severite, regle

OBSOLETE = "anomalie « nomenclature obsolète » du guide d’implémentation FHIR"
TOUS = (OffreOperationnelle, LieuRealisationOffre, OrganisationInterne, EntiteGeographique)


@regle("OBL-01", Severite.BLOQUANTE, *TOUS, source="RG_EXP_002", manque=True)
def champs_obligatoires(examen: Examen) -> Iterator[Constat]:
    """Every required field has a value: without it the object, and all that depends on it, is not transmitted."""
    for chemin, champ, contexte in _vides(examen):
        if _exige_par_regle(champ, contexte) and chemin.rpartition(".")[2] not in _dits_ailleurs():
            yield Constat(chemin, {"champ": champ.label})


@cache
def _dits_ailleurs() -> frozenset[str]:
    """Fields whose absence another rule tells; asked once all the rules are declared."""
    return frozenset(nom for regle_ in REGISTRE.values() for nom in regle_.dits)


@regle("OBL-01-MODELE", Severite.ALERTE, *TOUS, source="modèle de saisie de l’objet", manque=True)
def champs_du_modele(examen: Examen) -> Iterator[Constat]:
    """Every field that the modèle de saisie asks for, and no rule does, has a value."""
    modele = examen.contexte.modele
    for chemin, champ, contexte in _vides(examen) if modele else ():
        if (
            modele
            and champ.edition is Edition.LIBRE
            and modele.demande(champ)
            and not _exige_par_regle(champ, contexte)
        ):
            yield Constat(chemin, {"champ": champ.label, "modele": modele.nom})


@regle("COH-03-CODES", Severite.ALERTE, *TOUS, source="modèle de saisie de l’objet")
def codes_du_modele(examen: Examen) -> Iterator[Constat]:
    """Every code one may change is one of those of the modèle de saisie; COH-03 tells of the type d'offre."""
    modele = examen.contexte.modele
    for chemin, champ, valeur, contexte in _champs(examen.classe, examen.valeurs, "", examen.contexte):
        if modele is None or chemin == "type_offre" or champ.edition is not Edition.LIBRE or not champ.jdv:
            continue
        permis = codes_permis(champ, contexte)
        for code in valeur if champ.type in MULTIPLES and valeur else [valeur]:
            if code and permis and code not in permis:
                libelle = examen.catalogue.libelle(champ.jdv, code)
                yield Constat(chemin, {"libelle": libelle, "modele": modele.nom}, sur=code)


def _exige_par_regle(champ: Champ, contexte: Contexte) -> bool:
    return champ.obligatoire or bool(champ.obligatoire_si and champ.obligatoire_si(contexte))


def _vides(examen: Examen) -> Iterator[tuple[str, Champ, Contexte]]:
    for chemin, champ, valeur, contexte in _champs(examen.classe, examen.valeurs, "", examen.contexte):
        if valeur in (None, "", []) and _a_nous(champ) and champ.type is not TypeChamp.REFERENCE:
            yield chemin, champ, contexte


@regle("COH-17", Severite.ALERTE, *TOUS, source=OBSOLETE)
def codes_en_vigueur(examen: Examen) -> Iterator[Constat]:
    """Every code one may change is in its list and in force; a list that was not loaded is not judged."""
    for perime in perimes(examen):
        if perime.successeur is None:
            yield Constat(perime.chemin, {"libelle": perime.libelle}, sur=perime.code)


@regle("COH-17-SUCCESSEUR", Severite.ALERTE, *TOUS, source=OBSOLETE)
def codes_remplaces(examen: Examen) -> Iterator[Constat]:
    """The same, when a code in force surely replaces the one that no longer is."""
    for perime in perimes(examen):
        if perime.successeur:
            details = {"libelle": perime.libelle, "successeur": perime.nom_du_successeur}
            yield Constat(perime.chemin, details, sur=perime.code)


@dataclass(frozen=True)
class Perime:
    """A code that an object holds and that is no longer in force; `successeur` surely replaces it there."""

    chemin: str
    champ: Champ
    code: str
    libelle: str
    successeur: Code | None

    @property
    def nom_du_successeur(self) -> str:
        """Its label; with its code when the two labels are the same. Empty without one."""
        neuf = self.successeur
        if neuf and sans_accent(neuf.libelle) == sans_accent(self.libelle):
            return f"{neuf.libelle} (code {neuf.cle})"
        return neuf.libelle if neuf else ""


def perimes(examen: Examen) -> Iterator[Perime]:
    """Every code out of force of the fields shown that one may change, where it is."""
    liste = examen.catalogue
    for chemin, champ, valeur, local in _champs(examen.classe, examen.valeurs, "", examen.contexte):
        if champ.type not in A_CODES or champ.jdv not in liste or not _a_nous(champ):
            continue
        for code in valeur if champ.type in MULTIPLES and valeur else [valeur]:
            if code and not liste.actif(champ.jdv, code):
                yield Perime(chemin, champ, code, liste.libelle(champ.jdv, code), remplacant(liste, champ, code, local))


def remplacant(liste: Catalogue, champ: Champ, code: str, contexte: Contexte) -> Code | None:
    """The code that surely replaces one out of force and may be chosen in a field."""
    successeur, permis = liste.successeur(champ.jdv, code), codes_permis(champ, contexte)
    return successeur if successeur and (not permis or successeur.cle in permis) else None


def _a_nous(champ: Champ) -> bool:
    return champ.edition in (Edition.LIBRE, Edition.CREATION)


def _champs(
    classe: type[SQLModel], valeurs: Mapping[str, Any], prefixe: str, contexte: Contexte
) -> Iterator[tuple[str, Champ, Any, Contexte]]:
    """(path, field, value, context) of every field shown, rows of another system apart."""
    local = contexte.avec(valeurs)
    for nom, champ in champs_de(classe).items():
        if not champ.deduit and champ.edition is not Edition.SYSTEME and est_visible(champ, local):
            yield prefixe + nom, champ, valeurs.get(nom), local
    for nom, groupe in groupes_de(classe).items():
        if not est_visible(groupe, local):
            continue
        for ligne in valeurs.get(nom) or []:
            if not (groupe.figee_si and groupe.figee_si(ligne)):
                yield from _champs(groupe.classe, ligne, f"{prefixe}{nom}.{ligne['cle']}.", local)
