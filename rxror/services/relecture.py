"""« Relecture »: the card in front of the person, what comes next, how far they are; their answer."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import union_all
from sqlmodel import Session, select

from rxror.ror import parcours
from rxror.ror.controles import Anomalie
from rxror.ror.dates import aujourd_hui, quand, utc
from rxror.ror.erreurs import AccesRefuse, ObjetFerme
from rxror.ror.fermeture import est_archive
from rxror.ror.fraicheur import vient_d_etre_relu
from rxror.ror.lecture import une_ligne
from rxror.ror.objets import EntiteGeographique, LieuRealisationOffre, OffreOperationnelle, OrganisationInterne
from rxror.ror.reperes import nom_de
from rxror.ror.typographie import fr
from rxror.services import brouillons, relecture_partage
from rxror.services.acces import Acteur, Cible, Geste, exiger, permis
from rxror.services.arbre import Arbre
from rxror.services.cartes import Carte, FaitRelu, LieuRelu, cartes
from rxror.services.confirmation import Confirmer, confirmer
from rxror.services.fiche import Manque
from rxror.services.file_relecture import CLASSES, Choix, Element, File, Risques, file_de
from rxror.services.rythme import rythme
from rxror.services.tracer import deja_fait
from rxror.tri import en_ordre

A_SUIVRE = 6
ETABLISSEMENTS_AU_PLUS = 100
ESSAIS = 3  # cards looked for, when the first cannot be opened
# Where « Modifier » goes when nothing is contested: what changes most often.
PREMIERES = {
    OffreOperationnelle.GENRE: ("contacts", "accueil", "informations_generales"),
    LieuRealisationOffre.GENRE: ("capacitaire", "equipements", "informations_generales"),
}


@dataclass
class LieuARelire:
    """A lieu on the card of an offer: what is asserted of it, or that it was reviewed already."""

    cle: str
    nom: str
    url: str
    sert: str
    quand: str
    faits: list[FaitRelu]


@dataclass
class CarteARelire:
    """A card as the page shows it; the addresses of its forms say that one comes back here.

    Attributes:
        sert: « Ce lieu sert 3 offres ».
        modifier: where the key « M » goes; `corriger`, to the first field that blocks.
        demander: where one asks for the validation, when one prepares and another validates.
        relue: who has reviewed it lately, for a card that the address names.
    """

    cle: str = ""
    genre: str = ""
    identifiant: str = ""
    nom: str = ""
    ou: str = ""
    etat: str = ""
    sorte: str = ""
    quand: str = ""
    url: str = ""
    adresse: str = ""
    consigne: str = ""
    sert: str = ""
    faits: list[FaitRelu] = field(default_factory=list)
    stables: list[FaitRelu] = field(default_factory=list)
    lieux: list[LieuARelire] = field(default_factory=list)
    bloquants: list[Manque] = field(default_factory=list)
    alertes: list[Manque] = field(default_factory=list)
    brouillon: bool = False
    a_valider: bool = False
    relue: bool = False
    modifier: str = ""
    corriger: str = ""
    demander: str = ""
    vu: str = ""


@dataclass(frozen=True)
class Reponse:
    """What became of an answer: the points that block, or that somebody had reviewed the object before, in a sentence.

    Both are empty when it is done.
    """

    bloquantes: list[Anomalie] = field(default_factory=list)
    deja: str = ""


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
        absente: the address names a card that is not theirs to review, or no more.
    """

    carte: CarteARelire = field(default_factory=CarteARelire)
    suite: list[LigneSuite] = field(default_factory=list)
    suivantes: int = 0
    faites: int = 0
    total: int = 0
    reste: str = ""
    absente: bool = False
    risques: Risques = field(default_factory=dict)


@dataclass
class Options:
    """What one may filter by: (value, name); a structure only within one établissement, of which `finess` is known."""

    etablissements: list[tuple[str, str]] = field(default_factory=list)
    structures: list[tuple[str, str]] = field(default_factory=list)
    nom: str = ""
    finess: str = ""


def lire(session: Session, acteur: Acteur, choix: Choix, risques: Risques | None = None) -> VueRelecture:
    """The card that the address names, or the first of the queue, and what comes after it.

    Args:
        risques: as `file_de`.
    """
    file = file_de(session, acteur, choix, risques)
    carte, rang = _carte(session, acteur, choix, file)
    suivantes = [e for i, e in enumerate(file.elements) if i != rang]
    allure = rythme(session, acteur)
    return VueRelecture(
        carte=_montree(carte, choix, plusieurs=len({e.eg for e in file.elements}) > 1) if carte else CarteARelire(),
        suite=[_ligne(e, choix) for e in suivantes[:A_SUIVRE]],
        suivantes=len(suivantes),
        faites=file.faites,
        total=file.total,
        reste=allure.phrase(file.reste) if file.reste else "",
        absente=bool(choix.objet) and (carte is None or carte.cle != choix.objet),
        risques=file.risques,
    )


def repondre(session: Session, acteur: Acteur, demande: Confirmer) -> Reponse:
    """« C’est à jour », or « Valider » when something was saved; the object then leaves the queue of everybody.

    What somebody has reviewed meanwhile is not confirmed a second time.

    Raises:
        AccesRefuse, Conflit, GesteRefuse, SaisieInvalide: as `confirmer`.
    """
    if deja := _deja_relue(session, acteur, demande):
        return Reponse(deja=deja)
    bloquantes = confirmer(session, acteur, demande)
    if not bloquantes:
        relecture_partage.oublier(session, demande.cible)
    return Reponse(bloquantes)


