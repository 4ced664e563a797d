"""What was reviewed of an établissement, or of one of its structures, in a period: read, counted, nothing written."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from rxror.ror.dates import jour_de, minuit, utc
from rxror.ror.exigences.entrees import OffreVue
from rxror.ror.exigences.recence import Recence, recence
from rxror.ror.fermeture import DEFINITIVE
from rxror.ror.objets import (
    EntiteGeographique,
    LieuRealisationOffre,
    OffreLieu,
    OffreOperationnelle,
    OrganisationInterne,
)
from rxror.ror.reperes import cle_de, nom_de
from rxror.services import actes
from rxror.services.acces import Acces
from rxror.services.actes import Acte
from rxror.services.arbre import Arbre
from rxror.services.etats import fermee
from rxror.tri import en_ordre

JOURS = 30  # where to look for the first act, when no date is chosen
DIRECT = "Rattachées directement à l’établissement"


@dataclass(frozen=True)
class Relu:
    """One offer or lieu, with its acts of the period; none when it was not reviewed.

    Attributes:
        part: identifier and name of the part under which it is counted; empty for a lieu.
    """

    genre: str
    identifiant: str
    nom: str
    part: tuple[str, str]
    actes: tuple[Acte, ...]

    @property
    def modifie(self) -> bool:
        """Whether something of it changed in the period."""
        return any(acte.champs for acte in self.actes)


@dataclass(frozen=True)
class Compte:
    """How many, of what."""

    total: int
    sans_changement: int
    modifies: int

    @property
    def relus(self) -> int:
        """How many were reviewed."""
        return self.sans_changement + self.modifies


@dataclass(frozen=True)
class Releve:
    """What an attestation says, before its words.

    Attributes:
        poles: (identifier, name, count of its offers), in the order of the page; the identifier may be empty.
        avant, apres: RE1.2 of the whole établissement, at the beginning and at the end.
    """

    du: date
    au: date
    offres: list[Relu]
    lieux: list[Relu]
    poles: list[tuple[str, str, Compte]]
    avant: Recence
    apres: Recence
    demonstration: bool

    @property
    def personnes(self) -> list[str]:
        """Who validated or confirmed, who did most first."""
        faits: dict[str, int] = {}
        for acte in (a for relu in (*self.offres, *self.lieux) for a in relu.actes):
            faits[acte.par] = faits.get(acte.par, 0) + 1
        return sorted(faits, key=lambda nom: (-faits[nom], nom))


def lire(session: Session, acces: Acces, du: date | None, au: date | None, maintenant: datetime) -> Releve:
    """What was reviewed of what the access is on, between two days of Paris, both included.

    Args:
        du: the day of the first act of the last thirty days, when None.
        au: today when None.
    """
    eg = acces.etablissement
    arbre = Arbre(session, eg, jour_de(maintenant))
    offres, dates = _offres(session, eg, jour_de(maintenant))
    parts = _parts(arbre, acces)
    miennes = [o for o in offres if o.organisation_interne_id in parts]
    lieux = _lieux(session, acces, [o.id or 0 for o in miennes])
    cles = [cle_de(objet) for objet in (*miennes, *lieux)]
    debut, fin = _bornes(session, eg, cles, du, au, maintenant)
    faits = actes.lire(session, eg.num_finess, debut, fin)
    relus = [_relu(o, parts[o.organisation_interne_id], faits) for o in miennes]
    return Releve(
        du=jour_de(debut),
        au=jour_de(_dernier(fin)),
        offres=relus,
        lieux=[_relu(lieu, ("", ""), faits) for lieu in lieux],
        poles=list(_par_part(relus, parts.values())),
        avant=_recence(session, eg, dates, debut, jour_de(debut)),
        apres=_recence(session, eg, dates, fin, jour_de(_dernier(fin))),
        demonstration=any(o.demonstration for o in miennes),
    )


def compter(relus: Iterable[Relu]) -> Compte:
    """How many, unchanged, changed."""
    relus = list(relus)
    modifies = sum(r.modifie for r in relus)
    return Compte(len(relus), sum(bool(r.actes) for r in relus) - modifies, modifies)


def _bornes(
    session: Session,
    eg: EntiteGeographique,
    cles: Sequence[str],
    du: date | None,
    au: date | None,
    maintenant: datetime,
) -> tuple[datetime, datetime]:
    """The first instant, and the one before which it ends: now, or the end of a day that is over."""
    jour = jour_de(maintenant)
    fin = maintenant if au is None or au >= jour else minuit(au + timedelta(days=1))
    if du is None:
        depuis = actes.premier(session, eg.num_finess, cles, minuit(jour_de(fin) - timedelta(days=JOURS)))
        du = jour_de(depuis) if depuis and depuis < fin else jour_de(_dernier(fin))
    return minuit(du), fin


def _dernier(fin: datetime) -> datetime:
    """The last instant of a period that ends before one."""
    return fin - timedelta(microseconds=1)


def _offres(
    session: Session, eg: EntiteGeographique, jour: date
) -> tuple[list[OffreOperationnelle], dict[str, tuple[datetime | None, datetime | None]]]:
    """The offers that are open, and {key: (date of update, of creation)} of those that are not closed for good."""
    classe = OffreOperationnelle
    requete = select(classe, fermee(jour)).where(classe.entite_geographique_id == eg.id)
    lignes = session.exec(requete.order_by(en_ordre(classe.nom_offre), col(classe.id))).all()
    suivies = [o for o, _ in lignes if not (o.date_fermeture and o.type_fermeture == DEFINITIVE)]
    return [o for o, close in lignes if not close], {cle_de(o): (o.date_mise_jour, o.date_creation) for o in suivies}


def _parts(arbre: Arbre, acces: Acces) -> dict[int | None, tuple[str, str]]:
    """{id of a structure: (identifier, name) of the part under which its offers are counted}."""
    soi = acces.objet
    parts: dict[int | None, tuple[str, str]] = {}
    if isinstance(soi, EntiteGeographique):
        hautes = arbre.enfants(None)
        parts[None] = ("", DIRECT)
    else:
        ici = arbre.structures[soi.id]
        hautes = arbre.enfants(ici)
        parts[ici.id] = (ici.identifiant_oi, ici.nom_oi)
    for haute in hautes:
        parts |= {oi.id: (haute.identifiant_oi, haute.nom_oi) for oi in arbre.descendance(haute)}
    return parts


def _par_part(relus: Sequence[Relu], parts: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str, Compte]]:
    """The parts that have offers, those hanging from the établissement itself last."""
    for identifiant, nom in sorted(dict.fromkeys(parts), key=lambda part: part == ("", DIRECT)):
        if siens := [r for r in relus if r.part == (identifiant, nom)]:
            yield identifiant, nom, compter(siens)


def _lieux(session: Session, acces: Acces, offres: list[int]) -> list[LieuRealisationOffre]:
    lieu = LieuRealisationOffre
    requete = select(lieu).where(lieu.entite_geographique_id == acces.etablissement.id)
    if isinstance(acces.objet, OrganisationInterne):
        servis = select(OffreLieu.lieu_realisation_offre_id).where(col(OffreLieu.offre_operationnelle_id).in_(offres))
        requete = requete.where(col(lieu.id).in_(servis))
    return list(session.exec(requete.order_by(en_ordre(lieu.nom), col(lieu.id))))


def _relu(objet: Any, part: tuple[str, str], faits: Mapping[str, Sequence[Acte]]) -> Relu:
    cle = cle_de(objet)
    genre, _, identifiant = cle.partition(":")
    return Relu(genre, identifiant, nom_de(objet), part, tuple(faits.get(cle, ())))


def _recence(
    session: Session,
    eg: EntiteGeographique,
    dates: Mapping[str, tuple[datetime | None, datetime | None]],
    instant: datetime,
    jour: date,
) -> Recence:
    """RE1.2 as it stood: with the offers that existed, and the dates that they had."""
    d_alors = {cle: mise for cle, (mise, creee) in dates.items() if creee is None or utc(creee) < instant}
    connues = actes.dates_au(session, eg.num_finess, instant, d_alors)
    return recence([OffreVue(mise_a_jour=quand) for quand in connues.values()], jour)
