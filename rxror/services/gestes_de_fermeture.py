"""What closing and reopening share: who may, where the object hangs, how it is written."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlmodel import Session

from rxror.ror import parcours
from rxror.ror.dates import en_iso
from rxror.ror.erreurs import AccesRefuse
from rxror.ror.fermeture import Fermeture, colonnes
from rxror.ror.objets import OBJETS, OffreOperationnelle, OrganisationInterne
from rxror.services import hierarchie
from rxror.services.acces import Acces, Acteur, Cible, Geste, exiger
from rxror.services.cascade import OFFRE, STRUCTURE, Noeud
from rxror.services.tracer import ajouter, une_trace
from rxror.services.versions import passer
from rxror.tables import Action

GESTES = {OFFRE: Geste.FERMER_OFFRE, STRUCTURE: Geste.FERMER_STRUCTURE}


@dataclass
class Ecran:
    """What every page of these gestures shows: the object, where it hangs, how it stands."""

    nom: str
    surtitre: str
    chemin: list[tuple[str, str]]
    retour: str
    avec_uf: bool
    deja: str = ""
    valeurs: dict[str, str] = field(default_factory=dict)


def exiger_fermer(session: Session, acteur: Acteur, cible: Cible) -> Acces:
    """Load what may be closed: an offer by who may validate it, a structure by a référent.

    Raises:
        AccesRefuse: no such right, or neither an offer nor a structure.
    """
    geste = GESTES.get(cible.genre)
    if geste is None:
        raise AccesRefuse(cible.cle)
    return exiger(session, acteur, cible, geste)


def dessus(session: Session, objet: OffreOperationnelle | OrganisationInterne) -> list[OrganisationInterne]:
    """The structures above, outermost first."""
    parent = objet.organisation_interne_id if isinstance(objet, OffreOperationnelle) else objet.parent_id
    return hierarchie.ancetres(session, parent)


def ecran_de(session: Session, acces: Acces) -> Ecran:
    """The object of the gesture, as its pages show it."""
    objet = acces.objet
    lieux = hierarchie.places(acces.etablissement, dessus(session, objet))
    if isinstance(objet, OffreOperationnelle):
        nom, retour = objet.nom_offre or "Offre sans nom", parcours.url_offre(objet.identifiant_offre)
    else:
        nom, retour = objet.nom_oi, parcours.url_structure(objet.identifiant_oi)
    return Ecran(nom, f"{nom}, dans {lieux[-1][0]}", [*lieux, (nom, retour)], retour, acces.etablissement.sanitaire)


class Change(NamedTuple):
    """What a gesture changed of one object: its version and its date of update are those before."""

    objet: str
    version: int
    mise_jour: datetime | None
    changements: list[dict[str, Any]]


def ecrire(session: Session, noeuds: Iterable[Noeud], nouvelles: dict[str, Any], maintenant: datetime) -> list[Change]:
    """Give each object its closing, or none, and its next version in the statement that checks it.

    Raises:
        Conflit: one of them was published or closed in between.
    """
    lots: dict[tuple[str, Fermeture | None], list[Noeud]] = {}
    for noeud in noeuds:
        lots.setdefault((noeud.genre, nouvelles[noeud.cle]), []).append(noeud)
    for (genre, fermeture), siens in lots.items():
        neuves = colonnes(fermeture) | {"date_mise_jour": maintenant}
        passer(session, OBJETS[genre], [(n.id, n.version) for n in siens], **neuves)
    return [
        Change(n.cle, n.version, n.mise_jour, _differences(n.fermeture, nouvelles[n.cle]))
        for siens in lots.values()
        for n in siens
    ]


def _differences(avant: Fermeture | None, apres: Fermeture | None) -> list[dict[str, Any]]:
    anciennes, neuves = colonnes(avant), colonnes(apres)
    return [
        {"champ": nom, "avant": _en_json(anciennes[nom]), "apres": _en_json(neuves[nom])}
        for nom in neuves
        if anciennes[nom] != neuves[nom]
    ]


def _en_json(valeur: Any) -> Any:
    return valeur.isoformat() if isinstance(valeur, date) else valeur


def tracer_les_gestes(
    session: Session,
    acteur: Acteur,
    action: Action,
    finess: str,
    changes: list[Change],
    cle: str,
    suite: dict[str, Any],
) -> None:
    """One line for each object; the first holds the key of the gesture, all of them its name."""
    ajouter(
        session,
        [
            une_trace(
                acteur,
                action,
                finess,
                change.objet,
                section="fermeture",
                changements=change.changements,
                cle=cle if rang == 0 else None,
                version_avant=change.version,
                version_apres=change.version + 1,
                resultat={"geste": cle, "date_avant": en_iso(change.mise_jour), **suite},
            )
            for rang, change in enumerate(changes)
        ],
    )
