"""« Créer + » a pôle, a service or a UF in an établissement sanitaire."""

from datetime import UTC, datetime

from sqlmodel import Session

from rxror.ror import messages
from rxror.ror.erreurs import AccesRefuse
from rxror.ror.objets import EntiteGeographique, OrganisationInterne
from rxror.ror.objets.organisation_interne import DESSOUS
from rxror.services import identifiants
from rxror.services.acces import Acces, Acteur, Cible, Geste, exiger
from rxror.services.creation import Creation, Ecran, deja_cree, ecran_sous, homonyme, lire, tracer_creation
from rxror.services.nomenclatures import catalogue

CHAMPS_STRUCTURE = ("type_oi", "nom_oi", "description")
FACULTATIFS = ("description",)


def types_permis(objet: EntiteGeographique | OrganisationInterne, eg: EntiteGeographique) -> tuple[str, ...]:
    """Kinds of structures that may hang right under an établissement or a structure (STR-03).

    A médico-social établissement has none: its offers hang right under it.
    """
    if not eg.sanitaire:
        return ()
    return DESSOUS.get(objet.type_oi if isinstance(objet, OrganisationInterne) else "", ())


def ouvrir_structure(session: Session, acteur: Acteur, genre: str, identifiant: str) -> Ecran:
    """The page that creates a structure.

    Raises:
        AccesRefuse: no right to create structures there, or nothing may hang there.
    """
    acces, permis = _parent(session, acteur, genre, identifiant)
    valeurs = {"type_oi": permis[0]} if len(permis) == 1 else {}
    return ecran_sous(session, acces, {"type_oi": catalogue(session).choix("J203", permis)}, valeurs)


def creer_structure(session: Session, acteur: Acteur, demande: Creation) -> tuple[str, dict[str, str]]:
    """Create a pôle, a service or a UF.

    Returns:
        (identifier, {}) or ("", {champ: sentence}).

    Raises:
        AccesRefuse: no right to create structures there, or nothing may hang there.
        SaisieInvalide: `cle` was used by another gesture.
    """
    acces, permis = _parent(session, acteur, demande.genre, demande.identifiant)
    if deja := deja_cree(session, acteur, demande, OrganisationInterne.GENRE):
        return deja, {}
    valeurs, erreurs = lire(session, OrganisationInterne, CHAMPS_STRUCTURE, demande, FACULTATIFS)
    if valeurs.get("type_oi") and valeurs["type_oi"] not in permis:
        erreurs["type_oi"] = messages.lecture("code")
    eg, oi = acces.etablissement, OrganisationInterne
    parent_id = acces.objet.id if isinstance(acces.objet, OrganisationInterne) else None
    if not erreurs:
        soeurs = (oi.entite_geographique_id == eg.id) & (oi.parent_id == parent_id)  # type: ignore[operator]
        erreurs = homonyme(session, oi, "nom_oi", soeurs, valeurs["nom_oi"], demande)
    if erreurs:
        return "", erreurs
    structure = OrganisationInterne(
        entite_geographique_id=eg.id or 0,
        parent_id=parent_id,
        identifiant_oi=identifiants.au_hasard("OI", eg),
        region_source=identifiants.region_de(eg),
        date_creation=datetime.now(UTC),
        demonstration=eg.demonstration or acteur.demonstration,
        **valeurs,
    )
    session.add(structure)
    tracer_creation(session, acteur, eg, structure, demande, valeurs)
    return structure.identifiant_oi, {}


def _parent(session: Session, acteur: Acteur, genre: str, identifiant: str) -> tuple[Acces, tuple[str, ...]]:
    acces = exiger(session, acteur, Cible(genre, identifiant), Geste.CREER_STRUCTURE)
    objet = acces.objet
    permis = (
        types_permis(objet, acces.etablissement) if isinstance(objet, EntiteGeographique | OrganisationInterne) else ()
    )
    if not permis:
        raise AccesRefuse(f"{genre}:{identifiant}")
    return acces, permis
