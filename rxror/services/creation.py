"""« Créer + »: an offer under a UF or an établissement, a lieu for an offer. « Valider » publishes them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from secrets import token_hex
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlmodel import Session, func, select

from rxror.ror import messages, parcours
from rxror.ror.champs import Contexte, champs_de
from rxror.ror.erreurs import AccesRefuse, SaisieInvalide
from rxror.ror.nomenclatures import Code
from rxror.ror.objets import (
    Adresse,
    EntiteGeographique,
    LieuRealisationOffre,
    OffreOperationnelle,
    OrganisationInterne,
    Patientele,
)
from rxror.ror.objets.entite_geographique import VILLES
from rxror.ror.objets.offre_operationnelle import MCO, MEDICO_SOCIAL, PSY, SMR, VILLE
from rxror.ror.objets.organisation_interne import UF
from rxror.ror.saisie import Lecteur, defauts
from rxror.services import brouillons, contenu, hierarchie
from rxror.services.acces import Acces, Acteur, Cible, Geste, exiger
from rxror.services.nomenclatures import catalogue
from rxror.services.tracer import tracer
from rxror.tables import Action, Brouillon, Trace

OCCITANIE = "76"
CHAMPS_OFFRE = ("nom_offre", "champ_activite", "mode_prise_en_charge")
CHAMPS_LIEU = ("nom", "fonction_lieu")
Texte = Annotated[str, StringConstraints(max_length=1000)]


class Creation(BaseModel):
    """One « Créer + », with its whole context: what is created hangs under (`genre`, `identifiant`)."""

    model_config = ConfigDict(extra="forbid")

    genre: Annotated[str, StringConstraints(max_length=20)]
    identifiant: Annotated[str, StringConstraints(max_length=60)]
    cle: UUID
    saisie: dict[Texte, Texte] = Field(max_length=20)


def parent_d_offre(session: Session, acteur: Acteur, genre: str, identifiant: str) -> Acces:
    """The UF or the établissement under which an offer may be created.

    Raises:
        AccesRefuse: no right, a pôle, or an établissement sanitaire (its offers hang under a UF).
    """
    acces = exiger(session, acteur, Cible(genre, identifiant), Geste.CREER_OFFRE)
    objet = acces.objet
    uf = isinstance(objet, OrganisationInterne) and objet.type_oi == UF
    medico_social = isinstance(objet, EntiteGeographique) and not objet.sanitaire
    if not (uf or medico_social):
        raise AccesRefuse(f"{genre}:{identifiant}")
    return acces


def champs_permis(acces: Acces) -> tuple[str, ...]:
    """Champs d'activité that the kind of parent allows; all of them when several do."""
    if isinstance(acces.objet, OrganisationInterne):
        return (MCO, SMR, PSY)
    return (VILLE,) if acces.etablissement.categorie_eg in VILLES else (MEDICO_SOCIAL,)


@dataclass
class Ecran:
    """What the page of a creation shows: the parent, and the answers it allows."""

    nom: str
    retour: str
    chemin: list[parcours.Maillon]
    options: dict[str, list[Code]]
    valeurs: dict[str, str]
    avec_uf: bool


def ouvrir_offre(session: Session, acteur: Acteur, genre: str, identifiant: str) -> Ecran:
    """The page that creates an offer under a UF or an établissement médico-social.

    Raises:
        AccesRefuse: as `parent_d_offre`.
    """
    acces = parent_d_offre(session, acteur, genre, identifiant)
    eg, cat = acces.etablissement, catalogue(session)
    dessus = hierarchie.ancetres(session, acces.objet.id) if isinstance(acces.objet, OrganisationInterne) else []
    lieux = hierarchie.places(eg, dessus)
    permis = champs_permis(acces)
    valeurs = {"champ_activite": permis[0]} if len(permis) == 1 else {}
    options = {"champ_activite": cat.choix("J20", permis), "mode_prise_en_charge": cat.choix("J19")}
    return Ecran(lieux[-1][0], lieux[-1][1], _maillons(lieux), options, valeurs, eg.sanitaire)


