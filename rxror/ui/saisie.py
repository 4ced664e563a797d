"""What every form's state holds: the flat form of `ror/saisie.py`, and the gestures that change it on screen.

Nothing here is kept: the text typed stays in the fields until « Enregistrer » sends the whole section.
"""

from secrets import token_hex
from typing import Any, TypedDict

import reflex as rx
from sqlmodel import SQLModel

from rxror import db
from rxror.ror.champs import MULTIPLES, Champ, Contexte, Groupe, lignes_maximum
from rxror.ror.erreurs import SaisieInvalide
from rxror.ror.saisie import LIGNES_MAXIMUM, OUI, Formulaire, element_de, visibilites
from rxror.services.modification import ligne_neuve
from rxror.services.nomenclatures import catalogue, chercher_commune
from rxror.ui.components.foyer import vers
from rxror.ui.identity import acteur

COMMUNE = "commune"
CODE_MAXIMUM = 60


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
    _touche: bool = False  # a gesture changed what the state holds: a reconnection must not undo it

    def _classe(self) -> tuple[type[SQLModel] | None, str]:
        """Class and section of the form at this address."""
        return None, ""

    def _element(self, chemin: Any) -> Champ | Groupe:
        """The field or group of this form at a path, its rows being those of the screen.

        Raises:
            SaisieInvalide: there is none: the event was not sent by this form.
        """
        classe, _ = self._classe()
        if classe is None or not isinstance(chemin, str):
            raise SaisieInvalide("chemin")
        morceaux = chemin.split(".")
        lignes = ((".".join(morceaux[:i]), morceaux[i]) for i in range(1, len(morceaux), 2))
        element = element_de(classe, chemin)
        if element is None or any(cle not in self.lignes.get(groupe, []) for groupe, cle in lignes):
            raise SaisieInvalide(chemin[:80])
        return element

    def _code(self, code: Any) -> str:
        if not isinstance(code, str) or len(code) > CODE_MAXIMUM:
            raise SaisieInvalide("code")
        return code

    @rx.event
    def changer(self, chemin: str, valeur: str) -> None:
        """A choice was made: what depends on it appears or leaves at once."""
        self._element(chemin)
        self.valeurs[chemin], self._touche = self._code(valeur), True
        self._revoir()

    @rx.event
    def cocher(self, chemin: str, code: str, cochee: bool) -> None:
        """A box on which others depend was ticked or cleared."""
        element, code = self._element(chemin), self._code(code)
        if not (isinstance(element, Champ) and element.pilote):
            raise SaisieInvalide(chemin[:80])
        codes = [c for c in self.lignes.get(chemin, []) if c != code]
        self.lignes[chemin] = [*codes, code] if cochee else codes
        self.valeurs[f"{chemin}.{code}"], self._touche = OUI if cochee else "", True
        self._revoir()

    def _revoir(self) -> None:
        classe, section = self._classe()
        if classe is not None:
            form = Formulaire(dict(self.valeurs), {k: list(v) for k, v in self.lignes.items()})
            self.visibles = visibilites(classe, section, form, self._contexte)

    @rx.event
    def ajouter_ligne(self, chemin: str) -> None:
        """Add an empty row; the focus goes to its first field."""
        element = self._element(chemin)
        if not isinstance(element, Groupe):
            raise SaisieInvalide(chemin[:80])
        if len(self.lignes.get(chemin, [])) >= lignes_maximum(element, self._contexte, LIGNES_MAXIMUM):
            self.foyer = vers(chemin)
        elif cle := self._ajouter(chemin):
            self.foyer = vers(f"{chemin}.{cle}.", "premier")

    def _ajouter(self, chemin: str) -> str:
        """Key of a new row with its default answers; empty when there are too many."""
        classe, _ = self._classe()
        if classe is None or len(self.lignes.get(chemin, [])) >= LIGNES_MAXIMUM:
            return ""
        cle = "n" + token_hex(4)
        form = ligne_neuve(classe, chemin, cle)
        self.valeurs |= form.valeurs
        self.lignes |= form.lignes
        self.lignes[chemin] = [*self.lignes.get(chemin, []), cle]
        self._touche = True
        self._revoir()
        return cle

    @rx.event
    def retirer_ligne(self, chemin: str, cle: str) -> None:
        """Take a row away, on screen; nothing is kept before « Enregistrer »."""
        self._element(chemin)
        self.lignes[chemin] = [c for c in self.lignes.get(chemin, []) if c != cle]
        self._touche = True
        self.foyer = vers(chemin)

    @rx.event
    def chercher(self, chemin: str, liste: str, texte: str) -> None:
        """Look for codes of a list, or for a commune, while one types."""
        self._element(chemin)
        texte = str(texte)[:80]
        with db.lecture() as session:
            acteur(self, session)
            codes = chercher_commune(session, texte) if liste == COMMUNE else catalogue(session).chercher(liste, texte)
        self.cherche = chemin
        self.trouves = [Option(cle=c.cle, libelle=c.libelle, detail=c.groupe) for c in codes]
        self.recherche_dite = _nombre(len(codes)) if texte.strip() else ""

    @rx.event
    def choisir(self, chemin: str, liste: str, code: str) -> None:
        """Take one of the codes found: one answer, one more answer, or a new row of a group."""
        element = self._element(chemin)
        libelle = next((o["libelle"] for o in self.trouves if o["cle"] == self._code(code)), "")
        self.trouves = []
        if not libelle:
            return
        self.libelles[f"{liste}:{code}"], self._touche = libelle, True
        if isinstance(element, Groupe):
            self._ajouter_code(chemin, element, code)
        elif element.type in MULTIPLES:
            self.lignes[chemin] = [*(c for c in self.lignes.get(chemin, []) if c != code), code]
            self.valeurs[f"{chemin}.{code}"] = OUI
        else:
            self.valeurs[chemin] = code
            self._revoir()
        self.recherche_dite = f"{libelle} : ajouté."
        self.foyer = vers(chemin, "vider")

    def _ajouter_code(self, chemin: str, groupe: Groupe, code: str) -> None:
        tenus = {self.valeurs.get(f"{chemin}.{c}.{groupe.par_recherche}") for c in self.lignes.get(chemin, [])}
        if code not in tenus and (cle := self._ajouter(chemin)):
            self.valeurs[f"{chemin}.{cle}.{groupe.par_recherche}"] = code

    @rx.event
    def retirer_code(self, chemin: str, code: str) -> None:
        """Take a chosen code away."""
        element, self._touche = self._element(chemin), True
        if isinstance(element, Champ) and element.type not in MULTIPLES:
            self.valeurs[chemin] = ""
        else:
            self.lignes[chemin] = [c for c in self.lignes.get(chemin, []) if c != code]
        self.foyer = vers(chemin)


def _nombre(codes: int) -> str:
    return "Aucun résultat." if not codes else f"{codes} résultat{'s' if codes > 1 else ''}"
