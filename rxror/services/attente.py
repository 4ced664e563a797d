"""Reading aloud a save that waits in somebody's browser: field by field, from what it holds itself.

Nothing is read of the object, so that it can be read by its author even when the object is no longer theirs.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypedDict

from sqlmodel import Session, SQLModel

from rxror.ror.champs import MULTIPLES, Champ, Contexte, Groupe, Section, TypeChamp, groupes_de, section_de
from rxror.ror.erreurs import SaisieInvalide
from rxror.ror.lecture import Lecteur
from rxror.ror.objets import OBJETS
from rxror.ror.saisie import NON, OUI, element_de
from rxror.ror.territoire import codes_de
from rxror.ror.typographie import majuscule
from rxror.services import communes
from rxror.services.nomenclatures import catalogue

VIDE, RETIREE, AUCUNE = "(vidé)", "(ligne retirée)", "(aucune réponse)"


class LigneEnAttente(TypedDict):
    """One answer: its question and what was typed."""

    label: str
    texte: str


@dataclass(frozen=True)
class _Saisie:
    """A waiting form, and what it takes to read it."""

    session: Session
    classe: type[SQLModel]
    saisie: Mapping[str, str]

    @cached_property
    def rangs(self) -> dict[str, dict[str, int]]:
        """{path of a group: {key of a row: its rank}}, in one reading of the form."""
        rangs: dict[str, dict[str, int]] = {}
        for nom in self.saisie:
            groupe, _, cle = nom.rpartition(".")
            siens = rangs.setdefault(groupe, {})
            siens[cle] = len(siens) + 1
        return rangs


def section_en_attente(genre: str, section: str) -> Section:
    """The section that a waiting save is about.

    Raises:
        SaisieInvalide: there is none.
    """
    trouvee = section_de(OBJETS[genre], section) if genre in OBJETS else None
    if trouvee is None:
        raise SaisieInvalide("attente")
    return trouvee


def lire(session: Session, genre: str, saisie: Mapping[str, str], chemins: Iterable[str]) -> list[LigneEnAttente]:
    """What was answered at these paths, each question once, in their order; a path that means nothing is left out."""
    ici = _Saisie(session, OBJETS[genre], saisie)
    lignes: dict[str, LigneEnAttente] = {}
    for chemin in chemins:
        ou = _question(ici.classe, chemin)
        if ou and ou not in lignes and (texte := _texte(ici, ou)):
            lignes[ou] = LigneEnAttente(label=_label(ici, ou), texte=texte)
    return list(lignes.values())


def _question(classe: type[SQLModel], chemin: str) -> str:
    """Path of the field, of the list a code is of, or of the row; "" for none."""
    element, liste = element_de(classe, chemin), chemin.rpartition(".")[0]
    if isinstance(element, Champ):
        return chemin
    au_dessus = element_de(classe, liste) if liste else None
    if isinstance(au_dessus, Groupe):
        return chemin
    return liste if isinstance(au_dessus, Champ) and au_dessus.type in MULTIPLES else ""


def _texte(ici: _Saisie, chemin: str) -> str:
    champ = element_de(ici.classe, chemin)
    if not isinstance(champ, Champ):
        return "" if chemin in ici.saisie else RETIREE
    prefixe = chemin + "."
    if champ.type in MULTIPLES:
        codes = [nom.removeprefix(prefixe) for nom in ici.saisie if nom.startswith(prefixe)]
        return ", ".join(_un(ici, champ, code) for code in codes) or AUCUNE
    texte = ici.saisie.get(chemin, "")
    return _un(ici, champ, texte) if texte else VIDE


def _un(ici: _Saisie, champ: Champ, texte: str) -> str:
    if champ.type is TypeChamp.OUI_NON:
        return {OUI: "Oui", NON: "Non"}.get(texte, texte)
    if champ.type is TypeChamp.COMMUNES:
        codes = codes_de(texte)
        lecteur = Lecteur(catalogue(ici.session), Contexte(), territoire=communes.lire_territoire(ici.session, codes))
        return " ; ".join(" : ".join(t for t in (e["texte"], e["origine"]) if t) for e in lecteur.zone(codes))
    if not (champ.jdv or champ.choix):
        return texte
    noms = communes.nommer(ici.session, [texte]) if champ.type is TypeChamp.COMMUNE else {}
    return Lecteur(catalogue(ici.session), Contexte(), communes=noms).texte(champ, texte)


def _label(ici: _Saisie, chemin: str) -> str:
    """« Contact 2, Nom » for a field of a row."""
    morceaux, classe, dits = chemin.split("."), ici.classe, list[str]()
    for i in range(0, len(morceaux) - 1, 2):
        groupe = groupes_de(classe)[morceaux[i]]
        rangs = ici.rangs.get(".".join(morceaux[: i + 1]), {})
        rang = f" {rangs[morceaux[i + 1]]}" if morceaux[i + 1] in rangs and not groupe.unique else ""
        dits.append(majuscule(groupe.singulier) + rang)
        classe = groupe.classe
    champ = element_de(ici.classe, chemin)
    return ", ".join([*dits, *([champ.label] if isinstance(champ, Champ) else [])])
