"""« Attestation de mise à jour »: what was reviewed, by whom, when, said once in JSON and in a PDF, and kept.

The JSON is canonical: keys in order, no space, UTF-8, whole numbers and texts only. Whoever has its values can write
the same bytes again, and compute their SHA-256 (docs/attestation.md).
"""

import hashlib
import json
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import Field
from sqlmodel import Session, col, func, select

from rxror.ror import parcours
from rxror.ror.dates import aujourd_hui
from rxror.ror.erreurs import AccesRefuse, Conflit, GesteRefuse
from rxror.ror.exigences.entrees import EtablissementVu
from rxror.ror.exigences.recence import Recence, re1_2
from rxror.ror.objets import EntiteGeographique, EntiteJuridique
from rxror.ror.objets.commun import adresse_en_ligne
from rxror.ror.reperes import nom_de
from rxror.ror.typographie import fr
from rxror.services import hierarchie, releve
from rxror.services.acces import Acces, Acteur, Cible, Geste, exiger, permis
from rxror.services.demande import Demande, Vu
from rxror.services.releve import Compte, Releve, Relu
from rxror.services.tracer import deja_fait, tracer
from rxror.services.vu import empreinte as digest
from rxror.settings import settings
from rxror.tables import Action, Attestation

FORMAT = "rxror-attestation/1"
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # 5 bits a letter, none that is taken for another
LETTRES, PAR_BLOC = 12, 4
CONFONDUES = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})
ANCIENNE = 366  # days: a relecture is yearly
PAR_PAGE = 50
PAR_JOUR = 10  # of one person on one établissement: each is drawn, and kept for years
OCTETS_MAX = 900_000  # of its JSON: it is sent back whole to be verified, by a form of 1 MB
PREMIER = date(2000, 1, 1)
RIEN = fr(
    "Rien n’a été validé ni confirmé dans cette période : il n’y a rien à attester. Choisissez d’autres dates, ou "
    "commencez la relecture."
)
TROP_LONGUE = fr(
    "Cette attestation serait trop longue pour être vérifiée par la suite : choisissez une période plus courte, ou "
    "établissez-la pôle par pôle. Rien n’est établi."
)
TROP = fr(
    f"Vous avez établi {PAR_JOUR} attestations dans cet établissement en un jour : elles sont gardées. Reprenez demain."
)
LIMITES = (
    "Cette attestation est produite par rxror. Elle dit ce qui a été relu, par qui et quand.",
    "Elle ne vaut pas transmission au ROR national.",
    "RE1.2 y est calculée comme l’indicateur national, sur ce que rxror connaît.",
)

Jour = Annotated[date, Field(ge=PREMIER, le=date(2999, 12, 31))]


class Etablir(Demande):
    """« Établir l’attestation », of an établissement or of a structure.

    Attributes:
        du, au: the period, both days included, as the page showed it.
        vu: what the page showed, as `Apercu.vu` gave it.
    """

    du: Jour
    au: Jour
    vu: Vu
    cle: UUID


@dataclass(frozen=True)
class Apercu:
    """What an attestation would say. `contenu` has neither code, author nor instant yet."""

    acces: Acces
    contenu: dict[str, Any]
    vu: str
    peut: bool
    chemin: list[tuple[str, str]]

    @property
    def relus(self) -> bool:
        """Whether there is anything to attest."""
        return any(relu["actes"] for relu in (*self.contenu["offres"], *self.contenu["lieux"]))


@dataclass(frozen=True)
class Projet:
    """An attestation about to be written: its JSON is final.

    Attributes:
        json: the bytes of the document.
    """

    contenu: dict[str, Any]
    json: bytes
    instant: datetime

    @property
    def code(self) -> str:
        """Its public code."""
        return self.contenu["code"]

    @property
    def empreinte(self) -> str:
        """SHA-256 of its JSON."""
        return hashlib.sha256(self.json).hexdigest()


@dataclass(frozen=True)
class Etablie:
    """One that was established, without its files."""

    code: str
    du: date
    au: date
    cree: datetime
    nom: str


