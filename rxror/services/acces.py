"""Who may do what: the habilitation is read from the database, at every call, for the object received."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, column, exists, false, or_, table, union
from sqlmodel import Session, col, select

from rxror import db
from rxror.ror import reperes
from rxror.ror.dates import aujourd_hui
from rxror.ror.erreurs import AccesRefuse, ObjetFerme, ParentFerme
from rxror.ror.fermeture import est_archive, ferme_ou_le_sera
from rxror.ror.nomenclatures import Commune
from rxror.ror.objets import (
    OBJETS,
    EntiteGeographique,
    EntiteJuridique,
    LieuRealisationOffre,
    OffreLieu,
    OffreOperationnelle,
    OrganisationInterne,
)
from rxror.services.droits import PREPARENT, Geste, gestes_de, roles_pour
from rxror.tables import Habilitation, Portee, ReglageEtablissement, Role


@dataclass(frozen=True)
class Acteur:
    """The signed-in person, as the server knows them from the web session.

    Attributes:
        empreinte: SHA-256 of the session's secret.
    """

    id: int
    iss: str
    sub: str
    nom: str
    empreinte: str = ""
    demonstration: bool = False


CHANGER = frozenset({Geste.MODIFIER, Geste.VALIDER, Geste.DEMANDER, Geste.CONFIER})
CREER = frozenset({Geste.CREER_OFFRE, Geste.CREER_STRUCTURE})
TERRITOIRES: dict[Portee, Any] = {Portee.DEPARTEMENT: Commune.departement, Portee.REGION: Commune.region}
IDENTIFIANTS: dict[str, Any] = {genre: getattr(OBJETS[genre], nom) for genre, nom in reperes.IDENTIFIANTS.items()}


@dataclass(frozen=True)
class Cible:
    """An object as a URL names it: its kind (key of OBJETS) and its identifier."""

    genre: str
    identifiant: str

    @property
    def cle(self) -> str:
        """Name of the object in brouillons and traces, e.g. "offre:76/0000001"."""
        return f"{self.genre}:{self.identifiant}"


@dataclass(frozen=True)
class Acces:
    """An object one may act on, with its établissement and the gestures allowed there."""

    objet: Any
    etablissement: EntiteGeographique
    gestes: frozenset[Geste]

    def permet(self, geste: Geste) -> bool:
        """Whether the gesture is allowed."""
        return geste in self.gestes


def valable(acteur: Acteur, jour: date | None = None) -> ColumnElement[bool]:
    """Whether a row of Habilitation gives this acteur a right on that day, today by default.

    A delegation holds as long as the right of which it is one.
    """
    jour = jour or aujourd_hui()
    delegue = _une_autre(Habilitation)
    debout = exists().where(delegue.c.id == Habilitation.suppleance_de, _tient(delegue.c, jour))  # type: ignore[arg-type]
    return and_(
        col(Habilitation.utilisateur_id) == acteur.id,
        _tient(Habilitation, jour),
        or_(col(Habilitation.suppleance_de).is_(None), debout),
    )


CITEES = {  # what the conditions below read of a table that a query may hold already
    EntiteGeographique: ("id", "num_finess", "entite_juridique_id", "commune_cog"),
    OrganisationInterne: ("id", "parent_id", "identifiant_oi", "entite_geographique_id"),
    OffreLieu: ("lieu_realisation_offre_id",),
    Habilitation: ("id", "debut", "fin"),
}


def _une_autre(classe: Any) -> Any:
    """A table a second time in a query, with these columns only: the whole entity takes much longer to build."""
    colonnes = (column(nom, classe.__table__.c[nom].type) for nom in CITEES[classe])
    return table(classe.__tablename__, *colonnes).alias()


def _tient(droit: Any, jour: date) -> ColumnElement[bool]:
    return and_(or_(droit.debut.is_(None), droit.debut <= jour), or_(droit.fin.is_(None), droit.fin >= jour))


def exiger(session: Session, acteur: Acteur, cible: Cible, geste: Geste) -> Acces:
    """Load an object through the habilitations of the acteur, or refuse. One query, two for a right on a structure.

    A right on a structure covers it and what is below, and lieux that serve no offer yet; of the rest of its
    établissement it lets one read.
    In a transaction that writes, nobody else changes the object before its end.

    Raises:
        AccesRefuse: no such object, no habilitation on it, or a role without that gesture.
        ObjetFerme: it is closed for good, and changes no more before it is reopened.
        ParentFerme: it is closed, or is going to be: nothing new may hang below.
    """
    classe: Any = OBJETS.get(cible.genre)
    identifiant = IDENTIFIANTS.get(cible.genre)
    if classe is None or identifiant is None or not (cible.identifiant and cible.identifiant.isprintable()):
        raise AccesRefuse(cible.cle)
    lignes = _lignes(session, acteur, classe, identifiant == cible.identifiant, geste)
    if not lignes:
        raise AccesRefuse(cible.cle)
    objet, etablissement, separee = lignes[0][0], lignes[0][1], bool(lignes[0][2])
    droits = [ligne[3] for ligne in lignes]
    gestes = frozenset().union(*_gestes(session, objet, droits, separee))
    if geste not in gestes:
        raise AccesRefuse(cible.cle)
    permis = gestes - interdits_par_fermeture(objet)
    if geste not in permis:
        raise ParentFerme if geste in CREER else ObjetFerme
    return Acces(objet, etablissement, permis)


def _lignes(session: Session, acteur: Acteur, classe: Any, ici: Any, geste: Geste) -> list[Any]:
    """(object, établissement, whether it separates, habilitation) for each right that reaches there."""
    eg = EntiteGeographique
    separee = (
        select(ReglageEtablissement.validation_separee)
        .where(ReglageEtablissement.finess == eg.num_finess)
        .correlate(eg)
        .scalar_subquery()
    )
    soi = classe is EntiteGeographique
    colonnes: list[Any] = [eg, separee, Habilitation]
    requete: Any = select(*(colonnes if soi else [classe, *colonnes]))
    if not soi:
        requete = requete.join(eg, classe.entite_geographique_id == eg.id)
    requete = requete.join(Habilitation, and_(valable(acteur), _porte_sur_l_etablissement())).where(ici)
    if geste is not Geste.LIRE and db.ecrit(session):
        requete = pour_soi(requete, classe)
    lignes = session.execute(requete).all()
    return [(o, o, s, h) for o, s, h in lignes] if soi else list(lignes)


def _porte_sur_l_etablissement() -> ColumnElement[bool]:
    """Whether a habilitation reaches into an établissement, be it one structure of it."""
    droit, eg = Habilitation, EntiteGeographique
    juridique = exists().where(
        col(EntiteJuridique.id) == eg.entite_juridique_id, col(EntiteJuridique.num_finess) == droit.code
    )
    oi = _une_autre(OrganisationInterne)  # the object itself may be one
    structure = exists().where(oi.c.identifiant_oi == droit.code, oi.c.entite_geographique_id == eg.id)
    return or_(
        and_(droit.portee == Portee.ETABLISSEMENT, droit.code == eg.num_finess),  # type: ignore[arg-type]
        and_(droit.portee == Portee.ENTITE_JURIDIQUE, juridique),  # type: ignore[arg-type]
        and_(droit.portee == Portee.STRUCTURE, structure),  # type: ignore[arg-type]
        *(
            and_(
                droit.portee == portee,  # type: ignore[arg-type]
                exists().where(col(Commune.code_insee) == eg.commune_cog, colonne == droit.code),
            )
            for portee, colonne in TERRITOIRES.items()
        ),
    )


def _gestes(session: Session, objet: Any, droits: Iterable[Habilitation], separee: bool) -> list[frozenset[Geste]]:
    """What each right allows on the object."""
    droits = list(droits)
    codes = [d.code for d in droits if d.portee is Portee.STRUCTURE]
    couvertes = _structures_couvrant(session, objet, codes) if codes else set[str]()
    return [
        gestes_de(droit.role, type(objet), separee=separee)
        if droit.portee is not Portee.STRUCTURE or droit.code in couvertes
        else frozenset({Geste.LIRE})
        for droit in droits
    ]


def _structures_couvrant(session: Session, objet: Any, codes: list[str]) -> set[str]:
    """Which of these structures an object is, or is below."""
    classe: Any = type(objet)
    if classe is EntiteGeographique:
        return set()
    soi, parent, grand_parent = (_une_autre(OrganisationInterne) for _ in range(3))
    dessus: Any = select(soi.c.identifiant_oi, parent.c.identifiant_oi, grand_parent.c.identifiant_oi)
    dessus = dessus.outerjoin(parent, soi.c.parent_id == parent.c.id)
    dessus = dessus.outerjoin(grand_parent, parent.c.parent_id == grand_parent.c.id)
    if classe is LieuRealisationOffre:
        dessus = (
            dessus.join(OffreOperationnelle, col(OffreOperationnelle.organisation_interne_id) == soi.c.id)
            .join(OffreLieu, col(OffreLieu.offre_operationnelle_id) == OffreOperationnelle.id)
            .where(OffreLieu.lieu_realisation_offre_id == objet.id)
        )
    else:
        dessus = dessus.where(
            soi.c.id == (objet.id if classe is OrganisationInterne else objet.organisation_interne_id)
        )
    lignes = session.execute(dessus).all()
    if classe is LieuRealisationOffre and not lignes:
        return set(codes) if _ne_sert_rien(session, objet) else set()
    return {code for ligne in lignes for code in ligne if code in codes}


def _ne_sert_rien(session: Session, lieu: LieuRealisationOffre) -> bool:
    """Whether no offer has this lieu yet, be it one without UF."""
    return session.exec(select(OffreLieu).where(OffreLieu.lieu_realisation_offre_id == lieu.id)).first() is None


# ------------------------------------------------------------------- many objects at once


def etablissements_de(
    acteur: Acteur, jour: date | None = None, roles: Iterable[Role] | None = None, *, entiers: bool = False
) -> CompoundSelect[Any]:
    """Ids of the établissements that a right reaches.

    Args:
        roles: only by these.
        entiers: only those that it covers whole, not by one structure.
    """
    eg = _une_autre(EntiteGeographique)
    oi = _une_autre(OrganisationInterne)
    droit = Habilitation
    depuis: dict[Portee, Any] = {
        Portee.ETABLISSEMENT: select(eg.c.id).join(droit, col(droit.code) == eg.c.num_finess),
        Portee.ENTITE_JURIDIQUE: select(eg.c.id)
        .join(EntiteJuridique, col(EntiteJuridique.id) == eg.c.entite_juridique_id)
        .join(droit, col(droit.code) == EntiteJuridique.num_finess),
        Portee.STRUCTURE: select(oi.c.entite_geographique_id).join(droit, col(droit.code) == oi.c.identifiant_oi),
        **{
            portee: select(eg.c.id)
            .join(Commune, col(Commune.code_insee) == eg.c.commune_cog)
            .join(droit, col(droit.code) == colonne)
            for portee, colonne in TERRITOIRES.items()
        },
    }
    condition = valable(acteur, jour)
    if roles is not None:
        condition = and_(condition, col(droit.role).in_(list(roles)))
    return union(
        *(
            requete.where(condition, droit.portee == portee)
            for portee, requete in depuis.items()
            if not (entiers and portee is Portee.STRUCTURE)
        )
    )


def permis(acteur: Acteur, geste: Geste, classe: Any, jour: date | None = None) -> ColumnElement[bool]:
    """Whether a row of a class is one on which the acteur may do that; closed objects are not looked at."""
    roles = roles_pour(geste, classe)
    if geste is Geste.LIRE:
        return _etablissement_de(classe).in_(etablissements_de(acteur, jour, roles))
    libres = [role for role in roles if geste not in PREPARENT.get(role, ())]
    if libres == roles:
        return _couvert(acteur, classe, roles, jour)
    return or_(_couvert(acteur, classe, libres, jour), and_(_couvert(acteur, classe, roles, jour), ~_separe(classe)))


def _separe(classe: Any) -> ColumnElement[bool]:
    """Whether the établissement of a row separates who prepares from who publishes."""
    eg = _une_autre(EntiteGeographique)
    return exists().where(
        eg.c.id == _etablissement_de(classe),
        col(ReglageEtablissement.finess) == eg.c.num_finess,
        col(ReglageEtablissement.validation_separee),
    )


def confie(acteur: Acteur, classe: Any, jour: date | None = None) -> ColumnElement[bool]:
    """Whether a row of a class is one that a right of theirs covers, whatever its role, and does not only let read."""
    return _couvert(acteur, classe, list(Role), jour)


def _couvert(acteur: Acteur, classe: Any, roles: list[Role], jour: date | None) -> ColumnElement[bool]:
    entiers = _etablissement_de(classe).in_(etablissements_de(acteur, jour, roles, entiers=True))
    return or_(entiers, _sous_mes_structures(acteur, classe, roles, jour))


def _etablissement_de(classe: Any) -> Any:
    """The column that says of which établissement a row is."""
    return classe.id if classe is EntiteGeographique else classe.entite_geographique_id


def _sous_mes_structures(acteur: Acteur, classe: Any, roles: list[Role], jour: date | None) -> ColumnElement[bool]:
    if classe is EntiteGeographique:
        return false()
    soi, parent, grand_parent = (_une_autre(OrganisationInterne) for _ in range(3))
    codes = select(Habilitation.code).where(
        valable(acteur, jour), Habilitation.portee == Portee.STRUCTURE, col(Habilitation.role).in_(roles)
    )
    dessous = (
        select(soi.c.id)
        .outerjoin(parent, soi.c.parent_id == parent.c.id)  # type: ignore[arg-type]
        .outerjoin(grand_parent, parent.c.parent_id == grand_parent.c.id)  # type: ignore[arg-type]
        .where(or_(*(oi.c.identifiant_oi.in_(codes) for oi in (soi, parent, grand_parent))))
    )
    if classe is OrganisationInterne:
        return col(OrganisationInterne.id).in_(dessous)
    offre = OffreOperationnelle
    if classe is LieuRealisationOffre:
        lieu = LieuRealisationOffre
        servies = (
            select(OffreLieu.lieu_realisation_offre_id)
            .join(offre, col(offre.id) == OffreLieu.offre_operationnelle_id)
            .where(col(offre.organisation_interne_id).in_(dessous))
        )
        usage = _une_autre(OffreLieu)
        ici = col(lieu.entite_geographique_id).in_(etablissements_de(acteur, jour, roles))
        libre = and_(ici, ~exists().where(usage.c.lieu_realisation_offre_id == lieu.id))
        return or_(col(lieu.id).in_(servies), libre)
    return col(offre.organisation_interne_id).in_(dessous)


def pour_soi(requete: Select[Any], classe: Any) -> Select[Any]:
    """Wait until nobody else changes these objects, and read them as they then are. SQLite has waited already."""
    return requete.with_for_update(of=classe, key_share=True).execution_options(populate_existing=True)


def interdits_par_fermeture(objet: Any) -> frozenset[Geste]:
    """Gestures that a closing forbids: to change what is closed for good, to create below what is closed."""
    jour = aujourd_hui()
    interdits = CHANGER if est_archive(objet, jour) else frozenset[Geste]()
    return interdits | CREER if ferme_ou_le_sera(objet, jour) else interdits
