"""A region to attack: an établissement for each cell of the matrix, and one person for each role, scope and state."""

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, SQLModel

from rxror.auth import sessions
from rxror.ror.dates import aujourd_hui
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
from rxror.ror.objets.lieu import HEBERGEMENT_MEDICO_SOCIAL
from rxror.ror.objets.organisation_interne import POLE, UF
from rxror.services.droits import DROITS, Geste, gestes_de
from rxror.tables import (
    DemandeAcces,
    Habilitation,
    Invitation,
    LienConfie,
    Portee,
    Proposition,
    ReglageEtablissement,
    Role,
    Utilisateur,
    WebSession,
)
from tests.securite.gestes import GENERALE, NOMS, SECTIONS, TEMOINS, Cellule, Lieux, droit_du_temoin

EJ, FRERE, VOISIN = "819800001", "819800002", "819800003"
REPONDUS = 100_000  # from the number of a link to that of one that was answered
DEMANDEUR = 999_000  # who asked for an access, and who invited
ISS = "https://idp.exemple.fr"
ICI, AILLEURS = ("81004", "81", "76"), ("75056", "75", "11")  # commune, département, region


@dataclass
class Intrus:
    """Somebody who tries everything, and what they may do there.

    Attributes:
        couvre: "tout" of an établissement, its "pole" and what is below, "lire" only, or "rien".
        seance: "ouverte", or why it does not count.
    """

    nom: str
    role: Role | None = None
    portee: Portee = Portee.ETABLISSEMENT
    code: str = ""
    couvre: str = "rien"
    debut: int | None = None
    fin: int | None = None
    seance: str = "ouverte"
    separee: bool = False
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    id: int = 0

    @property
    def entre(self) -> bool:
        """Whether the gate lets them in."""
        return self.seance == "ouverte"

    @property
    def cookie(self) -> str:
        """What their browser sends."""
        return "" if self.seance == "anonyme" else f"rxror={self.secret}"

    def passe(self, cellule: Cellule) -> bool:
        """Whether what is tried is theirs to do."""
        if cellule.ou_demande and self.peut(cellule.genre, Geste.DEMANDER):
            return True
        if not cellule.ailleurs:
            return self.peut(cellule.genre, cellule.geste)
        return self.peut(cellule.genre, Geste.LIRE) and self.role is not None and cellule.geste in DROITS[self.role]

    def peut(self, genre: str, geste: Geste) -> bool:
        """Whether `droits.py` allows them that, on an object of their pôle or of the établissement."""
        if not self.entre or self.role is None or self.couvre == "rien":
            return False
        entier = self.couvre == "tout" or (self.couvre == "pole" and genre != "etablissement")
        gestes = gestes_de(self.role, OBJETS[genre], separee=self.separee) if entier else {Geste.LIRE}
        return geste in gestes


R, P = Role, Portee
INTRUS = (
    Intrus("anonyme", seance="anonyme"),
    Intrus("sans origine", R.REFERENT, couvre="tout", seance="sans origine"),
    Intrus("session expirée", R.REFERENT, couvre="tout", seance="expirée"),
    Intrus("session trop ancienne", R.REFERENT, couvre="tout", seance="ancienne"),
    Intrus("session révoquée", R.REFERENT, couvre="tout", seance="révoquée"),
    Intrus("sans droit"),
    Intrus("référent d’ailleurs", R.REFERENT, code=VOISIN),
    Intrus("référent d’un établissement frère", R.REFERENT, code=FRERE),
    Intrus("référent d’une autre EJ", R.REFERENT, P.ENTITE_JURIDIQUE, VOISIN),
    Intrus("régional d’ailleurs", R.REFERENT_REGIONAL, P.REGION, AILLEURS[2]),
    Intrus("départemental d’ailleurs", R.REFERENT_REGIONAL, P.DEPARTEMENT, AILLEURS[1]),
    Intrus("droit à venir", R.REFERENT, couvre="rien", debut=1, fin=30, code="*"),
    Intrus("droit passé", R.REFERENT, couvre="rien", debut=-30, fin=-1, code="*"),
    Intrus("lecteur", R.LECTEUR, couvre="tout", code="*"),
    Intrus("lecteur d’un pôle", R.LECTEUR, P.STRUCTURE, "*pole", couvre="pole"),
    Intrus("responsable qualité", R.RESPONSABLE_QUALITE, couvre="tout", code="*"),
    Intrus("responsable d’une autre UF", R.RESPONSABLE_OFFRE, P.STRUCTURE, "*ailleurs", couvre="lire"),
    Intrus("responsable, validation séparée", R.RESPONSABLE_OFFRE, couvre="tout", code="*", separee=True),
    Intrus("responsable du pôle", R.RESPONSABLE_OFFRE, P.STRUCTURE, "*pole", couvre="pole"),
    Intrus("responsable d’offre", R.RESPONSABLE_OFFRE, couvre="tout", code="*"),
    Intrus("responsable de l’EJ", R.RESPONSABLE_OFFRE, P.ENTITE_JURIDIQUE, EJ, couvre="tout"),
    Intrus("référent", R.REFERENT, couvre="tout", code="*", debut=-30, fin=0),
    Intrus("référent de l’EJ", R.REFERENT, P.ENTITE_JURIDIQUE, EJ, couvre="tout"),
    Intrus("départemental", R.REFERENT_REGIONAL, P.DEPARTEMENT, ICI[1], couvre="tout"),
    Intrus("régional", R.REFERENT_REGIONAL, P.REGION, ICI[2], couvre="tout"),
)