def canonique(contenu: Mapping[str, Any]) -> bytes:
    """The bytes of a JSON document: keys in order, no space, UTF-8."""
    return json.dumps(contenu, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def adresse(code: str) -> str:
    """Where anybody may verify it."""
    return f"{settings().url}{parcours.url_verification(code)}"


def lire_code(texte: str) -> str:
    """A code as somebody types it, read as we write it: « 7f3k 92qd m4xt » is 7F3K-92QD-M4XT; "" for anything else."""
    nu = texte.strip().upper().translate(CONFONDUES) if len(texte) <= 3 * LETTRES else ""
    if len(nu) != LETTRES or not set(nu) <= set(ALPHABET):
        return ""
    return "-".join(nu[i : i + PAR_BLOC] for i in range(0, LETTRES, PAR_BLOC))


def apercevoir(
    session: Session, acteur: Acteur, cible: Cible, du: date | None = None, au: date | None = None
) -> Apercu:
    """What an attestation would say now. Writes nothing.

    Args:
        du, au: both days included; the last thirty days, from the first act, when None.

    Raises:
        AccesRefuse: no right to read what it is about.
        GesteRefuse: no such period.
    """
    acces = _acces(session, acteur, cible, Geste.LIRE)
    return _apercevoir(session, acces, cible, du, au)


def rediger(session: Session, acteur: Acteur, demande: Etablir) -> Projet | str:
    """The text of an attestation, before its PDF is drawn; its code when this very gesture was done already.

    Raises:
        AccesRefuse: no right to establish it.
        GesteRefuse: nothing to attest, no such period, too many that day, or too long.
        Conflit: something was validated or confirmed since the page was shown.
    """
    acces = _acces(session, acteur, demande.cible, Geste.ATTESTER)
    if code := _deja_etablie(session, acteur, demande):
        return code
    _moderer(session, acteur, acces)
    apercu = _a_jour(session, acces, demande)
    maintenant, code = datetime.now(UTC).replace(microsecond=0), _tirer()
    contenu = apercu.contenu | {
        "code": code,
        "verification": adresse(code),
        "etablie_le": maintenant.isoformat(),
        "etablie_par": acteur.nom,
    }
    octets = canonique(contenu)
    if len(octets) > OCTETS_MAX:
        raise GesteRefuse(TROP_LONGUE)
    return Projet(contenu, octets, maintenant)


def etablir(session: Session, acteur: Acteur, demande: Etablir, projet: Projet, pdf: bytes) -> str:
    """Keep an attestation with its PDF, and tell it in the trace; a retry gives the code of the first.

    Args:
        projet: as `rediger` gave it for this very request.
        pdf: drawn from it.

    Raises:
        AccesRefuse: no right to establish it.
        GesteRefuse: too many that day.
        Conflit: something was validated or confirmed since the page was shown.
    """
    acces = _acces(session, acteur, demande.cible, Geste.ATTESTER)
    if code := _deja_etablie(session, acteur, demande):
        return code
    _moderer(session, acteur, acces)
    _a_jour(session, acces, demande)
    finess = acces.etablissement.num_finess
    session.add(
        Attestation(
            code=projet.code,
            objet=demande.cible.cle,
            finess=finess,
            du=demande.du,
            au=demande.au,
            cree=projet.instant,
            utilisateur_id=acteur.id,
            nom=acteur.nom,
            contenu=projet.json.decode(),
            empreinte=projet.empreinte,
            pdf=pdf,
            empreinte_pdf=hashlib.sha256(pdf).hexdigest(),
        )
    )
    resultat = {"code": projet.code, "empreinte": projet.empreinte}
    tracer(session, acteur, Action.ATTESTATION, finess, demande.cible.cle, cle=str(demande.cle), resultat=resultat)
    return projet.code


def etablies(session: Session, acteur: Acteur, cible: Cible) -> list[Etablie]:
    """The attestations of an établissement or of a structure, the latest first, fifty at most.

    Raises:
        AccesRefuse: no right to read what they are about.
    """
    _acces(session, acteur, cible, Geste.LIRE)
    a = Attestation
    requete = sa.select(col(a.code), col(a.du), col(a.au), col(a.cree), col(a.nom)).where(col(a.objet) == cible.cle)
    requete = requete.order_by(col(a.cree).desc(), col(a.id).desc()).limit(PAR_PAGE)
    return [Etablie(*ligne) for ligne in session.execute(requete)]


def dernieres(
    session: Session, acteur: Acteur, finess: Collection[str], jour: date | None = None
) -> dict[str, datetime | None]:
    """When the latest attestation of each whole établissement was established, where this person may; one query."""
    if not finess:
        return {}
    eg, a = EntiteGeographique, Attestation
    objet = sa.literal(f"{eg.GENRE}:").concat(col(eg.num_finess))
    requete = (
        sa.select(col(eg.num_finess), func.max(col(a.cree)))
        .outerjoin(a, col(a.objet) == objet)
        .where(col(eg.num_finess).in_(finess), permis(acteur, Geste.ATTESTER, eg, jour))
        .group_by(col(eg.num_finess))
    )
    return {ligne[0]: ligne[1] for ligne in session.execute(requete)}


def document(session: Session, acteur: Acteur, code: str) -> Attestation:
    """One of them with its files, however its code is typed.

    Raises:
        AccesRefuse: no such code, or no right to read what it is about.
    """
    trouvee = session.exec(select(Attestation).where(Attestation.code == lire_code(code))).first()
    if trouvee is None:
        raise AccesRefuse(f"attestation:{code}")
    _acces(session, acteur, Cible(*trouvee.objet.split(":", 1)), Geste.LIRE)
    return trouvee


# ------------------------------------------------------------------------- inside


def _acces(session: Session, acteur: Acteur, cible: Cible, geste: Geste) -> Acces:
    if cible.genre not in ("etablissement", "structure"):
        raise AccesRefuse(cible.cle)
    return exiger(session, acteur, cible, geste)


def _deja_etablie(session: Session, acteur: Acteur, demande: Etablir) -> str:
    faite = deja_fait(session, acteur, demande.cle, objet=demande.cible.cle, action=Action.ATTESTATION)
    return faite.resultat["code"] if faite else ""


def _moderer(session: Session, acteur: Acteur, acces: Acces) -> None:
    """Refuse one more in a day, whatever the process and the part of the établissement."""
    a = Attestation
    ce_jour = select(func.count()).where(
        a.utilisateur_id == acteur.id,
        a.finess == acces.etablissement.num_finess,
        col(a.cree) > datetime.now(UTC) - timedelta(days=1),
    )
    if session.exec(ce_jour).one() >= PAR_JOUR:
        raise GesteRefuse(TROP)


def _a_jour(session: Session, acces: Acces, demande: Etablir) -> Apercu:
    apercu = _apercevoir(session, acces, demande.cible, demande.du, demande.au)
    if apercu.vu != demande.vu:
        raise Conflit
    if not apercu.relus:
        raise GesteRefuse(RIEN)
    return apercu


def _apercevoir(session: Session, acces: Acces, cible: Cible, du: date | None, au: date | None) -> Apercu:
    _verifier(du, au)
    lu = releve.lire(session, acces, du, au, datetime.now(UTC))
    contenu = _contenu(session, acces, cible, lu)
    chemin = hierarchie.jusqu_a(session, acces, cible)
    return Apercu(acces, contenu, digest(contenu), acces.permet(Geste.ATTESTER), chemin)


def _verifier(du: date | None, au: date | None) -> None:
    jour = aujourd_hui()
    fin = au or jour
    if fin > jour:
        raise GesteRefuse("La période ne peut pas finir après aujourd’hui.")
    if du and du > fin:
        raise GesteRefuse("La période commence après sa fin : corrigez l’une des deux dates.")
    if (jour - (du or fin)).days > ANCIENNE:
        raise GesteRefuse("La période peut commencer il y a un an au plus : la relecture est annuelle.")
    if fin < jour - timedelta(days=ANCIENNE):
        raise GesteRefuse("La période peut finir il y a un an au plus.")


def _tirer() -> str:
    return lire_code("".join(secrets.choice(ALPHABET) for _ in range(LETTRES)))


def _contenu(session: Session, acces: Acces, cible: Cible, lu: Releve) -> dict[str, Any]:
    eg = acces.etablissement
    return {
        "format": FORMAT,
        "demonstration": lu.demonstration,
        "etablissement": _etablissement(session, eg),
        "perimetre": {"genre": cible.genre, "identifiant": cible.identifiant, "nom": nom_de(acces.objet)},
        "periode": {"du": lu.du.isoformat(), "au": lu.au.isoformat()},
        "valide_par": lu.personnes,
        "comptes": {"offres": _compte(releve.compter(lu.offres)), "lieux": _compte(releve.compter(lu.lieux))},
        "parts": [{"identifiant": i, "nom": nom, **_compte(compte)} for i, nom, compte in lu.poles],
        "re1_2": {"avant": _recence(eg, lu.avant, lu.du), "apres": _recence(eg, lu.apres, lu.au)},
        "offres": _relus(lu.offres),
        "lieux": _relus(lu.lieux),
        "limites": list(map(fr, LIMITES)),
    }


def _etablissement(session: Session, eg: EntiteGeographique) -> dict[str, str]:
    ej = session.get_one(EntiteJuridique, eg.entite_juridique_id)
    return {
        "finess": eg.num_finess,
        "nom": nom_de(eg),
        "adresse": adresse_en_ligne(eg.model_dump()),
        "finess_ej": ej.num_finess,
        "entite_juridique": ej.raison_sociale or "",
    }


def _compte(compte: Compte) -> dict[str, int]:
    return {
        "total": compte.total,
        "relus": compte.relus,
        "sans_changement": compte.sans_changement,
        "modifies": compte.modifies,
        "non_relus": compte.total - compte.relus,
    }


def _recence(eg: EntiteGeographique, chiffres: Recence, jour: date) -> dict[str, Any]:
    vu = EtablissementVu(finess=eg.num_finess, nom=nom_de(eg), categorie=eg.categorie_eg, fermeture=eg.date_fermeture)
    return {
        "jour": jour.isoformat(),
        "offres": chiffres.total,
        "mises_a_jour": chiffres.fraiches,
        "exigees": chiffres.exigees,
        "etat": re1_2(vu, chiffres).statut.value,
    }


def _relus(relus: Sequence[Relu]) -> list[dict[str, Any]]:
    return [
        {
            "identifiant": relu.identifiant,
            "nom": relu.nom,
            **({"part": relu.part[1]} if relu.part[1] else {}),
            "etat": "modifie" if relu.modifie else "sans_changement" if relu.actes else "non_relu",
            "actes": [
                {
                    "geste": acte.geste,
                    "le": acte.quand.isoformat(timespec="seconds"),
                    "par": acte.par,
                    "version": acte.version,
                    "champs_modifies": list(acte.champs),
                    "champs_montres": list(acte.montres),
                }
                for acte in relu.actes
            ],
        }
        for relu in relus
    ]
