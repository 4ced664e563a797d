"""What a search field proposes: codes of the very list that its declaration names, in titled packets."""

from typing import TypedDict

from sqlmodel import Session

from rxror.ror.champs import A_RECHERCHE, Champ, Contexte, Groupe, TypeChamp, champs_de, codes_permis
from rxror.ror.erreurs import SaisieInvalide
from rxror.services import communes, lieux, nomenclatures
from rxror.services.acces import Acteur, Cible
from rxror.services.nomenclatures import Proposition, catalogue

COMMUNE = "commune"
LIMITE = 30
TEXTE_MAXIMUM = 80


class Trouve(TypedDict):
    """One proposed code; `rang` makes its id, `pris` says that it is chosen already."""

    cle: str
    libelle: str
    detail: str
    rang: str
    pris: bool


class Paquet(TypedDict):
    """Proposals under one title, which may be empty."""

    titre: str
    rang: str
    codes: list[Trouve]


def champ_cherche(element: Champ | Groupe, chemin: str) -> tuple[Champ, str]:
    """The field that a search fills, and its path.

    Raises:
        SaisieInvalide: nothing is searched there.
    """
    if isinstance(element, Groupe):
        chemin = f"{chemin}.{element.par_recherche}"
        element = champs_de(element.classe).get(element.par_recherche) or Champ("")
    if element.type not in A_RECHERCHE | {TypeChamp.LIEUX}:
        raise SaisieInvalide(chemin[:80])
    return element, chemin


def liste_de(champ: Champ) -> str:
    """Key of the list in the labels of a form."""
    return lieux.LISTE if champ.type is TypeChamp.LIEUX else champ.jdv or COMMUNE


def proposer(
    session: Session,
    acteur: Acteur,
    objet: Cible,
    champ: Champ,
    chemin: str,
    texte: str,
    contexte: Contexte,
    pris: set[str],
) -> list[Paquet]:
    """What the field of an object proposes for a text; without text, what one uses most."""
    if champ.type is TypeChamp.LIEUX:
        return _en_paquets(lieux.proposer(session, acteur, objet, texte, LIMITE), pris)
    if champ.type is TypeChamp.COMMUNE:
        trouvees = communes.chercher_commune(session, texte, LIMITE)
        return _en_paquets([Proposition(c.cle, c.libelle) for c in trouvees], pris)
    return _en_paquets(nomenclatures.proposer(session, acteur, champ, chemin, texte, contexte, LIMITE), pris)


def _en_paquets(propositions: list[Proposition], pris: set[str]) -> list[Paquet]:
    paquets: dict[str, Paquet] = {}
    for rang, p in enumerate(propositions):
        paquet = paquets.setdefault(p.groupe, Paquet(titre=p.groupe, rang=str(len(paquets)), codes=[]))
        paquet["codes"].append(
            Trouve(cle=p.cle, libelle=p.libelle, detail=p.precision, rang=str(rang), pris=p.cle in pris)
        )
    return list(paquets.values())


def combien(paquets: list[Paquet], texte: str) -> str:
    """How many there are, as it is said."""
    n = sum(len(p["codes"]) for p in paquets)
    nom = "résultat" if texte.strip() else "proposition"
    if not n:
        return f"Aucun {nom}." if texte.strip() else ""
    return f"{n} {nom}{'s' if n > 1 else ''}"


def libelle_choisi(session: Session, acteur: Acteur, objet: Cible, champ: Champ, code: str, contexte: Contexte) -> str:
    """Label of a code that one may choose; empty when it has left the list since it was proposed.

    Raises:
        SaisieInvalide: the list never held it.
    """
    if champ.type is TypeChamp.LIEUX:
        return lieux.libelle_de(session, acteur, objet, code)
    if champ.type is TypeChamp.COMMUNE:
        nom = communes.nommer(session, [code]).get(code)
        if nom is None:
            raise SaisieInvalide(code)
        return nom
    listes = catalogue(session)
    permis = codes_permis(champ, contexte)
    if not listes.connu(champ.jdv, code) or (permis and code not in permis):
        raise SaisieInvalide(code)
    return listes.libelle(champ.jdv, code) if listes.actif(champ.jdv, code) else ""
