"""What the national requirements show: words, states and addresses, as plain values a page may hold."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypedDict
from urllib.parse import quote

from rxror.ror import parcours
from rxror.ror.dates import date_longue
from rxror.ror.exigences import declarations as d
from rxror.ror.exigences.entrees import EtablissementVu
from rxror.ror.exigences.peuplement import EN_COURS, FINALISE, Peuplement
from rxror.ror.exigences.recence import PEU, UN_AN
from rxror.ror.exigences.verdicts import MOTS, Exigence, Portee, Statut, Verdict
from rxror.ror.fraicheur import Compte, ajouter_mois, offres
from rxror.ror.objets import LieuRealisationOffre
from rxror.ror.typographie import fr

AU_PLUS = 100
SORTES = {
    Statut.CONFORME: "ajour",
    Statut.ECART: "retard",
    Statut.NON_VERIFIABLE: "ferme",
    Statut.SANS_OBJET: "ferme",
}
ORDRE = (Statut.ECART, Statut.NON_VERIFIABLE, Statut.CONFORME, Statut.SANS_OBJET)
PLURIELS = {
    Statut.ECART: ("écart", "écarts"),
    Statut.NON_VERIFIABLE: ("non vérifiable", "non vérifiables"),
    Statut.CONFORME: ("conforme", "conformes"),
    Statut.SANS_OBJET: ("sans objet", "sans objet"),
}


class ExigenceLue(TypedDict):
    """One requirement of an offer, as shown.

    Attributes:
        url: address of its field; `remede`, that of its one-tap fix.
        publie: state of what is published; "" where nothing is about to be.
    """

    titre: str
    texte: str
    reference: str
    etat: str
    sorte: str
    url: str
    remede: str
    publie: str


class Bascule(TypedDict):
    """A requirement that « Valider » moves from one state to another."""

    exigence: str
    titre: str
    avant: str
    avant_sorte: str
    apres: str
    sorte: str


class OffreConcernee(TypedDict):
    """One offer that a requirement finds fault with."""

    nom: str
    texte: str
    url: str
    remede: str


class ExigenceEtablissement(TypedDict):
    """One requirement of an établissement; `compte` and `offres` are for those computed on each offer."""

    titre: str
    texte: str
    reference: str
    etat: str
    sorte: str
    compte: str
    offres: list[OffreConcernee]
    suite: str


class LignePeuplement(TypedDict):
    """Peuplement of the établissement, or of one of its champs: the national status, and our own count beside."""

    champ: str
    etat: str
    sorte: str
    compte: str


@dataclass
class ExigencesOffre:
    """What the page of an offer shows.

    Attributes:
        sans_objet: names of the requirements that do not concern it.
        remedes: corrections that the others ask for.
        bascules: those that « Valider » moves.
    """

    lignes: list[ExigenceLue] = field(default_factory=list)
    sans_objet: str = ""
    url_etablissement: str = ""
    remedes: frozenset[str] = frozenset()
    bascules: list[Bascule] = field(default_factory=list)


@dataclass(frozen=True)
class VueRecence:
    """The national indicator RE1.2 and our own « 100 % à jour », each with what it counts; no `etat`: nothing to say.

    Attributes:
        phrase: « 74 sur 80 validées depuis moins d’un an ».
        bientot: « Dont 62 à revoir dans les deux mois ».
    """

    nom: str = ""
    etat: str = ""
    sorte: str = ""
    texte: str = ""
    regle: str = ""
    a_jour: int = 0
    total: int = 0
    phrase: str = ""
    bientot: str = ""
    objectif: str = ""


@dataclass
class VueExigences:
    """What the page of the requirements of an établissement shows."""

    finess: str = ""
    nom: str = ""
    sanitaire: bool = True
    chemin: list[parcours.Maillon] = field(default_factory=list)
    resume: str = ""
    sources: list[str] = field(default_factory=list)
    peuplement: list[LignePeuplement] = field(default_factory=list)
    recence: VueRecence = field(default_factory=VueRecence)
    exigences: list[ExigenceEtablissement] = field(default_factory=list)
    sans_objet: str = ""
    demonstration: bool = False


def lue(verdict: Verdict, identifiant_offre: str, lien: bool, publie: str = "") -> ExigenceLue:
    """A verdict on the page of an offer; `lien` for who may edit it."""
    return ExigenceLue(
        titre=verdict.exigence.titre,
        texte=verdict.phrase,
        reference=_reference(verdict.exigence),
        etat=verdict.statut.value,
        sorte=SORTES[verdict.statut],
        url=_url_du_champ(verdict, identifiant_offre) if lien and verdict.ecart else "",
        remede=parcours.url_corriger(identifiant_offre, verdict.remede) if lien and verdict.remede else "",
        publie=publie,
    )


def bascules(avant: Sequence[Verdict], apres: Sequence[Verdict]) -> list[Bascule]:
    """The requirements whose state is not the same, worst first."""
    tenus = {v.exigence.id: v.statut for v in avant}
    changes = [(v.exigence, tenus[v.exigence.id], v.statut) for v in apres if tenus[v.exigence.id] is not v.statut]
    return [
        Bascule(
            exigence=exigence.id,
            titre=exigence.titre,
            avant=avant_.value,
            avant_sorte=SORTES[avant_],
            apres=apres_.value,
            sorte=SORTES[apres_],
        )
        for exigence, avant_, apres_ in sorted(changes, key=lambda c: ORDRE.index(c[2]))
    ]


def _reference(exigence: Exigence) -> str:
    """« CP4, complétude »; « RE1.2, récence, pour l’établissement »."""
    pour = "" if exigence.portee is Portee.OFFRE else ", pour l’établissement"
    return f"{exigence.id}, {MOTS[exigence.thematique]}{pour}"


def _url_du_champ(verdict: Verdict, identifiant_offre: str) -> str:
    if not verdict.section:
        return ""
    genre, _, identifiant = verdict.focus.partition(":")
    if genre == LieuRealisationOffre.GENRE:
        url = parcours.url_lieu_section(identifiant, verdict.section, identifiant_offre)
    else:
        url = parcours.url_offre_section(identifiant_offre, verdict.section)
    return f"{url}#{quote(verdict.chemin)}"


def sans_objet(verdicts: Sequence[Verdict]) -> str:
    """Those that do not concern the offer, in one line."""
    return ", ".join(v.exigence.id for v in verdicts)


def par_exigence(verdicts: Iterable[Verdict], lignes: list[Peuplement], *, lien: bool) -> list[ExigenceEtablissement]:
    """One line for each requirement computed on offers: the worst of what they say, and which ones."""
    par_id: dict[str, list[Verdict]] = {e.id: [] for e in d.EXIGENCES if e.portee is Portee.OFFRE}
    for verdict in verdicts:
        par_id[verdict.exigence.id].append(verdict)
    exigences = {e.id: e for e in d.EXIGENCES}
    return [_agregee(exigences[cle], trouves, lignes, lien) for cle, trouves in par_id.items()]


def _agregee(
    exigence: Exigence, verdicts: list[Verdict], lignes: list[Peuplement], lien: bool
) -> ExigenceEtablissement:
    statut = next((s for s in ORDRE if any(v.statut is s for v in verdicts)), Statut.SANS_OBJET)
    if exigence is d.CP4 and any(e.statut != FINALISE for e in lignes):
        statut = Statut.ECART  # an établissement without any offer has everything to do
    a_dire = [v for v in verdicts if v.statut is statut and statut in ORDRE[:2]]
    reste = len(a_dire) - AU_PLUS
    return ExigenceEtablissement(
        titre=exigence.titre,
        texte="" if verdicts else "Aucune offre n’est décrite.",
        reference=f"{exigence.id}, {MOTS[exigence.thematique]}",
        etat=statut.value,
        sorte=SORTES[statut],
        compte=resume([v.statut for v in verdicts], "offre"),
        offres=[_concernee(v, lien) for v in a_dire[:AU_PLUS]],
        suite=f"et {reste} autre{'s' if reste > 1 else ''}" if reste > 0 else "",
    )


def _concernee(verdict: Verdict, lien: bool) -> OffreConcernee:
    return OffreConcernee(
        nom=verdict.nom or verdict.offre,
        texte=verdict.phrase,
        url=parcours.url_offre(verdict.offre),
        remede=parcours.url_corriger(verdict.offre, verdict.remede) if lien and verdict.remede else "",
    )


def de_l_eg(verdict: Verdict) -> ExigenceEtablissement:
    """A verdict on an établissement."""
    return ExigenceEtablissement(
        titre=verdict.exigence.titre,
        texte=verdict.phrase,
        reference=f"{verdict.exigence.id}, {MOTS[verdict.exigence.thematique]}",
        etat=verdict.statut.value,
        sorte=SORTES[verdict.statut],
        compte="",
        offres=[],
        suite="",
    )


def resume(statuts: Sequence[Statut], quoi: str = "") -> str:
    """« 2 écarts, 3 non vérifiables, 4 conformes »; with `quoi`, « 1 offre : 1 conforme »."""
    parties = []
    for statut in ORDRE:
        n = statuts.count(statut)
        if n:
            parties.append(f"{n} {PLURIELS[statut][n > 1]}")
    return fr(f"{offres(len(statuts))} : {', '.join(parties)}") if quoi and statuts else ", ".join(parties)


def ligne_peuplement(ligne: Peuplement) -> LignePeuplement:
    """The national status, and our own count beside."""
    sortes = {FINALISE: "ajour", EN_COURS: "revoir"}
    s = "s" if ligne.finalisees > 1 else ""
    return LignePeuplement(
        champ=ligne.champ or "Ensemble de l’établissement",
        etat=ligne.statut,
        sorte=sortes.get(ligne.statut, "retard"),
        compte=f"{ligne.finalisees} offre{s} complète{s} sur {ligne.total}",
    )


def vue_recence(nom: str, verdict: Verdict, compte: Compte, jour: date) -> VueRecence:
    """Both indicators on that day, in words."""
    a_jour, depuis = compte.total - compte.en_retard, date_longue(ajouter_mois(jour, -UN_AN))
    return VueRecence(
        nom=nom,
        etat=verdict.statut.value,
        sorte=SORTES[verdict.statut],
        texte=verdict.phrase,
        regle=fr(
            f"Au moins un quart des offres mises à jour depuis le {depuis} ; une seule suffit en dessous de {PEU}. "
            "Compte toute mise à jour d’une offre ; les offres fermées définitivement et les lieux ne comptent pas."
        ),
        a_jour=a_jour,
        total=compte.total,
        phrase=f"{a_jour} sur {compte.total} validées depuis moins d’un an",
        bientot=f"Dont {compte.a_revoir} à revoir dans les deux mois." if compte.a_revoir else "",
        objectif=fr(
            "Toutes les offres ouvertes, validées depuis douze mois au plus : c’est ce que demande le ROR, au moins "
            f"une fois par an. Calculé le {date_longue(jour)}."
        ),
    )


def sources(vu: EtablissementVu) -> list[str]:
    """Where what is compared with comes from, and what is lacking."""
    finess = (
        f"FINESS, extraction du {date_longue(vu.fiche.jour)}" if vu.fiche else fr("FINESS : établissement non chargé")
    )
    autorisations = (
        fr(f"Autorisations de soins : FINESS+, fichier du {date_longue(vu.autorisations.jour)}")
        if vu.autorisations
        else fr("Autorisations de soins : non chargées pour cet établissement")
    )
    return [fr(finess), fr(autorisations)]
