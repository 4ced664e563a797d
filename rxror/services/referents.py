"""An établissement keeps a référent: how long the rights that are there last, and where there is none any more.

A référent of the entité juridique counts, a référent régional does not; nor does a deputy, whose right falls with
that of the référent.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, exists, or_
from sqlmodel import Session, col, select

from rxror.ror.dates import aujourd_hui
from rxror.ror.objets import EntiteGeographique, EntiteJuridique
from rxror.tables import Habilitation, Portee, Role

SANS_FIN = date.max
Fins = Mapping[int, date | None]  # {id of a right: its end as it would be}


@dataclass(frozen=True)
class Lacune:
    """An établissement that would be left without référent, from the day after `jusqu_au`."""

    etablissement: EntiteGeographique
    jusqu_au: date


def sans_referent(jour: date | None = None) -> ColumnElement[bool]:
    """Whether a row of EntiteGeographique has no active référent."""
    jour = jour or aujourd_hui()
    eg, droit = EntiteGeographique, Habilitation
    juridique = select(EntiteJuridique.num_finess).where(col(EntiteJuridique.id) == eg.entite_juridique_id)
    ici = or_(
        (col(droit.portee) == Portee.ETABLISSEMENT) & (col(droit.code) == eg.num_finess),
        (col(droit.portee) == Portee.ENTITE_JURIDIQUE) & (col(droit.code) == juridique.scalar_subquery()),
    )
    actif = (
        (col(droit.role) == Role.REFERENT)
        & col(droit.suppleance_de).is_(None)
        & or_(col(droit.debut).is_(None), col(droit.debut) <= jour)
        & or_(col(droit.fin).is_(None), col(droit.fin) >= jour)
    )
    return ~exists().where(actif, ici)


def est_sans_referent(session: Session, eg: EntiteGeographique) -> bool:
    """Whether an établissement has no active référent."""
    requete = select(EntiteGeographique.id).where(EntiteGeographique.id == eg.id, sans_referent())
    return session.exec(requete).first() is not None


def lacunes(session: Session, etablissements: Iterable[EntiteGeographique], apres: Fins) -> list[Lacune]:
    """The établissements whose référents would last less long than they do now.

    Args:
        etablissements: those that the changed rights cover; nobody else changes them meanwhile.
        apres: the changed ends.
    """
    lieux = list(etablissements)
    juridiques = _juridiques(session, lieux)
    droits = _droits(session, {e.num_finess for e in lieux} | set(juridiques.values()))
    trouvees = []
    for eg in lieux:
        siens = [d for d in droits if _couvre(d, eg, juridiques)]
        avant = _dernier_jour([(d.debut, d.fin) for d in siens])
        ensuite = _dernier_jour([(d.debut, apres.get(d.id or 0, d.fin)) for d in siens])
        if ensuite < avant:
            trouvees.append(Lacune(eg, ensuite))
    return trouvees


def _couvre(droit: Habilitation, eg: EntiteGeographique, juridiques: Mapping[int, str]) -> bool:
    if droit.portee is Portee.ETABLISSEMENT:
        return droit.code == eg.num_finess
    return droit.code == juridiques.get(eg.entite_juridique_id)


def _juridiques(session: Session, etablissements: list[EntiteGeographique]) -> dict[int, str]:
    ids = {eg.entite_juridique_id for eg in etablissements}
    return {
        ej.id or 0: ej.num_finess
        for ej in session.exec(select(EntiteJuridique).where(col(EntiteJuridique.id).in_(ids)))
    }


def _droits(session: Session, codes: set[str]) -> list[Habilitation]:
    """The rights of référents that end today or later, as they are now in the database."""
    droit = Habilitation
    requete = select(droit).where(
        droit.role == Role.REFERENT,
        col(droit.portee).in_([Portee.ETABLISSEMENT, Portee.ENTITE_JURIDIQUE]),
        col(droit.code).in_(codes),
        col(droit.suppleance_de).is_(None),
        or_(col(droit.fin).is_(None), col(droit.fin) >= aujourd_hui()),
    )
    return list(session.exec(requete.order_by(col(droit.id)).execution_options(populate_existing=True)))


def _dernier_jour(periodes: Iterable[tuple[date | None, date | None]]) -> date:
    """The last day from today on without a gap; yesterday when nobody is there today."""
    jusqu_au = aujourd_hui() - timedelta(days=1)
    bornes = sorted((debut or date.min, fin or SANS_FIN) for debut, fin in periodes)
    for debut, fin in bornes:
        if jusqu_au == SANS_FIN or debut > jusqu_au + timedelta(days=1):
            break
        jusqu_au = max(jusqu_au, fin)
    return jusqu_au
