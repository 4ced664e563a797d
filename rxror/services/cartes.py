"""The cards of the yearly review, « fiches à trous »: what changes often or is contested shown, what is stable folded.

Whoever confirms asserts the facts that are shown, and no other. What is shown comes from the declaration of each
field (`a_relire`), from what changed in the last years, and from the rules; every third year, everything is.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlmodel import Session, SQLModel

from rxror.ror import parcours
from rxror.ror.champs import Champ, champs_de, est_exige, est_visible, groupes_de, sections_de
from rxror.ror.controles import Anomalie
from rxror.ror.dates import aujourd_hui, date_longue
from rxror.ror.fermeture import etat_de
from rxror.ror.fraicheur import tout_est_a_relire, vient_d_etre_relu
from rxror.ror.lecture import Fait, Lecteur
from rxror.ror.reperes import NOMS, identifiant_de, nom_de
from rxror.ror.typographie import fr
from rxror.services import brouillons, cartes_autour, gardes, hierarchie
from rxror.services.acces import Acteur, Cible, Geste
from rxror.services.cartes_autour import Autour, est_une_offre
from rxror.services.changements import Changement
from rxror.services.dossier import Dossier, Piece
from rxror.services.dossiers import ouvrir_plusieurs
from rxror.services.fiche import Manque, manque
from rxror.services.fusion import marque
from rxror.services.validation import changements_de
from rxror.services.versions import sont_tenus
from rxror.services.vu import empreinte

LIEUX_DITS = 64  # of an offer, those that its digest may tell: more would not be read on one card


class FaitRelu(Fait):
    """A fact of a card: its section, the address of its form, and what the rules say of it."""

    section: str
    modifier: str
    points: list[str]


@dataclass
class LieuRelu:
    """A lieu on the card of an offer.

    Attributes:
        faits: what is shown of it; once it was reviewed, as `quand` says, only what is contested.
        tous: what would be shown if it had not been.
    """

    cle: str
    nom: str
    url: str
    sert: int
    faits: list[FaitRelu]
    stables: list[FaitRelu]
    tous: list[FaitRelu]
    quand: str
    a_confirmer: bool
    complete: bool


@dataclass
class Carte:
    """One object to review.

    Attributes:
        chemin: établissement, pôle, UF.
        faits, stables: what confirming asserts, and what stays folded.
        complete: nothing is folded this time.
        bloquants, alertes: what the rules say, with the address of the field.
        brouillon: something would be published with it, saved or no longer asked for; `changements` says what.
        a_valider: one may confirm it; otherwise, when `modifiable`, one may prepare it.
        relue: the review under way has seen it already.
        sert: for a lieu, the offers it serves.
        vu: digest of what is published and saved, and which lieux had their facts shown.
    """

    cle: str
    genre: str
    identifiant: str
    nom: str
    finess: str
    chemin: list[parcours.Maillon]
    etat: str
    sorte: str
    quand: str
    url: str
    faits: list[FaitRelu]
    stables: list[FaitRelu]
    complete: bool
    bloquants: list[Manque]
    alertes: list[Manque]
    brouillon: bool
    changements: list[Changement]
    a_valider: bool
    modifiable: bool
    relue: bool
    sert: int = 0
    lieux: list[LieuRelu] = field(default_factory=list)
    vu: str = ""


def cartes(session: Session, acteur: Acteur, cibles: Iterable[Cible], jour: date | None = None) -> dict[str, Carte]:
    """{key of an object: its card} of these offers and lieux, in the order asked; those one may not read are absent.

    The number of queries does not depend on how many, but for what is being changed.
    """
    return des_dossiers(session, acteur, ouvrir_plusieurs(session, acteur, cibles, Geste.LIRE), jour)


def des_dossiers(
    session: Session, acteur: Acteur, ouverts: Mapping[str, Dossier], jour: date | None = None
) -> dict[str, Carte]:
    """The cards of objects that are open already."""
    jour = jour or aujourd_hui()
    anomalies = {cle: ouvert.anomalies() for cle, ouvert in ouverts.items()}
    autour = cartes_autour.lire(session, acteur, ouverts, anomalies, jour)
    return {cle: _carte(session, ouvert, anomalies[cle], autour) for cle, ouvert in ouverts.items()}


# ----------------------------------------------------------------------------- one card


def _carte(session: Session, ouvert: Dossier, anomalies: list[Anomalie], autour: Autour) -> Carte:
    piece, eg = ouvert.principale, ouvert.etablissement
    annotees = gardes.avec(anomalies, piece.cle, autour.gardees)
    dessus = autour.structures.get(piece.objet.organisation_interne_id, []) if est_une_offre(ouvert) else []
    references = {"rattachement": dessus[-1].nom_oi if dessus else nom_de(eg)} if est_une_offre(ouvert) else {}
    complete = tout_est_a_relire(autour.completes.get(piece.cle), autour.jour)
    siennes = [a for a in annotees if not a.objet and a.a_regarder]
    faits, stables = _partager(ouvert, piece, siennes, autour, references, complete)
    etat, quand = etat_de(piece.objet, autour.jour)
    lieux = [_lieu(ouvert, lieu, annotees, autour) for lieu in ouvert.lieux.values()]
    avec = [piece.cle, *(lieu.cle for lieu in lieux if lieu.a_confirmer)]
    change = any(
        p.brouillons or (p.cle in avec and brouillons.differences(p.publiees, p.publiables)) for p in ouvert.pieces
    )
    cible = ouvert.cible
    carte = Carte(
        cle=piece.cle,
        genre=cible.genre,
        identifiant=cible.identifiant,
        nom=nom_de(piece.objet, piece.valeurs),
        finess=eg.num_finess,
        chemin=parcours.chemin_de(*hierarchie.places(eg, dessus), ("", ""))[:-1],
        etat=etat.mot,
        sorte=etat.sorte,
        quand=quand,
        url=parcours.url_objet(cible.genre, cible.identifiant),
        faits=faits,
        stables=stables,
        complete=complete,
        bloquants=[manque(a, cible, lien=ouvert.acces.permet(Geste.MODIFIER)) for a in annotees if a.bloque],
        alertes=[
            manque(a, cible, lien=ouvert.acces.permet(Geste.MODIFIER))
            for a in annotees
            if a.a_regarder and not a.bloque
        ],
        brouillon=change,
        changements=changements_de(session, ouvert, autour.acteur, avec)[0] if change else [],
        a_valider=ouvert.acces.permet(Geste.VALIDER),
        modifiable=ouvert.acces.permet(Geste.MODIFIER),
        relue=not change and vient_d_etre_relu(piece.objet.date_validation, autour.jour),
        sert=0 if est_une_offre(ouvert) else ouvert.usages.get(cible.identifiant, 0),
        lieux=lieux,
    )
    carte.vu = empreinte_lue(ouvert, carte, [lieu.cle for lieu in carte.lieux if not lieu.quand])
    return carte


def _lieu(ouvert: Dossier, piece: Piece, anomalies: list[Anomalie], autour: Autour) -> LieuRelu:
    lieu = piece.objet
    relu = not piece.brouillons and vient_d_etre_relu(lieu.date_validation, autour.jour)
    complete = tout_est_a_relire(autour.completes.get(piece.cle), autour.jour)
    siennes = [a for a in anomalies if a.objet == piece.cle and a.a_regarder]
    lus, stables = _partager(ouvert, piece, siennes, autour, {}, complete)
    return LieuRelu(
        cle=piece.cle,
        nom=nom_de(lieu, piece.valeurs),
        url=parcours.url_lieu(lieu.identifiant, ouvert.cible.identifiant),
        sert=ouvert.usages.get(lieu.identifiant, 0),
        faits=[f for f in lus if f["points"]] if relu else lus,
        stables=[] if relu else stables,
        tous=lus,
        quand=fr(f"Relu le {date_longue(lieu.date_validation)}") if relu else "",
        a_confirmer=not relu and piece.cle in autour.lieux_a_soi,
        complete=complete,
    )


def _partager(
    ouvert: Dossier,
    piece: Piece,
    anomalies: list[Anomalie],
    autour: Autour,
    references: Mapping[str, str],
    complete: bool,
) -> tuple[list[FaitRelu], list[FaitRelu]]:
    """(facts shown, facts folded) of one object."""
    lecteur = Lecteur(ouvert.catalogue, piece.contexte, references, autour.communes, territoire=autour.territoire)
    points: dict[str, list[str]] = {}
    for a in anomalies:
        points.setdefault(_champ_de(piece.classe, a.chemin), []).append(a.texte)
    volatils = a_relire(piece.classe) | autour.souvent.get(piece.cle, set())
    exiges = _exiges(piece)
    publiables = piece.publiables
    montres: list[FaitRelu] = []
    stables: list[FaitRelu] = []
    titre = NOMS[piece.objet.GENRE][0]
    for section in sections_de(piece.classe):
        if not (section.modifiable and est_visible(section, piece.contexte)):
            continue
        for fait in lecteur.faits(piece.classe, section.cle, publiables, piece.publiees):
            nom = fait["champ"]
            lu = FaitRelu(
                **fait,
                section=section.cle,
                modifier=parcours.url_section(piece.objet.GENRE, identifiant_de(piece.objet), section.cle),
                points=points.get(nom, []),
            )
            rempli = bool(fait["lignes"]) or fait["modifie"]
            if nom == titre and not fait["modifie"] and not lu["points"]:
                continue  # the title of the card says it
            attendu = complete or nom in volatils if rempli else nom in exiges
            if attendu or lu["points"] or fait["modifie"]:
                montres.append(lu)
            elif rempli:
                stables.append(lu)
    return montres, stables


def _champ_de(classe: type[SQLModel], chemin: str) -> str:
    """The fact that a path of the form is about: the group, or the field of a part that there is only one of."""
    nom, _, suite = chemin.partition(".")
    groupe = groupes_de(classe).get(nom)
    return suite.partition(".")[2].partition(".")[0] or nom if groupe and groupe.unique else nom


def a_relire(classe: type[SQLModel]) -> set[str]:
    """Names of the facts of a class that its declaration wants on the card."""
    noms = {nom for nom, champ in champs_de(classe).items() if champ.a_relire}
    for nom, groupe in groupes_de(classe).items():
        noms |= {nom} if groupe.a_relire else set()
        if groupe.unique:
            noms |= {n for n, champ in champs_de(groupe.classe).items() if champ.a_relire}
    return noms


def _exiges(piece: Piece) -> set[str]:
    """Names of the fields that must have an answer in this context."""
    champs: dict[str, Champ] = dict(champs_de(piece.classe))
    for groupe in groupes_de(piece.classe).values():
        if groupe.unique and est_visible(groupe, piece.contexte):
            champs |= champs_de(groupe.classe)
    return {nom for nom, champ in champs.items() if est_exige(champ, piece.contexte)}


def lieux_montres(ouvert: Dossier, carte: Carte, vu: str) -> list[str] | None:
    """Keys of the lieux whose facts were shown on the card of this digest; None when the card is another one now.

    Somebody else may have reviewed one of them since, or taken that back: what was read stays what was read.
    """
    rangs = vu.rpartition(".")[2]
    if not (rangs and len(rangs) <= LIEUX_DITS // 4 and set(rangs) <= set("0123456789abcdef")):
        return None
    masque = int(rangs, 16)
    montres = [lieu.cle for rang, lieu in enumerate(carte.lieux) if masque >> rang & 1]
    return montres if vu == empreinte_lue(ouvert, carte, montres) else None


def empreinte_lue(ouvert: Dossier, carte: Carte, montres: Collection[str]) -> str:
    """Digest of a card as it was read; after it the ranks, as a mask, of the lieux (`montres`) whose facts were shown.

    Content, not versions: a date that somebody else refreshed meanwhile changes nothing of what was read.
    """
    faits = [f["champ"] for f in carte.faits]
    des_lieux = [[x.cle, [f["champ"] for f in x.tous]] for x in carte.lieux if x.cle in montres]
    masque = sum(1 << rang for rang, x in enumerate(carte.lieux[:LIEUX_DITS]) if x.cle in montres)
    return f"{empreinte([_contenu(ouvert), faits, des_lieux])[:40]}.{masque:x}"


def _contenu(ouvert: Dossier) -> list[Any]:
    return [
        [
            p.cle,
            {nom: p.publiees.get(nom) for nom in sont_tenus(p.classe)},
            *([s, marque(b.valeurs, b.illisibles)] for s, b in sorted(p.brouillons.items())),
        ]
        for p in ouvert.pieces
    ]


def montres_de(nom: str, faits: Iterable[FaitRelu]) -> list[str]:
    """What a confirmation records as shown: the name, which is the title, and the facts."""
    return list(dict.fromkeys([nom, *(f["champ"] for f in faits)]))


def lus(faits: Iterable[FaitRelu]) -> list[dict[str, Any]]:
    """The facts as they were read, to be kept."""
    return [
        {"champ": f["champ"], "label": f["label"], "texte": [brut for e in f["lignes"] for brut in _textes(e)]}
        for f in faits
    ]


def _textes(ligne: Any) -> list[str]:
    return [t for t in (ligne["texte"], ligne["origine"]) if t]
