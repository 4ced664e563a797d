"""Rules of a lieu: function, status, capacity, equipment and its limits, the offers it serves."""

from collections.abc import Iterator, Mapping

from rxror.ror.nomenclatures import sans_accent
from rxror.ror.objets import LieuRealisationOffre
from rxror.ror.objets.lieu import DISPONIBLE, FERME, INSTALLE, LIT, OCCUPE, PLACE, RESERVE
from rxror.ror.regles.capacites import lignes_editables, total
from rxror.ror.regles.declaration import DE_RXROR, Constat, Correction, Examen, Severite, regle, tenue
from rxror.ror.regles.valeurs import avec_chemin, lignes, nombre

GUIDE = "guide d’implémentation FHIR du ROR"
FERMES = ("1", "2")
BARIATRIQUE = ("obesite", "bariatrique")
LIGNE = ("nature_capacite", "statut_capacite", "nombre_capacite", "temporalite_capacite")
MOTS = {LIT: ("lit", ""), PLACE: ("place", "e")}
STATUTS = {DISPONIBLE: "disponible", OCCUPE: "occupé", RESERVE: "réservé"}
BLOQUANTE, ALERTE, INFORMATION = Severite.BLOQUANTE, Severite.ALERTE, Severite.INFORMATION


@regle("OBL-13", ALERTE, LieuRealisationOffre, source=GUIDE, manque=True)
def fonction_du_lieu(examen: Examen) -> Iterator[Constat]:
    """A lieu says its function."""
    if not examen.valeurs.get("fonction_lieu"):
        yield Constat("fonction_lieu")


@regle("OBL-13-STATUT", ALERTE, LieuRealisationOffre, source=GUIDE, manque=True)
def statut_du_lieu(examen: Examen) -> Iterator[Constat]:
    """A lieu says its status."""
    if not examen.valeurs.get("statut"):
        yield Constat("statut")


@regle("LIE-01", BLOQUANTE, LieuRealisationOffre, source="modèle d’exposition (1..1)", manque=True, dits=LIGNE)
def lignes_de_capacite(examen: Examen) -> Iterator[Constat]:
    """A line of capacity has a nature, a statut, a temporalité and a number; source and date are set by rxror."""
    for prefixe, ligne in lignes_editables(examen.valeurs):
        for nom in LIGNE:
            if ligne.get(nom) in (None, ""):
                yield Constat(prefixe + nom)
                break


@regle("LIE-01-NEGATIF", BLOQUANTE, LieuRealisationOffre, source="modèle d’exposition")
def nombres_positifs(examen: Examen) -> Iterator[Constat]:
    """Beds, places, equipment and dwellings are counted from zero."""
    comptes = [(prefixe, ligne, "nombre_capacite") for prefixe, ligne in lignes_editables(examen.valeurs)]
    for groupe, nom in (
        ("equipement_specifique", "nb_equipement_en_service"),
        ("capacite_habitation", "nb_habitation"),
    ):
        comptes += [(prefixe, ligne, nom) for prefixe, ligne in avec_chemin(examen.valeurs, groupe)]
    for prefixe, ligne, nom in comptes:
        if (ligne.get(nom) or 0) < 0:
            yield Constat(prefixe + nom)


@regle("LIE-02", ALERTE, LieuRealisationOffre, source=DE_RXROR)
def pas_plus_que_d_installes(examen: Examen) -> Iterator[Constat]:
    """Beds or places available, occupied or reserved are at most those installed; not judged without any."""
    yield from _au_dessus(examen, STATUTS)


@regle("LIE-02-FERMES", ALERTE, LieuRealisationOffre, source=DE_RXROR)
def pas_plus_de_fermes_que_d_installes(examen: Examen) -> Iterator[Constat]:
    """Closed beds or places are at most those installed; not judged without any."""
    yield from _au_dessus(examen, {FERME: "fermé"})


