"""The `rxror` command, as typed: what it does, what it prints, and its exit code."""

import runpy
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import func, select
from typer.testing import CliRunner, Result

from rxror import db
from rxror.commandes import EXTRAIT, app
from rxror.echanges.reference import NOMENCLATURES
from rxror.ror.nomenclatures import Commune, Nomenclature
from rxror.ror.objets import EntiteGeographique
from rxror.settings import DONNEES, settings
from rxror.tables import Action, Habilitation, Trace, Utilisateur, WebSession
from tests.bases import MODELE
from tests.postgres import MOT_DE_PASSE, PERSONNE, Postgres

pytestmark = pytest.mark.usefixtures("base_vide")
FIN = date(2099, 12, 31)
FINESS = Path(__file__).parent / "echanges" / "finess"


def rxror(*mots: str | Path) -> Result:
    return CliRunner().invoke(app, [str(mot) for mot in mots])


def combien(classe: type) -> int:
    with db.lecture() as session:
        return session.exec(select(func.count()).select_from(classe)).one()


def un_echec(resultat: Result) -> str:
    """Its one sentence; an exception that went through would fail the test."""
    assert resultat.exit_code == 1, resultat.output
    assert isinstance(resultat.exception, SystemExit)
    return resultat.stderr.strip()


def test_preparer_makes_a_database_ready_to_use_and_reads_no_file_twice():
    resultat = rxror("preparer")
    assert resultat.exit_code == 0, resultat.output
    assert settings().nom_de_la_base in resultat.stdout
    assert (combien(Nomenclature), combien(Commune), combien(EntiteGeographique)) == (57, 35_544, 506)
    with db.transaction() as session:
        session.execute(text("DELETE FROM commune"))
    assert rxror("preparer").exit_code == 0
    assert combien(Commune) == 0


def test_preparer_keeps_a_later_finess_file(tmp_path: Path):
    lignes = EXTRAIT.read_text("utf-8").splitlines()
    albi = next(ligne for ligne in lignes if ligne.startswith("structureet;810000505;"))
    recent = tmp_path / "recent.csv"
    recent.write_text(f"finess;etalab;111;2026-05-12\n{albi.replace('CH ALBI', 'CH D’ALBI')}\n", "utf-8")
    assert rxror("finess", "importer", recent).exit_code == 0
    assert rxror("preparer").exit_code == 0
    with db.lecture() as session:
        albi = session.exec(select(EntiteGeographique).where(EntiteGeographique.num_finess == "810000505")).one()
        assert albi.denomination_eg == "CH D’ALBI"


def test_migrer_says_whether_it_changed_the_schema():
    assert "Schéma mis à jour." in rxror("migrer").stdout
    assert "déjà à jour" in rxror("migrer").stdout


def test_finess_importer_counts_and_writes_the_report(tmp_path: Path):
    fichier = tmp_path / "tarn.csv"
    contenu = EXTRAIT.read_text("utf-8") + "structureet;810000505\ninconnue;1\n"
    fichier.write_text(contenu, "utf-8")
    rapport = tmp_path / "rapport.csv"
    resultat = rxror("finess", "importer", fichier, "--rapport", rapport)
    assert resultat.exit_code == 0, resultat.output
    etablissements = next(ligne for ligne in resultat.stdout.splitlines() if "Établissements" in ligne)
    assert [mot for mot in etablissements.split() if mot.isdigit()] == ["506", "0", "0", "1"]
    assert "tarn.csv : lu en UTF-8." in resultat.stdout
    assert "1 lignes de section « inconnue » ignorées." in resultat.stdout
    assert "Ligne rejetée : 2 champs au lieu de 32 (1)." in resultat.stdout
    assert rapport.read_text("utf-8-sig").count("\n") == 22


def test_finess_importer_spreadsheet_file_leaves_the_database_untouched():
    rxror("migrer")
    phrase = un_echec(rxror("finess", "importer", EXTRAIT, FINESS / "etalab-abime-par-tableur-2016.csv"))
    assert "colonne « commune »" in phrase
    assert combien(EntiteGeographique) == 0


def test_finess_importer_missing_file_says_so_in_one_sentence(tmp_path: Path):
    assert "introuvable" in un_echec(rxror("finess", "importer", tmp_path / "absent.csv"))


