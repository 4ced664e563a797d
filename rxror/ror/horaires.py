"""Hours as one types, keeps and reads them: « 8h30 », 08:30, « Du lundi au vendredi de 8 h 30 à 17 h ».

A row is {jour_semaine, heure_debut, heure_fin, debut_date_effective, fin_date_effective, type_horaire, cle}; hours
are texts HH:MM, which sort as they follow each other, and 24:00 is the end of a day. A row never passes midnight: a
night is two rows. Source: modèle d'exposition, class Horaire; RG_EXP_014 to 018.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

from rxror.ror.dates import JOURS, date_longue
from rxror.ror.typographie import INSECABLE, fr, majuscule

MINUIT, FIN_DU_JOUR = "00:00", "24:00"
TOUS = tuple(range(1, 8))
TOUJOURS = "24 h/24"
Plage = tuple[str, str]
Ligne = Mapping[str, Any]
Sorte = tuple[str, str, str]  # type, from, until

_HEURE = re.compile(r"([0-9]{1,2})(?:\s*[:hH.,]\s*|\s+)?([0-9]{2})?\s*(?:min|mn)?", re.IGNORECASE)


def lire_heure(texte: str) -> str:
    """An hour as typed, « 8h30 », « 8:30 », « 08 30 », « 0830 », « 8 h », as HH:MM; "" for nothing.

    Raises:
        ValueError: it is no hour between 00:00 and 24:00.
    """
    nu = texte.strip().replace("\u00a0", " ").replace("\u202f", " ")
    if not nu:
        return ""
    if re.fullmatch(r"[0-9]{3,4}", nu, re.ASCII):
        nu = f"{nu[:-2]}:{nu[-2:]}"
    lue = _HEURE.fullmatch(nu)
    if not lue or not nu.isascii():
        raise ValueError(texte)
    heures, minutes = int(lue[1]), int(lue[2] or 0)
    if minutes > 59 or (heures, minutes) > (24, 0):
        raise ValueError(texte)
    return f"{heures:02d}:{minutes:02d}"


def heure_en_clair(heure: str) -> str:
    """« 8 h 30 », « 17 h », « minuit »."""
    if heure in (MINUIT, FIN_DU_JOUR):
        return "minuit"
    heures, minutes = heure.split(":")
    return f"{int(heures)}{INSECABLE}h" + (f"{INSECABLE}{minutes}" if minutes != "00" else "")


# ------------------------------------------------------------------------ midnight, copies


def passe_minuit(debut: str, fin: str) -> bool:
    """Whether a slot ends on the next day."""
    return bool(debut and fin) and fin < debut


def jour_suivant(jour: int) -> int:
    """Monday after Sunday."""
    return jour % 7 + 1


def couper_a_minuit(lignes: Sequence[Ligne]) -> list[dict[str, Any]]:
    """The same rows, where one that passes midnight is two: until 24:00, and from 00:00 on the next day.

    The first part keeps the key; the second has one made from it, the same each time.
    """
    coupees: list[dict[str, Any]] = []
    connues = {ligne["cle"] for ligne in lignes}
    for ligne in lignes:
        debut, fin = ligne.get("heure_debut") or "", ligne.get("heure_fin") or ""
        if not passe_minuit(debut, fin):
            coupees.append(dict(ligne))
            continue
        coupees.append({**ligne, "heure_fin": FIN_DU_JOUR})
        if fin > MINUIT:
            jour, cle = ligne.get("jour_semaine"), _cle_neuve(ligne["cle"], connues)
            lendemain = jour_suivant(int(jour)) if jour else jour
            coupees.append({**ligne, "cle": cle, "jour_semaine": lendemain, "heure_debut": MINUIT, "heure_fin": fin})
    return coupees


def _cle_neuve(cle: str, connues: set[str]) -> str:
    neuve = f"n{cle}"[:32] + "s"
    while neuve in connues:
        neuve += "s"
    connues.add(neuve)
    return neuve[:40]


def se_chevauchent(plages: Iterable[Plage]) -> bool:
    """Whether two slots of a day overlap; slots that touch do not."""
    rangees = sorted(p for p in plages if p[0] and p[1])
    return any(suivante[0] < une[1] for une, suivante in pairwise(rangees))


# --------------------------------------------------------------------------------- a week


@dataclass
class Semaine:
    """The rows of one type and one period, by weekday; day 0 holds those without a weekday."""

    sorte: Sorte
    jours: dict[int, list[Ligne]] = field(default_factory=dict)

    @property
    def lignes(self) -> list[Ligne]:
        """All rows."""
        return [ligne for jour in self.jours.values() for ligne in jour]

    @property
    def plages(self) -> dict[int, list[Plage]]:
        """Hours of each day that has some, in order."""
        return {j: sorted(_plage(ligne) for ligne in lignes) for j, lignes in sorted(self.jours.items()) if lignes}


def semaines(lignes: Iterable[Ligne]) -> list[Semaine]:
    """The rows by type and period: the weeks first, then the periods by their start."""
    trouvees: dict[Sorte, Semaine] = {}
    for ligne in lignes:
        sorte = sorte_de(ligne)
        semaine = trouvees.setdefault(sorte, Semaine(sorte))
        semaine.jours.setdefault(int(ligne.get("jour_semaine") or 0), []).append(ligne)
    for semaine in trouvees.values():
        for jour in semaine.jours.values():
            jour.sort(key=lambda e: (not e.get("heure_debut"), e.get("heure_debut") or "", e.get("heure_fin") or ""))
    return sorted(trouvees.values(), key=lambda s: (bool(s.sorte[1] or s.sorte[2]), s.sorte[1], s.sorte[0]))


def sorte_de(ligne: Ligne) -> Sorte:
    """Type and period of a row, as texts."""
    noms = ("type_horaire", "debut_date_effective", "fin_date_effective")
    type_horaire, debut, fin = (str(ligne.get(nom) or "") for nom in noms)
    return type_horaire, debut, fin


def _plage(ligne: Ligne) -> Plage:
    return ligne.get("heure_debut") or "", ligne.get("heure_fin") or ""


# -------------------------------------------------------------------------- reading aloud


def dire(plages: Mapping[int, Sequence[Plage]]) -> str:
    """A week read aloud, equal days together: « Du lundi au vendredi de 8 h 30 à 17 h ; samedi de 9 h à 12 h »."""
    if all(list(plages.get(jour, ())) == [(MINUIT, FIN_DU_JOUR)] for jour in TOUS):
        return f"{TOUJOURS}, 7 j/7".replace(" ", INSECABLE, 1)
    textes = _textes_par_jour(plages)
    jours_de: dict[str, list[int]] = {}
    for jour, texte in textes.items():
        jours_de.setdefault(texte, []).append(jour)
    morceaux = [f"{_jours(jours)} {texte}".strip() for texte, jours in jours_de.items()]
    tout = fr(" ; ".join(m for m in morceaux if m))
    return majuscule(tout)


def _textes_par_jour(plages: Mapping[int, Sequence[Plage]]) -> dict[int, str]:
    """{weekday: its hours}; the end of a night is told with its beginning."""
    jours = {jour: sorted(siennes) for jour, siennes in plages.items() if siennes}
    nuits = {
        jour: fin for jour in TOUS if (fin := _fin_de_nuit(jours.get(jour, []), jours.get(jour_suivant(jour), [])))
    }
    textes: dict[int, str] = {}
    for jour, siennes in sorted(jours.items()):
        reste = [p for p in siennes if not (nuits.get((jour - 2) % 7 + 1) == p[1] and p[0] == MINUIT and jour)]
        dits = [_plage_en_clair(p, nuits.get(jour, "") if p[1] == FIN_DU_JOUR else "") for p in reste]
        if dits:
            textes[jour] = " et ".join([", ".join(dits[:-1]), dits[-1]]) if len(dits) > 1 else dits[0]
    return textes


def _fin_de_nuit(soir: Sequence[Plage], lendemain: Sequence[Plage]) -> str:
    """End of the night that a last slot begins and the next day's first slot goes on with; "" when there is none."""
    commence = bool(soir) and soir[-1][1] == FIN_DU_JOUR and soir[-1][0] > MINUIT
    continue_ = bool(lendemain) and lendemain[0][0] == MINUIT and MINUIT < lendemain[0][1] < FIN_DU_JOUR
    return lendemain[0][1] if commence and continue_ else ""


