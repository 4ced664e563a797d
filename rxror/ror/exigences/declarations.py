"""The national quality requirements, one declaration each.

Source: ansforge/ROR-indicateurs-BI-SQL; each function that computes one says where it reads the view more closely.
"""

from rxror.ror.exigences.verdicts import Exigence, Portee
from rxror.ror.regles.declaration import Correction, Severite, Thematique
from rxror.ror.typographie import fr

OFFRE, ETABLISSEMENT = Portee.OFFRE, Portee.ETABLISSEMENT
ALERTE, INFORMATION = Severite.ALERTE, Severite.INFORMATION
AJOUTER, CORRIGER = Correction.AJOUTER, Correction.CORRIGER
_MODULES = {OFFRE: "offre", ETABLISSEMENT: "etablissement"}


def _exigence(
    identifiant: str,
    titre: str,
    enonce: str,
    portee: Portee,
    thematique: Thematique,
    correction: Correction = CORRIGER,
    *,
    vue: str,
    severite: Severite = ALERTE,
    module: str = "",
) -> Exigence:
    return Exigence(
        identifiant,
        severite,
        enonce,
        f"indicateurs de l’ANS, {vue}",
        thematique,
        correction,
        f"rxror/ror/exigences/{module or _MODULES[portee]}.py",
        fr(titre),
        portee,
    )


CO1 = _exigence(
    "CO1",
    "Une offre d’urgences porte le mot « urgences » et s’appuie sur une autorisation",
    "An accueil des urgences has « urgence » in its name and an authorisation in FINESS.",
    OFFRE,
    Thematique.COHERENCE,
    vue="V_DIM_ExigenceQualite_CO1",
)
CO2 = _exigence(
    "CO2",
    "Le type de maternité correspond aux offres décrites et à l’autorisation",
    "The type of maternity declared, the perinatal offers described and the authorisation agree.",
    ETABLISSEMENT,
    Thematique.COHERENCE,
    vue="V_DIM_ExigenceQualite_CO2",
)
CO3 = _exigence(
    "CO3",
    "L’unité sensible est bien indiquée",
    "What a name or an activity tells to be sensitive is declared so, and nothing else is.",
    OFFRE,
    Thematique.COHERENCE,
    vue="V_DIM_ExigenceQualite_CO3",
)
CO4 = _exigence(
    "CO4",
    "La catégorie est celle de FINESS",
    "The category of an établissement is that of FINESS.",
    ETABLISSEMENT,
    Thematique.COHERENCE,
    vue="V_DIM_ExigenceQualite_ST2_CO4",
)
CP4 = _exigence(
    "CP4",
    "L’offre est complète",
    "The peuplement of an offer is finalised.",
    OFFRE,
    Thematique.COMPLETUDE,
    AJOUTER,
    vue="V_DIM_SuiviPeuplementROR_UE et _EG",
)
CP5 = _exigence(
    "CP5",
    "L’hébergement médico-social précise le type d’offre et l’accueil temporaire ou permanent",
    "A médico-social accommodation gives its type d'offre and its temporalité d'accueil.",
    OFFRE,
    Thematique.COMPLETUDE,
    AJOUTER,
    vue="V_DIM_ExigenceQualite_CP5_CP6",
)
CP6 = _exigence(
    "CP6",
    "L’hébergement médico-social indique ses places installées",
    "A médico-social accommodation has installed places.",
    OFFRE,
    Thematique.COMPLETUDE,
    AJOUTER,
    vue="V_DIM_ExigenceQualite_CP5_CP6",
)
EX1_2 = _exigence(
    "EX1.2",
    "L’établissement connu de FINESS est décrit",
    "An établissement of the historic perimeter that FINESS knows is described.",
    ETABLISSEMENT,
    Thematique.EXHAUSTIVITE,
    AJOUTER,
    vue="V_DIM_ExigenceQualite_EX1.2",
    severite=INFORMATION,
)
EX2 = _exigence(
    "EX2",
    "L’état d’ouverture est celui de FINESS",
    "An établissement is open, or closed, as in FINESS.",
    ETABLISSEMENT,
    Thematique.EXHAUSTIVITE,
    vue="V_DIM_ExigenceQualite_EX2",
)
EX3 = _exigence(
    "EX3",
    "La réanimation autorisée est décrite",
    "An authorised réanimation is described by an offer.",
    ETABLISSEMENT,
    Thematique.EXHAUSTIVITE,
    AJOUTER,
    vue="V_DIM_ExigenceQualite_EX3_EX4_EX5",
)
EX4 = _exigence(
    "EX4",
    "La réanimation pédiatrique autorisée est décrite",
    "An authorised paediatric réanimation is described by an offer.",
    ETABLISSEMENT,
    Thematique.EXHAUSTIVITE,
    AJOUTER,
    vue="V_DIM_ExigenceQualite_EX3_EX4_EX5",
)
EX5 = _exigence(
    "EX5",
    "La réanimation néonatale autorisée est décrite",
    "An authorised neonatal réanimation is described by an offer.",
    ETABLISSEMENT,
    Thematique.EXHAUSTIVITE,
    AJOUTER,
    vue="V_DIM_ExigenceQualite_EX3_EX4_EX5",
)
RE1_2 = _exigence(
    "RE1.2",
    "Les offres de l’établissement sont mises à jour depuis moins d’un an",
    "A quarter of the offers, one below eight, were updated within a year.",
    ETABLISSEMENT,
    Thematique.RECENCE,
    vue="V_DIM_ExigenceQualite_RE1.2",
    module="recence",
)
ST2 = _exigence(
    "ST2",
    "L’entité juridique est celle de FINESS",
    "The entité juridique of an établissement is that of FINESS.",
    ETABLISSEMENT,
    Thematique.STRUCTURATION,
    vue="V_DIM_ExigenceQualite_ST2_CO4",
    severite=INFORMATION,
)
ST3 = _exigence(
    "ST3",
    "L’identifiant national est unique dans la région",
    "No other open entité of the region has the same national identifier.",
    ETABLISSEMENT,
    Thematique.STRUCTURATION,
    vue="V_DIM_ExigenceQualite_ST3",
    severite=INFORMATION,
)

EXIGENCES: tuple[Exigence, ...] = (
    CO1, CO2, CO3, CO4, CP4, CP5, CP6, EX1_2, EX2, EX3, EX4, EX5, RE1_2, ST2, ST3,
)  # fmt: skip
