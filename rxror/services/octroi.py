"""A right that somebody asked for or was offered: on what, until when, and how it is written once it is given.

Who may give what is in `pouvoirs.py`; how a right is written and told, in `habilitations.py`.
"""

from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from sqlalchemy import ColumnElement, exists, or_
from sqlmodel import Session, col, select

from rxror.ror.dates import aujourd_hui
from rxror.ror.erreurs import AccesRefuse
from rxror.ror.nomenclatures import Commune
from rxror.ror.objets import EntiteGeographique, OrganisationInterne
from rxror.ror.objets.organisation_interne import POLE, SERVICE, UF
from rxror.ror.reperes import nom_de
from rxror.ror.typographie import fr
from rxror.services import habilitations
from rxror.services.acces import TERRITOIRES, Acces, Acteur, Cible, Geste, exiger
from rxror.services.droits import PORTEES
from rxror.services.etats import archive
from rxror.services.pouvoirs import pouvoir
from rxror.tables import Habilitation, Portee, Role, Utilisateur
from rxror.tri import en_ordre

STRUCTURES_AU_PLUS = 100


# What each role is for, beside its name, where one chooses it.
CE_QUE_FAIT = {
    Role.LECTEUR: "Lit tout, ne change rien.",
    Role.RESPONSABLE_OFFRE: "Prépare et valide les offres et leurs lieux.",
    Role.REFERENT: "Tient tout l’établissement à jour, et y donne les droits.",
    Role.REFERENT_REGIONAL: "Comme un référent, dans tout un territoire.",
    Role.RESPONSABLE_QUALITE: "Lit tout, pour en suivre la qualité.",
}


@dataclass(frozen=True)
class Place:
    """What a right would cover: an établissement, or one structure of it.

    Attributes:
        nom: « CH ALBI », or « Cardiologie, CH ALBI ».
    """

    portee: Portee
    code: str
    finess: str
    nom: str


def administrer(session: Session, acteur: Acteur, finess: str) -> Acces:
    """The établissement, for who may give rights there.

    Raises:
        AccesRefuse: they may not, or there is no such établissement.
    """
    return exiger(session, acteur, Cible(EntiteGeographique.GENRE, finess), Geste.ADMINISTRER)


def exiger_octroi(
    session: Session, acteur: Acteur, finess: str, structure: str, role: Role, pour: int | None = None
) -> Place:
    """What a right would cover, for who may give it.

    Args:
        structure: identifiantOI of a pôle, a service or a UF of the établissement; empty for the whole of it.
        pour: who would receive it, when that is known: never the giver, nor whom the giver stands for.

    Raises:
        AccesRefuse: they may not give that role there, the role is not given on that, or the place is not one.
    """
    acces = administrer(session, acteur, finess)
    place = _place(session, acteur, acces.etablissement, structure)
    peut = pouvoir(session, acteur, acces)
    if pour is not None and (pour == acteur.id or pour in peut.delegants):
        raise AccesRefuse(f"personne:{pour}")
    if not peut.peut_donner(session, role, (place.portee, place.code)):
        raise AccesRefuse(f"{place.portee}:{place.code}")
    return place


def fautes_de_place(role: Role, structure: str) -> dict[str, str]:
    """What is wrong with giving a role on a structure, by field."""
    if structure and Portee.STRUCTURE not in PORTEES[role]:
        return {"structure": fr("Ce rôle se donne sur tout l’établissement : choisissez-le, ou un autre rôle.")}
    return {}


def _place(session: Session, acteur: Acteur, eg: EntiteGeographique, structure: str) -> Place:
    if not structure:
        return Place(Portee.ETABLISSEMENT, eg.num_finess, eg.num_finess, nom_de(eg))
    cible = Cible(OrganisationInterne.GENRE, structure)
    acces = exiger(session, acteur, cible, Geste.ADMINISTRER)
    if acces.etablissement.id != eg.id:
        raise AccesRefuse(cible.cle)
    return Place(Portee.STRUCTURE, structure, eg.num_finess, f"{nom_de(acces.objet)}, {nom_de(eg)}")


def structures_de(session: Session, eg: EntiteGeographique) -> list[tuple[str, str]]:
    """(identifiantOI, name) of the open structures: pôles, then services, then UF, by name; a hundred at most."""
    oi = OrganisationInterne
    close = archive(oi, aujourd_hui())
    lignes: list[tuple[str, str]] = []
    for type_oi in (POLE, SERVICE, UF):
        requete = (
            select(oi.identifiant_oi, oi.nom_oi)
            .where(oi.entite_geographique_id == eg.id, oi.type_oi == type_oi, or_(~close, close.is_(None)))
            .order_by(en_ordre(oi.nom_oi), col(oi.identifiant_oi))
        )
        lignes += session.exec(requete.limit(STRUCTURES_AU_PLUS - len(lignes))).all()
    return lignes


def lire_fin(texte: str) -> tuple[date | None, str]:
    """The last day of a right, None for no end; and what is wrong with it."""
    if not texte.strip():
        return None, ""
    try:
        fin = date.fromisoformat(texte.strip())
    except ValueError:
        return None, fr("Écrivez une date, par exemple 31/12/2027, ou laissez vide.")
    jour = aujourd_hui()
    if fin < jour:
        return None, fr("Choisissez aujourd’hui ou un jour à venir, ou laissez vide.")
    if fin.year > jour.year + 50:
        return None, fr("Cette date est trop lointaine : laissez vide pour un droit sans fin.")
    return fin, ""


def accorder(
    session: Session, acteur: Acteur, qui: int, role: Role, place: Place, fin: date | None, *, par: int, geste: str
) -> Habilitation:
    """Write the right, with its line of trace; one of their own that they have already is prolonged, never shortened.

    A delegation becomes a right of their own, and lasts as long as this one says.

    Args:
        acteur: who does the gesture: the one who grants, or the one who accepts.
        par: who answers for it.
        geste: what the line tells, "invitation" or "demande".
    """
    etendue = (place.portee, place.code)
    deja = habilitations.tenu(session, qui, role, etendue)
    if deja and deja.suppleance_de is None:
        fin = max(deja.fin, fin) if deja.fin and fin else None
    change = habilitations.donner(session, qui, role, etendue, par=par, fin=fin)
    habilitations.tracer(session, acteur, place.finess, geste, [change], str(uuid4()), "")
    return change[0]


def acteur_connu(session: Session, utilisateur_id: int) -> Acteur:
    """A person who is not there, to ask what they may still do."""
    u = session.get_one(Utilisateur, utilisateur_id)
    return Acteur(u.id or 0, u.iss, u.sub, u.nom_complet)


def a_un_regional(jour: date | None = None) -> ColumnElement[bool]:
    """Whether a row of EntiteGeographique is in the territory of a référent régional."""
    jour = jour or aujourd_hui()
    eg, droit = EntiteGeographique, Habilitation
    return or_(
        *(
            exists().where(
                col(droit.role) == Role.REFERENT_REGIONAL,
                or_(col(droit.debut).is_(None), col(droit.debut) <= jour),
                or_(col(droit.fin).is_(None), col(droit.fin) >= jour),
                col(droit.portee) == portee,
                col(Commune.code_insee) == eg.commune_cog,
                colonne == droit.code,
            )
            for portee, colonne in TERRITOIRES.items()
        )
    )