def _au_dessus(examen: Examen, statuts: Mapping[str, str]) -> Iterator[Constat]:
    for nature, (mot, e) in MOTS.items():
        installes = total(examen.valeurs, INSTALLE, nature)
        for statut, etat in statuts.items():
            n = total(examen.valeurs, statut, nature)
            if installes is None or n is None or n <= installes:
                continue
            details = {"n": n, "etat": f"{mot}{_s(n)} {etat}{e}{_s(n)}", "m": installes, "e": e, "s": _s(installes)}
            yield Constat(_chemin_de(examen, nature, statut), details, sur=(nature, statut, n, installes))


def _s(nombre: int) -> str:
    return "s" if nombre > 1 else ""


def _chemin_de(examen: Examen, nature: str, statut: str) -> str:
    for prefixe, ligne in lignes_editables(examen.valeurs):
        if ligne.get("nature_capacite") == nature and ligne.get("statut_capacite") == statut:
            return prefixe + "nombre_capacite"
    return "capacite_accueil_operationnelle"


@regle(
    "LIE-05",
    BLOQUANTE,
    LieuRealisationOffre,
    source="modèle d’exposition ; unités : règle de rxror",
    dits=("valeur_limite",),
)
def limites_d_equipement(examen: Examen) -> Iterator[Constat]:
    """A limit is a number over zero, in kilograms for a weight (001), in centimetres for a diameter (002)."""
    for prefixe, ligne in avec_chemin(examen.valeurs, "equipement_specifique"):
        for suite, limite in avec_chemin(ligne, "limite_caracteristique_equipement"):
            valeur = nombre(limite.get("valeur_limite"))
            if valeur is None or valeur <= 0:
                yield Constat(f"{prefixe}{suite}valeur_limite", manque=valeur is None)


@regle("LIE-06", INFORMATION, LieuRealisationOffre, source=DE_RXROR, correction=Correction.AJOUTER)
def limite_d_un_equipement_bariatrique(examen: Examen) -> Iterator[Constat]:
    """An equipment for obesity had better say its greatest weight or diameter."""
    for prefixe, ligne in avec_chemin(examen.valeurs, "equipement_specifique"):
        libelle = examen.catalogue.libelle("J18", ligne.get("type_equipement") or "")
        retire = ligne.get("nb_equipement_en_service") == 0
        limites = lignes(ligne, "limite_caracteristique_equipement")
        if not retire and not limites and any(mot in sans_accent(libelle) for mot in BARIATRIQUE):
            yield Constat(prefixe + "limite_caracteristique_equipement", {"equipement": libelle})


@regle("LIE-07", INFORMATION, LieuRealisationOffre, source=DE_RXROR)
def lieu_partage(examen: Examen) -> Iterator[Constat]:
    """A lieu that serves several offers changes for all of them."""
    n = examen.usages.get(examen.valeurs.get("identifiant") or "", 0)
    if n > 1:
        yield Constat("nom", {"n": n}, sur=n)


@regle("LIE-08", ALERTE, LieuRealisationOffre, source=DE_RXROR)
def lieu_ferme(examen: Examen) -> Iterator[Constat]:
    """A closed lieu serves no open offer."""
    n = examen.offres_ouvertes.get(examen.valeurs.get("identifiant") or "", 0)
    if examen.valeurs.get("statut") in FERMES and n:
        combien = f"{n} offres ouvertes" if n > 1 else "une offre ouverte"
        yield Constat("statut", {"offres": combien}, sur=(examen.valeurs.get("statut"), n))


tenue(
    "LIE-03",
    "Lines of capacity fed by another system (source other than 01) are shown and never edited.",
    LieuRealisationOffre,
    source=DE_RXROR,
    ou="rxror/ror/saisie.py",
)
tenue(
    "LIE-04",
    "An equipment whose number is 0 leaves, with its limits, at « Valider ».",
    LieuRealisationOffre,
    source="guide d’implémentation FHIR du ROR, scénario 7",
    ou="rxror/services/validation.py",
    correction=Correction.SUPPRIMER,
)
