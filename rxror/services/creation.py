"""« Créer + »: what every creation shares, and an offer under a UF or an établissement. « Valider » publishes it.

A lieu is in `creation_lieu`, a pôle, a service or a UF in `creation_structure`.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, StringConstraints
from sqlmodel import Session, SQLModel, col, select

from rxror.ror import messages, parcours
from rxror.ror.champs import Contexte, cle_parente, groupes_de
from rxror.ror.erreurs import AccesRefuse, SaisieInvalide
from rxror.ror.modeles import ModeleSaisie
from rxror.ror.nomenclatures import Code, sans_accent
from rxror.ror.objets import EntiteGeographique, OffreOperationnelle, OrganisationInterne
from rxror.ror.objets.entite_geographique import VILLES
from rxror.ror.objets.offre_operationnelle import MCO, MEDICO_SOCIAL, PSY, SMR, VILLE
from rxror.ror.objets.organisation_interne import UF
from rxror.ror.reperes import cle_de
from rxror.ror.saisie import Lecteur, defauts
from rxror.services import contenu, hierarchie, identifiants, modeles
from rxror.services.acces import Acces, Acteur, Cible, Geste, exiger
from rxror.services.choix_modele import QUESTION, Propose, choisi, proposes_pour_une_offre
from rxror.services.demande import Demande
from rxror.services.nomenclatures import catalogue
from rxror.services.tracer import deja_fait, tracer
from rxror.services.versions import de_la_creation
from rxror.tables import Action

CHAMPS_OFFRE = ("nom_offre", "champ_activite", "mode_prise_en_charge")
HOMONYME = "homonyme"  # answer of the form: the name that may be there twice
Texte = Annotated[str, StringConstraints(max_length=1000)]


class Creation(Demande):
    """One « Créer + », with its whole context: what is created hangs under (`genre`, `identifiant`)."""

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
    """What the page of a creation shows: the parent, and the answers it allows; `dit` is what one ought to know."""

    nom: str
    retour: str
    chemin: list[parcours.Maillon]
    options: dict[str, list[Code]]
    valeurs: dict[str, str]
    avec_uf: bool
    dit: str = ""
    modeles: list[Propose] = field(default_factory=list)


def ouvrir_offre(session: Session, acteur: Acteur, genre: str, identifiant: str) -> Ecran:
    """The page that creates an offer under a UF or an établissement médico-social.

    Raises:
        AccesRefuse: as `parent_d_offre`.
    """
    acces = parent_d_offre(session, acteur, genre, identifiant)
    cat, permis = catalogue(session), champs_permis(acces)
    valeurs = {"champ_activite": permis[0]} if len(permis) == 1 else {}
    options = {"champ_activite": cat.choix("J20", permis), "mode_prise_en_charge": cat.choix("J19")}
    ecran = ecran_sous(session, acces, options, valeurs)
    ecran.modeles = proposes_pour_une_offre(session, acces.etablissement, permis)
    return ecran


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
    if deja := deja_cree(session, acteur, demande, OffreOperationnelle.GENRE):
        return deja, {}
    valeurs, erreurs = lire_offre(session, acces, demande)
    if erreurs:
        return "", erreurs
    offre = naitre(session, acteur, acces, valeurs)
    tracer_creation(session, acteur, acces.etablissement, offre, demande, valeurs)
    return offre.identifiant_offre, {}


def lire_offre(session: Session, acces: Acces, demande: Creation) -> tuple[dict[str, Any], dict[str, str]]:
    """The answers that a new offer needs, and what is wrong with them; with its modèle de saisie, if it has one."""
    eg, champ = acces.etablissement, demande.saisie.get("champ_activite", "")
    modele, hors_contexte = choisi(session, eg, champ, demande.saisie.get(QUESTION, ""))
    contexte = Contexte({}, eg.categorie_eg, modele)
    valeurs, erreurs = lire(session, OffreOperationnelle, CHAMPS_OFFRE, demande, contexte=contexte)
    if valeurs.get("champ_activite") and valeurs["champ_activite"] not in champs_permis(acces):
        erreurs["champ_activite"] = messages.lecture("code")
    elif valeurs.get("champ_activite"):
        erreurs |= hors_contexte
    valeurs |= {QUESTION: modele.reference} if modele else {}
    if not erreurs:
        erreurs = homonyme(session, OffreOperationnelle, "nom_offre", voisines(acces), valeurs["nom_offre"], demande)
    return valeurs, erreurs


def voisines(acces: Acces) -> Any:
    """Condition for the offers that hang at the same place."""
    offre, parent = OffreOperationnelle, acces.objet
    if isinstance(parent, OrganisationInterne):
        return offre.organisation_interne_id == parent.id
    return (offre.entite_geographique_id == parent.id) & col(offre.organisation_interne_id).is_(None)


def naitre(session: Session, acteur: Acteur, acces: Acces, valeurs: dict[str, Any]) -> OffreOperationnelle:
    """Write a new offer, with the one row of each of its unique groups; nothing of it is validated."""
    eg, modele = acces.etablissement, modeles.modeles(session).de(valeurs.get(QUESTION, ""))
    offre = OffreOperationnelle(
        entite_geographique_id=eg.id or 0,
        organisation_interne_id=acces.objet.id if isinstance(acces.objet, OrganisationInterne) else None,
        identifiant_offre="",
        region_source=identifiants.region_de(eg),
        date_creation=datetime.now(UTC),
        demonstration=eg.demonstration or acteur.demonstration,
        **{**_defauts(OffreOperationnelle, modele), **valeurs},
    )
    identifiants.inserer_offre(session, offre)
    for nom, groupe in groupes_de(OffreOperationnelle).items():
        if groupe.unique:
            siens = _defauts(groupe.classe, modele, nom)
            session.add(groupe.classe(**{cle_parente(OffreOperationnelle): offre.id}, **siens))
    session.flush()
    return offre


def _defauts(classe: type[SQLModel], modele: ModeleSaisie | None, groupe: str = "") -> dict[str, Any]:
    return {**defauts(classe), **(modele.defauts(classe, groupe) if modele else {})}


# ------------------------------------------------------------------ what every creation shares


def ecran_sous(
    session: Session, acces: Acces, options: dict[str, list[Code]], valeurs: dict[str, str], dit: str = ""
) -> Ecran:
    """The page that creates something right under a structure or an établissement."""
    eg, objet = acces.etablissement, acces.objet
    dessus = hierarchie.ancetres(session, objet.id) if isinstance(objet, OrganisationInterne) else []
    lieux = hierarchie.places(eg, dessus)
    return Ecran(lieux[-1][0], lieux[-1][1], maillons(lieux), options, valeurs, eg.sanitaire, dit)


def maillons(lieux: list[tuple[str, str]]) -> list[parcours.Maillon]:
    """The breadcrumb of the places above what is created, all of them links."""
    return [parcours.Maillon(nom=parcours.nom_court(nom), url=url) for nom, url in lieux]


def lire(
    session: Session,
    classe: type[SQLModel],
    noms: tuple[str, ...],
    demande: Creation,
    libres: Collection[str] = (),
    contexte: Contexte | None = None,
) -> tuple[dict[str, Any], dict[str, str]]:
    """Read the answers of a creation: (values, {champ: sentence}); those of `libres` may be empty."""
    lecteur = Lecteur(catalogue(session), contexte or Contexte())
    return lecteur.lire_nouveau(classe, noms, demande.saisie, libres)


def homonyme(session: Session, classe: Any, champ: str, ou: Any, nom: str, demande: Creation) -> dict[str, str]:
    """A question, not a refusal, when the name is there already: {"homonyme": sentence}.

    Answered by sending the very name again as `homonyme`: another name is another question.
    """
    cherche = sans_accent(nom)
    if sans_accent(demande.saisie.get(HOMONYME, "")) == cherche:
        return {}
    deja = next((n for n in session.exec(select(getattr(classe, champ)).where(ou)) if sans_accent(n) == cherche), "")
    return {HOMONYME: messages.lecture("homonyme", nom=deja)} if deja else {}


def deja_cree(session: Session, acteur: Acteur, demande: Creation, genre: str, **resultat: str) -> str:
    """Identifier of what this very gesture created already; "" the first time.

    Args:
        resultat: what else the trace must tell for the gesture to be the same.

    Raises:
        SaisieInvalide: `cle` was used by another gesture.
    """
    attendu = {"parent": f"{demande.genre}:{demande.identifiant}", **resultat}
    trace = deja_fait(session, acteur, demande.cle, resultat=attendu)
    if trace is None:
        return ""
    if not trace.objet.startswith(genre + ":"):
        raise SaisieInvalide(str(demande.cle))
    return trace.objet.removeprefix(genre + ":")


def tracer_creation(
    session: Session,
    acteur: Acteur,
    eg: EntiteGeographique,
    objet: Any,
    demande: Creation,
    valeurs: Collection[str],
    **resultat: str,
) -> None:
    """Tell the creation in the trace, with its gesture, its parent, and all that its first version holds.

    Args:
        valeurs: names of the fields that the person answered; the others are told as `d_office`.
    """
    session.flush()
    lues = contenu.lire(session, type(objet), [objet])[objet.id]
    changements = [c if c["champ"] in valeurs else {**c, "d_office": True} for c in de_la_creation(type(objet), lues)]
    tracer(
        session,
        acteur,
        Action.CREATION,
        eg.num_finess,
        cle_de(objet),
        cle=str(demande.cle),
        changements=changements,
        version_apres=objet.version,
        resultat={"parent": f"{demande.genre}:{demande.identifiant}", **resultat},
    )
