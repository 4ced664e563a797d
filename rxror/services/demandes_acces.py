"""« Demander un accès »: somebody without right asks for one; who administers the établissement decides, once.

Of an établissement that is not theirs, a person learns its name, its commune and its FINESS number, and whether
somebody can answer.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StringConstraints
from sqlalchemy import case, update
from sqlmodel import Session, col, func, or_, select

from rxror.courriels import depot
from rxror.ror.dates import moment
from rxror.ror.erreurs import AccesRefuse, Conflit
from rxror.ror.nomenclatures import Commune
from rxror.ror.objets import EntiteGeographique
from rxror.ror.parcours import url_etablissement
from rxror.ror.recherche import sans_accent
from rxror.ror.reperes import nom_de
from rxror.ror.textes import nettoyer, retourne
from rxror.ror.typographie import fr
from rxror.services import octroi
from rxror.services.acces import Acteur, etablissements_de
from rxror.services.demande import Numero
from rxror.services.droits import DROITS, NOMS_DES_ROLES
from rxror.services.referents import sans_referent
from rxror.services.tracer import deja_fait, tracer
from rxror.settings import settings
from rxror.tables import Action, DemandeAcces, Role
from rxror.tri import en_ordre

ROLES = (Role.RESPONSABLE_OFFRE, Role.REFERENT, Role.LECTEUR)  # those one asks for, the usual one first
OUVERTES_AU_PLUS = 10
PAR_JOUR = 30  # taken back or not
TROUVES_AU_PLUS = 20
LETTRES = 3  # fewer would list the whole country
MOTIF_MAX = 500
RAPPEL = timedelta(days=30)  # how long an answer stays on the home page
ACCORDEE, REFUSEE, RETIREE = "accordee", "refusee", "retiree"

Finess = Annotated[str, StringConstraints(max_length=9)]


class Demander(BaseModel):
    """One request, as the form sends it."""

    model_config = ConfigDict(extra="forbid")

    finess: Finess
    role: Role
    motif: Annotated[str, StringConstraints(max_length=2_000)]
    adresse: Annotated[str, StringConstraints(max_length=300)] = ""
    cle: UUID


class SurUneDemande(BaseModel):
    """What every gesture on a request says; « Retirer » says no more."""

    model_config = ConfigDict(extra="forbid")

    numero: Numero
    cle: UUID


@dataclass(frozen=True)
class Trouve:
    """An établissement one may ask for: what everybody may know of it."""

    finess: str
    nom: str
    commune: str


@dataclass(frozen=True)
class EcranDemande:
    """What the form of a request shows.

    Attributes:
        qui: who will answer, « Le référent de cet établissement »; empty when nobody can.
        empeche: why one cannot ask now; empty when one can.
    """

    finess: str = ""
    nom: str = ""
    commune: str = ""
    qui: str = ""
    empeche: str = ""
    adresse: str = ""


@dataclass(frozen=True)
class MaDemande:
    """One of my requests, on my home page; `attend` while it may be withdrawn."""

    numero: int
    titre: str
    detail: str
    attend: bool
    url: str


# ---------------------------------------------------------------------------- by who asks


def chercher(session: Session, _: Acteur, texte: str) -> list[Trouve]:
    """Établissements by name, commune or FINESS number; twenty at most, the nearest name first.

    Args:
        texte: words, all to be found.
    """
    mots = sans_accent(texte[:100]).split()
    if sum(map(len, mots)) < LETTRES:
        return []
    eg = EntiteGeographique
    requete = select(eg).where(col(eg.date_fermeture).is_(None))
    for mot in mots:
        requete = requete.where(col(eg.recherche).contains(mot, autoescape=True))
    nom = en_ordre(func.coalesce(func.nullif(eg.nom_operationnel, ""), eg.denomination_eg))
    debut = nom.startswith(" ".join(mots), autoescape=True)  # a name that starts so comes first
    requete = requete.order_by(case((nom == " ".join(mots), 0), (debut, 1), else_=2), nom, col(eg.num_finess))
    trouves = session.exec(requete.limit(TROUVES_AU_PLUS)).all()
    return [Trouve(e.num_finess, nom_de(e), _commune(session, e)) for e in trouves]


def ouvrir(session: Session, acteur: Acteur, finess: str) -> EcranDemande:
    """The form of a request, or why one cannot ask.

    Raises:
        AccesRefuse: there is no such établissement.
    """
    eg = _etablissement(session, finess)
    qui = _qui_repond(session, eg)
    return EcranDemande(
        finess=eg.num_finess,
        nom=nom_de(eg),
        commune=_commune(session, eg),
        qui=qui,
        empeche=_personne_ne_repond() if not qui else _deja(session, acteur, eg),
        adresse=_derniere_adresse(session, acteur),
    )


def demander(session: Session, acteur: Acteur, demande: Demander, maintenant: datetime | None = None) -> dict[str, str]:
    """Ask for a right; who administers the établissement reads it on their home page.

    Returns:
        What is wrong, by field; empty once it is done.

    Raises:
        AccesRefuse: there is no such établissement, or the role is not one that is asked for.
    """
    if deja_fait(session, acteur, demande.cle, action=Action.ACCES):
        return {}
    eg = _etablissement(session, demande.finess)
    if demande.role not in ROLES:
        raise AccesRefuse(f"role:{demande.role}")
    empeche = _deja(session, acteur, eg, demande.role) if _qui_repond(session, eg) else _personne_ne_repond()
    erreurs = {"role": empeche} if empeche else _verifier(demande)
    if erreurs:
        return erreurs
    ligne = DemandeAcces(
        utilisateur_id=acteur.id,
        finess=eg.num_finess,
        ouverte=eg.num_finess,
        role=demande.role,
        motif=nettoyer(demande.motif),
        adresse=depot.lire_adresse(demande.adresse),
        cree=maintenant or datetime.now(UTC),
    )
    session.add(ligne)
    session.flush()
    noter(session, acteur, ligne, "deposee", demande.cle)
    return {}


def retirer(session: Session, acteur: Acteur, demande: SurUneDemande) -> None:
    """Take one's own request back.

    Raises:
        AccesRefuse: it is not theirs.
        Conflit: it was answered meanwhile.
    """
    if deja_fait(session, acteur, demande.cle, action=Action.ACCES):
        return
    ligne = session.get(DemandeAcces, demande.numero)
    if ligne is None or ligne.utilisateur_id != acteur.id:
        raise AccesRefuse(f"demande_acces:{demande.numero}")
    clore(session, acteur, ligne, RETIREE)
    noter(session, acteur, ligne, RETIREE, demande.cle)


def les_miennes(session: Session, acteur: Acteur, maintenant: datetime | None = None) -> list[MaDemande]:
    """What I asked for: what waits, and the answers of the last month; newest first."""
    depuis = (maintenant or datetime.now(UTC)) - RAPPEL
    requete = (
        select(DemandeAcces, EntiteGeographique)
        .join(EntiteGeographique, col(EntiteGeographique.num_finess) == DemandeAcces.finess)
        .where(DemandeAcces.utilisateur_id == acteur.id, DemandeAcces.issue != RETIREE)
        .where(or_(DemandeAcces.issue == "", col(DemandeAcces.decidee) > depuis))
        .order_by(col(DemandeAcces.id).desc())
        .limit(OUVERTES_AU_PLUS * 2)
    )
    return [_mienne(d, eg) for d, eg in session.exec(requete)]


# ------------------------------------------------------------------------------- the rest


def _etablissement(session: Session, finess: str) -> EntiteGeographique:
    eg = EntiteGeographique
    valable = finess if finess.isalnum() and finess.isascii() else ""
    trouve = session.exec(select(eg).where(eg.num_finess == valable, col(eg.date_fermeture).is_(None))).first()
    if trouve is None:
        raise AccesRefuse(f"etablissement:{finess}")
    return trouve


def _commune(session: Session, eg: EntiteGeographique) -> str:
    requete = select(Commune.nom).where(Commune.code_insee == eg.commune_cog).order_by(col(Commune.id)).limit(1)
    return session.exec(requete).first() or eg.localite


def _qui_repond(session: Session, eg: EntiteGeographique) -> str:
    ici = select(~sans_referent(), octroi.a_un_regional()).where(EntiteGeographique.id == eg.id)
    referent, regional = session.execute(ici.select_from(EntiteGeographique)).one()
    if referent:
        return "Le référent de cet établissement vous répondra."
    return "Cet établissement n’a plus de référent : le référent régional vous répondra." if regional else ""


def _personne_ne_repond() -> str:
    a_qui = settings().contact_assistance
    suite = f"Écrivez à {a_qui}." if a_qui else "Adressez-vous à l’équipe du ROR de votre région."
    return fr(f"Personne ne peut répondre ici : cet établissement n’a pas de référent dans rxror. {suite}")


def _deja(session: Session, acteur: Acteur, eg: EntiteGeographique, role: Role | None = None) -> str:
    """Why this person may not ask for that now; without a role, what holds for all of them."""
    miennes = select(func.count()).where(
        DemandeAcces.utilisateur_id == acteur.id, col(DemandeAcces.ouverte).is_not(None)
    )
    if session.exec(miennes.where(DemandeAcces.ouverte == eg.num_finess)).one():
        return "Vous avez déjà une demande qui attend pour cet établissement."
    if session.exec(miennes).one() >= OUVERTES_AU_PLUS:
        return f"Vous avez déjà {OUVERTES_AU_PLUS} demandes qui attendent : attendez une réponse, ou retirez-en une."
    hier = datetime.now(UTC) - timedelta(days=1)
    ce_jour = select(func.count()).where(DemandeAcces.utilisateur_id == acteur.id, col(DemandeAcces.cree) > hier)
    if session.exec(ce_jour).one() >= PAR_JOUR:
        return f"Vous avez fait {PAR_JOUR} demandes en un jour : reprenez demain."
    if DROITS[role or Role.REFERENT] <= _gestes(session, acteur, eg):
        return "Vous avez déjà ce droit sur cet établissement."
    return ""


def _gestes(session: Session, acteur: Acteur, eg: EntiteGeographique) -> frozenset[Any]:
    """What this person may do on the whole of an établissement."""
    tenus = (
        role
        for role in Role
        if session.exec(
            select(EntiteGeographique.id).where(
                EntiteGeographique.id == eg.id,
                col(EntiteGeographique.id).in_(etablissements_de(acteur, roles=[role], entiers=True)),  # type: ignore[arg-type]
            )
        ).first()
    )
    return frozenset[Any]().union(*(DROITS[role] for role in tenus))


def _verifier(demande: Demander) -> dict[str, str]:
    erreurs: dict[str, str] = {}
    if erreur := fautes_de(demande.motif, MOTIF_MAX, "Dites en une phrase pourquoi vous demandez cet accès."):
        erreurs["motif"] = erreur
    if depot.disponible() and not depot.lire_adresse(demande.adresse):
        erreurs["adresse"] = fr("Écrivez votre adresse électronique : la réponse y sera envoyée.")
    return erreurs


def fautes_de(texte: str, maximum: int, vide: str) -> str:
    """What is wrong with a free text; `vide` when there is none of it."""
    garde = nettoyer(texte)
    if not garde:
        return fr(vide)
    if len(garde) > maximum:
        return fr(f"{maximum} caractères au plus : il y en a {len(garde)}.")
    return "Ce texte change de sens de lecture : écrivez-le sans ces caractères." if retourne(texte) else ""


def _derniere_adresse(session: Session, acteur: Acteur) -> str:
    requete = select(DemandeAcces.adresse).where(DemandeAcces.utilisateur_id == acteur.id)
    return session.exec(requete.order_by(col(DemandeAcces.id).desc()).limit(1)).first() or ""


def _mienne(demande: DemandeAcces, eg: EntiteGeographique) -> MaDemande:
    titre = f"{NOMS_DES_ROLES[demande.role]}, {nom_de(eg)}"
    url = url_etablissement(eg.num_finess) if demande.issue == ACCORDEE else ""
    detail = f"Demandé {moment(demande.cree)}. Le référent n’a pas encore répondu."
    if demande.issue == ACCORDEE:
        detail = "Accordé."
    elif demande.issue:
        detail = f"Refusé : « {demande.mot} »"
    return MaDemande(demande.id or 0, titre, fr(detail), not demande.issue, url)


def clore(
    session: Session,
    acteur: Acteur,
    ligne: DemandeAcces,
    issue: str,
    *,
    mot: str = "",
    maintenant: datetime | None = None,
) -> None:
    """End a request that still waits, in one statement.

    Raises:
        Conflit: it was ended meanwhile.
    """
    fait = session.execute(
        update(DemandeAcces)
        .where(col(DemandeAcces.id) == ligne.id, col(DemandeAcces.issue) == "")
        .values(issue=issue, ouverte=None, mot=mot, decidee=maintenant or datetime.now(UTC), decidee_par=acteur.id)
    )
    if fait.rowcount != 1:  # type: ignore[attr-defined]
        raise Conflit
    session.refresh(ligne)


def noter(session: Session, acteur: Acteur, ligne: DemandeAcces, quoi: str, cle: UUID) -> None:
    """The line of trace of one gesture on a request."""
    dit = {"quoi": quoi, "personne": ligne.utilisateur_id, "role": ligne.role, "motif": ligne.motif, "mot": ligne.mot}
    tracer(session, acteur, Action.ACCES, ligne.finess, f"demande_acces:{ligne.id}", cle=str(cle), resultat=dit)
