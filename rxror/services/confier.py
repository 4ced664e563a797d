"""« Confier à quelqu’un »: one piece of a section given by a personal link; who has one, and how to take it back."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, TypedDict
from uuid import UUID

from pydantic import Field, StringConstraints
from sqlmodel import Session, SQLModel, col, func, select, update

from rxror.courriels import depot
from rxror.ror.champs import Champ, Groupe, champs_de, est_visible, groupes_de
from rxror.ror.confiables import confiables, tous_ensemble
from rxror.ror.dates import date_heure, date_longue, moment, utc
from rxror.ror.erreurs import AccesRefuse, Conflit
from rxror.ror.lecture import NON_RENSEIGNE, Lecteur
from rxror.ror.reperes import nom_de
from rxror.ror.textes import nettoyer
from rxror.ror.typographie import fr
from rxror.services import hierarchie
from rxror.services.acces import Acteur, Cible, Geste, exiger
from rxror.services.demande import Demande, NomDeSection, Numero
from rxror.services.recits import titre_de
from rxror.services.section_ouverte import Ouvert, charger_section
from rxror.services.tracer import deja_fait, tracer
from rxror.tables import Action, LienConfie, Proposition, Utilisateur

JOURS, JOURS_MAXIMUM = 14, 60
NOM_MAXIMUM, MOT_MAXIMUM = 120, 300
PAR_JOUR = 100  # sent by one person, taken back or not: nobody can be flooded with our mails
LIENS_MAXIMUM = 50  # that may be answered at one time, for one object
MONTRES = 100
RESUME = 160  # characters of the present answer


class DemandeConfier(Demande):
    """One « Créer le lien », with its whole context.

    Attributes:
        champs: fields and groups of the section.
        jours: for how many days, as typed.
    """

    section: NomDeSection
    cle: UUID
    champs: list[Annotated[str, StringConstraints(max_length=60)]] = Field(max_length=100)
    destinataire: Annotated[str, StringConstraints(max_length=1000)]
    adresse: Annotated[str, StringConstraints(max_length=1000)] = ""
    jours: Annotated[str, StringConstraints(max_length=100)]
    mot: Annotated[str, StringConstraints(max_length=4000)] = ""


class Retrait(Demande):
    """One « Retirer », with its whole context."""

    lien: Numero
    cle: UUID


class Morceau(TypedDict):
    """A field or a group that may be given, and its present answer."""

    nom: str
    label: str
    resume: str


class LienVu(TypedDict):
    """A link that was given. `proposition` is the address of what came back, `retirer` whether it can be taken back."""

    numero: int
    destinataire: str
    quoi: str
    etat: str
    detail: str
    retirer: bool
    proposition: int


@dataclass(frozen=True)
class AConfier:
    """What the page shows."""

    nom: str
    titre: str
    chemin: list[tuple[str, str]]
    avec_uf: bool
    morceaux: list[Morceau]
    liens: list[LienVu]


@dataclass(frozen=True)
class Creation:
    """Outcome: what is to be corrected, {field of the page: sentence}, or until when the link is good."""

    erreurs: dict[str, str] = field(default_factory=dict)
    destinataire: str = ""
    jusqu_au: str = ""


def preparer(session: Session, acteur: Acteur, cible: Cible, section: str) -> AConfier:
    """What may be given of a section, and the links of its object.

    Raises:
        AccesRefuse: no right to give it, or nothing of that section may be given.
        ObjetFerme: it is closed for good.
    """
    ouvert = _ouvrir(session, acteur, cible, section)
    return AConfier(
        nom=nom_de(ouvert.acces.objet, ouvert.valeurs),
        titre=ouvert.section.titre,
        chemin=hierarchie.jusqu_a(session, ouvert.acces, cible),
        avec_uf=ouvert.acces.etablissement.sanitaire,
        morceaux=_morceaux(ouvert),
        liens=liens_de(session, ouvert.classe, cible),
    )


def creer(session: Session, acteur: Acteur, demande: DemandeConfier, empreinte: str, url: str = "") -> Creation:
    """Make a link. The same `cle` again makes no other one.

    Args:
        empreinte: SHA-256 of its secret, the same for the same `cle` of the same person.
        url: the whole address, which goes into the mail when there is an e-mail address, and nowhere else.

    Raises:
        AccesRefuse: no right to give it, or a field that may not be given.
        SaisieInvalide: `cle` was used by another gesture.
    """
    ouvert = _ouvrir(session, acteur, demande.cible, demande.section)
    if deja_fait(session, acteur, demande.cle, action=Action.CONFIER, objet=demande.cible.cle):
        deja = session.exec(select(LienConfie).where(LienConfie.empreinte == empreinte)).one()
        return Creation(destinataire=deja.destinataire, jusqu_au=date_heure(deja.expire))
    permis = {m["nom"] for m in _morceaux(ouvert)}
    if not permis.issuperset(demande.champs):
        raise AccesRefuse(f"{demande.cible.cle}/{demande.section}")
    textes = {nom: " ".join(nettoyer(getattr(demande, nom)).split()) for nom in ("destinataire", "adresse", "jours")}
    textes["mot"] = nettoyer(demande.mot)
    if erreurs := _erreurs(demande, textes) or _trop(session, acteur, demande, textes):
        return Creation(erreurs)
    lien = _lien(acteur, ouvert, demande, textes, empreinte)
    session.add(lien)
    session.flush()
    if lien.adresse:
        _envoyer(session, acteur, ouvert, lien, url)
    tracer(
        session,
        acteur,
        Action.CONFIER,
        ouvert.acces.etablissement.num_finess,
        demande.cible.cle,
        section=demande.section,
        cle=str(demande.cle),
        resultat={
            "lien": lien.id,
            "destinataire": lien.destinataire,
            "champs": lien.champs,
            "expire": str(lien.expire),
        },
    )
    return Creation(destinataire=lien.destinataire, jusqu_au=date_heure(lien.expire))


def retirer(session: Session, acteur: Acteur, demande: Retrait) -> None:
    """Take a link back: it opens nothing any more. Whoever may give one may take it back.

    Raises:
        AccesRefuse: no right on the object, or the link is of another one.
        Conflit: it was answered meanwhile: what came back is to be looked at.
    """
    acces = exiger(session, acteur, demande.cible, Geste.CONFIER)
    lien = session.get(LienConfie, demande.lien)
    if lien is None or lien.objet != demande.cible.cle:
        raise AccesRefuse(f"{demande.cible.cle}/lien {demande.lien}")
    if deja_fait(session, acteur, demande.cle, action=Action.RETRAIT, objet=lien.objet) or lien.retire:
        return
    requete = update(LienConfie).where(
        col(LienConfie.id) == lien.id, col(LienConfie.retire).is_(None), col(LienConfie.repondu).is_(None)
    )
    if session.exec(requete.values(retire=datetime.now(UTC))).rowcount != 1:
        raise Conflit
    tracer(
        session,
        acteur,
        Action.RETRAIT,
        acces.etablissement.num_finess,
        lien.objet,
        section=lien.section,
        cle=str(demande.cle),
        resultat={"lien": lien.id, "destinataire": lien.destinataire},
    )


def _ouvrir(session: Session, acteur: Acteur, cible: Cible, section: str) -> Ouvert:
    ouvert = charger_section(session, acteur, cible, section, Geste.CONFIER)
    if not ouvert.acces.permet(Geste.MODIFIER) or not confiables(ouvert.classe, section):
        raise AccesRefuse(f"{cible.cle}/{section}")
    return ouvert


def _lien(
    acteur: Acteur, ouvert: Ouvert, demande: DemandeConfier, textes: dict[str, str], empreinte: str
) -> LienConfie:
    maintenant = datetime.now(UTC)
    return LienConfie(
        empreinte=empreinte,
        objet=demande.cible.cle,
        section=demande.section,
        champs=tous_ensemble(ouvert.classe, demande.section, demande.champs),
        destinataire=textes["destinataire"],
        adresse=depot.lire_adresse(textes["adresse"]),
        mot=textes["mot"],
        utilisateur_id=acteur.id,
        cree=maintenant,
        expire=maintenant + timedelta(days=int(textes["jours"])),
    )


def _envoyer(session: Session, acteur: Acteur, ouvert: Ouvert, lien: LienConfie, url: str) -> None:
    quoi = f"{ouvert.section.titre}, {nom_de(ouvert.acces.objet)} ({nom_de(ouvert.acces.etablissement)})"
    mot = f"Son mot :\n{lien.mot}\n\n" if lien.mot else ""
    depot.deposer(
        session,
        lien.adresse,
        f"{acteur.nom} vous demande de vérifier quelques réponses",
        f"{acteur.nom} confie à {lien.destinataire} une petite partie à vérifier : {quoi}.\n\n{mot}"
        f"Ouvrez ce lien sur l’appareil où vous répondrez, de préférence votre téléphone :\n{url}\n\n"
        f"Sans compte, en quelques minutes, jusqu’au {date_heure(lien.expire)}. Ce lien est pour vous : ne le "
        "transmettez pas. Ce que vous enverrez est une proposition, relue avant tout changement.",
        pourquoi=f"parce que {acteur.nom} vous a confié cette partie",
    )


def _morceaux(ouvert: Ouvert) -> list[Morceau]:
    faits = Lecteur(ouvert.catalogue, ouvert.contexte).faits(
        ouvert.classe, ouvert.section.cle, ouvert.valeurs, ouvert.publiees
    )
    lus = {f["champ"]: " ; ".join(e["texte"] for e in f["lignes"]) for f in faits}
    return [
        Morceau(nom=nom, label=_label(ouvert, e), resume=_court(lus.get(nom, "")) if _se_resume(e) else "")
        for nom, e in confiables(ouvert.classe, ouvert.section.cle).items()
        if est_visible(e, ouvert.contexte)
    ]


def _se_resume(element: Champ | Groupe) -> bool:
    return isinstance(element, Champ) or not element.unique


def _court(texte: str) -> str:
    return (texte if len(texte) <= RESUME else texte[: RESUME - 1] + "…") or NON_RENSEIGNE


def _label(ouvert: Ouvert, element: Champ | Groupe) -> str:
    """How it is called, with the field that goes with it; the section's own title, when it says it all."""
    avec = champs_de(ouvert.classe).get(element.avec) if isinstance(element, Champ) else None
    return ", ".join(t for t in (element.label, avec.label if avec else "") if t) or ouvert.section.titre


