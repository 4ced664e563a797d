"""The lieux of an établissement, as a list: the first of them, or those that a search finds."""

from collections.abc import Collection, Iterable

from sqlalchemy import ColumnElement, Select
from sqlmodel import Session, col, func, select

from rxror.ror.erreurs import SaisieInvalide
from rxror.ror.nomenclatures import sans_accent
from rxror.ror.objets import EntiteGeographique, LieuRealisationOffre, OffreLieu
from rxror.ror.parcours import url_lieu
from rxror.ror.typographie import fr
from rxror.services.acces import Acteur, Cible, Geste, exiger, permis
from rxror.services.nomenclatures import Proposition, catalogue
from rxror.services.vues import LigneLieu, VueLieux
from rxror.tri import en_ordre

AU_PLUS = 100
LISTE = "lieux"  # where a form keeps their labels


def lister(session: Session, acteur: Acteur, finess: str, texte: str = "") -> VueLieux:
    """Lieux whose name or function holds a word starting with each word typed, by name; all without a word.

    Raises:
        AccesRefuse: no such établissement, or no habilitation on it.
    """
    acces = exiger(session, acteur, Cible(EntiteGeographique.GENRE, finess), Geste.LIRE)
    cat, mots = catalogue(session), mots_de(texte)
    trouves: list[LigneLieu] = []
    for identifiant, nom, fonction, usages in session.execute(requete(acces.objet)):
        libelle = cat.libelle("J198", fonction) if fonction else ""
        if contient(f"{nom} {libelle}", mots):
            trouves.append(LigneLieu(identifiant, nom or identifiant, libelle, usage(usages), url_lieu(identifiant)))
    n = len(trouves)
    resume = f"{n} lieu{'x' if n > 1 else ''}" if n else "Aucun lieu"
    suite = fr(f", les {AU_PLUS} premiers sont montrés : cherchez les autres par leur nom") if n > AU_PLUS else ""
    return VueLieux(lignes=trouves[:AU_PLUS], resume=resume + suite)


def proposer(session: Session, acteur: Acteur, cible: Cible, texte: str, limite: int) -> list[Proposition]:
    """Lieux one may attach to an offer: those of its établissement that one may change, found as `lister` finds them.

    Raises:
        AccesRefuse: no right to edit the offer.
    """
    eg = exiger(session, acteur, cible, Geste.MODIFIER).etablissement
    cat, mots = catalogue(session), mots_de(texte)
    proposes: list[Proposition] = []
    for identifiant, nom, fonction, usages in session.execute(requete(eg).where(_a_soi(acteur))):
        libelle = cat.libelle("J198", fonction) if fonction else ""
        if contient(f"{nom} {libelle}", mots):
            precision = ", ".join(t for t in (libelle, usage(usages)) if t)
            proposes.append(Proposition(identifiant, nom or identifiant, "", precision))
    return proposes[:limite]


def libelle_de(session: Session, acteur: Acteur, cible: Cible, identifiant: str) -> str:
    """Label of a lieu one may attach to an offer.

    Raises:
        AccesRefuse: no right to edit the offer.
        SaisieInvalide: the lieu is not of its établissement.
    """
    eg = exiger(session, acteur, cible, Geste.MODIFIER).etablissement
    trouve = libelles(session, eg, [identifiant]).get(identifiant)
    if trouve is None:
        raise SaisieInvalide(identifiant)
    return trouve


def libelles(session: Session, eg: EntiteGeographique, identifiants: Iterable[str]) -> dict[str, str]:
    """{identifier: « Gynécologie, 2e étage (sert 3 offres) »} of the lieux of an établissement."""
    voulus = requete(eg).where(col(LieuRealisationOffre.identifiant).in_(list(identifiants)))
    return {i: f"{nom or i} ({usage(usages)})" for i, nom, _, usages in session.execute(voulus)}


def rattachables(session: Session, acteur: Acteur, identifiants: Iterable[str]) -> list[str]:
    """Those of these lieux that one may attach to an offer of theirs: whoever attaches a lieu may then change it."""
    identifiant = col(LieuRealisationOffre.identifiant)
    voulus = select(identifiant).where(identifiant.in_(list(identifiants)), _a_soi(acteur))
    return list(session.exec(voulus.order_by(identifiant)))


def _a_soi(acteur: Acteur) -> ColumnElement[bool]:
    return permis(acteur, Geste.MODIFIER, LieuRealisationOffre)


def requete(eg: EntiteGeographique) -> "Select[str, str, str, int]":
    """(identifier, name, function, number of offers) of the lieux of an établissement, by name."""
    lieu = LieuRealisationOffre
    nombre = func.count(col(OffreLieu.offre_operationnelle_id))
    return (
        select(lieu.identifiant, lieu.nom, lieu.fonction_lieu, nombre)
        .outerjoin(OffreLieu, col(OffreLieu.lieu_realisation_offre_id) == lieu.id)
        .where(lieu.entite_geographique_id == eg.id)
        .group_by(col(lieu.id), lieu.identifiant, lieu.nom, lieu.fonction_lieu)
        .order_by(en_ordre(lieu.nom), lieu.identifiant)
    )


def compter(session: Session, eg: EntiteGeographique) -> str:
    """« 45 lieux »; "" when there is none."""
    requete = select(func.count()).where(LieuRealisationOffre.entite_geographique_id == eg.id)
    n = session.exec(requete).one()
    return f"{n} lieu{'x' if n > 1 else ''}" if n else ""


def mots_de(texte: str) -> list[str]:
    """The words that somebody typed, as `contient` compares them."""
    return sans_accent(texte).split()


def contient(texte: str, mots: Collection[str]) -> bool:
    """Whether each word starts a word of the text."""
    dits = sans_accent(texte).split()
    return all(any(dit.startswith(mot) for dit in dits) for mot in mots)


def usage(nombre: int) -> str:
    """How many offers a lieu serves, in words."""
    if not nombre:
        return "ne sert encore aucune offre"
    return f"sert {nombre} offres" if nombre > 1 else "sert 1 offre"
