"""Who may do what: the habilitation is read from the database, at every call, for the object received."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import Select
from sqlmodel import Session, col, or_, select

from rxror import db
from rxror.ror import reperes
from rxror.ror.dates import aujourd_hui
from rxror.ror.erreurs import AccesRefuse, ObjetFerme, ParentFerme
from rxror.ror.fermeture import est_archive, ferme_ou_le_sera
from rxror.ror.objets import OBJETS, EntiteGeographique
from rxror.tables import Habilitation, Role


@dataclass(frozen=True)
class Acteur:
    """The signed-in person, as the server knows them from the web session.

    Attributes:
        empreinte: SHA-256 of the session's secret.
    """

    id: int
    iss: str
    sub: str
    nom: str
    empreinte: str = ""
    demonstration: bool = False


class Geste(StrEnum):
    """What one wants to do to an object."""

    LIRE = "lire"
    MODIFIER = "modifier"
    VALIDER = "valider"
    CREER_OFFRE = "creer_offre"
    CREER_STRUCTURE = "creer_structure"
    FERMER_OFFRE = "fermer_offre"
    FERMER_STRUCTURE = "fermer_structure"


DROITS: dict[Role, frozenset[Geste]] = {
    Role.LECTEUR: frozenset({Geste.LIRE}),
    Role.RESPONSABLE_OFFRE: frozenset(
        {Geste.LIRE, Geste.MODIFIER, Geste.VALIDER, Geste.CREER_OFFRE, Geste.FERMER_OFFRE}
    ),
    Role.REFERENT: frozenset(Geste),
}

# On these objects, gestures that a role has elsewhere and not here: an établissement is the référent's to edit.
RESERVES: dict[type, dict[Role, frozenset[Geste]]] = {
    EntiteGeographique: {Role.RESPONSABLE_OFFRE: frozenset({Geste.MODIFIER, Geste.VALIDER})},
}

CHANGER = frozenset({Geste.MODIFIER, Geste.VALIDER})
CREER = frozenset({Geste.CREER_OFFRE, Geste.CREER_STRUCTURE})
IDENTIFIANTS: dict[str, Any] = {genre: getattr(OBJETS[genre], nom) for genre, nom in reperes.IDENTIFIANTS.items()}


@dataclass(frozen=True)
class Cible:
    """An object as a URL names it: its kind (key of OBJETS) and its identifier."""

    genre: str
    identifiant: str

    @property
    def cle(self) -> str:
        """Name of the object in brouillons and traces, e.g. "offre:76/0000001"."""
        return f"{self.genre}:{self.identifiant}"


@dataclass(frozen=True)
class Acces:
    """An object one may act on, with its établissement and the gestures allowed there."""

    objet: Any
    etablissement: EntiteGeographique
    gestes: frozenset[Geste]

    def permet(self, geste: Geste) -> bool:
        """Whether the gesture is allowed."""
        return geste in self.gestes


def en_cours(requete: Select[Any], acteur: Acteur, jour: date | None = None) -> Select[Any]:
    """Keep of a query on Habilitation what gives this acteur a right today."""
    jour = jour or aujourd_hui()
    return requete.where(
        col(Habilitation.utilisateur_id) == acteur.id,
        or_(col(Habilitation.debut).is_(None), col(Habilitation.debut) <= jour),
        or_(col(Habilitation.fin).is_(None), col(Habilitation.fin) >= jour),
    )


def gestes_de(role: Role, classe: type) -> frozenset[Geste]:
    """What a role may do to objects of a class."""
    return DROITS[role] - RESERVES.get(classe, {}).get(role, frozenset())


def roles_pour(geste: Geste, classe: type) -> list[Role]:
    """The roles that may do that to objects of a class."""
    return [role for role in DROITS if geste in gestes_de(role, classe)]


def exiger(session: Session, acteur: Acteur, cible: Cible, geste: Geste) -> Acces:
    """Load an object through the habilitation of the acteur, or refuse. One query.

    In a transaction that writes, nobody else changes the object before its end.

    Raises:
        AccesRefuse: no such object, no habilitation on its établissement, or a role without that gesture.
        ObjetFerme: it is closed for good, and changes no more before it is reopened.
        ParentFerme: it is closed, or is going to be: nothing new may hang below.
    """
    classe: Any = OBJETS.get(cible.genre)
    identifiant = IDENTIFIANTS.get(cible.genre)
    if classe is None or identifiant is None or not (cible.identifiant and cible.identifiant.isprintable()):
        raise AccesRefuse(cible.cle)
    seul = geste is not Geste.LIRE and db.ecrit(session)
    if classe is EntiteGeographique:
        requete: Any = select(EntiteGeographique, Habilitation.role).join(
            Habilitation, col(Habilitation.entite_geographique_id) == EntiteGeographique.id
        )
        requete = en_cours(requete.where(identifiant == cible.identifiant), acteur)
        lignes = [(o, o, r) for o, r in session.execute(_pour_soi(requete, classe) if seul else requete)]
    else:
        requete = (
            select(classe, EntiteGeographique, Habilitation.role)
            .join(EntiteGeographique, classe.entite_geographique_id == EntiteGeographique.id)
            .join(Habilitation, col(Habilitation.entite_geographique_id) == EntiteGeographique.id)
        )
        requete = en_cours(requete.where(identifiant == cible.identifiant), acteur)
        lignes = list(session.execute(_pour_soi(requete, classe) if seul else requete))
    if not lignes:
        raise AccesRefuse(cible.cle)
    objet, etablissement, _ = lignes[0]
    gestes = frozenset().union(*(gestes_de(role, classe) for _, _, role in lignes))
    if geste not in gestes:
        raise AccesRefuse(cible.cle)
    permis = gestes - interdits_par_fermeture(objet)
    if geste not in permis:
        raise ParentFerme if geste in CREER else ObjetFerme
    return Acces(objet, etablissement, permis)


def _pour_soi(requete: Select[Any], classe: Any) -> Select[Any]:
    """Wait until nobody else changes these objects, and read them as they then are. SQLite has waited already."""
    return requete.with_for_update(of=classe, key_share=True).execution_options(populate_existing=True)


def interdits_par_fermeture(objet: Any) -> frozenset[Geste]:
    """Gestures that a closing forbids: to change what is closed for good, to create below what is closed."""
    jour = aujourd_hui()
    interdits = CHANGER if est_archive(objet, jour) else frozenset[Geste]()
    return interdits | CREER if ferme_ou_le_sera(objet, jour) else interdits
