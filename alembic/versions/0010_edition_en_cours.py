"""edition en cours."""

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move to this schema."""
    op.create_table('edition_en_cours',
    sa.Column('utilisateur_id', sa.Integer(), nullable=False),
    sa.Column('onglet', sa.String(length=36), nullable=False),
    sa.Column('objet', sa.String(), nullable=False),
    sa.Column('geste', sa.String(length=60), nullable=False),
    sa.Column('vue', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['utilisateur_id'], ['utilisateur.id'], ),
    sa.PrimaryKeyConstraint('utilisateur_id', 'onglet')
    )


def downgrade() -> None:
    """Refuse: going back is restoring a backup."""
    raise NotImplementedError("Restore a backup instead.")
