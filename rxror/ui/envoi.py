"""The save of a section as a form sends it: checked before anything is done with it."""

import json
from contextlib import suppress
from typing import Any

from rxror.services.modification import Enregistrement
from rxror.ui.demande import lire_demande, recu, textes

CONTEXTE = ("_genre", "_identifiant", "_section", "_base", "_cle", "_sans_reponse", "_caches", "_formulaire")


def demande_de(saisie: Any) -> Enregistrement:
    """The save, with its whole context.

    Raises:
        SaisieInvalide: it is none.
    """
    contexte = {nom.removeprefix("_"): recu(saisie).get(nom) for nom in CONTEXTE}
    with suppress(ValueError, TypeError, RecursionError):
        contexte["base"] = json.loads(str(contexte["base"]))
    contexte["formulaire"] = contexte["formulaire"] or ""
    for liste in ("sans_reponse", "caches"):
        contexte[liste] = str(contexte[liste] or "").split()
    return lire_demande(Enregistrement, saisie, (), **contexte, saisie=textes(saisie, sauf=CONTEXTE))
