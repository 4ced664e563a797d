"""Rules of closing and reopening. An établissement closes in FINESS: there, what is wrong only asks for a look."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from rxror.ror.dates import date_longue
from rxror.ror.fermeture import DEFINITIVE, PROVISOIRE, Fermeture
from rxror.ror.objets import EntiteGeographique, OffreOperationnelle, OrganisationInterne
from rxror.ror.objets.lieu import DISPONIBLE
from rxror.ror.regles.capacites import lignes_editables, total
from rxror.ror.regles.declaration import DE_RXROR, Constat, Correction, Examen, Severite, regle, tenue
from rxror.ror.regles.offre import lieux_de
from rxror.ror.regles.valeurs import jour

FERMABLES = (OffreOperationnelle, OrganisationInterne)
BLOQUANTE, ALERTE, INFORMATION = Severite.BLOQUANTE, Severite.ALERTE, Severite.INFORMATION


def est_fermee(valeurs: Mapping[str, Any], aujourd_hui: date) -> bool:
    """Whether an object is closed on that day."""
    debut, retour = jour(valeurs.get("date_fermeture")), jour(valeurs.get("date_previsionnelle_reouverture"))
    return debut is not None and Fermeture(valeurs.get("type_fermeture") or "", debut, retour).en_cours(aujourd_hui)


@regle("FER-01", BLOQUANTE, *FERMABLES, source="RG_EXP_043")
def type_et_date(examen: Examen) -> Iterator[Constat]:
    """A closing has a type and a date, or neither."""
    sorte, quand = examen.valeurs.get("type_fermeture"), examen.valeurs.get("date_fermeture")
    if bool(sorte) != bool(quand):
        yield Constat("date_fermeture" if sorte else "type_fermeture")


@regle("FER-02", BLOQUANTE, *FERMABLES, source="RG_EXP_003")
def type_connu(examen: Examen) -> Iterator[Constat]:
    """A closing is definitive (DEF) or provisional (PRO): rxror keeps one date, and the type says which it is."""
    sorte = examen.valeurs.get("type_fermeture")
    if sorte and sorte not in (PROVISOIRE, DEFINITIVE):
        yield Constat("type_fermeture")


@regle("FER-03", BLOQUANTE, *FERMABLES, source="RG_EXP_045", correction=Correction.SUPPRIMER)
def reouverture_d_une_provisoire(examen: Examen) -> Iterator[Constat]:
    """Only a provisional closing has a reopening date."""
    retour = examen.valeurs.get("date_previsionnelle_reouverture")
    if retour and examen.valeurs.get("type_fermeture") != PROVISOIRE:
        yield Constat("date_previsionnelle_reouverture")


@regle("FER-03-ORDRE", BLOQUANTE, *FERMABLES, source=DE_RXROR)
def reouverture_apres_fermeture(examen: Examen) -> Iterator[Constat]:
    """A reopening comes after the closing."""
    debut, retour = (jour(examen.valeurs.get(n)) for n in ("date_fermeture", "date_previsionnelle_reouverture"))
    if debut and retour and retour <= debut:
        yield Constat("date_previsionnelle_reouverture")


@regle("FER-06", BLOQUANTE, OffreOperationnelle, source="RG_EXP_047")
def rien_de_disponible(examen: Examen) -> Iterator[Constat]:
    """A closed offer has no capacity « disponible » left, on the lieux that serve no open offer."""
    if not est_fermee(examen.valeurs, examen.jour):
        return
    for cle, lieu in lieux_de(examen):
        if examen.offres_ouvertes.get(cle, 0):
            continue
        for prefixe, ligne in lignes_editables(lieu):
            if ligne.get("statut_capacite") == DISPONIBLE and (ligne.get("nombre_capacite") or 0) > 0:
                nom = lieu.get("nom") or cle
                yield Constat(prefixe + "nombre_capacite", {"nom": nom}, lieu=cle)


@regle("FER-07", INFORMATION, OffreOperationnelle, source="RG_EXP_047")
def complete_et_ouverte(examen: Examen) -> Iterator[Constat]:
    """An open offer whose capacity « disponible » is 0 is full, not closed."""
    if est_fermee(examen.valeurs, examen.jour):
        return
    for cle, lieu in lieux_de(examen):
        if total(lieu, DISPONIBLE) == 0:
            yield Constat("capacite_accueil_operationnelle", {"nom": lieu.get("nom") or cle}, lieu=cle)


@regle("FER-09", BLOQUANTE, OrganisationInterne, EntiteGeographique, source="modèle des objets de santé (MOS)")
def ferme_apres_l_ouverture(examen: Examen) -> Iterator[Constat]:
    """A structure or an établissement closes after it opened."""
    debut, fin = jour(examen.valeurs.get("date_ouverture")), jour(examen.valeurs.get("date_fermeture"))
    if debut and fin and fin <= debut:
        poids = ALERTE if examen.classe is EntiteGeographique else BLOQUANTE
        yield Constat("date_fermeture", {"ouverture": date_longue(debut)}, sur=(debut, fin), severite=poids)


tenue(
    "FER-04",
    "The reopening date is emptied when an object reopens.",
    *FERMABLES,
    source="RG_EXP_046",
    ou="rxror/services/reouverture.py",
)
tenue(
    "FER-05",
    "Closing a level closes the levels and the offers below it, with the same type and dates, once the list is read.",
    *FERMABLES,
    source="RG_EXP_044",
    ou="rxror/services/fermeture.py",
)
tenue(
    "FER-08",
    "An offer that moves keeps its identifier: a trigger of the database forbids to change it.",
    OffreOperationnelle,
    source="RG_EXP_042",
    ou="alembic/versions/0001_premier_schema.py",
)
