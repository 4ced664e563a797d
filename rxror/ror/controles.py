"""values -> anomalies: every rule declared in `ror/regles` for that class of objects, each with its sentence.

Blocking rules block « Valider », never « Enregistrer »; alerts ask for a look; information is there to be read.
"""

import hashlib
import json
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from sqlmodel import SQLModel

from rxror.ror import messages
from rxror.ror.champs import champs_de, groupes_de, sections_de
from rxror.ror.lecture import Lecteur
from rxror.ror.objets import LieuRealisationOffre
from rxror.ror.regles import DE_RXROR, REGISTRE, Constat, Examen, Regle, Severite
from rxror.ror.regles.offre import adresse_exploitable
from rxror.ror.regles.valeurs import nettes
from rxror.ror.typographie import fr

__all__ = ["POIDS", "Anomalie", "Examen", "Severite", "adresse_exploitable", "controler"]

POIDS = list(Severite)
SANS_DECLARATION = {"entite_juridique_id": "identification"}  # shown there, though no field


@dataclass(frozen=True)
class Anomalie:
    """One thing to look at.

    Attributes:
        regle: identifier of the rule, e.g. "OBL-05".
        chemin: path of the field in its section's form; the link goes there.
        manque: something is missing, rather than wrong: it is said on the whole object, not while saving a section.
        objet: key of the object, when it is not the one being checked (a lieu of the offer).
        nom_objet: its name, to be read.
        entree: which contact, which telephone of it it is about, in words, when it is about one of several.
        vu: digest of the values it is about.
        garde: who keeps it and why, when it is an alert that somebody chose to keep.
    """

    regle: str
    severite: Severite
    message: str
    section: str
    chemin: str
    manque: bool = False
    objet: str = ""
    nom_objet: str = ""
    vu: str = ""
    garde: str = ""
    entree: str = ""

    @property
    def texte(self) -> str:
        """The sentence where it stands in a list, away from its field."""
        return fr(f"{self.entree} : {self.message}") if self.entree else self.message

    @property
    def gardable(self) -> bool:
        """Whether it may be kept with a reason: alerts only."""
        return self.severite is Severite.ALERTE

    @property
    def a_regarder(self) -> bool:
        """Whether it is counted among what is missing: information is not, nor an alert that is kept."""
        return self.severite is not Severite.INFORMATION and not self.garde

    @property
    def bloque(self) -> bool:
        """Whether « Valider » is refused."""
        return self.severite is Severite.BLOQUANTE


def est_de_rxror(identifiant: str) -> bool:
    """Whether a rule is ours, asked by no published text."""
    regle = REGISTRE.get(identifiant)
    return regle is not None and regle.source == DE_RXROR


@cache
def regles_de(classe: Any) -> tuple[Regle, ...]:
    """The rules that are examined on a class of objects, in the order they are declared."""
    return tuple(r for r in REGISTRE.values() if r.examiner and classe in r.classes)


def controler(classe: type[SQLModel], examen: Examen) -> list[Anomalie]:
    """All anomalies of an object: blocking ones first, then in the order of its form."""
    net = _au_net(classe, examen)
    anomalies: list[Anomalie] = []
    connue: Any = classe  # pyright does not see that a class is hashable
    for regle in regles_de(connue):
        if regle.examiner:
            anomalies += [_anomalie(regle, constat, net) for constat in regle.examiner(net)]
    sections = {section.cle: i for i, section in enumerate(sections_de(classe))}
    noms = {nom: i for i, nom in enumerate({**groupes_de(classe), **champs_de(classe)})}
    return sorted(
        anomalies,
        key=lambda a: (
            POIDS.index(a.severite),
            sections.get(a.section, len(sections)),
            noms.get(a.chemin.partition(".")[0], 0),
        ),
    )


def _au_net(classe: type[SQLModel], examen: Examen) -> Examen:
    lieux = {cle: nettes(LieuRealisationOffre, valeurs) for cle, valeurs in examen.lieux.items()}
    contexte = replace(examen.contexte, valeurs=nettes(classe, examen.valeurs))
    return replace(examen, contexte=contexte, lieux=lieux, classe=classe)


def _anomalie(regle: Regle, constat: Constat, examen: Examen) -> Anomalie:
    lieu = examen.lieux.get(constat.lieu, {}) if constat.lieu else None
    classe: Any = examen.classe if lieu is None else LieuRealisationOffre
    valeurs = examen.valeurs if lieu is None else lieu
    message = messages.message(regle.id, **constat.details)
    entree = Lecteur(examen.catalogue, examen.contexte.sur(valeurs)).entree(classe, valeurs, constat.chemin)
    return Anomalie(
        regle.id,
        constat.severite or regle.severite or Severite.INFORMATION,
        message,
        _section(classe, constat.chemin),
        constat.chemin,
        regle.manque if constat.manque is None else constat.manque,
        f"{LieuRealisationOffre.GENRE}:{constat.lieu}" if constat.lieu else "",
        (lieu.get("nom") or constat.lieu) if lieu is not None else "",
        empreinte_de(_au_chemin(valeurs, constat.chemin) if constat.sur is None else constat.sur),
        entree=entree,
    )


def _section(classe: type[SQLModel], chemin: str) -> str:
    nom = chemin.partition(".")[0]
    element = champs_de(classe).get(nom) or groupes_de(classe).get(nom)
    return element.section if element else SANS_DECLARATION.get(nom, "")


def _au_chemin(valeurs: Any, chemin: str) -> Any:
    """The value at a path of the form; a row is found by its key."""
    nom, _, suite = chemin.partition(".")
    valeur = valeurs.get(nom)
    if not suite or not isinstance(valeur, list):
        return valeur
    cle, _, suite = suite.partition(".")
    ligne = next((e for e in valeur if isinstance(e, dict) and e["cle"] == cle), {})
    return _au_chemin(ligne, suite) if suite else ligne


def empreinte_de(valeur: Any) -> str:
    """Digest of the values that a finding is about, as `Anomalie.vu` keeps it."""
    texte = json.dumps(valeur, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(texte.encode("utf-8", "surrogatepass")).hexdigest()[:32]