# ------------------------------------------------------------------------------- what is typed


def _erreurs(demande: DemandeConfier, textes: dict[str, str]) -> dict[str, str]:
    erreurs: dict[str, str] = {}
    if not demande.champs:
        erreurs["champs"] = "Cochez au moins une réponse à confier."
    if not textes["destinataire"]:
        erreurs["destinataire"] = "Dites à qui vous confiez ce morceau."
    elif len(textes["destinataire"]) > NOM_MAXIMUM:
        erreurs["destinataire"] = fr(f"{NOM_MAXIMUM} caractères au plus.")
    if textes["adresse"] and not depot.disponible():
        erreurs["adresse"] = "Ce service n’envoie pas de courriel. Laissez vide : vous transmettrez le lien vous-même."
    elif textes["adresse"] and not depot.lire_adresse(textes["adresse"]):
        erreurs["adresse"] = fr("Cette adresse électronique n’est pas complète. Exemple : secretariat@exemple.fr")
    if not (textes["jours"].isascii() and textes["jours"].isdigit() and 1 <= int(textes["jours"]) <= JOURS_MAXIMUM):
        erreurs["jours"] = fr(f"Indiquez un nombre de jours, de 1 à {JOURS_MAXIMUM}.")
    if len(textes["mot"]) > MOT_MAXIMUM:
        erreurs["mot"] = fr(f"{MOT_MAXIMUM} caractères au plus : il y en a {len(textes['mot'])}.")
    return erreurs


