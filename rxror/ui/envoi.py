"""The save of a section as a form sends it: checked before anything is done with it."""

import json
from contextlib import suppress
from typing import Any

from pydantic import ValidationError

from rxror.ror.erreurs import SaisieInvalide
from rxror.services.modification import Enregistrement

CONTEXTE = ("_genre", "_identifiant", "_section", "_base", "_cle", "_sans_reponse", "_caches", "_formulaire")


def demande_de(saisie: Any) -> Enregistrement:
    """The save, with its whole context.

    Raises:
        SaisieInvalide: it is none.
    """
    if not isinstance(saisie, dict):
        raise SaisieInvalide("enregistrer")
    contexte = {nom.removeprefix("_"): saisie.get(nom) for nom in CONTEXTE}
    with suppress(ValueError, TypeError, RecursionError):
        contexte["base"] = json.loads(str(contexte["base"]))
    contexte["formulaire"] = contexte["formulaire"] or ""
    for liste in ("sans_reponse", "caches"):
        contexte[liste] = str(contexte[liste] or "").split()
    reste = {nom: texte for nom, texte in saisie.items() if nom not in CONTEXTE and isinstance(texte, str)}
    try:
        return Enregistrement.model_validate({**contexte, "saisie": reste})
    except ValidationError as erreur:
        raise SaisieInvalide("enregistrer") from erreur
