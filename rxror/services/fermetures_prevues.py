"""« Fermeture prévue » of beds or places of a lieu, between two days: kept by rxror alone, never applied by itself."""

from datetime import UTC, date, datetime
from typing import Annotated, TypedDict
from uuid import UUID

from pydantic import StringConstraints
from sqlmodel import Session, col, select

from rxror.ror.dates import aujourd_hui, date_longue
from rxror.ror.erreurs import AccesRefuse, Conflit, GesteRefuse
from rxror.ror.objets import EntiteGeographique, LieuRealisationOffre
from rxror.ror.objets.lieu import LIT
from rxror.ror.parcours import url_lieu
from rxror.ror.reperes import cle_de, nom_de
from rxror.ror.saisie import Illisible, lire_jour
from rxror.ror.textes import nettoyer
from rxror.ror.typographie import fr
from rxror.services.acces import Acteur, Cible, Geste, exiger, permis
from rxror.services.demande import Demande, Genre, Numero
from rxror.services.tracer import deja_fait, tracer
from rxror.tables import Action, FermeturePrevue

PAR_LIEU, AU_PLUS = 20, 100
JOUR = Annotated[str, StringConstraints(max_length=10)]


class Prevoir(Demande):
    """« Prévoir la fermeture » of some beds or places of a lieu; days as they are typed."""

    genre: Genre = LieuRealisationOffre.GENRE
    nature: Annotated[str, StringConstraints(pattern="^0[12]$")]
    nombre: Annotated[str, StringConstraints(max_length=10)]
    debut: JOUR
    fin: JOUR = ""
    motif: Annotated[str, StringConstraints(max_length=200)] = ""
    cle: UUID


class RetirerFermeture(Demande):
    """Take a planned closure away."""

    genre: Genre = LieuRealisationOffre.GENRE
    numero: Numero
    cle: UUID


class Prevue(TypedDict):
    """A planned closure as it is shown.

    Attributes:
        phrase: how many, from when to when; `etat`, À venir, En cours or Passée.
        poser: on its days, the number proposed for the beds closed; "" before.
        libre: one may take it away.
    """

    numero: int
    identifiant: str
    lieu: str
    url: str
    nature: str
    phrase: str
    motif: str
    etat: str
    poser: str
    libre: bool


def prevoir(session: Session, acteur: Acteur, demande: Prevoir) -> None:
    """Keep a planned closure.

    Raises:
        AccesRefuse: no right to edit the lieu.
        GesteRefuse: a number or a day is not right; the sentence says which.
        SaisieInvalide: `cle` was used by another gesture.
    """
    acces = exiger(session, acteur, demande.cible, Geste.MODIFIER)
    if not isinstance(acces.objet, LieuRealisationOffre):
        raise AccesRefuse(demande.cible.cle)
    if deja_fait(session, acteur, demande.cle, objet=demande.cible.cle, action=Action.PREVISION):
        return
    nombre, (debut, fin) = _nombre(demande.nombre), _jours(demande)
    if len(_lues(session, FermeturePrevue.objet == demande.cible.cle)) >= PAR_LIEU:
        raise GesteRefuse(fr(f"{PAR_LIEU} fermetures prévues au plus par lieu : retirez celles qui sont passées."))
    prevue = FermeturePrevue(
        objet=cle_de(acces.objet),
        finess=acces.etablissement.num_finess,
        nature=demande.nature,
        nombre=nombre,
        debut=debut,
        fin=fin,
        motif=nettoyer(demande.motif),
        utilisateur_id=acteur.id,
        cree=datetime.now(UTC),
    )
    session.add(prevue)
    _tracer(session, acteur, prevue, demande.cle)


def retirer(session: Session, acteur: Acteur, demande: RetirerFermeture) -> None:
    """Take a planned closure away; it stays in the trace.

    Raises:
        AccesRefuse: no right to edit the lieu.
        Conflit: it is not there any more.
        SaisieInvalide: `cle` was used by another gesture.
    """
    exiger(session, acteur, demande.cible, Geste.MODIFIER)
    if deja_fait(session, acteur, demande.cle, objet=demande.cible.cle, action=Action.PREVISION):
        return
    prevue = session.get(FermeturePrevue, demande.numero)
    if prevue is None or prevue.objet != demande.cible.cle or prevue.retiree:
        raise Conflit
    prevue.retiree = datetime.now(UTC)
    session.add(prevue)
    _tracer(session, acteur, prevue, demande.cle, retiree=True)


