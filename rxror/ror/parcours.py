"""The journey: the six steps of the guide, the address of every place, the path établissement › pôle › UF › offre.

Source: fiche pratique « Comment mettre à jour mon offre ? ».
"""

import re
from enum import IntEnum
from typing import TypedDict
from urllib.parse import quote, unquote, urlencode


class Etape(IntEnum):
    """A step of the guide, by its number."""

    AUTHENTIFIER = 1
    RETROUVER = 2
    ACCEDER_UF = 3
    ACCEDER_OFFRE = 4
    MODIFIER = 5
    VALIDER = 6


ETAPES: dict[Etape, str] = {
    Etape.AUTHENTIFIER: "Je m’authentifie",
    Etape.RETROUVER: "Je retrouve mon établissement",
    Etape.ACCEDER_UF: "J’accède à l’unité fonctionnelle (UF)",
    Etape.ACCEDER_OFFRE: "J’accède à mon offre",
    Etape.MODIFIER: "Je modifie l’offre",
    Etape.VALIDER: "Je valide l’offre",
}

# Routes, with their dynamic segments; no state may hold a var of one of these names.
ACCUEIL = "/"
CONNEXION = "/connexion"
ETABLISSEMENTS = "/etablissements"
RELECTURE = "/relecture"
ANCRE_RELECTURE = "t-item"  # the name of the card, which takes the focus when one comes back to it
EN_ATTENTE = "/en-attente"
CONNEXIONS = "/mes-connexions"
MES_DONNEES = "/mes-donnees"
COURRIELS = "/courriels"
DEMANDER_ACCES = "/demander-acces"
DEMANDES_ACCES = "/demandes-acces"
AIDE, ACCESSIBILITE, DONNEES, MENTIONS, ETAT = (
    "/aide",
    "/accessibilite",
    "/donnees-personnelles",
    "/mentions-legales",
    "/etat-du-service",
)
ROUTE_ETABLISSEMENT = "/etablissement/[finess]"
ROUTE_ETABLISSEMENT_SECTION = "/etablissement/[finess]/modifier/[section]"
ROUTE_ETABLISSEMENT_VALIDER = "/etablissement/[finess]/valider"
ROUTE_ETABLISSEMENT_VALIDE = "/etablissement/[finess]/validee"
ROUTE_PERSONNES = "/etablissement/[finess]/personnes"
ROUTE_PERSONNE = "/etablissement/[finess]/personnes/[personne]"
SANS_REFERENT = "/sans-referent"
ROUTE_ARBRE = "/etablissement/[finess]/arbre"
ROUTE_EXIGENCES = "/etablissement/[finess]/exigences"
ROUTE_JOURNAL = "/etablissement/[finess]/journal"
ROUTE_CAPACITES = "/etablissement/[finess]/capacites"
ROUTE_CAPACITES_ENREGISTREES = "/etablissement/[finess]/capacites/enregistrees"
ROUTE_ATTESTATION = "/etablissement/[finess]/attestation"
ROUTE_STRUCTURE_ATTESTATION = "/structure/[structure]/attestation"
ROUTE_INVITATIONS = "/etablissement/[finess]/invitations"
ROUTE_DEMANDER_ACCES = "/demander-acces/[finess]"
ROUTE_DEMANDE_ACCES = "/demandes-acces/[demande]"
ROUTE_STRUCTURE = "/structure/[structure]"
ROUTE_STRUCTURE_SECTION = "/structure/[structure]/modifier/[section]"
ROUTE_STRUCTURE_VALIDER = "/structure/[structure]/valider"
ROUTE_STRUCTURE_VALIDEE = "/structure/[structure]/validee"
CONFIRMER, VALIDER_PLUSIEURS = "confirmer", "valider-plusieurs"  # below an établissement, and below a structure
ROUTE_STRUCTURE_FERMER = "/structure/[structure]/fermer"
ROUTE_STRUCTURE_ROUVRIR = "/structure/[structure]/rouvrir"
ROUTE_OFFRE = "/offre/[region]/[numero]"
ROUTE_OFFRE_SECTION = "/offre/[region]/[numero]/modifier/[section]"
ROUTE_VALIDER = "/offre/[region]/[numero]/valider"
ROUTE_VALIDEE = "/offre/[region]/[numero]/validee"
ROUTE_CORRIGER = "/offre/[region]/[numero]/corriger/[regle]"
ROUTE_OFFRE_FERMER = "/offre/[region]/[numero]/fermer"
ROUTE_OFFRE_ROUVRIR = "/offre/[region]/[numero]/rouvrir"
ROUTE_LIEU = "/lieu/[lieu]"
ROUTE_LIEU_SECTION = "/lieu/[lieu]/modifier/[section]"
ROUTE_LIEU_VALIDER = "/lieu/[lieu]/valider"
ROUTE_LIEU_VALIDE = "/lieu/[lieu]/validee"
ROUTE_LIEU_SEPARER = "/lieu/[lieu]/separer"
ROUTE_ETABLISSEMENT_CONFLIT = "/etablissement/[finess]/conflit/[section]"
ROUTE_STRUCTURE_CONFLIT = "/structure/[structure]/conflit/[section]"
ROUTE_OFFRE_CONFLIT = "/offre/[region]/[numero]/conflit/[section]"
ROUTE_LIEU_CONFLIT = "/lieu/[lieu]/conflit/[section]"
ROUTE_APPLIQUER = "/offre/[region]/[numero]/appliquer/[section]"
ROUTE_DUPLIQUER = "/offre/[region]/[numero]/dupliquer"
ROUTE_CREER_OFFRE = "/creer/offre/[genre]/[parent]"
ROUTE_CREER_STRUCTURE = "/creer/structure/[genre]/[parent]"
ROUTE_CREER_LIEU = "/creer/lieu/[region]/[numero]"
# The history of an object, its versions, and what one may take back; the same below each kind of page.
HISTORIQUE, COMPARER, REPRENDRE, ANNULER = "historique", "comparer", "reprendre", "annuler/[section]"
CONFIER = "confier/[section]"  # a piece given by a personal link
ROUTES_OBJETS = (ROUTE_ETABLISSEMENT, ROUTE_STRUCTURE, ROUTE_OFFRE, ROUTE_LIEU)

