"""Import the care authorisations from the FINESS+ files of activities (data.gouv.fr, ANS).

One JSON object: `pmej[]`, each with its `ege[]`, each with its `activitesExercees[]`. We keep the natures that the
national requirements read, AMF and AMM, and for each établissement the fact that it was read, even without any.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert
from sqlmodel import Session, col, select

from rxror.echanges.finess.rapport import BilanActivites, Constat, Gravite
from rxror.echanges.flux_json import parcourir
from rxror.ror.autorisations import ACTIVE, AMF, AMM
from rxror.ror.erreurs import ImportRefuse
from rxror.ror.regles.formats import finess_valide
from rxror.tables import AutorisationFiness, ReleveActivites, StatutAutorisation

LOT = 500
MISE_EN_OEUVRE, SUSPENSION = "012", "015"
# Block of each nature, and its elements: activité, modalité, mention, forme.
NATURES = {
    AMF: ("typeActiviteAMF", ("activiteAMF", "modaliteActivite", "", "formeActivite")),
    AMM: ("typeActiviteAMM", ("activiteAMM", "modaliteAMM", "mentionAMM", "")),
}
CODES = ("activite", "modalite", "mention", "forme")
DATES = {
    "debut": "dateDebutActiviteAutorisee",
    "fin": "dateFinActiviteAutorisee",
    "fin_effective": "dateFinEffectiveActivite",
    "caducite": "dateCaduciteAutorisation",
}
MANQUE, REJET = "identifiant absent ou en double", Gravite.REJET
COMPARES = ("identifiant", "nature", *CODES, *DATES, "statut")


@dataclass
class _Releve:
    finess: str
    ej: str
    autorisations: dict[str, dict[str, Any]] = field(default_factory=dict)


def importer(
    session: Session, fichiers: Sequence[Path], *, avancement: Callable[[int], None] = lambda octets: None
) -> BilanActivites:
    """Import one or several files, all of them or nothing.

    Raises:
        ImportRefuse: a file cannot be trusted; the message says why. Nothing was written.
    """
    bilan = BilanActivites()
    with session.begin_nested():
        for fichier in fichiers:
            jour = _jour(fichier)
            releves = _Lecture(fichier, bilan).releves(avancement)
            while lot := list(islice(releves, LOT)):
                _ecrire(session, lot, jour, fichier.name, bilan)
        session.flush()
    return bilan


def _jour(fichier: Path) -> date:
    """Day of the file; its root says it before or after the records."""
    for chemin, valeur in parcourir(fichier):
        if chemin == "generatedAt":
            try:
                return date.fromisoformat(str(valeur)[:10])
            except ValueError as erreur:
                raise ImportRefuse(
                    f"Fichier « {fichier.name} » refusé : generatedAt vaut « {str(valeur)[:40]} », une date était "
                    "attendue."
                ) from erreur
    raise ImportRefuse(
        f"Fichier « {fichier.name} » refusé : generatedAt est absent. Ce n’est pas un fichier FINESS+ d’activités."
    )


class _Lecture:
    """Reads the records of a file, and tells the report what could not be."""

    def __init__(self, fichier: Path, bilan: BilanActivites) -> None:
        self.nom = fichier.name
        self.fichier, self.bilan = fichier, bilan
        self.vus: set[str] = set()
        self.rang = 0

    def releves(self, avancement: Callable[[int], None]) -> Iterator[_Releve]:
        """One per établissement, in the order of the file."""
        trouve = False
        for chemin, pmej in parcourir(self.fichier, avancement):
            if chemin == "pmej" or chemin.startswith("pmej["):
                trouve = True
                self.rang += 1
                yield from self._pmej(chemin, pmej)
        if not trouve:
            raise ImportRefuse(
                f"Fichier « {self.nom} » refusé : il n’a aucun enregistrement « pmej ». Ce n’est pas un fichier "
                "FINESS+ d’activités, ou il est vide."
            )

    def _pmej(self, chemin: str, pmej: Any) -> Iterator[_Releve]:
        if not isinstance(pmej, dict) or not isinstance(pmej.get("ege") or [], list):
            return self._rejeter(chemin, pmej, "", "enregistrement illisible")
        ej = str(pmej.get("numFiness") or "")
        if not finess_valide(ej):
            return self._rejeter(f"{chemin}.numFiness", ej, ej, "numéro FINESS invalide")
        for rang, ege in enumerate(pmej.get("ege") or []):
            yield from self._ege(f"{chemin}.ege[{rang}]", ege, ej)

    def _ege(self, chemin: str, ege: Any, ej: str) -> Iterator[_Releve]:
        if not isinstance(ege, dict) or "activitesExercees" not in ege:
            # The national file always has the list, empty or not: without it one cannot say « none ».
            return self._rejeter(chemin, ege, "", "établissement sans liste d’activités")
        numero, activites = str(ege.get("numFinessEge") or ""), ege["activitesExercees"] or []
        if not finess_valide(numero):
            return self._rejeter(f"{chemin}.numFinessEge", numero, numero, "numéro FINESS invalide")
        if numero in self.vus:
            return self._rejeter(f"{chemin}.numFinessEge", numero, numero, "établissement déjà lu dans ce fichier")
        if not isinstance(activites, list):
            return self._rejeter(f"{chemin}.activitesExercees", activites, numero, "une liste était attendue")
        self.vus.add(numero)
        releve = _Releve(numero, ej)
        for rang, activite in enumerate(activites):
            self._activite(f"{chemin}.activitesExercees[{rang}]", activite, releve)
        yield releve

    def _activite(self, chemin: str, activite: Any, releve: _Releve) -> None:
        generales, nature = (_objet(activite, nom) for nom in ("caracteristiquesGeneriques", "nature"))
        code = str(nature.get("codeNature") or "")
        if not code or not generales:
            self._noter(chemin, activite, releve.finess, "activité illisible", Gravite.REJET)
            return
        if code not in NATURES:
            self.bilan.laissees[code[:20]] += 1
            return
        bloc, noms = NATURES[code]
        codes = _objet(_objet(nature, "caracteristiquesSpecifiques"), bloc)
        valeurs: dict[str, Any] = {c: str(codes.get(nom) or "").strip() for c, nom in zip(CODES, noms, strict=True)}
        ou = f"{chemin}.nature.caracteristiquesSpecifiques.{bloc}"
        if not valeurs["activite"] or any(len(v) > 10 for v in valeurs.values()):
            self._noter(ou, codes, releve.finess, "code d’activité illisible", Gravite.REJET)
            return
        identifiant, etat = (str(generales.get(nom) or "") for nom in ("activiteAeId", "etatObjet"))
        if not identifiant or identifiant in releve.autorisations:
            self._noter(f"{chemin}.caracteristiquesGeneriques.activiteAeId", identifiant, releve.finess, MANQUE, REJET)
            return
        if etat not in (ACTIVE, "I"):
            self._noter(f"{chemin}.caracteristiquesGeneriques.etatObjet", etat, releve.finess, "état inconnu", REJET)
            return
        for champ, nom in DATES.items():
            valeurs[champ] = self._date(f"{chemin}.caracteristiquesGeneriques.{nom}", generales.get(nom), releve.finess)
        releve.autorisations[identifiant] = {
            "identifiant": identifiant,
            "nature": code,
            **valeurs,
            "statut": _statut(etat, activite.get("evenement")),
        }

    def _date(self, chemin: str, brute: Any, numero: str) -> date | None:
        """A day; « 1900-01-01 » means none."""
        if brute in (None, ""):
            return None
        try:
            jour = date.fromisoformat(str(brute)[:10])
        except ValueError:
            self._noter(chemin, brute, numero, "date illisible", Gravite.SIGNALEMENT)
            return None
        return jour if jour != date(1900, 1, 1) else None

    def _rejeter(self, chemin: str, valeur: Any, numero: str, motif: str) -> Iterator[_Releve]:
        self._noter(chemin, valeur, numero, motif, Gravite.REJET)
        return iter(())

    def _noter(self, chemin: str, valeur: Any, numero: str, motif: str, gravite: Gravite) -> None:
        constat = Constat(self.nom, self.rang, "pmej", numero[:20], chemin, str(valeur)[:80], motif, gravite)
        self.bilan.constats.append(constat)


def _objet(valeur: Any, nom: str) -> dict[str, Any]:
    """An object inside an object; empty when it is missing, null or something else."""
    dedans = valeur.get(nom) if isinstance(valeur, dict) else None
    return dedans if isinstance(dedans, dict) else {}


def _statut(etat: str, evenements: Any) -> StatutAutorisation:
    """Carried out when the latest of its events 012 and 015 is a 012."""
    if etat != ACTIVE:
        return StatutAutorisation.INACTIVE
    suivis = [
        (str(e.get("dateEvenement") or ""), str(e["codeEvenement"]))
        for e in (evenements if isinstance(evenements, list) else [])
        if isinstance(e, dict) and e.get("codeEvenement") in (MISE_EN_OEUVRE, SUSPENSION)
    ]
    en_oeuvre = bool(suivis) and max(suivis)[1] == MISE_EN_OEUVRE
    return StatutAutorisation.MISE_EN_OEUVRE if en_oeuvre else StatutAutorisation.AUTORISEE


def _ecrire(session: Session, lot: list[_Releve], jour: date, fichier: str, bilan: BilanActivites) -> None:
    numeros = [releve.finess for releve in lot]
    connus = {
        r.finess: r for r in session.exec(select(ReleveActivites).where(col(ReleveActivites.finess).in_(numeros)))
    }
    en_base = _en_base(session, numeros)
    compte = bilan.etablissements
    a_effacer: list[str] = []
    rangees: list[dict[str, Any]] = []
    for releve in lot:
        compte.vus.add(releve.finess)
        connu = connus.get(releve.finess)
        if connu and connu.jour > jour:
            bilan.plus_recents.add(releve.finess)
            continue
        bilan.autorisations += len(releve.autorisations)
        if connu is None:
            compte.crees.add(releve.finess)
            connu = ReleveActivites(finess=releve.finess, finess_ej=releve.ej, jour=jour, fichier_source=fichier)
        change = releve.autorisations != en_base.get(releve.finess, {})
        if change or connu.finess_ej != releve.ej:
            compte.touches.add(releve.finess)
        connu.finess_ej, connu.jour, connu.fichier_source = releve.ej, jour, fichier
        session.add(connu)
        if change:
            a_effacer.append(releve.finess)
            rangees += [{"finess": releve.finess, **valeurs} for valeurs in releve.autorisations.values()]
    session.flush()
    if a_effacer:
        session.execute(delete(AutorisationFiness).where(col(AutorisationFiness.finess).in_(a_effacer)))
    if rangees:
        session.execute(insert(AutorisationFiness), rangees)


def _en_base(session: Session, numeros: list[str]) -> dict[str, dict[str, dict[str, Any]]]:
    trouvees: dict[str, dict[str, dict[str, Any]]] = {}
    for ligne in session.exec(select(AutorisationFiness).where(col(AutorisationFiness.finess).in_(numeros))):
        valeurs = {nom: getattr(ligne, nom) for nom in COMPARES}
        trouvees.setdefault(ligne.finess, {})[ligne.identifiant] = valeurs
    return trouvees
