"""What a screen of the path shows, as plain values a page may hold."""

from dataclasses import dataclass, field
from typing import TypedDict

from rxror.ror.fraicheur import Etat
from rxror.ror.parcours import Maillon
from rxror.services.exigences_vues import VueRecence


@dataclass(frozen=True)
class LigneOffre:
    """An offer in a list."""

    identifiant: str
    nom: str
    url: str
    etat: Etat
    brouillon: bool
    precision: str


@dataclass(frozen=True)
class LigneStructure:
    """A pôle, a service or a UF in a list; `offres` only where they are shown with it."""

    identifiant: str
    nom: str
    url: str
    contenu: str
    etat: Etat
    a_jour: int
    total: int
    brouillons: str
    url_creer: str = ""
    offres: list[LigneOffre] = field(default_factory=list)


@dataclass(frozen=True)
class LigneLieu:
    """A lieu in a list."""

    identifiant: str
    nom: str
    fonction: str
    usage: str
    url: str


@dataclass(frozen=True)
class VueLieux:
    """The lieux of an établissement; empty until they are asked for."""

    lignes: list[LigneLieu] = field(default_factory=list)
    resume: str = ""


@dataclass(frozen=True)
class LigneEtablissement:
    """An établissement in a list."""

    finess: str
    nom: str
    url: str
    categorie: str
    adresse: str
    etat: Etat
    a_jour: int
    total: int
    brouillons: str


@dataclass(frozen=True)
class Information:
    """A fact that is read, and in small where it comes from or what goes with it.

    `point` is the rule by which FINESS is asked about it, when it is.
    """

    label: str
    valeur: str
    origine: str = ""
    point: str = ""


@dataclass(frozen=True)
class LigneCapacite:
    """Beds and places of one activity, as written; empty where there is none."""

    label: str
    lits: str
    places: str


@dataclass(frozen=True)
class Reperes:
    """What an établissement declared in the SAE at the end of `annee`; the lists are empty when it is nothing."""

    annee: str = ""
    capacites: list[LigneCapacite] = field(default_factory=list)
    autres: list[Information] = field(default_factory=list)


@dataclass(frozen=True)
class Reprise:
    """The last place where I was, and its address, empty when there is none; `brouillon`: it is a form I saved."""

    nom: str = ""
    detail: str = ""
    url: str = ""
    brouillon: bool = False


@dataclass(frozen=True)
class LieuDEcheance:
    """An établissement where something is due; `url` shows it."""

    nom: str
    nombre: str
    url: str


@dataclass(frozen=True)
class Echeance:
    """Offers due in one month, or late already, and the établissements that have most of them."""

    quand: str
    quoi: str
    lieux: list[LieuDEcheance] = field(default_factory=list)
    suite: str = ""


@dataclass(frozen=True)
class CodeARevoir:
    """One answer that is no longer in force; `url` is its field, `url_valider` where it is kept with a reason."""

    nom: str
    detail: str
    url: str
    url_valider: str


@dataclass(frozen=True)
class CodesARevoir:
    """Answers that are no longer in force; `titre` is empty when there are none."""

    titre: str = ""
    lignes: list[CodeARevoir] = field(default_factory=list)


@dataclass(frozen=True)
class ChoixAFaire:
    """Answers of mine that contradict others': `url` is where one chooses."""

    nom: str
    detail: str
    url: str


@dataclass(frozen=True)
class AttentesDeLObjet:
    """What waits for a choice on one object: mine, the names of the others who have some, what came by a link."""

    miennes: list[ChoixAFaire] = field(default_factory=list)
    autres: list[str] = field(default_factory=list)
    propositions: list[ChoixAFaire] = field(default_factory=list)


@dataclass(frozen=True)
class LienAttestation:
    """The way to the attestation of an établissement that is à jour; `etat` says whether there is one."""

    nom: str
    etat: str
    url: str


@dataclass(frozen=True)
class VueAccueil:
    """« Mes accès rapides »."""

    jour: str = ""
    reste: str = ""
    prochaine: str = ""
    url_prochaine: str = ""
    a_jour: int = 0
    total: int = 0
    etablissements: list[LigneEtablissement] = field(default_factory=list)
    attestations: list[LienAttestation] = field(default_factory=list)
    nombre: str = ""
    reprise: Reprise = Reprise()
    echeances: list[Echeance] = field(default_factory=list)
    plus_tard: list[Echeance] = field(default_factory=list)
    recence: VueRecence = field(default_factory=VueRecence)
    codes: CodesARevoir = CodesARevoir()
    choix: list[ChoixAFaire] = field(default_factory=list)
    propositions: list[ChoixAFaire] = field(default_factory=list)


@dataclass(frozen=True)
class VueEtablissements:
    """« Mes établissements géographiques (EG) »; `seul` is the address of the only one, when there is one."""

    lignes: list[LigneEtablissement] = field(default_factory=list)
    resume: str = ""
    page: int = 1
    pages: int = 1
    tous: int = 0
    en_retard: int = 0
    a_revoir: int = 0
    a_jour: int = 0
    seul: str = ""


@dataclass(frozen=True)
class VueEtablissement:
    """An établissement: what is inside, `fermees` for good apart, then what FINESS and the SAE say."""

    finess: str = ""
    nom: str = ""
    sanitaire: bool = True
    chemin: list[Maillon] = field(default_factory=list)
    etat: Etat = field(default_factory=Etat)
    suite: str = ""
    brouillons: str = ""
    a_jour: int = 0
    total: int = 0
    contenu: str = ""
    structures: list[LigneStructure] = field(default_factory=list)
    offres: list[LigneOffre] = field(default_factory=list)
    identification: list[Information] = field(default_factory=list)
    source: str = ""
    reperes: Reperes = Reperes()
    url_confirmer: str = ""
    url_relecture: str = ""
    url_valider: str = ""
    url_creer: str = ""
    url_creer_structure: str = ""
    structure_a_creer: str = ""
    url_creer_lieu: str = ""
    lieux: str = ""
    url_exigences: str = ""
    url_capacites: str = ""
    url_journal: str = ""
    fermees: list[LigneOffre] = field(default_factory=list)
    url_personnes: str = ""
    sans_referent: bool = False
    url_arbre: str = ""
    recence: VueRecence = field(default_factory=VueRecence)


@dataclass(frozen=True)
class VueStructure:
    """A pôle with its UF, or a UF with its offers; what is closed for good is apart, in `fermees`."""

    identifiant: str = ""
    nom: str = ""
    type: str = ""
    est_uf: bool = False
    etablissement: str = ""
    chemin: list[Maillon] = field(default_factory=list)
    etat: Etat = field(default_factory=Etat)
    suite: str = ""
    brouillons: str = ""
    structures: list[LigneStructure] = field(default_factory=list)
    offres: list[LigneOffre] = field(default_factory=list)
    url_confirmer: str = ""
    url_relecture: str = ""
    url_valider: str = ""
    url_creer: str = ""
    url_creer_structure: str = ""
    structure_a_creer: str = ""
    fermees: list[LigneOffre] = field(default_factory=list)


class LigneTouchee(TypedDict):
    """An object in a list of what a gesture changes, or leaves."""

    cle: str
    nom: str
    sorte: str
    detail: str
    url: str


class Lot(TypedDict):
    """Such a list: a hundred lines at most, how many there are in all, and « et 12 autres »."""

    lignes: list[LigneTouchee]
    total: int
    suite: str


class Blocage(TypedDict):
    """What forbids a gesture, with the page where it is mended."""

    texte: str
    url: str
