"""The journal of an établissement: its lines of trace in their order, and the export of it."""

from alembic import op

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move to this schema."""
    if op.get_context().dialect.name == 'postgresql':
        op.execute("ALTER TYPE action ADD VALUE IF NOT EXISTS 'EXPORT'")
    op.create_index('ix_trace_finess_id', 'trace', ['finess', 'id'], unique=False)


def downgrade() -> None:
    """Refuse: going back is restoring a backup."""
    raise NotImplementedError("Restore a backup instead.")
