"""Read a very large JSON object, gzipped or not, without holding it: the items of its arrays come one at a time.

The FINESS+ files are one object of 700 MB to 1.5 GB. The standard library decodes one value at a time from a buffer
that grows only as far as that value does.
"""

import codecs
import gzip
import json
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast

from rxror.ror.erreurs import ImportRefuse

BLOC = 1 << 18
# A value that still does not end after so many characters is damaged: the largest of FINESS+ is twenty times smaller.
VALEUR_MAXIMUM = 1 << 28
# An error so far from the end of what was read is not a value cut by the end of the buffer.
MARGE = 1 << 16
NOMBRE = len("e+0")  # characters that tell whether a number goes on
GZIP = b"\x1f\x8b"
_BLANCS = " \t\r\n"


class _Flux:
    """Characters of the file, from `position` on."""

    def __init__(self, octets: BinaryIO, nom: str) -> None:
        self.octets, self.nom = octets, nom
        self.texte, self.position, self.fini = "", 0, False
        self._json = json.JSONDecoder()
        self._utf8 = codecs.getincrementaldecoder("utf-8-sig")()

    def completer(self) -> bool:
        """Read more; False at the end of the file."""
        if self.fini:
            return False
        try:
            bloc = self.octets.read(max(BLOC, len(self.texte) - self.position))
        except (EOFError, zlib.error, gzip.BadGzipFile) as erreur:
            raise self.refus("l’archive est abîmée ou coupée") from erreur
        self.fini = not bloc
        try:
            suite = self._utf8.decode(bloc, final=self.fini)
        except UnicodeDecodeError as erreur:
            raise self.refus("ce n’est pas de l’UTF-8") from erreur
        self.texte, self.position = self.texte[self.position :] + suite, 0
        return True

    def suivant(self) -> str:
        """Next character that is not blank, without taking it; "" at the end."""
        while True:
            while self.position < len(self.texte):
                if self.texte[self.position] not in _BLANCS:
                    return self.texte[self.position]
                self.position += 1
            if not self.completer():
                return ""

    def prendre(self, attendu: str, ou: str) -> str:
        """Take one character among the expected ones."""
        trouve = self.suivant()
        if not trouve or trouve not in attendu:
            lu = f"« {self.texte[self.position : self.position + 20]} » lu" if trouve else "le fichier s’arrête là"
            raise self.refus(f"« {' ou '.join(attendu)} » attendu dans {ou}, {lu}")
        self.position += 1
        return trouve

    def valeur(self, ou: str) -> Any:
        """Take one value, whole."""
        self.suivant()
        while True:
            try:
                valeur, fin = self._json.raw_decode(self.texte, self.position)
            except json.JSONDecodeError as erreur:
                loin = len(self.texte) - erreur.pos > MARGE or len(self.texte) - self.position > VALEUR_MAXIMUM
                if loin or not self.completer():
                    raise self.refus(f"{ou} n’est pas une valeur JSON entière") from erreur
                continue
            except RecursionError as erreur:
                raise self.refus(f"{ou} a trop de niveaux") from erreur
            # A number cut by the end of the buffer, « 1 » of « 1.5e+3 », would be read short.
            entiere = not isinstance(valeur, int | float) or len(self.texte) - fin >= NOMBRE
            if entiere or not self.completer():
                self.position = fin
                return valeur

    def refus(self, raison: str) -> ImportRefuse:
        return ImportRefuse(f"Fichier « {self.nom} » refusé : {raison}. Téléchargez-le de nouveau, sans l’ouvrir.")


def parcourir(chemin: Path, avancement: Callable[[int], None] = lambda octets: None) -> Iterator[tuple[str, Any]]:
    """(path, value) of the root: "schemaVersion", then "pmej[0]", "pmej[1]"… in the order of the file.

    Args:
        avancement: told now and then how many more bytes of the file were read.

    Raises:
        ImportRefuse: no such file, not gzip nor JSON, or cut.
    """
    try:
        brut = chemin.open("rb")
    except OSError as erreur:
        raise ImportRefuse(
            f"Le fichier {chemin} est introuvable ou illisible. Vérifiez son chemin et vos droits."
        ) from erreur
    with brut:
        compresse = brut.read(2) == GZIP
        brut.seek(0)
        octets = cast("BinaryIO", gzip.GzipFile(fileobj=brut)) if compresse else brut
        lus = 0
        for element in _racine(_Flux(octets, chemin.name)):
            yield element
            if brut.tell() - lus >= BLOC:
                avancement(brut.tell() - lus)
                lus = brut.tell()
        avancement(brut.tell() - lus)


def _racine(flux: _Flux) -> Iterator[tuple[str, Any]]:
    flux.prendre("{", "la racine")
    if flux.suivant() == "}":
        return
    while True:
        cle = flux.valeur("la racine")
        if not isinstance(cle, str):
            raise flux.refus("un nom est attendu dans la racine")
        flux.prendre(":", f"« {cle} »")
        if flux.suivant() == "[":
            yield from _liste(flux, cle)
        else:
            yield cle, flux.valeur(f"« {cle} »")
        if flux.prendre(",}", "la racine") == "}":
            return


def _liste(flux: _Flux, cle: str) -> Iterator[tuple[str, Any]]:
    flux.prendre("[", cle)
    if flux.suivant() == "]":
        flux.prendre("]", cle)
        return
    rang = 0
    while True:
        yield f"{cle}[{rang}]", flux.valeur(f"{cle}[{rang}]")
        rang += 1
        if flux.prendre(",]", cle) == "]":
            return
