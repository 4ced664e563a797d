"""Rules of contacts: who answers, and who may see it. Offers, structures and établissements have contacts."""

from collections.abc import Iterator, Mapping, Set
from typing import Any

from rxror.ror.objets import EntiteGeographique, OffreOperationnelle, OrganisationInterne
from rxror.ror.objets.commun import PERSONNE
from rxror.ror.objets.offre_operationnelle import TELECONSULTATION, TELEEXPERTISES
from rxror.ror.regles.declaration import DE_RXROR, Constat, Examen, Severite, regle, tenue
from rxror.ror.regles.moyens import SITE
from rxror.ror.regles.valeurs import avec_chemin, codes, lignes

AVEC_CONTACTS = (OffreOperationnelle, OrganisationInterne, EntiteGeographique)
CRISE = "3"  # J222: régulation and crisis management only
BLOQUANTE, ALERTE = Severite.BLOQUANTE, Severite.ALERTE
COMPLET = "nature ou fonction, moyen de communication, niveau de visibilité"
NATURE_TELECONSULTATION, NATURE_TELEEXPERTISE = "09", "15"


@regle("OBL-12", BLOQUANTE, OffreOperationnelle, source="BI CP4", manque=True)
def contact_complet(examen: Examen) -> Iterator[Constat]:
    """An offer has a complete contact: a nature or a function, and a telecom with canal, address and visibility."""
    contacts = lignes(examen.valeurs, "contact")
    if not contacts:
        yield Constat("contact", {"quoi": f"un contact complet : {COMPLET}"})
    elif not any(_est_complet(contact) for contact in contacts):
        chemin = _ou_completer(contacts[0])
        seul = chemin.endswith(".telecommunication")
        yield Constat(
            chemin, {"quoi": "un moyen de communication" if seul else f"ce qui manque à ce contact : {COMPLET}"}
        )


def _ou_completer(contact: Mapping[str, Any]) -> str:
    """The entry that something is missing in; where one adds the first means of communication."""
    ici = f"contact.{contact['cle']}"
    moyens = lignes(contact, "telecommunication")
    if not (contact.get("nature_contact") or contact.get("fonction_contact")):
        return ici
    return f"{ici}.telecommunication.{moyens[0]['cle']}" if moyens else f"{ici}.telecommunication"


def _est_complet(contact: Mapping[str, Any]) -> bool:
    joignable = any(
        t.get("canal") and t.get("adresse_telecom") and t.get("niveau_confidentialite")
        for t in lignes(contact, "telecommunication")
    )
    return joignable and bool(contact.get("nature_contact") or contact.get("fonction_contact"))


@regle("COH-05", BLOQUANTE, *AVEC_CONTACTS, source="RG_EXP_040")
def contact_de_service(examen: Examen) -> Iterator[Constat]:
    """A contact with a nature is a service: it has neither name nor function."""
    for prefixe, contact in avec_chemin(examen.valeurs, "contact"):
        nature = contact.get("nature_contact")
        if nature and (contact.get("fonction_contact") or contact.get("nom")):
            yield Constat(prefixe + "nature_contact", {"nature": examen.catalogue.libelle("J221", nature)})


@regle("COH-06", BLOQUANTE, *AVEC_CONTACTS, source="RG_EXP_041", manque=True, dits=("nom",))
def contact_nominatif(examen: Examen) -> Iterator[Constat]:
    """A contact without nature that has a function or a name has both."""
    for prefixe, contact in avec_chemin(examen.valeurs, "contact"):
        fonction, nom = contact.get("fonction_contact"), contact.get("nom")
        if not contact.get("nature_contact") and bool(fonction) != bool(nom):
            yield Constat(prefixe + ("nom" if fonction else "fonction_contact"))


