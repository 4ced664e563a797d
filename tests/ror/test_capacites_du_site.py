"""The grid as pure functions: what is typed in a cell, pasted blocks, and what no saved state ever holds."""

import random
from typing import Any

import pytest

from rxror.ror.capacites_du_site import (
    CAPACITES,
    COLONNES,
    NATURES,
    NOMBRE,
    Case,
    Cellule,
    Sorte,
    case_de,
    cellule_de,
    cellules,
    fautes_du_lieu,
    poser,
    somme,
)
from rxror.ror.champs import Contexte
from rxror.ror.collage import Cible, lire_collage
from rxror.ror.nomenclatures import Catalogue
from rxror.ror.saisie import LIGNES_MAXIMUM, Illisible, Lecture

INSTALLES, DISPONIBLES, FERMES, _ = cellules("01", "01")
GRILLES = 10_000
TEXTES = (
    "",
    "0",
    "7",
    " 1 2 ",
    "12\u202f000",
    "9999",
    "10000",
    "-3",
    "1,5",
    "douze",
    "٣",
    "1e3",
    "00012",
    "\u00a04",
    "=2+2",
)


def une_ligne(cle: str, nombre: int | None, statut: str = "01", **autres: Any) -> dict[str, Any]:
    ligne = {"cle": cle, "nature_capacite": "01", "statut_capacite": statut, "temporalite_capacite": "01"}
    return {**ligne, "type_source_capacite": "01", NOMBRE: nombre, **autres}


def gardee(*lignes: dict[str, Any]) -> Lecture:
    return Lecture({CAPACITES: list(lignes)})


def test_a_number_typed_keeps_the_rest_of_its_line() -> None:
    avant = gardee(une_ligne("12", 8, type_fermeture_capacite="02", statut="05"))
    (apres,) = poser(avant, FERMES, " 1 0 ").valeurs[CAPACITES]
    assert apres == {**avant.valeurs[CAPACITES][0], NOMBRE: 10}


def test_an_emptied_cell_is_no_line_and_zero_is_one() -> None:
    assert poser(gardee(une_ligne("12", 8)), INSTALLES, "").valeurs[CAPACITES] == []
    assert poser(gardee(), INSTALLES, "0").valeurs[CAPACITES][0][NOMBRE] == 0


def test_a_new_usual_line_has_the_key_of_the_form_of_the_lieu() -> None:
    assert poser(gardee(), INSTALLES, "3").valeurs[CAPACITES][0]["cle"] == "g0"
    assert poser(gardee(), DISPONIBLES, "3").valeurs[CAPACITES][0]["cle"] == "c010201"


def test_a_text_that_could_not_be_read_is_shown_then_replaced() -> None:
    avant = Lecture({CAPACITES: [une_ligne("12", 8)]}, {f"{CAPACITES}.12.{NOMBRE}": "huit"})
    assert case_de(avant.valeurs, avant.illisibles, INSTALLES).texte == "huit"
    assert poser(avant, INSTALLES, "9").illisibles == {}


def test_no_more_lines_than_the_form_takes() -> None:
    pleine = gardee(*(une_ligne(str(i), 1, statut="03") for i in range(LIGNES_MAXIMUM)))
    with pytest.raises(Illisible):
        poser(pleine, INSTALLES, "1")


def test_labels_agree() -> None:
    assert [c.label for c in cellules("02", "01")][:2] == ["Places installées", "Places disponibles"]
    assert cellule_de("01.07.01") is None
    assert cellule_de("01.01.01") == INSTALLES


# ------------------------------------------------------------------------------- paste


def grille(*noms: str) -> list[Cible]:
    return [Cible(f"L{i}", nom, [Case("5"), Case(), Case(), Case()]) for i, nom in enumerate(noms)]


def test_a_block_of_45_rows_and_4_columns_fills_in_the_order_of_the_grid() -> None:
    noms = [f"Lieu {n}" for n in range(45)]
    texte = "\r\n".join("\t".join(str(n + c) for c in range(4)) for n in range(45))
    lu = lire_collage(texte, grille(*noms))
    assert (len(lu.changements) + len(lu.inchangees), lu.fautes) == (180, [])
    assert lu.changements["L44", 3] == "47"


def test_spaces_of_thousands_empty_cells_titles_and_quotes_are_read() -> None:
    texte = 'Lieu\tInstallés\tDisponibles\n"Gynéco,\n2e étage"\t\u202f1\u00a0200 \t\nlieu b\t\t4\n\n'
    lu = lire_collage(texte, grille("Gynéco, 2e étage", "Lieu B"))
    assert (lu.changements, lu.fautes) == ({("L0", 0): "1200", ("L1", 1): "4"}, [])


