"""Rules of a postal address and of coordinates. Source of the lines: MOS, after AFNOR NF Z10-011."""

from collections.abc import Iterator

from rxror.ror.champs import champs_de
from rxror.ror.objets import LieuRealisationOffre
from rxror.ror.objets.commun import Adresse
from rxror.ror.regles import formats
from rxror.ror.regles.declaration import DE_RXROR, Constat, Examen, Severite, regle
from rxror.ror.regles.valeurs import nombre
from rxror.ror.territoire import distance_km

AFNOR = "modèle des objets de santé (MOS), AFNOR NF Z10-011"
LIGNE_MAXIMUM = 38
LIGNES = tuple(n for n, c in champs_de(Adresse).items() if (c.maximum or 0) > 0 and n != "code_postal")
VOIE = ("numero_voie", "extension", "type_voie", "libelle_voie")
# (southernmost, northernmost, westernmost, easternmost) degrees, by start of the INSEE code; "" is the metropole.
BOITES = {
    "": (41.0, 51.5, -5.5, 9.8),
    "971": (15.7, 16.7, -61.9, -60.9),
    "972": (14.2, 15.0, -61.4, -60.7),
    "973": (2.0, 6.0, -54.8, -51.4),
    "974": (-21.6, -20.7, 55.0, 56.0),
    "975": (46.6, 47.3, -56.6, -56.0),
    "976": (-13.2, -12.4, 44.8, 45.5),
    "977": (17.8, 18.1, -63.0, -62.7),
    "978": (17.9, 18.3, -63.3, -62.9),
    "986": (-14.6, -13.1, -178.4, -176.0),
    "987": (-28.0, -7.5, -155.0, -134.0),
    "988": (-23.5, -18.5, 158.0, 172.5),
}
LOIN_KM = 20
BLOQUANTE, ALERTE = Severite.BLOQUANTE, Severite.ALERTE


@regle("OBL-14", BLOQUANTE, LieuRealisationOffre, source="modèle d’exposition (1..1)", manque=True)
def commune_du_lieu(examen: Examen) -> Iterator[Constat]:
    """A lieu has a commune, and it exists in the code officiel géographique."""
    code = examen.valeurs.get("commune_cog")
    if not code:
        yield Constat("commune_cog")
    elif examen.communes is not None and formats.code_insee(code) and code not in examen.communes:
        yield Constat("commune_cog", manque=False)


@regle("FMT-INSEE", BLOQUANTE, LieuRealisationOffre, source="Insee, code officiel géographique")
def format_du_code_insee(examen: Examen) -> Iterator[Constat]:
    """The code of a commune has five digits, or 2A, 2B and three digits."""
    code = examen.valeurs.get("commune_cog")
    if code and not formats.code_insee(code):
        yield Constat("commune_cog")


@regle("FMT-CP", BLOQUANTE, LieuRealisationOffre, source=AFNOR)
def format_du_code_postal(examen: Examen) -> Iterator[Constat]:
    """A postcode has five digits, CEDEX or not."""
    code = examen.valeurs.get("code_postal")
    if code and not formats.code_postal(code):
        yield Constat("code_postal")


@regle("FMT-CP-COMMUNE", ALERTE, LieuRealisationOffre, source=DE_RXROR)
def code_postal_de_la_commune(examen: Examen) -> Iterator[Constat]:
    """A postcode is one of its commune; a CEDEX, which no public list holds, only has to be of its département."""
    code, insee = examen.valeurs.get("code_postal") or "", examen.valeurs.get("commune_cog") or ""
    commune = (examen.communes or {}).get(insee)
    if commune is None or not formats.code_postal(code) or not commune.codes_postaux or code in commune.codes_postaux:
        return
    cedex = "cedex" in (examen.valeurs.get("localite") or "").lower()
    if not (cedex and code[:2] in {c[:2] for c in commune.codes_postaux}):
        yield Constat("code_postal", {"code": code, "commune": commune.nom}, sur=(code, insee))


@regle("FMT-VOIE", BLOQUANTE, LieuRealisationOffre, source=AFNOR)
def format_du_numero(examen: Examen) -> Iterator[Constat]:
    """A house number has four digits at most."""
    numero = examen.valeurs.get("numero_voie")
    if numero and not formats.numero_voie(numero):
        yield Constat("numero_voie")


@regle("FMT-LIGNE", BLOQUANTE, LieuRealisationOffre, source=AFNOR)
def lignes_de_l_adresse(examen: Examen) -> Iterator[Constat]:
    """A line of the address has 38 characters at most, and neither < nor >."""
    for nom in LIGNES:
        texte = examen.valeurs.get(nom) or ""
        if len(texte) > LIGNE_MAXIMUM or "<" in texte or ">" in texte:
            yield Constat(nom)


@regle("FMT-LIGNE-VOIE", ALERTE, LieuRealisationOffre, source=AFNOR)
def ligne_de_la_voie(examen: Examen) -> Iterator[Constat]:
    """Number, type and name of the street make one line of 38 characters at most."""
    ligne = " ".join(t for n in VOIE if (t := (examen.valeurs.get(n) or "").strip()))
    if len(ligne) > LIGNE_MAXIMUM >= len(examen.valeurs.get("libelle_voie") or ""):
        yield Constat("libelle_voie", {"longueur": len(ligne)}, sur=ligne)


@regle("FMT-COORD", BLOQUANTE, LieuRealisationOffre, source="modèle d’exposition, WGS 84")
def coordonnees_par_deux(examen: Examen) -> Iterator[Constat]:
    """Coordinates go by two: latitude from -90 to 90, longitude from -180 to 180."""
    latitude, longitude = nombre(examen.valeurs.get("latitude")), nombre(examen.valeurs.get("longitude"))
    if (latitude is None) != (longitude is None) or abs(latitude or 0) > 90:
        yield Constat("latitude")
    elif abs(longitude or 0) > 180:
        yield Constat("longitude")


def _point(examen: Examen) -> tuple[float, float] | None:
    latitude, longitude = nombre(examen.valeurs.get("latitude")), nombre(examen.valeurs.get("longitude"))
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        return None
    return float(latitude), float(longitude)


@regle("FMT-COORD-ZONE", ALERTE, LieuRealisationOffre, source=DE_RXROR)
def coordonnees_plausibles(examen: Examen) -> Iterator[Constat]:
    """Coordinates are in the part of France where the commune is: metropole with Corsica, or its own territory."""
    point, insee = _point(examen), examen.valeurs.get("commune_cog") or ""
    if point is None:
        return
    boites = [BOITES.get(insee[:3], BOITES[""])] if insee else list(BOITES.values())
    if not any(s <= point[0] <= n and o <= point[1] <= e for s, n, o, e in boites):
        yield Constat("latitude", sur=(point, insee))


@regle("FMT-COORD-LOIN", ALERTE, LieuRealisationOffre, source=DE_RXROR)
def coordonnees_pres_de_la_commune(examen: Examen) -> Iterator[Constat]:
    """Coordinates are within 20 km of the centre of the commune, where it is known."""
    point, insee = _point(examen), examen.valeurs.get("commune_cog") or ""
    commune = (examen.communes or {}).get(insee)
    if point is None or commune is None or commune.centre is None:
        return
    km = distance_km(point, commune.centre)
    if km > LOIN_KM:
        yield Constat("latitude", {"km": round(km), "commune": commune.nom}, sur=(point, insee))
