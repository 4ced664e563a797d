"""The rules: values -> anomalies. Each rule is one function; its sentence is in `messages`.

Blocking rules (B) block « Valider », never « Enregistrer »; alerts (A) ask for a look.
Sources are named in each docstring: RG_EXP = rules of the modèle d'exposition 3.0.1; BI = national indicators.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from sqlmodel import SQLModel

from rxror.ror import messages
from rxror.ror.champs import (
    A_CODES,
    MULTIPLES,
    Champ,
    Contexte,
    Edition,
    champs_de,
    est_visible,
    groupes_de,
    sections_de,
)
from rxror.ror.nomenclatures import Catalogue
from rxror.ror.objets import LieuRealisationOffre, OffreOperationnelle, OrganisationInterne
from rxror.ror.objets.offre_operationnelle import MEDICO_SOCIAL, TYPE_OFFRE_EXIGE, UNITES_AGE
from rxror.ror.objets.organisation_interne import POLE, SERVICE, UF
from rxror.ror.saisie import LIGNE_UNIQUE

JOURS = {"a": 365.25, "mo": 30.4375, "wk": 7.0, "d": 1.0}
TELEPHONES, COURRIELS, SITE = ("1", "2", "6", "8"), ("3", "9", "MSSANTE"), "4"
COMMUNE = "3"
CRISE = "3"


class Severite(StrEnum):
    """How much an anomaly weighs."""

    BLOQUANTE = "B"
    ALERTE = "A"
    INFORMATION = "I"


@dataclass(frozen=True)
class Anomalie:
    """One thing to look at.

    Attributes:
        regle: identifier of the rule, e.g. "OBL-05".
        chemin: path of the field in its section's form; the link goes there.
        manque: something is missing, rather than wrong: it is said on the whole object, not while saving a section.
        objet: key of the object, when it is not the one being checked (a lieu of the offer).
        nom_objet: its name, to be read.
    """

    regle: str
    severite: Severite
    message: str
    section: str
    chemin: str
    manque: bool = False
    objet: str = ""
    nom_objet: str = ""

    @property
    def bloque(self) -> bool:
        """Whether « Valider » is refused."""
        return self.severite is Severite.BLOQUANTE


@dataclass(frozen=True)
class Examen:
    """What the rules look at.

    Attributes:
        contexte: its `valeurs` are the object's values, published ones overlaid by the brouillons.
        lieux: {identifier: values} of the lieux of an offer; empty for another object.
    """

    contexte: Contexte
    catalogue: Catalogue
    lieux: Mapping[str, Mapping[str, Any]]

    @property
    def valeurs(self) -> Mapping[str, Any]:
        """The object's values."""
        return self.contexte.valeurs


Regle = Callable[[Examen], Iterator[Anomalie]]


def _bloquante(regle: str, section: str, chemin: str, *, manque: bool = False, **details: object) -> Anomalie:
    return Anomalie(regle, Severite.BLOQUANTE, messages.message(regle, **details), section, chemin, manque)


def _alerte(regle: str, section: str, chemin: str, *, manque: bool = False, **details: object) -> Anomalie:
    return Anomalie(regle, Severite.ALERTE, messages.message(regle, **details), section, chemin, manque)


# ------------------------------------------------------------------------- the offer


def nom_de_l_offre(examen: Examen) -> Iterator[Anomalie]:
    """OBL-02: an offer has a name. Source: published form MS-141."""
    if not examen.valeurs.get("nom_offre"):
        yield _bloquante("OBL-02", "informations_generales", "nom_offre", manque=True)


def champ_et_mode(examen: Examen) -> Iterator[Anomalie]:
    """OBL-01 for champ d'activité and mode de prise en charge, exactly one of each. Source: RG_EXP_002, 010, 011."""
    for nom, section in (("champ_activite", "informations_generales"), ("mode_prise_en_charge", "accueil")):
        if not examen.valeurs.get(nom):
            label = champs_de(OffreOperationnelle)[nom].label
            yield _bloquante("OBL-01", section, nom, manque=True, champ=label)


def activites(examen: Examen) -> Iterator[Anomalie]:
    """OBL-05: at least one activité opérationnelle. Source: ME 1..*, BI CP4."""
    if not any(a.get("activite_operationnelle") for a in examen.valeurs.get("activite_operationnelle") or []):
        yield _bloquante("OBL-05", "specificites", "activite_operationnelle", manque=True)