def _plage_en_clair(plage: Plage, lendemain: str) -> str:
    debut, fin = plage
    if (debut, fin) == (MINUIT, FIN_DU_JOUR):
        return TOUJOURS.replace(" ", INSECABLE)
    if debut and fin:
        jusqu_a = f"{heure_en_clair(lendemain)} le lendemain" if lendemain else heure_en_clair(fin)
        return f"de {heure_en_clair(debut)} à {jusqu_a}"
    if debut:
        return f"dès {heure_en_clair(debut)}"
    return f"jusqu’à {heure_en_clair(fin)}" if fin else ""


def _jours(jours: Sequence[int]) -> str:
    """« du lundi au vendredi », « lundi et mardi », « du lundi au mercredi et samedi », « tous les jours »."""
    if 0 in jours:
        return ""
    if tuple(jours) == TOUS:
        return "tous les jours"
    suites: list[list[int]] = []
    for jour in jours:
        if suites and suites[-1][-1] == jour - 1:
            suites[-1].append(jour)
        else:
            suites.append([jour])
    mots: list[str] = []
    for suite in suites:
        if len(suite) > 2:
            mots.append(f"du {JOURS[suite[0] - 1]} au {JOURS[suite[-1] - 1]}")
        else:
            mots += [JOURS[jour - 1] for jour in suite]
    return " et ".join([", ".join(mots[:-1]), mots[-1]]) if len(mots) > 1 else mots[0]


def dire_la_periode(debut: str, fin: str) -> str:
    """« du 24 décembre 2026 au 2 janvier 2027 », « à partir du … », « jusqu’au … »; "" without a period."""
    du, au = (date_longue(date.fromisoformat(jour)) if jour else "" for jour in (debut, fin))
    if du and au:
        return f"le {du}" if debut == fin else f"du {du} au {au}"
    return f"à partir du {du}" if du else f"jusqu’au {au}" if au else ""


def est_passee(fin: str, aujourd_hui: date) -> bool:
    """Whether a period is over (RG_EXP_017)."""
    return bool(fin) and date.fromisoformat(fin) < aujourd_hui
