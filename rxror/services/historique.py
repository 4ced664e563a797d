"""The history of an object: who did what, when, read from the trace, the last gesture first, page by page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated, Any, TypedDict
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, StringConstraints
from sqlalchemy import ColumnElement, Text, cast
from sqlmodel import Session, SQLModel, col, or_, select

from rxror.ror import parcours
from rxror.ror.champs import champs_de, groupes_de, sections_de
from rxror.ror.dates import date_longue, heure, jour_de, moment
from rxror.ror.objets import LieuRealisationOffre, OffreLieu, OffreOperationnelle
from rxror.ror.reperes import nom_de
from rxror.ror.typographie import fr, majuscule
from rxror.services import ecarts, hierarchie, recits
from rxror.services.acces import Acces, Acteur, Cible, Geste, exiger
from rxror.services.changements import Changement
from rxror.services.demande import NomDeSection, Rang
from rxror.services.recits import Alentours
from rxror.settings import settings
from rxror.tables import Action, Trace
from rxror.tri import cle_de_tri, en_ordre

PAR_PAGE = 50
PERSONNES_MAXIMUM = 100
LIEUX_MAXIMUM = 100
SUITE = timedelta(minutes=5)  # two saves of one person on one section, this close, are one entry
ALERTES = (Action.GARDE, Action.REPRISE)  # their lines tell a rule and a reason, no field
DES_LIENS = (Action.CONFIER, Action.RETRAIT, Action.PROPOSITION, Action.EXAMEN)  # their lines change no field
GESTES_RACONTES = tuple(recits.PHRASES)  # not a refusal: whoever met it may be anybody, from any établissement
PUBLIE, PREPARE, CONFIE = "publie", "prepare", "confie"
PREPARENT = (Action.BROUILLON, Action.ABANDON, Action.ARBITRAGE, Action.RESTAURATION, Action.ANNULATION)
GESTES: dict[str, tuple[str, tuple[Action, ...]]] = {
    PREPARE: ("Brouillons", PREPARENT),
    PUBLIE: ("Versions publiées", ()),
    CONFIE: ("Liens confiés, propositions", DES_LIENS),
}


class Vue(BaseModel):
    """What one wants to see of a history, as the address says it.

    Attributes:
        qui: identifier of a person, or name of a source.
        avant: the page starts below that line.
        ligne: the page starts at that line, which is open.
    """

    model_config = ConfigDict(extra="ignore")

    section: NomDeSection = ""
    geste: Annotated[str, StringConstraints(max_length=20)] = ""
    qui: Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00]*$")] = ""
    avant: Rang = 0
    ligne: Rang = 0

    def adresse(self, base: str, **change: Any) -> str:
        """The address of this view with something else."""
        voulu = {**self.model_dump(), **change}
        requete = urlencode({nom: v for nom, v in voulu.items() if v})
        return f"{base}?{requete}" if requete else base


class Entree(TypedDict):
    """One gesture, or several saves in a row. `etapes` names each of them; `version` is what it published."""

    ancre: str
    quand: str
    qui: str
    phrase: str
    detail: str
    version: str
    etapes: list[str]
    changements: list[Changement]
    ouverte: bool
    lien: str
    comparer: str
    reprendre: str


class Choix(TypedDict):
    """One answer of a filter."""

    cle: str
    nom: str


@dataclass
class Historique:
    """One page of a history. `debut` says where it starts, on its last page."""

    nom: str
    chemin: list[tuple[str, str]]
    retour: str
    avec_uf: bool
    entrees: list[Entree]
    sections: list[Choix]
    personnes: list[Choix]
    plus_anciennes: str
    debut: str
    lieux: list[parcours.Maillon] = field(default_factory=list)
    comparer: str = ""


def lire(session: Session, acteur: Acteur, cible: Cible, vue: Vue) -> Historique:
    """One page of the history of an object. The number of queries does not depend on its length.

    Raises:
        AccesRefuse: no right to read the object.
    """
    acces = exiger(session, acteur, cible, Geste.LIRE)
    classe, objet = type(acces.objet), acces.objet
    lignes = list(_lignes(session, classe, cible, vue))
    suite, lignes = lignes[PAR_PAGE:], lignes[:PAR_PAGE]
    adresse = parcours.url_historique(cible.genre, cible.identifiant)
    paquets = list(_paquets(lignes))
    paires, instants = [_paire(p, cible) for p in paquets], [p[0].instant for p in paquets]
    lectures = ecarts.relever(session, classe, acces.etablissement.categorie_eg, paires, instants)
    a_part = ecarts.relever_les_mises_a_part(session, classe, acces.etablissement.categorie_eg, paquets)
    lectures = [[*lues, *mises] for lues, mises in zip(lectures, a_part, strict=True)]
    autour = recits.alentours(session, acces.etablissement, lignes)
    ecrivain = _Ecrivain(acces, cible, vue, autour, adresse)
    chemin = hierarchie.jusqu_a(session, acces, cible)
    return Historique(
        nom=nom_de(objet),
        chemin=chemin,
        retour=chemin[-1][1],
        avec_uf=acces.etablissement.sanitaire,
        entrees=[ecrivain.entree(p, c) for p, c in zip(paquets, lectures, strict=True)],
        sections=[Choix(cle=s.cle, nom=s.titre) for s in sections_de(classe)],
        personnes=_personnes(session, cible),
        plus_anciennes=vue.adresse(adresse, avant=lignes[-1].id, ligne=0) if suite else "",
        debut="" if suite else _debut(lignes, vue),
        lieux=_lieux(session, objet),
        comparer=parcours.url_comparer(cible.genre, cible.identifiant) if objet.version > 1 else "",
    )


def _lignes(session: Session, classe: type[SQLModel], cible: Cible, vue: Vue) -> Sequence[Trace]:
    requete = select(Trace).where(*_racontes(cible), *_filtres(classe, vue))
    if vue.avant:
        requete = requete.where(col(Trace.id) < vue.avant)
    if vue.ligne:
        requete = requete.where(col(Trace.id) <= vue.ligne)
    return session.exec(requete.order_by(col(Trace.id).desc()).limit(PAR_PAGE + 1)).all()


def _racontes(cible: Cible) -> Iterator[ColumnElement[bool]]:
    yield col(Trace.objet) == cible.cle
    yield col(Trace.action).in_(GESTES_RACONTES)


def _filtres(classe: type[SQLModel], vue: Vue) -> Iterator[ColumnElement[bool]]:
    if vue.qui.isdecimal():
        yield col(Trace.utilisateur_id) == int(vue.qui[:9])
    elif vue.qui:
        yield col(Trace.utilisateur_id).is_(None) & (col(Trace.nom) == vue.qui)
    if vue.geste == PUBLIE:
        yield col(Trace.version_apres).is_not(None)
    elif vue.geste in GESTES:
        yield col(Trace.action).in_(GESTES[vue.geste][1])
    if vue.section in {s.cle for s in sections_de(classe)}:
        noms = [*champs_de(classe, vue.section), *groupes_de(classe, vue.section)]
        textes = cast(col(Trace.changements), Text)
        dedans = or_(*(textes.contains(f'"champ": "{nom}"', autoescape=True) for nom in noms))
        yield or_(col(Trace.section) == vue.section, col(Trace.version_apres).is_not(None) & dedans)


def _paquets(lignes: Sequence[Trace]) -> Iterator[list[Trace]]:
    """The lines, newest first; consecutive saves of one person on one section are together."""
    paquet: list[Trace] = []
    for ligne in lignes:
        if paquet and not se_suivent(paquet[-1], ligne):
            yield paquet
            paquet = []
        paquet.append(ligne)
    if paquet:
        yield paquet


def se_suivent(apres: Trace, avant: Trace) -> bool:
    """Whether two lines are saves of the same person on the same section, within a few minutes."""
    meme = (apres.utilisateur_id, apres.section) == (avant.utilisateur_id, avant.section)
    saisies = all(t.action is Action.BROUILLON and "base" in t.resultat for t in (apres, avant))
    memes_gestes = apres.resultat.get("correction") == avant.resultat.get("correction")
    return meme and saisies and memes_gestes and apres.instant - avant.instant <= SUITE


def _paire(paquet: Sequence[Trace], cible: Cible) -> ecarts.Paire:
    """From before the first save to after the last one."""
    avant: dict[str, Any] = {}
    apres: dict[str, Any] = {}
    for trace in (t for t in reversed(paquet) if t.action not in ALERTES):
        debut, fin = ecarts.paire_de(trace.changements, cible.cle)
        avant = {**debut, **avant}
        apres |= fin
    return avant, apres


@dataclass(frozen=True)
class _Ecrivain:
    """Writes the entries of one page."""

    acces: Acces
    cible: Cible
    vue: Vue
    autour: Alentours
    adresse: str

    def entree(self, paquet: Sequence[Trace], changements: list[Changement]) -> Entree:
        """One entry; the newest line of the saves gives its anchor."""
        derniere, premiere = paquet[0], paquet[-1]
        phrase = recits.raconter(derniere, type(self.acces.objet), self.autour)
        if len(paquet) > 1:
            phrase += f", {len(paquet)} fois"
        return Entree(
            ancre=f"l{derniere.id}",
            quand=_entre(premiere, derniere),
            qui=recits.auteur(derniere),
            phrase=fr(phrase),
            detail=_detail(derniere),
            version=str(derniere.version_apres or ""),
            etapes=[self._etape(t) for t in paquet] if len(paquet) > 1 else [],
            changements=changements,
            ouverte=bool(self.vue.ligne) and derniere.id == self.vue.ligne,
            lien=f"{self.adresse}?ligne={derniere.id}",
            comparer=self._comparer(derniere),
            reprendre=self._reprendre(derniere),
        )

    def _etape(self, trace: Trace) -> str:
        classe = type(self.acces.objet)
        connus = {**champs_de(classe), **groupes_de(classe)}
        noms = [connus[c["champ"]].label for c in trace.changements if c["champ"] in connus]
        return f"{heure(trace.instant)}{fr(' : ') if noms else ''}{', '.join(n for n in noms if n)}"

    def _comparer(self, trace: Trace) -> str:
        if trace.version_apres is None or trace.version_avant is None:
            return ""
        url = parcours.url_comparer(self.cible.genre, self.cible.identifiant)
        return f"{url}?de={trace.version_avant}&a={trace.version_apres}"

    def _reprendre(self, trace: Trace) -> str:
        """A version that is no longer the present one may be taken back."""
        passee = trace.version_apres is not None and trace.version_apres < self.acces.objet.version
        if not passee or not self.acces.permet(Geste.MODIFIER):
            return ""
        return f"{parcours.url_reprendre(self.cible.genre, self.cible.identifiant)}?version={trace.version_apres}"


def _entre(premiere: Trace, derniere: Trace) -> str:
    if premiere is derniere or heure(premiere.instant) == heure(derniere.instant):
        return majuscule(moment(derniere.instant))
    jour = moment(derniere.instant).rpartition(" à ")[0]
    if jour_de(premiere.instant) != jour_de(derniere.instant):
        return f"{majuscule(moment(premiere.instant))}, jusqu’à {heure(derniere.instant)}"
    return f"{majuscule(jour)}, entre {heure(premiere.instant)} et {heure(derniere.instant)}"


def _detail(trace: Trace) -> str:
    motif = trace.resultat.get("motif") if trace.action is Action.FERMETURE else ""
    if trace.action is Action.GARDE and trace.changements:
        motif = trace.changements[0]["apres"]
    return fr(f"Motif : {motif}") if motif else ""


def _debut(lignes: Sequence[Trace], vue: Vue) -> str:
    if not lignes:
        filtre = vue.section or vue.qui or vue.geste
        if filtre or vue.avant:
            return "Aucun geste ne répond à ce choix."
        garde = settings().conservation_offres_mois
        return fr(f"Aucun geste n’est dans l’historique : ceux de plus de {garde} mois n’y sont plus gardés.")
    premiere = lignes[-1]
    if premiere.version_avant is None and premiere.version_apres == 1:
        return ""
    return f"L’historique commence le {date_longue(premiere.instant)} : ce qui s’est passé avant n’a pas de trace ici."


def _personnes(session: Session, cible: Cible) -> list[Choix]:
    requete = select(Trace.utilisateur_id, Trace.nom).where(*_racontes(cible)).distinct()
    trouvees = session.exec(requete.order_by(col(Trace.nom)).limit(PERSONNES_MAXIMUM))
    choix = [Choix(cle=str(numero or nom), nom=nom or "Quelqu’un") for numero, nom in trouvees]
    return sorted(choix, key=lambda c: cle_de_tri(c["nom"]))


def _lieux(session: Session, objet: Any) -> list[parcours.Maillon]:
    """The histories of the lieux of an offer."""
    if not isinstance(objet, OffreOperationnelle):
        return []
    lieu = LieuRealisationOffre
    requete = (
        select(lieu.nom, lieu.identifiant)
        .join(OffreLieu, col(OffreLieu.lieu_realisation_offre_id) == lieu.id)
        .where(OffreLieu.offre_operationnelle_id == objet.id)
        .order_by(en_ordre(lieu.nom), col(lieu.id))
        .limit(LIEUX_MAXIMUM)
    )
    return [
        parcours.Maillon(nom=nom or identifiant, url=parcours.url_historique(lieu.GENRE, identifiant))
        for nom, identifiant in session.exec(requete)
    ]