def ages(examen: Examen) -> Iterator[Anomalie]:
    """OBL-06, COH-01, COH-02: both ages, in an accepted unit, in order. Source: ME 1..1, CP4, RG_EXP_048."""
    ligne = next(iter(examen.valeurs.get("patientele") or []), {})
    prefixe = f"patientele.{ligne.get('cle', LIGNE_UNIQUE)}."
    jours: list[float] = []
    for nom in ("age_min", "age_max"):
        valeur, unite = ligne.get(nom), ligne.get(nom + "_unite")
        if valeur is None or not unite:
            yield _bloquante("OBL-06", "patientele", prefixe + (nom if valeur is None else nom + "_unite"), manque=True)
            return
        if unite not in UNITES_AGE:
            yield _bloquante("COH-01", "patientele", f"{prefixe}{nom}_unite")
            return
        jours.append(valeur * JOURS[unite])
    if jours[0] > jours[1]:
        yield _bloquante("COH-02", "patientele", prefixe + "age_min")
    if jours[1] > 150 * JOURS["a"]:
        yield _bloquante("COH-02-MAX", "patientele", prefixe + "age_max")
    elif jours[1] > 130 * JOURS["a"]:
        yield _alerte("COH-02-ALERTE", "patientele", prefixe + "age_max")


def public_en_medico_social(examen: Examen) -> Iterator[Anomalie]:
    """OBL-07: médico-social says which public. Source: RG_EXP_008."""
    ligne = next(iter(examen.valeurs.get("patientele") or []), {})
    if examen.contexte.champ_activite == MEDICO_SOCIAL and not ligne.get("public_pris_en_charge"):
        chemin = f"patientele.{ligne.get('cle', LIGNE_UNIQUE)}.public_pris_en_charge"
        yield _bloquante("OBL-07", "patientele", chemin, manque=True)


def familles_en_medico_social(examen: Examen) -> Iterator[Anomalie]:
    """OBL-08: médico-social gives each activité its family. Source: RG_EXP_007."""
    if examen.contexte.champ_activite != MEDICO_SOCIAL:
        return
    for ligne in examen.valeurs.get("activite_operationnelle") or []:
        code = ligne.get("activite_operationnelle")
        if code and not ligne.get("famille_activite_operationnelle"):
            chemin = f"activite_operationnelle.{ligne['cle']}.famille_activite_operationnelle"
            nom = examen.catalogue.libelle("J17", code)
            yield _bloquante("OBL-08", "specificites", chemin, manque=True, activite=nom)


def unite_sensible(examen: Examen) -> Iterator[Anomalie]:
    """OBL-09: the question of the unité sensible is answered. Source: RG_EXP_035."""
    if examen.valeurs.get("unite_sensible") is None:
        yield _bloquante("OBL-09", "informations_generales", "unite_sensible", manque=True)


def type_d_offre(examen: Examen) -> Iterator[Anomalie]:
    """OBL-10: the type d'offre, blocking where an indicator needs it. Source: MS-141, BI SuiviPeuplementROR_UE."""
    if not examen.valeurs.get("type_offre"):
        signaler = _bloquante if examen.contexte.categorie in TYPE_OFFRE_EXIGE else _alerte
        yield signaler("OBL-10", "accueil", "type_offre", manque=True)


def adresse_exploitable(lieu: Mapping[str, Any]) -> bool:
    """Whether an address can be used: a street or lieu-dit, a town and a postcode (BI CP4)."""
    return bool((lieu.get("libelle_voie") or lieu.get("lieu_dit")) and lieu.get("localite") and lieu.get("code_postal"))


def adresse(examen: Examen) -> Iterator[Anomalie]:
    """OBL-11: at least one lieu with a usable address. Source: BI CP4."""
    lieux = [
        (cle, examen.lieux[cle]) for cle in examen.valeurs.get("lieu_realisation_offre") or [] if cle in examen.lieux
    ]
    if not lieux:
        yield _bloquante("OBL-11-AUCUN", "adresse", "lieu_realisation_offre", manque=True)
    elif not any(adresse_exploitable(lieu) for _, lieu in lieux):
        cle, lieu = lieux[0]
        voie = lieu.get("libelle_voie") or lieu.get("lieu_dit")
        nom = "libelle_voie" if not voie else "localite" if not lieu.get("localite") else "code_postal"
        yield Anomalie(
            "OBL-11",
            Severite.BLOQUANTE,
            messages.message("OBL-11"),
            "adresse",
            nom,
            True,
            f"{LieuRealisationOffre.GENRE}:{cle}",
            lieu.get("nom") or cle,
        )


