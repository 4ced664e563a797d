"""Two published versions of one object, side by side: only what differs, by section."""

from dataclasses import dataclass

from sqlmodel import Session

from rxror.ror import parcours
from rxror.ror.erreurs import SaisieInvalide
from rxror.ror.reperes import nom_de
from rxror.services import ecarts, hierarchie, reconstitution
from rxror.services.acces import Acteur, Cible, Geste, exiger
from rxror.services.changements import Changement
from rxror.services.historique import Choix
from rxror.services.reconstitution import LISTEES, Version


@dataclass
class Comparaison:
    """What the page shows. `manque` says why two versions cannot be compared; `limite`, which are not listed."""

    nom: str
    chemin: list[tuple[str, str]]
    retour: str
    avec_uf: bool
    versions: list[Choix]
    de: str
    a: str
    nom_de: str = ""
    nom_a: str = ""
    changements: list[Changement] | None = None
    manque: str = ""
    reprendre: str = ""
    limite: str = ""


def comparer(session: Session, acteur: Acteur, cible: Cible, de: int = 0, a: int = 0) -> Comparaison:
    """Compare two versions of an object; by default, the present one and the one before.

    Raises:
        AccesRefuse: no right to read the object.
    """
    acces = exiger(session, acteur, cible, Geste.LIRE)
    objet, classe = acces.objet, type(acces.objet)
    a = a or objet.version
    de = de or max(1, a - 1)
    connues = reconstitution.versions(session, cible.cle, objet.version)
    numeros = {v.numero for v in connues}
    retour = parcours.url_historique(cible.genre, cible.identifiant)
    vue = Comparaison(
        nom=nom_de(objet),
        chemin=[*hierarchie.jusqu_a(session, acces, cible), ("Historique", retour)],
        retour=retour,
        avec_uf=acces.etablissement.sanitaire,
        versions=[Choix(cle=str(v.numero), nom=v.nom) for v in _avec(connues, numeros, de, a)],
        de=str(de),
        a=str(a),
        nom_de=_nom(connues, de),
        nom_a=_nom(connues, a),
        limite=_limite(connues),
    )
    try:
        lues = reconstitution.valeurs_de_chacune(session, objet, cible.cle, [de, a])
    except SaisieInvalide:
        vue.manque = "Cette version n’a plus de trace ici : choisissez-en une autre dans la liste."
        return vue
    (vue.changements,) = ecarts.relever(session, classe, acces.etablissement.categorie_eg, [(lues[de], lues[a])])
    passee = min(de, a)
    if acces.permet(Geste.MODIFIER) and passee < objet.version:
        vue.reprendre = f"{parcours.url_reprendre(cible.genre, cible.identifiant)}?version={passee}"
    return vue


def _avec(connues: list[Version], numeros: set[int], *choisies: int) -> list[Version]:
    """The listed versions, with those that are shown though they are older."""
    autres = [Version(n) for n in sorted(set(choisies) - numeros, reverse=True)]
    return connues + [Version(v.numero, par="hors de cette liste") for v in autres]


def _nom(connues: list[Version], numero: int) -> str:
    return next((v.nom for v in connues if v.numero == numero), f"Version {numero}")


def _limite(connues: list[Version]) -> str:
    if len(connues) < LISTEES:
        return ""
    return f"La liste propose les {LISTEES} dernières versions. Les autres se comparent depuis l’historique."
