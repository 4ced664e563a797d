"""The modèle de saisie of a new object: those that fit its place are proposed, the general form otherwise.

The place tells which forms may be used, not which one is meant: a gynécologie and a cardiologie of the same
établissement have the same category and champ. The person says so, once.

Source: fiche pratique on the creation of an offer; useContext of the published form MS-141.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session

from rxror.ror import messages
from rxror.ror.modeles import ModeleSaisie
from rxror.ror.objets import EntiteGeographique, OffreOperationnelle
from rxror.services.modeles import modeles

QUESTION, GENERAL = "modele_saisie", "general"


@dataclass(frozen=True)
class Propose:
    """One form to choose. `champ` is the champ d'activité it is for, `modes` the modes it allows, none for all."""

    reference: str
    libelle: str
    champ: str
    modes: tuple[str, ...]


def proposes_pour_une_offre(session: Session, eg: EntiteGeographique, champs: Iterable[str]) -> list[Propose]:
    """The forms that an offer of this établissement may use, champ by champ, the narrowest first."""
    return [
        Propose(m.reference, f"{m.titre} (modèle {m.id})", champ, tuple(_codes(m, "mode_prise_en_charge")))
        for champ in champs
        for m in modeles(session).proposes(OffreOperationnelle.GENRE, eg.categorie_eg, champ)
    ]


def choisi(
    session: Session, eg: EntiteGeographique, champ: str, reponse: str
) -> tuple[ModeleSaisie | None, dict[str, str]]:
    """The form that was answered, None for the general one; {field: sentence} for one that does not fit the place."""
    if reponse in ("", GENERAL):
        return None, {}
    for modele in modeles(session).proposes(OffreOperationnelle.GENRE, eg.categorie_eg, champ):
        if modele.reference == reponse:
            return modele, {}
    return None, {QUESTION: messages.lecture("contexte")}


def _codes(modele: ModeleSaisie, chemin: str) -> Iterable[str]:
    dit = modele.champs.get(chemin)
    return dit.codes if dit else ()
