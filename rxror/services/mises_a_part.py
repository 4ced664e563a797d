"""The answers that a line of the trace tells and that were not kept: waiting, set aside, refused, given up."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import SQLModel

from rxror.ror.champs import EN_LISTE, Champ, Groupe, groupes_de
from rxror.ror.dates import quand
from rxror.ror.lecture import NON_RENSEIGNE, Lecteur, Ligne, une_ligne
from rxror.ror.typographie import fr
from rxror.services.changements import Changement
from rxror.services.fusion import TEXTE
from rxror.services.parties import RETIRE, element_de_la_partie, textes_illisibles
from rxror.tables import Action, Trace

REFUSEE = "Refusée"
EN_ATTENTE = fr("Mise à part : quelqu’un avait changé la même chose")
ABANDONNEE = "Abandonnée"
Partie = Mapping[str, Any]  # {champ, cle, valeur, illisibles}, as the trace holds it


def valeurs(classe: type[SQLModel], lignes: Iterable[Trace]) -> list[dict[str, Any]]:
    """What these lines tell beside their changes, as values of the object: for what it takes to read them."""
    return [
        {partie["champ"]: _rangees(classe, partie)}
        for trace in lignes
        for partie in (*_en_attente([trace]), *_refusees(trace), *(e for c in _choix(trace) for e in c["ecartees"]))
        if partie["cle"] != TEXTE
    ]


def _rangees(classe: type[SQLModel], partie: Partie) -> list[Any]:
    groupe = groupes_de(classe).get(partie["champ"])
    return [{partie["cle"]: partie["valeur"]}] if groupe and groupe.unique else _en_liste(partie["valeur"])


def lire(lecteur: Lecteur, classe: type[SQLModel], lignes: Sequence[Trace]) -> list[Changement]:
    """What was not kept in these lines, newest first; typed on and on, an answer is told as it was last."""
    note = ABANDONNEE if lignes[0].action is Action.ABANDON else EN_ATTENTE
    attendues = [_changement(lecteur, classe, p, note, apres=True) for p in _en_attente(lignes)]
    refusees = [_changement(lecteur, classe, p, REFUSEE, apres=True) for t in lignes for p in _refusees(t)]
    return [*attendues, *refusees] + [
        _changement(lecteur, classe, ecartee, _de_qui(ecartee), apres=False)
        for trace in lignes
        for choix in _choix(trace)
        for ecartee in choix["ecartees"]
    ]


def _en_attente(lignes: Sequence[Trace]) -> list[Partie]:
    dernieres: dict[tuple[str, str], Partie] = {}
    for trace in lignes:
        for partie in trace.resultat.get("attente") or []:
            dernieres.setdefault((partie["champ"], partie["cle"]), partie)
    return list(dernieres.values())


def _refusees(trace: Trace) -> list[Partie]:
    """What was proposed by a personal link, and not taken."""
    return list(trace.resultat.get("refusees") or [])


def _choix(trace: Trace) -> list[dict[str, Any]]:
    """Each choice of a line; what was set aside has the field of its choice."""
    return [
        {**choix, "ecartees": [{**e, "champ": choix["champ"], "cle": choix["cle"]} for e in choix["ecartees"]]}
        for choix in trace.resultat.get("choix") or []
    ]


def _de_qui(ecartee: Partie) -> str:
    qui = f" la réponse de {ecartee['auteur']}" if ecartee.get("auteur") else ""
    a_quelle_heure = f", {quand(datetime.fromisoformat(ecartee['instant']))}" if ecartee.get("instant") else ""
    return fr(f"Écartée{' :' if qui else ''}{qui}{a_quelle_heure}")


def _changement(lecteur: Lecteur, classe: type[SQLModel], partie: Partie, note: str, *, apres: bool) -> Changement:
    element = element_de_la_partie(classe, partie["champ"], partie["cle"])
    lues = _lignes(lecteur, element, partie)
    label = element.label if element else partie["champ"]
    return Changement(champ=label, ou="", avant=[] if apres else lues, apres=lues if apres else [], note=note)


def _lignes(lecteur: Lecteur, element: Champ | Groupe | None, partie: Partie) -> list[Ligne]:
    textes = textes_illisibles(partie.get("illisibles") or {}, "Illisible")
    valeur = partie["valeur"]
    if isinstance(element, Champ):
        return textes or _reponse(lecteur, element, partie)
    rangees = [e for e in _en_liste(valeur) if isinstance(e, dict)]
    if element is None or not rangees:
        return textes or [une_ligne(str(valeur) if valeur else RETIRE)]
    return [*lecteur.resumes(element, rangees), *textes]


def _reponse(lecteur: Lecteur, champ: Champ, partie: Partie) -> list[Ligne]:
    """An answer; of a list, one code, which may have been taken out."""
    retire = champ.type in EN_LISTE and partie["valeur"] is None
    lues = lecteur.lignes(champ, partie["champ"], _en_liste(partie["cle"] if retire else partie["valeur"]))
    return [{**ligne, "origine": RETIRE} for ligne in lues] if retire else lues or [une_ligne(NON_RENSEIGNE)]


def _en_liste(valeur: Any) -> list[Any]:
    return valeur if isinstance(valeur, list) else [valeur] if valeur not in (None, "") else []