def test_finess_importer_unwritable_report_says_the_import_is_done(tmp_path: Path):
    phrase = un_echec(rxror("finess", "importer", EXTRAIT, "--rapport", tmp_path / "non" / "rapport.csv"))
    assert "L’import est fait" in phrase
    assert combien(EntiteGeographique) == 506


def une_nouvelle_liste(dossier: Path) -> Path:
    """J226 with one code less, one more."""
    index, liste = (
        (NOMENCLATURES / nom).read_text("utf-8").splitlines()
        for nom in ("index.csv", "JDV_J226-ModaliteAccueil-ROR.csv")
    )
    ligne = next(ligne for ligne in index if ligne.startswith("JDV_J226"))
    (dossier / "index.csv").write_text(
        f"{index[0]}\n{ligne.replace(',20260928120000,', ',20261201120000,')}\n", "utf-8"
    )
    neuve = [*(c for c in liste if not c.startswith("03,")), "28,Accueil de nuit,,,active"]
    (dossier / "JDV_J226-ModaliteAccueil-ROR.csv").write_text("\n".join(neuve) + "\n", "utf-8")
    return dossier


def test_nomenclatures_importer_shows_then_applies_then_has_nothing_to_do(tmp_path: Path):
    dossier = une_nouvelle_liste(tmp_path)
    essai = rxror("nomenclatures", "importer", dossier)
    assert essai.exit_code == 0, essai.output
    assert "version 20260928120000 → 20261201120000" in essai.stdout
    assert "1 code retiré" in essai.stdout
    assert "ajoutez --appliquer" in essai.stdout
    assert "20260928120000" in rxror("nomenclatures", "versions", "J226").stdout
    assert "1 liste mise en service" in rxror("nomenclatures", "importer", dossier, "--appliquer").stdout
    assert "Rien à changer" in rxror("nomenclatures", "importer", dossier, "--appliquer").stdout
    assert "Version 20261201120000" in rxror("nomenclatures", "versions", "J226").stdout.replace("\u00a0", " ")
    assert rxror("preparer").exit_code == 0
    assert "20261201120000" in rxror("nomenclatures", "versions").stdout


def test_nomenclatures_importer_incomplete_folder_says_what_is_missing(tmp_path: Path):
    assert "index.csv : ce fichier est introuvable" in un_echec(rxror("nomenclatures", "importer", tmp_path)).replace(
        "\u00a0", " "
    )


def test_nomenclatures_versions_unknown_list_is_said():
    assert "Aucune liste" in un_echec(rxror("nomenclatures", "versions", "J9999"))


@pytest.mark.sqlite
@pytest.mark.parametrize("commande", ["preparer", "migrer"])
def test_command_unreadable_database_says_what_to_do(reglages: Path, commande: str):
    reglages.mkdir()
    (reglages / "rxror.db").write_text("ceci n’est pas une base\n" * 100, "utf-8")
    phrase = un_echec(rxror(commande))
    assert "n’est pas une base de données lisible. Restaurez une sauvegarde" in phrase
    assert "rxror.db" in phrase


def test_command_database_of_a_later_version_is_refused():
    rxror("migrer")
    with db.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert "version plus récente de rxror" in un_echec(rxror("preparer"))


@pytest.mark.sqlite
def test_command_busy_database_says_to_wait(reglages: Path):
    rxror("migrer")
    autre = sqlite3.connect(reglages / "rxror.db", isolation_level=None)
    autre.execute("BEGIN IMMEDIATE")
    with db.engine().connect() as connexion:
        connexion.connection.cursor().execute("PRAGMA busy_timeout=10")
    phrase = un_echec(rxror("nomenclatures", "importer", NOMENCLATURES))
    autre.close()
    assert "occupée par un autre programme" in phrase


@pytest.mark.sqlite
def test_command_var_that_is_a_file_is_refused(reglages: Path):
    reglages.write_text("", "utf-8")
    assert str(reglages) in un_echec(rxror("migrer"))