def _trop(session: Session, acteur: Acteur, demande: DemandeConfier, textes: dict[str, str]) -> dict[str, str]:
    ce_jour = select(func.count()).where(
        LienConfie.utilisateur_id == acteur.id,
        LienConfie.adresse != "",
        col(LienConfie.cree) > datetime.now(UTC) - timedelta(days=1),
    )
    if textes["adresse"] and session.exec(ce_jour).one() >= PAR_JOUR:
        return {"adresse": fr(f"Vous avez envoyé {PAR_JOUR} liens en un jour : reprenez demain, ou laissez vide.")}
    requete = select(func.count()).where(
        LienConfie.objet == demande.cible.cle,
        col(LienConfie.retire).is_(None),
        col(LienConfie.repondu).is_(None),
        col(LienConfie.expire) > datetime.now(UTC),
    )
    if session.exec(requete).one() < LIENS_MAXIMUM:
        return {}
    return {"champs": fr(f"{LIENS_MAXIMUM} liens attendent déjà une réponse ici : retirez-en un d’abord.")}


# --------------------------------------------------------------------------- links of an object


def liens_de(session: Session, classe: type[SQLModel], cible: Cible) -> list[LienVu]:
    """The links of an object, the last one first."""
    requete = (
        select(LienConfie, Utilisateur, Proposition)
        .join(Utilisateur, col(Utilisateur.id) == LienConfie.utilisateur_id)
        .outerjoin(Proposition, col(Proposition.lien_id) == LienConfie.id)
        .where(LienConfie.objet == cible.cle)
        .order_by(col(LienConfie.id).desc())
        .limit(MONTRES)
    )
    return [_vu(classe, *ligne) for ligne in session.exec(requete)]


