"""Taking back what one confirmed in this web session: the dates before come back, the trace tells both."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session, col, select

from rxror.ror.erreurs import AccesRefuse, ObjetFerme
from rxror.ror.reperes import nom_de
from rxror.services.acces import Acteur, Cible, Geste, exiger
from rxror.services.confirmation import ABSENT, AU_PLUS, CHANGE, Bilan
from rxror.services.demande import Numero
from rxror.services.dossiers import ouvrir_plusieurs
from rxror.services.tracer import deja_fait, tracer
from rxror.services.versions import passer
from rxror.tables import Action, Confirmation, WebSession


class Dedire(BaseModel):
    """Take confirmations back, by their numbers."""

    model_config = ConfigDict(extra="forbid")

    confirmations: Annotated[list[Numero], Field(min_length=1, max_length=AU_PLUS * 4)]
    cle: UUID


@dataclass(frozen=True)
class ConfirmationFaite:
    """One confirmation of this web session that may still be taken back."""

    numero: int
    geste: str
    objet: str
    nom: str
    instant: datetime


def a_dedire(session: Session, acteur: Acteur) -> list[ConfirmationFaite]:
    """Confirmations of this web session that may be taken back, newest first, at most `AU_PLUS` × 4.

    One that published a change is not: one takes the version before back instead.
    """
    requete = (
        select(Confirmation)
        .join(WebSession, col(WebSession.empreinte) == acteur.empreinte)
        .where(
            Confirmation.utilisateur_id == acteur.id,
            col(Confirmation.annulee).is_(None),
            col(Confirmation.change).is_(False),
            col(Confirmation.instant) >= col(WebSession.debut),
        )
        .order_by(col(Confirmation.id).desc())
        .limit(AU_PLUS * 4)
    )
    siennes = session.exec(requete).all()
    ouverts = ouvrir_plusieurs(session, acteur, [_cible(c) for c in siennes], Geste.VALIDER)
    return [
        ConfirmationFaite(c.id or 0, c.geste, c.objet, nom_de(ouverts[c.objet].principale.objet), c.instant)
        for c in siennes
        if c.objet in ouverts and ouverts[c.objet].principale.objet.version == c.version
    ]


def dedire(session: Session, acteur: Acteur, demande: Dedire) -> Bilan:
    """Give confirmed objects the dates they had; the confirmation stays in the trace, told as taken back.

    Only one's own, of this web session, on objects that nobody published since; the others are left with a reason.

    Raises:
        SaisieInvalide: `cle` was used by another gesture.
    """
    geste = str(demande.cle)
    if deja_fait(session, acteur, demande.cle, action=Action.DEDIT):
        return Bilan()
    possibles = {c.numero for c in a_dedire(session, acteur)}
    requete = select(Confirmation).where(col(Confirmation.id).in_(demande.confirmations)).order_by(col(Confirmation.id))
    bilan, cle = Bilan(), geste
    for confirmation in session.exec(requete).all():
        if confirmation.utilisateur_id != acteur.id:
            continue
        if confirmation.id not in possibles:
            bilan.refus[confirmation.objet] = CHANGE
            continue
        try:
            acces = exiger(session, acteur, _cible(confirmation), Geste.VALIDER)
        except (AccesRefuse, ObjetFerme):
            bilan.refus[confirmation.objet] = ABSENT
            continue
        _retablir(session, acteur, acces.objet, confirmation, acces.etablissement.num_finess, cle, geste)
        bilan.faits.append(confirmation.objet)
        cle = ""
    return bilan


def _cible(confirmation: Confirmation) -> Cible:
    return Cible(*confirmation.objet.split(":", 1))


def _retablir(
    session: Session, acteur: Acteur, objet: Any, confirmation: Confirmation, finess: str, cle: str, geste: str
) -> None:
    version = objet.version
    remises = _colonnes(confirmation.avant)
    passer(session, type(objet), [(objet.id, version)], **remises)
    confirmation.annulee = datetime.now(UTC)
    session.add(confirmation)
    tracer(
        session,
        acteur,
        Action.DEDIT,
        finess,
        confirmation.objet,
        cle=cle or None,
        version_avant=version,
        version_apres=version + 1,
        resultat={"geste": geste, "confirmation": confirmation.id},
    )


def _colonnes(avant: Mapping[str, Any]) -> dict[str, Any]:
    dates = {nom: avant.get(nom) for nom in ("date_mise_jour", "date_validation")}
    lues = {nom: datetime.fromisoformat(texte) if texte else None for nom, texte in dates.items()}
    return {**lues, "validateur": avant.get("validateur") or ""}
