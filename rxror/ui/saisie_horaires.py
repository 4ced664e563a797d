"""Gestures of the weekly editor: a view over the rows of the group `horaire`, whose hours stay in the flat form.

An hour typed is told when one leaves its field, so that a copy copies what is on the screen.
"""

from secrets import token_hex
from typing import Any, TypedDict

import reflex as rx

from rxror.ror import horaires, messages
from rxror.ror.champs import groupes_de
from rxror.ror.dates import JOURS, aujourd_hui
from rxror.ror.erreurs import SaisieInvalide
from rxror.ror.saisie import LIGNES_MAXIMUM
from rxror.ror.typographie import fr
from rxror.services.modification import ligne_neuve
from rxror.ui.components.foyer import vers

GROUPE = "horaire"
TYPE, JOUR, DEBUT, FIN = "type_horaire", "jour_semaine", "heure_debut", "heure_fin"
DU, AU = "debut_date_effective", "fin_date_effective"
FERMETURE = "08"  # J41
PERIODE = "periode"  # marks what has, or is to have, dates
TEXTE_MAXIMUM = 40
BLOCS_MAXIMUM = 20


class PlageVue(TypedDict):
    """One slot: its row, and a number that changes when the server wrote in its fields."""

    cle: str
    chemin: str
    tour: int


class JourVu(TypedDict):
    """One day of a week."""

    cle: str
    jour: int
    nom: str
    plages: list[PlageVue]
    alerte: str
    copie: bool


class SemaineVue(TypedDict):
    """One type of hours, each week or during a period."""

    cle: str
    type: str
    titre: str
    periode: bool
    du: str
    au: str
    dit: str
    ouverte: bool
    jours: list[JourVu]