def ouvrir_lieu(session: Session, acteur: Acteur, identifiant_offre: str) -> Ecran:
    """The page that creates a lieu for an offer.

    Raises:
        AccesRefuse: no right to edit the offer.
    """
    cible = Cible(OffreOperationnelle.GENRE, identifiant_offre)
    acces = exiger(session, acteur, cible, Geste.MODIFIER)
    eg, offre = acces.etablissement, acces.objet
    lieux = [*hierarchie.chemin(session, acces), (offre.nom_offre, parcours.url_offre(offre.identifiant_offre))]
    options = {"fonction_lieu": catalogue(session).choix("J198")}
    return Ecran(offre.nom_offre, lieux[-1][1], _maillons(lieux), options, {}, eg.sanitaire)


def _maillons(lieux: list[tuple[str, str]]) -> list[parcours.Maillon]:
    return [parcours.Maillon(nom=parcours.nom_court(nom), url=url) for nom, url in lieux]


def creer_offre(session: Session, acteur: Acteur, demande: Creation) -> tuple[str, dict[str, str]]:
    """Create an offer to be completed.

    Returns:
        (identifier, {}) or ("", {champ: sentence}) when something is missing; champ d'activité and mode de prise en
        charge are frozen afterwards (RG_EXP_010, 011).

    Raises:
        AccesRefuse: no right to create under that parent.
        SaisieInvalide: `cle` was used by another gesture.
    """
    acces = parent_d_offre(session, acteur, demande.genre, demande.identifiant)
    if deja := _deja_cree(session, acteur, demande, OffreOperationnelle.GENRE):
        return deja, {}
    valeurs, erreurs = _lire(session, OffreOperationnelle, CHAMPS_OFFRE, demande)
    if valeurs.get("champ_activite") and valeurs["champ_activite"] not in champs_permis(acces):
        erreurs["champ_activite"] = messages.lecture("code")
    if erreurs:
        return "", erreurs
    eg, maintenant = acces.etablissement, datetime.now(UTC)
    region = eg.region_source or OCCITANIE
    offre = OffreOperationnelle(
        entite_geographique_id=eg.id or 0,
        organisation_interne_id=acces.objet.id if isinstance(acces.objet, OrganisationInterne) else None,
        identifiant_offre=_identifiant_d_offre(session, region),
        region_source=region,
        date_creation=maintenant,
        demonstration=eg.demonstration or acteur.demonstration,
        **valeurs,
    )
    session.add(offre)
    session.flush()
    session.add(Patientele(offre_operationnelle_id=offre.id, **defauts(Patientele)))
    _tracer_creation(session, acteur, eg, f"{offre.GENRE}:{offre.identifiant_offre}", demande, valeurs)
    return offre.identifiant_offre, {}


def creer_lieu(session: Session, acteur: Acteur, demande: Creation) -> tuple[str, dict[str, str]]:
    """Create a lieu at the établissement's address and attach it to the offer's brouillon.

    Returns:
        (identifier, {}) or ("", {champ: sentence}).

    Raises:
        AccesRefuse: no right to edit the offer.
        SaisieInvalide: `cle` was used by another gesture.
    """
    acces = exiger(session, acteur, Cible(demande.genre, demande.identifiant), Geste.MODIFIER)
    if not isinstance(acces.objet, OffreOperationnelle):
        raise AccesRefuse(f"{demande.genre}:{demande.identifiant}")
    if deja := _deja_cree(session, acteur, demande, LieuRealisationOffre.GENRE):
        return deja, {}
    valeurs, erreurs = _lire(session, LieuRealisationOffre, CHAMPS_LIEU, demande)
    if erreurs:
        return "", erreurs
    eg = acces.etablissement
    lieu = LieuRealisationOffre(
        entite_geographique_id=eg.id or 0,
        identifiant=f"L{eg.region_source or OCCITANIE}-{token_hex(5)}",
        region_source=eg.region_source,
        date_creation=datetime.now(UTC),
        demonstration=eg.demonstration or acteur.demonstration,
        **{**defauts(LieuRealisationOffre), **{n: getattr(eg, n) for n in champs_de(Adresse)}, **valeurs},
        latitude=eg.latitude,
        longitude=eg.longitude,
    )
    session.add(lieu)
    _rattacher(session, acteur, acces, lieu.identifiant)
    _tracer_creation(session, acteur, eg, f"{lieu.GENRE}:{lieu.identifiant}", demande, valeurs)
    return lieu.identifiant, {}