def contact_complet(examen: Examen) -> Iterator[Anomalie]:
    """OBL-12: at least one complete contact. Source: BI CP4."""
    contacts = examen.valeurs.get("contact") or []
    for contact in contacts:
        moyens = contact.get("telecommunication") or []
        if (contact.get("nature_contact") or contact.get("fonction_contact")) and any(
            t.get("canal") and t.get("adresse_telecom") and t.get("niveau_confidentialite") for t in moyens
        ):
            return
    chemin = f"contact.{contacts[0]['cle']}.telecommunication" if contacts else "contact"
    yield _bloquante("OBL-12", "contacts", chemin, manque=True)


def contacts_coherents(examen: Examen) -> Iterator[Anomalie]:
    """COH-05, 06, 07: a contact is a service, or a person with name and function. Source: RG_EXP_040, 041, CP4."""
    for contact in examen.valeurs.get("contact") or []:
        prefixe = f"contact.{contact['cle']}."
        nature, fonction, nom = (contact.get(n) for n in ("nature_contact", "fonction_contact", "nom"))
        if nature and (fonction or nom):
            libelle = examen.catalogue.libelle("J221", nature)
            yield _bloquante("COH-05", "contacts", prefixe + "nature_contact", nature=libelle)
        elif fonction and not nom:
            yield _bloquante("COH-06", "contacts", prefixe + "nom", manque=True)
        elif nom and not fonction:
            yield _bloquante("COH-06", "contacts", prefixe + "fonction_contact", manque=True)
        elif not nature and not fonction:
            qui = "fonction_contact" if contact.get("qui") == "personne" else "nature_contact"
            yield _bloquante("COH-07", "contacts", prefixe + qui, manque=True)


def visibilite_des_moyens(examen: Examen) -> Iterator[Anomalie]:
    """COH-09: a telecom is at least as restrictive as its contact. Source: RG_EXP_034."""
    for contact in examen.valeurs.get("contact") or []:
        for moyen in contact.get("telecommunication") or []:
            if _niveau(moyen) and _niveau(contact) and _niveau(moyen) < _niveau(contact):
                chemin = f"contact.{contact['cle']}.telecommunication.{moyen['cle']}.niveau_confidentialite"
                yield _bloquante("COH-09", "contacts", chemin)


def contacts_d_unite_sensible(examen: Examen) -> Iterator[Anomalie]:
    """COH-10: in a unité sensible contacts are for the régulation and crisis management. Source: RG_EXP_039."""
    if not examen.valeurs.get("unite_sensible"):
        return
    for contact in examen.valeurs.get("contact") or []:
        chemin = f"contact.{contact['cle']}."
        if contact.get("niveau_confidentialite") != CRISE:
            yield _bloquante("COH-10", "contacts", chemin + "niveau_confidentialite")
        for moyen in contact.get("telecommunication") or []:
            if moyen.get("niveau_confidentialite") != CRISE:
                suite = f"telecommunication.{moyen['cle']}.niveau_confidentialite"
                yield _bloquante("COH-10", "contacts", chemin + suite)


def _niveau(element: Mapping[str, Any]) -> int:
    niveau = element.get("niveau_confidentialite") or ""
    return int(niveau) if niveau in ("1", "2", "3") else 0


def formats_des_moyens(examen: Examen) -> Iterator[Anomalie]:
    """Formats of telephone numbers, e-mail addresses and sites. Source: docs of the quality rules, §6."""
    for contact in examen.valeurs.get("contact") or []:
        for moyen in contact.get("telecommunication") or []:
            chemin = f"contact.{contact['cle']}.telecommunication.{moyen['cle']}.adresse_telecom"
            if regle := _format_fautif(moyen.get("canal") or "", moyen.get("adresse_telecom") or ""):
                yield _bloquante(regle, "contacts", chemin)


def _format_fautif(canal: str, valeur: str) -> str:
    if not valeur:
        return ""
    if canal in TELEPHONES:
        return "" if telephone_possible(valeur) else "FMT-TEL"
    if canal in COURRIELS:
        try:
            validate_email(valeur, check_deliverability=False, test_environment=True)
        except EmailNotValidError:
            return "FMT-MEL"
    return "FMT-WEB" if canal == SITE and not _site_possible(valeur) else ""


