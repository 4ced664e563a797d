"""The requirements computed on one offer: CO1, CO3, CP4, CP5, CP6. None of them ever blocks."""

from typing import Any

from rxror.ror.autorisations import Autorisations, Notion
from rxror.ror.champs import champs_de, groupes_de
from rxror.ror.dates import date_longue
from rxror.ror.exigences import declarations as d
from rxror.ror.exigences import perimetre as p
from rxror.ror.exigences.entrees import EtablissementVu, OffreVue, nu
from rxror.ror.exigences.peuplement import A_FAIRE, EN_COURS, FINALISE, statut_de
from rxror.ror.exigences.phrases import phrase
from rxror.ror.exigences.verdicts import Exigence, Statut, Verdict
from rxror.ror.objets import LieuRealisationOffre, OffreOperationnelle
from rxror.ror.objets.lieu import INSTALLE

# Words of a name that tell a unité sensible, as the view writes them, its misspelling included.
MOTS_SENSIBLES = (
    "uhsi",
    "securisee interregionale",
    "securite inter-regionale",
    "securise",
    "detenus",
    "usmp",
    "penitentia",
    "uhsa",
    "specialement amenage",
    "service medico-psycologique",
    "ufdh",
    "umdh",
    "nrbc",
    "decontamination",
    "contamine",
)
_C, _E, _N, _S = Statut.CONFORME, Statut.ECART, Statut.NON_VERIFIABLE, Statut.SANS_OBJET


def co1(offre: OffreVue, etablissement: EtablissementVu) -> Verdict:
    """CO1: an accueil des urgences is named so and authorised.

    An EG that FINESS does not hold, or of a category that is not followed, is left out. Both activities, or the
    polyvalent one alone, ask for an « urgences » authorisation; the paediatric one alone takes either.
    """
    actes = offre.activites & {p.AO_URGENCES, p.AO_URGENCES_PEDIATRIQUES}
    if offre.fermee or offre.mode != p.ACCUEIL_DES_URGENCES or not actes:
        return _verdict(d.CO1, offre, _S, phrase("CO1", "sans_objet"))
    if etablissement.categorie not in p.SUIVIES:
        return _verdict(d.CO1, offre, _S, phrase("CO1", "hors_perimetre"))
    if etablissement.fiche and not etablissement.fiche.connue:
        return _verdict(d.CO1, offre, _S, phrase("CO1", "hors_finess"))
    nomme, autorisee = "urgence" in nu(offre.nom), _autorise_les_urgences(etablissement.autorisations, actes)
    jour = _jour(etablissement.autorisations)
    if not nomme:
        cas = "nom+autorisation" if autorisee is False else "nom"
        propose = nom_avec_urgences(offre.nom)
        return _verdict(
            d.CO1,
            offre,
            _E,
            phrase("CO1", cas, jour=jour),
            "nom_offre",
            error_value=offre.nom,
            proposed_value=propose,
            remede="CO1" if propose else "",
        )
    if autorisee is None:
        cas = "code" if etablissement.autorisations else "non_chargees"
        return _verdict(d.CO1, offre, _N, phrase("CO1", cas))
    if not autorisee:
        return _verdict(d.CO1, offre, _E, phrase("CO1", "autorisation", jour=jour), "activite_operationnelle")
    return _verdict(d.CO1, offre, _C, phrase("CO1", "conforme", jour=jour))


def _autorise_les_urgences(connues: Autorisations | None, actes: frozenset[str]) -> bool | None:
    """Whether the activities are authorised; None when it cannot be said."""
    if connues is None:
        return None
    voulues = [Notion.URGENCES]
    if p.AO_URGENCES not in actes:
        voulues.append(Notion.URGENCES_PEDIATRIQUES)
    if any(connues.a(n) for n in voulues):
        return True
    return None if any(connues.ignore(n) for n in voulues) else False


def nom_avec_urgences(nom: str) -> str:
    """The name with « urgences » added; "" when it would be too long."""
    propose = f"{nom}, urgences" if nom else "Urgences"
    return propose if len(propose) <= (champs_de(OffreOperationnelle)["nom_offre"].maximum or 255) else ""


def co3(offre: OffreVue, etablissement: EtablissementVu) -> Verdict:
    """CO3: what looks sensitive is declared so, and nothing else is.

    The name is that of the offer or of the open UF that holds it. Closed offers are left out of the first direction
    and not of the second, as in the view.
    """
    signe = "" if offre.fermee or etablissement.categorie in {"", *p.CO3_EXCLUES} else _signe_sensible(offre)
    if signe and not offre.unite_sensible:
        return _verdict(
            d.CO3,
            offre,
            _E,
            phrase("CO3", "ecart", signe=signe),
            "unite_sensible",
            error_value="non",
            proposed_value="oui",
            remede="CO3",
        )
    if offre.unite_sensible and not signe:
        cas = "inverse_nrbc" if offre.actes & p.ACTES_NRBC else "inverse"
        return _verdict(d.CO3, offre, _E, phrase("CO3", cas), "unite_sensible", error_value="oui")
    return _verdict(d.CO3, offre, _C, phrase("CO3", "conforme" if signe else "ordinaire"))


