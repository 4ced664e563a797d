"""The requirements computed on an établissement: CO2, CO4, EX1.2, EX2 to EX5, ST2, ST3. RE1.2 is in `recence`."""

from collections.abc import Sequence
from typing import Any

from rxror.ror.autorisations import PERINATALES, Autorisations, Notion
from rxror.ror.dates import date_longue
from rxror.ror.exigences import declarations as d
from rxror.ror.exigences import perimetre as p
from rxror.ror.exigences.entrees import EtablissementVu, FicheFiness, OffreVue, nu
from rxror.ror.exigences.phrases import phrase
from rxror.ror.exigences.verdicts import Exigence, Statut, Verdict
from rxror.ror.fermeture import DEFINITIVE, PROVISOIRE
from rxror.ror.fraicheur import offres as nombre_d_offres

_C, _E, _N, _S = Statut.CONFORME, Statut.ECART, Statut.NON_VERIFIABLE, Statut.SANS_OBJET
AUCUN, NON_AUTORISE = "aucun", "non autorisée"
TYPES = (("04", "3"), ("03", "2B"), ("02", "2A"), ("01", "1"))
NIVEAUX = (
    (Notion.REANIMATION_NEONATALE, "3"),
    (Notion.SOINS_INTENSIFS_NEONATALS, "2B"),
    (Notion.NEONATOLOGIE, "2A"),
    (Notion.OBSTETRIQUE, "1"),
)
# Activities that a type of maternity asks for, and no other of the three.
DECRITES = {
    "1": frozenset[str](),
    "2A": frozenset({p.AO_NEONATOLOGIE}),
    "2B": frozenset({p.AO_NEONATOLOGIE, p.AO_SOINS_INTENSIFS}),
    "3": frozenset({p.AO_NEONATOLOGIE, p.AO_SOINS_INTENSIFS, p.AO_REANIMATION_NEONATALE}),
}
MOTS = {
    p.AO_NEONATOLOGIE: "la néonatologie",
    p.AO_SOINS_INTENSIFS: "les soins intensifs de néonatologie",
    p.AO_REANIMATION_NEONATALE: "la réanimation néonatale",
}


# ------------------------------------------------------------------------------- CO2


def co2(eg: EtablissementVu, offres: Sequence[OffreVue]) -> Verdict:
    """CO2: the type of maternity, the offers described and the authorisation agree.

    Only offers of hospitalisation that have a perinatal activity or a type are looked at; an EG without any is not
    seen. What the offers contradict by themselves is an écart whatever FINESS says.
    """
    vues = [o for o in offres if _perinatale(o)]
    if not vues:
        return _verdict(d.CO2, eg, _S, phrase("CO2", "sans_objet"))
    declare = _type_declare(vues)
    conseils = _conseils_maternite(vues, declare)
    if eg.autorisations is None:
        if conseils:
            return _ecart_co2(eg, "incoherent", conseils, declare)
        return _verdict(d.CO2, eg, _N, phrase("CO2", "non_chargees", declare=declare))
    autorise = _type_autorise(eg.autorisations)
    if not conseils and autorise is None:
        return _verdict(d.CO2, eg, _N, phrase("CO2", "code", declare=declare))
    if not conseils and autorise == declare:
        return _verdict(d.CO2, eg, _C, phrase("CO2", "conforme", declare=declare, jour=_jour(eg.autorisations)))
    return _ecart_co2(eg, "ecart" if autorise else "incoherent", conseils, declare, autorise or "")


def _perinatale(offre: OffreVue) -> bool:
    return (
        not offre.fermee
        and offre.mode in p.MODES_MATERNITE
        and bool(offre.activites & p.AO_MATERNITE or offre.types_maternite)
    )


def _type_declare(offres: Sequence[OffreVue]) -> str:
    codes = frozenset().union(*(o.types_maternite for o in offres))
    return next((mot for code, mot in TYPES if code in codes), AUCUN)


