"""Two people on one section: merge champ by champ what a page sends with what was kept since it was shown.

A page sends with its answers the `base`: digests of each champ as it showed it, row by row and code by code. Three-way
merge: what only one side changed goes to that side; what both changed otherwise is a conflict, which loses neither.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import SQLModel

from rxror.ror.champs import EN_LISTE, Edition, TypeChamp, champs_de, groupes_de
from rxror.ror.saisie import Lecture

Base = dict[
    str, dict[str, str]
]  # {champ: {part: digest}}; a part is a row's key, a chosen code, or "" for a whole value
Parties = dict[str, Any]
PRESENTE = "1"


@dataclass
class Fusion:
    """Outcome of a merge.

    Attributes:
        lecture: the champs to keep, with the texts that could not be read.
        base: what the page will have shown once it knows the answer: its own answers, or what it had for what it left
            to others.
        conflits: champs of which both sides changed the same part.
    """

    lecture: Lecture
    base: Base
    conflits: list[str] = field(default_factory=list)


def base_de(classe: type[SQLModel], section: str, lecture: Lecture) -> Base:
    """Digests of each champ and group of a section, part by part, unreadable texts included."""
    noms = [*champs_de(classe, section), *groupes_de(classe, section)]
    return {nom: _empreintes(classe, nom, lecture) for nom in noms if nom in lecture.valeurs}


def fusionner(
    classe: type[SQLModel], section: str, base: Mapping[str, Mapping[str, str]], notre: Lecture, leur: Lecture
) -> Fusion:
    """Merge one section.

    Args:
        base: digests the page was shown with; a champ without them is taken as never shown.
        notre: what the page sends.
        leur: what is kept now.
    """
    fusion = Fusion(Lecture(erreurs=dict(notre.erreurs)), {nom: dict(parts) for nom, parts in base.items()})
    for nom in notre.valeurs:
        _fusionner_un(classe, nom, base.get(nom), notre, leur, fusion)
    return fusion


def _fusionner_un(
    classe: type[SQLModel], nom: str, base: Mapping[str, str] | None, notre: Lecture, leur: Lecture, fusion: Fusion
) -> None:
    nous, eux = _empreintes(classe, nom, notre), _empreintes(classe, nom, leur)
    nos_parties, leurs_parties = _parties(classe, nom, notre), _parties(classe, nom, leur)
    connue = fusion.base.setdefault(nom, {})
    gardees: Parties = {}
    for cle in [*leurs_parties, *(c for c in nos_parties if c not in leurs_parties)]:
        avant = base.get(cle, "") if base is not None else None
        a_nous, a_eux = nous.get(cle, ""), eux.get(cle, "")
        pris, parties = notre, nos_parties
        if a_nous == a_eux or a_eux == avant:
            _noter(connue, cle, a_nous)
        elif a_nous == avant:
            pris, parties = leur, leurs_parties
        else:
            _noter(connue, cle, a_eux)
            if nom not in fusion.conflits:
                fusion.conflits.append(nom)
        if cle in parties:
            gardees[cle] = parties[cle]
        fusion.lecture.illisibles |= _illisibles(f"{nom}.{cle}" if cle else nom, pris)
    if nom in notre.illisibles:
        fusion.lecture.illisibles[nom] = notre.illisibles[nom]
    for cle in set(connue) - set(nos_parties) - set(leurs_parties):
        del connue[cle]
    fusion.lecture.valeurs[nom] = _assembler(classe, nom, gardees)


def _noter(base: dict[str, str], cle: str, empreinte: str) -> None:
    if empreinte:
        base[cle] = empreinte
    else:
        base.pop(cle, None)


def marque(valeurs: Mapping[str, Any], illisibles: Mapping[str, str]) -> str:
    """Digest of a whole brouillon: what one has seen of it."""
    return _sha([valeurs, illisibles])


def _parties(classe: type[SQLModel], nom: str, lecture: Lecture) -> Parties:
    """What is merged on its own: the rows of a group, the codes of a list, or the value as a whole."""
    valeur = lecture.valeurs.get(nom)
    if nom in groupes_de(classe):
        return {ligne["cle"]: ligne for ligne in valeur or []}
    if champs_de(classe)[nom].type in EN_LISTE:
        return {code: code for code in valeur or []}
    return {"": valeur}


def _assembler(classe: type[SQLModel], nom: str, parties: Parties) -> Any:
    if nom in groupes_de(classe):
        return list(parties.values())
    sorte = champs_de(classe)[nom].type
    if sorte is TypeChamp.COMMUNES:
        return sorted(parties)
    return list(parties.values()) if sorte in EN_LISTE else parties.get("")


def _empreintes(classe: type[SQLModel], nom: str, lecture: Lecture) -> dict[str, str]:
    groupe = groupes_de(classe).get(nom)
    if not groupe and champs_de(classe)[nom].type is TypeChamp.COMMUNES:
        return dict.fromkeys(_parties(classe, nom, lecture), PRESENTE)  # hundreds of them: it is there, or it is not
    return {
        cle: _sha(
            [
                sans_cles(groupe.classe, valeur) if groupe else valeur,
                sorted(_illisibles(f"{nom}.{cle}" if cle else nom, lecture).values()),
            ]
        )
        for cle, valeur in _parties(classe, nom, lecture).items()
    }


def sans_cles(classe: type[SQLModel], ligne: Mapping[str, Any]) -> dict[str, Any]:
    """A row without its key nor what the system writes: publishing changes both, and nobody's answer."""
    tus = {nom for nom, champ in champs_de(classe).items() if champ.edition is Edition.SYSTEME} | {"cle"}
    sous = groupes_de(classe)
    return {
        nom: [sans_cles(sous[nom].classe, dessous) for dessous in valeur or []] if nom in sous else valeur
        for nom, valeur in sorted(ligne.items())
        if nom not in tus and (valeur or nom in sous)
    }


def _illisibles(debut: str, lecture: Lecture) -> dict[str, str]:
    return {c: texte for c, texte in lecture.illisibles.items() if c == debut or c.startswith(debut + ".")}


def _sha(contenu: Any) -> str:
    return hashlib.sha256(json.dumps(contenu, sort_keys=True).encode()).hexdigest()[:16]
