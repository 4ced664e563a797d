"""`make sbom`: write sbom.cdx.json."""

from pathlib import Path

from sbom.liste import RACINE, ecrire

if __name__ == "__main__":
    ecrire(Path(RACINE / "sbom.cdx.json"))
