"""« Séparer le lieu »: chosen offers leave a shared lieu for a new one, which copies all that it publishes.

No identifier changes. What is counted (beds, places, equipment, dwellings) goes where the person says; lines that
another system feeds stay where that system knows them. What is saved and not validated stays with the first lieu.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, TypedDict
from uuid import UUID

from pydantic import Field, StringConstraints
from sqlmodel import Session, col, delete, select

from rxror.ror import parcours
from rxror.ror.champs import Edition, TypeChamp, champs_de, groupes_de
from rxror.ror.dates import aujourd_hui, en_iso
from rxror.ror.erreurs import AccesRefuse, Conflit
from rxror.ror.fermeture import est_archive
from rxror.ror.lecture import Lecteur, Ligne
from rxror.ror.nomenclatures import sans_accent
from rxror.ror.objets import LieuRealisationOffre, OffreLieu, OffreOperationnelle
from rxror.ror.reperes import cle_de, nom_de
from rxror.ror.saisie import Lecteur as LecteurDeSaisie
from rxror.ror.saisie import Valeurs
from rxror.ror.typographie import fr
from rxror.services import brouillons, contenu, hierarchie, identifiants
from rxror.services.acces import Acces, Acteur, Cible, Geste, exiger, permis
from rxror.services.copie import ligne_copiee
from rxror.services.demande import Demande, Identifiant, Vu
from rxror.services.nomenclatures import catalogue
from rxror.services.tracer import ajouter, deja_fait, une_trace
from rxror.services.versions import de_la_creation, passer
from rxror.services.vu import empreinte
from rxror.tables import Action, Brouillon, Trace
from rxror.tri import en_ordre

AU_PLUS = 100
COMPTES = ("capacite_accueil_operationnelle", "equipement_specifique", "capacite_habitation")
EXTERNES = ("id_externe_synchro", "nom_externe_synchro")  # how another system calls the first lieu, and only that one
LIEU, OFFRE = LieuRealisationOffre.GENRE, OffreOperationnelle.GENRE


class Compte(StrEnum):
    """Which of the two lieux keeps what is counted."""

    ORIGINE = "origine"
    COPIE = "copie"
    DEUX = "deux"


class Separer(Demande):
    """One « Séparer le lieu », with its whole context.

    Attributes:
        nom: name of the copy, as typed.
        choisies: identifiers of the offers that take the copy.
        compte: a value of `Compte`; "" when it was not answered.
        vu: what the page showed, as `Apercu.vu` gave it.
    """

    nom: Annotated[str, StringConstraints(max_length=1000)]
    choisies: list[Identifiant] = Field(max_length=AU_PLUS)
    compte: Annotated[str, StringConstraints(max_length=10)] = ""
    vu: Vu
    cle: UUID


class OffreServie(TypedDict):
    """An offer that may take the copy."""

    identifiant: str
    nom: str


class Ecartee(TypedDict):
    """An offer that stays, why, and where that is mended."""

    nom: str
    url: str
    raison: str


@dataclass
class Apercu:
    """What the page shows.

    Attributes:
        comptes: what is counted, in words; `recues`, the lines that another system feeds.
        non_deplacable: why the copy may not take what is counted; "" when it may.
        brouillon: whether something saved waits on the lieu.
        suite: how many offers are not listed, in words.
    """

    nom: str
    chemin: list[tuple[str, str]]
    retour: str
    avec_uf: bool
    offres: list[OffreServie] = field(default_factory=list)
    ecartees: list[Ecartee] = field(default_factory=list)
    comptes: list[Ligne] = field(default_factory=list)
    recues: list[Ligne] = field(default_factory=list)
    non_deplacable: str = ""
    brouillon: bool = False
    suite: str = ""
    vu: str = ""


@dataclass(frozen=True)
class _Plan:
    acces: Acces
    publiees: Valeurs
    servies: Sequence[OffreOperationnelle]
    siens: Mapping[str, Brouillon]
    adresses: Mapping[str, Brouillon]  # {key of an offer: brouillon that says which lieux it will have}

    @property
    def lieu(self) -> LieuRealisationOffre:
        return self.acces.objet

    @property
    def vu(self) -> str:
        offres = [(o.identifiant_offre, o.version, cle_de(o) in self.adresses) for o in self.servies]
        return empreinte([self.lieu.version, offres, self._compte_en_brouillon])

    def lignes(self, nom: str, *, recues: bool) -> list[Valeurs]:
        """Lines of a group that another system feeds, or those that it does not."""
        figee = groupes_de(LieuRealisationOffre)[nom].figee_si
        return [e for e in self.publiees.get(nom) or [] if bool(figee and figee(e)) == recues]

    @property
    def non_deplacable(self) -> str:
        if any(self.lignes(nom, recues=True) for nom in COMPTES):
            return fr("Des lignes sont reçues d’un logiciel, qui les tient pour le lieu d’origine : elles y restent.")
        if self._compte_en_brouillon:
            return fr("Des lits ou des équipements enregistrés attendent d’être validés : ils restent avec lui.")
        return ""

    @property
    def _compte_en_brouillon(self) -> bool:
        return any(nom in b.valeurs for b in self.siens.values() for nom in COMPTES)


def preparer(session: Session, acteur: Acteur, cible: Cible) -> Apercu:
    """The offers that a lieu serves, and what its copy would hold. Writes nothing; a constant number of queries.

    Raises:
        AccesRefuse: not a lieu, or no right to validate it.
    """
    plan = _planifier(session, acteur, cible)
    lecteur = Lecteur(catalogue(session), brouillons.contexte(plan.publiees, plan.acces.etablissement))
    possibles = _possibles(session, acteur, plan)
    n = len(plan.servies) - AU_PLUS
    return Apercu(
        nom=nom_de(plan.lieu),
        chemin=hierarchie.jusqu_a(session, plan.acces, cible),
        retour=parcours.url_lieu(plan.lieu.identifiant),
        avec_uf=plan.acces.etablissement.sanitaire,
        offres=[OffreServie(identifiant=o.identifiant_offre, nom=nom_de(o)) for o in possibles],
        ecartees=[_ecartee(o, plan) for o in plan.servies[:AU_PLUS] if o not in possibles],
        comptes=[ligne for nom in COMPTES for ligne in _dites(lecteur, plan, nom, recues=False)],
        recues=[ligne for nom in COMPTES for ligne in _dites(lecteur, plan, nom, recues=True)],
        non_deplacable=plan.non_deplacable,
        brouillon=bool(plan.siens),
        suite=fr(f"Les {AU_PLUS} premières sont montrées ; {n} autres restent avec le lieu.") if n > 0 else "",
        vu=plan.vu,
    )


def separer(session: Session, acteur: Acteur, demande: Separer) -> tuple[str, dict[str, str]]:
    """Make the copy and give it to the chosen offers; published at once, one line of trace for each object.

    Returns:
        (identifier of the copy, {}) or ("", {field: sentence}): nothing was written.

    Raises:
        AccesRefuse: no right to validate the lieu, or one of the offers.
        SaisieInvalide: `cle` was used by another gesture.
        Conflit: something of what was shown changed meanwhile; nothing is written.
    """
    plan = _planifier(session, acteur, demande.cible)
    for identifiant in sorted(set(demande.choisies)):
        exiger(session, acteur, Cible(OFFRE, identifiant), Geste.VALIDER)
    attendu = {"action": Action.CREATION, "resultat": _resultat(demande)}
    if deja := deja_fait(session, acteur, demande.cle, **attendu):
        return deja.objet.removeprefix(f"{LIEU}:"), {}
    choisies = [o for o in plan.servies if o.identifiant_offre in demande.choisies]
    inconnues = len(choisies) != len(set(demande.choisies))
    if demande.vu != plan.vu or inconnues or any(cle_de(o) in plan.adresses for o in choisies):
        raise Conflit
    nom, erreurs = _lire(session, plan, demande, len(choisies))
    if erreurs:
        return "", erreurs
    compte = Compte(demande.compte) if demande.compte else Compte.ORIGINE
    return _ecrire(session, acteur, plan, choisies, nom, compte, demande), {}


# ------------------------------------------------------------------------------ what is read


def _planifier(session: Session, acteur: Acteur, cible: Cible) -> _Plan:
    if cible.genre != LIEU:
        raise AccesRefuse(cible.cle)
    acces = exiger(session, acteur, cible, Geste.VALIDER)
    offre, lien = OffreOperationnelle, OffreLieu
    servies = session.exec(
        select(offre)
        .join(lien, col(lien.offre_operationnelle_id) == offre.id)
        .where(lien.lieu_realisation_offre_id == acces.objet.id)
        .order_by(en_ordre(offre.nom_offre), col(offre.id))
        .execution_options(populate_existing=True)
    ).all()
    connus = brouillons.charger(session, [cible.cle, *(cle_de(o) for o in servies)])
    adresses = {
        cle: b
        for cle, siens in connus.items()
        for b in siens.values()
        if cle != cible.cle and contenu.LIEUX in b.valeurs
    }
    publiees = contenu.lire(session, LieuRealisationOffre, [acces.objet])[acces.objet.id]
    return _Plan(acces, publiees, servies, connus[cible.cle], adresses)


def _possibles(session: Session, acteur: Acteur, plan: _Plan) -> list[OffreOperationnelle]:
    """The offers, of the first hundred, that one may validate and that wait for no other lieu."""
    offre, jour = OffreOperationnelle, aujourd_hui()
    premieres = plan.servies[:AU_PLUS]
    ids = [o.id for o in premieres]
    siennes = set(session.exec(select(offre.id).where(col(offre.id).in_(ids), permis(acteur, Geste.VALIDER, offre))))
    return [o for o in premieres if o.id in siennes and cle_de(o) not in plan.adresses and not est_archive(o, jour)]


def _ecartee(offre: OffreOperationnelle, plan: _Plan) -> Ecartee:
    url, raison = parcours.url_offre(offre.identifiant_offre), "ne vous est pas confiée"
    if est_archive(offre, aujourd_hui()):
        raison = "est fermée"
    elif cle_de(offre) in plan.adresses:
        raison, url = fr("a des lieux enregistrés, à valider d’abord"), parcours.url_valider(offre.identifiant_offre)
    return Ecartee(nom=nom_de(offre), url=url, raison=raison)


def _dites(lecteur: Lecteur, plan: _Plan, nom: str, *, recues: bool) -> list[Ligne]:
    return lecteur.resumes(groupes_de(LieuRealisationOffre)[nom], plan.lignes(nom, recues=recues))


def _lire(session: Session, plan: _Plan, demande: Separer, n: int) -> tuple[str, dict[str, str]]:
    """The name of the copy, and what is wrong with the answers."""
    lecteur = LecteurDeSaisie(catalogue(session), brouillons.contexte(plan.publiees, plan.acces.etablissement))
    lues, erreurs = lecteur.lire_nouveau(LieuRealisationOffre, ("nom",), {"nom": demande.nom})
    if not erreurs:
        classe = LieuRealisationOffre
        noms = session.exec(select(classe.nom).where(classe.entite_geographique_id == plan.lieu.entite_geographique_id))
        if any(sans_accent(nom) == sans_accent(lues["nom"]) for nom in noms):
            erreurs["nom"] = fr("Un lieu de l’établissement porte déjà ce nom : donnez-en un autre à la copie.")
    if not n:
        erreurs["choisies"] = "Cochez au moins une offre."
    elif n == len(plan.servies):
        erreurs["choisies"] = fr("Laissez au moins une offre avec le lieu d’origine.")
    if any(plan.lignes(nom, recues=False) for nom in COMPTES) and demande.compte not in set(Compte):
        erreurs["compte"] = fr("Dites quel lieu garde les lits et les équipements.")
    elif demande.compte == Compte.COPIE and plan.non_deplacable:
        erreurs["compte"] = plan.non_deplacable
    return str(lues.get("nom") or ""), erreurs


def _resultat(demande: Separer) -> dict[str, Any]:
    """What the first line tells: the same gesture again must say the same."""
    return {"parent": demande.cible.cle, "separe_de": demande.cible.cle, "offres": sorted(set(demande.choisies))}


# ------------------------------------------------------------------------------ what is written


def _ecrire(
    session: Session,
    acteur: Acteur,
    plan: _Plan,
    choisies: Sequence[OffreOperationnelle],
    nom: str,
    compte: Compte,
    demande: Separer,
) -> str:
    maintenant, finess = datetime.now(UTC), plan.acces.etablissement.num_finess
    copie = _naitre(session, acteur, plan, nom, compte, maintenant)
    lues = contenu.lire(session, LieuRealisationOffre, [copie])[copie.id or 0]
    dits = de_la_creation(LieuRealisationOffre, lues)
    suite = {"geste": str(demande.cle), "separe_de": demande.cible.cle, "vers": cle_de(copie)}
    traces = [
        une_trace(
            acteur,
            Action.CREATION,
            finess,
            cle_de(copie),
            cle=str(demande.cle),
            changements=[c if c["champ"] == "nom" else {**c, "d_office": True} for c in dits],
            version_apres=copie.version,
            resultat=_resultat(demande),
        ),
        _ligne_du_lieu(session, acteur, plan, compte, maintenant, suite),
        *_deplacer(session, acteur, plan, choisies, copie, maintenant, suite),
    ]
    ajouter(session, traces)
    return copie.identifiant


def _naitre(
    session: Session, acteur: Acteur, plan: _Plan, nom: str, compte: Compte, maintenant: datetime
) -> LieuRealisationOffre:
    """The copy: all that people answered; it was last validated when the first lieu was."""
    lieu, eg, classe = plan.lieu, plan.acces.etablissement, LieuRealisationOffre
    repris = {n: getattr(lieu, n) for n, c in champs_de(classe).items() if _se_copie(n, c)}
    copie = classe(
        **{
            **repris,
            "nom": nom,
            "entite_geographique_id": lieu.entite_geographique_id,
            "identifiant": identifiants.au_hasard("L", eg),
            "region_source": lieu.region_source,
            "modele_saisie": lieu.modele_saisie,
            "date_creation": maintenant,
            "date_mise_jour": maintenant,
            "date_validation": lieu.date_validation,
            "validateur": lieu.validateur,
            "demonstration": lieu.demonstration or acteur.demonstration,
        }
    )
    session.add(copie)
    session.flush()
    lignes = {
        nom_: [ligne_copiee(groupe, e) for e in plan.lignes(nom_, recues=False)]
        for nom_, groupe in groupes_de(classe).items()
        if nom_ not in COMPTES or compte is not Compte.ORIGINE
    }
    contenu.ecrire_les_parties(session, copie, {}, lignes)
    session.flush()
    return copie


def _se_copie(nom: str, champ: Any) -> bool:
    return (
        nom in LieuRealisationOffre.model_fields
        and champ.edition is not Edition.SYSTEME
        and champ.type is not TypeChamp.REFERENCE
        and nom not in EXTERNES
    )


def _ligne_du_lieu(
    session: Session, acteur: Acteur, plan: _Plan, compte: Compte, maintenant: datetime, suite: dict[str, Any]
) -> Trace:
    """The first lieu gives what is counted, or changes in nothing; its history tells it anyway."""
    lieu, version, avant = plan.lieu, plan.lieu.version, en_iso(plan.lieu.date_mise_jour)
    apres: Valeurs = {n: [] for n in COMPTES if plan.publiees.get(n)} if compte is Compte.COPIE else {}
    if apres:
        contenu.ecrire_les_parties(session, lieu, plan.publiees, apres)
        passer(session, LieuRealisationOffre, [(lieu.id or 0, version)], date_mise_jour=maintenant)
    return une_trace(
        acteur,
        Action.SEPARATION,
        plan.acces.etablissement.num_finess,
        cle_de(lieu),
        changements=brouillons.differences(plan.publiees, apres),
        version_avant=version if apres else None,
        version_apres=version + 1 if apres else None,
        resultat=suite | ({"date_avant": avant} if apres else {}),
    )


def _deplacer(
    session: Session,
    acteur: Acteur,
    plan: _Plan,
    choisies: Sequence[OffreOperationnelle],
    copie: LieuRealisationOffre,
    maintenant: datetime,
    suite: dict[str, Any],
) -> list[Trace]:
    """The offers take the copy in the place of the first lieu, each with its next version."""
    publiees = contenu.lire(session, OffreOperationnelle, choisies, {"adresse"})
    finess, ancien, ids = plan.acces.etablissement.num_finess, plan.lieu.identifiant, [o.id or 0 for o in choisies]
    traces = []
    for offre in choisies:
        avant = publiees[offre.id or 0][contenu.LIEUX]
        apres = [copie.identifiant if cle == ancien else cle for cle in avant]
        traces.append(
            une_trace(
                acteur,
                Action.SEPARATION,
                finess,
                cle_de(offre),
                section="adresse",
                changements=[{"champ": contenu.LIEUX, "avant": avant, "apres": apres}],
                version_avant=offre.version,
                version_apres=offre.version + 1,
                resultat=suite | {"date_avant": en_iso(offre.date_mise_jour)},
            )
        )
    partis = col(OffreLieu.offre_operationnelle_id).in_(ids), col(OffreLieu.lieu_realisation_offre_id) == plan.lieu.id
    session.execute(delete(OffreLieu).where(*partis))
    session.add_all(OffreLieu(offre_operationnelle_id=i, lieu_realisation_offre_id=copie.id or 0) for i in ids)
    session.flush()
    passer(session, OffreOperationnelle, [(o.id or 0, o.version) for o in choisies], date_mise_jour=maintenant)
    return traces
