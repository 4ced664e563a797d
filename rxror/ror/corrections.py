"""One-tap corrections: from values to the values that mend a rule, and the sentence that says so.

Only what leaves no choice to make is here. A correction is shown before it is applied, then goes into the brouillon as
if it had been typed; nothing is published.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from rxror.ror.exigences.offre import nom_avec_urgences
from rxror.ror.objets import LieuRealisationOffre, OffreOperationnelle
from rxror.ror.objets.lieu import DISPONIBLE
from rxror.ror.regles.capacites import CAPACITES, lignes_editables
from rxror.ror.regles.contacts import CRISE
from rxror.ror.regles.fermeture import est_fermee
from rxror.ror.typographie import fr


@dataclass(frozen=True)
class Situation:
    """What a correction looks at.

    Attributes:
        valeurs: values of the offer, brouillons included.
        lieux: the same of its lieux, {identifier: values}.
        ouvertes: {identifier of a lieu: other offers that are not closed and use it}.
        remedes: corrections that the national requirements of the offer ask for.
    """

    valeurs: Mapping[str, Any]
    jour: date
    lieux: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    ouvertes: Mapping[str, int] = field(default_factory=dict)
    remedes: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Morceau:
    """New values of one section; `lieu` is "" for the offer itself."""

    section: str
    valeurs: Mapping[str, Any]
    lieu: str = ""

    @property
    def genre(self) -> str:
        """Kind of the object."""
        return LieuRealisationOffre.GENRE if self.lieu else OffreOperationnelle.GENRE


@dataclass(frozen=True)
class Remede:
    """A correction: what it does, what else to know, and the new values."""

    titre: str
    phrase: str
    morceaux: tuple[Morceau, ...]


def mot_urgences(situation: Situation) -> Remede | None:
    """CO1: add « urgences » to the name of an accueil des urgences."""
    nom = nom_avec_urgences(str(situation.valeurs.get("nom_offre") or ""))
    if "CO1" not in situation.remedes or not nom:
        return None
    return Remede(
        fr("Ajouter « urgences » au nom de l’offre"),
        fr("Vous pouvez ensuite récrire ce nom autrement : il suffit que « urgences » y soit."),
        (Morceau("informations_generales", {"nom_offre": nom}),),
    )


def unite_sensible(situation: Situation) -> Remede | None:
    """CO3: declare the unité sensible that the name or an activity tells."""
    if "CO3" not in situation.remedes:
        return None
    return Remede(
        fr("Cocher « Unité sensible »"),
        "L’unité ne sera visible que de la régulation et de la gestion de crise. Ses contacts devront l’être aussi : "
        "rxror vous proposera ensuite de les régler.",
        (Morceau("informations_generales", {"unite_sensible": True}),),
    )


def contacts_de_crise(situation: Situation) -> Remede | None:
    """COH-10: in a unité sensible, all contacts and their telecoms are for the régulation and crisis management."""
    contacts = situation.valeurs.get("contact") or []
    if not situation.valeurs.get("unite_sensible"):
        return None
    nouveaux = [
        {
            **contact,
            "niveau_confidentialite": CRISE,
            "telecommunication": [
                {**moyen, "niveau_confidentialite": CRISE} for moyen in contact.get("telecommunication") or []
            ],
        }
        for contact in contacts
    ]
    if nouveaux == contacts:
        return None
    return Remede(
        "Réserver tous les contacts à la régulation et à la gestion de crise",
        "Dans une unité sensible, aucun contact ni moyen de communication ne doit être visible au-delà.",
        (Morceau("contacts", {"contact": nouveaux}),),
    )


def rien_de_disponible(situation: Situation) -> Remede | None:
    """FER-06: a closed offer has nothing « disponible » on the lieux that no open offer uses."""
    if not est_fermee(situation.valeurs, situation.jour):
        return None
    morceaux: list[Morceau] = []
    partages: list[str] = []
    for identifiant, lieu in situation.lieux.items():
        cles = {ligne["cle"] for ligne in _disponibles(lieu)}
        if cles and situation.ouvertes.get(identifiant, 0):
            partages.append(str(lieu.get("nom") or identifiant))
        elif cles:
            lignes = [{**e, "nombre_capacite": 0} if e["cle"] in cles else e for e in lieu[CAPACITES]]
            morceaux.append(Morceau("capacitaire", {CAPACITES: lignes}, identifiant))
    if not morceaux:
        return None
    reste = f" {', '.join(partages)} : d’autres offres ouvertes s’en servent, à revoir à la main." if partages else ""
    return Remede(
        fr("Mettre « disponible » à 0 sur les lieux de cette offre fermée"),
        fr(f"Seules les lignes saisies à la main changent.{reste}"),
        tuple(morceaux),
    )


def _disponibles(lieu: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for _, ligne in lignes_editables(lieu):
        if ligne.get("statut_capacite") == DISPONIBLE and (ligne.get("nombre_capacite") or 0) > 0:
            yield ligne


REMEDES: dict[str, Callable[[Situation], Remede | None]] = {
    "CO1": mot_urgences,
    "CO3": unite_sensible,
    "COH-10": contacts_de_crise,
    "FER-06": rien_de_disponible,
}
