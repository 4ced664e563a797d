"""« Inviter »: a right offered by mail, kept for seven days, used once; dead as soon as the inviter could not give it.

The link holds a secret of which only the SHA-256 is kept. What is wrong with a link is said to nobody: it goes to the
trace.
"""

import hashlib
import secrets
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StringConstraints
from sqlalchemy import update
from sqlmodel import Session, col, func, select

from rxror.courriels import depot
from rxror.ror.dates import aujourd_hui, date_heure, date_longue
from rxror.ror.erreurs import AccesRefuse, Conflit, CourrielIndisponible
from rxror.ror.typographie import fr
from rxror.services import octroi
from rxror.services.acces import Acteur
from rxror.services.demande import Numero
from rxror.services.droits import NOMS_DES_ROLES
from rxror.services.octroi import Place
from rxror.services.tracer import deja_fait, tracer
from rxror.settings import settings
from rxror.tables import Action, Invitation, Portee, Role

VIE = timedelta(days=7)
EN_ATTENTE_AU_PLUS = 50
ENVOIS_AU_PLUS = 5
PAR_JOUR = 100  # of one person, taken back or not: nobody can be flooded with our mails
CHEMIN = "/auth/invitation"
ACCEPTEE, RETIREE = "acceptee", "retiree"


class Demande(BaseModel):
    """What each gesture on invitations says: on which établissement, by which key."""

    model_config = ConfigDict(extra="forbid")

    finess: Annotated[str, StringConstraints(max_length=9)]
    cle: UUID


class Inviter(Demande):
    """One invitation, as the form sends it."""

    structure: Annotated[str, StringConstraints(max_length=60)] = ""
    role: Role
    adresse: Annotated[str, StringConstraints(max_length=300)]
    reponse_a: Annotated[str, StringConstraints(max_length=300)] = ""
    fin: Annotated[str, StringConstraints(max_length=20)] = ""


class SurUneInvitation(Demande):
    """« Renvoyer » or « Retirer »."""

    numero: Numero


def inviter(session: Session, acteur: Acteur, demande: Inviter, maintenant: datetime | None = None) -> dict[str, str]:
    """Offer a right to an address; the mail leaves with the gesture.

    Returns:
        What is wrong, by field; empty once it is done.

    Raises:
        AccesRefuse: they may not give that role there.
        CourrielIndisponible: no mail can leave from here.
    """
    maintenant = maintenant or datetime.now(UTC)
    if deja_fait(session, acteur, demande.cle, action=Action.INVITATION):
        return {}
    if erreurs := octroi.fautes_de_place(demande.role, demande.structure):
        return erreurs
    place = octroi.exiger_octroi(session, acteur, demande.finess, demande.structure, demande.role)
    if not depot.disponible():
        raise CourrielIndisponible
    erreurs, fin = _verifier(demande)
    erreurs |= _trop(session, acteur, demande, place, maintenant) if not erreurs else {}
    if erreurs:
        return erreurs
    secret = secrets.token_urlsafe(32)
    invitation = Invitation(
        empreinte=empreinte(secret),
        adresse=depot.lire_adresse(demande.adresse),
        role=demande.role,
        portee=place.portee,
        code=place.code,
        finess=place.finess,
        fin=fin,
        invite_par=acteur.id,
        reponse_a=depot.lire_adresse(demande.reponse_a),
        cree=maintenant,
        expire=maintenant + VIE,
    )
    session.add(invitation)
    _ecrire(session, acteur, invitation, place, secret, maintenant)
    noter(session, acteur, invitation, "envoyee", cle=str(demande.cle))
    return {}


def renvoyer(session: Session, acteur: Acteur, demande: SurUneInvitation, maintenant: datetime | None = None) -> None:
    """Send a new link for seven more days; the former one is dead. Who sends it again answers for it.

    Raises:
        AccesRefuse: there is no such invitation there, or they may not give that role.
        Conflit: it was accepted or withdrawn meanwhile, or was sent as often as it may be.
        CourrielIndisponible: no mail can leave from here.
    """
    maintenant = maintenant or datetime.now(UTC)
    if deja_fait(session, acteur, demande.cle, action=Action.INVITATION):
        return
    invitation = _une(session, acteur, demande)
    place = octroi.exiger_octroi(session, acteur, invitation.finess, structure_de(invitation), invitation.role)
    if not depot.disponible():
        raise CourrielIndisponible
    if invitation.issue or invitation.envois >= ENVOIS_AU_PLUS or finie(invitation):
        raise Conflit
    secret = secrets.token_urlsafe(32)
    neuves = {"empreinte": empreinte(secret), "expire": maintenant + VIE, "invite_par": acteur.id}
    changer(session, invitation, envois=invitation.envois + 1, **neuves)
    _ecrire(session, acteur, invitation, place, secret, maintenant)
    noter(session, acteur, invitation, "renvoyee", cle=str(demande.cle))


def retirer(session: Session, acteur: Acteur, demande: SurUneInvitation, maintenant: datetime | None = None) -> None:
    """Take an invitation back: its link gives nothing any more.

    Raises:
        AccesRefuse: there is no such invitation there.
        Conflit: it was accepted meanwhile.
    """
    if deja_fait(session, acteur, demande.cle, action=Action.INVITATION):
        return
    invitation = _une(session, acteur, demande)
    if invitation.issue:
        raise Conflit
    changer(session, invitation, issue=RETIREE, close=maintenant or datetime.now(UTC))
    noter(session, acteur, invitation, RETIREE, cle=str(demande.cle))


