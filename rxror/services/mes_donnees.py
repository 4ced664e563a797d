"""What is kept about the person who asks: read from every table that names them, without any secret.

Tables are found by their foreign keys to `utilisateur`, so that one added later is in it the same day.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, select

from rxror.ror.dates import date_longue, moment, utc
from rxror.ror.objets import EntiteGeographique, EntiteJuridique, OrganisationInterne
from rxror.ror.reperes import nom_de
from rxror.ror.typographie import fr, majuscule
from rxror.services.acces import Acteur
from rxror.services.droits import NOMS_DES_PORTEES, NOMS_DES_ROLES
from rxror.tables import Habilitation, Portee, Trace, Utilisateur

SIENNES = ("utilisateur_id", "acceptee_par")  # columns that say whose row it is; the others, who acted on it
SECRETS = frozenset({"empreinte", "id_token", "cle", "cle_acces"})
# of an invitation one accepted, the addresses are those of others: where it was sent, to whom it answers
# of an attestation, the documents also name others; it is taken away from its own page
D_AUTRUI = {"invitation": frozenset({"adresse", "reponse_a"}), "attestation": frozenset({"contenu", "pdf"})}
LOT = 1_000
DROITS_MAXIMUM = 100
NOMS = {
    "habilitation": "droits",
    "web_session": "connexions",
    "trace": "lignes de l’historique et des journaux",
    "brouillon": "brouillons",
    "differend": "réponses qui attendent un choix",
    "confirmation": "confirmations, avec ce qui a été lu",
    "fermeture_prevue": "fermetures de lits prévues",
    "alerte_gardee": "alertes gardées, avec leur motif",
    "edition_en_cours": "formulaires ouverts en ce moment",
    "relecture_reportee": "fiches remises à plus tard, dans la relecture",
    "relecture_ouverte": "fiche ouverte en ce moment dans la relecture",
    "demande_validation": "demandes de validation",
    "demande_acces": "demandes d’accès",
    "invitation": "invitations",
    "lien_confie": "morceaux confiés par un lien",
    "attestation": "attestations de mise à jour établies",
}


@dataclass(frozen=True)
class MesDonnees:
    """What the page shows; `comptes` are (what, how many), from what is listed in the file."""

    nom: str
    prenom: str
    identifiant: str
    fournisseur: str
    droits: list[str] = field(default_factory=list)
    comptes: list[tuple[str, str]] = field(default_factory=list)
    depuis: str = ""


def lire(session: Session, acteur: Acteur) -> MesDonnees:
    """What is kept, in words and figures."""
    moi = session.get_one(Utilisateur, acteur.id)
    comptes = {nom: _combien(session, table, siennes, acteur.id) for nom, table, siennes, _ in _tables()}
    premiere = session.exec(select(sa.func.min(Trace.instant)).where(Trace.utilisateur_id == acteur.id)).one()
    return MesDonnees(
        nom=moi.nom,
        prenom=moi.prenom,
        identifiant=moi.sub,
        fournisseur=moi.iss,
        droits=list(_droits(session, acteur)),
        comptes=[(majuscule(NOMS.get(nom, nom)), str(n)) for nom, n in comptes.items() if n],
        depuis=fr(f"Depuis {moment(utc(premiere))}") if premiere else "",
    )


def exporter(session: Session, acteur: Acteur) -> Iterator[tuple[str, Iterator[dict[str, Any]]]]:
    """(name of a table, its rows about this person), the person first; rows are read little by little."""
    yield "utilisateur", iter([_lisible(session.get_one(Utilisateur, acteur.id).model_dump())])
    for nom, table, siennes, _ in _tables():
        yield nom, _lignes(session, table, siennes, acteur.id)


def _tables() -> list[tuple[str, sa.Table, list[sa.Column[Any]], list[sa.Column[Any]]]]:
    """(name, table, columns that say whose it is, columns that say who acted), of tables that name people."""
    trouvees = []
    for table in SQLModel.metadata.sorted_tables:
        liens = [c for c in table.columns if any(f.column.table.name == "utilisateur" for f in c.foreign_keys)]
        siennes = [c for c in liens if c.name in SIENNES]
        if siennes:
            trouvees.append((table.name, table, siennes, [c for c in liens if c not in siennes]))
    return trouvees


def _combien(session: Session, table: sa.Table, siennes: list[sa.Column[Any]], moi: int) -> int:
    requete = sa.select(sa.func.count()).select_from(table).where(sa.or_(*(c == moi for c in siennes)))
    return session.execute(requete).scalar_one()


def _lignes(session: Session, table: sa.Table, siennes: list[sa.Column[Any]], moi: int) -> Iterator[dict[str, Any]]:
    tus = SECRETS | D_AUTRUI.get(table.name, frozenset())
    requete = sa.select(*(c for c in table.columns if c.name not in tus))
    requete = requete.where(sa.or_(*(c == moi for c in siennes))).order_by(*table.primary_key.columns)
    for ligne in session.execute(requete.execution_options(yield_per=LOT)).mappings():
        yield _lisible(dict(ligne))


def _lisible(ligne: dict[str, Any]) -> dict[str, Any]:
    return {nom: _valeur(v) for nom, v in ligne.items() if nom not in SECRETS}


def _valeur(valeur: Any) -> Any:
    if isinstance(valeur, datetime):
        return utc(valeur).isoformat()
    if isinstance(valeur, date):
        return valeur.isoformat()
    return valeur.value if isinstance(valeur, Enum) else valeur


def _droits(session: Session, acteur: Acteur) -> Iterator[str]:
    requete = select(Habilitation).where(Habilitation.utilisateur_id == acteur.id).order_by(col(Habilitation.id))
    for droit in session.exec(requete.limit(DROITS_MAXIMUM)):
        jours = f", du {date_longue(droit.debut)}" if droit.debut else ""
        jours += f", jusqu’au {date_longue(droit.fin)}" if droit.fin else ""
        yield fr(f"{NOMS_DES_ROLES[droit.role]} : {_lieu(session, droit)}{jours}")


def _lieu(session: Session, droit: Habilitation) -> str:
    classes: dict[Portee, tuple[Any, Any]] = {
        Portee.ETABLISSEMENT: (EntiteGeographique, EntiteGeographique.num_finess),
        Portee.STRUCTURE: (OrganisationInterne, OrganisationInterne.identifiant_oi),
    }
    if droit.portee is Portee.ENTITE_JURIDIQUE:
        ej = session.exec(select(EntiteJuridique).where(EntiteJuridique.num_finess == droit.code)).first()
        return (ej and ej.raison_sociale) or f"entité juridique {droit.code}"
    if droit.portee in classes:
        classe, numero = classes[droit.portee]
        objet = session.exec(select(classe).where(numero == droit.code)).first()
        return nom_de(objet) if objet else droit.code
    return f"{NOMS_DES_PORTEES[droit.portee].lower()} ({droit.code})"