@pytest.mark.parametrize(
    ("reglage", "valeur", "attendu"),
    [
        ("RXROR_PORT", "abc", "Réglage RXROR_PORT"),
        ("RXROR_PUBLIC_URL", "https://ror.example", "RXROR_DEMO n’est permis"),
    ],
)
def test_command_bad_setting_is_named(monkeypatch: pytest.MonkeyPatch, reglage: str, valeur: str, attendu: str):
    monkeypatch.setenv("RXROR_DEMO", "1")
    monkeypatch.setenv(reglage, valeur)
    assert attendu in un_echec(rxror("migrer"))


def test_deconnecter_says_how_many_and_wants_to_know_which():
    assert rxror("migrer").exit_code == 0
    assert "Dites lesquelles" in un_echec(rxror("deconnecter"))
    assert "Dites lesquelles" in un_echec(rxror("deconnecter", "--toutes", "--sub", "1"))
    jour = datetime.now(UTC)
    with db.transaction() as session:
        qui = Utilisateur(iss="https://idp.test", sub="1")
        session.add(qui)
        session.flush()
        session.add(WebSession(empreinte="e" * 64, utilisateur_id=qui.id or 0, debut=jour, vue=jour))
    assert rxror("deconnecter", "--sub", "2").stdout.strip() == "Aucune connexion n’était ouverte."
    assert rxror("deconnecter", "--toutes").stdout.strip() == "Une connexion est terminée."


def test_habiliter_gives_a_first_right_where_it_may_be():
    assert rxror("preparer").exit_code == 0
    qui = ("habiliter", "--iss", "https://idp.test", "--sub", "8123", "--role", "referent_regional")
    assert "écrivez PORTÉE:CODE" in un_echec(rxror(*qui, "--sur", "76"))
    assert "n’est pas dans la base" in un_echec(rxror(*qui, "--sur", "region:99"))
    assert "departement, region" in un_echec(rxror(*qui, "--sur", "etablissement:810000505"))
    assert combien(Utilisateur) == combien(Habilitation) == 0
    faite = rxror(*qui, "--sur", "region:76", "--fin", "31/12/2099")
    assert "référent régional\u00a0: Occitanie (76)" in faite.stdout, faite.output
    assert "a déjà ce droit" in un_echec(rxror(*qui, "--sur", "region:76", "--fin", "31/12/2030"))
    with db.lecture() as session:
        (droit,) = session.exec(select(Habilitation))
        assert (droit.role, droit.portee, droit.code, droit.fin) == ("referent_regional", "region", "76", FIN)
        (ligne,) = session.exec(select(Trace).where(Trace.action == Action.HABILITATION))
        assert (ligne.action, ligne.nom, ligne.resultat["role"]) == ("habilitation", "Exploitation", droit.role)


def test_python_m_rxror_is_the_same_command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setattr("sys.argv", ["rxror", "migrer"])
    with pytest.raises(SystemExit) as sortie:
        runpy.run_module("rxror", run_name="__main__")
    assert sortie.value.code in (None, 0)
    assert "Schéma mis à jour." in capsys.readouterr().out


def test_modeles_importer_tells_first_and_writes_only_when_asked():
    assert rxror("preparer").exit_code == 0
    nouveau = (DONNEES / "modeles" / "MS-141.toml").read_text("utf-8").replace('version = "1"', 'version = "2"')
    with tempfile.TemporaryDirectory() as dossier:
        fichier = Path(dossier) / "MS-141.toml"
        fichier.write_text(nouveau, "utf-8")
        dit = rxror("modeles", "importer", fichier)
        assert dit.exit_code == 0, dit.output
        assert "MS-141|2 « Unité hospitalière de gynécologie » (actif) : nouveau." in dit.stdout
        assert "J16:0887" in dit.stdout
        assert "Relancez avec --appliquer" in dit.stdout
        assert "MS-141|2" not in rxror("modeles", "lister").stdout
        assert "Relancez" not in rxror("modeles", "importer", dossier, "--appliquer").stdout
        assert "MS-141|2" in rxror("modeles", "lister").stdout
        assert ": inchangé." in rxror("modeles", "importer", dossier).stdout


def test_modeles_importer_refuses_a_wrong_file_in_one_sentence(tmp_path: Path):
    (tmp_path / "MS-1.toml").write_text('id = "MS-1"\n', "utf-8")
    phrase = un_echec(rxror("modeles", "importer", tmp_path))
    assert "MS-1.toml est refusé" in phrase
    assert "version : il manque" in phrase


