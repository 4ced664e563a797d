"""Rules of a lieu: function, status, capacity, equipment and its limits."""

from collections.abc import Iterator

from rxror.ror.champs import groupes_de
from rxror.ror.objets import LieuRealisationOffre
from rxror.ror.regles.declaration import Constat, Examen, Severite, regle
from rxror.ror.regles.valeurs import avec_chemin, nombre

BLOQUANTE, ALERTE = Severite.BLOQUANTE, Severite.ALERTE


@regle("OBL-13", ALERTE, LieuRealisationOffre, source="guide d’implémentation FHIR du ROR", manque=True)
def fonction_du_lieu(examen: Examen) -> Iterator[Constat]:
    """A lieu says its function."""
    if not examen.valeurs.get("fonction_lieu"):
        yield Constat("fonction_lieu")


@regle("OBL-13-STATUT", ALERTE, LieuRealisationOffre, source="guide d’implémentation FHIR du ROR", manque=True)
def statut_du_lieu(examen: Examen) -> Iterator[Constat]:
    """A lieu says its status."""
    if not examen.valeurs.get("statut"):
        yield Constat("statut")


@regle("LIE-01", BLOQUANTE, LieuRealisationOffre, source="modèle d’exposition (1..1)", manque=True)
def lignes_de_capacite(examen: Examen) -> Iterator[Constat]:
    """A line of capacity has a nature, a statut, a temporalité and a number, zero or more."""
    figee = groupes_de(LieuRealisationOffre)["capacite_accueil_operationnelle"].figee_si
    for prefixe, ligne in avec_chemin(examen.valeurs, "capacite_accueil_operationnelle"):
        if figee and figee(ligne):
            continue
        for nom in ("nature_capacite", "statut_capacite", "nombre_capacite", "temporalite_capacite"):
            if ligne.get(nom) in (None, ""):
                yield Constat(prefixe + nom)
                break


@regle("LIE-05", BLOQUANTE, LieuRealisationOffre, source="modèle d’exposition")
def limites_d_equipement(examen: Examen) -> Iterator[Constat]:
    """A limit is a number over zero, in kilograms for a weight (001), in centimetres for a diameter (002)."""
    for prefixe, ligne in avec_chemin(examen.valeurs, "equipement_specifique"):
        for suite, limite in avec_chemin(ligne, "limite_caracteristique_equipement"):
            valeur = nombre(limite.get("valeur_limite"))
            if valeur is None or valeur <= 0:
                yield Constat(f"{prefixe}{suite}valeur_limite", manque=valeur is None)