def _type_autorise(connues: Autorisations) -> str | None:
    """The type that FINESS authorises; None when an unknown code may raise it."""
    sur = next((mot for notion, mot in NIVEAUX if connues.a(notion)), NON_AUTORISE)
    if sur == "3" or not connues.incertaines & set(PERINATALES):
        return sur
    return None


def _conseils_maternite(offres: Sequence[OffreVue], declare: str) -> list[str]:
    """What to do for the offers to agree with the declared type; nothing when they do."""
    decrites = frozenset().union(*(o.activites for o in offres))
    conseils = [] if decrites & p.AO_OBSTETRIQUE else ["Décrivez une offre d’obstétrique."]
    if not any("maternite" in nu(o.nom) for o in offres):
        conseils.append("Mettez le mot « maternité » dans le nom d’une de ces offres.")
    if declare == AUCUN:
        return [*conseils, "Indiquez le type de maternité, dans « Niveau de recours dans le parcours de santé »."]
    voulues = DECRITES[declare]
    conseils += [f"Décrivez {mots}." for code, mots in MOTS.items() if code in voulues - decrites]
    en_trop = [mots for code, mots in MOTS.items() if code in decrites - voulues]
    if en_trop:
        conseils.append(f"Une maternité de type {declare} ne décrit pas {', '.join(en_trop)} : vérifiez le type.")
    return conseils


def _ecart_co2(eg: EtablissementVu, cas: str, conseils: list[str], declare: str, autorise: str = "") -> Verdict:
    conseil = " ".join(conseils) or "Corrigez le type déclaré, ou faites corriger FINESS par l’ARS."
    texte = phrase("CO2", cas, declare=declare, autorise=autorise, conseil=conseil, jour=_jour(eg.autorisations))
    return _verdict(
        d.CO2,
        eg,
        _E,
        texte,
        path_element_error="HealthcareService.characteristic[expertiseLevel]",
        error_value=declare,
        proposed_value=autorise,
    )


# -------------------------------------------------------------------- EX3, EX4, EX5


def ex3(eg: EtablissementVu, offres: Sequence[OffreVue]) -> Verdict:
    """EX3: an authorised réanimation is described by an offer; closed offers count, as in the view."""
    return _autorisee_decrite(d.EX3, eg, offres, Notion.REANIMATION, p.AO_REANIMATION)


def ex4(eg: EtablissementVu, offres: Sequence[OffreVue]) -> Verdict:
    """EX4: the same for the paediatric réanimation."""
    return _autorisee_decrite(d.EX4, eg, offres, Notion.REANIMATION_PEDIATRIQUE, p.AO_REANIMATION_PEDIATRIQUE)


def ex5(eg: EtablissementVu, offres: Sequence[OffreVue]) -> Verdict:
    """EX5: the same for the neonatal réanimation."""
    return _autorisee_decrite(d.EX5, eg, offres, Notion.REANIMATION_NEONATALE, frozenset({p.AO_REANIMATION_NEONATALE}))


def _autorisee_decrite(
    exigence: Exigence, eg: EtablissementVu, offres: Sequence[OffreVue], notion: Notion, activites: frozenset[str]
) -> Verdict:
    """Without authorisations loaded, an EG outside sanitaire is left out: none is given there."""
    connues = eg.autorisations
    if eg.categorie not in p.SUIVIES or (connues is None and eg.categorie not in p.DOMAINE_SANITAIRE):
        return _verdict(exigence, eg, _S, phrase("EX", "hors_perimetre"))
    n = sum(bool(o.activites & activites) for o in offres)
    details = {
        "notion": notion.value,
        "jour": _jour(connues),
        "offres": f"{nombre_d_offres(n)} la décri{'ven' if n > 1 else ''}t",
    }
    if connues is None:
        return _verdict(exigence, eg, _N, phrase("EX", "non_chargees_mais" if n else "non_chargees", **details))
    if connues.ignore(notion):
        return _verdict(exigence, eg, _N, phrase("EX", "code"))
    if not connues.a(notion):
        return _verdict(exigence, eg, _S, phrase("EX", "sans_objet", **details))
    if n:
        return _verdict(exigence, eg, _C, phrase("EX", "conforme", **details))
    return _verdict(
        exigence,
        eg,
        _E,
        phrase("EX", "ecart", **details),
        path_element_error="HealthcareService.specialty[operationalActivity]",
        proposed_value=notion.value,
    )


