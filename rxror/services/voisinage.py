"""What the rules must know beyond an object's own values: communes, offers that its lieux serve, what is above it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import and_
from sqlmodel import Session, SQLModel, col, func, select

from rxror.ror.champs import TypeChamp, champs_de
from rxror.ror.dates import aujourd_hui
from rxror.ror.finess import Registre
from rxror.ror.nomenclatures import Commune
from rxror.ror.objets import LieuRealisationOffre, OffreLieu, OffreOperationnelle, OrganisationInterne
from rxror.ror.regles import CommuneConnue
from rxror.services import hierarchie, registre
from rxror.services.communes import connues, point
from rxror.services.etats import fermee
from rxror.tri import en_ordre


@dataclass(frozen=True)
class Voisinage:
    """Around an object; each attribute is that of `Examen`."""

    usages: Mapping[str, int] = field(default_factory=dict)
    offres_ouvertes: Mapping[str, int] = field(default_factory=dict)
    ascendants: Sequence[tuple[str, str]] | None = None
    communes: Mapping[str, CommuneConnue] | None = None
    registre: Registre | None = None


def lieux_et_voisins(session: Session, objet: Any, condition: Any) -> list[Any]:
    """Lieux with the offers they serve, those that are open but for the object, the commune, its postcodes and centre.

    One query, whatever the number of lieux; `voisinage` takes its rows.
    """
    lieu, offre, lien = LieuRealisationOffre, OffreOperationnelle, OffreLieu
    moi = objet.id if isinstance(objet, offre) else 0
    servies = select(func.count()).select_from(lien).where(lien.lieu_realisation_offre_id == lieu.id)
    ouverte = and_(~fermee(aujourd_hui()), col(offre.id) != moi)
    ouvertes = servies.join(offre, and_(col(offre.id) == lien.offre_operationnelle_id, ouverte))
    commune = Commune.code_insee == lieu.commune_cog
    colonnes: Any = (
        servies,
        ouvertes,
        select(func.min(Commune.nom)).where(commune),
        select(func.aggregate_strings(col(Commune.code_postal), " ")).where(commune),
        select(func.min(Commune.latitude)).where(commune),
        select(func.min(Commune.longitude)).where(commune),
    )
    requete: Any = select(lieu, *(c.correlate(lieu).scalar_subquery() for c in colonnes))  # type: ignore[call-overload]
    return list(session.exec(requete.where(condition).order_by(en_ordre(lieu.nom), col(lieu.id))))


def voisinage(session: Session, objet: Any, rangees: Sequence[Any], valeurs: Iterable[Mapping[str, Any]]) -> Voisinage:
    """What surrounds an object and its lieux.

    Args:
        rangees: what `lieux_et_voisins` gave.
        valeurs: those of the lieux, brouillons included: a commune that was just typed is read as well.
    """
    communes = {
        lieu.commune_cog: CommuneConnue(nom, frozenset(postaux.split()), point(*centre))
        for lieu, _, _, nom, postaux, *centre in rangees
        if nom
    }
    citees = {code for v in valeurs for code in communes_de(LieuRealisationOffre, v)} - set(communes)
    autres = connues(session, citees) if citees else {}
    return Voisinage(
        {lieu.identifiant: n for lieu, n, *_ in rangees},
        {lieu.identifiant: n for lieu, _, n, *_ in rangees},
        _ascendants(session, objet),
        None if autres is None else communes | autres,
        registre.de(session, objet),
    )


def _ascendants(session: Session, objet: Any) -> list[tuple[str, str]] | None:
    if not isinstance(objet, OrganisationInterne):
        return None
    return [(oi.identifiant_oi, oi.type_oi) for oi in reversed(hierarchie.ancetres(session, objet.parent_id))]


def communes_de(classe: type[SQLModel], valeurs: Mapping[str, Any]) -> list[str]:
    """INSEE codes that the fields of an object name, one commune each."""
    noms = [nom for nom, champ in champs_de(classe).items() if champ.type is TypeChamp.COMMUNE]
    return [valeurs[nom] for nom in noms if valeurs.get(nom) and isinstance(valeurs[nom], str)]
