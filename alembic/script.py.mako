% if down_revision is None:
"""${message}: every table of the models, and the triggers that guard what must never change.

Until the first release this file is made again after each change of the models, by one command, then read:

    rm alembic/versions/0001_*.py; RXROR_DATABASE_URL=sqlite:// alembic revision --autogenerate --rev-id 0001 -m "premier schema"

A database made by an earlier edition of this file is to be deleted. After the release, never edit it again.
A later migration that copies `trace` or `offre_operationnelle` (batch mode on SQLite) drops their triggers
and must create them again.
"""
% else:
"""${message}."""
% endif

% if down_revision is None:
from collections.abc import Sequence

% endif
import sqlalchemy as sa
from alembic import op
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None
% if down_revision is None:

SQLITE = (
    """
    CREATE TRIGGER trace_sans_modification BEFORE UPDATE ON trace
    BEGIN SELECT RAISE(ABORT, 'trace: append only, no update'); END
    """,
    """
    CREATE TRIGGER trace_sans_suppression BEFORE DELETE ON trace
    BEGIN SELECT RAISE(ABORT, 'trace: append only, no delete'); END
    """,
    """
    CREATE TRIGGER offre_identifiant_fixe BEFORE UPDATE OF identifiant_offre ON offre_operationnelle
    WHEN NEW.identifiant_offre IS NOT OLD.identifiant_offre
    BEGIN SELECT RAISE(ABORT, 'offre_operationnelle: identifiant_offre never changes'); END
    """,
)
POSTGRESQL = (
    """
    CREATE FUNCTION trace_en_ajout_seul() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'trace: append only, no update, no delete'; END $$
    """,
    """
    CREATE TRIGGER trace_sans_modification BEFORE UPDATE OR DELETE ON trace
    FOR EACH ROW EXECUTE FUNCTION trace_en_ajout_seul()
    """,
    """
    CREATE TRIGGER trace_sans_suppression BEFORE TRUNCATE ON trace
    FOR EACH STATEMENT EXECUTE FUNCTION trace_en_ajout_seul()
    """,
    """
    CREATE FUNCTION offre_identifiant_fixe() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'offre_operationnelle: identifiant_offre never changes'; END $$
    """,
    """
    CREATE TRIGGER offre_identifiant_fixe BEFORE UPDATE OF identifiant_offre ON offre_operationnelle
    FOR EACH ROW WHEN (NEW.identifiant_offre IS DISTINCT FROM OLD.identifiant_offre)
    EXECUTE FUNCTION offre_identifiant_fixe()
    """,
)


def declencheurs(dialecte: str) -> Sequence[str]:
    """Statements that create the triggers, for a dialect."""
    return POSTGRESQL if dialecte == "postgresql" else SQLITE
% endif


def upgrade() -> None:
    """Move to this schema."""
    ${upgrades if upgrades else "pass"}
% if down_revision is None:
    for ordre in declencheurs(op.get_context().dialect.name):
        op.execute(ordre)
% endif


def downgrade() -> None:
    """Refuse: going back is restoring a backup."""
    raise NotImplementedError("Restore a backup instead.")
