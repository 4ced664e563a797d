"""Reference data: code lists (JDV), communes and figures of the SAE, from their CSV files into the database.

Source of the lists: ANS, Nomenclatures des objets de santé; of the communes: Insee and La Poste, via Etalab;
of the figures: DREES, Statistique annuelle des établissements de santé.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert
from sqlmodel import Session

from rxror.echanges.fichiers import deja_charge, empreinte, noter
from rxror.echanges.nomenclatures.comparer import ABSENT, comparer
from rxror.echanges.nomenclatures.importer import mettre_en_service
from rxror.echanges.nomenclatures.lire import lire
from rxror.ror.erreurs import ImportRefuse
from rxror.ror.nomenclatures import Commune, Departement
from rxror.ror.recherche import sans_accent
from rxror.settings import DONNEES
from rxror.tables import RepereSae

NOMENCLATURES = DONNEES / "nomenclatures"
COMMUNES = DONNEES / "communes" / "communes-codes-postaux.csv"
CENTRES = DONNEES / "communes" / "centres-communes.csv"
DEPARTEMENTS = DONNEES / "communes" / "departements.csv"
SAE = DONNEES / "sae" / "sae-2023-tarn.csv"
ARRONDISSEMENT = "arrondissement-municipal"
SANS_CENTRE = {"latitude": None, "longitude": None}

_ANNEE = re.compile(r"_(\d{4})r?\.csv$")


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
    communes = empreinte(COMMUNES, CENTRES, DEPARTEMENTS)
    if not deja_charge(session, "communes", communes):
        charger_communes(session, COMMUNES)
        noter(session, "communes", communes)
    sae = empreinte(SAE)
    if not deja_charge(session, "sae", sae):
        charger_sae(session, SAE)
        noter(session, "sae", sae)


def charger_nomenclatures(session: Session, dossier: Path, *, garder_plus_recente: bool = False) -> BilanReference:
    """Put in service every list that the folder's index.csv names.

    Args:
        dossier: folder of index.csv and of one CSV per list: code, display, system, parent_or_group, status.
        garder_plus_recente: leave a list alone when the database holds a later version of it.

    Raises:
        ImportRefuse: something is wrong in one of the files; nothing was written.
    """
    bilan = BilanReference()
    for comparaison in [comparer(session, liste) for liste in lire(dossier)]:
        jdv = comparaison.liste.jdv
        if comparaison.identique:
            bilan.inchangees.append(jdv)
        elif comparaison.plus_ancienne and garder_plus_recente:
            bilan.gardees.append(jdv)
        else:
            mettre_en_service(session, comparaison)
            bilan.chargees.append(jdv)
            bilan.absents += sum(c["statut"] == ABSENT for c in comparaison.concepts.values())
    return bilan


def charger_communes(session: Session, fichier: Path = COMMUNES) -> int:
    """Replace the communes by those of the file, one row per pair commune / postcode; return how many.

    Their centres and the départements come from the files beside it that come with rxror.

    Raises:
        ImportRefuse: a file lacks a column or is unreadable, or there is no commune.
    """
    colonnes = ("code_insee", "nom", "type", "code_postal", "departement", "region", "population")
    copiees = [c for c in colonnes if c not in ("type", "population")]
    centres = _centres(CENTRES)
    rangees = [
        {c: ligne[c] for c in copiees}
        | {
            "population": int(ligne["population"] or 0),
            "recherche": sans_accent(ligne["nom"]),
            "arrondissement": ligne["type"] == ARRONDISSEMENT,
        }
        | centres.get(ligne["code_insee"], SANS_CENTRE)
        for ligne in _lignes(fichier, colonnes, separateur=";")
    ]
    if not rangees:
        raise ImportRefuse(f"Le fichier {fichier.name} ne contient aucune commune.")
    session.execute(delete(Commune))
    session.execute(insert(Commune), rangees)
    _charger_departements(session, rangees)
    return len(rangees)


def _centres(fichier: Path) -> dict[str, dict[str, float]]:
    centres: dict[str, dict[str, float]] = {}
    for rang, ligne in enumerate(_lignes(fichier, ("code_insee", "latitude", "longitude"), separateur=";"), start=2):
        try:
            centres[ligne["code_insee"]] = {nom: float(ligne[nom]) for nom in SANS_CENTRE}
        except ValueError as erreur:
            raise ImportRefuse(f"La ligne {rang} du fichier {fichier.name} n’est pas un point.") from erreur
    return centres


def _charger_departements(session: Session, communes: list[dict[str, Any]]) -> None:
    noms = {ligne["code"]: ligne["nom"] for ligne in _lignes(DEPARTEMENTS, ("code", "nom"), separateur=";")}
    entieres = {(c["departement"], c["code_insee"]) for c in communes if not c["arrondissement"]}
    compte = Counter(departement for departement, _ in entieres)
    session.execute(delete(Departement))
    session.execute(insert(Departement), [{"code": c, "nom": noms.get(c, c), "communes": n} for c, n in compte.items()])


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
