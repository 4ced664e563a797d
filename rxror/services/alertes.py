"""« Garder (motif) »: an alert that somebody looked at is kept with a reason, and not asked again until it changes.

What blocks cannot be kept.
"""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import StringConstraints
from sqlmodel import Session, select

from rxror.ror import messages
from rxror.ror.champs import Champ
from rxror.ror.erreurs import SaisieInvalide
from rxror.ror.saisie import LECTEURS, Illisible
from rxror.services import dossier
from rxror.services.acces import Acteur, Geste
from rxror.services.demande import Demande
from rxror.services.gardes import Cle, cle_de, nom_de
from rxror.services.tracer import tracer
from rxror.tables import Action, AlerteGardee

MOTIF = Champ("Motif", maximum=300)


class GardeAlerte(Demande):
    """One « Garder » or « Reprendre », with its whole context.

    Attributes:
        genre, identifiant: the object of the page; the alert may be of one of its lieux.
        alerte: the alert, as `nom_de` gave it.
        motif: why; required to keep.
    """

    alerte: Annotated[str, StringConstraints(max_length=400)]
    motif: Annotated[str, StringConstraints(max_length=4000)] = ""


def garder(session: Session, acteur: Acteur, demande: GardeAlerte) -> str:
    """Keep an alert as it is now, for a reason.

    Returns:
        Why it was not kept, in a sentence; empty when it is.

    Raises:
        AccesRefuse: no right to validate the object.
    """
    ouvert = dossier.ouvrir(session, acteur, demande.cible, Geste.VALIDER)
    try:
        motif = LECTEURS[MOTIF.type](MOTIF, demande.motif)
    except Illisible as raison:
        return str(raison)
    if not motif:
        return messages.lecture("motif")
    cles = {nom_de(a, ouvert.cible.cle): cle_de(a, ouvert.cible.cle) for a in ouvert.anomalies() if a.gardable}
    if demande.alerte not in cles:
        return messages.lecture("alerte")
    cle = cles[demande.alerte]
    objet, regle, chemin, vu = cle
    garde, maintenant = _trouver(session, cle), datetime.now(UTC)
    if garde and (garde.motif, garde.utilisateur_id) == (motif, acteur.id):
        return ""
    avant = garde.motif if garde else ""
    if garde is None:
        garde = AlerteGardee(
            objet=objet, regle=regle, chemin=chemin, vu=vu, motif="", utilisateur_id=acteur.id, instant=maintenant
        )
    garde.motif, garde.utilisateur_id, garde.instant = motif, acteur.id, maintenant
    session.add(garde)
    _tracer(session, acteur, Action.GARDE, ouvert.etablissement.num_finess, cle, avant, motif)
    return ""


def reprendre(session: Session, acteur: Acteur, demande: GardeAlerte) -> bool:
    """Ask an alert again. False when it was not kept.

    Raises:
        AccesRefuse: no right to validate the object.
        SaisieInvalide: the alert is of another object.
    """
    ouvert = dossier.ouvrir(session, acteur, demande.cible, Geste.VALIDER)
    morceaux = demande.alerte.split("|")
    if len(morceaux) != 4 or morceaux[0] not in {p.cle for p in ouvert.pieces}:
        raise SaisieInvalide("alerte")
    objet, regle, chemin, vu = morceaux
    garde = _trouver(session, (objet, regle, chemin, vu))
    if garde is None:
        return False
    _tracer(
        session, acteur, Action.REPRISE, ouvert.etablissement.num_finess, (objet, regle, chemin, vu), garde.motif, ""
    )
    session.delete(garde)
    return True


def _trouver(session: Session, cle: Cle) -> AlerteGardee | None:
    objet, regle, chemin, vu = cle
    requete = select(AlerteGardee).where(
        AlerteGardee.objet == objet, AlerteGardee.regle == regle, AlerteGardee.chemin == chemin, AlerteGardee.vu == vu
    )
    return session.exec(requete).first()


def _tracer(session: Session, acteur: Acteur, action: Action, finess: str, cle: Cle, avant: str, apres: str) -> None:
    objet, regle, chemin, _ = cle
    changement = {"objet": objet, "champ": f"{regle} {chemin}", "avant": avant, "apres": apres}
    tracer(session, acteur, action, finess, objet, changements=[changement])
