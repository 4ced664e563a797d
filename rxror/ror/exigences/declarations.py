"""The national quality requirements, one declaration each.

Source: ansforge/ROR-indicateurs-BI-SQL, views V_DIM_ExigenceQualite_*; each function that computes one says where it
reads the view more closely.
"""

from rxror.ror.exigences.verdicts import Action, Exigence, Portee, Thematique
from rxror.ror.typographie import fr

_VUE = "BI, V_DIM_ExigenceQualite_"
_O, _E = Portee.OFFRE, Portee.ETABLISSEMENT
_T, _A = Thematique, Action

CO1 = Exigence(
    "CO1",
    fr("Une offre d’urgences porte le mot « urgences » et s’appuie sur une autorisation"),
    _O,
    _T.COHERENCE,
    _A.CORRECTION,
    "A",
    f"{_VUE}CO1",
)
CO2 = Exigence(
    "CO2",
    "Le type de maternité correspond aux offres décrites et à l’autorisation",
    _E,
    _T.COHERENCE,
    _A.CORRECTION,
    "A",
    f"{_VUE}CO2",
)
CO3 = Exigence("CO3", "L’unité sensible est bien indiquée", _O, _T.COHERENCE, _A.CORRECTION, "A", f"{_VUE}CO3")
CO4 = Exigence("CO4", "La catégorie est celle de FINESS", _E, _T.COHERENCE, _A.CORRECTION, "A", f"{_VUE}ST2_CO4")
CP4 = Exigence(
    "CP4", "L’offre est complète", _O, _T.COMPLETUDE, _A.AJOUT, "A", "BI, V_DIM_SuiviPeuplementROR_UE et _EG"
)
CP5 = Exigence(
    "CP5",
    "L’hébergement médico-social précise le type d’offre et l’accueil temporaire ou permanent",
    _O,
    _T.COMPLETUDE,
    _A.AJOUT,
    "A",
    f"{_VUE}CP5_CP6",
)
CP6 = Exigence(
    "CP6",
    "L’hébergement médico-social indique ses places installées",
    _O,
    _T.COMPLETUDE,
    _A.AJOUT,
    "A",
    f"{_VUE}CP5_CP6",
)
EX1_2 = Exigence(
    "EX1.2", "L’établissement connu de FINESS est décrit", _E, _T.EXHAUSTIVITE, _A.AJOUT, "I", f"{_VUE}EX1.2"
)
EX2 = Exigence("EX2", "L’état d’ouverture est celui de FINESS", _E, _T.EXHAUSTIVITE, _A.CORRECTION, "A", f"{_VUE}EX2")
EX3 = Exigence("EX3", "La réanimation autorisée est décrite", _E, _T.EXHAUSTIVITE, _A.AJOUT, "A", f"{_VUE}EX3_EX4_EX5")
EX4 = Exigence(
    "EX4", "La réanimation pédiatrique autorisée est décrite", _E, _T.EXHAUSTIVITE, _A.AJOUT, "A", f"{_VUE}EX3_EX4_EX5"
)
EX5 = Exigence(
    "EX5", "La réanimation néonatale autorisée est décrite", _E, _T.EXHAUSTIVITE, _A.AJOUT, "A", f"{_VUE}EX3_EX4_EX5"
)
RE1_2 = Exigence(
    "RE1.2",
    "Les offres de l’établissement sont mises à jour depuis moins d’un an",
    _E,
    _T.RECENCE,
    _A.CORRECTION,
    "A",
    f"{_VUE}RE1.2",
)
ST2 = Exigence(
    "ST2", "L’entité juridique est celle de FINESS", _E, _T.STRUCTURATION, _A.CORRECTION, "I", f"{_VUE}ST2_CO4"
)
ST3 = Exigence(
    "ST3", "L’identifiant national est unique dans la région", _E, _T.STRUCTURATION, _A.CORRECTION, "I", f"{_VUE}ST3"
)

EXIGENCES: tuple[Exigence, ...] = (
    CO1,
    CO2,
    CO3,
    CO4,
    CP4,
    CP5,
    CP6,
    EX1_2,
    EX2,
    EX3,
    EX4,
    EX5,
    RE1_2,
    ST2,
    ST3,
)
