"""Modèles de saisie, from their TOML files into the database. Each version is kept beside the older ones."""

import tomllib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, func, select

from rxror.echanges.fichiers import deja_charge, empreinte, noter
from rxror.ror.champs import Champ
from rxror.ror.erreurs import ImportRefuse
from rxror.ror.modeles import ModeleCharge, ModeleSaisie, element_au, lire
from rxror.ror.nomenclatures import Catalogue
from rxror.ror.objets import OBJETS
from rxror.services.nomenclatures import catalogue
from rxror.settings import DONNEES

MODELES = DONNEES / "modeles"


@dataclass
class BilanModeles:
    """What an import would do, or did.

    Attributes:
        changes: versions that the database holds with another content.
        inconnus: {reference: ["J16:0887"]} codes that their list does not hold: they stay in the file, nobody can
            choose them.
        usages: {reference: number of objects made with it}.
    """

    nouveaux: list[ModeleSaisie] = field(default_factory=list)
    changes: list[ModeleSaisie] = field(default_factory=list)
    inchanges: list[ModeleSaisie] = field(default_factory=list)
    inconnus: dict[str, list[str]] = field(default_factory=dict)
    usages: dict[str, int] = field(default_factory=dict)


def preparer(session: Session) -> None:
    """Load the modèles that come with rxror, unless these very files were loaded before."""
    siens = empreinte(*sorted(MODELES.glob("*.toml")))
    if not deja_charge(session, "modeles", siens):
        ecrire(session, comparer(session, lire_fichiers(MODELES), catalogue(session)))
        noter(session, "modeles", siens)


def lire_fichiers(chemin: Path) -> list[ModeleSaisie]:
    """The modèles of a file, or of all the TOML files of a folder.

    Raises:
        ImportRefuse: nothing there, a file is refused, or two files give the same version.
    """
    fichiers = sorted(chemin.glob("*.toml")) if chemin.is_dir() else [chemin]
    if not fichiers:
        raise ImportRefuse(f"Le dossier {chemin} ne contient aucun modèle de saisie (fichier .toml).")
    lus: dict[str, ModeleSaisie] = {}
    for fichier in fichiers:
        modele = lire(_contenu(fichier), fichier.name)
        if modele.reference in lus:
            raise ImportRefuse(f"Deux fichiers donnent le modèle {modele.reference}. Gardez-en un, puis relancez.")
        lus[modele.reference] = modele
    return list(lus.values())


def comparer(session: Session, modeles: list[ModeleSaisie], listes: Catalogue) -> BilanModeles:
    """What importing them would change. Writes nothing."""
    bilan = BilanModeles(usages=usages(session))
    for modele in modeles:
        connu = session.get(ModeleCharge, (modele.id, modele.version))
        liste = bilan.nouveaux if connu is None else bilan.changes
        if connu and connu.contenu == modele.model_dump(mode="json"):
            liste = bilan.inchanges
        liste.append(modele)
        if inconnus := _codes_inconnus(modele, listes):
            bilan.inconnus[modele.reference] = inconnus
    return bilan


def ecrire(session: Session, bilan: BilanModeles) -> None:
    """Keep what a comparison found new or changed."""
    maintenant = datetime.now(UTC)
    for modele in [*bilan.nouveaux, *bilan.changes]:
        session.merge(
            ModeleCharge(
                identifiant=modele.id,
                version=modele.version,
                titre=modele.titre,
                statut=modele.statut,
                contenu=modele.model_dump(mode="json"),
                charge=maintenant,
            )
        )


def usages(session: Session) -> dict[str, int]:
    """{reference: number of objects made with it}."""
    comptes: dict[str, int] = {}
    for classe in OBJETS.values():
        colonne: Any = classe.modele_saisie
        for reference, nombre in session.exec(
            select(colonne, func.count()).where(col(colonne) != "").group_by(colonne)
        ):
            comptes[reference] = comptes.get(reference, 0) + nombre
    return comptes


def _contenu(fichier: Path) -> dict[str, Any]:
    try:
        with fichier.open("rb") as flux:
            return tomllib.load(flux)
    except FileNotFoundError:
        raise ImportRefuse(f"Le fichier {fichier} est introuvable.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as erreur:
        raise ImportRefuse(f"Le fichier {fichier.name} n’est pas du TOML lisible : {erreur}.") from erreur


def _codes_inconnus(modele: ModeleSaisie, listes: Catalogue) -> list[str]:
    elements = {chemin: element_au(modele.classe, chemin) for chemin in modele.champs}
    return [
        f"{element.jdv}:{code}"
        for chemin, element in elements.items()
        if isinstance(element, Champ) and element.jdv in listes
        for code in modele.champs[chemin].codes
        if not listes.connu(element.jdv, code)
    ]