class HorairesEnSaisie(rx.State, mixin=True):
    """The weeks on the screen, and the gestures that change their rows."""

    semaines: list[SemaineVue] = []
    horaires_dits: str = ""
    horaires_annulables: bool = False
    cibles: list[int] = []
    _copie: str = ""
    _blocs: dict[str, list[str]] = {}
    _bloc_de: dict[str, str] = {}
    _tours: dict[str, int] = {}
    _horaires_avant: tuple[list[str], list[str]] | None = None  # rows before the last gesture, and after

    # -------------------------------------------------------------- what is on the screen

    def _a_des_horaires(self) -> bool:
        classe, section = self._classe()
        return classe is not None and GROUPE in groupes_de(classe, section)

    def _ouvrir_horaires(self) -> None:
        """Lay out the rows as weeks, from nothing; without rows, one empty week."""
        self._blocs, self._bloc_de, self._tours, self._copie = {}, {}, {}, ""
        self.cibles, self.horaires_dits, self.horaires_annulables = [], "", False
        self._horaires_avant = None
        if not self._a_des_horaires():
            self.semaines = []
            return
        lignes = [self._ligne(cle) for cle in self.lignes.get(GROUPE, [])]
        self.lignes[GROUPE] = [e["cle"] for semaine in horaires.semaines(lignes) for e in semaine.lignes]
        self._ranger_horaires()
        if not self._blocs:
            self._bloc([self._premier_type(), "", ""])
            self._ranger_horaires()

    def _premier_type(self) -> str:
        return next((o["cle"] for o in self._types()), "")

    def _types(self) -> list[Any]:
        return self.options.get(f"{GROUPE}.{TYPE}", [])

    def _bloc(self, sorte: list[str]) -> str:
        cle = f"b{token_hex(3)}"
        self._blocs[cle] = sorte
        return cle

    def _ligne(self, cle: str) -> dict[str, Any]:
        ligne: dict[str, Any] = {nom: self.valeurs.get(f"{GROUPE}.{cle}.{nom}", "") for nom in (TYPE, JOUR, DU, AU)}
        for nom in (DEBUT, FIN):
            try:
                ligne[nom] = horaires.lire_heure(self.valeurs.get(f"{GROUPE}.{cle}.{nom}", ""))
            except ValueError:
                ligne[nom] = ""
        ligne[JOUR] = int(ligne[JOUR]) if ligne[JOUR] in tuple("1234567") else 0
        return ligne | {"cle": cle}

    def _ranger_horaires(self) -> None:
        if not self._a_des_horaires():
            return
        cles = self.lignes.get(GROUPE, [])
        lignes = {cle: self._ligne(cle) for cle in cles}
        self._bloc_de = {cle: bloc for cle, bloc in self._bloc_de.items() if cle in lignes}
        for cle, ligne in lignes.items():
            if cle not in self._bloc_de:
                sorte = _sorte(ligne)
                connu = next((b for b, s in self._blocs.items() if s == sorte), "")
                self._bloc_de[cle] = connu or self._bloc(sorte)
        self.semaines = [
            self._vue_du_bloc(bloc, sorte, [lignes[c] for c in cles if self._bloc_de[c] == bloc])
            for bloc, sorte in sorted(self._blocs.items(), key=lambda e: PERIODE in e[1])
        ]

    def _vue_du_bloc(self, bloc: str, sorte: list[str], lignes: list[dict[str, Any]]) -> SemaineVue:
        type_horaire, du, au = sorte[:3]
        periode = PERIODE in sorte
        par_jour: dict[int, list[dict[str, Any]]] = {}
        for ligne in lignes:
            par_jour.setdefault(ligne[JOUR], []).append(ligne)
        plages = {j: [(e[DEBUT], e[FIN]) for e in siennes] for j, siennes in par_jour.items()}
        jours = ([0] if periode or 0 in par_jour else []) + list(horaires.TOUS)
        dit = horaires.dire({j: sorted(p) for j, p in plages.items()})
        quand = _periode(du, au)
        titre = next((o["libelle"] for o in self._types() if o["cle"] == type_horaire), "Type non précisé")
        return SemaineVue(
            cle=bloc,
            type=type_horaire,
            titre=titre,
            periode=periode,
            du=du,
            au=au,
            dit=fr(", ".join(t for t in (quand, dit) if t)) if periode else dit,
            ouverte=any(par_jour),
            jours=[self._vue_du_jour(bloc, j, par_jour.get(j, []), plages.get(j, []), periode) for j in jours],
        )

    def _vue_du_jour(
        self, bloc: str, jour: int, lignes: list[dict[str, Any]], plages: list[horaires.Plage], periode: bool
    ) -> JourVu:
        sans_jour = "Toute la période" if periode else "Sans jour"
        cle = f"{bloc}-{jour}"
        return JourVu(
            cle=cle,
            jour=jour,
            nom=JOURS[jour - 1].capitalize() if jour else sans_jour,
            plages=[
                PlageVue(cle=e["cle"], chemin=f"{GROUPE}.{e['cle']}", tour=self._tours.get(e["cle"], 0)) for e in lignes
            ],
            alerte=_alerte(plages),
            copie=cle == self._copie,
        )

    # ------------------------------------------------------------------ rows, and undoing

    def _dire_horaires(self, texte: str, avant: list[str] | None = None) -> None:
        """Say what a gesture did; with the rows there were `avant`, « Annuler » is offered."""
        self.horaires_dits, self.horaires_annulables = fr(texte), avant is not None
        if avant is not None:
            self._horaires_avant, self._touche = (avant, list(self.lignes[GROUPE])), True

    def _ajouter_horaire(self, bloc: str, jour: int, debut: str = "", fin: str = "") -> str:
        """Key of a new row; empty when there are too many."""
        classe, _ = self._classe()
        if classe is None or len(self.lignes.get(GROUPE, [])) >= LIGNES_MAXIMUM:
            return ""
        cle = "n" + token_hex(4)
        sorte = self._blocs[bloc]
        textes = {TYPE: sorte[0], JOUR: str(jour or ""), DEBUT: debut, FIN: fin, DU: sorte[1], AU: sorte[2]}
        neuve = ligne_neuve(classe, GROUPE, cle).valeurs
        self.valeurs |= neuve | {f"{GROUPE}.{cle}.{nom}": texte for nom, texte in textes.items()}
        self.lignes[GROUPE] = [*self.lignes.get(GROUPE, []), cle]
        self._bloc_de[cle] = bloc
        return cle

    def _retirer_horaires(self, cles: list[str]) -> None:
        self.lignes[GROUPE] = [c for c in self.lignes.get(GROUPE, []) if c not in cles]

    def _du_jour(self, bloc: str, jour: int) -> list[str]:
        return [c for c in self.lignes.get(GROUPE, []) if self._bloc_de.get(c) == bloc and self._ligne(c)[JOUR] == jour]

    # ------------------------------------------------------------- arguments, all doubted

    def _bloc_connu(self, bloc: Any) -> str:
        self._element(GROUPE)
        if not self._a_des_horaires() or not isinstance(bloc, str) or bloc not in self._blocs:
            raise SaisieInvalide("horaires")
        return bloc

    def _jour_connu(self, jour: Any) -> int:
        if isinstance(jour, bool) or not isinstance(jour, int) or not 0 <= jour <= 7:
            raise SaisieInvalide("jour")
        return jour

    def _plage_connue(self, cle: Any) -> str:
        self._element(GROUPE)
        if not self._a_des_horaires() or not isinstance(cle, str) or cle not in self._bloc_de:
            raise SaisieInvalide("plage")
        return cle

    # --------------------------------------------------------------------------- gestures

    @rx.event
    def heure_saisie(self, cle: str, nom: str, texte: str) -> None:
        """An hour was typed: say at once if it is none, and cut at midnight a slot that passes it."""
        cle = self._plage_connue(cle)
        if nom not in (DEBUT, FIN) or not isinstance(texte, str):
            raise SaisieInvalide("heure")
        chemin = f"{GROUPE}.{cle}.{nom}"
        texte = texte[:TEXTE_MAXIMUM]
        if texte == self.valeurs.get(chemin, ""):
            return
        self.valeurs[chemin], self._touche = texte, True
        self.erreurs = {c: t for c, t in self.erreurs.items() if c != chemin} | _faute(chemin, nom, texte)
        ligne = self._ligne(cle)
        if nom == FIN and horaires.passe_minuit(ligne[DEBUT], ligne[FIN]):
            self._couper(cle, ligne)
        self._ranger_horaires()

    def _couper(self, cle: str, ligne: dict[str, Any]) -> None:
        premiere, *suite = horaires.couper_a_minuit([ligne])
        self.valeurs[f"{GROUPE}.{cle}.{FIN}"] = premiere[FIN]
        self._tours[cle] = self._tours.get(cle, 0) + 1
        bloc = self._bloc_de[cle]
        ajoutees = [self._ajouter_horaire(bloc, e[JOUR], e[DEBUT], e[FIN]) for e in suite]
        if not all(ajoutees):
            self._dire_horaires(fr(f"{LIGNES_MAXIMUM} plages au plus : la fin de la nuit n’est pas ajoutée."))
            return
        parts = fr(" ; ").join(horaires.dire({e[JOUR]: [(e[DEBUT], e[FIN])]}).lower() for e in (premiere, *suite))
        self._dire_horaires(fr(f"Cette plage passe minuit, elle est coupée : {parts}."))

    @rx.event
    def ajouter_plage(self, bloc: str, jour: int) -> None:
        """Add an empty slot to a day; the focus goes to it."""
        bloc, jour = self._bloc_connu(bloc), self._jour_connu(jour)
        cle = self._ajouter_horaire(bloc, jour)
        if not cle:
            self._dire_horaires(f"{LIGNES_MAXIMUM} plages au plus.")
            return
        self._touche = True
        self._dire_horaires("")
        self._ranger_horaires()
        self.foyer = vers(f"{GROUPE}.{cle}.{DEBUT}")

    @rx.event
    def retirer_plage(self, cle: str) -> None:
        """Take a slot away."""
        cle = self._plage_connue(cle)
        bloc, jour = self._bloc_de[cle], self._ligne(cle)[JOUR]
        avant = self.lignes[GROUPE]
        self._retirer_horaires([cle])
        self._dire_horaires("Plage retirée.", avant)
        self._ranger_horaires()
        self.foyer = vers(f"plus-{bloc}-{jour}")

    @rx.event
    def ouvrir_copie(self, bloc: str, jour: int) -> None:
        """Ask where to copy a day; the same button closes the question."""
        cle = f"{self._bloc_connu(bloc)}-{self._jour_connu(jour)}"
        self._copie, self.cibles = ("" if self._copie == cle else cle), []
        self._ranger_horaires()
        self.foyer = vers(f"copie-{cle}" if self._copie else f"copier-{cle}")

    @rx.event
    def viser(self, jour: int) -> None:
        """Tick or untick a day to copy to."""
        jour = self._jour_connu(jour)
        self.cibles = sorted(set(self.cibles) ^ ({jour} - {0}))

    @rx.event
    def copier(self, bloc: str, jour: int, vers_jours: list[int]) -> None:
        """Give other days the slots of this one, in place of theirs."""
        bloc, jour = self._bloc_connu(bloc), self._jour_connu(jour)
        if not isinstance(vers_jours, list) or len(vers_jours) > len(horaires.TOUS):
            raise SaisieInvalide("jours")
        cibles = sorted({self._jour_connu(j) for j in vers_jours} - {0, jour})
        plages = [(self._ligne(c)[DEBUT], self._ligne(c)[FIN]) for c in self._du_jour(bloc, jour)]
        if not cibles:
            self._dire_horaires("Choisissez au moins un jour.")
            return
        if not plages or not all(debut and fin for debut, fin in plages):
            self._dire_horaires(fr("Rien n’est copié : complétez d’abord les heures de ce jour."))
            return
        remplacees = [c for j in cibles for c in self._du_jour(bloc, j)]
        if len(self.lignes[GROUPE]) - len(remplacees) + len(cibles) * len(plages) > LIGNES_MAXIMUM:
            self._dire_horaires(fr(f"Rien n’est copié : {LIGNES_MAXIMUM} plages au plus."))
            return
        avant = self.lignes[GROUPE]
        self._retirer_horaires(remplacees)
        for cible in cibles:
            for debut, fin in plages:
                self._ajouter_horaire(bloc, cible, debut, fin)
        self._copie, self.cibles = "", []
        copies = horaires.dire(dict.fromkeys(cibles, sorted(plages)))
        self._dire_horaires(fr(f"Copié : {copies[:1].lower()}{copies[1:]}."), avant)
        self._ranger_horaires()
        self.foyer = vers(f"copier-{bloc}-{jour}")

    @rx.event
    def toujours_ouvert(self, bloc: str) -> None:
        """24 hours a day, 7 days a week, in place of what the week held."""
        bloc = self._bloc_connu(bloc)
        avant = self.lignes.get(GROUPE, [])
        self._retirer_horaires([c for c, b in self._bloc_de.items() if b == bloc and self._ligne(c)[JOUR]])
        faites = [self._ajouter_horaire(bloc, j, horaires.MINUIT, horaires.FIN_DU_JOUR) for j in horaires.TOUS]
        if not all(faites):
            self.lignes[GROUPE] = avant
            self._dire_horaires(f"{LIGNES_MAXIMUM} plages au plus.")
            return
        self._dire_horaires("Ouvert 24 h/24, 7 j/7.", avant)
        self._ranger_horaires()
        self.foyer = vers("horaires-dits")

    @rx.event
    def ajouter_semaine(self, periode: bool) -> None:
        """One more type of hours, each week, or during a period."""
        self._element(GROUPE)
        if not self._a_des_horaires() or not isinstance(periode, bool):
            raise SaisieInvalide("horaires")
        if len(self._blocs) >= BLOCS_MAXIMUM:
            self._dire_horaires(f"{BLOCS_MAXIMUM} types et périodes au plus.")
            return
        pris = {sorte[0] for sorte in self._blocs.values()}
        types = [o["cle"] for o in self._types()]
        libre = next((t for t in types if t not in pris), self._premier_type())
        fermeture = FERMETURE if FERMETURE in types else libre
        bloc = self._bloc([fermeture, "", "", PERIODE] if periode else [libre, "", ""])
        if periode:
            self._ajouter_horaire(bloc, 0)
            self._touche = True
        self._dire_horaires("")
        self._ranger_horaires()
        self.foyer = vers(f"type-{bloc}")

    @rx.event
    def changer_semaine(self, bloc: str, nom: str, texte: str) -> None:
        """The type or the period of a week was answered: all its rows take it."""
        bloc = self._bloc_connu(bloc)
        if nom not in (TYPE, DU, AU) or not isinstance(texte, str) or len(texte) > TEXTE_MAXIMUM:
            raise SaisieInvalide("semaine")
        if nom == TYPE and texte not in {"", *(o["cle"] for o in self._types())}:
            raise SaisieInvalide("type")
        sorte = self._blocs[bloc]
        self._blocs[bloc] = [*sorte[: (TYPE, DU, AU).index(nom)], texte, *sorte[(TYPE, DU, AU).index(nom) + 1 :]]
        if nom != TYPE:
            self._blocs[bloc] = [*self._blocs[bloc][:3], PERIODE]
        for cle in (c for c, b in self._bloc_de.items() if b == bloc):
            self.valeurs[f"{GROUPE}.{cle}.{nom}"] = texte
        self._touche = True
        self._ranger_horaires()

    @rx.event
    def retirer_semaine(self, bloc: str) -> None:
        """Take away a type of hours, or a period, with its slots."""
        bloc = self._bloc_connu(bloc)
        avant = self.lignes.get(GROUPE, [])
        self._retirer_horaires([c for c, b in self._bloc_de.items() if b == bloc])
        del self._blocs[bloc]
        self._dire_horaires("Horaires retirés.", avant)
        self._ranger_horaires()
        self.foyer = vers("horaires-dits")

    @rx.event
    def annuler_horaires(self) -> None:
        """Undo the last gesture that took slots away or copied some; what was typed or added since stays."""
        self._element(GROUPE)
        if self._horaires_avant:
            (avant, apres), self._horaires_avant = self._horaires_avant, None
            maintenant = self.lignes[GROUPE]
            rendues = [c for c in avant if c in maintenant or c not in apres]
            self.lignes[GROUPE] = rendues + [c for c in maintenant if c not in avant and c not in apres]
            self._ranger_horaires()
            self._dire_horaires(fr("Annulé : les horaires sont comme avant."))
        self.foyer = vers("horaires-dits")


