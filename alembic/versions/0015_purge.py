"""The purge: lines of the trace that may go, and brouillons that nobody touches any more.

The triggers of the trace let go what a row of `purge_en_cours` names; such a row lives within one transaction. A later
migration that copies `trace` (batch mode on SQLite) makes them again from here.
"""

import sqlalchemy as sa
from alembic import op

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None

SQLITE = (
    "DROP TRIGGER trace_sans_suppression",
    """
    CREATE TRIGGER trace_sans_suppression BEFORE DELETE ON trace
    WHEN NOT EXISTS (SELECT 1 FROM purge_en_cours p WHERE p.action = OLD.action AND OLD.instant < p.avant)
    BEGIN SELECT RAISE(ABORT, 'trace: append only, no delete'); END
    """,
)
POSTGRESQL = (
    """
    CREATE FUNCTION trace_purge_seule() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (SELECT 1 FROM purge_en_cours p WHERE p.action = OLD.action::text AND OLD.instant < p.avant) THEN
            RETURN OLD;
        END IF;
        RAISE EXCEPTION 'trace: append only, no delete';
    END $$
    """,
    "DROP TRIGGER trace_sans_modification ON trace",
    """
    CREATE TRIGGER trace_sans_modification BEFORE UPDATE ON trace
    FOR EACH ROW EXECUTE FUNCTION trace_en_ajout_seul()
    """,
    """
    CREATE TRIGGER trace_purge_seule BEFORE DELETE ON trace
    FOR EACH ROW EXECUTE FUNCTION trace_purge_seule()
    """,
)


def upgrade() -> None:
    """Move to this schema."""
    op.create_table('purge_en_cours',
    sa.Column('action', sa.String(length=20), nullable=False),
    sa.Column('avant', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('action')
    )
    op.add_column('brouillon', sa.Column('annonce', sa.DateTime(timezone=True), nullable=True))
    postgresql = op.get_context().dialect.name == 'postgresql'
    if postgresql:
        op.execute("ALTER TYPE action ADD VALUE IF NOT EXISTS 'PURGE'")
    for ordre in POSTGRESQL if postgresql else SQLITE:
        op.execute(ordre)


def downgrade() -> None:
    """Refuse: going back is restoring a backup."""
    raise NotImplementedError("Restore a backup instead.")
