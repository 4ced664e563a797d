"""« N’a pas de référent actif »: told on the home page of those who work there, and listed for who may name one."""

from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session, col, func, select

from rxror.ror.objets import EntiteGeographique
from rxror.ror.objets.commun import adresse_en_ligne
from rxror.ror.parcours import SANS_REFERENT, url_personnes
from rxror.ror.reperes import nom_de
from rxror.services.acces import Acteur, Geste, etablissements_de, permis
from rxror.services.referents import sans_referent
from rxror.tables import Habilitation, Portee, Role
from rxror.tri import en_ordre

PAR_PAGE = 50


@dataclass(frozen=True)
class SansReferent:
    """One établissement without référent; `url` is where one is named."""

    finess: str
    nom: str
    adresse: str
    url: str
    jamais: bool


@dataclass(frozen=True)
class VueSansReferent:
    """The list, fifty at a time."""

    lignes: list[SansReferent] = field(default_factory=list)
    total: int = 0
    page: int = 1
    pages: int = 1


@dataclass(frozen=True)
class Alerte:
    """What the home page says: `noms` where one works, or `total` where one may name; `url` is where to go."""

    noms: list[str] = field(default_factory=list)
    total: int = 0
    url: str = ""


def alerte(session: Session, acteur: Acteur) -> Alerte:
    """What the home page of somebody has to say about it; empty when there is nothing. Two queries."""
    eg: Any = EntiteGeographique
    a_nommer = _a_nommer(acteur)
    total = session.exec(select(func.count()).select_from(eg).where(*a_nommer)).one()
    mes = eg.id.in_(etablissements_de(acteur, roles=[Role.RESPONSABLE_OFFRE]))
    requete = select(eg).where(mes, sans_referent(), ~a_nommer[0])
    noms = [nom_de(e) for e in session.exec(requete.order_by(eg.num_finess).limit(3))]
    return Alerte(noms=noms, total=total, url=SANS_REFERENT if total else "")


def lister(session: Session, acteur: Acteur, page: int = 1) -> VueSansReferent:
    """The établissements without référent for which the acteur may name one, those that had one first."""
    eg: Any = EntiteGeographique
    ici = _a_nommer(acteur)
    total = session.exec(select(func.count()).select_from(eg).where(*ici)).one()
    pages = max(1, -(-total // PAR_PAGE))
    page = min(max(1, page), pages)
    eu = (
        select(Habilitation.id)
        .where(
            Habilitation.role == Role.REFERENT,
            Habilitation.portee == Portee.ETABLISSEMENT,
            col(Habilitation.code) == eg.num_finess,
        )
        .exists()
    )
    nom = en_ordre(func.coalesce(func.nullif(eg.nom_operationnel, ""), eg.denomination_eg))
    requete = select(eg, eu).where(*ici).order_by(eu.desc(), nom, eg.num_finess)
    lignes = session.execute(requete.limit(PAR_PAGE).offset((page - 1) * PAR_PAGE))
    return VueSansReferent(
        lignes=[
            SansReferent(
                e.num_finess, nom_de(e), adresse_en_ligne(e.model_dump()), url_personnes(e.num_finess), not jadis
            )
            for e, jadis in lignes
        ],
        total=total,
        page=page,
        pages=pages,
    )


def _a_nommer(acteur: Acteur) -> tuple[Any, ...]:
    return permis(acteur, Geste.ADMINISTRER, EntiteGeographique), sans_referent()
