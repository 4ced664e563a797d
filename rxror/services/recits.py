"""What a line of the trace says, in plain French: which gesture, on what, carried by which other one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, select

from rxror.ror.champs import section_de
from rxror.ror.fermeture import DEFINITIVE
from rxror.ror.finess import points
from rxror.ror.objets import (
    OBJETS,
    EntiteGeographique,
    LieuRealisationOffre,
    OffreOperationnelle,
)
from rxror.ror.reperes import NOMS
from rxror.services.acces import IDENTIFIANTS
from rxror.tables import Action, Trace

CREES = {"offre": "l’offre", "lieu": "le lieu", "structure": "la structure", "etablissement": "l’établissement"}
FERMETURES = (Action.FERMETURE, Action.REOUVERTURE)


@dataclass(frozen=True)
class Alentours:
    """What lines refer to.

    Attributes:
        racines: {gesture: key of the object it was made on}.
        noms: {key of an object: its name}, of the same établissement only.
    """

    racines: Mapping[str, str] = field(default_factory=dict)
    noms: Mapping[str, str] = field(default_factory=dict)

    def nom(self, cle: str, sinon: str) -> str:
        """The name of an object, when one may know it."""
        return self.noms.get(cle) or sinon


def alentours(session: Session, eg: EntiteGeographique, lignes: Iterable[Trace]) -> Alentours:
    """What these lines refer to, in four queries at most."""
    lignes = list(lignes)
    suivies = {
        t.resultat["geste"] for t in lignes if t.action in FERMETURES and t.cle is None and "geste" in t.resultat
    }
    requete = select(Trace.cle, Trace.objet).where(col(Trace.cle).in_(suivies))
    racines = {cle: objet for cle, objet in session.exec(requete) if cle} if suivies else {}
    cites = {
        *racines.values(),
        *(t.resultat.get(nom) for t in lignes for nom in ("avec", "venu_de", "separe_de", "vers")),
    }
    cites |= {f"{OffreOperationnelle.GENRE}:{t.resultat['copie_de']}" for t in lignes if t.resultat.get("copie_de")}
    return Alentours(racines, noms_de(session, eg, {c for c in cites if c}))


def noms_de(session: Session, eg: EntiteGeographique, cles: Iterable[str]) -> dict[str, str]:
    """{key of an object: its name}, of those of an établissement but itself; one query for each kind."""
    par_genre: dict[str, set[str]] = {}
    for genre, _, identifiant in (cle.partition(":") for cle in cles):
        par_genre.setdefault(genre, set()).add(identifiant)
    noms: dict[str, str] = {}
    for genre in par_genre.keys() & NOMS.keys() - {EntiteGeographique.GENRE}:
        classe: Any = OBJETS[genre]
        numero = IDENTIFIANTS[genre]
        requete = sa.select(numero, getattr(classe, NOMS[genre][-1]))
        requete = requete.where(numero.in_(par_genre[genre]), col(classe.entite_geographique_id) == eg.id)
        noms |= {f"{genre}:{identifiant}": nom for identifiant, nom in session.execute(requete)}
    return noms


def auteur(trace: Trace) -> str:
    """Who did it; a source, for what no person did."""
    return trace.nom or "Quelqu’un"


def titre_de(classe: type[SQLModel], cle: str) -> str:
    """The title of a section; its key, when the model no longer has it."""
    section = section_de(classe, cle)
    return section.titre if section else cle


def raconter(trace: Trace, classe: type[SQLModel], autour: Alentours) -> str:
    """The gesture, after the name of who did it: « a validé », « a enregistré Contacts »."""
    dire = PHRASES.get(trace.action)
    return dire(trace, classe, autour) if dire else f"a laissé une ligne « {trace.action.value} »"


def _brouillon(trace: Trace, classe: type[SQLModel], autour: Alentours) -> str:
    titre, resultat = titre_de(classe, trace.section), trace.resultat
    if "venu_de" in resultat:
        return f"a donné à {titre} les réponses de {autour.nom(resultat['venu_de'], 'une autre offre')}"
    if "copie_de" in resultat:
        return f"a copié {titre} de {_copiee(resultat['copie_de'], autour)}"
    if "proposition" in resultat:
        return f"a accepté pour {titre} une proposition de {resultat.get('propose_par', '')}"
    if "correction" in resultat:
        return f"a corrigé {titre} en un geste"
    if "cellule" in resultat:
        return f"a enregistré {titre} depuis la grille du site"
    if resultat.get("attente") and not trace.changements:
        return f"a saisi dans {titre} une réponse mise à part"
    return f"a enregistré {titre}"


def _copiee(identifiant: str, autour: Alentours) -> str:
    return autour.nom(f"{OffreOperationnelle.GENRE}:{identifiant}", "une autre offre")


def _creation(trace: Trace, classe: Any, autour: Alentours) -> str:
    if "separe_de" in trace.resultat:
        return f"a créé le lieu, séparé de {autour.nom(trace.resultat['separe_de'], 'un autre')}"
    if "copie_de" in trace.resultat:
        return f"a créé l’offre, copiée de {_copiee(trace.resultat['copie_de'], autour)}"
    return f"a créé {CREES.get(classe.GENRE, '')}"


def _separation(trace: Trace, classe: Any, autour: Alentours) -> str:
    copie = autour.nom(trace.resultat.get("vers", ""), "un autre lieu")
    if classe is LieuRealisationOffre:
        donne = ", avec ce qui s’y compte" if trace.version_apres else ""
        return f"a séparé ce lieu : des offres prennent {copie}{donne}"
    return f"a séparé le lieu {autour.nom(trace.resultat.get('separe_de', ''), 'partagé')} : l’offre prend {copie}"


def _validation(trace: Trace, _: type[SQLModel], autour: Alentours) -> str:
    avec = trace.resultat.get("avec")
    return f"a validé, avec l’offre {autour.nom(avec, 'qu’il sert')}" if avec else "a validé"


def _confirmation(trace: Trace, _: type[SQLModel], autour: Alentours) -> str:
    avec = trace.resultat.get("avec")
    offre = f", avec l’offre {autour.nom(avec, 'qu’il sert')}" if avec else ""
    return f"a confirmé que rien n’a changé{offre}"


def _fermeture(trace: Trace, classe: Any, autour: Alentours) -> str:
    entrainee = _entrainee(trace, autour)
    if classe is LieuRealisationOffre:
        return f"a mis à 0 les lits et places disponibles{entrainee}"
    types = [c["apres"] for c in trace.changements if c["champ"] == "type_fermeture" and c["apres"]]
    sorte = {True: "définitivement", False: "provisoirement"}[types[0] == DEFINITIVE] if types else ""
    return " ".join(mot for mot in ("a fermé", sorte) if mot) + entrainee


def _entrainee(trace: Trace, autour: Alentours) -> str:
    racine = autour.racines.get(trace.resultat.get("geste", ""))
    return f", avec {autour.nom(racine, 'ce qui est au-dessus')}" if racine and trace.cle is None else ""


def _import(trace: Trace, classe: Any, _: Alentours) -> str:
    cree = "créé" if classe in (EntiteGeographique, LieuRealisationOffre) else "créée"
    return f": {cree}" if trace.version_avant is None else ": mise à jour"


def _finess(trace: Trace, _: type[SQLModel], __: Alentours) -> str:
    point = points().get(trace.resultat.get("point", ""))
    return f"a pris la valeur FINESS : {point.label}" if point else "a pris une valeur FINESS"


def _reprise(trace: Trace, classe: type[SQLModel], _: Alentours) -> str:
    titre, version = titre_de(classe, trace.section), trace.resultat.get("reprise_de", "?")
    return f"a repris {titre} de la version {version}, en brouillon"


PHRASES: dict[Action, Any] = {
    Action.CREATION: _creation,
    Action.BROUILLON: _brouillon,
    Action.ABANDON: lambda t, c, _: f"a abandonné le brouillon de {titre_de(c, t.section)}",
    Action.ARBITRAGE: lambda t, c, _: f"a choisi entre des réponses qui se contredisaient : {titre_de(c, t.section)}",
    Action.VALIDATION: _validation,
    Action.MODELE: lambda t, c, _: f"a pris le modèle de saisie {t.resultat.get('reference', '')}",
    Action.FERMETURE: _fermeture,
    Action.REOUVERTURE: lambda t, c, autour: f"a rouvert{_entrainee(t, autour)}",
    Action.SEPARATION: _separation,
    Action.GARDE: lambda t, c, _: "a gardé une alerte, avec un motif",
    Action.REPRISE: lambda t, c, _: "ne garde plus une alerte",
    Action.IMPORT: _import,
    Action.FINESS: _finess,
    Action.RESTAURATION: _reprise,
    Action.DEMANDE: lambda t, c, _: (
        "a retiré sa demande de validation" if t.resultat.get("retiree") else "a demandé la validation"
    ),
    Action.RENVOI: lambda t, c, _: "a renvoyé la demande de validation, avec un mot",
    Action.PURGE: lambda t, c, _: f": brouillon de {titre_de(c, t.section)} supprimé, laissé longtemps sans changement",
    Action.CONFIRMATION: _confirmation,
    Action.PREVISION: lambda t, c, _: (
        ("a retiré une fermeture prévue : " if t.resultat.get("retiree") else "a prévu une fermeture : ")
        + str(t.resultat.get("phrase", ""))
    ),
    Action.DEDIT: lambda t, c, _: "est revenu sur sa confirmation : la date d’avant est rétablie",
    Action.ANNULATION: lambda t, c, _: f"a annulé son enregistrement de {titre_de(c, t.section)}",
    Action.CONFIER: lambda t, c, _: f"a confié {titre_de(c, t.section)} à {t.resultat.get('destinataire', '')}",
    Action.RETRAIT: lambda t, c, _: (
        f"a retiré le lien confié à {t.resultat.get('destinataire', '')} pour {titre_de(c, t.section)}"
    ),
    Action.PROPOSITION: lambda t, c, _: (
        f"a répondu pour {titre_de(c, t.section)}, par le lien confié par {t.resultat.get('donneur', '')}"
    ),
    Action.ATTESTATION: lambda t, c, _: f"a établi l’attestation de mise à jour {t.resultat.get('code', '')}",
    Action.EXAMEN: lambda t, c, _: (
        f"a refusé pour {titre_de(c, t.section)} une proposition de {t.resultat.get('propose_par', '')}"
    ),
}
