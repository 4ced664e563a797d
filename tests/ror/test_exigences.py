"""The national requirements, one by one: conform, violating and boundary cases that read like the rule."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from rxror.ror.autorisations import Autorisations, Notion
from rxror.ror.exigences import EXIGENCES
from rxror.ror.exigences.entrees import EtablissementVu, FicheFiness, OffreVue
from rxror.ror.exigences.etablissement import co2, co4, ex1_2, ex2, ex3, ex4, ex5, st2, st3
from rxror.ror.exigences.offre import co1, co3, cp4, cp5, cp6, nom_avec_urgences
from rxror.ror.exigences.peuplement import A_FAIRE, EN_COURS, FINALISE, peuplement, statut_de
from rxror.ror.exigences.phrases import PHRASES
from rxror.ror.exigences.recence import Recence, est_fraiche, re1_2, recence
from rxror.ror.exigences.verdicts import MOTS, Statut
from rxror.settings import RACINE

C, E, N, S = Statut.CONFORME, Statut.ECART, Statut.NON_VERIFIABLE, Statut.SANS_OBJET
JOUR = date(2026, 11, 23)
FICHE = FicheFiness(date(2026, 5, 12), categorie="355", ej="810000331")


def connues(*notions: Notion, incertaines: tuple[Notion, ...] = (), **autres: Any) -> Autorisations:
    return Autorisations(
        date(2026, 8, 18), nombres=dict.fromkeys(notions, 1), incertaines=frozenset(incertaines), **autres
    )


def un_eg(*notions: Notion, charge: bool = True, **autres: Any) -> EtablissementVu:
    """CH ALBI, open, known of FINESS, with these authorisations."""
    valeurs: dict[str, Any] = {
        "finess": "810000505",
        "nom": "CH ALBI",
        "categorie": "355",
        "ej": "810000331",
        "fiche": FICHE,
        "autorisations": connues(*notions) if charge else None,
    }
    return EtablissementVu(**valeurs | autres)


def une_offre(nom: str = "", *activites: str, **autres: Any) -> OffreVue:
    return OffreVue(identifiant="76/0000001", nom=nom, activites=frozenset(activites), **autres)


def test_exigences_are_the_fifteen_with_distinct_ids_and_a_thematique_in_words() -> None:
    assert [e.id for e in EXIGENCES] == [
        "CO1", "CO2", "CO3", "CO4", "CP4", "CP5", "CP6", "EX1.2", "EX2", "EX3", "EX4", "EX5", "RE1.2", "ST2", "ST3",
    ]  # fmt: skip
    assert all(MOTS[e.thematique] and e.titre and e.source and e.enonce.endswith(".") for e in EXIGENCES)
    assert all((RACINE / e.ou).is_file() for e in EXIGENCES)
    assert {e.severite for e in EXIGENCES} == {"A", "I"}


def test_phrases_speak_of_known_exigences_only() -> None:
    assert {exigence for exigence, _ in PHRASES} - {"EX"} <= {e.id for e in EXIGENCES}


# ------------------------------------------------------------------------------- CO1


@pytest.mark.parametrize(
    ("nom", "activites", "notions", "statut"),
    [
        ("Urgences adultes", ("157",), (Notion.URGENCES,), C),
        ("URGENCE de nuit", ("157",), (Notion.URGENCES,), C),
        ("Accueil des ûrgences", ("157",), (Notion.URGENCES,), C),
        ("Accueil adultes de nuit", ("157",), (Notion.URGENCES,), E),
        ("Urgences adultes", ("157",), (), E),
        ("Urgences adultes", ("157",), (Notion.URGENCES_PEDIATRIQUES,), E),
        ("Urgences", ("157", "249"), (Notion.URGENCES,), C),
        ("Urgences", ("157", "249"), (Notion.URGENCES_PEDIATRIQUES,), E),
        ("Urgences pédiatriques", ("249",), (Notion.URGENCES_PEDIATRIQUES,), C),
        ("Urgences pédiatriques", ("249",), (Notion.URGENCES,), C),
        ("Urgences pédiatriques", ("249",), (Notion.REANIMATION,), E),
        ("Urgences obstétricales", ("260",), (), S),
    ],
)
def test_co1_name_and_authorisation(
    nom: str, activites: tuple[str, ...], notions: tuple[Notion, ...], statut: Statut
) -> None:
    assert co1(une_offre(nom, *activites, mode="33"), un_eg(*notions)).statut is statut


@pytest.mark.parametrize(
    ("offre", "eg", "statut"),
    [
        ({"mode": "32"}, {}, S),
        ({"fermee": True}, {}, S),
        ({}, {"categorie": "300"}, S),
        ({}, {"fiche": replace(FICHE, connue=False)}, S),
        ({}, {"charge": False}, N),
        ({}, {"autorisations": connues(incertaines=(Notion.URGENCES,))}, N),
        ({}, {"autorisations": connues(Notion.URGENCES, incertaines=(Notion.URGENCES,))}, C),
    ],
)
def test_co1_whom_it_looks_at_and_what_it_cannot_say(offre: Any, eg: Any, statut: Statut) -> None:
    assert co1(une_offre("Urgences", "157", **{"mode": "33"} | offre), un_eg(**eg)).statut is statut


def test_co1_name_is_an_ecart_even_without_authorisations_loaded() -> None:
    verdict = co1(une_offre("Accueil de nuit", "157", mode="33"), un_eg(charge=False))
    assert (verdict.statut, verdict.section, verdict.chemin) == (E, "informations_generales", "nom_offre")
    assert (verdict.error_value, verdict.proposed_value) == ("Accueil de nuit", "Accueil de nuit, urgences")
    assert (verdict.remede, verdict.path_element_error) == ("CO1", "HealthcareService.name")


def test_co1_too_long_a_name_has_no_correction() -> None:
    assert nom_avec_urgences("x" * 245) == "x" * 245 + ", urgences"
    assert nom_avec_urgences("x" * 246) == ""
    assert nom_avec_urgences("") == "Urgences"


# ------------------------------------------------------------------------------- CO2

NIVEAUX = {
    "1": (Notion.OBSTETRIQUE,),
    "2A": (Notion.OBSTETRIQUE, Notion.NEONATOLOGIE),
    "2B": (Notion.OBSTETRIQUE, Notion.NEONATOLOGIE, Notion.SOINS_INTENSIFS_NEONATALS),
    "3": (
        Notion.OBSTETRIQUE,
        Notion.NEONATOLOGIE,
        Notion.SOINS_INTENSIFS_NEONATALS,
        Notion.REANIMATION_NEONATALE,
    ),
}


def maternite(declare: str, *activites: str, nom: str = "Maternité") -> list[OffreVue]:
    types = frozenset({declare} if declare else set())
    return [une_offre(nom, "100", mode="28", types_maternite=types), *(une_offre("", a, mode="28") for a in activites)]


@pytest.mark.parametrize(
    ("declare", "activites", "autorise", "statut"),
    [
        ("01", (), "1", C),
        ("02", ("094",), "2A", C),
        ("03", ("094", "369"), "2B", C),
        ("04", ("094", "369", "128"), "3", C),
        ("02", ("094",), "2B", E),
        ("01", ("094",), "1", E),
        ("02", (), "2A", E),
        ("03", ("369",), "2B", E),
        ("02", ("094", "369"), "2A", E),
        ("04", ("094", "369"), "3", E),
        ("", (), "1", E),
    ],
)
def test_co2_declared_described_and_authorised_agree(
    declare: str, activites: tuple[str, ...], autorise: str, statut: Statut
) -> None:
    assert co2(un_eg(*NIVEAUX[autorise]), maternite(declare, *activites)).statut is statut


@pytest.mark.parametrize(
    ("offres", "eg", "statut"),
    [
        ([], {}, S),
        ([une_offre("Maternité, consultations", "100", mode="32")], {}, S),
        ([une_offre("Maternité", "100", mode="28", fermee=True)], {}, S),
        ([une_offre("Maternité kangourou", "100", mode="14", types_maternite=frozenset({"01"}))], {}, C),
        ([une_offre("MATERNITE", "260", mode="34", types_maternite=frozenset({"01"}))], {}, C),
        (maternite("01", nom="Obstétrique"), {}, E),
        ([une_offre("Maternité", mode="28", types_maternite=frozenset({"01"}))], {}, E),
        (maternite("01"), {"charge": False}, N),
        (maternite("01", "128"), {"charge": False}, E),
        (maternite("01"), {"autorisations": connues(*NIVEAUX["1"], incertaines=(Notion.NEONATOLOGIE,))}, N),
        (maternite("01"), {"autorisations": connues()}, E),
    ],
)
def test_co2_whom_it_looks_at_and_what_it_cannot_say(offres: list[OffreVue], eg: Any, statut: Statut) -> None:
    eg = {"autorisations": connues(*NIVEAUX["1"])} | eg if "charge" not in eg else eg
    assert co2(un_eg(**eg), offres).statut is statut


def test_co2_highest_type_wins_and_the_sentence_says_what_to_do() -> None:
    verdict = co2(un_eg(*NIVEAUX["1"]), [*maternite("01"), *maternite("03", "094")])
    assert verdict.statut is E
    assert verdict.error_value == "2B"
    assert verdict.proposed_value == "1"
    assert "Décrivez les soins intensifs de néonatologie." in verdict.phrase


# ------------------------------------------------------------------------------- CO3


@pytest.mark.parametrize(
    "nom",
    [
        "UHSI de Toulouse",
        "uhsir",
        "Unité sécurisée interrégionale",
        "Sécurité inter-régionale",
        "Unité sécurisé",
        "Consultations des détenus",
        "USMP Albi",
        "Soins en milieu pénitentiaire",
        "UHSA",
        "Unité spécialement aménagée",
        "SMPR",
        "Service médico-psycologique",
        "UFDH",
        "UMDH",
        "Risques NRBC",
        "Chaîne de décontamination",
        "Patients contaminés",
        "Patient contaminé",
    ],
)
def test_co3_these_names_tell_a_unite_sensible(nom: str) -> None:
    assert co3(une_offre(nom), un_eg()).statut is E
    assert co3(une_offre(nom, unite_sensible=True), un_eg()).statut is C
    assert co3(une_offre("Consultations", uf=nom), un_eg()).statut is E


@pytest.mark.parametrize(
    ("offre", "eg", "statut"),
    [
        (une_offre("SMPR, réadaptation"), {}, C),
        (une_offre("SMPR, réadaptation", unite_sensible=True), {}, E),
        (une_offre("Gynécologie"), {}, C),
        (une_offre("Gynécologie", unite_sensible=True), {}, E),
        (une_offre("Consultations", "089"), {}, E),
        (une_offre("Consultations", "089", unite_sensible=True), {}, C),
        (une_offre("Unité Alzheimer sécurisée"), {"categorie": "500"}, C),
        (une_offre("Unité Alzheimer sécurisée", unite_sensible=True), {"categorie": "500"}, E),
        (une_offre("UHSI"), {"categorie": "124"}, C),
        (une_offre("UHSI"), {"categorie": "SA05"}, C),
        (une_offre("UHSI", fermee=True), {}, C),
        (une_offre("Gynécologie", unite_sensible=True, fermee=True), {}, E),
        (une_offre("Déchocage", unite_sensible=True, actes=frozenset({"0006"})), {}, E),
    ],
)
def test_co3_directions_and_exceptions(offre: OffreVue, eg: Any, statut: Statut) -> None:
    assert co3(offre, un_eg(**eg)).statut is statut


def test_co3_says_the_sign_and_offers_to_tick_one_direction_only() -> None:
    ecart = co3(une_offre("Consultations", uf="UF USMP"), un_eg())
    assert "le nom de son UF" in ecart.phrase
    assert (ecart.chemin, ecart.remede) == ("unite_sensible", "CO3")
    inverse = co3(une_offre("Gynécologie", unite_sensible=True), un_eg())
    assert inverse.remede == ""


# --------------------------------------------------------------- CP4 and the peuplement


def test_cp4_is_the_peuplement_of_the_offer() -> None:
    entamee = une_offre(reste=("les âges",), champ_manquant=("patientele", "patientele.n0.age_min"))
    assert cp4(une_offre(), un_eg()).statut is C
    verdict = cp4(entamee, un_eg())
    assert (verdict.statut, verdict.section, verdict.chemin) == (E, "patientele", "patientele.n0.age_min")
    assert "en cours" in verdict.phrase
    assert "les âges" in verdict.phrase
    assert cp4(replace(entamee, entame=False), un_eg()).statut is E
    assert cp4(replace(entamee, fermee=True), un_eg()).statut is S


def offres_de(*statuts: str, champ: str = "01") -> list[OffreVue]:
    return [
        une_offre(champ_activite=champ, reste=() if s == FINALISE else ("les âges",), entame=s != A_FAIRE)
        for s in statuts
    ]


@pytest.mark.parametrize(
    ("statuts", "attendu"),
    [
        ((FINALISE, FINALISE), FINALISE),
        ((FINALISE, EN_COURS), EN_COURS),
        ((EN_COURS, A_FAIRE), EN_COURS),
        ((FINALISE, A_FAIRE), A_FAIRE),  # the quirk of the view
        ((A_FAIRE,), A_FAIRE),
        ((), A_FAIRE),
    ],
)
def test_peuplement_of_an_etablissement_as_the_view(statuts: tuple[str, ...], attendu: str) -> None:
    offres = offres_de(*statuts)
    assert [statut_de(o) for o in offres] == list(statuts)
    (ligne,) = peuplement(un_eg(categorie="500"), offres)
    assert (ligne.statut, ligne.finalisees, ligne.total) == (attendu, statuts.count(FINALISE), len(statuts))


def test_peuplement_in_sanitaire_is_by_champ_authorised() -> None:
    offres = [*offres_de(FINALISE), *offres_de(EN_COURS, champ="02"), *offres_de(FINALISE, champ="04")]
    lignes = peuplement(un_eg(Notion.MCO, Notion.PSY), offres)
    assert [(e.champ, e.statut, e.total) for e in lignes] == [("MCO", FINALISE, 1), ("PSY", A_FAIRE, 0)]
    assert [e.champ for e in peuplement(un_eg(charge=False), offres)] == ["MCO", "SMR"]
    assert [e.champ for e in peuplement(un_eg(charge=False, categorie="292"), [])] == ["PSY"]
    assert peuplement(un_eg(categorie="300"), offres) == []


def test_peuplement_leaves_out_offers_closed_for_good() -> None:
    fermee = replace(offres_de(EN_COURS)[0], fermee=True)
    assert peuplement(un_eg(categorie="500"), [fermee, *offres_de(FINALISE)])[0].statut == FINALISE


# -------------------------------------------------------------------------- CP5 and CP6


@pytest.mark.parametrize(
    ("offre", "categorie", "statut"),
    [
        ({"mode": "46", "type_offre": "20", "temporalite": "02"}, "500", C),
        ({"mode": "46", "type_offre": "20"}, "500", E),
        ({"mode": "46", "temporalite": "02"}, "500", E),
        ({"mode": "47"}, "500", S),
        ({"mode": "47"}, "183", E),
        ({"mode": "32"}, "183", S),
        ({"mode": "46"}, "178", S),
        ({"mode": "46", "type_offre": "38"}, "500", S),
        ({"mode": "46", "fermee": True}, "500", S),
        ({"mode": "46"}, "355", S),
    ],
)
def test_cp5_type_and_temporalite_of_an_accommodation(offre: Any, categorie: str, statut: Statut) -> None:
    assert cp5(une_offre(**offre), un_eg(categorie=categorie)).statut is statut


@pytest.mark.parametrize(
    ("offre", "categorie", "statut"),
    [
        ({"mode": "46", "places": 1}, "500", C),
        ({"mode": "46", "places": 0}, "500", E),
        ({"mode": "47", "places": 0}, "178", E),
        ({"mode": "48", "places": 0, "type_offre": "25"}, "500", S),
        ({"mode": "46", "places": 0, "type_offre": "38"}, "500", S),
        ({"mode": "28", "places": 0}, "500", S),
        ({"mode": "46", "places": 0}, "355", S),
        ({"mode": "46", "places": 0, "fermee": True}, "500", S),
    ],
)
def test_cp6_installed_places_of_an_accommodation(offre: Any, categorie: str, statut: Statut) -> None:
    assert cp6(une_offre(**offre), un_eg(categorie=categorie)).statut is statut


def test_cp6_leads_to_the_lieu_or_asks_for_one() -> None:
    assert cp6(une_offre(mode="46", lieu="L1"), un_eg(categorie="500")).focus == "lieu:L1"
    sans = cp6(une_offre(mode="46"), un_eg(categorie="500"))
    assert (sans.focus, sans.chemin) == ("offre:76/0000001", "lieu_realisation_offre")


# ------------------------------------------------------------------------ EX3, EX4, EX5


@pytest.mark.parametrize(
    ("regle", "notion", "activite", "voisine"),
    [
        (ex3, Notion.REANIMATION, "127", "130"),
        (ex3, Notion.REANIMATION, "121", "128"),
        (ex4, Notion.REANIMATION_PEDIATRIQUE, "130", "127"),
        (ex5, Notion.REANIMATION_NEONATALE, "128", "127"),
    ],
)
def test_ex_an_authorised_reanimation_has_an_offer(regle: Any, notion: Notion, activite: str, voisine: str) -> None:
    assert regle(un_eg(notion), [une_offre("", activite)]).statut is C
    assert regle(un_eg(notion), [une_offre("", activite, fermee=True)]).statut is C, "the view counts closed offers"
    assert regle(un_eg(notion), [une_offre("", voisine)]).statut is E
    assert regle(un_eg(), [une_offre("", activite)]).statut is S
    assert regle(un_eg(charge=False), []).statut is N
    assert regle(un_eg(charge=False, categorie="500"), []).statut is S
    assert regle(un_eg(notion, categorie="300"), []).statut is S
    assert regle(un_eg(autorisations=connues(incertaines=(notion,))), []).statut is N


# ------------------------------------------------------------------------- EX1.2 and EX2


@pytest.mark.parametrize(
    ("eg", "statut"),
    [
        ({"autorisations": connues(Notion.SMR)}, C),
        ({"autorisations": connues(Notion.URGENCES)}, S),  # no champ authorised
        ({"charge": False}, N),
        ({"charge": False, "categorie": "292"}, C),
        ({"charge": False, "categorie": "500"}, C),
        ({"charge": False, "categorie": "178"}, S),  # new perimeter, not the historic one
        ({"charge": False, "categorie": "300"}, S),
    ],
)
def test_ex1_2_historic_perimeter(eg: Any, statut: Statut) -> None:
    assert ex1_2(un_eg(**eg), []).statut is statut


HIER = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("ror", "finess", "statut"),
    [
        ({}, {}, C),
        ({"fermeture": HIER, "type_fermeture": "DEF"}, {}, E),
        ({}, {"fermeture": HIER, "type_fermeture": "DEF"}, E),
        ({}, {"caduc": True}, E),
        ({"fermeture": HIER, "type_fermeture": "DEF"}, {"fermeture": HIER, "type_fermeture": "DEF"}, C),
        ({"fermeture": HIER, "type_fermeture": "PRO"}, {"fermeture": HIER, "type_fermeture": "DEF"}, E),
        ({"fermeture": HIER, "type_fermeture": "DEF"}, {"fermeture": HIER, "type_fermeture": "PRO"}, E),
        ({"fermeture": HIER}, {"fermeture": HIER, "type_fermeture": "PRO"}, C),
        ({"fermeture": HIER, "type_fermeture": "DEF"}, {"fermeture": HIER, "type_fermeture": "NDI"}, C),
        ({}, {"connue": False}, E),
        ({"fermeture": HIER, "type_fermeture": "DEF"}, {"connue": False}, E),
        ({"fermeture": HIER, "type_fermeture": "DEF"}, {"caduc": True}, E),
        ({"fiche": None}, None, N),
        ({"finess": "888888888"}, {}, S),
    ],
)
def test_ex2_open_or_closed_as_in_finess(ror: Any, finess: Any, statut: Statut) -> None:
    fiche = None if finess is None else replace(FICHE, **finess)
    assert ex2(un_eg(**{"fiche": fiche} | ror), []).statut is statut


# ------------------------------------------------------------------------- CO4, ST2, ST3


@pytest.mark.parametrize(
    ("ror", "finess", "statut"),
    [
        ({}, {}, C),
        ({"categorie": "362"}, {}, E),
        ({"fermeture": HIER, "type_fermeture": "PRO", "categorie": "362"}, {}, E),
        ({"fermeture": HIER, "type_fermeture": "DEF", "categorie": "362"}, {}, S),
        ({"categorie": "SA07"}, {}, S),
        ({"finess": "888888888", "categorie": "362"}, {}, S),
        ({}, {"connue": False}, E),
        ({"fiche": None}, None, N),
    ],
)
def test_co4_category_of_finess(ror: Any, finess: Any, statut: Statut) -> None:
    fiche = None if finess is None else replace(FICHE, **finess)
    assert co4(un_eg(**{"fiche": fiche} | ror), []).statut is statut


@pytest.mark.parametrize(
    ("eg", "statut"),
    [
        ({}, C),
        ({"ej": "810000042"}, E),
        ({"fiche": None, "charge": False}, N),
        ({"fiche": None, "autorisations": connues(ej="810000331")}, C),
        ({"autorisations": connues(ej="810000042")}, E),  # later than the extraction: it is believed
        ({"autorisations": Autorisations(date(2026, 1, 1), "810000042")}, C),  # earlier: it is not
        ({"fiche": replace(FICHE, connue=False), "charge": False}, E),
        ({"fermeture": HIER, "type_fermeture": "DEF", "ej": "810000042"}, S),
    ],
)
def test_st2_entite_juridique_of_finess(eg: Any, statut: Statut) -> None:
    assert st2(un_eg(**eg), []).statut is statut


@pytest.mark.parametrize(
    ("eg", "statut"),
    [({}, C), ({"doublons": 1}, E), ({"doublons": 1, "fermeture": HIER}, S), ({"doublons": 1, "categorie": "SA08"}, S)],
)
def test_st3_national_identifier_is_unique(eg: Any, statut: Statut) -> None:
    assert st3(un_eg(**eg), []).statut is statut


# ----------------------------------------------------------------------------- RE1.2


@pytest.mark.parametrize(
    ("fraiches", "total", "conforme"),
    [
        (0, 0, True),
        (0, 1, False),
        (1, 1, True),
        (1, 7, True),  # below eight, one is enough
        (0, 7, False),
        (1, 8, False),  # 12.5 %
        (2, 8, True),  # 25 %
        (49, 200, True),  # 24.5 % is rounded up to 25 %
        (48, 200, False),  # 24 %
        (489, 2000, False),  # 24.45 % is rounded down
        (490, 2000, True),
        (3, 12, True),
        (2, 12, False),
    ],
)
def test_re1_2_a_quarter_of_the_offers_rounded_half_up(fraiches: int, total: int, conforme: bool) -> None:
    chiffres = Recence(total, fraiches)
    assert chiffres.conforme is conforme
    assert (chiffres.fraiches >= chiffres.exigees) is conforme
    assert re1_2(un_eg(), chiffres).statut is (C if conforme else E)


@pytest.mark.parametrize(
    ("instant", "fraiche"),
    [
        (None, False),
        (datetime(2025, 11, 22, 23, 0, tzinfo=UTC), False),  # midnight in Paris, to the second
        (datetime(2025, 11, 22, 23, 0, 1, tzinfo=UTC), True),
        (datetime(2025, 11, 22, 12, tzinfo=UTC), False),
        (datetime(2026, 11, 23, tzinfo=UTC), True),
    ],
)
def test_re1_2_fresh_is_after_the_same_day_of_last_year_began(instant: datetime | None, fraiche: bool) -> None:
    assert est_fraiche(une_offre(mise_a_jour=instant), JOUR) is fraiche


def test_re1_2_leaves_out_offers_closed_for_good_and_closed_etablissements() -> None:
    fraiche = datetime.combine(JOUR, datetime.min.time(), UTC) - timedelta(days=3)
    offres = [une_offre(mise_a_jour=fraiche), une_offre(fermee=True), une_offre()]
    assert recence(offres, JOUR) == Recence(2, 1)
    assert re1_2(un_eg(fermeture=HIER, type_fermeture="PRO"), Recence(8, 0)).statut is S
    assert re1_2(un_eg(categorie="SA09"), Recence(8, 0)).statut is S
    assert re1_2(un_eg(categorie=""), Recence(8, 0)).statut is E


def test_sentences_count_in_good_french() -> None:
    assert re1_2(un_eg(), Recence(1, 0)).phrase.startswith("1 offre n’a pas été mise à jour")
    assert re1_2(un_eg(), Recence(8, 1)).phrase.startswith("7 offres n’ont pas été mises à jour")
    assert cp6(une_offre(mode="46", places=1), un_eg(categorie="500")).phrase.startswith("1 place installée ")
    assert st3(un_eg(doublons=2), []).phrase.startswith("2 autres objets ouverts de la région portent")
    assert "1 offre la décrit." in ex3(un_eg(Notion.REANIMATION), [une_offre("", "127")]).phrase
    assert "2 offres la décrivent." in ex3(un_eg(Notion.REANIMATION), [une_offre("", "127")] * 2).phrase
