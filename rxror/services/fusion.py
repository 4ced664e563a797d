"""Two people on one section: merge part by part what a page sends with what was kept since it was shown.

A page sends with its answers the `base`: digests of each champ as it showed it, part by part. Three-way merge: what
only one side changed goes to that side; of what both changed otherwise, theirs is kept and ours is told as a conflict,
again and again with the same base, until somebody chooses.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlmodel import SQLModel

from rxror.ror.champs import EN_LISTE, Edition, Groupe, TypeChamp, champs_de, groupes_de
from rxror.ror.saisie import LIGNE_UNIQUE, Lecture

# {champ: {part: digest}}; a part is a row's key, a field of a group that has one row, a chosen code, `TEXTE` for the
# text of a list that could not be read, or "" for a whole value
Base = dict[str, dict[str, str]]
PRESENTE = "1"
TEXTE = "!"
JAMAIS = "?"  # digest of what a page never showed
VIDES: tuple[Any, ...] = (None, "", [])


@dataclass(frozen=True)
class Partie:
    """What is merged on its own.

    Attributes:
        illisibles: texts that could not be read, {end of their path after the part's own: text}.
        empreinte: digest of what somebody answered; empty for a part that is not there.
    """

    valeur: Any = None
    illisibles: Mapping[str, str] = field(default_factory=dict)
    empreinte: str = ""


ABSENTE = Partie()


@dataclass
class Fusion:
    """Outcome of a merge.

    Attributes:
        lecture: the champs to keep, with the texts that could not be read.
        base: what the page will have shown once it knows the answer: its own answers, or what it had for what it left
            to others and for what stands in conflict.
        conflits: {(champ, part of the page): part of what is kept} of what both sides changed.
    """

    lecture: Lecture
    base: Base
    conflits: dict[tuple[str, str], str] = field(default_factory=dict)


def base_de(classe: type[SQLModel], section: str, lecture: Lecture) -> Base:
    """Digests of each champ and group of a section, part by part, unreadable texts included."""
    noms = [*champs_de(classe, section), *groupes_de(classe, section)]
    return {
        nom: {cle: partie.empreinte for cle, partie in parties_de(classe, nom, lecture).items()}
        for nom in noms
        if nom in lecture.valeurs
    }


def fusionner(classe: type[SQLModel], base: Mapping[str, Mapping[str, str]], notre: Lecture, leur: Lecture) -> Fusion:
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
    nous, eux = parties_de(classe, nom, notre), parties_de(classe, nom, leur)
    connue = fusion.base.setdefault(nom, {})
    renommees = _renommees(nous, eux, base or {}, retirees=_est_en_lignes(classe, nom))
    gardees: dict[str, Partie] = {}
    for leur_cle in [*eux, *(c for c in nous if c not in eux and c not in renommees.values())]:
        cle = renommees.get(leur_cle, leur_cle)
        a_nous, a_eux = nous.get(cle, ABSENTE), eux.get(leur_cle, ABSENTE)
        avant = JAMAIS if base is None else base.get(cle, "")
        prise = a_eux
        if a_eux.empreinte in (a_nous.empreinte, avant):
            prise = a_eux if a_eux.empreinte == a_nous.empreinte else a_nous
            _noter(connue, cle, a_nous.empreinte)
        elif a_nous.empreinte != avant:
            fusion.conflits[nom, cle] = leur_cle
            _noter(connue, cle, avant)
        if prise.empreinte:
            gardees[leur_cle] = prise
    for cle in set(connue) - set(nous) - set(eux):
        del connue[cle]
    poser(classe, nom, gardees, fusion.lecture, cle_de_ligne(leur, nom) or cle_de_ligne(notre, nom))


def _est_en_lignes(classe: type[SQLModel], nom: str) -> bool:
    """Whether the parts of a champ are rows, whose key says nothing of what they hold."""
    groupe = groupes_de(classe).get(nom)
    return bool(groupe and not groupe.unique)


def _renommees(
    nous: Mapping[str, Partie], eux: Mapping[str, Partie], base: Mapping[str, str], *, retirees: bool
) -> dict[str, str]:
    """{their key: ours} of the rows that a publication gave another key: they hold what we were shown with.

    Args:
        retirees: those that we have taken away since are looked for too, or they would come back.
    """
    trouvees: dict[str, str] = {}
    libres = {c: p for c, p in eux.items() if c not in base and c not in nous}
    parties = [*nous, *(c for c in base if c not in nous and retirees)]
    for cle in (c for c in parties if c in base and c not in eux):
        autre = next((c for c, p in libres.items() if p.empreinte == base[cle] and c not in trouvees), None)
        if autre is not None:
            trouvees[autre] = cle
    return trouvees


def _noter(base: dict[str, str], cle: str, empreinte: str) -> None:
    if empreinte:
        base[cle] = empreinte
    else:
        base.pop(cle, None)


def marque(valeurs: Mapping[str, Any], illisibles: Mapping[str, str]) -> str:
    """Digest of a whole brouillon: what one has seen of it."""
    return sha([valeurs, illisibles])


# ------------------------------------------------------------------------------ the parts


def parties_de(classe: type[SQLModel], nom: str, lecture: Lecture) -> dict[str, Partie]:
    """What is merged on its own: rows, fields of a unique row, codes, or the value as a whole."""
    valeur, groupe = lecture.valeurs.get(nom), groupes_de(classe).get(nom)
    if groupe and groupe.unique:
        return _champs_de_la_ligne(groupe, nom, valeur or [], lecture)
    if groupe:
        return {e["cle"]: _partie(e, sans_cles(groupe.classe, e), f"{nom}.{e['cle']}", lecture) for e in valeur or []}
    if champs_de(classe)[nom].type in EN_LISTE:
        parties = {code: Partie(code, {}, PRESENTE) for code in valeur or []}  # it is there, or it is not
        texte = lecture.illisibles.get(nom)
        return parties | ({TEXTE: Partie(None, {"": texte}, sha(texte))} if texte else {})
    return {"": _partie(valeur, valeur, nom, lecture)}


def _champs_de_la_ligne(groupe: Groupe, nom: str, lignes: list[Any], lecture: Lecture) -> dict[str, Partie]:
    if not lignes:
        return {}
    ligne, sous = lignes[0], groupes_de(groupe.classe)
    dits = [n for n, c in champs_de(groupe.classe).items() if c.edition is not Edition.SYSTEME and n in ligne]
    return {
        n: _partie(
            ligne.get(n),
            [sans_cles(sous[n].classe, e) for e in ligne.get(n) or []] if n in sous else ligne.get(n),
            f"{nom}.{ligne['cle']}.{n}",
            lecture,
        )
        for n in [*dits, *sous]
    }


def _partie(valeur: Any, dite: Any, chemin: str, lecture: Lecture) -> Partie:
    illisibles = {c.removeprefix(chemin): t for c, t in lecture.illisibles.items() if _dessous(c, chemin)}
    return Partie(valeur, illisibles, sha([None if dite in VIDES else dite, sorted(illisibles.values())]))


def empreinte_de(valeur: Any) -> str:
    """Digest of a whole value that could be read."""
    return _partie(valeur, valeur, "", Lecture()).empreinte


def _dessous(chemin: str, debut: str) -> bool:
    return chemin == debut or chemin.startswith(debut + ".")


def chemin_de(classe: type[SQLModel], nom: str, cle: str, ligne: str = "") -> str:
    """Path of a part in its form; `ligne` is the key of the row of a unique group."""
    groupe = groupes_de(classe).get(nom)
    if groupe and groupe.unique:
        return f"{nom}.{ligne}.{cle}"
    return f"{nom}.{cle}" if groupe else nom


def cle_de_ligne(lecture: Lecture, nom: str) -> str:
    """Key of the first row of a group, of the only one when it is unique; empty for anything else."""
    valeur = lecture.valeurs.get(nom)
    return valeur[0]["cle"] if isinstance(valeur, list) and valeur and isinstance(valeur[0], dict) else ""


def poser(classe: type[SQLModel], nom: str, parties: Mapping[str, Partie], dans: Lecture, ligne: str = "") -> None:
    """Write a champ from its parts, unreadable texts included.

    Args:
        ligne: key of the row of a unique group.
    """
    dans.valeurs[nom] = _assembler(classe, nom, parties, ligne)
    for chemin in [c for c in dans.illisibles if _dessous(c, nom)]:
        del dans.illisibles[chemin]
    for cle, partie in parties.items():
        debut = chemin_de(classe, nom, cle, ligne)
        dans.illisibles |= {debut + suite: texte for suite, texte in partie.illisibles.items()}


def _assembler(classe: type[SQLModel], nom: str, parties: Mapping[str, Partie], ligne: str) -> Any:
    groupe = groupes_de(classe).get(nom)
    if groupe and groupe.unique:
        return [{"cle": ligne, **{n: p.valeur for n, p in parties.items()}}] if parties else []
    if groupe:
        return [{**p.valeur, "cle": cle} for cle, p in parties.items()]
    sorte = champs_de(classe)[nom].type
    if sorte in EN_LISTE:
        codes = [p.valeur for cle, p in parties.items() if cle != TEXTE]
        return sorted(codes) if sorte is TypeChamp.COMMUNES else codes
    return parties[""].valeur if "" in parties else None


def avec_la_partie(classe: type[SQLModel], nom: str, cle: str, partie: Partie, lecture: Lecture) -> Lecture:
    """The same section with one part replaced; one that is not there is taken away."""
    neuve = replace(lecture, valeurs=dict(lecture.valeurs), illisibles=dict(lecture.illisibles))
    parties = parties_de(classe, nom, lecture)
    if partie.empreinte:
        parties[cle] = partie
    else:
        parties.pop(cle, None)
    poser(classe, nom, parties, neuve, cle_de_ligne(lecture, nom) or LIGNE_UNIQUE)
    return neuve


def sans_cles(classe: type[SQLModel], ligne: Mapping[str, Any]) -> dict[str, Any]:
    """A row without its key nor what the system writes: publishing changes both, and nobody's answer."""
    tus = {nom for nom, champ in champs_de(classe).items() if champ.edition is Edition.SYSTEME} | {"cle"}
    sous = groupes_de(classe)
    return {
        nom: [sans_cles(sous[nom].classe, dessous) for dessous in valeur or []] if nom in sous else valeur
        for nom, valeur in sorted(ligne.items())
        if nom not in tus and (nom in sous or valeur not in VIDES)
    }


def sha(contenu: Any) -> str:
    """A short digest of anything JSON can hold."""
    return hashlib.sha256(json.dumps(contenu, sort_keys=True).encode()).hexdigest()[:16]
