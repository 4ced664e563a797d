"""What the screens of the path show: mes accès rapides, mes établissements, an établissement, a pôle, a UF.

Each function takes `session, acteur` first and goes through the habilitation. The number of statements never
grows with the number of offers.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, CompoundSelect
from sqlmodel import Session, col, func, select

from rxror.ror import fraicheur as f
from rxror.ror.champs import champs_de
from rxror.ror.dates import aujourd_hui, date_longue, jour_date
from rxror.ror.fermeture import MOTS, accord, est_archive, etat_de, fermeture_de
from rxror.ror.fraicheur import Compte, Fraicheur
from rxror.ror.lecture import telephone
from rxror.ror.objets import (
    EntiteGeographique,
    EntiteJuridique,
    OffreOperationnelle,
    OrganisationInterne,
)
from rxror.ror.objets.commun import ADRESSE, adresse_en_ligne
from rxror.ror.objets.entite_geographique import CATEGORIE, DENOMINATION, ENTITE_JURIDIQUE, ETAT
from rxror.ror.objets.organisation_interne import POLE, SERVICE, UF
from rxror.ror.parcours import (
    ETABLISSEMENTS,
    chemin_de,
    url_arbre,
    url_attestation,
    url_capacites,
    url_confirmer,
    url_etablissement,
    url_exigences,
    url_journal,
    url_offre,
    url_personnes,
    url_relecture,
    url_structure,
    url_valider_plusieurs,
)
from rxror.ror.recherche import sans_accent
from rxror.ror.reperes import nom_de
from rxror.ror.typographie import fr, majuscule
from rxror.services import attentes, attestation, lieux, reprise
from rxror.services.a_revoir import codes_a_revoir
from rxror.services.acces import Acces, Acteur, Cible, Geste, confie, etablissements_de, exiger
from rxror.services.arbre import Arbre
from rxror.services.contenu import en_json
from rxror.services.creables import creables
from rxror.services.echeances import calendrier
from rxror.services.etats import COMPTES, EN_RETARD, a_un_brouillon, archive, etats, etats_par_etablissement
from rxror.services.exigences import recence_de
from rxror.services.exigences_vues import VueRecence
from rxror.services.referents import est_sans_referent
from rxror.services.vues import (
    Information,
    LienAttestation,
    LigneCapacite,
    LigneEtablissement,
    LigneOffre,
    LigneStructure,
    Reperes,
    VueAccueil,
    VueEtablissement,
    VueEtablissements,
    VueStructure,
)
from rxror.tables import RepereSae
from rxror.tri import en_ordre

PAR_PAGE = 20
AU_PLUS = 100
FINE = "\N{NARROW NO-BREAK SPACE}"  # between thousands
DANS_FINESS = "un établissement ferme et rouvre dans FINESS, pas ici"
SANS_NOM_FINESS = "nom absent de l’extrait FINESS"
TYPES = {POLE: "Pôle", SERVICE: "Service", UF: "Unité fonctionnelle (UF)"}
# Rubriques of the SAE, shown in this order: what is counted, its beds, its places (`rxror/donnees/sae/README.md`).
# The authorised activities of SMR, smr_50 to smr_59, are left out: our sources give their codes without a label.
CAPACITES_SAE = (
    ("Médecine", "medecine_lits", "medecine_places"),
    ("Chirurgie", "chirurgie_lits", "chirurgie_places"),
    ("Obstétrique", "obstetrique_lits", "obstetrique_places"),
    ("Néonatologie, hors soins intensifs", "neonatologie_lits", ""),
    ("Néonatologie, soins intensifs", "neonatologie_soins_intensifs_lits", ""),
    ("Réanimation adulte", "reanimation_adulte_lits", ""),
    ("Soins intensifs cardiologiques (USIC)", "soins_intensifs_cardiologiques_lits", ""),
    ("Soins intensifs neurovasculaires", "soins_intensifs_neurovasculaires_lits", ""),
    ("Autres soins intensifs", "autres_soins_intensifs_lits", ""),
    ("Surveillance continue adulte", "surveillance_continue_adulte_lits", ""),
    ("Hospitalisation de courte durée aux urgences (UHCD)", "uhcd_lits", ""),
    ("Soins médicaux et de réadaptation (SMR)", "smr_lits", "smr_places"),
    ("Soins de longue durée (USLD)", "usld_lits", ""),
    ("Hospitalisation à domicile (HAD)", "", "had_places"),
    ("Psychiatrie générale", "psychiatrie_generale_lits", ""),
    ("Psychiatrie générale, de jour", "", "psychiatrie_generale_places_jour"),
    ("Psychiatrie générale, de nuit", "", "psychiatrie_generale_places_nuit"),
    ("Psychiatrie infanto-juvénile", "psychiatrie_infanto_juvenile_lits", ""),
    ("Psychiatrie infanto-juvénile, de jour", "", "psychiatrie_infanto_juvenile_places_jour"),
)
AUTRES_SAE = (
    ("Maternité", "maternite_type", "type {}"),
    ("Urgences générales", "urgences_generales_passages", "{} passages dans l’année"),
)

# ------------------------------------------------------------ mes accès rapides


def accueil(session: Session, acteur: Acteur, jour: date | None = None) -> VueAccueil:
    """What remains to do, where I was, how my établissements stand."""
    jour = jour or aujourd_hui()
    mes, miennes = etablissements_de(acteur, jour), confie(acteur, OffreOperationnelle, jour)
    par_eg = etats_par_etablissement(mes, miennes, jour).subquery()
    sommes = (func.coalesce(func.sum(par_eg.c[nom]), 0) for nom in COMPTES)
    *nombres, etablissements = session.execute(sa.select(*sommes, func.count()).select_from(par_eg)).one()
    ensemble = Compte(*nombres)
    prochaine = _prochaine(session, miennes, jour)
    proches, plus_tard = calendrier(session, miennes, jour)
    lignes = _lignes_etablissements(session, par_eg, par_eg.c.en_retard.desc(), par_eg.c.a_revoir.desc(), au_plus=4)
    return VueAccueil(
        jour=jour_date(jour),
        reste=_reste(ensemble),
        prochaine=prochaine.nom_offre if prochaine else "",
        url_prochaine=url_offre(prochaine.identifiant_offre) if prochaine else "",
        a_jour=ensemble.a_jour,
        total=ensemble.total,
        etablissements=lignes,
        attestations=_attestations(session, acteur, lignes, jour),
        nombre=f"{_etablissements(etablissements)}, {f.offres(ensemble.total)}",
        reprise=reprise.derniere(session, acteur, jour),
        echeances=proches,
        plus_tard=plus_tard,
        recence=_recence(session, mes, jour) if etablissements == 1 else VueRecence(),
        codes=codes_a_revoir(session, acteur, jour),
        choix=attentes.de_la_personne(session, acteur, jour),
        propositions=attentes.propositions_a_examiner(session, acteur, jour),
    )


def _attestations(
    session: Session, acteur: Acteur, lignes: Iterable[LigneEtablissement], jour: date
) -> list[LienAttestation]:
    """The ways to the attestations of those that are wholly à jour."""
    prets = {ligne.finess: ligne.nom for ligne in lignes if 0 < ligne.total == ligne.a_jour}
    faites = attestation.dernieres(session, acteur, prets, jour)
    genre = EntiteGeographique.GENRE
    return [
        LienAttestation(nom, _etablie(faites[finess]), url_attestation(genre, finess))
        for finess, nom in prets.items()
        if finess in faites
    ]


def _etablie(quand: datetime | None) -> str:
    return f"établie le {date_longue(quand)}" if quand else "à établir"


def _recence(session: Session, mes: CompoundSelect[Any], jour: date) -> VueRecence:
    """Both indicators of the only établissement."""
    eg = session.exec(select(EntiteGeographique).where(col(EntiteGeographique.id).in_(mes))).one()
    return recence_de(session, eg, jour)


def _reste(compte: Compte) -> str:
    if not compte.total:
        return "Aucune offre n’est encore décrite dans vos établissements."
    if compte.a_jour == compte.total:
        return "Toutes vos offres sont à jour. Rien à faire aujourd’hui."
    retard = f", dont {compte.en_retard} en retard" if compte.en_retard else ""
    return f"Il reste {f.offres(compte.total - compte.a_jour)} à revoir{retard}."


def _prochaine(session: Session, miennes: ColumnElement[bool], jour: date) -> OffreOperationnelle | None:
    """The offer due first: never validated, then validated longest ago."""
    dues = etats(jour).where(miennes).subquery()
    requete = (
        select(OffreOperationnelle)
        .join(dues, dues.c.id == OffreOperationnelle.id)
        .where(dues.c.etat.in_([*EN_RETARD, Fraicheur.A_REVOIR.value]))
        .order_by(
            dues.c.validation.asc().nulls_first(), en_ordre(OffreOperationnelle.nom_offre), col(OffreOperationnelle.id)
        )
    )
    return session.exec(requete.limit(1)).first()


# ----------------------------------------------------------- mes établissements


def mes_etablissements(
    session: Session, acteur: Acteur, recherche: str = "", filtre: str = "", page: int = 1, jour: date | None = None
) -> VueEtablissements:
    """My établissements, twenty at a time.

    Args:
        recherche: words of the name, the commune, the FINESS or the SIRET, all to be found, without accent or case.
        filtre: a_jour, a_revoir or en_retard, for the établissements in that state; "" for all.
        page: from 1; one that does not exist is the nearest that does.
    """
    jour = jour or aujourd_hui()
    requete = etats_par_etablissement(etablissements_de(acteur, jour), confie(acteur, OffreOperationnelle, jour), jour)
    for mot in sans_accent(recherche).split():
        requete = requete.where(col(EntiteGeographique.recherche).contains(mot, autoescape=True))
    par_eg = requete.subquery()
    sommes = select(par_eg.c.etat, func.count(), func.sum(par_eg.c.total), func.sum(par_eg.c.a_jour))
    comptes = {etat: nombres for etat, *nombres in session.execute(sommes.group_by(par_eg.c.etat))}
    retenus = [comptes.get(filtre, [0, 0, 0])] if filtre else list(comptes.values())
    nombre, total, a_jour = (sum(c[i] for c in retenus) for i in range(3))
    pages = max(1, -(-nombre // PAR_PAGE))
    page = min(max(1, page), pages)
    conditions = [par_eg.c.etat == filtre] if filtre else []
    lignes = _lignes_etablissements(
        session, par_eg, conditions=conditions, au_plus=PAR_PAGE, debut=(page - 1) * PAR_PAGE
    )
    tous = sum(c[0] for c in comptes.values())
    return VueEtablissements(
        lignes=lignes,
        resume=f"{_etablissements(nombre)}, {f.offres(a_jour)} à jour sur {total}" if nombre else "Aucun établissement",
        page=page,
        pages=pages,
        tous=tous,
        en_retard=comptes.get(Fraicheur.EN_RETARD.value, [0])[0],
        a_revoir=comptes.get(Fraicheur.A_REVOIR.value, [0])[0],
        a_jour=comptes.get(Fraicheur.A_JOUR.value, [0])[0],
        seul=lignes[0].url if tous == 1 and not recherche and lignes else "",
    )


def _lignes_etablissements(
    session: Session, par_eg: Any, *ordre: Any, conditions: Iterable[Any] = (), au_plus: int, debut: int = 0
) -> list[LigneEtablissement]:
    eg = EntiteGeographique
    nom = en_ordre(func.coalesce(func.nullif(eg.nom_operationnel, ""), eg.denomination_eg))
    requete = select(eg, *(par_eg.c[c] for c in COMPTES)).join(par_eg, par_eg.c.id == eg.id).where(*conditions)
    requete = requete.order_by(*ordre, nom, eg.num_finess).limit(au_plus).offset(debut)
    return [_ligne_etablissement(eg, Compte(*nombres)) for eg, *nombres in session.execute(requete)]


def _ligne_etablissement(eg: EntiteGeographique, compte: Compte) -> LigneEtablissement:
    return LigneEtablissement(
        finess=eg.num_finess,
        nom=nom_de(eg),
        url=url_etablissement(eg.num_finess),
        categorie=eg.categorie_libelle,
        adresse=adresse_en_ligne(eg.model_dump()),
        etat=compte.etat,
        a_jour=compte.a_jour,
        total=compte.total,
        brouillons=_brouillons(compte),
    )


# -------------------------------------------------------------- un établissement


def etablissement(session: Session, acteur: Acteur, finess: str, jour: date | None = None) -> VueEtablissement:
    """An établissement with its pôles, or with its offers in médico-social.

    Raises:
        AccesRefuse: no such établissement, or no habilitation on it.
    """
    jour = jour or aujourd_hui()
    acces = exiger(session, acteur, Cible(EntiteGeographique.GENRE, finess), Geste.LIRE)
    eg: EntiteGeographique = acces.objet
    arbre = Arbre(session, eg, jour)
    ensemble, nom = arbre.ensemble, nom_de(eg)
    offre, cree = OffreOperationnelle, creables(acces, eg)
    structures, closes = _separer(arbre.enfants(None), jour)
    offres, fermees = _lignes_offres(
        session, jour, offre.entite_geographique_id == eg.id, col(offre.organisation_interne_id).is_(None)
    )
    return VueEtablissement(
        finess=eg.num_finess,
        nom=nom,
        sanitaire=eg.sanitaire,
        chemin=chemin_de(("Mes établissements", ETABLISSEMENTS), (nom, "")),
        etat=ensemble.etat,
        suite=_suite(ensemble),
        brouillons=_brouillons(ensemble),
        a_jour=ensemble.a_jour,
        total=ensemble.total,
        contenu=arbre.contenu(),
        structures=[_ligne_structure(arbre, s) for s in structures],
        offres=offres,
        fermees=[*(structure_fermee(s, jour) for s in closes), *fermees],
        identification=_identification(session, eg),
        source=fr(f"Source : FINESS, {date_longue(eg.source_finess)}" if eg.source_finess else "Source : FINESS"),
        reperes=reperes(session, eg),
        url_exigences=url_exigences(eg.num_finess),
        url_capacites=url_capacites(eg.num_finess),
        url_journal=url_journal(eg.num_finess) if acces.permet(Geste.JOURNAL) else "",
        url_confirmer=url_confirmer(eg.GENRE, eg.num_finess) if revoit(acces) else "",
        url_relecture=url_relecture(etablissement=eg.num_finess),
        url_valider=url_valider_plusieurs(eg.GENRE, eg.num_finess) if revoit(acces) else "",
        url_creer=cree.url_offre,
        url_creer_structure=cree.url_structure,
        structure_a_creer=cree.structure,
        url_creer_lieu=cree.url_lieu,
        lieux=lieux.compter(session, eg),
        url_personnes=url_personnes(eg.num_finess) if acces.permet(Geste.ADMINISTRER) else "",
        sans_referent=est_sans_referent(session, eg),
        url_arbre=url_arbre(eg.num_finess),
        recence=recence_de(session, eg, jour, ensemble),
    )


def _identification(session: Session, eg: EntiteGeographique) -> list[Information]:
    requete = (
        select(EntiteJuridique, func.count(col(EntiteGeographique.id)))
        .join(EntiteGeographique, col(EntiteGeographique.entite_juridique_id) == EntiteJuridique.id)
        .where(EntiteJuridique.id == eg.entite_juridique_id)
    )
    ej, freres = session.exec(requete.group_by(col(EntiteJuridique.id))).one()
    labels = {n: c.label for n, c in (champs_de(EntiteJuridique) | champs_de(EntiteGeographique)).items()}
    nom_ej = f"{ej.raison_sociale or SANS_NOM_FINESS}, {_etablissements(freres)}"
    etat = majuscule(ETAT.dire({nom: en_json(getattr(eg, nom)) for nom in ("date_fermeture", "type_fermeture")}))
    faits = [
        Information(labels["denomination_eg"], eg.denomination_eg, point=DENOMINATION.regle),
        Information(labels["num_finess"], eg.num_finess),
        Information(champs_de(EntiteJuridique)["num_finess"].label, ej.num_finess, nom_ej, ENTITE_JURIDIQUE.regle),
        Information(labels["num_siret"], _siret(eg.num_siret)),
        Information(labels["categorie_eg"], CATEGORIE.dire(eg.model_dump()), point=CATEGORIE.regle),
        Information(ADRESSE.label, ADRESSE.dire(eg.model_dump()), point=ADRESSE.regle),
        Information(labels["telephone_finess"], telephone(eg.telephone_finess)),
        Information(labels["date_ouverture"], date_longue(eg.date_ouverture) if eg.date_ouverture else ""),
        Information(ETAT.label, etat, DANS_FINESS if eg.date_fermeture else "", ETAT.regle),
        Information(labels["date_maj_finess"], date_longue(eg.date_maj_finess) if eg.date_maj_finess else ""),
    ]
    return [fait for fait in faits if fait.valeur or fait.point]


def reperes(session: Session, eg: EntiteGeographique) -> Reperes:
    """What the établissement declared in the SAE; no line for what is null, or has no label."""
    chiffres = session.exec(select(RepereSae).where(RepereSae.finess == eg.num_finess)).all()
    dits = {c.rubrique: f"{c.nombre:,}".replace(",", FINE) for c in chiffres if c.nombre}
    lignes = [LigneCapacite(label, dits.get(lits, ""), dits.get(places, "")) for label, lits, places in CAPACITES_SAE]
    return Reperes(
        annee=str(max((c.annee for c in chiffres), default="")),
        capacites=[ligne for ligne in lignes if ligne.lits or ligne.places],
        autres=[Information(label, texte.format(dits[cle])) for label, cle, texte in AUTRES_SAE if cle in dits],
    )


# ------------------------------------------------------------------ pôles et UF


def structure(session: Session, acteur: Acteur, identifiant: str, jour: date | None = None) -> VueStructure:
    """A pôle with its UF, the first one to review shown with its offers; or a UF with its offers.

    Raises:
        AccesRefuse: no such structure, or no habilitation on its établissement.
    """
    jour = jour or aujourd_hui()
    acces = exiger(session, acteur, Cible(OrganisationInterne.GENRE, identifiant), Geste.LIRE)
    oi: OrganisationInterne = acces.objet
    arbre = Arbre(session, acces.etablissement, jour)
    ensemble, cree = arbre.compte(oi), creables(acces, oi)
    enfants, closes = _separer(arbre.enfants(oi), jour)
    a_faire = max(enfants, key=lambda e: _urgence(arbre.compte(e)), default=None)
    par_oi, fermees = _offres_par_structure(session, jour, [oi.id, *([a_faire.id] if a_faire else [])])
    return VueStructure(
        identifiant=oi.identifiant_oi,
        nom=oi.nom_oi,
        type=TYPES.get(oi.type_oi, "Structure"),
        est_uf=oi.type_oi == UF,
        etablissement=nom_de(acces.etablissement),
        chemin=chemin_de(*arbre.chemin(oi)),
        etat=_etat_structure(oi, ensemble, jour),
        suite=_suite(ensemble),
        brouillons=_brouillons(ensemble),
        fermees=[*(structure_fermee(s, jour) for s in closes), *fermees.get(oi.id, [])],
        structures=[_ligne_structure(arbre, e, creables(acces, e).url_offre, par_oi.get(e.id, [])) for e in enfants],
        offres=par_oi.get(oi.id, []),
        url_confirmer=url_confirmer(oi.GENRE, oi.identifiant_oi) if revoit(acces) else "",
        url_relecture=url_relecture(etablissement=acces.etablissement.num_finess, structure=oi.identifiant_oi),
        url_valider=url_valider_plusieurs(oi.GENRE, oi.identifiant_oi) if revoit(acces) else "",
        url_creer=cree.url_offre,
        url_creer_structure=cree.url_structure,
        structure_a_creer=cree.structure,
    )


def _separer(
    structures: Iterable[OrganisationInterne], jour: date
) -> tuple[list[OrganisationInterne], list[OrganisationInterne]]:
    """Structures that live, and those that are closed for good."""
    vivantes: list[OrganisationInterne] = []
    closes: list[OrganisationInterne] = []
    for structure in structures:
        (closes if est_archive(structure, jour) else vivantes).append(structure)
    return vivantes, closes


def structure_fermee(oi: OrganisationInterne, jour: date) -> LigneOffre:
    """A structure closed for good, in a list."""
    etat = _etat_structure(oi, Compte(), jour)
    quand = date_longue(oi.date_fermeture) if oi.date_fermeture else ""
    return LigneOffre(oi.identifiant_oi, oi.nom_oi, url_structure(oi.identifiant_oi), etat, False, f"le {quand}")


def _etat_structure(oi: OrganisationInterne, compte: Compte, jour: date) -> f.Etat:
    """« Fermé définitivement » for a closed structure, else the state of its offers."""
    fermeture = fermeture_de(oi)
    if fermeture is None or not fermeture.en_cours(jour):
        return compte.etat
    return f.Etat(f"Fermé{accord(oi)}{MOTS.get(fermeture.type, '')}", f.SANS_OFFRE.sorte)


def _urgence(compte: Compte) -> tuple[int, int]:
    return compte.en_retard, compte.a_revoir


def revoit(acces: Acces) -> bool:
    """Whether somebody validates the offers below; who prepares them for somebody else does not."""
    return acces.permet(Geste.CREER_OFFRE) and acces.permet(Geste.ATTESTER)


def _ligne_structure(
    arbre: Arbre, oi: OrganisationInterne, url_creer: str = "", offres: list[LigneOffre] | None = None
) -> LigneStructure:
    compte = arbre.compte(oi)
    return LigneStructure(
        identifiant=oi.identifiant_oi,
        nom=oi.nom_oi,
        url=url_structure(oi.identifiant_oi),
        contenu=arbre.contenu(oi),
        etat=_etat_structure(oi, compte, arbre.jour),
        a_jour=compte.a_jour,
        total=compte.total,
        brouillons=_brouillons(compte),
        url_creer=url_creer,
        offres=offres or [],
    )


# ------------------------------------------------------------------------ offres


Lignes = list[LigneOffre]


def _lignes_offres(session: Session, jour: date, *conditions: Any) -> tuple[Lignes, Lignes]:
    """Offers that live, and those that are closed for good; the first ones are never cut by the second."""
    par_oi, fermees = _trier(session, jour, *conditions)
    return [o for lignes in par_oi.values() for o in lignes], [o for lignes in fermees.values() for o in lignes]


def _offres_par_structure(
    session: Session, jour: date, ids: Iterable[int | None]
) -> tuple[dict[int | None, Lignes], dict[int | None, Lignes]]:
    return _trier(session, jour, col(OffreOperationnelle.organisation_interne_id).in_(list(ids)))


def _trier(session: Session, jour: date, *conditions: Any) -> tuple[dict[int | None, Lignes], dict[int | None, Lignes]]:
    """{structure: offers}, living ones and closed ones, in one query."""
    offre, close = OffreOperationnelle, archive(OffreOperationnelle, jour)
    requete = sa.select(offre, a_un_brouillon(jour), sa.case((close, 1), else_=0)).where(*conditions)
    vivantes: dict[int | None, Lignes] = {}
    fermees: dict[int | None, Lignes] = {}
    ordre = sa.case((close, 1), else_=0), en_ordre(offre.nom_offre), col(offre.id)
    for ligne, brouillon, ferme in session.execute(requete.order_by(*ordre).limit(AU_PLUS)):
        par_oi = fermees if ferme else vivantes
        par_oi.setdefault(ligne.organisation_interne_id, []).append(_ligne_offre(ligne, bool(brouillon), jour))
    return vivantes, fermees


def _ligne_offre(offre: OffreOperationnelle, brouillon: bool, jour: date) -> LigneOffre:
    etat, quand = etat_de(offre, jour)
    return LigneOffre(
        identifiant=offre.identifiant_offre,
        nom=offre.nom_offre,
        url=url_offre(offre.identifiant_offre),
        etat=etat,
        brouillon=brouillon,
        precision=quand,
    )


# ------------------------------------------------------------------------- mots


def _suite(compte: Compte) -> str:
    """What stands beside the state of a place: « 62 à revoir, 12 à jour »."""
    parties = [f"{compte.a_revoir} à revoir"] if compte.a_revoir and compte.en_retard else []
    parties += [f"{compte.a_jour} à jour"] if compte.a_jour and compte.a_jour < compte.total else []
    parties += [f"{compte.fermees} fermée{_s(compte.fermees)}"] if compte.fermees else []
    return ", ".join(parties)


def _brouillons(compte: Compte) -> str:
    return fr(f"{f.BROUILLON.mot} : {f.offres(compte.brouillons)}") if compte.brouillons else ""


def _etablissements(nombre: int) -> str:
    return f"{nombre} établissement{_s(nombre)}"


def _s(nombre: int) -> str:
    return "s" if nombre > 1 else ""


def _siret(numero: str) -> str:
    return " ".join(p for p in (numero[:3], numero[3:6], numero[6:9], numero[9:]) if p)
