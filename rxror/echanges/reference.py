"""Reference data: code lists (JDV), communes and figures of the SAE, from their CSV files into the database.

Source of the lists: ANS, Nomenclatures des objets de santé; of the communes: Insee and La Poste, via Etalab;
of the figures: DREES, Statistique annuelle des établissements de santé.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert
from sqlmodel import Session, col, select

from rxror.echanges.fichiers import deja_charge, empreinte, noter
from rxror.ror.erreurs import ImportRefuse
from rxror.ror.nomenclatures import QUALIFIEES, Commune, Concept, Nomenclature
from rxror.ror.recherche import sans_accent
from rxror.settings import DONNEES
from rxror.tables import RepereSae

NOMENCLATURES = DONNEES / "nomenclatures"
COMMUNES = DONNEES / "communes" / "communes-codes-postaux.csv"
SAE = DONNEES / "sae" / "sae-2023-tarn.csv"
# A code that its list no longer holds stays readable in the objects that carry it, and can no longer be chosen.
ABSENT = "absent"

_NOM_COURT = re.compile(r"(?:JDV|TRE|ASS)_([A-Z]\d+)")
_NOM_TRE = re.compile(r"/NOS/(TRE_[A-Z]\d+)")
_ANNEE = re.compile(r"_(\d{4})r?\.csv$")
_COMPARES = ("cle", "code", "systeme", "libelle", "groupe", "statut", "rang")


@dataclass
class BilanReference:
    """What a loading did, list by list."""

    chargees: list[str] = field(default_factory=list)
    inchangees: list[str] = field(default_factory=list)
    gardees: list[str] = field(default_factory=list)
    absents: int = 0


def preparer(session: Session) -> None:
    """Load the reference data that come with rxror, unless these very files were loaded before.

    A list that is newer in the database, loaded by hand since, is left alone.
    """
    listes = empreinte(*sorted(NOMENCLATURES.glob("*.csv")))
    if not deja_charge(session, "nomenclatures", listes):
        charger_nomenclatures(session, NOMENCLATURES, garder_plus_recente=True)
        noter(session, "nomenclatures", listes)
    communes = empreinte(COMMUNES)
    if not deja_charge(session, "communes", communes):
        charger_communes(session, COMMUNES)
        noter(session, "communes", communes)
    sae = empreinte(SAE)
    if not deja_charge(session, "sae", sae):
        charger_sae(session, SAE)
        noter(session, "sae", sae)


def charger_nomenclatures(session: Session, dossier: Path, *, garder_plus_recente: bool = False) -> BilanReference:
    """Load every list that the folder's index.csv names, each in place of what the database held.

    Args:
        dossier: folder of index.csv and of one CSV per list: code, display, system, parent_or_group, status.
        garder_plus_recente: leave a list alone when the database holds a later version of it.

    Raises:
        ImportRefuse: the folder lacks a file, or a file lacks a column or repeats a code.
    """
    bilan = BilanReference()
    for ligne in _lignes(dossier / "index.csv", ("jdv_id", "title", "version", "complete", "file")):
        nom = _NOM_COURT.match(ligne["jdv_id"])
        if not nom or not ligne["file"]:
            continue
        _charger_liste(session, nom[1], ligne, dossier, bilan, garder_plus_recente)
    return bilan


def charger_communes(session: Session, fichier: Path = COMMUNES) -> int:
    """Replace the communes by those of the file, one row per pair commune / postcode; return how many."""
    colonnes = ("code_insee", "nom", "code_postal", "departement", "region", "population")
    rangees = [
        {c: ligne[c] for c in colonnes[:-1]}
        | {"population": int(ligne["population"] or 0), "recherche": sans_accent(ligne["nom"])}
        for ligne in _lignes(fichier, colonnes, separateur=";")
    ]
    if not rangees:
        raise ImportRefuse(f"Le fichier {fichier.name} ne contient aucune commune.")
    session.execute(delete(Commune))
    session.execute(insert(Commune), rangees)
    return len(rangees)


def charger_sae(session: Session, fichier: Path = SAE) -> int:
    """Replace the figures of the SAE by those of the file; return how many.

    Args:
        fichier: CSV finess_et;rubrique;nombre;fichier_source, whose README says what each rubrique counts.

    Raises:
        ImportRefuse: a line is unreadable or repeated, or there is none.
    """
    rangees: dict[tuple[str, str], dict[str, Any]] = {}
    lignes = _lignes(fichier, ("finess_et", "rubrique", "nombre", "fichier_source"), separateur=";")
    for rang, ligne in enumerate(lignes, start=2):
        cle = (ligne["finess_et"], ligne["rubrique"])
        annee = _ANNEE.search(ligne["fichier_source"])
        if cle in rangees or not annee or not all(cle) or not ligne["nombre"].isdecimal():
            raise ImportRefuse(f"La ligne {rang} du fichier {fichier.name} est incomplète, illisible ou en double.")
        rangees[cle] = {
            "finess": cle[0],
            "rubrique": cle[1],
            "nombre": int(ligne["nombre"]),
            "annee": int(annee[1]),
            "fichier_source": ligne["fichier_source"],
        }
    if not rangees:
        raise ImportRefuse(f"Le fichier {fichier.name} ne contient aucun chiffre.")
    session.execute(delete(RepereSae))
    session.execute(insert(RepereSae), list(rangees.values()))
    return len(rangees)


def _charger_liste(
    session: Session,
    jdv: str,
    ligne: dict[str, str],
    dossier: Path,
    bilan: BilanReference,
    garder_plus_recente: bool,
) -> None:
    nomenclature = session.get(Nomenclature, jdv)
    if nomenclature and garder_plus_recente and nomenclature.version > ligne["version"]:
        bilan.gardees.append(jdv)
        return
    concepts = _concepts(jdv, dossier / ligne["file"])
    en_base = {c["cle"]: c for c in _en_base(session, jdv)}
    disparus = [c | {"statut": ABSENT} for cle, c in en_base.items() if cle not in concepts]
    nouveau = {c["cle"]: c for c in [*concepts.values(), *disparus]}
    decrit = {"titre": ligne["title"], "version": ligne["version"], "complete": ligne["complete"]}
    if nomenclature and nouveau == en_base and decrit == nomenclature.model_dump(include=set(decrit)):
        bilan.inchangees.append(jdv)
        return
    session.merge(Nomenclature(jdv=jdv, identifiant=ligne["jdv_id"], charge=datetime.now(UTC), **decrit))
    session.flush()
    session.execute(delete(Concept).where(col(Concept.jdv) == jdv))
    session.execute(insert(Concept), [c | {"jdv": jdv} for c in nouveau.values()])
    bilan.chargees.append(jdv)
    bilan.absents += len(disparus)


def _concepts(jdv: str, fichier: Path) -> dict[str, dict[str, Any]]:
    concepts: dict[str, dict[str, Any]] = {}
    lignes = _lignes(fichier, ("code", "display", "system", "parent_or_group", "status"))
    for rang, ligne in enumerate(lignes, start=1):
        cle = _cle(jdv, ligne["code"], ligne["system"], fichier)
        if cle in concepts:
            raise ImportRefuse(f"Le fichier {fichier.name} donne deux fois le code {cle}. Corrigez-le, puis relancez.")
        concepts[cle] = {
            "cle": cle,
            "code": ligne["code"],
            "systeme": ligne["system"],
            "libelle": ligne["display"],
            # The association A14 writes TRE_R265#004 what an object stores as TRE_R265:004.
            "groupe": ligne["parent_or_group"].replace("#", ":") if jdv == "A14" else ligne["parent_or_group"],
            "statut": ligne["status"],
            "rang": rang,
        }
    if not concepts:
        raise ImportRefuse(f"Le fichier {fichier.name} ne contient aucun code.")
    return concepts


def _cle(jdv: str, code: str, systeme: str, fichier: Path) -> str:
    if jdv not in QUALIFIEES:
        return code
    tre = _NOM_TRE.search(systeme)
    if not tre:
        raise ImportRefuse(f"Le fichier {fichier.name} ne dit pas de quelle table vient le code {code}.")
    return f"{tre[1]}:{code}"


def _en_base(session: Session, jdv: str) -> Iterator[dict[str, Any]]:
    colonnes = [getattr(Concept, nom) for nom in _COMPARES]
    for rangee in session.execute(select(*colonnes).where(col(Concept.jdv) == jdv)):
        yield dict(zip(_COMPARES, rangee, strict=True))


def _lignes(fichier: Path, colonnes: tuple[str, ...], separateur: str = ",") -> Iterator[dict[str, str]]:
    if not fichier.is_file():
        raise ImportRefuse(f"Le fichier {fichier} est introuvable. Complétez le dossier, puis relancez.")
    with fichier.open(encoding="utf-8-sig", newline="") as flux:
        lecteur = csv.DictReader(flux, delimiter=separateur, restval="")
        manquantes = [c for c in colonnes if c not in (lecteur.fieldnames or ())]
        if manquantes:
            raise ImportRefuse(f"Le fichier {fichier.name} n’a pas de colonne {', '.join(manquantes)}.")
        try:
            yield from lecteur
        except (UnicodeDecodeError, csv.Error) as erreur:
            raise ImportRefuse(
                f"Le fichier {fichier.name} est illisible après la ligne {lecteur.line_num}."
            ) from erreur
