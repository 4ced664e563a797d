"""« Relecture »: the card in front of the person, what comes next, how far they are; their answer."""

from contextlib import suppress
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
from rxror.ror.objets import EntiteGeographique, LieuRealisationOffre, OffreOperationnelle, OrganisationInterne
from rxror.ror.reperes import nom_de, nom_en_liste
from rxror.ror.typographie import fr
from rxror.services import brouillons, hierarchie, relecture_partage
from rxror.services.acces import Acteur, Cible, Geste, exiger, permis
from rxror.services.arbre import Arbre
from rxror.services.cartes import Carte, cartes
from rxror.services.confirmation import Confirmer, confirmer
from rxror.services.consultation import revoit
from rxror.services.file_relecture import File, file_de
from rxror.services.relecture_candidats import AU_PLUS, compter, ouverts_de
from rxror.services.relecture_carte import MODIFIE_D_ABORD, CarteARelire, montrer
from rxror.services.relecture_elements import CLASSES, Choix, Element, Risques
from rxror.services.rythme import Rythme, rythme
from rxror.services.tracer import deja_fait
from rxror.tables import Confirmation
from rxror.tri import en_ordre

A_SUIVRE = 6
ETABLISSEMENTS_AU_PLUS = 100
ESSAIS = 3  # cards looked for, when the first cannot be opened


