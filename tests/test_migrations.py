"""The migrations make the tables the models declare, and the triggers that guard them."""

from argparse import Namespace
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel

from rxror import db
from rxror.commandes import CommandeRefusee, mettre_a_jour_schema
from rxror.ror.objets import EntiteGeographique, EntiteJuridique, OffreOperationnelle
from rxror.settings import RACINE
from rxror.tables import Action, Trace


@pytest.fixture
def migree() -> None:
    """The configured database, brought to the schema of the code."""
    assert mettre_a_jour_schema()


@pytest.mark.usefixtures("migree")
def test_migrer_makes_exactly_the_tables_of_the_models():
    with db.engine().connect() as connexion:
        contexte = MigrationContext.configure(connexion, opts={"compare_type": True})
        assert compare_metadata(contexte, SQLModel.metadata) == []


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
    with pytest.raises(IntegrityError, match="append only"), db.transaction() as session:
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
    with pytest.raises(IntegrityError, match="never changes"), db.transaction() as session:
        session.execute(text("UPDATE offre_operationnelle SET identifiant_offre = '76/0000002'"))


@pytest.mark.usefixtures("migree")
def test_migrer_schema_newer_than_the_code_is_refused():
    with db.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(CommandeRefusee, match="version plus récente de rxror"):
        mettre_a_jour_schema()


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
