"""Rules of the tariffs of a médico-social établissement: one amount per combination, the attributes of each type."""

from collections.abc import Iterator, Mapping
from typing import Any

from rxror.ror.champs import champs_de
from rxror.ror.objets import EntiteGeographique, Tarif
from rxror.ror.regles.declaration import Constat, Correction, Examen, Severite, regle
from rxror.ror.regles.valeurs import avec_chemin, nombre

SUPPLEMENT, FORFAIT_SOCLE, PRESTATION = "01", "02", "04"
CHAMBRE_SIMPLE = "02"
CLE_DU_FORFAIT = ("tarif_moins_60_ans", "type_habitation", "temporalite_accueil", "condition_tarifaire")
# What is not part of a combination: the amount itself, and the day from which it holds.
HORS_COMBINAISON = ("montant_tarif", "date_debut_validite_tarif")
BLOQUANTE = Severite.BLOQUANTE


def _doublons(examen: Examen, *, socle: bool) -> Iterator[Constat]:
    vus: set[str] = set()
    for prefixe, tarif in avec_chemin(examen.valeurs, "tarif"):
        sorte = tarif.get("type_tarif")
        if not sorte or (sorte == FORFAIT_SOCLE) != socle:
            continue
        combinaison = repr(_combinaison(tarif, socle=socle))
        if combinaison in vus:
            yield Constat(prefixe + "type_tarif", sur=combinaison)
        vus.add(combinaison)


def _combinaison(tarif: Mapping[str, Any], *, socle: bool) -> list[Any]:
    noms = CLE_DU_FORFAIT if socle else [n for n in champs_de(Tarif) if n not in HORS_COMBINAISON]
    return [sorted(v) if isinstance(v := tarif.get(nom), list) else v or "" for nom in noms]


@regle("TAR-01", BLOQUANTE, EntiteGeographique, source="RG_EXP_026", correction=Correction.SUPPRIMER)
def un_forfait_par_combinaison(examen: Examen) -> Iterator[Constat]:
    """One forfait socle per age group, type d'habitation, temporalité and condition tarifaire."""
    yield from _doublons(examen, socle=True)


@regle("TAR-02", BLOQUANTE, EntiteGeographique, source="RG_EXP_027", correction=Correction.SUPPRIMER)
def un_montant_par_combinaison(examen: Examen) -> Iterator[Constat]:
    """Any other tariff: one amount per combination of its attributes, unit included."""
    yield from _doublons(examen, socle=False)


@regle("TAR-03", BLOQUANTE, EntiteGeographique, source="RG_EXP_029")
def supplement_en_chambre_simple(examen: Examen) -> Iterator[Constat]:
    """A supplément is for the chambre simple (02)."""
    for prefixe, tarif in avec_chemin(examen.valeurs, "tarif"):
        habitation = tarif.get("type_habitation")
        if tarif.get("type_tarif") == SUPPLEMENT and habitation and habitation != CHAMBRE_SIMPLE:
            yield Constat(prefixe + "type_habitation")


@regle("TAR-04", BLOQUANTE, EntiteGeographique, source="RG_EXP_036")
def un_seul_nom_de_prestation(examen: Examen) -> Iterator[Constat]:
    """A prestation supplémentaire is of the list, or has a name of its own: one of the two."""
    for prefixe, tarif in avec_chemin(examen.valeurs, "tarif"):
        de_la_liste, autre = bool(tarif.get("nom_prestation_supp")), bool(tarif.get("nom_autre_prestation_supp"))
        if tarif.get("type_tarif") == PRESTATION and de_la_liste == autre:
            yield Constat(
                prefixe + ("nom_autre_prestation_supp" if autre else "nom_prestation_supp"), manque=not de_la_liste
            )


@regle("TAR-05", BLOQUANTE, EntiteGeographique, source="FHIR Money")
def montant_en_euros(examen: Examen) -> Iterator[Constat]:
    """An amount is in euros, zero or more, with two decimals at most."""
    for prefixe, tarif in avec_chemin(examen.valeurs, "tarif"):
        montant = nombre(tarif.get("montant_tarif"))
        if montant is not None and (montant < 0 or round(montant, 2) != montant):
            yield Constat(prefixe + "montant_tarif")