ROUTE_PROPOSITION = "/proposition/[rang]"  # what came back by such a link

GENRES = ("offre", "lieu", "structure", "etablissement")

# Routes of the sign-in, outside Reflex: a full page load.
AUTH_CONNEXION = "/auth/connexion"
AUTH_DECONNEXION = "/auth/deconnexion"
AUTH_VEILLE = "/auth/veille"
# Files one takes away: plain HTTP, behind the session.
EXPORT_JOURNAL = "/exports/journal"
EXPORT_DONNEES = "/exports/mes-donnees"
EXPORT_ATTESTATION = "/exports/attestation"
EXPORT_FICHE = "/exports/fiche"
# Where anybody verifies an attestation, without an account: outside Reflex too.
VERIFIER = "/v"
# The pages of a personal link, for who has no account: outside Reflex too.
CONFIE = "/confie"


class Maillon(TypedDict):
    """One link of the breadcrumb; `url` is empty for the current place."""

    nom: str
    url: str


def url_connexion(suite: str = "") -> str:
    """Sign-in page; `suite` is where to come back, checked again by the sign-in itself."""
    return f"{CONNEXION}?{urlencode({'next': suite})}" if suite else CONNEXION


def url_relecture(
    *, etablissement: str = "", structure: str = "", genre: str = "", etat: str = "", objet: str = ""
) -> str:
    """The review queue: a part of it, at a card; by default, all of it, at its first."""
    voulus = {"etablissement": etablissement, "structure": structure, "genre": genre, "etat": etat, "objet": objet}
    parametres = urlencode({nom: v for nom, v in voulus.items() if v}, safe=":/")
    return f"{RELECTURE}?{parametres}" if parametres else RELECTURE


def avec_retour(url: str, retour: str) -> str:
    """The address of a form, that says where one goes back to; the part named after the # stays last."""
    adresse, diese, ancre = url.partition("#")
    return f"{adresse}{'&' if '?' in adresse else '?'}{urlencode({'retour': retour})}{diese}{ancre}"


def url_etablissement(finess: str) -> str:
    """Page of an établissement, by FINESS number."""
    return f"/etablissement/{_segment(finess)}"


def url_arbre(finess: str, **filtres: str) -> str:
    """The whole tree of an établissement, filtered: `services.ensemble.Vue` reads it."""
    voulus = {nom: valeur for nom, valeur in filtres.items() if valeur}
    return f"{url_etablissement(finess)}/arbre" + (f"?{urlencode(voulus)}" if voulus else "")


def url_exigences(finess: str) -> str:
    """Page of the national requirements of an établissement."""
    return f"{url_etablissement(finess)}/exigences"


def url_personnes(finess: str) -> str:
    """« Personnes et droits » of an établissement."""
    return f"{url_etablissement(finess)}/personnes"


def url_personne(finess: str, personne: str) -> str:
    """The rights of one person on an établissement."""
    return f"{url_personnes(finess)}/{_segment(personne)}"


def url_journal(finess: str) -> str:
    """Page of who did what in an établissement."""
    return f"{url_etablissement(finess)}/journal"


def url_capacites(finess: str) -> str:
    """The grid of the capacities of an établissement."""
    return f"{url_etablissement(finess)}/capacites"


