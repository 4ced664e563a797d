"""Two people on one section: merge champ by champ what a page sends with what was kept since it was shown.

A page sends with its answers the `base`: a digest of each champ as it showed it. Three-way merge: a champ that only one
side changed goes to that side; one that both changed otherwise is a conflict, which loses neither.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import SQLModel

from rxror.ror.champs import Edition, champs_de, groupes_de
from rxror.ror.saisie import Lecture

Base = dict[str, str]


@dataclass
class Fusion:
    """Outcome of a merge.

    Attributes:
        lecture: the champs to keep, with the texts that could not be read.
        base: what the page will have shown once it knows the answer: its own text, or what it had for the champs it
            left to others.
        conflits: champs that both sides changed.
    """

    lecture: Lecture
    base: Base
    conflits: list[str] = field(default_factory=list)


def base_de(classe: type[SQLModel], section: str, lecture: Lecture) -> Base:
    """Digest of each champ and group of a section, unreadable texts included."""
    noms = [*champs_de(classe, section), *groupes_de(classe, section)]
    return {nom: _empreinte(classe, nom, lecture) for nom in noms if nom in lecture.valeurs}


def fusionner(classe: type[SQLModel], section: str, base: Mapping[str, str], notre: Lecture, leur: Lecture) -> Fusion:
    """Merge one section.

    Args:
        base: digests the page was shown with; a champ without one is taken as never shown.
        notre: what the page sends.
        leur: what is kept now.
    """
    nous, eux = base_de(classe, section, notre), base_de(classe, section, leur)
    fusion = Fusion(Lecture(erreurs=dict(notre.erreurs)), dict(base))
    for nom, valeur in notre.valeurs.items():
        pris = notre
        if nous.get(nom) == eux.get(nom) or eux.get(nom) == base.get(nom):
            fusion.base[nom] = nous.get(nom, "")
        elif nous.get(nom) == base.get(nom):
            pris, valeur = leur, leur.valeurs.get(nom)
        else:
            fusion.conflits.append(nom)
            fusion.base[nom] = eux.get(nom, "")
        fusion.lecture.valeurs[nom] = valeur
        fusion.lecture.illisibles |= _illisibles(nom, pris)
    return fusion


def marque(valeurs: Mapping[str, Any], illisibles: Mapping[str, str]) -> str:
    """Digest of a whole brouillon: what one has seen of it."""
    return _sha([valeurs, illisibles])


def _empreinte(classe: type[SQLModel], nom: str, lecture: Lecture) -> str:
    groupe = groupes_de(classe).get(nom)
    valeur = lecture.valeurs.get(nom)
    nue = [_sans_cles(groupe.classe, ligne) for ligne in valeur or []] if groupe else valeur
    return _sha([nue, sorted(_illisibles(nom, lecture).values())])


def _sans_cles(classe: type[SQLModel], ligne: Mapping[str, Any]) -> dict[str, Any]:
    """A row without its key nor what the system writes: publishing changes both, and nobody's answer."""
    tus = {nom for nom, champ in champs_de(classe).items() if champ.edition is Edition.SYSTEME} | {"cle"}
    sous = groupes_de(classe)
    return {
        nom: [_sans_cles(sous[nom].classe, dessous) for dessous in valeur or []] if nom in sous else valeur
        for nom, valeur in sorted(ligne.items())
        if nom not in tus and (valeur or nom in sous)
    }


def _illisibles(nom: str, lecture: Lecture) -> dict[str, str]:
    return {chemin: texte for chemin, texte in lecture.illisibles.items() if chemin.split(".")[0] == nom}


def _sha(contenu: Any) -> str:
    return hashlib.sha256(json.dumps(contenu, sort_keys=True).encode()).hexdigest()[:16]