def de_l_etablissement(session: Session, acteur: Acteur, finess: str, jour: date | None = None) -> list[Prevue]:
    """Those of the lieux of an établissement, by first day.

    Raises:
        AccesRefuse: no such établissement, or no habilitation on it.
    """
    acces = exiger(session, acteur, Cible(EntiteGeographique.GENRE, finess), Geste.LIRE)
    return _montrees(session, acteur, _lues(session, FermeturePrevue.finess == acces.etablissement.num_finess), jour)


def du_lieu(session: Session, acteur: Acteur, cible: Cible, jour: date | None = None) -> list[Prevue]:
    """Those of a lieu.

    Raises:
        AccesRefuse: no right to read it.
    """
    exiger(session, acteur, cible, Geste.LIRE)
    return _montrees(session, acteur, _lues(session, FermeturePrevue.objet == cible.cle), jour)


def _lues(session: Session, condition: object) -> list[FermeturePrevue]:
    requete = select(FermeturePrevue).where(condition, col(FermeturePrevue.retiree).is_(None))  # type: ignore[arg-type]
    ordre = requete.order_by(col(FermeturePrevue.debut), col(FermeturePrevue.id))
    return list(session.exec(ordre.limit(AU_PLUS)))


def _montrees(session: Session, acteur: Acteur, prevues: list[FermeturePrevue], jour: date | None) -> list[Prevue]:
    jour, lieu = jour or aujourd_hui(), LieuRealisationOffre
    noms = [p.objet.partition(":")[2] for p in prevues]
    if not noms:
        return []
    connus = {x.identifiant: nom_de(x) for x in session.exec(select(lieu).where(col(lieu.identifiant).in_(noms)))}
    miens = set(
        session.exec(
            select(lieu.identifiant).where(col(lieu.identifiant).in_(noms), permis(acteur, Geste.MODIFIER, lieu))
        )
    )
    return [
        Prevue(
            numero=p.id or 0,
            identifiant=nom,
            lieu=connus.get(nom, nom),
            url=url_lieu(nom),
            nature=p.nature,
            phrase=phrase_de(p),
            motif=p.motif,
            etat=_etat(p, jour),
            poser=str(p.nombre) if _en_cours(p, jour) else "",
            libre=nom in miens,
        )
        for p, nom in zip(prevues, noms, strict=True)
    ]


def phrase_de(prevue: FermeturePrevue) -> str:
    """« 4 lits, du 1 juillet 2027 au 31 août 2027 »."""
    mot = ("lit" if prevue.nature == LIT else "place") + ("s" if prevue.nombre > 1 else "")
    au = f" au {date_longue(prevue.fin)}" if prevue.fin else ", sans date de fin"
    return fr(f"{prevue.nombre} {mot}, {'du' if prevue.fin else 'à partir du'} {date_longue(prevue.debut)}{au}")


def _en_cours(prevue: FermeturePrevue, jour: date) -> bool:
    return prevue.debut <= jour and (prevue.fin is None or jour <= prevue.fin)


def _etat(prevue: FermeturePrevue, jour: date) -> str:
    if _en_cours(prevue, jour):
        return "En cours"
    return "À venir" if prevue.debut > jour else "Passée"


def _nombre(texte: str) -> int:
    lu = texte.strip()
    if not (lu.isascii() and lu.isdigit()) or not 1 <= int(lu) <= 9999:
        raise GesteRefuse(fr("Indiquez combien de lits ou de places fermeront : un nombre de 1 à 9999."))
    return int(lu)


def _jours(demande: Prevoir) -> tuple[date, date | None]:
    try:
        debut, fin = lire_jour(demande.debut), lire_jour(demande.fin)
    except Illisible as raison:
        raise GesteRefuse(str(raison)) from raison
    if debut is None:
        raise GesteRefuse(fr("Indiquez le premier jour de la fermeture."))
    if fin is not None and fin < debut:
        raise GesteRefuse(fr("Le dernier jour vient avant le premier : donnez une date plus tardive."))
    return debut, fin


def _tracer(session: Session, acteur: Acteur, prevue: FermeturePrevue, cle: UUID, *, retiree: bool = False) -> None:
    resultat = {"phrase": phrase_de(prevue), **({"retiree": True} if retiree else {})}
    tracer(session, acteur, Action.PREVISION, prevue.finess, prevue.objet, cle=str(cle), resultat=resultat)
