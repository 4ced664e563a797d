"""« Une réponse attend votre choix »: where, for its owner; whose, for the others."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from rxror.ror.dates import aujourd_hui
from rxror.ror.objets import OBJETS
from rxror.ror.parcours import url_conflit, url_proposition
from rxror.ror.reperes import NOMS
from rxror.ror.typographie import fr
from rxror.services.acces import IDENTIFIANTS, Acteur, Geste, permis
from rxror.services.conflits import nombre
from rxror.services.etats import archive
from rxror.services.recits import titre_de
from rxror.services.vues import AttentesDeLObjet, ChoixAFaire
from rxror.tables import Differend, LienConfie, Proposition, Utilisateur

AU_PLUS = 100
PROPOSITIONS_AU_PLUS = 20  # on the home page


def de_la_personne(session: Session, acteur: Acteur, jour: date | None = None) -> list[ChoixAFaire]:
    """What this person has to choose, on objects that they may still change, most recent first."""
    requete = select(Differend).where(Differend.utilisateur_id == acteur.id).order_by(col(Differend.modifie).desc())
    siens = _par_section(session.exec(requete.limit(AU_PLUS)).all())
    noms = _noms(session, acteur, {objet for objet, _ in siens}, jour or aujourd_hui())
    return [
        ChoixAFaire(noms[objet], _detail(objet, section, n), _url(objet, section))
        for (objet, section), n in siens.items()
        if objet in noms
    ]


def de_l_objet(session: Session, acteur: Acteur, *objets: str) -> AttentesDeLObjet:
    """What waits on objects that this person may change: theirs, with where to choose; the names of the others."""
    requete = (
        select(Differend, Utilisateur)
        .join(Utilisateur, col(Utilisateur.id) == Differend.utilisateur_id)
        .where(col(Differend.objet).in_(objets))
        .order_by(col(Differend.modifie))
    )
    lignes = [(d, u) for d, u in session.exec(requete) if nombre(d)]
    siennes = _par_section(d for d, _ in lignes if d.utilisateur_id == acteur.id)
    autres = dict.fromkeys(u.nom_complet for d, u in lignes if d.utilisateur_id != acteur.id)
    return AttentesDeLObjet(
        [ChoixAFaire(_ou(o, s, objets[0]), _combien(n), _url(o, s)) for (o, s), n in siennes.items()],
        list(autres),
        _venues_par_un_lien(session, objets),
    )


def propositions_a_examiner(session: Session, acteur: Acteur, jour: date | None = None) -> list[ChoixAFaire]:
    """What came back by personal links on objects that this person may change: first those they gave, then the last."""
    requete = (
        select(Proposition, LienConfie)
        .join(LienConfie, col(LienConfie.id) == Proposition.lien_id)
        .where(col(Proposition.decidee).is_(None), _sur_ce_que_je_change(acteur, jour or aujourd_hui()))
        .order_by((col(LienConfie.utilisateur_id) == acteur.id).desc(), col(Proposition.id).desc())
        .limit(PROPOSITIONS_AU_PLUS)
    )
    venues = session.exec(requete).all()
    noms = _noms(session, acteur, {p.objet for p, _ in venues}, jour or aujourd_hui()) if venues else {}
    return [
        ChoixAFaire(noms[p.objet], _de_qui(lien, p), url_proposition(p.id or 0))
        for p, lien in venues
        if p.objet in noms
    ]


def _sur_ce_que_je_change(acteur: Acteur, jour: date) -> sa.ColumnElement[bool]:
    """Whether the object of a proposal is one that this person may change."""
    return sa.or_(
        *(
            sa.exists().where(
                col(Proposition.objet) == sa.literal(f"{genre}:") + numero,
                permis(acteur, Geste.MODIFIER, OBJETS[genre], jour),
            )
            for genre, numero in IDENTIFIANTS.items()
        )
    )


def _de_qui(lien: LienConfie, proposition: Proposition) -> str:
    return fr(f"{_titre(proposition.objet, proposition.section)} : de {lien.destinataire}")


def _venues_par_un_lien(session: Session, objets: Iterable[str]) -> list[ChoixAFaire]:
    requete = (
        select(Proposition, LienConfie)
        .join(LienConfie, col(LienConfie.id) == Proposition.lien_id)
        .where(col(Proposition.objet).in_(list(objets)), col(Proposition.decidee).is_(None))
        .order_by(col(Proposition.id))
        .limit(AU_PLUS)
    )
    return [
        ChoixAFaire(lien.destinataire, _titre(p.objet, p.section), url_proposition(p.id or 0))
        for p, lien in session.exec(requete)
    ]


def _par_section(differends: Iterable[Differend]) -> dict[tuple[str, str], int]:
    """{(object, section): how many answers wait}."""
    comptes: dict[tuple[str, str], int] = {}
    for differend in differends:
        if n := nombre(differend):
            ou = (differend.objet, differend.section)
            comptes[ou] = comptes.get(ou, 0) + n
    return comptes


def _titre(objet: str, section: str) -> str:
    return titre_de(OBJETS[objet.partition(":")[0]], section)


def _ou(objet: str, section: str, page: str) -> str:
    """Name of a section; of the lieux that are validated with an offer, it says so."""
    return _titre(objet, section) if objet == page else f"Lieu, {_titre(objet, section)}"


def _detail(objet: str, section: str, n: int) -> str:
    return fr(f"Section {_titre(objet, section)} : {_combien(n)}")


def _combien(n: int) -> str:
    return f"{n} réponse{'s' if n > 1 else ''} à choisir"


def _url(objet: str, section: str) -> str:
    genre, _, identifiant = objet.partition(":")
    return url_conflit(genre, identifiant, section)


def _noms(session: Session, acteur: Acteur, objets: Iterable[str], jour: date) -> dict[str, str]:
    """{key of an object: its name}, of those that this person may still change; one query for each kind."""
    par_genre: dict[str, list[str]] = {}
    for objet in objets:
        genre, _, identifiant = objet.partition(":")
        par_genre.setdefault(genre, []).append(identifiant)
    noms: dict[str, str] = {}
    for genre, identifiants in par_genre.items():
        classe: Any = OBJETS[genre]
        ferme = archive(classe, jour) if hasattr(classe, "type_fermeture") else sa.false()
        requete = select(IDENTIFIANTS[genre], getattr(classe, NOMS[genre][-1])).where(
            IDENTIFIANTS[genre].in_(identifiants),
            permis(acteur, Geste.MODIFIER, classe, jour),
            sa.not_(sa.func.coalesce(ferme, sa.false())),
        )
        noms |= {f"{genre}:{identifiant}": nom or "Sans nom" for identifiant, nom in session.exec(requete)}
    return noms
