"""The places above an object: établissement, pôle, service, UF."""

from collections.abc import Sequence

from sqlalchemy.orm import aliased
from sqlmodel import Session, select

from rxror.ror import parcours
from rxror.ror.objets import EntiteGeographique, OffreOperationnelle, OrganisationInterne
from rxror.ror.reperes import nom_de
from rxror.services.acces import Acces, Cible


def places(eg: EntiteGeographique, dessus: Sequence[OrganisationInterne]) -> list[tuple[str, str]]:
    """(name, address) of an établissement and of structures below it, outermost first, for `parcours.chemin_de`."""
    return [
        (nom_de(eg), parcours.url_etablissement(eg.num_finess)),
        *((oi.nom_oi, parcours.url_structure(oi.identifiant_oi)) for oi in dessus),
    ]


def chemin(session: Session, acces: Acces) -> list[tuple[str, str]]:
    """The places above an object; the object itself is not in it."""
    objet = acces.objet
    if isinstance(objet, EntiteGeographique):
        return []
    au_dessus = {OffreOperationnelle: "organisation_interne_id", OrganisationInterne: "parent_id"}.get(type(objet))
    return places(acces.etablissement, ancetres(session, getattr(objet, au_dessus)) if au_dessus else [])


def jusqu_a(session: Session, acces: Acces, cible: Cible) -> list[tuple[str, str]]:
    """The places above an object, then the object: for the pages below its own."""
    ici = (nom_de(acces.objet), parcours.url_objet(cible.genre, cible.identifiant))
    return [*chemin(session, acces), ici]


def ancetres(session: Session, organisation_id: int | None) -> list[OrganisationInterne]:
    """The pôle, service and UF above an offer, outermost first: three levels at most, in one query."""
    if organisation_id is None:
        return []
    uf, parent, grand_parent = (aliased(OrganisationInterne) for _ in range(3))
    ligne = session.exec(
        select(uf, parent, grand_parent)
        .outerjoin(parent, uf.parent_id == parent.id)  # type: ignore[arg-type]
        .outerjoin(grand_parent, parent.parent_id == grand_parent.id)  # type: ignore[arg-type]
        .where(uf.id == organisation_id)
    ).one()
    return [oi for oi in reversed(ligne) if oi is not None]
