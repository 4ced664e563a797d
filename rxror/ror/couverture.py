"""Proof of completeness: each attribute of the ROR model, where it is kept, shown, checked and told to others.

`python -m rxror.ror.couverture` writes docs/couverture-ror.md. Attributes: rxror/donnees/modele/attributs.csv, which
transcribes the modèle d'exposition 3.0.1; all the rest is read from the declarations and from the rules themselves.
"""

import ast
import csv
import inspect
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlmodel import SQLModel

from rxror.ror.champs import A_CODES, Champ, Edition, Groupe, champs_de, groupes_de, sections_de
from rxror.ror.objets import OBJETS, EntiteJuridique
from rxror.ror.regles import REGISTRE
from rxror.ror.regles.declaration import Regle
from rxror.settings import DONNEES, RACINE

ATTRIBUTS = DONNEES / "modele" / "attributs.csv"
DOCUMENT = RACINE / "docs" / "couverture-ror.md"
QUI = {
    Edition.LIBRE: "référent",
    Edition.CREATION: "référent, à la création",
    Edition.FINESS: "FINESS",
    Edition.RPPS: "RPPS",
    Edition.GESTE: "référent, par « Fermer » et « Rouvrir »",
    Edition.SYSTEME: "rxror",
}

NON_MONTRE = "non montré"
SANS_PAGE: dict[type[SQLModel], str] = {EntiteJuridique: "sans page : l’entité juridique se lit dans FINESS"}
GENERIQUES = ("OBL-01", "COH-17")  # about every required field, about every code


@dataclass(frozen=True)
class Couverture:
    """One attribute of the model. `raison` says why it is not held, and the rest is then empty."""

    classe: str
    attribut: str
    cardinalite: str
    colonne: str = ""
    ecran: str = ""
    qui: str = ""
    regles: tuple[str, ...] = ()
    fhir: str = ""
    raison: str = ""