def _deja_relue(session: Session, acteur: Acteur, demande: Confirmer) -> str:
    """Who reviewed the object and when, unless it still has something to publish; the same gesture again is no news."""
    cible = demande.cible
    objet = exiger(session, acteur, cible, Geste.VALIDER).objet
    valide = objet.date_validation
    if valide is None or not vient_d_etre_relu(utc(valide), aujourd_hui()):
        return ""
    if deja_fait(session, acteur, demande.cle) or _a_publier(session, objet, cible):
        return ""
    qui = "vous l’avez" if objet.validateur == acteur.nom else f"{objet.validateur or 'quelqu’un'} l’a"
    return fr(f"{qui} déjà confirmé {quand(utc(valide))}")


def _a_publier(session: Session, objet: Any, cible: Cible) -> bool:
    if isinstance(objet, OffreOperationnelle):
        return any(brouillons.charger_avec_ses_lieux(session, objet).values())
    return bool(brouillons.charger(session, [cible.cle])[cible.cle])


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
        finess=seul.num_finess if seul else "",
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


def _montree(carte: Carte, choix: Choix, *, plusieurs: bool) -> CarteARelire:
    adresse = choix.adresse(carte.cle)
    retour = f"{adresse}#{parcours.ANCRE_RELECTURE}"
    faits, lieux = _faits(carte.faits, retour), [_lieu(lieu, retour) for lieu in carte.lieux]
    bloquants, alertes = ([_vers(m, retour) for m in points] for points in (carte.bloquants, carte.alertes))
    contestes = [m["url"] for m in (*bloquants, *alertes) if m["url"]]
    return CarteARelire(
        cle=carte.cle,
        genre=carte.genre,
        identifiant=carte.identifiant,
        nom=carte.nom,
        ou=_ou(carte, plusieurs=plusieurs),
        etat=carte.etat,
        sorte=carte.sorte,
        quand=carte.quand,
        url=carte.url,
        adresse=adresse,
        consigne=_consigne(len(faits) + sum(len(lieu.faits) for lieu in lieux)),
        sert=_sert(carte.sert),
        faits=faits,
        stables=_faits(carte.stables, retour),
        lieux=lieux,
        bloquants=bloquants,
        alertes=alertes,
        brouillon=carte.brouillon,
        a_valider=carte.a_valider,
        relue=carte.relue,
        modifier=contestes[0] if contestes else _premiere(carte, retour),
        corriger=next((m["url"] for m in bloquants if m["url"]), ""),
        demander=parcours.url_validation(carte.genre, carte.identifiant),
        vu=carte.vu,
    )


def _ou(carte: Carte, *, plusieurs: bool) -> str:
    """Pôle and UF, or that it is a lieu; after the établissement, for who has several in the queue."""
    noms = [m["nom"] for m in carte.chemin]
    ici = ["Lieu"] if carte.genre == LieuRealisationOffre.GENRE else noms[1:]
    return ", ".join([*(noms[:1] if plusieurs else []), *ici])


def _lieu(lieu: LieuRelu, retour: str) -> LieuARelire:
    return LieuARelire(lieu.cle, lieu.nom, lieu.url, _sert(lieu.sert), lieu.quand, _faits(lieu.faits, retour))


def _sert(offres: int) -> str:
    """What is told of a lieu that several offers share."""
    return f"Sert {offres} offres" if offres > 1 else ""


def _consigne(faits: int) -> str:
    if not faits:
        return fr("Rien ici ne change souvent. Est-ce toujours juste ?")
    return fr(f"Ces {faits} faits sont-ils toujours justes ?" if faits > 1 else "Ce fait est-il toujours juste ?")


def _vers(manque: Manque, retour: str) -> Manque:
    return {**manque, "url": parcours.avec_retour(manque["url"], retour) if manque["url"] else ""}


def _faits(faits: Iterable[FaitRelu], retour: str) -> list[FaitRelu]:
    lus: list[FaitRelu] = []
    for fait in faits:
        if lus and (ensemble := _ages(lus[-1], fait)):
            lus[-1] = ensemble
        else:
            lus.append({**fait, "modifier": parcours.avec_retour(fait["modifier"], retour)})
    return lus


def _ages(min_: FaitRelu, max_: FaitRelu) -> FaitRelu | None:
    """The two ages as one line, « De 15 années à 120 années », when nothing is said of either."""
    if (min_["champ"], max_["champ"]) != ("age_min", "age_max"):
        return None
    if any(f["modifie"] or f["points"] or len(f["lignes"]) != 1 for f in (min_, max_)):
        return None
    texte = f"De {min_['lignes'][0]['texte']} à {max_['lignes'][0]['texte']}"
    return {**min_, "label": "Âges", "lignes": [une_ligne(texte)]}


def _premiere(carte: Carte, retour: str) -> str:
    """The form of what changes most often, of what the card shows."""
    montrees = {f["section"] for f in carte.faits}
    section = next((s for s in PREMIERES[carte.genre] if s in montrees), PREMIERES[carte.genre][-1])
    return parcours.avec_retour(parcours.url_section(carte.genre, carte.identifiant, section), retour)


def _ligne(element: Element, choix: Choix) -> LigneSuite:
    etat = element.etat
    nom = fr(f"Lieu : {element.nom}") if element.cible.genre == LieuRealisationOffre.GENRE else element.nom
    return LigneSuite(element.cle, nom, choix.adresse(element.cle), etat.mot, etat.sorte)
