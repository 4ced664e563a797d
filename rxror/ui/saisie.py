"""What every form's state holds: the flat form of `ror/saisie.py`, and the gestures that change it on screen.

Nothing here is kept: the text typed stays in the fields until « Enregistrer » sends the whole section.
"""

from collections.abc import Mapping
from contextlib import suppress
from secrets import token_hex
from typing import Any, TypedDict

import reflex as rx
from sqlmodel import SQLModel

from rxror import db
from rxror.ror.champs import MULTIPLES, Champ, Contexte, Groupe, lignes_maximum
from rxror.ror.erreurs import SaisieInvalide
from rxror.ror.regles.completude import remplacant
from rxror.ror.saisie import LIGNES_MAXIMUM, OUI, Formulaire, element_de, visibilites
from rxror.ror.typographie import fr
from rxror.services.modification import ligne_neuve
from rxror.services.nomenclatures import catalogue
from rxror.ui.components.foyer import vers
from rxror.ui.identity import acteur
from rxror.ui.place import cible
from rxror.ui.propositions import TEXTE_MAXIMUM, Paquet, champ_cherche, combien, libelle_choisi, liste_de, proposer

CODE_MAXIMUM = 60


class Option(TypedDict):
    """One answer of a list."""

    cle: str
    libelle: str
    detail: str


class Perime(TypedDict):
    """A code no longer in force that a field holds, and the label of what surely replaces it, or ""."""

    code: str
    libelle: str
    successeur: str