# ------------------------------------------------------------- against FINESS itself


def ex1_2(eg: EtablissementVu, _: Sequence[OffreVue]) -> Verdict:
    """EX1.2: an EG of the historic perimeter that FINESS knows is described.

    A sanitaire EG is in it with an authorisation of MCO, SMR or PSY; the psychiatric categories are without.
    """
    if eg.categorie not in p.HISTORIQUE or (eg.fiche and not eg.fiche.connue):
        return _verdict(d.EX1_2, eg, _S, phrase("EX1.2", "sans_objet"))
    if eg.categorie in p.DOMAINE_SANITAIRE and eg.categorie not in p.PSYCHIATRIQUES:
        if eg.autorisations is None:
            return _verdict(d.EX1_2, eg, _N, phrase("EX1.2", "non_chargees"))
        if not any(eg.autorisations.a(champ) for champ in p.CHAMPS.values()):
            return _verdict(d.EX1_2, eg, _S, phrase("EX1.2", "sans_objet"))
    return _verdict(d.EX1_2, eg, _C, phrase("EX1.2", "conforme"))


def ex2(eg: EtablissementVu, _: Sequence[OffreVue]) -> Verdict:
    """EX2: open or closed as in FINESS.

    Écart also when FINESS does not know the EG, whether it is open or closed here, and when it is caduc without a
    closing date and closed here.
    """
    if eg.finess in ("", p.FINESS_FACTICE):
        return _verdict(d.EX2, eg, _S, phrase("EX2", "sans_objet"))
    fiche = eg.fiche
    if fiche is None:
        return _verdict(d.EX2, eg, _N, phrase("EX2", "sans_finess"))
    ferme, ferme_finess = eg.fermeture is not None, fiche.fermeture is not None
    ecart = (
        (not fiche.connue and not ferme)
        or ((ferme_finess or fiche.caduc) and not ferme)
        or (not ferme_finess and ferme)
        or _types_different(fiche, eg)
    )
    etat = _etat(ferme, eg.type_fermeture)
    details = {"etat": etat, "finess": _etat_finess(fiche), "jour": date_longue(fiche.jour)}
    if not ecart:
        return _verdict(d.EX2, eg, _C, phrase("EX2", "conforme", **(details | {"etat": etat.capitalize()})))
    return _verdict(
        d.EX2,
        eg,
        _E,
        phrase("EX2", "ecart", **details),
        path_element_error="Organization.extension[organization-period].end",
        error_value=etat,
        proposed_value=_etat_finess(fiche),
    )


def _types_different(fiche: FicheFiness, eg: EtablissementVu) -> bool:
    """Closed for a while on one side only; an unknown type on our side is not compared, as SQL does with NULL."""
    return (
        fiche.type_fermeture in (PROVISOIRE, DEFINITIVE)
        and bool(eg.type_fermeture)
        and eg.type_fermeture != fiche.type_fermeture
    )


def _etat(ferme: bool, type_fermeture: str) -> str:
    if not ferme:
        return "ouvert"
    return "fermé provisoirement" if type_fermeture == PROVISOIRE else "fermé définitivement"


def _etat_finess(fiche: FicheFiness) -> str:
    if not fiche.connue:
        return "inconnu"
    return "caduc" if fiche.caduc else _etat(fiche.fermeture is not None, fiche.type_fermeture)


