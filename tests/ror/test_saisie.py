"""From what is typed to values, and back: every reader at its limits, rows, forged keys, round trip."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import SQLModel

from rxror.ror.champs import A_CODES, MULTIPLES, Champ, Contexte, Edition, TypeChamp, champs_de, groupes_de, sections_de
from rxror.ror.nomenclatures import Catalogue, Concept
from rxror.ror.objets import (
    OBJETS,
    Contact,
    EntiteGeographique,
    LieuRealisationOffre,
    OffreOperationnelle,
    Patientele,
    Tarif,
    Telecommunication,
)
from rxror.ror.saisie import (
    EXIGE,
    LECTEURS,
    LIGNES_MAXIMUM,
    TEXTE_MAXIMUM,
    Illisible,
    Lecteur,
    Lecture,
    defauts,
    formulaire,
    lignes_de,
    publiables,
    texte_de,
    visibilites,
)

CODES = {
    "J16": "0001 0002",
    "J17": "022 157",
    "J18": "005",
    "J19": "28 31",
    "J20": "01 03 04 05",
    "J26": "01 02",
    "J28": "01",
    "J29": "01 07",
    "J30": "01 02",
    "J33": "01",
    "J35": "01 02",
    "J37": "a mo wk d h",
    "J51": "TRE_R266:01",
    "J186": "TRE_G15:10",
    "J187": "01 02",
    "J188": "01 02 05 06",
    "J189": "01",
    "J190": "01",
    "J191": "01",
    "J192": "01",
    "J193": "01 02",
    "J194": "01",
    "J195": "01 02",
    "J198": "001 005",
    "J32": "01 02",
    "J220": "22",
    "J221": "07 03",
    "J222": "1 2 3",
    "J41": "01 08",
    "J224": "1 3",
    "J225": "1 2 3 4",
    "J226": "03 04 07",
    "J227": "TRE_R253:01",
    "J228": "001 002",
    "J238": "157",
    "J27": "01",
    "J31": "01 02",
    "J36": "01 02 03 04 05 06 07",
    "J39": "01",
    "J50": "01",
    "J203": "1 2 3",
    "J204": "1",
    "J205": "1 2",
    "J206": "01 02",
    "R257": "ORG APP",
}
ANCIENS = {"J226": "12", "J220": "14"}


def un_catalogue() -> Catalogue:
    concepts = [(j, c, "active") for j, codes in CODES.items() for c in codes.split()]
    concepts += [(j, c, "deprecated") for j, c in ANCIENS.items()]
    return Catalogue(Concept(jdv=j, cle=c, code=c, libelle=f"Libellé {c}", statut=s) for j, c, s in concepts)


CATALOGUE = un_catalogue()


def lire(
    section: str,
    saisie: Mapping[str, str],
    existantes: Mapping[str, Any] | None = None,
    classe: type[SQLModel] = OffreOperationnelle,
    champ_activite: str = "01",
    lieux: frozenset[str] = frozenset(),
    **contexte: Any,
) -> Lecture:
    existantes = {"champ_activite": champ_activite, **(existantes or {})}
    vu = Contexte({**existantes, **contexte}, contexte.pop("categorie", ""))
    return Lecteur(CATALOGUE, vu, lieux).lire(classe, section, saisie, existantes)


def lu(sorte: TypeChamp, texte: str, **attributs: Any) -> Any:
    return LECTEURS[sorte](Champ("Essai", type=sorte, **attributs), texte)


# ------------------------------------------------------------------ one field


def test_every_kind_of_input_has_a_reader() -> None:
    assert set(LECTEURS) == set(TypeChamp)


@pytest.mark.parametrize(
    ("texte", "valeur"),
    [
        ("", ""),
        ("   ", ""),
        ("  Gynécologie   HC ", "Gynécologie HC"),
        ("ligne\r\nsuite", "ligne suite"),
        ("a\x00b\x07c\x1b[31m", "abc[31m"),
        ("\ud800x", "x"),
        ("👩", "👩"),
        ("<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"),
        ("{{7*7}} ${x} ' OR 1=1 --", "{{7*7}} ${x} ' OR 1=1 --"),
    ],
)
def test_texte_is_stored_as_typed_without_control_characters(texte: str, valeur: str) -> None:
    assert lu(TypeChamp.TEXTE, texte) == valeur


@pytest.mark.parametrize("blanc", ["\u00a0", "\u202f", "\t", "\u3000"])
def test_texte_reads_any_blank_as_a_space(blanc: str) -> None:
    assert lu(TypeChamp.TEXTE, f"CH{blanc}Albi") == "CH Albi"


@pytest.mark.parametrize("sorte", [TypeChamp.TEXTE, TypeChamp.TEXTE_LONG])
def test_texte_too_long_is_refused_with_its_length(sorte: TypeChamp) -> None:
    assert lu(sorte, " " + "é" * 38 + " ", maximum=38) == "é" * 38
    with pytest.raises(Illisible, match=r"38 caractères au plus.*39"):
        lu(sorte, "é" * 39, maximum=38)


def test_texte_without_maximum_has_one() -> None:
    assert len(lu(TypeChamp.TEXTE, "x" * TEXTE_MAXIMUM)) == TEXTE_MAXIMUM
    with pytest.raises(Illisible):
        lu(TypeChamp.TEXTE, "x" * (TEXTE_MAXIMUM + 1))


def test_texte_long_keeps_its_lines() -> None:
    assert lu(TypeChamp.TEXTE_LONG, " un\r\n\r\ndeux  trois \n") == "un\n\ndeux  trois"


@pytest.mark.parametrize(("texte", "valeur"), [("oui", True), ("non", False), ("", None)])
def test_oui_non_has_three_answers(texte: str, valeur: bool | None) -> None:
    assert lu(TypeChamp.OUI_NON, texte) is valeur


@pytest.mark.parametrize("texte", ["Oui", "on", "true", "1", " oui", "\x00"])
def test_oui_non_refuses_any_other_text(texte: str) -> None:
    with pytest.raises(Illisible):
        lu(TypeChamp.OUI_NON, texte)


@pytest.mark.parametrize(
    ("texte", "valeur"),
    [
        ("", None),
        ("  ", None),
        ("\u00a0", None),
        ("0", 0),
        ("00", 0),
        ("007", 7),
        (" 12 ", 12),
        ("1 234", 1234),
        ("1\u202f234", 1234),
        ("1\u00a0234", 1234),
        ("999999999", 999999999),
    ],
)
def test_entier_accepts_digits_and_spaces(texte: str, valeur: int | None) -> None:
    assert lu(TypeChamp.ENTIER, texte) == valeur


@pytest.mark.parametrize(
    "texte",
    [
        "-1",
        "-0",
        "+1",
        "1,0",
        "1.5",
        "1e3",
        "0x10",
        "12 lits",
        "douze",
        "\uff11\uff12",
        "١٢",
        "²",
        "1_000",
        "1000000000",
        "9" * 4000,
        "NaN",
        "--1",
        "\u22121",
        "'; DROP TABLE offre",
    ],
)
def test_entier_refuses_anything_else(texte: str) -> None:
    with pytest.raises(Illisible):
        lu(TypeChamp.ENTIER, texte)


def test_entier_says_whether_it_is_negative_too_great_or_no_number() -> None:
    with pytest.raises(Illisible, match="positif ou zéro"):
        lu(TypeChamp.ENTIER, "-3")
    with pytest.raises(Illisible, match="9999 au plus"):
        lu(TypeChamp.ENTIER, "10000", maximum=9999)
    with pytest.raises(Illisible, match="entier, sans virgule"):
        lu(TypeChamp.ENTIER, "3,5")
    assert lu(TypeChamp.ENTIER, "9999", maximum=9999) == 9999


def test_entier_repeats_only_the_start_of_a_long_text() -> None:
    with pytest.raises(Illisible) as refus:
        lu(TypeChamp.ENTIER, "x" * 5000)
    assert len(str(refus.value)) < 200


@pytest.mark.parametrize(
    ("texte", "valeur"),
    [
        ("", None),
        ("43,925997", "43.925997"),
        ("43.925997", "43.925997"),
        ("-1,5", "-1.5"),
        ("100", "100"),
        ("0,50", "0.5"),
        ("1 000,25", "1000.25"),
        ("1\u202f000", "1000"),
        ("000,1", "0.1"),
    ],
)
def test_decimal_accepts_comma_or_point(texte: str, valeur: str | None) -> None:
    assert lu(TypeChamp.DECIMAL, texte) == valeur


@pytest.mark.parametrize(
    "texte",
    [
        "1e3",
        "1E3",
        "NaN",
        "Infinity",
        "-Infinity",
        "1,2,3",
        "1..2",
        ",5",
        "5,",
        "٣",
        "\uff11",
        "9" * 10,
        "1," + "1" * 10,
        "x",
        "1e999999999",
        "-",
    ],
)
def test_decimal_refuses_anything_else(texte: str) -> None:
    with pytest.raises(Illisible):
        lu(TypeChamp.DECIMAL, texte)


@pytest.mark.parametrize(("texte", "accepte"), [("90", True), ("-90", True), ("90,000001", False), ("-90,1", False)])
def test_decimal_maximum_holds_on_both_sides(texte: str, accepte: bool) -> None:
    if accepte:
        assert lu(TypeChamp.DECIMAL, texte, maximum=90)
    else:
        with pytest.raises(Illisible, match="90 au plus"):
            lu(TypeChamp.DECIMAL, texte, maximum=90)


def test_decimal_of_an_amount_is_never_rounded_and_a_position_is() -> None:
    assert lu(TypeChamp.DECIMAL, "12,50", decimales=2) == "12.5"
    with pytest.raises(Illisible, match="2 chiffres au plus"):
        lu(TypeChamp.DECIMAL, "12,505", decimales=2)
    assert lu(TypeChamp.DECIMAL, "43,9280005", decimales=6, arrondi=True) == "43.928001"


@pytest.mark.parametrize(
    ("texte", "valeur"),
    [
        ("", None),
        (" 29/02/2024 ", "2024-02-29"),
        ("2024-02-29", "2024-02-29"),
        ("1/3/2026", "2026-03-01"),
        ("31/12/9999", "9999-12-31"),
    ],
)
def test_date_accepts_french_and_iso(texte: str, valeur: str | None) -> None:
    assert lu(TypeChamp.DATE, texte) == valeur


@pytest.mark.parametrize(
    "texte",
    [
        "29/02/2026",
        "29/02/2100",
        "31/04/2026",
        "00/01/2026",
        "01/13/2026",
        "01/01/0000",
        "1/1/26",
        "2026-02-30",
        "hier",
        "2026-11-23T10:00",
        "01-01-2026",
        "01/01/20266",
    ],
)
def test_date_that_does_not_exist_is_refused(texte: str) -> None:
    with pytest.raises(Illisible, match="date qui existe"):
        lu(TypeChamp.DATE, texte)


@pytest.mark.parametrize(
    ("texte", "valeur"),
    [
        ("", ""),
        ("  ", ""),
        ("0:00", "00:00"),
        ("9:05", "09:05"),
        ("9h05", "09:05"),
        ("9 05", "09:05"),
        ("9h 05", "09:05"),
        ("9", "09:00"),
        ("0905", "09:05"),
        ("23:59", "23:59"),
        ("24:00", "24:00"),
    ],
)
def test_heure_goes_from_0_to_24(texte: str, valeur: str) -> None:
    assert lu(TypeChamp.HEURE, texte) == valeur


@pytest.mark.parametrize("texte", ["24:01", "25:00", "9:60", "9:5", "-1:00", "100:00", "midi", "12:30:00"])
def test_heure_that_no_clock_shows_is_refused(texte: str) -> None:
    with pytest.raises(Illisible, match="de 00:00 à 24:00"):
        lu(TypeChamp.HEURE, texte)


@pytest.mark.parametrize(
    ("sorte", "texte"),
    [
        (TypeChamp.HEURE, "\uff12\uff13:\uff10\uff10"),
        (TypeChamp.DATE, "\uff12\uff19/\uff10\uff12/\uff12\uff10\uff12\uff14"),
        (TypeChamp.COMMUNE, "\uff18\uff11\uff10\uff10\uff14"),
    ],
)
def test_full_width_digits_are_no_digits(sorte: TypeChamp, texte: str) -> None:
    with pytest.raises(Illisible):
        lu(sorte, texte)


@pytest.mark.parametrize(
    ("texte", "valeur"), [("", ""), (" 81004 ", "81004"), ("2A004", "2A004"), ("2b033", "2B033"), ("97411", "97411")]
)
def test_commune_is_an_insee_code(texte: str, valeur: str) -> None:
    assert lu(TypeChamp.COMMUNE, texte) == valeur


@pytest.mark.parametrize("texte", ["Albi", "8100", "810044", "2C004", "A2004", "81 004", "2A04", "81004;"])
def test_commune_that_is_no_insee_code_is_refused(texte: str) -> None:
    with pytest.raises(Illisible):
        lu(TypeChamp.COMMUNE, texte)


def test_reference_cannot_be_typed() -> None:
    with pytest.raises(Illisible):
        lu(TypeChamp.REFERENCE, "x")


# --------------------------------------------------------------------- codes


def test_code_out_of_the_list_is_kept_as_unreadable() -> None:
    lecture = lire("accueil", {"type_offre": "999"}, {"type_offre": "157"})
    assert lecture.illisibles == {"type_offre": "999"}
    assert lecture.erreurs == {"type_offre": "Choisissez une réponse de la liste."}
    assert lecture.valeurs["type_offre"] == "157"


def test_code_of_another_list_is_refused() -> None:
    assert "type_offre" in lire("accueil", {"type_offre": "28"}).erreurs


def test_age_unit_out_of_its_short_list_is_refused_even_if_the_list_holds_it() -> None:
    lecture = lire(
        "patientele", {"patientele.1": "1", "patientele.1.age_min_unite": "h", "patientele.1.age_max_unite": "mo"}
    )
    assert list(lecture.erreurs) == ["patientele.1.age_min_unite"]


def test_deprecated_code_stays_only_where_it_is_held() -> None:
    tenus = {"modalite_accueil": ["12"]}
    assert lire("accueil", {"modalite_accueil.12": "oui", "modalite_accueil.03": "oui"}, tenus).valeurs[
        "modalite_accueil"
    ] == ["12", "03"]
    assert (
        "n’est plus en vigueur"
        in lire("accueil", {"modalite_accueil.12": "oui"}, {"modalite_accueil": ["03"]}).erreurs["modalite_accueil"]
    )


def test_deprecated_code_of_a_row_stays_only_in_the_row_that_holds_it() -> None:
    saisie = {
        f"contact.{c}{suite}": t
        for c in "12"
        for suite, t in (("", "1"), (".qui", "personne"), (".fonction_contact", "14"))
    }
    lecture = lire(
        "contacts", saisie, {"contact": [{"cle": "1", "qui": "personne", "fonction_contact": "14"}, {"cle": "2"}]}
    )
    assert list(lecture.erreurs) == ["contact.2.fonction_contact"]


def test_codes_that_nobody_ticked_are_none_chosen() -> None:
    assert lire("accueil", {}, {"modalite_accueil": ["03"]}).valeurs["modalite_accueil"] == []


def test_codes_of_a_row_are_read_from_their_own_row() -> None:
    saisie = {
        "patientele.1": "1",
        "patientele.1.public_pris_en_charge.07": "oui",
        "patientele.2.public_pris_en_charge.01": "oui",
    }
    assert lire("patientele", saisie).valeurs["patientele"][0]["public_pris_en_charge"] == ["07"]


def test_question_of_ours_accepts_its_own_answers_only() -> None:
    base = {"contact.1": "1", "contact.1.nature_contact": "07"}
    assert lire("contacts", {**base, "contact.1.qui": "service"}).valeurs["contact"][0]["qui"] == "service"
    assert "contact.1.qui" in lire("contacts", {**base, "contact.1.qui": "robot"}).erreurs


def test_a_refused_code_leaves_the_other_answers() -> None:
    lecture = lire(
        "accueil", {"modalite_accueil.04": "oui", "modalite_accueil.99": "oui"}, {"modalite_accueil": ["03"]}
    )
    assert lecture.valeurs["modalite_accueil"] == ["04"]
    assert lecture.illisibles == {"modalite_accueil": "99"}


def test_the_order_of_the_boxes_changes_nothing() -> None:
    lecture = lire(
        "accueil", {"modalite_accueil.03": "oui", "modalite_accueil.04": "oui"}, {"modalite_accueil": ["04", "03"]}
    )
    assert lecture.valeurs["modalite_accueil"] == ["04", "03"]


def test_lieu_of_nobody_is_refused_and_a_held_one_stays() -> None:
    saisie = {"lieu_realisation_offre.L1": "oui", "lieu_realisation_offre.L2": "oui"}
    assert lire("adresse", saisie, lieux=frozenset({"L1", "L2"})).valeurs["lieu_realisation_offre"] == ["L1", "L2"]
    assert lire("adresse", saisie, {"lieu_realisation_offre": ["L2"]}, lieux=frozenset({"L1"})).erreurs == {}
    assert "lieu_realisation_offre" in lire("adresse", saisie, lieux=frozenset({"L1"})).erreurs


# -------------------------------------------------------- fields, hidden or frozen


def test_unknown_paths_are_ignored() -> None:
    forgee = {
        "id": "1",
        "version": "9",
        "demonstration": "oui",
        "validateur": "moi",
        "__class__": "x",
        "": "x",
        "nom_offre.x": "y",
        "contact.1.nom": "Section d’à côté",
        "nom_offre": "Neuf",
    }
    assert set(lire("informations_generales", forgee).valeurs) <= set(
        champs_de(OffreOperationnelle, "informations_generales")
    )
    assert lire("informations_generales", forgee).valeurs["nom_offre"] == "Neuf"


def test_frozen_fields_keep_what_was_there_whatever_is_sent() -> None:
    lecture = lire("informations_generales", {"champ_activite": "04", "rattachement": "x"}, {"champ_activite": "03"})
    assert lecture.valeurs["champ_activite"] == "03"
    assert "rattachement" not in lecture.valeurs
    assert lecture.illisibles == {}


@pytest.mark.parametrize(
    ("section", "champ", "phrase"),
    [
        ("informations_generales", "champ_activite", "créez une nouvelle offre"),
        ("accueil", "mode_prise_en_charge", "créer une nouvelle offre"),
    ],
)
def test_frozen_field_that_one_tries_to_change_says_what_to_do(section: str, champ: str, phrase: str) -> None:
    tenus = {"champ_activite": "01", "mode_prise_en_charge": "28"}
    assert phrase in lire(section, {champ: "31"}, tenus).erreurs[champ]
    assert lire(section, {champ: tenus[champ]}, tenus).erreurs == lire(section, {}, tenus).erreurs == {}


def test_frozen_fields_absent_before_stay_absent() -> None:
    lecteur = Lecteur(CATALOGUE, Contexte())
    assert (
        "champ_activite"
        not in lecteur.lire(OffreOperationnelle, "informations_generales", {"champ_activite": "04"}, {}).valeurs
    )


def test_hidden_fields_are_kept_as_they_were() -> None:
    tenus = {"temporalite_accueil": "02", "mode_gestion": ["01"]}
    lecture = lire("accueil", {"temporalite_accueil": "01", "mode_gestion.02": "oui"}, tenus, champ_activite="01")
    assert {n: lecture.valeurs[n] for n in tenus} == tenus


def test_shown_fields_are_read() -> None:
    lecture = lire("accueil", {"temporalite_accueil": "01"}, {"temporalite_accueil": "02"}, champ_activite="04")
    assert lecture.valeurs["temporalite_accueil"] == "01"


def test_absent_text_is_emptied() -> None:
    assert lire("informations_generales", {}, {"nom_offre": "Avant", "unite_sensible": True}).valeurs["nom_offre"] == ""
    assert lire("informations_generales", {}, {"unite_sensible": True}).valeurs["unite_sensible"] is None


def test_condition_looks_at_the_answer_being_given() -> None:
    saisie = {
        "contact.1": "1",
        "contact.1.qui": "personne",
        "contact.1.nom": "Anne",
        "contact.1.fonction_contact": "22",
    }
    (contact,) = lire(
        "contacts", saisie, {"contact": [{"cle": "1", "qui": "service", "nature_contact": "07"}]}
    ).valeurs["contact"]
    assert (contact["nom"], contact["fonction_contact"], contact["nature_contact"]) == ("Anne", "22", "07")


def test_condition_of_a_capacity_line_follows_its_statut() -> None:
    saisie = {
        "capacite_accueil_operationnelle.1": "1",
        "capacite_accueil_operationnelle.1.statut_capacite": "05",
        "capacite_accueil_operationnelle.1.type_fermeture_capacite": "01",
        "capacite_accueil_operationnelle.1.genre_capacite_dispo": "01",
    }
    (ligne,) = lire("capacitaire", saisie, classe=LieuRealisationOffre).valeurs["capacite_accueil_operationnelle"]
    assert ligne["type_fermeture_capacite"] == "01"
    assert "genre_capacite_dispo" not in ligne


# ---------------------------------------------------------------------------- rows


def test_row_exists_only_when_it_is_announced() -> None:
    saisie = {"contact.2": "1", "contact.2.nature_contact": "07", "contact.3.nature_contact": "07"}
    assert [c["cle"] for c in lire("contacts", saisie).valeurs["contact"]] == ["2"]


def test_row_announced_and_empty_exists() -> None:
    (ligne,) = lire("contacts", {"contact.n1": "1"}).valeurs["contact"]
    assert (ligne["cle"], ligne["description"], ligne["telecommunication"]) == ("n1", "", [])


def test_rows_that_left_are_gone_the_others_keep_their_order_and_new_ones_come_last() -> None:
    tenues = {"contact": [{"cle": "1"}, {"cle": "2"}, {"cle": "3"}]}
    saisie = {"contact.n9": "1", "contact.3": "1", "contact.1": "1", "contact.n8": "1"}
    assert [c["cle"] for c in lire("contacts", saisie, tenues).valeurs["contact"]] == ["1", "3", "n9", "n8"]


@pytest.mark.parametrize("cle", ["", "a b", "é", "a.b", "x" * 41, "1;", "../1", "\n1"])
def test_row_key_of_another_shape_is_no_row(cle: str) -> None:
    assert lire("contacts", {f"contact.{cle}": "1"}).valeurs["contact"] == []


def test_lignes_de_takes_the_path_as_a_text_not_as_a_pattern() -> None:
    assert lignes_de({"contactX1": "1", "contact.1": "1", "contact.1.nom": "x", "avant.contact.2": "1"}, "contact") == [
        "1"
    ]


def test_rows_are_sixty_at_most() -> None:
    saisie = {f"contact.n{i}": "1" for i in range(LIGNES_MAXIMUM + 5)}
    assert len(lire("contacts", saisie).valeurs["contact"]) == LIGNES_MAXIMUM


def test_rows_already_held_are_never_cut() -> None:
    tenues = [{"cle": str(i), "activite_operationnelle": "022"} for i in range(LIGNES_MAXIMUM + 1)]
    saisie = {
        chemin: t
        for i in tenues
        for chemin, t in (
            (f"activite_operationnelle.{i['cle']}", "1"),
            (f"activite_operationnelle.{i['cle']}.activite_operationnelle", "022"),
        )
    }
    assert len(
        lire("specificites", saisie, {"activite_operationnelle": tenues}).valeurs["activite_operationnelle"]
    ) == len(tenues)


def test_unique_group_has_one_row() -> None:
    assert len(lire("patientele", {"patientele.a": "1", "patientele.b": "1"}).valeurs["patientele"]) == 1


def test_rows_inside_rows_are_read_in_their_own_row() -> None:
    saisie = {
        "contact.1": "1",
        "contact.2": "1",
        "contact.1.telecommunication.11": "1",
        "contact.2.telecommunication.n2": "1",
        "contact.1.telecommunication.11.adresse_telecom": "0536491208",
        "contact.2.telecommunication.n2.adresse_telecom": "15",
        "contact.3.telecommunication.12": "1",
    }
    contacts = lire("contacts", saisie, {"contact": [{"cle": "1", "telecommunication": [{"cle": "11"}]}]}).valeurs[
        "contact"
    ]
    assert [(c["cle"], [(t["cle"], t["adresse_telecom"]) for t in c["telecommunication"]]) for c in contacts] == [
        ("1", [("11", "0536491208")]),
        ("2", [("n2", "15")]),
    ]


def test_forged_key_of_a_row_of_another_contact_takes_nothing_from_it() -> None:
    tenues = [
        {"cle": "1", "telecommunication": [{"cle": "1", "canal": "2", "niveau_confidentialite": "1"}]},
        {
            "cle": "2",
            "telecommunication": [
                {"cle": "2", "canal": "4", "adresse_telecom": "secret", "niveau_confidentialite": "3"}
            ],
        },
    ]
    saisie = {"contact.1": "1", "contact.1.telecommunication.2": "1", "contact.1.telecommunication.2.canal": "2"}
    (contact,) = lire("contacts", saisie, {"contact": tenues}).valeurs["contact"]
    (moyen,) = contact["telecommunication"]
    assert (moyen["canal"], moyen["adresse_telecom"]) == ("2", "")


@pytest.mark.parametrize(
    "chemin", ["contact.1.telecommunication", "contact.1.telecommunication.1.canal.2", "contact.1.contact.2"]
)
def test_forged_depth_makes_no_row(chemin: str) -> None:
    (contact,) = lire("contacts", {"contact.1": "1", chemin: "1"}).valeurs["contact"]
    assert contact["telecommunication"] == []


def test_frozen_rows_come_back_untouched_even_if_the_form_changes_or_omits_them() -> None:
    logiciel = {
        "cle": "2",
        "nature_capacite": "01",
        "statut_capacite": "02",
        "nombre_capacite": 3,
        "type_source_capacite": "02",
    }
    for saisie in (
        {},
        {"capacite_accueil_operationnelle.2": "1", "capacite_accueil_operationnelle.2.nombre_capacite": "99"},
    ):
        lignes = lire("capacitaire", saisie, {"capacite_accueil_operationnelle": [logiciel]}, LieuRealisationOffre)
        assert lignes.valeurs["capacite_accueil_operationnelle"] == [logiciel]


def test_frozen_rows_stay_in_their_place() -> None:
    tenues = [
        {"cle": "1", **defauts_de_capacite()},
        {"cle": "2", **defauts_de_capacite(), "type_source_capacite": "02"},
    ]
    form = formulaire(LieuRealisationOffre, "capacitaire", {"capacite_accueil_operationnelle": tenues}, {})
    lecture = lire("capacitaire", envoyer(form), {"capacite_accueil_operationnelle": tenues}, LieuRealisationOffre)
    assert [li["cle"] for li in lecture.valeurs["capacite_accueil_operationnelle"]] == ["1", "2"]


def test_source_of_a_capacity_line_cannot_be_forged() -> None:
    saisie = {
        "capacite_accueil_operationnelle.n1": "1",
        "capacite_accueil_operationnelle.n1.type_source_capacite": "02",
    }
    (ligne,) = lire("capacitaire", saisie, classe=LieuRealisationOffre).valeurs["capacite_accueil_operationnelle"]
    assert ligne["type_source_capacite"] == "01"


def test_unreadable_text_of_a_row_is_kept_at_its_path_with_the_value_held() -> None:
    saisie = {"patientele.1": "1", "patientele.1.age_max": "cent vingt"}
    lecture = lire("patientele", saisie, {"patientele": [{"cle": "1", "age_max": 120}]})
    assert lecture.illisibles == {"patientele.1.age_max": "cent vingt"}
    assert lecture.valeurs["patientele"][0]["age_max"] == 120


# ----------------------------------------------------------------- a new object


def test_lire_nouveau_reads_frozen_fields_and_names_what_is_missing() -> None:
    noms = ("nom_offre", "champ_activite", "mode_prise_en_charge")
    valeurs, erreurs = Lecteur(CATALOGUE, Contexte()).lire_nouveau(
        OffreOperationnelle, noms, {"nom_offre": "  ", "champ_activite": "01", "mode_prise_en_charge": "99"}
    )
    assert valeurs["champ_activite"] == "01"
    assert "Nom de l’offre" in erreurs["nom_offre"]
    assert erreurs["mode_prise_en_charge"] == "Choisissez une réponse de la liste."


# ----------------------------------------------------------------- values to a form


def defauts_de_capacite() -> dict[str, Any]:
    return defauts(groupes_de(LieuRealisationOffre)["capacite_accueil_operationnelle"].classe)


def envoyer(form: Any) -> dict[str, str]:
    """What a browser sends of a form nobody touched: the marks of the rows, then the fields."""
    return {f"{chemin}.{cle}": "1" for chemin, cles in form.lignes.items() for cle in cles} | form.valeurs


def test_defauts_of_a_new_contact_are_visible_by_professionals() -> None:
    assert defauts(Contact)["niveau_confidentialite"] == defauts(Telecommunication)["niveau_confidentialite"] == "2"


def test_defauts_of_patientele_keep_zero() -> None:
    assert defauts(Patientele) == {"age_min": 0, "age_min_unite": "d", "age_max": 120, "age_max_unite": "a"}


@pytest.mark.parametrize(
    ("sorte", "valeur", "texte"),
    [
        (TypeChamp.TEXTE, None, ""),
        (TypeChamp.ENTIER, 0, "0"),
        (TypeChamp.OUI_NON, False, "non"),
        (TypeChamp.OUI_NON, True, "oui"),
        (TypeChamp.DECIMAL, "43.5", "43,5"),
        (TypeChamp.TEXTE, "1.5", "1.5"),
        (TypeChamp.DATE, "2026-11-23", "2026-11-23"),
    ],
)
def test_texte_de_shows_a_value_as_its_input_does(sorte: TypeChamp, valeur: Any, texte: str) -> None:
    assert texte_de(Champ("x", type=sorte), valeur) == texte


def test_formulaire_shows_what_could_not_be_read_as_typed() -> None:
    form = formulaire(
        OffreOperationnelle,
        "patientele",
        {"patientele": [{"cle": "1", "age_max": 120}]},
        {"patientele.1.age_max": "cent"},
    )
    assert form.valeurs["patientele.1.age_max"] == "cent"
    assert form.lignes["patientele"] == ["1"]


def test_formulaire_of_nothing_has_every_field_and_no_row() -> None:
    form = formulaire(OffreOperationnelle, "contacts", {}, {})
    assert form.lignes == {"contact": []}


# ------------------------------------------------------------ what is shown, published


@pytest.mark.parametrize(
    ("champ", "categorie", "mode", "montres"),
    [
        ("01", "355", "28", set()),
        ("01", "355", "31", {"mode_gestion"}),
        ("02", "355", "28", set()),
        ("04", "500", "46", {"temporalite_accueil", "ouverture_annuelle"}),
        ("04", "209", "49", {"temporalite_accueil", "ouverture_annuelle", "mode_gestion"}),
        ("05", "603", "32", {"mode_gestion"}),
    ],
)
def test_visibilites_of_accueil_follow_the_champ_d_activite(
    champ: str, categorie: str, mode: str, montres: set[str]
) -> None:
    form = formulaire(OffreOperationnelle, "accueil", {"mode_prise_en_charge": mode}, {})
    visibles = visibilites(OffreOperationnelle, "accueil", form, Contexte({"champ_activite": champ}, categorie))
    assert {n for n, oui in visibles.items() if oui and not n.startswith(EXIGE)} == montres
    assert visibles[EXIGE + "type_offre"] is (categorie == "209")


@pytest.mark.parametrize(
    ("champ", "montres"),
    [
        ("01", {"niveau_expertise"}),
        ("02", {"niveau_expertise", "specialisation_prise_en_charge"}),
        (
            "03",
            {
                "niveau_expertise",
                "specialisation_prise_en_charge",
                "secteur_psychiatrique",
                "habilitation_aux_soins_sans_consentement",
            },
        ),
        ("04", {"specialisation_prise_en_charge", "activite_operationnelle.1.famille_activite_operationnelle"}),
        ("05", {"acte_realise_hors_cabinet"}),
        ("", set()),
    ],
)
def test_visibilites_of_specificites_follow_the_champ_d_activite(champ: str, montres: set[str]) -> None:
    form = formulaire(OffreOperationnelle, "specificites", {"activite_operationnelle": [{"cle": "1"}]}, {})
    visibles = visibilites(OffreOperationnelle, "specificites", form, Contexte({"champ_activite": champ}))
    assert {n for n, oui in visibles.items() if oui} == montres


def test_visibilites_of_each_contact_follow_its_own_answer() -> None:
    form = formulaire(
        OffreOperationnelle,
        "contacts",
        {"contact": [{"cle": "1", "nature_contact": "07"}, {"cle": "2", "nom": "Anne"}]},
        {},
    )
    visibles = visibilites(OffreOperationnelle, "contacts", form, Contexte())
    assert (visibles["contact.1.nature_contact"], visibles["contact.1.nom"]) == (True, False)
    assert (visibles["contact.2.nature_contact"], visibles["contact.2.nom"]) == (False, True)
    form.valeurs["contact.1.qui"] = "personne"
    assert visibilites(OffreOperationnelle, "contacts", form, Contexte())["contact.1.nom"] is True


def test_publiables_empty_what_is_hidden_by_its_kind() -> None:
    valeurs = {
        "champ_activite": "01",
        "nom_offre": "Gyn",
        "temporalite_accueil": "01",
        "mode_gestion": ["01"],
        "secteur_psychiatrique": "81G01",
        "habilitation_aux_soins_sans_consentement": True,
        "niveau_expertise": ["TRE_R253:01"],
        "activite_operationnelle": [
            {"cle": "1", "activite_operationnelle": "022", "famille_activite_operationnelle": "TRE_R266:01"}
        ],
    }
    publies = publiables(OffreOperationnelle, valeurs, Contexte(valeurs))
    assert publies == {
        **valeurs,
        "temporalite_accueil": "",
        "mode_gestion": [],
        "secteur_psychiatrique": "",
        "habilitation_aux_soins_sans_consentement": None,
        "activite_operationnelle": [
            {"cle": "1", "activite_operationnelle": "022", "famille_activite_operationnelle": ""}
        ],
    }


@pytest.mark.parametrize(
    ("categorie", "caches"),
    [("355", {"hebergement_famille": None, "tarif": []}), ("500", {"niveau_recours_orsan": "", "zone_poser": None})],
)
def test_publiables_empty_the_sections_that_have_no_place_there(categorie: str, caches: dict[str, Any]) -> None:
    valeurs = {
        "zone_poser": True,
        "niveau_recours_orsan": "01",
        "hebergement_famille": True,
        "tarif": [{"cle": "1", "type_tarif": "01"}],
    }
    assert publiables(EntiteGeographique, valeurs, Contexte(valeurs, categorie)) == valeurs | caches


@pytest.mark.parametrize(("modalites", "reste"), [(["03"], 0), (["03", "04"], 1)])
def test_publiables_drop_the_rows_of_a_group_that_has_no_place_there(modalites: list[str], reste: int) -> None:
    lien = {"cle": "1", "adresse_telecom": "https://visio.fr", "utilisation": ""}
    valeurs = {"modalite_accueil": modalites, "lien_teleconsultation": [lien]}
    publies = publiables(OffreOperationnelle, valeurs, Contexte(valeurs))
    assert publies == valeurs | {"lien_teleconsultation": [lien][:reste]}


def test_publiables_keep_the_rows_inside_rows() -> None:
    valeurs = {
        "contact": [
            {
                "cle": "1",
                "qui": "service",
                "nature_contact": "07",
                "nom": "Caché",
                "telecommunication": [{"cle": "2", "canal": "2"}],
            }
        ]
    }
    (contact,) = publiables(OffreOperationnelle, valeurs, Contexte(valeurs))["contact"]
    assert (contact["nom"], contact["telecommunication"]) == ("", [{"cle": "2", "canal": "2"}])


# -------------------------------------------------------------------- round trip

TEXTES = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), max_size=4)


def valeur_de(champ: Champ) -> st.SearchStrategy[Any]:
    """Values that a field may hold, as `lire` gives them."""
    if champ.choix:
        return st.sampled_from([c for c, _, _ in champ.choix])
    if champ.type in A_CODES:
        codes = [c for c in CODES[champ.jdv].split() if not champ.codes or c in champ.codes]
        return (
            st.lists(st.sampled_from(codes), unique=True) if champ.type in MULTIPLES else st.sampled_from(["", *codes])
        )
    maximum = champ.maximum or 9999
    return {
        TypeChamp.TEXTE: TEXTES.map(lambda t: t[: champ.maximum]),
        TypeChamp.TEXTE_LONG: TEXTES,
        TypeChamp.OUI_NON: st.sampled_from([None, True, False]),
        TypeChamp.ENTIER: st.none() | st.integers(0, maximum),
        TypeChamp.DECIMAL: st.none()
        | st.decimals(-maximum, maximum, places=champ.decimales or 4).map(lambda d: format(d.normalize() + 0, "f")),
        TypeChamp.DATE: st.none() | st.dates().map(lambda d: d.isoformat()),
        TypeChamp.HEURE: st.just("") | st.times().map(lambda t: t.strftime("%H:%M")),
        TypeChamp.COMMUNE: st.sampled_from(["", "81004", "2A004"]),
        TypeChamp.COMMUNES: st.sets(st.sampled_from(["01001", "2A004", "81004", "97411"])).map(sorted),
        TypeChamp.LIEUX: st.lists(st.sampled_from(["L1", "L2-a"]), unique=True),
    }[champ.type]


def valeurs_de(classe: type[SQLModel], section: str | None = None) -> st.SearchStrategy[dict[str, Any]]:
    champs = {
        n: valeur_de(c)
        for n, c in champs_de(classe, section).items()
        if c.edition in (Edition.LIBRE, Edition.CREATION) and c.type is not TypeChamp.REFERENCE and not c.deduit
    }
    groupes = {n: lignes_possibles(g.classe, 1 if g.unique else 2) for n, g in groupes_de(classe, section).items()}
    return st.fixed_dictionaries({**champs, **groupes})


def lignes_possibles(classe: type[SQLModel], maximum: int) -> st.SearchStrategy[list[dict[str, Any]]]:
    lignes = st.lists(valeurs_de(classe), min_size=maximum == 1, max_size=maximum)
    return lignes.map(lambda ls: [{"cle": f"k{i}", **li} for i, li in enumerate(ls)])


def avec_questions(classe: type[SQLModel], valeurs: dict[str, Any]) -> dict[str, Any]:
    """Values with each question of ours answered as they say, the way the database gives them."""
    valeurs |= {nom: champ.deduit(valeurs) for nom, champ in champs_de(classe).items() if champ.deduit}
    for nom, groupe in groupes_de(classe).items():
        for ligne in valeurs.get(nom) or []:
            avec_questions(groupe.classe, ligne)
    return valeurs


SECTIONS = [(c, s.cle) for c in OBJETS.values() for s in sections_de(c) if s.modifiable]


@pytest.mark.parametrize(("classe", "section"), SECTIONS, ids=[f"{c.GENRE}-{s}" for c, s in SECTIONS])
def test_untouched_form_reads_back_the_same_values(classe: type[SQLModel], section: str) -> None:
    @settings(max_examples=25, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(valeurs_de(classe, section), st.sampled_from(["01", "03", "04", "05"]))
    def aller_retour(valeurs: dict[str, Any], champ_activite: str) -> None:
        contexte = Contexte({**valeurs, "champ_activite": champ_activite}, "209")
        valeurs = avec_questions(classe, valeurs)
        lecteur = Lecteur(CATALOGUE, contexte, frozenset({"L1", "L2-a"}))
        lecture = lecteur.lire(classe, section, envoyer(formulaire(classe, section, valeurs, {})), valeurs)
        assert lecture.erreurs == {}
        attendues = dict(valeurs)
        for nom, groupe in groupes_de(classe, section).items():
            attendues[nom] = [{**defauts(groupe.classe), **ligne} for ligne in attendues[nom]]
        assert lecture.valeurs == attendues

    aller_retour()


@settings(max_examples=200, database=None, deadline=None)
@given(
    st.dictionaries(
        st.text(max_size=30) | st.sampled_from(["contact.1", "contact.1.qui", "contact.1.telecommunication.1"]),
        st.text(max_size=30),
    )
)
def test_any_forged_form_is_read_without_breaking(saisie: dict[str, str]) -> None:
    for classe, section in SECTIONS:
        Lecteur(CATALOGUE, Contexte({"champ_activite": "04"})).lire(classe, section, saisie, {})


@given(st.sampled_from(list(TypeChamp)), st.text(max_size=40))
@settings(max_examples=400, database=None, deadline=None)
def test_any_text_is_read_or_refused_and_reads_again_the_same(sorte: TypeChamp, texte: str) -> None:
    champ = Champ("x", type=sorte)
    try:
        valeur = LECTEURS[sorte](champ, texte)
    except Illisible:
        return
    assert LECTEURS[sorte](champ, texte_de(champ, valeur)) == valeur


def test_a_number_has_no_more_decimals_than_its_column_keeps() -> None:
    """Otherwise PostgreSQL would round it at « Valider », and what is published would not be what was kept."""
    for classe in (*OBJETS.values(), *(g.classe for c in OBJETS.values() for g in groupes_de(c).values())):
        for nom, champ in champs_de(classe).items():
            if champ.type is TypeChamp.DECIMAL:
                assert champ.decimales == classe.__table__.c[nom].type.scale, nom  # type: ignore[attr-defined]
    montant = champs_de(Tarif)["montant_tarif"]
    assert [LECTEURS[TypeChamp.DECIMAL](montant, t) for t in ("43,90", "99 999")] == ["43.9", "99999"]
    with pytest.raises(Illisible, match="2 chiffres au plus"):
        LECTEURS[TypeChamp.DECIMAL](montant, "43,925")