def _verifier(demande: Inviter) -> tuple[dict[str, str], date | None]:
    erreurs: dict[str, str] = {}
    if not depot.lire_adresse(demande.adresse):
        erreurs["adresse"] = fr("Écrivez une seule adresse électronique, par exemple prenom.nom@hopital.fr.")
    if demande.reponse_a.strip() and not depot.lire_adresse(demande.reponse_a):
        erreurs["reponse_a"] = fr("Écrivez votre adresse électronique, ou laissez vide.")
    fin, erreur = octroi.lire_fin(demande.fin)
    return erreurs | ({"fin": erreur} if erreur else {}), fin


def _trop(session: Session, acteur: Acteur, demande: Inviter, place: Place, maintenant: datetime) -> dict[str, str]:
    attend = select(func.count()).where(
        Invitation.finess == place.finess, Invitation.issue == "", col(Invitation.expire) > maintenant
    )
    meme = attend.where(
        Invitation.adresse == depot.lire_adresse(demande.adresse),
        Invitation.role == demande.role,
        Invitation.code == place.code,
    )
    if session.exec(meme).one():
        return {"adresse": fr("Cette personne est déjà invitée : renvoyez son invitation, plus bas.")}
    if session.exec(attend).one() >= EN_ATTENTE_AU_PLUS:
        return {"adresse": fr(f"{EN_ATTENTE_AU_PLUS} invitations attendent déjà ici : retirez-en d’abord.")}
    ce_jour = select(func.count()).where(
        Invitation.invite_par == acteur.id, col(Invitation.cree) > maintenant - timedelta(days=1)
    )
    if session.exec(ce_jour).one() >= PAR_JOUR:
        return {"adresse": fr(f"Vous avez envoyé {PAR_JOUR} invitations en un jour : reprenez demain.")}
    return {}


def _une(session: Session, acteur: Acteur, demande: SurUneInvitation) -> Invitation:
    octroi.administrer(session, acteur, demande.finess)
    invitation = session.get(Invitation, demande.numero)
    if invitation is None or invitation.finess != demande.finess:
        raise AccesRefuse(f"invitation:{demande.numero}")
    return invitation


def changer(session: Session, invitation: Invitation, **valeurs: Any) -> None:
    """Change an invitation that still waits as it was read, in one statement.

    Raises:
        Conflit: somebody did something else with it meanwhile.
    """
    fait = session.execute(
        update(Invitation)
        .where(
            col(Invitation.id) == invitation.id,
            col(Invitation.issue) == "",
            col(Invitation.empreinte) == invitation.empreinte,
        )
        .values(**valeurs)
    )
    if fait.rowcount != 1:  # type: ignore[attr-defined]
        raise Conflit
    session.refresh(invitation)


def _ecrire(
    session: Session, acteur: Acteur, invitation: Invitation, place: Place, secret: str, maintenant: datetime
) -> None:
    role = NOMS_DES_ROLES[invitation.role]
    jusqu_au = f" Ce droit s’arrêtera le {date_longue(invitation.fin)}." if invitation.fin else ""
    texte = (
        f"{depot.une_ligne(acteur.nom)} vous invite à tenir à jour dans rxror l’offre de {depot.une_ligne(place.nom)}, "
        f"avec le rôle « {role} ».{jusqu_au}\n\n"
        f"Pour voir ce qui vous est proposé, ouvrez ce lien, puis identifiez-vous :\n\n"
        f"{settings().url}{CHEMIN}/{secret}\n\n"
        f"Il sert une seule fois, jusqu’au {date_heure(invitation.expire)}. Il est pour vous seul : "
        "ne le transférez pas.\n\nSi vous n’attendiez pas ce message, ne faites rien : aucun droit n’est donné."
    )
    courriel = depot.deposer(
        session,
        invitation.adresse,
        f"Invitation de {acteur.nom} : {place.nom}",
        texte,
        pourquoi=f"parce que {acteur.nom} a donné votre adresse pour vous inviter",
        maintenant=maintenant,
    )
    session.flush()
    invitation.courriel_id = courriel.id
    session.add(invitation)
    session.flush()


def empreinte(secret: str) -> str:
    """What is kept of a link's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def structure_de(invitation: Invitation) -> str:
    """The structure that an invitation is about; empty for the whole établissement."""
    return invitation.code if invitation.portee is Portee.STRUCTURE else ""


def finie(invitation: Invitation) -> bool:
    """Whether the right offered would be over already."""
    return invitation.fin is not None and invitation.fin < aujourd_hui()


def noter(session: Session, acteur: Acteur, invitation: Invitation, quoi: str, cle: str | None = None) -> None:
    """The line of trace of one gesture on an invitation."""
    dit = {"quoi": quoi, "adresse": invitation.adresse, "role": invitation.role, "portee": invitation.portee}
    dit |= {"code": invitation.code, "fin": invitation.fin.isoformat() if invitation.fin else ""}
    tracer(session, acteur, Action.INVITATION, invitation.finess, f"invitation:{invitation.id}", cle=cle, resultat=dit)
