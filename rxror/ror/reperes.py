"""What an object is called, and by what it is found."""

from collections.abc import Mapping
from typing import Any

from rxror.ror.objets import EntiteGeographique, LieuRealisationOffre, OffreOperationnelle, OrganisationInterne

IDENTIFIANTS = {
    OffreOperationnelle.GENRE: "identifiant_offre",
    LieuRealisationOffre.GENRE: "identifiant",
    OrganisationInterne.GENRE: "identifiant_oi",
    EntiteGeographique.GENRE: "num_finess",
}
NOMS = {  # the first that is filled
    OffreOperationnelle.GENRE: ("nom_offre",),
    LieuRealisationOffre.GENRE: ("nom",),
    OrganisationInterne.GENRE: ("nom_oi",),
    EntiteGeographique.GENRE: ("nom_operationnel", "denomination_eg"),
}


def identifiant_de(objet: Any) -> str:
    """By what an object is found."""
    return getattr(objet, IDENTIFIANTS[objet.GENRE])


def cle_de(objet: Any) -> str:
    """Name of an object in brouillons and traces, e.g. "offre:76/0000001"."""
    return f"{objet.GENRE}:{identifiant_de(objet)}"


def nom_en_liste(genre: str, nom: str) -> str:
    """A name where objects of several kinds stand together: « Lieu Hôpital de jour »; an offer is told by its name."""
    return f"Lieu {nom}" if genre == LieuRealisationOffre.GENRE else nom


def nom_de(objet: Any, valeurs: Mapping[str, Any] | None = None) -> str:
    """How an object is called on screen.

    Args:
        valeurs: as it would be; where they give no name, the published one is told.
    """
    for nom in NOMS[objet.GENRE]:
        if trouve := (valeurs or {}).get(nom) or getattr(objet, nom):
            return str(trouve)
    return f"FINESS {objet.num_finess}" if isinstance(objet, EntiteGeographique) else "Sans nom"
