"""The migrations make the tables the models declare, and the triggers that guard them."""

import sqlite3
from argparse import Namespace
from contextlib import closing
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Enum, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel

from rxror import db
from rxror.commandes import CommandeRefusee, mettre_a_jour_schema
from rxror.ror.objets import EntiteGeographique, EntiteJuridique, OffreOperationnelle
from rxror.settings import RACINE
from rxror.tables import Action, Trace
from tests.bases import MODELE
from tests.postgres import Postgres


@pytest.fixture
def migree(base_vide: None) -> None:
    """The configured database, brought to the schema of the code."""
    assert mettre_a_jour_schema()


@pytest.mark.usefixtures("migree")
def test_migrer_makes_exactly_the_tables_of_the_models():
    with db.engine().connect() as connexion:
        contexte = MigrationContext.configure(connexion, opts={"compare_type": True})
        assert compare_metadata(contexte, SQLModel.metadata) == []


@pytest.mark.sqlite
@pytest.mark.usefixtures("migree")
def test_migrer_twice_does_nothing_and_leaves_foreign_keys_on():
    assert not mettre_a_jour_schema()
    with db.engine().connect() as connexion:
        assert connexion.execute(text("PRAGMA foreign_keys")).scalar_one() == 1


@pytest.mark.parametrize("ordre", ["UPDATE trace SET nom = 'x'", "DELETE FROM trace"])
@pytest.mark.usefixtures("migree")
def test_trace_cannot_be_changed_once_written(ordre: str):
    with db.transaction() as session:
        session.add(Trace(instant=datetime.now(UTC), action=Action.CONNEXION))
    with pytest.raises(DBAPIError, match="append only"), db.transaction() as session:
        session.execute(text(ordre))


@pytest.mark.usefixtures("migree")
def test_offre_keeps_its_identifier_for_ever():
    with db.transaction() as session:
        ej = EntiteJuridique(num_finess="810000331")
        session.add(ej)
        session.flush()
        eg = EntiteGeographique(num_finess="810000505", entite_juridique_id=ej.id or 0)
        session.add(eg)
        session.flush()
        session.add(OffreOperationnelle(identifiant_offre="76/0000001", entite_geographique_id=eg.id or 0))
    with db.transaction() as session:
        session.execute(
            text("UPDATE offre_operationnelle SET nom_offre = 'Cardiologie', identifiant_offre = '76/0000001'")
        )
    with pytest.raises(DBAPIError, match="never changes"), db.transaction() as session:
        session.execute(text("UPDATE offre_operationnelle SET identifiant_offre = '76/0000002'"))


@pytest.mark.usefixtures("migree")
def test_migrer_schema_newer_than_the_code_is_refused():
    with db.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(CommandeRefusee, match="version plus récente de rxror"):
        mettre_a_jour_schema()


@pytest.mark.sqlite
def test_migrer_works_from_any_folder(reglages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    assert mettre_a_jour_schema()
    assert (reglages / "rxror.db").exists()


def test_migrations_for_postgresql_hold_their_own_triggers():
    sortie = StringIO()
    config = Config(output_buffer=sortie, cmd_opts=Namespace(x=["dialecte=postgresql"]))
    config.set_main_option("script_location", str(RACINE / "alembic"))
    command.upgrade(config, "head", sql=True)
    sql = sortie.getvalue()
    assert "CREATE FUNCTION trace_en_ajout_seul() RETURNS trigger LANGUAGE plpgsql" in sql
    assert "IS DISTINCT FROM OLD.identifiant_offre" in sql
    assert "RAISE(ABORT" not in sql


def _inserer(connexion: sqlite3.Connection, table: str, **valeurs: object) -> None:
    """Add a row to a table of the first schema, with something in every column that must hold one."""
    for _, nom, sorte, obligatoire, *_ in connexion.execute(f"PRAGMA table_info({table})"):
        if obligatoire:
            valeurs.setdefault(nom, {"JSON": "[]", "INTEGER": 0, "BOOLEAN": 0}.get(sorte, ""))
    marques = ", ".join("?" * len(valeurs))
    connexion.execute(f"INSERT INTO {table} ({', '.join(valeurs)}) VALUES ({marques})", list(valeurs.values()))


@pytest.mark.sqlite
def test_zone_of_communes_moves_to_the_offer_and_back(reglages: Path):
    config = Config()
    config.set_main_option("script_location", str(RACINE / "alembic"))
    revisions = ScriptDirectory.from_config(config).walk_revisions()
    ici = next(r for r in revisions if r.path.endswith("zone_d_intervention.py"))
    divisions = "SELECT type_territorial_division, code_territorial_division FROM division_territoriale ORDER BY 1, 2"
    lien = "offre_operationnelle_id"
    command.upgrade(config, str(ici.down_revision))
    with closing(sqlite3.connect(reglages / "rxror.db", isolation_level=None)) as base:
        for n in (1, 2):
            _inserer(base, "offre_operationnelle", id=n, identifiant_offre=f"76/{n}")
        for nom, sorte, code in ((lien, "3", "81004"), (lien, "3", "2A004"), ("entite_geographique_id", "4", "OCC-13")):
            ligne: dict[str, object] = {nom: 1, "type_territorial_division": sorte, "code_territorial_division": code}
            _inserer(base, "division_territoriale", id=None, **ligne)
        avant = base.execute(divisions).fetchall()
        command.upgrade(config, ici.revision)
        zones = base.execute("SELECT zone_intervention FROM offre_operationnelle ORDER BY id").fetchall()
        assert zones == [('["2A004","81004"]',), ("[]",)]
        assert base.execute(divisions).fetchall() == [("4", "OCC-13")]
        with pytest.raises(sqlite3.IntegrityError, match="never changes"):
            base.execute("UPDATE offre_operationnelle SET identifiant_offre = 'x'")
        command.downgrade(config, str(ici.down_revision))
        assert base.execute(divisions).fetchall() == avant
        assert base.execute(f"SELECT count(*) FROM division_territoriale WHERE {lien} = 1").fetchall() == [(2,)]
        base.execute(f"UPDATE division_territoriale SET type_territorial_division = '2' WHERE {lien} = 1")
        with pytest.raises(RuntimeError, match="no commune"):
            command.upgrade(config, ici.revision)


def test_postgresql_knows_every_act_of_the_trace_and_every_other_word_of_its_types(postgres: Postgres):
    """Alembic does not compare them: a migration that adds an act names it (`ALTER TYPE … ADD VALUE`)."""
    types = {
        c.type.name: set(c.type.enums) for t in SQLModel.metadata.sorted_tables for c in t.c if isinstance(c.type, Enum)
    }
    with postgres.connexion(MODELE) as connexion:
        lus = connexion.execute(
            "SELECT typname, enumlabel FROM pg_enum JOIN pg_type ON pg_type.oid = enumtypid"
        ).fetchall()
    assert {nom: {mot for n, mot in lus if n == nom} for nom in types} == types


def test_postgresql_gets_exactly_the_tables_of_the_models(postgres: Postgres):
    engine = db.creer_engine(postgres.url(MODELE).replace("postgresql:", "postgresql+psycopg:"), db.Usage.TRAVAUX)
    with engine.connect() as connexion:
        contexte = MigrationContext.configure(connexion, opts={"compare_type": True})
        assert compare_metadata(contexte, SQLModel.metadata) == []
