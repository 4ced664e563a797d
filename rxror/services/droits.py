"""What each role may do, on what it may be given, and by whom: the whole matrix, and nothing else."""

from enum import StrEnum

from rxror.ror.objets import EntiteGeographique
from rxror.tables import Portee, Role


class Geste(StrEnum):
    """What one wants to do to an object."""

    LIRE = "lire"
    MODIFIER = "modifier"
    VALIDER = "valider"
    DEMANDER = "demander"
    CREER_OFFRE = "creer_offre"
    CREER_STRUCTURE = "creer_structure"
    FERMER_OFFRE = "fermer_offre"
    FERMER_STRUCTURE = "fermer_structure"
    CONFIER = "confier"
    ADMINISTRER = "administrer"
    JOURNAL = "journal"
    ATTESTER = "attester"


NOMS_DES_GESTES = {
    Geste.LIRE: "Lire",
    Geste.MODIFIER: "Modifier",
    Geste.VALIDER: "Valider",
    Geste.DEMANDER: "Demander la validation",
    Geste.CREER_OFFRE: "Créer une offre, un lieu",
    Geste.CREER_STRUCTURE: "Créer un pôle, un service, une UF",
    Geste.FERMER_OFFRE: "Fermer ou rouvrir une offre",
    Geste.FERMER_STRUCTURE: "Fermer ou rouvrir une structure",
    Geste.CONFIER: "Confier un morceau",
    Geste.ADMINISTRER: "Personnes et droits",
    Geste.JOURNAL: "Lire le journal",
    Geste.ATTESTER: "Établir une attestation de mise à jour",
}
NOMS_DES_ROLES = {
    Role.LECTEUR: "Lecteur",
    Role.RESPONSABLE_OFFRE: "Responsable d’offre",
    Role.REFERENT: "Référent",
    Role.REFERENT_REGIONAL: "Référent régional",
    Role.RESPONSABLE_QUALITE: "Responsable qualité",
}
NOMS_DES_PORTEES = {
    Portee.STRUCTURE: "Un pôle, un service ou une UF",
    Portee.ETABLISSEMENT: "Un établissement",
    Portee.ENTITE_JURIDIQUE: "Tous les établissements d’une entité juridique",
    Portee.DEPARTEMENT: "Un département",
    Portee.REGION: "Une région",
}

_OFFRE = frozenset(
    {
        Geste.LIRE,
        Geste.MODIFIER,
        Geste.VALIDER,
        Geste.CREER_OFFRE,
        Geste.FERMER_OFFRE,
        Geste.CONFIER,
        Geste.ATTESTER,
    }
)
_TOUT = frozenset(Geste) - {Geste.DEMANDER}

DROITS: dict[Role, frozenset[Geste]] = {
    Role.LECTEUR: frozenset({Geste.LIRE}),
    Role.RESPONSABLE_QUALITE: frozenset({Geste.LIRE}),
    Role.RESPONSABLE_OFFRE: _OFFRE,
    Role.REFERENT: _TOUT,
    Role.REFERENT_REGIONAL: _TOUT,
}

# On these objects, gestures that a role has elsewhere and not here: an établissement is the référent's to edit.
RESERVES: dict[type, dict[Role, frozenset[Geste]]] = {
    EntiteGeographique: {Role.RESPONSABLE_OFFRE: frozenset({Geste.MODIFIER, Geste.VALIDER, Geste.CONFIER})},
}

# Where an établissement separates who prepares from who publishes, these roles ask instead of doing.
PREPARENT: dict[Role, frozenset[Geste]] = {
    Role.RESPONSABLE_OFFRE: frozenset({Geste.VALIDER, Geste.FERMER_OFFRE, Geste.ATTESTER})
}

# On what a role may be given.
PORTEES: dict[Role, tuple[Portee, ...]] = {
    Role.LECTEUR: tuple(Portee),
    Role.RESPONSABLE_QUALITE: (Portee.ETABLISSEMENT, Portee.ENTITE_JURIDIQUE, Portee.DEPARTEMENT, Portee.REGION),
    Role.RESPONSABLE_OFFRE: (Portee.STRUCTURE, Portee.ETABLISSEMENT, Portee.ENTITE_JURIDIQUE),
    Role.REFERENT: (Portee.ETABLISSEMENT, Portee.ENTITE_JURIDIQUE),
    Role.REFERENT_REGIONAL: (Portee.DEPARTEMENT, Portee.REGION),
}

# The roles that one who has this role may give, on what is theirs, never to themselves.
ACCORDE: dict[Role, frozenset[Role]] = {
    Role.REFERENT: frozenset({Role.LECTEUR, Role.RESPONSABLE_OFFRE, Role.REFERENT}),
    Role.REFERENT_REGIONAL: frozenset(Role),
}


def gestes_de(role: Role, classe: type, *, separee: bool = False) -> frozenset[Geste]:
    """What a role may do to objects of a class that its right covers.

    Args:
        separee: the établissement separates who prepares from who publishes.
    """
    gestes = DROITS[role] - RESERVES.get(classe, {}).get(role, frozenset())
    retenus = PREPARENT.get(role, frozenset()) & gestes if separee else frozenset()
    return (gestes - retenus) | {Geste.DEMANDER} if Geste.VALIDER in retenus else gestes - retenus


def roles_pour(geste: Geste, classe: type) -> list[Role]:
    """The roles that may do that to objects of a class."""
    return [role for role in DROITS if geste in gestes_de(role, classe)]