def _sorte(ligne: dict[str, Any]) -> list[str]:
    """Type and period of a row; one without day nor period is a period whose dates are still to be given."""
    type_horaire, du, au = horaires.sorte_de(ligne)
    return [type_horaire, du, au, *([PERIODE] if du or au or not ligne[JOUR] else [])]


def _alerte(plages: list[horaires.Plage]) -> str:
    if any(horaires.passe_minuit(debut, fin) for debut, fin in plages):
        return fr("Une plage passe minuit : elle sera coupée en deux à l’enregistrement.")
    return "Ces plages se chevauchent." if horaires.se_chevauchent(plages) else ""


def _faute(chemin: str, nom: str, texte: str) -> dict[str, str]:
    """Why an hour cannot be read, beside its field."""
    try:
        if horaires.lire_heure(texte) == horaires.FIN_DU_JOUR and nom == DEBUT:
            return {chemin: messages.lecture("debut")}
    except ValueError:
        return {chemin: messages.lecture("heure", texte=texte)}
    return {}


def _periode(du: str, au: str) -> str:
    """A period read aloud, when its days are days."""
    try:
        dite = horaires.dire_la_periode(du, au)
        passee = horaires.est_passee(au, aujourd_hui())
    except ValueError:
        return ""
    return f"{dite[:1].upper()}{dite[1:]}" + (" (période passée, qui n’est plus diffusée)" if passee else "")
