"""How a change of somebody's rights is written and told; an établissement keeps its last référent.

What may be changed, and by whom, is in `pouvoirs.py`; the gestures themselves in `gestes_de_droits.py`.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session, col, select

from rxror.ror.dates import aujourd_hui, date_longue, jour_de
from rxror.ror.erreurs import GesteRefuse
from rxror.ror.reperes import nom_de
from rxror.ror.typographie import fr
from rxror.services import referents
from rxror.services.acces import Acteur
from rxror.services.droits import NOMS_DES_ROLES
from rxror.services.etendues import Etendue
from rxror.services.pouvoirs import etablissements_de_l_etendue
from rxror.services.tracer import une_trace
from rxror.services.vu import empreinte
from rxror.tables import Action, Habilitation, Role, Trace, Utilisateur

AU_PLUS_LOIN = timedelta(days=365)
Changement = tuple[Habilitation, list[dict[str, Any]]]  # a right, and what changed in it


def vu_de(*droits: Habilitation) -> str:
    """Digest of rights as a page shows them."""
    return empreinte([[d.id, d.role, d.portee, d.code, d.debut, d.fin, d.suppleance_de] for d in droits])


def donner(
    session: Session,
    personne: int,
    role: Role,
    etendue: Etendue,
    *,
    par: int | None,
    fin: date | None,
    suppleance_de: int | None = None,
) -> Changement:
    """Write a right from today on; one that had ended, on the same place, begins again. The caller has checked it all.

    Returns:
        The right, and what changed, for the trace.
    """
    droit = _le_droit(session, personne, role, etendue)
    avant = _dit(droit)
    if droit is None:
        portee, code = etendue
        droit = Habilitation(utilisateur_id=personne, role=role, portee=portee, code=code)
    droit.debut, droit.fin = aujourd_hui(), fin
    droit.accordee_par, droit.suppleance_de = par, suppleance_de
    session.add(droit)
    session.flush()
    return droit, _differences(avant, _dit(droit))


def finir(session: Session, droit: Habilitation, fin: date | None) -> list[Changement]:
    """Write the end of a right, and of the delegations that would outlive it; what changed, for the trace."""
    changes = [_finir(session, droit, fin)]
    if fin is not None:
        requete = select(Habilitation).where(Habilitation.suppleance_de == droit.id).order_by(col(Habilitation.id))
        suppleances = session.exec(requete.execution_options(populate_existing=True)).all()
        changes += [_finir(session, s, fin) for s in suppleances if s.fin is None or s.fin > fin]
    return changes


def _finir(session: Session, droit: Habilitation, fin: date | None) -> Changement:
    avant = _dit(droit)
    droit.fin = fin
    session.add(droit)
    session.flush()
    return droit, _differences(avant, _dit(droit))


def tenu(session: Session, personne: int, role: Role, etendue: Etendue) -> Habilitation | None:
    """The right that a person has there already, today or later."""
    droit = _le_droit(session, personne, role, etendue)
    return droit if droit and en_cours(droit) else None


def _le_droit(session: Session, personne: int, role: Role, etendue: Etendue) -> Habilitation | None:
    """The one row of a person, a role and a place, as it now is, ended or not."""
    portee, code = etendue
    requete = select(Habilitation).where(
        Habilitation.utilisateur_id == personne,
        Habilitation.role == role,
        Habilitation.portee == portee,
        Habilitation.code == code,
    )
    return session.exec(requete.execution_options(populate_existing=True)).first()


def en_cours(droit: Habilitation) -> bool:
    """Whether a right holds today or will."""
    return (droit.fin is None or droit.fin >= aujourd_hui()) and not (
        droit.debut is not None and droit.fin is not None and droit.fin < droit.debut
    )


def hier() -> date:
    """The last day of a right that ends now."""
    return aujourd_hui() - timedelta(days=1)


def garder_un_referent(session: Session, droits: Iterable[Habilitation], fin: date | None) -> None:
    """Refuse that rights end that day, when an établissement would lose its last référent.

    Its établissements are locked, so that two référents who end each other do it one after the other.

    Raises:
        GesteRefuse: somebody else is to be référent first.
    """
    concernes = {d.id or 0: d for d in droits if d.role is Role.REFERENT and d.suppleance_de is None}
    lieux = {
        eg.id: eg
        for d in concernes.values()
        for eg in etablissements_de_l_etendue(session, (d.portee, d.code), a_ecrire=True)
    }
    trouvees = referents.lacunes(session, lieux.values(), dict.fromkeys(concernes, fin))
    if not trouvees:
        return
    lacune = trouvees[0]
    autres = f" (et {len(trouvees) - 1} de plus)" if len(trouvees) > 1 else ""
    quand = "" if lacune.jusqu_au < aujourd_hui() else f" après le {date_longue(lacune.jusqu_au)}"
    raise GesteRefuse(
        fr(
            f"{nom_de(lacune.etablissement)}{autres} n’aurait plus de référent{quand}. "
            "Donnez d’abord ce rôle à une autre personne, pour aussi longtemps."
        )
    )


def tracer(
    session: Session,
    acteur: Acteur,
    finess: str,
    geste: str,
    changes: list[Changement],
    cle: str,
    dit: str,
) -> None:
    """One line for each right that changed; the first holds the key of the gesture, all what was answered."""
    noms = _noms(session, [droit.utilisateur_id for droit, _ in changes])
    for rang, (droit, changements) in enumerate(changes):
        resultat = {
            "geste": geste,
            "cle": cle,
            "dit": dit,
            "personne": droit.utilisateur_id,
            "nom": noms.get(droit.utilisateur_id, ""),
            "role": droit.role.value,
            "portee": droit.portee.value,
            "code": droit.code,
        }
        session.add(
            une_trace(
                acteur,
                Action.HABILITATION,
                finess,
                f"personne:{droit.utilisateur_id}",
                changements=changements,
                cle=None if rang else cle,
                resultat=resultat,
            )
        )


def recit(trace: Trace) -> str:
    """What a line of the trace tells, « a donné à Claire Dumas le droit « Référent » »; empty for another kind."""
    nom, role = trace.resultat.get("nom"), NOMS_DES_ROLES.get(trace.resultat.get("role", ""))
    if not nom or not role:
        return ""
    changes = {c["champ"]: c["apres"] for c in trace.changements}
    if "debut" in changes or "role" in changes:
        return f"a donné à {nom} le droit « {role} »"
    fini = bool(changes.get("fin")) and changes["fin"] < jour_de(trace.instant).isoformat()
    return f"a mis fin au droit « {role} » de {nom}" if fini else f"a changé la fin du droit « {role} » de {nom}"


def _noms(session: Session, ids: list[int]) -> dict[int, str]:
    trouves = session.exec(select(Utilisateur).where(col(Utilisateur.id).in_(ids)))
    return {u.id or 0: u.nom_complet for u in trouves}


def _dit(droit: Habilitation | None) -> dict[str, Any]:
    if droit is None or droit.id is None:
        return {}
    valeurs = {n: getattr(droit, n) for n in ("role", "portee", "code", "debut", "fin", "suppleance_de")}
    return {n: v.isoformat() if isinstance(v, date) else v for n, v in valeurs.items()}


def _differences(avant: dict[str, Any], apres: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"champ": nom, "avant": avant.get(nom), "apres": valeur}
        for nom, valeur in apres.items()
        if avant.get(nom) != valeur
    ]
