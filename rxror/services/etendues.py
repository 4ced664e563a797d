"""How what a right covers is called: « UF Gynécologie, CH ALBI », « Tarn (81) », « Occitanie (76) »."""

from collections.abc import Iterable
from typing import Any

from sqlmodel import Session, col, select

from rxror.ror.nomenclatures import Concept, Departement
from rxror.ror.objets import EntiteGeographique, EntiteJuridique, OrganisationInterne
from rxror.ror.reperes import nom_de
from rxror.ror.typographie import fr
from rxror.tables import Portee

REGIONS = "J237"
Etendue = tuple[Portee, str]  # the portée, and the identifier of the place


def noms(session: Session, etendues: Iterable[Etendue]) -> dict[Etendue, str]:
    """The names of places, {(portée, code): name}; what is not in the database is called by its code.

    One query for each portée that is there.
    """
    par_portee: dict[Portee, set[str]] = {}
    for portee, code in etendues:
        par_portee.setdefault(portee, set()).add(code)
    trouves = {(p, code): nom for p, codes in par_portee.items() for code, nom in _LECTEURS[p](session, codes)}
    return {(p, code): trouves.get((p, code), code) for p, codes in par_portee.items() for code in codes}


def _structures(session: Session, codes: set[str]) -> list[tuple[str, str]]:
    oi: Any = OrganisationInterne
    requete: Any = select(oi, EntiteGeographique).join(
        EntiteGeographique, col(EntiteGeographique.id) == oi.entite_geographique_id
    )
    trouvees = session.exec(requete.where(oi.identifiant_oi.in_(codes)))
    return [(structure.identifiant_oi, f"{nom_de(structure)}, {nom_de(eg)}") for structure, eg in trouvees]


def _etablissements(session: Session, codes: set[str]) -> list[tuple[str, str]]:
    trouves = session.exec(select(EntiteGeographique).where(col(EntiteGeographique.num_finess).in_(codes)))
    return [(eg.num_finess, nom_de(eg)) for eg in trouves]


def _juridiques(session: Session, codes: set[str]) -> list[tuple[str, str]]:
    trouvees = session.exec(select(EntiteJuridique).where(col(EntiteJuridique.num_finess).in_(codes)))
    return [(ej.num_finess, fr(f"entité juridique {ej.raison_sociale or ej.num_finess}")) for ej in trouvees]


def _departements(session: Session, codes: set[str]) -> list[tuple[str, str]]:
    trouves = session.exec(select(Departement).where(col(Departement.code).in_(codes)))
    return [(d.code, fr(f"{d.nom} ({d.code})")) for d in trouves]


def _regions(session: Session, codes: set[str]) -> list[tuple[str, str]]:
    requete = select(Concept.cle, Concept.libelle).where(Concept.jdv == REGIONS, col(Concept.cle).in_(codes))
    return [(code, fr(f"{nom} ({code})")) for code, nom in session.exec(requete)]


_LECTEURS = {
    Portee.STRUCTURE: _structures,
    Portee.ETABLISSEMENT: _etablissements,
    Portee.ENTITE_JURIDIQUE: _juridiques,
    Portee.DEPARTEMENT: _departements,
    Portee.REGION: _regions,
}
