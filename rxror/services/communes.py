"""Communes, looked up: by text, département, distance or list of codes; their names, and what reads a zone."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import cos, radians
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, or_, select

from rxror.ror import messages, territoire
from rxror.ror.nomenclatures import Code, Commune, Departement
from rxror.ror.recherche import sans_accent
from rxror.ror.regles import CommuneConnue
from rxror.ror.saisie import Lecture
from rxror.ror.territoire import Point, Territoire, distance_km
from rxror.tri import en_ordre

CEDEX_PROCHES = 5
KM_MAXIMUM = 200
KM_PAR_DEGRE = 111.0
DEPARTEMENT = "d:"  # a département among the answers of a search


@dataclass(frozen=True)
class Tri:
    """A list of codes, sorted out."""

    connues: list[str]
    inconnues: list[str]


def trier(session: Session, codes: Iterable[str]) -> Tri:
    """Which of these codes are communes."""
    cherches = [code for code in codes if territoire.est_un_code(code)]
    trouvees = set(session.exec(select(Commune.code_insee).where(col(Commune.code_insee).in_(cherches)).distinct()))
    uniques = sorted(set(codes))
    return Tri([c for c in uniques if c in trouvees], [c for c in uniques if c not in trouvees])


def verifier(session: Session, nom: str, lecture: Lecture) -> None:
    """Keep of a list that was read the communes that exist; tell the others beside the field, with those told before.

    Args:
        nom: the field of the list.
    """
    tri = trier(session, lecture.valeurs[nom])
    if not tri.inconnues:
        return
    lecture.valeurs[nom] = tri.connues
    inconnues = territoire.codes_de(f"{lecture.illisibles.get(nom, '')} {' '.join(tri.inconnues)}")
    lecture.illisibles[nom] = " ".join(inconnues)
    lecture.erreurs[nom] = messages.lecture("inconnues", codes=territoire.citer(inconnues))


def lire_territoire(session: Session, codes: Iterable[str]) -> Territoire:
    """Names, départements and totals of the codes that exist."""
    cherches = set(codes)
    if not cherches:
        return Territoire()
    requete = (
        select(Commune.code_insee, Commune.nom, Commune.departement)
        .where(col(Commune.code_insee).in_(cherches))
        .distinct()
    )
    lignes = session.exec(requete).all()
    return Territoire(
        {code: nom for code, nom, _ in lignes}, {code: departement for code, _, departement in lignes}, totaux(session)
    )


def zones(*valeurs: Mapping[str, Any]) -> set[str]:
    """Codes of the zones d'intervention of some values, together."""
    return {code for une in valeurs for code in une.get("zone_intervention") or []}


def totaux(session: Session) -> dict[str, tuple[str, int]]:
    """{code: (name, number of communes)} of every département."""
    return {d.code: (d.nom, d.communes) for d in session.exec(select(Departement))}


def du_departement(session: Session, departement: str) -> list[str]:
    """Codes of all the communes of a département; none when there is no such one."""
    requete = (
        select(Commune.code_insee)
        .where(Commune.departement == departement, col(Commune.arrondissement).is_(False))
        .distinct()
        .order_by(Commune.code_insee)
    )
    return list(session.exec(requete))


def centre(session: Session, code: str) -> Point | None:
    """Latitude and longitude of the centre of a commune, when known."""
    requete = select(Commune.latitude, Commune.longitude).where(Commune.code_insee == code)
    trouve = session.exec(requete).first()
    return point(*trouve) if trouve else None


def point(latitude: float | None, longitude: float | None) -> Point | None:
    """A centre, when both of its coordinates are known."""
    return None if latitude is None or longitude is None else (latitude, longitude)