def url_capacites_enregistrees(finess: str, rang: int = 1) -> str:
    """The capacities of an établissement that are saved and not validated."""
    return f"{url_capacites(finess)}/enregistrees" + (f"?page={rang}" if rang > 1 else "")


def url_attestation(genre: str, identifiant: str) -> str:
    """« Attestation de mise à jour » of an établissement or of a structure."""
    return f"{url_objet(genre, identifiant)}/attestation"


def url_fichier_attestation(code: str, sorte: str) -> str:
    """File of an attestation, "pdf" or "json"."""
    return f"{EXPORT_ATTESTATION}/{_segment(code)}.{sorte}"


def url_fiche(genre: str, identifiant: str) -> str:
    """Printable sheet of an offer or of an établissement, a PDF."""
    return f"{EXPORT_FICHE}{url_objet(genre, identifiant)}.pdf"


def url_verification(code: str) -> str:
    """Where anybody may verify an attestation."""
    return f"{VERIFIER}/{_segment(code)}"


def url_invitations(finess: str) -> str:
    """Invitations sent for an établissement, and the form of a new one."""
    return f"{url_etablissement(finess)}/invitations"


def url_demander_acces(finess: str) -> str:
    """Form that asks for a right on an établissement."""
    return f"{DEMANDER_ACCES}/{_segment(finess)}"


def url_demande_acces(numero: int) -> str:
    """A request for an access, for who decides it."""
    return f"{DEMANDES_ACCES}/{numero}"


def url_structure(identifiant_oi: str) -> str:
    """Page of a pôle, a service or a UF."""
    return f"/structure/{_segment(identifiant_oi)}"


def url_objet(genre: str, identifiant: str, depuis: str = "") -> str:
    """Page of an object, by its kind ("offre", "lieu", "structure", "etablissement")."""
    if genre == "offre":
        return url_offre(identifiant)
    if genre == "lieu":
        return url_lieu(identifiant, depuis)
    return url_structure(identifiant) if genre == "structure" else url_etablissement(identifiant)


def objet_de(chemin: str) -> tuple[str, str, list[str]]:
    """Kind and identifier of the object of an address, and what follows; all empty for another address.

    The address is the client's word: services check the right to what it names.
    """
    morceaux = [unquote(m) for m in chemin.rstrip("/").split("/")[1:]]
    rang = 3 if morceaux[:1] == ["offre"] else 2
    if morceaux[:1] not in [[g] for g in GENRES] or len(morceaux) < rang:
        return "", "", []
    return morceaux[0], "/".join(morceaux[1:rang]), morceaux[rang:]


def url_section(genre: str, identifiant: str, section: str, depuis: str = "") -> str:
    """Form of one section of an object; `depuis` is the offer from which one came to a lieu."""
    return f"{url_objet(genre, identifiant)}/modifier/{_segment(section)}{_retour(depuis)}"


def url_conflit(genre: str, identifiant: str, section: str, depuis: str = "") -> str:
    """Page where one chooses between two answers to one section."""
    return f"{url_objet(genre, identifiant)}/conflit/{_segment(section)}{_retour(depuis)}"


def url_validation(genre: str, identifiant: str) -> str:
    """Page that checks and publishes an object."""
    return f"{url_objet(genre, identifiant)}/valider"


def url_valide(genre: str, identifiant: str) -> str:
    """Page that confirms what was published."""
    return f"{url_objet(genre, identifiant)}/validee"


def url_confirmer(genre: str, identifiant: str, rang: int = 1) -> str:
    """« Rien n’a changé » on what hangs below an établissement or a structure."""
    return f"{url_objet(genre, identifiant)}/{CONFIRMER}" + (f"?page={rang}" if rang > 1 else "")


def url_valider_plusieurs(genre: str, identifiant: str) -> str:
    """All that is saved and ready below an établissement or a structure."""
    return f"{url_objet(genre, identifiant)}/{VALIDER_PLUSIEURS}"


def url_fermer(genre: str, identifiant: str) -> str:
    """Form that closes an offer or a structure."""
    return f"{url_objet(genre, identifiant)}/fermer"


def url_rouvrir(genre: str, identifiant: str) -> str:
    """Page that reopens an offer or a structure."""
    return f"{url_objet(genre, identifiant)}/rouvrir"


def url_historique(genre: str, identifiant: str) -> str:
    """Who did what to an object, and when."""
    return f"{url_objet(genre, identifiant)}/{HISTORIQUE}"


def url_comparer(genre: str, identifiant: str) -> str:
    """Two published versions of an object, side by side."""
    return f"{url_objet(genre, identifiant)}/{COMPARER}"


