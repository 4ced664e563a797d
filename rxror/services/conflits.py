"""Answers that a save could not keep, because others had changed the same parts: they wait for their owner's choice.

They are kept by open page, so that two tabs of one person lose nothing of each other either. The trace holds each of
them at the moment it is put aside: what is erased here is still in the history.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session, SQLModel, col, select

from rxror.ror.saisie import Lecture
from rxror.services.acces import Acteur
from rxror.services.fusion import ABSENTE, Base, Fusion, Partie, parties_de
from rxror.tables import Differend

FORMULAIRES_MAXIMUM = 5  # pages of one person on one section whose answers wait

Parties = dict[str, dict[str, Any]]


def de(session: Session, acteur: Acteur, objet: str, section: str, *, ecrire: bool = False) -> list[Differend]:
    """Those of a person on one section, oldest first; those that only remember a choice included.

    Args:
        ecrire: they are going to change: another tab of the same person waits for its turn.
    """
    requete = select(Differend).where(
        Differend.utilisateur_id == acteur.id, Differend.objet == objet, Differend.section == section
    )
    requete = requete.order_by(col(Differend.modifie), col(Differend.id))
    return list(session.exec(requete.with_for_update() if ecrire else requete))


def du_formulaire(connus: Iterable[Differend], formulaire: str) -> Differend | None:
    """That of one open page."""
    return next((d for d in connus if d.formulaire == formulaire), None)


def nombre(differend: Differend) -> int:
    """How many parts of it wait for a choice."""
    return sum(len(siennes) for siennes in differend.parties.values())


def avec_les_choix(base: Mapping[str, Mapping[str, str]], connu: Differend | None) -> Base:
    """The base of a page that still shows what its person set aside: it leaves that to the others."""
    choix = connu.tranchees if connu else {}
    return {nom: {**base.get(nom, {}), **choix.get(nom, {})} for nom in {*base, *choix}}


def a_retenir(
    classe: type[SQLModel], fusion: Fusion, notre: Lecture, leur: Lecture, connu: Differend | None, quand: datetime
) -> Parties:
    """What a page sent and that could not be kept, part by part; typed again the same, it keeps its time."""
    retenues: Parties = {}
    for (nom, cle), leur_cle in fusion.conflits.items():
        partie = parties_de(classe, nom, notre).get(cle, ABSENTE)
        autre = parties_de(classe, nom, leur).get(leur_cle, ABSENTE)
        ancienne = ((connu.parties if connu else {}).get(nom) or {}).get(cle) or {}
        retenues.setdefault(nom, {})[cle] = {
            "valeur": partie.valeur,
            "illisibles": dict(partie.illisibles),
            "empreinte": partie.empreinte,
            "leur": autre.empreinte,
            "leur_cle": leur_cle,
            "instant": ancienne["instant"] if ancienne.get("empreinte") == partie.empreinte else quand.isoformat(),
        }
    return retenues


def retenir(
    session: Session,
    acteur: Acteur,
    connus: list[Differend],
    ou: tuple[str, str, str],
    parties: Parties,
    base: Base,
    quand: datetime,
) -> list[dict[str, Any]]:
    """Keep what one page could not save; what it no longer disputes waits no more.

    Args:
        connus: what waits already on this section.
        ou: object, section, open page.
        base: what that page shows by now.

    Returns:
        What is put aside by this very save, for the trace.
    """
    objet, section, formulaire = ou
    connu = du_formulaire(connus, formulaire)
    avant = connu.parties if connu else {}
    choix = _encore_montres(connu.tranchees if connu else {}, base)
    if connu and not parties and not choix:
        session.delete(connu)
    elif connu and (parties, choix) != (connu.parties, connu.tranchees):
        connu.parties, connu.tranchees, connu.modifie = parties, choix, quand
    elif not connu and parties:
        anciens = sorted(connus, key=lambda d: nombre(d) > 0)  # first those that only remember a choice
        for ancien in anciens[: max(0, len(connus) + 1 - FORMULAIRES_MAXIMUM)]:
            session.delete(ancien)
        session.add(
            Differend(
                objet=objet,
                section=section,
                utilisateur_id=acteur.id,
                formulaire=formulaire,
                parties=parties,
                modifie=quand,
            )
        )
    return [
        {"champ": nom, "cle": cle, "valeur": p["valeur"], "illisibles": p["illisibles"]}
        for nom, siennes in parties.items()
        for cle, p in siennes.items()
        if p["empreinte"] != ((avant.get(nom) or {}).get(cle) or {}).get("empreinte")
    ]


def _encore_montres(choix: Mapping[str, Mapping[str, str]], base: Base) -> dict[str, dict[str, str]]:
    """The choices that the page has not caught up with."""
    restants = {
        nom: {cle: e for cle, e in siens.items() if base.get(nom, {}).get(cle, "") == e} for nom, siens in choix.items()
    }
    return {nom: siens for nom, siens in restants.items() if siens}


def trancher(session: Session, differend: Differend, choisies: Mapping[tuple[str, str], str]) -> None:
    """Take decided parts out of what waits, and remember those set aside: the page may still show them.

    Args:
        choisies: {(champ, part of the page): digest of what was chosen}.
    """
    tranchees = {nom: dict(siennes) for nom, siennes in differend.tranchees.items()}
    parties = {nom: dict(siennes) for nom, siennes in differend.parties.items()}
    for (nom, cle), choisie in choisies.items():
        partie = parties.get(nom, {}).pop(cle, None)
        if partie and partie["empreinte"] != choisie:
            tranchees.setdefault(nom, {})[cle] = partie["empreinte"]
    differend.parties = {nom: siennes for nom, siennes in parties.items() if siennes}
    differend.tranchees = tranchees
    if not (differend.parties or differend.tranchees):
        session.delete(differend)
    else:
        session.add(differend)


def partie_de(retenue: Mapping[str, Any]) -> Partie:
    """A part as it was put aside."""
    return Partie(retenue["valeur"], retenue["illisibles"], retenue["empreinte"])


def oublier(session: Session, acteur: Acteur, objet: str, section: str) -> list[dict[str, Any]]:
    """Erase what a person has waiting on a section; what it was, for the trace."""
    perdues: list[dict[str, Any]] = []
    for differend in de(session, acteur, objet, section, ecrire=True):
        perdues += [
            {"champ": nom, "cle": cle, "valeur": p["valeur"], "illisibles": p["illisibles"]}
            for nom, siennes in differend.parties.items()
            for cle, p in siennes.items()
        ]
        session.delete(differend)
    return perdues