def _lire(
    session: Session, classe: type, noms: tuple[str, ...], demande: Creation
) -> tuple[dict[str, Any], dict[str, str]]:
    lecteur = Lecteur(catalogue(session), Contexte())
    return lecteur.lire_nouveau(classe, noms, demande.saisie)


def _deja_cree(session: Session, acteur: Acteur, demande: Creation, genre: str) -> str:
    trace = session.exec(select(Trace).where(Trace.cle == str(demande.cle))).first()
    if trace is None:
        return ""
    meme_lieu = trace.resultat.get("parent") == f"{demande.genre}:{demande.identifiant}"
    if trace.utilisateur_id != acteur.id or not trace.objet.startswith(genre + ":") or not meme_lieu:
        raise SaisieInvalide(str(demande.cle))
    return trace.objet.removeprefix(genre + ":")


def _identifiant_d_offre(session: Session, region: str) -> str:
    """`RR/nnnnnnn`: the next number of the table, so that no identifier is ever given twice."""
    dernier = session.exec(select(func.max(OffreOperationnelle.id))).one() or 0
    numero = dernier + 1
    while session.exec(
        select(OffreOperationnelle.id).where(OffreOperationnelle.identifiant_offre == f"{region}/{numero:07d}")
    ).first():
        numero += 1
    return f"{region}/{numero:07d}"


def _rattacher(session: Session, acteur: Acteur, acces: Acces, lieu: str) -> None:
    offre, maintenant = acces.objet, datetime.now(UTC)
    cle = f"{offre.GENRE}:{offre.identifiant_offre}"
    publies = contenu.lire(session, OffreOperationnelle, [offre], {"adresse"})[offre.id]["lieu_realisation_offre"]
    brouillon = brouillons.charger(session, [cle])[cle].get("adresse")
    avant = brouillon.valeurs.get("lieu_realisation_offre", publies) if brouillon else publies
    if brouillon is None:
        brouillon = Brouillon(objet=cle, section="adresse", utilisateur_id=acteur.id, modifie=maintenant)
    else:
        brouillon.version += 1
    brouillon.valeurs = {**brouillon.valeurs, "lieu_realisation_offre": [*avant, lieu]}
    brouillon.auteurs = {**brouillon.auteurs, "lieu_realisation_offre": [acteur.id, maintenant.isoformat()]}
    brouillon.utilisateur_id, brouillon.modifie = acteur.id, maintenant
    session.add(brouillon)
    tracer(
        session,
        acteur,
        Action.BROUILLON,
        acces.etablissement.num_finess,
        cle,
        section="adresse",
        changements=[{"champ": "lieu_realisation_offre", "avant": avant, "apres": [*avant, lieu]}],
    )


def _tracer_creation(
    session: Session, acteur: Acteur, eg: EntiteGeographique, objet: str, demande: Creation, valeurs: dict[str, str]
) -> None:
    tracer(
        session,
        acteur,
        Action.CREATION,
        eg.num_finess,
        objet,
        cle=str(demande.cle),
        changements=[{"champ": n, "avant": None, "apres": v} for n, v in valeurs.items()],
        resultat={"parent": f"{demande.genre}:{demande.identifiant}"},
    )
