"""Loading of the code lists and of the communes, from the real files."""

import csv
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import Session, col, func, select

from rxror.echanges import reference
from rxror.ror.erreurs import ImportRefuse
from rxror.ror.nomenclatures import QUALIFIEES, Catalogue, Commune, Concept, Nomenclature
from rxror.tables import RepereSae

EN_TETE = "jdv_id,title,tre_and_oid,count,version,source,complete,note,file\n"
SAE = "finess_et;rubrique;nombre;fichier_source\n"
COLONNES = "code,display,system,parent_or_group,status\n"


def un_dossier(dossier: Path, codes: str, version: str = "2026") -> Path:
    dossier.mkdir(exist_ok=True)
    (dossier / "index.csv").write_text(f"{EN_TETE}JDV_J26-Essai-ROR,Essai,,,{version},,yes,,liste.csv\n", "utf-8")
    (dossier / "liste.csv").write_text(COLONNES + codes, "utf-8")
    return dossier


def statuts(session: Session, jdv: str) -> dict[str, str]:
    return {c.cle: c.statut for c in session.exec(select(Concept).where(col(Concept.jdv) == jdv))}


def test_charger_all_lists_stores_each_code_with_its_version_and_status(session: Session):
    bilan = reference.charger_nomenclatures(session, reference.NOMENCLATURES)
    assert len(bilan.chargees) == 57
    assert session.exec(select(func.count()).select_from(Concept)).one() == 3289
    assert session.get_one(Nomenclature, "J226").version == "20260928120000"
    assert {"J226", "R257", "A14"} <= set(bilan.chargees)
    catalogue = Catalogue(session.exec(select(Concept).order_by(col(Concept.jdv), col(Concept.rang))).all())
    assert catalogue.libelle("J20", "01") == "Médecine, Chirurgie, Obstétrique (MCO)"
    assert not catalogue.actif("J226", "27")
    assert "4" not in {c.cle for c in catalogue.choix("J203")}
    assert [c.cle for c in catalogue.choix("J188")] == ["01", "02", "03", "04", "05", "06"]


def test_charger_qualified_list_names_the_code_system_in_the_key(session: Session):
    reference.charger_nomenclatures(session, reference.NOMENCLATURES)
    for jdv in QUALIFIEES:
        assert all(cle.startswith("TRE_") for cle in statuts(session, jdv))
    assert "TRE_R253:01" in statuts(session, "J227")
    familles = set(session.exec(select(Concept.groupe).where(col(Concept.jdv) == "A14")))
    assert len(familles & set(statuts(session, "J51"))) > 10


def test_charger_twice_changes_nothing(session: Session):
    reference.charger_nomenclatures(session, reference.NOMENCLATURES)
    premier = session.get_one(Nomenclature, "J17").charge
    bilan = reference.charger_nomenclatures(session, reference.NOMENCLATURES)
    assert bilan.chargees == []
    assert len(bilan.inchangees) == 57
    assert session.get_one(Nomenclature, "J17").charge == premier


def test_charger_shorter_list_keeps_the_vanished_code_as_absent(session: Session, tmp_path: Path):
    reference.charger_nomenclatures(session, un_dossier(tmp_path / "a", "1,Un,,,active\n2,Deux,,,active\n"))
    bilan = reference.charger_nomenclatures(session, un_dossier(tmp_path / "b", "1,Premier,,,active\n", "2027"))
    assert bilan.absents == 1
    assert statuts(session, "J26") == {"1": "active", "2": "absent"}
    reference.charger_nomenclatures(session, un_dossier(tmp_path / "a", "1,Un,,,active\n2,Deux,,,active\n"))
    assert statuts(session, "J26") == {"1": "active", "2": "active"}


def test_charger_older_list_is_skipped_only_when_asked(session: Session, tmp_path: Path):
    reference.charger_nomenclatures(session, un_dossier(tmp_path / "a", "1,Neuf,,,active\n", "20270101120000"))
    ancien = un_dossier(tmp_path / "b", "1,Ancien,,,active\n", "2026")
    assert reference.charger_nomenclatures(session, ancien, garder_plus_recente=True).gardees == ["J26"]
    assert reference.charger_nomenclatures(session, ancien).chargees == ["J26"]


@pytest.mark.parametrize(
    ("codes", "attendu"),
    [("1,Un,,,active\n1,Un,,,active\n", "deux fois le code 1"), ("", "aucun code")],
)
def test_charger_odd_list_is_refused_in_words(session: Session, tmp_path: Path, codes: str, attendu: str):
    with pytest.raises(ImportRefuse, match=attendu):
        reference.charger_nomenclatures(session, un_dossier(tmp_path / "a", codes))


