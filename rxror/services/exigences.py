"""The national requirements of an offer, on what would be published, and of an EG, on what is published."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlmodel import Session, col, func, or_, select

from rxror.ror import parcours
from rxror.ror.autorisations import Autorisation, resumer
from rxror.ror.champs import champs_de, groupes_de
from rxror.ror.dates import aujourd_hui
from rxror.ror.exigences.entrees import EtablissementVu, FicheFiness, OffreVue, voir_offre
from rxror.ror.exigences.etablissement import verifier_etablissement
from rxror.ror.exigences.offre import verifier_offre
from rxror.ror.exigences.peuplement import peuplement
from rxror.ror.exigences.recence import re1_2, recence
from rxror.ror.exigences.verdicts import Statut, Verdict
from rxror.ror.fermeture import DEFINITIVE
from rxror.ror.fraicheur import Compte
from rxror.ror.objets import (
    EntiteGeographique,
    EntiteJuridique,
    LieuRealisationOffre,
    OffreOperationnelle,
    OrganisationInterne,
)
from rxror.ror.objets.organisation_interne import UF
from rxror.ror.regles.valeurs import jour as en_jour
from rxror.ror.reperes import nom_de
from rxror.ror.saisie import Valeurs
from rxror.services import contenu
from rxror.services.acces import Acteur, Cible, Geste, exiger
from rxror.services.dossier import Dossier
from rxror.services.etats import comptes, etats
from rxror.services.exigences_vues import (
    ORDRE,
    ExigencesOffre,
    VueExigences,
    VueRecence,
    bascules,
    de_l_eg,
    ligne_peuplement,
    lue,
    par_exigence,
    resume,
    sans_objet,
    sources,
    vue_recence,
)
from rxror.services.nomenclatures import catalogue
from rxror.tables import AutorisationFiness, ReleveActivites, ReleveFiness, StatutAutorisation
from rxror.tri import en_ordre

# Groups that the requirements look at, by class: the others are not read.
GROUPES = {
    OffreOperationnelle: ("patientele", "activite_operationnelle", "contact"),
    LieuRealisationOffre: ("capacite_accueil_operationnelle",),
}


# --------------------------------------------------------------------------- one offer


def de_l_offre(session: Session, ouvert: Dossier) -> ExigencesOffre:
    """The requirements of an offer as « Valider » would publish it, and the recency of its établissement.

    The right to read was checked when the dossier was opened. Four queries.
    """
    autour = _autour(session, ouvert)
    return _lues(ouvert, [*autour.verdicts(ouvert.principale.publiables, _publiables(ouvert)), autour.recence()])


def avant_apres(session: Session, ouvert: Dossier) -> ExigencesOffre:
    """The same, with what is published beside: « CP4 : Écart → Conforme ». RE1.2 counts the offer as updated today.

    One query more where a lieu leaves the offer.
    """
    autour, piece = _autour(session, ouvert), ouvert.principale
    avant = [*autour.verdicts(piece.publiees, _publiees(session, ouvert)), autour.recence()]
    apres = [*autour.verdicts(piece.publiables, _publiables(ouvert)), autour.recence(piece.objet.id)]
    lues = _lues(ouvert, apres, {v.exigence.id: v.statut.value for v in avant})
    lues.bascules = bascules(avant, apres)
    return lues


@dataclass(frozen=True)
class _Autour:
    """What the requirements of an offer need beyond its own values."""

    ouvert: Dossier
    etablissement: EtablissementVu
    uf: str
    dates: Sequence[Any]

    def verdicts(self, valeurs: Mapping[str, Any], lieux: Mapping[str, Mapping[str, Any]]) -> list[Verdict]:
        offre, categorie = self.ouvert.principale.objet.identifiant_offre, self.ouvert.etablissement.categorie_eg
        cat = self.ouvert.catalogue
        vue = voir_offre(valeurs, lieux, cat, identifiant=offre, uf=self.uf, categorie=categorie)
        return verifier_offre(vue, self.etablissement)

    def recence(self, maintenant: int | None = None) -> Verdict:
        """RE1.2; `maintenant` is the id of an offer that would be updated now."""
        return _re1_2(self.etablissement, self.dates, aujourd_hui(), maintenant)


def _autour(session: Session, ouvert: Dossier) -> _Autour:
    eg = ouvert.etablissement
    vu = _voir_etablissement(session, eg, doublons=False)
    uf = _nom_de_l_uf(session, ouvert.principale.objet.organisation_interne_id)
    return _Autour(ouvert, vu, uf, session.exec(_dates(eg)).all())


def _publiables(ouvert: Dossier) -> dict[str, Valeurs]:
    return {cle: piece.publiables for cle, piece in ouvert.lieux.items()}


def _publiees(session: Session, ouvert: Dossier) -> dict[str, Valeurs]:
    """What the lieux that an offer publishes hold, those included that its brouillon gives up."""
    connus = {cle: piece.publiees for cle, piece in ouvert.lieux.items()}
    partis = set(ouvert.principale.publiees.get(contenu.LIEUX) or []) - set(connus)
    if not partis:
        return connus
    classe = LieuRealisationOffre
    lieux = session.exec(select(classe).where(col(classe.identifiant).in_(partis)).order_by(col(classe.id))).all()
    valeurs = contenu.lire(session, classe, lieux, _sections(classe))
    return connus | {lieu.identifiant: valeurs[lieu.id or 0] for lieu in lieux}


def _lues(ouvert: Dossier, verdicts: Sequence[Verdict], publiees: Mapping[str, str] | None = None) -> ExigencesOffre:
    lien, offre = ouvert.acces.permet(Geste.MODIFIER), ouvert.principale.objet.identifiant_offre
    return ExigencesOffre(
        lignes=[
            lue(v, offre, lien, (publiees or {}).get(v.exigence.id, ""))
            for v in verdicts
            if v.statut is not Statut.SANS_OBJET
        ],
        sans_objet=sans_objet([v for v in verdicts if v.statut is Statut.SANS_OBJET]),
        url_etablissement=parcours.url_exigences(ouvert.etablissement.num_finess),
        remedes=frozenset(v.remede for v in verdicts if v.remede),
    )


def en_ecart(session: Session, ouverts: Sequence[Dossier]) -> set[str]:
    """Keys of those of these offers that a requirement finds fault with, as « Valider » would publish them.

    The right to read was checked when the dossiers were opened. Three queries.
    """
    offres = [d for d in ouverts if isinstance(d.principale.objet, OffreOperationnelle)]
    if not offres:
        return set()
    vus = _voir_etablissements(session, {d.etablissement.num_finess: d.etablissement for d in offres}.values())
    ufs = _noms_des_uf(
        session, col(OrganisationInterne.id).in_({d.principale.objet.organisation_interne_id for d in offres})
    )
    return {d.cible.cle for d in offres if _en_ecart(d, vus[d.etablissement.num_finess], ufs)}


def _en_ecart(ouvert: Dossier, etablissement: EtablissementVu, ufs: Mapping[int | None, str]) -> bool:
    offre = ouvert.principale.objet
    vue = voir_offre(
        ouvert.principale.publiables,
        {cle: piece.publiables for cle, piece in ouvert.lieux.items()},
        ouvert.catalogue,
        identifiant=offre.identifiant_offre,
        uf=ufs.get(offre.organisation_interne_id, ""),
        categorie=ouvert.etablissement.categorie_eg,
    )
    return any(v.statut is Statut.ECART for v in verifier_offre(vue, etablissement))


def _voir_etablissements(session: Session, egs: Iterable[EntiteGeographique]) -> dict[str, EtablissementVu]:
    """What the requirements of an offer look at, {FINESS: établissement}: two queries."""
    par_finess = {eg.num_finess: eg for eg in egs}
    lignes = session.exec(
        select(EntiteGeographique.num_finess, EntiteJuridique.num_finess, ReleveActivites, ReleveFiness)
        .select_from(EntiteGeographique)
        .join(EntiteJuridique, col(EntiteJuridique.id) == EntiteGeographique.entite_juridique_id)
        .outerjoin(ReleveActivites, col(ReleveActivites.finess) == EntiteGeographique.num_finess)
        .outerjoin(ReleveFiness, col(ReleveFiness.finess) == EntiteGeographique.num_finess)
        .where(col(EntiteGeographique.num_finess).in_(list(par_finess)))
    ).all()
    requete = select(AutorisationFiness).where(col(AutorisationFiness.finess).in_([f for f, _, r, _ in lignes if r]))
    autorisations: dict[str, list[AutorisationFiness]] = {}
    for autorisation in session.exec(requete.order_by(col(AutorisationFiness.id))):
        autorisations.setdefault(autorisation.finess, []).append(autorisation)
    return {f: _vu(par_finess[f], ej, releve, dit, autorisations.get(f, [])) for f, ej, releve, dit in lignes}


def _re1_2(etablissement: EtablissementVu, dates: Iterable[Any], jour: date, maintenant: int | None = None) -> Verdict:
    """From the dates alone; `maintenant` is the id of an offer that would be updated now."""
    rapides = [_datee(datetime.now(UTC) if i == maintenant else date_, *suite) for i, date_, *suite in dates]
    return re1_2(etablissement, recence(rapides, jour))


def _dates(eg: EntiteGeographique) -> Any:
    offre = OffreOperationnelle
    colonnes = (col(offre.id), col(offre.date_mise_jour), col(offre.date_fermeture), col(offre.type_fermeture))
    return select(*colonnes).where(offre.entite_geographique_id == eg.id)


def _datee(mise_a_jour: Any, fermeture: date | None, type_fermeture: str) -> OffreVue:
    return OffreVue(mise_a_jour=mise_a_jour, fermee=fermeture is not None and type_fermeture == DEFINITIVE)


# ------------------------------------------------------------------- one établissement


def de_l_etablissement(session: Session, acteur: Acteur, cible: Cible, jour: date | None = None) -> VueExigences:
    """All the requirements of an établissement, in a number of queries that does not depend on its offers.

    Raises:
        AccesRefuse: no right to read it.
    """
    jour = jour or aujourd_hui()
    acces = exiger(session, acteur, cible, Geste.LIRE)
    eg = acces.etablissement
    etablissement = _voir_etablissement(session, eg)
    vues = _voir_offres(session, eg)
    par_offre = [verdict for vue in vues for verdict in verifier_offre(vue, etablissement)]
    lignes = peuplement(etablissement, vues)
    recente = re1_2(etablissement, recence(vues, jour))
    exigences = [
        *par_exigence(par_offre, lignes, lien=acces.permet(Geste.MODIFIER)),
        *(de_l_eg(v) for v in verifier_etablissement(etablissement, vues)),
    ]
    compte = _fraicheur(session, eg, jour)
    montrees = [e for e in exigences if e["etat"] != Statut.SANS_OBJET]
    nom = nom_de(eg)
    places = ((nom, parcours.url_etablissement(eg.num_finess)), ("Exigences nationales", ""))
    return VueExigences(
        finess=eg.num_finess,
        nom=nom,
        sanitaire=eg.sanitaire,
        chemin=parcours.chemin_de(*places),
        resume=resume([recente.statut, *(Statut(e["etat"]) for e in montrees)]),
        sources=sources(etablissement),
        peuplement=[ligne_peuplement(p) for p in lignes],
        recence=vue_recence(nom, recente, compte, jour),
        exigences=sorted(montrees, key=lambda e: ORDRE.index(Statut(e["etat"]))),
        sans_objet=", ".join(e["reference"].partition(",")[0] for e in exigences if e not in montrees),
        demonstration=any(session.exec(_demonstration(eg))),
    )


def recence_de(session: Session, eg: EntiteGeographique, jour: date, compte: Compte | None = None) -> VueRecence:
    """RE1.2 and our own « 100 % à jour » of an établissement that one may read; four queries at most.

    Args:
        compte: its offers by state, when they are counted already.
    """
    verdict = _re1_2(_voir_etablissement(session, eg, doublons=False), session.exec(_dates(eg)), jour)
    return vue_recence(nom_de(eg), verdict, compte or _fraicheur(session, eg, jour), jour)


def _demonstration(eg: EntiteGeographique) -> Any:
    offre = OffreOperationnelle
    return select(offre.id).where(offre.entite_geographique_id == eg.id, col(offre.demonstration)).limit(1)


def _voir_etablissement(session: Session, eg: EntiteGeographique, *, doublons: bool = True) -> EtablissementVu:
    """One query for the EJ, what FINESS says and the authorisations' day, one for these, one for the identifier."""
    ej, releve, dit = session.exec(
        select(EntiteJuridique.num_finess, ReleveActivites, ReleveFiness)
        .select_from(EntiteJuridique)
        .outerjoin(ReleveActivites, col(ReleveActivites.finess) == eg.num_finess)
        .outerjoin(ReleveFiness, col(ReleveFiness.finess) == eg.num_finess)
        .where(EntiteJuridique.id == eg.entite_juridique_id)
    ).one()
    lues = session.exec(select(AutorisationFiness).where(AutorisationFiness.finess == eg.num_finess)) if releve else []
    return _vu(eg, ej, releve, dit, lues, doublons=_doublons(session, eg) if doublons else 0)