def _site_possible(texte: str) -> bool:
    try:
        adresse = urlsplit(texte)
    except ValueError:
        return False
    return adresse.scheme in ("http", "https") and bool(adresse.hostname) and not any(c.isspace() for c in texte)


def telephone_possible(texte: str) -> bool:
    """Whether a text is a French number of ten digits, a short one, or an international one."""
    if not re.fullmatch(r"[0-9+().\s/-]+", texte):
        return False
    nu = "".join(c for c in texte if c.isdigit() or c == "+")
    if nu.startswith("00"):
        nu = "+" + nu.removeprefix("00")
    if nu in ("15", "17", "18", "112", "114", "115", "119") or (nu.startswith(("3", "116")) and 4 <= len(nu) <= 6):
        return True
    if not nu.startswith("+"):
        return bool(re.fullmatch(r"0[1-9][0-9]{8}", nu))
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(nu))
    except phonenumbers.NumberParseException:
        return False


def zone_de_communes(examen: Examen) -> Iterator[Anomalie]:
    """COH-04: a zone d'intervention is made of communes. Source: RG_EXP_009."""
    for ligne in examen.valeurs.get("zone_intervention") or []:
        if ligne.get("type_territorial_division") != COMMUNE or not ligne.get("code_territorial_division"):
            yield _bloquante("COH-04", "zone", f"zone_intervention.{ligne['cle']}.code_territorial_division")


def horaires(examen: Examen) -> Iterator[Anomalie]:
    """COH-11: an opening time has a day or a period. Source: RG_EXP_014."""
    for ligne in examen.valeurs.get("horaire") or []:
        if not ligne.get("jour_semaine") and not (
            ligne.get("debut_date_effective") and ligne.get("fin_date_effective")
        ):
            yield _bloquante("COH-11", "horaires", f"horaire.{ligne['cle']}.jour_semaine")


# -------------------------------------------------------------------------- the lieu


def fonction_et_statut(examen: Examen) -> Iterator[Anomalie]:
    """OBL-13: a lieu says its function and status. Source: IG."""
    if not examen.valeurs.get("fonction_lieu"):
        yield _alerte("OBL-13", "informations_generales", "fonction_lieu", manque=True)
    if not examen.valeurs.get("statut"):
        yield _alerte("OBL-13-STATUT", "informations_generales", "statut", manque=True)


def commune_du_lieu(examen: Examen) -> Iterator[Anomalie]:
    """OBL-14: a lieu has a commune. Source: ME 1..1. That it exists is checked when it is chosen."""
    if not examen.valeurs.get("commune_cog"):
        yield _bloquante("OBL-14", "adresse", "commune_cog", manque=True)


def format_de_l_adresse(examen: Examen) -> Iterator[Anomalie]:
    """Formats of postcode and house number; coordinates go by two. Source: MOS, AFNOR NF Z10-011."""
    code, numero = examen.valeurs.get("code_postal") or "", examen.valeurs.get("numero_voie") or ""
    if code and not re.fullmatch(r"[0-9]{5}", code):
        yield _bloquante("FMT-CP", "adresse", "code_postal")
    if numero and not re.fullmatch(r"[0-9]{1,4}", numero):
        yield _bloquante("FMT-VOIE", "adresse", "numero_voie")
    if (examen.valeurs.get("latitude") is None) != (examen.valeurs.get("longitude") is None):
        yield _bloquante("FMT-COORD", "adresse", "latitude")


def lignes_de_capacite(examen: Examen) -> Iterator[Anomalie]:
    """LIE-01: a line of capacity is complete. Source: ME."""
    figee = groupes_de(LieuRealisationOffre)["capacite_accueil_operationnelle"].figee_si
    for ligne in examen.valeurs.get("capacite_accueil_operationnelle") or []:
        if figee and figee(ligne):
            continue
        for nom in ("nature_capacite", "statut_capacite", "nombre_capacite", "temporalite_capacite"):
            if ligne.get(nom) in (None, ""):
                chemin = f"capacite_accueil_operationnelle.{ligne['cle']}.{nom}"
                yield _bloquante("LIE-01", "capacitaire", chemin, manque=True)
                break


