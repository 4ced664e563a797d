"""To give a right: which roles one may give here, on what, and the row that is written when it is given."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from rxror.ror.dates import aujourd_hui
from rxror.ror.erreurs import AccesRefuse
from rxror.ror.nomenclatures import Commune
from rxror.ror.objets import EntiteGeographique, EntiteJuridique, OrganisationInterne
from rxror.ror.objets.organisation_interne import POLE, SERVICE, UF
from rxror.ror.reperes import nom_de
from rxror.ror.typographie import fr
from rxror.services.acces import TERRITOIRES, Acteur, Cible, Geste, etablissements_de, exiger
from rxror.services.droits import ACCORDE, PORTEES
from rxror.services.etats import archive
from rxror.services.tracer import tracer
from rxror.tables import Action, Habilitation, Portee, Role, Utilisateur
from rxror.tri import en_ordre

STRUCTURES_AU_PLUS = 100


@dataclass(frozen=True)
class Place:
    """What a right would cover: an établissement, or one structure of it.

    Attributes:
        nom: « CH ALBI », or « Cardiologie (CH ALBI) ».
    """

    portee: Portee
    code: str
    finess: str
    nom: str


def administrer(session: Session, acteur: Acteur, finess: str) -> EntiteGeographique:
    """The établissement, for who may give rights there.

    Raises:
        AccesRefuse: they may not, or there is no such établissement.
    """
    return exiger(session, acteur, Cible(EntiteGeographique.GENRE, finess), Geste.ADMINISTRER).etablissement


def roles_accordables(session: Session, acteur: Acteur, etablissement: EntiteGeographique) -> list[Role]:
    """The roles that this person may give on an établissement or a part of it, in the order of `Role`."""
    eg = EntiteGeographique
    tenus = [
        role
        for role in ACCORDE
        if session.exec(select(eg.id).where(eg.id == etablissement.id, col(eg.id).in_(_couverts(acteur, role)))).first()
    ]
    donnes = frozenset[Role]().union(*(ACCORDE[role] for role in tenus))
    return [role for role in Role if role in donnes and accordable_ici(role)]


def accordable_ici(role: Role) -> bool:
    """Whether a role is one of an établissement, not of a whole territory."""
    return Portee.ETABLISSEMENT in PORTEES[role]


def _couverts(acteur: Acteur, role: Role) -> Any:
    return etablissements_de(acteur, roles=[role], entiers=True)


def exiger_octroi(session: Session, acteur: Acteur, finess: str, structure: str, role: Role) -> Place:
    """What a right would cover, for who may give it.

    Args:
        structure: identifiantOI of a pôle, a service or a UF of the établissement; empty for the whole of it.

    Raises:
        AccesRefuse: they may not give that role there, the role is not given on that, or the place is not one.
    """
    eg = administrer(session, acteur, finess)
    place = _place(session, acteur, eg, structure)
    if role not in roles_accordables(session, acteur, eg) or place.portee not in PORTEES[role]:
        raise AccesRefuse(f"{place.portee}:{place.code}")
    return place


def _place(session: Session, acteur: Acteur, eg: EntiteGeographique, structure: str) -> Place:
    if not structure:
        return Place(Portee.ETABLISSEMENT, eg.num_finess, eg.num_finess, nom_de(eg))
    cible = Cible(OrganisationInterne.GENRE, structure)
    acces = exiger(session, acteur, cible, Geste.ADMINISTRER)
    if acces.etablissement.id != eg.id:
        raise AccesRefuse(cible.cle)
    return Place(Portee.STRUCTURE, structure, eg.num_finess, f"{nom_de(acces.objet)} ({nom_de(eg)})")


def structures_de(session: Session, eg: EntiteGeographique) -> list[tuple[str, str]]:
    """(identifiantOI, name) of the open structures: pôles, then services, then UF, by name; a hundred at most."""
    oi = OrganisationInterne
    lignes: list[tuple[str, str]] = []
    for type_oi in (POLE, SERVICE, UF):
        requete = (
            select(oi.identifiant_oi, oi.nom_oi)
            .where(oi.entite_geographique_id == eg.id, oi.type_oi == type_oi)
            .where(or_(~archive(oi, aujourd_hui()), archive(oi, aujourd_hui()).is_(None)))
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
    session: Session,
    acteur: Acteur,
    qui: int,
    role: Role,
    place: Place,
    fin: date | None,
    *,
    par: int,
    **resultat: Any,
) -> Habilitation:
    """Write the right, with its line of trace; one that the person has already is prolonged, never shortened.

    Args:
        acteur: who does the gesture: the one who grants, or the one who accepts.
        par: who answers for it.
    """
    ici = (
        select(Habilitation)
        .where(Habilitation.utilisateur_id == qui, Habilitation.role == role)
        .where(Habilitation.portee == place.portee, Habilitation.code == place.code)
    )
    droit = session.exec(ici).first()
    jour = aujourd_hui()
    if droit is None:
        droit = Habilitation(utilisateur_id=qui, role=role, portee=place.portee, code=place.code, debut=jour, fin=fin)
    elif droit.fin is not None and droit.fin < jour:
        droit.debut, droit.fin = jour, fin
    else:
        droit.debut = min(droit.debut, jour) if droit.debut else None
        droit.fin = max(droit.fin, fin) if droit.fin and fin else None
    droit.accordee_par, droit.suppleance_de = par, None
    session.add(droit)
    session.flush()
    dit = {"quoi": "accordee", "personne": qui, "role": role, "portee": place.portee, "code": place.code, "par": par}
    dit |= {"fin": droit.fin.isoformat() if droit.fin else "", **resultat}
    tracer(session, acteur, Action.HABILITATION, place.finess, f"habilitation:{droit.id}", resultat=dit)
    return droit


def acteur_connu(session: Session, utilisateur_id: int) -> Acteur:
    """A person who is not there, to ask what they may still do."""
    u = session.get_one(Utilisateur, utilisateur_id)
    return Acteur(u.id or 0, u.iss, u.sub, u.nom_complet)


def en_cours(jour: date | None = None) -> ColumnElement[bool]:
    """Whether a row of Habilitation holds on a day, today by default."""
    jour = jour or aujourd_hui()
    debut, fin = col(Habilitation.debut), col(Habilitation.fin)
    return and_(or_(debut.is_(None), debut <= jour), or_(fin.is_(None), fin >= jour))


def a_un_referent(jour: date | None = None) -> ColumnElement[bool]:
    """Whether a row of EntiteGeographique has a référent of its own, or of its entité juridique."""
    eg, droit = EntiteGeographique, aliased(Habilitation)
    jour = jour or aujourd_hui()
    juridique = exists().where(
        col(EntiteJuridique.id) == eg.entite_juridique_id, col(EntiteJuridique.num_finess) == droit.code
    )
    return exists().where(
        col(droit.role) == Role.REFERENT,
        or_(col(droit.debut).is_(None), col(droit.debut) <= jour),
        or_(col(droit.fin).is_(None), col(droit.fin) >= jour),
        or_(
            and_(col(droit.portee) == Portee.ETABLISSEMENT, col(droit.code) == eg.num_finess),
            and_(col(droit.portee) == Portee.ENTITE_JURIDIQUE, juridique),
        ),
    )


def a_un_regional(jour: date | None = None) -> ColumnElement[bool]:
    """Whether a row of EntiteGeographique is in the territory of a référent régional."""
    eg = EntiteGeographique
    return or_(
        *(
            exists().where(
                col(Habilitation.role) == Role.REFERENT_REGIONAL,
                en_cours(jour),
                col(Habilitation.portee) == portee,
                col(Commune.code_insee) == eg.commune_cog,
                colonne == Habilitation.code,
            )
            for portee, colonne in TERRITOIRES.items()
        )
    )
