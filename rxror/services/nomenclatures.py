"""The catalogue of code lists, read once per database and kept for a minute; the search for a code."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from weakref import WeakKeyDictionary

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from rxror.ror.champs import A_CODES, Champ, Contexte, codes_permis
from rxror.ror.dates import a_paris
from rxror.ror.nomenclatures import Catalogue, Code, Concept, VersionNomenclature
from rxror.ror.recherche import sans_accent
from rxror.services import habitudes
from rxror.services.acces import Acteur

FRAICHEUR_SECONDES = 60.0
PROPOSITIONS_MAXIMUM = 100
RECENTS, USUELS = 5, 8  # how many of each are proposed before anything is typed
RECEMMENT, RECENT, USUEL = "Récemment utilisés", "Récemment utilisé", "Usuel"
_catalogues: "WeakKeyDictionary[Engine, tuple[float, Catalogue]]" = WeakKeyDictionary()


def catalogue(session: Session) -> Catalogue:
    """The code lists of the session's database; a newly loaded list shows within a minute, without a restart."""
    moteur = session.get_bind()
    moteur = moteur if isinstance(moteur, Engine) else moteur.engine
    connu = _catalogues.get(moteur)
    if connu and time.monotonic() - connu[0] < FRAICHEUR_SECONDES:
        return connu[1]
    neuf = Catalogue(session.exec(select(Concept).order_by(col(Concept.jdv), col(Concept.rang))))
    _catalogues[moteur] = (time.monotonic(), neuf)
    return neuf


def libelles_d_alors(session: Session, instants: Sequence[datetime]) -> list[dict[tuple[str, str], str]]:
    """For each instant, the labels that codes had then and have no more, {(jdv, cle): label}; one query."""
    if not instants:
        return []
    version = VersionNomenclature
    requete = select(version).where(col(version.charge) > min(map(a_paris, instants)), version.precedente != "")
    suivantes = session.exec(requete.order_by(col(version.id).desc())).all()
    return [_d_alors(suivantes, instant) for instant in instants]


def _d_alors(versions: Sequence[VersionNomenclature], instant: datetime) -> dict[tuple[str, str], str]:
    """Versions are undone one by one, the last one first."""
    return {
        (version.jdv, c["cle"]): c["avant"]
        for version in versions
        if a_paris(version.charge) > a_paris(instant)
        for c in version.changements
        if c["avant"]
    }


def oublier() -> None:
    """Forget the catalogues: the next reader loads them again."""
    _catalogues.clear()


@dataclass(frozen=True)
class Proposition:
    """One code to choose.

    Attributes:
        groupe: heading above it: a group of the list, or why it is proposed first; "" without one.
        precision: what to say beside the label.
    """

    cle: str
    libelle: str
    groupe: str = ""
    precision: str = ""


def proposer(
    session: Session, acteur: Acteur, champ: Champ, nom: str, texte: str, contexte: Contexte, limite: int = 30
) -> list[Proposition]:
    """Codes in force to choose from in a field.

    Without text: those this person chose lately, those usual for such an offer, then the whole list if it is short.
    With text: those it finds, best first, grouped as the list is; what one knows comes first among equals.

    Args:
        nom: attribute of the field, or its path with or without the rows' keys.
        contexte: the object's values, for its champ d'activité and type d'offre, and its modèle de saisie.
        limite: most propositions, 100 at most.
    """
    liste = catalogue(session)
    if champ.type not in A_CODES or champ.jdv not in liste:
        return []
    permis = {c.cle: c for c in liste.choix(champ.jdv, codes_permis(champ, contexte))}
    limite = max(1, min(limite, PROPOSITIONS_MAXIMUM))
    recents = [c for c in habitudes.recents(session, acteur, nom) if c in permis]
    usuels = habitudes.usuels(session, champ, nom, contexte)
    communs = [c for c in usuels.codes if c in permis]
    if not sans_accent(texte):
        return _d_office(permis, recents, usuels.titre, communs, limite)
    familiers = dict.fromkeys(recents, RECENT)
    familiers |= {c: USUEL for c in communs[:USUELS] if c not in familiers}
    rangs = {c: rang for rang, c in enumerate(familiers)}
    trouves = [t for t in liste.trouver(champ.jdv, texte) if t.cle in permis]
    trouves.sort(key=lambda t: (t.niveau, rangs.get(t.cle, len(rangs))))
    return _par_groupe(
        [
            Proposition(t.cle, permis[t.cle].libelle, permis[t.cle].groupe, familiers.get(t.cle, ""))
            for t in trouves[:limite]
        ]
    )


def _d_office(
    permis: dict[str, Code], recents: list[str], titre: str, usuels: list[str], limite: int
) -> list[Proposition]:
    miens = recents[:RECENTS]
    leurs = [c for c in usuels if c not in miens][:USUELS]
    tetes = [(c, RECEMMENT) for c in miens] + [(c, titre) for c in leurs]
    propositions = [Proposition(c, permis[c].libelle, groupe, permis[c].groupe) for c, groupe in tetes]
    if len(permis) <= limite:
        deja = {*miens, *leurs}
        reste = [Proposition(c.cle, c.libelle, c.groupe) for c in permis.values() if c.cle not in deja]
        autres = "Autres réponses" if propositions else ""
        propositions += _par_groupe([p if p.groupe else Proposition(p.cle, p.libelle, autres) for p in reste])
    return propositions[:limite]


def _par_groupe(propositions: list[Proposition]) -> list[Proposition]:
    """The same, each group together, in the order of their first one."""
    rangs: dict[str, int] = {}
    for proposition in propositions:
        rangs.setdefault(proposition.groupe, len(rangs))
    return sorted(propositions, key=lambda p: rangs[p.groupe])
