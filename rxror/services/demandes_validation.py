"""« Demander la validation », where an établissement separates who prepares from who publishes.

One request for each object, until it is validated or withdrawn; sent back, it waits for who asked.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import StringConstraints
from sqlalchemy import func
from sqlmodel import Session, col, select

from rxror.ror.champs import Champ
from rxror.ror.controles import Anomalie
from rxror.ror.dates import moment
from rxror.ror.erreurs import Conflit, GesteRefuse
from rxror.ror.objets import OBJETS, EntiteGeographique
from rxror.ror.parcours import url_objet, url_validation
from rxror.ror.reperes import NOMS
from rxror.ror.saisie import LECTEURS, Illisible
from rxror.ror.typographie import fr
from rxror.services import dossier, validation
from rxror.services.acces import IDENTIFIANTS, Acces, Acteur, Cible, Geste, exiger, permis
from rxror.services.demande import Demande, Vu
from rxror.services.tracer import deja_fait, tracer
from rxror.tables import Action, Utilisateur, ValidationDemandee

AU_PLUS = 20
MOT = Champ("Mot", maximum=300)
Mot = Annotated[str, StringConstraints(max_length=4000)]


class Demander(Demande):
    """One « Demander la validation »; `vu` is what the page showed, as for « Valider »."""

    vu: Vu
    mot: Mot = ""
    cle: UUID


class Retirer(Demande):
    """Withdraw it."""

    cle: UUID


class Renvoyer(Demande):
    """Send it back to who asked, with a word."""

    mot: Mot
    cle: UUID


@dataclass(frozen=True)
class DemandeMontree:
    """What a page says of the request of its object; `qui` is empty when there is none.

    Attributes:
        a_demander: whether « Demander la validation » stands in the place of « Valider ».
        change: whether something was saved since it was asked; only told where the whole object was read.
        renvoyee: who sent it back and when, with `reponse`.
    """

    a_demander: bool = False
    qui: str = ""
    quand: str = ""
    mot: str = ""
    change: bool = False
    renvoyee: str = ""
    reponse: str = ""


@dataclass(frozen=True)
class LigneDemande:
    """One request, in a list: the object, what is said of it, where to go."""

    nom: str
    detail: str
    mot: str
    url: str


@dataclass(frozen=True)
class DemandesMontrees:
    """What the home page tells: those that wait for me, and mine that came back."""

    titre: str = ""
    attendent: list[LigneDemande] = field(default_factory=list)
    autres: int = 0
    renvoyees: list[LigneDemande] = field(default_factory=list)


def demander(session: Session, acteur: Acteur, demande: Demander) -> list[Anomalie]:
    """Ask somebody who validates to publish an object; asked again, the last one counts.

    Returns:
        Blocking anomalies: nothing was asked. An empty list: it is.

    Raises:
        AccesRefuse: the acteur may not prepare it, or validates by themselves.
        Conflit: something was saved or published since the page was shown.
        GesteRefuse: the word is too long.
    """
    cible = demande.cible
    ouvert = dossier.ouvrir(session, acteur, cible, Geste.DEMANDER)
    if deja_fait(session, acteur, demande.cle, objet=cible.cle, action=Action.DEMANDE):
        return []
    if bloquantes := [a for a in ouvert.anomalies() if a.bloque]:
        return bloquantes
    if demande.vu != validation.vu_du(ouvert):
        raise Conflit
    mot, finess = _mot(demande.mot), ouvert.etablissement.num_finess
    ligne = _de(session, cible)
    if ligne is None:
        ligne = ValidationDemandee(
            objet=cible.cle, finess=finess, utilisateur_id=acteur.id, instant=datetime.now(UTC), vu=demande.vu
        )
    ligne.utilisateur_id, ligne.instant, ligne.vu, ligne.mot = acteur.id, datetime.now(UTC), demande.vu, mot
    ligne.renvoyee, ligne.renvoyee_par, ligne.reponse = None, None, ""
    session.add(ligne)
    tracer(session, acteur, Action.DEMANDE, finess, cible.cle, cle=str(demande.cle), resultat={"mot": mot})
    return []


def retirer(session: Session, acteur: Acteur, demande: Retirer) -> None:
    """Withdraw the request of an object; nothing when there is none any more.

    Raises:
        AccesRefuse: the acteur does not prepare that object.
    """
    acces, cible = exiger(session, acteur, demande.cible, Geste.DEMANDER), demande.cible
    if deja_fait(session, acteur, demande.cle, objet=cible.cle, action=Action.DEMANDE):
        return
    if ligne := _de(session, cible):
        session.delete(ligne)
        finess = acces.etablissement.num_finess
        tracer(session, acteur, Action.DEMANDE, finess, cible.cle, cle=str(demande.cle), resultat={"retiree": True})


def renvoyer(session: Session, acteur: Acteur, demande: Renvoyer) -> None:
    """Send a request back with a word.

    Raises:
        AccesRefuse: no right to validate the object.
        Conflit: it was withdrawn, validated or sent back meanwhile.
        GesteRefuse: no word, or it is too long.
    """
    acces, cible = exiger(session, acteur, demande.cible, Geste.VALIDER), demande.cible
    if deja_fait(session, acteur, demande.cle, objet=cible.cle, action=Action.RENVOI):
        return
    mot = _mot(demande.mot)
    if not mot:
        raise GesteRefuse(fr("Écrivez ce qui est à revoir : la personne qui a préparé le lira."))
    ligne = _de(session, cible)
    if ligne is None or ligne.renvoyee is not None:
        raise Conflit
    ligne.renvoyee, ligne.renvoyee_par, ligne.reponse = datetime.now(UTC), acteur.id, mot
    session.add(ligne)
    finess = acces.etablissement.num_finess
    tracer(session, acteur, Action.RENVOI, finess, cible.cle, cle=str(demande.cle), resultat={"mot": mot})


def montrer(session: Session, acces: Acces, cible: Cible, vu: str = "") -> DemandeMontree:
    """What the page of an object says of its request, to who prepares or validates it.

    Args:
        vu: what the page shows, when it has read the whole object.
    """
    a_demander = acces.permet(Geste.DEMANDER)
    if not a_demander and not acces.permet(Geste.VALIDER):
        return DemandeMontree()
    ligne = _de(session, cible)
    if ligne is None:
        return DemandeMontree(a_demander)
    gens = _noms(session, {ligne.utilisateur_id, ligne.renvoyee_par or 0})
    par = gens.get(ligne.renvoyee_par or 0, "")
    return DemandeMontree(
        a_demander=a_demander,
        qui=gens.get(ligne.utilisateur_id, ""),
        quand=moment(ligne.instant),
        mot=ligne.mot,
        change=bool(vu) and vu != ligne.vu,
        renvoyee=f"{par}, {moment(ligne.renvoyee)}" if ligne.renvoyee else "",
        reponse=ligne.reponse,
    )


def lire(session: Session, acteur: Acteur, cible: Cible) -> DemandeMontree:
    """The same, for the page that reads an object.

    Raises:
        AccesRefuse: no right to read the object.
    """
    return montrer(session, exiger(session, acteur, cible, Geste.LIRE), cible)


def de_l_accueil(session: Session, acteur: Acteur) -> DemandesMontrees:
    """What waits for this person's validation, the oldest first; what came back to them."""
    demande = ValidationDemandee
    miens = select(EntiteGeographique.num_finess).where(permis(acteur, Geste.VALIDER, EntiteGeographique))
    ici = (col(demande.renvoyee).is_(None), col(demande.finess).in_(miens), demande.utilisateur_id != acteur.id)
    total = session.exec(select(func.count()).select_from(demande).where(*ici)).one()
    requete = select(demande).where(*ici).order_by(col(demande.instant), col(demande.objet)).limit(AU_PLUS)
    attendent = list(session.exec(requete)) if total else []
    revenues = select(demande).where(demande.utilisateur_id == acteur.id, col(demande.renvoyee).is_not(None))
    miennes = list(session.exec(revenues.order_by(col(demande.renvoyee), col(demande.objet)).limit(AU_PLUS)))
    noms = _objets(session, acteur, [d.objet for d in [*attendent, *miennes]])
    gens = _noms(session, {d.utilisateur_id for d in attendent} | {d.renvoyee_par or 0 for d in miennes})
    return DemandesMontrees(
        titre=_titre(total, {d.objet.partition(":")[0] for d in attendent}) if total else "",
        attendent=[
            LigneDemande(noms[d.objet], f"{gens.get(d.utilisateur_id, '')}, {moment(d.instant)}", d.mot, _valider(d))
            for d in attendent
            if d.objet in noms
        ],
        autres=max(0, total - AU_PLUS),
        renvoyees=[
            LigneDemande(
                noms[d.objet],
                f"{gens.get(d.renvoyee_par or 0, '')}, {moment(d.renvoyee or d.instant)}",
                d.reponse,
                url_objet(*d.objet.split(":", 1)),
            )
            for d in miennes
            if d.objet in noms
        ],
    )