@regle("COH-07", BLOQUANTE, *AVEC_CONTACTS, source="BI CP4", manque=True, dits=("nature_contact", "fonction_contact"))
def nature_ou_fonction(examen: Examen) -> Iterator[Constat]:
    """A contact has a nature or a function."""
    for prefixe, contact in avec_chemin(examen.valeurs, "contact"):
        if not any(contact.get(n) for n in ("nature_contact", "fonction_contact", "nom")):
            yield Constat(prefixe + ("fonction_contact" if contact.get("qui") == PERSONNE else "nature_contact"))


@regle("COH-09", BLOQUANTE, *AVEC_CONTACTS, source="RG_EXP_034")
def visibilite_des_moyens(examen: Examen) -> Iterator[Constat]:
    """A telecom is at least as restrictive as its contact."""
    for prefixe, contact in avec_chemin(examen.valeurs, "contact"):
        for suite, moyen in avec_chemin(contact, "telecommunication"):
            if 0 < _niveau(moyen) < _niveau(contact):
                yield Constat(f"{prefixe}{suite}niveau_confidentialite")


def _niveau(element: Mapping[str, Any]) -> int:
    niveau = element.get("niveau_confidentialite") or ""
    return int(niveau) if niveau in ("1", "2", "3") else 0


@regle("COH-10", BLOQUANTE, OffreOperationnelle, source="RG_EXP_039")
def contacts_d_unite_sensible(examen: Examen) -> Iterator[Constat]:
    """In a unité sensible every contact and telecom is for the régulation and crisis management only."""
    if not examen.valeurs.get("unite_sensible"):
        return
    for prefixe, contact in avec_chemin(examen.valeurs, "contact"):
        if contact.get("niveau_confidentialite") != CRISE:
            yield Constat(prefixe + "niveau_confidentialite")
        for suite, moyen in avec_chemin(contact, "telecommunication"):
            if moyen.get("niveau_confidentialite") != CRISE:
                yield Constat(f"{prefixe}{suite}niveau_confidentialite")


@regle("COH-18", ALERTE, OffreOperationnelle, source=f"modèle de saisie MS-141 ; seuil : {DE_RXROR}", manque=True)
def lien_de_teleconsultation(examen: Examen) -> Iterator[Constat]:
    """An offer that takes téléconsultations gives a link, beside the answer or as a contact of nature 09."""
    if not _accueille(examen, {TELECONSULTATION}) or not examen.montre("lien_teleconsultation"):
        return
    liens = any(ligne.get("adresse_telecom") for ligne in lignes(examen.valeurs, "lien_teleconsultation"))
    if not liens and not _contact_de(examen, NATURE_TELECONSULTATION, SITE):
        yield Constat("lien_teleconsultation")


@regle("COH-19", ALERTE, OffreOperationnelle, source=f"modèle de saisie MS-141 ; seuil : {DE_RXROR}", manque=True)
def canal_de_teleexpertise(examen: Examen) -> Iterator[Constat]:
    """An offer that answers téléexpertise gives a channel, beside the answer or as a contact of nature 15."""
    if not _accueille(examen, TELEEXPERTISES) or not examen.montre("canal_teleexpertise"):
        return
    canaux = any(
        ligne.get("canal") and ligne.get("adresse_telecom") for ligne in lignes(examen.valeurs, "canal_teleexpertise")
    )
    if not canaux and not _contact_de(examen, NATURE_TELEEXPERTISE):
        yield Constat("canal_teleexpertise")


def _accueille(examen: Examen, modalites: Set[str]) -> bool:
    return not modalites.isdisjoint(codes(examen.valeurs, "modalite_accueil"))


def _contact_de(examen: Examen, nature: str, canal: str = "") -> bool:
    return any(
        contact.get("nature_contact") == nature and moyen.get("adresse_telecom") and canal in ("", moyen.get("canal"))
        for contact in lignes(examen.valeurs, "contact")
        for moyen in lignes(contact, "telecommunication")
    )


tenue(
    "COH-08",
    "A new contact is visible by professionals (level 2) until somebody says otherwise; a new telecom, as its contact.",
    *AVEC_CONTACTS,
    source="RG_EXP_032",
    ou="rxror/ror/objets/commun.py",
)