def peupler(session: Session, cellules: list[Cellule]) -> None:
    """Write the region, its objects and its people."""
    _communes(session)
    ej, autre = (EntiteJuridique(num_finess=n, raison_sociale="EJ") for n in (EJ, VOISIN))
    session.add_all([ej, autre])
    session.flush()
    for finess, juridique in ((FRERE, ej), (VOISIN, autre)):
        session.add(_nomme(EntiteGeographique(entite_juridique_id=juridique.id or 0, num_finess=finess), "FRERE"))
    for cellule in cellules:
        _objets(session, ej.id or 0, cellule)
    lieux = [c.lieux for c in cellules]
    _temoins(session, lieux)
    for cellule in cellules:
        if cellule.confie:
            _confier(session, cellule)
    for intrus in INTRUS:
        _personne(session, intrus, lieux)


def _temoins(session: Session, lieux: list[Lieux]) -> None:
    """Two people of every établissement, who have signed in once."""
    jadis = datetime.now(UTC) - timedelta(days=20)
    for rang, numero in enumerate(TEMOINS):
        session.add(Utilisateur(id=numero, iss=ISS, sub=f"temoin {rang}", prenom="Témoin", nom=str(rang)))
        session.flush()
        empreinte = sessions.empreinte(secrets.token_urlsafe(32))
        session.add(WebSession(empreinte=empreinte, utilisateur_id=numero, debut=jadis, vue=jadis))
        session.add_all(droit_du_temoin(x, rang) for x in lieux)
        session.flush()


def _confier(session: Session, cellule: Cellule) -> None:
    """A link that waits on the object of a cell, and what came back by another one: both of its number."""
    numero, nom, maintenant = cellule.lieux.numero, NOMS[cellule.genre], datetime.now(UTC)
    ou = {"objet": f"{cellule.genre}:{cellule.identifiant}", "section": SECTIONS.get(cellule.genre, GENERALE)}
    for n, repondu in ((numero, None), (numero + REPONDUS, maintenant)):
        session.add(
            LienConfie(
                id=n,
                empreinte=sessions.empreinte(secrets.token_urlsafe(32)),
                champs=[nom],
                destinataire=cellule.lieux.marque,
                utilisateur_id=TEMOINS[0],
                cree=maintenant,
                expire=maintenant + timedelta(days=14),
                repondu=repondu,
                **ou,
            )
        )
    session.flush()
    avant, apres = ({"valeurs": {nom: t}, "illisibles": {}} for t in ("", cellule.lieux.marque))
    session.add(Proposition(id=numero, lien_id=numero + REPONDUS, vues=avant, valeurs=apres, recue=maintenant, **ou))


def _communes(session: Session) -> None:
    for code, departement, region in (ICI, AILLEURS):
        session.add(
            Commune(code_insee=code, nom=code, code_postal=code, departement=departement, region=region, recherche=code)
        )


def _nomme(objet: Any, marque: str) -> Any:
    for nom, valeur in list(objet):
        if valeur == "" and ("nom" in nom.split("_") or nom.startswith(("denomination", "raison"))):
            setattr(objet, nom, marque)
    return objet


_ids = count(1_000_000)