def test_finess_activites_counts_and_writes_the_report(tmp_path: Path):
    rapport = tmp_path / "rapport.csv"
    resultat = rxror(
        "finess", "activites", FINESS / "finess-activites-echantillon-20260818.json.gz", "--rapport", rapport
    )
    assert resultat.exit_code == 0, resultat.output
    assert "6 établissements lus : 6 nouveaux, 0 modifiés, 0 inchangés ; 196 autorisations" in resultat.stdout
    assert "97 activités de nature ASDR laissées" in resultat.stdout
    assert rapport.read_text("utf-8-sig").count("\n") == 1


def test_finess_activites_other_file_is_refused_in_one_sentence():
    assert "« { » attendu" in un_echec(rxror("finess", "activites", EXTRAIT))


# --------------------------------------------------------------------------- PostgreSQL


@pytest.fixture
def serveur_pg(postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Name a database to the command."""

    def nommer(url: str) -> None:
        monkeypatch.setenv("RXROR_DATABASE_URL", url)
        settings.cache_clear()

    return nommer


def test_command_postgresql_that_does_not_answer_says_so(serveur_pg: Callable[[str], None], tmp_path: Path):
    serveur_pg(f"postgresql://rxror:tres-secret@/ror?host={tmp_path}")
    phrase = un_echec(rxror("preparer"))
    assert "ne répond pas. Vérifiez que PostgreSQL est en marche" in phrase
    assert "tres-secret" not in phrase


def test_command_postgresql_wrong_password_and_missing_database_are_told_apart(
    serveur_pg: Callable[[str], None], postgres: Postgres
):
    postgres.creer_role_protege()
    serveur_pg(postgres.url(role=PERSONNE, mot_de_passe="tres-secret"))
    phrase = un_echec(rxror("migrer"))
    assert "refuse l’utilisateur ou le mot de passe" in phrase
    assert "tres-secret" not in phrase
    serveur_pg(postgres.url("absente", role=PERSONNE, mot_de_passe=MOT_DE_PASSE))
    assert "n’existe pas encore. Créez-la ainsi : createdb" in un_echec(rxror("migrer"))


def test_command_postgresql_not_in_utf_8_or_of_somebody_else_is_refused(
    serveur_pg: Callable[[str], None], postgres: Postgres
):
    with postgres.connexion() as connexion:
        connexion.execute("CREATE DATABASE ancienne TEMPLATE template0 ENCODING 'LATIN1'")
        connexion.execute("CREATE ROLE passant LOGIN")
    serveur_pg(postgres.url("ancienne"))
    assert "n’est pas en UTF-8" in un_echec(rxror("migrer"))
    postgres.base("autrui")
    serveur_pg(postgres.url("autrui", role="passant"))
    assert "n’a pas le droit d’écrire" in un_echec(rxror("migrer"))


def test_command_postgresql_schema_newer_than_the_code_is_refused(
    serveur_pg: Callable[[str], None], postgres: Postgres, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("RXROR_DEMO", "1")
    serveur_pg(postgres.base("plus-tard", modele=MODELE))
    with db.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert "version plus récente de rxror" in un_echec(rxror("servir", "--port", "39991"))


@pytest.mark.parametrize("url", ["mysql://a:tres-secret@b/c", "rxror.db", "postgresql://a:tres-secret@b:port/c"])
def test_command_other_database_is_refused_without_saying_its_password(serveur_pg: Callable[[str], None], url: str):
    serveur_pg(url)
    phrase = un_echec(rxror("migrer"))
    assert "Réglage RXROR_DATABASE_URL : donnez une adresse postgresql://" in phrase
    assert "tres-secret" not in phrase


def test_two_starts_at_once_on_postgresql_prepare_the_base_once(serveur_pg: Callable[[str], None], postgres: Postgres):
    serveur_pg(postgres.base("double"))
    commande = [sys.executable, "-m", "rxror", "migrer"]
    deux = [subprocess.Popen(commande, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) for _ in range(2)]
    assert [(p.communicate()[0], p.returncode)[1] for p in deux] == [0, 0]
    assert "déjà à jour" in rxror("migrer").stdout
