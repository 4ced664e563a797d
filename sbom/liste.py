"""Read requirements.lock and the npm lock, and write the list of their libraries in CycloneDX 1.6."""

import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from cyclonedx.model.license import LicenseExpression
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

RACINE = Path(__file__).resolve().parent.parent
PYTHON, NPM = RACINE / "requirements.lock", RACINE / "reflex.lock" / "package-lock.json"
DIRECT = "rxror (pyproject.toml)"
NOM = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^ ;\\]+)", re.MULTILINE)


def ecrire(fichier: Path) -> int:
    """Write the list; give how many libraries it holds."""
    bom = liste()
    fichier.write_text(JsonV1Dot6(bom).output_as_string(indent=1), encoding="utf-8")
    return len(bom.components)


class Verrouillee(NamedTuple):
    """A library of requirements.lock: the digests of the files that may be installed, and what asks for it."""

    nom: str
    version: str
    empreintes: list[str]
    parents: frozenset[str]


def liste() -> Bom:
    """Every library of the two locks; those that only development or the build of the pages need are `excluded`."""
    python, npm = lire_python(PYTHON.read_text("utf-8")), list(de_npm(json.loads(NPM.read_text("utf-8"))))
    composants = list(zip(python, de_python(python), strict=True))
    bom = Bom(components=[*(c for _, c in composants), *npm])
    racine = Component(
        name="rxror", type=ComponentType.APPLICATION, bom_ref="rxror", licenses=[LicenseExpression("EUPL-1.2")]
    )
    bom.metadata.component = racine
    bom.register_dependency(racine, [*(c for lue, c in composants if DIRECT in lue.parents), *npm])
    for lue, composant in composants:
        bom.register_dependency(composant, [c for autre, c in composants if lue.nom in autre.parents])
    return bom


def lire_python(verrou: str) -> list[Verrouillee]:
    """The lines of requirements.lock; a library may be there in several versions, for several Pythons."""
    morceaux = re.split(r"^(?=[A-Za-z0-9])", verrou, flags=re.MULTILINE)
    return [
        Verrouillee(m[1], m[2], re.findall(r"sha256:([0-9a-f]{64})", morceau), frozenset(_parents(morceau)))
        for morceau in morceaux
        if (m := NOM.match(morceau))
    ]


def de_python(lues: list[Verrouillee]) -> Iterator[Component]:
    """The libraries of requirements.lock."""
    servent = _servent({lue.nom: lue.parents for lue in lues})
    for nom, version, empreintes, _ in lues:
        yield Component(
            name=nom,
            version=version,
            type=ComponentType.LIBRARY,
            purl=PackageURL("pypi", name=nom, version=version),
            bom_ref=f"pypi/{nom}@{version}",
            hashes=[HashType(alg=HashAlgorithm.SHA_256, content=empreinte) for empreinte in empreintes],
            scope=ComponentScope.REQUIRED if nom in servent else ComponentScope.EXCLUDED,
        )


def _parents(morceau: str) -> Iterator[str]:
    """What asks for a library, as uv writes it: on one line, or one a line."""
    for ligne in morceau.splitlines():
        if (dit := ligne.strip()).startswith("#"):
            yield from (p.strip() for p in dit.lstrip("# ").removeprefix("via").split(",") if p.strip())


def _servent(parents: dict[str, frozenset[str]]) -> set[str]:
    """The libraries that serve once installed: asked for by rxror, or by one that is."""
    servent: set[str] = set()
    while neufs := {n for n, p in parents.items() if n not in servent and (DIRECT in p or p & servent)}:
        servent |= neufs
    return servent


def de_npm(verrou: dict[str, Any]) -> Iterator[Component]:
    """The libraries of the npm lock."""
    for chemin, paquet in verrou["packages"].items():
        nom = chemin.rpartition("node_modules/")[2]
        if not nom or "version" not in paquet:
            continue
        groupe, _, court = nom.rpartition("/")
        version = paquet["version"]
        yield Component(
            name=court,
            group=groupe or None,
            version=version,
            type=ComponentType.LIBRARY,
            purl=PackageURL("npm", namespace=groupe or None, name=court, version=version),
            bom_ref=f"npm/{chemin}@{version}",
            hashes=list(_empreintes(paquet.get("integrity", ""))),
            licenses=[LicenseExpression(paquet["license"])] if paquet.get("license") else [],
            scope=ComponentScope.EXCLUDED if paquet.get("dev") else ComponentScope.REQUIRED,
        )


def _empreintes(integrite: str) -> Iterator[HashType]:
    for une in integrite.split():
        algorithme, _, valeur = une.partition("-")
        if algorithme == "sha512":
            yield HashType(alg=HashAlgorithm.SHA_512, content=base64.b64decode(valeur).hex())
