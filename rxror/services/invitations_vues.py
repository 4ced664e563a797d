"""The page of the invitations of an établissement: what became of each, what the form offers."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import aliased
from sqlmodel import Session, and_, col, or_, select

from rxror.courriels import depot
from rxror.ror.dates import date_heure, date_longue, utc
from rxror.ror.objets import OrganisationInterne
from rxror.ror.reperes import nom_de
from rxror.ror.typographie import fr
from rxror.services import octroi
from rxror.services.acces import Acteur
from rxror.services.droits import NOMS_DES_ROLES, PORTEES
from rxror.services.invitations import ACCEPTEE, finie
from rxror.services.pouvoirs import pouvoir
from rxror.tables import Courriel, Invitation, Portee, Utilisateur

MONTREE = timedelta(days=30)  # how long one that is over stays in the list


@dataclass(frozen=True)
class LigneInvitation:
    """An invitation in the list of an établissement; `attend` while it may still be accepted or sent again."""

    numero: int
    adresse: str
    quoi: str
    etat: str
    detail: str
    attend: bool


@dataclass(frozen=True)
class EcranInvitations:
    """What the page of the invitations of an établissement shows.

    Attributes:
        roles: those that the person may give.
        structures: (identifiantOI, name) of what a right may be limited to.
        empeche: why nothing can be sent; empty when it can.
    """

    nom: str
    sanitaire: bool
    roles: list[str]
    structures: list[tuple[str, str]]
    lignes: list[LigneInvitation]
    reponse_a: str
    empeche: str


def ouvrir(session: Session, acteur: Acteur, finess: str) -> EcranInvitations:
    """The invitations of an établissement, and what its form offers.

    Raises:
        AccesRefuse: they may not give rights there.
    """
    acces = octroi.administrer(session, acteur, finess)
    eg = acces.etablissement
    return EcranInvitations(
        nom=nom_de(eg),
        sanitaire=eg.sanitaire,
        roles=[role for role in pouvoir(session, acteur, acces).roles() if Portee.ETABLISSEMENT in PORTEES[role]],
        structures=octroi.structures_de(session, eg),
        lignes=lister(session, acteur, finess),
        reponse_a=derniere_reponse_a(session, acteur),
        empeche="" if depot.disponible() else depot.PAS_DE_COURRIEL,
    )


def lister(session: Session, acteur: Acteur, finess: str, maintenant: datetime | None = None) -> list[LigneInvitation]:
    """The invitations of an établissement that wait, and those over for less than a month; newest first.

    Raises:
        AccesRefuse: they may not give rights there.
    """
    eg = octroi.administrer(session, acteur, finess).etablissement
    maintenant = maintenant or datetime.now(UTC)
    oi, qui = OrganisationInterne, aliased(Utilisateur)
    requete = (
        select(Invitation, oi, qui, Courriel)
        .outerjoin(oi, and_(Invitation.portee == Portee.STRUCTURE, col(oi.identifiant_oi) == Invitation.code))
        .outerjoin(qui, col(qui.id) == Invitation.acceptee_par)
        .outerjoin(Courriel, col(Courriel.id) == Invitation.courriel_id)
        .where(Invitation.finess == finess)
        .where(or_(Invitation.issue == "", col(Invitation.close) > maintenant - MONTREE))
        .where(col(Invitation.expire) > maintenant - MONTREE)
        .order_by(col(Invitation.id).desc())
        .limit(100)
    )
    lignes = session.execute(requete).all()
    return [_ligne(i, nom_de(o) if o else nom_de(eg), q, c, maintenant) for i, o, q, c in lignes]


def derniere_reponse_a(session: Session, acteur: Acteur) -> str:
    """Where this person last wanted to be told."""
    requete = select(Invitation.reponse_a).where(Invitation.invite_par == acteur.id)
    return session.exec(requete.order_by(col(Invitation.id).desc()).limit(1)).first() or ""


def _ligne(
    invitation: Invitation, nom: str, qui: Utilisateur | None, courriel: Courriel | None, maintenant: datetime
) -> LigneInvitation:
    fin = f", jusqu’au {date_longue(invitation.fin)}" if invitation.fin else ""
    etat, detail, attend = _etat(invitation, qui, courriel, maintenant)
    quoi = f"{NOMS_DES_ROLES[invitation.role]}, {nom}{fin}"
    return LigneInvitation(invitation.id or 0, invitation.adresse, quoi, etat, fr(detail), attend)


def _etat(
    invitation: Invitation, qui: Utilisateur | None, courriel: Courriel | None, maintenant: datetime
) -> tuple[str, str, bool]:
    if invitation.issue == ACCEPTEE:
        nom = qui.nom_complet if qui else "quelqu’un"
        return "Acceptée", f"par {nom}, le {date_longue(invitation.close or maintenant)}", False
    if invitation.issue:
        return "Retirée", f"le {date_longue(invitation.close or maintenant)}", False
    if courriel is not None and courriel.erreur and courriel.prochain_essai is None:
        return "Non remise", f"{courriel.erreur}. Vérifiez l’adresse : retirez, puis invitez de nouveau.", True
    if utc(invitation.expire) <= maintenant or finie(invitation):
        return "Expirée", f"depuis le {date_longue(invitation.expire)}", True
    return "Attend", f"valable jusqu’au {date_heure(invitation.expire)}", True
