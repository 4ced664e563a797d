"""« Comparer et choisir »: parts of a section that two people changed; what is chosen is kept, the rest told.

Nobody wins by default. What is set aside stays in the trace, with its author and its time.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, StringConstraints
from sqlmodel import Session

from rxror.ror.champs import champs_de, groupes_de
from rxror.ror.erreurs import Conflit
from rxror.ror.reperes import nom_de
from rxror.ror.saisie import Lecture
from rxror.services import brouillons, conflits, hierarchie
from rxror.services.acces import Acteur, Cible
from rxror.services.demande import Demande, NomDeSection
from rxror.services.fusion import ABSENTE, Partie, avec_la_partie, parties_de, sha
from rxror.services.section_ouverte import Ouvert, auteurs_des_parties, charger_section, ecrire_la_section
from rxror.services.tracer import deja_fait, tracer
from rxror.tables import Action, Differend

CHOIX_MAXIMUM = 100  # shown at once; the next ones come once these are made
RETIREE = "retiree"  # code of a version where the part is not there
Code = Annotated[str, StringConstraints(max_length=200)]


class Decision(Demande):
    """« Enregistrer mes choix », with its whole context.

    Attributes:
        vu: {part: digest of what was shown of it}.
        choix: {part: code of the version to keep}.
    """

    section: NomDeSection
    cle: UUID
    vu: dict[Code, Code] = Field(max_length=CHOIX_MAXIMUM)
    choix: dict[Code, Code] = Field(max_length=CHOIX_MAXIMUM)


@dataclass(frozen=True)
class Version:
    """One answer among those that contradict each other.

    Attributes:
        sorte: "mienne", "leur" (what is kept now) or "publiee".
        auteur_id: 0 for what was published.
    """

    sorte: str
    partie: Partie
    auteur_id: int
    auteur: str
    instant: datetime | None

    @property
    def code(self) -> str:
        """What the page sends to choose it: the same for the same answer, whoever gave it."""
        return self.partie.empreinte or RETIREE


@dataclass
class Dispute:
    """One part to choose.

    Attributes:
        cle: its key in what is kept.
        versions: one for each different answer, mine first.
        sources: where mine waits, [(row, key of the part on its page)].
    """

    champ: str
    cle: str
    versions: list[Version] = field(default_factory=list)
    sources: list[tuple[Differend, str]] = field(default_factory=list)

    @property
    def nom(self) -> str:
        """How the page calls it."""
        return f"{self.champ}.{self.cle}"

    @property
    def vu(self) -> str:
        """Digest of what is shown of it."""
        return sha([[v.sorte, v.code, v.auteur_id] for v in self.versions])

    @property
    def vaine(self) -> bool:
        """Everybody answers the same by now."""
        return all(v.sorte != "mienne" for v in self.versions)


@dataclass(frozen=True)
class Arbitrage:
    """What the page shows, before it is put in words."""

    ouvert: Ouvert
    nom: str
    chemin: list[tuple[str, str]]
    disputes: list[Dispute]
    vaines: bool


def ouvrir(session: Session, acteur: Acteur, cible: Cible, section: str) -> Arbitrage:
    """What this person has to choose in a section. Writes nothing.

    Raises:
        AccesRefuse: no right to edit the object, or no such section.
        ObjetFerme: it is closed for good.
    """
    ouvert = charger_section(session, acteur, cible, section)
    trouvees = _disputes(session, acteur, ouvert)
    reelles = [d for d in trouvees if not d.vaine]
    return Arbitrage(
        ouvert,
        nom_de(ouvert.acces.objet),
        hierarchie.chemin(session, ouvert.acces),
        reelles[:CHOIX_MAXIMUM],
        len(reelles) < len(trouvees),
    )


def ranger(session: Session, acteur: Acteur, cible: Cible, section: str) -> None:
    """Erase what waits for nothing: its author and the others have come to the same answer.

    Raises:
        AccesRefuse: no right to edit the object, or no such section.
    """
    ouvert = charger_section(session, acteur, cible, section)
    trouvees = _disputes(session, acteur, ouvert, ecrire=True)
    _trancher(session, [(d, d.versions[0].code) for d in trouvees if d.vaine])


def trancher(session: Session, acteur: Acteur, decision: Decision) -> dict[str, str]:
    """Keep what was chosen, in one save with one line of trace that also holds what is set aside.

    Returns:
        {part: sentence} of those without an answer: nothing was written. Empty: it is done.

    Raises:
        AccesRefuse: no right to edit the object, or no such section.
        SaisieInvalide: `cle` was used by another gesture.
        Conflit: one of the parts changed since it was shown, or was chosen elsewhere; nothing is written.
    """
    cible, section = decision.cible, decision.section
    ouvert = charger_section(session, acteur, cible, section)
    if deja_fait(session, acteur, decision.cle, action=Action.ARBITRAGE, objet=cible.cle, section=section):
        return {}
    connues = {d.nom: d for d in _disputes(session, acteur, ouvert, ecrire=True) if not d.vaine}
    if not decision.vu or any(nom not in connues or connues[nom].vu != vu for nom, vu in decision.vu.items()):
        raise Conflit
    choisies = [(connues[nom], decision.choix.get(nom, "")) for nom in decision.vu]
    if manquent := {d.nom: "Choisissez une réponse." for d, code in choisies if _version(d, code) is None}:
        return manquent
    _ecrire(session, acteur, ouvert, decision, choisies)
    _trancher(session, choisies)
    return {}


def _ecrire(
    session: Session, acteur: Acteur, ouvert: Ouvert, decision: Decision, choisies: list[tuple[Dispute, str]]
) -> None:
    gardees, lecture, maintenant = ouvert.gardees, ouvert.gardees, datetime.now(UTC)
    for dispute, code in choisies:
        version = _version(dispute, code)
        if version and version.sorte != "leur":
            lecture = avec_la_partie(ouvert.classe, dispute.champ, dispute.cle, version.partie, lecture)
    changements = brouillons.differences(gardees.valeurs, lecture.valeurs)
    if changements or lecture.illisibles != gardees.illisibles:
        ecrire_la_section(session, acteur, ouvert, lecture, changements, maintenant)
    tracer(
        session,
        acteur,
        Action.ARBITRAGE,
        ouvert.acces.etablissement.num_finess,
        decision.cible.cle,
        section=decision.section,
        changements=changements,
        cle=str(decision.cle),
        resultat={"choix": [_dit(dispute, code) for dispute, code in choisies]},
    )


def _dit(dispute: Dispute, code: str) -> dict[str, Any]:
    """A choice, for the history: what was kept, what was set aside."""
    garde = _version(dispute, code)
    return {
        "champ": dispute.champ,
        "cle": dispute.cle,
        "garde": _reponse(garde) if garde else {},
        "ecartees": [_reponse(v) for v in dispute.versions if v.code != code and v.sorte != "publiee"],
    }


def _reponse(version: Version) -> dict[str, Any]:
    return {
        "valeur": version.partie.valeur,
        "illisibles": dict(version.partie.illisibles),
        "auteur": version.auteur,
        "instant": version.instant.isoformat() if version.instant else "",
    }


def _version(dispute: Dispute, code: str) -> Version | None:
    return next((v for v in dispute.versions if v.code == code), None)


def _trancher(session: Session, choisies: Iterable[tuple[Dispute, str]]) -> None:
    par_page: dict[int, tuple[Differend, dict[tuple[str, str], str]]] = {}
    for dispute, code in choisies:
        for differend, cle in dispute.sources:
            _, siennes = par_page.setdefault(id(differend), (differend, {}))
            siennes[dispute.champ, cle] = "" if code == RETIREE else code
    for differend, siennes in par_page.values():
        conflits.trancher(session, differend, siennes)


# ------------------------------------------------------------------------ what contradicts


def _disputes(session: Session, acteur: Acteur, ouvert: Ouvert, *, ecrire: bool = False) -> list[Dispute]:
    """In the order of the form; the answers of several pages of this person about one part together."""
    gardees, publiees = ouvert.gardees, Lecture(valeurs=dict(ouvert.publiees))
    noms = [*groupes_de(ouvert.classe, ouvert.section.cle), *champs_de(ouvert.classe, ouvert.section.cle)]
    trouvees: dict[tuple[str, str], Dispute] = {}
    for differend in conflits.de(session, acteur, ouvert.cible.cle, ouvert.section.cle, ecrire=ecrire):
        for nom in (n for n in noms if n in differend.parties):
            parties = parties_de(ouvert.classe, nom, gardees)
            for cle, retenue in differend.parties[nom].items():
                leur_cle = _retrouver(retenue, parties)
                dispute = trouvees.setdefault((nom, leur_cle), Dispute(nom, leur_cle))
                dispute.sources.append((differend, cle))
                instant = datetime.fromisoformat(retenue["instant"])
                sienne = Version("mienne", conflits.partie_de(retenue), acteur.id, acteur.nom, instant)
                _ajouter(dispute, sienne)
    auteurs = auteurs_des_parties(session, ouvert, trouvees)
    for (nom, cle), dispute in trouvees.items():
        publiee = parties_de(ouvert.classe, nom, publiees).get(cle, ABSENTE)
        leur = parties_de(ouvert.classe, nom, gardees).get(cle, ABSENTE)
        objet = ouvert.acces.objet
        publie = (0, objet.validateur or "", objet.date_validation)
        tenue = Version("leur", leur, *(publie if leur.empreinte == publiee.empreinte else auteurs[nom, cle]))
        dispute.versions = [*(v for v in dispute.versions if v.code != tenue.code), tenue]
        if publiee.empreinte or nom not in groupes_de(ouvert.classe):
            _ajouter(dispute, Version("publiee", publiee, *publie))
    rang = {nom: i for i, nom in enumerate(noms)}
    return sorted(trouvees.values(), key=lambda d: rang[d.champ])


def _ajouter(dispute: Dispute, version: Version) -> None:
    """One card for each different answer; typed again in another tab, the latest one stands."""
    meme = next((v for v in dispute.versions if v.code == version.code), None)
    if meme is None:
        dispute.versions.append(version)
    elif meme.sorte == version.sorte == "mienne":
        dispute.versions[dispute.versions.index(meme)] = version


def _retrouver(retenue: Mapping[str, Any], parties: Mapping[str, Partie]) -> str:
    """Key by now of what was kept instead: a publication gives rows another one."""
    leur_cle, leur = retenue["leur_cle"], retenue["leur"]
    if leur_cle in parties or not leur:
        return leur_cle
    return next((cle for cle, p in parties.items() if p.empreinte == leur), leur_cle)
