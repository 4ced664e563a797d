"""From the projected coordinates of FINESS to latitude and longitude (WGS 84).

Source: field `sourcecoordet`, whose last element names the projection; overseas territories each have their UTM zone.
"""

from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from pyproj import Transformer

EPSG = {"LAMBERT_93": 2154, "UTM_N20": 32620, "UTM_N22": 32622, "UTM_S40": 32740, "UTM_S38": 32738}


@dataclass(frozen=True)
class Territoire:
    """A piece of France: the projection FINESS uses there, and the box that holds it, in degrees."""

    systeme: str
    sud: float
    nord: float
    ouest: float
    est: float

    def contient(self, latitude: float, longitude: float) -> bool:
        """Whether the point is in the box."""
        return self.sud <= latitude <= self.nord and self.ouest <= longitude <= self.est


METROPOLE = Territoire("LAMBERT_93", 41, 51.5, -5.5, 9.8)
GUADELOUPE = Territoire("UTM_N20", 15.7, 18.2, -63.3, -60.9)
OUTRE_MER = {
    "971": GUADELOUPE,  # FINESS files Saint-Barthélemy (977) and Saint-Martin (978) under it
    "977": GUADELOUPE,
    "978": GUADELOUPE,
    "972": Territoire("UTM_N20", 14.3, 15, -61.3, -60.7),
    "973": Territoire("UTM_N22", 2, 6, -54.7, -51.5),
    "974": Territoire("UTM_S40", -21.5, -20.8, 55.1, 55.9),
    "976": Territoire("UTM_S38", -13.1, -12.5, 44.9, 45.4),
}


class CoordonneesRefusees(ValueError):
    """The coordinates cannot be trusted; the message says why, in French."""


def situer(x: str, y: str, source: str, lieu: str) -> tuple[Decimal, Decimal] | None:
    """Latitude and longitude of a point, with six decimals.

    Args:
        x: easting, in metres; empty or 0 means that FINESS has none.
        y: northing, in metres.
        source: `sourcecoordet`, comma-separated; its last element names the projection when it is one we know.
        lieu: INSEE code or postcode, which gives the territory.

    Returns:
        (latitude, longitude), or None when FINESS gives no point.

    Raises:
        CoordonneesRefusees: not a number, unknown projection, or a point outside its territory.
    """
    if not x and not y:
        return None
    try:
        est, nord = float(x or 0), float(y or 0)
    except ValueError as erreur:
        raise CoordonneesRefusees("coordonnées illisibles") from erreur
    if est == 0 and nord == 0:
        return None
    territoire = _territoire(lieu)
    if territoire is None:
        raise CoordonneesRefusees("système de projection inconnu pour ce territoire")
    systeme = source.rpartition(",")[2].strip().upper()
    transformateur = _transformateur(EPSG.get(systeme, EPSG[territoire.systeme]))
    longitude, latitude = transformateur.transform(est, nord)
    if not territoire.contient(latitude, longitude):
        raise CoordonneesRefusees("point situé hors du territoire de la commune")
    return Decimal(f"{latitude:.6f}"), Decimal(f"{longitude:.6f}")


def _territoire(lieu: str) -> Territoire | None:
    if lieu.startswith(("97", "98")):
        return OUTRE_MER.get(lieu[:3])
    return METROPOLE


@cache
def _transformateur(epsg: int) -> Transformer:
    return Transformer.from_crs(epsg, 4326, always_xy=True)
