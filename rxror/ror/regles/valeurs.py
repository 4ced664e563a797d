"""Values as the rules see them: each of its kind, or empty. Kept values are JSON and may be partial."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlmodel import SQLModel

from rxror.ror.champs import Champ, TypeChamp, champs_de, groupes_de
from rxror.ror.saisie import Valeurs, vide


def nettes(classe: type[SQLModel], valeurs: Mapping[str, Any]) -> Valeurs:
    """The same values, where what is not of its kind is empty and every row has a key."""
    nettes_: Valeurs = {n: _nette(c, valeurs[n]) for n, c in champs_de(classe).items() if n in valeurs}
    for nom, groupe in groupes_de(classe).items():
        nettes_[nom] = [
            {"cle": str(ligne.get("cle") or rang), **nettes(groupe.classe, ligne)}
            for rang, ligne in enumerate(_liste(valeurs.get(nom)))
            if isinstance(ligne, Mapping)
        ]
    return nettes_


def _liste(valeur: Any) -> list[Any]:
    return valeur if isinstance(valeur, list) else []


def _nette(champ: Champ, valeur: Any) -> Any:
    if isinstance(vide(champ), list):
        return [code for code in _liste(valeur) if isinstance(code, str)]
    if champ.type is TypeChamp.OUI_NON:
        return valeur if isinstance(valeur, bool) else None
    if champ.type is TypeChamp.ENTIER:
        return valeur if isinstance(valeur, int) and not isinstance(valeur, bool) else None
    if champ.type is TypeChamp.DECIMAL:
        return valeur if nombre(valeur) is not None else None
    if champ.type is TypeChamp.DATE:
        return valeur if jour(valeur) else None
    if champ.type is TypeChamp.REFERENCE:
        return valeur
    return valeur if isinstance(valeur, str) else vide(champ)


def nombre(valeur: Any) -> Decimal | None:
    """A decimal value, or None."""
    if valeur is None or isinstance(valeur, bool) or not isinstance(valeur, str | int | float | Decimal):
        return None
    try:
        lu = Decimal(str(valeur))
    except InvalidOperation:
        return None
    return lu if lu.is_finite() else None


def jour(valeur: Any) -> date | None:
    """A day kept as ISO text, or None."""
    try:
        return date.fromisoformat(valeur) if isinstance(valeur, str) else None
    except ValueError:
        return None


def lignes(valeurs: Mapping[str, Any], nom: str) -> list[Mapping[str, Any]]:
    """Rows of a group."""
    return valeurs.get(nom) or []


def codes(valeurs: Mapping[str, Any], nom: str) -> list[str]:
    """Codes of a field of several."""
    return valeurs.get(nom) or []


def avec_chemin(valeurs: Mapping[str, Any], nom: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Rows of a group with the start of their path, e.g. "horaire.12."."""
    for ligne in lignes(valeurs, nom):
        yield f"{nom}.{ligne['cle']}.", ligne
