"""What the page « Appliquer à d’autres offres » shows: the offers around, then what exactly changes in each."""

from collections.abc import Iterable
from typing import Any, TypedDict

from sqlmodel import Session, col, select

from rxror.ror.dates import quand
from rxror.ror.lecture import Lecteur
from rxror.ror.objets import OffreOperationnelle
from rxror.services import communes
from rxror.services.application import Destinataire, Plan
from rxror.services.changements import Changement, de_la_section, zone_a_part
from rxror.services.ecran_de_section import codes_cherches
from rxror.tables import Utilisateur

LIGNES_AU_PLUS = 100


class Voisine(TypedDict):
    """An offer one may choose. `brouillon` says who saved that section, or is empty; `champs` how many would change."""

    identifiant: str
    nom: str
    brouillon: str
    champs: int


class OffreApercue(TypedDict):
    """A chosen offer with what changes in it; `tus` counts the changes that are not listed."""

    identifiant: str
    nom: str
    brouillon: str
    changements: list[Changement]
    tus: int


def voisines(session: Session, plan: Plan) -> list[Voisine]:
    """The offers around, by name."""
    tous = list(plan.destinataires.values())
    noms, lus = _noms(session, tous), _lieux_lus(session, plan, tous)
    return [
        Voisine(
            identifiant=d.identifiant,
            nom=_nom(d),
            brouillon=_brouillon(d, noms),
            champs=max(1, len(_changements(plan, d, lus))) if d.changements else 0,
        )
        for d in tous
    ]


def apercu(session: Session, plan: Plan, choisies: Iterable[str]) -> list[OffreApercue]:
    """What changes in each of the chosen offers, a hundred lines at most in all.

    Raises:
        AccesRefuse: one of them is not around.
    """
    choisis, reste = plan.choisis(choisies), LIGNES_AU_PLUS
    noms = _noms(session, choisis)
    lus = _lieux_lus(session, plan, choisis)
    apercues: list[OffreApercue] = []
    for destinataire in choisis:
        changements = _changements(plan, destinataire, lus)
        montres = changements[:reste]
        reste -= len(montres)
        apercues.append(
            OffreApercue(
                identifiant=destinataire.identifiant,
                nom=_nom(destinataire),
                brouillon=_brouillon(destinataire, noms) if changements else "",
                changements=montres,
                tus=len(changements) - len(montres),
            )
        )
    return apercues


def _changements(plan: Plan, vers: Destinataire, lus: dict[str, Any]) -> list[Changement]:
    apres = {**vers.gardees, **vers.apres}
    contexte = vers.contexte.sur({**vers.contexte.valeurs, **apres})
    neuf = Lecteur(plan.catalogue, contexte, **lus)
    ancien = Lecteur(plan.catalogue, vers.contexte, **lus)
    classe, section = OffreOperationnelle, plan.section.cle
    nouveaux = neuf.faits(classe, section, apres, vers.gardees)
    avants = ancien.faits(classe, section, vers.gardees, vers.gardees)
    zone_a_part(neuf, vers.gardees, apres, nouveaux, avants)
    return de_la_section(nouveaux, avants, "", "")


def _lieux_lus(session: Session, plan: Plan, choisis: Iterable[Destinataire]) -> dict[str, Any]:
    """What a reader must know of the communes and of the zones named."""
    valeurs = [v for d in choisis for v in (d.gardees, d.apres)]
    codes = {
        code
        for une in valeurs
        for liste, code in codes_cherches(OffreOperationnelle, plan.section.cle, une)
        if liste == "commune"
    }
    zone = communes.lire_territoire(session, communes.zones(*valeurs))
    return {"communes": communes.nommer(session, codes), "territoire": zone}


def _nom(destinataire: Destinataire) -> str:
    return str(destinataire.contexte.valeurs.get("nom_offre") or destinataire.identifiant)


def _brouillon(destinataire: Destinataire, noms: dict[int, str]) -> str:
    brouillon = destinataire.brouillon
    if brouillon is None:
        return ""
    par = noms.get(brouillon.utilisateur_id, "")
    return f"Enregistré {quand(brouillon.modifie)}" + (f" par {par}" if par else "") + ", à valider"


def _noms(session: Session, destinataires: Iterable[Destinataire]) -> dict[int, str]:
    ids = {d.brouillon.utilisateur_id for d in destinataires if d.brouillon}
    if not ids:
        return {}
    return {u.id or 0: u.nom_complet for u in session.exec(select(Utilisateur).where(col(Utilisateur.id).in_(ids)))}
