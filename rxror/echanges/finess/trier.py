"""Which lines of a FINESS file can be used, and by what lots they are written."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from rxror.echanges.finess.lire import COLONNES, FichierFiness, Ligne
from rxror.echanges.finess.rapport import Constat, Gravite
from rxror.ror.regles.formats import finess_valide

LOT = 500


@dataclass(frozen=True, slots=True)
class Source:
    """A line and the file it came from."""

    fichier: FichierFiness
    ligne: Ligne

    @property
    def champs(self) -> dict[str, str]:
        """Values by column of FINESS."""
        return self.ligne.champs

    @property
    def numero(self) -> str:
        """The number of the object, which each section gives first."""
        return self.champs.get(COLONNES[self.ligne.section][1], "")

    def constat(self, gravite: Gravite, champ: str, valeur: str, motif: str) -> Constat:
        """A finding about this line."""
        ligne, nom = self.ligne, self.fichier.chemin.name
        return Constat(nom, ligne.numero, ligne.section, self.numero, champ, valeur, motif, gravite)


def trier(sources: Iterable[Source], rejeter: Callable[[Constat], None]) -> Iterator[Source]:
    """Keep the lines that can be used; the others are rejected, with a reason in French.

    Of two lines for one object in one section of one file, the first counts.
    """
    vues: dict[tuple[str, str], int] = {}
    for source in sources:
        refus = _refus(source, vues)
        if refus:
            rejeter(source.constat(Gravite.REJET, *refus))
        else:
            yield source


def lots(sources: Iterable[Source]) -> Iterator[tuple[str, list[Source]]]:
    """Consecutive lines of one section, LOT at most."""
    for section, suite in groupby(sources, key=lambda source: source.ligne.section):
        lot: list[Source] = []
        for source in suite:
            lot.append(source)
            if len(lot) == LOT:
                yield section, lot
                lot = []
        if lot:
            yield section, lot


def _refus(source: Source, vues: dict[tuple[str, str], int]) -> tuple[str, str, str] | None:
    if source.ligne.motif:
        return "", "", source.ligne.motif
    for colonne in ("nofinesset", "nofinessej", "nofiness"):
        numero = source.champs.get(colonne)
        if numero is not None and not finess_valide(numero):
            return colonne, numero, "numéro FINESS faux (neuf caractères, clé de contrôle)"
    if source.champs.get("rs") == "":
        return "rs", "", "raison sociale absente"
    cle = source.ligne.section, source.numero
    premiere = vues.setdefault(cle, source.ligne.numero)
    if premiere != source.ligne.numero:
        return COLONNES[cle[0]][1], source.numero, f"doublon de la ligne {premiere}"
    return None
