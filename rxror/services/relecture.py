"""« Relecture »: the card in front of the person, what comes next, how far they are; their answer."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypedDict

from sqlalchemy import union_all
from sqlmodel import Session, select

from rxror.ror import parcours
from rxror.ror.champs import champs_de, groupes_de, section_de
from rxror.ror.controles import Anomalie
from rxror.ror.dates import aujourd_hui, quand
from rxror.ror.erreurs import AccesRefuse, ObjetFerme
from rxror.ror.fermeture import est_archive
from rxror.ror.lecture import Fait, Ligne
from rxror.ror.objets import OBJETS, EntiteGeographique, LieuRealisationOffre, OffreOperationnelle, OrganisationInterne
from rxror.ror.reperes import nom_de
from rxror.ror.typographie import fr
from rxror.services import brouillons, relecture_partage
from rxror.services.acces import Acteur, Cible, Geste, exiger, permis
from rxror.services.arbre import Arbre
from rxror.services.cartes import Carte, cartes
from rxror.services.confirmation import Confirmer, confirmer
from rxror.services.fiche import Manque
from rxror.services.file_relecture import CLASSES, Choix, Element, File, Risques, depuis, file_de
from rxror.services.identite import utc
from rxror.services.rythme import rythme
from rxror.tri import en_ordre

A_SUIVRE = 6
ETABLISSEMENTS_AU_PLUS = 100
ESSAIS = 3  # cards looked for, when the first cannot be opened
# Where « Modifier » goes when nothing is contested: what changes most often.
PREMIERES = {
    OffreOperationnelle.GENRE: ("contacts", "accueil", "informations_generales"),
    LieuRealisationOffre.GENRE: ("capacitaire", "equipements", "informations_generales"),
}


class FaitARelire(TypedDict):
    """One fact of the card, as `Fait`; `url` is the form of its section, for who may change it."""

    champ: str
    label: str
    lignes: list[Ligne]
    note: str
    modifie: bool
    avant: str
    url: str


@dataclass
class CarteARelire:
    """A card as the page shows it.

    Attributes:
        sert: « Ce lieu sert 3 offres ».
        modifier: where the key « M » goes; `corriger`, to the first field that blocks.
        demander: where one asks for the validation, when one prepares and another validates; "" for the others.
    """

    cle: str = ""
    genre: str = ""
    identifiant: str = ""
    nom: str = ""
    surtitre: str = ""
    etat: str = ""
    sorte: str = ""
    quand: str = ""
    url: str = ""
    adresse: str = ""
    consigne: str = ""
    sert: str = ""
    faits: list[FaitARelire] = field(default_factory=list)
    stables: list[FaitARelire] = field(default_factory=list)
    bloquants: list[Manque] = field(default_factory=list)
    alertes: list[Manque] = field(default_factory=list)
    brouillon: bool = False
    a_valider: bool = False
    modifier: str = ""
    corriger: str = ""
    demander: str = ""
    vu: str = ""


@dataclass(frozen=True)
class LigneSuite:
    """One of the next cards."""

    cle: str
    nom: str
    url: str
    mot: str
    sorte: str


@dataclass
class VueRelecture:
    """The page, but for its filters.

    Attributes:
        a_moi: whether there is anything that this person may confirm or prepare.
        absente: the address names a card that is not theirs to review, or no more.
    """

    carte: CarteARelire = field(default_factory=CarteARelire)
    suite: list[LigneSuite] = field(default_factory=list)
    suivantes: int = 0
    faites: int = 0
    total: int = 0
    reste: str = ""
    mesure: bool = False
    a_moi: bool = False
    absente: bool = False
    risques: Risques = field(default_factory=dict)


@dataclass
class Options:
    """What one may filter by: (value, name); a structure only within one établissement."""

    etablissements: list[tuple[str, str]] = field(default_factory=list)
    structures: list[tuple[str, str]] = field(default_factory=list)
    nom: str = ""


def lire(session: Session, acteur: Acteur, choix: Choix, risques: Risques | None = None) -> VueRelecture:
    """The card that the address names, or the first of the queue, and what comes after it.

    Args:
        risques: as `file_de`.
    """
    file = file_de(session, acteur, choix, risques)
    carte, rang = _carte(session, acteur, choix, file)
    suivantes = [e for i, e in enumerate(file.elements) if i != rang]
    suivantes = suivantes[max(rang, 0) :] + suivantes[: max(rang, 0)]
    allure = rythme(session, acteur)
    return VueRelecture(
        carte=_montree(carte, choix) if carte else CarteARelire(),
        suite=[_ligne(e, choix) for e in suivantes[:A_SUIVRE]],
        suivantes=len(suivantes),
        faites=file.faites,
        total=file.total,
        reste=allure.dire(file.reste) if file.reste else "",
        mesure=allure.mesure,
        a_moi=file.total > 0,
        absente=bool(choix.objet) and (carte is None or carte.cle != choix.objet),
        risques=file.risques,
    )


def repondre(session: Session, acteur: Acteur, demande: Confirmer) -> list[Anomalie]:
    """« C’est à jour », or « Valider » when something was saved; the object then leaves the queue of everybody.

    Returns:
        Blocking anomalies: nothing was written.

    Raises:
        AccesRefuse, Conflit, GesteRefuse, SaisieInvalide: as `confirmer`.
    """
    bloquantes = confirmer(session, acteur, demande)
    if not bloquantes:
        relecture_partage.oublier(session, demande.cible)
    return bloquantes


def deja_revue(session: Session, acteur: Acteur, cible: Cible) -> str:
    """Who reviewed an object lately and when, in a sentence; empty when it is still to be reviewed.

    Raises:
        AccesRefuse: no right to read it.
    """
    objet = exiger(session, acteur, cible, Geste.LIRE).objet
    valide = objet.date_validation
    if valide is None or utc(valide) < depuis(aujourd_hui()) or brouillons.charger(session, [cible.cle])[cible.cle]:
        return ""
    return fr(f"{objet.validateur or 'Quelqu’un'} l’a relue {quand(utc(valide))}")


def options(session: Session, acteur: Acteur, choix: Choix) -> Options:
    """The établissements where this person has something to review, and the structures of the one that is chosen."""
    eg: Any = EntiteGeographique
    siens = union_all(
        *(select(classe.entite_geographique_id).where(permis(acteur, Geste.MODIFIER, classe)) for classe in CLASSES)
    )
    requete = select(eg).where(eg.id.in_(siens)).order_by(en_ordre(eg.denomination_eg), eg.num_finess)
    trouves = list(session.exec(requete.limit(ETABLISSEMENTS_AU_PLUS)))
    choisi = next((e for e in trouves if e.num_finess == choix.etablissement), None)
    seul = trouves[0] if len(trouves) == 1 else choisi
    return Options(
        etablissements=[(e.num_finess, nom_de(e)) for e in trouves] if len(trouves) > 1 else [],
        structures=_structures(session, seul) if seul else [],
        nom=nom_de(seul) if seul else "",
    )


def _structures(session: Session, eg: EntiteGeographique) -> list[tuple[str, str]]:
    """Pôles, services and UF of an établissement, those below after what they hang from."""
    arbre = Arbre(session, eg, aujourd_hui())
    return [
        (oi.identifiant_oi, f"{'– ' * niveau}{oi.nom_oi}")
        for racine in arbre.enfants(None)
        for oi, niveau in _avec_niveau(arbre, racine)
        if not est_archive(oi, aujourd_hui())
    ]


def _avec_niveau(arbre: Arbre, racine: OrganisationInterne) -> list[tuple[OrganisationInterne, int]]:
    niveaux: dict[int | None, int] = {racine.id: 0}
    descendance = arbre.descendance(racine)
    for oi in descendance[1:]:
        niveaux[oi.id] = niveaux.get(oi.parent_id, 0) + 1
    return [(oi, niveaux[oi.id]) for oi in descendance]


# ----------------------------------------------------------------------------- the card


def _carte(session: Session, acteur: Acteur, choix: Choix, file: File) -> tuple[Carte | None, int]:
    """The card to show, and its place in the queue; -1 for one that is not in it."""
    rang = file.position(choix.objet) if choix.objet else 0
    if rang < 0:
        demandee = _hors_file(session, acteur, choix.objet)
        if demandee:
            return demandee, -1
        rang = 0
    for i, element in enumerate(file.elements[rang : rang + ESSAIS], start=rang):
        if trouvee := cartes(session, acteur, [element.cible]).get(element.cle):
            return trouvee, i
    return None, -1


def _hors_file(session: Session, acteur: Acteur, cle: str) -> Carte | None:
    """A card that the address names and that is done already, for who may change its object."""
    genre, _, identifiant = cle.partition(":")
    cible = Cible(genre, identifiant)
    if genre not in PREMIERES:
        return None
    try:
        exiger(session, acteur, cible, Geste.MODIFIER)
    except (AccesRefuse, ObjetFerme):
        return None
    return cartes(session, acteur, [cible]).get(cle)


def _montree(carte: Carte, choix: Choix) -> CarteARelire:
    adresse = choix.adresse(carte.cle)
    retour = f"{adresse}#{parcours.ANCRE_RELECTURE}"
    faits = _faits(carte, carte.faits, retour)
    bloquants, alertes = ([_vers(m, retour) for m in points] for points in (carte.bloquants, carte.alertes))
    contestes = [m["url"] for m in (*bloquants, *alertes) if m["url"]]
    demander = "" if carte.a_valider else parcours.url_validation(carte.genre, carte.identifiant)
    s = "s" if carte.sert > 1 else ""
    return CarteARelire(
        cle=carte.cle,
        genre=carte.genre,
        identifiant=carte.identifiant,
        nom=carte.nom,
        surtitre=carte.surtitre,
        etat=carte.etat,
        sorte=carte.sorte,
        quand=carte.quand,
        url=carte.url,
        adresse=adresse,
        consigne=_consigne(len(faits)),
        sert=f"Ce lieu sert {carte.sert} offre{s}" if carte.genre == LieuRealisationOffre.GENRE and carte.sert else "",
        faits=faits,
        stables=_faits(carte, carte.stables, retour),
        bloquants=bloquants,
        alertes=alertes,
        brouillon=carte.brouillon,
        a_valider=carte.a_valider,
        modifier=contestes[0] if contestes else _premiere(carte, retour),
        corriger=next((m["url"] for m in bloquants if m["url"]), ""),
        demander=demander,
        vu=carte.vu,
    )


def _consigne(faits: int) -> str:
    return fr(f"Ces {faits} faits sont-ils toujours justes ?" if faits > 1 else "Ce fait est-il toujours juste ?")


def _vers(manque: Manque, retour: str) -> Manque:
    return {**manque, "url": parcours.avec_retour(manque["url"], retour) if manque["url"] else ""}


def _faits(carte: Carte, faits: Iterable[Fait], retour: str) -> list[FaitARelire]:
    return [{**fait, "url": _url_du_fait(carte, fait["champ"], retour)} for fait in faits]


def _url_du_fait(carte: Carte, champ: str, retour: str) -> str:
    section = _sections(carte.genre).get(champ.partition(".")[0], "")
    return _url_de_section(carte, section, retour) if section else ""


def _url_de_section(carte: Carte, section: str, retour: str) -> str:
    return parcours.avec_retour(parcours.url_section(carte.genre, carte.identifiant, section), retour)


@cache
def _sections(genre: str) -> dict[str, str]:
    """{name of a field or of a group, of a field of a group that is unique too: its section} of what has a form."""
    classe, trouvees = OBJETS[genre], dict[str, str]()
    for nom, groupe in groupes_de(classe).items():
        trouvees |= dict.fromkeys([nom, *(champs_de(groupe.classe) if groupe.unique else [])], groupe.section)
    trouvees |= {nom: champ.section for nom, champ in champs_de(classe).items()}
    return {n: s for n, s in trouvees.items() if (trouvee := section_de(classe, s)) and trouvee.modifiable}


def _premiere(carte: Carte, retour: str) -> str:
    """The form of what changes most often, of what the card shows."""
    montrees = [_sections(carte.genre).get(f["champ"], "") for f in carte.faits]
    section = next((s for s in PREMIERES[carte.genre] if s in montrees), PREMIERES[carte.genre][-1])
    return _url_de_section(carte, section, retour)


def _ligne(element: Element, choix: Choix) -> LigneSuite:
    etat = element.etat
    return LigneSuite(element.cle, element.nom, choix.adresse(element.cle), etat.mot, etat.sorte)
