"""« Créer + » a lieu: for an offer, whose brouillon takes it, or in an établissement, without an offer yet."""

from datetime import UTC, datetime

from sqlmodel import Session

from rxror.ror import parcours
from rxror.ror.champs import champs_de
from rxror.ror.controles import adresse_exploitable
from rxror.ror.erreurs import AccesRefuse
from rxror.ror.objets import Adresse, EntiteGeographique, LieuRealisationOffre, OffreOperationnelle
from rxror.ror.objets.commun import adresse_en_ligne
from rxror.ror.reperes import cle_de
from rxror.ror.saisie import defauts
from rxror.ror.typographie import fr
from rxror.services import brouillons, contenu, hierarchie, identifiants
from rxror.services.acces import Acces, Acteur, Cible, Geste, exiger
from rxror.services.creation import Creation, Ecran, deja_cree, ecran_sous, homonyme, lire, maillons, tracer_creation
from rxror.services.nomenclatures import catalogue
from rxror.services.tracer import tracer
from rxror.tables import Action

CHAMPS_LIEU = ("nom", "fonction_lieu")
GESTES = {OffreOperationnelle.GENRE: Geste.MODIFIER, EntiteGeographique.GENRE: Geste.CREER_OFFRE}


def ouvrir_lieu(session: Session, acteur: Acteur, genre: str, identifiant: str) -> Ecran:
    """The page that creates a lieu, for an offer or in an établissement.

    Raises:
        AccesRefuse: no right to edit the offer, or to create in the établissement.
    """
    acces = _parent(session, acteur, genre, identifiant)
    eg, options = acces.etablissement, {"fonction_lieu": catalogue(session).choix("J198")}
    if not isinstance(acces.objet, OffreOperationnelle):
        return ecran_sous(session, acces, options, {}, _adresse_dite(eg))
    offre = (acces.objet.nom_offre, parcours.url_offre(acces.objet.identifiant_offre))
    chemin = maillons([*hierarchie.chemin(session, acces), offre])
    return Ecran(*offre, chemin, options, {}, eg.sanitaire, _adresse_dite(eg))


def creer_lieu(session: Session, acteur: Acteur, demande: Creation) -> tuple[str, dict[str, str]]:
    """Create a lieu at the établissement's address; for an offer, attach it to the offer's brouillon.

    Returns:
        (identifier, {}) or ("", {champ: sentence}).

    Raises:
        AccesRefuse: no right to edit the offer, or to create in the établissement.
        SaisieInvalide: `cle` was used by another gesture.
    """
    acces = _parent(session, acteur, demande.genre, demande.identifiant)
    if deja := deja_cree(session, acteur, demande, LieuRealisationOffre.GENRE):
        return deja, {}
    valeurs, erreurs = lire(session, LieuRealisationOffre, CHAMPS_LIEU, demande)
    eg, classe = acces.etablissement, LieuRealisationOffre
    if not erreurs:
        erreurs = homonyme(session, classe, "nom", classe.entite_geographique_id == eg.id, valeurs["nom"], demande)
    if erreurs:
        return "", erreurs
    lieu = LieuRealisationOffre(
        entite_geographique_id=eg.id or 0,
        identifiant=identifiants.au_hasard("L", eg),
        region_source=eg.region_source,
        date_creation=datetime.now(UTC),
        demonstration=eg.demonstration or acteur.demonstration,
        **{**defauts(LieuRealisationOffre), **{n: getattr(eg, n) for n in champs_de(Adresse)}, **valeurs},
        latitude=eg.latitude,
        longitude=eg.longitude,
    )
    session.add(lieu)
    if isinstance(acces.objet, OffreOperationnelle):
        _rattacher(session, acteur, acces, lieu.identifiant)
    tracer_creation(session, acteur, eg, lieu, demande, valeurs)
    return lieu.identifiant, {}


def _parent(session: Session, acteur: Acteur, genre: str, identifiant: str) -> Acces:
    if genre not in GESTES:
        raise AccesRefuse(f"{genre}:{identifiant}")
    return exiger(session, acteur, Cible(genre, identifiant), GESTES[genre])


def _adresse_dite(eg: EntiteGeographique) -> str:
    """Where the address of the new lieu comes from, said before it is created."""
    adresse = eg.model_dump()
    if not adresse_exploitable(adresse):
        return fr("FINESS ne donne pas l’adresse complète de l’établissement : vous l’écrirez sur la page du lieu.")
    return fr(
        f"Adresse reprise de FINESS : {adresse_en_ligne(adresse)}. Si le lieu est ailleurs, changez-la sur sa page."
    )


def _rattacher(session: Session, acteur: Acteur, acces: Acces, lieu: str) -> None:
    offre = acces.objet
    cle = cle_de(offre)
    publies = contenu.lire(session, OffreOperationnelle, [offre], {"adresse"})[offre.id][contenu.LIEUX]
    brouillon = brouillons.charger(session, [cle])[cle].get("adresse")
    avant = brouillon.valeurs.get(contenu.LIEUX, publies) if brouillon else publies
    valeurs = {**(brouillon.valeurs if brouillon else {}), contenu.LIEUX: [*avant, lieu]}
    changements = [{"champ": contenu.LIEUX, "avant": avant, "apres": [*avant, lieu]}]
    quand = datetime.now(UTC)
    illisibles = brouillon.illisibles if brouillon else {}
    brouillons.ecrire(session, acteur, cle, "adresse", brouillon, valeurs, illisibles, changements, quand)
    finess = acces.etablissement.num_finess
    tracer(session, acteur, Action.BROUILLON, finess, cle, section="adresse", changements=changements)
