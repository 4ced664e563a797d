"""« Séparer le lieu »: the act that gives offers their own copy of a shared lieu."""

from alembic import op

revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move to this schema."""
    if op.get_context().dialect.name == "postgresql":
        op.execute("ALTER TYPE action ADD VALUE IF NOT EXISTS 'SEPARATION'")


def downgrade() -> None:
    """Refuse: going back is restoring a backup."""
    raise NotImplementedError("Restore a backup instead.")
