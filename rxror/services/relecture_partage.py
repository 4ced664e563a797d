"""What is one person's own in the review queue: cards put off, and the card they have in front of them.

The second lets two people work on the same queue: each is given what the other does not have on screen.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from rxror.ror.dates import utc
from rxror.services.acces import Acteur, Cible, Geste, exiger
from rxror.services.conservation import REPORT
from rxror.tables import RelectureOuverte, RelectureReportee, Utilisateur

DUREE = timedelta(minutes=3)  # a card that nobody answered for that long is anybody's again
INSERTIONS: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def reporter(session: Session, acteur: Acteur, cible: Cible, maintenant: datetime | None = None) -> None:
    """Put an object at the end of one's queue; done again, it is the last.

    Raises:
        AccesRefuse: no right to change it.
        ObjetFerme: it is closed for good.
    """
    exiger(session, acteur, cible, Geste.MODIFIER)
    _ecrire(
        session,
        RelectureReportee,
        ["utilisateur_id", "objet"],
        {"utilisateur_id": acteur.id, "objet": cible.cle},
        {"instant": maintenant or datetime.now(UTC)},
    )


def oublier(session: Session, cible: Cible) -> None:
    """The object was reviewed: it is put off for nobody, and on no screen."""
    for table in (RelectureReportee, RelectureOuverte):
        session.execute(delete(table).where(col(table.objet) == cible.cle))


def reportees(session: Session, acteur: Acteur, maintenant: datetime | None = None) -> dict[str, datetime]:
    """{object: when it was put off} of what still is, for this person."""
    depuis = (maintenant or datetime.now(UTC)) - REPORT
    requete = select(RelectureReportee.objet, RelectureReportee.instant).where(
        RelectureReportee.utilisateur_id == acteur.id, col(RelectureReportee.instant) > depuis
    )
    return {objet: utc(instant) for objet, instant in session.exec(requete)}


def prendre(session: Session, acteur: Acteur, cle: str, maintenant: datetime | None = None, adresse: str = "") -> None:
    """This card is in front of this person; it replaces the one before. No object: none is.

    Args:
        adresse: that of the card, in the part of the queue where they are; « Reprendre » leads there.
    """
    if not cle:
        session.execute(delete(RelectureOuverte).where(col(RelectureOuverte.utilisateur_id) == acteur.id))
        return
    vue = {"objet": cle, "vue": maintenant or datetime.now(UTC), "adresse": adresse}
    _ecrire(session, RelectureOuverte, ["utilisateur_id"], {"utilisateur_id": acteur.id}, vue)


def prises(session: Session, acteur: Acteur, maintenant: datetime | None = None) -> Mapping[str, str]:
    """{object: name of the other person who has it on screen}."""
    depuis = (maintenant or datetime.now(UTC)) - DUREE
    requete = (
        select(RelectureOuverte.objet, Utilisateur)
        .join(Utilisateur, col(Utilisateur.id) == RelectureOuverte.utilisateur_id)
        .where(RelectureOuverte.utilisateur_id != acteur.id, col(RelectureOuverte.vue) > depuis)
        .order_by(col(RelectureOuverte.vue).desc(), col(Utilisateur.id))
    )
    return {objet: qui.nom_complet for objet, qui in session.exec(requete)}


def _ecrire(session: Session, table: Any, cle: list[str], identite: dict[str, Any], valeurs: dict[str, Any]) -> None:
    insertion = INSERTIONS[session.get_bind().dialect.name](table)
    session.execute(insertion.values(**identite, **valeurs).on_conflict_do_update(index_elements=cle, set_=valeurs))
