"""The acts that date the objects of an établissement: who validated or confirmed what, when, and the dates before.

Read from the trace, which is append only: what an attestation says can be read again there.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlmodel import Session, col, func, select

from rxror.ror.dates import utc
from rxror.ror.objets import OBJETS
from rxror.ror.saisie import label_de
from rxror.tables import Action, Confirmation, Trace

RELISENT = (Action.VALIDATION, Action.CONFIRMATION)
DATENT = (*RELISENT, Action.FERMETURE, Action.REOUVERTURE, Action.SEPARATION, Action.FINESS)
"""They give a next version and move the date of update; their `resultat["date_avant"]` is the one that they replace."""
PAR_LOT = 500


@dataclass(frozen=True)
class Acte:
    """One object validated or confirmed, once.

    Attributes:
        champs: labels of the fields that changed; none when it was confirmed as it was.
        montres: labels of what was shown on the card to who confirmed; none for « Valider » without a card, which
            shows what changes: `champs`.
    """

    objet: str
    quand: datetime
    par: str
    geste: str
    version: int | None
    champs: tuple[str, ...] = ()
    montres: tuple[str, ...] = ()


def lire(session: Session, finess: str, debut: datetime, fin: datetime) -> dict[str, list[Acte]]:
    """{key of an object: its acts between two instants, the oldest first}, of an établissement.

    A confirmation that was taken back is not among them.
    """
    pendant = (col(Trace.instant) >= debut, col(Trace.instant) < fin)
    requete = select(Trace).where(Trace.finess == finess, col(Trace.action).in_(RELISENT), *pendant)
    lues = _confirmations(session, finess, debut, fin)
    actes: dict[str, list[Acte]] = {}
    for trace in session.exec(requete.order_by(col(Trace.id))):
        lue = lues.get((trace.objet, trace.version_apres or 0))
        if lue is None or lue.annulee is None:
            actes.setdefault(trace.objet, []).append(_acte(trace, lue))
    return actes


def _confirmations(
    session: Session, finess: str, debut: datetime, fin: datetime
) -> dict[tuple[str, int], Confirmation]:
    """{(key of an object, version that it made): what was read on the card}."""
    requete = select(Confirmation).where(
        Confirmation.finess == finess, col(Confirmation.instant) >= debut, col(Confirmation.instant) < fin
    )
    return {(c.objet, c.version): c for c in session.exec(requete.order_by(col(Confirmation.id)))}


def premier(session: Session, finess: str, objets: Iterable[str], debut: datetime) -> datetime | None:
    """When the first of these objects was validated or confirmed since an instant."""
    premiers = [
        session.exec(
            select(func.min(Trace.instant)).where(
                Trace.finess == finess,
                col(Trace.action).in_(RELISENT),
                col(Trace.instant) >= debut,
                col(Trace.objet).in_(lot),
            )
        ).one()
        for lot in _lots(objets)
    ]
    return min((utc(p) for p in premiers if p), default=None)


def dates_au(
    session: Session, finess: str, instant: datetime, dates: Mapping[str, datetime | None]
) -> dict[str, datetime | None]:
    """The dates of update as they stood at an instant.

    Args:
        dates: {key of an object: its date of update now}.

    Returns:
        The same keys. None for an object that had no date then, or whose date the trace does not tell.
    """
    connues = {cle: utc(d) if d else None for cle, d in dates.items()}
    bougees = {cle for cle, d in connues.items() if d and d >= instant}
    if not bougees:
        return connues
    avant: dict[str, datetime | None] = dict.fromkeys(bougees)
    tranchees: set[str] = set()
    requete = select(Trace.objet, Trace.instant, Trace.resultat).where(
        Trace.finess == finess, col(Trace.action).in_(DATENT), col(Trace.version_apres).is_not(None)
    )
    for objet, quand, resultat in session.exec(requete.order_by(col(Trace.id))):
        if objet not in bougees or objet in tranchees:
            continue
        if utc(quand) < instant:
            avant[objet] = utc(quand)
            continue
        tranchees.add(objet)
        dite = _date(resultat.get("date_avant"))
        if dite and dite < instant:
            avant[objet] = dite
    return connues | avant


def _acte(trace: Trace, lue: Confirmation | None) -> Acte:
    genre = trace.objet.partition(":")[0]
    champs = [label_de(OBJETS[genre], str(c["champ"])) for c in trace.changements]
    return Acte(
        objet=trace.objet,
        quand=utc(trace.instant),
        par=trace.nom,
        geste=trace.action.value,
        version=trace.version_apres,
        champs=tuple(dict.fromkeys(champs)),
        montres=tuple(dict.fromkeys(str(fait["label"]) for fait in lue.faits)) if lue else (),
    )


def _date(texte: object) -> datetime | None:
    try:
        lue = datetime.fromisoformat(str(texte))
    except ValueError:
        return None
    return lue if lue.tzinfo else lue.replace(tzinfo=UTC)


def _lots(cles: Iterable[str]) -> list[list[str]]:
    toutes = sorted(cles)
    return [toutes[i : i + PAR_LOT] for i in range(0, len(toutes), PAR_LOT)]