def url_reprendre(genre: str, identifiant: str) -> str:
    """Page that takes an earlier version back as brouillon."""
    return f"{url_objet(genre, identifiant)}/{REPRENDRE}"


def url_annuler(genre: str, identifiant: str, section: str) -> str:
    """Page that undoes one's last save of a section."""
    return f"{url_objet(genre, identifiant)}/annuler/{_segment(section)}"


def url_confier(genre: str, identifiant: str, section: str) -> str:
    """Page that gives a piece of a section to somebody who has no account."""
    return f"{url_objet(genre, identifiant)}/confier/{_segment(section)}"


def url_proposition(numero: int) -> str:
    """Page of what came back by a personal link."""
    return f"/proposition/{numero}"


def url_offre(identifiant_offre: str) -> str:
    """Page of an offer; its identifier, e.g. "76/0000001", makes two segments."""
    return f"/offre/{_deux_segments(identifiant_offre)}"


def url_offre_section(identifiant_offre: str, section: str) -> str:
    """Form of one section of an offer."""
    return f"{url_offre(identifiant_offre)}/modifier/{_segment(section)}"


def url_corriger(identifiant_offre: str, regle: str) -> str:
    """Page that shows a one-tap correction of an offer before it is applied."""
    return f"{url_offre(identifiant_offre)}/corriger/{_segment(regle)}"


def url_valider(identifiant_offre: str) -> str:
    """Page that checks and publishes an offer."""
    return f"{url_offre(identifiant_offre)}/valider"


def url_lieu(identifiant: str, depuis: str = "") -> str:
    """Page of a lieu; `depuis` is the offer one comes from, to go back there."""
    return f"/lieu/{_segment(identifiant)}{_retour(depuis)}"


def url_lieu_section(identifiant: str, section: str, depuis: str = "") -> str:
    """Form of one section of a lieu."""
    return f"{url_lieu(identifiant)}/modifier/{_segment(section)}{_retour(depuis)}"


def url_separer(identifiant: str, depuis: str = "") -> str:
    """Page that gives some offers their own copy of a lieu."""
    return f"{url_lieu(identifiant)}/separer{_retour(depuis)}"


def offre_de_depart(parametre: str) -> str:
    """The offer named by the address of a lieu; "" when it is not an identifier."""
    return parametre if re.fullmatch(r"[0-9A-Z]{2,3}/[0-9A-Za-z_-]{1,40}", parametre) else ""


def url_dupliquer(identifiant_offre: str) -> str:
    """Page that duplicates an offer."""
    return f"{url_offre(identifiant_offre)}/dupliquer"


def url_appliquer(identifiant_offre: str, section: str) -> str:
    """Page that gives a section's values to the offers around."""
    return f"{url_offre(identifiant_offre)}/appliquer/{_segment(section)}"


def url_creer_offre(genre: str, identifiant: str) -> str:
    """Form of a new offer under a "structure" (sanitaire) or an "etablissement" (médico-social)."""
    return f"/creer/offre/{_segment(genre)}/{_segment(identifiant)}"


def url_creer_structure(genre: str, identifiant: str) -> str:
    """Form of a new pôle, service or UF under an "etablissement" or a "structure"."""
    return f"/creer/structure/{_segment(genre)}/{_segment(identifiant)}"


def url_creer_lieu(identifiant_offre: str) -> str:
    """Form of a new lieu for an offer."""
    return f"/creer/lieu/{_deux_segments(identifiant_offre)}"


def url_creer_lieu_dans(finess: str) -> str:
    """Form of a new lieu in an établissement, without an offer yet: the route is that of a lieu for an offer."""
    return f"/creer/lieu/etablissement/{_segment(finess)}"


def titre(*parties: str) -> str:
    """Title of a page, most precise first: « Je modifie l’offre – CH ALBI – rxror »."""
    return " – ".join([*(p for p in parties if p), "rxror"])


def nom_court(nom: str) -> str:
    """Name of a pôle or a UF inside the breadcrumb, without « Pôle » or « UF »."""
    premier, _, reste = nom.partition(" ")
    return reste if reste and premier.lower() in {"pôle", "pole", "uf"} else nom


def chemin_de(*lieux: tuple[str, str]) -> list[Maillon]:
    """Breadcrumb from (name, url) pairs, outermost first; the last one is where one is."""
    maillons: list[Maillon] = [{"nom": nom_court(nom), "url": url} for nom, url in lieux]
    if maillons:
        maillons[-1]["url"] = ""
    return maillons


def _retour(depuis: str) -> str:
    return f"?{urlencode({'offre': depuis})}" if depuis else ""


def _segment(texte: str) -> str:
    return quote(texte, safe="")


def _deux_segments(identifiant: str) -> str:
    region, _, numero = identifiant.partition("/")
    return f"{_segment(region)}/{_segment(numero)}"
