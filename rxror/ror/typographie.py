"""French typography: what must not be cut at the end of a line."""

import re

INSECABLE = "\N{NO-BREAK SPACE}"
_AVANT = re.compile(r" (?=[:;?!»%])")
_APRES = re.compile(r"(?<=«) ")


def fr(texte: str) -> str:
    """The same text, with no-break spaces before : ; ? ! » and after «."""
    return _APRES.sub(INSECABLE, _AVANT.sub(INSECABLE, texte))


def majuscule(texte: str) -> str:
    """The same text as the start of a sentence; the rest keeps its capitals."""
    return texte[:1].upper() + texte[1:]
