"""Rules of an offer: what it must say, ages, activités, lieux, codes of the demand."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from rxror.ror.champs import champs_de, codes_permis
from rxror.ror.objets import OffreOperationnelle
from rxror.ror.objets.offre_operationnelle import MEDICO_SOCIAL, TYPE_OFFRE_EXIGE, UNITES_AGE
from rxror.ror.regles import formats
from rxror.ror.regles.declaration import DE_RXROR, Constat, Examen, Severite, regle, tenue
from rxror.ror.regles.valeurs import avec_chemin, codes, lignes
from rxror.ror.saisie import LIGNE_UNIQUE

JOURS = {"a": 365.25, "mo": 30.4375, "wk": 7.0, "d": 1.0}
AGES = ("age_min", "age_min_unite", "age_max", "age_max_unite")
AGE_MAXIMUM, AGE_ETONNANT = 150, 130
BLOQUANTE, ALERTE = Severite.BLOQUANTE, Severite.ALERTE


@regle("OBL-02", BLOQUANTE, OffreOperationnelle, source="modèle de saisie MS-141", manque=True, dits=("nom_offre",))
def nom_de_l_offre(examen: Examen) -> Iterator[Constat]:
    """An offer has a name."""
    if not (examen.valeurs.get("nom_offre") or "").strip():
        yield Constat("nom_offre")


@regle("OBL-05", BLOQUANTE, OffreOperationnelle, source="modèle d’exposition (1..*), BI CP4", manque=True)
def activites(examen: Examen) -> Iterator[Constat]:
    """An offer has at least one activité opérationnelle."""
    if not any(a.get("activite_operationnelle") for a in lignes(examen.valeurs, "activite_operationnelle")):
        yield Constat("activite_operationnelle")


def _patientele(examen: Examen) -> tuple[str, Mapping[str, Any]]:
    ligne = next(iter(lignes(examen.valeurs, "patientele")), {})
    return f"patientele.{ligne.get('cle', LIGNE_UNIQUE)}.", ligne


def _age(ligne: Mapping[str, Any], nom: str) -> float | None:
    """An age in days; None when it is not whole or its unit is not accepted."""
    valeur, unite = ligne.get(nom), ligne.get(nom + "_unite")
    return valeur * JOURS[unite] if valeur is not None and unite in JOURS else None


@regle("OBL-06", BLOQUANTE, OffreOperationnelle, source="modèle d’exposition (1..1), BI CP4", manque=True, dits=AGES)
def deux_ages(examen: Examen) -> Iterator[Constat]:
    """The patientèle has both ages, each with its unit."""
    prefixe, ligne = _patientele(examen)
    for nom in AGES:
        if ligne.get(nom) in (None, ""):
            yield Constat(prefixe + nom)
            return


@regle("COH-01", BLOQUANTE, OffreOperationnelle, source="RG_EXP_048")
def unite_d_age(examen: Examen) -> Iterator[Constat]:
    """Ages are given in years, months, weeks or days."""
    prefixe, ligne = _patientele(examen)
    for nom in ("age_min_unite", "age_max_unite"):
        if ligne.get(nom) and ligne[nom] not in UNITES_AGE:
            yield Constat(prefixe + nom)
            return


@regle("COH-02", BLOQUANTE, OffreOperationnelle, source=DE_RXROR)
def ordre_des_ages(examen: Examen) -> Iterator[Constat]:
    """The minimum age is not over the maximum one, both counted in days."""
    prefixe, ligne = _patientele(examen)
    mini, maxi = _age(ligne, "age_min"), _age(ligne, "age_max")
    if mini is not None and maxi is not None and mini > maxi:
        yield Constat(prefixe + "age_min")


@regle("COH-02-NEGATIF", BLOQUANTE, OffreOperationnelle, source=DE_RXROR)
def ages_positifs(examen: Examen) -> Iterator[Constat]:
    """No age is negative."""
    prefixe, ligne = _patientele(examen)
    for nom in ("age_min", "age_max"):
        if (_age(ligne, nom) or 0) < 0:
            yield Constat(prefixe + nom)


@regle("COH-02-MAX", BLOQUANTE, OffreOperationnelle, source=DE_RXROR)
def age_impossible(examen: Examen) -> Iterator[Constat]:
    """The maximum age is 150 years at most."""
    prefixe, ligne = _patientele(examen)
    if (_age(ligne, "age_max") or 0) > AGE_MAXIMUM * JOURS["a"]:
        yield Constat(prefixe + "age_max")


@regle("COH-02-ALERTE", ALERTE, OffreOperationnelle, source=DE_RXROR)
def age_etonnant(examen: Examen) -> Iterator[Constat]:
    """A maximum age over 130 years, up to 150, asks for a look: published data hold some."""
    prefixe, ligne = _patientele(examen)
    if AGE_ETONNANT * JOURS["a"] < (_age(ligne, "age_max") or 0) <= AGE_MAXIMUM * JOURS["a"]:
        yield Constat(prefixe + "age_max", sur=(ligne.get("age_max"), ligne.get("age_max_unite")))


@regle("OBL-07", BLOQUANTE, OffreOperationnelle, source="RG_EXP_008", manque=True, dits=("public_pris_en_charge",))
def public_en_medico_social(examen: Examen) -> Iterator[Constat]:
    """A médico-social offer says which public it receives."""
    prefixe, ligne = _patientele(examen)
    if examen.contexte.champ_activite == MEDICO_SOCIAL and not codes(ligne, "public_pris_en_charge"):
        yield Constat(prefixe + "public_pris_en_charge")


@regle(
    "OBL-08",
    BLOQUANTE,
    OffreOperationnelle,
    source="RG_EXP_007",
    manque=True,
    dits=("famille_activite_operationnelle",),
)
def familles_en_medico_social(examen: Examen) -> Iterator[Constat]:
    """A médico-social offer gives each activité its family."""
    if examen.contexte.champ_activite != MEDICO_SOCIAL:
        return
    for prefixe, ligne in avec_chemin(examen.valeurs, "activite_operationnelle"):
        code = ligne.get("activite_operationnelle")
        if code and not ligne.get("famille_activite_operationnelle"):
            nom = examen.catalogue.libelle("J17", code)
            yield Constat(prefixe + "famille_activite_operationnelle", {"activite": nom})


@regle("OBL-09", BLOQUANTE, OffreOperationnelle, source="RG_EXP_035", manque=True, dits=("unite_sensible",))
def unite_sensible(examen: Examen) -> Iterator[Constat]:
    """The question of the unité sensible is answered; a new offer answers no."""
    if examen.valeurs.get("unite_sensible") is None:
        yield Constat("unite_sensible")


@regle(
    "OBL-10",
    ALERTE,
    OffreOperationnelle,
    source="modèle de saisie MS-141, BI SuiviPeuplementROR_UE",
    manque=True,
    dits=("type_offre",),
)
def type_d_offre(examen: Examen) -> Iterator[Constat]:
    """An offer has a type; blocking for the EG categories 209, 354 and 460, where the indicator needs it."""
    bloque, modele = examen.contexte.categorie in TYPE_OFFRE_EXIGE, examen.contexte.modele
    demande = modele is not None and modele.demande(champs_de(OffreOperationnelle)["type_offre"])  # OBL-01-MODELE
    if not examen.valeurs.get("type_offre") and (bloque or not demande):
        yield Constat("type_offre", severite=BLOQUANTE if bloque else ALERTE)


@regle("COH-03", ALERTE, OffreOperationnelle, source="RG_EXP_028 ; types permis : modèle de saisie de l’offre")
def type_du_champ(examen: Examen) -> Iterator[Constat]:
    """The type d'offre is of the champ d'activité: no list says which are, only a modèle de saisie does."""
    type_offre = examen.valeurs.get("type_offre")
    if type_offre and examen.contexte.modele:
        permis = codes_permis(champs_de(OffreOperationnelle)["type_offre"], examen.contexte)
        if permis and type_offre not in permis:
            details = {"modele": examen.contexte.modele.nom}
            yield Constat("type_offre", details, sur=(type_offre, examen.contexte.modele.nom))


@regle("FMT-SECTEUR", ALERTE, OffreOperationnelle, source=DE_RXROR)
def secteurs_psychiatriques(examen: Examen) -> Iterator[Constat]:
    """A secteur psychiatrique is a département, a letter among G, I, P, Z and two digits."""
    tenu = examen.valeurs.get("secteur_psychiatrique") or ""
    secteurs = tenu if isinstance(tenu, list) else re.split(r"[,;\s]+", tenu.strip())
    faux = [s for s in secteurs if s and not formats.secteur_psychiatrique(s.upper())]
    if faux:
        yield Constat("secteur_psychiatrique", {"secteur": faux[0]}, sur=faux)


def adresse_exploitable(lieu: Mapping[str, Any]) -> bool:
    """Whether an address can be used: a street or lieu-dit, a town and a postcode (BI CP4)."""
    return bool((lieu.get("libelle_voie") or lieu.get("lieu_dit")) and lieu.get("localite") and lieu.get("code_postal"))


def lieux_de(examen: Examen) -> list[tuple[str, Mapping[str, Any]]]:
    """The lieux of an offer, (identifier, values)."""
    voulus = codes(examen.valeurs, "lieu_realisation_offre")
    return [(cle, examen.lieux[cle]) for cle in voulus if cle in examen.lieux]


@regle("OBL-11-AUCUN", BLOQUANTE, OffreOperationnelle, source="BI CP4", manque=True, dits=("lieu_realisation_offre",))
def un_lieu(examen: Examen) -> Iterator[Constat]:
    """An offer has at least one lieu, of its own établissement."""
    if not lieux_de(examen):
        yield Constat("lieu_realisation_offre")


@regle("OBL-11", BLOQUANTE, OffreOperationnelle, source="BI CP4", manque=True)
def adresse(examen: Examen) -> Iterator[Constat]:
    """At least one lieu has a usable address: a street or lieu-dit, a town and a postcode."""
    lieux = lieux_de(examen)
    if lieux and not any(adresse_exploitable(lieu) for _, lieu in lieux):
        cle, lieu = lieux[0]
        voie = lieu.get("libelle_voie") or lieu.get("lieu_dit")
        nom = "libelle_voie" if not voie else "localite" if not lieu.get("localite") else "code_postal"
        yield Constat(nom, lieu=cle)


tenue(
    "OBL-03",
    "One champ d'activité, frozen once the offer is created: the reader refuses another one and says so.",
    OffreOperationnelle,
    source="RG_EXP_010",
    ou="rxror/ror/saisie.py",
    severite=BLOQUANTE,
)
tenue(
    "OBL-04",
    "One mode de prise en charge, frozen once the offer is created: the reader refuses another one and says so.",
    OffreOperationnelle,
    source="RG_EXP_011",
    ou="rxror/ror/saisie.py",
    severite=BLOQUANTE,
)
tenue(
    "COH-15",
    "Opening times of a professional are of types 03, 06 and 07: rxror keeps none, only the text of the RPPS.",
    OffreOperationnelle,
    source="RG_EXP_049",
    ou="rxror/ror/objets/offre_operationnelle.py",
    severite=BLOQUANTE,
)
tenue(
    "COH-16",
    "What comes from the RPPS is not read from a form: it is corrected in the Annuaire Santé.",
    OffreOperationnelle,
    source="RG_EXP_031",
    ou="rxror/ror/saisie.py",
    severite=BLOQUANTE,
)
