"""From the columns of FINESS to the fields of the ROR model. Pure functions: no file, no database."""

import re
from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any

from rxror.ror.regles.formats import siren_valide, siret_valide

# Told (column, value, reason, in French) when a value is set aside; the line goes on without it.
Signaler = Callable[[str, str, str], None]

_OUTRE_MER = {
    "9A": "971",
    "9B": "972",
    "9C": "973",
    "9D": "974",
    "9E": "975",
    "9F": "976",
    "9J": "986",
}
# FINESS keeps these two collectivités under Guadeloupe; the code officiel géographique does not.
_COLLECTIVITES = {"97123": "97701", "97127": "97801"}
_CODE_INSEE = re.compile(r"(?:\d\d|2[AB])\d{3}")
_ACHEMINEMENT = re.compile(r"(\d{5}) ?(.*)")
_BOITE_POSTALE = re.compile(r"(.*?)\b((?:B\.?P|C\.?S|TSA)\.? ?\d.*)", re.IGNORECASE)
_TELEPHONE = re.compile(r"\d{10}")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_DATES_INCONNUES = {"1900-01-01", "1901-01-01"}


def etablissement(
    champs: Mapping[str, str], extraction: date, codes_sph: Collection[str], signaler: Signaler
) -> dict[str, Any]:
    """Values of an EntiteGeographique, by field, from a `structureet` line.

    Args:
        extraction: day of the file; no date of a line can be later.
        codes_sph: codes J202 in the database; any other is set aside.
    """
    return _adresse(champs, signaler) | {
        "id_nat_struct": "1" + champs["nofinesset"],
        "num_siret": _garder(champs, "siret", siret_valide, "SIRET faux (clé de contrôle)", signaler),
        "denomination_eg": champs["rs"],
        "complement_denomination_eg": champs["complrs"],
        "categorie_eg": champs["categetab"],
        "categorie_libelle": champs["libcategetab"],
        "modalite_participation_sph": _garder(
            champs, "codesph", codes_sph.__contains__, "code inconnu de J202", signaler
        ),
        "date_ouverture": jour(champs, "dateouv", extraction, signaler),
        # The files of this family hold open établissements only.
        "date_fermeture": None,
        "type_fermeture": "",
        "telephone_finess": _garder(champs, "telephone", _TELEPHONE.fullmatch, "téléphone sans dix chiffres", signaler),
        "date_maj_finess": jour(champs, "datemaj", extraction, signaler),
    }


def entite_juridique(champs: Mapping[str, str], extraction: date, signaler: Signaler) -> dict[str, Any]:
    """Values of an EntiteJuridique, by field, from a `structureej` line."""
    return _adresse(champs, signaler) | {
        "num_siren": _garder(champs, "siren", siren_valide, "SIREN faux (clé de contrôle)", signaler),
        "raison_sociale": champs["rs"],
        "complement_raison_sociale": champs["complrs"],
        "statut_juridique": champs["statutjuridique"],
        "date_creation_ej": jour(champs, "datecrea", extraction, signaler),
    }


def code_insee(departement: str, commune: str) -> str:
    """INSEE code of a commune from the two columns of FINESS; empty when one of them is.

    Overseas, FINESS writes 9A for 971 and keeps the last two digits of the commune: 9D and 411 make 97411.
    """
    if not departement or not commune:
        return ""
    outre_mer = _OUTRE_MER.get(departement)
    code = outre_mer + commune[-2:] if outre_mer else departement + commune
    return _COLLECTIVITES.get(code, code)


def jour(champs: Mapping[str, str], colonne: str, extraction: date, signaler: Signaler) -> date | None:
    """A date that can be believed, or None: between 1900 and the extraction, and not FINESS's mark for « unknown »."""
    valeur = champs[colonne]
    if not valeur:
        return None
    if valeur in _DATES_INCONNUES:
        signaler(colonne, valeur, "date inconnue de FINESS")
        return None
    try:
        lue = date.fromisoformat(valeur) if _DATE.fullmatch(valeur) else None
    except ValueError:
        lue = None
    if lue is None or lue.year < 1900 or lue > extraction:
        signaler(colonne, valeur, "date invraisemblable")
        return None
    return lue


def _adresse(champs: Mapping[str, str], signaler: Signaler) -> dict[str, str]:
    code_postal, localite = _acheminement(champs["ligneacheminement"], signaler)
    boite = _BOITE_POSTALE.fullmatch(champs["lieuditbp"])
    commune = code_insee(champs["departement"], champs["commune"])
    if commune and not _CODE_INSEE.fullmatch(commune):
        signaler("commune", champs["commune"], "code de commune illisible")
        commune = ""
    return {
        "complement_point_geographique": champs["compldistrib"],
        "numero_voie": champs["numvoie"],
        "extension": champs["compvoie"],
        "type_voie": champs["typvoie"],
        "libelle_voie": champs["voie"],
        "lieu_dit": boite[1].strip() if boite else champs["lieuditbp"],
        "mention_distribution": boite[2] if boite else "",
        "code_postal": code_postal,
        "localite": localite,
        "commune_cog": commune,
    }


def _acheminement(ligne: str, signaler: Signaler) -> tuple[str, str]:
    trouve = _ACHEMINEMENT.fullmatch(ligne)
    if trouve:
        return trouve[1], trouve[2]
    if ligne:
        signaler("ligneacheminement", ligne, "code postal absent")
    return "", ligne


def _garder(
    champs: Mapping[str, str],
    colonne: str,
    accepte: Callable[[str], object],
    motif: str,
    signaler: Signaler,
) -> str:
    valeur = champs[colonne]
    if not valeur or accepte(valeur):
        return valeur
    signaler(colonne, valeur, motif)
    return ""
