"""Formats of numbers and addresses: functions of a text, without rules. Source: quality rules of the ROR, §6."""

import re
from urllib.parse import urlsplit

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from stdnum import luhn
from stdnum.fr import siren, siret

from rxror.ror.territoire import est_un_code

URGENCES = frozenset(["15", "17", "18", "112", "114", "115", "119", "191", "196", "197"])
# France and its overseas numbering plans.
INDICATIFS = frozenset([33, 262, 508, 590, 594, 596, 681, 687, 689])
MOBILES = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)


# ------------------------------------------------------------------- identifiers


def finess_valide(texte: str) -> bool:
    """Nine characters whose last is a Luhn key; in Corsica A counts for 1 and B for 2."""
    return bool(re.fullmatch(r"([0-9]{2}|2[AB])[0-9]{7}", texte)) and luhn.is_valid(
        texte.replace("A", "1").replace("B", "2")
    )


def siren_valide(texte: str) -> bool:
    """Nine digits with their Luhn key."""
    return bool(re.fullmatch(r"[0-9]{9}", texte)) and siren.is_valid(texte)


def siret_valide(texte: str) -> bool:
    """Fourteen digits with their Luhn key; La Poste has a key of its own."""
    return bool(re.fullmatch(r"[0-9]{14}", texte)) and siret.is_valid(texte)


def rpps_valide(texte: str) -> bool:
    """Eleven digits with their Luhn key."""
    return bool(re.fullmatch(r"[0-9]{11}", texte)) and luhn.is_valid(texte)


def rpps_rang_valide(texte: str) -> bool:
    """An RPPS number, two digits of order and a key."""
    return bool(re.fullmatch(r"[0-9]{14}", texte)) and rpps_valide(texte[:11])


def adeli_rang_valide(texte: str) -> bool:
    """An ADELI number of nine characters, by département, and two digits of order."""
    return bool(re.fullmatch(r"([0-9]{2}|2[AB]|9[A-F])[0-9]{9}", texte))


ID_NAT_STRUCT = {
    "0": adeli_rang_valide,
    "1": finess_valide,
    "2": siren_valide,
    "3": siret_valide,
    "4": rpps_rang_valide,
}


def id_nat_struct_valide(texte: str) -> bool:
    """One digit for the kind of number, then the number."""
    lire = ID_NAT_STRUCT.get(texte[:1])
    return lire is not None and lire(texte[1:])


def secteur_psychiatrique(texte: str) -> bool:
    """Département, a letter for the kind of sector, and its number: 31G05, 2AI01, 971G02."""
    return bool(re.fullmatch(r"([0-9]{2}|2[AB]|97[1-8])[GIPZ][0-9]{2}", texte))


# ---------------------------------------------------------------------- addresses


def code_postal(texte: str) -> bool:
    """Five digits, CEDEX or not."""
    return bool(re.fullmatch(r"[0-9]{5}", texte))


def code_insee(texte: str) -> bool:
    """Code of a commune: five digits, or 2A, 2B and three digits."""
    return est_un_code(texte)


def numero_voie(texte: str) -> bool:
    """Four digits at most."""
    return bool(re.fullmatch(r"[0-9]{1,4}", texte))


# ---------------------------------------------------------------------- telephone


def _compact(texte: str) -> str:
    """Digits and a leading +; empty when the text holds anything but a number."""
    if not re.fullmatch(r"[0-9+().\s/\u00a0\u202f-]{1,40}", texte):
        return ""
    nu = "".join(c for c in texte if c.isdigit() or c == "+")
    return "+" + nu.removeprefix("00") if nu.startswith("00") else nu


def _lu(texte: str) -> phonenumbers.PhoneNumber | None:
    nu = _compact(texte)
    if not nu.startswith("+") and not re.fullmatch(r"0[1-9][0-9]{8}", nu):
        return None
    try:
        return phonenumbers.parse(nu, "FR")
    except phonenumbers.NumberParseException:
        return None


def telephone_court(texte: str) -> bool:
    """Emergency numbers, 3xxx and 116xxx."""
    nu = _compact(texte)
    return nu in URGENCES or bool(re.fullmatch(r"3[0-9]{3}|116[0-9]{3}", nu))


def telephone(texte: str) -> bool:
    """Whether a text can be dialled: ten digits, a short number, or an international one."""
    if telephone_court(texte):
        return True
    numero = _lu(texte)
    return numero is not None and (not _compact(texte).startswith("+") or phonenumbers.is_possible_number(numero))


def telephone_mobile(texte: str) -> bool:
    """Whether a number may be that of a mobile; a foreign one is not judged."""
    numero = _lu(texte)
    if numero is None or numero.country_code not in INDICATIFS:
        return numero is not None
    if re.fullmatch(r"(\+33|0)[67][0-9]{8}", _compact(texte)):
        return True
    return phonenumbers.number_type(numero) in MOBILES


# --------------------------------------------------------------------------- web


def courriel(texte: str) -> bool:
    """Whether a text is an e-mail address."""
    try:
        validate_email(texte, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return False
    return True


def domaine_mssante(texte: str) -> bool:
    """Whether an e-mail address is of mssante.fr; other domains of the trust space exist."""
    domaine = texte.rpartition("@")[2].lower().rstrip(".")
    return domaine == "mssante.fr" or domaine.endswith(".mssante.fr")


def site(texte: str) -> bool:
    """Whether a text is the address of a site, http or https."""
    try:
        adresse = urlsplit(texte)
    except ValueError:
        return False
    return adresse.scheme in ("http", "https") and bool(adresse.hostname) and not any(c.isspace() for c in texte)


def site_chiffre(texte: str) -> bool:
    """Whether the address of a site starts with https."""
    return texte.lower().startswith("https://")
