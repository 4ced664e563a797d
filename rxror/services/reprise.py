"""« Reprendre »: the very place where a person stopped, a form they saved or their card in the review queue."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from rxror.ror.champs import section_de
from rxror.ror.dates import moment, utc
from rxror.ror.fermeture import est_archive
from rxror.ror.objets import OBJETS, LieuRealisationOffre
from rxror.ror.parcours import url_section
from rxror.ror.reperes import identifiant_de, nom_de
from rxror.services.acces import IDENTIFIANTS, Acteur, Geste, permis
from rxror.services.vues import Reprise
from rxror.tables import Brouillon, RelectureOuverte

RECENTS = 10


@dataclass(frozen=True)
class _Place:
    """Where one was: the section of a form, or the address of a card when `section` is empty."""

    objet: str
    instant: datetime
    section: str = ""
    adresse: str = ""

    @property
    def genre(self) -> str:
        """Kind of the object."""
        return self.objet.partition(":")[0]

    @property
    def identifiant(self) -> str:
        """Its identifier."""
        return self.objet.partition(":")[2]


def derniere(session: Session, acteur: Acteur, jour: date) -> Reprise:
    """The latest of the brouillons of this person and of their card, on an object that they may still change.

    Two queries, and one for each kind of object in them.
    """
    places = sorted(_places(session, acteur), key=lambda p: utc(p.instant), reverse=True)
    noms = _noms(session, acteur, places, jour)
    return next((_dire(p, noms[p.objet], jour) for p in places if p.objet in noms), Reprise())


def _places(session: Session, acteur: Acteur) -> Iterable[_Place]:
    brouillon, fiche = Brouillon, RelectureOuverte
    siens = select(brouillon).where(brouillon.utilisateur_id == acteur.id)
    for b in session.exec(siens.order_by(col(brouillon.modifie).desc(), col(brouillon.id).desc()).limit(RECENTS)):
        yield _Place(b.objet, b.modifie, section=b.section)
    for f in session.exec(select(fiche).where(fiche.utilisateur_id == acteur.id, col(fiche.adresse) != "")):
        yield _Place(f.objet, f.vue, adresse=f.adresse)


def _noms(session: Session, acteur: Acteur, places: Iterable[_Place], jour: date) -> dict[str, str]:
    """{object: name} of those that may still be changed."""
    par_genre: dict[str, set[str]] = {}
    for place in places:
        par_genre.setdefault(place.genre, set()).add(place.identifiant)
    noms: dict[str, str] = {}
    for genre, identifiants in par_genre.items():
        if genre in IDENTIFIANTS:
            classe: Any = OBJETS[genre]
            requete = select(classe).where(
                IDENTIFIANTS[genre].in_(identifiants), permis(acteur, Geste.MODIFIER, classe, jour)
            )
            trouves = (o for o in session.exec(requete) if not est_archive(o, jour))
            noms |= {f"{genre}:{identifiant_de(o)}": nom_de(o) for o in trouves}
    return noms


def _dire(place: _Place, nom: str, jour: date) -> Reprise:
    quoi = "Lieu. " if place.genre == LieuRealisationOffre.GENRE else ""
    if place.adresse:
        ici = f"{quoi}Dans la relecture, {moment(place.instant, jour)}. La fiche attend votre réponse."
        return Reprise(nom=nom, detail=ici, url=place.adresse)
    section = section_de(OBJETS[place.genre], place.section)
    titre = section.titre if section else place.section
    return Reprise(
        nom=nom,
        detail=f"{quoi}Section {titre}, enregistrée {moment(place.instant, jour)}. Pas encore validée.",
        url=url_section(place.genre, place.identifiant, place.section),
        brouillon=True,
    )