def test_charger_incomplete_folder_names_the_missing_file(session: Session, tmp_path: Path):
    with pytest.raises(ImportRefuse, match="ce fichier est introuvable"):
        reference.charger_nomenclatures(session, tmp_path)
    (un_dossier(tmp_path / "a", "") / "liste.csv").write_text("code,label\n", "utf-8")
    with pytest.raises(ImportRefuse, match="pas de colonne display, system"):
        reference.charger_nomenclatures(session, tmp_path / "a")


def test_charger_communes_is_whole_and_repeatable(session: Session):
    assert reference.charger_communes(session) == 35_544
    reference.charger_communes(session)
    albi = session.exec(select(Commune).where(col(Commune.code_insee) == "81004")).all()
    assert {(c.nom, c.region, c.recherche) for c in albi} == {("Albi", "76", "albi")}


def test_charger_communes_keeps_the_old_ones_when_the_file_is_empty(session: Session, tmp_path: Path):
    vide = tmp_path / "communes.csv"
    vide.write_text("code_insee;nom;type;code_postal;departement;region;population\n", "utf-8")
    with pytest.raises(ImportRefuse, match="aucune commune"):
        reference.charger_communes(session, vide)


def reperes(session: Session) -> dict[str, int]:
    return {f"{r.finess} {r.rubrique}": r.nombre for r in session.exec(select(RepereSae))}


def test_charger_sae_keeps_each_figure_with_its_year_and_its_file(session: Session):
    assert reference.charger_sae(session) == 135
    lits = session.get_one(RepereSae, ("810000505", "medecine_lits"))
    assert (lits.nombre, lits.annee, lits.fichier_source) == (159, 2023, "MCO_2023r.csv")


def test_charger_sae_replaces_all_the_figures(session: Session, tmp_path: Path):
    fichier = tmp_path / "sae.csv"
    fichier.write_text(f"{SAE}810000505;medecine_lits;150;MCO_2024r.csv\n", "utf-8")
    reference.charger_sae(session)
    assert reference.charger_sae(session, fichier) == 1
    assert reperes(session) == {"810000505 medecine_lits": 150}
    assert session.get_one(RepereSae, ("810000505", "medecine_lits"), populate_existing=True).annee == 2024


@pytest.mark.parametrize(
    ("lignes", "attendu"),
    [
        ("", "aucun chiffre"),
        ("810000505;medecine_lits;environ 150;MCO_2023r.csv\n", "La ligne 2"),
        ("810000505;medecine_lits;150;MCO.csv\n", "La ligne 2"),
        ("810000505;had_places;48;HAD_2023r.csv\n" * 2, "La ligne 3"),
        ("810000505;had_places\n", "La ligne 2"),
    ],
)
def test_charger_odd_sae_is_refused_whole(session: Session, tmp_path: Path, lignes: str, attendu: str):
    reference.charger_sae(session)
    avant = reperes(session)
    (tmp_path / "sae.csv").write_text(SAE + lignes, "utf-8")
    with pytest.raises(ImportRefuse, match=attendu):
        reference.charger_sae(session, tmp_path / "sae.csv")
    assert reperes(session) == avant


def test_preparer_loads_the_sae_again_only_when_its_file_changes(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    fichier = tmp_path / "sae.csv"
    monkeypatch.setattr(reference, "SAE", fichier)
    fichier.write_text(f"{SAE}810000505;had_places;48;HAD_2023r.csv\n", "utf-8")
    reference.preparer(session)
    session.get_one(RepereSae, ("810000505", "had_places")).nombre = 1
    reference.preparer(session)
    assert reperes(session) == {"810000505 had_places": 1}
    fichier.write_text(f"{SAE}810000505;had_places;50;HAD_2024r.csv\n", "utf-8")
    reference.preparer(session)
    assert reperes(session) == {"810000505 had_places": 50}


def test_preparer_reads_the_same_files_only_once(session: Session):
    reference.preparer(session)
    session.flush()
    ecrites: list[str] = []
    moteur = session.get_bind()

    def noter(*arguments: Any) -> None:
        ecrites.append(arguments[2])

    event.listen(moteur, "before_cursor_execute", noter)
    reference.preparer(session)
    event.remove(moteur, "before_cursor_execute", noter)
    assert [sql for sql in ecrites if not sql.startswith("SELECT")] == []
    assert len(ecrites) < 10


def test_every_list_of_the_repository_has_its_file_and_its_count():
    dossier = reference.NOMENCLATURES
    with (dossier / "index.csv").open(encoding="utf-8", newline="") as flux:
        index = list(csv.DictReader(flux))
    nommes = {ligne["file"] for ligne in index if ligne["file"]}
    assert nommes | {"index.csv"} == {f.name for f in dossier.glob("*.csv")}
    for ligne in index:
        if ligne["file"]:
            with (dossier / ligne["file"]).open(encoding="utf-8", newline="") as flux:
                assert sum(1 for _ in csv.DictReader(flux)) == int(ligne["count"]), ligne["jdv_id"]
