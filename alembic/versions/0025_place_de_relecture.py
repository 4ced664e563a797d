"""Where one is in the review queue, for « Reprendre »."""

import sqlalchemy as sa
from alembic import op

revision = '0025'
down_revision = '0024'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move to this schema."""
    with op.batch_alter_table('relecture_ouverte', schema=None) as batch_op:
        batch_op.add_column(sa.Column('adresse', sa.String(length=400), nullable=False, server_default=""))


def downgrade() -> None:
    """Refuse: going back is restoring a backup."""
    raise NotImplementedError("Restore a backup instead.")
