"""What an établissement decides for itself: whether who prepares an offer asks a référent to publish it."""

from sqlmodel import Session

from rxror.ror.typographie import fr
from rxror.services.acces import Acteur, Geste, exiger
from rxror.services.gestes_de_droits import DemandeDeDroit
from rxror.services.pouvoirs import pouvoir
from rxror.services.tracer import deja_fait, tracer
from rxror.tables import Action, ReglageEtablissement


class Regler(DemandeDeDroit):
    """Whether who prepares an offer asks a référent to publish it."""

    separee: bool


def validation_separee(session: Session, finess: str) -> bool:
    """Whether an établissement separates who prepares from who publishes."""
    reglage = session.get(ReglageEtablissement, finess)
    return bool(reglage and reglage.validation_separee)


def regler(session: Session, acteur: Acteur, demande: Regler) -> str:
    """Say whether the établissement separates who prepares from who publishes.

    Raises:
        AccesRefuse: no right to administer the établissement.
    """
    acces = exiger(session, acteur, demande.cible, Geste.ADMINISTRER)
    pouvoir(session, acteur, acces)  # their right may have ended while this gesture waited
    finess = acces.etablissement.num_finess
    dit = fr(
        "Les responsables d’offre demandent maintenant la validation à un référent."
        if demande.separee
        else "Les responsables d’offre valident à nouveau eux-mêmes."
    )
    if deja_fait(session, acteur, demande.cle, action=Action.REGLAGE, objet=demande.cible.cle):
        return dit
    reglage = session.get(ReglageEtablissement, finess) or ReglageEtablissement(finess=finess)
    if reglage.validation_separee != demande.separee:
        change = {"champ": "validation_separee", "avant": reglage.validation_separee, "apres": demande.separee}
        reglage.validation_separee = demande.separee
        session.add(reglage)
        tracer(session, acteur, Action.REGLAGE, finess, demande.cible.cle, changements=[change], cle=str(demande.cle))
    return dit
