"""Whatever is sent to a form gives a value or a sentence, never a breakdown, and nothing invisible is kept."""

import json
import unicodedata
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlmodel import SQLModel

from rxror.ror.champs import Champ, Contexte, TypeChamp, champs_de, groupes_de
from rxror.ror.objets import OffreOperationnelle
from rxror.ror.saisie import LECTEURS, Illisible, Lecteur, Lecture, formulaire, texte_de
from tests.ror.test_saisie import CATALOGUE, SECTIONS

BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
INVISIBLES = "\x00\x07\x1b\x7f\x85\u00ad\u200b\u200c\u200e\u200f\u061c\u2060\ufeff\ue000\U000e0041"
FAMILLE = "👩\u200d⚕\ufe0f 👨\u200d👩\u200d👧\u200d👦 🏳\ufe0f\u200d🌈 👍🏽"
# What people paste and what attackers try, beside any text whatever.
TEXTES = st.one_of(
    st.text(max_size=60),
    st.text(alphabet=st.sampled_from(list(BIDI + INVISIBLES + "\u200d\ufe0f👩aé 1-,.:/<>&=|'\"\n\r\t")), max_size=30),
    st.sampled_from(
        [
            *(
                "",
                "oui",
                "non",
                "0",
                "-1",
                "1e9",
                "NaN",
                "Infinity",
                "\uff19",
                "²",
                "१२",
                "25:00",
                "24:00",
                "24:01",
                "9h5",
            ),
            *("31/02/2026", "0000-00-00", "9999-12-31", "81004", "2A004", "2C004", "99999", "١٢:٣٠"),
            *("+" * 400, "9" * 400, "-" + "9" * 9 + " " * 400, "🙂" * 300, "\U0010ffff", "a" * 8000, FAMILLE),
            *("<script>alert(1)</script>", "=cmd|' /C calc'!A0", "true", "None", "[]", "{}", "%s", "{0}", "{texte}"),
            *("../../etc/passwd", "'; DROP TABLE trace;--"),
        ]
    ),
)


def chemins(classe: type[SQLModel], section: str | None, debut: str = "") -> list[str]:
    """Paths of a form with one kept row and one new row in each group, and answers of the fields of several."""
    noms = [debut + nom for nom in champs_de(classe, section)]
    noms += [f"{nom}.{fin}" for nom in list(noms) for fin in ("03", "x.y", "999")]
    for nom, groupe in groupes_de(classe, section).items():
        noms.append(debut + nom)
        for cle in ("k0", "n1"):
            noms += [f"{debut}{nom}.{cle}", *chemins(groupe.classe, None, f"{debut}{nom}.{cle}.")]
    return noms


def textes_de(valeur: Any) -> list[str]:
    if isinstance(valeur, dict):
        return [t for v in valeur.values() for t in textes_de(v)]
    if isinstance(valeur, list):
        return [t for v in valeur for t in textes_de(v)]
    return [valeur] if isinstance(valeur, str) else []


def sans_danger(lecture: Lecture) -> None:
    """Every refusal has its sentence, and what is kept can be stored and shown."""
    assert set(lecture.illisibles) <= set(lecture.erreurs)
    assert all(isinstance(phrase, str) and phrase and len(phrase) < 400 for phrase in lecture.erreurs.values())
    json.dumps([lecture.valeurs, lecture.illisibles]).encode()
    for texte in [*textes_de(lecture.valeurs), *lecture.illisibles.values(), *lecture.erreurs.values()]:
        assert not any(unicodedata.category(c) in ("Cc", "Cs", "Co") and c != "\n" for c in texte), repr(texte)
    for texte in [*textes_de(lecture.valeurs), *lecture.erreurs.values()]:
        assert not set(texte) & set(BIDI), repr(texte)


@pytest.mark.parametrize(("classe", "section"), SECTIONS, ids=[f"{c.GENRE}-{s}" for c, s in SECTIONS])
def test_any_texts_in_any_field_of_any_section_are_read_or_refused(classe: type[SQLModel], section: str) -> None:
    possibles = st.sampled_from(chemins(classe, section))

    @settings(
        max_examples=40, phases=[Phase.generate], database=None, deadline=None, suppress_health_check=list(HealthCheck)
    )
    @given(st.dictionaries(possibles, TEXTES, max_size=12), st.sampled_from(["01", "03", "04", "05"]))
    def lire(saisie: dict[str, str], champ_activite: str) -> None:
        contexte = Contexte({"champ_activite": champ_activite}, "209")
        lecteur = Lecteur(CATALOGUE, contexte, frozenset({"L1"}))
        lecture = lecteur.lire(classe, section, saisie, {})
        sans_danger(lecture)
        formulaire(classe, section, lecture.valeurs, lecture.illisibles)

    lire()


