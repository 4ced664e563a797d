"""What the screens of the path show: my accès rapides, my établissements, an établissement, a pôle, a UF.

Each function takes `session, acteur` first, goes through the habilitation, and answers plain values. The number of
statements never grows with the number of offers.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, Subquery, case, exists, extract, literal
from sqlmodel import Session, and_, col, func, or_, select

from rxror.ror.champs import section_de
from rxror.ror.dates import aujourd_hui, date_longue, jour_date, mois_annee, moment
from rxror.ror.fraicheur import (
    BROUILLON,
    ETATS,
    MOIS_A_JOUR,
    MOIS_VALABLE,
    Compte,
    Etat,
    Fraicheur,
    fraicheur_de,
    offres,
    precision,
    seuil,
)
from rxror.ror.nomenclatures import sans_accent
from rxror.ror.objets import (
    OBJETS,
    EntiteGeographique,
    EntiteJuridique,
    LieuRealisationOffre,
    OffreLieu,
    OffreOperationnelle,
    OrganisationInterne,
)
from rxror.ror.objets.organisation_interne import POLE, SERVICE, UF
from rxror.ror.parcours import (
    Maillon,
    chemin_de,
    url_creer_offre,
    url_etablissement,
    url_lieu_section,
    url_offre,
    url_offre_section,
    url_structure,
)
from rxror.services.acces import Acteur, Cible, Geste, en_cours, exiger
from rxror.tables import Brouillon, Habilitation

PAR_PAGE = 20
OFFRES_AU_PLUS = 100
SANS_NOM_FINESS = "nom absent de l’extrait FINESS"
TYPES = {POLE: "Pôle", SERVICE: "Service", UF: "Unité fonctionnelle (UF)"}

EG, OI, Offre, Lieu = EntiteGeographique, OrganisationInterne, OffreOperationnelle, LieuRealisationOffre


@dataclass(frozen=True)
class LigneOffre:
    """An offer in a list."""

    identifiant: str
    nom: str
    url: str
    etat: Etat
    brouillon: bool
    precision: str


@dataclass(frozen=True)
class LigneStructure:
    """A pôle, a service or a UF in a list, with what it holds. `offres` is filled for the ones shown open."""

    identifiant: str
    nom: str
    url: str
    contenu: str
    etat: Etat
    a_jour: int
    total: int
    brouillons: str
    offres: list[LigneOffre] = field(default_factory=list)
    ouverte: bool = False
    url_creer: str = ""


@dataclass(frozen=True)
class LigneEtablissement:
    """An établissement in a list."""

    finess: str
    nom: str
    url: str
    categorie: str
    adresse: str
    etat: Etat
    a_jour: int
    total: int
    brouillons: str


@dataclass(frozen=True)
class Fait:
    """A fact that is read and not written here; `origine` says what goes under it."""

    nom: str
    valeur: str
    origine: str = ""


@dataclass(frozen=True)
class Reprise:
    """My latest brouillon, and the form to go back to."""

    nom: str = ""
    detail: str = ""
    url: str = ""
    autres: str = ""


@dataclass(frozen=True)
class Echeance:
    """Offers due in one month, or already late."""

    quand: str
    quoi: str
    ou: str


@dataclass(frozen=True)
class VueAccueil:
    """« Mes accès rapides »."""

    jour: str = ""
    du: str = ""
    prochaine: str = ""
    url_prochaine: str = ""
    a_jour: int = 0
    total: int = 0
    reprise: Reprise = Reprise()
    etablissements: list[LigneEtablissement] = field(default_factory=list)
    nombre: int = 0
    echeances: list[Echeance] = field(default_factory=list)


@dataclass(frozen=True)
class VueEtablissements:
    """« Mes établissements géographiques (EG) ». `seul` is the address of the only one, when there is one."""

    lignes: list[LigneEtablissement] = field(default_factory=list)
    resume: str = ""
    page: int = 1
    pages: int = 1
    tous: int = 0
    en_retard: int = 0
    a_revoir: int = 0
    a_jour: int = 0
    seul: str = ""


@dataclass(frozen=True)
class VueEtablissement:
    """An établissement: what is inside, then what FINESS says."""

    finess: str = ""
    nom: str = ""
    sanitaire: bool = True
    chemin: list[Maillon] = field(default_factory=list)
    etat: Etat = Etat()
    suite: str = ""
    a_jour: int = 0
    total: int = 0
    brouillons: str = ""
    contenu: str = ""
    structures: list[LigneStructure] = field(default_factory=list)
    offres: list[LigneOffre] = field(default_factory=list)
    identification: list[Fait] = field(default_factory=list)
    source: str = ""
    url_creer: str = ""


@dataclass(frozen=True)
class VueStructure:
    """A pôle with its UF, or a UF with its offers."""

    identifiant: str = ""
    nom: str = ""
    type: str = ""
    est_uf: bool = False
    etablissement: str = ""
    chemin: list[Maillon] = field(default_factory=list)
    etat: Etat = Etat()
    suite: str = ""
    brouillons: str = ""
    structures: list[LigneStructure] = field(default_factory=list)
    offres: list[LigneOffre] = field(default_factory=list)
    informations: list[Fait] = field(default_factory=list)
    url_creer: str = ""


@dataclass(frozen=True)
class Filtre:
    """Choices of the filter of the établissements."""

    TOUS = ""
    EN_RETARD = Fraicheur.EN_RETARD.value
    A_REVOIR = Fraicheur.A_REVOIR.value
    A_JOUR = Fraicheur.A_JOUR.value


# ------------------------------------------------------------------ screens


def accueil(session: Session, acteur: Acteur, jour: date | None = None) -> VueAccueil:
    """What remains to do, where I was, how my établissements stand."""
    jour = jour or aujourd_hui()
    mes = _mes_etablissements(acteur, jour)
    lignes, ensemble, nombre = _pires_etablissements(session, mes, jour)
    prochaine = _prochaine(session, mes, jour)
    return VueAccueil(
        jour=jour_date(jour),
        du=_du(ensemble),
        prochaine=prochaine.nom_offre if prochaine else "",
        url_prochaine=url_offre(prochaine.identifiant_offre) if prochaine else "",
        a_jour=ensemble.a_jour,
        total=ensemble.total,
        reprise=_reprise(session, acteur, mes, jour),
        etablissements=lignes,
        nombre=nombre,
        echeances=_echeances(session, mes, jour),
    )


def mes_etablissements(  # noqa: PLR0913  (the screen's own controls)
    session: Session, acteur: Acteur, recherche: str = "", filtre: str = "", page: int = 1, jour: date | None = None
) -> VueEtablissements:
    """My établissements, searched by name, commune, FINESS or SIRET, twenty at a time.

    Args:
        recherche: words that must all be found; accents and case do not count.
        filtre: state of the établissement (`Filtre`), or "" for all.
        page: from 1; a page that does not exist is the nearest one.
    """
    jour = jour or aujourd_hui()
    par_eg = _etats_par_etablissement(_mes_etablissements(acteur, jour), recherche, jour)
    comptes = {
        etat: (nombre, total, a_jour)
        for etat, nombre, total, a_jour in session.execute(
            select(par_eg.c.etat, func.count(), func.sum(par_eg.c.total), func.sum(par_eg.c.a_jour)).group_by(
                par_eg.c.etat
            )
        )
    }
    tous = sum(c[0] for c in comptes.values())
    retenus = comptes.get(filtre, (0, 0, 0)) if filtre else tuple(sum(c[i] for c in comptes.values()) for i in range(3))
    pages = max(1, -(-retenus[0] // PAR_PAGE))
    page = min(max(1, page), pages)
    lignes = _lignes_etablissements(session, par_eg, filtre, limite=PAR_PAGE, debut=(page - 1) * PAR_PAGE)
    return VueEtablissements(
        lignes=lignes,
        resume=f"{_etablissements(retenus[0])}, {retenus[2]} offre{_s(retenus[2])} à jour sur {retenus[1]}",
        page=page,
        pages=pages,
        tous=tous,
        **{f.value: comptes.get(f.value, (0,))[0] for f in (Fraicheur.EN_RETARD, Fraicheur.A_REVOIR, Fraicheur.A_JOUR)},
        seul=lignes[0].url if tous == 1 and not recherche else "",
    )


def etablissement(session: Session, acteur: Acteur, finess: str, jour: date | None = None) -> VueEtablissement:
    """An établissement with its pôles, or its offers in médico-social.

    Raises:
        AccesRefuse: no such établissement, or no habilitation on it.
    """
    jour = jour or aujourd_hui()
    acces = exiger(session, acteur, Cible(EG.GENRE, finess), Geste.LIRE)
    eg: EntiteGeographique = acces.objet
    arbre = _Arbre(session, eg, jour)
    directes = _lignes_offres(session, jour, Offre.entite_geographique_id == eg.id, col(Offre.organisation_interne_id).is_(None))
    ensemble = arbre.ensemble
    cree = not eg.sanitaire and acces.permet(Geste.CREER_OFFRE)
    return VueEtablissement(
        finess=eg.num_finess,
        nom=nom_etablissement(eg),
        sanitaire=eg.sanitaire,
        chemin=chemin_de(("Mes établissements", "/etablissements"), (nom_etablissement(eg), "")),
        etat=ensemble.etat,
        suite=_suite(ensemble),
        a_jour=ensemble.a_jour,
        total=ensemble.total,
        brouillons=_brouillons(ensemble.brouillons),
        contenu=arbre.contenu(None),
        structures=[arbre.ligne(s) for s in arbre.enfants(None)],
        offres=directes,
        identification=_identification(session, eg),
        source=f"Source : FINESS, {date_longue(eg.source_finess)}" if eg.source_finess else "Source : FINESS",
        url_creer=url_creer_offre(EG.GENRE, eg.num_finess) if cree else "",
    )


def structure(session: Session, acteur: Acteur, identifiant: str, jour: date | None = None) -> VueStructure:
    """A pôle or a service with its UF, the first one to review open; or a UF with its offers.

    Raises:
        AccesRefuse: no such structure, or no habilitation on its établissement.
    """
    jour = jour or aujourd_hui()
    acces = exiger(session, acteur, Cible(OI.GENRE, identifiant), Geste.LIRE)
    oi: OrganisationInterne = acces.objet
    arbre = _Arbre(session, acces.etablissement, jour)
    cree = acces.permet(Geste.CREER_OFFRE)
    structures = [arbre.ligne(s, cree) for s in arbre.enfants(oi.id)]
    ensemble = arbre.compte(oi)
    return VueStructure(
        identifiant=oi.identifiant_oi,
        nom=oi.nom_oi,
        type=TYPES.get(oi.type_oi, "Structure"),
        est_uf=oi.type_oi == UF,
        etablissement=nom_etablissement(acces.etablissement),
        chemin=chemin_de(*arbre.chemin(oi)),
        etat=ensemble.etat,
        suite=_suite(ensemble),
        brouillons=_brouillons(ensemble.brouillons),
        structures=_ouvrir_la_premiere(session, arbre, structures, jour),
        offres=_lignes_offres(session, jour, Offre.organisation_interne_id == oi.id),
        informations=_informations(oi, arbre, nom_etablissement(acces.etablissement)),
        url_creer=url_creer_offre(OI.GENRE, oi.identifiant_oi) if cree else "",
    )


def contenu_structure(
    session: Session, acteur: Acteur, identifiant: str, jour: date | None = None
) -> list[LigneStructure]:
    """The UF below a pôle, however deep, each with its offers: one branch of the whole tree.

    Raises:
        AccesRefuse: no such structure, or no habilitation on its établissement.
    """
    jour = jour or aujourd_hui()
    acces = exiger(session, acteur, Cible(OI.GENRE, identifiant), Geste.LIRE)
    arbre = _Arbre(session, acces.etablissement, jour)
    dedans = arbre.descendance(acces.objet)
    par_oi = _offres_par_structure(session, jour, [s.id for s in dedans if s.id])
    return [
        arbre.ligne(s, offres=par_oi[s.id]) for s in dedans if s.id in par_oi or (s.type_oi == UF and s is not dedans[0])
    ]


def chemin(session: Session, etablissement: EntiteGeographique, structure_id: int | None) -> list[tuple[str, str]]:
    """(name, address) of the établissement and of each structure above an object, for `chemin_de`."""
    lieux = [(nom_etablissement(etablissement), url_etablissement(etablissement.num_finess))]
    if structure_id is None:
        return lieux
    structures = {s.id: s for s in session.exec(select(OI).where(OI.entite_geographique_id == etablissement.id))}
    return lieux + [(s.nom_oi, url_structure(s.identifiant_oi)) for s in _ascendance(structures, structure_id)]


def nom_etablissement(eg: EntiteGeographique) -> str:
    """The name people use, else that of FINESS."""
    return eg.nom_operationnel or eg.denomination_eg or f"FINESS {eg.num_finess}"


def lignes_adresse(objet: Any) -> list[str]:
    """Address of an établissement or a lieu, one line of an envelope each."""
    voie = " ".join(p for p in (objet.numero_voie, objet.extension, objet.type_voie, objet.libelle_voie) if p)
    ville = f"{objet.code_postal} {objet.localite}".strip()
    return [ligne for ligne in (objet.complement_point_geographique, voie, objet.lieu_dit, ville) if ligne]


# -------------------------------------------------------------- states in SQL


def _etats(jour: date) -> Select[Any]:
    """Offers with their state on that day and whether a brouillon waits, on them or on one of their lieux."""
    ferme = and_(
        col(Offre.date_fermeture) <= jour,
        or_(
            col(Offre.date_previsionnelle_reouverture).is_(None), col(Offre.date_previsionnelle_reouverture) > jour
        ),
    )
    validation = col(Offre.date_validation)
    return select(
        col(Offre.id).label("id"),
        col(Offre.entite_geographique_id).label("eg"),
        col(Offre.organisation_interne_id).label("oi"),
        validation.label("validation"),
        case(
            (ferme, Fraicheur.FERMEE.value),
            (validation.is_(None), Fraicheur.JAMAIS.value),
            (validation < seuil(jour, MOIS_VALABLE), Fraicheur.EN_RETARD.value),
            (validation < seuil(jour, MOIS_A_JOUR), Fraicheur.A_REVOIR.value),
            else_=Fraicheur.A_JOUR.value,
        ).label("etat"),
        case((_a_un_brouillon(), 1), else_=0).label("brouillon"),
    )


def _a_un_brouillon() -> Any:
    sur_offre = exists().where(col(Brouillon.objet) == literal(f"{Offre.GENRE}:") + col(Offre.identifiant_offre))
    sur_lieu = exists().where(
        col(OffreLieu.offre_operationnelle_id) == col(Offre.id),
        col(OffreLieu.lieu_realisation_offre_id) == col(Lieu.id),
        col(Brouillon.objet) == literal(f"{Lieu.GENRE}:") + col(Lieu.identifiant),
    )
    return or_(sur_offre, sur_lieu)


def _colonnes_compte(etats: Subquery) -> list[Any]:
    """Columns of a `Compte`, in its order."""

    def nombre(*conditions: Any) -> Any:
        return func.coalesce(func.sum(case((and_(*conditions), 1), else_=0)), 0)

    ouverte = etats.c.etat != Fraicheur.FERMEE.value
    return [
        nombre(ouverte).label("total"),
        nombre(etats.c.etat == Fraicheur.A_JOUR.value).label("a_jour"),
        nombre(etats.c.etat == Fraicheur.A_REVOIR.value).label("a_revoir"),
        nombre(etats.c.etat.in_([Fraicheur.EN_RETARD.value, Fraicheur.JAMAIS.value])).label("en_retard"),
        nombre(etats.c.brouillon == 1).label("brouillons"),
        nombre(etats.c.etat == Fraicheur.FERMEE.value).label("fermees"),
    ]


def _mes_etablissements(acteur: Acteur, jour: date) -> Select[Any]:
    return en_cours(select(Habilitation.entite_geographique_id), acteur, jour)


# ----------------------------------------------------------- établissements


def _etats_par_etablissement(mes: Select[Any], recherche: str, jour: date) -> Subquery:
    """One row per établissement of mine that the words find: its columns, its counts, its state."""
    offres_de = _etats(jour).where(col(Offre.entite_geographique_id).in_(mes)).subquery()
    comptes = select(offres_de.c.eg, *_colonnes_compte(offres_de)).group_by(offres_de.c.eg).subquery()
    nombres = [func.coalesce(c, 0).label(c.name) for c in comptes.c if c.name != "eg"]
    requete = (
        select(
            col(EG.id).label("id"),
            *nombres,
            case(
                (comptes.c.en_retard > 0, Fraicheur.EN_RETARD.value),
                (comptes.c.a_revoir > 0, Fraicheur.A_REVOIR.value),
                (comptes.c.total > 0, Fraicheur.A_JOUR.value),
                else_=Fraicheur.FERMEE.value,
            ).label("etat"),
        )
        .outerjoin(comptes, comptes.c.eg == EG.id)
        .where(col(EG.id).in_(mes))
    )
    for mot in sans_accent(recherche).split():
        requete = requete.where(col(EG.recherche).contains(mot, autoescape=True))
    return requete.subquery()


def _lignes_etablissements(
    session: Session, par_eg: Subquery, filtre: str = "", *, limite: int, debut: int = 0, pires: bool = False
) -> list[LigneEtablissement]:
    nom = func.lower(func.coalesce(func.nullif(EG.nom_operationnel, ""), EG.denomination_eg))
    requete = select(EG, *(par_eg.c[c] for c in ("total", "a_jour", "a_revoir", "en_retard", "brouillons", "fermees")))
    requete = requete.join(par_eg, par_eg.c.id == EG.id)
    if filtre:
        requete = requete.where(par_eg.c.etat == filtre)
    ordre = [par_eg.c.en_retard.desc(), par_eg.c.a_revoir.desc()] if pires else []
    requete = requete.order_by(*ordre, nom, EG.num_finess).limit(limite).offset(debut)
    return [_ligne_etablissement(eg, Compte(*nombres)) for eg, *nombres in session.execute(requete)]


def _ligne_etablissement(eg: EntiteGeographique, compte: Compte) -> LigneEtablissement:
    return LigneEtablissement(
        finess=eg.num_finess,
        nom=nom_etablissement(eg),
        url=url_etablissement(eg.num_finess),
        categorie=eg.categorie_libelle,
        adresse=", ".join(lignes_adresse(eg)),
        etat=compte.etat,
        a_jour=compte.a_jour,
        total=compte.total,
        brouillons=_brouillons(compte.brouillons),
    )


def _pires_etablissements(
    session: Session, mes: Select[Any], jour: date
) -> tuple[list[LigneEtablissement], Compte, int]:
    """The four établissements that need work most, the counts of all of them, and how many they are."""
    par_eg = _etats_par_etablissement(mes, "", jour)
    noms = ("total", "a_jour", "a_revoir", "en_retard", "brouillons", "fermees")
    *sommes, nombre = session.execute(
        select(*(func.coalesce(func.sum(par_eg.c[n]), 0) for n in noms), func.count()).select_from(par_eg)
    ).one()
    return _lignes_etablissements(session, par_eg, limite=4, pires=True), Compte(*sommes), nombre


def _identification(session: Session, eg: EntiteGeographique) -> list[Fait]:
    ej, freres = session.execute(
        select(EntiteJuridique, func.count(col(EG.id)))
        .join(EG, col(EG.entite_juridique_id) == EntiteJuridique.id)
        .where(EntiteJuridique.id == eg.entite_juridique_id)
        .group_by(col(EntiteJuridique.id))
    ).one()
    faits = [
        Fait("FINESS établissement", eg.num_finess),
        Fait(
            "FINESS entité juridique",
            ej.num_finess,
            f"{ej.raison_sociale or SANS_NOM_FINESS}, {_etablissements(freres)}",
        ),
        Fait("SIRET", _siret(eg.num_siret)),
        Fait("Catégorie", ", ".join(p for p in (eg.categorie_eg, eg.categorie_libelle) if p)),
        Fait("Adresse", ", ".join(lignes_adresse(eg))),
        Fait("Téléphone", _telephone(eg.telephone_finess)),
        Fait("Ouverture", date_longue(eg.date_ouverture) if eg.date_ouverture else ""),
        Fait("Mise à jour FINESS", date_longue(eg.date_maj_finess) if eg.date_maj_finess else ""),
    ]
    return [f for f in faits if f.valeur]


# --------------------------------------------------------- pôles, UF, offres


class _Arbre:
    """The structures of one établissement and the counts of their offers: two queries, whatever their number."""

    def __init__(self, session: Session, eg: EntiteGeographique, jour: date) -> None:
        self.eg = eg
        requete = select(OI).where(OI.entite_geographique_id == eg.id).order_by(OI.nom_oi)
        self.structures = {s.id: s for s in session.exec(requete)}
        etats = _etats(jour).where(Offre.entite_geographique_id == eg.id).subquery()
        self.comptes: dict[int | None, Compte] = {
            oi: Compte(*nombres)
            for oi, *nombres in session.execute(select(etats.c.oi, *_colonnes_compte(etats)).group_by(etats.c.oi))
        }

    @property
    def ensemble(self) -> Compte:
        """All the offers of the établissement."""
        return sum(self.comptes.values(), Compte())

    def enfants(self, parent_id: int | None) -> list[OrganisationInterne]:
        """Structures right below another, or at the top."""
        return [s for s in self.structures.values() if s.parent_id == parent_id]

    def descendance(self, oi: OrganisationInterne) -> list[OrganisationInterne]:
        """The structure itself, then all that hangs below it."""
        return [self.structures[oi.id], *(d for e in self.enfants(oi.id) for d in self.descendance(e))]

    def compte(self, oi: OrganisationInterne) -> Compte:
        """Offers of the structure and of all that hangs below it."""
        return sum((self.comptes.get(s.id, Compte()) for s in self.descendance(oi)), Compte())

    def contenu(self, oi: OrganisationInterne | None) -> str:
        """« 8 pôles, 30 UF, 80 offres »."""
        dedans = self.descendance(oi)[1:] if oi else list(self.structures.values())
        total = self.compte(oi).total if oi else self.ensemble.total
        poles = sum(s.type_oi == POLE for s in dedans)
        ufs = sum(s.type_oi == UF for s in dedans)
        return ", ".join(
            [*([f"{poles} pôle{_s(poles)}"] if poles else []), *([f"{ufs} UF"] if ufs else []), offres(total)]
        )

    def chemin(self, oi: OrganisationInterne) -> list[tuple[str, str]]:
        """(name, address) from the établissement down to the structure."""
        lieux = [(nom_etablissement(self.eg), url_etablissement(self.eg.num_finess))]
        return lieux + [(s.nom_oi, url_structure(s.identifiant_oi)) for s in _ascendance(self.structures, oi.id)]

    def ligne(
        self, oi: OrganisationInterne, cree: bool = False, offres: list[LigneOffre] | None = None
    ) -> LigneStructure:
        """The structure as a line of a list."""
        compte = self.compte(oi)
        return LigneStructure(
            identifiant=oi.identifiant_oi,
            nom=oi.nom_oi,
            url=url_structure(oi.identifiant_oi),
            contenu=self.contenu(oi),
            etat=compte.etat,
            a_jour=compte.a_jour,
            total=compte.total,
            brouillons=_brouillons(compte.brouillons),
            offres=offres or [],
            url_creer=url_creer_offre(OI.GENRE, oi.identifiant_oi) if cree else "",
        )


def _ascendance(structures: dict[Any, OrganisationInterne], structure_id: int | None) -> list[OrganisationInterne]:
    """From the top down to the structure; a loop in the data stops it."""
    chaine: list[OrganisationInterne] = []
    while structure_id in structures and structures[structure_id] not in chaine:
        chaine.insert(0, structures[structure_id])
        structure_id = chaine[0].parent_id
    return chaine


def _lignes_offres(session: Session, jour: date, *conditions: Any) -> list[LigneOffre]:
    requete = select(Offre, case((_a_un_brouillon(), 1), else_=0)).where(*conditions).order_by(Offre.nom_offre)
    return [_ligne_offre(o, bool(b), jour) for o, b in session.execute(requete.limit(OFFRES_AU_PLUS))]


def _offres_par_structure(session: Session, jour: date, ids: Iterable[int]) -> dict[int, list[LigneOffre]]:
    requete = select(Offre, case((_a_un_brouillon(), 1), else_=0)).where(
        col(Offre.organisation_interne_id).in_(list(ids))
    )
    par_oi: dict[int, list[LigneOffre]] = {}
    for offre, brouillon in session.execute(requete.order_by(Offre.nom_offre).limit(OFFRES_AU_PLUS)):
        par_oi.setdefault(offre.organisation_interne_id, []).append(_ligne_offre(offre, bool(brouillon), jour))
    return par_oi


def _ligne_offre(offre: OffreOperationnelle, brouillon: bool, jour: date) -> LigneOffre:
    fraicheur = fraicheur_de(
        offre.date_validation, offre.date_fermeture, offre.date_previsionnelle_reouverture, jour
    )
    return LigneOffre(
        identifiant=offre.identifiant_offre,
        nom=offre.nom_offre,
        url=url_offre(offre.identifiant_offre),
        etat=ETATS[fraicheur],
        brouillon=brouillon,
        precision=precision(fraicheur, offre.date_validation, offre.date_fermeture),
    )