def test_every_bad_cell_is_said_at_once_with_its_line_its_column_and_its_value() -> None:
    texte = "Lieu A\tx\t1,5\t3\t4\t5\nInconnu\t1\nLieu A\t2\nLieu B\t-1\n"
    lu = lire_collage(texte, [*grille("Lieu A", "Lieu B")])
    assert [(f.ligne, f.colonne, f.valeur) for f in lu.fautes] == [
        (1, 2, "x"),
        (1, 3, "1,5"),
        (1, 6, "5"),
        (2, 1, "Inconnu"),
        (3, 1, "Lieu A"),
        (4, 2, "-1"),
    ]
    assert lu.changements == {("L0", 2): "3", ("L0", 3): "4"}


def test_what_is_not_typed_here_and_what_goes_past_the_grid_are_said() -> None:
    cibles = [Cible("L0", "A", [Case("5", Sorte.RECUE), Case("3", Sorte.PLUSIEURS)]), Cible("L1", "B", [Case()], False)]
    lu = lire_collage("6\t4\n7\n8", cibles)
    assert [(f.ligne, f.colonne) for f in lu.fautes] == [(1, 1), (1, 2), (2, 1), (3, 1)]
    assert lire_collage("5\t3", cibles).fautes == []  # the same numbers change nothing


def test_a_block_begins_at_the_cell_where_it_is_pasted() -> None:
    assert lire_collage("1\t2", grille("A", "B"), (1, 2)).changements == {("L1", 2): "1", ("L1", 3): "2"}


# ------------------------------------------------------------- what no saved state holds


def un_lieu_au_hasard(hasard: random.Random) -> Lecture:
    lignes = [
        une_ligne(
            str(rang),
            hasard.choice((0, 1, 12, 9999)),
            hasard.choice((*COLONNES, "03", "04")),
            nature_capacite=hasard.choice(NATURES),
            temporalite_capacite=hasard.choice(("01", "01", "05")),
            type_source_capacite=hasard.choice(("01", "01", "02")),
        )
        for rang in range(hasard.randrange(5))
    ]
    return gardee(*lignes)


def violations(avant: Lecture, apres: Lecture) -> list[str]:
    """The blocking rules of the model, written again here on their own."""
    lignes = apres.valeurs[CAPACITES]
    dites = [
        f"{e['cle']} : {n}"
        for e in lignes
        for n in ("nature_capacite", "statut_capacite", "temporalite_capacite")
        if not e[n]
    ]
    dites += [f"{e['cle']} : nombre" for e in lignes if not isinstance(e[NOMBRE], int) or not 0 <= e[NOMBRE] <= 9999]
    dites += ["clé deux fois"] if len({e["cle"] for e in lignes}) != len(lignes) else []
    recues = [[e for e in x.valeurs[CAPACITES] if e["type_source_capacite"] != "01"] for x in (avant, apres)]
    return dites + (["une ligne reçue a changé"] if recues[0] != recues[1] else []) + list(apres.illisibles)


def test_no_saved_state_of_ten_thousand_grids_violates_a_blocking_rule() -> None:
    hasard, catalogue, posees = random.Random(81), Catalogue([]), 0
    for n in range(GRILLES):
        avant = apres = un_lieu_au_hasard(hasard)
        for _i in range(hasard.randrange(1, 6)):
            cellule = Cellule(hasard.choice(NATURES), hasard.choice(COLONNES), hasard.choice(("01", "05")))
            case = case_de(apres.valeurs, apres.illisibles, cellule)
            try:
                apres = poser(apres, cellule, hasard.choice(TEXTES))
            except Illisible:
                continue
            posees += 1
            assert case.sorte is Sorte.LIBRE
            assert len([e for e in apres.valeurs[CAPACITES] if cellule.compte(e)]) <= 1
        assert violations(avant, apres) == [], n
        total = somme(case_de(apres.valeurs, {}, c) for t in ("01", "05") for x in NATURES for c in cellules(x, t))
        comptees = [e[NOMBRE] for e in apres.valeurs[CAPACITES] if e["statut_capacite"] in COLONNES]
        assert (total or 0) == sum(comptees)
        if n % 20 == 0:  # the rules of the register agree
            assert not [f for f in fautes_du_lieu("L", Contexte(apres.valeurs), catalogue) if f.bloque]
    assert posees > GRILLES
