"""Whom the national requirements look at: categories of établissement and codes of the offers.

Source: ansforge/ROR-indicateurs-BI-SQL, the view named beside each set.
"""

from rxror.ror.autorisations import Notion
from rxror.ror.objets import entite_geographique


def _codes(texte: str) -> frozenset[str]:
    return frozenset(texte.split())


# V_DIM_AutorisationFINESS, TypePerimetreROR.
HISTORIQUE = _codes(
    "101 106 109 114 122 127 128 129 131 141 146 156 161 182 183 186 188 189 190 192 194 195 196 198 202 207 209 "
    "221 238 246 249 252 253 255 292 354 355 362 365 366 370 377 379 381 382 390 395 396 402 412 415 425 430 437 "
    "444 445 446 448 449 460 500 501 502 696 697 698"
)
SUIVIES = HISTORIQUE | _codes("178 197 228 603 604 606 617 618")
# V_DIM_AutorisationFINESS, DomaineROR.
DOMAINE_SANITAIRE = _codes(
    "101 106 109 114 122 127 128 129 131 141 146 156 161 292 355 362 365 366 412 415 425 430 444 696 697 698"
)
PSYCHIATRIQUES = _codes("156 161 292 366 412 415 425 430 444")
# V_DIM_SuiviPeuplementROR_EG: followed by champ d'activité, and those followed without any authorisation.
PEUPLEMENT_PAR_CHAMP = entite_geographique.SANITAIRES
PEUPLEMENT_PSY, PEUPLEMENT_MCO = PSYCHIATRIQUES | {"166"}, frozenset({"638"})
PEUPLEMENT_ENTIER = _codes(
    "165 178 180 182 183 186 188 189 190 192 194 195 196 197 198 202 207 209 213 221 228 231 238 246 249 252 253 "
    "255 354 370 377 379 381 382 390 395 396 402 437 445 446 448 449 460 500 501 502 603 604 606 608 617 618"
)
# Categories of the offre de ville that FINESS does not hold.
HORS_FINESS = frozenset({"SA05", "SA07", "SA08", "SA09"})
# V_DIM_ExigenceQualite_CP5_CP6.
HEBERGEMENT = _codes(
    "178 182 183 186 188 189 190 192 194 195 196 197 198 202 207 209 221 228 238 246 249 252 253 255 354 370 377 "
    "379 381 382 390 395 396 402 437 445 446 448 449 460 500 501 502"
)
MODES_HEBERGEMENT = frozenset({"46", "47", "48"})
JOUR_ET_NUIT, PLATEFORME_DE_REPIT, PASA = "46", "38", "25"
CP5_TOUJOURS = frozenset({"183", "186", "194", "195", "255", "390", "395", "437"})
CP5_JOUR_ET_NUIT = frozenset({"202", "207", "500", "501", "502"})
# V_DIM_ExigenceQualite_CO1, CO2, CO3, EX3_EX4_EX5.
ACCUEIL_DES_URGENCES, AO_URGENCES, AO_URGENCES_PEDIATRIQUES = "33", "157", "249"
MODES_MATERNITE = frozenset({"14", "28", "29", "30", "34"})
AO_OBSTETRIQUE = frozenset({"100", "260"})
AO_NEONATOLOGIE, AO_SOINS_INTENSIFS, AO_REANIMATION_NEONATALE = "094", "369", "128"
AO_MATERNITE = AO_OBSTETRIQUE | {AO_NEONATOLOGIE, AO_SOINS_INTENSIFS, AO_REANIMATION_NEONATALE}
AO_MEDECINE_PENITENTIAIRE = "089"
ACTES_NRBC = frozenset({"0006", "0007", "0008"})
CO3_EXCLUES = HORS_FINESS | {"500", "124"}
AO_REANIMATION = _codes("121 122 123 124 125 126 127 129")
AO_REANIMATION_PEDIATRIQUE = frozenset({"130"})
CHAMPS = {"01": Notion.MCO, "02": Notion.SMR, "03": Notion.PSY}
# The number that stands for « no FINESS number » in the regional bases (V_DIM_ExportAnomaliesBI).
FINESS_FACTICE = "888888888"