@dataclass(frozen=True)
class Reponse:
    """What became of an answer: the points that block, or that somebody had reviewed the object before, in a sentence.

    Both are empty when it is done. `nom` is that of the object: the card may have left the screen. `avec` are the
    names of the lieux that were confirmed with it.
    """

    bloquantes: list[Anomalie] = field(default_factory=list)
    deja: str = ""
    nom: str = ""
    avec: list[str] = field(default_factory=list)


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
        combien, reste: how far one is, and how long still, in words.
        demandees, entiere: as `File`.
        absente: the address names a card that is not theirs to review, or no more.
    """

    carte: CarteARelire = field(default_factory=CarteARelire)
    suite: list[LigneSuite] = field(default_factory=list)
    suivantes: int = 0
    faites: int = 0
    total: int = 0
    combien: str = ""
    reste: str = ""
    demandees: int = 0
    entiere: bool = True
    absente: bool = False
    risques: Risques = field(default_factory=dict)


@dataclass
class Options:
    """What one may filter by: (value, name); a structure only within one établissement, of which `finess` is known."""

    etablissements: list[tuple[str, str]] = field(default_factory=list)
    structures: list[tuple[str, str]] = field(default_factory=list)
    nom: str = ""
    finess: str = ""


def lire(
    session: Session, acteur: Acteur, choix: Choix, risques: Risques | None = None, au_plus: int = AU_PLUS
) -> VueRelecture:
    """The card that the address names, or the first of the queue, and what comes after it.

    Args:
        risques, au_plus: as `file_de`.
    """
    file = file_de(session, acteur, choix, risques, au_plus=au_plus)
    carte, rang = _carte(session, acteur, choix, file)
    suivantes = [e for i, e in enumerate(file.elements) if i != rang]
    return VueRelecture(
        carte=montrer(carte, choix, plusieurs=len({e.eg for e in file.elements}) > 1) if carte else CarteARelire(),
        suite=[_ligne(e, choix) for e in suivantes[:A_SUIVRE]],
        suivantes=len(suivantes),
        faites=file.faites,
        total=file.total,
        combien=_combien(file, choix),
        reste=_reste(file, rythme(session, acteur)) if file.reste else "",
        demandees=file.demandees,
        entiere=file.entiere,
        absente=bool(choix.objet) and (carte is None or carte.cle != choix.objet),
        risques=file.risques,
    )


def _combien(file: File, choix: Choix) -> str:
    """« 3 sur 125, dont 2 demandées »; what leaves a state once it is done cannot be counted there."""
    if choix.etat:
        return f"{file.reste} à relire"
    s = "s" if file.demandees > 1 else ""
    return f"{file.faites} sur {file.total}" + (f", dont {file.demandees} demandée{s}" if file.demandees else "")


def _reste(file: File, allure: Rythme) -> str:
    """« 80 fiches, environ 10 min à votre rythme »: a lieu comes with its offer, there are fewer cards than objects."""
    s = "s" if file.fiches > 1 else ""
    combien = f"encore {file.fiches} fiche{s}, lieux compris, " if file.fiches != file.reste else ""
    return combien + allure.phrase(file.fiches)


def reprendre(session: Session, acteur: Acteur, cible: Cible) -> tuple[parcours.Maillon | None, bool]:
    """Where one goes on once an object is validated, and whether something of its établissement is left to review.

    It is « Rien n’a changé » of the widest place above the object where this person reviews.

    Raises:
        AccesRefuse: no right to read the object.
    """
    acces = exiger(session, acteur, cible, Geste.LIRE)
    eg = acces.etablissement
    for nom, url in hierarchie.jusqu_a(session, acces, cible):
        genre, identifiant, _ = parcours.objet_de(url)
        if genre in (EntiteGeographique.GENRE, OrganisationInterne.GENRE):
            with suppress(AccesRefuse):
                if revoit(exiger(session, acteur, Cible(genre, identifiant), Geste.LIRE)):
                    jour, choix = aujourd_hui(), Choix(etablissement=eg.num_finess)
                    compte = compter(session, ouverts_de(session, acteur, choix, jour), jour, "")
                    return parcours.Maillon(nom=nom, url=parcours.url_confirmer(genre, identifiant)), compte.fiches > 0
    return None, False


def repondre(session: Session, acteur: Acteur, demande: Confirmer) -> Reponse:
    """« C’est à jour », or « Valider » when something was saved; the object then leaves the queue of everybody.

    What somebody has reviewed meanwhile is not confirmed a second time.

    Raises:
        AccesRefuse, Conflit, GesteRefuse, SaisieInvalide: as `confirmer`.
    """
    objet = exiger(session, acteur, demande.cible, Geste.VALIDER).objet
    if deja := _deja_relue(session, acteur, demande, objet):
        return Reponse(deja=deja, nom=nom_de(objet))
    bloquantes = confirmer(session, acteur, demande)
    if not bloquantes:
        relecture_partage.oublier(session, demande.cible)
    return Reponse(bloquantes, nom=nom_de(objet), avec=_avec(session, demande))


def _avec(session: Session, demande: Confirmer) -> list[str]:
    """Names of the lieux that a gesture confirmed with its offer."""
    requete = select(Confirmation.objet).where(
        Confirmation.geste == str(demande.cle), Confirmation.objet != demande.cible.cle
    )
    siens = [cle.partition(":")[2] for cle in session.exec(requete)]
    if not siens:
        return []
    lieu: Any = LieuRealisationOffre
    return [nom_de(x) for x in session.exec(select(lieu).where(lieu.identifiant.in_(siens)).order_by(lieu.id))]


def remettre(session: Session, acteur: Acteur, cible: Cible) -> str:
    """« Plus tard »: put an object at the end of one's queue; its name.

    Raises:
        AccesRefuse, ObjetFerme: as `relecture_partage.reporter`.
    """
    relecture_partage.reporter(session, acteur, cible)
    return nom_de(exiger(session, acteur, cible, Geste.MODIFIER).objet)


def _deja_relue(session: Session, acteur: Acteur, demande: Confirmer, objet: Any) -> str:
    """Who reviewed the object and when, unless it still has something to publish; the same gesture again is no news."""
    valide = objet.date_validation
    if valide is None or not vient_d_etre_relu(utc(valide), aujourd_hui()):
        return ""
    if deja_fait(session, acteur, demande.cle) or _a_publier(session, objet, demande.cible):
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
    if genre not in MODIFIE_D_ABORD:
        return None
    try:
        exiger(session, acteur, cible, Geste.MODIFIER)
    except (AccesRefuse, ObjetFerme):
        return None
    return cartes(session, acteur, [cible]).get(cle)


def _ligne(element: Element, choix: Choix) -> LigneSuite:
    etat = element.etat
    nom = nom_en_liste(element.cible.genre, element.nom)
    return LigneSuite(element.cle, nom, choix.adresse(element.cle), etat.mot, etat.sorte)