# ------------------------------------------------------------------------------ inside


def _de(session: Session, cible: Cible) -> ValidationDemandee | None:
    requete = select(ValidationDemandee).where(ValidationDemandee.objet == cible.cle)
    return session.exec(requete.execution_options(populate_existing=True)).first()


def _mot(texte: str) -> str:
    try:
        return LECTEURS[MOT.type](MOT, texte) or ""
    except Illisible as raison:
        raise GesteRefuse(str(raison)) from None


def _noms(session: Session, ids: set[int]) -> dict[int, str]:
    trouves = session.exec(select(Utilisateur).where(col(Utilisateur.id).in_(ids))) if ids else []
    return {u.id or 0: u.nom_complet for u in trouves}


def _titre(total: int, genres: set[str]) -> str:
    mot = "offre" if genres == {"offre"} else "objet"
    s = "s" if total > 1 else ""
    return f"{total} {mot}{s} attend{'ent' if total > 1 else ''} votre validation"


def _valider(demande: ValidationDemandee) -> str:
    genre, _, identifiant = demande.objet.partition(":")
    return url_validation(genre, identifiant)


def _objets(session: Session, acteur: Acteur, cles: list[str]) -> dict[str, str]:
    """{key: name} of the objects that one may still read; one query for each kind."""
    par_genre: dict[str, list[str]] = {}
    for cle in cles:
        genre, _, identifiant = cle.partition(":")
        par_genre.setdefault(genre, []).append(identifiant)
    noms: dict[str, str] = {}
    for genre, identifiants in par_genre.items():
        classe: Any = OBJETS[genre]
        requete = select(IDENTIFIANTS[genre], getattr(classe, NOMS[genre][-1])).where(
            IDENTIFIANTS[genre].in_(identifiants), permis(acteur, Geste.LIRE, classe)
        )
        noms |= {f"{genre}:{identifiant}": nom or "Sans nom" for identifiant, nom in session.exec(requete)}
    return noms
