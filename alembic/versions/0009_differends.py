"""differends."""

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move to this schema."""
    op.create_table('differend',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('objet', sa.String(), nullable=False),
    sa.Column('section', sa.String(), nullable=False),
    sa.Column('utilisateur_id', sa.Integer(), nullable=False),
    sa.Column('formulaire', sa.String(length=36), nullable=False),
    sa.Column('parties', sa.JSON(), nullable=False),
    sa.Column('tranchees', sa.JSON(), nullable=False),
    sa.Column('modifie', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['utilisateur_id'], ['utilisateur.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('objet', 'section', 'utilisateur_id', 'formulaire')
    )
    with op.batch_alter_table('differend', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_differend_objet'), ['objet'], unique=False)
        batch_op.create_index(batch_op.f('ix_differend_utilisateur_id'), ['utilisateur_id'], unique=False)

    if op.get_context().dialect.name == "postgresql":
        op.execute("ALTER TYPE action ADD VALUE IF NOT EXISTS 'ARBITRAGE'")


def downgrade() -> None:
    """Refuse: going back is restoring a backup."""
    raise NotImplementedError("Restore a backup instead.")
