"""Rules of a pôle, service or UF, and of what identifies a structure."""

from collections.abc import Callable, Iterator

from rxror.ror.objets import EntiteGeographique, EntiteJuridique, OrganisationInterne
from rxror.ror.objets.organisation_interne import DESSOUS, POLE, SERVICE, UF
from rxror.ror.regles import formats
from rxror.ror.regles.declaration import DE_RXROR, Constat, Examen, Severite, regle, tenue
from rxror.ror.regles.valeurs import avec_chemin

TERRITOIRE_DE_SANTE = "4"
# What each kind may hang under; "" is the établissement itself.
PARENTS = {
    sorte: tuple(dessus for dessus, dessous in DESSOUS.items() if sorte in dessous) for sorte in (POLE, SERVICE, UF)
}
BLOQUANTE, ALERTE = Severite.BLOQUANTE, Severite.ALERTE


@regle(
    "OBL-15",
    BLOQUANTE,
    OrganisationInterne,
    source="modèle d’exposition (1..1)",
    manque=True,
    dits=("nom_oi", "type_oi"),
)
def nom_et_type_de_la_structure(examen: Examen) -> Iterator[Constat]:
    """An organisation interne has a name, and is a pôle, a service or a UF."""
    if not (examen.valeurs.get("nom_oi") or "").strip():
        yield Constat("nom_oi")
    elif examen.valeurs.get("type_oi") not in (POLE, SERVICE, UF):
        yield Constat("type_oi")


tenue(
    "STR-01",
    "idNat_Struct is 1 and the FINESS number when there is one; the RPPS or ADELI rang is kept when it is known.",
    EntiteGeographique,
    source="RG_EXP_004, 005, 037, 038",
    ou="rxror/echanges/finess/traduire.py",
)


@regle(
    "STR-02",
    BLOQUANTE,
    EntiteGeographique,
    source="RG_EXP_030",
    dits=("type_territorial_division", "code_territorial_division"),
)
def territoires_de_sante(examen: Examen) -> Iterator[Constat]:
    """A territoire de santé is of type 4."""
    for prefixe, ligne in avec_chemin(examen.valeurs, "territoire_sante"):
        if ligne.get("type_territorial_division") != TERRITOIRE_DE_SANTE:
            yield Constat(prefixe + "type_territorial_division")


@regle("STR-03", BLOQUANTE, OrganisationInterne, source="modèle des objets de santé (MOS) ; niveaux sautés : portail")
def hierarchie(examen: Examen) -> Iterator[Constat]:
    """A pôle is under an établissement, a service also under a pôle, a UF under any of them; none above itself."""
    if examen.ascendants is None:
        return
    identifiant, permis = examen.valeurs.get("identifiant_oi"), PARENTS.get(examen.valeurs.get("type_oi") or "")
    parent = examen.ascendants[0][1] if examen.ascendants else ""
    if (permis and parent not in permis) or identifiant in [cle for cle, _ in examen.ascendants]:
        yield Constat("rattachement")


# ------------------------------------------------- numbers FINESS and the RPPS give us


def _faux(examen: Examen, nom: str, valide: Callable[[str], bool]) -> Iterator[Constat]:
    numero = examen.valeurs.get(nom)
    if numero and not valide(numero):
        yield Constat(nom)


@regle("FMT-FINESS", ALERTE, EntiteGeographique, EntiteJuridique, source="FINESS, clé de Luhn")
def numero_finess(examen: Examen) -> Iterator[Constat]:
    """A FINESS number has nine characters and its key; in Corsica A counts for 1 and B for 2."""
    yield from _faux(examen, "num_finess", formats.finess_valide)


@regle("FMT-SIREN", ALERTE, EntiteJuridique, source="Insee, clé de Luhn")
def numero_siren(examen: Examen) -> Iterator[Constat]:
    """A SIREN has nine digits and its key."""
    yield from _faux(examen, "num_siren", formats.siren_valide)


@regle("FMT-SIRET", ALERTE, EntiteGeographique, source="Insee, clé de Luhn")
def numero_siret(examen: Examen) -> Iterator[Constat]:
    """A SIRET has fourteen digits and its key; La Poste has a key of its own."""
    yield from _faux(examen, "num_siret", formats.siret_valide)


@regle("FMT-RPPS", ALERTE, EntiteGeographique, source="modèle des objets de santé (MOS)")
def numero_rpps_ou_adeli(examen: Examen) -> Iterator[Constat]:
    """The number of a cabinet is an RPPS and its rang (14 digits) or an ADELI and its rang (11 characters)."""
    yield from _faux(
        examen, "num_eg_rpps_adeli_rang", lambda n: formats.rpps_rang_valide(n) or formats.adeli_rang_valide(n)
    )


@regle("FMT-IDNAT", ALERTE, EntiteGeographique, source="RG_EXP_004, modèle des objets de santé (MOS)")
def identifiant_national(examen: Examen) -> Iterator[Constat]:
    """An idNat_Struct is one digit for its kind, then a number of that kind."""
    yield from _faux(examen, "id_nat_struct", formats.id_nat_struct_valide)


tenue(
    "FMT-OFFRE",
    "An identifiantOffre is a region, a slash and a number; rxror makes it and it never changes.",
    source="modèle d’exposition",
    ou="rxror/services/creation.py",
)
tenue(
    "FMT-HEURE",
    "An hour is HH:MM from 00:00 to 24:00; the reader refuses any other text and keeps it to be corrected.",
    source=DE_RXROR,
    ou="rxror/ror/saisie.py",
)
tenue(
    "FMT-DATE",
    "A date is one of the calendar, kept as YYYY-MM-DD and shown in French.",
    source="ISO 8601",
    ou="rxror/ror/saisie.py",
)
