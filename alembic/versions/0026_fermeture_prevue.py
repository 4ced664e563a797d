"""Beds or places that will be closed for a while: ours, the ROR dates no line of capacity."""

import sqlalchemy as sa
from alembic import op

revision = '0026'
down_revision = '0025'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move to this schema."""
    if op.get_context().dialect.name == 'postgresql':
        op.execute("ALTER TYPE action ADD VALUE IF NOT EXISTS 'PREVISION'")
    op.create_table('fermeture_prevue',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('objet', sa.String(), nullable=False),
    sa.Column('finess', sa.String(length=9), nullable=False),
    sa.Column('nature', sa.String(length=2), nullable=False),
    sa.Column('nombre', sa.Integer(), nullable=False),
    sa.Column('debut', sa.Date(), nullable=False),
    sa.Column('fin', sa.Date(), nullable=True),
    sa.Column('motif', sa.String(length=200), nullable=False),
    sa.Column('utilisateur_id', sa.Integer(), nullable=False),
    sa.Column('cree', sa.DateTime(timezone=True), nullable=False),
    sa.Column('retiree', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['utilisateur_id'], ['utilisateur.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('fermeture_prevue', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_fermeture_prevue_finess'), ['finess'], unique=False)
        batch_op.create_index(batch_op.f('ix_fermeture_prevue_objet'), ['objet'], unique=False)
        batch_op.create_index(batch_op.f('ix_fermeture_prevue_utilisateur_id'), ['utilisateur_id'], unique=False)


def downgrade() -> None:
    """Refuse: going back is restoring a backup."""
    raise NotImplementedError("Restore a backup instead.")