def _signe_sensible(offre: OffreVue) -> str:
    """What tells that the offer is sensitive, in words; "" for nothing."""
    if _nom_sensible(offre.nom):
        return "son nom le dit"
    if _nom_sensible(offre.uf):
        return "le nom de son UF le dit"
    return "activité « médecine pénitentiaire »" if p.AO_MEDECINE_PENITENTIAIRE in offre.activites else ""


def _nom_sensible(nom: str) -> bool:
    texte = nu(nom)
    return any(mot in texte for mot in MOTS_SENSIBLES) or ("smpr" in texte and "readaptation" not in texte)


def cp4(offre: OffreVue, _: EtablissementVu) -> Verdict:
    """CP4: the peuplement of the offer is finalised."""
    if offre.fermee:
        return _verdict(d.CP4, offre, _S, phrase("CP4", "sans_objet"))
    if statut_de(offre) == FINALISE:
        return _verdict(d.CP4, offre, _C, phrase("CP4", "conforme"))
    mots = {EN_COURS: "en cours", A_FAIRE: "à faire"}[statut_de(offre)]
    section, chemin = offre.champ_manquant
    texte = phrase("CP4", "ecart", statut=mots, reste=", ".join(offre.reste))
    return _verdict(d.CP4, offre, _E, texte, chemin, section=section)


def cp5(offre: OffreVue, etablissement: EtablissementVu) -> Verdict:
    """CP5: a médico-social accommodation gives its type and whether it is temporary."""
    categorie = etablissement.categorie
    concernee = categorie in p.CP5_TOUJOURS or (categorie in p.CP5_JOUR_ET_NUIT and offre.mode == p.JOUR_ET_NUIT)
    if not _hebergement(offre, etablissement) or not concernee:
        return _verdict(d.CP5, offre, _S, phrase("CP5", "sans_objet"))
    reste = [
        (nom, mots)
        for nom, mots, valeur in (
            ("type_offre", "le type d’offre", offre.type_offre),
            ("temporalite_accueil", "l’accueil, temporaire ou permanent", offre.temporalite),
        )
        if not valeur
    ]
    if not reste:
        return _verdict(d.CP5, offre, _C, phrase("CP5", "conforme"))
    texte = phrase("CP5", "ecart", reste=" et ".join(mots for _, mots in reste))
    return _verdict(d.CP5, offre, _E, texte, reste[0][0])


def cp6(offre: OffreVue, etablissement: EtablissementVu) -> Verdict:
    """CP6: a médico-social accommodation gives its installed places.

    The view reads NbPlacesInstallees, which the modèle d'exposition 3.0 no longer has: we sum the installed, usual
    capacities of the offer's lieux.
    """
    if not _hebergement(offre, etablissement) or offre.type_offre == p.PASA:
        return _verdict(d.CP6, offre, _S, phrase("CP6", "sans_objet"))
    if offre.places > 0:
        return _verdict(d.CP6, offre, _C, phrase("CP6", "conforme", places=_places(offre.places)))
    if not offre.lieu:
        return _verdict(d.CP6, offre, _E, phrase("CP6", "sans_lieu"), "lieu_realisation_offre")
    return Verdict(
        d.CP6,
        _E,
        phrase("CP6", "ecart"),
        f"{LieuRealisationOffre.GENRE}:{offre.lieu}",
        offre.nom,
        "capacitaire",
        "capacite_accueil_operationnelle",
        f"Location.extension[ror-location-supported-capacity].where(status='{INSTALLE}')",
        error_value="0",
        offre=offre.identifiant,
    )


def _places(n: int) -> str:
    return f"{n} places installées" if n > 1 else "1 place installée"


def _hebergement(offre: OffreVue, etablissement: EtablissementVu) -> bool:
    return (
        not offre.fermee
        and offre.mode in p.MODES_HEBERGEMENT
        and offre.type_offre != p.PLATEFORME_DE_REPIT
        and etablissement.categorie in p.HEBERGEMENT
    )


DE_L_OFFRE = (cp4, co1, co3, cp5, cp6)


def verifier_offre(offre: OffreVue, etablissement: EtablissementVu) -> list[Verdict]:
    """All the requirements of one offer."""
    return [regle(offre, etablissement) for regle in DE_L_OFFRE]


def _jour(connues: Autorisations | None) -> str:
    return date_longue(connues.jour) if connues else ""


def _verdict(
    exigence: Exigence,
    offre: OffreVue,
    statut: Statut,
    texte: str,
    chemin: str = "",
    *,
    section: str = "",
    **autres: Any,
) -> Verdict:
    """A verdict on the offer; the section and the FHIR path come from the declaration of the field."""
    nom = chemin.partition(".")[0]
    element = {**groupes_de(OffreOperationnelle), **champs_de(OffreOperationnelle)}.get(nom)
    fhir = f"HealthcareService.{element.fhir}" if element else ""
    section = section or (element.section if element else "")
    sujet = {"offre": offre.identifiant, **autres}
    return Verdict(exigence, statut, texte, offre.cle, offre.nom, section, chemin, fhir, **sujet)