def _vu(
    eg: EntiteGeographique,
    ej: str,
    releve: ReleveActivites | None,
    dit: ReleveFiness | None,
    lues: Iterable[AutorisationFiness],
    doublons: int = 0,
) -> EtablissementVu:
    return EtablissementVu(
        finess=eg.num_finess,
        nom=nom_de(eg),
        categorie=eg.categorie_eg,
        ej=ej,
        fermeture=eg.date_fermeture,
        type_fermeture=eg.type_fermeture,
        doublons=doublons,
        fiche=_fiche(dit) if dit else None,
        autorisations=resumer(map(_autorisation, lues), releve.jour, releve.finess_ej) if releve else None,
    )


def _fiche(dit: ReleveFiness) -> FicheFiness:
    """What FINESS last said, whatever the record says."""
    valeurs = dit.valeurs
    return FicheFiness(
        dit.jour,
        categorie=valeurs.get("categorie_eg") or "",
        ej=valeurs.get("entite_juridique_id") or "",
        fermeture=en_jour(valeurs.get("date_fermeture")),
        type_fermeture=valeurs.get("type_fermeture") or "",
    )


def _autorisation(ligne: AutorisationFiness) -> Autorisation:
    etat = "I" if ligne.statut is StatutAutorisation.INACTIVE else "A"
    return Autorisation(
        ligne.nature, ligne.activite, ligne.modalite, ligne.mention, ligne.forme, ligne.fin, ligne.fin_effective, etat
    )


