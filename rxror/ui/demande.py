"""From what a browser sends to the request of a service, checked before anything is done with it."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from rxror.ror.erreurs import SaisieInvalide

D = TypeVar("D", bound=BaseModel)


def recu(saisie: Any) -> Mapping[str, Any]:
    """The fields of a form, by name.

    Raises:
        SaisieInvalide: the event carries something else.
    """
    if not isinstance(saisie, dict):
        raise SaisieInvalide(type(saisie).__name__)
    return saisie


def textes(saisie: Any, sauf: Iterable[str] = ()) -> dict[str, str]:
    """The answers of a form: its texts, but for the fields that are the context of the gesture."""
    contexte = frozenset(sauf)
    return {nom: texte for nom, texte in recu(saisie).items() if nom not in contexte and isinstance(texte, str)}


def lire_demande(classe: type[D], saisie: Any, contexte: Iterable[str], /, **autres: Any) -> D:
    """The request of a gesture.

    Args:
        contexte: fields of the form that are fields of the request, by the same name.
        autres: fields of the request that the page makes of the rest.

    Raises:
        SaisieInvalide: something is missing, of another kind, or too long.
    """
    lues = recu(saisie)
    try:
        return classe.model_validate({**{nom: lues[nom] for nom in contexte if nom in lues}, **autres})
    except ValidationError as erreur:
        raise SaisieInvalide(classe.__name__) from erreur