def _objets(session: Session, ej: int, cellule: Cellule) -> None:
    lieux, marque = cellule.lieux, cellule.lieux.marque
    n = {genre: next(_ids) for genre in ("etablissement", "pole", "structure", "ailleurs", "offre", "voisine", "lieu")}
    code = {genre: lieux.identifiant(genre) for genre in n}
    eg = n["etablissement"]
    rangs: list[SQLModel] = [
        EntiteGeographique(
            id=eg,
            entite_juridique_id=ej,
            num_finess=code["etablissement"],
            commune_cog=ICI[0],
            categorie_eg="500" if cellule.medico_social else "355",
        ),
        _structure(n["pole"], eg, code["pole"], POLE),
        _structure(n["ailleurs"], eg, code["ailleurs"], UF),
        _structure(n["structure"], eg, code["structure"], UF, n["pole"]),
    ]
    rangs += [
        OffreOperationnelle(
            id=n[g],
            identifiant_offre=code[g],
            entite_geographique_id=eg,
            organisation_interne_id=n["structure"],
            zone_intervention=[ICI[0]],
        )
        for g in ("offre", "voisine")
    ]
    rangs.append(
        LieuRealisationOffre(
            id=n["lieu"],
            identifiant=code["lieu"],
            entite_geographique_id=eg,
            fonction_lieu=HEBERGEMENT_MEDICO_SOCIAL,
        )
    )
    for rang in rangs:
        session.add(_nomme(rang, marque))
        session.flush()
    _demandes(session, cellule)
    session.add(OffreLieu(offre_operationnelle_id=n["offre"], lieu_realisation_offre_id=n["lieu"]))


def _demandes(session: Session, cellule: Cellule) -> None:
    """An invitation and a request of each cell, where they are what is tried; both have its number."""
    if not cellule.nom.startswith(("invitations", "decision", "demandes-acces")):
        return
    finess, numero, maintenant = cellule.lieux.identifiant("etablissement"), cellule.lieux.numero, datetime.now(UTC)
    if session.get(Utilisateur, DEMANDEUR) is None:
        session.add(Utilisateur(id=DEMANDEUR, iss=ISS, sub="demandeur", nom="Demandeur"))
        session.flush()
    commun: dict[str, Any] = {"id": numero, "finess": finess, "role": Role.LECTEUR, "cree": maintenant}
    session.add(DemandeAcces(utilisateur_id=DEMANDEUR, ouverte=finess, motif="MOTIF", **commun))
    session.add(
        Invitation(
            empreinte=f"{numero:064d}",
            adresse="a@exemple.fr",
            portee=Portee.ETABLISSEMENT,
            code=finess,
            invite_par=DEMANDEUR,
            expire=maintenant + timedelta(days=7),
            **commun,
        )
    )


def _structure(numero: int, eg: int, code: str, sorte: str, parent: int | None = None) -> OrganisationInterne:
    return OrganisationInterne(
        id=numero, identifiant_oi=code, entite_geographique_id=eg, type_oi=sorte, parent_id=parent
    )


def _personne(session: Session, intrus: Intrus, lieux: list[Lieux]) -> None:
    personne = Utilisateur(iss=ISS, sub=f"intrus {intrus.nom}", prenom="Intrus", nom=intrus.nom)
    session.add(personne)
    session.flush()
    intrus.id = personne.id or 0
    jour, maintenant = aujourd_hui(), datetime.now(UTC)
    if intrus.role is not None:
        genre = intrus.code.removeprefix("*") or "etablissement"
        partout = intrus.code.startswith("*") or not intrus.code
        codes = [x.identifiant(genre) for x in lieux] if partout else [intrus.code]
        droit = {
            "utilisateur_id": intrus.id,
            "role": intrus.role,
            "portee": intrus.portee,
            "debut": None if intrus.debut is None else jour + timedelta(days=intrus.debut),
            "fin": None if intrus.fin is None else jour + timedelta(days=intrus.fin),
        }
        session.execute(insert(Habilitation), [droit | {"code": code} for code in codes])
    if intrus.seance != "anonyme":
        depuis = {"expirée": timedelta(minutes=40), "ancienne": timedelta(hours=9)}.get(intrus.seance, timedelta())
        session.add(
            WebSession(
                empreinte=sessions.empreinte(intrus.secret),
                utilisateur_id=intrus.id,
                debut=maintenant - depuis,
                vue=maintenant if intrus.seance == "ancienne" else maintenant - depuis,
                revoquee=maintenant if intrus.seance == "révoquée" else None,
            )
        )


def separer(session: Session, lieux: list[Lieux]) -> None:
    """Every établissement separates who prepares from who publishes."""
    session.add_all(ReglageEtablissement(finess=x.identifiant("etablissement"), validation_separee=True) for x in lieux)
