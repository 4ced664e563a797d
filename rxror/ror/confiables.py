"""Which pieces of a section may be given to somebody who has no account: those that a plain page can ask."""

from collections.abc import Iterable

from sqlmodel import SQLModel

from rxror.ror.champs import Champ, Edition, Groupe, TypeChamp, champs_de, groupes_de, section_de

# The kinds of input that the public page draws; the others need a search, or a whole screen.
POSES = frozenset(
    {
        TypeChamp.TEXTE,
        TypeChamp.TEXTE_LONG,
        TypeChamp.OUI_NON,
        TypeChamp.CHOIX,
        TypeChamp.LISTE,
        TypeChamp.CHOIX_MULTIPLES,
        TypeChamp.ENTIER,
        TypeChamp.DECIMAL,
        TypeChamp.DATE,
    }
)


def confiables(classe: type[SQLModel], section: str) -> dict[str, Champ | Groupe]:
    """The fields and groups of a section that may be given, in the order of its form.

    A field shown beside another one goes with it, and is not named apart.
    """
    declaree = section_de(classe, section)
    if declaree is None or not declaree.modifiable:
        return {}
    champs, groupes = champs_de(classe, section), groupes_de(classe, section)
    suivants = {c.avec for c in champs.values() if c.avec}
    avant = {n: g for n, g in groupes.items() if not g.visible_si and _groupe(g)}
    apres = {n: g for n, g in groupes.items() if g.visible_si and _groupe(g)}
    seuls = {n: c for n, c in champs.items() if n not in suivants and all(_champ(champs[x]) for x in _avec(champs, n))}
    return {**avant, **seuls, **apres}


def tous_ensemble(classe: type[SQLModel], section: str, noms: Iterable[str]) -> list[str]:
    """These fields with those shown beside them, in the order of the form; names that may not be given are left out."""
    champs, voulus = champs_de(classe, section), set(noms)
    donnes = [nom for nom in confiables(classe, section) if nom in voulus]
    return [x for nom in donnes for x in (_avec(champs, nom) if nom in champs else [nom])]


def libres(classe: type[SQLModel]) -> dict[str, Champ]:
    """The fields of a part that one answers."""
    return {n: c for n, c in champs_de(classe).items() if c.edition is Edition.LIBRE}


def _avec(champs: dict[str, Champ], nom: str) -> list[str]:
    return [nom, *([champs[nom].avec] if champs[nom].avec else [])]


def _champ(champ: Champ) -> bool:
    return champ.edition is Edition.LIBRE and champ.type in POSES and not champ.deduit


def _groupe(groupe: Groupe) -> bool:
    if groupe.en_semaine or groupe.par_recherche:
        return False
    dessous = all(_groupe(sous) for sous in groupes_de(groupe.classe).values())
    return dessous and all(champ.type in POSES for champ in libres(groupe.classe).values())
