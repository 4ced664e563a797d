"""Rules of contacts: who answers, and who may see it. Offers, structures and établissements have contacts."""

from collections.abc import Iterator, Mapping
from typing import Any

from rxror.ror.objets import EntiteGeographique, OffreOperationnelle, OrganisationInterne
from rxror.ror.objets.commun import PERSONNE
from rxror.ror.regles.declaration import Constat, Examen, Severite, regle
from rxror.ror.regles.valeurs import avec_chemin, lignes

AVEC_CONTACTS = (OffreOperationnelle, OrganisationInterne, EntiteGeographique)
CRISE = "3"
BLOQUANTE = Severite.BLOQUANTE


@regle("OBL-12", BLOQUANTE, OffreOperationnelle, source="BI CP4", manque=True)
def contact_complet(examen: Examen) -> Iterator[Constat]:
    """An offer has a complete contact: a nature or a function, and a telecom with canal, address and visibility."""
    contacts = lignes(examen.valeurs, "contact")
    if not any(_est_complet(contact) for contact in contacts):
        yield Constat(f"contact.{contacts[0]['cle']}.telecommunication" if contacts else "contact")


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


@regle("COH-06", BLOQUANTE, *AVEC_CONTACTS, source="RG_EXP_041", manque=True)
def contact_nominatif(examen: Examen) -> Iterator[Constat]:
    """A contact without nature that has a function or a name has both."""
    for prefixe, contact in avec_chemin(examen.valeurs, "contact"):
        fonction, nom = contact.get("fonction_contact"), contact.get("nom")
        if not contact.get("nature_contact") and bool(fonction) != bool(nom):
            yield Constat(prefixe + ("nom" if fonction else "fonction_contact"))


@regle("COH-07", BLOQUANTE, *AVEC_CONTACTS, source="BI CP4", manque=True)
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
