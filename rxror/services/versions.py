"""The version of an object: taken in the statement that checks it, so that nobody published in between.

Each has exactly one line of trace, that of the gesture that published it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import tuple_
from sqlmodel import Session, SQLModel, update

from rxror.ror.champs import Champ, Edition, TypeChamp, champs_de, groupes_de
from rxror.ror.erreurs import Conflit
from rxror.ror.objets import OffreOperationnelle
from rxror.services.contenu import LIEUX
from rxror.services.fusion import sans_cles


def passer(session: Session, classe: Any, versions: Sequence[tuple[int, int]], **valeurs: Any) -> None:
    """Write the same columns in several objects, each (id, version) taking its next version.

    Raises:
        Conflit: one of them is no longer at that version.
    """
    requete = (
        update(classe)
        .where(tuple_(classe.id, classe.version).in_(versions))
        .values(**valeurs, version=classe.version + 1)
        .execution_options(synchronize_session="fetch")
    )
    if session.exec(requete).rowcount != len(versions):
        raise Conflit


def sont_tenus(classe: type[SQLModel]) -> list[str]:
    """Fields and groups that a version holds: all but what is worked out and the dates that the system writes."""
    noms = [n for n, champ in champs_de(classe).items() if n in classe.model_fields and not _date_du_systeme(champ)]
    lieux = [LIEUX] if classe is OffreOperationnelle else []
    return [*noms, *groupes_de(classe), *lieux]


def _date_du_systeme(champ: Champ) -> bool:
    return champ.type is TypeChamp.REFERENCE and champ.edition is Edition.SYSTEME


def sans_les_cles(classe: type[SQLModel], nom: str, valeur: Any) -> Any:
    """A value to be compared from one version to another: rows change keys, an empty value has several forms.

    Lieux are read by their names: one that takes another name does not change the offer.
    """
    groupe = groupes_de(classe).get(nom)
    if nom == LIEUX:
        return sorted(valeur or [])
    if groupe:
        return [sans_cles(groupe.classe, ligne) for ligne in valeur or []]
    return None if valeur in ("", []) else valeur


def changements_de(classe: type[SQLModel], avant: Mapping[str, Any], apres: Mapping[str, Any]) -> list[dict[str, Any]]:
    """[{champ, avant, apres}] from one version to another."""
    return [
        {"champ": nom, "avant": avant.get(nom), "apres": apres.get(nom)}
        for nom in sont_tenus(classe)
        if sans_les_cles(classe, nom, avant.get(nom)) != sans_les_cles(classe, nom, apres.get(nom))
    ]


def de_la_creation(classe: type[SQLModel], valeurs: Mapping[str, Any]) -> list[dict[str, Any]]:
    """All that an object holds from its first version."""
    return changements_de(classe, {}, valeurs)
