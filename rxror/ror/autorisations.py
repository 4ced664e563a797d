"""What an authorisation of FINESS lets an établissement do, as the national requirements read it.

Two code systems live side by side in FINESS+: AMF, before the reform of the authorisations, whose codes are those of
the national indicators (ansforge/ROR-indicateurs-BI-SQL, V_DIM_AutorisationFINESS); and AMM, after it, which the
indicators do not name: there we read the labels of the published list of care authorisations, version 14. A combination
of a followed activity that the list does not name is uncertain, and what depends on it cannot be verified.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

# The reform prolonged every authorisation in force after that day (V_DIM_AutorisationFINESS).
PROLONGEES_DEPUIS = date(2021, 5, 1)
AMF, AMM = "AMF", "AMM"
ACTIVE = "A"
HAD_AMF = "05"  # forme d'activité


def _codes(texte: str) -> frozenset[str]:
    return frozenset(texte.split())


class Notion(StrEnum):
    """What the requirements look for; the value is what is read."""

    URGENCES = "urgences"
    URGENCES_PEDIATRIQUES = "urgences pédiatriques"
    OBSTETRIQUE = "obstétrique"
    NEONATOLOGIE = "néonatologie"
    SOINS_INTENSIFS_NEONATALS = "soins intensifs de néonatologie"
    REANIMATION_NEONATALE = "réanimation néonatale"
    REANIMATION = "réanimation"
    REANIMATION_PEDIATRIQUE = "réanimation pédiatrique"
    MCO = "MCO"
    SMR = "SMR"
    PSY = "PSY"


@dataclass(frozen=True)
class Autorisation:
    """One authorised activity carried out on a site, as FINESS+ gives it; empty for what it does not say."""

    nature: str
    activite: str
    modalite: str = ""
    mention: str = ""
    forme: str = ""
    fin: date | None = None
    fin_effective: date | None = None
    etat: str = ACTIVE


@dataclass(frozen=True)
class Autorisations:
    """The authorisations of one établissement.

    Attributes:
        jour: day of the FINESS+ file.
        ej: FINESS number of the entité juridique in that file.
        nombres: how many in force, by notion.
        incertaines: notions for which some code could not be read with certainty.
    """

    jour: date
    ej: str = ""
    nombres: dict[Notion, int] = field(default_factory=dict)
    incertaines: frozenset[Notion] = frozenset()

    def a(self, notion: Notion) -> bool:
        """Whether at least one is in force."""
        return self.nombres.get(notion, 0) > 0

    def ignore(self, notion: Notion) -> bool:
        """Whether it cannot be said: none is sure, and one may be."""
        return not self.a(notion) and notion in self.incertaines


PERINATALES = (
    Notion.OBSTETRIQUE,
    Notion.NEONATOLOGIE,
    Notion.SOINS_INTENSIFS_NEONATALS,
    Notion.REANIMATION_NEONATALE,
)
URGENCES = (Notion.URGENCES, Notion.URGENCES_PEDIATRIQUES)
REANIMATIONS = (Notion.REANIMATION, Notion.REANIMATION_PEDIATRIQUE)

# (activité, modalité) of AMF.
_AMF = {
    ("14", "23"): Notion.URGENCES,
    ("14", "24"): Notion.URGENCES_PEDIATRIQUES,
    ("03", "01"): Notion.OBSTETRIQUE,
    ("03", "02"): Notion.NEONATOLOGIE,
    ("03", "03"): Notion.SOINS_INTENSIFS_NEONATALS,
    ("03", "04"): Notion.REANIMATION_NEONATALE,
    ("15", "09"): Notion.REANIMATION,
    ("15", "10"): Notion.REANIMATION_PEDIATRIQUE,
    ("15", "98"): Notion.REANIMATION_PEDIATRIQUE,
}
# (activité, modalité, mention) of AMM; None where the label says that it is none of what we look for.
_AMM = {
    ("QA003", "MO016", "ME000"): Notion.OBSTETRIQUE,
    ("QA003", "MO017", "ME000"): Notion.NEONATOLOGIE,  # « sans soins intensifs »
    ("QA003", "MO018", "ME000"): Notion.SOINS_INTENSIFS_NEONATALS,  # « avec soins intensifs »
    ("QA003", "MO019", "ME000"): Notion.REANIMATION_NEONATALE,
    ("QA014", "MO030", "ME000"): None,  # SAMU
    ("QA014", "MO031", "ME064"): None,  # SMUR
    ("QA014", "MO031", "ME065"): None,
    ("QA014", "MO031", "ME067"): None,
    ("QA014", "MO032", "ME064"): Notion.URGENCES_PEDIATRIQUES,
    ("QA014", "MO032", "ME065"): Notion.URGENCES,  # « Structure des urgences », « adulte et pédiatrique »
    ("QA015", "MO006", "ME016"): Notion.REANIMATION,  # « Réanimation et soins intensifs polyvalents »
    ("QA015", "MO006", "ME017"): None,  # soins intensifs alone
    ("QA015", "MO006", "ME018"): None,
    ("QA015", "MO006", "ME019"): None,
    ("QA015", "MO006", "ME020"): None,
    ("QA015", "MO007", "ME021"): Notion.REANIMATION_PEDIATRIQUE,
    ("QA015", "MO007", "ME022"): Notion.REANIMATION_PEDIATRIQUE,
    ("QA015", "MO007", "ME023"): None,
    ("QA015", "MO007", "ME024"): None,
}
# What an unknown combination of these activities may be.
_SUIVIES = {"QA003": PERINATALES, "QA014": URGENCES, "QA015": REANIMATIONS}
_MCO_AMF = _codes("01 02 03 07 09 10 11 12 13 14 15 16 17 18 19 80 81 82 83 84 85 86 87 88")
_SMR_AMF = frozenset(str(code) for code in range(50, 60))
_PSY_AMF, _PSY_AMM, _SMR_AMM = "04", "QA004", "QA050"
# QA007, soins de longue durée, is none of the three; the other AMM activities are MCO by their labels.
_MCO_AMM = _codes(
    "QA001 QA002 QA003 QA009 QA010 QA011 QA012 QA013 QA014 QA015 QA016 QA017 QA018 QA019 QA020 QA021 QA030 QA040 "
    "QA080 QEML1 QEML2 QEML3"
)


def resumer(autorisations: Iterable[Autorisation], jour: date, ej: str = "") -> Autorisations:
    """Count what is in force, by notion, on the day of the file."""
    nombres: Counter[Notion] = Counter()
    incertaines: set[Notion] = set()
    for autorisation in autorisations:
        if not _active(autorisation, jour):
            continue
        notions, doutes = notions_de(autorisation)
        if autorisation.fin is None:
            # The indicators leave out an authorisation without an end; FINESS says it is active: nobody knows.
            incertaines |= notions | doutes
            continue
        nombres.update(notions)
        incertaines |= doutes
    return Autorisations(jour, ej, dict(nombres), frozenset(incertaines))


def notions_de(autorisation: Autorisation) -> tuple[frozenset[Notion], frozenset[Notion]]:
    """(what it surely is, what it may be)."""
    if autorisation.nature == AMF:
        cle = (autorisation.activite, autorisation.modalite)
        trouvees = {_AMF[cle]} if cle in _AMF else set[Notion]()
        return frozenset(trouvees | _champs_amf(autorisation)), frozenset()
    if autorisation.nature != AMM:
        return frozenset(), frozenset()
    cle_amm = (autorisation.activite, autorisation.modalite, autorisation.mention)
    notion = _AMM.get(cle_amm)
    doutes = () if cle_amm in _AMM else _SUIVIES.get(autorisation.activite, ())
    return frozenset({*([notion] if notion else []), *_champs_amm(autorisation.activite)}), frozenset(doutes)


def _champs_amf(autorisation: Autorisation) -> set[Notion]:
    """Champs d'activité of an AMF code (V_DIM_AutorisationFINESS)."""
    champs: set[Notion] = set()
    if autorisation.activite in _MCO_AMF or (autorisation.forme == HAD_AMF and autorisation.activite != _PSY_AMF):
        champs.add(Notion.MCO)
    if autorisation.activite in _SMR_AMF and autorisation.forme != HAD_AMF:
        champs.add(Notion.SMR)
    if autorisation.activite == _PSY_AMF:
        champs.add(Notion.PSY)
    return champs


def _champs_amm(activite: str) -> set[Notion]:
    if activite in _MCO_AMM:
        return {Notion.MCO}
    return {Notion.SMR} if activite == _SMR_AMM else {Notion.PSY} if activite == _PSY_AMM else set()


def _active(autorisation: Autorisation, jour: date) -> bool:
    if autorisation.etat != ACTIVE or (autorisation.fin_effective and autorisation.fin_effective <= jour):
        return False
    return autorisation.fin is None or autorisation.fin >= PROLONGEES_DEPUIS
