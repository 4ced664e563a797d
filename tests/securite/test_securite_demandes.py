"""What a browser may send: every request of every service is closed and bounded, and takes nothing it does not name."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

import rxror
from rxror.ror.erreurs import SaisieInvalide
from rxror.ui.demande import lire_demande

# Read from an address, not from a form: what it does not know is left aside.
ADRESSES = frozenset(
    {
        "rxror.services.ensemble_vues.Vue",
        "rxror.services.historique.Vue",
        "rxror.services.journal.Vue",
        "rxror.ui.pages.attestation.Adresse",
    }
)
EN_TROP = (
    "id",
    "utilisateur_id",
    "acteur",
    "finess_autorise",
    "version",
    "version_apres",
    "demonstration",
    "__class__",
)


def _modules() -> Iterator[str]:
    for module in pkgutil.walk_packages(rxror.__path__, "rxror."):
        if module.name.split(".")[1] in ("services", "auth", "confie", "ui", "courriels"):
            yield module.name


def _demandes() -> dict[str, type[BaseModel]]:
    """The Pydantic classes of what is received; tables are no such thing."""
    trouvees: dict[str, type[BaseModel]] = {}
    for nom in _modules():
        for valeur in vars(importlib.import_module(nom)).values():
            if isinstance(valeur, type) and issubclass(valeur, BaseModel) and valeur.__module__ == nom:
                trouvees[f"{nom}.{valeur.__name__}"] = valeur
    return {nom: classe for nom, classe in trouvees.items() if not hasattr(classe, "metadata")}


DEMANDES = _demandes()


def test_there_are_requests_to_look_at() -> None:
    assert len(DEMANDES) > 20


@pytest.mark.parametrize("nom", sorted(DEMANDES))
def test_a_request_is_closed(nom: str) -> None:
    classe = DEMANDES[nom]
    if nom in ADRESSES:
        assert classe.model_config.get("extra") == "ignore"
        return
    assert classe.model_config.get("extra") == "forbid"
    for en_trop in EN_TROP:
        if en_trop not in classe.model_fields:
            with pytest.raises(ValidationError) as refus:
                classe.model_validate({en_trop: 1})
            assert any(e["type"] == "extra_forbidden" and e["loc"] == (en_trop,) for e in refus.value.errors())
            with pytest.raises(SaisieInvalide):
                lire_demande(classe, {en_trop: 1}, (en_trop,))


@pytest.mark.parametrize("nom", sorted(DEMANDES))
def test_a_request_is_bounded(nom: str) -> None:
    schema = DEMANDES[nom].model_json_schema()
    assert list(_sans_borne(schema, schema.get("$defs", {}), nom)) == []


def _sans_borne(schema: dict[str, Any], defs: dict[str, Any], ou: str) -> Iterator[str]:
    """Paths of what may be as long, or as big, as one likes."""
    if "$ref" in schema:
        schema = defs[schema["$ref"].rpartition("/")[2]]
    for choix in schema.get("anyOf", ()):
        yield from _sans_borne(choix, defs, ou)
    genre = schema.get("type")
    if genre == "string" and not {"maxLength", "format", "enum", "const", "pattern"} & schema.keys():
        yield ou
    if genre in ("integer", "number") and not {"maximum", "exclusiveMaximum", "enum"} & schema.keys():
        yield ou
    if genre == "array":
        if "maxItems" not in schema:
            yield f"{ou}[]"
        yield from _sans_borne(schema.get("items", {}), defs, f"{ou}[]")
    if genre == "object":
        for nom, propre in schema.get("properties", {}).items():
            yield from _sans_borne(propre, defs, f"{ou}.{nom}")
        reste = schema.get("additionalProperties")
        if isinstance(reste, dict):
            if "maxProperties" not in schema:
                yield f"{ou}{{}}"
            yield from _sans_borne(schema.get("propertyNames", {}), defs, f"{ou}{{nom}}")
            yield from _sans_borne(reste, defs, f"{ou}{{}}")
