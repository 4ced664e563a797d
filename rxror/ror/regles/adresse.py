"""Rules of a postal address and of coordinates. Source of the lines: MOS, after AFNOR NF Z10-011."""

from collections.abc import Iterator

from rxror.ror.objets import LieuRealisationOffre
from rxror.ror.regles import formats
from rxror.ror.regles.declaration import Constat, Examen, Severite, regle

BLOQUANTE = Severite.BLOQUANTE


@regle("OBL-14", BLOQUANTE, LieuRealisationOffre, source="modèle d’exposition (1..1)", manque=True)
def commune_du_lieu(examen: Examen) -> Iterator[Constat]:
    """A lieu has a commune."""
    if not examen.valeurs.get("commune_cog"):
        yield Constat("commune_cog")


@regle("FMT-CP", BLOQUANTE, LieuRealisationOffre, source="MOS, AFNOR NF Z10-011")
def format_du_code_postal(examen: Examen) -> Iterator[Constat]:
    """A postcode has five digits, CEDEX or not."""
    code = examen.valeurs.get("code_postal")
    if code and not formats.code_postal(code):
        yield Constat("code_postal")


@regle("FMT-VOIE", BLOQUANTE, LieuRealisationOffre, source="MOS, AFNOR NF Z10-011")
def format_du_numero(examen: Examen) -> Iterator[Constat]:
    """A house number has four digits at most."""
    numero = examen.valeurs.get("numero_voie")
    if numero and not formats.numero_voie(numero):
        yield Constat("numero_voie")


@regle("FMT-COORD", BLOQUANTE, LieuRealisationOffre, source="modèle d’exposition")
def coordonnees_par_deux(examen: Examen) -> Iterator[Constat]:
    """Coordinates go by two."""
    if (examen.valeurs.get("latitude") is None) != (examen.valeurs.get("longitude") is None):
        yield Constat("latitude")
