"""Who has a form of an object open now, told to the others who may read it. Advisory: nothing is locked."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, and_, col, or_, select

from rxror.ror.champs import section_de
from rxror.ror.dates import utc
from rxror.ror.erreurs import AccesRefuse
from rxror.ror.objets import OBJETS
from rxror.ror.parcours import objet_de
from rxror.ror.typographie import fr
from rxror.services.acces import Acteur, Cible, Geste, exiger
from rxror.services.recits import titre_de
from rxror.tables import EditionEnCours, Utilisateur

DUREE = timedelta(seconds=27)  # a tab that said nothing for that long is gone
RENOUVELLE = timedelta(seconds=12)  # a tab is written again when its line is that old, not at each call
RYTHME, RYTHME_A_PLUSIEURS = 10.0, 5.0  # seconds to the next call, alone and with others
FORMULAIRES, VALIDER = ("modifier", "conflit"), "valider"  # what follows an object in the address of its forms
NOMMES = 2  # people named; the others are counted
INSERTIONS: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


@dataclass(frozen=True)
class Ici:
    """Where a tab is: the object, and the form open on it, "" for reading."""

    acteur: Acteur
    onglet: str
    objet: str = ""
    geste: str = ""


@dataclass(frozen=True)
class Autour:
    """What a tab is told.

    Attributes:
        phrase: who else has a form open; empty when nobody has.
        dans: seconds after which to ask again: somebody may be gone by then.
        a_ecrire: whether the line of this tab is to be written, or taken away.
    """

    phrase: str = ""
    dans: float = RYTHME
    a_ecrire: bool = False


def situer(session: Session, acteur: Acteur, onglet: str, chemin: str) -> Ici:
    """What the acteur may do at that address; what may not be read is nowhere."""
    genre, identifiant, suite = objet_de(chemin)
    cible = Cible(genre, identifiant)
    try:
        acces = exiger(session, acteur, cible, Geste.LIRE)
    except AccesRefuse:
        return Ici(acteur, onglet)
    geste = suite[-1] if suite else ""
    if len(suite) == 2 and suite[0] in FORMULAIRES:
        section = section_de(OBJETS[genre], geste)
        edite = section is not None and section.modifiable and acces.permet(Geste.MODIFIER)
    else:
        edite = suite == [VALIDER] and acces.permet(Geste.VALIDER)
    return Ici(acteur, onglet, cible.cle, geste if edite else "")


def regarder(session: Session, ici: Ici, maintenant: datetime | None = None) -> Autour:
    """Who else has a form of the same object open. One query."""
    maintenant = maintenant or datetime.now(UTC)
    mienne = and_(col(EditionEnCours.utilisateur_id) == ici.acteur.id, col(EditionEnCours.onglet) == ici.onglet)
    lignes = session.exec(
        select(EditionEnCours, Utilisateur)
        .join(Utilisateur, col(Utilisateur.id) == EditionEnCours.utilisateur_id)
        .where(or_(mienne, col(EditionEnCours.objet) == ici.objet))
        .order_by(col(EditionEnCours.utilisateur_id), col(EditionEnCours.geste))
    ).all()
    moi = next((e for e, _ in lignes if (e.utilisateur_id, e.onglet) == (ici.acteur.id, ici.onglet)), None)
    vivantes = [
        (e, qui)
        for e, qui in lignes
        if ici.objet and e.utilisateur_id != ici.acteur.id and abs(maintenant - utc(e.vue)) < DUREE
    ]
    fins = [(utc(e.vue) + DUREE - maintenant).total_seconds() for e, _ in vivantes]
    return Autour(
        phrase=_dire([(qui.nom_complet, e.geste) for e, qui in vivantes], ici),
        dans=min([RYTHME_A_PLUSIEURS, *fins]) if fins else RYTHME,
        a_ecrire=_a_ecrire(moi, ici, maintenant),
    )


def noter(session: Session, ici: Ici, maintenant: datetime | None = None) -> None:
    """Write where the tab is; a tab without a form open has no line. A new line takes away those that are over."""
    maintenant = maintenant or datetime.now(UTC)
    if not ici.geste:
        oublier(session, ici.acteur, ici.onglet)
        return
    session.exec(
        delete(EditionEnCours).where(
            or_(col(EditionEnCours.vue) < maintenant - DUREE, col(EditionEnCours.vue) > maintenant + DUREE)
        )
    )
    place = {"objet": ici.objet, "geste": ici.geste, "vue": maintenant}
    insertion = INSERTIONS[session.get_bind().dialect.name](EditionEnCours)
    session.execute(
        insertion.values(utilisateur_id=ici.acteur.id, onglet=ici.onglet, **place).on_conflict_do_update(
            index_elements=["utilisateur_id", "onglet"], set_=place
        )
    )


def oublier(session: Session, acteur: Acteur, onglet: str) -> None:
    """The tab left: nobody is told of it any more."""
    session.exec(
        delete(EditionEnCours).where(
            col(EditionEnCours.utilisateur_id) == acteur.id, col(EditionEnCours.onglet) == onglet
        )
    )


def _a_ecrire(moi: EditionEnCours | None, ici: Ici, maintenant: datetime) -> bool:
    if moi is None or not ici.geste:
        return (moi is None) == bool(ici.geste)
    return (moi.objet, moi.geste) != (ici.objet, ici.geste) or abs(maintenant - utc(moi.vue)) >= RENOUVELLE


def _dire(autres: list[tuple[str, str]], ici: Ici) -> str:
    """The sentence: each person once per form, the first ones by name."""
    uniques = list(dict.fromkeys(autres))
    phrases = [f"{nom} {_geste(geste, ici)}" for nom, geste in uniques[:NOMMES]]
    reste = len({nom for nom, _ in uniques[NOMMES:]} - {nom for nom, _ in uniques[:NOMMES]})
    if reste:
        phrases.append(f"{reste} autre{'s' if reste > 1 else ''} personne{'s' if reste > 1 else ''} aussi")
    return fr(f"{', '.join(phrases)}.") if phrases else ""


def _geste(geste: str, ici: Ici) -> str:
    if geste == VALIDER:
        return "relit avant de valider"
    if geste == ici.geste:
        return "modifie aussi cette section"
    return f"modifie {titre_de(OBJETS[ici.objet.partition(':')[0]], geste)}"
