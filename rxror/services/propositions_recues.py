"""What came back by a personal link: read beside what is kept now, accepted or refused part by part.

What is accepted goes to the shared brouillon as a save does; nothing is published. A part that somebody changed since
it was shown to its author says so, and is decided with both under the eyes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, TypedDict
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlmodel import Session, SQLModel, select

from rxror.ror.champs import EN_LISTE, Champ, Contexte, Groupe, Section, champs_de, groupes_de, section_de
from rxror.ror.dates import quand
from rxror.ror.erreurs import AccesRefuse, Conflit
from rxror.ror.lecture import NON_RENSEIGNE, Lecteur, Ligne, une_ligne
from rxror.ror.objets import OBJETS
from rxror.ror.reperes import nom_de
from rxror.ror.saisie import Lecture
from rxror.ror.typographie import fr, majuscule
from rxror.services import brouillons, hierarchie
from rxror.services.acces import IDENTIFIANTS, Acteur, Cible, Geste
from rxror.services.changements import Changement
from rxror.services.demande import Numero
from rxror.services.fusion import ABSENTE, VIDES, Partie, avec_la_partie, parties_de, sans_cles, sha
from rxror.services.modification import avec_lignes_uniques
from rxror.services.nomenclatures import catalogue
from rxror.services.parties import RETIRE, element_de_la_partie, textes_illisibles
from rxror.services.section_ouverte import Ouvert, charger_section, ecrire_la_section
from rxror.services.tracer import deja_fait, tracer
from rxror.tables import Action, LienConfie, Proposition, Utilisateur

PARTIES_MAXIMUM = 500
ACCEPTER, REFUSER = "accepter", "refuser"
DEJA = fr("C’est déjà ce qui est enregistré.")
FIGEE = fr("Cette ligne vient maintenant d’un autre logiciel : elle ne se change pas ici.")
Nom = Annotated[str, StringConstraints(max_length=200)]


class Decision(BaseModel):
    """« Enregistrer mes choix », with its whole context.

    Attributes:
        numero: the proposal.
        vu: {part: digest of what was shown of it}.
        choix: {part: accept or refuse}; a part without one waits.
    """

    model_config = ConfigDict(extra="forbid")

    numero: Numero
    cle: UUID
    vu: dict[Nom, Nom] = Field(max_length=PARTIES_MAXIMUM)
    choix: dict[Nom, Literal["accepter", "refuser"]] = Field(max_length=PARTIES_MAXIMUM)


@dataclass(frozen=True)
class Ecrite:
    """One part that was answered otherwise than it was shown: a row, a field, the codes of a list together.

    Attributes:
        vue, proposee: what its author read and wrote.
    """

    champ: str
    cle: str
    vue: Partie
    proposee: Partie

    @property
    def nom(self) -> str:
        """How the page calls it."""
        return f"{self.champ}.{self.cle}"


@dataclass(frozen=True)
class Recue:
    """Such a part, beside what is kept now.

    Attributes:
        cle: its key by now.
        tenue: what is kept.
        apres: what accepting would keep.
    """

    ecrite: Ecrite
    cle: str
    tenue: Partie
    apres: Partie
    figee: bool = False

    @property
    def vu(self) -> str:
        """Digest of what is shown of it."""
        return sha([self.tenue.empreinte, self.apres.empreinte, self.cle])

    @property
    def changee(self) -> bool:
        """Whether somebody changed it since its author read it."""
        return self.tenue.empreinte not in (self.ecrite.vue.empreinte, self.apres.empreinte)


class PartieVue(TypedDict):
    """One part on the page; `decision` is what was decided, empty while it waits."""

    nom: str
    titre: str
    vu: str
    changements: list[Changement]
    note: str
    decision: str
    acceptable: bool


@dataclass(frozen=True)
class PropositionVue:
    """The page of a proposal."""

    cible: Cible
    nom: str
    titre: str
    section: str
    chemin: list[tuple[str, str]]
    avec_uf: bool
    auteur: str
    recit: str
    mot: str
    parties: list[PartieVue]
    decidable: bool


def ecrites(classe: type[SQLModel], proposition: Proposition) -> list[Ecrite]:
    """The parts that were answered otherwise than they were shown, in the order of the form."""
    vues, valeurs = _lecture(proposition.vues), _lecture(proposition.valeurs)
    trouvees: list[Ecrite] = []
    for nom in valeurs.valeurs:
        avant, apres = _parties(classe, nom, vues), _parties(classe, nom, valeurs)
        for cle in {**avant, **apres}:
            ecrite = Ecrite(nom, cle, avant.get(cle, ABSENTE), apres.get(cle, ABSENTE))
            if ecrite.vue.empreinte != ecrite.proposee.empreinte:
                trouvees.append(ecrite)
    return trouvees


def lire(session: Session, acteur: Acteur, numero: int) -> PropositionVue:
    """A proposal, decided or not, beside what is kept now. Writes nothing.

    Raises:
        AccesRefuse: no such proposal, or no right to read its object.
    """
    proposition, lien = _trouver(session, numero)
    ouvert = _ouvrir(session, acteur, proposition, Geste.LIRE)
    donneur = session.get_one(Utilisateur, lien.utilisateur_id)
    lecteur = Lecteur(ouvert.catalogue, ouvert.contexte, tout=True)
    decidable = ouvert.acces.permet(Geste.MODIFIER) and proposition.decidee is None
    return PropositionVue(
        cible=ouvert.cible,
        nom=nom_de(ouvert.acces.objet, ouvert.valeurs),
        titre=ouvert.section.titre,
        section=ouvert.section.cle,
        chemin=hierarchie.jusqu_a(session, ouvert.acces, ouvert.cible),
        avec_uf=ouvert.acces.etablissement.sanitaire,
        auteur=lien.destinataire,
        recit=fr(f"Reçue {quand(proposition.recue)}, par le lien que {donneur.nom_complet} lui avait confié."),
        mot=proposition.mot,
        parties=[_vue(lecteur, ouvert, lien, proposition, r) for r in _recues(ouvert, proposition)],
        decidable=decidable,
    )


def decider(session: Session, acteur: Acteur, decision: Decision) -> int:
    """Keep in the brouillon what is accepted, note what is refused; one line of trace, which names the author.

    Returns:
        How many parts still wait.

    Raises:
        AccesRefuse: no such proposal, or no right to edit its object.
        ObjetFerme: it is closed for good.
        SaisieInvalide: `cle` was used by another gesture.
        Conflit: one of the parts changed since it was shown, or was decided elsewhere; nothing is written.
    """
    proposition, lien = _trouver(session, decision.numero, ecrire=True)
    ouvert = _ouvrir(session, acteur, proposition, Geste.MODIFIER)
    recues = {r.ecrite.nom: r for r in _recues(ouvert, proposition)}
    if deja_fait(session, acteur, decision.cle, objet=lien.objet, section=lien.section, dit="proposition"):
        return _restent(recues, proposition)
    for nom, choix in decision.choix.items():
        recue = recues.get(nom)
        if recue is None or nom in proposition.decisions or decision.vu.get(nom) != recue.vu:
            raise Conflit
        if choix == ACCEPTER and recue.figee:
            raise Conflit
    if not decision.choix:
        return _restent(recues, proposition)
    maintenant = datetime.now(UTC)
    dits = {"par": acteur.id, "nom": acteur.nom, "instant": maintenant.isoformat()}
    siennes = {nom: {"acceptee": choix == ACCEPTER, **dits} for nom, choix in decision.choix.items()}
    proposition.decisions = {**proposition.decisions, **siennes}
    restent = _restent(recues, proposition)
    proposition.decidee = None if restent else maintenant
    session.add(proposition)
    acceptees = [recues[n] for n, choix in decision.choix.items() if choix == ACCEPTER]
    refusees = [recues[n] for n, choix in decision.choix.items() if choix == REFUSER]
    _ecrire(session, acteur, ouvert, decision, lien, acceptees, refusees, maintenant)
    return restent


def resume(session: Session, proposition: Proposition) -> list[Changement]:
    """What was answered, before and after, as its author saw it: for the receipt."""
    classe = OBJETS[proposition.objet.partition(":")[0]]
    lecteur, section = Lecteur(catalogue(session), Contexte(), tout=True), section_de(classe, proposition.section)
    changements: list[Changement] = []
    for ecrite in ecrites(classe, proposition):
        element = element_de_la_partie(classe, ecrite.champ, ecrite.cle)
        if element and section:
            titre = _titre(lecteur, section, element, ecrite.vue if ecrite.vue.empreinte else ecrite.proposee)
            avant, apres = _colonnes(lecteur, element, _nom_du_champ(ecrite, element), ecrite.vue, ecrite.proposee)
            changements.append(Changement(champ=titre, ou="", avant=avant, apres=apres, note=""))
    return changements


def nom_de_l_objet(session: Session, cle: str) -> str:
    """How the object of a link is called; nothing else of it is read."""
    genre, _, identifiant = cle.partition(":")
    objet = session.exec(select(OBJETS[genre]).where(IDENTIFIANTS[genre] == identifiant)).first()
    return nom_de(objet) if objet else ""


def _restent(recues: Mapping[str, Recue], proposition: Proposition) -> int:
    return sum(nom not in proposition.decisions for nom in recues)


def _trouver(session: Session, numero: int, *, ecrire: bool = False) -> tuple[Proposition, LienConfie]:
    requete = select(Proposition).where(Proposition.id == numero)
    proposition = session.exec(requete.with_for_update() if ecrire else requete).first()
    if proposition is None:
        raise AccesRefuse(f"proposition {numero}")
    return proposition, session.get_one(LienConfie, proposition.lien_id)


def _ouvrir(session: Session, acteur: Acteur, proposition: Proposition, geste: Geste) -> Ouvert:
    genre, _, identifiant = proposition.objet.partition(":")
    return charger_section(session, acteur, Cible(genre, identifiant), proposition.section, geste)


def _ecrire(
    session: Session,
    acteur: Acteur,
    ouvert: Ouvert,
    decision: Decision,
    lien: LienConfie,
    acceptees: Sequence[Recue],
    refusees: Sequence[Recue],
    maintenant: datetime,
) -> None:
    gardees = ouvert.gardees
    lecture = _avec(ouvert, acceptees, gardees)
    changements = brouillons.differences(gardees.valeurs, lecture.valeurs)
    if changements or lecture.illisibles != gardees.illisibles:
        ecrire_la_section(session, acteur, ouvert, lecture, changements, maintenant)
    tracer(
        session,
        acteur,
        Action.BROUILLON if acceptees else Action.EXAMEN,
        ouvert.acces.etablissement.num_finess,
        lien.objet,
        section=lien.section,
        changements=changements,
        cle=str(decision.cle),
        resultat={
            "proposition": decision.numero,
            "propose_par": lien.destinataire,
            "illisibles": [gardees.illisibles, lecture.illisibles],
            "refusees": [_dite(r) for r in refusees],
        },
    )


def _dite(recue: Recue) -> dict[str, Any]:
    """A refused part, for the history."""
    partie = recue.ecrite.proposee
    return {
        "champ": recue.ecrite.champ,
        "cle": recue.ecrite.cle,
        "valeur": partie.valeur,
        "illisibles": dict(partie.illisibles),
    }


def _avec(ouvert: Ouvert, acceptees: Sequence[Recue], gardees: Lecture) -> Lecture:
    lecture = replace(gardees, valeurs=dict(gardees.valeurs), illisibles=dict(gardees.illisibles))
    for recue in acceptees:
        nom = recue.ecrite.champ
        if _en_liste(ouvert.classe, nom):
            lecture.valeurs[nom] = recue.apres.valeur
        else:
            lecture = avec_la_partie(ouvert.classe, nom, recue.cle, recue.apres, lecture)
    return lecture


# ------------------------------------------------------------------------------ the parts


def _lecture(kept: Mapping[str, Any]) -> Lecture:
    return Lecture(dict(kept.get("valeurs") or {}), dict(kept.get("illisibles") or {}))


def _en_liste(classe: type[SQLModel], nom: str) -> bool:
    champ = champs_de(classe).get(nom)
    return champ is not None and champ.type in EN_LISTE


def _parties(classe: type[SQLModel], nom: str, lecture: Lecture) -> dict[str, Partie]:
    """As a merge cuts them, but for the codes of a list, which are decided together."""
    if not _en_liste(classe, nom):
        return parties_de(classe, nom, lecture)
    codes = lecture.valeurs.get(nom) or []
    return {"": Partie(list(codes), {}, sha(sorted(codes)))}


def _recues(ouvert: Ouvert, proposition: Proposition) -> list[Recue]:
    gardees = ouvert.gardees
    valeurs = avec_lignes_uniques(ouvert.classe, ouvert.section.cle, gardees.valeurs)
    tenues = Lecture(valeurs, gardees.illisibles)
    return [_recue(ouvert, tenues, ecrite) for ecrite in ecrites(ouvert.classe, proposition)]


def _recue(ouvert: Ouvert, tenues: Lecture, ecrite: Ecrite) -> Recue:
    parties = _parties(ouvert.classe, ecrite.champ, tenues)
    cle = _cle_par_maintenant(parties, ecrite)
    tenue = parties.get(cle, ABSENTE)
    if _en_liste(ouvert.classe, ecrite.champ):
        return Recue(ecrite, cle, tenue, _codes(tenue, ecrite))
    groupe = groupes_de(ouvert.classe).get(ecrite.champ)
    figee = bool(groupe and groupe.figee_si and isinstance(tenue.valeur, dict) and groupe.figee_si(tenue.valeur))
    return Recue(ecrite, cle, tenue, ecrite.proposee, figee)


def _cle_par_maintenant(parties: Mapping[str, Partie], ecrite: Ecrite) -> str:
    """A publication gives rows another key: it is found by what it holds."""
    if ecrite.cle in parties or not ecrite.vue.empreinte:
        return ecrite.cle
    return next((cle for cle, p in parties.items() if p.empreinte == ecrite.vue.empreinte), ecrite.cle)


def _codes(tenue: Partie, ecrite: Ecrite) -> Partie:
    """What was taken out leaves, what was put in comes; the rest is as it is kept."""
    vus, voulus, tenus = (list(p.valeur or []) for p in (ecrite.vue, ecrite.proposee, tenue))
    partis = set(vus) - set(voulus)
    codes = [c for c in tenus if c not in partis] + [c for c in voulus if c not in vus and c not in tenus]
    return Partie(codes, {}, sha(sorted(codes)))


# ------------------------------------------------------------------------------ in words


def _vue(lecteur: Lecteur, ouvert: Ouvert, lien: LienConfie, proposition: Proposition, recue: Recue) -> PartieVue:
    ecrite = recue.ecrite
    element = element_de_la_partie(ouvert.classe, ecrite.champ, ecrite.cle)
    if element is None:
        raise AccesRefuse(f"proposition {proposition.id}")
    decision = proposition.decisions.get(ecrite.nom)
    avant, apres = (ecrite.vue, ecrite.proposee) if decision else (recue.tenue, recue.apres)
    nom = _nom_du_champ(ecrite, element)
    titre = _titre(lecteur, ouvert.section, element, avant if avant.empreinte else apres)
    colonnes = _colonnes(lecteur, element, nom, avant, apres)
    return PartieVue(
        nom=ecrite.nom,
        titre=titre,
        vu=recue.vu,
        changements=[Changement(champ="Réponse", ou="", avant=colonnes[0], apres=colonnes[1], note="")],
        note="" if decision else _note(lecteur, element, nom, lien, recue),
        decision=_decidee(decision) if decision else "",
        acceptable=not recue.figee,
    )


def _titre(lecteur: Lecteur, section: Section, element: Champ | Groupe, partie: Partie) -> str:
    if isinstance(element, Champ) or not isinstance(partie.valeur, dict):
        return element.label or section.titre
    return fr(f"{majuscule(element.singulier)} : {lecteur.resumes(element, [partie.valeur])[0]['texte']}")


def _note(lecteur: Lecteur, element: Champ | Groupe, nom: str, lien: LienConfie, recue: Recue) -> str:
    if recue.figee:
        return FIGEE
    if recue.tenue.empreinte == recue.apres.empreinte:
        return DEJA
    if not recue.changee:
        return ""
    lues = _lignes(lecteur, element, nom, recue.ecrite.vue)
    avait = fr(" ; ").join(", ".join(t for t in (e["texte"], e["origine"]) if t) for e in lues)
    return fr(f"Changée depuis que {lien.destinataire} l’a lue. Il y avait alors : {avait}.")


def _decidee(decision: Mapping[str, Any]) -> str:
    mot = "Acceptée" if decision["acceptee"] else "Refusée"
    return fr(f"{mot} par {decision['nom']}, {quand(datetime.fromisoformat(decision['instant']))}")


def _nom_du_champ(ecrite: Ecrite, element: Champ | Groupe) -> str:
    return ecrite.champ if isinstance(element, Groupe) else ecrite.cle or ecrite.champ


def _colonnes(
    lecteur: Lecteur, element: Champ | Groupe, nom: str, avant: Partie, apres: Partie
) -> tuple[list[Ligne], list[Ligne]]:
    """Before and after; of a row that is on both sides, only what differs, field by field."""
    if isinstance(element, Groupe) and isinstance(avant.valeur, dict) and isinstance(apres.valeur, dict):
        cotes = ((avant, apres), (apres, avant))
        debut, fin = ([*_differences(lecteur, element, p, autre), *_textes(p)] for p, autre in cotes)
        return debut, fin
    retiree = isinstance(element, Groupe) and not apres.empreinte
    return _lignes(lecteur, element, nom, avant), (
        [une_ligne(RETIRE)] if retiree else _lignes(lecteur, element, nom, apres)
    )


def _textes(partie: Partie) -> list[Ligne]:
    return textes_illisibles(partie.illisibles, "Illisible, à corriger")


def _lignes(lecteur: Lecteur, element: Champ | Groupe, nom: str, partie: Partie) -> list[Ligne]:
    """A part as it is read; nothing when it is not there."""
    textes = _textes(partie)
    if not partie.empreinte:
        return []
    if isinstance(element, Champ):
        lues = [] if textes else lecteur.lignes(element, nom, partie.valeur)
        return [*lues, *textes] or [une_ligne(NON_RENSEIGNE)]
    rangees = partie.valeur if isinstance(partie.valeur, list) else [partie.valeur]
    return [*lecteur.resumes(element, rangees), *textes]


def _differences(lecteur: Lecteur, groupe: Groupe, partie: Partie, autre: Partie) -> list[Ligne]:
    ligne, face = partie.valeur, autre.valeur
    lignes: list[Ligne] = []
    for nom, champ in champs_de(groupe.classe).items():
        if not champ.deduit and _dit(ligne.get(nom)) != _dit(face.get(nom)):
            lues = lecteur.lignes(champ, nom, ligne.get(nom)) or [une_ligne("rien")]
            lignes += [une_ligne(fr(f"{champ.label} : {e['texte']}")) for e in lues]
    for nom, sous in groupes_de(groupe.classe).items():
        a_cote = [sans_cles(sous.classe, e) for e in face.get(nom) or []]
        propres = [e for e in ligne.get(nom) or [] if sans_cles(sous.classe, e) not in a_cote]
        lignes += [
            une_ligne(", ".join(t for t in (e["texte"], e["origine"]) if t)) for e in lecteur.resumes(sous, propres)
        ]
    return lignes


def _dit(valeur: Any) -> Any:
    return None if valeur in VIDES else valeur
