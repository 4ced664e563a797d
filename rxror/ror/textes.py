"""What is kept of a typed text: all that one sees, nothing that one does not.

Control, formatting and private characters are left out; a joiner stays inside the compound emoji it holds together.
Characters that turn the reading round (bidirectional overrides, embeddings and isolates) are for the reader to refuse.
"""

import re
import unicodedata

LIAISON = "\u200d"  # zero width joiner
_RETOURNEMENT = re.compile("[\u202a-\u202e\u2066-\u2069]")
_FINS_DE_LIGNE = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_VARIANTES = ("\ufe0e", "\ufe0f", "\u20e3")
_PLANS_D_EMOJI = range(0x1F000, 0x1FB00)  # also those that this Python does not know yet


def nettoyer(texte: str) -> str:
    """The visible text, in its composed form (NFC), spaces made plain, one sign for line ends."""
    lignes = _FINS_DE_LIGNE.sub("\n", texte)
    vus = "".join(c if _se_voit(c) or c in ("\n", LIAISON) else " " if c.isspace() else "" for c in lignes)
    lies = "".join(c for i, c in enumerate(vus) if c != LIAISON or _dans_un_emoji(vus, i))
    return unicodedata.normalize("NFC", lies).strip()


def retourne(texte: str) -> bool:
    """Whether it holds a character that makes it read otherwise than it is written."""
    return bool(_RETOURNEMENT.search(texte))


def conservable(texte: str) -> str:
    """A text kept as it was typed, to be corrected, but for what cannot be stored or sent."""
    return "".join(c if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs", "Co") else " " for c in texte)


def montrable(texte: str, longueur: int = 40) -> str:
    """The start of what was typed, as a sentence can quote it."""
    propre = " ".join(nettoyer(texte).split())
    return propre if len(propre) <= longueur else propre[: longueur - 1] + "…"


def _se_voit(caractere: str) -> bool:
    return caractere.isprintable() or ord(caractere) in _PLANS_D_EMOJI


def _dans_un_emoji(texte: str, rang: int) -> bool:
    return 0 < rang < len(texte) - 1 and _d_emoji(texte[rang - 1]) and _d_emoji(texte[rang + 1])


def _d_emoji(caractere: str) -> bool:
    symbole = unicodedata.category(caractere) == "So" or ord(caractere) in _PLANS_D_EMOJI
    return symbole or caractere in _VARIANTES