def autour(session: Session, code: str, km: int) -> list[str]:
    """Codes of the communes whose centre is within `km` of the centre of a commune, itself included.

    Args:
        km: from 1 to `KM_MAXIMUM`; a greater distance counts as that one.
    """
    milieu = centre(session, code)
    if milieu is None:
        return []
    rayon = max(1, min(km, KM_MAXIMUM))
    haut = rayon / KM_PAR_DEGRE + 0.01
    large = haut / max(0.05, cos(radians(abs(milieu[0]) + haut)))
    requete = (
        select(Commune.code_insee, Commune.latitude, Commune.longitude)
        .where(
            col(Commune.latitude).between(milieu[0] - haut, milieu[0] + haut),
            col(Commune.longitude).between(milieu[1] - large, milieu[1] + large),
            col(Commune.arrondissement).is_(False),
        )
        .distinct()
    )
    return sorted(
        code
        for code, latitude, longitude in session.exec(requete)
        if latitude is not None and longitude is not None and distance_km(milieu, (latitude, longitude)) <= rayon
    )


def chercher(session: Session, texte: str, limite: int = 20) -> list[Code]:
    """Départements, then communes, by start of a word, postcode or code; a département's key starts with `d:`."""
    cherche = sans_accent(texte)
    if len(cherche) < 2:
        return []
    departements = [
        Code(f"{DEPARTEMENT}{code}", f"{nom} ({code}), toutes ses communes", territoire.communes(total))
        for code, (nom, total) in sorted(totaux(session).items())
        if cherche == code.lower() or sans_accent(nom).startswith(cherche)
    ]
    return [*departements[:3], *chercher_commune(session, texte, limite)]


def chercher_commune(session: Session, texte: str, limite: int = 20) -> list[Code]:
    """Communes by start of name, postcode or INSEE code; the most populated first.

    No public list holds the CEDEX postcodes: one that is in none gives the communes whose own begins the same.
    """
    cherche = sans_accent(texte)
    if len(cherche) < 2:
        return []
    motif = cherche.replace("%", "").replace("_", "") + "%"
    trouvees = _communes(
        session,
        limite,
        col(Commune.recherche).like(motif),
        col(Commune.code_postal).like(motif),
        col(Commune.code_insee).like(motif.upper()),
    )
    if not trouvees and re.fullmatch(r"[0-9]{5}", cherche):
        trouvees = _communes(session, CEDEX_PROCHES, col(Commune.code_postal).like(cherche[:3] + "%"))
    return trouvees


def _communes(session: Session, limite: int, *conditions: ColumnElement[bool]) -> list[Code]:
    requete = (
        select(Commune)
        .where(or_(*conditions))
        .order_by(col(Commune.population).desc(), en_ordre(Commune.nom))
        .limit(limite * 3)
    )
    vues: dict[str, Code] = {}
    for commune in session.exec(requete):
        vues.setdefault(commune.code_insee, Code(commune.code_insee, f"{commune.nom} ({commune.code_postal})"))
    return list(vues.values())[:limite]


def nommer(session: Session, codes: Iterable[str]) -> dict[str, str]:
    """{INSEE code: « Albi (81004) »} of the codes that exist."""
    cherches = {c for c in codes if c}
    if not cherches:
        return {}
    lignes = session.exec(select(Commune.code_insee, Commune.nom).where(col(Commune.code_insee).in_(cherches)))
    return {code: f"{nom} ({code})" for code, nom in lignes}


def connues(session: Session, codes: Iterable[str]) -> dict[str, CommuneConnue] | None:
    """The communes of these INSEE codes that exist; None when no commune was ever loaded."""
    trouvees: dict[str, CommuneConnue] = {}
    for commune in session.exec(select(Commune).where(col(Commune.code_insee).in_(list(codes)))):
        connue = trouvees.get(commune.code_insee)
        postaux = (connue.codes_postaux if connue else frozenset()) | {commune.code_postal}
        centre = point(commune.latitude, commune.longitude)
        trouvees[commune.code_insee] = CommuneConnue(commune.nom, postaux, centre)
    if not trouvees and session.exec(select(Commune.id).limit(1)).first() is None:
        return None
    return trouvees
