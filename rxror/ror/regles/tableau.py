"""docs/regles.md: rules and national requirements as tables, for a person to read. `rxror documentation` writes it."""

from collections.abc import Iterator

from rxror.ror.exigences.declarations import EXIGENCES, OFFRE
from rxror.ror.exigences.phrases import reproches
from rxror.ror.exigences.verdicts import Exigence
from rxror.ror.messages import MESSAGES
from rxror.ror.objets import EntiteGeographique, OffreOperationnelle
from rxror.ror.regles.declaration import REGISTRE, Correction, Regle, Severite, Thematique

FAMILLES = {
    "OBL": "What must be said",
    "COH": "Consistency",
    "FER": "Closing and reopening",
    "LIE": "Lieux, capacity, equipment",
    "TAR": "Tariffs",
    "STR": "Structures",
    "FMT": "Formats",
    "FIN": "What FINESS says",
}
POIDS = {Severite.BLOQUANTE: "blocks", Severite.ALERTE: "alert", Severite.INFORMATION: "information", None: "–"}
THEMES = {
    Thematique.COMPLETUDE: "01 Complétude",
    Thematique.EXHAUSTIVITE: "02 Exhaustivité",
    Thematique.COHERENCE: "03 Cohérence",
    Thematique.RECENCE: "04 Récence",
    Thematique.STRUCTURATION: "05 Structuration",
    Thematique.EXACTITUDE: "06 Exactitude",
}
GESTES = {Correction.AJOUTER: "AJO", Correction.CORRIGER: "COR", Correction.SUPPRIMER: "SUP"}
ENTETE = """# Rules

Written by `rxror documentation` from the declarations in `rxror/ror/regles` and `rxror/ror/exigences`: change a rule
there, then run it again.

A rule that **blocks** stops « Valider », never « Enregistrer ». An **alert** asks for a look; it may be kept with a
reason, and is not asked again until what it is about changes. **Information** is there to be read. A dash: there is
nothing to weigh, the rule holds by construction. Theme and action are those of the anomalies of the ROR (J241, J242).

The source « règle de rxror » says that a rule is ours: no published text asks for it.
"""
COLONNES = (
    "| Rule | Weight | What it wants | What is said | Source | Objects | Checked in | Theme, action |",
    "|---|---|---|---|---|---|---|---|",
)
NATIONALES = """## National requirements

Computed as the indicators of the ANS compute them, and shown as « Conforme », « Écart », « Non vérifiable » or « Sans
objet ». None stops « Valider ».
"""


def tableau() -> str:
    """The whole page, in Markdown."""
    return "\n".join([ENTETE, *_familles(), NATIONALES, *COLONNES, *map(_exigence, EXIGENCES), ""])


def _familles() -> Iterator[str]:
    for debut, titre in FAMILLES.items():
        siennes = sorted((r for r in REGISTRE.values() if r.id.startswith(debut)), key=_rang)
        yield f"## {titre}\n"
        yield from COLONNES
        yield from map(_ligne, siennes)
        yield ""


def _rang(regle: Regle) -> tuple[int, str]:
    numero = regle.id.split("-")[1]
    return (int(numero) if numero.isdigit() else 0, regle.id)


def _ligne(regle: Regle) -> str:
    dit = f"« {MESSAGES[regle.id]} »" if regle.id in MESSAGES else "–"
    return _rangee(regle, dit, ", ".join(classe.__name__ for classe in regle.classes) or "–")


def _exigence(exigence: Exigence) -> str:
    classe = OffreOperationnelle if exigence.portee is OFFRE else EntiteGeographique
    return _rangee(exigence, " ".join(f"« {phrase} »" for phrase in reproches(exigence.id)) or "–", classe.__name__)


def _rangee(regle: Regle | Exigence, dit: str, objets: str) -> str:
    cellules = (
        regle.id,
        POIDS[regle.severite],
        regle.enonce,
        dit,
        regle.source,
        objets,
        f"`{regle.ou}`",
        f"{THEMES[regle.thematique]}, {GESTES[regle.correction]}",
    )
    return "| " + " | ".join(c.replace("|", "\\|").replace("<", "&lt;") for c in cellules) + " |"