def _vu(classe: type[SQLModel], lien: LienConfie, donneur: Utilisateur, proposition: Proposition | None) -> LienVu:
    etat = etat_de(lien, proposition)
    return LienVu(
        numero=lien.id or 0,
        destinataire=lien.destinataire,
        quoi=f"{titre_de(classe, lien.section)}{_champs(classe, lien)}",
        etat=etat,
        detail=fr(f"Par {donneur.nom_complet}, {moment(lien.cree)}. Valable jusqu’au {date_longue(lien.expire)}."),
        retirer=etat in ATTENDUS,
        proposition=proposition.id or 0 if proposition else 0,
    )


ENVOYE, OUVERT, EXPIRE, RETIRE, A_LIRE, VU = "Pas encore ouvert", "Ouvert", "Expiré", "Retiré", "À examiner", "Examiné"
ATTENDUS = (ENVOYE, OUVERT)


def etat_de(lien: LienConfie, proposition: Proposition | None, maintenant: datetime | None = None) -> str:
    """Where a link stands, in one word."""
    if proposition:
        return VU if proposition.decidee else A_LIRE
    if lien.retire:
        return RETIRE
    if est_expire(lien, maintenant):
        return EXPIRE
    return OUVERT if lien.ouvert else ENVOYE


def est_expire(lien: LienConfie, maintenant: datetime | None = None) -> bool:
    """Whether its time is over: from the very second it names."""
    fin = utc(lien.expire)
    return (maintenant or datetime.now(UTC)) >= fin


def _champs(classe: type[SQLModel], lien: LienConfie) -> str:
    """« : Nom, Description », when not the whole section."""
    noms = [n for n in confiables(classe, lien.section) if n in lien.champs]
    if len(noms) == len(confiables(classe, lien.section)):
        return ""
    labels = _labels(classe, noms)
    return fr(f" : {', '.join(labels)}") if labels else ""


def _labels(classe: type[SQLModel], noms: Sequence[str]) -> list[str]:
    declares: dict[str, Any] = {**champs_de(classe), **groupes_de(classe)}
    return [declares[n].label for n in noms if declares[n].label]
