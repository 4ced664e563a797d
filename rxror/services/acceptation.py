"""The link of an invitation, for who holds it: what it offers, and the right once it is accepted."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlmodel import Session, select

from rxror.courriels import depot
from rxror.ror.dates import date_heure, date_longue, utc
from rxror.ror.erreurs import AccesRefuse, Conflit, ErreurRxror
from rxror.ror.objets import EntiteGeographique, OrganisationInterne
from rxror.ror.parcours import url_etablissement, url_structure
from rxror.ror.reperes import nom_de
from rxror.services import octroi
from rxror.services.acces import Acteur
from rxror.services.droits import NOMS_DES_GESTES, NOMS_DES_ROLES, gestes_de
from rxror.services.invitations import ACCEPTEE, RETIREE, changer, finie, noter, structure_de
from rxror.services.octroi import Place
from rxror.settings import settings
from rxror.tables import Invitation


class InvitationRefusee(ErreurRxror):
    """The link gives nothing. Its reason is for the trace, never for the screen.

    Attributes:
        motif: inconnue, expiree, utilisee, retiree, revoquee or soi.
    """

    def __init__(self, motif: str, numero: int | None = None) -> None:
        """Keep the reason, and which invitation it was."""
        super().__init__(motif)
        self.motif, self.numero = motif, numero


@dataclass(frozen=True)
class InvitationLue:
    """What a living link offers, in words."""

    numero: int
    role: str
    place: str
    de: str
    fin: str
    expire: str
    gestes: list[str]
    url: str
    acceptee: bool = False


def lire(session: Session, marque: str, acteur: Acteur | None, maintenant: datetime | None = None) -> InvitationLue:
    """What a link offers, for whoever holds it; once accepted, for the one who accepted only.

    Args:
        marque: SHA-256 of the secret.

    Raises:
        InvitationRefusee: it gives nothing.
    """
    maintenant = maintenant or datetime.now(UTC)
    invitation = _par_marque(session, marque)
    deja = acteur is not None and _acceptee_par(invitation, acteur)
    place = _place_acceptee(session, invitation) if deja else _vivante(session, invitation, acteur, maintenant)
    return _lue(session, invitation, place, acceptee=deja)


def accepter(session: Session, acteur: Acteur, marque: str, maintenant: datetime | None = None) -> InvitationLue:
    """Take the right that a link offers; the same person again changes nothing.

    Raises:
        InvitationRefusee: it gives nothing, or it is one's own.
    """
    maintenant = maintenant or datetime.now(UTC)
    invitation = _par_marque(session, marque)
    if _acceptee_par(invitation, acteur):
        return _lue(session, invitation, _place_acceptee(session, invitation), acceptee=True)
    place = _vivante(session, invitation, acteur, maintenant)
    try:
        changer(session, invitation, issue=ACCEPTEE, close=maintenant, acceptee_par=acteur.id)
    except Conflit:
        raise InvitationRefusee("utilisee", invitation.id) from None
    octroi.accorder(
        session,
        acteur,
        acteur.id,
        invitation.role,
        place,
        invitation.fin,
        par=invitation.invite_par,
        geste="invitation",
    )
    noter(session, acteur, invitation, ACCEPTEE)
    _prevenir(session, acteur, invitation, place, maintenant)
    return _lue(session, invitation, place, acceptee=True)


def _par_marque(session: Session, marque: str) -> Invitation:
    invitation = session.exec(select(Invitation).where(Invitation.empreinte == marque)).first() if marque else None
    if invitation is None:
        raise InvitationRefusee("inconnue")
    return invitation


def _vivante(session: Session, invitation: Invitation, acteur: Acteur | None, maintenant: datetime) -> Place:
    """The place of an invitation that still holds: in time, not used, and of somebody who may still give it."""
    numero = invitation.id
    if invitation.issue:
        raise InvitationRefusee("retiree" if invitation.issue == RETIREE else "utilisee", numero)
    if utc(invitation.expire) <= maintenant or finie(invitation):
        raise InvitationRefusee("expiree", numero)
    if acteur is not None and acteur.id == invitation.invite_par:
        raise InvitationRefusee("soi", numero)
    pour = acteur.id if acteur else None
    de = octroi.acteur_connu(session, invitation.invite_par)
    try:
        return octroi.exiger_octroi(session, de, invitation.finess, structure_de(invitation), invitation.role, pour)
    except AccesRefuse:
        raise InvitationRefusee("revoquee", numero) from None


def _place_acceptee(session: Session, invitation: Invitation) -> Place:
    """Its name only: whoever accepted it already has the right, or had it."""
    oi, eg = OrganisationInterne, EntiteGeographique
    objet = session.exec(select(oi).where(oi.identifiant_oi == structure_de(invitation))).first()
    lieu = objet or session.exec(select(eg).where(eg.num_finess == invitation.finess)).one()
    return Place(invitation.portee, invitation.code, invitation.finess, nom_de(lieu))


def _lue(session: Session, invitation: Invitation, place: Place, *, acceptee: bool) -> InvitationLue:
    classe = OrganisationInterne
    gestes = gestes_de(invitation.role, classe)
    structure = structure_de(invitation)
    return InvitationLue(
        numero=invitation.id or 0,
        role=NOMS_DES_ROLES[invitation.role],
        place=place.nom,
        de=octroi.acteur_connu(session, invitation.invite_par).nom,
        fin=date_longue(invitation.fin) if invitation.fin else "",
        expire=date_heure(invitation.expire),
        gestes=[nom for geste, nom in NOMS_DES_GESTES.items() if geste in gestes],
        url=url_structure(structure) if structure else url_etablissement(invitation.finess),
        acceptee=acceptee,
    )


def _prevenir(session: Session, acteur: Acteur, invitation: Invitation, place: Place, maintenant: datetime) -> None:
    if not (invitation.reponse_a and depot.disponible()):
        return
    depot.deposer(
        session,
        invitation.reponse_a,
        f"Invitation acceptée : {place.nom}",
        f"{depot.une_ligne(acteur.nom)} a accepté votre invitation : "
        f"« {NOMS_DES_ROLES[invitation.role]} », {depot.une_ligne(place.nom)}.\n\n"
        "Si ce n’est pas la personne que vous attendiez, retirez ce droit dans « Personnes et droits » :\n\n"
        f"{settings().url}{url_etablissement(invitation.finess)}",
        pourquoi="parce que vous avez demandé à savoir quand votre invitation serait acceptée",
        maintenant=maintenant,
    )


def _acceptee_par(invitation: Invitation, acteur: Acteur) -> bool:
    return invitation.issue == ACCEPTEE and invitation.acceptee_par == acteur.id