def co4(eg: EtablissementVu, _: Sequence[OffreVue]) -> Verdict:
    """CO4: the category is that of FINESS; EG open or closed for a while."""
    if not eg.suivi or eg.categorie in p.HORS_FINESS or eg.finess in ("", p.FINESS_FACTICE):
        return _verdict(d.CO4, eg, _S, phrase("CO4", "sans_objet"))
    fiche = eg.fiche
    if fiche is None:
        return _verdict(d.CO4, eg, _N, phrase("CO4", "sans_finess"))
    if fiche.connue and eg.categorie == fiche.categorie:
        return _verdict(d.CO4, eg, _C, phrase("CO4", "conforme", ror=eg.categorie, jour=date_longue(fiche.jour)))
    finess = fiche.categorie if fiche.connue else "établissement inconnu"
    return _verdict(
        d.CO4,
        eg,
        _E,
        phrase("CO4", "ecart", ror=eg.categorie or "aucune", finess=finess),
        path_element_error="Organization.type[categorieEG]",
        error_value=eg.categorie,
        proposed_value=fiche.categorie,
    )


def st2(eg: EtablissementVu, _: Sequence[OffreVue]) -> Verdict:
    """ST2: the entité juridique is that of FINESS; the activities file, when it is later, is the one to believe."""
    if not eg.suivi or eg.finess in ("", p.FINESS_FACTICE):
        return _verdict(d.ST2, eg, _S, phrase("ST2", "sans_objet"))
    fiche, connues = eg.fiche, eg.autorisations
    if fiche is None and not (connues and connues.ej):
        return _verdict(d.ST2, eg, _N, phrase("ST2", "sans_finess"))
    if connues and connues.ej and (fiche is None or connues.jour > fiche.jour):
        finess, jour = connues.ej, connues.jour
    else:
        assert fiche is not None
        finess, jour = fiche.ej if fiche.connue else "", fiche.jour
    if finess and finess == eg.ej:
        return _verdict(d.ST2, eg, _C, phrase("ST2", "conforme", ror=eg.ej, jour=date_longue(jour)))
    return _verdict(
        d.ST2,
        eg,
        _E,
        phrase("ST2", "ecart", ror=eg.ej or "aucune", finess=finess or "aucune", jour=date_longue(jour)),
        path_element_error="Organization.partOf",
        error_value=eg.ej,
        proposed_value=finess,
    )


def st3(eg: EtablissementVu, _: Sequence[OffreVue]) -> Verdict:
    """ST3: no other open EJ or EG of the region has the same national identifier."""
    if eg.fermeture is not None or eg.categorie in {"", *p.HORS_FINESS}:
        return _verdict(d.ST3, eg, _S, phrase("ST3", "sans_objet"))
    if not eg.doublons:
        return _verdict(d.ST3, eg, _C, phrase("ST3", "conforme"))
    return _verdict(
        d.ST3,
        eg,
        _E,
        phrase("ST3", "ecart", autres=_autres(eg.doublons)),
        path_element_error="Organization.identifier[idNatSt]",
        error_value=eg.finess,
    )


def _autres(n: int) -> str:
    return f"{n} autres objets ouverts de la région portent" if n > 1 else "1 autre objet ouvert de la région porte"


DE_L_ETABLISSEMENT = (ex1_2, ex2, co4, st2, st3, co2, ex3, ex4, ex5)


def verifier_etablissement(eg: EtablissementVu, offres: Sequence[OffreVue]) -> list[Verdict]:
    """The requirements of one établissement, RE1.2 apart."""
    return [regle(eg, offres) for regle in DE_L_ETABLISSEMENT]


def _jour(connues: Autorisations | None) -> str:
    return date_longue(connues.jour) if connues else ""


def _verdict(exigence: Exigence, eg: EtablissementVu, statut: Statut, texte: str, **autres: Any) -> Verdict:
    return Verdict(exigence, statut, texte, eg.cle, eg.nom, **autres)
