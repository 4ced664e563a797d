"""« Prendre la version suivante »: an object made with a modèle de saisie moves to a later version of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Annotated, Any
from uuid import UUID

from pydantic import StringConstraints
from sqlmodel import Session, SQLModel

from rxror.ror.champs import Champ, Contexte, Groupe, champs_de, codes_permis, groupes_de
from rxror.ror.erreurs import Conflit
from rxror.ror.modeles import ModeleSaisie
from rxror.ror.nomenclatures import Catalogue
from rxror.ror.typographie import fr
from rxror.services import modeles
from rxror.services.acces import Acteur, Cible, Geste, exiger
from rxror.services.demande import Demande
from rxror.services.tracer import deja_fait, tracer
from rxror.services.versions import passer
from rxror.tables import Action


@dataclass(frozen=True)
class Evolution:
    """What a later version of its modèle would change for an object.

    Attributes:
        actuelle: reference the object has, « MS-141|1 ».
        reference: the one it may take.
        version: its number, as said.
        changements: what appears, what is hidden, what is asked, what is no longer among the answers; one line each.
    """

    actuelle: str
    reference: str
    version: str
    changements: list[str] = field(default_factory=list)

    @property
    def titre(self) -> str:
        """The news, in one sentence."""
        return fr(f"Une version plus récente existe : {self.reference}")


class DemandeVersion(Demande):
    """One « Prendre la version », with its whole context: `reference` is what the page showed."""

    reference: Annotated[str, StringConstraints(max_length=40)]
    cle: UUID


def evolution(session: Session, objet: Any, contexte: Contexte, listes: Catalogue) -> Evolution | None:
    """What the last active version of the object's modèle would change; None when it has the last one, or none.

    Args:
        contexte: its values, as one sees them.
    """
    if not objet.modele_saisie:
        return None
    nouveau = modeles.modeles(session).plus_recent(objet.modele_saisie)
    if nouveau is None:
        return None
    ancien = modeles.de(session, objet)
    changements = list(_changements(ancien, nouveau, contexte, listes))
    return Evolution(objet.modele_saisie, nouveau.reference, nouveau.version, changements)


def prendre(session: Session, acteur: Acteur, demande: DemandeVersion) -> str:
    """Give an object the version of its modèle that its page showed; return its reference.

    No value changes: what the new version hides is no longer published at the next « Valider ».

    Raises:
        AccesRefuse: no right to edit the object.
        Conflit: another version was published or taken since the page was shown.
        SaisieInvalide: `cle` was used by another gesture.
    """
    cible = Cible(demande.genre, demande.identifiant)
    acces = exiger(session, acteur, cible, Geste.MODIFIER)
    if deja := deja_fait(session, acteur, demande.cle, objet=cible.cle, action=Action.MODELE):
        return str(deja.resultat["reference"])
    objet = acces.objet
    nouveau = modeles.modeles(session).plus_recent(objet.modele_saisie)
    if nouveau is None or nouveau.reference != demande.reference or nouveau.objet != objet.GENRE:
        raise Conflit
    avant, version = objet.modele_saisie, objet.version
    passer(session, type(objet), [(objet.id, version)], modele_saisie=nouveau.reference)
    tracer(
        session,
        acteur,
        Action.MODELE,
        acces.etablissement.num_finess,
        cible.cle,
        changements=[{"champ": "modele_saisie", "avant": avant, "apres": nouveau.reference}],
        cle=str(demande.cle),
        version_avant=version,
        version_apres=version + 1,
        resultat={"reference": nouveau.reference},
    )
    return nouveau.reference


def _changements(
    ancien: ModeleSaisie | None, nouveau: ModeleSaisie, contexte: Contexte, listes: Catalogue
) -> Iterator[str]:
    """What appears and what leaves in one line each, then what is asked, lost or no longer proposed."""
    venus: list[str] = []
    partis: list[str] = []
    suites: list[str] = []
    for element, nom, valeurs in _elements(nouveau, nouveau.classe, [contexte.valeurs], contexte):
        avant, apres = (_montre(modele, element, contexte) for modele in (ancien, nouveau))
        if apres and not avant:
            venus.append(nom)
        elif avant and not apres:
            partis.append(nom)
            if any(v not in (None, "", []) for v in valeurs):
                suites.append(fr(f"Ce qui est écrit dans « {nom} » ne sera plus publié."))
        if not apres or not isinstance(element, Champ):
            continue
        if nouveau.demande(element) and not (element.obligatoire or (ancien and ancien.demande(element))):
            suites.append(fr(f"Réponse demandée : {nom}."))
        for code in _codes_hors(element, ancien, nouveau, contexte, valeurs):
            suites.append(fr(f"Ne sera plus proposé dans « {nom} » : {listes.libelle(element.jdv, code)}."))
    for verbe, noms in (("Apparaît", venus), ("Disparaît", partis)):
        if noms:
            yield fr(f"{verbe} : {', '.join(noms)}.")
    yield from map(fr, suites)


def _elements(
    nouveau: ModeleSaisie, classe: type[SQLModel], lignes: list[Any], contexte: Contexte, debut: str = ""
) -> Iterator[tuple[Champ | Groupe, str, list[Any]]]:
    """(field or group, its name, the values it holds) of an object, then of the rows of its groups that are shown."""
    for nom, champ in champs_de(classe).items():
        yield champ, debut + champ.label, [ligne.get(nom) for ligne in lignes]
    for nom, groupe in groupes_de(classe).items():
        yield groupe, debut + groupe.label, [ligne.get(nom) for ligne in lignes]
        if _montre(nouveau, groupe, contexte):
            dessous = [sous for ligne in lignes for sous in ligne.get(nom) or []]
            suite = f"{groupe.label}, " if groupe.label else debut
            yield from _elements(nouveau, groupe.classe, dessous, contexte, suite)


def _montre(modele: ModeleSaisie | None, element: Champ | Groupe, contexte: Contexte) -> bool:
    voulu = modele.visible(element) if modele else None
    if voulu is not None:
        return voulu
    return element.visible_si is None or element.visible_si(contexte)


def _codes_hors(
    champ: Champ, ancien: ModeleSaisie | None, nouveau: ModeleSaisie, contexte: Contexte, valeurs: list[Any]
) -> list[str]:
    """Codes held, that the old version allowed and the new one does not."""
    if not champ.jdv:
        return []
    permis, avant = (codes_permis(champ, _avec(contexte, modele)) for modele in (nouveau, ancien))
    tenus = [c for v in valeurs for c in (v if isinstance(v, list) else [v]) if c]
    return [c for c in dict.fromkeys(tenus) if permis and c not in permis and (not avant or c in avant)]


def _avec(contexte: Contexte, modele: ModeleSaisie | None) -> Contexte:
    return Contexte(contexte.valeurs, contexte.categorie, modele)
