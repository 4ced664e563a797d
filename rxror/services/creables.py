"""What « Créer + » offers somebody on the page of an établissement or of a structure."""

from dataclasses import dataclass

from rxror.ror.objets import EntiteGeographique, OrganisationInterne
from rxror.ror.objets.organisation_interne import POLE, SERVICE, UF
from rxror.ror.parcours import url_creer_lieu_dans, url_creer_offre, url_creer_structure
from rxror.ror.reperes import identifiant_de
from rxror.services.acces import Acces, Geste, interdits_par_fermeture
from rxror.services.creation_structure import types_permis

MOTS = {POLE: "un pôle", SERVICE: "un service", UF: "une UF"}


@dataclass(frozen=True)
class Creables:
    """Addresses of the forms, empty where the model or the role does not allow it; `structure` says what."""

    url_offre: str = ""
    url_structure: str = ""
    structure: str = ""
    url_lieu: str = ""


def creables(acces: Acces, objet: EntiteGeographique | OrganisationInterne) -> Creables:
    """What may be created right under an object of the établissement of `acces`."""
    eg = acces.etablissement
    en_structure = isinstance(objet, OrganisationInterne)
    identifiant = identifiant_de(objet)
    recoit_offres = objet.type_oi == UF if isinstance(objet, OrganisationInterne) else not eg.sanitaire
    permis = acces.gestes - interdits_par_fermeture(objet)
    offre = Geste.CREER_OFFRE in permis
    types = types_permis(objet, eg) if Geste.CREER_STRUCTURE in permis else ()
    return Creables(
        url_offre=url_creer_offre(objet.GENRE, identifiant) if offre and recoit_offres else "",
        url_structure=url_creer_structure(objet.GENRE, identifiant) if types else "",
        structure=_ou([MOTS[t] for t in types]),
        url_lieu=url_creer_lieu_dans(identifiant) if offre and not en_structure else "",
    )


def _ou(mots: list[str]) -> str:
    *debut, dernier = mots or [""]
    return f"{', '.join(debut)} ou {dernier}" if debut else dernier
