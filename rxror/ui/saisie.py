"""What every form's state holds: the flat form of `ror/saisie.py`, and the gestures that change it on screen.

Nothing here is kept: the text typed stays in the fields until « Enregistrer » sends the whole section.
"""

from secrets import token_hex
from typing import TypedDict

import reflex as rx
from sqlmodel import SQLModel

from rxror import db
from rxror.ror.champs import Contexte, Groupe, groupes_de
from rxror.ror.saisie import OUI, Formulaire, visibilites
from rxror.services.modification import ligne_neuve
from rxror.services.nomenclatures import catalogue, chercher_commune
from rxror.ui.components.foyer import vers
from rxror.ui.identity import acteur

COMMUNE = "commune"
VALEURS_MAXIMUM = 4000


class Option(TypedDict):
    """One answer of a list."""

    cle: str
    libelle: str
    detail: str


class Formulaires(rx.State, mixin=True):
    """Vars and gestures of a form; the state of a page adds where it comes from and where it goes."""

    valeurs: dict[str, str] = {}
    lignes: dict[str, list[str]] = {}
    visibles: dict[str, bool] = {}
    options: dict[str, list[Option]] = {}
    libelles: dict[str, str] = {}
    figees: dict[str, str] = {}
    erreurs: dict[str, str] = {}
    cherche: str = ""
    trouves: list[Option] = []
    recherche_dite: str = ""
    foyer: str = ""
    _contexte: Contexte = Contexte()

    def _classe(self) -> tuple[type[SQLModel] | None, str]:
        """Class and section of the form at this address."""
        return None, ""

    @rx.event
    def changer(self, chemin: str, valeur: str) -> None:
        """A choice was made: what depends on it appears or leaves at once."""
        if len(self.valeurs) < VALEURS_MAXIMUM:
            self.valeurs[str(chemin)[:200]] = str(valeur)[:200]
            self._revoir()

    def _revoir(self) -> None:
        classe, section = self._classe()
        if classe is not None:
            form = Formulaire(dict(self.valeurs), {k: list(v) for k, v in self.lignes.items()})
            self.visibles = visibilites(classe, section, form, self._contexte)

    @rx.event
    def ajouter_ligne(self, chemin: str) -> None:
        """Add an empty row; the focus goes to its first field."""
        cle = "n" + token_hex(4)
        if self._ajouter(str(chemin), cle):
            self.foyer = vers(f"{chemin}.{cle}.", "premier")

    def _ajouter(self, chemin: str, cle: str) -> bool:
        classe, _ = self._classe()
        if classe is None or len(self.lignes.get(chemin, [])) >= 60:
            return False
        form = ligne_neuve(classe, chemin, cle)
        self.valeurs |= form.valeurs
        self.lignes |= form.lignes
        self.lignes[chemin] = [*self.lignes.get(chemin, []), cle]
        self._revoir()
        return True

    @rx.event
    def retirer_ligne(self, chemin: str, cle: str) -> None:
        """Take a row away, on screen; nothing is kept before « Enregistrer »."""
        chemin = str(chemin)
        self.lignes[chemin] = [c for c in self.lignes.get(chemin, []) if c != cle]
        self.foyer = vers(chemin)

    @rx.event
    def chercher(self, chemin: str, liste: str, texte: str) -> None:
        """Look for codes of a list, or for a commune, while one types."""
        self.cherche, texte = str(chemin)[:200], str(texte)[:80]
        with db.lecture() as session:
            acteur(self, session)
            codes = (
                chercher_commune(session, texte) if liste == COMMUNE else catalogue(session).chercher(str(liste), texte)
            )
        self.trouves = [Option(cle=c.cle, libelle=c.libelle, detail=c.groupe) for c in codes]
        n = len(codes)
        self.recherche_dite = (
            "" if not texte.strip() else "Aucun résultat." if not n else f"{n} résultat{'s' if n > 1 else ''}"
        )

    @rx.event
    def choisir(self, chemin: str, liste: str, code: str) -> None:
        """Take one of the codes found: one answer, one more answer, or a new row of a group."""
        libelle = next((o["libelle"] for o in self.trouves if o["cle"] == code), str(code))
        if len(self.libelles) < VALEURS_MAXIMUM:
            self.libelles[f"{liste}:{code}"] = libelle
        self.cherche, self.trouves, self.recherche_dite = "", [], ""
        if groupe := self._groupe(chemin):
            if code in {self.valeurs.get(f"{chemin}.{c}.{groupe.par_recherche}") for c in self.lignes.get(chemin, [])}:
                return
            cle = "n" + token_hex(4)
            if not self._ajouter(chemin, cle):
                return
            self.valeurs[f"{chemin}.{cle}.{groupe.par_recherche}"] = code
        elif chemin in self.lignes:
            self.lignes[chemin] = [*(c for c in self.lignes[chemin] if c != code), code]
            self.valeurs[f"{chemin}.{code}"] = OUI
        else:
            self.valeurs[chemin] = code
            self._revoir()
        self.cherche, self.recherche_dite = chemin, f"{libelle} : ajouté."
        self.foyer = vers(chemin, "vider")

    @rx.event
    def retirer_code(self, chemin: str, code: str) -> None:
        """Take a chosen code away."""
        chemin = str(chemin)
        if chemin in self.lignes:
            self.lignes[chemin] = [c for c in self.lignes[chemin] if c != code]
        else:
            self.valeurs[chemin] = ""
        self.foyer = vers(chemin)

    def _groupe(self, chemin: str) -> Groupe | None:
        classe, _ = self._classe()
        return groupes_de(classe).get(chemin) if classe is not None else None
