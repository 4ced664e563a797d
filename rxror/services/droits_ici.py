"""Who has rights on an établissement, and who of them may be given more."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import and_, func, or_
from sqlmodel import Session, col, select

from rxror.ror.dates import moment
from rxror.ror.erreurs import AccesRefuse
from rxror.ror.objets import EntiteGeographique, OrganisationInterne
from rxror.ror.typographie import fr
from rxror.services.habilitations import en_cours
from rxror.services.pouvoirs import Pouvoir, englobants
from rxror.tables import Action, Habilitation, Portee, Trace, Utilisateur, WebSession

SUR_PLACE = (Portee.STRUCTURE, Portee.ETABLISSEMENT, Portee.ENTITE_JURIDIQUE)


def droits_ici(session: Session, eg: EntiteGeographique, personne: int | None = None) -> list[Habilitation]:
    """The rights, ended ones too, that reach an établissement, of everybody or of one person."""
    dessus = englobants(session, (Portee.ETABLISSEMENT, eg.num_finess))
    droit = Habilitation
    internes = select(OrganisationInterne.identifiant_oi).where(OrganisationInterne.entite_geographique_id == eg.id)
    requete = select(droit).where(
        or_(
            *(and_(col(droit.portee) == portee, col(droit.code) == code) for portee, code in dessus),
            and_(col(droit.portee) == Portee.STRUCTURE, col(droit.code).in_(internes)),
        )
    )
    if personne is not None:
        requete = requete.where(droit.utilisateur_id == personne)
    return list(session.exec(requete.order_by(col(droit.id)).execution_options(populate_existing=True)))


def connues(session: Session, eg: EntiteGeographique) -> set[int]:
    """Who may be given a right here without an invitation: people of the établissement who have signed in."""
    ici = {d.utilisateur_id for d in droits_ici(session, eg) if d.portee in SUR_PLACE}
    fictives = select(Utilisateur.id).where(col(Utilisateur.id).in_(ici), col(Utilisateur.demonstration))
    return ici & ({u or 0 for u in session.exec(fictives)} | set(connexions(session, ici)))


def transferables(session: Session, mien: Pouvoir, personne: int) -> list[Habilitation]:
    """The rights of somebody on the établissement that the acteur may end and give; their own too, when they leave.

    Raises:
        AccesRefuse: that person has no right here.
    """
    siens = [d for d in droits_ici(session, mien.etablissement, personne) if en_cours(d)]
    if not siens:
        raise AccesRefuse(f"personne:{personne}")
    return [
        d
        for d in siens
        if mien.gouverne(session, d)
        or (d.utilisateur_id == mien.acteur.id and mien.peut_donner(session, d.role, (d.portee, d.code)))
    ]


def connexions(session: Session, ids: Iterable[int]) -> dict[int, str]:
    """When people last signed in, in words, {id: sentence} of those who did."""
    ids = list(ids)
    traces = select(Trace.utilisateur_id, func.max(Trace.instant)).where(
        col(Trace.utilisateur_id).in_(ids), Trace.action == Action.CONNEXION
    )
    ouvertes = select(WebSession.utilisateur_id, func.max(WebSession.debut)).where(
        col(WebSession.utilisateur_id).in_(ids)
    )
    vues: dict[int, datetime] = {}
    for requete in (traces.group_by(col(Trace.utilisateur_id)), ouvertes.group_by(col(WebSession.utilisateur_id))):
        for qui, instant in session.execute(requete):
            vues[qui] = max(vues.get(qui, instant), instant)
    return {qui: fr(f"Dernière connexion {moment(instant)}") for qui, instant in vues.items()}
