"""Requests for an access, for who decides them: read, granted, refused with a word; once, and never one's own."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any

from pydantic import StringConstraints
from sqlalchemy import ColumnElement
from sqlmodel import Session, and_, col, func, or_, select

from rxror.courriels import depot
from rxror.ror.dates import date_longue, moment
from rxror.ror.erreurs import AccesRefuse
from rxror.ror.objets import EntiteGeographique
from rxror.ror.parcours import url_etablissement
from rxror.ror.reperes import nom_de
from rxror.ror.textes import nettoyer
from rxror.services import octroi
from rxror.services.acces import Acces, Acteur, etablissements_de
from rxror.services.demandes_acces import ACCORDEE, REFUSEE, RETIREE, ROLES, SurUneDemande, clore, fautes_de, noter
from rxror.services.droits import NOMS_DES_ROLES
from rxror.services.octroi import lire_fin
from rxror.services.pouvoirs import pouvoir
from rxror.services.referents import sans_referent
from rxror.services.tracer import deja_fait
from rxror.settings import settings
from rxror.tables import Action, DemandeAcces, Role, Utilisateur

MOT_MAX = 300


class Accorder(SurUneDemande):
    """« Accorder », with what is given, which may be less than what was asked."""

    role: Role
    structure: Annotated[str, StringConstraints(max_length=60)] = ""
    fin: Annotated[str, StringConstraints(max_length=20)] = ""


class Refuser(SurUneDemande):
    """« Refuser », with a word for the person."""

    mot: Annotated[str, StringConstraints(max_length=2_000)]


@dataclass(frozen=True)
class Recue:
    """A request in the list of who decides."""

    numero: int
    qui: str
    quoi: str
    quand: str


@dataclass(frozen=True)
class EcranDecision:
    """A request, for who decides; `decidee` says by whom when it is over."""

    numero: int = 0
    finess: str = ""
    qui: str = ""
    identifiant: str = ""
    etablissement: str = ""
    role: str = ""
    role_demande: str = ""
    motif: str = ""
    adresse: str = ""
    quand: str = ""
    decidee: str = ""
    roles: list[tuple[str, str]] = field(default_factory=list)
    structures: list[tuple[str, str]] = field(default_factory=list)


def nombre_recues(session: Session, acteur: Acteur) -> int:
    """How many requests wait for this person."""
    return session.exec(_recues(acteur, func.count())).one()


def recues(session: Session, acteur: Acteur) -> list[Recue]:
    """The requests that wait for this person, oldest first; a hundred at most."""
    requete = _recues(acteur, DemandeAcces, Utilisateur, EntiteGeographique)
    requete = requete.join(Utilisateur, col(Utilisateur.id) == DemandeAcces.utilisateur_id)
    lignes = session.execute(requete.order_by(col(DemandeAcces.id)).limit(100)).all()
    return [
        Recue(d.id or 0, u.nom_complet, f"{NOMS_DES_ROLES[d.role]}, {nom_de(eg)}", moment(d.cree))
        for d, u, eg in lignes
    ]


def lire(session: Session, acteur: Acteur, numero: int) -> EcranDecision:
    """One request, for who may decide it, or who could have.

    Raises:
        AccesRefuse: they do not administer that établissement, or it is their own request.
    """
    ligne, acces = _a_decider(session, acteur, numero)
    eg, qui = acces.etablissement, session.get_one(Utilisateur, ligne.utilisateur_id)
    accordables = pouvoir(session, acteur, acces).roles()
    return EcranDecision(
        numero=ligne.id or 0,
        finess=eg.num_finess,
        qui=qui.nom_complet,
        identifiant=qui.sub,
        etablissement=nom_de(eg),
        role=NOMS_DES_ROLES[ligne.role],
        role_demande=ligne.role,
        motif=ligne.motif,
        adresse=ligne.adresse,
        quand=moment(ligne.cree),
        decidee=_decidee(session, ligne),
        roles=[(r, NOMS_DES_ROLES[r]) for r in ROLES if r in accordables],
        structures=octroi.structures_de(session, eg),
    )


def accorder(session: Session, acteur: Acteur, demande: Accorder, maintenant: datetime | None = None) -> dict[str, str]:
    """Give a right to who asked, maybe another one than they asked for.

    Returns:
        What is wrong, by field; empty once it is done.

    Raises:
        AccesRefuse: they may not give that role there, or it is their own request.
        Conflit: somebody answered meanwhile, or it was withdrawn.
    """
    if deja_fait(session, acteur, demande.cle, action=Action.ACCES):
        return {}
    ligne, acces = _a_decider(session, acteur, demande.numero)
    eg = acces.etablissement
    fin, erreur = lire_fin(demande.fin)
    if erreur:
        return {"fin": erreur}
    if erreurs := octroi.fautes_de_place(demande.role, demande.structure):
        return erreurs
    place = octroi.exiger_octroi(session, acteur, eg.num_finess, demande.structure, demande.role, ligne.utilisateur_id)
    clore(session, acteur, ligne, ACCORDEE, maintenant=maintenant)
    octroi.accorder(session, acteur, ligne.utilisateur_id, demande.role, place, fin, par=acteur.id, geste="demande")
    noter(session, acteur, ligne, ACCORDEE, demande.cle)
    jusqu_au = f", jusqu’au {date_longue(fin)}" if fin else ""
    _repondre(
        session,
        ligne,
        eg,
        f"Votre demande est acceptée : vous avez le rôle « {NOMS_DES_ROLES[demande.role]} », "
        f"{depot.une_ligne(place.nom)}{jusqu_au}.\n\n{settings().url}{url_etablissement(eg.num_finess)}",
    )
    return {}


def refuser(session: Session, acteur: Acteur, demande: Refuser, maintenant: datetime | None = None) -> dict[str, str]:
    """Refuse a request with a word for the person.

    Returns:
        What is wrong, by field; empty once it is done.

    Raises:
        AccesRefuse: they do not administer that établissement, or it is their own request.
        Conflit: somebody answered meanwhile, or it was withdrawn.
    """
    if deja_fait(session, acteur, demande.cle, action=Action.ACCES):
        return {}
    ligne, acces = _a_decider(session, acteur, demande.numero)
    eg = acces.etablissement
    mot = nettoyer(demande.mot)
    if erreur := fautes_de(demande.mot, MOT_MAX, "Dites en un mot pourquoi, ou à qui s’adresser."):
        return {"mot": erreur}
    clore(session, acteur, ligne, REFUSEE, mot=mot, maintenant=maintenant)
    noter(session, acteur, ligne, REFUSEE, demande.cle)
    _repondre(session, ligne, eg, f"Votre demande n’est pas acceptée. Ce que le référent vous répond :\n\n« {mot} »")
    return {}


def _recues(acteur: Acteur, *quoi: Any) -> Any:
    """Open requests of others, where this person is référent, or référent régional and there is no référent."""
    eg: Any = EntiteGeographique
    siens = eg.id.in_(etablissements_de(acteur, roles=[Role.REFERENT], entiers=True))
    region = eg.id.in_(etablissements_de(acteur, roles=[Role.REFERENT_REGIONAL], entiers=True))
    pour_moi: ColumnElement[bool] = or_(siens, and_(region, sans_referent()))
    return (
        select(*quoi)
        .select_from(DemandeAcces)
        .join(EntiteGeographique, col(EntiteGeographique.num_finess) == DemandeAcces.ouverte)
        .where(pour_moi, DemandeAcces.utilisateur_id != acteur.id)
    )


def _a_decider(session: Session, acteur: Acteur, numero: int) -> tuple[DemandeAcces, Acces]:
    ligne = session.get(DemandeAcces, numero)
    if ligne is None or ligne.utilisateur_id == acteur.id:
        raise AccesRefuse(f"demande_acces:{numero}")
    return ligne, octroi.administrer(session, acteur, ligne.finess)


def _decidee(session: Session, ligne: DemandeAcces) -> str:
    if not ligne.issue:
        return ""
    if ligne.issue == RETIREE:
        return "La personne a retiré sa demande."
    par = session.get_one(Utilisateur, ligne.decidee_par or 0).nom_complet
    fait = "accordé" if ligne.issue == ACCORDEE else "refusé"
    return f"{par} a {fait} cette demande {moment(ligne.decidee or ligne.cree)}."


def _repondre(session: Session, ligne: DemandeAcces, eg: EntiteGeographique, texte: str) -> None:
    """By mail, where mails leave from here; the home page of the person says it in any case."""
    if not (ligne.adresse and depot.disponible()):
        return
    nom = depot.une_ligne(nom_de(eg))
    depot.deposer(
        session,
        ligne.adresse,
        f"Votre demande d’accès : {nom}",
        texte,
        pourquoi=f"parce qu’un accès à {nom} a été demandé avec cette adresse, le {date_longue(ligne.cree)}",
    )
