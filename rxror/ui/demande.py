"""From what a browser sends to the request of a service, checked before anything is done with it."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from rxror.ror.erreurs import SaisieInvalide

D = TypeVar("D", bound=BaseModel)
VU, CHOIX = "vu.", "choix."  # of each part of a form where one chooses part by part


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


def filtres(saisie: Any, noms: Iterable[str]) -> dict[str, str]:
    """What a form of filters chose, by name; "" for what it leaves open.

    Raises:
        SaisieInvalide: something that no form sends.
    """
    lues = recu(saisie)
    choisis = {nom: lues.get(nom, "") for nom in noms}
    if not all(isinstance(choix, str) for choix in choisis.values()):
        raise SaisieInvalide("filtrer")
    return choisis


def lire_adresse(classe: type[D], parametres: Mapping[str, Any]) -> D:
    """What an address asks for; a part that means nothing is left aside."""
    donnes = {nom: v for nom, v in parametres.items() if v}
    try:
        return classe.model_validate(donnes)
    except ValidationError as erreur:
        faux = {str(e["loc"][0]) for e in erreur.errors() if e["loc"]}
        return classe.model_validate({nom: v for nom, v in donnes.items() if nom not in faux})


def vus_et_choix(saisie: Any) -> dict[str, dict[str, Any]]:
    """{"vu": {part: digest shown}, "choix": {part: what is chosen}}, of a form where one chooses part by part."""
    lues = {str(nom): valeur for nom, valeur in recu(saisie).items()}
    return {
        quoi: {nom.removeprefix(debut): v for nom, v in lues.items() if nom.startswith(debut)}
        for quoi, debut in (("vu", VU), ("choix", CHOIX))
    }


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
