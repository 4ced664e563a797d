"""Read a folder of code lists: index.csv names them, one CSV each. All that is wrong is told at once.

Source of the shape: README of `rxror/donnees/nomenclatures`.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rxror.ror.erreurs import ImportRefuse
from rxror.ror.nomenclatures import ACTIF, QUALIFIEES
from rxror.ror.typographie import fr

INDEX = "index.csv"
COLONNES_INDEX = ("jdv_id", "title", "version", "complete", "file")
COLONNES = ("code", "display", "system", "parent_or_group", "status")
SUCCESSEUR = "successor"  # optional: the code that replaces one no longer in force
CODE_MAXIMUM, TEXTE_MAXIMUM = 40, 500
DEFAUTS_DITS = 200
RENVERSANTS = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})

_NOM_COURT = re.compile(r"(?:JDV|TRE|ASS)_([A-Z]\d{1,4})(?![0-9])")
_NOM_TRE = re.compile(r"/NOS/(TRE_[A-Z]\d+)")
_VERSION = re.compile(r"[0-9]{4}[0-9]{0,10}")

Ligne = dict[str, str]


@dataclass(frozen=True)
class Defaut:
    """One thing wrong, where it can be put right."""

    fichier: str
    ligne: int
    colonne: str
    valeur: str
    motif: str

    def __str__(self) -> str:
        """In one sentence."""
        ou = [self.fichier]
        if self.ligne:
            ou.append(f"ligne {self.ligne}")
        if self.colonne:
            ou.append(f"colonne {self.colonne}")
        valeur = f"« {self.valeur[:60]} » : " if self.valeur else ""
        return fr(f"{', '.join(ou)} : {valeur}{self.motif}")


@dataclass
class Liste:
    """One code list as its file gives it; `concepts` is {key: columns of the table concept}."""

    jdv: str
    identifiant: str
    titre: str
    version: str
    complete: str
    concepts: dict[str, dict[str, Any]] = field(default_factory=dict)


class _Lecture:
    """One reading of a folder, and what is wrong in it."""

    def __init__(self, dossier: Path) -> None:
        self.dossier = dossier
        self.defauts: list[Defaut] = []

    def noter(self, fichier: str, ligne: int, colonne: str, valeur: str, motif: str) -> None:
        self.defauts.append(Defaut(fichier, ligne, colonne, valeur, motif))

    # ------------------------------------------------------------------ any CSV file

    def lignes(self, nom: str, colonnes: tuple[str, ...]) -> Iterator[tuple[int, Ligne]]:
        """(number, cells) of the lines of a file; none when the file as a whole is unreadable."""
        texte = self._texte(nom)
        if texte is None:
            return
        lecteur = csv.reader(io.StringIO(texte, newline=""), strict=True)
        try:
            entete = next(lecteur, [])
            if manquantes := [c for c in colonnes if c not in entete]:
                self.noter(nom, 1, "", "", f"il n’y a pas de colonne {', '.join(manquantes)}.")
                return
            for cellules in lecteur:
                if len(cellules) == len(entete):
                    yield lecteur.line_num, dict(zip(entete, cellules, strict=True))
                elif cellules:
                    motif = f"{len(cellules)} cellules au lieu de {len(entete)}."
                    self.noter(nom, lecteur.line_num, "", "", motif)
        except csv.Error:
            self.noter(nom, lecteur.line_num, "", "", "la suite est illisible : vérifiez les guillemets.")

    def _texte(self, nom: str) -> str | None:
        fichier = self.dossier / nom
        if not fichier.is_file():
            self.noter(nom, 0, "", "", "ce fichier est introuvable. Complétez le dossier.")
            return None
        lignes = fichier.read_bytes().removeprefix(b"\xef\xbb\xbf").split(b"\n")
        textes: list[str] = []
        illisibles = 0
        for rang, octets in enumerate(lignes, start=1):
            try:
                textes.append(octets.decode("utf-8"))
            except UnicodeDecodeError as erreur:
                illisibles += 1
                lu = octets.decode("latin-1")[max(0, erreur.start - 10) : erreur.start + 10].strip()
                self.noter(nom, rang, "", lu, "ce texte n’est pas en UTF-8. Enregistrez le fichier en UTF-8.")
        return None if illisibles else "\n".join(textes)

    # ------------------------------------------------------------------------ the index

    def index(self) -> list[Liste]:
        listes: dict[str, Liste] = {}
        for rang, ligne in self.lignes(INDEX, COLONNES_INDEX):
            if not ligne["file"]:
                continue
            nom = _NOM_COURT.match(ligne["jdv_id"])
            if not nom:
                self.noter(INDEX, rang, "jdv_id", ligne["jdv_id"], "ce n’est pas le nom d’une liste, comme JDV_J226.")
            elif nom[1] in listes:
                self.noter(INDEX, rang, "jdv_id", ligne["jdv_id"], "cette liste est donnée deux fois.")
            elif self._bien_decrite(rang, ligne):
                liste = Liste(nom[1], ligne["jdv_id"], ligne["title"], ligne["version"], ligne["complete"])
                listes[liste.jdv] = liste
                self._remplir(liste, ligne, rang)
        return list(listes.values())

    def _bien_decrite(self, rang: int, ligne: Ligne) -> bool:
        avant = len(self.defauts)
        if not ligne["title"]:
            self.noter(INDEX, rang, "title", "", "donnez le titre de la liste.")
        if not _VERSION.fullmatch(ligne["version"]):
            motif = "une version est une date, comme 20260928 ou 20260928120000."
            self.noter(INDEX, rang, "version", ligne["version"], motif)
        if Path(ligne["file"]).name != ligne["file"] or "\\" in ligne["file"]:
            self.noter(INDEX, rang, "file", ligne["file"], "donnez le nom d’un fichier du dossier, sans chemin.")
        return len(self.defauts) == avant

    # ------------------------------------------------------------------------- one list

    def _remplir(self, liste: Liste, index: Ligne, rang_index: int) -> None:
        nom, avant, lues = index["file"], len(self.defauts), 0
        places: dict[str, int] = {}
        successeurs: dict[str, tuple[int, str]] = {}
        for rang, ligne in self.lignes(nom, COLONNES):
            lues += 1
            cle = self._cle(liste.jdv, nom, rang, ligne)
            self._textes(nom, rang, ligne)
            if cle in places:
                motif = f"le fichier donne deux fois le code {cle}, d’abord ligne {places[cle]}."
                self.noter(nom, rang, "code", ligne["code"], motif)
            elif cle:
                places[cle] = rang
                liste.concepts[cle] = _concept(liste.jdv, cle, ligne, len(places))
                if ligne.get(SUCCESSEUR):
                    successeurs[cle] = (rang, ligne[SUCCESSEUR])
        self._successeurs(liste, nom, successeurs)
        if not lues and len(self.defauts) == avant:
            self.noter(nom, 0, "", "", "le fichier ne contient aucun code.")
        annonces = index.get("count") or ""
        if annonces.isdecimal() and lues and int(annonces) != lues:
            motif = f"nombre de codes annoncé ; {nom} en a {lues}. Le fichier a peut-être été coupé."
            self.noter(INDEX, rang_index, "count", annonces, motif)

    def _cle(self, jdv: str, nom: str, rang: int, ligne: Ligne) -> str:
        """What an object stores; empty when the code cannot be one."""
        code = ligne["code"]
        if not code or code != code.strip() or len(code) > CODE_MAXIMUM or not code.isprintable():
            self.noter(nom, rang, "code", code, "donnez un code de 40 caractères au plus, sans espace autour.")
            return ""
        if jdv not in QUALIFIEES:
            return code
        tre = _NOM_TRE.search(ligne["system"])
        if not tre:
            self.noter(nom, rang, "system", ligne["system"], f"on n’y lit pas de quelle table vient le code {code}.")
            return ""
        return f"{tre[1]}:{code}"

    def _textes(self, nom: str, rang: int, ligne: Ligne) -> None:
        if not ligne["status"].strip():
            self.noter(nom, rang, "status", "", f"donnez le statut du code {ligne['code']}.")
        elif ligne["status"] == ACTIF and not ligne["display"].strip():
            self.noter(nom, rang, "display", "", f"donnez le libellé du code {ligne['code']}.")
        for colonne in COLONNES[1:]:
            if len(ligne[colonne]) > TEXTE_MAXIMUM or any(_controle(c) for c in ligne[colonne]):
                motif = f"donnez un texte de {TEXTE_MAXIMUM} caractères au plus, sans caractère de commande."
                self.noter(nom, rang, colonne, ligne[colonne], motif)

    def _successeurs(self, liste: Liste, nom: str, successeurs: dict[str, tuple[int, str]]) -> None:
        for cle, (rang, dit) in successeurs.items():
            concept, autre = liste.concepts[cle], liste.concepts.get(dit)
            if autre is None or dit == cle:
                self.noter(nom, rang, SUCCESSEUR, dit, "ce n’est pas un autre code de cette liste.")
            elif concept["statut"] == ACTIF:
                self.noter(nom, rang, SUCCESSEUR, dit, f"le code {cle} est en vigueur : rien ne le remplace.")
            else:
                concept["successeur"] = dit


def lire(dossier: Path) -> list[Liste]:
    """The lists that the folder's index.csv names.

    Raises:
        ImportRefuse: something is wrong in one of the files; the message tells all of it, one line each.
    """
    lecture = _Lecture(dossier)
    listes = lecture.index()
    if not listes and not lecture.defauts:
        lecture.noter(INDEX, 0, "", "", "aucune liste n’y est nommée.")
    if lecture.defauts:
        raise ImportRefuse(_dire(lecture.defauts))
    return listes


def _dire(defauts: list[Defaut]) -> str:
    n = len(defauts)
    tete = f"Rien n’a été changé : {n} erreur{'s' if n > 1 else ''} à corriger."
    suite = [f"… et {n - DEFAUTS_DITS} autres."] if n > DEFAUTS_DITS else []
    return "\n".join([fr(tete), *(str(d) for d in defauts[:DEFAUTS_DITS]), *suite])


def _controle(caractere: str) -> bool:
    return unicodedata.category(caractere) in ("Cc", "Cs") or unicodedata.bidirectional(caractere) in RENVERSANTS


def _concept(jdv: str, cle: str, ligne: Ligne, rang: int) -> dict[str, Any]:
    return {
        "cle": cle,
        "code": ligne["code"],
        "systeme": ligne["system"],
        "libelle": ligne["display"],
        # The association A14 writes TRE_R265#004 what an object stores as TRE_R265:004.
        "groupe": ligne["parent_or_group"].replace("#", ":") if jdv == "A14" else ligne["parent_or_group"],
        "statut": ligne["status"],
        "rang": rang,
        "successeur": "",
    }