class Formulaires(rx.State, mixin=True):
    """Vars and gestures of a form; the state of a page adds where it comes from and where it goes."""

    valeurs: dict[str, str] = {}
    lignes: dict[str, list[str]] = {}
    visibles: dict[str, bool] = {}
    options: dict[str, list[Option]] = {}
    libelles: dict[str, str] = {}
    figees: dict[str, str] = {}
    cases: dict[str, str] = {}
    reprises: dict[str, str] = {}
    erreurs: dict[str, str] = {}
    perimes: dict[str, list[Perime]] = {}
    redessines: dict[str, int] = {}  # inputs that a gesture changed, to be drawn again with what they now hold
    cherche: str = ""
    trouves: list[Paquet] = []
    repondu: str = ""
    recherche_dite: str = ""
    foyer: str = ""
    _contexte: Contexte = Contexte()
    _neuves: dict[str, dict[str, str]] = {}  # rows added on this screen, with their default answers, by path
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

    def _liste(self, chemin: str) -> str:
        """Path of the list of which this path is a code; "" when it is none of this form."""
        liste = chemin.rpartition(".")[0]
        with suppress(SaisieInvalide):
            element = self._element(liste)
            return liste if isinstance(element, Champ) and element.type in MULTIPLES else ""
        return ""

    def _du_formulaire(self, chemin: str) -> bool:
        """Whether a path sent is a field of this form, or a code of one of its lists."""
        with suppress(SaisieInvalide):
            return isinstance(self._element(chemin), Champ)
        return bool(self._liste(chemin))

    def _reprendre(self, saisie: Mapping[str, str]) -> None:
        """Hold what the form sent; a code of a list on the screen that it did not send is no longer chosen."""
        decoches = {c for c in self.valeurs if (liste := self._liste(c)) and self.visibles.get(liste) is not False}
        reste = {c: t for c, t in self.valeurs.items() if c not in decoches}
        self.valeurs = reste | {c: t for c, t in saisie.items() if self._du_formulaire(c)}

    def _code(self, code: Any) -> str:
        if not isinstance(code, str) or len(code) > CODE_MAXIMUM or not code.isprintable():
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
        proposes = {o["cle"] for o in self.options.get(chemin, [])} | set(self.lignes.get(chemin, []))
        if not (isinstance(element, Champ) and element.pilote) or code not in proposes:
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
        form = ligne_neuve(classe, chemin, cle, self.valeurs)
        self.valeurs |= form.valeurs
        self.lignes |= form.lignes
        self.lignes[chemin] = [*self.lignes.get(chemin, []), cle]
        self._neuves[f"{chemin}.{cle}"] = form.valeurs
        self._touche = True
        self._revoir()
        return cle

    def _intactes(self, saisie: Mapping[str, str]) -> tuple[str, ...]:
        """Paths of the rows added on this screen in which nothing was answered yet."""
        dites = {c: t for c, t in saisie.items() if self._du_formulaire(c)}
        return tuple(
            f"{ligne}."
            for ligne, defauts in self._neuves.items()
            if all(t == defauts.get(c, "") for c, t in dites.items() if c.startswith(f"{ligne}."))
        )

    @rx.event
    def retirer_ligne(self, chemin: str, cle: str) -> None:
        """Take a row away, on screen; nothing is kept before « Enregistrer »."""
        self._element(chemin)
        self.lignes[chemin] = [c for c in self.lignes.get(chemin, []) if c != cle]
        self._touche = True
        self.foyer = vers(chemin)

    @rx.event
    def chercher(self, chemin: str, texte: str) -> None:
        """Look for codes of the field's own list, or for a commune, while one types."""
        champ, ou = champ_cherche(self._element(chemin), chemin)
        self._proposer(champ, chemin, ou, texte[:TEXTE_MAXIMUM] if isinstance(texte, str) else "")
        self.recherche_dite = combien(self.trouves, self.repondu)

    def _proposer(self, champ: Champ, chemin: str, ou: str, texte: str) -> None:
        with db.lecture() as session:
            moi = acteur(self, session)
            pris = self._choisis(chemin)
            self.trouves = proposer(session, moi, cible(self), champ, ou, texte, self._contexte, pris)
        self.cherche, self.repondu = chemin, texte

    def _choisis(self, chemin: str) -> set[str]:
        element, cles = self._element(chemin), self.lignes.get(chemin, [])
        if isinstance(element, Groupe):
            return {self.valeurs.get(f"{chemin}.{cle}.{element.par_recherche}", "") for cle in cles}
        return set(cles) if element.type in MULTIPLES else {self.valeurs.get(chemin, "")}

    @rx.event
    def choisir(self, chemin: str, code: str) -> None:
        """Take a code of the field's own list: the answer, one more answer, or a new row of a group."""
        element = self._element(chemin)
        champ, ou = champ_cherche(element, chemin)
        with db.lecture() as session:
            moi = acteur(self, session)
            libelle = libelle_choisi(session, moi, cible(self), champ, self._code(code), self._contexte)
        if libelle and code not in self._choisis(chemin):
            self.libelles[f"{liste_de(champ)}:{code}"], self._touche = libelle, True
            self._prendre(element, chemin, code)
            dit = fr(f"{libelle} : ajouté.")
        else:
            dit = (
                fr(f"{libelle} : déjà choisi.")
                if libelle
                else fr("Ce code n’est plus en vigueur : choisissez-en un autre.")
            )
        self._proposer(champ, chemin, ou, "")
        self.recherche_dite = fr(dit)
        self.foyer = vers(chemin, "vider")

    def _prendre(self, element: Champ | Groupe, chemin: str, code: str) -> None:
        if isinstance(element, Groupe):
            if cle := self._ajouter(chemin):
                self.valeurs[f"{chemin}.{cle}.{element.par_recherche}"] = code
        elif element.type in MULTIPLES:
            self.lignes[chemin] = [*self.lignes.get(chemin, []), code]
            self.valeurs[f"{chemin}.{code}"] = OUI
        else:
            self.valeurs[chemin] = code
        self._revoir()

    @rx.event
    def remplacer_code(self, chemin: str, code: str) -> None:
        """Take the code that replaces one no longer in force, as the question beside the field proposes."""
        champ = self._question(chemin, code)
        with db.lecture() as session:
            acteur(self, session)
            neuf = remplacant(catalogue(session), champ, code, self._contexte)
        if neuf is None:
            raise SaisieInvalide("remplacer_code")
        self.libelles[f"{champ.jdv}:{neuf.cle}"] = neuf.libelle
        if champ.type in MULTIPLES:
            tenus = [neuf.cle if c == code else c for c in self.lignes.get(chemin, [])]
            self.lignes[chemin] = list(dict.fromkeys(tenus))
            self.valeurs |= {f"{chemin}.{code}": "", f"{chemin}.{neuf.cle}": OUI}
            self._redessiner(f"{chemin}.{code}", f"{chemin}.{neuf.cle}")
        else:
            self.valeurs[chemin] = neuf.cle
            self._redessiner(chemin)
        self._repondre(chemin, code)
        self._revoir()

    @rx.event
    def garder_code(self, chemin: str, code: str) -> None:
        """Keep a code no longer in force: the question leaves the screen, and the alert stays."""
        self._question(chemin, code)
        self._repondre(chemin, code)

    def _question(self, chemin: Any, code: Any) -> Champ:
        """The field beside which the screen asks about this code."""
        element, code = self._element(chemin), self._code(code)
        if not isinstance(element, Champ) or all(p["code"] != code for p in self.perimes.get(chemin, [])):
            raise SaisieInvalide("code périmé")
        return element

    def _repondre(self, chemin: str, code: str) -> None:
        self.perimes[chemin] = [p for p in self.perimes[chemin] if p["code"] != code]
        self.foyer, self._touche = vers(chemin), True

    def _redessiner(self, *chemins: str) -> None:
        self.redessines |= {chemin: self.redessines.get(chemin, 0) + 1 for chemin in chemins}

    @rx.event
    def retirer_code(self, chemin: str, code: str) -> None:
        """Take a chosen code away; the focus goes to the next one, else to the field."""
        element, self._touche = self._element(chemin), True
        champ, _ = champ_cherche(element, chemin)
        voisin = ""
        if champ.type in MULTIPLES:
            codes = self.lignes.get(chemin, [])
            self.lignes[chemin] = [c for c in codes if c != code]
            voisin = _voisin(codes, code)
        else:
            self.valeurs[chemin] = ""
            self._revoir()
        libelle = self.libelles.get(f"{liste_de(champ)}:{code}", "")
        self.cherche, self.trouves, self.repondu = chemin, [], ""
        self.recherche_dite = fr(f"{libelle} : retiré.") if libelle else ""
        self.foyer = vers(f"{chemin}-{voisin}-x" if voisin else chemin)


def _voisin(codes: list[str], code: str) -> str:
    """The code that takes the place of one taken away: the next, else the one before."""
    if code not in codes:
        return ""
    rang, restants = codes.index(code), [c for c in codes if c != code]
    return restants[min(rang, len(restants) - 1)] if restants else ""