@settings(max_examples=400, database=None, deadline=None)
@given(st.sampled_from(list(TypeChamp)), TEXTES)
def test_what_was_read_reads_again_the_same(sorte: TypeChamp, texte: str) -> None:
    champ = Champ("Essai", type=sorte)
    try:
        valeur = LECTEURS[sorte](champ, texte)
    except Illisible:
        return
    if not isinstance(valeur, list):
        assert LECTEURS[sorte](champ, texte_de(champ, valeur)) == valeur


# -------------------------------------------------------------------------- plain texts


def lu(texte: str, sorte: TypeChamp = TypeChamp.TEXTE, **attributs: Any) -> Any:
    return LECTEURS[sorte](Champ("Essai", type=sorte, **attributs), texte)


@pytest.mark.parametrize(
    "texte",
    [
        "Équipe 🙂",
        FAMILLE,
        "<script>alert(1)</script>",
        "=cmd|' /C calc'!A0",
        "+33 5 36 49 12 08",
        "@SUM(A1)",
        "Œuvre « Saint-Joseph » n° 12 – 2ᵉ étage",
        "שלום العربية",
    ],
)
def test_a_text_is_kept_as_it_is(texte: str) -> None:
    assert lu(texte) == texte


@pytest.mark.parametrize(
    ("texte", "garde"),
    [
        ("a\x00b\x07", "ab"),
        ("Gynéco\u200bl\u00adogie\ufeff", "Gynécologie"),
        ("\u200fCH ALBI\u200e", "CH ALBI"),
        ("a\u200db", "ab"),
        ("\u200d👩\u200d", "👩"),
        ("UF\tA\u00a0\u202f B", "UF A B"),
        ("e\u0301", "é"),
        ("🏴\U000e0067\U000e0062\U000e007f", "🏴"),
    ],
)
def test_invisible_characters_are_left_out_and_emoji_stay_whole(texte: str, garde: str) -> None:
    assert lu(texte) == garde


@pytest.mark.parametrize("signe", BIDI)
@pytest.mark.parametrize("sorte", [TypeChamp.TEXTE, TypeChamp.TEXTE_LONG])
def test_a_text_that_turns_the_reading_round_is_refused_with_a_word(signe: str, sorte: TypeChamp) -> None:
    with pytest.raises(Illisible) as refus:
        lu(f"CH {signe}IBLA", sorte)
    assert "sens de lecture" in str(refus.value)
    assert signe not in str(refus.value)


def test_lines_of_a_long_text_stay_and_those_of_a_short_one_do_not() -> None:
    assert lu("a\r\nb\rc\u2028d", TypeChamp.TEXTE_LONG) == "a\nb\nc\nd"
    assert lu("a\r\nb") == "a b"


def test_length_is_counted_after_cleaning() -> None:
    assert lu("a" * 255 + "\u200b" * 50, maximum=255) == "a" * 255
    with pytest.raises(Illisible, match="255"):
        lu("a" * 256, maximum=255)


@pytest.mark.parametrize("tenu", ["Gyne\u0301cologie", "CH \u202eIBLA", "a\u200bb", "a" * 300, "  deux  espaces "])
def test_a_text_that_came_otherwise_stays_as_it_is_until_it_is_typed_again(tenu: str) -> None:
    lecteur, valeurs = Lecteur(CATALOGUE, Contexte()), {"nom_offre": tenu, "unite_sensible": False}
    saisie = formulaire(OffreOperationnelle, "informations_generales", valeurs, {}).valeurs
    lecture = lecteur.lire(OffreOperationnelle, "informations_generales", saisie, valeurs)
    assert (lecture.valeurs["nom_offre"], lecture.erreurs) == (tenu, {})
    lecture = lecteur.lire(OffreOperationnelle, "informations_generales", {**saisie, "nom_offre": tenu + "!"}, valeurs)
    assert lecture.valeurs["nom_offre"] != tenu + "!" or lecture.erreurs


@pytest.mark.parametrize("texte", ["25:00", "24:01", "12:60", "-1:00", "9 heures", "1:2:3", "१२:३०"])
def test_an_hour_that_does_not_exist_is_refused(texte: str) -> None:
    with pytest.raises(Illisible, match="Indiquez une heure"):
        lu(texte, TypeChamp.HEURE)