def limites_d_equipement(examen: Examen) -> Iterator[Anomalie]:
    """LIE-05: a limit is greater than zero. Source: ME."""
    for ligne in examen.valeurs.get("equipement_specifique") or []:
        for limite in ligne.get("limite_caracteristique_equipement") or []:
            valeur = limite.get("valeur_limite")
            if valeur is None or float(valeur) <= 0:
                chemin = f"equipement_specifique.{ligne['cle']}.limite_caracteristique_equipement.{limite['cle']}"
                yield _bloquante("LIE-05", "equipements", chemin + ".valeur_limite", manque=valeur is None)


# ---------------------------------------------------------------------- the structure


def nom_de_la_structure(examen: Examen) -> Iterator[Anomalie]:
    """OBL-15: an organisation interne has a name and a type. Source: ME."""
    if not examen.valeurs.get("nom_oi") or examen.valeurs.get("type_oi") not in (POLE, SERVICE, UF):
        yield _bloquante("OBL-15", "informations_generales", "nom_oi", manque=True)


REGLES: dict[type[SQLModel], tuple[Regle, ...]] = {
    OffreOperationnelle: (
        nom_de_l_offre,
        champ_et_mode,
        unite_sensible,
        type_d_offre,
        ages,
        public_en_medico_social,
        activites,
        familles_en_medico_social,
        adresse,
        contact_complet,
        contacts_coherents,
        visibilite_des_moyens,
        contacts_d_unite_sensible,
        formats_des_moyens,
        zone_de_communes,
        horaires,
    ),
    LieuRealisationOffre: (
        fonction_et_statut,
        commune_du_lieu,
        format_de_l_adresse,
        lignes_de_capacite,
        limites_d_equipement,
    ),
    OrganisationInterne: (nom_de_la_structure,),
}
# Fields whose absence a rule above already tells in its own words.
_DITES = frozenset(
    {
        "nom_offre",
        "champ_activite",
        "mode_prise_en_charge",
        "unite_sensible",
        "age_min",
        "age_max",
        "age_min_unite",
        "age_max_unite",
        "nom_oi",
        "type_oi",
        "nature_capacite",
        "statut_capacite",
        "nombre_capacite",
        "temporalite_capacite",
        "valeur_limite",
        "famille_activite_operationnelle",
        "nature_contact",
        "fonction_contact",
        "nom",
        "lieu_realisation_offre",
        "type_territorial_division",
        "code_territorial_division",
    }
)


def controler(classe: type[SQLModel], examen: Examen) -> list[Anomalie]:
    """All anomalies of an object, in the order of its sections; blocking ones first within a section."""
    anomalies = [a for regle in REGLES.get(classe, ()) for a in regle(examen)]
    anomalies += _generiques(classe, examen, examen.valeurs, "", "", examen.contexte)
    rang = {section.cle: i for i, section in enumerate(sections_de(classe))}
    return sorted(anomalies, key=lambda a: (not a.bloque, rang.get(a.section, 99)))


def _generiques(
    classe: type[SQLModel], examen: Examen, valeurs: Mapping[str, Any], prefixe: str, section: str, contexte: Contexte
) -> Iterator[Anomalie]:
    """OBL-01 for every required field, COH-17 for every code no longer in force."""
    local = contexte.avec(valeurs)
    for nom, champ in champs_de(classe).items():
        if champ.deduit or champ.edition is Edition.SYSTEME or not est_visible(champ, local):
            continue
        ou = section or champ.section
        valeur = valeurs.get(nom)
        if champ.obligatoire and valeur in (None, "", []) and nom not in _DITES:
            yield _bloquante("OBL-01", ou, prefixe + nom, manque=True, champ=champ.label)
        yield from _perimes(champ, valeur, ou, prefixe + nom, examen.catalogue)
    for nom, groupe in groupes_de(classe).items():
        for ligne in valeurs.get(nom) or []:
            if groupe.figee_si and groupe.figee_si(ligne):
                continue
            chemin = f"{prefixe}{nom}.{ligne['cle']}."
            yield from _generiques(groupe.classe, examen, ligne, chemin, section or groupe.section, local)


def _perimes(champ: Champ, valeur: Any, section: str, chemin: str, catalogue: Catalogue) -> Iterator[Anomalie]:
    if champ.type not in A_CODES or not champ.jdv or champ.jdv not in catalogue:
        return
    codes = valeur if champ.type in MULTIPLES else [valeur]
    for code in codes or []:
        if code and not catalogue.actif(champ.jdv, code):
            yield _alerte("COH-17", section, chemin, libelle=catalogue.libelle(champ.jdv, code))
