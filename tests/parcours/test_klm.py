"""The Keystroke-Level Model: a log gives its time, to anybody; what is no act is refused."""

import json
from pathlib import Path
from typing import Any

import pytest

from parcours import klm, rapport
from parcours.__main__ import echantillon, extrapoler, main
from parcours.changements import TOUS
from parcours.guide import Offre
from parcours.klm import BB, LECTURE, H, JournalIllisible, K, M, P
from parcours.seance import Seance, visites
from parcours.verite import Hopital

SOURIS: list[dict[str, Any]] = [{"acte": "debut"}]
DOIGT: list[dict[str, Any]] = [{"acte": "debut", "tactile": True}]
CLIC: dict[str, Any] = {"acte": "click"}


def tape(n: int, **dit: Any) -> dict[str, Any]:
    return {"acte": "type", "n": n, **dit}


@pytest.mark.parametrize(
    ("actes", "secondes"),
    [
        ([*SOURIS, CLIC], M + P + BB),
        ([*SOURIS, CLIC, tape(10, suite=True)], M + P + BB + H + 10 * K),
        ([*SOURIS, CLIC, tape(10, suite=True), CLIC], 2 * (M + P + BB) + 2 * H + 10 * K),
        ([*DOIGT, CLIC, tape(10, suite=True), CLIC], 2 * (M + P + BB) + 10 * K),
        ([*SOURIS, tape(1), tape(1)], H + 2 * (M + K)),
        ([*SOURIS, {"acte": "load", "ms": 250}, {"acte": "read", "n": 8}], 0.25 + 8 * LECTURE),
        ([*SOURIS, {"acte": "scroll", "n": 3}], 3 * BB),
        ([*SOURIS, {"acte": "back"}, {"acte": "back", "suite": True}], M + P + 2 * BB),
    ],
)
def test_a_log_gives_its_time(actes: list[dict[str, Any]], secondes: float) -> None:
    assert klm.recalculer(actes).secondes == pytest.approx(secondes)


def test_what_the_issue_says_by_hand() -> None:
    """Eight values read, one key: 6.19 s and the hand that goes to the keyboard once."""
    carte = [{"acte": "read", "n": 8}, tape(1)]
    assert klm.recalculer([*SOURIS, *carte, *carte]).secondes == pytest.approx(2 * (8 * 0.57 + 1.35 + 0.28) + 0.40)


@pytest.mark.parametrize("acte", [{"acte": "sieste"}, {}, tape(-1), tape(True), {"acte": "load", "ms": "vite"}])
def test_what_is_no_act_is_refused(acte: dict[str, Any]) -> None:
    with pytest.raises(JournalIllisible, match="line 2"):
        klm.recalculer([*SOURIS, acte])


def test_recalculer_reads_a_file_and_says_which_line_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fichier = tmp_path / "seance.jsonl"
    fichier.write_text("".join(klm.ligne(a) for a in [*SOURIS, CLIC]), "utf-8")
    main(["recalculer", str(fichier)])
    assert f"{M + P + BB:.1f} s" in capsys.readouterr().out
    fichier.write_text('{"acte": "debut"}\n[]\n', "utf-8")
    with pytest.raises(SystemExit, match="line 2"):
        main(["recalculer", str(fichier)])


def test_each_object_is_answered_for_at_its_own_second() -> None:
    actes = [*SOURIS, {**tape(1), "objet": "offre:1"}, {**CLIC, "objet": "offre:2"}, {**CLIC, "objet": "offre:2"}]
    une, deux = klm.reponses(actes)
    assert (une.objet, une.change, une.seconde) == ("offre:1", False, pytest.approx(H + M + K))
    assert (deux.objet, deux.change) == ("offre:2", True)
    assert deux.seconde == pytest.approx(klm.recalculer(actes).secondes)


def test_a_sample_holds_whole_ufs_and_counts_for_all() -> None:
    offres = [Offre(f"76/{n}", "pole", f"uf-{n // 2}", (f"L{n}",)) for n in range(20)]
    hopital = Hopital(offres, [f"L{n}" for n in range(20)])
    choisies = echantillon(visites(hopital), (), 5)
    assert [o.uf for o, _ in choisies] == ["uf-0", "uf-0", "uf-5", "uf-5"]
    actes = [*SOURIS, *({**CLIC, "objet": x} for o, lieux in choisies for x in (o.objet, f"lieu:{lieux[0]}"))]
    guide = extrapoler("chemin", Seance("guide", "ordinateur", actes), hopital, len(choisies), ())
    assert guide.secondes == pytest.approx(40 * (M + P + BB))


def test_the_section_is_written_again_in_its_place_and_survives_the_other_measures(tmp_path: Path) -> None:
    fichier = tmp_path / "mesures.md"
    fichier.write_text("# Measures\n\nAvant.\n", "utf-8")
    for texte in ("une", "deux"):
        rapport.poser(fichier, f"{rapport.DEBUT}\n{texte}\n{rapport.FIN}\n")
    document = fichier.read_text("utf-8")
    assert document == f"# Measures\n\nAvant.\n\n{rapport.DEBUT}\ndeux\n{rapport.FIN}\n"
    assert rapport.garder(document) == f"\n{rapport.DEBUT}\ndeux\n{rapport.FIN}\n"
    assert rapport.garder("# Measures\n") == ""


def test_a_goal_that_is_not_met_is_said() -> None:
    lente = Seance(
        "relecture-10", "telephone", [*DOIGT, {"acte": "load", "ms": 900_000}], manques=["offre:1: rien"], objets=2
    )
    machine = rapport.Mesure({(10, "telephone", rapport.Maniere.FILE): lente}, [], TOUS, "machine", 0.0, 0.0)
    dit = rapport.section(machine)
    assert "| At most 720 s at 10 % changed, 390 × 844, one card after the other | 900 s | **not met** |" in dit
    assert "| 1 of 2 | **not met** |" in dit


def test_presses_of_an_unchanged_offer_are_counted() -> None:
    actes = [{**CLIC, "objet": objet} for objet in ("offre:9", "offre:9", TOUS[0].objet, TOUS[0].objet, TOUS[0].objet)]
    assert rapport.clics_par_inchangee(Seance("r", "ordinateur", actes), TOUS) == 2


def test_a_line_of_the_log_is_one_json_object() -> None:
    assert json.loads(klm.ligne(CLIC)) == CLIC
