"""Communes by their INSEE codes: reading a pasted list, counting by département, distances. No database here."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import asin, cos, radians, sin, sqrt

from rxror.ror.typographie import INSECABLE, fr

COMMUNES_MAXIMUM = 2000
RAYON_DE_LA_TERRE = 6371.0  # km, mean
CITEES = 8
Point = tuple[float, float]

_CODE = re.compile(r"([0-9]{2}|2[AB])[0-9]{3}")


@dataclass(frozen=True)
class Territoire:
    """What one must know of some communes to read them aloud.

    Attributes:
        noms: {INSEE code: name} of those that exist.
        departements: {INSEE code: code of its département}.
        totaux: {code of a département: (name, number of communes)}.
    """

    noms: Mapping[str, str] = field(default_factory=dict)
    departements: Mapping[str, str] = field(default_factory=dict)
    totaux: Mapping[str, tuple[str, int]] = field(default_factory=dict)

    def par_departement(self, codes: Iterable[str]) -> dict[str, list[str]]:
        """{code of a département: [INSEE code]} of the codes that exist, the greatest number first."""
        groupes: dict[str, list[str]] = {}
        for code in codes:
            if code in self.departements:
                groupes.setdefault(self.departements[code], []).append(code)
        return dict(sorted(groupes.items(), key=lambda e: (-len(e[1]), e[0])))

    def compte(self, departement: str, nombre: int) -> str:
        """« Tarn : 12 communes sur 314 », « Tarn : 314 communes, toutes »."""
        nom, total = self.totaux.get(departement, (departement, 0))
        if nombre == total:
            return fr(f"{nom} : {communes(nombre)}, {'toutes' if nombre > 1 else 'la seule'}")
        return (
            fr(f"{nom} : {communes(nombre)} sur {en_chiffres(total)}") if total else fr(f"{nom} : {communes(nombre)}")
        )

    def nommer(self, codes: Iterable[str], limite: int = CITEES) -> str:
        """« Albi, Gaillac, Graulhet et 4 autres », by name."""
        return citer(sorted((self.noms.get(code, code) for code in codes), key=str.casefold), limite)


def codes_de(texte: str) -> list[str]:
    """Each word of a text once, in capitals and sorted: INSEE codes, whatever stands between them."""
    return sorted(set(re.findall(r"[^\s,;|/\"'()\[\]{}]+", texte.upper())))


def est_un_code(code: str) -> bool:
    """Whether a text has the form of an INSEE code: five digits, or 2A and 2B in Corsica."""
    return _CODE.fullmatch(code) is not None


def communes(nombre: int) -> str:
    """« 1 commune », « 1 214 communes »."""
    return f"{en_chiffres(nombre)}{INSECABLE}commune{'s' if nombre > 1 else ''}"


def en_chiffres(nombre: int) -> str:
    """« 1 214 »."""
    return f"{nombre:,}".replace(",", INSECABLE)


def citer(mots: list[str], limite: int = CITEES) -> str:
    """The first words of a list, and how many more there are."""
    reste = len(mots) - limite
    if reste <= 1:
        return ", ".join(mots)
    return f"{', '.join(mots[:limite])} et {en_chiffres(reste)} autres"


def distance_km(un: Point, autre: Point) -> float:
    """Kilometres between two points (latitude, longitude) in degrees, along a great circle."""
    (lat1, lon1), (lat2, lon2) = ((radians(a), radians(b)) for a, b in (un, autre))
    corde = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * RAYON_DE_LA_TERRE * asin(min(1.0, sqrt(corde)))