def _doublons(session: Session, eg: EntiteGeographique) -> int:
    """Other open EG of the region with the same national identifier, and open EJ whose number makes it."""
    identifiant = eg.id_nat_struct or f"1{eg.num_finess}"
    autres = (
        select(func.count())
        .where(
            EntiteGeographique.id_nat_struct == identifiant,
            EntiteGeographique.region_source == eg.region_source,
            EntiteGeographique.id != eg.id,
            col(EntiteGeographique.date_fermeture).is_(None),
        )
        .scalar_subquery()
    )
    ej = (
        select(func.count())
        .where(
            EntiteJuridique.num_finess == identifiant[1:],
            EntiteJuridique.region_source == eg.region_source,
            col(EntiteJuridique.date_fermeture).is_(None),
            identifiant.startswith("1"),
        )
        .scalar_subquery()
    )
    return session.exec(select(autres + ej)).one()


def _voir_offres(session: Session, eg: EntiteGeographique) -> list[OffreVue]:
    """Every offer as it is published: five queries."""
    offre = OffreOperationnelle
    publiees = list(
        session.exec(
            select(offre)
            .where(offre.entite_geographique_id == eg.id)
            .order_by(en_ordre(offre.nom_offre), col(offre.id))
        )
    )
    if not publiees:
        return []
    lieux = list(session.exec(select(LieuRealisationOffre).where(LieuRealisationOffre.entite_geographique_id == eg.id)))
    des_lieux = contenu.lire(session, LieuRealisationOffre, lieux, _sections(LieuRealisationOffre))
    par_lieu = {lieu.identifiant: des_lieux[lieu.id or 0] for lieu in lieux}
    ufs = _noms_des_uf(session, OrganisationInterne.entite_geographique_id == eg.id)
    valeurs = contenu.lire(session, offre, publiees, _sections(offre))
    cat = catalogue(session)
    return [
        voir_offre(
            valeurs[o.id or 0],
            par_lieu,
            cat,
            identifiant=o.identifiant_offre,
            uf=ufs.get(o.organisation_interne_id, ""),
            categorie=eg.categorie_eg,
        )
        for o in publiees
    ]


def _sections(classe: Any) -> set[str]:
    """Sections that hold what the requirements look at, wherever the declarations put it."""
    groupes, champs = groupes_de(classe), champs_de(classe)
    noms = {groupes[nom].section for nom in GROUPES[classe]}
    return noms | ({champs[contenu.LIEUX].section} if contenu.LIEUX in champs else set())


def _nom_de_l_uf(session: Session, uf: int | None) -> str:
    return _noms_des_uf(session, OrganisationInterne.id == uf).get(uf, "") if uf else ""


def _noms_des_uf(session: Session, condition: Any) -> Mapping[int | None, str]:
    """{id: name} of the UF that are not closed for good."""
    oi = OrganisationInterne
    ouverte = or_(col(oi.date_fermeture).is_(None), oi.type_fermeture != DEFINITIVE)
    return dict(session.exec(select(oi.id, oi.nom_oi).where(condition, oi.type_oi == UF, ouverte)).all())


def _fraicheur(session: Session, eg: EntiteGeographique, jour: date) -> Compte:
    lignes = etats(jour).where(col(OffreOperationnelle.entite_geographique_id) == eg.id).subquery()
    return Compte(*session.execute(select(*comptes(lignes))).one())
