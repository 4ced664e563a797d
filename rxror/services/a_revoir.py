"""Answers to look at again: codes no longer in force that my établissements' objects hold, each with its field."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import literal, union_all
from sqlmodel import Session, select

from rxror.ror.champs import champs_de
from rxror.ror.controles import empreinte_de
from rxror.ror.objets import OBJETS
from rxror.ror.parcours import url_section, url_validation
from rxror.ror.porteurs import codes_de
from rxror.ror.regles import REGISTRE
from rxror.ror.regles.completude import OBSOLETE
from rxror.ror.reperes import NOMS
from rxror.ror.typographie import fr
from rxror.services import brouillons
from rxror.services.acces import IDENTIFIANTS, Acteur, Geste, permis
from rxror.services.emplois import Emploi, publies
from rxror.services.gardes import gardees
from rxror.services.nomenclatures import catalogue
from rxror.services.vues import CodeARevoir, CodesARevoir

AU_PLUS = 100


def codes_a_revoir(session: Session, acteur: Acteur, jour: date | None = None) -> CodesARevoir:
    """Codes out of force in what this person may change; four queries at most, a hundred answers at most."""
    listes = catalogue(session)
    retires = {jdv: cles for jdv in listes.listes() if (cles := listes.retires(jdv))}

    def a_moi(classe: type) -> Any:
        return permis(acteur, Geste.MODIFIER, classe, jour)

    trouves = publies(session, retires, a_moi, AU_PLUS + 1, modifiables=True)
    restants = _sans_garde(session, _sans_brouillon(session, trouves))
    n, au_dela = min(len(restants), AU_PLUS), len(trouves) > AU_PLUS
    if not n:
        return CodesARevoir()
    combien = f"Plus de {n} réponses" if au_dela else f"{n} réponse{'s' if n > 1 else ''}"
    noms = _noms(session, restants)
    return CodesARevoir(
        fr(f"{combien} à revoir : codes qui ne sont plus en vigueur"),
        [_ligne(emploi, noms, listes.libelle) for emploi in restants[:AU_PLUS]],
    )


def _sans_brouillon(session: Session, trouves: list[Emploi]) -> list[Emploi]:
    """Those that no brouillon has answered yet."""
    kept = brouillons.charger(session, {e.objet for e in trouves})
    return sorted(e for e in trouves if not _repondu(e, kept[e.objet].values()))


def _sans_garde(session: Session, trouves: list[Emploi]) -> list[Emploi]:
    """Those that nobody keeps with a reason."""
    gardes = gardees(session, {e.objet for e in trouves})
    regles = [r.id for r in REGISTRE.values() if r.source == OBSOLETE]
    return [
        e
        for e in trouves
        if not any((e.objet, regle, e.porteur.chemin, empreinte_de(e.code)) in gardes for regle in regles)
    ]


def _repondu(emploi: Emploi, siens: Iterable[Any]) -> bool:
    porteur = emploi.porteur
    premier = porteur.chemin.partition(".")[0]
    return any(
        b.section == porteur.section
        and premier in b.valeurs
        and all(code != emploi.code for _, code in codes_de(porteur, b.valeurs))
        for b in siens
    )


def _noms(session: Session, emplois: list[Emploi]) -> dict[str, str]:
    """{key of an object: its name}, in one query."""
    par_genre: dict[str, set[str]] = {}
    for emploi in emplois:
        par_genre.setdefault(emploi.objet.partition(":")[0], set()).add(emploi.identifiant)
    requetes: list[Any] = [
        select(literal(genre), IDENTIFIANTS[genre], getattr(OBJETS[genre], NOMS[genre][-1])).where(
            IDENTIFIANTS[genre].in_(identifiants)
        )
        for genre, identifiants in par_genre.items()
    ]
    return {f"{genre}:{identifiant}": nom for genre, identifiant, nom in session.execute(union_all(*requetes))}


def _ligne(emploi: Emploi, noms: dict[str, str], libelle: Any) -> CodeARevoir:
    porteur = emploi.porteur
    genre = emploi.objet.partition(":")[0]
    champ = champs_de(porteur.classe)[porteur.nom]
    ancre = porteur.nom
    if porteur.groupes:
        # the row of a group inside a group is not known here: the link goes to the outer group
        groupe = porteur.groupes[0][0]
        ancre = f"{groupe}.{emploi.partie}.{porteur.nom}" if len(porteur.groupes) == 1 else groupe
    return CodeARevoir(
        nom=noms.get(emploi.objet) or emploi.identifiant,
        detail=fr(f"{champ.label} : {libelle(champ.jdv, emploi.code)}"),
        url=f"{url_section(genre, emploi.identifiant, porteur.section)}#{ancre}",
        url_valider=f"{url_validation(genre, emploi.identifiant)}#alertes",
    )
