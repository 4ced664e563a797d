"""Communes: those of a département, those around one, those of a pasted list; and what one must know to read a zone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import cos, radians
from typing import Any

from sqlmodel import Session, col, select

from rxror.ror import messages, territoire
from rxror.ror.nomenclatures import Code, Commune, Departement
from rxror.ror.recherche import sans_accent
from rxror.ror.saisie import Lecture
from rxror.ror.territoire import Point, Territoire, distance_km
from rxror.services.nomenclatures import chercher_commune

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
    return (trouve[0], trouve[1]) if trouve and trouve[0] is not None and trouve[1] is not None else None


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
