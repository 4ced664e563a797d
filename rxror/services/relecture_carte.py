"""A card of the review as its page shows it: its forms come back to it, its two ages are one fact."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from rxror.ror import parcours
from rxror.ror.fraicheur import Etat
from rxror.ror.lecture import une_ligne
from rxror.ror.objets import LieuRealisationOffre, OffreOperationnelle
from rxror.ror.typographie import fr
from rxror.services.cartes import Carte, FaitRelu, LieuRelu
from rxror.services.fiche import Manque
from rxror.services.relecture_elements import MOTS, Choix, Rang

# Where « Modifier » goes when nothing is contested: what changes most often.
MODIFIE_D_ABORD = {
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
    stables: list[FaitRelu]


@dataclass
class CarteARelire:
    """A card as the page shows it; the addresses of its forms say that one comes back here.

    Attributes:
        sert: « Ce lieu sert 3 offres ».
        repliees: how many facts are folded, those of the lieux with them.
        modifier: where the key « M » goes; `corriger`, to the first field that blocks.
        demander: where one asks for the validation, when one prepares and another validates.
        relue: it was reviewed lately, and the address names it; `suivante` is where the queue goes on.
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
    repliees: int = 0
    lieux: list[LieuARelire] = field(default_factory=list)
    bloquants: list[Manque] = field(default_factory=list)
    alertes: list[Manque] = field(default_factory=list)
    brouillon: bool = False
    a_valider: bool = False
    relue: bool = False
    suivante: str = ""
    modifier: str = ""
    corriger: str = ""
    demander: str = ""
    vu: str = ""


def montrer(carte: Carte, choix: Choix, *, plusieurs: bool) -> CarteARelire:
    """The card as the page shows it; `plusieurs` names its établissement: the queue has several."""
    adresse = choix.adresse(carte.cle)
    retour = f"{adresse}#{parcours.ANCRE_RELECTURE}"
    faits, lieux = _faits(carte.faits, retour), [_lieu(lieu, retour) for lieu in carte.lieux]
    bloquants, alertes = ([_vers(m, retour) for m in points] for points in (carte.bloquants, carte.alertes))
    etat = MOTS[Rang.BLOQUE] if bloquants else Etat(carte.etat, carte.sorte)
    contestes = [m["url"] for m in (*bloquants, *alertes) if m["url"]]
    return CarteARelire(
        cle=carte.cle,
        genre=carte.genre,
        identifiant=carte.identifiant,
        nom=carte.nom,
        ou=_ou(carte, plusieurs=plusieurs),
        etat=etat.mot,
        sorte=etat.sorte,
        quand=carte.quand,
        url=carte.url,
        adresse=adresse,
        consigne=_deja(carte) if carte.relue else _consigne(len(faits) + sum(len(lieu.faits) for lieu in lieux)),
        sert=_sert(carte.sert),
        faits=faits,
        stables=(stables := _faits(carte.stables, retour)),
        repliees=len(stables) + sum(len(lieu.stables) for lieu in lieux),
        lieux=lieux,
        bloquants=bloquants,
        alertes=alertes,
        brouillon=carte.brouillon,
        a_valider=carte.a_valider,
        relue=carte.relue,
        suivante=choix.adresse(),
        modifier=contestes[0] if contestes else _premiere(carte, retour),
        corriger=next((m["url"] for m in bloquants if m["url"]), ""),
        demander=parcours.avec_retour(parcours.url_validation(carte.genre, carte.identifiant), retour),
        vu=carte.vu,
    )


def _ou(carte: Carte, *, plusieurs: bool) -> str:
    """Pôle and UF, or that it is a lieu; after the établissement, for who has several in the queue."""
    noms = [m["nom"] for m in carte.chemin]
    ici = ["Lieu"] if carte.genre == LieuRealisationOffre.GENRE else noms[1:]
    return ", ".join([*(noms[:1] if plusieurs else []), *ici])


def _lieu(lieu: LieuRelu, retour: str) -> LieuARelire:
    return LieuARelire(
        lieu.cle,
        lieu.nom,
        lieu.url,
        _sert(lieu.sert),
        lieu.quand,
        *(_faits(f, retour) for f in (lieu.faits, lieu.stables)),
    )


def _sert(offres: int) -> str:
    """What is told of a lieu that several offers share."""
    return f"Sert {offres} offres" if offres > 1 else ""


def _consigne(faits: int) -> str:
    if not faits:
        return fr("Rien ici ne change souvent. Est-ce toujours juste ?")
    return fr(f"Ces {faits} faits sont-ils toujours justes ?" if faits > 1 else "Ce fait est-il toujours juste ?")


def _deja(carte: Carte) -> str:
    """Of an object that the review has seen already, what of it is still to come."""
    if carte.genre == LieuRealisationOffre.GENRE:
        return fr("Ce lieu est déjà relu.")
    restent = sum(lieu.a_confirmer for lieu in carte.lieux)
    suite = " Son lieu reste à relire, plus loin." if restent == 1 else " Ses lieux restent à relire, plus loin."
    return fr("Cette offre est déjà relue." + (suite if restent else ""))


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
    section = next((s for s in MODIFIE_D_ABORD[carte.genre] if s in montrees), MODIFIE_D_ABORD[carte.genre][-1])
    return parcours.avec_retour(parcours.url_section(carte.genre, carte.identifiant, section), retour)