def snake(nom: str) -> str:
    """Name of the model -> name of ours: idNat_Struct -> id_nat_struct, adresseMSS -> adresse_mss."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", nom).lower()


def lire_les_attributs() -> list[dict[str, str]]:
    """Rows of the list of attributes: classe, attribut, cardinalite, tenu_par, raison."""
    with ATTRIBUTS.open(encoding="utf-8", newline="") as fichier:
        return list(csv.DictReader(fichier, delimiter=";"))


@cache
def declarees() -> dict[str, type[SQLModel]]:
    """{name: class} of the objects and of their parts, however deep."""
    trouvees: dict[str, type[SQLModel]] = {}

    def parcourir(classe: type[SQLModel]) -> None:
        if classe.__name__ not in trouvees:
            trouvees[classe.__name__] = classe
            for groupe in groupes_de(classe).values():
                parcourir(groupe.classe)

    for classe in OBJETS.values():
        parcourir(classe)
    return trouvees


def couverture(attributs: list[dict[str, str]]) -> list[Couverture]:
    """What becomes of each attribute.

    Raises:
        LookupError: an attribute is neither declared nor given a reason.
    """
    return [_une(ligne) for ligne in attributs]


def _une(ligne: dict[str, str]) -> Couverture:
    fixe = ligne["classe"], ligne["attribut"], ligne["cardinalite"]
    if ligne["raison"]:
        return Couverture(*fixe, raison=ligne["raison"])
    nom_de_classe, _, nom = (ligne["tenu_par"] or f"{ligne['classe']}.{ligne['attribut']}").partition(".")
    classe = declarees().get(nom_de_classe)
    element = _element(classe, snake(nom)) if classe else None
    if classe is None or element is None:
        raise LookupError(f"{ligne['classe']}.{ligne['attribut']}: declared nowhere, and no reason is given")
    return Couverture(
        *fixe,
        colonne=_colonne(classe, snake(nom), element),
        ecran=_ecran(classe, element),
        qui=QUI[element.edition] if isinstance(element, Champ) else "",
        regles=regles_sur(classe, snake(nom)),
        fhir=element.fhir or (f"aucun : {element.sans_fhir}" if isinstance(element, Champ) else ""),
    )


def _element(classe: type[SQLModel], nom: str) -> Champ | Groupe | None:
    return champs_de(classe).get(nom) or groupes_de(classe).get(nom)


def _colonne(classe: type[SQLModel], nom: str, element: Champ | Groupe) -> str:
    if isinstance(element, Groupe):
        return f"table {element.classe.__tablename__}"
    if nom in classe.model_fields:
        return f"{classe.__tablename__}.{nom}"
    return f"lien de {classe.__tablename__}"


def _ecran(classe: type[SQLModel], element: Champ | Groupe) -> str:
    """Section and label, on each object that shows the field."""
    lieux = list(dict.fromkeys(f"{titre} › {element.label}" for titre in _sections(classe, element)))
    return " ; ".join(lieux) or SANS_PAGE.get(classe, NON_MONTRE)


def _sections(classe: type[SQLModel], element: Champ | Groupe) -> Iterator[str]:
    titres = {s.cle: s.titre for s in sections_de(classe)}
    if titres:
        if element.section in titres:
            yield titres[element.section]
        return
    for tout in declarees().values():
        for groupe in groupes_de(tout).values():
            if groupe.classe is classe:
                yield from _sections(tout, groupe)


# ------------------------------------------------------------------------ which rules


def regles_sur(classe: type[SQLModel], nom: str) -> tuple[str, ...]:
    """Identifiers of the rules that look at a field, generic ones included, in order."""
    element = _element(classe, nom)
    propres = (r for r in REGISTRE.values() if r.id not in GENERIQUES)
    trouvees = {r.id for r in propres if nom in _mots(r) and _concerne(r, classe)}
    if isinstance(element, Champ):
        if element.obligatoire:
            trouvees.add("OBL-01")
        if element.type in A_CODES and element.jdv:
            trouvees.add("COH-17")
        if element.gel:
            trouvees.add(element.gel)
    return tuple(sorted(trouvees))


def _concerne(regle: Regle, classe: Any) -> bool:
    """Whether the rule is about this class, or about a whole of which it is a part."""
    touts: tuple[Any, ...] = regle.classes  # pyright does not see that a class is hashable
    return not touts or any(classe is c or classe in _parties(c) for c in touts)


@cache
def _parties(classe: Any) -> frozenset[type[SQLModel]]:
    dessous: set[Any] = {g.classe for g in groupes_de(classe).values()}
    return frozenset(dessous.union(*(_parties(d) for d in dessous)) if dessous else dessous)


@cache
def _mots(regle: Regle) -> frozenset[str]:
    """Every name that the function of a rule writes, and those of what it uses in its module."""
    if regle.examiner is None:
        return frozenset(re.findall(r"[a-z]+(?:_[a-z0-9]+)+", regle.enonce))
    module = inspect.getmodule(regle.examiner)
    return frozenset(_ecrits(module, regle.examiner.__name__, set())) if module else frozenset()


def _ecrits(module: ModuleType, nom: str, vus: set[str]) -> set[str]:
    vus.add(nom)
    noeud = _noeuds(module).get(nom)
    if noeud is None:
        return set()
    textes = {n.value for n in ast.walk(noeud) if isinstance(n, ast.Constant) and isinstance(n.value, str)}
    mots = {mot for texte in textes if " " not in texte for mot in texte.split(".") if mot}
    for n in ast.walk(noeud):
        if isinstance(n, ast.Name) and n.id not in vus:
            mots |= _ecrits(module, n.id, vus)
    return mots


@cache
def _noeuds(module: ModuleType) -> dict[str, ast.stmt]:
    """{name: statement} of what a module defines at its top."""
    trouves: dict[str, ast.stmt] = {}
    for noeud in ast.parse(inspect.getsource(module)).body:
        if isinstance(noeud, ast.FunctionDef):
            trouves[noeud.name] = noeud
        elif isinstance(noeud, ast.Assign):
            for cible in noeud.targets:
                for n in ast.walk(cible):
                    if isinstance(n, ast.Name):
                        trouves[n.id] = noeud
    return trouves


# ----------------------------------------------------------------------- the document


def en_texte(lignes: list[Couverture]) -> str:
    """The document, in Markdown: one table per class of the model."""
    tenus = sum(not ligne.raison for ligne in lignes)
    parties = [
        "# Couverture du modèle ROR",
        "",
        "Engendré par `make docs` ; ne pas modifier à la main. Chaque attribut du modèle d’exposition 3.0.1 :",
        "où il est gardé, où il se voit et se modifie, qui le tient, quelles règles le regardent (`docs/regles.md`),",
        "où il va en FHIR.",
        "",
        f"{len(lignes)} attributs, dont {tenus} tenus ; les autres disent pourquoi.",
    ]
    for classe in dict.fromkeys(ligne.classe for ligne in lignes):
        parties += ["", f"## {classe}", "", *_tableau([ligne for ligne in lignes if ligne.classe == classe])]
    return "\n".join(parties) + "\n"


def _tableau(lignes: list[Couverture]) -> list[str]:
    entete = "| Attribut | Card. | Colonne | Section › libellé | Tenu par | Règles | FHIR |"
    return [entete, "|---|---|---|---|---|---|---|", *(_rangee(ligne) for ligne in lignes)]


def _rangee(e: Couverture) -> str:
    if e.raison:
        return f"| {e.attribut} | {e.cardinalite} | – | {e.raison} | – | – | – |"
    cellules = (e.attribut, e.cardinalite, f"`{e.colonne}`", e.ecran, e.qui, ", ".join(e.regles), f"`{e.fhir}`")
    return "| " + " | ".join(cellule or "–" for cellule in cellules) + " |"


def ecrire(vers: Path = DOCUMENT) -> None:
    """Write the document."""
    vers.write_text(en_texte(couverture(lire_les_attributs())), encoding="utf-8")


if __name__ == "__main__":
    ecrire()
    sys.stdout.write(f"{DOCUMENT.relative_to(RACINE)}\n")
