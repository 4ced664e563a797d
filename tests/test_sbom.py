"""The list of what rxror is made of holds every library of the two locks, and is a valid CycloneDX document."""

import json
from pathlib import Path
from typing import Any

from cyclonedx.model.component import ComponentScope

from sbom.liste import NOM, NPM, PYTHON, ecrire, liste


def test_every_locked_library_is_listed_with_its_version_and_hash(tmp_path: Path):
    combien = ecrire(tmp_path / "sbom.cdx.json")
    lue = json.loads((tmp_path / "sbom.cdx.json").read_text("utf-8"))
    assert (lue["bomFormat"], lue["specVersion"]) == ("CycloneDX", "1.6")
    assert lue["metadata"]["component"]["name"] == "rxror"
    verrouilles = {f"pkg:pypi/{nom}@{version}" for nom, version in NOM.findall(PYTHON.read_text("utf-8"))}
    npm = json.loads(NPM.read_text("utf-8"))["packages"]
    listes = {c["purl"] for c in lue["components"]}
    assert verrouilles <= listes
    assert len([p for p in listes if p.startswith("pkg:npm/")]) == len(
        {(c.rpartition("node_modules/")[2], p["version"]) for c, p in npm.items() if c}
    )
    assert combien == len(lue["components"]) == len(verrouilles) + len([c for c in npm if c])
    assert [c["purl"] for c in lue["components"] if not c.get("hashes")] == []


def test_what_only_development_needs_is_said():
    lue: Any = liste()
    portees = {c.name: c.scope for c in lue.components}
    assert portees["reflex"] is portees["sqlalchemy"] is portees["prometheus-client"] is ComponentScope.REQUIRED
    assert portees["starlette"] is portees["react"] is ComponentScope.REQUIRED
    assert portees["pytest"] is portees["ruff"] is portees["vite"] is ComponentScope.EXCLUDED
