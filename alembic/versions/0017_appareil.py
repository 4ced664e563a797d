"""Which browser a session is in, in words."""

import sqlalchemy as sa
from alembic import op

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move to this schema."""
    op.add_column('web_session', sa.Column('appareil', sa.String(length=80), nullable=False, server_default=''))


def downgrade() -> None:
    """Refuse: going back is restoring a backup."""
    raise NotImplementedError("Restore a backup instead.")
