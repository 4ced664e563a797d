"""Where FINESS and the record of an établissement differ, on the field itself: both values, since when, what to do.

« Prendre la valeur FINESS » publishes at once: it is a published source that is chosen, nothing is typed, and these
sections have no form where a brouillon could wait. It leaves one line of trace and one version. « Garder (motif) » is
that of any alert (`services/alertes.py`), and holds until FINESS says something else.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated, Any, TypedDict
from uuid import UUID, uuid5

from pydantic import StringConstraints
from sqlmodel import Session, col, func, select

from rxror.ror import finess, messages
from rxror.ror.champs import PointFiness
from rxror.ror.controles import Anomalie
from rxror.ror.dates import date_longue, en_iso
from rxror.ror.erreurs import Conflit, GesteRefuse
from rxror.ror.finess import Registre
from rxror.ror.objets import EntiteGeographique, LieuRealisationOffre
from rxror.ror.objets.commun import ADRESSE
from rxror.ror.typographie import fr, majuscule
from rxror.services import contenu, dossier, gardes, registre
from rxror.services.acces import Acteur, Cible, Geste, exiger
from rxror.services.contenu import en_json
from rxror.services.demande import Demande, Genre, Vu
from rxror.services.tracer import deja_fait, tracer
from rxror.services.versions import passer, sont_tenus
from rxror.services.vu import empreinte
from rxror.tables import Action, ReleveFiness, Trace

RIEN = "Non renseigné"
CHARGEMENT = "Démonstration"  # author of what a load of the demonstration writes
DEMONSTRATION = fr("Écart fait pour la démonstration : la valeur de la fiche est inventée, celle de FINESS est réelle.")


class Desaccord(TypedDict):
    """One point on which they differ.

    `point` is its rule; `suite` says what taking it leaves to be looked at; `retenue` why FINESS's value may not be
    taken; `prendre` whether this person may take it; `alerte` names it for « Garder » and « Reprendre », empty for who
    may not; `garde` says who keeps the record.
    """

    genre: str
    identifiant: str
    point: str
    chemin: str
    label: str
    fiche: str
    depuis: str
    finess: str
    quand: str
    note: str
    suite: str
    retenue: str
    prendre: bool
    alerte: str
    garde: str
    vu: str


class PrendreFiness(Demande):
    """One « Prendre la valeur FINESS », with its whole context.

    Attributes:
        point: rule of what is taken.
        vu: both values, as `Desaccord` gave them.
    """

    genre: Genre = EntiteGeographique.GENRE
    point: Annotated[str, StringConstraints(max_length=20)]
    vu: Vu
    cle: UUID


def lire(session: Session, acteur: Acteur, cible: Cible) -> list[Desaccord]:
    """The points on which the record of an établissement and FINESS differ, kept ones included; none elsewhere.

    Raises:
        AccesRefuse: no right to read it.
    """
    if cible.genre != EntiteGeographique.GENRE:
        return []
    ouvert = dossier.ouvrir(session, acteur, cible, Geste.LIRE)
    lu = ouvert.voisinage.registre
    anomalies = [a for a in ouvert.anomalies() if a.regle in finess.points()] if lu else []
    if lu is None or not anomalies:
        return []
    peut, traces = ouvert.acces.permet(Geste.VALIDER), _versions(session, cible)
    suite = _lieux_a_cette_adresse(session, ouvert.etablissement)
    return [
        _desaccord(ouvert.etablissement, lu, anomalie, traces, suite, peut=peut)
        for anomalie in gardes.annoter(session, anomalies, cible.cle)
    ]


def prendre(session: Session, acteur: Acteur, demande: PrendreFiness) -> None:
    """Publish what FINESS says of one point. The same `cle` again changes nothing.

    Raises:
        AccesRefuse: no right to validate the établissement.
        SaisieInvalide: `cle` was used by another gesture.
        Conflit: the record or FINESS is no longer what the page showed; nothing is written.
        GesteRefuse: it may not be taken here; the sentence says why.
    """
    acces = exiger(session, acteur, demande.cible, Geste.VALIDER)
    eg, point = acces.etablissement, finess.points().get(demande.point)
    cle = uuid5(demande.cle, demande.point)  # a page has one key, whatever the points it shows
    if deja_fait(session, acteur, cle, action=Action.FINESS, objet=demande.cible.cle):
        return
    lu = registre.de(session, acces.objet)
    fiche = _fiche(eg, lu) if lu else {}
    if lu is None or point is None or not finess.differe(point, fiche, lu.valeurs):
        raise Conflit
    if demande.vu != _vu(eg, point, lu):
        raise Conflit
    if retenue := point.retenue(fiche, lu.valeurs):
        raise GesteRefuse(messages.retenue(retenue))
    _publier(session, acteur, eg, point, lu, str(cle))


def _publier(
    session: Session, acteur: Acteur, eg: EntiteGeographique, point: PointFiness, lu: Registre, cle: str
) -> None:
    """Write the columns of the point, with the version and its one line."""
    avant = {nom: en_json(getattr(eg, nom)) for nom in finess.champs_du_point(point)}
    apres = {nom: lu.valeurs[nom] for nom in avant if nom in lu.valeurs}
    libres = {nom: apres[nom] for nom in apres if nom not in sont_tenus(EntiteGeographique)}  # no field: as they are
    neuves = libres | contenu.colonnes_changees(EntiteGeographique, avant, apres)
    changes = [nom for nom in apres if nom not in libres and apres[nom] != avant[nom]]
    version = eg.version
    tracer(
        session,
        acteur,
        Action.FINESS,
        eg.num_finess,
        f"{eg.GENRE}:{eg.num_finess}",
        changements=[{"champ": nom, "avant": avant[nom], "apres": apres[nom]} for nom in changes],
        cle=cle,
        version_avant=version,
        version_apres=version + 1,
        resultat={"point": point.regle, "jour": lu.jour.isoformat(), "date_avant": en_iso(eg.date_mise_jour)},
    )
    passer(session, EntiteGeographique, [(eg.id or 0, version)], **neuves, date_mise_jour=datetime.now(UTC))
    releve = session.get_one(ReleveFiness, eg.num_finess)
    releve.ecarts = len(finess.differents({**_fiche(eg, lu), **apres}, lu.valeurs))


def _desaccord(
    eg: EntiteGeographique, lu: Registre, anomalie: Anomalie, traces: Iterable[Trace], suite: str, *, peut: bool
) -> Desaccord:
    point, fiche = finess.points()[anomalie.regle], _fiche(eg, lu)
    retenue = messages.retenue(point.retenue(fiche, lu.valeurs))
    champs = finess.champs_du_point(point, compares=True)
    origine = _origine(traces, champs)
    return Desaccord(
        genre=eg.GENRE,
        identifiant=eg.num_finess,
        point=point.regle,
        chemin=anomalie.chemin,
        label=point.label,
        fiche=majuscule(point.dire(fiche)) or RIEN,
        depuis=fr(f"Depuis le {date_longue(origine.instant)}, {origine.nom}") if origine else "",
        finess=majuscule(point.dire(lu.valeurs)) or RIEN,
        quand=fr(f"Fichier du {date_longue(lu.jour)}"),
        note=DEMONSTRATION if _inventee(origine, champs) else "",
        suite=suite if point is ADRESSE else "",
        retenue=retenue,
        prendre=peut and not retenue,
        alerte=gardes.nom_de(anomalie, f"{eg.GENRE}:{eg.num_finess}") if peut else "",
        garde=anomalie.garde,
        vu=_vu(eg, point, lu),
    )


def _fiche(eg: EntiteGeographique, lu: Registre) -> dict[str, Any]:
    """The record, with the words that go with its codes."""
    return {**{nom: en_json(getattr(eg, nom)) for nom in finess.contreparties()}, **lu.fiche}


def _vu(eg: EntiteGeographique, point: PointFiness, lu: Registre) -> str:
    """What one has seen: the record and FINESS, on this point."""
    fiche = _fiche(eg, lu)
    return empreinte([point.regle, *([v.get(n) for n in finess.champs_du_point(point)] for v in (fiche, lu.valeurs))])


def _lieux_a_cette_adresse(session: Session, eg: EntiteGeographique) -> str:
    """How many lieux carry the address of the record: they have their own, which does not follow."""
    lieu: Any = LieuRealisationOffre
    memes: list[Any] = [
        getattr(lieu, nom) == getattr(eg, nom) for nom in ("numero_voie", "libelle_voie", "code_postal")
    ]
    n = session.exec(select(func.count()).where(lieu.entite_geographique_id == eg.id, *memes)).one()
    s, portent = ("x", "portent") if n > 1 else ("", "porte")
    return fr(f"{n} lieu{s} {portent} l’adresse de la fiche et ne change{'nt' * (n > 1)} pas avec elle.") if n else ""


def _versions(session: Session, cible: Cible) -> list[Trace]:
    """The lines of its versions, the last one first."""
    requete = select(Trace).where(Trace.objet == cible.cle, col(Trace.version_apres).is_not(None))
    return list(session.exec(requete.order_by(col(Trace.id).desc())))


def _origine(traces: Iterable[Trace], champs: Iterable[str]) -> Trace | None:
    """The version that changed these fields last, or the first one."""
    siens, origine = set(champs), None
    for trace in traces:
        origine = trace
        if siens & {c["champ"] for c in trace.changements}:
            break
    return origine


def _inventee(origine: Trace | None, champs: Iterable[str]) -> bool:
    """Whether the value of the record is one that the load of the demonstration made up."""
    changes = {c["champ"] for c in origine.changements} if origine else set[str]()
    return bool(origine and origine.nom == CHARGEMENT and changes & set(champs))
