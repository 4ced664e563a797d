"""historique: the lines of an object in their order, and the gestures that take something back.

On SQLite the trace is copied: its triggers are made again.
"""

import sqlalchemy as sa
from alembic import op

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None

TRIGGERS = (
    """
    CREATE TRIGGER trace_sans_modification BEFORE UPDATE ON trace
    BEGIN SELECT RAISE(ABORT, 'trace: append only, no update'); END
    """,
    """
    CREATE TRIGGER trace_sans_suppression BEFORE DELETE ON trace
    BEGIN SELECT RAISE(ABORT, 'trace: append only, no delete'); END
    """,
)


def upgrade() -> None:
    """Move to this schema."""
    if op.get_context().dialect.name == "postgresql":
        for acte in ("IMPORT", "RESTAURATION", "ANNULATION"):
            op.execute(f"ALTER TYPE action ADD VALUE IF NOT EXISTS '{acte}'")
        op.create_index('ix_trace_objet_id', 'trace', ['objet', 'id'], unique=False)
        op.drop_index('ix_trace_objet_instant', table_name='trace')
        return
    with op.batch_alter_table('trace', schema=None) as batch_op:
        batch_op.alter_column('action', existing_type=sa.String(length=11), type_=sa.String(length=12))
        batch_op.drop_index('ix_trace_objet_instant')
        batch_op.create_index('ix_trace_objet_id', ['objet', 'id'], unique=False)
    for ordre in TRIGGERS:
        op.execute(ordre)


def downgrade() -> None:
    """Refuse: going back is restoring a backup."""
    raise NotImplementedError("Restore a backup instead.")
